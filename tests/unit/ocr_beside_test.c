/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands beside something else: blocks of text, cells that go past rows, tables in tables. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/upright.h"
#include "ocr_order.h"

/* The terms of a bill, each a label and what it says, and the sender's address, half as loose:
 * every second line of it stands level with a term. */
static void
an_address_of_half_the_pitch_is_a_block(void **state)
{
	struct box b[2 * 4 + 7];

	for (int i = 0; i < 4; i++) {
		b[2 * i] = (struct box){180, 600 + 100 * i, 160, LETTER};
		b[2 * i + 1] = (struct box){400, 600 + 100 * i, 300 + 40 * (i % 3), LETTER};
	}
	for (int i = 0; i < 7; i++)
		b[8 + i] = (struct box){1500 + 10 * (i % 2), 600 + 50 * i, 400, LETTER};
	expect_order(b, 15);
}

/* Lines of two blocks at heights of their own, most of which overlap. */
static void
blocks_that_overlap_by_chance_are_blocks(void **state)
{
	static const struct box b[] = {{120, 736, 338, LETTER}, {122, 830, 332, LETTER},
	    {124, 926, 354, LETTER}, {124, 992, 390, LETTER}, {124, 1060, 338, LETTER},
	    {1492, 738, 258, LETTER}, {1488, 806, 858, LETTER}, {1492, 862, 324, LETTER},
	    {1488, 912, 832, LETTER}, {1488, 980, 358, LETTER}, {1488, 1050, 258, LETTER}};

	expect_order(b, 11);
}

/* Labels, and far to the right values of two lines each. */
static void
values_of_two_lines_stay_with_their_labels(void **state)
{
	struct box b[3 * 3];

	for (int i = 0; i < 3; i++) {
		b[3 * i] = (struct box){180, 600 + 110 * i, 160, LETTER};
		b[3 * i + 1] = (struct box){700, 600 + 110 * i, 500, LETTER};
		b[3 * i + 2] = (struct box){700, 650 + 110 * i, 300, LETTER};
	}
	expect_order(b, 9);
}

/* What stands in the other corner, each line of it with an end of its own. */
static void
lines_that_begin_anywhere_are_no_block(void **state)
{
	static const struct box b[] = {{140, 116, 1240, LETTER}, {2300, 110, 150, LETTER},
	    {140, 196, 620, LETTER}, {2000, 210, 450, LETTER}, {140, 276, 1260, LETTER},
	    {2400, 276, 50, LETTER}};

	expect_order(b, 6);
}

/*
 *	+---+---+---+---+
 *	| 0 | 1 |   |   |
 *	+---+---+ 4 | 5 |	a label and its value beside two rows
 *	| 2 | 3 |   |   |
 *	+---+---+---+---+
 */
static void
a_field_beside_rows_comes_behind_them(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {108, 0, 300, 50}, .row = 0, .row_span = 1},
	    {.box = {0, 58, 100, 50}, .row = 1, .row_span = 1},
	    {.box = {108, 58, 300, 50}, .row = 1, .row_span = 1},
	    {.box = {416, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {524, 0, 100, 108}, .row = 0, .row_span = 2},
	};

	expect_cells(cells, 6);
}

/*
 *	+---+---+---+---+---+
 *	|   | 1 | 2 |   |   |
 *	|   +---+---+ 5 | 6 |
 *	|   | 3 | 4 |   |   |
 *	| 0 +---+---+---+---+	the same beside an upright label of more rows than that
 *	|   | 7 | 8         |
 *	+---+---+-----------+
 */
static void
a_label_of_all_rows_does_not_hide_what_is_beside_some(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 50, 166}, .row = 0, .row_span = 3},
	    {.box = {58, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {166, 0, 300, 50}, .row = 0, .row_span = 1},
	    {.box = {58, 58, 100, 50}, .row = 1, .row_span = 1},
	    {.box = {166, 58, 300, 50}, .row = 1, .row_span = 1},
	    {.box = {474, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {582, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {58, 116, 100, 50}, .row = 2, .row_span = 1},
	    {.box = {166, 116, 516, 50}, .row = 2, .row_span = 1},
	};

	expect_cells(cells, 9);
}

/* Remarks on two rows are read with the first of them. */
static void
a_single_cell_beside_rows_comes_with_the_first(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {108, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {216, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {108, 58, 100, 50}, .row = 1, .row_span = 1},
	};

	expect_cells(cells, 4);
}

/* Takes pix. */
static struct grid
find_blocks(PIX *pix, struct blocks *b)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	struct grid g = find_grid(pix, &s);
	PIX *ink = pixSubtract(NULL, s.half, g.rules);

	assert_int_equal(blocks_find(&g, ink, LETTER, b), 0);
	pixDestroy(&ink);
	return g;
}

