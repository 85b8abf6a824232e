/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which pages hold every term. One walk through the index per term, all from the newest page
 * downwards; a page is found where the walks meet. Terms may be in different texts of the page (a
 * reading, another reading, the document's fields), which one FTS5 expression could not say.
 * Nothing is sorted, and counting stops at SEARCH_COUNT.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_hit.h"
#include "catalogue_reading.h"
#include "catalogue_sql.h"

#define SEARCH_COUNT 1000 /* totals are exact up to here */
#define SEARCH_LIMIT 200  /* hits of one answer */
#define SEARCH_STEPS 24   /* rows walked before the index is asked to jump */
#define SEARCH_OFFSET 10000

static const char sql_walk[] =
    "SELECT rowid FROM search WHERE search MATCH :phrase AND rowid <= :from ORDER BY rowid DESC";

struct walk {
	sqlite3_stmt *statement;
	int64_t page; /* where it stands; 0 at the end */
	bool fields;  /* of this page only the fields of its document have the term */
};

static int
walk_step(struct walk *walk)
{
	const int code = sqlite3_step(walk->statement);

	const int64_t id = code == SQLITE_ROW ? sqlite3_column_int64(walk->statement, 0) : 0;

	/* the fields are the last row of a page: standing there first, no reading had it */
	walk->page = id / READING_SLOTS;
	walk->fields = id % READING_SLOTS == 0;
	return sql_errno(code);
}

/* Starts (again) at page `from` or the next older one. */
static int
walk_jump(struct walk *walk, int64_t from)
{
	const int i = sqlite3_bind_parameter_index(walk->statement, ":from");
	int code;

	sqlite3_reset(walk->statement);
	code = sqlite3_bind_int64(walk->statement, i,
	    from > INT64_MAX / READING_SLOTS - 1 ? INT64_MAX
						 : from * READING_SLOTS + READING_SHOWN);
	return code != SQLITE_OK ? sql_errno(code) : walk_step(walk);
}

/* Moves down to the first page that is not newer than `to`. */
static int
walk_to(struct walk *walk, int64_t to)
{
	int r = 0;

	for (unsigned i = 0; i < SEARCH_STEPS && walk->page > to && r >= 0; i++)
		r = walk_step(walk);
	return r < 0 || walk->page <= to ? r : walk_jump(walk, to);
}

static int
walk_start(struct catalogue *cat, size_t slot, const struct folded *term, struct walk *walk)
{
	_cleanup_(freep) char *phrase = search_phrase(term);
	int r;

	if (phrase == NULL)
		return -ENOMEM;
	if (cat->cursor[slot] == NULL) {
		r = sql_prepare(cat, sql_walk, &cat->cursor[slot]);
		if (r < 0)
			return r;
	}
	walk->statement = cat->cursor[slot];
	sqlite3_reset(walk->statement);
	r = sql_errno(sqlite3_bind_text(walk->statement,
	    sqlite3_bind_parameter_index(walk->statement, ":phrase"), phrase, -1,
	    SQLITE_TRANSIENT));
	return r < 0 ? r : walk_jump(walk, INT64_MAX);
}

static void
walks_end(struct catalogue *cat)
{
	for (size_t i = 0; i < SEARCH_MAX_TERMS && cat->cursor[i] != NULL; i++) {
		sqlite3_reset(cat->cursor[i]);
		sqlite3_clear_bindings(cat->cursor[i]);
	}
}

/* The newest page not newer than `from` where all walks meet; 0 when there is none. */
static int
meet(struct walk *walks, size_t n, int64_t from, int64_t *ret)
{
	int64_t page = from;
	size_t agree = 0;
	int r;

	for (size_t i = 0; agree < n; i = (i + 1) % n) {
		r = walk_to(&walks[i], page);
		if (r < 0)
			return r;
		agree = walks[i].page == page ? agree + 1 : 1;
		page = walks[i].page;
		if (page == 0)
			break;
	}
	*ret = page;
	return 0;
}

static int
is_first_page(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT n = 1 FROM page WHERE no = :no");
	int r;

	query_int(&q, ":no", page);
	r = query_step(&q);
	return r < 0 ? r : r > 0 && query_column_int(&q, 0) != 0;
}

/* A document that is found by its fields alone is shown once, by its first page; else every page of
 * it would be a hit. */
static int
is_hit(struct catalogue *cat, const struct walk *walks, size_t n, int64_t page)
{
	for (size_t i = 0; i < n; i++)
		if (!walks[i].fields)
			return 1;
	return is_first_page(cat, page);
}

struct found {
	int64_t *pages; /* the window asked for */
	size_t offset, limit, kept, total;
	bool exact;
};

static int
collect(struct catalogue *cat, struct walk *walks, size_t n, struct found *found)
{
	const size_t end = found->offset + found->limit;
	const size_t enough = end > SEARCH_COUNT ? end : SEARCH_COUNT;
	int64_t page = INT64_MAX;
	int r;

	while (found->total <= enough) {
		r = meet(walks, n, page, &page);
		if (r < 0)
			return r;
		if (page == 0) {
			found->exact = true;
			return 0;
		}
		r = is_hit(cat, walks, n, page);
		if (r < 0)
			return r;
		if (r > 0 && found->total >= found->offset && found->kept < found->limit)
			found->pages[found->kept++] = page;
		found->total += (size_t)r;
		page--;
	}
	found->total = SEARCH_COUNT;
	return 0;
}

static int
find(struct catalogue *cat, const struct search_query *query, struct found *found)
{
	struct walk walks[SEARCH_MAX_TERMS];
	int r = 0;

	for (size_t i = 0; i < query->count && r >= 0; i++)
		r = walk_start(cat, i, &query->terms[i], &walks[i]);
	if (r >= 0)
		r = collect(cat, walks, query->count, found);
	walks_end(cat);
	return r;
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
	int64_t pages[SEARCH_LIMIT];
	struct found found = {
	    .pages = pages,
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
