/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events that must never have been made are refused whole: nothing of them stays, and the next good
 * event is applied as if they had not been. */
#include "catalogue_fixture.h"

#include "store/catalogue_apply.h"

/* Refused, and the catalogue is what it was. payload is taken. */
static void
refused(struct fixture *f, const char *type, json_t *payload)
{
	char before[65], after[65];
	int r;

	assert_int_equal(catalogue_digest(f->cat, before), 0);
	r = fix_try(f, "hanako", type, payload);
	if (r != -EINVAL)
		fail_msg("%s: %d", type, r);
	assert_int_equal(catalogue_digest(f->cat, after), 0);
	assert_string_equal(before, after);
}

static void
test_frames(void **state)
{
	static const char *const bad[] = {"", "null", "[]", "{", "{}", "{\"type\":\"time.step\"}",
	    "{\"type\":7}",
	    "{\"type\":\"time.step\",\"v\":1,\"actor\":\"x\",\"seconds\":1,\"at\":\"yesterday\"}",
	    "{\"type\":\"time.step\",\"v\":2,\"actor\":\"x\",\"seconds\":1,\"at\":\"2026-11-22T10:"
	    "00:00.000Z\"}",
	    "{\"type\":\"time.step\",\"v\":1,\"actor\":\"\",\"seconds\":1,\"at\":\"2026-11-22T10:"
	    "00:00.000Z\"}",
	    "{\"type\":\"time.step\",\"v\":1,\"actor\":\"x\",\"seconds\":1,\"seconds\":2,\"at\":"
	    "\"2026-11-22T10:00:00.000Z\"}",
	    "{\"type\":\"no.such\",\"v\":1,\"actor\":\"x\",\"at\":\"2026-11-22T10:00:00.000Z\"}"};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(fix_apply(f->cat, 0, bad[i]), -EINVAL);
	fix_archive(f);
	assert_int_equal(fix_apply(f->cat, 0, f->log[0]), -ERANGE); /* twice */
	assert_int_equal(fix_apply(f->cat, 2, f->log[0]), -ERANGE); /* a gap */
	refused(f, "archive.init",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:{}}", "name", "", "origin", "", "master", "",
		"recovery", "", "log_verifier", "", "ca_pem", "", "files"));
}

/* Each good event of a small life again, with each of its members missing or of another kind. */
static void
test_members(void **state)
{
	struct fixture *f = *state;
	const char *name;
	unsigned tried = 0;
	json_t *value;
	void *tmp;

	fix_office(f, 2);
	fix_read(f, "P00000001", "訪問", NULL);
	for (size_t i = 0; i < f->events; i++) {
		json_t *good = json_loads(f->log[i], 0, NULL);
		const char *type = json_string_value(json_object_get(good, "type"));
		const struct event_type *row = event_type_find(type);

		json_object_foreach_safe(good, tmp, name, value)
		{
			char member[40];
			const char *at;
			json_t *bad;

			snprintf(member, sizeof(member), ".%s", name);
			at = strstr(row->members, member);
			if (at == NULL || (at - row->members >= 2 && at[-2] == '?'))
				continue;
			tried++;
			bad = json_deep_copy(good);
			json_object_del(bad, name);
			refused(f, type, bad);
			bad = json_deep_copy(good);
			json_object_set_new(bad, name, json_real(0.5));
			refused(f, type, bad);
		}
		json_decref(good);
	}
	assert_true(tried > 40);
}

static void
test_order_of_things(void **state)
{
	struct fixture *f = *state;
	json_t *payload;

	fix_office(f, 2);
	/* numbers are given in order, once */
	refused(f, "page.add", fix_page_payload(f, "B000001", "P00000004", 3));
	refused(f, "page.add", fix_page_payload(f, "B000001", "P00000003", 2));
	refused(f, "page.add", fix_page_payload(f, "B000009", "P00000003", 3));
	payload = fix_page_payload(f, "B000001", "P00000003", 3);
	json_object_set_new(payload, "key", json_integer(4096)); /* past the end of the ring */
	refused(f, "page.add", payload);
	payload = fix_page_payload(f, "B000001", "P00000003", 3);
	json_object_set_new(payload, "tiff_sha256", json_string("abc"));
	refused(f, "page.add", payload);
	payload = fix_page_payload(f, "B000001", "P00000003", 3);
	json_object_del(json_object_get(payload, "params"), "width");
	refused(f, "page.add", payload);
	/* documents take pages of their own batch, each once */
	refused(f, "batch.end",
	    json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:[s],s:b}]}", "batch", "B000001", "code", "ok",
		"message_ja", "", "message_en", "", "documents", "document", "D000002", "pages",
		"P00000001", "new", 1));
	refused(f, "batch.cut",
	    json_pack("{s:s,s:[{s:s,s:[s],s:b}]}", "batch", "B000001", "documents", "document",
		"D000001", "pages", "P00000001", "new", 0));
	refused(f, "batch.cut",
	    json_pack("{s:s,s:[{s:s,s:[s],s:b},{s:s,s:[s,s],s:b}]}", "batch", "B000001",
		"documents", "document", "D000001", "pages", "P00000001", "new", 0, "document",
		"D000002", "pages", "P00000002", "P00000001", "new", 1));
	refused(f, "batch.cut",
	    json_pack("{s:s,s:[{s:s,s:[s],s:b},{s:s,s:[s],s:b}]}", "batch", "B000001", "documents",
		"document", "D000001", "pages", "P00000001", "new", 0, "document", "D000003",
		"pages", "P00000002", "new", 1));
	refused(f, "batch.submit", json_pack("{s:s,s:[]}", "batch", "B000001", "documents"));
	refused(f, "batch.submit",
	    json_pack("{s:s,s:[s]}", "batch", "B000001", "documents", "D000002"));
	refused(f, "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", "D000001", "fields", "colour", "red"));
	refused(
	    f, "doc.set", json_pack("{s:s,s:{s:i}}", "document", "D000001", "fields", "title", 7));
	refused(f, "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000001", "degrees", 45));
	refused(f, "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000009", "degrees", 90));
	refused(f, "view",
	    json_pack("{s:s,s:i,s:s}", "document", "D000009", "page", 1, "kind", "preview"));
	refused(f, "user.password",
	    json_pack(
		"{s:s,s:s,s:b}", "user", "nobody", "sha256", fix_digest(1), "must_change", 0));
	refused(f, "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:b}", "user", "x", "display", "x", "role", "king",
		"sha256", fix_digest(1), "cert_pem", "", "must_change", 0));
	refused(f, "batch.ring",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "sha256", fix_digest(1), "count",
		4000)); /* a ring never shrinks */
}

