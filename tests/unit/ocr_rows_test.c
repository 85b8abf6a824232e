/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of tables that only upright rules part, and frames of dashes. */
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

	for (int k = 0; k < 4; k++)
		for (int i = 0; i < lines[k]; i++)
			word(pix, 220 + 350 * k, 220 + 80 * i, i + 1 == lines[k] ? 3 : 7);
	assert_int_equal(count_cells(pix), 8);
}

/* What belongs to one day of a calendar. */
static void
close_lines_stay_in_their_cells(void **state)
{
	PIX *pix = columns();

	for (int k = 0; k < 4; k++)
		for (int i = 0; i < 4; i++)
			word(pix, 220 + 350 * k, 220 + 50 * i, 2 + (i + k) % 3);
	assert_int_equal(count_cells(pix), 8);
}

/* Each stands beside the one before, but no row lies across all. */
static void
cells_may_go_down_and_up_like_stairs(void **state)
{
	PIX *pix = blank(3500, 900);

	for (int i = 0; i < 25; i++) {
		int x = 150 + 126 * i, y = 200 + 12 * (12 - abs(i - 12));

		frame(pix, x, y, 130, 130, 4);
		word(pix, x + 45, y + 45, 1);
	}
	assert_int_equal(count_cells(pix), 25);
}

static void
dashes(PIX *pix, int x, int y, int w, int h)
{
	for (int i = 0; i + 8 <= w || i + 8 <= h; i += 14)
		bar(pix, w > h ? x + i : x, w > h ? y : y + i, w > h ? 8 : w, w > h ? h : 8);
}

/* A place for a photograph, close above a table: it is a cell, and no dash of it stays. */
static void
a_small_dashed_frame_is_a_cell(void **state)
{
	PIX *pix = blank(2000, 1100), *left; /* smaller, dashes might pass for tiny print */
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	l_int32 ink = 0;
	bool found = false;

	dashes(pix, 1200, 100, 338, 4);
	dashes(pix, 1200, 490, 338, 4);
	dashes(pix, 1200, 100, 4, 394);
	dashes(pix, 1536, 100, 4, 394);
	frame(pix, 200, 502, 1404, 304, 4);
	bar(pix, 200, 650, 1404, 4);
	bar(pix, 800, 502, 4, 304);
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 5);
	for (size_t i = 0; i < g.n; i++)
		found |= abs(g.cells[i].box.x - 1204) < 8 && abs(g.cells[i].box.w - 332) < 12;
	assert_true(found);
	left = pixSubtract(NULL, s.half, g.rules);
	pixCountPixels(left, &ink, NULL);
	pixDestroy(&left);
	assert_in_range(ink, 0, 40);
}

/* A high cell of labels beside one of figures, which end flush: rows. Beside words that begin
 * flush: two cells. */
static void
labels_and_their_figures_are_rows(void **state)
{
	for (int flush = 0; flush < 2; flush++) {
		PIX *pix = blank(1800, 1100);

		frame(pix, 200, 100, 1404, 904, 4);
		bar(pix, 200, 180, 1404, 4);
		bar(pix, 1000, 100, 4, 904);
		word(pix, 220, 122, 3);
		word(pix, 1020, 122, 3);
		for (int i = 0; i < 8; i++) {
			int n = 2 + i * 3 % 5;

			word(pix, 220, 220 + 80 * i, 17 - i % 2);
			word(pix, flush ? 1590 - 42 * n : 1020, 220 + 80 * i, n);
		}
		assert_int_equal(count_cells(pix), flush ? 2 * 9 : 4);
	}
}

/* Two values in each cell of a row, far from each other, are two rows; the two lines of each
 * heading are closer, and are not. */
static void
two_lines_of_all_cells_are_rows_where_far_apart(void **state)
{
	PIX *pix = blank(1800, 700);

	frame(pix, 200, 100, 1404, 404, 4);
	bar(pix, 200, 240, 1404, 4);
	for (int i = 1; i < 4; i++)
		bar(pix, 200 + 350 * i, 100, 4, 404);
	for (int i = 0; i < 4; i++) {
		word(pix, 220 + 350 * i, 122, 3);
		word(pix, 220 + 350 * i, 184, 2);
		word(pix, 220 + 350 * i, 290, 2 + i);
		word(pix, 220 + 350 * i, 400, 3);
	}
	assert_int_equal(count_cells(pix), 4 * 3);
}

/* Four rows between level rules: labels set wide and two values; below them a rule that goes on to
 * the right, and one more such row. */
