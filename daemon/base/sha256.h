/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * SHA-256 (FIPS 180-4) for the rooms that link no cryptographic library: scanner and import hash
 * the pixels as they come. No secret ever passes through here, so it is not written to run in
 * constant time. Uses the CPU's SHA instructions when it has them.
 */
#ifndef FUMIKURA_SHA256_H
#define FUMIKURA_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32
#define SHA256_HEX_SIZE 65 /* digits and NUL */

struct sha256 {
	uint32_t state[8];
	uint64_t bytes; /* hashed so far */
	uint8_t block[64];
	void (*compress)(uint32_t state[8], const uint8_t *data, size_t blocks);
};

/* Starts a hash; picks the fastest way this CPU knows. */
void sha256_init(struct sha256 *hash);
/* As sha256_init, but always the portable way: for tests, and to compare speeds. */
void sha256_init_portable(struct sha256 *hash);
void sha256_update(struct sha256 *hash, const void *data, size_t size);
/* Ends the hash; start again with sha256_init(). */
void sha256_final(struct sha256 *hash, uint8_t ret_digest[SHA256_SIZE]);

/* One call over one buffer; ret_hex is lower case. */
void sha256_hex(const void *data, size_t size, char ret_hex[SHA256_HEX_SIZE]);

#endif
