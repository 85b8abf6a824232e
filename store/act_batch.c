/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Work on a batch that is still open: look, exclude, rotate, cut, submit. Nothing the scanner made
 * is ever lost: G91-15. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "intake.h"
#include "session.h"
#include "recognise.h"

#define LONG_POLL_S 20
#define LONG_POLLS_MAX 12 /* of the threads that serve people */
#define LIST_MAX 500

static unsigned long_polls; /* threads that wait in BatchShow */

/* What the batch looks like now. */
static int
read_batch(struct call *call, const char *id, json_t **ret)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);

	return loan.cat == NULL ? -EIO : catalogue_batch_json(loan.cat, id, ret);
}

static int
act_batch_show(struct call *call)
{
	const char *id = call->args[1].text;
	const uint64_t want = call->args[2].t;
	const double until = clock_seconds() + LONG_POLL_S;
	uint64_t mark;
	int r;

	intake_retry_ends(call->store);
	mark = store_changes(call->store);
	r = read_batch(call, id, &call->result);
	/* thumbnails and recognised proposals: a view, logged once per session (architecture §2.7)
	 */
	if (r >= 0)
		r = call_note_view(call, id, json_pack("{s:s,s:s}", "batch", id, "kind", "batch"));
	if (r < 0 || want == 0 ||
	    __atomic_fetch_add(&long_polls, 1, __ATOMIC_RELAXED) >= LONG_POLLS_MAX) {
		if (r >= 0 && want != 0)
			__atomic_fetch_sub(&long_polls, 1, __ATOMIC_RELAXED);
		return r;
	}
	while (r >= 0) {
		const double left = until - clock_seconds();
		uint64_t seen;

		if (left <= 0 ||
		    (uint64_t)json_integer_value(json_object_get(call->result, "change")) != want)
			break;
		seen = store_wait_change(call->store, mark, (unsigned)(left * 1000));
		if (seen == mark)
			break;
		mark = seen;
		json_decref(call->result);
		call->result = NULL;
		r = read_batch(call, id, &call->result);
	}
	__atomic_fetch_sub(&long_polls, 1, __ATOMIC_RELAXED);
	return r;
}

static int
act_batch_list(struct call *call)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	const unsigned limit =
	    call->args[2].u == 0 || call->args[2].u > LIST_MAX ? LIST_MAX : call->args[2].u;

	return loan.cat == NULL
		   ? -EIO
		   : catalogue_batches_json(loan.cat, call->args[1].text, limit, &call->result);
}

/* The batch, if it may still be changed. */
static int
changeable(struct txn *txn, const char *id, struct catalogue_batch *ret)
{
	const int r =
	    refuse_absent(txn->refusal, catalogue_batch(txn->cat, id, ret), "not_found", id);

	if (r < 0)
		return r;
	if (ret->running)
		return refuse(txn->refusal, "batch_running");
	if (strcmp(ret->state, "submitted") == 0)
		return refuse(txn->refusal, "batch_submitted");
	return 0;
}

struct page_change {
	const char *batch, *reason;
	unsigned seq;
	bool on;
	int degrees;
	char page[ID_TEXT];
};

/* As changeable(), of one page. */
static int
changeable_page(struct txn *txn, const struct page_change *c, struct catalogue_page *ret)
{
	struct catalogue_batch batch;
	int r = changeable(txn, c->batch, &batch);

	if (r < 0)
		return r;
	return refuse_absent(txn->refusal, catalogue_page_of_batch(txn->cat, c->batch, c->seq, ret),
	    "not_found", NULL);
}

static int
decide_exclude(struct txn *txn, void *arg)
{
	const struct page_change *c = arg;
	struct catalogue_page page;
	int r = changeable_page(txn, c, &page);

	if (r < 0)
		return r;
	if (page.excluded == c->on)
		return 0;
	return txn_event(txn, "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", c->batch, "page", page.page, "on", c->on,
		"reason", c->reason));
}

static int
act_batch_exclude(struct call *call)
{
	struct page_change c = {
	    .batch = call->args[1].text,
	    .seq = call->args[2].u,
	    .on = strcmp(call->args[3].text, "include") != 0,
	    .reason = call->args[4].text,
	};

	if (strcmp(call->args[3].text, "exclude") != 0 &&
	    strcmp(call->args[3].text, "include") != 0)
		return refuse(&call->refusal, "bad_parameter");
	return call_commit(call, decide_exclude, &c);
}

static int
decide_rotate(struct txn *txn, void *arg)
{
	struct page_change *c = arg;
	struct catalogue_page page;
	int r = changeable_page(txn, c, &page);

	if (r < 0)
		return r;
	memcpy(c->page, page.page, sizeof(c->page));
	c->degrees = ((c->degrees + (int)page.asked_rotation) % 360 + 360) % 360;
	return txn_event(txn, "page.rotate",
	    json_pack(
		"{s:s,s:s,s:i}", "batch", c->batch, "page", page.page, "degrees", c->degrees));
}

static int
act_batch_rotate(struct call *call)
{
	struct page_change c = {
	    .batch = call->args[1].text, .seq = call->args[2].u, .degrees = call->args[3].i};
	int r;

	if (c.degrees % 90 != 0)
		return refuse(&call->refusal, "bad_parameter");
	c.degrees %= 360;
	r = call_commit(call, decide_rotate, &c);
	/* the turned preview may come later: the page is turned in the record already */
	if (r >= 0)
		recognise_turn(call->store, c.page);
	return r;
}

