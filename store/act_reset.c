/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resets of passwords: by two persons, or by the console for the only administrator (architecture
 * §4 rule 3, §5; G6-07, G71-02). Who are two persons, permit.c says; this file asks it, once before
 * the new key is made and once more where the event is. */
#include <errno.h>
#include <string.h>

#include "act_people.h"
#include "session.h"
#include "text.h"

#define ASKED_FOR_MS (UINT64_C(7) * 24 * 3600 * 1000) /* then a reset must be asked for anew */

#define HAND_MS (UINT64_C(30) * 24 * 3600 * 1000) /* that a reset's hand counts (permit.c) */

enum verdict { VERDICT_ASK, VERDICT_DO, VERDICT_TWO, VERDICT_CONSOLE };

static int
find_person(struct catalogue *cat, const char *name, uint64_t now_ms, struct person *ret)
{
	struct catalogue_user user;
	int r = catalogue_user(cat, name, &user);

	if (r < 0)
		return r;
	*ret = (struct person){
	    .role = role_parse(user.role), .active = strcmp(user.state, "active") == 0};
	r = catalogue_hands(cat, name, now_ms, ret->hands, PERMIT_HANDS);
	if (r >= 0)
		ret->n_hands = (unsigned)r;
	return r;
}

/* Somebody else asks, not too long ago, and could still do so today. */
static bool
is_asked(struct catalogue *cat, const struct catalogue_user *user, const char *actor,
    uint64_t now_ms, struct person *ret_asker)
{
	return user->reset_asked_by[0] != '\0' && strcmp(user->reset_asked_by, actor) != 0 &&
	       now_ms - user->reset_asked_ms <= ASKED_FOR_MS &&
	       find_person(cat, user->reset_asked_by, now_ms, ret_asker) >= 0 &&
	       ret_asker->active && permit(ret_asker->role, ACTION_RESET);
}

static enum verdict
judge(struct catalogue *cat, const char *actor, const struct catalogue_user *user, uint64_t now_ms)
{
	struct person asker, second;

	if (strcmp(actor, "console") == 0)
		return permit_console_reset(role_parse(user->role),
			   catalogue_other_users(cat, "admin", user->user, now_ms))
			   ? VERDICT_DO
			   : VERDICT_CONSOLE;
	if (strcmp(actor, user->user) == 0)
		return VERDICT_TWO;
	if (!is_asked(cat, user, actor, now_ms, &asker))
		return VERDICT_ASK;
	return find_person(cat, actor, now_ms, &second) >= 0 &&
		       permit_two(&asker, &second, ACTION_RESET)
		   ? VERDICT_DO
		   : VERDICT_TWO;
}

static int
judge_again(struct txn *txn, const char *name, enum verdict wanted)
{
	struct catalogue_user user;
	const int r = refuse_absent(
	    txn->refusal, catalogue_user(txn->cat, name, &user), "no_such_user", NULL);

	if (r < 0)
		return r;
	return judge(txn->cat, txn->actor->user, &user, txn->now_ms) == wanted
		   ? 0
		   : refuse(txn->refusal, "second_person_needed");
}

static int
decide_ask(struct txn *txn, void *arg)
{
	const int r = judge_again(txn, arg, VERDICT_ASK);

	return r < 0 ? r
		     : txn_event(
			   txn, "user.reset_asked", json_pack("{s:s}", "user", (const char *)arg));
}

/* Before the event of the reset itself, which names who asked: that must be so still. A disabled
 * administrator whom the console puts back in is enabled with it. */
static int
decide_reset(struct txn *txn, const struct user_change *change)
{
	const bool console = strcmp(txn->actor->user, "console") == 0;
	struct catalogue_user user;
	int r = judge_again(txn, change->user, VERDICT_DO);

	if (r >= 0)
		r = catalogue_user(txn->cat, change->user, &user);
	if (r >= 0 && !console && strcmp(user.reset_asked_by, change->asked_by) != 0)
		r = refuse(txn->refusal, "second_person_needed");
	if (r < 0 || !console || strcmp(user.state, "active") == 0)
		return r;
	return txn_event(txn, "user.enable", json_pack("{s:s}", "user", change->user));
}

struct refused {
	const char *user, *code;
};

static int
decide_refused(struct txn *txn, void *arg)
{
	const struct refused *d = arg;

	return txn_event(txn, "denied",
	    json_pack("{s:s,s:s,s:s}", "action", action_name(ACTION_RESET), "object", d->user,
		"code", d->code));
}

/* One hand that tries to be two is recorded (G6-30). */
static int
turn_down(struct call *call, const char *user, enum verdict verdict)
{
	struct refused d = {
	    user, verdict == VERDICT_CONSOLE ? "not_by_console" : "second_person_needed"};

	call_commit(call, decide_refused, &d);
	return refuse(&call->refusal, d.code);
}

static int
carry_out(struct call *call, const struct catalogue_user *user)
{
	const bool console = call->role == ROLE_CONSOLE;
	char until[TIME_TEXT_SIZE];
	struct user_change change = {.event = "user.reset",
	    .user = user->user,
	    .asked_by = console ? "" : user->reset_asked_by,
	    .was = user->file_sha256,
	    .hand_until = until,
	    .also = decide_reset};
	int r;

	time_format(time_now_ms() + HAND_MS, until);
	r = people_make_account(call, &change, user->display, call->args[2].text);
	if (r >= 0)
		session_close_user(call->store->sessions, user->user, "");
	return r;
}

static int
act_user_reset(struct call *call)
{
	const char *name = call->args[1].text;
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	struct catalogue_user user;
	enum verdict verdict;
	int r;

	if (loan.cat == NULL)
		return -EIO;
	r = refuse_absent(
	    &call->refusal, catalogue_user(loan.cat, name, &user), "no_such_user", NULL);
	if (r < 0)
		return r;
	verdict = judge(loan.cat, call->actor.user, &user, time_now_ms());
	loan_end(&loan);
	if (verdict == VERDICT_TWO || verdict == VERDICT_CONSOLE)
		return turn_down(call, name, verdict);
	r = verdict == VERDICT_ASK ? call_commit(call, decide_ask, (void *)name)
				   : carry_out(call, &user);
	if (r < 0)
		return r;
	call->result = json_pack("{s:s}", "state", verdict == VERDICT_ASK ? "requested" : "done");
	return 0;
}

const struct act acts_reset[] = {
    {"UserReset", ACTION_RESET, act_user_reset, ACT_HASHES},
    {NULL},
};
