/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Runs and the sealing of their pages. The bus side is intake_bus.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "canon.h"
#include "intake_internal.h"
#include "log.h"
#include "ring.h"
#include "text.h"

int
runs_new(struct store *store, struct runs **ret)
{
	struct runs *runs = calloc(1, sizeof(*runs));
	pthread_condattr_t monotonic;

	if (runs == NULL)
		return -ENOMEM;
	pthread_mutex_init(&runs->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&runs->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret = runs;
	return 0;
}

int
run_begin(struct store *store, const char *batch, const struct actor *actor, bool import,
    const char *file, struct run **ret)
{
	struct runs *runs = store->runs;
	struct run *run = calloc(1, sizeof(*run));
	int r = 0;

	if (run == NULL)
		return -ENOMEM;
	run->store = store;
	run->import = import;
	run->actor = *actor;
	snprintf(run->batch, sizeof(run->batch), "%s", batch);
	snprintf(run->file, sizeof(run->file), "%s", file != NULL ? file : "");
	pthread_mutex_lock(&runs->lock);
	for (struct run *other = runs->list; other != NULL; other = other->next)
		if (!import && !other->import)
			r = -EBUSY;
	if (runs->count >= RUN_MAX)
		r = -EBUSY;
	if (r == 0) {
		snprintf(run->job, sizeof(run->job), "%s.%u", batch, ++runs->counter);
		snprintf(run->peer, sizeof(run->peer), import ? "import/%s" : "scanner", run->job);
		run->busy = import ? 0 : 1;
		run->next = runs->list;
		runs->list = run;
		runs->count++;
	}
	pthread_mutex_unlock(&runs->lock);
	if (r < 0)
		free(run);
	else
		*ret = run;
	return r;
}

const char *
run_job(const struct run *run)
{
	return run->job;
}

struct run *
runs_find(struct runs *runs, const char *peer, const char *job)
{
	struct run *run;

	pthread_mutex_lock(&runs->lock);
	for (run = runs->list; run != NULL; run = run->next)
		if (strcmp(run->job, job) == 0 && strcmp(run->peer, peer) == 0 && !run->finished)
			break;
	if (run != NULL)
		run->busy++;
	pthread_mutex_unlock(&runs->lock);
	return run;
}

void
run_release(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	run->busy--;
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
}

bool
run_claim(struct run *run)
{
	struct runs *runs = run->store->runs;
	bool mine;

	pthread_mutex_lock(&runs->lock);
	mine = !run->finished;
	run->finished = true;
	pthread_mutex_unlock(&runs->lock);
	return mine;
}

bool
runs_scanning(struct store *store, const char *batch, char ret_job[RUN_JOB_TEXT])
{
	struct runs *runs = store->runs;
	bool found = false;

	pthread_mutex_lock(&runs->lock);
	for (struct run *run = runs->list; run != NULL; run = run->next)
		if (!run->import && (batch[0] == '\0' || strcmp(run->batch, batch) == 0)) {
			snprintf(ret_job, RUN_JOB_TEXT, "%s", run->job);
			found = true;
		}
	pthread_mutex_unlock(&runs->lock);
	return found;
}

/* ---- one page ---- */

static void
sealed_free(struct sealed_page *page)
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
		sealed_free(page);
	else
		*ret = page;
	return r;
}

/* Makes the page part of its batch: number, id, event. */
static int
add_page(struct txn *txn, struct sealed_page *page, const char *batch_id)
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

	return add_page(txn, c->page, c->run->batch);
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
	if (r < 0 && c.page != NULL)
		objects_unlink(store->objects, c.page->object);
	sealed_free(c.page);
	return r;
}

/* ---- the end of a run ---- */

struct ending {
	struct run *run;
	const char *code, *ja, *en;
	char document[ID_TEXT];
	unsigned pages;
};

/* Pages of the batch that belong to no document yet become one, or follow the batch's last draft
 * when the run went on in an older batch. */
static int
collect_document(struct txn *txn, struct ending *e, json_t *documents)
{
	json_t *pages = json_array(), *existing = NULL;
	struct catalogue_document last = {.state = ""};
	struct catalogue_batch batch;
	struct catalogue_page page;
	bool new = true;
	int r;

	r = catalogue_batch(txn->cat, e->run->batch, &batch);
	for (unsigned seq = 1; r >= 0 && seq <= batch.pages; seq++) {
		r = catalogue_page_of_batch(txn->cat, e->run->batch, seq, &page);
		if (r >= 0 && page.document[0] == '\0')
			json_array_append_new(pages, json_string(page.page));
	}
	if (r >= 0)
		r = catalogue_documents_of_batch(txn->cat, e->run->batch, &existing);
	e->pages = (unsigned)json_array_size(pages);
	if (r < 0 || e->pages == 0) {
		json_decref(pages);
		json_decref(existing);
		return r < 0 ? r : 0;
	}
	if (!e->run->import && json_array_size(existing) > 0) {
		const char *id =
		    json_string_value(json_array_get(existing, json_array_size(existing) - 1));

		if (catalogue_document(txn->cat, id, &last) >= 0 &&
		    strcmp(last.state, "draft") == 0)
			new = false;
	}
	r = new ? catalogue_next_document(txn->cat, 0, e->document) : 0;
	if (!new)
		memcpy(e->document, last.document, sizeof(e->document));
	json_decref(existing);
	if (r >= 0)
		json_array_append_new(documents, json_pack("{s:s,s:O,s:b}", "document", e->document,
						     "pages", pages, "new", new));
	json_decref(pages);
	return r;
}

