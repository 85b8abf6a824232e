/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people say of places on a page. Corrections: text that was misread, as it stands on the
 * paper. Redacted PDFs: what is handed out without what somebody may not see. Boxes are given by
 * the person, or found for a field: where its value was read beside its label, and wherever its
 * words stand in any reading. What no reading found (handwriting) cannot be hidden by name: a field
 * that is found nowhere is refused, and the answer counts the boxes of every page.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call.h"
#include "clock.h"
#include "memfd.h"
#include "recognise.h"
#include "search.h"
#include "store_bus.h"
#include "text.h"

#define REDACT_MAX 5000     /* boxes of one document; ocr takes no more */
#define CORRECTION_MAX 1000 /* bytes of one line */

struct redacting {
	struct call *call;
	const char *document;
	struct catalogue *cat; /* lent to resolve() */
	struct catalogue_page *pages;
	size_t n_pages;
	json_t *fields;
	struct redaction *list;
	size_t n;
};

static int
bad(struct redacting *x, const char *code, const char *detail)
{
	return refuse_detail(&x->call->refusal, code, detail);
}

static int
add_box(struct redacting *x, size_t page, struct redaction b)
{
	const struct catalogue_page *p = &x->pages[page];

	b.page = (uint32_t)page;
	if (b.w == 0 || b.h == 0 || (p->width > 0 && (b.x >= p->width || b.y >= p->height)))
		return bad(x, "bad_parameter", x->document);
	if (x->n >= REDACT_MAX)
		return bad(x, "too_many_places", x->document);
	if (x->n % 64 == 0) {
		struct redaction *all = reallocarray(x->list, x->n + 64, sizeof(*all));

		if (all == NULL)
			return -ENOMEM;
		x->list = all;
	}
	x->list[x->n++] = b;
	return 0;
}

/* From the page as a person turned it back to the page as it was read. */
static struct redaction
unturned(struct redaction b, const struct catalogue_page *p)
{
	switch (p->asked_rotation) {
	case 90:
		return (struct redaction){0, b.y, p->height - b.x - b.w, b.h, b.w};
	case 180:
		return (struct redaction){0, p->width - b.x - b.w, p->height - b.y - b.h, b.w, b.h};
	case 270:
		return (struct redaction){0, p->width - b.y - b.h, b.x, b.h, b.w};
	default:
		return b;
	}
}

/* "2:100,200,300,50": a page and a box in its pixels, as Show gives its width and height. */
static int
box_by_hand(struct redacting *x, const char *text)
{
	unsigned page, v[4];
	int end = 0;
	struct redaction b;
	const struct catalogue_page *p;

	if (sscanf(text, "%7u:%7u,%7u,%7u,%7u%n", &page, &v[0], &v[1], &v[2], &v[3], &end) != 5 ||
	    text[end] != '\0' || page == 0 || page > x->n_pages)
		return bad(x, "bad_parameter", text);
	p = &x->pages[page - 1];
	b = (struct redaction){0, v[0], v[1], v[2], v[3]};
	if (p->asked_rotation != 0) {
		const bool lying = p->asked_rotation % 180 != 0;
		const unsigned w = lying ? p->height : p->width, h = lying ? p->width : p->height;

		/* Before its first reading nobody knows how a page lies. */
		if (w == 0)
			return bad(x, "not_read_yet", p->page);
		if (b.x >= w || b.y >= h)
			return bad(x, "bad_parameter", text);
		b.w = b.w > w - b.x ? w - b.x : b.w;
		b.h = b.h > h - b.y ? h - b.y : b.h;
		b = unturned(b, p);
	}
	return add_box(x, page - 1, b);
}

static int
add_json_box(struct redacting *x, size_t page, const json_t *box)
{
	uint32_t v[4];

	for (size_t i = 0; i < 4; i++) {
		const json_int_t value = json_integer_value(json_array_get(box, i));

		if (value < 0 || value > UINT16_MAX)
			return bad(x, "damaged", x->document);
		v[i] = (uint32_t)value;
	}
	if (v[2] == 0 || v[3] == 0) /* a field without a place */
		return 0;
	return add_box(x, page, (struct redaction){0, v[0], v[1], v[2], v[3]});
}

