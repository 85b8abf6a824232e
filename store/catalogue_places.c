/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a text stands on a page: what must be hidden when it may not be seen. */
#include <errno.h>
#include <string.h>

#include "catalogue.h"
#include "catalogue_reading.h"
#include "catalogue_sql.h"
#include "search.h"
#include "text.h"

/* One reading; every place of the text in it, or an error: a place left out would be seen. */
static int
places_in(struct query *q, const struct search_query *wanted, json_t *ret)
{
	const char *text = query_column_text(q, 0);
	const size_t n = utf8_length(text);
	_cleanup_(folded_free) struct folded folded = {0};
	_cleanup_(json_decrefp) json_t *marks = json_array();
	_cleanup_(freep) struct span *spans = NULL;
	_cleanup_(freep) struct box *boxes = NULL;
	uint32_t terms;
	size_t count;
	int r;

	r = marks == NULL ? -ENOMEM : search_fold(text, strlen(text), &folded);
	if (r >= 0)
		r = search_spans(&folded, wanted, &spans, &count, &terms);
	if (r >= 0)
		r = box_unpack(sqlite3_column_blob(q->statement, 1),
		    (size_t)sqlite3_column_bytes(q->statement, 1), n, &boxes);
	if (r >= 0)
		r = search_marks(text, boxes, n, spans, count, 0, 0, 0, marks);
	if (r < 0)
		return r;
	if (json_array_size(marks) >= SEARCH_MAX_MARKS)
		return -E2BIG;
	return json_array_extend(ret, marks) < 0 ? -ENOMEM : 0;
}

int
catalogue_places(struct catalogue *cat, const char *page, const char *text, json_t *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT reading.text, reading_box.data FROM reading JOIN reading_box USING (id)"
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
		r = places_in(&q, &wanted, ret);
		if (r < 0)
			return r;
	}
	return r;
}

int
catalogue_proposed(struct catalogue *cat, const char *page, const char *key, json_t **ret)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT json_group_array(json(e.value)) AS 'list{}' FROM page AS p,"
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
	*ret = json_incref(json_object_get(row, "list"));
	return 0;
}