struct cut {
	const char *batch;
	unsigned seq;
	json_t *documents; /* answer */
};

/* Splits the draft that holds seq: pages before it stay, it and the following of the same document
 * become a new one. */
static int
decide_cut(struct txn *txn, void *arg)
{
	struct cut *c = arg;
	struct catalogue_batch batch;
	struct catalogue_page at, page;
	json_t *head = json_array(), *tail = json_array();
	char new[ID_TEXT];
	int r;

	r = changeable(txn, c->batch, &batch);
	if (r >= 0)
		r = refuse_absent(txn->refusal,
		    catalogue_page_of_batch(txn->cat, c->batch, c->seq, &at), "not_found", NULL);
	if (r >= 0 && at.document[0] == '\0')
		r = refuse(txn->refusal, "not_found");
	for (unsigned seq = 1; r >= 0 && seq <= batch.pages; seq++) {
		r = catalogue_page_of_batch(txn->cat, c->batch, seq, &page);
		if (r >= 0 && strcmp(page.document, at.document) == 0)
			json_array_append_new(seq < c->seq ? head : tail, json_string(page.page));
	}
	if (r >= 0 && json_array_size(head) == 0)
		r = refuse(txn->refusal, "bad_parameter");
	if (r >= 0)
		r = catalogue_next_document(txn->cat, 0, new);
	if (r >= 0) {
		c->documents = json_pack("[{s:s,s:O,s:b},{s:s,s:O,s:b}]", "document", at.document,
		    "pages", head, "new", 0, "document", new, "pages", tail, "new", 1);
		r = txn_event(txn, "batch.cut",
		    json_pack("{s:s,s:O}", "batch", c->batch, "documents", c->documents));
	}
	json_decref(head);
	json_decref(tail);
	return r;
}

static int
act_batch_cut(struct call *call)
{
	struct cut c = {.batch = call->args[1].text, .seq = call->args[2].u};
	int r = call_commit(call, decide_cut, &c);

	if (r >= 0)
		call->result = json_pack("{s:O}", "documents", c.documents);
	json_decref(c.documents);
	return r;
}

/*
 * What a record needs before somebody may confirm it: whose it is, and when it was made or received
 * (G91-12, G92-01). A type that nobody chose is "other", and the log says so.
 */
static int
complete_fields(struct txn *txn, const char *document)
{
	json_t *fields = NULL;
	const char *missing = NULL;
	bool typed;
	int r;

	r = catalogue_fields(txn->cat, document, &fields);
	if (r < 0)
		return r;
	if (json_object_get(fields, "client_name") == NULL &&
	    json_object_get(fields, "client_id") == NULL)
		missing = "client_name";
	else if (json_object_get(fields, "date") == NULL &&
		 json_object_get(fields, "received") == NULL)
		missing = "date";
	typed = json_object_get(fields, "type") != NULL;
	json_decref(fields);
	if (missing != NULL) {
		char detail[64];

		snprintf(detail, sizeof(detail), "%s %s", document, missing);
		return refuse_detail(txn->refusal, "fields_missing", detail);
	}
	if (typed)
		return 0;
	return txn_event(txn, "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", document, "fields", "type", "other"));
}

struct submit {
	const char *batch;
	json_t *documents;
};

static int
decide_submit(struct txn *txn, void *arg)
{
	struct submit *s = arg;
	struct catalogue_batch batch;
	struct catalogue_document document;
	json_t *ids = NULL, *id;
	size_t i;
	int r;

	r = changeable(txn, s->batch, &batch);
	if (r >= 0)
		r = catalogue_documents_of_batch(txn->cat, s->batch, &ids);
	if (r < 0)
		return r;
	s->documents = json_array();
	json_array_foreach(ids, i, id)
	{
		r = catalogue_document(txn->cat, json_string_value(id), &document);
		if (r < 0 || document.pages == 0)
			continue;
		r = complete_fields(txn, document.document);
		if (r < 0)
			break;
		json_array_append(s->documents, id);
	}
	json_decref(ids);
	if (r >= 0 && json_array_size(s->documents) == 0)
		r = refuse(txn->refusal, "batch_empty");
	if (r < 0)
		return r;
	return txn_event(txn, "batch.submit",
	    json_pack("{s:s,s:O}", "batch", s->batch, "documents", s->documents));
}

static int
act_batch_submit(struct call *call)
{
	struct submit s = {.batch = call->args[1].text};
	json_t *documents = json_array(), *id;
	size_t i;
	int r;

	intake_retry_ends(call->store);
	r = call_commit(call, decide_submit, &s);

	json_array_foreach(s.documents, i, id) json_array_append_new(
	    documents, json_pack("{s:O,s:s}", "id", id, "state", "submitted"));
	json_decref(s.documents);
	if (r >= 0)
		call->result = json_pack("{s:s,s:O}", "batch", s.batch, "documents", documents);
	json_decref(documents);
	return r;
}

const struct act acts_batch[] = {
    {"BatchList", ACTION_VIEW, act_batch_list, 0},
    {"BatchShow", ACTION_VIEW, act_batch_show, 0},
    {"BatchSubmit", ACTION_SUBMIT, act_batch_submit, 0},
    {"BatchExclude", ACTION_EDIT, act_batch_exclude, 0},
    {"BatchRotate", ACTION_EDIT, act_batch_rotate, 0},
    {"BatchCut", ACTION_EDIT, act_batch_cut, 0},
    {NULL},
};
