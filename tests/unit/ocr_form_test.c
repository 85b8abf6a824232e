/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Geometry on pages drawn here: lines, cells with spans, tick boxes, strange masters. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cells.h"
#include "ocr/findings.h"
#include "ocr/marks.h"
#include "ocr_draw.h"

/*
 * Two rows of three cells; in the second row the first two are one.
 */
static PIX *
draw_table(void)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 200, 200, 900, 240, 4);
	bar(pix, 200, 320, 900, 4);
	bar(pix, 800, 200, 4, 240);
	bar(pix, 500, 200, 4, 120);
	return pix;
}

static void
cells_know_rows_columns_and_spans(void **state)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(draw_table(), &s);

	assert_int_equal(g.n, 5);
	assert_int_equal(g.cells[3].row, 1);
	assert_int_equal(g.cells[3].column, 0);
	assert_int_equal(g.cells[3].column_span, 2);
	assert_int_equal(g.cells[4].column, 2);
	for (size_t i = 0; i < g.n; i++)
		assert_int_equal(g.cells[i].table, g.cells[0].table);
	assert_in_range(g.cells[0].box.x, 200, 212);
	assert_in_range(g.cells[0].box.w, 280, 300);
}

static void
prose_has_no_grid(void **state)
{
	PIX *pix = blank(1600, 1000);

	for (int y = 100; y < 900; y += 60)
		for (int x = 100; x < 1500; x += 45)
			frame(pix, x, y, 36, 36, 4);
	assert_int_equal(count_cells(pix), 0);
}

/* A drawing whose cells are looked into. */
struct table {
	struct sheet sheet;
	struct grid grid;
	PIX *ink; /* without lines */
	struct cell_content content;
};

/* Takes pix. */
static void
open_table_of(struct table *t, PIX *pix)
{
	t->grid = find_grid(pix, &t->sheet);
	t->ink = pixSubtract(NULL, t->sheet.half, t->grid.rules);
}

static void
table_free(struct table *t)
{
	pixDestroy(&t->ink);
	grid_free(&t->grid);
	sheet_free(&t->sheet);
}

/* What is in a cell, until the next one is asked for. */
static const struct cell_content *
look_into(struct table *t, unsigned cell, int letter)
{
	assert_true(cell < t->grid.n);
	assert_int_equal(cell_content(t->ink, &t->grid.cells[cell], letter, &t->content), 0);
	return &t->content;
}

static void
rows_of_a_cell_are_told_apart(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	/* Two rows of three letters with a wide gap before the last, in the first cell. */
	for (int y = 215; y <= 265; y += 50)
		for (int i = 0; i < 3; i++)
			frame(pix, 220 + 40 * i + (i == 2 ? 80 : 0), y, 30, 30, 4);
	open_table_of(&t, pix);
	c = look_into(&t, 0, 30);
	assert_int_equal(c->layout, LAYOUT_ROWS);
	assert_int_equal(c->nrows, 2);
	assert_int_equal(c->rows[0].nruns, 2);
	c = look_into(&t, 1, 30);
	assert_int_equal(c->layout, LAYOUT_EMPTY);
}

/* Three letters of a title, the outer ones in parts above each other, and small print behind. The
 * page's letters are half as high. */
static void
small_print_behind_a_title_is_a_row_of_its_own(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	for (int i = 0; i < 3; i++) {
		frame(pix, 212 + 46 * i, 216, 40, i == 1 ? 44 : 20, 4);
		if (i != 1)
			frame(pix, 212 + 46 * i, 240, 40, 20, 4);
	}
	for (int i = 0; i < 5; i++)
		frame(pix, 368 + 20 * i, 238, 14, 18, 3);
	open_table_of(&t, pix);
	c = look_into(&t, 0, 24);
	assert_int_equal(c->layout, LAYOUT_ROWS);
	assert_int_equal(c->nrows, 2);
	assert_in_range(c->rows[0].box.w, 128, 136);
	assert_in_range(c->rows[1].box.h, 16, 22);
}

/* What is left of a worn dotted rule between two rows; and a dash, which says that there is nothing
 * to say. */
static void
rests_of_dotted_rules_are_no_rows(void **state)
{
	static const int dots[] = {212, 226, 262, 268, 310, 346, 352, 400};
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};

	for (int i = 0; i < 3; i++)
		frame(pix, 220 + 40 * i, 212, 30, 30, 4);
	for (size_t i = 0; i < sizeof dots / sizeof *dots; i++)
		bar(pix, dots[i], 262, 6 + i % 2 * 2, 6);
	bar(pix, 620, 250, 40, 4);
	open_table_of(&t, pix);
	assert_int_equal(look_into(&t, 0, 30)->nrows, 1);
	assert_int_equal(look_into(&t, 1, 30)->nrows, 1);
}

