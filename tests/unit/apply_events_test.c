/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every event type: its effect, and that two catalogues given the same events are equal
 * (architecture §3). */
#include "catalogue_fixture.h"

#include "store/catalogue_apply.h"

static void
count_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	print_message("fault %s: %s\n", code, detail);
	++*(int *)ctx;
}

static json_t *
set_fields(void)
{
	return json_pack("{s:s,s:{s:s,s:s,s:s}}", "document", "D000001", "fields", "client_name",
	    "髙橋 花子", "date", "2026-11-22", "type", "care_plan");
}

/* From the first session to a stamped record. */
static void
live_record(struct fixture *f)
{
	fix_office(f, 4);
	fix_event(f, "system", "archive.start",
	    json_pack("{s:s,s:s}", "version", "0.1.0", "build", "abc"));
	fix_event(f, "hanako", "session.open",
	    json_pack("{s:s,s:s,s:s}", "user", "hanako", "session", "s1", "terminal", "192.0.2.7"));
	fix_event(f, "system", "session.fail",
	    json_pack("{s:s,s:s,s:b,s:i,s:s}", "user", "jiro", "terminal", "", "known", 1,
		"failures", 5, "locked_until", "2026-11-22T10:15:00.000Z"));
	fix_event(f, "system", "session.fail",
	    json_pack("{s:s,s:s,s:b,s:i,s:s}", "user", "", "terminal", "", "known", 0, "failures",
		1, "locked_until", ""));
	fix_event(f, "system", "batch.ring",
	    json_pack(
		"{s:s,s:s,s:i}", "batch", "B000001", "sha256", fix_digest(55), "count", 4097));
	fix_read(f, "P00000001", "訪問介護計画書\n髙橋 花子", "訪間介護計画書\n高橋 花子");
	fix_read(f, "P00000002", "サービス提供記録", NULL);
	fix_event(f, "system", "room.fault",
	    json_pack("{s:s,s:s,s:s}", "room", "ocr/2", "what", "died", "page", "P00000003"));
	fix_event(f, "system", "page.unreadable",
	    json_pack("{s:s,s:s,s:i}", "page", "P00000003", "why", "died", "attempts", 2));
	fix_event(f, "hanako", "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000003", "on", 1,
		"reason", "白紙"));
	fix_event(f, "hanako", "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000002", "degrees", -90));
	fix_event(f, "system", "page.turned",
	    json_pack("{s:s,s:o,s:o}", "page", "P00000002", "preview", fix_ref(f, NULL), "thumb",
		fix_ref(f, NULL)));
	fix_event(f, "hanako", "page.correct",
	    json_pack("{s:s,s:[i,i,i,i],s:s}", "page", "P00000001", "box", 10, 10, 200, 40, "text",
		"髙橋 花子"));
	fix_event(f, "hanako", "batch.cut",
	    json_pack("{s:s,s:[{s:s,s:[s,s,s],s:b},{s:s,s:[s],s:b}]}", "batch", "B000001",
		"documents", "document", "D000001", "pages", "P00000001", "P00000002", "P00000003",
		"new", 0, "document", "D000002", "pages", "P00000004", "new", 1));
	fix_event(f, "hanako", "doc.set", set_fields());
	fix_event(f, "hanako", "batch.submit",
	    json_pack("{s:s,s:[s,s]}", "batch", "B000001", "documents", "D000001", "D000002"));
	fix_event(f, "jiro", "doc.confirm", fix_evidence(f, 1));
	fix_event(f, "system", "doc.timestamp_failed",
	    json_pack("{s:s,s:i,s:s}", "document", "D000001", "version", 1, "why", "unreachable"));
	fix_event(f, "system", "doc.timestamp", fix_stamp(f));
	fix_further(f, "P00000001", "訪問介護計画書\n髙橋 花子", "訪問介護計画害");
}

