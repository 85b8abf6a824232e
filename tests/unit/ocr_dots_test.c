/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dots drawn here where another small sign was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/dots.h"
#include "ocr_letters.h"

#define MIDDLE_Y (TOP + SIZE / 2)

static void
dot(PIX *pix, int x, int y)
{
	bar(pix, x + 15, MIDDLE_Y - 3, 6, 6);
}

static void
low_dot(PIX *pix, int x, int y)
{
	bar(pix, x + 4, TOP + SIZE - 6, 6, 6);
}

static void
stroke(PIX *pix, int x, int y)
{
	bar(pix, x + 8, MIDDLE_Y - 2, 18, 4);
}

static void
colon(PIX *pix, int x, int y)
{
	dot(pix, x, y);
	bar(pix, x + 15, TOP + 4, 6, 6);
}

static void
speck(PIX *pix, int x, int y)
{
	bar(pix, x + 15, MIDDLE_Y, 1, 1);
}

static void
large(PIX *pix, int x, int y)
{
	bar(pix, x + 11, MIDDLE_Y - 7, 14, 14);
}

/* Of the line below, within the letters' boxes. */
static void
dot_above_ink(PIX *pix, int x, int y)
{
	dot(pix, x, y);
	bar(pix, x - 30, TOP + SIZE + 3, 4, 4);
}

static void
expect(letter *draw, const char *text, size_t at, const char *want)
{
	expect_corrected(dots_correct, DOTS_RULE, 99, draw, at, text, want);
}

static void
dots_between_words(void **state)
{
	expect(dot, "商品.サー", 2, "商品・サー");
	expect(dot, "音楽-声", 2, "音楽・声");
	expect(dot, "小'中学", 1, "小・中学");
	expect(dot, "み,動画", 1, "み,動画"); /* as some write 、 */
	expect(dot_above_ink, "商品.サー", 2, "商品・サー");
	expect(dot, "人々.バー", 2, "人々・バー");
}

static void
other_ink_is_no_dot(void **state)
{
	expect(low_dot, "商品.サー", 2, "商品.サー");
	expect(stroke, "音楽-声", 2, "音楽-声");
	expect(colon, "商品.サー", 2, "商品.サー");
	expect(speck, "商品.サー", 2, "商品.サー");
	expect(large, "商品.サー", 2, "商品.サー");
}

static void
other_signs_are_none(void **state)
{
	expect(dot, "1.目的", 1, "1.目的");
	expect(dot, "目.2", 1, "目.2");
	expect(dot, "商品一サ", 2, "商品一サ");
	expect(dot, "商品.", 2, "商品.");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dots_between_words),
	    cmocka_unit_test(other_ink_is_no_dot),
	    cmocka_unit_test(other_signs_are_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
