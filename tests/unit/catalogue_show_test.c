/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the catalogue answers: the shapes of store_bus.h and architecture §5, the manifest, readers
 * beside the writer, and damage being named. */
#include "catalogue_fixture.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>

static const json_t *
at(const json_t *json, const char *path)
{
	char copy[200];

	snprintf(copy, sizeof(copy), "%s", path);
	for (char *rest = copy, *name; (name = strsep(&rest, "/")) != NULL;)
		json = json_is_array(json) ? json_array_get(json, strtoul(name, NULL, 10))
					   : json_object_get(json, name);
	return json;
}

static void
expect_text(const json_t *json, const char *path, const char *expected)
{
	const char *text = json_string_value(at(json, path));

	if (text == NULL || strcmp(text, expected) != 0)
		fail_msg(
		    "%s is '%s', expected '%s'", path, text != NULL ? text : "(none)", expected);
}

static void
expect_int(const json_t *json, const char *path, json_int_t expected)
{
	if (!json_is_integer(at(json, path)) || json_integer_value(at(json, path)) != expected)
		fail_msg("%s is %lld, expected %lld", path,
		    (long long)json_integer_value(at(json, path)), (long long)expected);
}

static void
confirm(struct fixture *f)
{
	fix_event(f, "hanako", "doc.set",
	    json_pack("{s:s,s:{s:s,s:s}}", "document", "D000001", "fields", "client_name",
		"髙橋 花子", "type", "care_plan"));
	fix_event(f, "hanako", "batch.submit",
	    json_pack("{s:s,s:[s]}", "batch", "B000001", "documents", "D000001"));
	fix_event(f, "jiro", "doc.confirm", fix_evidence(f, 1));
}

static void
test_show(void **state)
{
	struct fixture *f = *state;
	json_t *show;

	fix_office(f, 2);
	fix_read(f, "P00000001", "訪問介護計画書", NULL);
	fix_event(f, "hanako", "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000002", "degrees", 90));
	assert_int_equal(catalogue_show_json(f->cat, "D000009", &show), -ENOENT);
	assert_int_equal(catalogue_show_json(f->cat, "D000001", &show), 0);
	expect_text(show, "state", "draft");
	expect_text(show, "state_label", "作成中");
	assert_true(json_is_null(at(show, "signature")));
	assert_true(json_is_null(at(show, "timestamp")));
	expect_int(show, "pages/0/n", 1);
	expect_text(show, "pages/0/sha256", fix_digest(1001));
	expect_text(show, "pages/0/text", "訪問介護計画書");
	expect_int(show, "pages/0/dpi", 300);
	expect_int(show, "pages/0/width", 2480);
	expect_int(show, "pages/1/width", 3508);
	expect_int(show, "pages/1/rotation", 90);
	expect_text(show, "pages/1/text", "");
	json_decref(show);
	confirm(f);
	assert_int_equal(catalogue_show_json(f->cat, "D000001", &show), 0);
	expect_text(show, "state_label", "確定（時刻印待ち）");
	expect_text(show, "type", "care_plan");
	expect_text(show, "fields/client_name", "髙橋 花子");
	expect_text(show, "signature/manifest_sha256", fix_digest(77));
	expect_text(show, "timestamp/state", "pending");
	expect_text(show, "timestamp/label", "時刻印待ち");
	expect_int(show, "versions/0/version", 1);
	expect_text(show, "versions/0/confirmed_by", "jiro");
	expect_text(show, "people/scanned_by", "hanako");
	expect_text(show, "history/0/summary_ja",
	    "鈴木 次郎（jiro）が書類 D000001 を確定しました（第1版）。");
	json_decref(show);
	fix_event(f, "system", "doc.timestamp", fix_stamp(f));
	assert_int_equal(catalogue_show_json(f->cat, "D000001", &show), 0);
	expect_text(show, "state_label", "確定済み");
	expect_text(show, "timestamp/accredited_label", "非認定");
	json_decref(show);
}

