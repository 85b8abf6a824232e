/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Points drawn here behind the number of an item, which was read without one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/points.h"
#include "ocr_letters.h"

#define FOOT (TOP + SIZE)

enum { POINT_X = 28, WIDE = 16 }; /* of a digit, which is no full letter */

/* Letters as spelled, digits narrow; the ink of a point of this size behind the one at `at`, its
 * foot so far above the digit's. */
static void
expect_ink(
    const char *text, size_t at, int w, int h, int up, const char *want, void (*more)(PIX *, int))
{
	PIX *pix = blank(700, 200);
	_cleanup_(words_free) struct words words = {0};

	spell(&words, text);
	for (size_t i = 0; i < words.nglyphs; i++) {
		struct glyph *g = &words.glyphs[i];

		if (code_is_digit(glyph_code(g)))
			g->box.w = WIDE;
		frame(pix, g->box.x, TOP, g->box.w, SIZE, 3);
		if (i == at)
			bar(pix, g->box.x + POINT_X, FOOT - up - h, w, h);
		if (i == at && more != NULL)
			more(pix, g->box.x + POINT_X);
	}
	assert_int_equal(points_correct(pix, NULL, &words), 0);
	expect_spelled(&words, text, want, POINTS_RULE);
	pixDestroy(&pix);
}

static void
expect(const char *text, size_t at, const char *want)
{
	expect_ink(text, at, 5, 5, 0, want, NULL);
}

static void
stroke_above(PIX *pix, int x)
{
	bar(pix, x, TOP + 4, 4, 12);
}

/* Of the line below. */
static void
stroke_below(PIX *pix, int x)
{
	bar(pix, x - 4, FOOT + 3, 12, 4);
}

static void
points_of_items(void **state)
{
	expect("1必要な事", 0, "1.必要な事");
	expect("2ある事", 0, "2.ある事");
	expect_ink("1必要な事", 0, 5, 5, 0, "1.必要な事", stroke_below);
}

static void
other_ink_is_no_point(void **state)
{
	expect_ink("1必要な事", 0, 5, 5, 16, "1必要な事", NULL); /* in the middle */
	expect_ink("1必要な事", 0, 10, 3, 0, "1必要な事", NULL); /* a stroke */
	expect_ink("1必要な事", 0, 1, 1, 0, "1必要な事", NULL);
	expect_ink("1必要な事", 0, 5, 5, 0, "1必要な事", stroke_above);
	expect_ink("1必要な事", 9, 5, 5, 0, "1必要な事", NULL); /* none at all */
}

static void
other_digits_have_none(void **state)
{
	expect("3年以上", 0, "3年以上");
	expect("第1必要", 1, "第1必要");
	expect("1", 0, "1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(points_of_items),
	    cmocka_unit_test(other_ink_is_no_point),
	    cmocka_unit_test(other_digits_have_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
