/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places on a page that are blacked out: what store asks of `ocr` for places given by hand on a
 * turned page and for every place of a field's value; what it refuses; what it logs. A played
 * worker keeps what it was asked. */

#include "store_page.h"

#define ASKED_MAX 128

static uint32_t asked[ASKED_MAX][5];
static unsigned n_asked;
static char title[64];

static int
keep_asked(sd_bus_message *m, struct play *p)
{
	_cleanup_(closep) int fd = memfd_new_sealed("made", "%PDF-", 5);
	const char *key, *value;
	uint32_t *a = asked[0];

	n_asked = 0;
	assert_true(sd_bus_message_skip(m, "a(hhi)") >= 0);
	assert_true(sd_bus_message_enter_container(m, 'a', "{ss}") > 0);
	while (sd_bus_message_read(m, "{ss}", &key, &value) > 0)
		if (strcmp(key, "title") == 0)
			snprintf(title, sizeof(title), "%s", value);
	assert_true(sd_bus_message_exit_container(m) >= 0);
	assert_true(sd_bus_message_enter_container(m, 'a', "(uuuuu)") > 0);
	while (n_asked < ASKED_MAX &&
	       sd_bus_message_read(m, "(uuuuu)", &a[0], &a[1], &a[2], &a[3], &a[4]) > 0)
		a = asked[++n_asked];
	return sd_bus_reply_method_return(m, "h", fd);
}

static bool
was_asked(uint32_t page, uint32_t x, uint32_t y, uint32_t w, uint32_t h)
{
	const uint32_t box[5] = {page, x, y, w, h};

	for (unsigned i = 0; i < n_asked; i++)
		if (memcmp(asked[i], box, sizeof(box)) == 0)
			return true;
	return false;
}

static void
every_place_of_a_field_is_hidden(void **state)
{
	char batch[16], document[16];
	json_t *entries, *event;

	make_document(batch, document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", token(&play, "haruka"), document, 1,
		   "title", "髙橋様の計画"),
	    "ok");
	play.on_compose = keep_asked;
	expect(redact(document, "client_name"), "ok");
	/* each with one glyph of 10 pixels on either side, as far as the sheet goes */
	assert_true(was_asked(0, 30, 10, 50, 10)); /* beside the label, 様 too */
	assert_true(was_asked(0, 0, 50, 40, 10));  /* further down, with another 髙 */
	assert_true(was_asked(0, 60, 90, 40, 10)); /* in another reading */
	assert_string_equal(title, document);      /* a title may name whom the boxes hide */
	entries = events(&play, "kimiko", "export");
	assert_int_equal(json_array_size(entries), 1);
	event = json_object_get(json_array_get(entries, 0), "data");
	assert_string_equal(json_string_value(json_object_get(event, "kind")), "redacted");
	assert_int_equal(json_array_size(json_object_get(event, "redacted")), n_asked);
	json_decref(entries);
	play.on_compose = NULL;
}

static void
set_title(const char *document, const char *to)
{
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", token(&play, "haruka"), document, 1,
		   "title", to),
	    "ok");
}

/* Many a name is one character. */
static void
one_character_is_hidden(void **state)
{
	char batch[16], document[16];

	make_document(batch, document);
	set_title(document, "様");
	play.on_compose = keep_asked;
	expect(redact(document, "title"), "ok");
	assert_int_equal(n_asked, 1);
	assert_true(was_asked(0, 50, 10, 30, 10));
	set_title(document, "　");
	expect(redact(document, "title"), "nothing_to_redact");
	play.on_compose = NULL;
}

static int many;

/* A page full of one character, a line each. */
static int
read_many(sd_bus_message *m, struct play *p)
{
	static char json[8192];
	char *at = json;

	at += sprintf(at, RESULT_HEAD "\"readings\":[{\"id\":\"a\",\"shown\":true,"
				      "\"confidence\":90,\"text\":\"");
	for (int i = 0; i < many; i++)
		at += sprintf(at, "あ\\n");
	at += sprintf(at, "\",\"boxes\":[1,1,9,9,0,0,0,0");
	for (int i = 1; i < many; i++)
		at += sprintf(at, ",1,%d,9,9,0,0,0,0", i);
	at += sprintf(at, "]}]}");
	return reply_reading(m, json, (size_t)(at - json));
}

/* All of a value's places are hidden or nothing is handed out. */
static void
all_places_are_hidden_or_none(void **state)
{
	char batch[16], document[16], longest[301];

	play.on_compose = keep_asked;
	many = 100;
	make_document_of(read_many, batch, document);
	set_title(document, "あ");
	expect(redact(document, "title"), "ok");
	assert_int_equal(n_asked, many);
	many = 129; /* more than are looked for */
	make_document_of(read_many, batch, document);
	set_title(document, "あ");
	expect(redact(document, "title"), "too_many_places");
	memset(longest, 'a', 300);
	longest[300] = '\0';
	set_title(document, longest); /* longer than what can be looked for */
	expect(redact(document, "title"), "too_long");
	play.on_compose = NULL;
}

