/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What act_people.c (accounts), act_reset.c and act_session.c (sign-in, own password) share. */
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
	const char *event, *user, *display, *role, *asked_by, *hand_until;
	const char *cert_pem;
	const char *was; /* digest of the file that it replaces; NULL for a new account */
	char sha256[65]; /* out: digest of the new file */
	bool must_change;
	/* decides on the writer thread what else must hold, and makes what events come before; may
	 * be NULL */
	int (*also)(struct txn *txn, const struct user_change *change);
};
/* Stages file, commits the event, settles. Refuses when the account is not as change->was says any
 * more. */
int people_store_file(struct call *call, struct user_change *change, const char *file);
/* As people_store_file(), with a new file: a new signing key and certificate under a first
 * password, which must be changed. */
int people_make_account(
    struct call *call, struct user_change *change, const char *display, const char *password);

#endif
