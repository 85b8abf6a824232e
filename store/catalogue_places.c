/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text stands on a page: what must be hidden when it may not be seen. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue.h"
#include "catalogue_follow.h"
#include "catalogue_layer.h"
#include "catalogue_margin.h"
#include "catalogue_reading.h"
#include "search.h"

#define INSIDE 2 /* a mark stands in a person's line that covers at least 1/2 of it */

struct reading {
	const char *text;
	size_t n; /* code points, and boxes */
	struct folded folded;
	struct box *boxes, *wide; /* wide: with their margins */
	const json_t *lines; /* that people wrote, as catalogue_corrections() gives them */
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
box_of(json_t *mark, struct box *ret)
{
	return json_unpack(mark, "[i,i,i,i]", &ret->x, &ret->y, &ret->w, &ret->h) < 0 ? -EBADMSG
										      : 0;
}

/* wide: the marks with their margins. The letters of a person's line share its box evenly, which is
 * not how they stand on the paper: of such a line all is hidden. */
static int
widen(const json_t *marks, json_t *wide, const json_t *lines)
{
	size_t i, k;
	json_t *mark, *line;

	json_array_foreach(marks, i, mark)
	{
		struct box m, whole;

		if (box_of(mark, &m) < 0 || box_of(json_array_get(wide, i), &whole) < 0)
			return -EBADMSG;
		json_array_foreach(lines, k, line)
		{
			struct box b;

			if (json_unpack(line, "{s:i,s:i,s:i,s:i}", "x", &b.x, "y", &b.y, "w", &b.w,
				"h", &b.h) < 0)
				return -EBADMSG;
			if (box_shared(m, b) * INSIDE >= (int64_t)m.w * m.h)
				whole = box_around(whole, b);
		}
		if (json_array_set_new(
			wide, i, json_pack("[i,i,i,i]", whole.x, whole.y, whole.w, whole.h)) < 0)
			return -ENOMEM;
	}
	return 0;
}

static int
places_of_term(const struct reading *reading, const struct folded *term, json_t *ret)
{
	_cleanup_(json_decrefp) json_t *marks = json_array(), *wide = json_array();
	struct span spans[SEARCH_MAX_MARKS];
	size_t count;
	int r;

	r = marks == NULL || wide == NULL ? -ENOMEM : find_all(&reading->folded, term, spans, &count);
	if (r >= 0)
		r = search_marks(
		    reading->text, reading->boxes, reading->n, spans, count, 0, 0, 0, marks);
	if (r >= 0)
		r = search_marks(
		    reading->text, reading->wide, reading->n, spans, count, 0, 0, 0, wide);
	if (r >= 0)
		r = widen(marks, wide, reading->lines);
	if (r < 0)
		return r;
	if (json_array_size(wide) >= SEARCH_MAX_MARKS)
		return -EOVERFLOW;
	return json_array_extend(ret, wide) < 0 ? -ENOMEM : 0;
}

static int
places_in(struct query *q, const struct catalogue_page *page, const struct search_query *wanted,
    const json_t *lines, json_t *ret)
{
	struct reading reading = {.text = query_column_text(q, 0), .lines = lines};
	int r = search_fold(reading.text, strlen(reading.text), &reading.folded);

	reading.n = utf8_length(reading.text);
	if (r >= 0)
		r = box_unpack(sqlite3_column_blob(q->statement, 1),
		    (size_t)sqlite3_column_bytes(q->statement, 1), reading.n, &reading.boxes);
	if (r >= 0)
		r = margin_glyphs(reading.text, reading.boxes, reading.n, lines, page->width,
		    page->height, &reading.wide);
	for (size_t i = 0; r >= 0 && i < wanted->count; i++)
		r = places_of_term(&reading, &wanted->terms[i], ret);
	folded_free(&reading.folded);
	free(reading.boxes);
	free(reading.wide);
	return r;
}

int
catalogue_places(struct catalogue *cat, const char *page, const char *text, json_t *ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT reading.text, reading_box.data, reading.id = :last FROM reading"
			   " JOIN reading_box USING (id)"
			   " WHERE reading.id BETWEEN :first AND :last");
	_cleanup_(search_query_free) struct search_query wanted = {0};
	_cleanup_(json_decrefp) json_t *lines = NULL;
	const int64_t no = id_number('P', page);
	struct catalogue_page p;
	int r;

	r = search_parse(text, &wanted);
	if (r >= 0)
		r = catalogue_page(cat, page, &p);
	if (r >= 0)
		r = catalogue_corrections(cat, page, &lines);
	if (r < 0)
		return r;
	query_int(&q, ":first", no * READING_SLOTS);
	query_int(&q, ":last", no * READING_SLOTS + READING_SHOWN);
	while ((r = query_step(&q)) > 0) {
		r = places_in(&q, &p, &wanted, query_column_int(&q, 2) ? lines : NULL, ret);
		if (r < 0)
			return r;
	}
	return r;
}

/* The box of each proposal with its margin. */
static int
widen_proposals(struct catalogue *cat, const char *page, json_t *list)
{
	struct catalogue_page p;
	json_t *proposal;
	size_t i;
	int r = catalogue_page(cat, page, &p);

	json_array_foreach(list, i, proposal)
	{
		const char *value = json_string_value(json_object_get(proposal, "raw"));
		struct box b;

		if (r < 0)
			return r;
		if (value == NULL)
			value = json_string_value(json_object_get(proposal, "value"));
		if (value == NULL || box_of(json_object_get(proposal, "box"), &b) < 0 || b.x < 0 ||
		    b.y < 0 || b.w <= 0 || b.h <= 0)
			continue; /* its reader judges it */
		b = margin_around(b, utf8_length(value), p.width, p.height);
		if (json_object_set_new(
			proposal, "box", json_pack("[i,i,i,i]", b.x, b.y, b.w, b.h)) < 0)
			return -ENOMEM;
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
		r = widen_proposals(cat, page, json_object_get(row, "list"));
	if (r >= 0)
		*ret = json_incref(json_object_get(row, "list"));
	return r;
}
