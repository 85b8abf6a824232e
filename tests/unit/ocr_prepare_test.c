/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page preparation: streaks of a dirty glass, pale print, seals, sizes, grain. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/findings.h"
#include "ocr/page_colour.h"
#include "ocr/prepare.h"
#include "ocr/seals.h"
#include "ocr/streaks.h"
#include "ocr_draw.h"
#include "ocr_paper.h"

static void
streaks_are_healed(void **state)
{
	PIX *pix = paper(240);

	print(pix, 40);
	patch(pix, 1001, 0, 3, H, 180);   /* over gaps and letters */
	patch(pix, 700, 1000, 80, 3, 40); /* a stroke that a streak crosses */
	patch(pix, 741, 0, 1, H, 150);
	assert_int_equal(streaks_heal(pix), 2);
	assert_int_equal(pixel_at(pix, 1002, 100), 240);
	assert_int_equal(pixel_at(pix, 741, 100), 240);
	assert_int_equal(pixel_at(pix, 741, 1001), 40);
	pixDestroy(&pix);
}

static void
lying_streaks_are_healed(void **state)
{
	PIX *pix = paper(240);

	print(pix, 40);
	patch(pix, 0, 1545, W, 2, 170); /* between lines of text */
	assert_int_equal(streaks_heal(pix), 1);
	assert_int_equal(pixel_at(pix, 100, 1546), 240);
	pixDestroy(&pix);
}

/* A table's lines end before the paper does; a small picture may be cut out of a table. */
static void
ruled_lines_stay(void **state)
{
	PIX *pix = paper(240), *small = pixCreate(900, 600, 8);

	patch(pix, 800, 120, 3, H - 240, 60);
	patch(pix, 120, 900, W - 240, 3, 60);
	assert_int_equal(streaks_heal(pix), 0);
	assert_int_equal(pixel_at(pix, 801, 1700), 60);
	pixSetAllArbitrary(small, 240);
	patch(small, 300, 0, 3, 600, 60);
	assert_int_equal(streaks_heal(small), 0);
	pixDestroy(&small);
	pixDestroy(&pix);
}

/* Print as pale as shows through elsewhere is ink when the page has no darker. */
static void
pale_print_is_ink(void **state)
{
	struct page p = {.width = W, .height = H, .reduce = 1, .dpi = 300};
	struct sheet s = {0};
	l_int32 dark = 0, pale = 0;

	p.pix = paper(225);
	print(p.pix, 40);
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	pixCountPixels(s.half, &dark, NULL);
	assert_int_equal(pixel_at(s.grey, 100, 100), 255); /* paper is white */
	sheet_free(&s);
	print(p.pix, 178); /* in its place */
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	pixCountPixels(s.half, &pale, NULL);
	assert_true(pale > dark * 9 / 10 && pale < dark * 11 / 10);
	sheet_free(&s);
	pixDestroy(&p.pix);
}

static void
colour_fill(PIX *pix, int x, int y, int w, int h, int r, int g, int b)
{
	BOX *box = boxCreate(x, y, w, h);
	l_uint32 v = 0;

	composeRGBPixel(r, g, b, &v);
	pixSetInRectArbitrary(pix, box, v);
	boxDestroy(&box);
}

/* As pages come that are read. */
static PIX *
take_apart(PIX *colour, PIX **ret_red, PIX **ret_black)
{
	PIX *grey = pixCreate(W, H, 8), *picture;
	struct page_colour *c = page_colour_new(grey, true);
	static uint8_t row[3 * W];

	assert_non_null(c);
	for (int y = 0; y < H; y++) {
		const l_uint32 *line = pixGetData(colour) + (size_t)y * W;

		for (int i = 0; i < 3 * W; i++)
			row[i] = (uint8_t)(line[i / 3] >> (24 - i % 3 * 8));
		assert_int_equal(page_colour_row(c, row), 0);
	}
	page_colour_take(c, &picture, ret_red, ret_black);
	page_colour_free(c);
	pixDestroy(&picture);
	return grey;
}

/* A red frame of 12 mm goes to a picture of its own, the black print under it and red writing stay.
 */
