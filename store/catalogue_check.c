/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Is the catalogue whole, and is it the same as another? */
#include <errno.h>
#include <gcrypt.h>
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
	int r = 0;

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
	if (cat->writer &&
	    sql_exec(cat, "INSERT INTO search (search, rank) VALUES ('integrity-check', 1)") < 0)
		fault(ctx, "catalogue_search", "catalogue.db",
		    "the search index does not match the texts");
	return 0;
}

/* Every table but the index's own, whose layout depends on when it was merged. */
static const char *const digest_tables[] = {
    "SELECT 'archive', * FROM archive ORDER BY id",
    "SELECT 'event', * FROM event ORDER BY idx",
    "SELECT 'event_document', * FROM event_document ORDER BY document, idx",
    "SELECT 'key_file', * FROM key_file ORDER BY name",
    "SELECT 'user', * FROM user ORDER BY user",
    "SELECT 'batch', * FROM batch ORDER BY no",
    "SELECT 'refusal', * FROM refusal ORDER BY idx",
    "SELECT 'document', * FROM document ORDER BY no",
    "SELECT 'field', * FROM field ORDER BY document, key",
    "SELECT 'page', * FROM page ORDER BY no",
    "SELECT 'object', * FROM object ORDER BY id",
    "SELECT 'version', * FROM version ORDER BY document, version",
    "SELECT 'reading', * FROM reading ORDER BY id",
    "SELECT 'reading_box', * FROM reading_box ORDER BY id",
    "SELECT 'indexed', * FROM indexed ORDER BY page",
};

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
hash_table(struct catalogue *cat, gcry_md_hd_t md, const char *sql)
{
	_cleanup_(query_end) struct query q = query_new(cat, sql);
	int r;

	while ((r = query_step(&q)) > 0)
		for (int i = 0, n = sqlite3_data_count(q.statement); i < n; i++)
			hash_column(md, q.statement, i);
	return r;
}

int
catalogue_digest(struct catalogue *cat, char ret[65])
{
	_cleanup_(snapshot_end) struct snapshot snapshot = snapshot_begin(cat);
	gcry_md_hd_t md;
	int r = snapshot.r;

	if (r < 0)
		return r;
	if (gcry_md_open(&md, GCRY_MD_SHA256, 0) != 0)
		return -ENOMEM;
	for (size_t i = 0; i < sizeof(digest_tables) / sizeof(digest_tables[0]) && r >= 0; i++)
		r = hash_table(cat, md, digest_tables[i]);
	if (r >= 0)
		hex_encode(gcry_md_read(md, GCRY_MD_SHA256), 32, ret);
	gcry_md_close(md);
	return r;
}
