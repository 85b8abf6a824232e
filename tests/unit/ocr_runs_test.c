/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Opening and closing by runs give what Leptonica's bricks give, pixel for pixel. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/runs.h"

/* Specks, and runs that begin and end anywhere, also at the edges. */
static PIX *
picture(int w, int h, unsigned seed)
{
	PIX *pix = pixCreate(w, h, 1);

	for (int i = 0; i < w * h / 12; i++) {
		int x, y, n;

		seed = seed * 1103515245u + 12345u;
		x = (int)(seed >> 8) % w;
		seed = seed * 1103515245u + 12345u;
		y = (int)(seed >> 8) % h;
		seed = seed * 1103515245u + 12345u;
		n = (int)(seed >> 8) % 80;
		if (n < 60)
			n = 1;
		pixRasterop(pix, x, y, i % 2 ? n : 1, i % 2 ? 1 : n, PIX_SET, NULL, 0, 0);
	}
	return pix;
}

static void
expect_same(PIX *ours, PIX *theirs, const char *what, int w, int h, int length)
{
	l_int32 same = 0;

	assert_non_null(ours);
	assert_non_null(theirs);
	pixEqual(ours, theirs, &same);
	if (!same)
		fail_msg("%s by %d of %d x %d differs", what, length, w, h);
	pixDestroy(&ours);
	pixDestroy(&theirs);
}

static void
bricks_and_runs_are_the_same(void **state)
{
	static const int sizes[][2] = {{1, 1}, {31, 40}, {64, 33}, {333, 217}};
	static const int lengths[] = {1, 2, 3, 4, 5, 9, 13, 32, 33, 50, 64, 200};
	size_t i;

	for (i = 0; i < sizeof sizes / sizeof *sizes; i++)
		for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
			int w = sizes[i][0], h = sizes[i][1], n = lengths[k];
			PIX *pix = picture(w, h, (unsigned)(i * 100 + k));

			expect_same(runs_open(pix, ACROSS, n), pixOpenBrick(NULL, pix, n, 1),
			    "opened across", w, h, n);
			expect_same(runs_open(pix, DOWN, n), pixOpenBrick(NULL, pix, 1, n),
			    "opened down", w, h, n);
			expect_same(runs_close(pix, ACROSS, n), pixCloseSafeBrick(NULL, pix, n, 1),
			    "closed across", w, h, n);
			expect_same(runs_close(pix, DOWN, n), pixCloseSafeBrick(NULL, pix, 1, n),
			    "closed down", w, h, n);
			pixDestroy(&pix);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(bricks_and_runs_are_the_same),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
