/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the catalogue whole, and is it the same as another? */
#include <errno.h>
#include <gcrypt.h>
#include <stdio.h>
#include <string.h>

#include "catalogue_sql.h"
#include "text.h"

/* A statement whose every row is a fault; its one column says what. */
static const struct check {
	const char *code, *sql;
} checks[] = {
    {"catalogue_damaged",
	"SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'"},
    {"catalogue_reference", "SELECT 'table ' || \"table\" || ' row ' || coalesce(rowid, 0) || ' "
			    "names a missing ' || parent"
			    " FROM pragma_foreign_key_check"},
    {"catalogue_events", "SELECT 'events ' || min(idx) || ' to ' || max(idx) || ' but ' || "
			 "count(*) || ' rows' FROM event"
			 " HAVING count(*) > 0 AND (min(idx) <> 0 OR max(idx) + 1 <> count(*))"},
    {"catalogue_numbers",
	"SELECT printf('document D%06d has page numbers that are not 1 to %d', document, count(*)) "
	"FROM page"
	" WHERE document IS NOT NULL AND excluded = 0 GROUP BY document"
	" HAVING min(n) <> 1 OR max(n) <> count(*) OR count(DISTINCT n) <> count(*)"},
    {"catalogue_search",
	"SELECT printf('page P%08d is %s the search index', p.no, iif(i.page IS NULL, 'missing in',"
	" 'wrongly in')) FROM page AS p LEFT JOIN indexed AS i ON i.page = p.no"
	" WHERE (i.page IS NOT NULL) <> (p.document IS NOT NULL AND p.excluded = 0)"},
};

static int
run_check(struct catalogue *cat, const struct check *check, fault_fn fault, void *ctx)
{
	_cleanup_(query_end) struct query q = query_new(cat, check->sql);
	int r;

	while ((r = query_step(&q)) > 0)
		fault(ctx, check->code, "catalogue.db", query_column_text(&q, 0));
	return r;
}

int
catalogue_check(struct catalogue *cat, fault_fn fault, void *ctx)
{
	int r = 0, s;

	for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]) && r >= 0; i++)
		r = run_check(cat, &checks[i], fault, ctx);
	if (r == -EBADMSG) {
		fault(ctx, "catalogue_damaged", "catalogue.db", "cannot be read");
		return 0;
	}
	if (r < 0)
		return r;
	/* The command compares every token with the texts; it is written as an insert, but changes
	 * nothing. */
	s = cat->writer
		? sql_exec(cat, "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)")
		: 0;
	if (s == -EBADMSG)
		fault(ctx, "catalogue_search", "catalogue.db",
		    "the search index does not match the texts");
	return s == -EBADMSG ? 0 : s;
}

/*
 * Everything that a catalogue says, table by table, in a fixed order. Of the search index not its
 * own tables, whose layout depends on when it was merged, but every token and its place.
 */
static const struct table {
	const char *name, *code, *sql;
	bool read; /* rests on results of recognition */
} tables[] = {
    {"schema", "catalogue_differs",
	"SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY type, name"},
    {"archive", "catalogue_differs", "SELECT * FROM archive ORDER BY id"},
    {"event", "catalogue_differs", "SELECT * FROM event ORDER BY idx"},
    {"event_document", "catalogue_differs", "SELECT * FROM event_document ORDER BY document, idx"},
    {"key_file", "catalogue_differs", "SELECT * FROM key_file ORDER BY name"},
    {"user", "catalogue_differs", "SELECT * FROM user ORDER BY user"},
    {"batch", "catalogue_differs", "SELECT * FROM batch ORDER BY no"},
    {"refusal", "catalogue_differs", "SELECT * FROM refusal ORDER BY idx"},
    {"document", "catalogue_differs", "SELECT * FROM document ORDER BY no"},
    {"field", "catalogue_differs", "SELECT * FROM field ORDER BY document, key"},
    {"page", "catalogue_differs", "SELECT * FROM page ORDER BY no", true},
    {"object", "catalogue_differs", "SELECT * FROM object ORDER BY id"},
    {"version", "catalogue_differs", "SELECT * FROM version ORDER BY document, version"},
    {"reading", "catalogue_differs", "SELECT * FROM reading ORDER BY id", true},
    {"reading_box", "catalogue_differs", "SELECT * FROM reading_box ORDER BY id", true},
    {"indexed", "catalogue_differs", "SELECT * FROM indexed ORDER BY page", true},
    {"search", "catalogue_search", "SELECT term, doc, col, offset FROM temp.search_token", true},
};
#define TABLES (sizeof(tables) / sizeof(tables[0]))

