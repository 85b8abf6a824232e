/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Places on a page. A correction by a person is shown and stays over the next reading. What store
 * asks `ocr` to black out: places given by hand on a turned page, and every place of a
 * field's value; what it refuses; what it logs. A played worker keeps what it was asked. */

#include "store_play.h"

#define ASKED_MAX 128

static uint32_t asked[ASKED_MAX][5];
static unsigned n_asked;
static char title[64];

/* 髙橋 beside its label and twice in the text, once in another reading and with another 髙; its
 * owner's sheet is 100 × 140. */
static const char reading[] =
    "{\"engine\":{\"name\":\"fake\"},\"width\":100,\"height\":140,\"dpi\":75,\"rotation\":0,"
    "\"skew_mdeg\":0,\"codes\":[],\"form_type\":\"\",\"findings\":[],\"fields\":[{\"label\":"
    "\"氏名\",\"value\":\"高橋様\",\"normal\":\"高橋\",\"key\":\"client_name\",\"confidence\":90,"
    "\"box\":[40,10,30,10]}],\"readings\":[{\"id\":\"a\",\"shown\":true,\"confidence\":90,\"text\":"
    "\"高橋様\\n髙橋\\n\",\"boxes\":[40,10,10,10,50,10,10,10,60,10,10,10,0,0,0,0,"
    "10,50,10,10,20,50,10,10,0,0,0,0]},{\"id\":\"b\",\"shown\":false,\"confidence\":50,\"text\":"
    "\"髙橋\",\"boxes\":[70,90,10,10,80,90,10,10]}]}";

static int
read_name(sd_bus_message *m, struct play *p)
{
	return reply_reading(m, reading, strlen(reading));
}

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
make_document_of(
    int (*read)(sd_bus_message *m, struct play *p), char ret_batch[16], char ret_document[16])
{
	json_t *answer;

	play.on_read = read;
	strcpy(ret_batch, scan_pages(&play, "haruka", 1));
	wait_read(&play, "haruka", ret_batch, 1, "read");
	play.on_read = NULL;
	answer = json_of(call_store(
	    &play, play.web, "BatchShow", "sst", token(&play, "haruka"), ret_batch, (uint64_t)0));
	snprintf(ret_document, 16, "%s",
	    json_string_value(
		json_object_get(json_array_get(json_object_get(answer, "documents"), 0), "id")));
	json_decref(answer);
}

static void
make_document(char ret_batch[16], char ret_document[16])
{
	make_document_of(read_name, ret_batch, ret_document);
}

