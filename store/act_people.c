/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Accounts and sessions: sign-in, lock-out, passwords, people. G6-01 … G6-10, G6-21, G71-02. */
#include <errno.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

#include "account.h"
#include "call.h"
#include "secret.h"
#include "session.h"
#include "text.h"

#define HASHES_AT_ONCE 2 /* Argon2id needs 64 MiB each */
#define DISPLAY_MAX 120  /* bytes of a person's shown name */

static sem_t hashing;
static pthread_once_t hashing_once = PTHREAD_ONCE_INIT;

static void
hashing_init(void)
{
	sem_init(&hashing, 0, HASHES_AT_ONCE);
}

static void
hashing_enter(void)
{
	pthread_once(&hashing_once, hashing_init);
	while (sem_wait(&hashing) < 0 && errno == EINTR)
		;
}

static void
user_file_name(const char *user, char out[64])
{
	snprintf(out, 64, "users/%s.json", user);
}

/* The person's file, checked against the logged digest. */
static int
read_user_file(
    struct store *store, const struct catalogue_user *user, uint8_t **ret, size_t *ret_size)
{
	char name[64];

	user_file_name(user->user, name);
	return keys_read(store->keys, name, user->file_sha256, ret, ret_size);
}

/* A changed user file: stage, commit, settle. */
struct user_change {
	const char *event, *user, *display, *role, *asked_by;
	const char *cert_pem;
	char sha256[65];
	bool must_change;
};

static int
decide_user_change(struct txn *txn, void *arg)
{
	const struct user_change *c = arg;
	json_t *p = json_pack(
	    "{s:s,s:s,s:b}", "user", c->user, "sha256", c->sha256, "must_change", c->must_change);

	if (p == NULL)
		return -ENOMEM;
	if (c->display != NULL) {
		struct catalogue_user other;
		char file[64];

		if (catalogue_user(txn->cat, c->user, &other) == 0) {
			json_decref(p);
			return refuse(txn->refusal, "user_exists");
		}
		user_file_name(c->user, file);
		json_object_set_new(p, "display", json_string(c->display));
		json_object_set_new(p, "role", json_string(c->role));
		json_object_set_new(p, "file", json_string(file));
	}
	if (c->cert_pem != NULL)
		json_object_set_new(p, "cert_pem", json_string(c->cert_pem));
	if (c->asked_by != NULL)
		json_object_set_new(p, "asked_by", json_string(c->asked_by));
	return txn_event(txn, c->event, p);
}

static int
store_user_file(struct call *call, struct user_change *change, const char *file)
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

/* ---- sign-in ---- */

struct attempt {
	const char *user, *terminal;
	bool known;
	unsigned lock_after, lock_minutes; /* G6-07 */
	const struct actor *session;       /* NULL: it failed */
};

static int
decide_attempt(struct txn *txn, void *arg)
{
	const struct attempt *a = arg;
	struct catalogue_user user;
	char locked_until[TIME_TEXT_SIZE] = "";
	unsigned failures = 1;

	if (a->session != NULL)
		return txn_event(txn, "session.open",
		    json_pack("{s:s,s:s,s:s}", "user", a->user, "session", a->session->session,
			"terminal", a->terminal));
	if (a->known && catalogue_user(txn->cat, a->user, &user) == 0)
		failures = user.failures + 1;
	if (failures >= a->lock_after)
		time_format(txn->now_ms + (uint64_t)a->lock_minutes * 60000, locked_until);
	return txn_event(txn, "session.fail",
	    json_pack("{s:s,s:s,s:b,s:i,s:s}", "user", a->known ? a->user : "", "terminal",
		a->terminal, "known", a->known, "failures", (int)failures, "locked_until",
		locked_until));
}

/* Records a failed attempt; the answer never says whether the name exists. */
static int
fail_sign_in(struct call *call, struct attempt *attempt)
{
	const struct config *config = call->store->config;

	attempt->lock_after = (unsigned)config_uint(config, "policy", "lockout_failures", 1, 100);
	attempt->lock_minutes = (unsigned)config_uint(config, "policy", "lockout_min", 1, 1440);
	writer_commit(call->store->writer, &actor_system, NULL, decide_attempt, attempt);
	return refuse(&call->refusal, "wrong_password");
}

