/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading order of boxes, and the cells of tables without upright rules. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr_order.h"

/* Lines of both columns stand level with each other, and are prose all the same. */
static void
columns_of_prose_are_read_one_after_the_other(void **state)
{
	struct box b[1 + 2 * 6 + 1] = {{600, 100, 800, 80}};

	for (int i = 0; i < 6; i++) {
		b[1 + i] = (struct box){100, 220 + 60 * i, i == 5 ? 300 : 900, LETTER};
		b[7 + i] = (struct box){1100, 220 + 60 * i, 900, LETTER};
	}
	b[13] = (struct box){100, 640, 1900, LETTER};
	expect_order(b, 14);
}

/* Labels to the left, values far to the right: row by row. */
static void
level_rows_are_read_row_by_row(void **state)
{
	struct box b[2 * 5];

	for (int i = 0; i < 5; i++) {
		b[2 * i] = (struct box){100, 100 + 70 * i, 160, LETTER};
		b[2 * i + 1] = (struct box){1200, 104 + 70 * i, 200 + 20 * i, LETTER - 8};
	}
	expect_order(b, 10);
}

/* Two labels with long values to a row, as wide as prose; the first letters of wide labels, the
 * topmost of which is low. */
static void
rows_of_labels_are_neither_prose_nor_columns(void **state)
{
	struct box b[4 * 4], c[4 * 2];

	for (int i = 0; i < 4; i++) {
		b[4 * i] = (struct box){140, 300 + 70 * i, 200, LETTER};
		b[4 * i + 1] = (struct box){640, 300 + 70 * i, 450, LETTER};
		b[4 * i + 2] = (struct box){1350, 300 + 70 * i, 200, LETTER};
		b[4 * i + 3] = (struct box){2300, 300 + 70 * i, 620, LETTER};
		c[2 * i] = (struct box){200, 300 + 60 * i, 34, i == 0 ? 20 : LETTER};
		c[2 * i + 1] = (struct box){400, 300 + 60 * i, 150, LETTER};
	}
	expect_order(b, 16);
	expect_order(c, 8);
}

/* Labels with their values, and beside them the lines of an address, a little closer: most of them
 * happen to stand level with a value, and drift away from row to row. */
static void
an_address_beside_values_is_no_column_of_theirs(void **state)
{
	struct box b[2 * 5 + 5];

	for (int i = 0; i < 5; i++) {
		b[2 * i] = (struct box){180, 642 + 66 * i, 154, LETTER};
		b[2 * i + 1] = (struct box){462, 642 + 66 * i, 350 + 40 * (i % 3), LETTER};
		b[10 + i] = (struct box){1630, 658 + 61 * i, 550, LETTER};
	}
	expect_order(b, 15);
}

/* Three lines of one address beside five of another, at heights of their own. */
static void
blocks_side_by_side_are_read_one_after_the_other(void **state)
{
	struct box b[3 + 5];

	for (int i = 0; i < 3; i++)
		b[i] = (struct box){100, 100 + 90 * i, 300, LETTER};
	for (int i = 0; i < 5; i++)
		b[3 + i] = (struct box){1200, 122 + 45 * i, 280, LETTER};
	expect_order(b, 8);
}

/* Two texts set loosely, whose lines stand between each other's: the white from a line to the next
 * of its own text is wider than a letter. */
static void
loose_columns_are_read_one_after_the_other(void **state)
{
	static const struct box b[] = {{100, 100, 300, LETTER}, {100, 205, 250, LETTER},
	    {100, 310, 280, LETTER}, {1200, 110, 300, LETTER}, {1200, 160, 300, LETTER},
	    {1200, 258, 260, LETTER}, {1200, 360, 300, LETTER}};

	expect_order(b, 7);
}

