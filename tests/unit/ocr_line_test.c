/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line pictures and second opinions: boxes find their way back, doubt is noticed, and a doubtful
 * line of running text is read again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/network_kernels.h"
#include "ocr/read_line.h"
#include "ocr/reread.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define PLAN "01-houmon-kaigo-keikaku"

static void
add_line(struct words *w, const char *text, const struct box *boxes, unsigned confidence)
{
	struct line like = {.cell = -1, .block = 7};

	assert_int_equal(words_line(w, &like), 0);
	for (size_t i = 0; i < strlen(text); i++) {
		struct glyph g = {.box = boxes[i], .confidence = (uint8_t)confidence};

		g.text[0] = text[i];
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static void
strokes_alone_are_the_rest_of_a_rule(void **state)
{
	static const struct box boxes[8];
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "No", boxes, 90);
	assert_false(read_line_is_rule(&w, 0));
	add_line(&w, "-_|.-", boxes, 40);
	assert_true(read_line_is_rule(&w, 2));
	assert_false(read_line_is_rule(&w, 0));
	add_line(&w, "-1-", boxes, 90);
	assert_false(read_line_is_rule(&w, 7));
}

static void
a_tightened_strip_knows_where_its_ink_came_from(void **state)
{
	PIX *pix = blank(400, 200);
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	struct box ink;

	bar(pix, 120, 80, 60, 40);
	strip_add(&s, (struct box){100, 50, 200, 100}, 0);
	assert_int_equal(strip_draw(&s, pix), 0);
	assert_int_equal(strip_tighten(&s), 1);
	assert_int_equal(pixGetHeight(s.pix), 40 + 2 * 8); /* STRIP_CLOSE of 40 */
	assert_int_equal(pixGetWidth(s.pix), 60 + 2 * 8);
	ink = (struct box){8, 8, 60, 40};
	add_line(&w, "a", &ink, 90);
	strip_to_sheet(&s, &w, 0);
	assert_memory_equal(&w.glyphs[0].box, &((struct box){120, 80, 60, 40}), sizeof(struct box));
	pixDestroy(&pix);
}

/* A full stop is paler than its line once a scan is worn. */
static void
a_pale_stop_stays_on_a_tightened_strip(void **state)
{
	PIX *pix = blank(400, 200);
	_cleanup_(strip_free) struct strip s = {0};
	BOX *stop = boxCreate(190, 110, 8, 8);

	bar(pix, 120, 80, 60, 40);
	pixSetInRectArbitrary(pix, stop, 200);
	strip_add(&s, (struct box){100, 50, 200, 100}, 0);
	assert_int_equal(strip_draw(&s, pix), 0);
	assert_int_equal(strip_tighten(&s), 1);
	assert_int_equal(pixGetWidth(s.pix), 78 + 2 * 8);
	boxDestroy(&stop);
	pixDestroy(&pix);
}

/* 年 before a gap, whose end the network puts behind the whole line. */
static void
a_box_ends_before_the_next_letter(void **state)
{
	static const struct box boxes[] = {{10, 8, 250, 40}, {70, 8, 50, 40}, {125, 8, 50, 40}};
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};

	for (int i = 0; i < 3; i++) {
		strip_add(&s, (struct box){100 + 200 * i, 50, 42, 42}, 16);
		s.pieces[i].x += STRIP_BORDER; /* as drawn */
	}
	add_line(&w, "abc", boxes, 90);
	strip_to_sheet(&s, &w, 0);
	assert_in_range(w.glyphs[0].box.x, 100, 142);
	assert_true(w.glyphs[0].box.x + w.glyphs[0].box.w < 300);
	assert_in_range(w.glyphs[1].box.x, 300, 342);
	assert_in_range(w.glyphs[2].box.x, 500, 542);
	assert_int_equal(w.glyphs[2].box.w, 50);
}