/* What the device said of a page is seen with it: a double feed is never dropped in silence. */
static void
test_batch_tells_flags(void **state)
{
	static const char *const said[] = {"double_feed,short_page", "", "a\"b"};
	struct fixture *f = *state;
	json_t *batch;

	fix_archive(f);
	fix_batch(f, "B000001", "scan");
	for (unsigned i = 0; i < 3; i++) {
		const char *const pages[] = {"P00000001", "P00000002", "P00000003"};
		json_t *page = fix_page_payload(f, "B000001", pages[i], i + 1);

		json_object_set_new(json_object_get(page, "params"), "flags", json_string(said[i]));
		fix_event(f, "system", "page.add", page);
	}
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &batch), 0);
	expect_text(batch, "pages/0/flags/0", "double_feed");
	expect_text(batch, "pages/0/flags/1", "short_page");
	assert_int_equal(json_array_size(at(batch, "pages/1/flags")), 0);
	expect_text(batch, "pages/2/flags/0", "a\"b");
	json_decref(batch);
}

/* Nothing but the record is in the manifest: reading a page again, views and searches do not change
 * it. */
static void
test_manifest_is_stable(void **state)
{
	struct fixture *f = *state;
	json_t *one, *two;

	fix_office(f, 3);
	fix_event(f, "hanako", "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000002", "on", 1,
		"reason", "白紙"));
	assert_int_equal(catalogue_manifest_json(f->cat, "D000001", &one), 0);
	expect_text(one, "fumikura", "manifest/v1");
	expect_text(one, "archive", "fumikura.local/0a1b2c3d");
	expect_int(one, "version", 1);
	expect_text(one, "pages/1/page", "P00000003");
	expect_int(one, "pages/1/n", 2);
	expect_text(one, "pages/1/tiff_sha256", fix_digest(1003));
	expect_text(one, "pages/1/params/device", "net:feeder");
	expect_text(one, "excluded/0/page", "P00000002"); /* G91-15 */
	expect_text(one, "excluded/0/reason", "白紙");
	fix_read(f, "P00000001", "読んだ", NULL);
	fix_event(f, "hanako", "view",
	    json_pack("{s:s,s:i,s:s}", "document", "D000001", "page", 1, "kind", "preview"));
	assert_int_equal(catalogue_manifest_json(f->cat, "D000001", &two), 0);
	assert_true(json_equal(one, two));
	json_decref(two);
	fix_event(f, "hanako", "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", "D000001", "fields", "title", "計画"));
	assert_int_equal(catalogue_manifest_json(f->cat, "D000001", &two), 0);
	assert_false(json_equal(one, two));
	json_decref(one);
	json_decref(two);
}

static void
test_batch_json(void **state)
{
	struct fixture *f = *state;
	json_t *readings = json_pack("[o]", fix_reading("jpn", true, "訪問"));
	json_t *batch;
	json_int_t change;

	fix_office(f, 2);
	assert_int_equal(fix_read_result(f, "P00000001",
			     json_pack("{s:o,s:s,s:[{s:s,s:s,s:s,s:i}]}", "readings", readings,
				 "form_type", "service_record", "fields", "label", "氏名", "value",
				 "髙橋花子", "key", "client_name", "confidence", 88)),
	    0);
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &batch), 0);
	expect_text(batch, "run/state", "ended");
	expect_text(batch, "run/code", "feeder_empty");
	expect_int(batch, "documents/0/pages", 2);
	expect_text(batch, "documents/0/proposals/0/key", "type");
	expect_text(batch, "documents/0/proposals/0/value", "service_record");
	expect_text(batch, "documents/0/proposals/1/key", "client_name");
	expect_int(batch, "documents/0/proposals/1/seq", 1);
	/* proposed, never filled in */
	expect_text(batch, "documents/0/type", "");
	assert_int_equal(json_object_size(at(batch, "documents/0/fields")), 0);
	expect_text(batch, "pages/1/state", "stored");
	change = json_integer_value(at(batch, "change"));
	json_decref(batch);
	fix_event(f, "hanako", "view", json_pack("{s:s,s:s}", "batch", "B000001", "kind", "batch"));
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &batch), 0);
	expect_int(batch, "change", change);
	json_decref(batch);
	fix_event(f, "hanako", "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", "D000001", "fields", "title", "計画"));
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &batch), 0);
	assert_true(json_integer_value(at(batch, "change")) > change);
	json_decref(batch);
	assert_int_equal(catalogue_batches_json(f->cat, "submitted", 10, &batch), 0);
	assert_int_equal(json_array_size(at(batch, "batches")), 0);
	json_decref(batch);
}

