/* SPDX-License-Identifier: GPL-3.0-or-later */
/* age files: header (age_header.c), then the payload in 64 KiB chunks, the STREAM construction. */
#include "age.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "age_internal.h"
#include "cleanup.h"
#include "secret.h"

#define CHUNK ((size_t)64 << 10)
#define SEALED (CHUNK + AGE_TAG)
#define PAYLOAD_NONCE 16
#define OUT_CHUNKS 16 /* sealed chunks given to the sink at once: about 1 MiB */

DEFINE_CLEANUP(struct age_aead *, age_aead_free)

/* 11 bytes of counter, big-endian, and the flag of the last chunk. */
static void
chunk_nonce(uint64_t counter, bool last, uint8_t nonce[12])
{
	memset(nonce, 0, 12);
	for (unsigned i = 0; i < 8; i++)
		nonce[10 - i] = (uint8_t)(counter >> 8 * i);
	nonce[11] = last;
}

static int
payload_aead(
    const uint8_t file_key[AGE_FILE_KEY], const uint8_t nonce[PAYLOAD_NONCE], struct age_aead **ret)
{
	uint8_t key[32];
	int r = age_hkdf(file_key, AGE_FILE_KEY, nonce, PAYLOAD_NONCE, "payload", key);

	if (r == 0)
		r = age_aead_new(key, ret);
	explicit_bzero(key, sizeof(key));
	return r;
}

static int
seal_payload(struct age_aead *aead, const uint8_t *plain, size_t size, age_sink sink, void *ctx)
{
	size_t chunks = size <= CHUNK ? 1 : (size + CHUNK - 1) / CHUNK;
	_cleanup_(freep) uint8_t *out =
	    malloc((chunks < OUT_CHUNKS ? chunks : OUT_CHUNKS) * SEALED);
	uint8_t nonce[12];
	size_t filled = 0;
	int r;

	if (out == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < chunks; i++) {
		bool last = i + 1 == chunks;
		size_t n = last ? size - i * CHUNK : CHUNK;

		chunk_nonce(i, last, nonce);
		r = age_aead_seal(aead, nonce, plain + i * CHUNK, n, out + filled);
		if (r < 0)
			return r;
		filled += n + AGE_TAG;
		if (!last && filled < OUT_CHUNKS * SEALED)
			continue;
		r = sink(ctx, out, filled);
		if (r < 0)
			return r;
		filled = 0;
	}
	return 0;
}

int
age_encrypt(const uint8_t (*recipients)[32], size_t n, const void *plain, size_t size,
    age_sink sink, void *ctx)
{
	_cleanup_(age_aead_freep) struct age_aead *aead = NULL;
	uint8_t file_key[AGE_FILE_KEY];
	char header[AGE_HEADER_OUT + PAYLOAD_NONCE];
	size_t header_size;
	int r;

	random_bytes(file_key, sizeof(file_key));
	r = age_header_write(recipients, n, file_key, header, &header_size);
	if (r == 0) {
		uint8_t *nonce = (uint8_t *)header + header_size;

		random_bytes(nonce, PAYLOAD_NONCE);
		r = payload_aead(file_key, nonce, &aead);
	}
	explicit_bzero(file_key, sizeof(file_key));
	if (r == 0)
		r = sink(ctx, header, header_size + PAYLOAD_NONCE);
	return r < 0 ? r : seal_payload(aead, plain, size, sink, ctx);
}

/* Where opened chunks go: straight into memory, or through one buffer to a sink. */
struct opened {
	uint8_t *mem; /* next free byte, or the buffer */
	age_sink sink;
	void *ctx;
};

static int
open_chunk(struct age_aead *aead, uint64_t counter, const uint8_t *in, size_t n, bool last,
    struct opened *to)
{
	uint8_t nonce[12];
	int r;

	if (n < AGE_TAG || (n == AGE_TAG && counter > 0))
		return -EBADMSG; /* only a wholly empty file has an empty chunk */
	chunk_nonce(counter, last, nonce);
	r = age_aead_open(aead, nonce, in, n, to->mem);
	if (r < 0)
		return r;
	if (to->sink != NULL)
		return to->sink(to->ctx, to->mem, n - AGE_TAG);
	to->mem += n - AGE_TAG;
	return 0;
}

static int
open_payload(struct age_aead *aead, const uint8_t *in, size_t size, struct opened *to)
{
	bool last;
	int r;

	for (uint64_t counter = 0;; counter++) {
		size_t n = size < SEALED ? size : SEALED;

		last = n == size;
		r = open_chunk(aead, counter, in, n, last, to);
		if (r < 0 || last)
			return r;
		in += n;
		size -= n;
	}
}

/* Reads the header; ret_payload is the offset of the first chunk. */
static int
open_header(const struct age_identity *id, const uint8_t *file, size_t size,
    struct age_aead **ret_aead, size_t *ret_payload)
{
	uint8_t file_key[AGE_FILE_KEY];
	size_t at;
	int r = age_header_read(id, (const char *)file, size, file_key, &at);

	if (r == 0 && size - at < PAYLOAD_NONCE + AGE_TAG)
		r = -EBADMSG;
	if (r == 0)
		r = payload_aead(file_key, file + at, ret_aead);
	explicit_bzero(file_key, sizeof(file_key));
	if (r == 0)
		*ret_payload = at + PAYLOAD_NONCE;
	return r;
}

int
age_decrypt(const struct age_identity *id, const void *file, size_t size, age_sink sink, void *ctx)
{
	_cleanup_(age_aead_freep) struct age_aead *aead = NULL;
	_cleanup_(secret_freep) uint8_t *buffer = NULL;
	struct opened to = {.sink = sink, .ctx = ctx};
	size_t at;
	int r = open_header(id, file, size, &aead, &at);

	if (r < 0)
		return r;
	buffer = secret_new(CHUNK);
	if (buffer == NULL)
		return -ENOMEM;
	to.mem = buffer;
	return open_payload(aead, (const uint8_t *)file + at, size - at, &to);
}

int
age_decrypt_mem(
    const struct age_identity *id, const void *file, size_t size, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(age_aead_freep) struct age_aead *aead = NULL;
	_cleanup_(secret_freep) uint8_t *plain = NULL;
	struct opened to = {0};
	size_t at;
	int r = open_header(id, file, size, &aead, &at);

	if (r < 0)
		return r;
	plain = secret_new(size - at); /* the tags leave room for the NUL */
	if (plain == NULL)
		return -ENOMEM;
	to.mem = plain;
	r = open_payload(aead, (const uint8_t *)file + at, size - at, &to);
	if (r < 0)
		return r;
	*ret_size = (size_t)(to.mem - plain);
	plain[*ret_size] = '\0';
	*ret = TAKE_PTR(plain);
	return 0;
}
