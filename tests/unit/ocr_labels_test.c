/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels outside cells: letters set wide to one width, letters of thin strokes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr_draw.h"

#define LETTER 34

static void
word(PIX *pix, int x, int y, int n)
{
	for (int i = 0; i < n; i++)
		frame(pix, x + 42 * i, y, LETTER, LETTER, 5);
}

static void
colon(PIX *pix, int x, int y)
{
	bar(pix, x, y + 8, 6, 6);
	bar(pix, x, y + 24, 6, 6);
}

/* Takes pix. */
static void
find_blocks(PIX *pix, struct blocks *b)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);
	PIX *ink = pixSubtract(NULL, s.half, g.rules);

	assert_int_equal(g.n, 0);
	assert_int_equal(blocks_find(&g, ink, 0, b), 0);
	pixDestroy(&ink);
}

/* Labels of two letters as wide as one of four, close below each other: each row is one label with
 * its value behind it; the first letters are no vertical writing. */
static void
letters_set_wide_are_one_label(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 6; i++) {
		word(pix, 200, 200 + 50 * i, 1);
		if (i == 2)
			for (int k = 1; k < 3; k++)
				word(pix, 200 + 67 * k, 200 + 50 * i, 1);
		word(pix, 400, 200 + 50 * i, 1);
		word(pix, 700, 200 + 50 * i, 4);
	}
	find_blocks(pix, &b);
	assert_int_equal(b.n, 2 * 6);
	for (size_t i = 0; i < b.n; i += 2) {
		assert_in_range(b.block[i].own.box.x, 196, 204);
		assert_in_range(b.block[i].own.box.w, 228, 242);
		assert_in_range(b.block[i + 1].own.box.x, 696, 704);
	}
}

/* 三上 in thin strokes between words is no rest of a frame. */
static void
letters_of_thin_strokes_are_text(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	word(pix, 200, 200, 10);
	for (int i = 0; i < 3; i++)
		bar(pix, 900, 202 + 13 * i, 30, 3);
	bar(pix, 938, 230, 32, 3);
	bar(pix, 950, 200, 3, 32);
	bar(pix, 952, 213, 14, 3);
	word(pix, 1300, 200, 6);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 3);
}

/* 手 of thin strokes, half as high again as the page's letters, before others of a title. */
static void
large_letter_of_thin_strokes_is_text(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 10; i++)
		word(pix, 200, 400 + 60 * i, 12);
	for (int i = 0; i < 3; i++)
		bar(pix, 504, 202 + 12 * i, 46, 4);
	bar(pix, 525, 202, 4, 48);
	for (int i = 1; i < 5; i++)
		frame(pix, 500 + 130 * i, 202, 48, 48, 6);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 11);
	assert_in_range(b.block[0].own.box.x, 496, 508);
}

/* A label, and behind it in brackets a date to fill in, with room for the year. What looks like a
 * bracket and has no text before it is none so far from what follows. */
static void
people_write_behind_an_opening_bracket(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	word(pix, 200, 200, 6);
	bracket(pix, 500, 200, -1);
	for (int i = 0; i < 3; i++)
		word(pix, 650 + 100 * i, 200, 1);
	bracket(pix, 920, 200, 1);
	bracket(pix, 500, 300, -1);
	word(pix, 700, 300, 8);
	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 60 * i, 20);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 8);
	assert_in_range(b.block[0].own.box.x, 196, 202);
	assert_in_range(b.block[0].own.box.x + b.block[0].own.box.w, 926, 934);
	assert_in_range(b.block[1].own.box.x, 696, 702);
}

/* Labels, colons below each other, values, between level rules: a colon is no cell. */
static void
colons_stay_with_their_labels(void **state)
{
	PIX *pix = blank(1800, 1000);

	for (int i = 0; i < 5; i++)
		bar(pix, 200, 200 + 90 * i, 1200, 4);
	for (int i = 0; i < 4; i++) {
		word(pix, 210, 230 + 90 * i, 4);
		colon(pix, 460, 230 + 90 * i);
		word(pix, 600 + 42 * (i % 2), 230 + 90 * i, 3);
		word(pix, 1000, 230 + 90 * i, 4 + i % 3);
	}
	assert_int_equal(count_cells(pix), 4 * 3);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_set_wide_are_one_label),
	    cmocka_unit_test(letters_of_thin_strokes_are_text),
	    cmocka_unit_test(large_letter_of_thin_strokes_is_text),
	    cmocka_unit_test(people_write_behind_an_opening_bracket),
	    cmocka_unit_test(colons_stay_with_their_labels),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