static void
labels_set_wide_stay_whole(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	for (int i = 0; i < 7; i++)
		bar(pix, 200, 200 + 90 * i, i == 5 ? 1500 : 800, 4);
	for (int i = 0; i < 6; i++) {
		word(pix, 210, 230 + 90 * i, 1);
		word(pix, 270 + 10 * (i % 2), 230 + 90 * i, 2 + i % 2);
		word(pix, 600, 230 + 90 * i, 3);
		word(pix, 850, 230 + 90 * i, 2);
	}
	word(pix, 1300, 230 + 90 * 4, 5);
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 4 * 3);
	assert_in_range(g.cells[0].box.w, 250, 400);
}

/* Rules that all end at the same places, above them uprights that all begin there, and no frame: a
 * line through the ends closes the outer cells. */
static void
sides_that_are_missing_close_cells(void **state)
{
	PIX *pix = blank(1800, 1100);

	for (int i = 0; i < 8; i++)
		bar(pix, 200, 200 + 80 * i, 1400, 4);
	for (int i = 0; i < 3; i++)
		bar(pix, 400 + 400 * i, 120, 4, 720);
	for (int i = 0; i < 9; i++)
		for (int k = 0; k < 4; k++)
			word(pix, 220 + 200 * (k > 0) + 400 * (k > 1) + 400 * (k > 2), 142 + 80 * i,
			    1 + k);
	assert_int_equal(count_cells(pix), 9 * 4);
}

/* The right side is drawn beside the heading only: what is below is rows as well. */
static void
a_side_that_is_missing_in_part_closes_rows(void **state)
{
	PIX *pix = columns();

	patch(pix, 1600, 190, 4, 810, 255);
	bar(pix, 200, 920, 1404, 4);
	for (int i = 0; i < 8; i++)
		for (int k = 0; k < 4; k++)
			word(pix, 220 + 350 * k, 220 + 80 * i, 1 + (i + k) % 4);
	assert_int_equal(count_cells(pix), 4 * 10);
}

/* Sums at the foot: their rules begin below each other, with no upright one. */
static void
lines_that_begin_inside_close_cells(void **state)
{
	PIX *pix = blank(1800, 1100);

	frame(pix, 200, 100, 1404, 804, 4);
	bar(pix, 200, 300, 1404, 4);
	bar(pix, 800, 100, 4, 200);
	for (int i = 0; i < 4; i++)
		bar(pix, 800, 420 + 120 * i, 804, 4);
	bar(pix, 1200, 300, 4, 604);
	for (int i = 0; i < 5; i++) {
		word(pix, 820, 340 + 120 * i, 4);
		word(pix, 1220, 340 + 120 * i, 2);
	}
	assert_int_equal(count_cells(pix), 2 + 1 + 10);
}

/* As high as a line of print, so much wider than its stroke; turn 1 closes, -1 opens. */
static void
wide_bracket(PIX *pix, int x, int y, int turn, int wide)
{
	for (int i = 0; i < 42; i++) {
		int bulge = (441 - (i - 21) * (i - 21)) * wide / 441;

		bar(pix, turn > 0 ? x + bulge : x + wide - bulge, y + i, 3, 1);
	}
}

/* 4月 1日(火), 4月 2日(水) …, row for row of a ruled table: brackets stand alone, but are no
 * dashes. */
static void
expect_no_rule(int wide)
{
	PIX *pix = blank(2000, 1400);

	for (int row = 0; row <= 16; row++)
		bar(pix, 200, 200 + 59 * row, 1200, 3);
	for (int x = 200; x <= 1400; x += 600)
		bar(pix, x, 200, 3, 59 * 16 + 3);
	for (int row = 0; row < 16; row++) {
		wide_bracket(pix, 500, 210 + 59 * row, -1, wide);
		word(pix, 535, 212 + 59 * row, 1);
		wide_bracket(pix, 590, 210 + 59 * row, 1, wide);
	}
	assert_int_equal(count_cells(pix), 32);
}

static void
brackets_below_each_other_are_no_rule(void **state)
{
	expect_no_rule(10);
	expect_no_rule(7); /* its middle as long as a dash */
}

/* A 0, whose bows are thin inside. */
static void
zero(PIX *pix, int x, int y)
{
	for (int end = 0; end < 2; end++) {
		const int top = end == 0 ? y : y + 28, next = end == 0 ? y + 4 : y + 24;

		bar(pix, x + 5, top, 6, 2);
		bar(pix, x + 3, (top + next) / 2, 10, 2);
		bar(pix, x + 1, next, 5, 2);
		bar(pix, x + 10, next, 5, 2);
	}
	bar(pix, x, y + 6, 4, 18);
	bar(pix, x + 12, y + 6, 4, 18);
}