static int
decide_end(struct txn *txn, void *arg)
{
	struct ending *e = arg;
	json_t *documents = json_array();
	int r;

	for (struct sealed_page *p = e->run->sealed; p != NULL; p = p->next) {
		r = add_page(txn, p, e->run->batch);
		if (r < 0) {
			json_decref(documents);
			return r;
		}
	}
	r = collect_document(txn, e, documents);
	if (r < 0) {
		json_decref(documents);
		return r;
	}
	return txn_event(txn, "batch.end",
	    json_pack("{s:s,s:s,s:s,s:s,s:o}", "batch", e->run->batch, "code", e->code,
		"message_ja", e->ja, "message_en", e->en, "documents", documents));
}

static void
forget(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	for (struct run **p = &runs->list; *p != NULL; p = &(*p)->next)
		if (*p == run) {
			*p = run->next;
			runs->count--;
			break;
		}
	while (run->busy > 0)
		pthread_cond_wait(&runs->changed, &runs->lock);
	pthread_mutex_unlock(&runs->lock);
	for (struct sealed_page *p = run->sealed, *next; p != NULL; p = next) {
		next = p->next;
		if (!run->committed)
			objects_unlink(run->store->objects, p->object);
		sealed_free(p);
	}
	free(run);
}

/* Waits until no page of the run is being stored, so that the end comes after all of them. Lets
 * nobody else in. */
static void
settle(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	run->finished = true;
	while (run->busy > 0)
		pthread_cond_wait(&runs->changed, &runs->lock);
	pthread_mutex_unlock(&runs->lock);
}

int
run_finish_scan(struct run *run, const char *code, const char *ja, const char *en)
{
	struct ending e = {.run = run, .code = code, .ja = ja, .en = en};
	int r;

	settle(run);
	r = writer_commit(run->store->writer, &run->actor, NULL, decide_end, &e);
	if (r < 0)
		log_errno(r, "intake: %s: cannot record the end of the run", run->job);
	forget(run);
	return r;
}

int
run_wait(struct run *run, unsigned timeout_s, struct refusal *refusal)
{
	struct runs *runs = run->store->runs;
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_s;
	pthread_mutex_lock(&runs->lock);
	while (run->end.code[0] == '\0')
		if (pthread_cond_timedwait(&runs->changed, &runs->lock, &until) == ETIMEDOUT)
			break;
	run->finished = true;
	while (run->busy > 0)
		pthread_cond_wait(&runs->changed, &runs->lock);
	if (run->end.code[0] == '\0')
		refuse(&run->end, "timed_out");
	*refusal = run->end;
	pthread_mutex_unlock(&runs->lock);
	return strcmp(refusal->code, "ok") == 0 ? 0 : -ECANCELED;
}

void
run_set_end(struct run *run, const char *code, const char *ja, const char *en)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	if (run->end.code[0] == '\0')
		refuse_text(&run->end, code, ja, en);
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
}

int
run_commit_import(
    struct run *run, struct refusal *refusal, char ret_document[ID_TEXT], unsigned *ret_pages)
{
	struct ending e = {.run = run, .code = "ok", .ja = "", .en = ""};
	struct sealed_page *reversed = NULL;
	int r;

	/* sealed is newest first; events go in page order */
	for (struct sealed_page *p = run->sealed, *next; p != NULL; p = next) {
		next = p->next;
		p->next = reversed;
		reversed = p;
	}
	run->sealed = reversed;
	r = writer_commit(run->store->writer, &run->actor, refusal, decide_end, &e);
	if (r < 0)
		return r;
	run->committed = true;
	memcpy(ret_document, e.document, ID_TEXT);
	*ret_pages = e.pages;
	return 0;
}

void
run_end(struct run *run)
{
	settle(run);
	forget(run);
}

/* ---- at start ---- */

struct running {
	char batch[RUN_MAX][ID_TEXT];
	unsigned n;
};

static int
note_running(void *ctx, const char *batch)
{
	struct running *list = ctx;

	if (list->n < RUN_MAX)
		snprintf(list->batch[list->n++], ID_TEXT, "%s", batch);
	return 0;
}

int
intake_recover(struct store *store)
{
	struct running list = {.n = 0};
	struct refusal text;
	int r;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO
				     : catalogue_running_batches(loan.cat, note_running, &list);
	}
	refuse(&text, "interrupted");
	for (unsigned i = 0; r >= 0 && i < list.n; i++) {
		struct run *run;

		r = run_begin(store, list.batch[i], &actor_system, false, NULL, &run);
		if (r < 0)
			break;
		run_claim(run);
		run_release(run);
		r = run_finish_scan(run, text.code, text.ja, text.en);
	}
	return r;
}