static int
find_account(struct call *call, const char *name, struct catalogue_user *ret, uint8_t **ret_file,
    size_t *ret_size)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	int r;

	*ret_file = NULL;
	*ret_size = 0;
	if (loan.cat == NULL)
		return -EIO;
	if (!account_name_valid(name) || catalogue_user(loan.cat, name, ret) < 0)
		return 0;
	r = read_user_file(call->store, ret, ret_file, ret_size);
	return r < 0 ? r : 1;
}

static int
answer_session(
    struct call *call, const char *token, const struct catalogue_user *user, uint64_t expires_ms)
{
	char expires[TIME_TEXT_SIZE];

	time_format(expires_ms, expires);
	call->result = json_pack("{s:s,s:s,s:s,s:s,s:b,s:s}", "token", token, "user", user->user,
	    "display", user->display, "role", user->role, "must_change", user->must_change,
	    "expires", expires);
	return call->result != NULL ? 0 : -ENOMEM;
}

static int
act_login(struct call *call)
{
	const char *name = call->args[0].text, *password = call->args[1].text;
	_cleanup_(secret_freep) uint8_t *file = NULL, *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	struct catalogue_user user = {.user = ""};
	struct attempt attempt = {.user = name, .terminal = call->args[3].text};
	char token[SESSION_TOKEN_TEXT];
	size_t size, key_size = 0;
	uint64_t expires;
	int known, r;

	if (config_bool(call->store->config, "policy", "require_second_factor"))
		return refuse(&call->refusal, "second_factor_needed");
	known = find_account(call, name, &user, &file, &size);
	if (known < 0)
		return known;
	attempt.known = known > 0;
	if (known > 0 && user.locked_until_ms > time_now_ms())
		return refuse(&call->refusal, "account_locked");
	hashing_enter();
	r = account_unlock(known > 0 ? (char *)file : NULL, size, password, &key, &key_size, &cert);
	sem_post(&hashing);
	if (r == -EKEYREJECTED)
		return fail_sign_in(call, &attempt);
	if (r < 0)
		return r;
	if (strcmp(user.state, "active") != 0)
		return refuse(&call->refusal, "account_disabled");
	r = session_open(call->store->sessions, name, attempt.terminal, key, key_size, cert, token,
	    &call->actor, &expires);
	if (r < 0)
		return r;
	attempt.session = &call->actor;
	r = call_commit(call, decide_attempt, &attempt);
	if (r < 0) {
		session_close(call->store->sessions, token);
		return r;
	}
	return answer_session(call, token, &user, expires);
}

static int
decide_logout(struct txn *txn, void *arg)
{
	return txn_event(txn, "session.close",
	    json_pack("{s:s,s:s,s:s}", "user", txn->actor->user, "session", txn->actor->session,
		"why", "asked"));
}

static int
act_logout(struct call *call)
{
	int r = call_commit(call, decide_logout, NULL);

	session_close(call->store->sessions, call->args[0].text);
	return r;
}

static int
act_whoami(struct call *call)
{
	json_t *permissions = json_array();
	char expires[TIME_TEXT_SIZE];

	for (int a = 0; a < ACTION_COUNT; a++)
		if (permit(call->role, (enum action)a))
			json_array_append_new(
			    permissions, json_string(action_name((enum action)a)));
	time_format(call->expires_ms, expires);
	call->result = json_pack("{s:s,s:s,s:s,s:b,s:s,s:s,s:o}", "user", call->actor.user,
	    "display", call->user.display, "role", role_name(call->role), "must_change",
	    call->user.must_change, "expires", expires, "language", "ja", "permissions",
	    permissions);
	return call->result != NULL ? 0 : -ENOMEM;
}

/* ---- passwords ---- */

static int
check_new_password(struct call *call, const char *user, const char *password)
{
	const char *why = "too_short";

	if (utf8_length(password) <
	    config_uint(call->store->config, "policy", "password_min", 8, 128))
		return refuse_detail(&call->refusal, "weak_password", why);
	return account_password_check(user, password, &why) < 0
		   ? refuse_detail(&call->refusal, "weak_password", why)
		   : 0;
}

