/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signing in and out, lock-out, the own password. G6-01 … G6-10. */
#include <errno.h>
#include <string.h>

#include "account.h"
#include "act_people.h"
#include "secret.h"
#include "session.h"
#include "text.h"

/* ---- sign-in ---- */

struct attempt {
	const char *user, *terminal;
	const char *account; /* digest of the file that the password opened */
	bool known;
	unsigned lock_after, lock_minutes; /* G6-07 */
	const struct actor *session;       /* NULL: it failed */
};

/* The password was right when it was tried: the account may be locked, disabled or reset by now. */
static int
decide_open(struct txn *txn, void *arg)
{
	const struct attempt *a = arg;
	struct catalogue_user user;

	if (catalogue_user(txn->cat, a->user, &user) < 0 ||
	    strcmp(user.file_sha256, a->account) != 0)
		return refuse(txn->refusal, "wrong_password");
	if (user.locked_until_ms > txn->now_ms || strcmp(user.state, "active") != 0)
		return refuse(txn->refusal, "wrong_password");
	return txn_event(txn, "session.open",
	    json_pack("{s:s,s:s,s:s}", "user", a->user, "session", a->session->session, "terminal",
		a->terminal));
}

static int
decide_attempt(struct txn *txn, void *arg)
{
	const struct attempt *a = arg;
	struct catalogue_user user;
	char locked_until[TIME_TEXT_SIZE] = "";
	unsigned failures = 1;

	if (a->known && catalogue_user(txn->cat, a->user, &user) == 0)
		failures = user.failures + 1;
	if (failures >= a->lock_after)
		time_format(txn->now_ms + (uint64_t)a->lock_minutes * 60000, locked_until);
	return txn_event(txn, "session.fail",
	    json_pack("{s:s,s:s,s:b,s:i,s:s}", "user", a->known ? a->user : "", "terminal",
		a->terminal, "known", a->known, "failures", (int)failures, "locked_until",
		locked_until));
}

static unsigned
lock_after(const struct call *call)
{
	return (unsigned)config_uint(call->store->config, "policy", "lockout_failures", 1, 100);
}

static unsigned
lock_minutes(const struct call *call)
{
	return (unsigned)config_uint(call->store->config, "policy", "lockout_min", 1, 1440);
}

/* -ECANCELED. A try that cannot be counted (a full disk) tells nothing: nor does a right one, which
 * cannot be recorded either. */
static int
note_failure(struct call *call, struct attempt *attempt)
{
	int r;

	attempt->lock_after = lock_after(call);
	attempt->lock_minutes = lock_minutes(call);
	r = writer_commit(call->store->writer, &actor_system, NULL, decide_attempt, attempt);
	return r < 0 ? r : -ECANCELED;
}

/* One answer for an unknown name, a wrong password, a locked and a disabled account: who tries
 * names learns nothing, who has a right to come in learns of every reason. */
static int
refuse_sign_in(struct call *call)
{
	char ja[400], en[400];

	snprintf(ja, sizeof(ja),
	    "利用者名またはパスワードが違います。または、この利用者はいま使えません。もう一度確かめ"
	    "て入力"
	    "してください。%u回続けて間違えると、%"
	    "u分間使えなくなります。停止された利用者、忘れたパスワー"
	    "ドは、管理者に連絡してください。",
	    lock_after(call), lock_minutes(call));
	snprintf(en, sizeof(en),
	    "The user name or password is wrong, or the account cannot be used now. Check and "
	    "enter "
	    "them again. After %u wrong passwords an account is locked for %u minutes. Ask the "
	    "manager "
	    "about a disabled account or a forgotten password.",
	    lock_after(call), lock_minutes(call));
	return refuse_text(&call->refusal, "wrong_password", ja, en);
}

struct turned_away {
	const char *user, *code;
};

static int
decide_turned_away(struct txn *txn, void *arg)
{
	const struct turned_away *t = arg;

	return txn_event(txn, "denied",
	    json_pack("{s:s,s:s,s:s}", "action", action_name(ACTION_SIGN_IN), "object", t->user,
		"code", t->code));
}

/* Somebody who may not sign in whatever the password: the log says why (G6-30), the answer is the
 * caller's. -ECANCELED. */