/* An import that brings nothing, looks at the archive, and people's affairs. */
static void
live_rest(struct fixture *f)
{
	fix_batch(f, "B000002", "import");
	fix_event(f, "hanako", "batch.refuse",
	    json_pack("{s:s,s:s,s:s,s:s,s:s}", "batch", "B000002", "file", "a.pdf", "code",
		"corrupt", "message_ja", "壊れています。", "message_en", "It is damaged."));
	fix_end(f, "B000002", json_array());
	fix_event(f, "hanako", "search",
	    json_pack("{s:s,s:i,s:[[s,i]]}", "query", "髙橋", "total", 1, "hits", "D000001", 1));
	fix_event(f, "hanako", "view",
	    json_pack("{s:s,s:i,s:s}", "document", "D000001", "page", 1, "kind", "preview"));
	fix_event(f, "hanako", "view", json_pack("{s:s,s:s}", "batch", "B000001", "kind", "batch"));
	fix_event(
	    f, "jiro", "export", json_pack("{s:[s],s:s}", "documents", "D000001", "kind", "pdf"));
	fix_event(f, "jiro", "log.view", json_pack("{s:{s:s}}", "filter", "type", "doc"));
	fix_event(
	    f, "jiro", "verify", json_pack("{s:s,s:b,s:[]}", "scope", "all", "ok", 1, "faults"));
	fix_event(f, "system", "checkpoint", json_pack("{s:i,s:s}", "size", 30, "root", "abc"));
	fix_event(f, "hanako", "denied",
	    json_pack("{s:s,s:s,s:s}", "action", "log", "object", "", "code", "not_permitted"));
	fix_event(f, "jiro", "time.override",
	    json_pack("{s:s,s:s}", "until", "2026-11-22T14:15:00.000Z", "reason", "交換"));
	fix_event(f, "system", "time.step", json_pack("{s:i}", "seconds", -3));
	fix_event(f, "console", "user.enable", json_pack("{s:s}", "user", "hanako"));
	fix_event(f, "jiro", "user.reset_asked", json_pack("{s:s}", "user", "hanako"));
	fix_event(f, "jiro", "user.reset",
	    json_pack("{s:s,s:s,s:s,s:s,s:b}", "user", "hanako", "sha256", fix_digest(9),
		"cert_pem", "PEM2", "asked_by", "jiro", "must_change", 1));
	fix_event(f, "hanako", "user.password",
	    json_pack(
		"{s:s,s:s,s:b}", "user", "hanako", "sha256", fix_digest(10), "must_change", 0));
	fix_event(f, "hanako", "session.close",
	    json_pack("{s:s,s:s,s:s}", "user", "hanako", "session", "s1", "why", "asked"));
	fix_event(f, "console", "user.disable", json_pack("{s:s}", "user", "hanako"));
}

/* The life of a small office; every type of event occurs. */
static void
live(struct fixture *f)
{
	live_record(f);
	live_rest(f);
}

static void
test_every_type_happens(void **state)
{
	struct fixture *f = *state;
	json_t *log, *entry;
	size_t i, seen = 0;
	int faults = 0;

	live(f);
	assert_int_equal(catalogue_log_json(f->cat, "", "", "", "", 0, &log), 0);
	for (const struct event_type *type = event_types; type->type != NULL; type++, seen = 0) {
		json_array_foreach(json_object_get(log, "entries"), i, entry) seen +=
		    strcmp(json_string_value(json_object_get(entry, "type")), type->type) == 0;
		if (seen == 0)
			fail_msg("no event of type %s", type->type);
	}
	json_array_foreach(json_object_get(log, "entries"), i, entry)
	{
		const char *ja = json_string_value(json_object_get(entry, "summary_ja"));
		const char *en = json_string_value(json_object_get(entry, "summary_en"));

		assert_null(strchr(ja, '{'));
		assert_null(strchr(en, '{'));
		assert_non_null(strstr(ja, "。"));
		if (getenv("SHOW") != NULL)
			print_message("%s\n    %s\n", ja, en);
	}
	assert_int_equal(json_integer_value(json_object_get(log, "size")), f->events);
	json_decref(log);
	assert_int_equal(catalogue_check(f->cat, count_fault, &faults), 0);
	assert_int_equal(faults, 0);
}

static void
test_types_are_sorted(void **state)
{
	for (const struct event_type *type = event_types; type->type != NULL; type++) {
		assert_ptr_equal(event_type_find(type->type), type);
		if (type[1].type != NULL)
			assert_true(strcmp(type->type, type[1].type) < 0);
	}
	assert_null(event_type_find("no.such"));
	assert_null(event_type_find(""));
}

