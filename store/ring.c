/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Hands out page keys. Knows nothing of pages. */
#include <errno.h>
#include <string.h>

#include "ring.h"

#define REFILL_AT 16 /* keys left when a ring is refilled: more than pages in flight */
/*
 * Batches whose next key is remembered. A batch that is forgotten while pages of it are sealed but
 * not committed would hand out their keys again: between two pages of one import fewer than so many
 * other batches can ask for a key.
 */
#define OPEN_RINGS 1024

/* One lock for all: opening and refilling are rare and short. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct open_ring {
	char batch[ID_TEXT];
	unsigned next, used_at;
} rings[OPEN_RINGS];
static unsigned clock_tick;

struct opening {
	char batch[ID_TEXT], sha256[KEYS_DIGEST];
	unsigned count;
	json_t *payload, *run;
};

static int
decide_open(struct txn *txn, void *arg)
{
	struct opening *o = arg;
	char next[ID_TEXT];
	int r;

	r = catalogue_next_batch(txn->cat, next);
	if (r < 0)
		return r;
	if (strcmp(next, o->batch) != 0)
		return -EAGAIN;
	json_object_set_new(o->payload, "batch", json_string(o->batch));
	json_object_set_new(o->payload, "ring",
	    json_pack("{s:s,s:i}", "sha256", o->sha256, "count", (int)o->count));
	r = txn_event(txn, "batch.open", json_incref(o->payload));
	if (r < 0 || o->run == NULL)
		return r;
	json_object_set_new(o->run, "batch", json_string(o->batch));
	return txn_event(txn, "batch.run", json_incref(o->run));
}

static int
open_locked(
    struct store *store, const struct actor *actor, struct refusal *refusal, struct opening *o)
{
	char name[64];
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_next_batch(loan.cat, o->batch);
	}
	if (r < 0)
		return r;
	r = keys_ring_stage(store->keys, o->batch, NULL, o->sha256, &o->count);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "rings/%s.age", o->batch);
	r = writer_commit(store->writer, actor, refusal, decide_open, o);
	if (r < 0) {
		keys_unstage(store->keys, name);
		return r;
	}
	return keys_settle(store->keys, name);
}

int
ring_open_batch(struct store *store, const struct actor *actor, struct refusal *refusal,
    json_t *payload, json_t *run, char ret_batch[ID_TEXT])
{
	struct opening o = {.payload = payload, .run = run};
	int r;

	pthread_mutex_lock(&lock);
	r = payload == NULL ? -ENOMEM : open_locked(store, actor, refusal, &o);
	pthread_mutex_unlock(&lock);
	json_decref(payload);
	json_decref(run);
	if (r >= 0)
		memcpy(ret_batch, o.batch, sizeof(o.batch));
	return r;
}

struct refill {
	const char *batch;
	char sha256[KEYS_DIGEST];
	unsigned count;
};

static int
decide_refill(struct txn *txn, void *arg)
{
	const struct refill *f = arg;

	return txn_event(txn, "batch.ring",
	    json_pack(
		"{s:s,s:s,s:i}", "batch", f->batch, "sha256", f->sha256, "count", (int)f->count));
}

static int
refill(struct store *store, struct catalogue_batch *batch)
{
	struct refill f = {.batch = batch->batch};
	char name[64];
	int r;

	r = keys_ring_stage(store->keys, batch->batch, batch->ring_sha256, f.sha256, &f.count);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "rings/%s.age", batch->batch);
	r = writer_commit(store->writer, &actor_system, NULL, decide_refill, &f);
	if (r < 0) {
		keys_unstage(store->keys, name);
		return r;
	}
	memcpy(batch->ring_sha256, f.sha256, sizeof(batch->ring_sha256));
	batch->ring_count = f.count;
	return keys_settle(store->keys, name);
}

/* The memory of a batch's next key: found, or made in the place of the one used longest ago. */
static struct open_ring *
remember(const struct catalogue_batch *batch)
{
	struct open_ring *oldest = &rings[0];

	for (int i = 0; i < OPEN_RINGS; i++) {
		if (strcmp(rings[i].batch, batch->batch) == 0)
			return &rings[i];
		if (rings[i].used_at < oldest->used_at)
			oldest = &rings[i];
	}
	memcpy(oldest->batch, batch->batch, sizeof(oldest->batch));
	oldest->next = batch->keys_used;
	return oldest;
}

int
ring_next_key(struct store *store, const char *batch_id, struct ring_key *ret)
{
	struct catalogue_batch batch;
	struct open_ring *ring;
	int r;

	pthread_mutex_lock(&lock);
	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO : catalogue_batch(loan.cat, batch_id, &batch);
	}
	if (r >= 0) {
		ring = remember(&batch);
		ring->used_at = ++clock_tick;
		if (ring->next < batch.keys_used)
			ring->next = batch.keys_used;
		ret->index = ring->next;
		if (ret->index + REFILL_AT >= batch.ring_count)
			r = refill(store, &batch);
		if (r >= 0)
			r = keys_ring_recipient(
			    store->keys, batch_id, batch.ring_sha256, ret->index, ret->recipient);
		if (r >= 0)
			ring->next++;
	}
	pthread_mutex_unlock(&lock);
	return r;
}

int
ring_recipient(struct store *store, const char *batch_id, unsigned index, uint8_t ret_public[32])
{
	_cleanup_(loan_end) struct loan loan = loan_start(store);
	struct catalogue_batch batch;
	int r;

	r = loan.cat == NULL ? -EIO : catalogue_batch(loan.cat, batch_id, &batch);
	return r < 0 ? r
		     : keys_ring_recipient(
			   store->keys, batch_id, batch.ring_sha256, index, ret_public);
}