/* Below each other, a narrow one a little to the right. */
static void
boxes_of_a_vertical_line_stay_as_wide_as_they_are(void **state)
{
	static const struct box boxes[] = {{8, 8, 40, 40}, {22, 58, 12, 40}, {8, 108, 40, 40}};
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};

	strip_add(&s, (struct box){100, 50, 40, 140}, 0);
	s.pieces[0].x = s.pieces[0].y = STRIP_BORDER; /* as drawn */
	add_line(&w, "abc", boxes, 90);
	w.lines[0].vertical = true;
	strip_to_sheet(&s, &w, 0);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(w.glyphs[i].box.x, boxes[i].x + 92);
		assert_int_equal(w.glyphs[i].box.w, boxes[i].w);
	}
}

/* Three pieces, and letters in some of them. */
static void
a_strip_knows_what_was_not_read(void **state)
{
	static const struct box read[] = {{104, 52, 34, 38}, {304, 52, 34, 38}};
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};

	for (int i = 0; i < 3; i++)
		strip_add(&s, (struct box){100 + 200 * i, 50, 42, 42}, 16);
	add_line(&w, "a", (struct box[]){{504, 52, 34, 38}}, 90); /* another line's */
	add_line(&w, "bc", read, 90);
	assert_false(strip_is_read(&s, &w, 1));
	assert_true(strip_is_read(&s, &w, 0));
	strip_reach(&s, &w.lines[1]);
	assert_int_equal(w.lines[1].box.x, 100 + STRIP_MARGIN);
	assert_int_equal(w.lines[1].box.x + w.lines[1].box.w, 542 - STRIP_MARGIN);
	assert_int_equal(w.lines[1].box.h, 38);
	s.pieces[2].from.w = 20; /* may be a sign */
	assert_true(strip_is_read(&s, &w, 1));
}

/* Below each other: not one row of the sheet. */
static void
a_line_does_not_reach_over_other_rows(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};

	for (int i = 0; i < 2; i++)
		strip_add(&s, (struct box){100 + 50 * i, 50 + 100 * i, 42, 42}, 16);
	add_line(&w, "a", (struct box[]){{104, 52, 34, 38}}, 90);
	assert_false(strip_is_read(&s, &w, 0));
	strip_reach(&s, &w.lines[0]);
	assert_int_equal(w.lines[0].box.x + w.lines[0].box.w, 142 - STRIP_MARGIN);
}

static void
a_strip_without_ink_cannot_be_tightened(void **state)
{
	PIX *pix = blank(400, 200);
	_cleanup_(strip_free) struct strip s = {0};

	strip_add(&s, (struct box){100, 50, 200, 100}, 0);
	assert_int_equal(strip_draw(&s, pix), 0);
	assert_int_equal(strip_tighten(&s), 0);
	assert_int_equal(pixGetWidth(s.pix), 200 + 2 * STRIP_BORDER);
	pixDestroy(&pix);
}

static bool
doubts(unsigned confidence)
{
	_cleanup_(words_free) struct words w = {0};
	struct box boxes[] = {{0, 0, 20, 40}, {30, 0, 20, 40}};

	add_line(&w, "ab", boxes, confidence);
	return read_line_doubts(&w);
}

static void
an_unsure_line_is_doubted(void **state)
{
	assert_false(doubts(99));
	assert_true(doubts(80));
}

/* The first line was misread and lost its end; the second is beyond doubt, whatever it says. */
static void
only_a_doubtful_line_is_read_again(void **state)
{
	PIX *pix = blank(1000, 400);
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf text = {0};
	struct box first[] = {{100, 100, 40, 40}, {145, 100, 40, 40}, {185, 100, 40, 40}};
	struct box second[] = {
	    {100, 200, 40, 40}, {145, 200, 40, 40}, {190, 200, 40, 40}, {230, 200, 40, 40}};

	paste(pix, PLAN, "生年月日", 100, 100);
	paste(pix, PLAN, "要介護度", 100, 200);
	add_line(&w, "xyz", first, 40);
	add_line(&w, "whom", second, 99);
	assert_int_equal(reread_lines(*state, pix, ENGINE_JAPANESE, &w, NULL), 0);
	assert_int_equal(w.nlines, 2);
	words_tidy(&w);
	words_text(&w, &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "生年月日\nwhom\n");
	assert_int_equal(w.lines[0].block, 7);
	assert_in_range(w.lines[0].box.x, 98, 110);
	assert_in_range(w.lines[0].box.y, 95, 110);
	pixDestroy(&pix);
}

