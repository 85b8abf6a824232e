/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one place where the catalogue's file is opened: an encrypting VFS goes under it here
 * (architecture §3). The order of the pragmas is the one that VFS needs: temp_store=MEMORY first,
 * so that no other file is ever made, then the journal. synchronous=NORMAL is enough because the
 * log is the truth: what a power cut takes from the WAL is replayed from the log.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "catalogue_schema.h"
#include "catalogue_sql.h"

#define BUSY_TIMEOUT_MS 5000 /* readers meet a lock only while the WAL is being restarted */

#define INDEX_CHUNK 500 /* pages that are put in the index at once */

static const char pragmas_common[] = "PRAGMA temp_store=MEMORY;"
				     "PRAGMA trusted_schema=OFF;"
				     "PRAGMA mmap_size=0;"
				     "PRAGMA foreign_keys=ON;"
				     "PRAGMA cell_size_check=ON;";
static const char pragmas_writer[] = "PRAGMA journal_mode=WAL;"
				     "PRAGMA synchronous=NORMAL;"
				     "PRAGMA cache_size=-24576;"
				     "PRAGMA journal_size_limit=67108864;";
static const char pragmas_reader[] = "PRAGMA query_only=ON;"
				     "PRAGMA cache_size=-6144;";

static int
open_file(const char *path, bool writer, sqlite3 **ret)
{
	const int flags =
	    SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_EXRESCODE |
	    (writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY);
	int code;

	code = sqlite3_open_v2(path, ret, flags, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_db_config(*ret, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_db_config(*ret, SQLITE_DBCONFIG_ENABLE_LOAD_EXTENSION, 0, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_busy_timeout(*ret, BUSY_TIMEOUT_MS);
	return sql_errno(code);
}

static int
schema_version(struct catalogue *cat, int *ret)
{
	_cleanup_(query_end) struct query q = query_new(cat, "PRAGMA user_version");
	int r;

	r = query_step(&q);
	if (r > 0)
		*ret = (int)query_column_int(&q, 0);
	return r < 0 ? r : 0;
}

/* 1: the index has been emptied, and what it holds by now is known. */
static int
is_index_begun(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT 1 FROM sqlite_schema WHERE name = 'index_anew'");

	return query_step(&q);
}

/* Adds a number of pages to the index; 0: there are no more. */
static int
index_some(struct catalogue *cat)
{
	_cleanup_(query_end) struct query next = query_new(cat,
	    "SELECT (SELECT page FROM index_anew), max(page) FROM (SELECT page FROM indexed WHERE"
	    " page > (SELECT page FROM index_anew) ORDER BY page LIMIT :n)");
	_cleanup_(query_end) struct query add =
	    query_new(cat, "INSERT INTO search (rowid, text, fields, first) SELECT id, text,"
			   " fields, first FROM indexed_text WHERE id > :from AND id <= :to");
	_cleanup_(query_end) struct query note = query_new(cat, "UPDATE index_anew SET page = :to");
	int64_t to;
	int r;

	query_int(&next, ":n", INDEX_CHUNK);
	r = query_step(&next);
	to = r > 0 ? query_column_int(&next, 1) : 0;
	if (r < 0 || to == 0)
		return r < 0 ? r : 0;
	query_int(&add, ":from", query_column_int(&next, 0));
	query_int(&add, ":to", to);
	r = query_run(&add);
	query_int(&note, ":to", to);
	if (r >= 0)
		r = query_run(&note);
	return r < 0 ? r : 1;
}

static int
begin_index(struct catalogue *cat)
{
	const int r = is_index_begun(cat);

	return r != 0 ? r
		      : sql_exec(cat, "INSERT INTO search (search) VALUES ('delete-all');"
				      "CREATE TABLE index_anew (page INTEGER NOT NULL) STRICT;"
				      "INSERT INTO index_anew VALUES (0)");
}

static int
in_transaction(struct catalogue *cat, int (*run)(struct catalogue *cat))
{
	int r = sql_exec(cat, "BEGIN IMMEDIATE"), s;

	if (r < 0)
		return r;
	r = run(cat);
	s = sql_exec(cat, r < 0 ? "ROLLBACK" : "COMMIT");
	return r < 0 || s >= 0 ? r : s;
}

/* Makes the whole index anew, in steps that are kept: it may take longer than fumikurad waits for a
 * start, and the next one goes on from there. */
static int
index_anew(struct catalogue *cat)
{
	int r = in_transaction(cat, begin_index);

	while (r >= 0 && (r = in_transaction(cat, index_some)) > 0)
		;
	return r;
}

static int
migrate(struct catalogue *cat)
{
	char set_version[48];
	int version = 0, r;

	r = schema_version(cat, &version);
	if (r < 0)
		return r;
	if (version < 0 || version > CATALOGUE_MIGRATIONS)
		return -EPROTONOSUPPORT;
	for (; version < CATALOGUE_MIGRATIONS; version++) {
		snprintf(set_version, sizeof(set_version), "PRAGMA user_version=%d", version + 1);
		r = version == CATALOGUE_INDEX_ANEW ? index_anew(cat) : 0;
		if (r < 0)
			return r;
		r = sql_exec(cat, "BEGIN IMMEDIATE");
		if (r >= 0)
			r = sql_exec(cat, catalogue_migrations[version]);
		if (r >= 0)
			r = sql_exec(cat, set_version);
		if (r >= 0)
			r = sql_exec(cat, "COMMIT");
		if (r < 0) {
			sql_exec(cat, "ROLLBACK");
			return r;
		}
	}
	return 0;
}

int
catalogue_open(
    const char *path, char mode, const struct catalogue_sources *sources, struct catalogue **ret)
{
	_cleanup_(catalogue_freep) struct catalogue *cat = calloc(1, sizeof(*cat));
	int version = 0, r;

	if (cat == NULL)
		return -ENOMEM;
	cat->writer = mode == 'w';
	cat->sources = sources;
	r = open_file(path, cat->writer, &cat->db);
	if (r >= 0)
		r = search_token_register(cat->db);
	if (r >= 0)
		r = sql_exec(cat, pragmas_common);
	if (r >= 0)
		r = sql_exec(cat, cat->writer ? pragmas_writer : pragmas_reader);
	if (r >= 0)
		r = cat->writer ? migrate(cat) : schema_version(cat, &version);
	if (r == -EINVAL) /* what our own constraints forbid cannot have been there */
		r = -EBADMSG;
	if (r < 0)
		return r;
	if (!cat->writer && version != CATALOGUE_MIGRATIONS)
		return version > 0 && version < CATALOGUE_MIGRATIONS ? -ESTALE : -EPROTONOSUPPORT;
	*ret = TAKE_PTR(cat);
	return 0;
}

void
catalogue_free(struct catalogue *cat)
{
	if (cat == NULL)
		return;
	for (size_t i = 0; i < SQL_CACHE; i++)
		sqlite3_finalize(cat->cache[i].statement);
	sqlite3_close(cat->db);
	free(cat);
}

unsigned
catalogue_lost(const struct catalogue *cat)
{
	return cat->lost;
}

int
catalogue_remove(const char *path)
{
	static const char *const suffixes[] = {"-wal", "-shm", "-journal", ""};
	char name[4096];

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
		if ((size_t)snprintf(name, sizeof(name), "%s%s", path, suffixes[i]) >= sizeof(name))
			return -ENAMETOOLONG;
		if (unlink(name) < 0 && errno != ENOENT)
			return -errno;
	}
	return 0;
}

int
catalogue_settle(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q = query_new(cat, "PRAGMA wal_checkpoint(TRUNCATE)");
	int r;

	r = query_step(&q);
	return r < 0 ? r : r > 0 && query_column_int(&q, 0) != 0 ? -EBUSY : 0;
}

int
catalogue_begin(struct catalogue *cat)
{
	return sql_exec(cat, "BEGIN IMMEDIATE");
}

int
catalogue_commit(struct catalogue *cat)
{
	/* SQLite rolls all back by itself when it fails in the midst: nothing is there to commit,
	 * which is no damage */
	return sqlite3_get_autocommit(cat->db) != 0 ? -EIO : sql_exec(cat, "COMMIT");
}

void
catalogue_rollback(struct catalogue *cat)
{
	sql_exec(cat, "ROLLBACK");
}

int
catalogue_savepoint(struct catalogue *cat)
{
	return sql_exec(cat, "SAVEPOINT request");
}

int
catalogue_release(struct catalogue *cat)
{
	return sql_exec(cat, "RELEASE request");
}

void
catalogue_rollback_to(struct catalogue *cat)
{
	sql_exec(cat, "ROLLBACK TO request");
}
