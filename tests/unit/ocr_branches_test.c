/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The branches of a list, drawn here, and letters of nearly their shape. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/branches.h"
#include "ocr_letters.h"

/* Two strokes, thin, their corner at this height. */
static void
draw_corner(PIX *pix, int x, int top, int foot)
{
	bar(pix, x, top, 2, foot - top);
	bar(pix, x, foot - 2, 20, 2);
}

static void
corner(PIX *pix, int x, int y)
{
	draw_corner(pix, x, y, y + 20);
}

/* Its last row as long as soft print leaves it. */
static void
corner_soft(PIX *pix, int x, int y)
{
	corner(pix, x, y);
	bar(pix, x + 3, y + 20, 9, 1);
}

/* L: it stands on the foot of the line. */
static void
letter_l(PIX *pix, int x, int y)
{
	draw_corner(pix, x, y + 2, y + 33);
}

static void
branching(PIX *pix, int x, int y)
{
	bar(pix, x, y - 2, 2, 42);
	bar(pix, x, y + 18, 20, 2);
}

/* A second bar: E without its foot, キ. */
static void
two_bars(PIX *pix, int x, int y)
{
	branching(pix, x, y);
	bar(pix, x, y + 8, 20, 2);
}

/* し: bent, its end turned up. */
static void
bent(PIX *pix, int x, int y)
{
	bar(pix, x, y, 2, 18);
	bar(pix, x + 2, y + 18, 14, 2);
	bar(pix, x + 16, y + 10, 3, 9);
}

/* レ: its foot rises. */
static void
tick(PIX *pix, int x, int y)
{
	bar(pix, x, y, 2, 20);
	for (int i = 0; i < 18; i++)
		bar(pix, x + 2 + i, y + 18 - i, 2, 2);
}

static void
thick(PIX *pix, int x, int y)
{
	bar(pix, x, y, 9, 20);
	bar(pix, x, y + 11, 20, 9);
}

/* What stands below it is of the same letter. */
static void
with_foot(PIX *pix, int x, int y)
{
	corner(pix, x, y);
	bar(pix, x, y + 28, 20, 3);
}

/* From line to line. */
static void
branching_long(PIX *pix, int x, int y)
{
	bar(pix, x, y - 14, 2, 64);
	bar(pix, x, y + 18, 20, 2);
}

/* Less ink than that has above and below its line. */
static void
with_mark(PIX *pix, int x, int y)
{
	branching_long(pix, x, y);
	bar(pix, x + 8, y + 26, 8, 3);
}

static void
expect(letter *draw, size_t at, const char *text, const char *want)
{
	expect_corrected(branches_correct, BRANCHES_RULE, 98, draw, at, text, want);
}

static void
branches_are_known(void **state)
{
	expect(corner, 0, "ヒ作成費", "└作成費");
	expect(corner, 0, "-作成費", "└作成費");
	expect(corner, 0, "L作成費", "└作成費");
	expect(corner_soft, 0, "し作成費", "└作成費");
	expect(branching, 0, "ト作成費", "├作成費");
	expect(branching_long, 0, "ト作成費", "├作成費");
}

static void
letters_stay(void **state)
{
	expect(letter_l, 0, "L字手摺", "L字手摺");
	expect(bent, 0, "し尿処理", "し尿処理");
	expect(tick, 0, "レ点記入", "レ点記入");
	expect(thick, 0, "レ点記入", "レ点記入");
	expect(two_bars, 0, "キ作成費", "キ作成費");
	expect(with_foot, 0, "上作成費", "上作成費");
	expect(with_mark, 0, "ド作成費", "ド作成費");
	expect(corner, 0, "Lgy[pj]", "Lgy[pj]"); /* who knows where they stand */
}

static void
only_what_begins_a_line_before_text_is_one(void **state)
{
	expect(corner, 2, "作成ヒ費", "作成ヒ費");
	expect(corner, 0, "ヒ費", "ヒ費");
}

/* Half of the boxes reach down into the next line. */
static void
boxes_that_are_too_high_hide_no_letter(void **state)
{
	static const char text[] = "L字手摺等";
	PIX *pix = blank(500, 300);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, text);
	draw_spelled(pix, &w, letter_l, 0);
	w.glyphs[2].box.h += 20;
	w.glyphs[4].box.y -= 6;
	assert_int_equal(branches_correct(pix, NULL, &w), 0);
	expect_spelled(&w, text, text, NULL);
	pixDestroy(&pix);
}

/* L stands on the foot of s, at half the height of the others. */
static void
letters_that_hang_do_not_tell_where_the_line_stands(void **state)
{
	static const char text[] = "Lypsy";
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, text);
	draw_spelled(pix, &w, corner, 0);
	w.glyphs[0].box.w = 20;
	for (size_t i = 1; i < w.nglyphs; i++) {
		w.glyphs[i].box.y += 8;
		w.glyphs[i].box.h = w.glyphs[i].text[0] == 's' ? 12 : 24;
	}
	assert_int_equal(branches_correct(pix, NULL, &w), 0);
	expect_spelled(&w, text, text, NULL);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(branches_are_known),
	    cmocka_unit_test(letters_stay),
	    cmocka_unit_test(only_what_begins_a_line_before_text_is_one),
	    cmocka_unit_test(boxes_that_are_too_high_hide_no_letter),
	    cmocka_unit_test(letters_that_hang_do_not_tell_where_the_line_stands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