static int
turn_away(struct call *call, const char *user, const char *code)
{
	struct turned_away t = {user, code};
	const int r =
	    writer_commit(call->store->writer, &actor_system, NULL, decide_turned_away, &t);

	return r < 0 ? r : -ECANCELED;
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
	r = account_name_valid(name) ? catalogue_user(loan.cat, name, ret) : -ENOENT;
	if (r == -ENOENT)
		return 0;
	if (r >= 0)
		r = people_read_file(call->store, ret, ret_file, ret_size);
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

/*
 * One try of a password. At most HASHING_THREADS run (ACT_HASHES), each from the look at the lock
 * to the record of its failure: so many tries at once get no further than as many one after the
 * other. An unknown name, a locked and a disabled account cost the same work as any other: neither
 * the answer nor the time it takes tells them apart.
 */
static int
try_password(struct call *call, struct attempt *attempt, struct catalogue_user *user,
    uint8_t **ret_key, size_t *ret_size, char **ret_cert)
{
	_cleanup_(secret_freep) uint8_t *file = NULL;
	const char *password = call->args[1].text;
	size_t size;
	bool locked;
	int r;

	r = find_account(call, attempt->user, user, &file, &size);
	if (r < 0)
		return r;
	attempt->known = r > 0;
	locked = attempt->known && user->locked_until_ms > time_now_ms();
	r = account_unlock(attempt->known && !locked ? (char *)file : NULL, size, password, ret_key,
	    ret_size, ret_cert);
	if (locked)
		return turn_away(call, attempt->user, "account_locked");
	if (r == -EKEYREJECTED)
		return note_failure(call, attempt);
	if (r >= 0 && strcmp(user->state, "active") != 0)
		return turn_away(call, attempt->user, "account_disabled");
	return r;
}

static int
act_login(struct call *call)
{
	_cleanup_(secret_freep) uint8_t *key = NULL;
	_cleanup_(freep) char *cert = NULL;
	struct catalogue_user user = {.user = ""};
	struct attempt attempt = {.user = call->args[0].text, .terminal = call->args[3].text};
	char token[SESSION_TOKEN_TEXT];
	size_t key_size = 0;
	uint64_t expires;
	int r;

	if (config_bool(call->store->config, "policy", "require_second_factor"))
		return refuse(&call->refusal, "second_factor_needed");
	r = try_password(call, &attempt, &user, &key, &key_size, &cert);
	if (r >= 0)
		r = session_open(call->store->sessions, user.user, attempt.terminal,
		    user.file_sha256, key, key_size, cert, token, &call->actor, &expires);
	if (r < 0)
		return r == -ECANCELED ? refuse_sign_in(call) : r;
	attempt.session = &call->actor;
	attempt.account = user.file_sha256;
	r = call_commit(call, decide_open, &attempt);
	if (r >= 0)
		r = answer_session(call, token, &user, expires);
	else
		session_close(call->store->sessions, token);
	explicit_bzero(token, sizeof(token));
	return r == -ECANCELED ? refuse_sign_in(call) : r;
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

/* ---- the own password ---- */

/* The account's file under the new password; as try_password(), from the look at the lock to the
 * record of a failure. */
static int
rewrap(struct call *call, const char *old, const char *new, char **ret)
{
	_cleanup_(secret_freep) uint8_t *file = NULL;
	struct attempt attempt = {
	    .user = call->actor.user, .terminal = call->actor.terminal, .known = true};
	size_t size;
	int r;

	r = find_account(call, call->actor.user, &call->user, &file, &size);
	if (r <= 0)
		return r < 0 ? r : refuse(&call->refusal, "no_such_user");
	if (call->user.locked_until_ms > time_now_ms()) {
		r = turn_away(call, call->actor.user, "account_locked");
		return r == -ECANCELED ? refuse(&call->refusal, "account_locked") : r;
	}
	r = account_rewrap((char *)file, size, old, new, ret);
	if (r != -EKEYREJECTED)
		return r;
	r = note_failure(call, &attempt);
	return r == -ECANCELED ? refuse(&call->refusal, "wrong_password") : r;
}

static int
act_passwd(struct call *call)
{
	const char *old = call->args[1].text, *new = call->args[2].text;
	struct user_change change = {
	    .event = "user.password", .user = call->actor.user, .was = call->user.file_sha256};
	_cleanup_(freep) char *changed = NULL;
	int r;

	if (strcmp(old, new) == 0)
		return refuse(&call->refusal, "same_password");
	r = people_check_password(call, call->actor.user, new);
	if (r < 0)
		return r;
	r = rewrap(call, old, new, &changed);
	if (r >= 0)
		r = people_store_file(call, &change, changed);
	if (r < 0)
		return r;
	session_close_user(call->store->sessions, call->actor.user, call->actor.session);
	session_renew(call->store->sessions, call->args[0].text, change.sha256);
	return 0;
}

const struct act acts_session[] = {
    {"Login", ACTION_SIGN_IN, act_login, ACT_NO_SESSION | ACT_HASHES},
    {"Logout", ACTION_OWN, act_logout, ACT_BEFORE_CHANGE},
    {"Whoami", ACTION_OWN, act_whoami, ACT_BEFORE_CHANGE},
    {"Passwd", ACTION_OWN, act_passwd, ACT_BEFORE_CHANGE | ACT_HASHES},
    {NULL},
};