/* The title is larger than the date beside it and begins higher. */
static void
a_date_comes_behind_the_title_it_stands_beside(void **state)
{
	static const struct box b[] = {{100, 100, 700, 80}, {1500, 140, 300, LETTER},
	    {100, 240, 500, LETTER}, {1300, 240, 500, LETTER}};

	expect_order(b, 4);
}

/*
 *	+---+---+ +---+---+
 *	| 0 | 1 | | 5 | 6 |
 *	+---+---+ +---+---+	two tables that one frame holds together; rows of the left
 *	|   | 3 | | 7 | 8 |	and the right are not the same
 *	| 2 +---+ |   |   |
 *	|   | 4 | |   |   |
 *	+---+---+ +---+---+
 */
static void
tables_in_one_frame_are_read_one_after_the_other(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {108, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {0, 58, 100, 108}, .row = 1, .row_span = 2},
	    {.box = {108, 58, 100, 50}, .row = 1, .row_span = 1},
	    {.box = {108, 116, 100, 50}, .row = 2, .row_span = 1},
	    {.box = {258, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {366, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {258, 58, 100, 108}, .row = 1, .row_span = 2},
	    {.box = {366, 58, 100, 108}, .row = 1, .row_span = 2},
	};

	expect_cells(cells, 9);
}

/* Rows of two open tables beside each other, though some begin at one height; a heading above both,
 * and a ruled sum below the right one. */
static void
open_tables_are_read_one_after_the_other(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 416, 50}, .row = 0, .row_span = 1},
	    {.box = {0, 58, 100, 50}, .row = 1, .row_span = 1, .open = 1},
	    {.box = {108, 58, 100, 50}, .row = 1, .row_span = 1, .open = 1},
	    {.box = {0, 108, 100, 50}, .row = 2, .row_span = 1, .open = 1},
	    {.box = {108, 108, 100, 50}, .row = 2, .row_span = 1, .open = 1},
	    {.box = {0, 158, 100, 108}, .row = 3, .row_span = 2, .open = 1},
	    {.box = {108, 158, 100, 108}, .row = 3, .row_span = 2, .open = 1},
	    {.box = {216, 58, 100, 50}, .row = 1, .row_span = 1, .open = 2},
	    {.box = {324, 58, 100, 50}, .row = 1, .row_span = 1, .open = 2},
	    {.box = {216, 108, 100, 108}, .row = 2, .row_span = 2, .open = 2},
	    {.box = {324, 108, 100, 108}, .row = 2, .row_span = 2, .open = 2},
	    {.box = {216, 216, 100, 50}, .row = 4, .row_span = 1},
	    {.box = {324, 216, 100, 50}, .row = 4, .row_span = 1},
	};

	expect_cells(cells, 13);
}

/* A cell that spans rows in the middle of a table does not tear its rows apart. */
static void
rows_go_past_a_cell_that_spans_them(void **state)
{
	static const struct cell cells[] = {
	    {.box = {0, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {108, 0, 100, 108}, .row = 0, .row_span = 2},
	    {.box = {216, 0, 100, 50}, .row = 0, .row_span = 1},
	    {.box = {0, 58, 100, 50}, .row = 1, .row_span = 1},
	    {.box = {216, 58, 100, 50}, .row = 1, .row_span = 1},
	};

	expect_cells(cells, 5);
}

/* Four rows between level rules, three columns. */
static void
an_open_table_has_cells(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};

	for (int i = 0; i < 5; i++)
		bar(pix, 200, 200 + 100 * i, 1400, 4);
	for (int i = 0; i < 4; i++) {
		word(pix, 220, 232 + 100 * i, 3 + i);
		word(pix, 700, 232 + 100 * i, 7 - i);
		word(pix, 1300 + 42 * i, 232 + 100 * i, 6 - i);
	}
	g = find_grid(pix, &s);
	assert_int_equal(g.n, 12);
	assert_int_equal(g.cells[4].row, 1);
	assert_int_equal(g.cells[4].column, 1);
}

