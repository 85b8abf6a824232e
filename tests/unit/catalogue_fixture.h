/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A catalogue in a private folder, fed with events as the log would give them; recognised texts
 * come from a table instead of objects. */
#ifndef FUMIKURA_TESTS_CATALOGUE_FIXTURE_H
#define FUMIKURA_TESTS_CATALOGUE_FIXTURE_H

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/catalogue.h"
#include "store/secret.h"
#include "text.h"

#define FIX_OBJECTS 8192

struct fixture {
	char dir[64], path[96];
	struct catalogue *cat;
	struct catalogue_sources sources;
	char *object[FIX_OBJECTS]; /* object number → content */
	unsigned objects;
	char **log; /* events applied, for feeding them again */
	size_t events, room;
};

static inline int
fix_object(
    void *ctx, const char *batch, unsigned key, const char *id, uint8_t **ret, size_t *ret_size)
{
	struct fixture *f = ctx;
	const unsigned n = (unsigned)strtoul(id + 48, NULL, 16);

	if (n == 0 || n > f->objects || f->object[n - 1] == NULL)
		return -ENOENT;
	*ret_size = strlen(f->object[n - 1]);
	*ret = secret_new(*ret_size + 1);
	memcpy(*ret, f->object[n - 1], *ret_size);
	return 0;
}

static inline struct fixture *
fix_new(void)
{
	struct fixture *f = calloc(1, sizeof(*f));

	assert_non_null(f);
	secret_init();
	strcpy(f->dir, "/tmp/fumikura-catalogue-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->path, sizeof(f->path), "%s/catalogue.db", f->dir);
	f->sources = (struct catalogue_sources){fix_object, f};
	assert_int_equal(catalogue_open(f->path, 'w', &f->sources, &f->cat), 0);
	return f;
}

static inline void
fix_free(struct fixture *f)
{
	catalogue_free(f->cat);
	assert_int_equal(catalogue_remove(f->path), 0);
	assert_int_equal(rmdir(f->dir), 0);
	for (unsigned i = 0; i < f->objects; i++)
		free(f->object[i]);
	for (size_t i = 0; i < f->events; i++)
		free(f->log[i]);
	free(f->log);
	free(f);
}

static inline int
fix_set_up(void **state)
{
	*state = fix_new();
	return 0;
}

static inline int
fix_tear_down(void **state)
{
	fix_free(*state);
	return 0;
}

/* As cmocka_unit_test(); the test's *state is a struct fixture of its own. */
#define FIX_TEST(f) cmocka_unit_test_setup_teardown(f, fix_set_up, fix_tear_down)

/* A new object reference; content may be NULL. */
static inline json_t *
fix_ref(struct fixture *f, const char *content)
{
	char id[65];

	assert_true(f->objects < FIX_OBJECTS);
	f->object[f->objects++] = content != NULL ? strdup(content) : NULL;
	snprintf(id, sizeof(id), "%064x", f->objects);
	return json_pack("{s:s,s:i}", "id", id, "size", 300);
}

static inline const char *
fix_digest(unsigned n)
{
	static char text[8][65];
	static unsigned slot;
	char *out = text[slot++ % 8];

	snprintf(out, 65, "%064x", n);
	return out;
}

static inline int
fix_apply(struct catalogue *cat, uint64_t index, const char *json)
{
	struct event_frame frame = {.index = index, .json = json, .size = strlen(json)};

	memset(frame.leaf, (int)(index & 0xff), sizeof(frame.leaf));
	return catalogue_apply(cat, &frame);
}

/* Applies one event; payload is taken. Time advances a second per event. */
static inline int
fix_try(struct fixture *f, const char *actor, const char *type, json_t *payload)
{
	const uint64_t index = catalogue_next_event(f->cat);
	char at[TIME_TEXT_SIZE], *json;
	int r;

	assert_non_null(payload);
	time_format(1795000000000u + index * 1000, at);
	json_object_set_new(payload, "v", json_integer(1));
	json_object_set_new(payload, "at", json_string(at));
	json_object_set_new(payload, "type", json_string(type));
	json_object_set_new(payload, "actor", json_string(actor));
	json = json_dumps(payload, JSON_COMPACT | JSON_SORT_KEYS);
	assert_non_null(json);
	json_decref(payload);
	r = fix_apply(f->cat, index, json);
	if (r < 0) {
		free(json);
		return r;
	}
	if (f->events == f->room) {
		f->room = f->room == 0 ? 64 : f->room * 2;
		f->log = reallocarray(f->log, f->room, sizeof(*f->log));
		assert_non_null(f->log);
	}
	f->log[f->events++] = json;
	return 0;
}

static inline void
fix_event(struct fixture *f, const char *actor, const char *type, json_t *payload)
{
	const int r = fix_try(f, actor, type, payload);

	if (r < 0)
		fail_msg("%s: %s", type, strerror(-r));
}

static inline void
fix_archive(struct fixture *f)
{
	fix_event(f, "console", "archive.init",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:{s:s,s:s}}", "name", "やまぶき訪問介護", "origin",
		"fumikura.local/0a1b2c3d", "master", "age1m", "recovery", "age1r", "log_verifier",
		"fumikura.local+0a1b2c3d+AAAA", "ca_pem", "PEM", "files", "ca.age", fix_digest(1),
		"log.age", fix_digest(2)));
}

