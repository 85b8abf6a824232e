/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Search, view, export. Each is an event before anything leaves: a search names the pages it
 * showed, a view is logged once per session and page (architecture §2.7; G6-30). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "evidence.h"
#include "export_guide.h"
#include "memfd.h"
#include "recognise.h"
#include "secret.h"
#include "session.h"
#include "store_bus.h"
#include "text.h"

#define SEARCH_LIMIT 20
#define SEARCH_LIMIT_MAX 500
#define EXPORT_MAX 50 /* documents in one request */

static int
decide_payload_search(struct txn *txn, void *arg)
{
	return txn_event(txn, "search", json_incref((json_t *)arg));
}

static int
decide_payload_export(struct txn *txn, void *arg)
{
	return txn_event(txn, "export", json_incref((json_t *)arg));
}

static int
commit_payload(struct call *call, decide_fn decide, json_t *payload)
{
	int r = payload == NULL ? -ENOMEM : call_commit(call, decide, payload);

	json_decref(payload);
	return r;
}

/* ---- search ---- */

/* The event names what was shown; those thumbnails need no further view event in this session. */
static int
log_search(struct call *call, const char *query)
{
	json_t *hits = json_array(), *hit;
	char what[32];
	size_t i;
	int r;

	json_array_foreach(json_object_get(call->result, "hits"), i, hit)
	    json_array_append_new(hits,
		json_pack("[O,O]", json_object_get(hit, "document"), json_object_get(hit, "page")));
	r = commit_payload(call, decide_payload_search,
	    json_pack("{s:s,s:O,s:o}", "query", query, "total",
		json_object_get(call->result, "total"), "hits", hits));
	if (r < 0)
		return r;
	json_array_foreach(json_object_get(call->result, "hits"), i, hit)
	{
		const char *page = json_string_value(json_object_get(hit, "page_id"));

		snprintf(what, sizeof(what), "%s/thumb", page != NULL ? page : "");
		session_note_view(call->store->sessions, call->actor.session, what);
	}
	return 0;
}

static int
act_search(struct call *call)
{
	const char *query = call->args[1].text;
	unsigned limit = call->args[2].u;
	_cleanup_(loan_end) struct loan loan = {0};
	int r;

	if (limit == 0)
		limit = SEARCH_LIMIT;
	if (limit > SEARCH_LIMIT_MAX)
		limit = SEARCH_LIMIT_MAX;
	if (utf8_length(query) > SEARCH_MAX_QUERY)
		return refuse(&call->refusal, "query_too_long");
	loan = loan_start(call->store);
	r = loan.cat == NULL
		? -EIO
		: catalogue_search(loan.cat, query, limit, call->args[3].u, &call->result);
	loan_end(&loan);
	if (r == -EINVAL)
		return refuse(&call->refusal, "empty_query");
	if (r == -E2BIG)
		return refuse(&call->refusal, "query_too_long");
	return r < 0 ? r : log_search(call, query);
}

/* ---- view ---- */

static int
act_show(struct call *call)
{
	const char *id = call->args[1].text;
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	int r;

	r = loan.cat == NULL ? -EIO : catalogue_show_json(loan.cat, id, &call->result);
	loan_end(&loan);
	r = refuse_absent(&call->refusal, r, "not_found", id);
	if (r < 0)
		return r;
	return call_note_view(call, id, json_pack("{s:s,s:s}", "document", id, "kind", "record"));
}

static const struct {
	const char *kind, *type, *suffix;
} kinds[] = {
    {"master", "image/tiff", "tif"},
    {"preview", "image/jpeg", "jpg"},
    {"thumb", "image/jpeg", "jpg"},
    {"text", "text/plain; charset=utf-8", "txt"},
    {"alto", "application/xml", "xml"},
    {"lines", "application/json", "json"},
};

/* Takes text, which is freed; NULL: no memory. */
static int
give_text(char *text, uint8_t **ret, size_t *ret_size)
{
	if (text == NULL)
		return -ENOMEM;
	*ret_size = strlen(text);
	*ret = secret_new(*ret_size + 1);
	if (*ret != NULL)
		memcpy(*ret, text, *ret_size);
	free(text);
	return *ret != NULL ? 0 : -ENOMEM;
}

static int
read_text(struct call *call, const struct catalogue_page *page, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	char *text = NULL;
	int r = loan.cat == NULL ? -EIO : catalogue_page_text(loan.cat, page->page, &text);

	return r < 0 ? r : give_text(text, ret, ret_size);
}

static int
read_lines(struct call *call, const struct catalogue_page *page, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	_cleanup_(json_decrefp) json_t *lines = NULL;
	int r = loan.cat == NULL ? -EIO : catalogue_lines_json(loan.cat, page->page, &lines);

	return r < 0 ? r : give_text(json_dumps(lines, JSON_COMPACT), ret, ret_size);
}

