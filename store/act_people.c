/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts: new ones, their end; the files that hold their secrets. G6-01 … G6-10, G6-21. */
#include "act_people.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "session.h"
#include "text.h"

#define DISPLAY_MAX 120 /* bytes of a person's shown name */

static void
user_file_name(const char *user, char out[64])
{
	snprintf(out, 64, "users/%s.json", user);
}

int
people_read_file(
    struct store *store, const struct catalogue_user *user, uint8_t **ret, size_t *ret_size)
{
	char name[64];

	user_file_name(user->user, name);
	return keys_read(store->keys, name, user->file_sha256, ret, ret_size);
}

/* What was read may have been replaced since: nobody's change may undo another's. */
static int
still_so(struct txn *txn, const struct user_change *c)
{
	struct catalogue_user now;
	int r = catalogue_user(txn->cat, c->user, &now);

	if (c->was == NULL)
		return r == -ENOENT ? 0 : r < 0 ? r : refuse(txn->refusal, "user_exists");
	r = refuse_absent(txn->refusal, r, "no_such_user", NULL);
	if (r < 0)
		return r;
	if (strcmp(now.file_sha256, c->was) == 0)
		return 0;
	/* the own password that was right when it was tried is another by now */
	return refuse(txn->refusal, c->asked_by == NULL ? "wrong_password" : "changed_meanwhile");
}

/* Whose hand a new password is from (permit.h). Who was there when the archive began is a person of
 * its own, but a second administrator. */
static const char *
hand_of(struct txn *txn, const struct user_change *c)
{
	if (c->role != NULL && strcmp(c->role, "admin") != 0 && catalogue_is_beginning(txn->cat))
		return "";
	return txn->actor->user;
}

static int
decide_user_change(struct txn *txn, void *arg)
{
	const struct user_change *c = arg;
	json_t *p;
	int r = still_so(txn, c);

	if (r >= 0 && c->also != NULL)
		r = c->also(txn, c);
	if (r < 0)
		return r;
	p = json_pack(
	    "{s:s,s:s,s:b}", "user", c->user, "sha256", c->sha256, "must_change", c->must_change);
	if (p == NULL)
		return -ENOMEM;
	if (c->display != NULL) {
		char file[64];

		user_file_name(c->user, file);
		json_object_set_new(p, "display", json_string(c->display));
		json_object_set_new(p, "role", json_string(c->role));
		json_object_set_new(p, "file", json_string(file));
	}
	if (c->cert_pem != NULL)
		json_object_set_new(p, "cert_pem", json_string(c->cert_pem));
	if (c->asked_by != NULL)
		json_object_set_new(p, "asked_by", json_string(c->asked_by));
	if (c->cert_pem != NULL)
		json_object_set_new(p, "hand", json_string(hand_of(txn, c)));
	if (c->hand_until != NULL)
		json_object_set_new(p, "hand_until", json_string(c->hand_until));
	return txn_event(txn, c->event, p);
}

static pthread_mutex_t changing = PTHREAD_MUTEX_INITIALIZER; /* one file is staged at a time */

static int
change_locked(struct call *call, struct user_change *change, const char *file)
{
	struct store *store = call->store;
	char name[64];
	int r;

	user_file_name(change->user, name);
	r = keys_stage(store->keys, name, file, strlen(file), 0, change->sha256);
	if (r < 0)
		return r;
	r = call_commit(call, decide_user_change, change);
	if (r < 0) {
		keys_unstage(store->keys, name);
		return r;
	}
	return keys_settle(store->keys, name);
}

int
people_store_file(struct call *call, struct user_change *change, const char *file)
{
	int r;

	pthread_mutex_lock(&changing);
	r = change_locked(call, change, file);
	pthread_mutex_unlock(&changing);
	return r;
}

/* ---- accounts ---- */

int
people_check_password(struct call *call, const char *user, const char *password)
{
	const char *why = "too_short";

	if (utf8_length(password) <
	    config_uint(call->store->config, "policy", "password_min", 8, 128))
		return refuse_detail(&call->refusal, "weak_password", why);
	return account_password_check(user, password, &why) < 0
		   ? refuse_detail(&call->refusal, "weak_password", why)
		   : 0;
}

int
people_make_account(
    struct call *call, struct user_change *change, const char *display, const char *password)
{
	_cleanup_(freep) char *file = NULL, *cert = NULL;
	int r;

	r = people_check_password(call, change->user, password);
	if (r < 0)
		return r;
	r = account_new(call->store->ca, change->user, display, password, &file, &cert);
	if (r < 0)
		return r;
	change->cert_pem = cert;
	change->must_change = true;
	r = people_store_file(call, change, file);
	change->cert_pem = NULL;
	return r;
}

static int
act_user_add(struct call *call)
{
	const char *user = call->args[1].text, *display = call->args[2].text,
		   *role = call->args[3].text;
	struct user_change change = {.event = "user.add",
	    .user = user,
	    .display = display[0] != '\0' ? display : user,
	    .role = role};
	_cleanup_(loan_end) struct loan loan = {0};
	int r;

	if (!account_name_valid(user) || strcmp(user, "console") == 0 ||
	    strcmp(user, "system") == 0)
		return refuse(&call->refusal, "bad_name");
	if (role_parse(role) == ROLE_NONE)
		return refuse(&call->refusal, "bad_role");
	if (strlen(display) > DISPLAY_MAX)
		return refuse(&call->refusal, "too_long");
	loan = loan_start(call->store);
	if (loan.cat == NULL)
		return -EIO;
	if (catalogue_user(loan.cat, user, &call->user) == 0)
		return refuse(&call->refusal, "user_exists");
	loan_end(&loan);
	r = people_make_account(call, &change, change.display, call->args[4].text);
	if (r >= 0)
		call->result = json_pack("{s:s,s:s}", "user", user, "role", role);
	return r;
}

static int
act_user_list(struct call *call)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);

	return loan.cat == NULL ? -EIO : catalogue_users_json(loan.cat, &call->result);
}

struct disable {
	const char *user;
};

/* The last holder of a role without which the office cannot go on is not disabled (G91-10). */
static int
decide_disable(struct txn *txn, void *arg)
{
	const struct disable *d = arg;
	struct catalogue_user user;
	const int r = refuse_absent(
	    txn->refusal, catalogue_user(txn->cat, d->user, &user), "no_such_user", NULL);

	if (r < 0)
		return r;
	if (strcmp(user.state, "active") == 0 &&
	    (strcmp(user.role, "admin") == 0 || strcmp(user.role, "checker") == 0) &&
	    catalogue_users_with_role(txn->cat, user.role) <= 1)
		return refuse(txn->refusal, "last_holder");
	return txn_event(txn, "user.disable", json_pack("{s:s}", "user", d->user));
}

static int
act_user_disable(struct call *call)
{
	struct disable d = {call->args[1].text};
	int r = call_commit(call, decide_disable, &d);

	if (r >= 0)
		session_close_user(call->store->sessions, d.user, "");
	return r;
}

const struct act acts_people[] = {
    {"UserAdd", ACTION_USERS, act_user_add, ACT_HASHES},
    {"UserList", ACTION_USERS_LIST, act_user_list, 0},
    {"UserDisable", ACTION_USERS, act_user_disable, 0},
    {NULL},
};