/* Wherever the words of text stand, on every page. Too much is hidden rather than too little: a
 * name of one character is hidden inside other words too. */
static int
hide_text(struct redacting *x, const char *text)
{
	int r = 0;

	if (text == NULL || text[0] == '\0')
		return 0;
	for (size_t i = 0; r >= 0 && i < x->n_pages; i++) {
		json_t *places = json_array(), *box;
		size_t k;

		r = places == NULL ? -ENOMEM
				   : catalogue_places(x->cat, x->pages[i].page, text, places);
		json_array_foreach(places, k, box)
		{
			if (r >= 0)
				r = add_json_box(x, i, box);
		}
		json_decref(places);
	}
	switch (r) {
	case -EINVAL: /* nothing but spaces */
		return 0;
	case -E2BIG:
		return bad(x, "too_long", x->document);
	case -EOVERFLOW:
		return bad(x, "too_many_places", x->document);
	default:
		return r;
	}
}

/* What was read beside the labels of this key, there and wherever else it stands. */
static int
hide_proposals(struct redacting *x, size_t page, const char *key)
{
	json_t *list = NULL, *proposal;
	size_t i;
	int r = catalogue_proposed(x->cat, x->pages[page].page, key, &list);

	json_array_foreach(list, i, proposal)
	{
		const char *normal = json_string_value(json_object_get(proposal, "normal"));

		if (r >= 0)
			r = add_json_box(x, page, json_object_get(proposal, "box"));
		if (r >= 0)
			r = hide_text(x, json_string_value(json_object_get(proposal, "value")));
		if (r >= 0)
			r = hide_text(x, normal);
		if (r >= 0) /* as it was misread, it may stand elsewhere too */
			r = hide_text(x, json_string_value(json_object_get(proposal, "raw")));
	}
	json_decref(list);
	return r;
}

static int
box_by_field(struct redacting *x, const char *key)
{
	const size_t before = x->n;
	int r = 0;

	for (size_t i = 0; i < x->n_pages; i++)
		if (strcmp(x->pages[i].state, "read") != 0)
			return bad(x, "not_read_yet", x->pages[i].page);
	for (size_t i = 0; r >= 0 && i < x->n_pages; i++)
		r = hide_proposals(x, i, key);
	if (r >= 0)
		r = hide_text(x, json_string_value(json_object_get(x->fields, key)));
	if (r >= 0 && x->n == before)
		r = bad(x, "nothing_to_redact", key);
	return r;
}

/* The boxes that the call asks for. */
static int
resolve(struct redacting *x)
{
	const struct arg *wanted = &x->call->args[2];
	_cleanup_(loan_end) struct loan loan = {0};
	int r;

	if (wanted->n == 0)
		return refuse(&x->call->refusal, "bad_parameter");
	loan = loan_start(x->call->store);
	if (loan.cat == NULL)
		return -EIO;
	x->cat = loan.cat;
	r = catalogue_document_pages(x->cat, x->document, &x->pages, &x->n_pages);
	if (r >= 0)
		r = catalogue_fields(x->cat, x->document, &x->fields);
	if (r >= 0 && x->n_pages == 0)
		r = bad(x, "not_found", x->document);
	for (size_t i = 0; r >= 0 && i < wanted->n; i++)
		r = isdigit((unsigned char)wanted->list[i][0]) ? box_by_hand(x, wanted->list[i])
							       : box_by_field(x, wanted->list[i]);
	return r;
}

static int
compose(struct redacting *x)
{
	/* no title of the record: it may name whom the boxes hide */
	char created[TIME_TEXT_SIZE], name[40];
	const struct composition wanted = {
	    x->document, created, clock_seconds() + STORE_PDF_S, x->list, x->n};
	int r, pdf;

	time_format(time_now_ms(), created);
	r = recognise_compose(
	    x->call->store, x->pages, x->n_pages, &wanted, &x->call->refusal, &pdf);
	if (r < 0)
		return r;
	snprintf(name, sizeof(name), "%.12s-redacted.pdf", x->document);
	return call_add_file(x->call, name, pdf);
}

