/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rings drawn around print: they go, what they touch and cross stays. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/grid.h"
#include "ocr/marks.h"
#include "ocr_draw.h"

#define RING_X 500 /* middle of the ring, sheet pixels */
#define RING_Y 400
#define RING_W 100 /* half axes */
#define RING_H 36
#define PEN 6

struct found {
	struct sheet sheet;
	struct grid grid;
	struct marks marks;
};

/* Takes pix. */
static void
lift(PIX *pix, struct found *f)
{
	*f = (struct found){0};
	f->grid = find_grid(pix, &f->sheet);
	assert_int_equal(marks_lift(&f->sheet, f->grid.rules, &f->marks), 0);
}

static void
forget(struct found *f)
{
	marks_free(&f->marks);
	grid_free(&f->grid);
	sheet_free(&f->sheet);
}

/* The part of the way round, as a hand draws: a little outwards and inwards. w: half axis. */
static void
draw_long_ring(PIX *pix, int w, double turns)
{
	for (double a = 0; a < 2 * M_PI * turns; a += 0.005) {
		double k = 1 + 0.03 * sin(3 * a);

		bar(pix, (int)(RING_X + w * k * cos(a)) - PEN / 2,
		    (int)(RING_Y + RING_H * k * sin(a)) - PEN / 2, PEN, PEN);
	}
}

static void
draw_ring(PIX *pix, double turns)
{
	draw_long_ring(pix, RING_W, turns);
}

/* Four glyphs of bars, the outer ones touching the ring as 一部介助 does. */
static void
draw_print(PIX *pix)
{
	bar(pix, RING_X - RING_W, RING_Y - 2, 48, 4);
	bar(pix, RING_X - 40, RING_Y - 16, 4, 32);
	bar(pix, RING_X - 40, RING_Y - 16, 30, 4);
	bar(pix, RING_X + 8, RING_Y - 16, 4, 32);
	bar(pix, RING_X + 8, RING_Y + 12, 30, 4);
	bar(pix, RING_X + 50, RING_Y - 2, 50, 4);
	bar(pix, RING_X + 50, RING_Y - 18, 4, 36);
}

static int
ink(const struct found *f, int x, int y, int w, int h)
{
	BOX *box = boxCreate(x / SHEET_HALF, y / SHEET_HALF, w / SHEET_HALF, h / SHEET_HALF);
	PIX *part = pixClipRectangle(f->sheet.half, box, NULL);
	l_int32 n;

	assert_int_equal(pixCountPixels(part, &n, NULL), 0);
	pixDestroy(&part);
	boxDestroy(&box);
	return n;
}

static void
expect_ring(const struct found *f)
{
	struct box b;

	assert_int_equal(f->marks.n, 1);
	assert_int_equal(f->marks.mark[0].kind, MARK_RING);
	b = f->marks.mark[0].box;
	assert_in_range(b.x, RING_X - RING_W - 12, RING_X - RING_W + 4);
	assert_in_range(b.x + b.w, RING_X + RING_W - 4, RING_X + RING_W + 12);
}

static void
a_ring_that_touches_print(void **state)
{
	struct found with, without;
	PIX *ring = blank(1600, 1000), *bare = blank(1600, 1000);
	int print;

	draw_print(bare);
	lift(bare, &without);
	assert_int_equal(without.marks.n, 0);
	draw_print(ring);
	draw_ring(ring, 1);
	/* As the dot between two choices, which the ring runs into. */
	bar(ring, RING_X + RING_W, RING_Y - 5, 14, 10);
	lift(ring, &with);
	expect_ring(&with);
	print = ink(&without, RING_X - 85, RING_Y - 24, 170, 48);
	assert_in_range(
	    ink(&with, RING_X - 85, RING_Y - 24, 170, 48), print * 95 / 100, print * 105 / 100);
	/* Where only the ring was. */
	assert_int_equal(ink(&with, RING_X - 60, RING_Y - RING_H - 8, 120, 16), 0);
	assert_int_equal(ink(&with, RING_X - 60, RING_Y + RING_H - 8, 120, 16), 0);
	forget(&with);
	forget(&without);
}

/* The stroke goes on through the ring's place: half of its crossing may be pale, no more. */
static void
a_stroke_through_a_ring(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	draw_print(pix);
	draw_ring(pix, 1);
	bar(pix, RING_X - 4, RING_Y, 6, RING_H + 24);
	lift(pix, &f);
	expect_ring(&f);
	assert_true(ink(&f, RING_X - 4, RING_Y + RING_H - 4, 6, 8) >= 6);
	forget(&f);
}

static void
an_arc_is_no_ring(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	draw_print(pix);
	draw_ring(pix, 0.65);
	lift(pix, &f);
	assert_int_equal(f.marks.n, 0);
	forget(&f);
}