/* Turned by 90 degrees the sheet of 100 × 140 is 140 × 100 as people see it. */
static void
boxes_by_hand_follow_the_turn(void **state)
{
	char batch[16], document[16];

	make_document(batch, document);
	play.on_compose = keep_asked;
	expect(redact(document, "1:10,20,30,40"), "ok");
	assert_int_equal(n_asked, 1);
	assert_true(was_asked(0, 10, 20, 30, 40));
	expect(call_store(&play, play.web, "BatchRotate", "ssui", token(&play, "haruka"), batch,
		   (uint32_t)1, (int32_t)90),
	    "ok");
	expect(redact(document, "1:10,20,30,40"), "ok");
	/* shown (x, y) is (140 - y' - h', x') of the sheet: y' = 140 - 10 - 30 */
	assert_true(was_asked(0, 20, 100, 40, 30));
	play.on_compose = NULL;
}

/* Of page 1, as "x,y,w,h x,y,w,h …". */
static void
expect_preview(const char *document, const char *what, const char *boxes)
{
	json_t *answer = json_of(call_store(
	    &play, play.web, "RedactPreview", "ssas", token(&play, "masao"), document, 1, what));
	json_t *box;
	char got[256] = "";
	size_t i;

	json_array_foreach(
	    json_object_get(json_array_get(json_object_get(answer, "pages"), 0), "boxes"), i, box)
	{
		int v[4];

		assert_int_equal(json_unpack(box, "[i,i,i,i]", &v[0], &v[1], &v[2], &v[3]), 0);
		snprintf(got + strlen(got), sizeof(got) - strlen(got), "%s%d,%d,%d,%d",
		    i == 0 ? "" : " ", v[0], v[1], v[2], v[3]);
	}
	assert_string_equal(got, boxes);
	json_decref(answer);
}

/* What would be painted is told as people see the page, and looking at it is a look at the record.
 */
static void
what_would_be_hidden_is_told(void **state)
{
	char batch[16], document[16];
	size_t views;

	make_document(batch, document);
	views = count_events(&play, "kimiko", "view");
	expect_preview(document, "1:10,20,30,40", "10,20,30,40");
	assert_int_equal(count_events(&play, "kimiko", "view"), views + 1);
	/* it shows no record: who opens that is seen to */
	expect(call_store(&play, play.web, "Show", "ss", token(&play, "masao"), document), "ok");
	assert_int_equal(count_events(&play, "kimiko", "view"), views + 2);
	expect(call_store(&play, play.web, "BatchRotate", "ssui", token(&play, "haruka"), batch,
		   (uint32_t)1, (int32_t)90),
	    "ok");
	expect_preview(document, "1:10,20,30,40", "10,20,30,40");
	/* beside the label: [40,10,30,10] of the sheet of 100 × 140, and a glyph on either side */
	play.on_compose = keep_asked;
	expect(redact(document, "client_name"), "ok");
	play.on_compose = NULL;
	assert_true(was_asked(0, 30, 10, 50, 10));
	expect(call_store(&play, play.web, "RedactPreview", "ssas", token(&play, "haruka"),
		   document, 1, "client_name"),
	    "denied");
	expect(call_store(&play, play.web, "RedactPreview", "ssas", token(&play, "masao"), document,
		   1, "client_id"),
	    "nothing_to_redact");
	expect(call_store(
		   &play, play.web, "RedactPreview", "ssas", token(&play, "masao"), document, 0),
	    "bad_parameter");
}

static void
what_hides_nothing_is_refused(void **state)
{
	static const char *const bad[] = {"2:1,1,1,1", "0:1,1,1,1", "1:1,1,0,5", "1:100,1,5,5",
	    "1:1,1,5", "1:1,1,5,5x", "1:1,1,5,5,5"};
	char batch[16], document[16];

	make_document(batch, document);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		expect(redact(document, bad[i]), "bad_parameter");
	expect(redact(document, "client_id"), "nothing_to_redact");
	expect(redact(document, "no such field"), "nothing_to_redact");
	expect(redact("D999999", "client_name"), "not_found");
	expect(call_store(
		   &play, play.web, "ExportRedacted", "ssas", token(&play, "masao"), document, 0),
	    "bad_parameter");
	expect(call_store(&play, play.web, "ExportRedacted", "ssas", token(&play, "haruka"),
		   document, 1, "client_name"),
	    "denied");
	still_well(&play);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_place_of_a_field_is_hidden),
	    cmocka_unit_test(one_character_is_hidden),
	    cmocka_unit_test(all_places_are_hidden_or_none),
	    cmocka_unit_test(boxes_by_hand_follow_the_turn),
	    cmocka_unit_test(what_hides_nothing_is_refused),
	    cmocka_unit_test(what_would_be_hidden_is_told),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