/* A page that nobody corrected needs no ocr room for its ALTO. */
static bool
is_corrected(struct call *call, const struct catalogue_page *page)
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	_cleanup_(json_decrefp) json_t *list = NULL;

	return loan.cat != NULL && catalogue_corrections(loan.cat, page->page, &list) >= 0 &&
	       json_array_size(list) > 0;
}

static int
read_corrected_alto(
    struct call *call, const struct catalogue_page *page, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(memview_free) struct memview view = {0};
	_cleanup_(closep) int fd = -1;
	int r = recognise_alto(call->store, page, &call->refusal, &fd);

	if (r >= 0)
		r = memfd_view(fd, MEMFD_MAX, &view);
	if (r < 0)
		return r;
	*ret = secret_new(view.size + 1);
	if (*ret == NULL)
		return -ENOMEM;
	memcpy(*ret, view.data, view.size);
	*ret_size = view.size;
	return 0;
}

/* Opens the object behind a kind of view; a page not read yet has only its master. */
static int
read_kind(struct call *call, const struct catalogue_page *page, const char *kind, uint8_t **ret,
    size_t *ret_size)
{
	const char *id = strcmp(kind, "master") == 0    ? page->master
			 : strcmp(kind, "preview") == 0 ? page->preview
			 : strcmp(kind, "thumb") == 0   ? page->thumb
							: page->alto;

	if (strcmp(kind, "text") == 0)
		return read_text(call, page, ret, ret_size);
	if (strcmp(kind, "lines") == 0)
		return read_lines(call, page, ret, ret_size);
	if (id[0] == '\0')
		return refuse(&call->refusal, "not_read_yet");
	if (strcmp(kind, "alto") == 0 && is_corrected(call, page))
		return read_corrected_alto(call, page, ret, ret_size);
	return store_object(call->store, page->batch, page->key, id, ret, ret_size);
}

static int
send_page(struct call *call, const struct catalogue_page *page, const char *kind)
{
	_cleanup_(secret_freep) uint8_t *data = NULL;
	const char *what_kind = strcmp(kind, "thumb") == 0 ? "thumb" : "page";
	const bool filed = page->document[0] != '\0' && page->n != 0;
	char what[32], name[64];
	size_t size, k;
	int r;

	for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++)
		if (strcmp(kinds[k].kind, kind) == 0)
			break;
	if (k == sizeof(kinds) / sizeof(kinds[0]))
		return refuse(&call->refusal, "bad_parameter");
	r = read_kind(call, page, kind, &data, &size);
	if (r < 0)
		return r;
	snprintf(what, sizeof(what), "%s/%s", page->page, what_kind);
	r = call_note_view(call, what,
	    json_pack("{s:s,s:i,s:s}", filed ? "document" : "batch",
		filed ? page->document : page->batch, "page", (int)(filed ? page->n : page->seq),
		"kind", kind));
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "%s-%u.%s", filed ? page->document : page->batch,
	    filed ? page->n : page->seq, kinds[k].suffix);
	call->result = json_pack("{s:s,s:s,s:i,s:i,s:s}", "type", kinds[k].type, "name", name,
	    "width", (int)page->width, "height", (int)page->height, "sha256",
	    strcmp(kind, "master") == 0 ? page->tiff_sha256 : "");
	return call_add_data(call, name, data, size);
}

/* Page number args[2] of the document or batch args[1], shown as kind args[3]. */
static int
show_page(struct call *call,
    int (*find)(struct catalogue *cat, const char *id, unsigned n, struct catalogue_page *ret))
{
	_cleanup_(loan_end) struct loan loan = loan_start(call->store);
	struct catalogue_page page;
	int r;

	r = loan.cat == NULL ? -EIO : find(loan.cat, call->args[1].text, call->args[2].u, &page);
	loan_end(&loan);
	return r < 0 ? r : send_page(call, &page, call->args[3].text);
}

static int
act_page(struct call *call)
{
	return show_page(call, catalogue_page_of_document);
}

static int
act_batch_page(struct call *call)
{
	return show_page(call, catalogue_page_of_batch);
}

/* ---- export ---- */

struct export
{
	struct call *call;
	const char *document;
	char prefix[ID_TEXT + 1]; /* "" for one document, "D000001/" for several */
	struct catalogue_document state;
	double until; /* for all PDFs together */
};

static int
add_export(struct export *e, const char *name, const void *data, size_t n)
{
	char path[80];

	snprintf(path, sizeof(path), "%s%s", e->prefix, name);
	return call_add_data(e->call, path, data, n);
}

static int
add_object(struct export *e, const char *name, const char *id)
{
	_cleanup_(secret_freep) uint8_t *data = NULL;
	size_t size;
	int r;

	r = store_object(e->call->store, e->state.batch, e->state.evidence_key, id, &data, &size);
	return r < 0 ? r : add_export(e, name, data, size);
}

