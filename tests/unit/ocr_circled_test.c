/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A circled number that a line begins with, drawn here, is read at the line's end. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/circled.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define RING_X 30 /* its middle */
#define RING_Y 30
#define RADIUS 19
#define UNSURE 70 /* confidence of what was read */

static void
draw_one(PIX *pix)
{
	bar(pix, RING_X - 1, RING_Y - 11, 4, 23);
	for (int i = 0; i < 6; i++)
		bar(pix, RING_X - 2 - i, RING_Y - 9 + i, 3, 3);
}

/* A line that begins with a ring, or an open one, and was read as text. */
static void
read_as(
    void **state, double turns, bool filled, uint8_t sure, const char *const *text, struct words *w)
{
	struct strip s = {.pix = blank(260, 60)};
	struct line like = {.cell = -1};

	for (double a = 0; a < 2 * M_PI * turns; a += 0.01)
		bar(s.pix, (int)(RING_X + RADIUS * cos(a)) - 1, (int)(RING_Y + RADIUS * sin(a)) - 1,
		    3, 3);
	if (filled)
		draw_one(s.pix);
	paste(s.pix, "01-houmon-kaigo-keikaku", "生年月日", 60, 11);
	assert_int_equal(words_line(w, &like), 0);
	for (int i = 0; text[i] != NULL; i++) {
		struct glyph g = {.box = {10 + 20 * i, 10, 20, 40}, .confidence = sure};

		snprintf(g.text, sizeof g.text, "%s", text[i]);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
	assert_int_equal(circled_mend(*state, &s, w), 0);
	pixDestroy(&s.pix);
}

static void
expect_of(void **state, double turns, bool filled, uint8_t sure, const char *const *text,
    const char *becomes)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf out = {0};

	read_as(state, turns, filled, sure, text, &w);
	words_line_text(&w, &w.lines[0], &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, becomes);
}

static void
expect(void **state, double turns, bool filled, const char *const *text, const char *becomes)
{
	expect_of(state, turns, filled, UNSURE, text, becomes);
}

static const char *const split[] = {"(", "1", "生", "年", "月", "日", NULL};

static void
a_split_number_becomes_one(void **state)
{
	static const char *const wrong[] = {"の", "生", "年", "月", "日", NULL};

	expect(state, 1, true, split, "①生年月日");
	expect(state, 1, true, wrong, "①生年月日");
}

static void
what_was_read_is_kept(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	read_as(state, 1, true, UNSURE, split, &w);
	assert_int_equal(w.lines[0].count, 5);
	assert_int_equal(w.nglyphs, 5);
	assert_string_equal(w.lines[0].raw, "(1生年月日");
	assert_string_equal(w.lines[0].rule, CIRCLED_RULE);
	assert_int_equal(w.glyphs[0].box.x, 10);
	assert_int_equal(w.glyphs[0].box.w, 40);
	assert_int_equal(w.lines[0].box.w, 120);
}

static void
a_sure_number_is_not_read_again(void **state)
{
	static const char *const number[] = {"②", "生", "年", "月", "日", NULL};

	expect_of(state, 1, true, UNSURE, number, "①生年月日");
	expect_of(state, 1, true, 95, number, "②生年月日");
}

/* An open ring is a bracket, an empty one a choice; and where the readings differ nothing is known.
 */
static void
other_lines_stay(void **state)
{
	static const char *const other[] = {"(", "1", "生", "年", "月", "曰", NULL};

	expect(state, 0.5, true, split, "(1生年月日");
	expect(state, 1, false, split, "(1生年月日");
	expect(state, 1, true, other, "(1生年月曰");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_split_number_becomes_one),
	    cmocka_unit_test(what_was_read_is_kept),
	    cmocka_unit_test(a_sure_number_is_not_read_again),
	    cmocka_unit_test(other_lines_stay),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
