/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames: sealing, opening, and telling a torn tail from damage. */
#include "eventlog_frame.h"

#include <errno.h>
#include <gcrypt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "io.h"
#include "little.h"
#include "secret.h"

#define ENTRY_DOMAIN "fumikura/event/v1" /* its NUL counts */
#define FRAME_BODY_MAX (LOG_GROUP_BYTES + FRAME_NONCE + FRAME_TAG)
/* A frame behind a damaged one begins at most so many events later. */
#define FRAME_SPAN_MAX (LOG_GROUP_BYTES / RECORD_EXTRA)

void
event_hash(const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	static const char domain[] = ENTRY_DOMAIN;
	uint8_t mark = 0x00;
	const gcry_buffer_t entry[] = {{.data = (void *)(uintptr_t)salt, .len = LOG_SALT},
	    {.data = (void *)(uintptr_t)domain, .len = sizeof(domain)},
	    {.data = (void *)(uintptr_t)event->json, .len = event->size}};
	const gcry_buffer_t leaf[] = {{.data = &mark, .len = 1}, {.data = event->entry, .len = 32}};

	gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, event->entry, entry, 3);
	gcry_md_hash_buffers(GCRY_MD_SHA256, 0, event->leaf, leaf, 2);
}

/* ---- frame heads ---- */

static void
head_check(const uint8_t *key, const uint8_t *head, uint8_t out[4])
{
	const gcry_buffer_t iov[] = {{.data = (void *)(uintptr_t)(key + 32), .len = 32},
	    {.data = (void *)(uintptr_t)head, .len = 12}};
	uint8_t mac[32];

	gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, mac, iov, 2);
	memcpy(out, mac, 4);
}

static bool
head_valid(const uint8_t *key, const uint8_t *head)
{
	uint8_t check[4];

	head_check(key, head, check);
	return memcmp(check, head + 12, sizeof(check)) == 0;
}

static void
head_make(const uint8_t *key, uint64_t index, uint32_t size, uint8_t head[FRAME_HEAD])
{
	put_u64(head, index);
	put_u32(head + 8, size);
	head_check(key, head, head + 12);
}

/* ---- sealing ---- */

static int
gcm_start(const uint8_t *key, const uint8_t head[FRAME_HEAD], const uint8_t before[FRAME_TAG],
    const uint8_t nonce[FRAME_NONCE], gcry_cipher_hd_t *ret)
{
	gcry_cipher_hd_t handle;

	if (gcry_cipher_open(
		&handle, GCRY_CIPHER_AES256, GCRY_CIPHER_MODE_GCM, GCRY_CIPHER_SECURE) != 0)
		return -ENOMEM;
	if (gcry_cipher_setkey(handle, key, 32) != 0 ||
	    gcry_cipher_setiv(handle, nonce, FRAME_NONCE) != 0 ||
	    gcry_cipher_authenticate(handle, head, FRAME_HEAD) != 0 ||
	    gcry_cipher_authenticate(handle, before, FRAME_TAG) != 0) {
		gcry_cipher_close(handle);
		return -EIO;
	}
	*ret = handle;
	return 0;
}

int
segment_seal(
    const struct segment *segment, const uint8_t *group, size_t n, uint8_t **ret, size_t *ret_size)
{
	const size_t total = FRAME_HEAD + FRAME_NONCE + n + FRAME_TAG;
	_cleanup_(freep) uint8_t *frame = malloc(total);
	gcry_cipher_hd_t gcm;
	uint8_t *nonce, *sealed;
	int r;

	if (frame == NULL)
		return -ENOMEM;
	nonce = frame + FRAME_HEAD;
	sealed = nonce + FRAME_NONCE;
	head_make(segment->key, segment->next, (uint32_t)(total - FRAME_HEAD), frame);
	random_bytes(nonce, FRAME_NONCE);
	r = gcm_start(segment->key, frame, segment->tag, nonce, &gcm);
	if (r < 0)
		return r;
	if (gcry_cipher_encrypt(gcm, sealed, n, group, n) != 0 ||
	    gcry_cipher_gettag(gcm, sealed + n, FRAME_TAG) != 0)
		r = -EIO;
	gcry_cipher_close(gcm);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(frame);
	*ret_size = total;
	return 0;
}