/* Lines of prose on ruled paper, without a gap and with one that only some rows have. */
static void
prose_on_ruled_paper_is_no_table(void **state)
{
	PIX *pix = blank(1800, 1000);

	for (int i = 0; i < 6; i++)
		bar(pix, 200, 200 + 100 * i, 1400, 4);
	for (int i = 0; i < 5; i++) {
		word(pix, 220, 232 + 100 * i, 5 + 4 * i);
		word(pix, 220 + 42 * (7 + 4 * i), 232 + 100 * i, 24 - 4 * i);
	}
	assert_int_equal(count_cells(pix), 0);
}

/* A frame with round corners: nothing of it is left as ink. */
static void
round_corners_go_with_the_lines(void **state)
{
	PIX *pix = blank(1600, 1000), *left;
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	l_int32 ink = 0;

	bar(pix, 240, 200, 1000, 4);
	bar(pix, 240, 596, 1000, 4);
	bar(pix, 200, 240, 4, 320);
	bar(pix, 1276, 240, 4, 320);
	for (int i = 0; i <= 90; i++) {
		int dx = 40 - (int)(40 * cos(i * M_PI / 180));
		int dy = 40 - (int)(40 * sin(i * M_PI / 180));

		bar(pix, 200 + dx, 200 + dy, 4, 4);
		bar(pix, 1276 - dx, 200 + dy, 4, 4);
		bar(pix, 200 + dx, 596 - dy, 4, 4);
		bar(pix, 1276 - dx, 596 - dy, 4, 4);
	}
	g = find_grid(pix, &s);
	left = pixSubtract(NULL, s.half, g.rules);
	pixCountPixels(left, &ink, NULL);
	pixDestroy(&left);
	assert_in_range(ink, 0, 8);
}

/* Text to the left and right of a table that stands in the middle of the page comes with it. */
static void
text_outside_cells_becomes_blocks_in_order(void **state)
{
	PIX *pix = blank(1800, 1200), *ink;
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(blocks_free) struct blocks b = {0};

	word(pix, 200, 100, 6);
	word(pix, 1400, 100, 4);
	frame(pix, 200, 200, 904, 244, 4);
	bar(pix, 200, 320, 904, 4);
	bar(pix, 600, 200, 4, 244);
	word(pix, 200, 520, 12);
	g = find_grid(pix, &s);
	ink = pixSubtract(NULL, s.half, g.rules);
	assert_int_equal(blocks_find(&g, ink, LETTER, &b), 0);
	pixDestroy(&ink);
	assert_int_equal(b.n, 7);
	for (size_t i = 0; i < b.n; i++)
		assert_int_equal(b.block[i].cell, i < 2 || i > 5 ? -1 : (int)i - 2);
	assert_in_range(b.block[0].own.box.x, 196, 204);
	assert_in_range(b.block[1].own.box.x, 1396, 1404);
	assert_in_range(b.block[6].own.box.w, 484, 500);
}

/* A letter of strokes, as high as wide. */
static void
letter(PIX *pix, int x, int y, int size)
{
	int thick = size / 9 + 1;

	bar(pix, x, y + size / 4, size, thick);
	bar(pix, x, y + size - thick, size, thick);
	bar(pix, x + size / 2, y, thick, size);
}

/* Takes pix. The blocks of text outside cells on a page without any. */
static void
find_blocks(PIX *pix, struct blocks *b)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);

	assert_int_equal(g.n, 0);
	assert_int_equal(blocks_find(&g, s.half, 0, b), 0);
}

/* A pair of brackets left blank, wider than what is read together otherwise; a choice with a dot in
 * the middle; a dash; an arrow's shaft. The upright rest of a rule is no bracket, dirt at the foot
 * of a line no dot. */