/* Everything that stock openssl needs to check the signature and the time (architecture §5). */
static int
export_evidence(struct export *e)
{
	struct store *store = e->call->store;
	const char *ca = ca_certificate_pem(store->ca);
	_cleanup_(secret_freep) uint8_t *tsr = NULL;
	_cleanup_(freep) char *certs = NULL;
	struct bytes token = {0};
	size_t size;
	int r;

	if (strcmp(e->state.state, "confirmed") != 0)
		return refuse_detail(&e->call->refusal, "not_confirmed", e->document);
	r = add_object(e, "manifest.json", e->state.manifest);
	if (r >= 0)
		r = add_object(e, "manifest.json.p7s", e->state.signature);
	if (r >= 0)
		r = add_object(e, "signature.bin", e->state.value);
	if (r >= 0)
		r = add_export(e, "ca.pem", ca, strlen(ca));
	if (r >= 0 && e->state.stamped) {
		r = store_object(
		    store, e->state.batch, e->state.token_key, e->state.token, &tsr, &size);
		if (r >= 0)
			r = evidence_tsr_token(tsr, size, &token, &certs);
		if (r >= 0)
			r = add_export(e, "timestamp.tsr", tsr, size);
		if (r >= 0 && certs != NULL)
			r = add_export(e, "tsa-certificates.pem", certs, strlen(certs));
		if (r >= 0 && store->tsa_trust_pem != NULL)
			r = add_export(
			    e, "tsa-ca.pem", store->tsa_trust_pem, strlen(store->tsa_trust_pem));
		free(token.data);
	}
	if (r >= 0)
		r = add_export(e, "VERIFY.txt", export_guide, strlen(export_guide));
	return r;
}

static int
export_pdf(struct export *e)
{
	_cleanup_(freep) struct catalogue_page *pages = NULL;
	struct store *store = e->call->store;
	char name[32], created[TIME_TEXT_SIZE];
	json_t *fields = NULL;
	struct composition wanted = {.created = created, .until = e->until};
	size_t n = 0;
	int r, pdf;

	{
		_cleanup_(loan_end) struct loan loan = loan_start(store);

		r = loan.cat == NULL ? -EIO
				     : catalogue_document_pages(loan.cat, e->document, &pages, &n);
		if (r >= 0)
			r = catalogue_fields(loan.cat, e->document, &fields);
	}
	if (r >= 0 && n == 0)
		r = refuse(&e->call->refusal, "batch_empty");
	if (r < 0)
		return r;
	wanted.title = json_string_value(json_object_get(fields, "title"));
	if (wanted.title == NULL)
		wanted.title = e->document;
	time_format(time_now_ms(), created);
	r = recognise_compose(store, pages, n, &wanted, &e->call->refusal, &pdf);
	json_decref(fields);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "%s.pdf", e->document);
	return call_add_file(e->call, name, pdf);
}

static int
export_one(struct export *e, bool pdf)
{
	_cleanup_(loan_end) struct loan loan = loan_start(e->call->store);
	int r;

	r = loan.cat == NULL ? -EIO : catalogue_document(loan.cat, e->document, &e->state);
	loan_end(&loan);
	r = refuse_absent(&e->call->refusal, r, "not_found", e->document);
	if (r < 0)
		return r;
	return pdf ? export_pdf(e) : export_evidence(e);
}

static int
act_export(struct call *call)
{
	const struct arg *ids = &call->args[1];
	const char *kind = call->args[2].text;
	const bool pdf = strcmp(kind, "pdf") == 0;
	const double until = clock_seconds() + STORE_PDF_S;
	json_t *list = json_array();
	int r = 0;

	if (ids->n == 0 || ids->n > EXPORT_MAX || (!pdf && strcmp(kind, "evidence") != 0))
		r = refuse(&call->refusal, "bad_parameter");
	for (size_t i = 0; r >= 0 && i < ids->n; i++) {
		struct export e = {.call = call, .document = ids->list[i], .until = until};

		if (ids->n > 1 && !pdf)
			snprintf(e.prefix, sizeof(e.prefix), "%.12s/", ids->list[i]);
		json_array_append_new(list, json_string(ids->list[i]));
		r = export_one(&e, pdf);
	}
	if (r >= 0)
		r = commit_payload(call, decide_payload_export,
		    json_pack("{s:O,s:s}", "documents", list, "kind", kind));
	if (r >= 0)
		call->result = json_pack("{s:O,s:s}", "documents", list, "kind", kind);
	json_decref(list);
	return r;
}

const struct act acts_find[] = {
    {"Search", ACTION_SEARCH, act_search, 0},
    {"Show", ACTION_VIEW, act_show, 0},
    {"Page", ACTION_VIEW, act_page, ACT_SLOW_ALTO},
    {"BatchPage", ACTION_VIEW, act_batch_page, ACT_SLOW_ALTO},
    {"Export", ACTION_EXPORT, act_export, ACT_SLOW},
    {NULL},
};
