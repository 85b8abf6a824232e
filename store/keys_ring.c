/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rings: the page keys of one batch, in one file of identity texts (architecture §3). */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "keys_internal.h"
#include "secret.h"

#define RING_HEADER "# fumikura ring 1\n"
#define RING_LINE AGE_IDENTITY_TEXT /* an identity and its line end */

static int
ring_name(const char *batch, char out[KEYS_NAME_MAX])
{
	return snprintf(out, KEYS_NAME_MAX, "rings/%s.age", batch) >= KEYS_NAME_MAX ? -EINVAL : 0;
}

static void
drop(struct ring *ring)
{
	secret_free(ring->ids);
	memset(ring, 0, sizeof(*ring));
}

void
keys_ring_forget(struct keys *keys)
{
	for (size_t i = 0; i < KEYS_CACHE_RINGS; i++)
		drop(&keys->rings[i]);
}

static struct ring *
find(struct keys *keys, const char *batch, const char *digest)
{
	for (size_t i = 0; i < KEYS_CACHE_RINGS; i++) {
		struct ring *ring = &keys->rings[i];

		if (ring->used != 0 && strcmp(ring->batch, batch) == 0 &&
		    strcmp(ring->digest, digest) == 0) {
			ring->used = ++keys->clock;
			return ring;
		}
	}
	return NULL;
}

/* Drops the least used until n more identities and one more ring fit; returns a free slot. */
static struct ring *
make_room(struct keys *keys, unsigned n)
{
	for (;;) {
		struct ring *free_slot = NULL, *oldest = NULL;
		unsigned total = n;

		for (size_t i = 0; i < KEYS_CACHE_RINGS; i++) {
			struct ring *ring = &keys->rings[i];

			total += ring->count;
			if (ring->used == 0)
				free_slot = ring;
			else if (oldest == NULL || ring->used < oldest->used)
				oldest = ring;
		}
		if (free_slot != NULL && total <= KEYS_CACHE_TOTAL)
			return free_slot;
		drop(oldest); /* never NULL: KEYS_CACHE_TOTAL holds any one ring */
	}
}

/* Takes ids. */
static struct ring *
remember(struct keys *keys, const char *batch, const char *digest, struct age_identity *ids,
    unsigned count)
{
	struct ring *ring = make_room(keys, count);

	snprintf(ring->batch, sizeof(ring->batch), "%s", batch);
	snprintf(ring->digest, sizeof(ring->digest), "%s", digest);
	ring->ids = ids;
	ring->count = count;
	ring->used = ++keys->clock;
	return ring;
}

static int
parse(const char *text, size_t size, struct age_identity **ret, unsigned *ret_count)
{
	const size_t header = sizeof(RING_HEADER) - 1;
	_cleanup_(secret_freep) struct age_identity *ids = NULL;
	char line[RING_LINE];
	size_t count;
	int r = 0;

	if (size < header || memcmp(text, RING_HEADER, header) != 0 ||
	    (size - header) % RING_LINE != 0)
		return -EBADMSG;
	count = (size - header) / RING_LINE;
	if (count > KEYS_RING_MAX)
		return -E2BIG;
	ids = secret_new((count + 1) * sizeof(*ids));
	if (ids == NULL)
		return -ENOMEM;
	for (size_t i = 0; r == 0 && i < count; i++) {
		memcpy(line, text + header + i * RING_LINE, RING_LINE);
		if (line[RING_LINE - 1] != '\n')
			r = -EBADMSG;
		line[RING_LINE - 1] = '\0';
		if (r == 0 && age_secret_parse(line, ids[i].secret) < 0)
			r = -EBADMSG;
	}
	explicit_bzero(line, sizeof(line));
	if (r < 0)
		return r;
	*ret = TAKE_PTR(ids);
	*ret_count = (unsigned)count;
	return 0;
}