static void
test_queue_and_status(void **state)
{
	struct fixture *f = *state;
	json_t *queue;
	char id[ID_TEXT];

	fix_office(f, 1);
	assert_int_equal(catalogue_untimed_next(f->cat, 0, id), -ENOENT);
	confirm(f);
	assert_int_equal(catalogue_queue_json(f->cat, "submitted", 1795000060000u, &queue), 0);
	assert_int_equal(json_array_size(at(queue, "documents")), 0);
	json_decref(queue);
	assert_int_equal(catalogue_queue_json(f->cat, "untimed", 1795000060000u, &queue), 0);
	expect_text(queue, "documents/0/id", "D000001");
	expect_int(queue, "documents/0/age_s", 51);
	json_decref(queue);
	assert_int_equal(catalogue_untimed_next(f->cat, 0, id), 0);
	assert_string_equal(id, "D000001");
	assert_int_equal(catalogue_untimed_next(f->cat, 1, id), -ENOENT);
	assert_int_equal(catalogue_status_json(f->cat, &queue), 0);
	expect_int(queue, "pending_timestamps/count", 1);
	expect_int(queue, "queue/recognition", 1);
	expect_int(queue, "documents", 1);
	json_decref(queue);
}

static void
test_log_filters(void **state)
{
	struct fixture *f = *state;
	json_t *log;

	fix_office(f, 1);
	fix_event(f, "jiro", "search",
	    json_pack("{s:s,s:i,s:[[s,i]]}", "query", "x", "total", 1, "hits", "D000001", 1));
	fix_event(f, "jiro", "checkpoint", json_pack("{s:i,s:s}", "size", 5, "root", ""));
	assert_int_equal(catalogue_log_json(f->cat, "", "", "jiro", "", 0, &log), 0);
	assert_int_equal(json_array_size(at(log, "entries")), 2);
	expect_int(log, "size", (json_int_t)f->events);
	json_decref(log);
	assert_int_equal(catalogue_log_json(f->cat, "", "", "", "batch", 0, &log), 0);
	assert_int_equal(json_array_size(at(log, "entries")), 3);
	expect_text(log, "entries/0/type", "batch.end");
	json_decref(log);
	assert_int_equal(catalogue_log_json(f->cat, "", "D000001", "", "", 0, &log), 0);
	assert_int_equal(json_array_size(at(log, "entries")),
	    2); /* the end of the run, the search that showed it */
	expect_text(log, "entries/0/data/query", "x");
	json_decref(log);
	assert_int_equal(
	    catalogue_log_json(f->cat, "2030-01-01T00:00:00Z", "", "", "", 0, &log), 0);
	assert_int_equal(json_array_size(at(log, "entries")), 0);
	json_decref(log);
	assert_int_equal(catalogue_log_json(f->cat, "soon", "", "", "", 0, &log), -EINVAL);
	assert_int_equal(catalogue_log_json(f->cat, "", "", "", "", 2, &log), 0);
	assert_int_equal(json_array_size(at(log, "entries")), 2);
	json_decref(log);
}

/* A reader sees what is committed, nothing else, and cannot write. */
static void
test_reader(void **state)
{
	struct fixture *f = *state;
	struct catalogue *reader;
	struct catalogue_batch batch;

	fix_office(f, 1);
	assert_int_equal(catalogue_open(f->path, 'r', NULL, &reader), 0);
	assert_int_equal(catalogue_begin(f->cat), 0);
	fix_batch(f, "B000002", "scan");
	assert_int_equal(catalogue_batch(f->cat, "B000002", &batch), 0);
	assert_int_equal(catalogue_batch(reader, "B000002", &batch), -ENOENT);
	assert_int_equal(catalogue_savepoint(f->cat), 0);
	fix_batch(f, "B000003", "scan");
	catalogue_rollback_to(f->cat);
	assert_int_equal(catalogue_release(f->cat), 0);
	assert_int_equal(catalogue_commit(f->cat), 0);
	assert_int_equal(catalogue_batch(reader, "B000002", &batch), 0);
	assert_int_equal(catalogue_batch(reader, "B000003", &batch), -ENOENT);
	assert_int_equal(fix_apply(reader, catalogue_next_event(reader), f->log[0]), -EROFS);
	catalogue_free(reader);
}

