/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that end in ruled lines keep their ends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "ocr/strokes.h"

/* Half-size pixels: a line from 100 to 105, with the fringe that lines are found with. */
#define TOP 100
#define THICK 6

static void
fill(PIX *pix, int x, int y, int w, int h)
{
	pixRasterop(pix, x, y, w, h, PIX_SET, NULL, 0, 0);
}

static int
count(PIX *pix, int x, int y, int w, int h)
{
	BOX *box = boxCreate(x, y, w, h);
	PIX *part = pixClipRectangle(pix, box, NULL);
	l_int32 n = 0;

	pixCountPixels(part, &n, NULL);
	pixDestroy(&part);
	boxDestroy(&box);
	return n;
}

struct drawing {
	PIX *ink, *rules, *strokes;
};

static struct drawing
draw(void)
{
	struct drawing d = {.ink = pixCreate(400, 200, 1), .rules = pixCreate(400, 200, 1)};

	fill(d.ink, 20, TOP, 360, THICK);
	fill(d.rules, 20, TOP - 1, 360, THICK + 2);
	fill(d.ink, 20, 20, 4, 160);
	fill(d.rules, 19, 20, 6, 160);
	return d;
}

static void
find(struct drawing *d)
{
	d->strokes = strokes_in_rules(d->ink, d->rules);
	assert_non_null(d->strokes);
}

static void
close_drawing(struct drawing *d)
{
	pixDestroy(&d->ink);
	pixDestroy(&d->rules);
	pixDestroy(&d->strokes);
}

/* A tail that ends in the line goes on to its middle, one that comes out below all through it. */
static void
tails_go_into_the_line(void **state)
{
	struct drawing d = draw();

	fill(d.ink, 60, 70, 20, 20);
	fill(d.ink, 68, 90, 4, 11);
	fill(d.ink, 160, 70, 4, 60);
	fill(d.ink, 150, 70, 24, 4);
	fill(d.ink, 150, 126, 24, 4);
	fill(d.ink, 260, TOP + THICK, 4, 30);
	fill(d.ink, 250, 126, 24, 4);
	find(&d);
	assert_int_equal(count(d.strokes, 68, TOP, 4, THICK / 2), 4 * THICK / 2);
	assert_int_equal(count(d.strokes, 68, TOP + THICK / 2 + 1, 4, THICK), 0);
	assert_int_equal(count(d.strokes, 160, TOP, 4, THICK), 4 * THICK);
	assert_int_equal(count(d.strokes, 260, TOP, 4, THICK / 2 - 1), 0);
	assert_int_equal(count(d.strokes, 260, TOP + THICK / 2, 4, THICK / 2), 4 * THICK / 2);
	assert_in_range(strokes_reach(d.strokes, 60, TOP - 2, 20, 1), 4, 5);
	assert_int_equal(strokes_reach(d.strokes, 100, TOP - 2, 20, 1), 0);
	close_drawing(&d);
}

/* Feet along the line, its fringe and the rule that crosses it are no ends of strokes. */
static void
feet_and_rules_give_nothing(void **state)
{
	struct drawing d = draw();

	fill(d.ink, 60, 80, 20, 20);
	fill(d.ink, 160, TOP - 2, 3, 2);
	find(&d);
	assert_int_equal(count(d.strokes, 0, 0, 400, 200), 0);
	close_drawing(&d);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tails_go_into_the_line),
	    cmocka_unit_test(feet_and_rules_give_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
