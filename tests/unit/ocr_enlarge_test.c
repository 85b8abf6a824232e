/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures made larger: nothing moves, paper stays even, strokes stay apart. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/enlarge.h"
#include "ocr/prepare.h"
#include "ocr_draw.h"

#define SIDE 90 /* pixels */
#define PAPER 230
#define INK 30

static const double factors[] = {1.5, 2, 2.73, 3, 4};

#define FACTORS (sizeof factors / sizeof *factors)

static PIX *
picture(void)
{
	PIX *pix = pixCreate(SIDE, SIDE, 8);

	assert_non_null(pix);
	pixSetAllArbitrary(pix, PAPER);
	return pix;
}

static void
paper_stays_even(void **state)
{
	for (size_t i = 0; i < FACTORS; i++) {
		PIX *pix = picture(), *large = enlarge_grey(pix, factors[i]);

		assert_non_null(large);
		for (int y = 0; y < pixGetHeight(large); y++)
			for (int x = 0; x < pixGetWidth(large); x++)
				assert_int_equal(pixel_at(large, x, y), PAPER);
		pixDestroy(&pix);
		pixDestroy(&large);
	}
}

/* Places in a page are found again by its scale alone. */
static void
what_is_in_the_middle_stays_there(void **state)
{
	for (size_t i = 0; i < FACTORS; i++) {
		PIX *pix = picture(), *large;
		int w, h;

		patch(pix, SIDE / 2 - 2, 0, 4, SIDE, INK);
		patch(pix, 0, SIDE / 2 - 1, SIDE, 2, INK);
		large = enlarge_grey(pix, factors[i]);
		assert_non_null(large);
		w = pixGetWidth(large);
		h = pixGetHeight(large);
		assert_int_equal(w, (int)(SIDE * factors[i] + 0.5));
		if (w >
		    (int)(SIDE * factors[i])) /* no mirror image: a part of a pixel is missing */
			w = h = 0;
		for (int y = 0; y < h; y++)
			for (int x = 0; x < w; x++) {
				const int v = (int)pixel_at(large, x, y);

				assert_in_range(v - (int)pixel_at(large, w - 1 - x, y) + 2, 0, 4);
				assert_in_range(v - (int)pixel_at(large, x, h - 1 - y) + 2, 0, 4);
			}
		pixDestroy(&pix);
		pixDestroy(&large);
	}
}

/* Two hairlines a pixel apart, as in a small letter at 100 dpi. */
static void
strokes_stay_apart(void **state)
{
	PIX *pix = picture(), *large;

	patch(pix, 40, 10, 1, 60, INK);
	patch(pix, 42, 10, 1, 60, INK);
	large = enlarge_grey(pix, 3);
	assert_non_null(large);
	assert_in_range(pixel_at(large, 121, 120), 0, 70);
	assert_in_range(pixel_at(large, 124, 120), 160, 255);
	assert_in_range(pixel_at(large, 127, 120), 0, 70);
	for (int x = 110; x < 140; x++) /* no halo that could be taken for paper of its own */
		assert_in_range(pixel_at(large, x, 120), INK, PAPER + 12);
	pixDestroy(&pix);
	pixDestroy(&large);
}

static void
other_pictures_are_refused(void **state)
{
	PIX *bits = pixCreate(SIDE, SIDE, 1), *colour = pixCreate(SIDE, SIDE, 32);

	assert_null(enlarge_grey(bits, 2));
	assert_null(enlarge_grey(colour, 2));
	pixDestroy(&bits);
	pixDestroy(&colour);
}

/* A page of 100 dpi comes in the size of 300 and is not moved. */
static void
pages_are_not_moved(void **state)
{
	struct page p = {
	    .pix = pixCreate(827, 1170, 8), .width = 827, .height = 1170, .reduce = 1, .dpi = 100};
	struct sheet s;
	int w;

	assert_non_null(p.pix);
	pixSetAllArbitrary(p.pix, 255);
	patch(p.pix, 412, 300, 3, 400, INK);
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	w = pixGetWidth(s.grey);
	assert_int_equal(w, 2481);
	for (int x = 0; x < w / 2; x++)
		assert_in_range(
		    (int)pixel_at(s.grey, x, 1500) - (int)pixel_at(s.grey, w - 1 - x, 1500) + 2, 0,
		    4);
	sheet_free(&s);
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(paper_stays_even),
	    cmocka_unit_test(what_is_in_the_middle_stays_there),
	    cmocka_unit_test(strokes_stay_apart),
	    cmocka_unit_test(other_pictures_are_refused),
	    cmocka_unit_test(pages_are_not_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
