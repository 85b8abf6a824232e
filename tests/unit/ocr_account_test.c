/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and figures in which only sums have rules: rows, and halves of balance sheets. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/grid.h"
#include "ocr_draw.h"

#define ROWS 10
#define STEP 110

/* A word of n letters, each 34 pixels wide and high. */
static void
word(PIX *pix, int x, int y, int n)
{
	for (int i = 0; i < n; i++)
		frame(pix, x + 42 * i, y, 34, 34, 5);
}

/* One that ends at x. */
static void
figure(PIX *pix, int x, int y, int n)
{
	word(pix, x - 42 * n + 8, y, n);
}

/* Cells of a drawing, and what is read in which order. Takes pix. */
struct reading {
	struct sheet sheet;
	struct grid grid;
	struct blocks blocks;
};

static void
read_order(PIX *pix, struct reading *ret)
{
	PIX *ink;

	*ret = (struct reading){0};
	ret->grid = find_grid(pix, &ret->sheet);
	ink = pixSubtract(NULL, ret->sheet.half, ret->grid.rules);
	assert_int_equal(blocks_find(&ret->grid, ink, 40, &ret->blocks), 0);
	pixDestroy(&ink);
	assert_int_equal(ret->blocks.n, ret->grid.n);
}

static void
reading_free(struct reading *r)
{
	blocks_free(&r->blocks);
	grid_free(&r->grid);
	sheet_free(&r->sheet);
}

/* Below a heading, labels and three columns. */
static PIX *
statement(void)
{
	PIX *pix = blank(2400, 1500);

	frame(pix, 200, 100, 2004, 1204, 4);
	bar(pix, 200, 180, 2004, 4);
	for (int i = 0; i < 3; i++)
		bar(pix, 1000 + 400 * i, 100, 4, 1204);
	for (int i = 0; i < ROWS; i++)
		word(pix, 220 + 42 * (i % 3), 200 + STEP * i, 6 + i * 3 % 5);
	return pix;
}

/* Items, their sums beside the last of them, and the sum of these: rules stand above sums. What
 * begins flush is no figure, and what rules part is a cell. */
static void
rules_of_sums_part_no_rows(void **state)
{
	for (int flush = 0; flush < 2; flush++) {
		PIX *pix = statement();
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};

		for (int i = 0; i < ROWS - 1; i++) {
			int n = 2 + i * 3 % 5, y = 196 + STEP * i;

			if (i != 4)
				(flush ? figure : word)(pix, flush ? 1380 : 1020, y, n);
			if (i % 4 == 3)
				figure(pix, 1780, y, 4 + i % 3);
		}
		figure(pix, 2180, 196 + STEP * (ROWS - 1), 6);
		bar(pix, 1000, 240 + STEP * 3, 400, 4);
		bar(pix, 1000, 240 + STEP * 7, 400, 4);
		bar(pix, 1400, 240 + STEP * 8, 400, 4);
		g = find_grid(pix, &s);
		assert_int_equal(g.n, flush ? 4 * (1 + ROWS) : 4 + 1 + 3 + 2 + 1);
		for (size_t i = 0; flush && i < g.n; i++) {
			assert_int_equal(g.cells[i].row, i / 4);
			assert_int_equal(g.cells[i].column, i % 4);
		}
	}
}

/* Beside the labels, what they all are, written downwards. */
static void
a_label_set_downwards_tells_no_rows(void **state)
{
	PIX *pix = statement();

	frame(pix, 100, 180, 104, 1124, 4);
	for (int i = 0; i < 4; i++)
		word(pix, 130, 500 + 120 * i, 1);
	for (int i = 1; i < ROWS; i++)
		figure(pix, 1380, 200 + STEP * i, 2 + i * 3 % 5);
	bar(pix, 1000, 240 + STEP * 6, 400, 4);
	assert_int_equal(count_cells(pix), 4 * (1 + ROWS) + 1);
}

