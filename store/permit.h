/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who may do what: one pure function over one table (architecture §4 rule 3; G6-20, G6-22, G6-24,
 * G71-02). Deny by default. */
#ifndef FUMIKURA_STORE_PERMIT_H
#define FUMIKURA_STORE_PERMIT_H

#include <stdbool.h>

enum role {
	ROLE_NONE,
	ROLE_CLERK,
	ROLE_CHECKER,
	ROLE_MANAGER,
	ROLE_INSPECTOR,
	ROLE_ADMIN,
	ROLE_CONSOLE,
	ROLE_COUNT
};

enum action {
	ACTION_SIGN_IN, /* anybody */
	ACTION_OWN,     /* sign out, own password, who am I */
	ACTION_STATUS,
	ACTION_LISTS, /* devices, profiles, types */
	ACTION_SCAN,
	ACTION_EDIT, /* exclude, rotate, cut, fields */
	ACTION_SUBMIT,
	ACTION_CONFIRM,
	ACTION_SEARCH,
	ACTION_VIEW,
	ACTION_EXPORT,
	ACTION_LOG,
	ACTION_VERIFY,
	ACTION_CHECKPOINT,
	ACTION_USERS_LIST,
	ACTION_USERS,
	ACTION_RESET,
	ACTION_DOCTOR,
	ACTION_REBUILD,
	ACTION_INIT,
	ACTION_TIME, /* answer for a clock that is not known to be synchronised */
	ACTION_COUNT,
};

/* True when role may do action at all; objects and states are checked by the handler. */
bool permit(enum role role, enum action action);

/*
 * Two persons (architecture §4 rule 3, G71-02). Whoever set an account's present password by adding
 * or resetting it may still know it, or have made the account for himself. So an account is looked
 * at together with the hand behind it, and the hand behind that one. Two accounts are two persons
 * only when no hand is behind both.
 */
#define PERMIT_HANDS 8

struct person {
	enum role role;
	bool active;
	/* the account, who set its present password, who set that one's …; own hands end the row */
	char hands[PERMIT_HANDS][33];
	unsigned n_hands; /* 0: the row does not end, and nothing can be said */
};

/* True when both may do action and are two persons. */
bool permit_two(const struct person *first, const struct person *second, enum action action);
/* The console may put an administrator back in (never anybody who reads records), and only when no
 * other administrator could ask for it. */
bool permit_console_reset(enum role whom, unsigned other_administrators);

enum role role_parse(const char
	*name); /* ROLE_NONE when unknown; "console" is no account's role and is not parsed */
const char *role_name(enum role role);
const char *action_name(enum action action);

#endif
