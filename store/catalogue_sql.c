/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Prepared statements, typed access, ids. Knows SQLite, nothing of what the tables mean. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_sql.h"

int
sql_errno(int code)
{
	switch (code & 0xff) {
	case SQLITE_OK:
	case SQLITE_ROW:
	case SQLITE_DONE:
		return 0;
	case SQLITE_CONSTRAINT:
	case SQLITE_MISMATCH:
		return -EINVAL;
	case SQLITE_NOMEM:
		return -ENOMEM;
	case SQLITE_FULL:
		return -ENOSPC;
	case SQLITE_ERROR: /* statements are constant: it is the schema that is not right */
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
		return -EBADMSG;
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return -EBUSY;
	case SQLITE_READONLY:
		return -EROFS;
	case SQLITE_TOOBIG:
		return -EFBIG;
	default:
		/* what connections share is lengthened by writes that tell no full disk by name */
		return code == SQLITE_IOERR_SHMSIZE ? -ENOSPC : -EIO;
	}
}

int
sql_prepare(struct catalogue *cat, const char *sql, sqlite3_stmt **ret)
{
	return sql_errno(
	    sqlite3_prepare_v3(cat->db, sql, -1, SQLITE_PREPARE_PERSISTENT, ret, NULL));
}

int
sql_exec(struct catalogue *cat, const char *sql)
{
	return sql_errno(sqlite3_exec(cat->db, sql, NULL, NULL, NULL));
}

/* Statements are constants, so the address of the text is the key. */
static int
cached(struct catalogue *cat, const char *sql, sqlite3_stmt **ret)
{
	size_t slot = ((uintptr_t)sql >> 3) * 0x9e3779b97f4a7c15u >> 55;
	int r;

	_Static_assert(SQL_CACHE == 512, "the shift above keeps 9 bits");
	for (unsigned i = 0; i < SQL_CACHE; i++, slot = (slot + 1) % SQL_CACHE) {
		if (cat->cache[slot].sql == sql)
			break;
		if (cat->cache[slot].sql == NULL) {
			r = sql_prepare(cat, sql, &cat->cache[slot].statement);
			if (r < 0)
				return r;
			cat->cache[slot].sql = sql;
			break;
		}
	}
	if (cat->cache[slot].sql != sql)
		return -ENOBUFS;
	*ret = cat->cache[slot].statement;
	return sqlite3_stmt_busy(*ret) ? -EDEADLK : 0;
}

struct query
query_new(struct catalogue *cat, const char *sql)
{
	struct query q = {.db = cat->db};

	q.r = cached(cat, sql, &q.statement);
	if (q.r < 0)
		q.statement = NULL;
	return q;
}

void
query_end(struct query *q)
{
	if (q->statement == NULL)
		return;
	sqlite3_reset(q->statement);
	sqlite3_clear_bindings(q->statement);
	q->statement = NULL;
}

/* 0 when the query has failed already or knows no such name (which is a failure). */
static int
parameter(struct query *q, const char *name)
{
	int i;

	if (q->r < 0)
		return 0;
	i = sqlite3_bind_parameter_index(q->statement, name);
	if (i == 0)
		q->r = -EDOM;
	return i;
}

void
query_text(struct query *q, const char *name, const char *value)
{
	const int i = parameter(q, name);

	if (i > 0)
		q->r = sql_errno(sqlite3_bind_text(q->statement, i, value, -1, SQLITE_STATIC));
}

void
query_int(struct query *q, const char *name, int64_t value)
{
	const int i = parameter(q, name);

	if (i > 0)
		q->r = sql_errno(sqlite3_bind_int64(q->statement, i, value));
}

void
query_blob(struct query *q, const char *name, const void *data, size_t n)
{
	const int i = parameter(q, name);

	if (i > 0)
		q->r = sql_errno(
		    sqlite3_bind_blob64(q->statement, i, n > 0 ? data : "", n, SQLITE_STATIC));
}

int
query_step(struct query *q)
{
	int code;

	if (q->r < 0)
		return q->r;
	code = sqlite3_step(q->statement);
	if (code == SQLITE_ROW)
		return 1;
	q->r = sql_errno(code);
	return q->r;
}

int
query_run(struct query *q)
{
	const int64_t before = q->r < 0 ? 0 : sqlite3_total_changes64(q->db);
	int r;

	do
		r = query_step(q);
	while (r > 0);
	return r < 0 ? r : (int)(sqlite3_total_changes64(q->db) - before);
}