/* 1,000 below 2,000 …: bows of 0 look like a row of dots. */
static void
bows_below_each_other_are_no_rule(void **state)
{
	PIX *pix = blank(2000, 1400);

	for (int row = 0; row <= 25; row++)
		bar(pix, 200, 100 + 48 * row, 1200, 2);
	for (int x = 200; x <= 1400; x += 600)
		bar(pix, x, 100, 3, 48 * 25 + 2);
	for (int row = 0; row < 25; row++)
		for (int i = 0; i < 3; i++)
			zero(pix, 500 + 20 * i, 108 + 48 * row);
	assert_int_equal(count_cells(pix), 50);
}

/* Figures below each other look like dotted uprights: these alone make no table of level rules. */
static void
dotted_uprights_close_no_sides(void **state)
{
	PIX *pix = blank(1800, 1100);

	for (int i = 0; i < 8; i++)
		bar(pix, 200, 200 + 80 * i, 1400, 4);
	for (int i = 0; i < 9; i++) {
		bar(pix, 600, 130 + 80 * i, 4, 70);
		bar(pix, 1000, 130 + 80 * i, 4, 70);
	}
	assert_int_equal(count_cells(pix), 7);
}

/* A rule that reaches out of a table, and a foot that is narrower, lack nothing; neither do lines
 * to write on. */
static void
what_is_no_side_stays_open(void **state)
{
	PIX *pix = blank(1800, 1100);

	frame(pix, 200, 100, 1004, 404, 4);
	frame(pix, 200, 500, 604, 204, 4);
	bar(pix, 600, 100, 4, 604);
	bar(pix, 200, 300, 1404, 4);
	for (int i = 0; i < 3; i++) /* lines to write on */
		bar(pix, 300, 140 + 50 * i, 200, 4);
	assert_int_equal(count_cells(pix), 6);
}

/* A corner between two tables, with a rule that ends early, is in no cell. What stands in it comes
 * with its row; the rows of the others, high labels at both sides, stay rows. */
static void
a_text_in_no_cell_leaves_a_table_its_rows(void **state)
{
	PIX *pix = blank(1800, 1100), *ink;
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	frame(pix, 200, 100, 1404, 804, 4);
	for (int i = 1; i < 8; i++) {
		bar(pix, 300, 100 + 100 * i, 500, 4);
		bar(pix, 900, 100 + 100 * i, 704, 4);
	}
	bar(pix, 200, 700, 1404, 4);
	bar(pix, 300, 100, 4, 804);
	bar(pix, 550, 100, 4, 804);
	bar(pix, 800, 100, 4, 804);
	bar(pix, 900, 100, 4, 804);
	bar(pix, 1250, 100, 4, 804);
	patch(pix, 1254, 704, 346, 196, 255);
	bar(pix, 1350, 704, 4, 100);
	bar(pix, 1350, 800, 254, 4);
	for (int i = 0; i < 8; i++) {
		word(pix, 320, 130 + 100 * i, 3);
		word(pix, 570, 130 + 100 * i, 2 + i % 3);
		word(pix, 920, 130 + 100 * i, 3);
		if (i < 6)
			word(pix, 1270, 130 + 100 * i, 4);
	}
	word(pix, 230, 300, 1);
	word(pix, 830, 300, 1);
	word(pix, 1280, 830, 3);
	g = find_grid(pix, &s);
	ink = pixSubtract(NULL, s.half, g.rules);
	assert_int_equal(blocks_find(&g, ink, 40, &b), 0);
	pixDestroy(&ink);
	assert_int_equal(b.n, g.n + 1);
	assert_int_equal(b.block[g.n].cell, -1);
	for (size_t i = 0; i < g.n; i++)
		assert_int_equal(b.block[i].cell, i);
}

/* A week's plan: rows of three columns, and a high cell with hours that stand on the rules between
 * them; or labels of letters below each other, which are one. */
static void
hours_are_read_with_the_rows_they_stand_at(void **state)
{
	for (int hours = 0; hours < 2; hours++) {
		PIX *pix = blank(1800, 1100), *ink;
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};
		_cleanup_(blocks_free) struct blocks b = {0};
		size_t parts = 0;

		frame(pix, 200, 100, 1404, 804, 4);
		bar(pix, 400, 100, 4, 804);
		bar(pix, 800, 100, 4, 804);
		bar(pix, 1200, 100, 4, 804);
		for (int i = 1; i < 10; i++)
			bar(pix, 400, 100 + 80 * i, 1204, 4);
		for (int i = 0; i < 10; i++)
			word(pix, 420 + 400 * (i % 3), 124 + 80 * i, 4);
		for (int i = 1; i < 10; i += 2)
			word(pix, 230, 85 + 80 * i, hours ? 3 : 1);
		g = find_grid(pix, &s);
		assert_int_equal(g.n, 31);
		ink = pixSubtract(NULL, s.half, g.rules);
		assert_int_equal(blocks_find(&g, ink, 40, &b), 0);
		pixDestroy(&ink);
		assert_int_equal(b.n, hours ? 30 + 5 : 31);
		for (size_t i = 0; i < b.n; i++)
			if (b.block[i].part) {
				const struct block *next = &b.block[i + 1];

				assert_int_equal(b.block[i].cell, 0);
				assert_int_equal(g.cells[next->cell].row, 1 + 2 * parts++);
				assert_int_equal(g.cells[next->cell].column, 1);
			}
		assert_int_equal(parts, hours ? 5 : 0);
	}
}