static int
act_passwd(struct call *call)
{
	const char *old = call->args[1].text, *new = call->args[2].text;
	struct user_change change = {.event = "user.password", .user = call->actor.user};
	_cleanup_(secret_freep) uint8_t *file = NULL;
	_cleanup_(freep) char *changed = NULL;
	struct attempt attempt = {
	    .user = call->actor.user, .terminal = call->actor.terminal, .known = true};
	size_t size;
	int r;

	if (call->user.locked_until_ms > time_now_ms())
		return refuse(&call->refusal, "account_locked");
	if (strcmp(old, new) == 0)
		return refuse(&call->refusal, "same_password");
	r = check_new_password(call, call->actor.user, new);
	if (r >= 0)
		r = read_user_file(call->store, &call->user, &file, &size);
	if (r < 0)
		return r;
	hashing_enter();
	r = account_rewrap((char *)file, size, old, new, &changed);
	sem_post(&hashing);
	if (r == -EKEYREJECTED)
		return fail_sign_in(call, &attempt);
	if (r >= 0)
		r = store_user_file(call, &change, changed);
	if (r >= 0)
		session_close_user(call->store->sessions, call->actor.user, call->actor.session);
	return r;
}

/* New file with a new signing key and certificate. */
static int
make_account(
    struct call *call, struct user_change *change, const char *display, const char *password)
{
	_cleanup_(freep) char *file = NULL, *cert = NULL;
	int r;

	r = check_new_password(call, change->user, password);
	if (r < 0)
		return r;
	hashing_enter();
	r = account_new(call->store->ca, change->user, display, password, &file, &cert);
	sem_post(&hashing);
	if (r < 0)
		return r;
	change->cert_pem = cert;
	change->must_change = true;
	r = store_user_file(call, change, file);
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
	r = make_account(call, &change, change.display, call->args[4].text);
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

	if (catalogue_user(txn->cat, d->user, &user) < 0)
		return refuse(txn->refusal, "no_such_user");
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

/* ---- reset by two people (architecture §4 rule 3) ---- */

static int
decide_reset_asked(struct txn *txn, void *arg)
{
	return txn_event(txn, "user.reset_asked", json_pack("{s:s}", "user", (const char *)arg));
}

static int
act_user_reset(struct call *call)
{
	const char *name = call->args[1].text;
	struct user_change change = {.event = "user.reset", .user = name};
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	struct catalogue_user user;
	int r;

	if (loan.cat == NULL)
		return -EIO;
	if (catalogue_user(loan.cat, name, &user) < 0)
		return refuse(&call->refusal, "no_such_user");
	loan_end(&loan);
	if (strcmp(name, call->actor.user) == 0)
		return refuse(&call->refusal, "second_person_needed");
	if (user.reset_asked_by[0] == '\0' || strcmp(user.reset_asked_by, call->actor.user) == 0) {
		r = call_commit(call, decide_reset_asked, (void *)name);
		if (r >= 0)
			call->result = json_pack("{s:s}", "state", "requested");
		return r;
	}
	change.asked_by = user.reset_asked_by;
	r = make_account(call, &change, user.display, call->args[2].text);
	if (r < 0)
		return r;
	session_close_user(call->store->sessions, name, "");
	call->result = json_pack("{s:s}", "state", "done");
	return 0;
}

const struct act acts_people[] = {
    {"Login", ACTION_SIGN_IN, act_login, ACT_NO_SESSION},
    {"Logout", ACTION_OWN, act_logout, ACT_BEFORE_CHANGE},
    {"Whoami", ACTION_OWN, act_whoami, ACT_BEFORE_CHANGE},
    {"Passwd", ACTION_OWN, act_passwd, ACT_BEFORE_CHANGE},
    {"UserAdd", ACTION_USERS, act_user_add, 0},
    {"UserList", ACTION_USERS_LIST, act_user_list, 0},
    {"UserDisable", ACTION_USERS, act_user_disable, 0},
    {"UserReset", ACTION_RESET, act_user_reset, 0},
    {NULL},
};