int
segment_reserve(struct segment *segment)
{
	size_t room = segment->room != 0 ? segment->room * 2 : 64;
	struct frame_place *grown;

	if (segment->n_frames < segment->room)
		return 0;
	grown = reallocarray(segment->frames, room, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	segment->frames = grown;
	segment->room = room;
	return 0;
}

void
segment_commit(struct segment *segment, const uint8_t tag[FRAME_TAG], size_t n, uint32_t count)
{
	struct frame_place *place = &segment->frames[segment->n_frames++];

	*place = (struct frame_place){.index = segment->next,
	    .count = count,
	    .size = (uint32_t)(n - FRAME_HEAD),
	    .at = segment->end};
	memcpy(place->before, segment->tag, FRAME_TAG);
	memcpy(segment->tag, tag, FRAME_TAG);
	segment->next += count;
	segment->end += (off_t)n;
}

/* ---- opening ---- */

/* Walks a group's records; with fn NULL only checks their lengths. ret_count: records. */
static int
group_records(
    const uint8_t *group, size_t n, uint64_t index, record_fn fn, void *ctx, uint32_t *ret_count)
{
	const uint32_t count = get_u32(group);
	size_t at = GROUP_HEAD;

	for (uint32_t i = 0; i < count; i++) {
		struct event_frame event = {.index = index + i};
		int r;

		if (n - at < RECORD_EXTRA)
			return -EBADMSG;
		event.size = get_u32(group + at + LOG_SALT);
		event.json = (const char *)group + at + RECORD_HEAD;
		if (event.size > n - at - RECORD_EXTRA || event.json[event.size] != '\0')
			return -EBADMSG;
		r = fn != NULL ? fn(ctx, group + at, &event) : 0;
		if (r != 0)
			return r;
		at += event.size + RECORD_EXTRA;
	}
	if (at != n || count == 0)
		return -EBADMSG;
	*ret_count = count;
	return 0;
}

/* Decrypts the body (nonce, sealed) of a frame; ret_group is in secret memory. */
static int
open_body(const uint8_t *key, const uint8_t head[FRAME_HEAD], const uint8_t before[FRAME_TAG],
    const uint8_t *body, size_t size, uint8_t **ret_group, size_t *ret_n)
{
	const size_t n = size - FRAME_NONCE - FRAME_TAG;
	const uint8_t *sealed = body + FRAME_NONCE;
	_cleanup_(secret_freep) uint8_t *group = secret_new(n);
	gcry_cipher_hd_t gcm;
	int r;

	if (group == NULL)
		return -ENOMEM;
	r = gcm_start(key, head, before, body, &gcm);
	if (r < 0)
		return r;
	if (gcry_cipher_decrypt(gcm, group, n, sealed, n) != 0)
		r = -EIO;
	else if (gcry_cipher_checktag(gcm, sealed + n, FRAME_TAG) != 0)
		r = -EBADMSG;
	gcry_cipher_close(gcm);
	if (r < 0)
		return r;
	*ret_group = TAKE_PTR(group);
	*ret_n = n;
	return 0;
}

/* Reads and opens the frame whose head is known. */
static int
read_body(int fd, const uint8_t *key, const uint8_t head[FRAME_HEAD],
    const uint8_t before[FRAME_TAG], off_t at, uint8_t **ret_group, size_t *ret_n,
    uint8_t ret_tag[FRAME_TAG])
{
	const uint32_t size = get_u32(head + 8);
	_cleanup_(freep) uint8_t *body = NULL;
	ssize_t got;
	int r;

	if (size < FRAME_MIN - FRAME_HEAD || size > FRAME_BODY_MAX)
		return -EBADMSG;
	body = malloc(size);
	if (body == NULL)
		return -ENOMEM;
	got = io_read_at(fd, body, size, at + FRAME_HEAD);
	if (got < 0)
		return (int)got;
	if (got < (ssize_t)size)
		return -EBADMSG;
	r = open_body(key, head, before, body, size, ret_group, ret_n);
	if (r == 0)
		memcpy(ret_tag, body + size - FRAME_TAG, FRAME_TAG);
	return r;
}

int
frame_read(int fd, const uint8_t *key, const struct frame_place *place, record_fn fn, void *ctx)
{
	_cleanup_(secret_freep) uint8_t *group = NULL;
	uint8_t head[FRAME_HEAD], tag[FRAME_TAG];
	uint32_t count;
	size_t n;
	int r;

	head_make(key, place->index, place->size, head);
	r = read_body(fd, key, head, place->before, place->at, &group, &n, tag);
	return r < 0 ? r : group_records(group, n, place->index, fn, ctx, &count);
}

/* ---- the end of the file ---- */

/* True when a later frame of this segment begins somewhere in the n bytes. */
static bool
later_frame_in(const struct segment *segment, const uint8_t *bytes, size_t n)
{
	for (size_t at = 0; at + FRAME_HEAD <= n; at++) {
		uint64_t index = get_u64(bytes + at);

		if (index > segment->next && index - segment->next <= FRAME_SPAN_MAX &&
		    head_valid(segment->key, bytes + at))
			return true;
	}
	return false;
}

/*
 * What lies at segment->end does not read as a frame: -ENODATA when it can be the rest of one write
 * that was cut off, -EBADMSG when something was written after it, -errno when it cannot be read.
 */
static int
judge_tail(const struct segment *segment, off_t file_size)
{
	size_t n = (size_t)(file_size - segment->end);
	_cleanup_(freep) uint8_t *bytes = NULL;
	ssize_t got;

	if (n > FRAME_HEAD + FRAME_BODY_MAX)
		return -EBADMSG;
	bytes = malloc(n);
	if (bytes == NULL)
		return -ENOMEM;
	got = io_read_at(segment->fd, bytes, n, segment->end);
	if (got < 0)
		return (int)got;
	n = (size_t)got;
	if (n >= FRAME_HEAD && head_valid(segment->key, bytes) && get_u64(bytes) == segment->next &&
	    get_u32(bytes + 8) < n - FRAME_HEAD)
		return -EBADMSG; /* a frame of one flush is the last thing in the file */
	return later_frame_in(segment, bytes, n) ? -EBADMSG : -ENODATA;
}

int
segment_next(struct segment *segment, record_fn fn, void *ctx)
{
	_cleanup_(secret_freep) uint8_t *group = NULL;
	uint8_t head[FRAME_HEAD], tag[FRAME_TAG];
	struct stat st;
	uint32_t count;
	size_t n;
	ssize_t got;
	int r;

	if (fstat(segment->fd, &st) < 0)
		return -errno;
	if (segment->end >= st.st_size)
		return 0;
	r = segment_reserve(segment);
	if (r < 0)
		return r;
	got = io_read_at(segment->fd, head, sizeof(head), segment->end);
	if (got < 0)
		return (int)got;
	if (got < FRAME_HEAD || !head_valid(segment->key, head) || get_u64(head) != segment->next)
		return judge_tail(segment, st.st_size);
	r = read_body(segment->fd, segment->key, head, segment->tag, segment->end, &group, &n, tag);
	if (r == -EBADMSG)
		return judge_tail(segment, st.st_size);
	if (r < 0)
		return r;
	r = group_records(group, n, segment->next, NULL, NULL, &count);
	if (r == 0)
		r = group_records(group, n, segment->next, fn, ctx, &count);
	if (r != 0)
		return r;
	segment_commit(segment, tag, FRAME_HEAD + (size_t)get_u32(head + 8), count);
	return 1;
}