/* Sure of what it saw, but half of the line was lost: the ink beside it says so. A rule beside it
 * is no such ink. */
static void
a_line_that_was_cut_short_is_read_again(void **state)
{
	PIX *pix = blank(1000, 400);
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf text = {0};
	struct box first[] = {{100, 100, 40, 40}, {145, 100, 80, 40}};
	struct box second[] = {
	    {100, 200, 40, 40}, {145, 200, 40, 40}, {190, 200, 40, 40}, {230, 200, 40, 40}};

	paste(pix, PLAN, "生年月日", 100, 100);
	paste(pix, PLAN, "要介護度", 100, 200);
	bar(pix, 290, 150, 4, 200);
	add_line(&w, "ab", first, 97);
	add_line(&w, "whom", second, 97);
	assert_int_equal(reread_lines(*state, pix, ENGINE_JAPANESE, &w, NULL), 0);
	words_tidy(&w);
	words_text(&w, &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "生年月日\nwhom\n");
	pixDestroy(&pix);
}

/* Two of three rows were taken for a line each: every row is read once. */
static void
rows_taken_for_one_line_are_read_apart(void **state)
{
	PIX *pix = blank(1000, 400);
	_cleanup_(words_free) struct words w = {0}, others = {0};
	_cleanup_(buf_free) struct buf text = {0}, lost = {0};
	struct box first[] = {{100, 98, 90, 106}, {200, 98, 80, 106}};
	struct box second[] = {{100, 160, 90, 104}, {200, 160, 80, 104}};

	paste(pix, PLAN, "生年月日", 100, 100);
	paste(pix, PLAN, "要介護度", 100, 160);
	paste(pix, PLAN, "生年月日", 100, 220);
	add_line(&w, "ab", first, 60);
	add_line(&w, "cd", second, 60);
	assert_int_equal(reread_lines(*state, pix, ENGINE_JAPANESE, &w, &others), 0);
	words_tidy(&w);
	words_text(&w, &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "生年月日\n要介護度\n生年月日\n");
	words_text(&others, &lost);
	buf_add(&lost, "", 1);
	assert_non_null(strstr(lost.data, "ab\n"));
	assert_non_null(strstr(lost.data, "cd\n"));
	for (size_t i = 0; i < w.nlines; i++) {
		assert_int_equal(w.lines[i].block, 7);
		assert_in_range(w.lines[i].box.y, 90 + 60 * i, 120 + 60 * i);
	}
	pixDestroy(&pix);
}

/* A strip around all ink of pix. */
static void
strip_of_ink(struct strip *s, PIX *pix)
{
	PIX *ink = pixThresholdToBinary(pix, 200);
	BOX *box = NULL;
	struct box b;

	assert_int_equal(pixClipToForeground(ink, NULL, &box), 0);
	boxGetGeometry(box, &b.x, &b.y, &b.w, &b.h);
	strip_add(s,
	    (struct box){b.x - STRIP_MARGIN, b.y - STRIP_MARGIN, b.w + 2 * STRIP_MARGIN,
		b.h + 2 * STRIP_MARGIN},
	    0);
	assert_int_equal(strip_draw(s, pix), 0);
	boxDestroy(&box);
	pixDestroy(&ink);
}

static void
expect_line(struct engine *e, const char *sample, const char *line)
{
	PIX *pix = blank(2000, 200);
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf text = {0};

	paste(pix, sample, line, 100, 80);
	strip_of_ink(&s, pix);
	assert_int_equal(read_line(e, &s, &w, NULL), 0);
	for (size_t i = 0; i < w.nglyphs; i++)
		buf_puts(&text, w.glyphs[i].text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, line);
	for (size_t i = 1; i < w.nglyphs; i++)
		assert_true(w.glyphs[i].box.w > 0);
	pixDestroy(&pix);
}

/* Neither the surer reading nor the surer glyphs are right. */
static void
what_two_networks_saw_is_weighed_together(void **state)
{
	if (network_kernels_best() == NULL) {
		print_message("# skip: what networks saw is not known on this processor\n");
		skip();
	}
	expect_line(*state, "09-jiko-houkoku", "立ち上がりの声かけが遅れた。");
	expect_line(*state, "08-monitoring", "た。本人は「もう一人で入れそう」と話すが、浴槽");
}

