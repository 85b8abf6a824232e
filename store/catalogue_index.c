/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the full-text index holds: of every page that belongs to a document and is not excluded, all
 * its readings, and the fields of its document, so that a page is found by what people entered even
 * where recognition missed it. The index keeps no copy of the texts: to take a page out, the same
 * texts are given to it again, so a page is taken out before anything of it changes.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_sql.h"
#include "text.h"

int
index_page_remove(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query remove = query_new(cat,
	    "INSERT INTO search (search, rowid, text, fields, first)"
	    " SELECT 'delete', id, text, fields, first FROM indexed_text WHERE id = :page");
	_cleanup_(query_end) struct query forget =
	    query_new(cat, "DELETE FROM indexed WHERE page = :page");
	int r;

	query_int(&remove, ":page", page);
	r = query_run(&remove);
	query_int(&forget, ":page", page);
	if (r >= 0)
		r = query_run(&forget);
	return r < 0 ? r : 0;
}

static int
add_page(struct catalogue *cat, int64_t page, const char *fields, const char *first)
{
	_cleanup_(query_end) struct query note = query_new(
	    cat, "INSERT INTO indexed (page, fields, first) VALUES (:page, :fields, :first)");
	_cleanup_(query_end) struct query add =
	    query_new(cat, "INSERT INTO search (rowid, text, fields, first)"
			   " SELECT id, text, fields, first FROM indexed_text WHERE id = :page");
	int r;

	query_int(&note, ":page", page);
	query_text(&note, ":fields", fields);
	query_text(&note, ":first", first);
	r = query_run(&note);
	query_int(&add, ":page", page);
	if (r >= 0)
		r = query_run(&add);
	return r < 0 ? r : 0;
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

/* True when the index holds the page with just these fields. */
static int
is_indexed(struct catalogue *cat, int64_t page, const char *fields, const char *first)
{
	_cleanup_(query_end) struct query q = query_new(
	    cat, "SELECT fields = :fields AND first = :first FROM indexed WHERE page = :page");
	int r;

	query_int(&q, ":page", page);
	query_text(&q, ":fields", fields);
	query_text(&q, ":first", first);
	r = query_step(&q);
	return r <= 0 ? r : query_column_int(&q, 0) != 0;
}

/* n: the page's number within its document; 0: not to be found. */
static int
refresh(struct catalogue *cat, int64_t page, unsigned n, const char *text)
{
	const char *fields = n == 1 ? "" : text, *first = n == 1 ? text : "";
	int r;

	if (n > 0) {
		r = is_indexed(cat, page, fields, first);
		if (r != 0)
			return r < 0 ? r : 0;
	}
	r = index_page_remove(cat, page);
	return r < 0 || n == 0 ? r : add_page(cat, page, fields, first);
}

int
index_page(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT document, n FROM page WHERE no = :page");
	_cleanup_(freep) char *fields = NULL;
	unsigned n;
	int r;

	query_int(&q, ":page", page);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -EINVAL;
	n = (unsigned)query_column_int(&q, 1);
	r = fields_text(cat, query_column_int(&q, 0), &fields);
	return r < 0 ? r : refresh(cat, page, n, fields);
}

int
index_document(struct catalogue *cat, int64_t document)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT no, n FROM page WHERE document = :document ORDER BY no");
	_cleanup_(freep) char *fields = NULL;
	int r;

	r = fields_text(cat, document, &fields);
	if (r < 0)
		return r;
	query_int(&q, ":document", document);
	while ((r = query_step(&q)) > 0) {
		r = refresh(
		    cat, query_column_int(&q, 0), (unsigned)query_column_int(&q, 1), fields);
		if (r < 0)
			return r;
	}
	return r;
}