/* G71-02: what was confirmed stays as it was confirmed. */
static void
test_confirmed_stays(void **state)
{
	struct fixture *f = *state;

	fix_office(f, 2);
	refused(f, "doc.confirm", fix_evidence(f, 1)); /* not submitted */
	fix_event(f, "hanako", "batch.submit",
	    json_pack("{s:s,s:[s]}", "batch", "B000001", "documents", "D000001"));
	refused(f, "page.add", fix_page_payload(f, "B000001", "P00000003", 3));
	refused(f, "doc.confirm", fix_evidence(f, 2));
	fix_event(f, "jiro", "doc.confirm", fix_evidence(f, 1));
	refused(f, "doc.confirm", fix_evidence(f, 2));
	refused(f, "doc.set",
	    json_pack("{s:s,s:{s:s}}", "document", "D000001", "fields", "title", "x"));
	refused(f, "page.exclude",
	    json_pack("{s:s,s:s,s:b,s:s}", "batch", "B000001", "page", "P00000001", "on", 1,
		"reason", ""));
	refused(f, "page.rotate",
	    json_pack("{s:s,s:s,s:i}", "batch", "B000001", "page", "P00000001", "degrees", 90));
	refused(f, "batch.cut",
	    json_pack("{s:s,s:[{s:s,s:[s],s:b},{s:s,s:[s],s:b}]}", "batch", "B000001", "documents",
		"document", "D000001", "pages", "P00000001", "new", 0, "document", "D000002",
		"pages", "P00000002", "new", 1));
	refused(f, "doc.timestamp_failed",
	    json_pack("{s:s,s:i,s:s}", "document", "D000001", "version", 2, "why", "x"));
}

static void
bad_result(struct fixture *f, const char *why, json_t *result)
{
	char before[65], after[65];

	assert_int_equal(catalogue_digest(f->cat, before), 0);
	if (fix_read_result(f, "P00000001", result) != -EINVAL)
		fail_msg("taken: %s", why);
	assert_int_equal(catalogue_digest(f->cat, after), 0);
	assert_string_equal(before, after);
}

/* A result of recognition is a stranger's word. */
static void
test_results(void **state)
{
	struct fixture *f = *state;
	json_t *reading, *many = json_array();

	fix_office(f, 1);
	fix_read(f, "P00000001", "元の文字", NULL);
	bad_result(f, "no readings", json_pack("{s:[]}", "readings"));
	bad_result(f, "readings missing", json_object());
	bad_result(f, "not an object", json_array());
	bad_result(
	    f, "first not shown", json_pack("{s:[o]}", "readings", fix_reading("a", false, "x")));
	bad_result(f, "two shown",
	    json_pack(
		"{s:[o,o]}", "readings", fix_reading("a", true, "x"), fix_reading("b", true, "x")));
	bad_result(f, "no id", json_pack("{s:[o]}", "readings", fix_reading("", true, "x")));
	bad_result(f, "fields not a list",
	    json_pack("{s:[o],s:{}}", "readings", fix_reading("a", true, "x"), "fields"));
	bad_result(f, "field not an object",
	    json_pack("{s:[o],s:[i]}", "readings", fix_reading("a", true, "x"), "fields", 1));
	reading = fix_reading("a", true, "文字");
	json_array_remove(json_object_get(reading, "boxes"), 0);
	bad_result(f, "boxes too few", json_pack("{s:[o]}", "readings", reading));
	reading = fix_reading("a", true, "文字");
	json_array_set_new(json_object_get(reading, "boxes"), 0, json_integer(-1));
	bad_result(f, "box outside", json_pack("{s:[o]}", "readings", reading));
	reading = fix_reading("a", true, "文字");
	json_array_set_new(json_object_get(reading, "boxes"), 0, json_integer(4000000000));
	bad_result(f, "box far outside", json_pack("{s:[o]}", "readings", reading));
	reading = fix_reading("a", true, "文字");
	json_object_set_new(reading, "text", json_integer(1));
	bad_result(f, "text no text", json_pack("{s:[o]}", "readings", reading));
	for (int i = 0; i < 33; i++)
		json_array_append_new(many, fix_reading("a", i == 0, "x"));
	bad_result(f, "too many readings", json_pack("{s:o}", "readings", many));
	fix_expect(f, "元の文字", "D000001/1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    FIX_TEST(test_frames),
	    FIX_TEST(test_members),
	    FIX_TEST(test_order_of_things),
	    FIX_TEST(test_confirmed_stays),
	    FIX_TEST(test_results),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