int64_t
query_column_int(struct query *q, int column)
{
	return sqlite3_column_int64(q->statement, column);
}

const char *
query_column_text(struct query *q, int column)
{
	const unsigned char *text = sqlite3_column_text(q->statement, column);

	return text == NULL ? "" : (const char *)text;
}

void
query_column_copy(struct query *q, int column, char *out, size_t size)
{
	snprintf(out, size, "%s", query_column_text(q, column));
}

/* One column as JSON; NULL on no memory. */
static json_t *
column_json(struct query *q, int column, const char *name, size_t *name_length)
{
	sqlite3_stmt *st = q->statement;
	json_t *value;

	*name_length = strlen(name);
	if (*name_length > 1 && name[*name_length - 1] == '?') {
		*name_length -= 1;
		return json_boolean(sqlite3_column_int(st, column) != 0);
	}
	if (*name_length > 2 && strcmp(name + *name_length - 2, "{}") == 0) {
		*name_length -= 2;
		value = json_loads(query_column_text(q, column), JSON_DECODE_ANY, NULL);
		return value != NULL ? value : json_null();
	}
	if (sqlite3_column_type(st, column) == SQLITE_INTEGER)
		return json_integer(sqlite3_column_int64(st, column));
	return json_string(query_column_text(q, column));
}

json_t *
query_row_json(struct query *q)
{
	json_t *row = json_object();

	for (int i = 0, n = sqlite3_column_count(q->statement); row != NULL && i < n; i++) {
		const char *name = sqlite3_column_name(q->statement, i);
		size_t length;
		json_t *value = name == NULL ? NULL : column_json(q, i, name, &length);

		if (value == NULL || json_object_setn_new(row, name, length, value) < 0) {
			json_decref(row);
			row = NULL;
		}
	}
	if (row == NULL)
		q->r = -ENOMEM;
	return row;
}

struct snapshot
snapshot_begin(struct catalogue *cat)
{
	struct snapshot snapshot = {.cat = NULL};

	if (sqlite3_get_autocommit(cat->db) == 0)
		return snapshot;
	snapshot.r = sql_exec(cat, "BEGIN");
	if (snapshot.r >= 0)
		snapshot.cat = cat;
	return snapshot;
}

void
snapshot_end(struct snapshot *snapshot)
{
	if (snapshot->cat != NULL)
		sql_exec(snapshot->cat, "COMMIT");
	snapshot->cat = NULL;
}

int64_t
id_number(char letter, const char *text)
{
	int64_t n = 0;
	size_t digits;

	if (text == NULL || text[0] != letter)
		return 0;
	digits = strspn(text + 1, "0123456789");
	if (digits < 6 || digits >= ID_TEXT - 1 || text[1 + digits] != '\0')
		return 0;
	for (size_t i = 1; i <= digits; i++)
		n = n * 10 + (text[i] - '0');
	return n;
}

void
id_format(char letter, int64_t number, char ret[ID_TEXT])
{
	snprintf(ret, ID_TEXT, "%c%0*lld", letter, letter == 'P' ? 8 : 6, (long long)number);
}

int
query_list(struct query *q, json_t **ret)
{
	json_t *list = json_array();
	int r = list == NULL ? -ENOMEM : 0;

	while (r >= 0 && (r = query_step(q)) > 0)
		if (json_array_append_new(list, query_row_json(q)) < 0)
			r = -ENOMEM;
	if (r < 0)
		json_decref(list);
	else
		*ret = list;
	return r;
}

int
query_list_json(struct catalogue *cat, const char *sql, int64_t id, json_t **ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, sql);

	if (id != 0)
		query_int(&q, ":id", id);
	return query_list(&q, ret);
}

int
query_add_list(struct catalogue *cat, json_t *object, const char *name, const char *sql, int64_t id)
{
	json_t *list = NULL;
	int r;

	r = query_list_json(cat, sql, id, &list);
	return r < 0 ? r : json_object_set_new(object, name, list) < 0 ? -ENOMEM : 0;
}

int
query_wrapped_json(
    struct catalogue *cat, const char *sql, int64_t id, const char *name, json_t **ret)
{
	json_t *list = NULL;
	int r;

	r = query_list_json(cat, sql, id, &list);
	if (r < 0)
		return r;
	*ret = json_pack("{s:o}", name, list);
	return *ret != NULL ? 0 : -ENOMEM;
}
