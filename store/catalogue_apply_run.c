/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What all apply_* functions stand on: members of the event, bound by name into constant statements
 * (rule 9). Knows no type of event. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_apply.h"

#define JSON_CANONICAL (JSON_COMPACT | JSON_SORT_KEYS | JSON_ENCODE_ANY)

const char *
apply_text(const struct apply *a, const char *name)
{
	const char *text = json_string_value(json_object_get(a->event, name));

	return text != NULL ? text : "";
}

int64_t
apply_int(const struct apply *a, const char *name)
{
	return json_integer_value(json_object_get(a->event, name));
}

/* The event's member for the first length bytes of a parameter name; "__" descends. */
static const json_t *
member(const json_t *event, const char *name, size_t length)
{
	const char *sep;
	size_t n;

	do {
		sep = memmem(name, length, "__", 2);
		n = sep != NULL ? (size_t)(sep - name) : length;
		event = json_object_getn(event, name, n);
		if (sep != NULL) {
			name += n + 2;
			length -= n + 2;
		}
	} while (sep != NULL && event != NULL);
	return event;
}

static int64_t
context_number(const struct apply *a, const char *name)
{
	return strcmp(name, "index") == 0   ? a->index
	       : strcmp(name, "batch") == 0 ? a->batch
	       : strcmp(name, "page") == 0  ? a->page
					    : a->document;
}

static int
bind_json(sqlite3_stmt *st, int i, const json_t *value)
{
	char *text;

	switch (json_typeof(value)) {
	case JSON_STRING:
		return sqlite3_bind_text(st, i, json_string_value(value),
		    (int)json_string_length(value), SQLITE_TRANSIENT);
	case JSON_INTEGER:
		return sqlite3_bind_int64(st, i, json_integer_value(value));
	case JSON_TRUE:
	case JSON_FALSE:
		return sqlite3_bind_int(st, i, json_is_true(value));
	case JSON_OBJECT:
	case JSON_ARRAY:
		text = json_dumps(value, JSON_CANONICAL);
		if (text == NULL)
			return SQLITE_NOMEM;
		return sqlite3_bind_text(st, i, text, -1, free);
	default:
		return SQLITE_MISMATCH;
	}
}

static int
bind_number(sqlite3_stmt *st, int i, const json_t *value)
{
	const char *text = json_string_value(value);
	const int64_t n = text == NULL ? 0 : id_number(text[0], text);

	return n == 0 ? SQLITE_MISMATCH : sqlite3_bind_int64(st, i, n);
}

static int
bind_parameter(struct apply *a, sqlite3_stmt *st, int i)
{
	const char *name = sqlite3_bind_parameter_name(st, i);
	size_t n = strlen(name + 1);
	const json_t *value;
	bool number;

	if (name[0] == '$')
		return sqlite3_bind_int64(st, i, context_number(a, name + 1));
	number = n > 3 && strcmp(name + 1 + n - 3, "_no") == 0;
	value = member(a->event, name + 1, number ? n - 3 : n);
	if (value == NULL || json_is_null(value))
		return name[0] == '@' ? SQLITE_OK : SQLITE_MISMATCH;
	return number ? bind_number(st, i, value) : bind_json(st, i, value);
}

int
apply_run(struct apply *a, const char *sql)
{
	_cleanup_(query_end) struct query q = query_new(a->cat, sql);

	if (q.r < 0)
		return q.r;
	for (int i = 1, n = sqlite3_bind_parameter_count(q.statement); i <= n && q.r >= 0; i++)
		q.r = sql_errno(bind_parameter(a, q.statement, i));
	return query_run(&q);
}

int
apply_one(struct apply *a, const char *sql)
{
	const int r = apply_run(a, sql);

	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

int
apply_object(struct apply *a, const json_t *json, const char *name, int64_t batch, int64_t key,
    const char *sha256)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "INSERT INTO object (id, kind, batch, key, sha256, size)"
			      " VALUES (:id, :kind, :batch, :key, :sha256, :size)");
	const json_t *ref = json_object_get(json, name);
	const int r = key < 0 ? -EINVAL : 0;

	query_text(&q, ":id", json_string_value(json_object_get(ref, "id")));
	query_text(&q, ":kind",
	    strcmp(name, "object") != 0 ? name
	    : a->page != 0              ? "master"
					: "timestamp");
	query_int(&q, ":batch", batch);
	query_int(&q, ":key", key);
	query_text(&q, ":sha256", sha256);
	query_int(&q, ":size", json_integer_value(json_object_get(ref, "size")));
	return r < 0 ? r : query_run(&q) == 1 ? 0 : q.r < 0 ? q.r : -EINVAL;
}

int
apply_key_used(struct apply *a, int64_t batch, int64_t key)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "UPDATE batch SET keys_used = max(keys_used, :key + 1)"
			      " WHERE no = :batch AND :key < ring_count");
	int r;

	query_int(&q, ":key", key);
	query_int(&q, ":batch", batch);
	r = query_run(&q);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}

int
apply_document_batch(struct apply *a)
{
	_cleanup_(query_end) struct query q =
	    query_new(a->cat, "SELECT batch FROM document WHERE no = :no");
	int r;

	query_int(&q, ":no", a->document);
	r = query_step(&q);
	if (r > 0)
		a->batch = query_column_int(&q, 0);
	return r < 0 ? r : r == 1 ? 0 : -EINVAL;
}
