/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes for single letters, drawn here: empty ones leave nothing, filled ones one row. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/cells.h"
#include "ocr/comb_text.h"
#include "ocr/grid.h"
#include "ocr_draw.h"

#define N 8      /* boxes in a row */
#define WIDE 56  /* of a box, … */
#define HIGH 62  /* … sheet pixels */
#define LEFT 560 /* of the first box */

static void
digit(PIX *pix, int x, int y)
{
	frame(pix, x, y, 20, 32, 5);
}

/* How boxes are parted. */
enum style { APART, TOUCHING, BARS, DASHED, TEETH, HANGING, FREE };

/* A row of boxes at y with digits in the last `filled` of them. */
static void
draw_boxes(PIX *pix, int y, enum style style, int filled)
{
	const int step = style == APART ? WIDE + 6 : style == BARS ? WIDE + 4 : WIDE;

	for (int i = 0; i < N; i++) {
		const int x = LEFT + i * step;

		if (style <= BARS)
			frame(pix, x, y, WIDE + 3 * (style == TOUCHING), HIGH, 3);
		if (style == BARS && i % 3 == 1 && i + 1 < N)
			bar(pix, x + WIDE - 3, y + HIGH / 2, 10, HIGH / 2);
		for (int d = 0; style == DASHED && i > 0 && d + 6 < HIGH; d += 10)
			bar(pix, x, y + d, 3, 6);
		if (style == TEETH && i > 0)
			bar(pix, x, y + HIGH - 24, 3, 24);
		if (style == HANGING && i > 0)
			bar(pix, x, y, 3, 24);
		if (style == FREE && i > 0)
			bar(pix, x, y + 14, 3, HIGH - 28);
		if (i >= N - filled)
			digit(pix, x + 18, y + 14);
	}
	if (style > BARS)
		frame(pix, LEFT, y, N * WIDE + 3, HIGH, 3);
}

/* A table of a label's column and one of boxes, which stand 6 pixels off the lines. */
static PIX *
draw_form(enum style style, int filled)
{
	PIX *pix = blank(1700, 1300);

	frame(pix, 200, 200, 900, 3 * (HIGH + 16) + 4, 4);
	bar(pix, 540, 200, 4, 3 * (HIGH + 16));
	for (int i = 0; i < 3; i++) {
		bar(pix, 200, 200 + i * (HIGH + 16), 900, 4);
		draw_boxes(pix, 210 + i * (HIGH + 16), style, filled);
		for (int k = 0; k < 4; k++)
			frame(pix, 230 + 44 * k, 226 + i * (HIGH + 16), 34, 34, 4);
	}
	return pix;
}

/* What is in the cells of the right column: rows of so many runs, or nothing. */
static void
expect(PIX *pix, size_t cells, unsigned rows, unsigned runs)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);
	PIX *ink = pixSubtract(NULL, s.half, g.rules);
	struct cell_content c;

	assert_int_equal(g.n, cells);
	for (size_t i = 0; i < g.n; i++) {
		assert_int_equal(cell_content(ink, &g.cells[i], 34, &c), 0);
		if (g.cells[i].column == 0)
			assert_int_equal(c.nrows, 1);
		else if (rows == 0)
			assert_int_equal(c.layout, LAYOUT_EMPTY);
		else {
			assert_int_equal(c.layout, LAYOUT_ROWS);
			assert_int_equal(c.nrows, rows);
			assert_int_equal(c.rows[0].nruns, runs);
		}
	}
	pixDestroy(&ink);
}

static void
empty_boxes_are_nothing(void **state)
{
	for (enum style style = APART; style <= BARS; style++)
		expect(draw_form(style, 0), 6, 0, 0);
}

static void
filled_boxes_are_one_row(void **state)
{
	for (enum style style = APART; style <= BARS; style++)
		expect(draw_form(style, 5), 6, 1, 5);
}

/* Frames with teeth: low ones are no cells either. */
static void
dashes_and_teeth_part_boxes_too(void **state)
{
	for (enum style style = DASHED; style <= HANGING; style++) {
		expect(draw_form(style, 0), 6, 0, 0);
		expect(draw_form(style, 4), 6, 1, 4);
	}
	expect(draw_form(FREE, 0), 6, 0, 0);
}

/* Outside of tables digits stand further apart than letters of a line. */
static void
free_boxes_are_one_piece(void **state)
{
	for (enum style style = APART; style <= HANGING; style++) {
		PIX *pix = blank(1700, 1300), *ink;
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};
		_cleanup_(blocks_free) struct blocks b = {0};

		for (int y = 200; y < 700; y += 160)
			draw_boxes(pix, y, style, 7);
		g = find_grid(pix, &s);
		assert_int_equal(g.n, 0);
		assert_int_equal(g.combs.n, 4);
		ink = pixSubtract(NULL, s.half, g.rules);
		assert_int_equal(blocks_find(&g, ink, 30, &b), 0);
		assert_int_equal(b.n, 4);
		pixDestroy(&ink);
	}
}