/* Two rows of small print close together; and 二, which falls into two strokes, between letters of
 * the same height. The page's letters are twice as high. */
static void
small_rows_are_no_parts_of_letters(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	for (int i = 0; i < 6; i++) {
		frame(pix, 220 + 26 * i, 220, 20, 20, 3);
		frame(pix, 220 + 26 * i, 246, 20, 20, 3);
	}
	for (int i = 0; i < 3; i++) {
		bar(pix, 524 + 44 * i, 226, 30, 5);
		bar(pix, 520 + 44 * i, 242, 38, 5);
	}
	open_table_of(&t, pix);
	for (int i = 0; i < 2; i++) {
		c = look_into(&t, (unsigned)i, 44);
		assert_int_equal(c->layout, LAYOUT_ROWS);
		assert_int_equal(c->nrows, i == 0 ? 2 : 1);
	}
}

/* A small label above a large name, and above two rows that hang together: the engine is asked to
 * find rows only there. */
static void
a_tall_row_is_large_print_or_several(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	for (int i = 0; i < 3; i++) {
		frame(pix, 212 + 26 * i, 210, 20, 20, 3);
		frame(pix, 215 + 80 * i, 245, 60, 60, 4);
		frame(pix, 512 + 26 * i, 210, 20, 20, 3);
	}
	for (int i = 0; i < 8; i++) {
		frame(pix, 512 + 26 * i, 245, 20, 24, 3);
		frame(pix, 512 + 26 * i, 273, 20, 24, 3);
	}
	bar(pix, 520, 245, 3, 50);
	open_table_of(&t, pix);
	for (int i = 0; i < 2; i++) {
		c = look_into(&t, (unsigned)i, 24);
		assert_int_equal(c->layout, i == 0 ? LAYOUT_ROWS : LAYOUT_BLOCK);
		assert_int_equal(c->nrows, 2);
	}
}

/* Two rows of eras to choose from, and beside them a date between their heights: the eras are read
 * first. Letters of a single row that merely stand lower stay in it. */
static void
rows_of_two_sides_are_told_apart(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	for (int i = 0; i < 3; i++) {
		frame(pix, 212 + 34 * i, 225, 28, 28, 4);
		frame(pix, 212 + 34 * i, 263, 28, 28, 4);
		frame(pix, 360 + 45 * i, 243, 28, 28, 4);
		frame(pix, 520 + 34 * i, 225, 28, 28, 4);
		frame(pix, 660 + 34 * i, 235, 28, 28, 4);
	}
	open_table_of(&t, pix);
	c = look_into(&t, 0, 28);
	assert_int_equal(c->layout, LAYOUT_ROWS);
	assert_int_equal(c->nrows, 3);
	assert_in_range(c->rows[1].box.y, 258, 266);
	assert_in_range(c->rows[1].box.w, 90, 104);
	assert_in_range(c->rows[2].box.x, 354, 362);
	c = look_into(&t, 1, 28);
	assert_int_equal(c->nrows, 1);
}

/* A label written downwards, and lines beside it at heights of their own, without a rule between:
 * its letters are laid side by side, and read before the lines. */
static void
a_label_downwards_stands_beside_its_lines(void **state)
{
	PIX *pix = blank(1600, 1000);
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	frame(pix, 200, 200, 900, 340, 4);
	bar(pix, 700, 200, 4, 340);
	frame(pix, 200, 600, 900, 100, 4);
	bar(pix, 700, 600, 4, 100);
	for (int i = 0; i < 4; i++)
		frame(pix, 220, 230 + 70 * i, 34, 34, 4);
	for (int i = 0; i < 5; i++)
		for (int k = 0; k < 7; k++)
			frame(pix, 340 + 40 * k, 222 + 62 * i, 34, 34, 4);
	open_table_of(&t, pix);
	c = look_into(&t, 0, 34);
	assert_int_equal(c->layout, LAYOUT_ROWS);
	assert_int_equal(c->nrows, 6);
	assert_int_equal(c->rows[0].nruns, 4);
	assert_in_range(c->rows[0].runs[3].y, 434, 444);
	assert_in_range(c->rows[0].box.h, 30, 38);
	assert_int_equal(c->rows[1].nruns, 1);
}