/* Goods, how many, of what, and their price: units are no labels of another half. */
static void
words_between_figures_stay_in_their_row(void **state)
{
	PIX *pix = blank(2400, 1500);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	frame(pix, 200, 100, 1804, 1204, 4);
	bar(pix, 200, 180, 1804, 4);
	bar(pix, 1000, 100, 4, 1204);
	bar(pix, 1400, 100, 4, 1204);
	bar(pix, 1600, 100, 4, 1204);
	for (int i = 0; i < ROWS; i++) {
		word(pix, 220, 200 + STEP * i, 6 + i * 3 % 5);
		figure(pix, 1380, 200 + STEP * i, 2 + i * 3 % 5);
		word(pix, 1420, 200 + STEP * i, 1 + i % 2);
		figure(pix, 1980, 200 + STEP * i, 3 + i * 3 % 5);
	}
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 4 * (1 + ROWS));
	for (size_t i = 0; i < g.n; i++) {
		assert_int_equal(g.cells[i].row, i / 4);
		assert_int_equal(g.cells[i].open, 0);
	}
}

/* Labels and figures, rows of them, from y on; each row as far below as `step`. */
static void
half_sheet(PIX *pix, int x, int y, int rows, int step)
{
	for (int i = 0; i < rows; i++) {
		word(pix, x + 20 + 42 * (i % 2), y + step * i, 4 + i % 3);
		figure(pix, x + 980, y + step * i, 2 + i * 3 % 5);
	}
}

static void
sheet_of_halves(PIX *pix, int foot)
{
	frame(pix, 200, 100, 2004, foot - 96, 4);
	bar(pix, 200, 180, 2004, 4);
	for (int i = 1; i < 4; i++)
		bar(pix, 200 + 500 * i + 100 * (i % 2), 100, 4, foot - 100);
	for (int i = 0; i < 4; i++)
		word(pix, 220 + 500 * i + 100 * (i % 2), 122, 3);
}

/* Cells are drawn in the left half up to this x. */
#define MIDDLE 1200

/* All of the left half is read before the right one, but for the headings. */
static void
expect_halves(PIX *pix, size_t left, size_t right)
{
	struct reading r;
	size_t n = 4;

	read_order(pix, &r);
	assert_int_equal(r.grid.n, 4 + left + right);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(r.grid.cells[r.blocks.block[i].cell].row, 0);
	for (size_t i = n; i < r.blocks.n; i++) {
		const struct box *b = &r.grid.cells[r.blocks.block[i].cell].box;

		assert_int_equal(b->x < MIDDLE - 20, i < n + left);
	}
	for (size_t i = n + 1; i < r.blocks.n; i++) {
		const struct box *a = &r.grid.cells[r.blocks.block[i - 1].cell].box;
		const struct box *b = &r.grid.cells[r.blocks.block[i].cell].box;

		if (i != n + left)
			assert_true(a->y < b->y || (a->y == b->y && a->x < b->x));
	}
	reading_free(&r);
}

/* A balance sheet: rules part the right half only, and a sum below each. */
static void
halves_ruled_differently_are_read_one_after_the_other(void **state)
{
	PIX *pix = blank(2400, 1300);

	sheet_of_halves(pix, 1100);
	half_sheet(pix, 200, 220, 9, 84);
	half_sheet(pix, 1200, 220, 6, 60);
	bar(pix, 1200, 590, 1004, 4);
	half_sheet(pix, 1200, 630, 6, 60);
	bar(pix, 200, 1000, 2004, 4);
	half_sheet(pix, 200, 1030, 1, 0);
	half_sheet(pix, 1200, 1030, 1, 0);
	expect_halves(pix, 2 * 10, 2 * 13);
}

/* The same without any rule below the heading. */
static void
halves_as_wide_are_read_one_after_the_other(void **state)
{
	PIX *pix = blank(2400, 1300);

	sheet_of_halves(pix, 1000);
	half_sheet(pix, 200, 220, 9, 84);
	half_sheet(pix, 1200, 220, 8, 70);
	expect_halves(pix, 2 * 9, 2 * 8);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rules_of_sums_part_no_rows),
	    cmocka_unit_test(halves_ruled_differently_are_read_one_after_the_other),
	    cmocka_unit_test(a_label_set_downwards_tells_no_rows),
	    cmocka_unit_test(words_between_figures_stay_in_their_row),
	    cmocka_unit_test(halves_as_wide_are_read_one_after_the_other),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
