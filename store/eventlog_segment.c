/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The open segment as a file: its header and key. */
#include <errno.h>
#include <fcntl.h>
#include <gcrypt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_frame.h"
#include "io.h"
#include "little.h"
#include "secret.h"

#define MAGIC "fumiklog"
#define VERSION 1
#define HEADER 24            /* magic, version, first index, size of the sealed key */
#define SEALED_KEY_MAX 4096u /* an age file of 32 bytes to two recipients has some 500 */
#define SEGMENT_KEY 32
#define CHECK_LABEL "fumikura/frame-check/v1"

_Static_assert(sizeof(MAGIC) - 1 + 4 + 8 + 4 == HEADER, "header layout");

void
segment_name(uint64_t first, bool closed, char out[SEGMENT_NAME])
{
	snprintf(out, SEGMENT_NAME, "%010" PRIu64 "%s", first, closed ? ".age" : ".open");
}

void
segment_free(struct segment *segment)
{
	if (segment == NULL)
		return;
	closep(&segment->fd);
	secret_free(segment->key);
	free(segment->frames);
	free(segment);
}

static int
make_header(struct keys *keys, uint64_t first, const uint8_t *key, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(freep) uint8_t *sealed = NULL, *header = NULL;
	size_t n;
	int r = keys_seal(keys, key, SEGMENT_KEY, &sealed, &n);

	if (r < 0)
		return r;
	header = malloc(HEADER + n);
	if (header == NULL)
		return -ENOMEM;
	memcpy(header, MAGIC, 8);
	put_u32(header + 8, VERSION);
	put_u64(header + 12, first);
	put_u32(header + 20, (uint32_t)n);
	memcpy(header + HEADER, sealed, n);
	*ret = TAKE_PTR(header);
	*ret_size = HEADER + n;
	return 0;
}

int
segment_create(int dir, struct keys *keys, uint64_t first, struct segment **ret)
{
	_cleanup_(freep) uint8_t *header = NULL;
	_cleanup_(secret_freep) uint8_t *key = secret_new(SEGMENT_KEY);
	char name[SEGMENT_NAME];
	size_t n;
	int r;

	if (key == NULL)
		return -ENOMEM;
	random_bytes(key, SEGMENT_KEY);
	r = make_header(keys, first, key, &header, &n);
	if (r < 0)
		return r;
	segment_name(first, false, name);
	r = io_replace_file(dir, name, header, n);
	return r < 0 ? r : segment_open(dir, keys, first, true, ret);
}

/* Unseals the segment key and derives the check key from it; the header's digest starts the chain.
 */
static int
take_header(struct segment *segment, struct keys *keys, const uint8_t *header, size_t n)
{
	_cleanup_(secret_freep) uint8_t *key = NULL;
	const gcry_buffer_t derive[] = {{.data = segment->key, .len = SEGMENT_KEY},
	    {.data = (void *)(uintptr_t)CHECK_LABEL, .len = sizeof(CHECK_LABEL) - 1}};
	uint8_t digest[32];
	size_t key_size;
	int r = keys_unseal(keys, header + HEADER, n - HEADER, &key, &key_size);

	if (r < 0)
		return r;
	if (key_size != SEGMENT_KEY)
		return -EBADMSG;
	memcpy(segment->key, key, SEGMENT_KEY);
	gcry_md_hash_buffers(
	    GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, segment->key + SEGMENT_KEY, derive, 2);
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, header, n);
	memcpy(segment->tag, digest, FRAME_TAG);
	segment->end = (off_t)n;
	return 0;
}

static int
read_header(struct segment *segment, struct keys *keys)
{
	uint8_t header[HEADER + SEALED_KEY_MAX];
	ssize_t got = io_read_at(segment->fd, header, sizeof(header), 0);
	size_t n;

	if (got < 0)
		return (int)got;
	if (got < HEADER || memcmp(header, MAGIC, 8) != 0)
		return -EBADMSG;
	if (get_u32(header + 8) != VERSION)
		return -EPROTONOSUPPORT;
	n = get_u32(header + 20);
	if (get_u64(header + 12) != segment->first || n > (size_t)got - HEADER)
		return -EBADMSG;
	return take_header(segment, keys, header, HEADER + n);
}

int
segment_open(int dir, struct keys *keys, uint64_t first, bool writable, struct segment **ret)
{
	_cleanup_(segment_freep) struct segment *segment = calloc(1, sizeof(*segment));
	char name[SEGMENT_NAME];
	int r;

	if (segment == NULL)
		return -ENOMEM;
	segment->first = segment->next = first;
	segment->key = secret_new(2 * SEGMENT_KEY);
	segment_name(first, false, name);
	segment->fd = io_open(dir, name, (writable ? O_RDWR | O_APPEND : O_RDONLY) | O_NOFOLLOW, 0);
	if (segment->fd < 0)
		return segment->fd;
	if (segment->key == NULL)
		return -ENOMEM;
	r = read_header(segment, keys);
	if (r == 0)
		*ret = TAKE_PTR(segment);
	return r;
}
