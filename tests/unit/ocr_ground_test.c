/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground under print, shaded bands, and the rows they make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/grid.h"
#include "ocr/ground.h"
#include "ocr/reverse.h"
#include "ocr_draw.h"
#include "ocr_paper.h"

#define LEFT 300
#define TOP 400
#define WIDE 1860
#define ROW 80
#define ROWS 30

/* Dense letters: strokes with little between them. */
static void
letters(PIX *pix, int x, int y, int n)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < 4; k++)
			patch(pix, x + 46 * i + 3 * k, y + 11 * k, 38 - 5 * (k % 2), 6, 30);
}

/* A table whose every other row is shaded, with upright rules, and print in each cell. */
static PIX *
banded(int paper_grey, int shade)
{
	PIX *pix = paper(paper_grey);

	for (int i = 0; i < ROWS; i += 2)
		patch(pix, LEFT, TOP + ROW * i, WIDE, ROW, shade);
	for (int i = 0; i <= 3; i++)
		patch(pix, LEFT + i * WIDE / 3 - 2, TOP, 4, ROW * ROWS, 0);
	frame(pix, LEFT - 2, TOP - 2, WIDE + 4, ROW * ROWS + 4, 4);
	for (int i = 0; i < ROWS; i++)
		for (int k = 0; k < 3; k++)
			letters(pix, LEFT + 40 + k * WIDE / 3, TOP + 20 + ROW * i, 8);
	return pix;
}

static int
is_banded(PIX *pix)
{
	PIX *ground = ground_find(pix);
	int r;

	assert_non_null(ground);
	r = ground_is_banded(ground);
	pixDestroy(&ground);
	pixDestroy(&pix);
	return r;
}

/* Rows by shade alone are bands; ruled rows, dark headings, print and a shadow are not. */
static void
bands_are_told(void **state)
{
	PIX *ruled = banded(255, 255), *dark = paper(255), *written = paper(255);
	PIX *shadow = paper(240);

	for (int i = 0; i <= ROWS; i++)
		patch(ruled, LEFT, TOP + ROW * i, WIDE, 4, 0);
	for (int i = 0; i < ROWS; i += 2)
		patch(dark, LEFT, TOP + ROW * i, WIDE, ROW, 90);
	print(written, 20);
	for (int y = 0; y < H; y++)
		patch(shadow, 0, y, W, 1, 240 - 80 * y / H);
	assert_int_equal(is_banded(banded(255, 200)), 1);
	assert_int_equal(is_banded(banded(235, 180)), 1);
	assert_int_equal(is_banded(ruled), 0);
	assert_int_equal(is_banded(dark), 0);
	assert_int_equal(is_banded(written), 0);
	assert_int_equal(is_banded(shadow), 0);
}

/* Each row of a column is a cell, level and aslant. */
static void
bands_are_rows(void **state)
{
	for (int aslant = 0; aslant < 2; aslant++) {
		PIX *pix = banded(255, 205), *turned;

		if (aslant) {
			turned = pixRotateAMGray(pix, .012f, 255);
			pixDestroy(&pix);
			pix = turned;
		}
		pixSetResolution(pix, 300, 300);
		assert_int_equal(count_cells(pix), 3 * ROWS);
	}
}

/* The picture that is read: bands become paper to their very sides, and print stays. */
static void
bands_become_paper(void **state)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	PIX *pix = banded(225, 180);
	_cleanup_(page_free) struct page p = {0};
	const int y = TOP + 2 * ROW;

	pixSetResolution(pix, 300, 300);
	p = load(pix);
	pixDestroy(&pix);
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	assert_true(pixel_at(s.grey, LEFT + 30, y + ROW / 2) > 230);
	assert_true(pixel_at(s.grey, LEFT + 30, y + 8) > 230);
	assert_true(pixel_at(s.grey, LEFT + 30, y - 8) > 230);
	assert_true(pixel_at(s.grey, LEFT + 45, y + 22) < 80);
	assert_int_equal(pixel_at(s.half, (LEFT + 30) / 2, (y + ROW / 2) / 2), 0);
	assert_int_equal(pixel_at(s.half, (LEFT + 45) / 2, (y + 22) / 2), 1);
}

/* Dense print on a shaded field has all shades from ink to the field, and is no light print on a
 * dark one. */
static void
dense_print_is_not_turned(void **state)
{
	PIX *pix = paper(200);
	unsigned chance = 1;

	patch(pix, 394, 494, 908, 76, 80);
	for (int y = 500; y < 564; y += 4)
		for (int x = 400; x < 1296; x += 6) {
			int share;

			chance = chance * 1103515245u + 12345u;
			share = chance >> 16 & 127;
			patch(pix, x, y, 6, 4,
			    share < 32    ? 80
			    : share < 104 ? 104 + share / 4
					  : 140 + share / 3);
		}
	assert_int_equal(reverse_turn(pix), 0);
	assert_int_equal(pixel_at(pix, 397, 497), 80);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bands_are_told),
	    cmocka_unit_test(bands_are_rows),
	    cmocka_unit_test(bands_become_paper),
	    cmocka_unit_test(dense_print_is_not_turned),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