static void
test_rebuild_is_equal(void **state)
{
	struct fixture *f = *state;
	struct catalogue *again;
	char path[128], one[65], two[65];

	live(f);
	snprintf(path, sizeof(path), "%s/again.db", f->dir);
	assert_int_equal(catalogue_open(path, 'w', &f->sources, &again), 0);
	assert_int_equal(catalogue_begin(again), 0);
	for (size_t i = 0; i < f->events; i++)
		assert_int_equal(fix_apply(again, i, f->log[i]), 0);
	assert_int_equal(catalogue_commit(again), 0);
	assert_int_equal(catalogue_digest(f->cat, one), 0);
	assert_int_equal(catalogue_digest(again, two), 0);
	assert_string_equal(one, two);
	fix_event(f, "system", "time.step", json_pack("{s:i}", "seconds", 1));
	assert_int_equal(catalogue_digest(f->cat, one), 0);
	assert_string_not_equal(one, two);
	catalogue_free(again);
	assert_int_equal(catalogue_remove(path), 0);
}

static void
test_people(void **state)
{
	struct fixture *f = *state;
	struct catalogue_user user;
	char digest[65];

	fix_archive(f);
	fix_user(f, "hanako", "佐藤 花子", "clerk");
	assert_int_equal(catalogue_user(f->cat, "nobody", &user), -ENOENT);
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	assert_string_equal(user.display, "佐藤 花子");
	assert_true(user.must_change);
	assert_int_equal(catalogue_key_digest(f->cat, "users/hanako.json", digest), 0);
	assert_string_equal(digest, fix_digest(3));
	assert_int_equal(catalogue_key_digest(f->cat, "ca.age", digest), 0);
	assert_int_equal(catalogue_key_digest(f->cat, "none.age", digest), -ENOENT);
	fix_event(f, "system", "session.fail",
	    json_pack("{s:s,s:s,s:b,s:i,s:s}", "user", "hanako", "terminal", "", "known", 1,
		"failures", 5, "locked_until", "2026-11-22T10:15:00.000Z"));
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	assert_int_equal(user.failures, 5);
	assert_true(user.locked_until_ms == 1795342500000u);
	fix_event(
	    f, "hanako", "session.open", json_pack("{s:s,s:s}", "user", "hanako", "session", "s1"));
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	assert_int_equal(user.failures, 0);
	assert_true(user.locked_until_ms == 0);
	assert_int_equal(catalogue_users_with_role(f->cat, "clerk"), 1);
	fix_event(f, "jiro", "user.reset_asked", json_pack("{s:s}", "user", "hanako"));
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	assert_string_equal(user.reset_asked_by, "jiro");
	assert_int_equal(catalogue_is_beginning(f->cat), 0);
	assert_int_equal(catalogue_ahead_s(f->cat, UINT64_C(1) << 42), 0);
	assert_in_range(catalogue_ahead_s(f->cat, 0), 1767225600, 4102444800); /* since 1970 */
	fix_event(
	    f, "hanako", "session.open", json_pack("{s:s,s:s}", "user", "hanako", "session", "s1"));
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	assert_string_equal(user.reset_asked_by, "");
	fix_event(f, "console", "user.disable", json_pack("{s:s}", "user", "hanako"));
	assert_int_equal(catalogue_users_with_role(f->cat, "clerk"), 0);
	fix_event(f, "console", "user.enable", json_pack("{s:s}", "user", "hanako"));
	assert_int_equal(catalogue_users_with_role(f->cat, "clerk"), 1);
	assert_int_equal(catalogue_other_users(f->cat, "clerk", "hanako", 0), 0);
	assert_int_equal(catalogue_other_users(f->cat, "clerk", "jiro", UINT64_C(1) << 42), 1);
}

static int
hands(struct fixture *f, const char *user, uint64_t now_ms)
{
	char names[4][33];

	return catalogue_hands(f->cat, user, now_ms, names, 4);
}

