/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the full-text index holds: the readings of every page that belongs to a document and is not
 * excluded, and beside them the fields of its document, so that a page is found by what people
 * entered even where recognition missed it. The index has no copy of the texts: to take one out,
 * the same text is given again.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_reading.h"
#include "catalogue_sql.h"
#include "text.h"

struct slot {
	int64_t id;
	bool indexed;
};

static int
index_insert(struct catalogue *cat, int64_t id)
{
	_cleanup_(query_end) struct query insert = query_new(
	    cat, "INSERT INTO search (rowid, text) SELECT id, text FROM reading WHERE id = :id");
	_cleanup_(query_end) struct query mark =
	    query_new(cat, "UPDATE reading SET indexed = 1 WHERE id = :id");
	int r;

	query_int(&insert, ":id", id);
	r = query_run(&insert);
	query_int(&mark, ":id", id);
	return r < 0 ? r : query_run(&mark);
}

static int
index_delete(struct catalogue *cat, int64_t id)
{
	_cleanup_(query_end) struct query delete = query_new(cat,
	    "INSERT INTO search (search, rowid, text)"
	    " SELECT 'delete', id, text FROM reading WHERE id = :id AND indexed = 1");
	_cleanup_(query_end) struct query mark =
	    query_new(cat, "UPDATE reading SET indexed = 0 WHERE id = :id");
	int r;

	query_int(&delete, ":id", id);
	r = query_run(&delete);
	query_int(&mark, ":id", id);
	return r < 0 ? r : query_run(&mark);
}

static int
slots_of(struct catalogue *cat, int64_t page, struct slot slots[READING_SLOTS])
{
	_cleanup_(query_end) struct query q = query_new(
	    cat, "SELECT id, indexed FROM reading WHERE id BETWEEN :first AND :last ORDER BY id");
	int n = 0, r;

	query_int(&q, ":first", page * READING_SLOTS);
	query_int(&q, ":last", page * READING_SLOTS + READING_SHOWN);
	while ((r = query_step(&q)) > 0)
		slots[n++] = (struct slot){query_column_int(&q, 0), query_column_int(&q, 1) != 0};
	return r < 0 ? r : n;
}

/* Brings every text of the page into the index, or takes all out. */
static int
set_indexed(struct catalogue *cat, int64_t page, bool want)
{
	struct slot slots[READING_SLOTS];
	const int n = slots_of(cat, page, slots);

	for (int i = 0; i < n; i++) {
		int r = 0;

		if (slots[i].indexed != want)
			r = want ? index_insert(cat, slots[i].id) : index_delete(cat, slots[i].id);
		if (r < 0)
			return r;
	}
	return n < 0 ? n : 0;
}

int
index_page_remove(struct catalogue *cat, int64_t page)
{
	return set_indexed(cat, page, false);
}

/* A date is found as it was entered, as ISO, with 年月日, and in its era. */
static void
write_date(const char *iso, FILE *out)
{
	char era[64];
	int y, m, d;

	if (sscanf(iso, "%4d-%2d-%2d", &y, &m, &d) == 3) {
		fprintf(out, "%c%d年%d月%d日", SEARCH_BREAK, y, m, d);
		fprintf(out, "%c%04d/%02d/%02d", SEARCH_BREAK, y, m, d);
	}
	if (date_format_era(iso, era) >= 0)
		fprintf(out, "%c%s", SEARCH_BREAK, era);
}

/* The searchable text of a document's fields; SEARCH_BREAK between values. Caller frees. */
static int
fields_text(struct catalogue *cat, int64_t document, char **ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT key, value FROM field WHERE document = :document ORDER BY key");
	_cleanup_(freep) char *text = NULL;
	size_t size;
	FILE *out;
	int r;

	out = open_memstream(&text, &size);
	if (out == NULL)
		return -ENOMEM;
	query_int(&q, ":document", document);
	for (bool first = true; (r = query_step(&q)) > 0; first = false) {
		const char *key = query_column_text(&q, 0), *value = query_column_text(&q, 1);

		fprintf(out, "%s%s", first ? "" : "\x1f", value);
		if (strcmp(key, "date") == 0 || strcmp(key, "received") == 0)
			write_date(value, out);
	}
	if (fclose(out) != 0)
		return -ENOMEM;
	if (r >= 0)
		*ret = TAKE_PTR(text);
	return r;
}

/* Replaces the fields row of a page when the text has changed; "" removes it. */
static int
set_fields(struct catalogue *cat, int64_t page, const char *text)
{
	_cleanup_(query_end) struct query same =
	    query_new(cat, "SELECT text = :text FROM reading WHERE id = :id");
	_cleanup_(query_end) struct query remove =
	    query_new(cat, "DELETE FROM reading WHERE id = :id");
	_cleanup_(query_end) struct query insert =
	    query_new(cat, "INSERT INTO reading (id, page, name, indexed, confidence, text)"
			   " SELECT :id, :page, 'fields', 0, 100, :text WHERE :text <> ''");
	const int64_t id = page * READING_SLOTS;
	int r;

	query_int(&same, ":id", id);
	query_text(&same, ":text", text);
	r = query_step(&same);
	if (r < 0 || (r > 0 && query_column_int(&same, 0) != 0))
		return r < 0 ? r : 0;
	query_end(&same);
	r = index_delete(cat, id);
	query_int(&remove, ":id", id);
	if (r >= 0)
		r = query_run(&remove);
	query_int(&insert, ":id", id);
	query_int(&insert, ":page", page);
	query_text(&insert, ":text", text);
	if (r >= 0)
		r = query_run(&insert);
	query_end(&insert);
	return r < 0 ? r : 0;
}

static int
refresh(struct catalogue *cat, int64_t page, bool searchable, const char *fields)
{
	int r;

	r = set_fields(cat, page, searchable ? fields : "");
	return r < 0 ? r : set_indexed(cat, page, searchable);
}

int
index_page(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT document, excluded FROM page WHERE no = :page");
	_cleanup_(freep) char *fields = NULL;
	int64_t document;
	bool searchable;
	int r;

	query_int(&q, ":page", page);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -EINVAL;
	document = query_column_int(&q, 0);
	searchable = document != 0 && query_column_int(&q, 1) == 0;
	r = fields_text(cat, document, &fields);
	return r < 0 ? r : refresh(cat, page, searchable, fields);
}

int
index_document(struct catalogue *cat, int64_t document)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT no, excluded FROM page WHERE document = :document ORDER BY no");
	_cleanup_(freep) char *fields = NULL;
	int r;

	r = fields_text(cat, document, &fields);
	if (r < 0)
		return r;
	query_int(&q, ":document", document);
	while ((r = query_step(&q)) > 0) {
		r = refresh(cat, query_column_int(&q, 0), query_column_int(&q, 1) == 0, fields);
		if (r < 0)
			return r;
	}
	return r;
}