/* Its back is level for longer than a short ruled line. */
static void
a_ring_around_a_long_word(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	draw_print(pix);
	draw_long_ring(pix, 5 * RING_W / 2, 1);
	lift(pix, &f);
	assert_int_equal(f.marks.n, 1);
	assert_int_equal(f.marks.mark[0].kind, MARK_RING);
	assert_in_range(f.marks.mark[0].box.w, 5 * RING_W - 8, 5 * RING_W + 24);
	assert_int_equal(ink(&f, RING_X - RING_W, RING_Y - RING_H - 8, 2 * RING_W, 16), 0);
	assert_int_equal(ink(&f, RING_X - RING_W, RING_Y + RING_H - 8, 2 * RING_W, 16), 0);
	forget(&f);
}

/* As high as its cell; but for where it lies over them the lines stay. */
static void
a_ring_between_ruled_lines(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);
	const int rows[] = {RING_Y - RING_H - 4, RING_Y + RING_H - 2};

	draw_print(pix);
	draw_ring(pix, 1);
	for (int i = 0; i < 2; i++)
		bar(pix, 100, rows[i], 1200, 6);
	lift(pix, &f);
	expect_ring(&f);
	for (int i = 0; i < 2; i++)
		assert_true(ink(&f, 100, rows[i], 1200, 6) >= 500 * 3);
	assert_int_equal(ink(&f, RING_X - RING_W - 8, RING_Y - 20, 16, 14), 0);
	forget(&f);
}

/* The pen lies over two fifths of the dot between two choices: it is made whole. */
static void
a_ring_over_a_dot(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	draw_print(pix);
	draw_ring(pix, 1);
	bar(pix, RING_X + RING_W, RING_Y - 14, 10, 10);
	lift(pix, &f);
	expect_ring(&f);
	assert_in_range(ink(&f, RING_X + RING_W - 2, RING_Y - 20, 16, 20), 20, 30);
	forget(&f);
}

/* □ after a gap is a box, ロ between the letters of a word is none. */
static void
a_square_in_a_word_is_no_box(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	for (int i = 0; i < 2; i++) {
		const int left = i == 0 ? 13 : 32;

		frame(pix, 600, 400 + 200 * i, 28, 26, 3);
		frame(pix, 600 - left - 34, 396 + 200 * i, 34, 34, 3);
		bar(pix, 600 - left - 20, 400 + 200 * i, 3, 26);
		bar(pix, 640, 400 + 200 * i, 3, 28);
		bar(pix, 640, 412 + 200 * i, 24, 3);
	}
	lift(pix, &f);
	assert_int_equal(f.marks.n, 1);
	assert_in_range(f.marks.mark[0].box.y, 596, 604);
	forget(&f);
}

static size_t
boxes(const struct found *f, bool set)
{
	size_t n = 0;

	for (size_t i = 0; i < f->marks.n; i++)
		n += f->marks.mark[i].kind == MARK_BOX && f->marks.mark[i].set == set;
	return n;
}

/* On pix, which it takes. */
static void
expect_one_empty_box(PIX *pix)
{
	struct found f;

	lift(pix, &f);
	assert_int_equal(boxes(&f, false), 1);
	forget(&f);
}

/* As a worn copy shows it: a hairline of three quarters of the paper's grey. */
static void
a_pale_box(void **state)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 800, 600, 34, 34, 3);
	pixAddConstantGray(pix, 190);
	draw_print(pix);
	expect_one_empty_box(pix);
}

/* Soft print makes outlines as thick. */
static void
a_small_thick_box(void **state)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 600, 400, 22, 22, 6);
	expect_one_empty_box(pix);
}

/* 口 begins a line; its uprights go a little further down than its lower edge. */
static void
a_square_with_feet_is_no_box(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	frame(pix, 600, 400, 34, 32, 4);
	bar(pix, 600, 432, 4, 2);
	bar(pix, 630, 432, 4, 2);
	lift(pix, &f);
	assert_int_equal(f.marks.n, 0);
	forget(&f);
}

static void
a_box_close_to_its_word(void **state)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 600, 400, 32, 32, 3);
	bar(pix, 636, 398, 3, 36);
	bar(pix, 636, 414, 30, 3);
	expect_one_empty_box(pix);
}

/* The first of its cell: the line on its left is no letter. */
static void
a_box_close_to_a_line(void **state)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 586, 300, 700, 300, 4);
	frame(pix, 602, 400, 32, 32, 3);
	expect_one_empty_box(pix);
}

/* In their own row none is left empty. */
static void
a_row_of_ticked_boxes(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);

	frame(pix, 300, 200, 32, 32, 3);
	for (int i = 0; i < 3; i++) {
		const int x = 500 + 250 * i;

		frame(pix, x, 400, 32, 32, 3);
		for (int k = 0; k < 10; k++)
			bar(pix, x + 4 + k, 412 + k, 5, 5);
		for (int k = 0; k < 34; k++)
			bar(pix, x + 14 + k * 2 / 3, 422 - k, 5, 5);
	}
	lift(pix, &f);
	assert_int_equal(boxes(&f, false), 1);
	assert_int_equal(boxes(&f, true), 3);
	forget(&f);
}

