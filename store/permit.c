/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The permission table, and when two accounts are two persons. Pure: no clock, no state, no I/O.
 *
 * What an office of three can live with: a reset is asked by one and carried out by another of
 * administrator, manager and checker, so any of the three is helped by the other two. Who was there
 * when the archive began (before its first batch and its first asked reset) is taken for a person
 * of its own, since the office met at that time and there was nothing to reach (what this trusts:
 * README.md); only a second administrator is not. Whoever is added later hangs on that hand until
 * two persons have reset the password: then two have met him. A reset's hand counts for 30 days: in
 * that time a person who asked for it, and was shut out by the one who carried it out, has
 * complained. Nothing locks such an office out: a new account needs one administrator, a lone
 * administrator is put back in by the console.
 */
#include <string.h>

#include "permit.h"

#define A(x) (1u << ACTION_##x)

/* The doctor names damage, never content: whoever fears for the archive may call it. */
#define EVERYBODY (A(SIGN_IN) | A(OWN) | A(STATUS) | A(DOCTOR))
#define READER (A(SEARCH) | A(VIEW))
#define PROVER (A(EXPORT) | A(LOG) | A(VERIFY) | A(CHECKPOINT))
#define MAKER (A(LISTS) | A(SCAN) | A(EDIT) | A(SUBMIT))

static const struct {
	const char *name;
	unsigned actions;
} roles[ROLE_COUNT] = {
    [ROLE_NONE] = {"none", A(SIGN_IN)},
    [ROLE_CLERK] = {"clerk", EVERYBODY | MAKER | READER},
    [ROLE_CHECKER] = {"checker",
	EVERYBODY | MAKER | READER | A(CONFIRM) | A(EXPORT) | A(VERIFY) | A(USERS_LIST) | A(RESET)},
    [ROLE_MANAGER] = {"manager",
	EVERYBODY | A(LISTS) | READER | PROVER | A(USERS_LIST) | A(RESET) | A(TIME)},
    [ROLE_INSPECTOR] = {"inspector", EVERYBODY | READER | PROVER},
    [ROLE_ADMIN] = {"admin", EVERYBODY | A(LISTS) | A(USERS_LIST) | A(USERS) | A(RESET) |
				 A(CHECKPOINT) | A(DOCTOR) | A(REBUILD)},
    [ROLE_CONSOLE] = {"console", A(SIGN_IN) | A(STATUS) | A(LISTS) | A(CHECKPOINT) | A(DOCTOR) |
				     A(REBUILD) | A(INIT) | A(USERS_LIST) | A(RESET)},
};

static const char *const actions[ACTION_COUNT] = {
    [ACTION_SIGN_IN] = "sign_in",
    [ACTION_OWN] = "own",
    [ACTION_STATUS] = "status",
    [ACTION_LISTS] = "lists",
    [ACTION_SCAN] = "scan",
    [ACTION_EDIT] = "edit",
    [ACTION_SUBMIT] = "submit",
    [ACTION_CONFIRM] = "confirm",
    [ACTION_SEARCH] = "search",
    [ACTION_VIEW] = "view",
    [ACTION_EXPORT] = "export",
    [ACTION_LOG] = "log",
    [ACTION_VERIFY] = "verify",
    [ACTION_CHECKPOINT] = "checkpoint",
    [ACTION_USERS_LIST] = "users_list",
    [ACTION_USERS] = "users",
    [ACTION_RESET] = "reset",
    [ACTION_DOCTOR] = "doctor",
    [ACTION_REBUILD] = "rebuild",
    [ACTION_INIT] = "init",
    [ACTION_TIME] = "time",
};

bool
permit(enum role role, enum action action)
{
	if ((unsigned)role >= ROLE_COUNT || (unsigned)action >= ACTION_COUNT)
		return false;
	return (roles[role].actions & (1u << action)) != 0;
}

bool
permit_two(const struct person *first, const struct person *second, enum action action)
{
	if (!first->active || !second->active || !permit(first->role, action) ||
	    !permit(second->role, action) || first->n_hands == 0 || second->n_hands == 0)
		return false;
	for (unsigned i = 0; i < first->n_hands; i++)
		for (unsigned k = 0; k < second->n_hands; k++)
			if (strcmp(first->hands[i], second->hands[k]) == 0)
				return false;
	return true;
}

bool
permit_console_reset(enum role whom, unsigned other_administrators)
{
	return whom == ROLE_ADMIN && other_administrators == 0;
}

enum role
role_parse(const char *name)
{
	for (int i = ROLE_CLERK; i <= ROLE_ADMIN; i++)
		if (strcmp(roles[i].name, name) == 0)
			return (enum role)i;
	return ROLE_NONE;
}

const char *
role_name(enum role role)
{
	return (unsigned)role < ROLE_COUNT ? roles[role].name : "none";
}

const char *
action_name(enum action action)
{
	return (unsigned)action < ACTION_COUNT ? actions[action] : "unknown";
}
