/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signed-in people. A session is named by a random token that only its holder has; the box keeps
 * SHA-256 of it. The person's signing key stays unlocked in secret memory while the session lives.
 * So that a restart of store signs nobody out, a session is also kept as sessions/ID, encrypted
 * under a key derived from the token: without the token the file opens nothing. Idle and absolute
 * limits: G6-09. Sessions are no record: the log has their opening and end.
 */
#ifndef FUMIKURA_STORE_SESSION_H
#define FUMIKURA_STORE_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "writer.h"

#define SESSION_TOKEN_TEXT 65 /* 32 random bytes in hex and NUL */
#define SESSION_ACCOUNT 65    /* SHA-256 of the account's file in hex and NUL */
#define SESSION_MAX 256 /* sessions in memory; the longest idle one is dropped for a new one */
#define SESSION_SEEN_MAX                                                                           \
	20000 /* pages noted as viewed in one session; beyond it each view is logged again */

struct sessions;

int sessions_new(int data_dir, unsigned idle_min, unsigned max_h, struct sessions **ret);
void sessions_free(struct sessions *sessions);

/*
 * Opens one; key is copied. account: digest of the account's file that the password opened; a
 * session of a password that was changed or reset since is told by it, also one that this process
 * has not seen yet. ret_token is the only copy of the token. actor gets user, session and terminal.
 * Blocks on the disk.
 */
int session_open(struct sessions *sessions, const char *user, const char *terminal,
    const char *account, const uint8_t *key, size_t key_size, const char *cert_pem,
    char ret_token[SESSION_TOKEN_TEXT], struct actor *ret_actor, uint64_t *ret_expires_ms);
/* Who holds token: fills ret_actor and notes the use. -ENOENT for none, -ETIME when it has ended by
 * time (it is then closed; ret_actor is filled, for the log); any other failure says neither. */
int session_find(struct sessions *sessions, const char *token, struct actor *ret_actor,
    char ret_account[SESSION_ACCOUNT], uint64_t *ret_expires_ms);
/* The holder changed the own password: the session goes on under the new account file. */
int session_renew(struct sessions *sessions, const char *token, const char *account);
/* The person's signing key (DER, secret_free) and certificate (free). */
int session_signing_key(struct sessions *sessions, const char *session, uint8_t **ret_key,
    size_t *ret_size, char **ret_cert_pem);
/* Closes one by token, or all of a user's but one (except may be ""). */
void session_close(struct sessions *sessions, const char *token);
void session_close_user(struct sessions *sessions, const char *user, const char *except);

/*
 * Whether the log has that this session was shown what ("P00000001/page", "D000001"). Noted after
 * the event is durable, never before: two requests at once make two events rather than one that is
 * shown without any.
 */
bool session_has_viewed(struct sessions *sessions, const char *session, const char *what);
void session_note_view(struct sessions *sessions, const char *session, const char *what);

#endif