/* The engine's boxes: the last character has the gap behind it, and a dot lies under the ring. */
static void
words_in_a_ring(void **state)
{
	static const struct glyph glyphs[] = {
	    {.text = "無", .box = {40, 100, 36, 36}},
	    {.text = "・", .box = {92, 110, 12, 16}},
	    {.text = "一", .box = {120, 116, 36, 4}},
	    {.text = "部", .box = {160, 100, 90, 36}},
	    {.text = "・", .box = {210, 110, 12, 16}},
	    {.text = "全", .box = {240, 100, 36, 36}},
	};
	_cleanup_(words_free) struct words w = {0};
	const struct line line = {.cell = -1};
	const struct mark ring = {MARK_RING, true, {90, 84, 130, 70}};
	char text[64];

	assert_int_equal(words_line(&w, &line), 0);
	for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++)
		assert_int_equal(words_glyph(&w, &glyphs[i]), 0);
	words_line_done(&w);
	marks_inside(&ring, &w, text, sizeof text);
	assert_string_equal(text, "一部");
}

/* 回 and 田 in a title: thick strokes around print, but square. */
static void
a_square_character_is_no_ring(void **state)
{
	struct found f;
	PIX *pix = blank(1600, 1000);
	const int whole = 64 / SHEET_HALF;
	int before;

	frame(pix, 400, 400, 64, 64, 7);
	frame(pix, 420, 420, 24, 24, 6);
	frame(pix, 600, 400, 64, 64, 7);
	bar(pix, 600, 429, 64, 7);
	bar(pix, 629, 400, 7, 64);
	lift(pix, &f);
	assert_int_equal(f.marks.n, 0);
	before = whole * whole / 4;
	assert_true(ink(&f, 400, 400, 64, 64) > before);
	assert_true(ink(&f, 600, 400, 64, 64) > before);
	forget(&f);
}

static size_t pictures_left; /* that there is memory for */

static void *
some_memory(size_t size)
{
	return pictures_left == 0 ? NULL : (pictures_left--, malloc(size));
}

/* Whichever picture memory ends at, that is said, and all is given back. */
static void
no_memory_is_said(void **state)
{
	const l_int32 severity = setMsgSeverity(L_SEVERITY_NONE);
	size_t said = 0;

	pictures_left = 0;
	for (size_t n = 0; pictures_left == 0 && n < 1000; n++) {
		struct found f = {0};
		PIX *pix = blank(1000, 800);
		int r;

		draw_ring(pix, 1);
		draw_print(pix);
		f.grid = find_grid(pix, &f.sheet);
		pictures_left = n;
		setPixMemoryManager(some_memory, free);
		r = marks_lift(&f.sheet, f.grid.rules, &f.marks);
		setPixMemoryManager(malloc, free);
		assert_true(r == 0 || r == -ENOMEM);
		said += r < 0;
		if (pictures_left > 0)
			expect_ring(&f);
		forget(&f);
	}
	assert_true(pictures_left > 0);
	assert_true(said > 10);
	setMsgSeverity(severity);
}

/* More rings than a page has: those that are too many stay, for they could not be told. */
static void
too_many_rings(void **state)
{
	PIX *pix = blank(2400, 3400);
	struct found f;

	for (int y = 50; y < 3350; y += 64)
		for (int x = 50; x < 2350; x += 80) {
			for (double a = 0; a < 2 * M_PI; a += 0.05)
				bar(pix, (int)(x + 30 * cos(a)), (int)(y + 26 * sin(a)), 4, 4);
			bar(pix, x - 6, y - 8, 14, 18);
		}
	lift(pix, &f);
	assert_int_equal(f.marks.n, MARKS_MAX);
	assert_true(ink(&f, 2256, 3284, 72, 60) > 2 * ink(&f, 2280, 3302, 22, 26));
	forget(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_ring_that_touches_print),
	    cmocka_unit_test(a_stroke_through_a_ring),
	    cmocka_unit_test(an_arc_is_no_ring),
	    cmocka_unit_test(a_ring_around_a_long_word),
	    cmocka_unit_test(a_ring_between_ruled_lines),
	    cmocka_unit_test(a_ring_over_a_dot),
	    cmocka_unit_test(a_square_in_a_word_is_no_box),
	    cmocka_unit_test(a_pale_box),
	    cmocka_unit_test(a_small_thick_box),
	    cmocka_unit_test(a_square_with_feet_is_no_box),
	    cmocka_unit_test(a_box_close_to_its_word),
	    cmocka_unit_test(a_box_close_to_a_line),
	    cmocka_unit_test(a_row_of_ticked_boxes),
	    cmocka_unit_test(words_in_a_ring),
	    cmocka_unit_test(a_square_character_is_no_ring),
	    cmocka_unit_test(no_memory_is_said),
	    cmocka_unit_test(too_many_rings),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