static inline void
fix_user(struct fixture *f, const char *user, const char *display, const char *role)
{
	char file[64];

	snprintf(file, sizeof(file), "users/%s.json", user);
	fix_event(f, "console", "user.add",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:s,s:b}", "user", user, "display", display, "role",
		role, "file", file, "sha256", fix_digest(3), "cert_pem", "PEM", "must_change", 1));
}

static inline void
fix_batch(struct fixture *f, const char *batch, const char *source)
{
	fix_event(f, "hanako", "batch.open",
	    json_pack("{s:s,s:s,s:s,s:s,s:s,s:{s:s,s:i}}", "batch", batch, "source", source,
		"device", "net:feeder", "profile", "color300", "document_type", "", "ring",
		"sha256", fix_digest(4), "count", 4096));
}

static inline json_t *
fix_page_payload(struct fixture *f, const char *batch, const char *page, unsigned seq)
{
	return json_pack("{s:s,s:s,s:i,s:i,s:o,s:s,s:i,s:s,s:{s:i,s:i,s:i,s:i,s:s}}", "batch",
	    batch, "page", page, "seq", (int)seq, "key", (int)seq - 1, "object", fix_ref(f, NULL),
	    "tiff_sha256", fix_digest(1000 + seq), "tiff_size", 8000000, "raw_sha256",
	    fix_digest(2000 + seq), "params", "width", 2480, "height", 3508, "dpi_x", 300, "dpi_y",
	    300, "device", "net:feeder");
}

static inline void
fix_page(struct fixture *f, const char *batch, const char *page, unsigned seq)
{
	fix_event(f, "system", "page.add", fix_page_payload(f, batch, page, seq));
}

/* Ends a run; documents is taken: [{document,pages,new}]. */
static inline void
fix_end(struct fixture *f, const char *batch, json_t *documents)
{
	fix_event(f, "system", "batch.end",
	    json_pack("{s:s,s:s,s:s,s:s,s:o}", "batch", batch, "code", "feeder_empty", "message_ja",
		"原稿がなくなりました。", "message_en", "The feeder is empty.", "documents",
		documents));
}

/* Payloads by which document D000001 is confirmed and stamped. */
static inline json_t *
fix_evidence(struct fixture *f, int version)
{
	return json_pack("{s:s,s:i,s:s,s:i,s:o,s:o,s:o,s:s,s:s,s:b,s:[]}", "document", "D000001",
	    "version", version, "manifest_sha256", fix_digest(77), "key", 100, "manifest",
	    fix_ref(f, NULL), "signature", fix_ref(f, NULL), "value", fix_ref(f, NULL), "signer",
	    "鈴木 次郎", "cert_serial", "0a", "same_person", 0, "waivers");
}

static inline json_t *
fix_stamp(struct fixture *f)
{
	return json_pack("{s:s,s:i,s:o,s:i,s:s,s:s,s:s,s:s,s:b,s:o}", "document", "D000001",
	    "version", 1, "object", fix_ref(f, NULL), "key", 101, "stamped_at",
	    "2026-11-22T10:00:00.000Z", "tsa", "試験用 TSA", "serial", "01", "policy", "1.2.3",
	    "accredited", 0, "signature", fix_ref(f, NULL));
}

/* Boxes of a text: 40 × 50 pixels a character, lines 60 apart. */
static inline json_t *
fix_boxes(const char *text)
{
	json_t *boxes = json_array();
	int x = 100, y = 200;
	uint32_t code;

	for (const char *p = text; *p != '\0'; p += utf8_decode(p, strlen(p), &code)) {
		const bool nl = *p == '\n';

		json_array_append_new(boxes, json_integer(nl ? 0 : x));
		json_array_append_new(boxes, json_integer(nl ? 0 : y));
		json_array_append_new(boxes, json_integer(nl ? 0 : 40));
		json_array_append_new(boxes, json_integer(nl ? 0 : 50));
		x = nl ? 100 : x + 40;
		y = nl ? y + 60 : y;
	}
	return boxes;
}

static inline json_t *
fix_reading(const char *id, bool shown, const char *text)
{
	return json_pack("{s:s,s:b,s:i,s:s,s:o}", "id", id, "shown", shown, "confidence", 90,
	    "text", text, "boxes", fix_boxes(text));
}

