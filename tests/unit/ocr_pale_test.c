/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Light print on pale fields becomes dark on white; dark print, heavy letters and paper do not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/pale.h"
#include "ocr_draw.h"

#define X 100 /* of the field */
#define Y 200
#define WIDE 600
#define HIGH 80

/* Strokes of four letters of 40 pixels, in one grey, from (x, y) on. */
static void
letters(PIX *pix, int x, int y, int thick, int grey)
{
	for (int i = 0; i < 4; i++, x += 50) {
		patch(pix, x, y + 20 - thick / 2, 40, thick, grey);
		patch(pix, x + 20 - thick / 2, y, thick, 40, grey);
	}
}

static int
count_fields(PIX *pix, PIX **ret)
{
	int n = pale_fields(pix, ret);

	pixDestroy(&pix);
	return n;
}

static void
light_print_on_a_pale_field_becomes_dark(void **state)
{
	static const int grounds[] = {160, 190, 210};

	for (size_t i = 0; i < sizeof grounds / sizeof *grounds; i++) {
		PIX *pix = blank(1000, 600), *turned;
		l_uint32 stroke, ground, paper;

		patch(pix, X, Y, WIDE, HIGH, grounds[i]);
		letters(pix, X + 50, Y + 20, 6, 255);
		assert_int_equal(count_fields(pix, &turned), 1);
		pixGetPixel(turned, X + 70, Y + 40, &stroke);
		pixGetPixel(turned, X + 400, Y + 40, &ground);
		pixGetPixel(turned, 50, 50, &paper);
		assert_int_equal(stroke, 0);
		assert_int_equal(ground, 255);
		assert_int_equal(paper, 255);
		pixDestroy(&turned);
	}
}

static void
a_field_may_fade_along_its_width(void **state)
{
	PIX *pix = blank(1000, 600), *turned;
	l_uint32 v;

	for (int x = 0; x < WIDE; x += 10)
		patch(pix, X + x, Y, 10, HIGH, 150 + 60 * x / WIDE);
	letters(pix, X + 20, Y + 20, 6, 255);
	letters(pix, X + 380, Y + 20, 6, 255);
	assert_int_equal(count_fields(pix, &turned), 1);
	pixGetPixel(turned, X + 40, Y + 40, &v);
	assert_int_equal(v, 0);
	pixGetPixel(turned, X + 400, Y + 40, &v);
	assert_int_equal(v, 0);
	pixGetPixel(turned, X + 300, Y + 40, &v);
	assert_in_range(v, 200, 255);
	pixDestroy(&turned);
}

/* Its strokes are wider than those that divide no field. */
static void
a_heavy_letter_is_turned_whole(void **state)
{
	PIX *pix = blank(1000, 600), *turned;
	l_uint32 v;

	patch(pix, X, Y, WIDE, HIGH, 170);
	patch(pix, X + 60, Y + 22, 40, 34, 255);
	assert_int_equal(count_fields(pix, &turned), 1);
	for (int i = 0; i < 34; i += 3) {
		pixGetPixel(turned, X + 62 + i, Y + 24 + i / 2, &v);
		assert_int_equal(v, 0);
	}
	pixDestroy(&turned);
}

static void
what_is_read_as_it_is_stays_out(void **state)
{
	PIX *pix = blank(1000, 600), *turned;

	patch(pix, X, Y, WIDE, HIGH, 190); /* dark print on shaded paper */
	letters(pix, X + 50, Y + 20, 6, 40);
	assert_int_equal(count_fields(pix, &turned), 0);
	assert_null(turned);
	pix = blank(1000, 600); /* nothing on it */
	patch(pix, X, Y, WIDE, HIGH, 190);
	assert_int_equal(count_fields(pix, &turned), 0);
	pix = blank(1000, 600); /* heavy letters close to each other */
	for (int i = 0; i < 3; i++)
		letters(pix, X + 200 * i, Y, 26, 60);
	assert_int_equal(count_fields(pix, &turned), 0);
	pix = blank(30, 20);
	assert_int_equal(count_fields(pix, &turned), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(light_print_on_a_pale_field_becomes_dark),
	    cmocka_unit_test(a_field_may_fade_along_its_width),
	    cmocka_unit_test(a_heavy_letter_is_turned_whole),
	    cmocka_unit_test(what_is_read_as_it_is_stays_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
