/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small ink beside letters, drawn here: what of it makes m² and ; of what was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/signs.h"
#include "ocr/signs_small.h"
#include "ocr_letters.h"

/* Rows of pixels, each `size` wide and high. */
static void
rows(PIX *pix, int x, int y, const char *const *row, int size)
{
	for (int k = 0; row[k] != NULL; k++)
		for (int i = 0; row[k][i] != '\0'; i++)
			if (row[k][i] == '#')
				bar(pix, x + i * size, y + k * size, size, size);
}

static const char *const two[] = {".###.", "##.##", "...##", "..##.", ".##..", "#####", NULL};
static const char *const three[] = {"####.", "...##", ".###.", "...##", "...##", "####.", NULL};
static const char *const ring[] = {".###.", "##.##", "#...#", "##.##", ".###.", NULL};

/* m, in the lower half of its place. */
static void
metre(PIX *pix, int x, int y)
{
	bar(pix, x, y + 16, 24, 3);
	for (int i = 0; i < 3; i++)
		bar(pix, x + i * 10, y + 16, 4, 20);
}

static void
square(PIX *pix, int x, int y)
{
	metre(pix, x, y);
	rows(pix, x + 20, y + 2, two, 2);
}

/* The 2's foot stands on the m. */
static void
square_joined(PIX *pix, int x, int y)
{
	metre(pix, x, y);
	rows(pix, x + 16, y + 5, two, 2);
}

static void
cubic(PIX *pix, int x, int y)
{
	metre(pix, x, y);
	rows(pix, x + 20, y + 2, three, 2);
}

static void
with_ring(PIX *pix, int x, int y)
{
	metre(pix, x, y);
	rows(pix, x + 20, y + 2, ring, 2);
}

static void
low_two(PIX *pix, int x, int y)
{
	metre(pix, x, y);
	rows(pix, x + 27, y + 24, two, 2);
}

static void
colon(PIX *pix, int x, int y)
{
	bar(pix, x + 16, y + 12, 5, 5);
	bar(pix, x + 16, y + 27, 5, 5);
}

static void
semicolon(PIX *pix, int x, int y)
{
	colon(pix, x, y);
	bar(pix, x + 18, y + 32, 3, 4);
}

/* What was read of these letters is want where the last one looks so. */
static void
expect(letter *draw, const char *text, const char *want)
{
	PIX *pix = blank(700, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, text);
	for (size_t i = 0; i + 1 < w.nglyphs; i++)
		frame(pix, w.glyphs[i].box.x, TOP, SIZE, SIZE, 3);
	draw(pix, w.glyphs[w.nglyphs - 1].box.x, TOP);
	assert_int_equal(signs_small_correct(pix, NULL, &w), 0);
	expect_spelled(&w, text, want, SIGNS_RULE);
	pixDestroy(&pix);
}

static void
squares_are_known(void **state)
{
	expect(square, "23.5kg/m", "23.5kg/m²");
	expect(square, "面積cm", "面積cm²");
	expect(square_joined, "面積m", "面積m²");
}

static void
lengths_stay(void **state)
{
	expect(metre, "高さcm", "高さcm");
	expect(cubic, "容積m", "容積m");
	expect(with_ring, "高さm", "高さm");
	expect(low_two, "型式m", "型式m");
	expect(square, "面積n", "面積n");
}

static void
tails_are_seen(void **state)
{
	expect(semicolon, "氏名:", "氏名;");
	expect(colon, "氏名:", "氏名:");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(squares_are_known),
	    cmocka_unit_test(lengths_stay),
	    cmocka_unit_test(tails_are_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