/* A stroke from corner to corner: the cell is empty; letters and a short stroke are not. */
static void
a_struck_out_cell_is_empty(void **state)
{
	PIX *pix = draw_table();
	_cleanup_(table_free) struct table t = {0};
	const struct cell_content *c;

	for (int i = 0; i < 284; i++)
		bar(pix, 208 + i, 318 - i * 110 / 284, 3, 3);
	for (int i = 0; i < 60; i++)
		bar(pix, 560 + i, 300 - i, 3, 3);
	open_table_of(&t, pix);
	assert_int_equal(t.grid.n, 5);
	c = look_into(&t, 0, 30);
	assert_int_equal(c->layout, LAYOUT_EMPTY);
	c = look_into(&t, 1, 30);
	assert_int_not_equal(c->layout, LAYOUT_EMPTY);
}

static void
tick_boxes_are_lifted(void **state)
{
	PIX *pix = blank(1600, 1000);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(marks_free) struct marks m = {0};
	l_int32 left = 0;

	for (int i = 0; i < 4; i++)
		frame(pix, 200 + 300 * i, 400, 40, 40, 3);
	/* The last one is ticked: a stroke that leaves the box. */
	for (int i = 0; i < 50; i++)
		bar(pix, 1100 + 8 + i, 430 - i, 4, 4);
	g = find_grid(pix, &s);
	assert_int_equal(marks_lift(&s, g.rules, &m), 0);
	assert_int_equal(m.n, 4);
	for (size_t i = 0; i < m.n; i++) {
		assert_int_equal(m.mark[i].kind, MARK_BOX);
		assert_int_equal(m.mark[i].set, m.mark[i].box.x > 1000);
	}
	pixCountPixels(s.half, &left, NULL);
	assert_in_range(left, 0, 60);
}

/*
 * Characters on a line with empty tick boxes, each holding a square of the boxes' size: 目 (two
 * bars inside), 申 (a cross that leaves the square), a part with strokes to its left and below as
 * in 佐 or 遅. A name must never be lost to a tick.
 */
static void
characters_are_no_tick_boxes(void **state)
{
	PIX *pix = blank(1900, 1000);
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(marks_free) struct marks m = {0};

	for (int i = 0; i < 3; i++)
		frame(pix, 200 + 200 * i, 400, 34, 34, 3);
	frame(pix, 800, 400, 34, 34, 3);
	bar(pix, 800, 410, 34, 3);
	bar(pix, 800, 420, 34, 3);
	bar(pix, 796, 396, 3, 46);
	frame(pix, 1000, 400, 34, 34, 3);
	bar(pix, 1000, 415, 34, 3);
	bar(pix, 1015, 388, 3, 60);
	frame(pix, 1212, 400, 34, 34, 3);
	bar(pix, 1200, 396, 48, 3);
	bar(pix, 1200, 396, 3, 56);
	bar(pix, 1200, 449, 48, 3);
	bar(pix, 1227, 400, 3, 50);
	/* As 員 and 面: strokes aslant alone do not make a tick when upright ones cross the square.
	 */
	frame(pix, 1400, 400, 34, 34, 3);
	bar(pix, 1411, 388, 3, 46);
	bar(pix, 1422, 400, 3, 46);
	for (int i = 0; i < 20; i++)
		bar(pix, 1402 + i, 430 + i, 4, 4);
	g = find_grid(pix, &s);
	assert_int_equal(marks_lift(&s, g.rules, &m), 0);
	assert_int_equal(m.n, 3);
	for (size_t i = 0; i < m.n; i++)
		assert_false(m.mark[i].set);
}

static void
any_depth_is_a_page(void **state)
{
	static const struct {
		int depth, w, h;
	} kinds[] = {{1, 1, 1}, {8, 1, 1}, {32, 1, 1}, {1, 900, 500}, {8, 900, 500}, {32, 900, 500},
	    {2, 64, 64}, {16, 64, 64}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		PIX *pix = pixCreate(kinds[i].w, kinds[i].h, kinds[i].depth);
		_cleanup_(page_free) struct page p = load(pix);
		_cleanup_(sheet_free) struct sheet s = {0};

		pixDestroy(&pix);
		assert_int_equal(p.width, kinds[i].w);
		assert_int_equal(sheet_new(&p, 90, &s), 0);
		assert_int_equal(s.height, kinds[i].w);
	}
}