/* A small table in a cell of a large one, and a line of text above it in that cell. */
static void
a_table_in_a_table_is_read_with_its_row(void **state)
{
	PIX *pix = blank(1800, 1200);
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};
	int inner = 0, last = 0;

	frame(pix, 200, 100, 1404, 1004, 4);
	bar(pix, 500, 100, 4, 1004);
	bar(pix, 1400, 100, 4, 1004);
	for (int i = 0; i < 5; i++) {
		int y = 100 + 100 * (i < 4 ? i : 9);

		bar(pix, 200, y, 1404, 4);
		word(pix, 240, y + 30, 4);
		word(pix, 540, y + 30, 8);
		word(pix, 1440, y + 30, 2);
	}
	frame(pix, 560, 550, 704, 304, 4);
	bar(pix, 560, 650, 704, 4);
	bar(pix, 560, 750, 704, 4);
	bar(pix, 900, 550, 4, 304);
	for (int i = 0; i < 6; i++)
		word(pix, 580 + 340 * (i % 2), 580 + 100 * (i / 2), 4);
	g = find_blocks(pix, &b);
	for (size_t i = 0; i < b.n; i++) {
		const struct block *block = &b.block[i];
		const struct box *box =
		    block->cell < 0 ? &block->own.box : &g.cells[block->cell].box;

		/* the last row comes behind all of the inner table, and its row's last cell */
		inner += box->y > 540 && box->y < 900;
		last += box->y >= 1000;
		assert_true(last == 0 || inner == 6);
		assert_true(box->x < 1390 || box->y < 400 || inner == 6);
	}
	assert_int_equal(inner, 6);
	assert_int_equal(last, 3);
}

/* A title of four letters, set wide: each is near enough to the one before. */
static void
letters_set_wide_stay_one_line(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 4; i++)
		frame(pix, 400 + 240 * i, 100, 40, 40, 8);
	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 70 * i, 20);
	g = find_blocks(pix, &b);
	assert_int_equal(b.n, 7);
	assert_in_range(b.block[0].own.box.w, 754, 764);
}

/* A letter more than twice as large as the page's. */
static void
cross(PIX *pix, int x, int y)
{
	bar(pix, x, y + 35, 90, 20);
	bar(pix, x + 35, y, 20, 90);
}

/* A large title set wide, lines below its first letter, and others beside its last. */
static void
a_large_title_is_not_cut(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 3; i++)
		cross(pix, 640 + 230 * i, 100);
	for (int i = 0; i < 4; i++)
		word(pix, 300, 220 + 50 * i, 9);
	for (int i = 0; i < 2; i++)
		word(pix, 1400, 130 + 60 * i, 4);
	g = find_blocks(pix, &b);
	assert_int_equal(b.n, 7);
	assert_in_range(b.block[0].own.box.w, 546, 556);
}

/* As 書 is, in two parts that touch nothing of each other. */
static void
in_parts(PIX *pix, int x, int y)
{
	cross(pix, x, y);
	bar(pix, x, y + 12, 90, 34);
	patch(pix, x, y + 46, 90, 4, 255);
	bar(pix, x + 8, y + 50, 74, 12);
}

/* Its last letter is in parts, none of which is as high as a title's letters. */
static void
a_letter_in_parts_is_one_of_its_title(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 2; i++)
		cross(pix, 400 + 300 * i, 100);
	in_parts(pix, 1000, 100);
	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 70 * i, 20);
	g = find_blocks(pix, &b);
	assert_int_equal(b.n, 7);
	assert_in_range(b.block[0].own.box.w, 686, 694);
	assert_in_range(b.block[0].own.box.h, 86, 94);
}

/* Boxes to write in are as large, and stay what they are. */
static void
empty_boxes_are_no_title(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 3; i++)
		frame(pix, 1000 + 180 * i, 100, 90, 90, 4);
	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 70 * i, 20);
	g = find_blocks(pix, &b);
	assert_int_equal(b.n, 6);
}

/* A label of three columns, letters of which stand between those beside. Three lines whose letters
 * stand below each other, in a bracket; one line; lines over all of the columns. */
static void
columns_of_upright_writing_are_known(void **state)
{
	struct box label[3 * 7 + 1], lines[3 * 3 + 1];

	for (int i = 0; i < 21; i++)
		label[i] =
		    (struct box){100 + 25 * (i / 7), 100 + 9 * (i / 7) + 24 * (i % 7), 22, 22};
	label[21] = (struct box){100, 290, 60, 22};
	for (int i = 0; i < 9; i++)
		lines[i] = (struct box){100 + 25 * (i / 3), 100 + 40 * (i % 3), 22, 22};
	lines[9] = (struct box){180, 95, 8, 125};
	assert_true(upright_columns(label, 21, 22));
	assert_false(upright_columns(label, 7, 22));
	assert_false(upright_columns(label, 22, 22));
	assert_false(upright_columns(lines, 10, 22));
	assert_false(upright_columns(lines, 1, 22));
	assert_false(upright_columns(lines, 0, 22));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_address_of_half_the_pitch_is_a_block),
	    cmocka_unit_test(blocks_that_overlap_by_chance_are_blocks),
	    cmocka_unit_test(values_of_two_lines_stay_with_their_labels),
	    cmocka_unit_test(lines_that_begin_anywhere_are_no_block),
	    cmocka_unit_test(a_field_beside_rows_comes_behind_them),
	    cmocka_unit_test(a_label_of_all_rows_does_not_hide_what_is_beside_some),
	    cmocka_unit_test(a_single_cell_beside_rows_comes_with_the_first),
	    cmocka_unit_test(a_table_in_a_table_is_read_with_its_row),
	    cmocka_unit_test(letters_set_wide_stay_one_line),
	    cmocka_unit_test(a_large_title_is_not_cut),
	    cmocka_unit_test(a_letter_in_parts_is_one_of_its_title),
	    cmocka_unit_test(empty_boxes_are_no_title),
	    cmocka_unit_test(columns_of_upright_writing_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
