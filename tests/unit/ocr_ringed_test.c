/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers in rings, the digits out of a clean sample, are read without the ring. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/ringed.h"
#include "ocr/ringed_shape.h"
#include "ocr_draw.h"
#include "ocr_engine.h"
#include "ocr_strip.h"

#define SAMPLE "13-riyouhyou" /* has the days of a month in small print */
#define RADIUS 25

static void
ring(PIX *pix, int x, int y, double radius)
{
	for (double a = 0; a < 2 * M_PI; a += 0.01)
		bar(pix, (int)(x + radius * cos(a)) - 1, (int)(y + radius * sin(a)) - 1, 3, 3);
}

/* A number with its middle at (x, y), in a ring. */
static void
number(PIX *pix, const char *digits, int x, int y)
{
	PIX *one = blank(80, 60), *ink;
	BOX *box = NULL;
	l_int32 bx, by, w, h;

	paste(one, SAMPLE, digits, 10, 10);
	ink = pixThresholdToBinary(one, 160);
	assert_int_equal(pixClipToForeground(ink, NULL, &box), 0);
	boxGetGeometry(box, &bx, &by, &w, &h);
	pixRasterop(pix, x - w / 2, y - h / 2, w, h, PIX_SRC, one, bx, by);
	boxDestroy(&box);
	pixDestroy(&ink);
	pixDestroy(&one);
	ring(pix, x, y, RADIUS);
}

/* 印 with its middle at (x, y), in a ring. */
static void
seal(PIX *pix, int x, int y)
{
	bar(pix, x - 15, y - 13, 3, 27);
	bar(pix, x - 15, y - 1, 13, 3);
	bar(pix, x - 15, y + 11, 13, 3);
	for (int i = 0; i < 13; i++)
		bar(pix, x - 15 + i, y - 12 - i / 4, 2, 3);
	bar(pix, x + 2, y - 14, 3, 33);
	bar(pix, x + 2, y - 14, 13, 3);
	bar(pix, x + 12, y - 14, 3, 24);
	bar(pix, x + 8, y + 8, 7, 3);
	ring(pix, x, y, RADIUS);
}

/* What a drawn line becomes, ring by ring or as any other line is read. Takes pix. */
static void
expect(void **state, PIX *pix, const char *text, bool by_rings)
{
	struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf out = {0};
	int r;

	strip_of(&s, pix);
	r = ringed_read(*state, &s, pix, &w, NULL);
	assert_int_equal(r, by_rings);
	assert_int_equal(w.nlines, 1);
	words_tidy(&w);
	words_line_text(&w, &w.lines[0], &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, text);
	strip_free(&s);
	pixDestroy(&pix);
}

static void
numbers_in_rings_are_read(void **state)
{
	PIX *pix = blank(60, 60);

	number(pix, "29", 30, 30);
	expect(state, pix, "㉙", true);
	pix = blank(420, 60);
	number(pix, "26", 30, 30);
	number(pix, "30", 95, 30);
	paste(pix, "01-houmon-kaigo-keikaku", "生年月日", 140, 11);
	expect(state, pix, "㉖㉚生年月日", true);
}

/* Here a seal is set. */
static void
words_in_rings_are_read(void **state)
{
	PIX *pix = blank(420, 80);

	paste(pix, "01-houmon-kaigo-keikaku", "生年月日", 10, 21);
	seal(pix, 300, 40);
	expect(state, pix, "生年月日㊞", true);
}

/* The model knows it: the line is read once. */
static void
known_rings_are_read_with_their_line(void **state)
{
	PIX *pix = blank(300, 60);

	number(pix, "12", 30, 30);
	paste(pix, "01-houmon-kaigo-keikaku", "生年月日", 75, 11);
	expect(state, pix, "⑫生年月日", false);
}

/* A square in a square is 回, an empty ring a choice. */
static void
other_shapes_are_none(void **state)
{
	PIX *pix = blank(260, 80);
	struct box found[RINGED_MOST];

	frame(pix, 15, 15, 50, 50, 4);
	frame(pix, 30, 30, 20, 20, 4);
	ring(pix, 120, 40, RADIUS);
	assert_int_equal(ringed_find(pix, found), 0);
	number(pix, "12", 200, 40);
	assert_int_equal(ringed_find(pix, found), 1);
	assert_in_range(found[0].x, 170, 180);
	pixDestroy(&pix);
}

/* Two digits are wider than one: a network that loses one is not believed. */
static void
what_is_in_a_ring_is_measured(void **state)
{
	PIX *pix = blank(60, 60), *inside;
	double shape;

	number(pix, "22", 30, 30);
	inside = ringed_inside(pix, (struct box){4, 4, 53, 53}, 1, &shape);
	assert_non_null(inside);
	assert_true(shape > 0.85 && shape < 1.6);
	pixDestroy(&inside);
	pixDestroy(&pix);
}

/* 1 as typefaces draw it that give it a foot. */
static void
one_on_foot(PIX *pix, int x, int y)
{
	bar(pix, x - 1, y - 13, 4, 27);
	bar(pix, x - 7, y - 11, 7, 3);
	bar(pix, x - 8, y + 11, 18, 3);
}

/* It is as wide as two digits without one, but for its stroke. */
static void
one_with_a_foot_is_narrow(void **state)
{
	static const struct box rings[] = {{14, 14, 53, 53}, {114, 14, 53, 53}};
	PIX *pix = blank(220, 80), *inside;
	double shape[2];

	(void)state;
	one_on_foot(pix, 40, 40);
	ring(pix, 40, 40, RADIUS);
	one_on_foot(pix, 132, 40);
	one_on_foot(pix, 150, 40);
	ring(pix, 140, 40, RADIUS);
	for (size_t i = 0; i < 2; i++) {
		inside = ringed_inside(pix, rings[i], 1, &shape[i]);
		assert_non_null(inside);
		pixDestroy(&inside);
	}
	assert_true(shape[0] < 0.5);
	assert_true(shape[1] > 0.9);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(numbers_in_rings_are_read),
	    cmocka_unit_test(words_in_rings_are_read),
	    cmocka_unit_test(known_rings_are_read_with_their_line),
	    cmocka_unit_test(other_shapes_are_none),
	    cmocka_unit_test(what_is_in_a_ring_is_measured),
	    cmocka_unit_test(one_with_a_foot_is_narrow),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
