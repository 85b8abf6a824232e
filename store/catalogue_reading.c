/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reads the result of recognition, which comes from a room that nobody trusts: every number and
 * length is checked before a row is written. */
#include "catalogue_reading.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_sql.h"
#include "text.h"

#define PROPOSALS_MAX ((size_t)64 << 10) /* bytes of a page's field proposals as JSON */

static int
clear_readings(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "DELETE FROM reading WHERE id BETWEEN :first AND :last");
	int r;

	r = index_page_remove(cat, page);
	if (r < 0)
		return r;
	query_int(&q, ":first", page * READING_SLOTS);
	query_int(&q, ":last", page * READING_SLOTS + READING_SHOWN);
	r = query_run(&q);
	return r < 0 ? r : 0;
}

static int
insert_boxes(struct catalogue *cat, int64_t id, const json_t *numbers, size_t length)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "INSERT INTO reading_box (id, data) VALUES (:id, :data)");
	_cleanup_(freep) uint8_t *data = NULL;
	size_t size;
	int r;

	r = box_pack(numbers, length, &data, &size);
	if (r < 0)
		return r;
	query_int(&q, ":id", id);
	query_blob(&q, ":data", data, size);
	r = query_run(&q);
	query_end(&q);
	return r < 0 ? r : 0;
}

static int
insert_reading(struct catalogue *cat, int64_t page, size_t i, const json_t *item)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "INSERT INTO reading (id, page, name, confidence, text)"
			   " VALUES (:id, :page, :name, :confidence, :text)");
	const int64_t id = page * READING_SLOTS + READING_SHOWN - (int64_t)i;
	const json_t *text = json_object_get(item, "text");
	const char *name = json_string_value(json_object_get(item, "id"));
	const char *value = json_string_value(text);
	const size_t size = json_string_length(text);
	int r;

	if (value == NULL || size > READING_MAX_TEXT || !utf8_valid(value, size))
		return -EINVAL;
	if (name == NULL || name[0] == '\0' || strlen(name) > 32)
		return -EINVAL;
	if (json_is_true(json_object_get(item, "shown")) != (i == 0))
		return -EINVAL;
	query_int(&q, ":id", id);
	query_int(&q, ":page", page);
	query_text(&q, ":name", name);
	query_int(
	    &q, ":confidence", (int64_t)json_number_value(json_object_get(item, "confidence")));
	query_text(&q, ":text", value);
	r = query_run(&q);
	return r < 0 ? r
		     : insert_boxes(cat, id, json_object_get(item, "boxes"), utf8_length(value));
}

static int
store_proposals(struct catalogue *cat, int64_t page, const json_t *fields)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "UPDATE page SET proposals = :proposals WHERE no = :page");
	_cleanup_(freep) char *text = NULL;
	const json_t *item;
	size_t i;
	int r;

	json_array_foreach(fields, i, item)
	{
		if (!json_is_object(item))
			return -EINVAL;
	}
	text = json_dumps(fields, JSON_COMPACT | JSON_SORT_KEYS);
	if (text == NULL)
		return fields == NULL ? 0 : -ENOMEM;
	if (strlen(text) > PROPOSALS_MAX)
		return -EINVAL;
	query_text(&q, ":proposals", text);
	query_int(&q, ":page", page);
	r = query_run(&q);
	query_end(&q);
	return r < 0 ? r : 0;
}

static int
file_readings(struct catalogue *cat, int64_t page, const json_t *result)
{
	const json_t *readings = json_object_get(result, "readings");
	const json_t *fields = json_object_get(result, "fields");
	const json_t *item;
	size_t i;
	int r;

	if (!json_is_array(readings) || json_array_size(readings) == 0 ||
	    json_array_size(readings) > READING_MAX || (fields != NULL && !json_is_array(fields)))
		return -EINVAL;
	r = clear_readings(cat, page);
	json_array_foreach(readings, i, item)
	{
		if (r >= 0)
			r = insert_reading(cat, page, i, item);
	}
	if (r >= 0)
		r = store_proposals(cat, page, fields);
	return r < 0 ? r : reading_layer(cat, page);
}

int
reading_file(struct catalogue *cat, int64_t page, const void *data, size_t size)
{
	json_t *result;
	int r;

	result = json_loadb(data, size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(result)) {
		json_decref(result);
		return -EINVAL;
	}
	r = file_readings(cat, page, result);
	json_decref(result);
	return r;
}