/* A reset's hand fades, that of an addition does not; a ring of hands has no end. */
static void
test_hands(void **state)
{
	struct fixture *f = *state;
	char names[4][33];
	struct catalogue_user user;
	uint64_t until;

	live(f);
	fix_event(f, "jiro", "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b,s:s}", "user", "late", "display", "late",
		"role", "manager", "file", "users/late.json", "sha256", fix_digest(20), "cert_pem",
		"PEM", "must_change", 1, "hand", "hanako"));
	assert_int_equal(hands(f, "hanako", 0), 1);
	assert_int_equal(hands(f, "nobody", 0), -ENOENT);
	assert_int_equal(catalogue_hands(f->cat, "late", UINT64_C(1) << 42, names, 4), 2);
	assert_string_equal(names[1], "hanako");
	fix_event(f, "console", "user.reset",
	    json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:s}", "user", "hanako", "sha256", fix_digest(21),
		"cert_pem", "PEM2", "asked_by", "", "must_change", 1, "hand", "console",
		"hand_until", "2026-12-22T10:15:00.000Z"));
	assert_int_equal(catalogue_user(f->cat, "hanako", &user), 0);
	until = user.hand_until_ms;
	assert_int_equal(hands(f, "late", until - 1), 3);
	assert_int_equal(hands(f, "late", until), 2);
	fix_event(f, "late", "user.reset",
	    json_pack("{s:s,s:s,s:s,s:s,s:b,s:s,s:s}", "user", "hanako", "sha256", fix_digest(22),
		"cert_pem", "PEM2", "asked_by", "", "must_change", 1, "hand", "late", "hand_until",
		"2026-12-22T10:15:00.000Z"));
	assert_int_equal(hands(f, "late", until - 1), 0);
	assert_int_equal(hands(f, "hanako", until - 1), 0);
	assert_int_equal(hands(f, "hanako", until), 1);
}

static const char *
why(const json_t *page)
{
	return json_string_value(json_object_get(page, "why"));
}

static void
test_batch_and_pages(void **state)
{
	struct fixture *f = *state;
	struct catalogue_batch batch;
	struct catalogue_page page;
	struct catalogue_document document;
	json_t *shown, *pages;
	char id[ID_TEXT];

	assert_int_equal(catalogue_next_batch(f->cat, id), 0);
	assert_string_equal(id, "B000001");
	live(f);
	assert_int_equal(catalogue_batch(f->cat, "B000001", &batch), 0);
	assert_string_equal(batch.state, "submitted");
	assert_int_equal(batch.pages, 4);
	assert_int_equal(batch.keys_used, 102);
	assert_int_equal(batch.ring_count, 4097);
	assert_string_equal(batch.ring_sha256, fix_digest(55));
	assert_false(batch.running);
	assert_int_equal(catalogue_next_document(f->cat, 1, id), 0);
	assert_string_equal(id, "D000004");
	assert_int_equal(catalogue_next_page(f->cat, id), 0);
	assert_string_equal(id, "P00000005");
	assert_int_equal(catalogue_page_of_batch(f->cat, "B000001", 2, &page), 0);
	assert_int_equal(page.asked_rotation, 270);
	assert_string_equal(page.state, "read");
	assert_int_equal(page.dpi, 300);
	assert_int_equal(catalogue_page_of_batch(f->cat, "B000001", 3, &page), 0);
	assert_true(page.excluded);
	assert_int_equal(page.n, 0);
	assert_string_equal(page.state, "unreadable");
	assert_int_equal(catalogue_recognition_attempts(f->cat, "P00000003"), 2);
	assert_int_equal(catalogue_batch_json(f->cat, "B000001", &shown), 0);
	pages = json_object_get(shown, "pages");
	assert_string_equal(why(json_array_get(pages, 1)), "");
	assert_string_equal(why(json_array_get(pages, 2)), "died");
	json_decref(shown);
	assert_int_equal(catalogue_page_of_document(f->cat, "D000002", 1, &page), 0);
	assert_string_equal(page.page, "P00000004");
	assert_int_equal(catalogue_page_of_document(f->cat, "D000001", 3, &page), -ENOENT);
	assert_int_equal(catalogue_document(f->cat, "D000001", &document), 0);
	assert_string_equal(document.state, "confirmed");
	assert_int_equal(document.pages, 2);
	assert_int_equal(document.version, 1);
	assert_true(document.stamped);
	assert_int_equal(document.evidence_key, 100);
	assert_int_equal(document.token_key, 101);
}