static void
signs_in_a_row_of_text_belong_to_it(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 6; i++)
		word(pix, 200, 500 + 60 * i, 20);
	word(pix, 200, 100, 5);
	bracket(pix, 450, 100, -1);
	bracket(pix, 800, 100, 1);
	word(pix, 200, 200, 2);
	bar(pix, 330, 214, 8, 8);
	word(pix, 390, 200, 3);
	bar(pix, 570, 216, 60, 3);
	word(pix, 690, 200, 2);
	bar(pix, 300, 298, 3, 40);
	word(pix, 200, 300, 1);
	bar(pix, 290, 400, 6, 6);
	word(pix, 200, 370, 1);
	word(pix, 340, 370, 3);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 11);
	assert_in_range(b.block[0].own.box.x + b.block[0].own.box.w, 806, 814);
	assert_in_range(b.block[1].own.box.w, 554, 568);
	assert_in_range(b.block[2].own.box.w, 28, 34);
}

/* Far before its text: a number with its full stop goes with it, a number without one and the end
 * of a sentence do not. */
static void
numbers_of_items_belong_to_their_texts(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	(void)state;
	for (int i = 0; i < 6; i++)
		word(pix, 200, 500 + 60 * i, 20);
	bar(pix, 200, 100, 20, 36);
	bar(pix, 262, 129, 7, 7);
	word(pix, 410, 100, 10);
	bar(pix, 200, 200, 20, 36);
	word(pix, 410, 200, 10);
	word(pix, 200, 300, 5);
	bar(pix, 440, 329, 7, 7);
	word(pix, 600, 300, 10);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 11);
	assert_in_range(b.block[0].own.box.w, 610, 630);
	assert_in_range(b.block[1].own.box.w, 16, 24);
}

/* Two dots below each other, each before a text; dirt before a third, and behind a fourth. */
static void
dots_of_a_list_belong_to_their_entries(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 5; i++)
		word(pix, 300, 300 + 90 * i, 20);
	bar(pix, 262, 314, 10, 10);
	bar(pix, 262, 494, 10, 10);
	bar(pix, 242, 404, 10, 10);
	bar(pix, 1200, 584, 10, 10);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 5);
	assert_in_range(b.block[0].own.box.x, 258, 264);
	assert_in_range(b.block[1].own.box.x, 296, 302);
	assert_in_range(b.block[2].own.box.x, 258, 264);
	assert_int_equal(b.block[3].own.box.w, b.block[4].own.box.w);
}

/* The upper stroke of a letter among low ones, further from their tops than letters are joined. */
static void
a_stroke_in_the_box_of_its_row_is_no_block(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 70 * i, 20);
	word(pix, 200, 100, 2);
	for (int i = 2; i < 8; i++)
		bar(pix, 200 + 42 * i, 122, 30, 10);
	bar(pix, 368, 101, 24, 4);
	word(pix, 536, 100, 2);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 7);
}

/* A title whose letters stand four of its own body's letters apart, beside text half as high; a
 * lone letter of two parts above each other. */
static void
wide_titles_and_parts_of_letters_are_one_block(void **state)
{
	PIX *pix = blank(1800, 1000);
	_cleanup_(blocks_free) struct blocks b = {0};

	for (int i = 0; i < 3; i++)
		letter(pix, 500 + 240 * i, 100, 90);
	for (int i = 0; i < 6; i++)
		word(pix, 200, 400 + 70 * i, 20);
	bar(pix, 206, 300, 18, 16);
	bar(pix, 200, 321, 30, 18);
	for (int i = 0; i < 2; i++) /* small print: two lines stay two */
		for (int k = 0; k < 3; k++)
			bar(pix, 200 + 26 * k, 900 + 26 * i, 20, 18);
	find_blocks(pix, &b);
	assert_int_equal(b.n, 10);
	assert_in_range(b.block[0].own.box.w, 566, 574);
	assert_in_range(b.block[1].own.box.h, 36, 42);
}