/* Sure in the mean of its glyphs, and wrong in one that is not. */
static void
a_line_with_one_unsure_glyph_is_asked_about(void **state)
{
	expect_line(*state, "09-jiko-houkoku", "トイレで便座から立ち上がろうとした際、手すりを");
	expect_line(*state, "07-houmon-kango-shiji",
	    "仙骨部の観察と皮膚の保護。発赤があれば除圧し報告すること。");
}

/* The shown line stays as it is; search has what it might be. */
static void
a_line_in_little_doubt_is_read_for_search_alone(void **state)
{
	PIX *pix = blank(1000, 400);
	_cleanup_(words_free) struct words w = {0}, others = {0};
	_cleanup_(buf_free) struct buf shown = {0}, text = {0};
	struct box boxes[] = {
	    {100, 100, 40, 40}, {145, 100, 40, 40}, {190, 100, 40, 40}, {230, 100, 40, 40}};

	paste(pix, PLAN, "生年月日", 100, 100);
	add_line(&w, "whom", boxes, 98);
	w.glyphs[0].confidence = 96;
	assert_int_equal(reread_lines(*state, pix, ENGINE_JAPANESE, &w, &others), 0);
	words_text(&w, &shown);
	buf_add(&shown, "", 1);
	assert_string_equal(shown.data, "whom\n");
	words_tidy(&others);
	words_text(&others, &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "生年月日\n");
	pixDestroy(&pix);
}

/* Whether a letter that only the Chinese network knows is found by such a reading again. */
static bool
finds_untaught(struct engine *e, enum engine_model model)
{
	PIX *pix = blank(1000, 400);
	_cleanup_(words_free) struct words w = {0}, others = {0};
	_cleanup_(buf_free) struct buf text = {0};
	struct box boxes[] = {
	    {100, 100, 40, 40}, {145, 100, 40, 40}, {190, 100, 40, 40}, {230, 100, 40, 40}};

	paste(pix, "07-houmon-kango-shiji", "褥瘡の深さ", 100, 100);
	add_line(&w, "whom", boxes, 40);
	assert_int_equal(reread_lines(e, pix, model, &w, &others), 0);
	words_text(&w, &text);
	words_text(&others, &text);
	buf_add(&text, "", 1);
	pixDestroy(&pix);
	return strstr(text.data, "褥") != NULL;
}

/* Of what is shown the Chinese network was asked already. */
static void
a_second_reading_of_the_page_asks_no_chinese_network(void **state)
{
	assert_true(finds_untaught(*state, ENGINE_JAPANESE));
	assert_false(finds_untaught(*state, ENGINE_JAPANESE_2));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strokes_alone_are_the_rest_of_a_rule),
	    cmocka_unit_test(a_tightened_strip_knows_where_its_ink_came_from),
	    cmocka_unit_test(a_pale_stop_stays_on_a_tightened_strip),
	    cmocka_unit_test(a_box_ends_before_the_next_letter),
	    cmocka_unit_test(boxes_of_a_vertical_line_stay_as_wide_as_they_are),
	    cmocka_unit_test(a_strip_knows_what_was_not_read),
	    cmocka_unit_test(a_line_does_not_reach_over_other_rows),
	    cmocka_unit_test(a_strip_without_ink_cannot_be_tightened),
	    cmocka_unit_test(an_unsure_line_is_doubted),
	    cmocka_unit_test(only_a_doubtful_line_is_read_again),
	    cmocka_unit_test(a_line_that_was_cut_short_is_read_again),
	    cmocka_unit_test(rows_taken_for_one_line_are_read_apart),
	    cmocka_unit_test(what_two_networks_saw_is_weighed_together),
	    cmocka_unit_test(a_line_with_one_unsure_glyph_is_asked_about),
	    cmocka_unit_test(a_line_in_little_doubt_is_read_for_search_alone),
	    cmocka_unit_test(a_second_reading_of_the_page_asks_no_chinese_network),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
