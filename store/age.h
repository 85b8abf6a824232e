/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * age v1 files (C2SP age.md) with X25519 recipients, on libgcrypt. Header HMAC and STREAM
 * (ChaCha20-Poly1305, 64 KiB chunks) are checked; a zero X25519 result is rejected. Not supported
 * and refused: scrypt, ssh, plugin and armored files. secret_init() (secret.h) comes first. All
 * functions are pure and thread-safe.
 */
#ifndef FUMIKURA_STORE_AGE_H
#define FUMIKURA_STORE_AGE_H

#include <stddef.h>
#include <stdint.h>

#define AGE_IDENTITY_TEXT 75              /* "AGE-SECRET-KEY-1…" and NUL */
#define AGE_RECIPIENT_TEXT 63             /* "age1…" and NUL */
#define AGE_RECIPIENTS_MAX 4              /* of one file that we write */
#define AGE_HEADER_MAX ((size_t)64 << 10) /* bytes of a header that we read: hundreds of stanzas   \
					   */

/* Lives in locked memory where it is kept (secret.h); wiped by its owner. */
struct age_identity {
	uint8_t secret[32], public[32];
};

int age_identity_new(struct age_identity *ret);
/* Bech32, checksum checked; -EINVAL. */
int age_identity_parse(const char *text, struct age_identity *ret);
/* The same in two steps, for callers that hold many identities and use few: deriving the public key
 * costs a quarter of a millisecond. */
int age_secret_parse(const char *text, uint8_t ret_secret[32]);
int age_identity_derive(struct age_identity *id);
void age_identity_format(const struct age_identity *id, char out[AGE_IDENTITY_TEXT]);
void age_recipient_format(const uint8_t public[32], char out[AGE_RECIPIENT_TEXT]);
int age_recipient_parse(const char *text, uint8_t ret_public[32]);

/* Receives ciphertext or plaintext in order; a negative return aborts. */
typedef int (*age_sink)(void *ctx, const void *data, size_t n);

/*
 * Encrypts to each of n (≤ AGE_RECIPIENTS_MAX) X25519 public keys. The sink receives the header,
 * then pieces of about 1 MiB. -EINVAL: no recipient, or one that is no usable point.
 */
int age_encrypt(const uint8_t (*recipients)[32], size_t n, const void *plain, size_t size,
    age_sink sink, void *ctx);
/*
 * Decrypts with one identity. -EKEYREJECTED: no stanza for it; -EBADMSG: malformed, truncated or
 * altered. What was given to the sink before an error is a verified prefix and must be thrown away.
 */
int age_decrypt(
    const struct age_identity *id, const void *file, size_t size, age_sink sink, void *ctx);
/* As above into memory that the caller frees with secret_free() (secret.h). ret is never NULL and
 * carries one NUL beyond ret_size. */
int age_decrypt_mem(
    const struct age_identity *id, const void *file, size_t size, uint8_t **ret, size_t *ret_size);

#endif