/* A column of zeros, each with a dotted rule below it, is no upright rule; dashes are one. */
static void
strokes_below_each_other_are_no_dotted_line(void **state)
{
	PIX *pix = blank(1800, 1000), *upright;
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	l_int32 none = 0;

	for (int i = 0; i < 10; i++) {
		frame(pix, 400, 134 + 70 * i, 18, 32, 4);
		for (int x = 200; x < 1600; x += 8)
			bar(pix, x, 180 + 70 * i, 4, 3);
	}
	for (int y = 110; y < 820; y += 22)
		bar(pix, 1000, y, 4, 12);
	g = find_grid(pix, &s);
	upright = pixOpenBrick(NULL, g.rules, 1, 60);
	for (int x = 190; x < 220; x++)
		for (int y = 60; y < 400; y++) {
			l_uint32 v = 0;

			pixGetPixel(upright, x, y, &v);
			assert_int_equal(v, 0);
		}
	pixZero(upright, &none);
	assert_int_equal(none, 0);
	pixDestroy(&upright);
}

/* Three bands between rules; only the one in the middle holds words, and wide gaps between them. */
static void
one_row_makes_no_columns(void **state)
{
	PIX *pix = blank(1800, 1000);

	for (int i = 0; i < 4; i++)
		bar(pix, 200, 200 + 100 * i, 1400, 4);
	word(pix, 220, 232, 8);
	word(pix, 220, 332, 6);
	word(pix, 620, 332, 4);
	word(pix, 900, 332, 3);
	word(pix, 1200, 332, 4);
	word(pix, 220, 432, 7);
	assert_int_equal(count_cells(pix), 0);
}

/* The last row is a box of notes whose line runs on where the columns would be. */
static void
rows_are_not_cut_between_letters(void **state)
{
	PIX *pix = blank(1800, 1000);

	for (int i = 0; i < 7; i++)
		bar(pix, 200, 100 + 100 * i, 1400, 4);
	for (int i = 0; i < 5; i++) {
		word(pix, 220, 132 + 100 * i, 6);
		word(pix, 700, 132 + 100 * i, 5);
		word(pix, 1200, 132 + 100 * i, 4);
	}
	for (int i = 0; i < 30; i++)
		for (int k = 0; k < 3; k++)
			bar(pix, 220 + 42 * i + 15 * k, 632, 4, 36);
	assert_int_equal(count_cells(pix), 16);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_of_prose_are_read_one_after_the_other),
	    cmocka_unit_test(level_rows_are_read_row_by_row),
	    cmocka_unit_test(rows_of_labels_are_neither_prose_nor_columns),
	    cmocka_unit_test(an_address_beside_values_is_no_column_of_theirs),
	    cmocka_unit_test(blocks_side_by_side_are_read_one_after_the_other),
	    cmocka_unit_test(loose_columns_are_read_one_after_the_other),
	    cmocka_unit_test(a_date_comes_behind_the_title_it_stands_beside),
	    cmocka_unit_test(tables_in_one_frame_are_read_one_after_the_other),
	    cmocka_unit_test(open_tables_are_read_one_after_the_other),
	    cmocka_unit_test(rows_go_past_a_cell_that_spans_them),
	    cmocka_unit_test(an_open_table_has_cells),
	    cmocka_unit_test(prose_on_ruled_paper_is_no_table),
	    cmocka_unit_test(round_corners_go_with_the_lines),
	    cmocka_unit_test(text_outside_cells_becomes_blocks_in_order),
	    cmocka_unit_test(signs_in_a_row_of_text_belong_to_it),
	    cmocka_unit_test(numbers_of_items_belong_to_their_texts),
	    cmocka_unit_test(dots_of_a_list_belong_to_their_entries),
	    cmocka_unit_test(a_stroke_in_the_box_of_its_row_is_no_block),
	    cmocka_unit_test(wide_titles_and_parts_of_letters_are_one_block),
	    cmocka_unit_test(strokes_below_each_other_are_no_dotted_line),
	    cmocka_unit_test(one_row_makes_no_columns),
	    cmocka_unit_test(rows_are_not_cut_between_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
