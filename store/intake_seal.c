/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One page: sealed to a fresh key, joined to its batch in the order of the feed, committed. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "canon.h"
#include "intake_internal.h"
#include "recognise.h"
#include "ring.h"

void
sealed_page_free(struct sealed_page *page)
{
	if (page != NULL)
		json_decref(page->payload);
	free(page);
}

/* Seals the TIFF: on return the object survives a power cut, but nothing names it yet. */
static int
seal(struct run *run, const struct memview *tiff, unsigned seq, json_t *params,
    struct sealed_page **ret)
{
	struct store *store = run->store;
	struct sealed_page *page = calloc(1, sizeof(*page));
	struct ring_key key;
	char digest[65];
	uint64_t size;
	int r;

	if (page == NULL)
		return -ENOMEM;
	r = ring_next_key(store, run->batch, &key);
	if (r >= 0) {
		canon_sha256(tiff->data, tiff->size, digest);
		r = objects_put(
		    store->objects, key.recipient, tiff->data, tiff->size, page->object, &size);
	}
	if (r >= 0) {
		page->seq = seq;
		page->payload = json_pack("{s:s,s:i,s:{s:s,s:I},s:s,s:I,s:O,s:O}", "batch",
		    run->batch, "key", (int)key.index, "object", "id", page->object, "size",
		    (json_int_t)size, "tiff_sha256", digest, "tiff_size", (json_int_t)tiff->size,
		    "raw_sha256", json_object_get(params, "raw_sha256"), "params", params);
		r = page->payload != NULL ? 0 : -ENOMEM;
	}
	if (r < 0)
		sealed_page_free(page);
	else
		*ret = page;
	return r;
}

/* Makes the page part of its batch: number, id, event. */
int
run_add_page(struct txn *txn, struct sealed_page *page, const char *batch_id)
{
	struct catalogue_batch batch;
	int r;

	r = catalogue_batch(txn->cat, batch_id, &batch);
	if (r >= 0 && strcmp(batch.state, "submitted") == 0)
		return refuse(txn->refusal, "batch_submitted");
	if (r >= 0)
		r = catalogue_next_page(txn->cat, page->page);
	if (r < 0)
		return r;
	json_object_set_new(page->payload, "page", json_string(page->page));
	json_object_set_new(page->payload, "seq", json_integer(batch.pages + 1));
	return txn_event(txn, "page.add", json_incref(page->payload));
}

struct page_commit {
	struct run *run;
	struct sealed_page *page;
};

static int
decide_page(struct txn *txn, void *arg)
{
	const struct page_commit *c = arg;

	return run_add_page(txn, c->page, c->run->batch);
}

/*
 * Pages are sealed side by side but join their batch in the order of the feed. False when an
 * earlier page of the run failed: then no later one may follow, or the batch would have a hole that
 * nobody sees.
 */
static bool
take_turn(struct run *run, unsigned seq)
{
	struct runs *runs = run->store->runs;
	bool whole;

	pthread_mutex_lock(&runs->lock);
	while (run->joined != seq - 1)
		pthread_cond_wait(&runs->changed, &runs->lock);
	whole = !run->broken;
	pthread_mutex_unlock(&runs->lock);
	return whole;
}

static void
pass_turn(struct run *run, unsigned seq, bool good)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	run->joined = seq;
	if (!good)
		run->broken = true;
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
}

int
run_put_page(struct run *run, const struct memview *tiff, unsigned seq, json_t *params,
    struct refusal *refusal, char ret_page[ID_TEXT])
{
	struct store *store = run->store;
	struct page_commit c = {.run = run};
	int r;

	r = tiff == NULL ? -EINVAL : store_check_space(store);
	if (r >= 0)
		r = seal(run, tiff, seq, params, &c.page);
	if (!take_turn(run, seq) && r >= 0)
		r = refuse(refusal, "cancelled");
	if (r >= 0 && run->import) {
		c.page->next = run->sealed;
		run->sealed = c.page;
		snprintf(ret_page, ID_TEXT, "%u", seq);
		c.page = NULL;
	} else if (r >= 0) {
		r = writer_commit(store->writer, &run->actor, refusal, decide_page, &c);
		if (r >= 0)
			memcpy(ret_page, c.page->page, ID_TEXT);
	}
	pass_turn(run, seq, r >= 0);
	if (r >= 0)
		recogniser_disk_takes(store);
	if (r < 0 && c.page != NULL)
		objects_unlink(store->objects, c.page->object);
	sealed_page_free(c.page);
	return r;
}
