/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pages hold every term, newest first. The index has one row a page, numbered as pages were
 * filed, so nothing is sorted; counting stops at SEARCH_COUNT.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_hit.h"
#include "catalogue_sql.h"

#define SEARCH_COUNT 1000 /* totals are exact up to here */
#define SEARCH_LIMIT 500  /* hits of one answer */
#define SEARCH_OFFSET 10000

struct found {
	int64_t pages[SEARCH_LIMIT]; /* the window asked for */
	size_t offset, limit, kept, total;
	bool exact;
};

static int
put_phrases(const struct search_query *query, const char *operator, FILE * out)
{
	for (size_t i = 0; i < query->count; i++) {
		_cleanup_(freep) char *phrase = search_phrase(&query->terms[i]);

		if (phrase == NULL)
			return -ENOMEM;
		fprintf(out, "%s(%s)", i == 0 ? "" : operator, phrase);
	}
	return 0;
}

/*
 * Every term somewhere, at least one of them in what was read; or all in the fields, and then only
 * for the first page of a document.
 */
static int
put_expression(const struct search_query *query, FILE *out)
{
	int r;

	if (query->count == 1) {
		fputs("{text first} : ", out);
		return put_phrases(query, "", out);
	}
	fputs("((", out);
	r = put_phrases(query, " AND ", out);
	fputs(") AND text : (", out);
	if (r >= 0)
		r = put_phrases(query, " OR ", out);
	fputs(")) OR first : (", out);
	if (r >= 0)
		r = put_phrases(query, " AND ", out);
	fputs(")", out);
	return r;
}

static int
expression(const struct search_query *query, char **ret)
{
	_cleanup_(freep) char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);
	int r;

	if (out == NULL)
		return -ENOMEM;
	r = put_expression(query, out);
	if (fclose(out) != 0)
		return -ENOMEM;
	if (r >= 0)
		*ret = TAKE_PTR(text);
	return r;
}

static int
find(struct catalogue *cat, const struct search_query *query, struct found *found)
{
	_cleanup_(query_end) struct query q = query_new(
	    cat, "SELECT rowid FROM search WHERE search MATCH :expression ORDER BY rowid DESC");
	const size_t end = found->offset + found->limit;
	const size_t enough = end > SEARCH_COUNT ? end : SEARCH_COUNT;
	_cleanup_(freep) char *text = NULL;
	int r;

	r = expression(query, &text);
	if (r < 0)
		return r;
	query_text(&q, ":expression", text);
	while ((r = query_step(&q)) > 0) {
		if (found->total >= found->offset && found->kept < found->limit)
			found->pages[found->kept++] = query_column_int(&q, 0);
		if (++found->total > enough)
			break;
	}
	query_end(&q);
	found->exact = r == 0;
	if (!found->exact)
		found->total = SEARCH_COUNT;
	return r < 0 ? r : 0;
}

static int
present(struct catalogue *cat, const struct search_query *query, const struct found *found,
    json_t **ret)
{
	_cleanup_(json_decrefp) json_t *hits = json_array();

	if (hits == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < found->kept; i++) {
		json_t *hit = NULL;
		const int r = hit_json(cat, query, found->pages[i], &hit);

		if (r < 0)
			return r;
		if (json_array_append_new(hits, hit) < 0)
			return -ENOMEM;
	}
	*ret = json_pack("{s:I,s:b,s:O}", "total", (json_int_t)found->total, "total_exact",
	    found->exact, "hits", hits);
	return *ret != NULL ? 0 : -ENOMEM;
}

int
catalogue_search(
    struct catalogue *cat, const char *query, unsigned limit, unsigned offset, json_t **ret)
{
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	_cleanup_(search_query_free) struct search_query parsed = {.count = 0};
	struct found found = {
	    .limit = limit < SEARCH_LIMIT ? limit : SEARCH_LIMIT,
	    .offset = offset < SEARCH_OFFSET ? offset : SEARCH_OFFSET,
	};
	int r = snapshot.r;

	if (r >= 0)
		r = search_parse(query, &parsed);
	if (r >= 0)
		r = find(cat, &parsed, &found);
	return r < 0 ? r : present(cat, &parsed, &found, ret);
}