static int
decide_export(struct txn *txn, void *arg)
{
	return txn_event(txn, "export", json_incref((json_t *)arg));
}

/* The boxes are in the log, what they hide is not. */
static int
log_export(struct redacting *x)
{
	json_t *boxes = json_array(), *counts = json_array(), *payload;
	int r;

	for (size_t i = 0; i < x->n; i++) {
		const struct redaction *b = &x->list[i];

		json_array_append_new(boxes, json_pack("[i,i,i,i,i]", (int)b->page + 1, (int)b->x,
						 (int)b->y, (int)b->w, (int)b->h));
	}
	for (size_t p = 0; p < x->n_pages; p++) {
		int n = 0;

		for (size_t i = 0; i < x->n; i++)
			n += x->list[i].page == p;
		json_array_append_new(counts, json_integer(n));
	}
	payload = json_pack(
	    "{s:[s],s:s,s:o}", "documents", x->document, "kind", "redacted", "redacted", boxes);
	x->call->result = json_pack(
	    "{s:[s],s:s,s:o}", "documents", x->document, "kind", "redacted", "boxes", counts);
	r = payload == NULL || x->call->result == NULL
		? -ENOMEM
		: call_commit(x->call, decide_export, payload);
	json_decref(payload);
	return r;
}

static void
redacting_free(struct redacting *x)
{
	free(x->pages);
	free(x->list);
	json_decref(x->fields);
}

static int
act_export_redacted(struct call *call)
{
	_cleanup_(redacting_free) struct redacting x = {
	    .call = call, .document = call->args[1].text};
	int r = resolve(&x);

	if (r >= 0)
		r = compose(&x);
	return r < 0 ? r : log_export(&x);
}

/* ---- what would be hidden ---- */

/* From the page as it was read to the page as a person turned it. */
static json_t *
turned(const struct redaction *b, const struct catalogue_page *p)
{
	const struct box t =
	    box_turned((struct box){(int32_t)b->x, (int32_t)b->y, (int32_t)b->w, (int32_t)b->h},
		(int32_t)p->width, (int32_t)p->height, p->asked_rotation);

	return json_pack("[i,i,i,i]", t.x, t.y, t.w, t.h);
}

static json_t *
preview_page(const struct redacting *x, size_t n)
{
	const struct catalogue_page *p = &x->pages[n];
	const bool lying = p->asked_rotation % 180 != 0;
	json_t *boxes = json_array();

	for (size_t i = 0; i < x->n; i++)
		if (x->list[i].page == n)
			json_array_append_new(boxes, turned(&x->list[i], p));
	return json_pack("{s:i,s:i,s:i,s:o}", "n", (int)n + 1, "width",
	    (int)(lying ? p->height : p->width), "height", (int)(lying ? p->width : p->height),
	    "boxes", boxes);
}

/* Where a field's words stand tells of the record: it is a look at it, and logged as one. */
static int
act_redact_preview(struct call *call)
{
	_cleanup_(redacting_free) struct redacting x = {
	    .call = call, .document = call->args[1].text};
	char what[32];
	json_t *pages;
	int r = resolve(&x);

	if (r < 0)
		return r;
	pages = json_array();
	for (size_t n = 0; n < x.n_pages; n++)
		json_array_append_new(pages, preview_page(&x, n));
	call->result = json_pack("{s:s,s:o}", "document", x.document, "pages", pages);
	if (call->result == NULL)
		return -ENOMEM;
	snprintf(what, sizeof(what), "%.12s/redaction", x.document);
	return call_note_view(
	    call, what, json_pack("{s:s,s:s}", "document", x.document, "kind", "redaction"));
}

/* ---- corrections ---- */

