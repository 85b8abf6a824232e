/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text stands on a page: what must be hidden when it may not be seen. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "catalogue_follow.h"
#include "catalogue_reading.h"
#include "catalogue_sql.h"
#include "search.h"
#include "text.h"

struct reading {
	const char *text;
	size_t n; /* code points, and boxes */
	struct folded folded;
	struct box *boxes;
};

/* Every place of the term, or -EOVERFLOW: a place left out would be seen. Those that overlap are
 * one. */
static int
find_all(const struct folded *text, const struct folded *term, struct span spans[SEARCH_MAX_MARKS],
    size_t *ret_count)
{
	size_t n = 0;

	for (size_t at = search_find(text, term, 0); at != SIZE_MAX;
	     at = search_find(text, term, at + 1)) {
		const struct span one = {text->chars[at].start, text->chars[at + term->n - 1].end};

		if (n > 0 && one.start < spans[n - 1].end) {
			spans[n - 1].end = one.end;
			continue;
		}
		if (n == SEARCH_MAX_MARKS)
			return -EOVERFLOW;
		spans[n++] = one;
	}
	*ret_count = n;
	return 0;
}

static int
places_of_term(const struct reading *reading, const struct folded *term, json_t *ret)
{
	_cleanup_(json_decrefp) json_t *marks = json_array();
	struct span spans[SEARCH_MAX_MARKS];
	size_t count;
	int r;

	r = marks == NULL ? -ENOMEM : find_all(&reading->folded, term, spans, &count);
	if (r >= 0)
		r = search_marks(
		    reading->text, reading->boxes, reading->n, spans, count, 0, 0, 0, marks);
	if (r < 0)
		return r;
	if (json_array_size(marks) >= SEARCH_MAX_MARKS)
		return -EOVERFLOW;
	return json_array_extend(ret, marks) < 0 ? -ENOMEM : 0;
}

static bool
is_inside(struct box a, struct box b)
{
	return a.w > 0 && a.x >= b.x && a.y >= b.y && a.x + a.w <= b.x + b.w &&
	       a.y + a.h <= b.y + b.h;
}

/* The characters of a person's line share its box, and their ink need not: each of them may stand
 * anywhere in it. */
static int
widen_corrected(struct catalogue *cat, int64_t page, struct reading *reading)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT x, y, w, h FROM correction WHERE page = :page AND text <> ''");
	int r;

	query_int(&q, ":page", page);
	while ((r = query_step(&q)) > 0) {
		const struct box line = {(int32_t)query_column_int(&q, 0),
		    (int32_t)query_column_int(&q, 1), (int32_t)query_column_int(&q, 2),
		    (int32_t)query_column_int(&q, 3)};

		for (size_t i = 0; i < reading->n; i++)
			if (is_inside(reading->boxes[i], line))
				reading->boxes[i] = line;
	}
	return r;
}

static int
places_in(struct catalogue *cat, int64_t page, struct query *q, const struct search_query *wanted,
    json_t *ret)
{
	struct reading reading = {.text = query_column_text(q, 0)};
	int r = search_fold(reading.text, strlen(reading.text), &reading.folded);

	reading.n = utf8_length(reading.text);
	if (r >= 0)
		r = box_unpack(sqlite3_column_blob(q->statement, 1),
		    (size_t)sqlite3_column_bytes(q->statement, 1), reading.n, &reading.boxes);
	if (r >= 0 && strcmp(query_column_text(q, 2), "corrected") == 0)
		r = widen_corrected(cat, page, &reading);
	for (size_t i = 0; r >= 0 && i < wanted->count; i++)
		r = places_of_term(&reading, &wanted->terms[i], ret);
	folded_free(&reading.folded);
	free(reading.boxes);
	return r;
}

int
catalogue_places(struct catalogue *cat, const char *page, const char *text, json_t *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT reading.text, reading_box.data, reading.name FROM reading JOIN "
			   "reading_box USING (id)"
			   " WHERE reading.id BETWEEN :first AND :last");
	_cleanup_(search_query_free) struct search_query wanted = {0};
	const int64_t no = id_number('P', page);
	int r;

	r = search_parse(text, &wanted);
	if (r < 0)
		return r;
	query_int(&q, ":first", no * READING_SLOTS);
	query_int(&q, ":last", no * READING_SLOTS + READING_SHOWN);
	while ((r = query_step(&q)) > 0) {
		r = places_in(cat, no, &q, &wanted, ret);
		if (r < 0)
			return r;
	}
	return r;
}

int
catalogue_proposed(struct catalogue *cat, const char *page, const char *key, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT json_group_array(json_set(e.value, '$.page', printf('P%08d', p.no))) AS "
	    "'list{}' FROM page AS p,"
	    " json_each(p.proposals) AS e WHERE p.no = :no AND e.type = 'object'"
	    " AND json_extract(e.value, '$.key') = :key");
	_cleanup_(json_decrefp) json_t *row = NULL;
	int r;

	query_int(&q, ":no", id_number('P', page));
	query_text(&q, ":key", key);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -EIO;
	row = query_row_json(&q);
	if (row == NULL)
		return q.r < 0 ? q.r : -ENOMEM;
	r = proposals_follow(cat, json_object_get(row, "list"));
	if (r >= 0)
		*ret = json_incref(json_object_get(row, "list"));
	return r;
}