/* A month to be filled in: only its days are printed, but for one that says more, and two without
 * any print. Where the days stand at heights of their own, they are one cell's list. */
static void
days_name_the_rows_of_an_empty_table(void **state)
{
	for (int even = 0; even < 2; even++) {
		PIX *pix = columns();

		for (int i = 0; i < 12; i++) {
			int y = 200 + 64 * i + (even || i % 3 ? 0 : 16);

			if (i != 5 && i != 6)
				word(pix, 220, y, 4);
			if (i == 3)
				word(pix, 600, y, 3);
			if (i == 3 || i == 9)
				word(pix, 940, y, 2);
		}
		assert_int_equal(count_cells(pix), even ? 4 * (1 + 10) : 8);
	}
}

/* One high row: headings that no rule parts from what is far below them; lines close below each
 * other, and a heading that one column lacks. */
static void
headings_in_open_columns_are_a_row(void **state)
{
	static const size_t cells[] = {4 + 4, 4, 4};

	for (int kind = 0; kind < 3; kind++) {
		PIX *pix = blank(1800, 1100);

		frame(pix, 200, 100, 1404, 904, 4);
		for (int i = 1; i < 4; i++)
			bar(pix, 200 + 350 * i, 100, 4, 904);
		for (int i = 0; i < 4; i++) {
			if (kind < 2 || i != 2)
				word(pix, 260 + 350 * i, 122, 3);
			if (i < 3)
				word(pix, 220 + 350 * i, kind == 1 ? 176 : 240, 6 - i);
		}
		word(pix, 220, kind == 1 ? 230 : 294, 4);
		assert_int_equal(count_cells(pix), cells[kind]);
	}
}

/* Level rules alone, the middle one of which is drawn for each of the columns and ends short of
 * them. Where a figure stands in its way, it does not part that column. */
static void
rules_that_end_short_part_their_columns(void **state)
{
	for (int figure = 0; figure < 2; figure++) {
		PIX *pix = blank(2800, 1000);

		for (int i = 0; i < 5; i++) {
			if (i != 2)
				bar(pix, 200, 200 + 100 * i, 2400, 4);
			if (i == 4)
				continue;
			word(pix, 220, 232 + 100 * i, 3 + i);
			word(pix, 1000, 232 + 100 * i, 7 - i);
			word(pix, 1900 + 42 * i, 232 + 100 * i, 6 - i);
		}
		bar(pix, 200, 400, 510, 4);
		bar(pix, 820, 400, 600, 4);
		bar(pix, 1700, 400, 700, 4);
		if (figure)
			word(pix, 2500, 385, 1);
		assert_int_equal(count_cells(pix), figure ? 11 : 12);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_that_stand_level_are_rows),
	    cmocka_unit_test(columns_of_prose_stay_whole),
	    cmocka_unit_test(a_small_dashed_frame_is_a_cell),
	    cmocka_unit_test(close_lines_stay_in_their_cells),
	    cmocka_unit_test(labels_and_their_figures_are_rows),
	    cmocka_unit_test(two_lines_of_all_cells_are_rows_where_far_apart),
	    cmocka_unit_test(days_name_the_rows_of_an_empty_table),
	    cmocka_unit_test(headings_in_open_columns_are_a_row),
	    cmocka_unit_test(labels_set_wide_stay_whole),
	    cmocka_unit_test(sides_that_are_missing_close_cells),
	    cmocka_unit_test(a_side_that_is_missing_in_part_closes_rows),
	    cmocka_unit_test(lines_that_begin_inside_close_cells),
	    cmocka_unit_test(a_text_in_no_cell_leaves_a_table_its_rows),
	    cmocka_unit_test(hours_are_read_with_the_rows_they_stand_at),
	    cmocka_unit_test(brackets_below_each_other_are_no_rule),
	    cmocka_unit_test(bows_below_each_other_are_no_rule),
	    cmocka_unit_test(dotted_uprights_close_no_sides),
	    cmocka_unit_test(what_is_no_side_stays_open),
	    cmocka_unit_test(rules_that_end_short_part_their_columns),
	    cmocka_unit_test(cells_may_go_down_and_up_like_stairs),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