/* However little is left of a page at the sheet's resolution, it is one. */
static void
any_size_is_a_page(void **state)
{
	static const int sides[] = {1, 2, 3, 5, 9, 35, 61}, dpis[] = {50, 600, 2400}, n = 7;

	for (int i = 0; i < n * n * 3 * 2; i++) {
		struct page p = {.width = sides[i % n],
		    .height = sides[i / n % n],
		    .reduce = 1,
		    .dpi = dpis[i / n / n % 3],
		    .pix = pixCreate(sides[i % n], sides[i / n % n], i % 2 == 0 ? 32 : 1)};
		_cleanup_(sheet_free) struct sheet s = {0};
		struct grid g = {0};
		struct marks m = {0};

		pixSetAllArbitrary(p.pix, i % 2 == 0 ? 0xc8202000 : 1); /* red, black */
		assert_int_equal(sheet_new(&p, 0, &s), 0);
		assert_int_equal(grid_find(&s, &g), 0);
		assert_int_equal(marks_lift(&s, g.rules, &m), 0);
		marks_free(&m);
		grid_free(&g);
		page_free(&p);
	}
}

/* A page finer than its reader needs is halved while it is read, unless little would be left. */
static void
fine_pages_are_reduced(void **state)
{
	static const struct {
		int side, dpi, enough, reduce;
	} kinds[] = {{3300, 600, 300, 2}, {3300, 600, 0, 1}, {3300, 599, 300, 1},
	    {3100, 600, 300, 1}, {5000, 1200, 300, 3}};

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		PIX *pix = blank(kinds[i].side, kinds[i].side);
		_cleanup_(page_free) struct page p = {0};
		l_uint8 *data;
		size_t size;

		pixSetResolution(pix, kinds[i].dpi, kinds[i].dpi);
		assert_int_equal(pixWriteMemTiff(&data, &size, pix, IFF_TIFF_LZW), 0);
		pixDestroy(&pix);
		assert_int_equal(page_in(data, size, 0, kinds[i].enough, &p), 0);
		free(data);
		assert_int_equal(p.reduce, kinds[i].reduce);
		assert_int_equal(p.width, kinds[i].side);
		assert_int_equal(p.dpi, kinds[i].dpi);
		assert_int_equal(pixGetHeight(p.pix), kinds[i].side / kinds[i].reduce);
	}
}

static void
no_tiff_is_refused(void **state)
{
	static const uint8_t junk[64] = "II*\0\x08\0\0\0\xff\xff";
	struct page p = {0};

	assert_int_equal(page_in(junk, sizeof junk, 0, 0, &p), -EBADMSG);
	assert_int_equal(page_in("", 0, 0, 0, &p), -EBADMSG);
	assert_int_equal(page_in(NULL, 0, 0, 0, &p), -EBADMSG); /* as an empty file is mapped */
	assert_null(p.pix);
}

static void
blank_is_blank_and_faint_is_not(void **state)
{
	PIX *pix = blank(1600, 1000);
	_cleanup_(page_free) struct page white = load(pix);
	_cleanup_(page_free) struct page faint = {0};
	_cleanup_(sheet_free) struct sheet a = {0};
	_cleanup_(sheet_free) struct sheet b = {0};
	BOX *box;

	for (int i = 0; i < 30; i++) {
		box = boxCreate(200 + 40 * i, 500, 20, 30);
		pixSetInRectArbitrary(pix, box, 170);
		boxDestroy(&box);
	}
	faint = load(pix);
	pixDestroy(&pix);
	assert_int_equal(sheet_new(&white, 0, &a), 0);
	assert_int_equal(sheet_new(&faint, 0, &b), 0);
	assert_true(findings_blank(&a));
	assert_false(findings_blank(&b));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cells_know_rows_columns_and_spans),
	    cmocka_unit_test(prose_has_no_grid),
	    cmocka_unit_test(rows_of_a_cell_are_told_apart),
	    cmocka_unit_test(small_print_behind_a_title_is_a_row_of_its_own),
	    cmocka_unit_test(rests_of_dotted_rules_are_no_rows),
	    cmocka_unit_test(small_rows_are_no_parts_of_letters),
	    cmocka_unit_test(a_tall_row_is_large_print_or_several),
	    cmocka_unit_test(rows_of_two_sides_are_told_apart),
	    cmocka_unit_test(a_label_downwards_stands_beside_its_lines),
	    cmocka_unit_test(a_struck_out_cell_is_empty),
	    cmocka_unit_test(tick_boxes_are_lifted),
	    cmocka_unit_test(characters_are_no_tick_boxes),
	    cmocka_unit_test(any_depth_is_a_page),
	    cmocka_unit_test(any_size_is_a_page),
	    cmocka_unit_test(fine_pages_are_reduced),
	    cmocka_unit_test(no_tiff_is_refused),
	    cmocka_unit_test(blank_is_blank_and_faint_is_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