/* Files a result (taken) for a page; its form_type, when it has one, goes into the event too. */
static inline int
fix_read_result(struct fixture *f, const char *page, json_t *result)
{
	json_t *type = json_incref(json_object_get(result, "form_type"));
	struct catalogue_page p;
	char *text = json_dumps(result, JSON_COMPACT);
	json_t *ref = fix_ref(f, text);

	free(text);
	json_decref(result);
	assert_int_equal(catalogue_page(f->cat, page, &p), 0);
	return fix_try(f, "system", "page.read",
	    json_pack("{s:s,s:i,s:{s:s,s:i,s:i,s:i,s:i,s:i,s:i,s:[],s:o},s:o,s:o,s:o,s:s}", "page",
		page, "key", (int)p.key, "reading", "effort", "shown", "width", 2480, "height",
		3508, "dpi", 300, "rotation", 0, "skew_mdeg", 120, "confidence", 91, "findings",
		"form_type", type != NULL ? type : json_string(""), "result", ref, "preview",
		fix_ref(f, NULL), "thumb", fix_ref(f, NULL), "result_sha256", fix_digest(7)));
}

/* Files one or two readings of a page; other may be NULL. */
static inline void
fix_read(struct fixture *f, const char *page, const char *text, const char *other)
{
	json_t *readings = json_pack("[o]", fix_reading("jpn", true, text));

	if (other != NULL)
		json_array_append_new(readings, fix_reading("jpn-dark", false, other));
	assert_int_equal(
	    fix_read_result(f, page, json_pack("{s:o,s:[]}", "readings", readings, "fields")), 0);
}

/* Files further readings of a page that was read before: shown as this reading has it, and another.
 */
static inline void
fix_further(struct fixture *f, const char *page, const char *shown, const char *other)
{
	json_t *result = json_pack("{s:[o,o],s:[]}", "readings", fix_reading("jpn", true, shown),
	    fix_reading("sparse", false, other), "fields");
	char *text = json_dumps(result, JSON_COMPACT);
	struct catalogue_page p;

	assert_int_equal(catalogue_page(f->cat, page, &p), 0);
	fix_event(f, "system", "page.read",
	    json_pack("{s:s,s:i,s:{s:s},s:o,s:s,s:b}", "page", page, "key", (int)p.key, "reading",
		"effort", "all", "result", fix_ref(f, text), "result_sha256", fix_digest(8),
		"further", 1));
	free(text);
	json_decref(result);
}

/* For catalogue_check() and catalogue_compare(). */
static inline void
fix_no_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	fail_msg("%s %s %s", code, where, detail);
}

/* The usual beginning: archive, people, one scanned batch with n pages as document D000001. */
static inline void
fix_office(struct fixture *f, unsigned n)
{
	json_t *pages = json_array();
	char page[ID_TEXT];

	fix_archive(f);
	fix_user(f, "hanako", "佐藤 花子", "clerk");
	fix_user(f, "jiro", "鈴木 次郎", "checker");
	fix_batch(f, "B000001", "scan");
	fix_event(f, "hanako", "batch.run",
	    json_pack("{s:s,s:s,s:s,s:{s:i}}", "batch", "B000001", "device", "net:feeder",
		"profile", "color300", "requested", "dpi", 300));
	for (unsigned i = 1; i <= n; i++) {
		snprintf(page, sizeof(page), "P%08u", i);
		fix_page(f, "B000001", page, i);
		json_array_append_new(pages, json_string(page));
	}
	fix_end(f, "B000001",
	    json_pack("[{s:s,s:o,s:b}]", "document", "D000001", "pages", pages, "new", 1));
}

/* Hits of a query as "D000001/2 …" in the order given; caller frees. */
static inline char *
fix_hits(struct fixture *f, const char *query)
{
	json_t *result = NULL, *hit;
	char *text = NULL;
	size_t size, i;
	FILE *out = open_memstream(&text, &size);
	const int r = catalogue_search(f->cat, query, 200, 0, &result);

	if (r < 0)
		fprintf(out, "error %d", -r);
	json_array_foreach(json_object_get(result, "hits"), i, hit) fprintf(out, "%s%s/%lld",
	    i == 0 ? "" : " ", json_string_value(json_object_get(hit, "document")),
	    (long long)json_integer_value(json_object_get(hit, "page")));
	json_decref(result);
	fclose(out);
	return text;
}

static inline void
fix_expect(struct fixture *f, const char *query, const char *expected)
{
	char *hits = fix_hits(f, query);

	if (strcmp(hits, expected) != 0)
		fail_msg("search '%.60s': got '%s', expected '%s'", query, hits, expected);
	free(hits);
}

#endif
