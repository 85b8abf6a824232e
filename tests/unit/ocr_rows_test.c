/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of tables that only upright rules part. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/grid.h"
#include "ocr_draw.h"

#define ROWS 7

/* A word of n letters, each 34 pixels wide and high. */
static void
word(PIX *pix, int x, int y, int n)
{
	for (int i = 0; i < n; i++)
		frame(pix, x + 42 * i, y, 34, 34, 5);
}

/* A heading, and below it one high cell for each of four columns. */
static PIX *
columns(void)
{
	PIX *pix = blank(1800, 1100);

	frame(pix, 200, 100, 1404, 904, 4);
	bar(pix, 200, 180, 1404, 4);
	for (int i = 1; i < 4; i++)
		bar(pix, 200 + 350 * i, 100, 4, 904);
	for (int i = 0; i < 4; i++)
		word(pix, 220 + 350 * i, 122, 3);
	return pix;
}

/* Some values are missing, as in the column for remarks. */
static void
lines_that_stand_level_are_rows(void **state)
{
	PIX *pix = columns();
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	for (int i = 0; i < ROWS; i++) {
		word(pix, 220, 220 + 80 * i, 3 + i % 3);
		word(pix, 600 + 42 * (i % 4), 220 + 80 * i, 5 - i % 4);
		word(pix, 940 + 42 * (i % 3), 220 + 80 * i, 5 - i % 3);
		if (i % 3 == 0)
			word(pix, 1260, 220 + 80 * i, 2);
	}
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 4 * (1 + ROWS));
	for (size_t i = 0; i < g.n; i++) {
		assert_int_equal(g.cells[i].row, i / 4);
		assert_int_equal(g.cells[i].column, i % 4);
	}
}

/* Each column tells something of its own, though its lines stand level with the others'. */
static void
columns_of_prose_stay_whole(void **state)
{
	static const int lines[] = {7, 3, 5, 2};
	PIX *pix = columns();
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	for (int k = 0; k < 4; k++)
		for (int i = 0; i < lines[k]; i++)
			word(pix, 220 + 350 * k, 220 + 80 * i, i + 1 == lines[k] ? 3 : 7);
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 8);
}

/* What belongs to one day of a calendar. */
static void
close_lines_stay_in_their_cells(void **state)
{
	PIX *pix = columns();
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	for (int k = 0; k < 4; k++)
		for (int i = 0; i < 4; i++)
			word(pix, 220 + 350 * k, 220 + 50 * i, 2 + (i + k) % 3);
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_that_stand_level_are_rows),
	    cmocka_unit_test(columns_of_prose_stay_whole),
	    cmocka_unit_test(close_lines_stay_in_their_cells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