static int
load(struct keys *keys, const char *batch, const char *digest, struct ring **ret)
{
	_cleanup_(secret_freep) uint8_t *text = NULL;
	struct age_identity *ids = NULL;
	char name[KEYS_NAME_MAX];
	unsigned count = 0;
	size_t n;
	int r;

	*ret = find(keys, batch, digest);
	if (*ret != NULL)
		return 0;
	r = ring_name(batch, name);
	if (r == 0)
		r = keys_read(keys, name, digest, &text, &n);
	if (r == 0)
		r = parse((const char *)text, n, &ids, &count);
	if (r < 0)
		return r;
	*ret = remember(keys, batch, digest, ids, count);
	return 0;
}

/* Writes ids as the text of a ring file and stages it. */
static int
stage_ids(struct keys *keys, const char *batch, const struct age_identity *ids, unsigned count,
    char ret_digest[KEYS_DIGEST])
{
	const size_t header = sizeof(RING_HEADER) - 1;
	_cleanup_(secret_freep) char *text = secret_new(header + count * RING_LINE + 1);
	char name[KEYS_NAME_MAX];
	int r = ring_name(batch, name);

	if (r < 0)
		return r;
	if (text == NULL)
		return -ENOMEM;
	memcpy(text, RING_HEADER, header);
	for (unsigned i = 0; i < count; i++) {
		char *line = text + header + i * RING_LINE;

		age_identity_format(&ids[i], line);
		line[RING_LINE - 1] = '\n';
	}
	return keys_stage(keys, name, text, header + count * RING_LINE, 1, ret_digest);
}

static int
ring_stage(struct keys *keys, const char *batch, const char *digest, char ret_digest[KEYS_DIGEST],
    unsigned *ret_count)
{
	_cleanup_(secret_freep) struct age_identity *ids = NULL;
	struct ring *present = NULL;
	unsigned had, count;
	int r = digest != NULL ? load(keys, batch, digest, &present) : 0;

	if (r < 0)
		return r;
	had = present != NULL ? present->count : 0;
	count = had + KEYS_RING_PAGES;
	if (count > KEYS_RING_MAX)
		return -E2BIG;
	ids = secret_new((count + 1) * sizeof(*ids));
	if (ids == NULL)
		return -ENOMEM;
	if (present != NULL)
		memcpy(ids, present->ids, had * sizeof(*ids));
	for (unsigned i = had; i < count; i++)
		random_bytes(ids[i].secret, sizeof(ids[i].secret));
	r = stage_ids(keys, batch, ids, count, ret_digest);
	if (r < 0)
		return r;
	remember(keys, batch, ret_digest, TAKE_PTR(ids), count);
	*ret_count = count;
	return 0;
}

int
keys_ring_stage(struct keys *keys, const char *batch, const char *digest,
    char ret_digest[KEYS_DIGEST], unsigned *ret_count)
{
	int r;

	pthread_mutex_lock(&keys->ring_lock);
	r = ring_stage(keys, batch, digest, ret_digest, ret_count);
	pthread_mutex_unlock(&keys->ring_lock);
	return r;
}

static int
ring_identity(struct keys *keys, const char *batch, const char *digest, unsigned index,
    struct age_identity **ret)
{
	static const uint8_t unknown[32];
	struct ring *ring;
	int r = load(keys, batch, digest, &ring);

	if (r < 0)
		return r;
	if (index >= ring->count)
		return -ENOENT;
	*ret = &ring->ids[index];
	if (memcmp((*ret)->public, unknown, sizeof(unknown)) == 0)
		return age_identity_derive(*ret);
	return 0;
}

int
keys_ring_identity(struct keys *keys, const char *batch, const char *digest, unsigned index,
    struct age_identity *ret)
{
	struct age_identity *id;
	int r;

	pthread_mutex_lock(&keys->ring_lock);
	r = ring_identity(keys, batch, digest, index, &id);
	if (r == 0)
		*ret = *id;
	pthread_mutex_unlock(&keys->ring_lock);
	return r;
}

int
keys_ring_recipient(struct keys *keys, const char *batch, const char *digest, unsigned index,
    uint8_t ret_public[32])
{
	struct age_identity *id;
	int r;

	pthread_mutex_lock(&keys->ring_lock);
	r = ring_identity(keys, batch, digest, index, &id);
	if (r == 0)
		memcpy(ret_public, id->public, 32);
	pthread_mutex_unlock(&keys->ring_lock);
	return r;
}
