/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stretched print reads as the same letters at their usual width; what is sure, and what is not
 * wide, is not asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/read_line.h"
#include "ocr/stretched.h"
#include "ocr_draw.h"
#include "ocr_engine.h"
#include "ocr_strip.h"

#define CODES "13-riyouhyou" /* a sample */

static void
stretched_letters_are_read(void **state)
{
	_cleanup_(words_free) struct words w = {0}, others = {0};
	_cleanup_(strip_free) struct strip s = {0};
	PIX *pix = blank(400, 60), *wide;
	size_t last;

	paste(pix, CODES, "サービスコード", 20, 10);
	wide = pixScale(pix, 2, 1);
	strip_of(&s, wide);
	assert_int_equal(read_line(*state, &s, &w, NULL), 0);
	assert_int_equal(stretched_read(*state, &s, &w, 0, &others), 0);
	expect_read(&w, "サービスコード\n");
	assert_true(others.nlines > 0);
	/* letters are where they were, and no higher */
	last = w.nglyphs - 1;
	assert_in_range(w.glyphs[0].box.x, 30, 70);
	assert_true(w.glyphs[last].box.x > 400);
	assert_true(w.lines[0].box.y >= 0 && w.lines[0].box.y + w.lines[0].box.h <= 60);
	pixDestroy(&wide);
	pixDestroy(&pix);
}

/* A line of one glyph for each of n letters. */
static void
say(struct words *w, int n, unsigned confidence)
{
	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (int i = 0; i < n; i++) {
		struct glyph g = {.text = "サ", .box = {20 + 40 * i, 10, 38, 38}};

		g.confidence = (uint8_t)confidence;
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* Bars of a width, where something doubtful was read. No engine is asked: there is none. */
static void
expect_left(int wide, int n, unsigned confidence)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(600, 60);

	for (int i = 0; i < 5; i++)
		bar(pix, 20 + (wide + 10) * i, 14, wide, 32);
	strip_of(&s, pix);
	say(&w, n, confidence);
	assert_int_equal(stretched_read(NULL, &s, &w, 0, NULL), 0);
	assert_int_equal(w.nglyphs, n);
	pixDestroy(&pix);
}

static void
other_lines_are_not_read_again(void **state)
{
	expect_left(64, 7, 95); /* sure enough */
	expect_left(64, 2, 99); /* a short one must be surer */
	expect_left(34, 5, 60); /* as wide as high */
}

/* Letters that touch are wide, but as many were read as stand there. */
static void
letters_that_touch_are_not_stretched(void **state)
{
	expect_left(64, 11, 85);
}

static void
a_line_without_ink_is_left_alone(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(200, 60);

	strip_of(&s, pix);
	assert_int_equal(stretched_read(NULL, &s, &w, 0, NULL), 0);
	assert_int_equal(w.nlines, 0);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stretched_letters_are_read),
	    cmocka_unit_test(other_lines_are_not_read_again),
	    cmocka_unit_test(letters_that_touch_are_not_stretched),
	    cmocka_unit_test(a_line_without_ink_is_left_alone),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