/* Choices of a scale, as large as boxes and as close. */
static void
rings_are_no_boxes(void **state)
{
	for (int radius = 22; radius <= 34; radius += 2) {
		PIX *pix = blank(1700, 1300);
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};

		for (int i = 0; i < N; i++) {
			const int x = LEFT + i * (2 * radius + 10);

			for (double a = 0; a < 2 * M_PI; a += 0.01)
				bar(pix, (int)(x + radius * cos(a)) - 1,
				    (int)(300 + radius * sin(a)) - 1, 3, 3);
			digit(pix, x - 10, 300 - 16);
		}
		g = find_grid(pix, &s);
		assert_int_equal(g.combs.n, 0);
	}
}

static size_t
count_combs(PIX *pix)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);

	return g.combs.n;
}

/* Two boxes alone are some where a row of such is, and a wider one is beside a row. */
static void
few_boxes_are_known_by_a_row(void **state)
{
	for (int row = 0; row < 2; row++) {
		PIX *pix = blank(1700, 1300);

		if (row)
			draw_boxes(pix, 200, APART, 0);
		frame(pix, 200, 600, WIDE, HIGH, 3);
		frame(pix, 200 + WIDE + 6, 600, WIDE, HIGH, 3);
		assert_int_equal(count_combs(pix), 2 * row);
	}
	for (int row = 0; row < 2; row++) {
		PIX *pix = blank(1700, 1300);

		if (row)
			draw_boxes(pix, 200, APART, 0);
		frame(pix, LEFT + N * (WIDE + 6), 200, 3 * WIDE, HIGH, 3);
		assert_int_equal(count_combs(pix), 2 * row);
	}
}

/* As high as cells, but with white between. */
static void
high_boxes_may_be_apart(void **state)
{
	PIX *pix = blank(1700, 1300);

	for (int i = 0; i < 5; i++)
		frame(pix, 200 + 94 * i, 200, 80, 80, 3);
	assert_int_equal(count_combs(pix), 1);
}

/* Equal cells below each other, as of a calendar. */
static void
cells_are_no_boxes(void **state)
{
	for (int side = 48; side <= 80; side += 32) {
		PIX *pix = blank(1700, 1300);
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};

		frame(pix, 200, 200, 7 * side + 4, 4 * side + 4, 4);
		for (int i = 1; i < 7; i++)
			bar(pix, 200 + side * i, 200, 4, 4 * side);
		for (int i = 1; i < 4; i++)
			bar(pix, 200, 200 + side * i, 7 * side, 4);
		g = find_grid(pix, &s);
		assert_int_equal(g.combs.n, 0);
		assert_int_equal(g.n, 28);
	}
}

/* One row of cells, with pieces of ink so wide or none: digits are slim, letters are not. */
static size_t
row_of_cells(int wide)
{
	PIX *pix = blank(1700, 1300);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	size_t combs;

	frame(pix, 200, 200, 6 * 80 + 4, 84, 4);
	for (int i = 0; i < 6; i++) {
		bar(pix, 200 + 80 * i, 200, 4, 80);
		if (wide > 0)
			frame(pix, 224 + 80 * i, 222, wide, 38, 5);
	}
	g = find_grid(pix, &s);
	combs = g.combs.n;
	assert_int_equal(g.n, combs > 0 ? 0 : 6);
	return combs;
}

static void
high_boxes_are_told_by_their_digits(void **state)
{
	assert_int_equal(row_of_cells(22), 1);
	assert_int_equal(row_of_cells(38), 0);
	assert_int_equal(row_of_cells(0), 0);
}

/* A line of w at x sheet pixels becomes this. */
static void
becomes(const char *text, int x, const char *expected)
{
	struct combs c = {.row = {{100, 100, 200, 30}}, .n = 1};
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf out = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	for (int i = 0; text[i] != '\0'; i++) {
		struct glyph g = {.text = {text[i]}, .box = {x + 50 * i, 210, 20, 32}};

		assert_int_equal(words_glyph(&w, &g), 0);
	}
	words_line_done(&w);
	assert_int_equal(comb_correct(&c, &w), 0);
	words_line_text(&w, &w.lines[0], &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, expected);
}

static void
among_digits_in_boxes_are_no_letters(void **state)
{
	becomes("O00", 220, "000");
	becomes("20I6", 220, "2016");
	becomes("O00", 800, "O00");
	becomes("OIO", 220, "OIO");
	becomes("1OK", 220, "1OK");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(empty_boxes_are_nothing),
	    cmocka_unit_test(filled_boxes_are_one_row),
	    cmocka_unit_test(dashes_and_teeth_part_boxes_too),
	    cmocka_unit_test(free_boxes_are_one_piece),
	    cmocka_unit_test(rings_are_no_boxes),
	    cmocka_unit_test(few_boxes_are_known_by_a_row),
	    cmocka_unit_test(high_boxes_may_be_apart),
	    cmocka_unit_test(cells_are_no_boxes),
	    cmocka_unit_test(high_boxes_are_told_by_their_digits),
	    cmocka_unit_test(among_digits_in_boxes_are_no_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
