/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The end of a run: its pages become documents, its waiter is told, what was not committed is
 * removed; and what a restart interrupted. Ends that cannot be recorded are intake_retry.c's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <time.h>

#include "intake_internal.h"
#include "log.h"

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
		r = run_add_page(txn, p, e->run->batch);
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

/* Takes the run out of the table, so that another may begin. Harmless when repeated. */
static void
unlist(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	for (struct run **p = &runs->list; *p != NULL; p = &(*p)->next)
		if (*p == run) {
			*p = run->next;
			runs->count--;
			pthread_cond_broadcast(&runs->changed);
			break;
		}
	while (run->busy > 0)
		pthread_cond_wait(&runs->changed, &runs->lock);
	pthread_mutex_unlock(&runs->lock);
}

static void
forget(struct run *run)
{
	unlist(run);
	for (struct sealed_page *p = run->sealed, *next; p != NULL; p = next) {
		next = p->next;
		if (!run->committed)
			objects_unlink(run->store->objects, p->object);
		sealed_page_free(p);
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
	/* before anybody can read that it ended: who reads it may begin the next at once */
	unlist(run);
	r = writer_commit(run->store->writer, &run->actor, NULL, decide_end, &e);
	if (r < 0) {
		struct refusal why;

		log_errno(r, "intake: %s: cannot record the end of the run yet", run->job);
		refuse_text(&why, code, ja, en);
		run_remember_end(run->store, run->batch, &run->actor, &why, r);
	}
	forget(run);
	return r;
}

int
run_record_end(
    struct store *store, const char *batch, const struct actor *actor, const struct refusal *why)
{
	struct run none = {.store = store, .actor = *actor};
	struct ending e = {.run = &none, .code = why->code, .ja = why->ja, .en = why->en};

	snprintf(none.batch, sizeof(none.batch), "%s", batch);
	return writer_commit(store->writer, &none.actor, NULL, decide_end, &e);
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
	if (reversed == NULL) /* a file without a page is no good file, whatever the room says */
		return refuse(refusal, "corrupt");
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
		/* one that cannot be recorded now is tried again, and keeps nobody out */
		run_finish_scan(run, text.code, text.ja, text.en);
	}
	return r;
}