struct correct {
	struct call *call;
	const char *document, *text;
	uint32_t box[4]; /* as people see the page */
	bool checker;
	char page[ID_TEXT];
};

/* The box as the page was read. */
static int
find_place(const struct correct *c, const struct catalogue_page *p, struct refusal *refusal,
    uint32_t ret[4])
{
	const bool lying = p->asked_rotation % 180 != 0;
	const unsigned w = lying ? p->height : p->width, h = lying ? p->width : p->height;
	struct redaction b = {0, c->box[0], c->box[1], c->box[2], c->box[3]};

	if (strcmp(p->state, "read") != 0)
		return refuse_detail(refusal, "not_read_yet", p->page);
	if (b.w == 0 || b.h == 0 || b.x >= w || b.y >= h || b.w > w - b.x || b.h > h - b.y)
		return refuse_detail(refusal, "bad_parameter", c->document);
	b = unturned(b, p);
	memcpy(ret, (const uint32_t[4]){b.x, b.y, b.w, b.h}, sizeof(uint32_t[4]));
	return 0;
}

/*
 * What was confirmed is the page's image and the record's fields; what a machine read of them is
 * not signed and is there to find and to read aloud (G72-01, G72-03). So a checker may still
 * correct it after 確定: who did it, when, and what stood there before stay in the log and beside
 * the line (G71-06).
 */
static int
may_correct(struct txn *txn, const struct correct *c)
{
	struct catalogue_document d;
	const int r = refuse_absent(
	    txn->refusal, catalogue_document(txn->cat, c->document, &d), "not_found", c->document);

	if (r < 0)
		return r;
	if (strcmp(d.state, "confirmed") != 0)
		return txn_may_edit(txn, c->document, c->checker);
	return c->checker ? 0 : refuse(txn->refusal, "confirmed_text");
}

static int
decide_correct(struct txn *txn, void *arg)
{
	struct correct *c = arg;
	struct catalogue_page page;
	uint32_t box[4];
	int r = may_correct(txn, c);

	if (r >= 0)
		r = refuse_absent(txn->refusal,
		    catalogue_page_of_document(txn->cat, c->document, c->call->args[2].u, &page),
		    "not_found", c->document);
	if (r >= 0)
		r = find_place(c, &page, txn->refusal, box);
	if (r >= 0 && c->text[0] == '\0') {
		r = catalogue_is_corrected(txn->cat, page.page, box);
		if (r == 0)
			r = refuse_detail(txn->refusal, "not_found", page.page);
	}
	if (r < 0)
		return r;
	memcpy(c->page, page.page, sizeof(c->page));
	return txn_event(txn, "page.correct",
	    json_pack("{s:s,s:[i,i,i,i],s:s}", "page", page.page, "box", (int)box[0], (int)box[1],
		(int)box[2], (int)box[3], "text", c->text));
}

static int
act_page_correct(struct call *call)
{
	struct correct c = {.call = call,
	    .document = call->args[1].text,
	    .text = call->args[7].text,
	    .checker = permit(call->role, ACTION_CONFIRM)};
	int r;

	for (int i = 0; i < 4; i++)
		c.box[i] = call->args[3 + i].u;
	if (strlen(c.text) > CORRECTION_MAX)
		return refuse_detail(&call->refusal, "too_long", "text");
	for (const char *p = c.text; *p != '\0'; p++)
		if ((unsigned char)*p < ' ' || *p == 0x7f)
			return refuse_detail(&call->refusal, "bad_parameter", "text");
	r = call_commit(call, decide_correct, &c);
	if (r == -E2BIG)
		return refuse(&call->refusal, "too_many_corrections");
	if (r >= 0)
		call->result = json_pack("{s:s,s:s}", "id", c.document, "page", c.page);
	return r;
}

const struct act acts_place[] = {
    {"PageCorrect", ACTION_EDIT, act_page_correct, 0},
    {"ExportRedacted", ACTION_EXPORT, act_export_redacted, ACT_SLOW},
    {"RedactPreview", ACTION_EXPORT, act_redact_preview, 0},
    {NULL},
};