static void
seals_are_lifted(void **state)
{
	PIX *colour = pixCreate(W, H, 32), *grey, *red, *black, *seals = NULL, *same;
	l_int32 equal;

	pixSetAllArbitrary(colour, 0xffffff00);
	colour_fill(colour, 1000, 1000, 140, 10, 200, 60, 60);
	colour_fill(colour, 1000, 1130, 140, 10, 200, 60, 60);
	colour_fill(colour, 1000, 1000, 10, 140, 200, 60, 60);
	colour_fill(colour, 1130, 1000, 10, 140, 200, 60, 60);
	colour_fill(colour, 900, 1060, 400, 12, 30, 25, 25); /* black print across it */
	for (int y = 2000; y < 2400; y += 45)                /* a dense block of red text */
		for (int x = 300; x < 800; x += 34)
			colour_fill(colour, x, y, 30, 34, 200, 50, 50);
	for (int x = 300; x < 800; x += 45) /* red writing */
		colour_fill(colour, x, 500, 30, 36, 200, 50, 50);
	for (int x = 300; x < 480; x += 90) { /* two large red characters, as 重要 */
		colour_fill(colour, x, 700, 80, 14, 200, 50, 50);
		colour_fill(colour, x + 33, 700, 14, 80, 200, 50, 50);
	}
	grey = take_apart(colour, &red, &black);
	same = pixCopy(NULL, grey);
	assert_int_equal(seals_lift(red, black, 300, grey, &seals), 0);
	assert_non_null(seals);
	/* also where nobody wants to see them */
	assert_int_equal(seals_lift(red, black, 300, same, NULL), 0);
	pixEqual(same, grey, &equal);
	assert_true(equal);
	assert_int_equal(pixel_at(grey, 1070, 1005), 255);
	assert_true(pixel_at(seals, 1070, 1005) < 160);
	assert_true(pixel_at(grey, 1005, 1065) < 60);
	assert_true(pixel_at(grey, 310, 510) < 160);
	assert_int_equal(pixel_at(seals, 310, 510), 255);
	assert_true(pixel_at(grey, 310, 705) < 160);
	assert_int_equal(pixel_at(seals, 310, 705), 255);
	assert_true(pixel_at(grey, 310, 2010) < 160);
	assert_int_equal(pixel_at(seals, 310, 2010), 255);
	pixDestroy(&seals);
	pixDestroy(&same);
	pixDestroy(&grey);
	pixDestroy(&red);
	pixDestroy(&black);
	/* nothing red, nothing lifted */
	pixSetAllArbitrary(colour, 0xf0e8d000);
	grey = take_apart(colour, &red, &black);
	assert_int_equal(seals_lift(red, black, 300, grey, &seals), 0);
	assert_null(seals);
	pixDestroy(&colour);
	pixDestroy(&grey);
	pixDestroy(&red);
	pixDestroy(&black);
}

/* Nothing is too small, too long or too thin to be a sheet, in grey or colour. */
static void
any_size_is_a_sheet(void **state)
{
	static const int sizes[][2] = {
	    {1, 1}, {1, 3000}, {3000, 1}, {3, 3}, {40, 40}, {70, 20}, {200, 5}, {1700, 1700}};

	for (size_t i = 0; i < 2 * sizeof sizes / sizeof *sizes; i++) {
		const int *size = sizes[i / 2], depth = i % 2 == 0 ? 8 : 32;
		struct page p = {.width = size[0], .height = size[1], .reduce = 1};

		for (p.dpi = 50; p.dpi <= 2400; p.dpi = p.dpi * 7 / 2) {
			struct sheet s = {0};

			p.pix = pixCreate(size[0], size[1], depth);
			pixSetAllArbitrary(p.pix, depth == 8 ? 70 : 0xc8303000);
			assert_int_equal(sheet_new(&p, 90, &s), 0);
			sheet_free(&s);
			pixDestroy(&p.pix);
		}
	}
}

/* Width of the sheet made of a page this wide, of letters of this size. */
static int
sheet_width(int w, int h, int letter)
{
	struct page p = {.width = w, .height = h, .dpi = 300, .reduce = 1};
	struct sheet s = {0};
	int width;

	p.pix = pixCreate(w, h, 8);
	pixSetAllArbitrary(p.pix, 240);
	for (int y = letter; y < h - letter; y += 2 * letter)
		for (int x = letter; x < w - letter; x += letter * 3 / 2)
			patch(p.pix, x, y, letter, letter, 30);
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	width = pixGetWidth(s.grey);
	assert_float_equal(s.scale, (double)width / w, 0.001);
	sheet_free(&s);
	pixDestroy(&p.pix);
	return width;
}

/* A receipt off a screen has no resolution but one that was guessed, and letters of ten pixels. A
 * sheet of A4 size is as large as it says, however small its print. */
static void
small_print_of_small_pages_is_enlarged(void **state)
{
	assert_in_range(sheet_width(378, 844, 10), 1000, 1250);
	assert_int_equal(sheet_width(378, 844, 7), 4 * 378);
	assert_int_equal(sheet_width(378, 844, 5), 378); /* dotted lines */
	assert_int_equal(sheet_width(378, 844, 30), 378);
	assert_int_equal(sheet_width(W, H, 20), W);
}

