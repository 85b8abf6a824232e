/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the age module only: its primitives and its header. */
#ifndef FUMIKURA_STORE_AGE_INTERNAL_H
#define FUMIKURA_STORE_AGE_INTERNAL_H

#include "age.h"

#define AGE_FILE_KEY 16
#define AGE_TAG 16

struct age_part {
	const void *data;
	size_t size;
};

/* HMAC-SHA256 over up to four parts. */
int age_hmac(
    const void *key, size_t key_size, const struct age_part *parts, size_t n, uint8_t ret_mac[32]);
/* HKDF-SHA256 (RFC 5869) for one 32-byte block: libgcrypt 1.10 has none. salt may be empty. */
int age_hkdf(const void *key, size_t key_size, const void *salt, size_t salt_size, const char *info,
    uint8_t ret[32]);
/* X25519; -EINVAL when the result is zero (a point of small order). */
int age_x25519(const uint8_t secret[32], const uint8_t point[32], uint8_t ret[32]);

/* ChaCha20-Poly1305 under one key and changing nonces. */
struct age_aead;
int age_aead_new(const uint8_t key[32], struct age_aead **ret);
void age_aead_free(struct age_aead *aead);
/* out holds n + AGE_TAG bytes. */
int age_aead_seal(
    struct age_aead *aead, const uint8_t nonce[12], const void *in, size_t n, uint8_t *out);
/* n counts the tag; out holds n - AGE_TAG bytes. -EBADMSG when the tag is wrong. */
int age_aead_open(
    struct age_aead *aead, const uint8_t nonce[12], const uint8_t *in, size_t n, uint8_t *out);

/* Longest header for AGE_RECIPIENTS_MAX recipients. */
#define AGE_HEADER_OUT 1024

/* Writes a whole header into out; ret_size bytes. */
int age_header_write(const uint8_t (*recipients)[32], size_t n,
    const uint8_t file_key[AGE_FILE_KEY], char out[AGE_HEADER_OUT], size_t *ret_size);
/* Parses and authenticates the header of file; ret_size is where the payload begins. */
int age_header_read(const struct age_identity *id, const char *file, size_t size,
    uint8_t ret_file_key[AGE_FILE_KEY], size_t *ret_size);

#endif
