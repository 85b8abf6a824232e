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
insert_reading(struct catalogue *cat, int64_t page, int slot, const json_t *item)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "INSERT INTO reading (id, page, name, confidence, text)"
			   " VALUES (:id, :page, :name, :confidence, :text)");
	const int64_t id = page * READING_SLOTS + slot;
	const json_t *text = json_object_get(item, "text");
	const char *name = json_string_value(json_object_get(item, "id"));
	const char *value = json_string_value(text);
	const size_t size = json_string_length(text);
	int r;

	if (value == NULL || size > READING_MAX_TEXT || !utf8_valid(value, size))
		return -EINVAL;
	if (name == NULL || name[0] == '\0' || strlen(name) > 32)
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

/* The list of readings: 1 to READING_MAX, of which the first is shown. NULL when it is not so. */
static const json_t *
readings_of(const json_t *result)
{
	const json_t *readings = json_object_get(result, "readings"), *item;
	size_t i;

	if (!json_is_array(readings) || json_array_size(readings) == 0 ||
	    json_array_size(readings) > READING_MAX)
		return NULL;
	json_array_foreach(readings, i, item)
	{
		if (json_is_true(json_object_get(item, "shown")) != (i == 0))
			return NULL;
	}
	return readings;
}

static int
file_readings(struct catalogue *cat, int64_t page, const json_t *result)
{
	const json_t *readings = readings_of(result), *fields = json_object_get(result, "fields");
	int r;

	if (readings == NULL || (fields != NULL && !json_is_array(fields)))
		return -EINVAL;
	r = clear_readings(cat, page);
	for (size_t i = 0; r >= 0 && i < json_array_size(readings); i++)
		r = insert_reading(cat, page, READING_SHOWN - (int)i, json_array_get(readings, i));
	if (r >= 0)
		r = store_proposals(cat, page, fields);
	return r < 0 ? r : reading_layer(cat, page);
}

/* 1: the page has a reading of just this text. */
static int
is_known(struct catalogue *cat, int64_t page, const json_t *item)
{
	_cleanup_(query_end) struct query q = query_new(
	    cat, "SELECT 1 FROM reading WHERE id BETWEEN :first AND :last AND text = :text");

	query_int(&q, ":first", page * READING_SLOTS);
	query_int(&q, ":last", page * READING_SLOTS + READING_SHOWN);
	query_text(&q, ":text", json_string_value(json_object_get(item, "text")));
	return query_step(&q);
}

/* The slot below those that are taken; READING_MACHINE when none is free. */
static int
free_slot(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT coalesce(min(id), :last + 1) FROM reading WHERE id BETWEEN :first AND :last");
	int r;

	query_int(&q, ":first", page * READING_SLOTS + READING_MACHINE + 1);
	query_int(&q, ":last", page * READING_SLOTS + READING_SHOWN);
	r = query_step(&q);
	return r <= 0 ? r : (int)(query_column_int(&q, 0) - page * READING_SLOTS) - 1;
}

/* What is known stays, so that whatever was found is found; what is not known is added. */
static int
add_readings(struct catalogue *cat, int64_t page, const json_t *result)
{
	const json_t *readings = readings_of(result), *item;
	size_t i;
	int r;

	if (readings == NULL)
		return -EINVAL;
	r = index_page_remove(cat, page);
	json_array_foreach(readings, i, item)
	{
		int slot;

		if (r >= 0)
			r = is_known(cat, page, item);
		if (r != 0) {
			r = r > 0 ? 0 : r;
			continue;
		}
		slot = free_slot(cat, page);
		if (slot <= READING_MACHINE)
			return slot;
		r = insert_reading(cat, page, slot, item);
	}
	return r < 0 ? r : 0;
}

static int
with_result(struct catalogue *cat, int64_t page, const void *data, size_t size,
    int (*take)(struct catalogue *cat, int64_t page, const json_t *result))
{
	json_t *result;
	int r;

	result = json_loadb(data, size, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_object(result)) {
		json_decref(result);
		return -EINVAL;
	}
	r = take(cat, page, result);
	json_decref(result);
	return r;
}

int
reading_file(struct catalogue *cat, int64_t page, const void *data, size_t size)
{
	return with_result(cat, page, data, size, file_readings);
}

int
reading_add(struct catalogue *cat, int64_t page, const void *data, size_t size)
{
	return with_result(cat, page, data, size, add_readings);
}
