/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What act_people.c (accounts) and act_session.c (sign-in, own password) share. */
#ifndef FUMIKURA_STORE_ACT_PEOPLE_H
#define FUMIKURA_STORE_ACT_PEOPLE_H

#include <stdbool.h>

#include "call.h"

/* The person's file, checked against the logged digest. Caller: secret_free. */
int people_read_file(
    struct store *store, const struct catalogue_user *user, uint8_t **ret, size_t *ret_size);
/* The rule for new passwords; refuses with its reason. */
int people_check_password(struct call *call, const char *user, const char *password);

/* A changed account file and its event. */
struct user_change {
	const char *event, *user, *display, *role, *asked_by;
	const char *cert_pem;
	const char *was; /* digest of the file that it replaces; NULL for a new account */
	char sha256[65]; /* out: digest of the new file */
	bool must_change;
};
/* Stages file, commits the event, settles. Refuses when the account is not as change->was says any
 * more. */
int people_store_file(struct call *call, struct user_change *change, const char *file);

#endif
