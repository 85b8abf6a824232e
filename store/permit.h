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
	ACTION_COUNT,
};

/* True when role may do action at all; objects and states are checked by the handler. */
bool permit(enum role role, enum action action);

enum role role_parse(const char
	*name); /* ROLE_NONE when unknown; "console" is no account's role and is not parsed */
const char *role_name(enum role role);
const char *action_name(enum action action);

#endif
