/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Red ink as large as a seal: words in a frame and single letters are print, seals are not. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/seals_print.h"
#include "ocr_draw.h"

#define DPI 300
#define X 200 /* of the piece of ink */
#define Y 200
#define SIDE 140 /* 12 mm */

struct inks {
	PIX *red, *black;
};

static void
ink(PIX *pix, int x, int y, int w, int h)
{
	pixRasterop(pix, x, y, w, h, PIX_SET, NULL, 0, 0);
}

static void
edge(PIX *pix, int w, int h, int thick)
{
	ink(pix, X, Y, w, thick);
	ink(pix, X, Y + h - thick, w, thick);
	ink(pix, X, Y, thick, h);
	ink(pix, X + w - thick, Y, thick, h);
}

/* Strokes of one letter, which leave its corners free. */
static void
letter(PIX *pix, int x, int y, int size)
{
	ink(pix, x + size / 2 - 4, y, 8, size);
	ink(pix, x, y + size / 4, size, 8);
	ink(pix, x + size / 8, y + size * 3 / 4, size * 3 / 4, 8);
}

static void
ring(PIX *pix, int size)
{
	for (double a = 0; a < 2 * M_PI; a += 0.005)
		ink(pix, (int)(X + size / 2.0 + (size / 2.0 - 5) * cos(a)) - 4,
		    (int)(Y + size / 2.0 + (size / 2.0 - 5) * sin(a)) - 4, 8, 8);
}

static struct inks
inks_new(void)
{
	return (struct inks){pixCreate(1000, 800, 1), pixCreate(1000, 800, 1)};
}

/* Whether the box of w × h stays among those of seals. Takes what s holds of black. */
static bool
is_left(struct inks *s, int w, int h)
{
	BOXA *boxes = boxaCreate(1);
	bool left;

	boxaAddBox(boxes, boxCreate(X, Y, w, h), L_INSERT);
	assert_int_equal(seals_spare_print(s->red, s->black, DPI, boxes), 0);
	left = boxaGetCount(boxes) == 1;
	boxaDestroy(&boxes);
	return left;
}

static bool
is_red(const struct inks *s, int x, int y)
{
	l_uint32 v = 0;

	pixGetPixel(s->red, x, y, &v);
	return v != 0;
}

static void
forget(struct inks *s)
{
	pixDestroy(&s->red);
	pixDestroy(&s->black);
}

static void
a_frame_goes_and_its_word_stays(void **state)
{
	struct inks s = inks_new();

	edge(s.red, 260, SIDE, 8);
	letter(s.red, X + 30, Y + 30, 80);
	letter(s.red, X + 150, Y + 30, 80);
	assert_true(is_left(&s, 260, SIDE));
	assert_true(is_red(&s, X + 100, Y + 3));
	assert_true(is_red(&s, X + 257, Y + 70));
	assert_false(is_red(&s, X + 70, Y + 70));
	assert_false(is_red(&s, X + 190, Y + 70));
	forget(&s);
}

/* Askew, but for half a degree, and with round corners. */
static void
a_frame_may_lie_askew(void **state)
{
	struct inks s = inks_new();

	for (int i = 16; i < 244; i++) {
		ink(s.red, X + i, Y + i / 100, 1, 8);
		ink(s.red, X + i, Y + SIDE - 10 + i / 100, 1, 8);
	}
	ink(s.red, X, Y + 16, 8, SIDE - 32);
	ink(s.red, X + 252, Y + 16, 8, SIDE - 32);
	for (int i = 0; i < 17; i++) {
		ink(s.red, X + i, Y + 16 - i, 8, 8);
		ink(s.red, X + i, Y + SIDE - 24 + i, 8, 8);
		ink(s.red, X + 252 - i, Y + 16 - i, 8, 8);
		ink(s.red, X + 252 - i, Y + SIDE - 24 + i, 8, 8);
	}
	letter(s.red, X + 30, Y + 30, 80);
	letter(s.red, X + 150, Y + 30, 80);
	assert_true(is_left(&s, 260, SIDE));
	assert_false(is_red(&s, X + 70, Y + 70));
	forget(&s);
}

static void
a_single_letter_is_print(void **state)
{
	struct inks s = inks_new();

	letter(s.red, X, Y, SIDE);
	assert_false(is_left(&s, SIDE, SIDE));
	assert_true(is_red(&s, X + SIDE / 2, Y + 10));
	forget(&s);
}

static void
round_and_square_seals_stay_seals(void **state)
{
	struct inks s = inks_new();

	ring(s.red, SIDE);
	letter(s.red, X + 40, Y + 40, 60);
	assert_true(is_left(&s, SIDE, SIDE));
	assert_true(is_red(&s, X + 70, Y + 70));
	forget(&s);
	s = inks_new();
	edge(s.red, SIDE, SIDE, 8);
	letter(s.red, X + 30, Y + 30, 80);
	assert_true(is_left(&s, SIDE, SIDE));
	assert_true(is_red(&s, X + 70, Y + 70));
	forget(&s);
}

/* Whatever is left of it: the print below it must be read. */
static void
what_lies_over_print_is_a_seal(void **state)
{
	struct inks s = inks_new();

	letter(s.red, X, Y, SIDE);
	letter(s.black, X + 50, Y + 50, 40);
	assert_true(is_left(&s, SIDE, SIDE));
	forget(&s);
	s = inks_new();
	edge(s.red, 260, SIDE, 8);
	letter(s.red, X + 30, Y + 30, 80);
	letter(s.black, X + 150, Y + 50, 40);
	assert_true(is_left(&s, 260, SIDE));
	assert_true(is_red(&s, X + 70, Y + 70));
	forget(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_frame_goes_and_its_word_stays),
	    cmocka_unit_test(a_frame_may_lie_askew),
	    cmocka_unit_test(a_single_letter_is_print),
	    cmocka_unit_test(round_and_square_seals_stay_seals),
	    cmocka_unit_test(what_lies_over_print_is_a_seal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