/* The tokens of the index as rows: a view of this connection alone, in its memory. */
static int
show_tokens(struct catalogue *cat)
{
	int r;

	if (!cat->writer)
		r = sql_exec(cat, "PRAGMA query_only=OFF");
	else
		r = 0;
	if (r >= 0)
		r = sql_exec(cat, "CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_token"
				  " USING fts5vocab('main', 'search', 'instance')");
	if (!cat->writer)
		sql_exec(cat, "PRAGMA query_only=ON");
	return r;
}

/* ---- digest ---- */

/* Type, length and bytes, so that no two rows can look alike. */
static void
hash_column(gcry_md_hd_t md, sqlite3_stmt *st, int column)
{
	const void *data = sqlite3_column_blob(st, column);
	const int size = sqlite3_column_bytes(st, column);
	uint8_t head[5] = {(uint8_t)sqlite3_column_type(st, column), (uint8_t)size,
	    (uint8_t)(size >> 8), (uint8_t)(size >> 16), (uint8_t)(size >> 24)};

	gcry_md_write(md, head, sizeof(head));
	if (size > 0)
		gcry_md_write(md, data, (size_t)size);
}

static int
hash_table(struct catalogue *cat, gcry_md_hd_t md, const struct table *table)
{
	_cleanup_(query_end) struct query q = query_new(cat, table->sql);
	int r;

	gcry_md_write(md, table->name, strlen(table->name) + 1);
	while ((r = query_step(&q)) > 0)
		for (int i = 0, n = sqlite3_data_count(q.statement); i < n; i++)
			hash_column(md, q.statement, i);
	return r;
}

int
catalogue_digest(struct catalogue *cat, char ret[65])
{
	int r = show_tokens(cat);
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	gcry_md_hd_t md;

	if (r >= 0)
		r = snapshot.r;
	if (r < 0)
		return r;
	if (gcry_md_open(&md, GCRY_MD_SHA256, 0) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < TABLES && r >= 0; i++)
		r = hash_table(cat, md, &tables[i]);
	if (r >= 0)
		hex_encode(gcry_md_read(md, GCRY_MD_SHA256), 32, ret);
	gcry_md_close(md);
	return r;
}

/* ---- comparison ---- */

static bool
same_column(sqlite3_stmt *a, sqlite3_stmt *b, int column)
{
	const int type = sqlite3_column_type(a, column), size = sqlite3_column_bytes(a, column);

	if (type != sqlite3_column_type(b, column) || size != sqlite3_column_bytes(b, column))
		return false;
	return size == 0 || memcmp(sqlite3_column_blob(a, column), sqlite3_column_blob(b, column),
				(size_t)size) == 0;
}

static bool
same_row(sqlite3_stmt *a, sqlite3_stmt *b)
{
	const int n = sqlite3_data_count(a);

	if (n != sqlite3_data_count(b))
		return false;
	for (int i = 0; i < n; i++)
		if (!same_column(a, b, i))
			return false;
	return true;
}

/* Names the first difference by table and place, never by content. */
static int
compare_table(struct catalogue *right, struct catalogue *cat, const struct table *table,
    fault_fn fault, void *ctx)
{
	_cleanup_(query_end) struct query a = query_new(right, table->sql);
	_cleanup_(query_end) struct query b = query_new(cat, table->sql);
	char detail[64];
	uint64_t row = 0;
	int r, s;

	do {
		row++;
		r = query_step(&a);
		s = query_step(&b);
	} while (r > 0 && s > 0 && same_row(a.statement, b.statement));
	if (r < 0)
		return r;
	if (r == 0 && s == 0)
		return 0;
	snprintf(detail, sizeof(detail), "table %s, row %llu%s", table->name,
	    (unsigned long long)row, s < 0 ? " cannot be read" : "");
	fault(ctx, table->code, "catalogue.db", detail);
	return 0;
}

/* 1: something waits to be read again (catalogue_apply_page.c). */
static int
waits_again(struct catalogue *cat)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT 1 FROM page WHERE (state = 'stored' AND result <> '')"
			   " OR (state = 'read' AND effort = 'shown' AND further <> '') LIMIT 1");

	return query_step(&q);
}

int
catalogue_compare(struct catalogue *right, struct catalogue *cat, fault_fn fault, void *ctx)
{
	int waits = right->lost > 0 ? waits_again(right) : 0, r = show_tokens(right);

	if (waits < 0)
		return waits;
	if (r >= 0 && show_tokens(cat) < 0)
		fault(ctx, "catalogue_search", "catalogue.db", "table search cannot be read");
	for (size_t i = 0; i < TABLES && r >= 0; i++)
		if (waits == 0 || !tables[i].read)
			r = compare_table(right, cat, &tables[i], fault, ctx);
	return r;
}
