/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A person's secrets: one file keys/users/NAME.json (canonical JSON, versioned) with the Argon2id
 * parameters and salt, the password verifier, and the person's ECDSA P-256 signing key wrapped
 * (AES-256-GCM) under a second key from the same Argon2id output, and the certificate. Nobody but
 * the person can use the key: not the administrator, not the box while the person is signed out.
 * (G6-02, G91-11; RFC 9106.)
 */
#ifndef FUMIKURA_STORE_ACCOUNT_H
#define FUMIKURA_STORE_ACCOUNT_H

#include <stddef.h>
#include <stdint.h>

#include "ca.h"

#define ACCOUNT_NAME_MAX 32       /* [a-z][a-z0-9._-]* */
#define ACCOUNT_PASSWORD_MAX 1024 /* bytes */
#define ACCOUNT_KEK 32
#define ACCOUNT_FILE_MAX ((size_t)16 << 10) /* bytes of keys/users/NAME.json */

/* Argon2id as in RFC 9106 §4, second recommended option. The limits keep an altered file from
 * asking for unbounded work. */
#define ACCOUNT_MEMORY_KIB 65536u
#define ACCOUNT_PASSES 3u
#define ACCOUNT_LANES 4u
#define ACCOUNT_MAX_MEMORY_KIB 262144u
#define ACCOUNT_MAX_PASSES 10u
#define ACCOUNT_MAX_LANES 8u

/* True for a permitted account name. */
int account_name_valid(const char *name);
/*
 * Password rule, preset 7.0 without second factor (G6-07): at least 13 characters; not the account
 * name, its reverse, a repeated or sequential pattern, nor in the built-in list of guessable words
 * (Japanese office habits in romaji included), nor nothing but these joined. Returns 0, or -EINVAL
 * with a constant reason code in ret_why ("too_short", "too_long", "not_text", "guessable").
 */
int account_password_check(const char *user, const char *password, const char **ret_why);

/*
 * New signing key and certificate (from ca), wrapped under the password. Slow by design (Argon2id,
 * 64 MiB, ≈ 0.15 s): call from a pool thread. ret_file: JSON text for keys/users/NAME.json; caller
 * frees. ret_cert_pem may be NULL. The rule for passwords is the caller's to ask
 * (account_password_check); here only length counts (-EINVAL).
 */
int account_new(struct ca *ca, const char *user, const char *display, const char *password,
    char **ret_file, char **ret_cert_pem);
/*
 * Checks the password. -EKEYREJECTED when wrong (also for file == NULL, after the same work, so
 * that unknown names take as long). ret_key: DER private key in secret memory (secret_free); may be
 * NULL when only the answer counts. -EBADMSG: the file is no account, or asks for more work than
 * ACCOUNT_MAX_*.
 */
int account_unlock(const char *file, size_t size, const char *password, uint8_t **ret_key,
    size_t *ret_key_size, char **ret_cert_pem);
/* Same key and certificate under a new password. */
int account_rewrap(const char *file, size_t size, const char *old_password,
    const char *new_password, char **ret_file);

#endif
