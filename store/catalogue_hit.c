/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presents one found page: which text of it has the terms, a snippet of that, the places on the
 * page. */
#include "catalogue_hit.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_reading.h"
#include "catalogue_sql.h"
#include "text.h"

struct hit {
	struct catalogue *cat;
	const struct search_query *query;
	unsigned width, height, turn;
	uint32_t missing; /* terms not found yet */
	json_t *marks, *snippet, *highlight;
	char reading[40];
};

static int
add_marks(struct hit *hit, int64_t id, const char *text, const struct span *spans, size_t count)
{
	_cleanup_(query_end) struct query q =
	    query_new(hit->cat, "SELECT data FROM reading_box WHERE id = :id");
	_cleanup_(freep) struct box *boxes = NULL;
	const size_t n = utf8_length(text);
	int r;

	query_int(&q, ":id", id);
	r = query_step(&q);
	if (r <= 0)
		return r;
	r = box_unpack(sqlite3_column_blob(q.statement, 0),
	    (size_t)sqlite3_column_bytes(q.statement, 0), n, &boxes);
	return r < 0 ? r
		     : search_marks(text, boxes, n, spans, count, hit->width, hit->height,
			   hit->turn, hit->marks);
}

/* Looks at one text of the page. It is used when it has a term that the texts before it lacked. */
static int
look_at(struct hit *hit, int64_t id, const char *name, const char *text)
{
	_cleanup_(folded_free) struct folded folded = {0};
	_cleanup_(freep) struct span *spans = NULL;
	const bool shown = id % READING_SLOTS == READING_SHOWN;
	uint32_t terms;
	size_t count;
	int r;

	r = search_fold(text, strlen(text), &folded);
	if (r >= 0)
		r = search_spans(&folded, hit->query, &spans, &count, &terms);
	if (r < 0 || (terms & hit->missing) == 0)
		return r;
	hit->missing &= ~terms;
	if (!shown && hit->reading[0] == '\0')
		snprintf(hit->reading, sizeof(hit->reading), "%s", name);
	if (hit->snippet == NULL)
		r = search_snippet(text, spans, count, &hit->snippet, &hit->highlight);
	return r < 0 ? r : add_marks(hit, id, text, spans, count);
}

static int
look_at_fields(struct hit *hit, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(hit->cat, "SELECT fields || first FROM indexed WHERE page = :page");
	int r;

	query_int(&q, ":page", page);
	r = query_step(&q);
	return r <= 0 ? r : look_at(hit, 0, "fields", query_column_text(&q, 0));
}

/* Shown reading first, then the others, then the fields. */
static int
look_through(struct hit *hit, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(hit->cat, "SELECT id, name, text FROM reading WHERE id BETWEEN :first AND "
				":last ORDER BY id DESC");
	int r;

	query_int(&q, ":first", page * READING_SLOTS);
	query_int(&q, ":last", page * READING_SLOTS + READING_SHOWN);
	while ((r = query_step(&q)) > 0 && hit->missing != 0) {
		r = look_at(hit, query_column_int(&q, 0), query_column_text(&q, 1),
		    query_column_text(&q, 2));
		if (r < 0)
			return r;
	}
	if (r >= 0 && hit->missing != 0)
		r = look_at_fields(hit, page);
	return r < 0 ? r : hit->missing != 0 ? -EBADMSG : 0;
}

static int
add_context(struct hit *hit, int64_t page, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(hit->cat,
	    "SELECT printf('D%06d', p.document) AS document, p.n AS page, printf('P%08d', p.no) AS "
	    "page_id,"
	    " CASE p.asked_rotation % 180 WHEN 0 THEN p.width ELSE p.height END AS width,"
	    " CASE p.asked_rotation % 180 WHEN 0 THEN p.height ELSE p.width END AS height,"
	    " d.state, d.type, p.added_at AS stored, p.width AS w, p.height AS h, p.asked_rotation "
	    "AS turn"
	    " FROM page AS p JOIN document AS d ON d.no = p.document WHERE p.no = :no");
	int r;

	query_int(&q, ":no", page);
	r = query_step(&q);
	if (r <= 0)
		return r < 0 ? r : -EBADMSG;
	hit->width = (unsigned)query_column_int(&q, 8);
	hit->height = (unsigned)query_column_int(&q, 9);
	hit->turn = (unsigned)query_column_int(&q, 10);
	*ret = query_row_json(&q);
	if (*ret == NULL)
		return q.r;
	json_object_del(*ret, "w");
	json_object_del(*ret, "h");
	json_object_del(*ret, "turn");
	return 0;
}

static int
add_fields(struct hit *hit, json_t *object)
{
	json_t *fields = NULL;
	int r;

	r = catalogue_fields(
	    hit->cat, json_string_value(json_object_get(object, "document")), &fields);
	return r < 0 ? r : json_object_set_new(object, "fields", fields) < 0 ? -ENOMEM : 0;
}

int
hit_json(struct catalogue *cat, const struct search_query *query, int64_t page, json_t **ret)
{
	struct hit hit = {.cat = cat, .query = query, .missing = (1u << query->count) - 1};
	_cleanup_(json_decrefp) json_t *object = NULL;
	int r;

	hit.marks = json_array();
	r = hit.marks == NULL ? -ENOMEM : add_context(&hit, page, &object);
	if (r >= 0)
		r = add_fields(&hit, object);
	if (r >= 0)
		r = look_through(&hit, page);
	if (r >= 0 && (json_object_set(object, "snippet", hit.snippet) < 0 ||
			  json_object_set(object, "highlight", hit.highlight) < 0 ||
			  json_object_set(object, "marks", hit.marks) < 0 ||
			  json_object_set_new(object, "reading", json_string(hit.reading)) < 0))
		r = -ENOMEM;
	json_decref(hit.snippet);
	json_decref(hit.highlight);
	json_decref(hit.marks);
	if (r >= 0)
		*ret = TAKE_PTR(object);
	return r;
}
