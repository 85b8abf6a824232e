/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes are found however they lie, and pages without any are not searched for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/codes.h"
#include "ocr/codes_hint.h"
#include "ocr/pixels.h"

#define SIDE 1400 /* sheet pixels; the picture that codes are read in is half as large */

/* "FUMIKURA-1", 21 modules a row. */
static const uint32_t qr[21] = {0x1fc17f, 0x105b41, 0x17435d, 0x174d5d, 0x175d5d, 0x104d41,
    0x1fd57f, 0x000300, 0x154a12, 0x1b9460, 0x0ef119, 0x148876, 0x144972, 0x00169b, 0x1fc6d5,
    0x104394, 0x1752e3, 0x17486e, 0x175d35, 0x10447f, 0x1fdd71};

/* "AB12" in Code 128 B: widths of bars and spaces in turn. */
static const char bars[] = "211214111323131123123221223211221132" /* start, A, B, 1, 2, sum */
			   "2331112";

static PIX *
paper(void)
{
	PIX *pix = pixCreate(SIDE, SIDE, 8);

	assert_non_null(pix);
	pixSetAllArbitrary(pix, 245);
	return pix;
}

static void
fill(PIX *pix, double x, double y, double w, double h)
{
	BOX *box = boxCreate((int)(x + 0.5), (int)(y + 0.5), (int)(x + w + 0.5) - (int)(x + 0.5),
	    (int)(y + h + 0.5) - (int)(y + 0.5));

	pixSetInRectArbitrary(pix, box, 30);
	boxDestroy(&box);
}

/* module: sheet pixels */
static PIX *
with_qr(double module)
{
	PIX *pix = paper();

	for (int y = 0; y < 21; y++)
		for (int x = 0; x < 21; x++)
			if (qr[y] >> (20 - x) & 1)
				fill(pix, 500 + x * module, 500 + y * module, module, module);
	return pix;
}

static PIX *
with_bars(double module, int high)
{
	PIX *pix = paper();
	double x = 500;

	for (size_t i = 0; bars[i] != '\0'; i++) {
		double w = (bars[i] - '0') * module;

		if (i % 2 == 0)
			fill(pix, x, 650, w, high);
		x += w;
	}
	return pix;
}

static bool
hinted(PIX *pix)
{
	PIX *half = pixels_mean_half(pix);
	const int w = pixGetWidth(half), h = pixGetHeight(half);
	uint8_t *rows = malloc((size_t)w * (size_t)h);
	bool found;

	assert_non_null(rows);
	for (int i = 0; i < w * h; i++)
		rows[i] =
		    (uint8_t)GET_DATA_BYTE(pixGetData(half) + pixGetWpl(half) * (i / w), i % w);
	found = codes_hint(rows, w, h);
	free(rows);
	pixDestroy(&half);
	return found;
}

/* Takes pix. Turned by quarters and then by radians the code is hinted at. */
static void
expect_hints(PIX *pix)
{
	static const float radians[] = {0, 0.01f, -0.2f, 0.5f, -0.75f};

	for (int quarters = 0; quarters < 4; quarters++)
		for (size_t i = 0; i < sizeof radians / sizeof *radians; i++) {
			PIX *turned = pixRotateOrth(pix, quarters), *aslant;

			aslant = pixRotateAMGray(turned, radians[i], 245);
			if (!hinted(aslant))
				fail_msg(
				    "no hint, turned by %d and %f", quarters, (double)radians[i]);
			pixDestroy(&turned);
			pixDestroy(&aslant);
		}
	pixDestroy(&pix);
}

static void
codes_are_hinted_at_however_they_lie(void **state)
{
	expect_hints(with_qr(4)); /* 0.34 mm */
	expect_hints(with_qr(11.3));
	/* so high that one straight line passes all bars of a code that lies aslant */
	expect_hints(with_bars(3, 200));
	expect_hints(with_bars(6.4, 400));
}

/* As on a sheet that divides documents: enlarged by a copier until its edges are ragged. */
static PIX *
with_large_bars(void)
{
	PIX *pix = paper();
	double x = 180;
	unsigned seed = 1;

	for (size_t i = 0; bars[i] != '\0'; i++) {
		double w = (bars[i] - '0') * 13.4;

		for (int y = 400; i % 2 == 0 && y < 1000; y += 6) {
			seed = seed * 1103515245u + 12345u;
			fill(pix, x + (seed >> 16) % 5, y, w - (seed >> 20) % 5, 6);
		}
		x += w;
	}
	return pix;
}

static void
large_ragged_bars_are_hinted_at(void **state)
{
	static const float radians[] = {0, 0.01f, -0.03f, 0.05f};

	for (int quarters = 0; quarters < 4; quarters++)
		for (size_t i = 0; i < sizeof radians / sizeof *radians; i++) {
			PIX *pix = with_large_bars(), *turned = pixRotateOrth(pix, quarters);
			PIX *aslant = pixRotateAMGray(turned, radians[i], 245);

			if (!hinted(aslant))
				fail_msg(
				    "no hint, turned by %d and %f", quarters, (double)radians[i]);
			pixDestroy(&pix);
			pixDestroy(&turned);
			pixDestroy(&aslant);
		}
}

static void
expect_read(PIX *pix, const char *type, const char *data)
{
	struct codes c = {0};

	assert_int_equal(codes_find(pix, &c), 0);
	assert_int_equal(c.n, 1);
	assert_string_equal(c.code[0].type, type);
	assert_string_equal(c.code[0].data, data);
	codes_free(&c);
	pixDestroy(&pix);
}

static void
codes_are_read(void **state)
{
	expect_read(with_qr(4), "QR-Code", "FUMIKURA-1");
	expect_read(with_bars(4, 60), "CODE-128", "AB12"); /* 5 mm high */
	expect_read(with_large_bars(), "CODE-128", "AB12");
}

/* Rows of strokes as letters have them, and the narrow columns of a time-table. */
static void
print_and_tables_are_no_codes(void **state)
{
	PIX *pix = paper();
	unsigned seed = 1;

	for (int y = 60; y < 800; y += 70)
		for (int x = 60; x < 1340; x += 46)
			for (int i = 0; i < 9; i++) {
				seed = seed * 1103515245u + 12345u;
				if (seed >> 31)
					fill(pix, x + (seed >> 8) % 36, y, 4,
					    14 + (seed >> 16) % 26);
				else
					fill(pix, x, y + (seed >> 8) % 36, 14 + (seed >> 16) % 26,
					    4);
			}
	for (int x = 100; x < 1300; x += 30)
		fill(pix, x, 900, 3, 400);
	for (int y = 900; y <= 1300; y += 80)
		fill(pix, 100, y, 1200, 3);
	assert_false(hinted(pix));
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(codes_are_hinted_at_however_they_lie),
	    cmocka_unit_test(large_ragged_bars_are_hinted_at),
	    cmocka_unit_test(codes_are_read),
	    cmocka_unit_test(print_and_tables_are_no_codes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