/* Squares of this side thrown at random on a page at half its size, of which they cover so much. */
static PIX *
grain(int side, int percent)
{
	PIX *pix = pixCreate(W / 2, H / 2, 1);
	uint32_t state = 12345;

	for (int y = 0; y < H / 2; y += side)
		for (int x = 0; x < W / 2; x += side) {
			state = state * 1664525u + 1013904223u;
			if ((state >> 16) % 100 < (uint32_t)percent)
				patch(pix, x, y, side, side, 1);
		}
	return pix;
}

/* However coarse or thick it is: the engine would take minutes over a page of it. */
static void
grain_is_noise(void **state)
{
	static const int grains[][2] = {
	    {1, 4}, {1, 18}, {1, 59}, {1, 94}, {2, 10}, {2, 30}, {3, 20}};

	for (size_t i = 0; i < sizeof grains / sizeof *grains; i++) {
		struct sheet s = {.half = grain(grains[i][0], grains[i][1])};

		if (!findings_noise(&s))
			fail_msg("%d px, %d %%", grains[i][0], grains[i][1]);
		pixDestroy(&s.half);
	}
}

/* Grey paper of so much grain with ink, and soft strokes paler than it, at 2 mm from each other. */
static PIX *
soft_print(int grain)
{
	PIX *pix = paper(216);
	unsigned seed = 1;

	for (int y = 0; y < H; y++)
		for (int x = 0; x < W; x++) {
			unsigned v = 216 - (unsigned)grain;

			for (int i = 0; i < 2; i++) { /* most of it near to paper */
				seed = seed * 1103515245u + 12345u;
				v += (seed >> 16) % (unsigned)grain;
			}
			pixSetPixel(pix, x, y, v);
		}
	print(pix, 60);
	for (int x = 272; x < W - 250; x += 45)
		patch(pix, x, 1000, 4, 100, 196);
	return pix;
}

static unsigned
soft_stroke(int grain)
{
	struct page p = {
	    .pix = soft_print(grain), .width = W, .height = H, .reduce = 1, .dpi = SHEET_DPI};
	struct sheet s;
	unsigned v;

	assert_int_equal(sheet_new(&p, 0, &s), 0);
	assert_int_equal(pixel_at(s.grey, 264 + 20 * 45, 1054), 255); /* paper between letters */
	v = pixel_at(s.grey, 274 + 20 * 45, 1054);
	sheet_free(&s);
	pixDestroy(&p.pix);
	return v;
}

/* Letters of low resolution are mostly rims, hardly darker than grain is on other paper. */
static void
soft_strokes_outlast_even_paper(void **state)
{
	const unsigned even = soft_stroke(3);

	assert_in_range(even, 0, 248);
	assert_in_range(soft_stroke(22), even + 1, 255);
}

/* Print is read though grain lies over all of the page, and as small as print gets. */
static void
print_in_grain_is_none(void **state)
{
	struct sheet dusty = {.half = grain(2, 8)}, small = {.half = pixCreate(W / 2, H / 2, 1)};
	l_int32 pieces = 0;

	for (int y = 150; y < H / 2 - 150; y += 45)
		for (int x = 120; x < W / 2 - 120; x += 25)
			patch(dusty.half, x, y, 18, 18, 1);
	pixCountConnComp(dusty.half, 8, &pieces);
	assert_true(pieces > 20000);
	assert_false(findings_noise(&dusty));
	for (int y = 60; y < H / 2 - 60; y += 14) /* 6 points, two pieces a letter */
		for (int x = 60; x < W / 2 - 60; x += 12) {
			patch(small.half, x, y, 3, 9, 1);
			patch(small.half, x + 5, y, 4, 9, 1);
		}
	pixCountConnComp(small.half, 8, &pieces);
	assert_true(pieces > 20000);
	assert_false(findings_noise(&small));
	pixDestroy(&dusty.half);
	pixDestroy(&small.half);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(streaks_are_healed),
	    cmocka_unit_test(lying_streaks_are_healed),
	    cmocka_unit_test(ruled_lines_stay),
	    cmocka_unit_test(pale_print_is_ink),
	    cmocka_unit_test(seals_are_lifted),
	    cmocka_unit_test(any_size_is_a_sheet),
	    cmocka_unit_test(small_print_of_small_pages_is_enlarged),
	    cmocka_unit_test(soft_strokes_outlast_even_paper),
	    cmocka_unit_test(grain_is_noise),
	    cmocka_unit_test(print_in_grain_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
