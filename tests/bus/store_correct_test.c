/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What people correct on a page: who may and when, that it is shown and stays over the next
 * reading, and is in what is handed out. */

#include "store_page.h"

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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_is_corrected_by_hand),
	    cmocka_unit_test(corrections_of_a_page_have_a_maximum),
	    cmocka_unit_test(submitted_pages_are_the_checkers),
	    cmocka_unit_test(confirmed_text_is_the_checkers),
	    cmocka_unit_test(corrections_are_handed_out),
	    cmocka_unit_test(a_worker_that_hangs_is_killed),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