static sd_bus_message *
redact(const char *document, const char *what)
{
	return call_store(
	    &play, play.web, "ExportRedacted", "ssas", token(&play, "masao"), document, 1, what);
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

/* Text of page 1, as Show gives it. */
static void
expect_text(const char *document, const char *text)
{
	json_t *answer =
	    json_of(call_store(&play, play.web, "Show", "ss", token(&play, "haruka"), document));

	assert_string_equal(json_string_value(json_object_get(
				json_array_get(json_object_get(answer, "pages"), 0), "text")),
	    text);
	json_decref(answer);
}

static sd_bus_message *
correct(const char *who, const char *document, uint32_t x, uint32_t y, uint32_t w, uint32_t h,
    const char *text)
{
	return call_store(&play, play.web, "PageCorrect", "ssuuuuus", token(&play, who), document,
	    (uint32_t)1, x, y, w, h, text);
}

static void
a_line_is_corrected_by_hand(void **state)
{
	char batch[16], document[16];

	make_document(batch, document);
	expect_text(document, "高橋様\n髙橋\n");
	expect(correct("haruka", document, 40, 10, 30, 10, "髙橋 様"), "ok");
	expect_text(document, "髙橋 様\n髙橋\n");
	/* Turned by 90 degrees the second line, [10,50,20,10] of the sheet, stands at (80, 10). */
	expect(call_store(&play, play.web, "BatchRotate", "ssui", token(&play, "haruka"), batch,
		   (uint32_t)1, (int32_t)90),
	    "ok");
	expect(correct("haruka", document, 80, 10, 10, 20, "花子"), "ok");
	expect_text(document, "髙橋 様\n花子\n");
	expect(correct("haruka", document, 80, 10, 10, 20, ""), "ok");
	expect_text(document, "髙橋 様\n髙橋\n");
	expect(correct("haruka", document, 80, 10, 10, 20, ""), "not_found");
	expect(correct("haruka", document, 130, 10, 20, 20, "x"), "bad_parameter");
	expect(correct("haruka", document, 1, 1, 0, 5, "x"), "bad_parameter");
	expect(correct("haruka", document, 1, 1, 5, 5, "two\nlines"), "bad_parameter");
	expect(correct("haruka", "D999999", 1, 1, 5, 5, "x"), "not_found");
	expect(correct("kimiko", document, 1, 1, 5, 5, "x"), "denied");
	assert_int_equal(count_events(&play, "kimiko", "page.correct"), 3);
}

/* As many as a page has lines: what is one too many is told so, and one taken back makes room. */
static void
corrections_of_a_page_have_a_maximum(void **state)
{
	char batch[16], document[16];

	make_document(batch, document);
	for (uint32_t i = 0; i < 1000; i++)
		expect(correct("haruka", document, i % 100, i / 100, 1, 1, "字"), "ok");
	expect(correct("haruka", document, 1, 50, 1, 1, "字"), "too_many_corrections");
	expect(correct("haruka", document, 1, 1, 1, 1, ""), "ok");
	expect(correct("haruka", document, 1, 50, 1, 1, "字"), "ok");
}

/* Once submitted, a record is corrected by a checker alone. */
static void
submitted_pages_are_the_checkers(void **state)
{
	char batch[16], document[16];

	make_document(batch, document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", token(&play, "haruka"), document, 3,
		   "type", "service_record", "client_name", "髙橋", "date", "2026-11-05"),
	    "ok");
	expect(
	    call_store(&play, play.web, "BatchSubmit", "ss", token(&play, "haruka"), batch), "ok");
	expect(correct("haruka", document, 40, 10, 30, 10, "髙橋 様"), "already_submitted");
	expect(correct("masao", document, 40, 10, 30, 10, "髙橋 様"), "ok");
	expect_text(document, "髙橋 様\n髙橋\n");
}

/* What is signed stays; what was read of it is still a checker's to correct, and nobody else's. */
static void
confirmed_text_is_the_checkers(void **state)
{
	char batch[16], document[16];
	json_t *answer;

	make_document(batch, document);
	expect(call_store(&play, play.web, "DocSet", "ssa{ss}", token(&play, "haruka"), document, 3,
		   "type", "service_record", "client_name", "髙橋", "date", "2026-11-05"),
	    "ok");
	expect(
	    call_store(&play, play.web, "BatchSubmit", "ss", token(&play, "haruka"), batch), "ok");
	expect(call_store(&play, play.web, "Confirm", "sas", token(&play, "masao"), 1, document),
	    "ok");
	expect(correct("haruka", document, 40, 10, 30, 10, "髙橋 様"), "confirmed_text");
	expect(correct("masao", document, 40, 10, 30, 10, "髙橋 様"), "ok");
	expect_text(document, "髙橋 様\n髙橋\n");
	answer =
	    json_of(call_store(&play, play.web, "Verify", "ss", token(&play, "kimiko"), document));
	assert_true(json_is_true(json_object_get(answer, "ok")));
	json_decref(answer);
}

/* ---- what is handed out is what people corrected ---- */

static int
correct_alto(sd_bus_message *m, struct play *p)
{
	_cleanup_(memview_free) struct memview view = {0};
	_cleanup_(closep) int made = -1;
	uint32_t x, y, w, h;
	const char *text;
	int fd;

	assert_true(sd_bus_message_read(m, "h", &fd) > 0);
	assert_true(memfd_view(fd, 100, &view) >= 0);
	assert_memory_equal(view.data, "<alto/>", 7);
	assert_true(sd_bus_message_enter_container(m, 'a', "(uuuus)") > 0);
	assert_true(sd_bus_message_read(m, "(uuuus)", &x, &y, &w, &h, &text) > 0);
	assert_int_equal(x + y + w + h, 90);
	assert_string_equal(text, "髙橋 様");
	assert_int_equal(sd_bus_message_read(m, "(uuuus)", &x, &y, &w, &h, &text), 0);
	p->corrects++;
	made = memfd_new_sealed("alto", "<corrected/>", 12);
	return sd_bus_reply_method_return(m, "h", made);
}

