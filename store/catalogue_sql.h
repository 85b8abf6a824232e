/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Inside of the catalogue: prepared statements and typed access, shared by catalogue*.c only.
 * Statement texts are constants and are prepared once per connection; values are bound by name,
 * never written into text (rule 9).
 */
#ifndef FUMIKURA_STORE_CATALOGUE_SQL_H
#define FUMIKURA_STORE_CATALOGUE_SQL_H

#include <sqlite3.h>

#include "catalogue.h"
#include "search.h"

#define SQL_CACHE                                                                                  \
	512 /* slots for statements; a power of two, more than twice as many as there are */

struct catalogue {
	sqlite3 *db;
	const struct catalogue_sources *sources;
	bool writer;
	unsigned lost; /* catalogue_lost() */
	struct {
		const char *sql;
		sqlite3_stmt *statement;
	} cache[SQL_CACHE];
};

/* A statement in use. The first error sticks in r and makes every later call a no-op. One use at a
 * time of the same text. */
struct query {
	sqlite3 *db;
	sqlite3_stmt *statement;
	int r;
};

/* A column: why the page p was marked unreadable, as page.unreadable says it; "" of any other. */
#define SQL_PAGE_WHY                                                                               \
	" iif(p.state = 'unreadable', coalesce((SELECT json ->> '$.why' FROM event WHERE "         \
	"event.page"                                                                               \
	" = p.no AND event.type = 'page.unreadable' ORDER BY idx DESC LIMIT 1), ''), '') AS why"

struct query query_new(struct catalogue *cat, const char *sql);
void query_end(struct query *q); /* for _cleanup_ */
void query_text(struct query *q, const char *name,
    const char *value); /* NULL: SQL NULL; borrowed until query_end */
void query_int(struct query *q, const char *name, int64_t value);
void query_blob(struct query *q, const char *name, const void *data, size_t n);
/* 1: a row, 0: no more, negative errno. */
int query_step(struct query *q);
/* Runs to its end; number of rows changed, or negative errno. */
int query_run(struct query *q);

int64_t query_column_int(struct query *q, int column);
const char *query_column_text(struct query *q, int column); /* "" for NULL; until the next step */
void query_column_copy(struct query *q, int column, char *out, size_t size); /* cut when too long */
/* The row as an object: column names are the members; integers, texts. A name ending in "?" makes a
 * boolean, one ending in "{}" parses JSON text. */
json_t *query_row_json(struct query *q);

/* All rows as a list of such objects. */
int query_list(struct query *q, json_t **ret);
/* The rows of one statement; id is bound to :id unless 0. */
int query_list_json(struct catalogue *cat, const char *sql, int64_t id, json_t **ret);
/* As above, as a member of object. */
int query_add_list(
    struct catalogue *cat, json_t *object, const char *name, const char *sql, int64_t id);
/* As above, as {"name":[…]}. */
int query_wrapped_json(
    struct catalogue *cat, const char *sql, int64_t id, const char *name, json_t **ret);

/* SQLite's result code as negative errno: constraints are -EINVAL, damage is -EBADMSG, and nothing
 * else is. */
int sql_errno(int code);
/* Prepares a statement that lives as long as the connection. */
int sql_prepare(struct catalogue *cat, const char *sql, sqlite3_stmt **ret);
/* Runs one constant statement without values. */
int sql_exec(struct catalogue *cat, const char *sql);

/* Several statements that must see one state: opens a read transaction unless one is open. Close
 * with _cleanup_(snapshot_end). */
struct snapshot {
	struct catalogue *cat;
	int r;
};
struct snapshot snapshot_begin(struct catalogue *cat);
void snapshot_end(struct snapshot *snapshot);

/* Id texts: 'B', 'D' or 'P' and a number. 0 when text is no such id. */
int64_t id_number(char letter, const char *text);
void id_format(char letter, int64_t number, char ret[ID_TEXT]);

/* Refreshes what the full-text index holds of a page / of all pages of a document
 * (catalogue_index.c). */
int index_page(struct catalogue *cat, int64_t page);
int index_document(struct catalogue *cat, int64_t document);
/* Takes the page's texts out of the full-text index, before they change. */
int index_page_remove(struct catalogue *cat, int64_t page);

/* Registers the tokenizer "fumikura" on a connection (search_token.c). */
int search_token_register(sqlite3 *db);

#endif