static void
test_recognition_queue(void **state)
{
	const char *const busy[] = {"P00000001", NULL};
	struct fixture *f = *state;
	struct catalogue_page next;

	fix_archive(f);
	fix_batch(f, "B000001", "import");
	fix_page(f, "B000001", "P00000001", 1);
	fix_page(f, "B000001", "P00000002", 2);
	fix_batch(f, "B000002", "scan");
	fix_page(f, "B000002", "P00000003", 1);
	assert_int_equal(catalogue_recognition_next(f->cat, NULL, &next), 1);
	assert_string_equal(next.page, "P00000003"); /* somebody stands at the scanner */
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 0);
	fix_end(f, "B000002",
	    json_pack("[{s:s,s:[s],s:b}]", "document", "D000001", "pages", "P00000003", "new", 1));
	fix_read(f, "P00000003", "読めた", NULL);
	assert_int_equal(catalogue_recognition_next(f->cat, NULL, &next), 1);
	assert_string_equal(next.page, "P00000001");
	assert_int_equal(catalogue_recognition_next(f->cat, busy, &next), 1);
	assert_string_equal(next.page, "P00000002");
}

static json_t *
fault(bool further)
{
	return json_pack("{s:s,s:s,s:s,s:b}", "room", "ocr/0", "what", "worker_died", "page",
	    "P00000001", "further", further);
}

/* What failed before a page was read is no try of its next reading, when what was read is lost. */
static void
test_reading_forgets_failures(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 1);
	fix_event(f, "system", "room.fault", fault(false));
	assert_int_equal(catalogue_recognition_attempts(f->cat, "P00000001"), 1);
	fix_read(f, "P00000001", "読めた", NULL);
	assert_int_equal(catalogue_recognition_attempts(f->cat, "P00000001"), 0);
}

/* Newest first, until it was read further or failed at it often enough; a page that is left out is
 * left alone. */
static void
test_further_queue(void **state)
{
	const char *const busy[] = {"P00000003", NULL};
	struct fixture *f = *state;
	struct catalogue_page next;

	fix_office(f, 3);
	for (int i = 1; i <= 3; i++)
		fix_read(f, (const char *const[]){"P00000001", "P00000002", "P00000003"}[i - 1],
		    "読めた", NULL);
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 1);
	assert_string_equal(next.page, "P00000003");
	assert_int_equal(catalogue_further_next(f->cat, busy, &next), 1);
	assert_string_equal(next.page, "P00000002");
	fix_further(f, "P00000003", "読めた", "よめた");
	fix_event(f, "hanako", "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000002", "on", 1,
		"reason", "重複"));
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 1);
	assert_string_equal(next.page, "P00000001");
	fix_event(f, "system", "room.fault", fault(true));
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 1);
	fix_batch(f, "B000002", "scan");
	fix_page(f, "B000002", "P00000004", 1);
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 0); /* a scan runs */
	fix_end(f, "B000002",
	    json_pack("[{s:s,s:[s],s:b}]", "document", "D000002", "pages", "P00000004", "new", 1));
	for (int i = 0; i < 2; i++) {
		assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 1);
		fix_event(f, "system", "room.fault", fault(true));
	}
	assert_int_equal(catalogue_further_next(f->cat, NULL, &next), 0);
	assert_int_equal(catalogue_recognition_attempts(f->cat, "P00000001"), 0);
	assert_int_equal(catalogue_page(f->cat, "P00000001", &next), 0);
	assert_string_equal(next.state, "read");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_types_are_sorted),
	    FIX_TEST(test_every_type_happens),
	    FIX_TEST(test_rebuild_is_equal),
	    FIX_TEST(test_people),
	    FIX_TEST(test_hands),
	    FIX_TEST(test_batch_and_pages),
	    FIX_TEST(test_recognition_queue),
	    FIX_TEST(test_reading_forgets_failures),
	    FIX_TEST(test_further_queue),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