static void
count_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	++*(int *)ctx;
}

static int
faults_of(const char *path, char mode)
{
	struct catalogue *cat;
	int faults = 0;

	if (catalogue_open(path, mode, NULL, &cat) < 0)
		return 1;
	if (catalogue_check(cat, count_fault, &faults) < 0)
		faults++;
	catalogue_free(cat);
	return faults;
}

/* Changes rows behind the catalogue's back. */
static void
meddle(const char *path, const char *sql)
{
	sqlite3 *db;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, NULL) != SQLITE_OK)
		fail_msg("%s: %s", sql, sqlite3_errmsg(db));
	sqlite3_close(db);
}

static void
test_check_names_damage(void **state)
{
	static const struct {
		const char *sql;
		bool reader; /* seen without the writer's connection, too */
	} damages[] = {
	    {"DELETE FROM event WHERE idx = 3", true},
	    {"UPDATE reading SET text = '別の文字' WHERE id % 64 = 63", false},
	    {"DELETE FROM indexed", true},
	    {"UPDATE page SET n = 7 WHERE no = 1", true},
	    {"PRAGMA foreign_keys=OFF; DELETE FROM batch", true},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(damages) / sizeof(damages[0]); i++) {
		fix_office(f, 2);
		fix_read(f, "P00000001", "元の文字", NULL);
		catalogue_free(f->cat);
		f->cat = NULL;
		assert_int_equal(faults_of(f->path, 'w'), 0);
		meddle(f->path, damages[i].sql);
		if (faults_of(f->path, 'w') == 0 ||
		    (damages[i].reader && faults_of(f->path, 'r') == 0))
			fail_msg("not seen: %s", damages[i].sql);
		assert_int_equal(catalogue_remove(f->path), 0);
		assert_int_equal(catalogue_open(f->path, 'w', &f->sources, &f->cat), 0);
	}
}

static void
test_not_ours(void **state)
{
	struct fixture *f = *state;
	struct catalogue *cat;
	char path[128];
	FILE *out;

	snprintf(path, sizeof(path), "%s/other.db", f->dir);
	assert_int_equal(catalogue_open(path, 'r', NULL, &cat), -EIO);
	out = fopen(path, "w");
	for (int i = 0; i < 1000; i++)
		fputs("not a database ", out);
	fclose(out);
	assert_int_equal(catalogue_open(path, 'w', NULL, &cat), -EBADMSG);
	assert_int_equal(catalogue_remove(path), 0);
	meddle(path, "PRAGMA user_version=99; CREATE TABLE x (y)");
	assert_int_equal(catalogue_open(path, 'w', NULL, &cat), -EPROTONOSUPPORT);
	assert_int_equal(catalogue_open(path, 'r', NULL, &cat), -EPROTONOSUPPORT);
	meddle(path, "PRAGMA user_version=1"); /* an older version's, not yet started since */
	assert_int_equal(catalogue_open(path, 'r', NULL, &cat), -ESTALE);
	meddle(path, "PRAGMA user_version=0"); /* nobody's */
	assert_int_equal(catalogue_open(path, 'r', NULL, &cat), -EPROTONOSUPPORT);
	assert_int_equal(catalogue_remove(path), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_show),
	    FIX_TEST(test_batch_tells_flags),
	    FIX_TEST(test_manifest_is_stable),
	    FIX_TEST(test_batch_json),
	    FIX_TEST(test_queue_and_status),
	    FIX_TEST(test_log_filters),
	    FIX_TEST(test_reader),
	    FIX_TEST(test_check_names_damage),
	    FIX_TEST(test_not_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