static int
compose_corrected(sd_bus_message *m, struct play *p)
{
	_cleanup_(memview_free) struct memview view = {0};
	_cleanup_(closep) int pdf = memfd_new_sealed("made", "%PDF-", 5);
	int tiff, alto, turn;

	assert_true(sd_bus_message_enter_container(m, 'a', "(hhi)") > 0);
	assert_true(sd_bus_message_read(m, "(hhi)", &tiff, &alto, &turn) > 0);
	assert_true(memfd_view(alto, 100, &view) >= 0);
	assert_int_equal(view.size, 12);
	return sd_bus_reply_method_return(m, "h", pdf);
}

/* The answer's file, and what is said of it. */
static void
expect_file(sd_bus_message *reply, const char *content)
{
	_cleanup_(memview_free) struct memview view = {0};
	int fd;

	assert_string_equal(code_of(reply), "ok");
	assert_true(sd_bus_message_read(reply, "h", &fd) > 0);
	assert_true(memfd_view(fd, 4096, &view) >= 0);
	assert_int_equal(view.size, strlen(content));
	assert_memory_equal(view.data, content, view.size);
	sd_bus_message_unref(reply);
}

static sd_bus_message *
page_as(const char *document, const char *kind)
{
	return call_store(
	    &play, play.web, "Page", "ssus", token(&play, "haruka"), document, (uint32_t)1, kind);
}

static void
corrections_are_handed_out(void **state)
{
	char batch[16], document[16];
	const unsigned before = play.corrects;

	make_document(batch, document);
	play.on_correct = correct_alto;
	expect_file(page_as(document, "alto"), "<alto/>"); /* nobody need be asked */
	assert_int_equal(play.corrects, before);
	expect(correct("haruka", document, 40, 10, 30, 10, "髙橋 様"), "ok");
	expect_file(page_as(document, "text"), "髙橋 様\n髙橋\n");
	expect_file(page_as(document, "alto"), "<corrected/>");
	play.on_compose = compose_corrected;
	expect(call_store(
		   &play, play.web, "Export", "sass", token(&play, "masao"), 1, document, "pdf"),
	    "ok");
	expect(redact(document, "1:1,1,5,5"), "ok");
	assert_int_equal(play.corrects, before + 3);
	play.on_correct = NULL;
	play.on_compose = NULL;
	/* a page that was corrected is not handed out as it was misread */
	hang_up(&play.ocr[0]);
	expect(page_as(document, "alto"), "ocr_away");
	attach_ocr(&play, 0);
}

static int
hang(sd_bus_message *m, struct play *p)
{
	return 1;
}

/* Whoever waits is told in time, and the worker keeps nobody else waiting. */
static void
a_worker_that_hangs_is_killed(void **state)
{
	char batch[16], document[16];
	const unsigned before = play.kills;

	make_document(batch, document);
	expect(correct("haruka", document, 40, 10, 30, 10, "髙橋 様"), "ok");
	play.on_correct = hang;
	expect(page_as(document, "alto"), "ocr_away");
	play.on_correct = NULL;
	assert_int_equal(play.kills, before + 1);
	assert_string_equal(play.killed, "ocr/0");
	hang_up(&play.ocr[0]);
	attach_ocr(&play, 0);
	play.on_correct = correct_alto;
	expect_file(page_as(document, "alto"), "<corrected/>");
	play.on_correct = NULL;
	still_well(&play);
}

static int
set_up(void **state)
{
	static const struct person who[] = {
	    {"haruka", "clerk", ""}, {"masao", "checker", ""}, {"kimiko", "manager", ""}};

	begin(&play, "[ocr]\npage_time_limit_s = 1\n[tsa]\nca_file = "
		     "/etc/ssl/certs/ca-certificates.crt\n");
	people(&play, who, 3);
	attach_scanner(&play);
	attach_ocr(&play, 0);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_corrected_by_hand),
	    cmocka_unit_test(corrections_of_a_page_have_a_maximum),
	    cmocka_unit_test(submitted_pages_are_the_checkers),
	    cmocka_unit_test(confirmed_text_is_the_checkers),
	    cmocka_unit_test(every_place_of_a_field_is_hidden),
	    cmocka_unit_test(one_character_is_hidden),
	    cmocka_unit_test(all_places_are_hidden_or_none),
	    cmocka_unit_test(boxes_by_hand_follow_the_turn),
	    cmocka_unit_test(what_hides_nothing_is_refused),
	    cmocka_unit_test(corrections_are_handed_out),
	    cmocka_unit_test(what_would_be_hidden_is_told),
	    cmocka_unit_test(a_worker_that_hangs_is_killed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
