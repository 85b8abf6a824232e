/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is done to many pixels at a time gives what Leptonica gives, pixel for pixel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/pixels.h"
#include "ocr/turn.h"

/* Pages, and pictures of few pixels whose rows end inside a word or a square. */
static const int sizes[][2] = {{1, 1}, {2, 2}, {3, 50}, {33, 70}, {23, 100}, {24, 24}, {25, 47},
    {100, 300}, {300, 100}, {629, 333}, {1240, 877}};

#define SIZES (sizeof sizes / sizeof *sizes)

static unsigned
next(unsigned *seed)
{
	*seed = *seed * 1103515245u + 12345u;
	return *seed >> 8;
}

/* Every grey, or paper that darkens to one side with blocks of ink and its grain. */
static PIX *
picture(size_t size, bool page)
{
	const int w = sizes[size][0], h = sizes[size][1];
	PIX *pix = pixCreate(w, h, 8);
	unsigned seed = (unsigned)size;

	assert_non_null(pix);
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			unsigned any = next(&seed);
			bool ink = (x / 40 + y / 50) % 5 == 0;

			any = !page ? any % 256
			      : ink ? any % 90
				    : 250 - any % 20 - (unsigned)(x * 60 / w);
			pixSetPixel(pix, x, y, any);
		}
	return pix;
}

/* Takes both. */
static void
expect_same(PIX *ours, PIX *theirs, const char *what, size_t size)
{
	l_int32 same = 0;

	if (ours != NULL && theirs != NULL)
		pixEqual(ours, theirs, &same);
	else
		same = ours == theirs;
	if (!same)
		fail_msg("%s of %d x %d differs", what, sizes[size][0], sizes[size][1]);
	pixDestroy(&ours);
	pixDestroy(&theirs);
}

static void
for_all(void (*check)(PIX *pix, size_t size))
{
	setMsgSeverity(L_SEVERITY_NONE);
	for (size_t i = 0; i < SIZES; i++)
		for (int page = 0; page < 2; page++) {
			PIX *pix = picture(i, page);

			check(pix, i);
			pixDestroy(&pix);
		}
}

static void
check_dark(PIX *pix, size_t size)
{
	static const int below[] = {0, 1, 80, 200, 255, 256};

	for (size_t i = 0; i < sizeof below / sizeof *below; i++)
		expect_same(pixels_dark(pix, below[i]), pixThresholdToBinary(pix, below[i]),
		    "threshold", size);
}

static void
dark_pixels_are_the_same(void **state)
{
	for_all(check_dark);
}

static void
check_halves(PIX *pix, size_t size)
{
	expect_same(pixels_darkest_half(pix), pixScaleGrayMinMax(pix, 2, 2, L_CHOOSE_MIN),
	    "darkest half", size);
	expect_same(pixels_mean_half(pix), pixScaleAreaMap2(pix), "mean half", size);
}

static void
halves_are_the_same(void **state)
{
	for_all(check_halves);
	for (size_t i = 0; i < SIZES; i++) {
		PIX *colour = pixCreate(sizes[i][0], sizes[i][1], 32);
		unsigned seed = 7;

		for (int k = 0; k < sizes[i][0] * sizes[i][1]; k++)
			pixGetData(colour)[k] = next(&seed) << 8;
		expect_same(pixels_mean_half(colour), pixScaleAreaMap2(colour), "RGB half", i);
		pixDestroy(&colour);
	}
}

static void
check_whiten(PIX *pix, size_t size)
{
	PIX *theirs = pixCopy(NULL, pix), *ours = pixCopy(NULL, pix), *mask, *full;
	PIX *half = pixScaleGrayMinMax(pix, 2, 2, L_CHOOSE_MIN);

	if (half != NULL) {
		mask = pixThresholdToBinary(half, 100);
		full = pixExpandReplicate(mask, 2);
		pixPaintThroughMask(theirs, full, 0, 0, 255);
		pixels_whiten(ours, mask);
		pixDestroy(&full);
		pixDestroy(&mask);
		pixDestroy(&half);
	}
	expect_same(ours, theirs, "painting white", size);
}

static void
painting_is_the_same(void **state)
{
	for_all(check_whiten);
}

static void
check_count(PIX *pix, size_t size)
{
	NUMA *theirs = pixGetGrayHistogram(pix, 3);
	unsigned ours[256];

	pixels_count(pix, 3, ours);
	for (int i = 0; i < 256; i++) {
		l_int32 n = -1;

		numaGetIValue(theirs, i, &n);
		assert_int_equal(ours[i], n);
	}
	numaDestroy(&theirs);
}

static void
counts_are_the_same(void **state)
{
	for_all(check_count);
}

static void
check_even(PIX *pix, size_t size)
{
	static const int how[][3] = {{24, 170, 150}, {12, 80, 50}, {4, 190, 5}};

	for (size_t i = 0; i < sizeof how / sizeof *how; i++) {
		int tile = how[i][0], below = how[i][1], least = how[i][2];
		PIX *ours = pixCopy(NULL, pix);
		PIX *theirs =
		    pixBackgroundNorm(pix, NULL, NULL, tile, tile, below, least, 240, 2, 2);

		if (theirs == NULL) /* smaller than a square, or without paper */
			theirs = pixCopy(NULL, pix);
		assert_int_equal(pixels_even(ours, tile, below, least, 240), 0);
		expect_same(ours, theirs, "even paper", size);
	}
}

static void
even_paper_is_the_same(void **state)
{
	for_all(check_even);
}

static void
check_turn(PIX *pix, size_t size)
{
	static const float radians[] = {0.003f, -0.003f, 0.02f, -0.035f, 0.26f, -0.26f};

	for (size_t i = 0; i < sizeof radians / sizeof *radians; i++)
		expect_same(turn_grey(pix, radians[i]), pixRotateAMGray(pix, radians[i], 255),
		    "turning", size);
}

static void
turned_pictures_are_the_same(void **state)
{
	for_all(check_turn);
}

/* As a strip of receipts is; sizes[] has none as long. */
static void
long_pictures_are_turned_to_their_end(void **state)
{
	const int h = 45000;
	PIX *pix = pixCreate(200, h, 8), *ours, *theirs;
	l_int32 same = 0;

	for (int y = 0; y < h; y++)
		for (int x = 0; x < 200; x++)
			SET_DATA_BYTE(pixGetData(pix) + pixGetWpl(pix) * y, x, (x * 7 + y) % 251);
	ours = turn_grey(pix, 0.003f);
	theirs = pixRotateAMGray(pix, 0.003f, 255);
	pixEqual(ours, theirs, &same);
	assert_true(same);
	pixDestroy(&ours);
	pixDestroy(&theirs);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dark_pixels_are_the_same),
	    cmocka_unit_test(halves_are_the_same),
	    cmocka_unit_test(painting_is_the_same),
	    cmocka_unit_test(counts_are_the_same),
	    cmocka_unit_test(even_paper_is_the_same),
	    cmocka_unit_test(turned_pictures_are_the_same),
	    cmocka_unit_test(long_pictures_are_turned_to_their_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
