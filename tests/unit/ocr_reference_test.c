/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ※ drawn here, where something else was read: four dots and a cross are needed for it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/reference.h"
#include "ocr/signs.h"
#include "ocr_letters.h"

#define ARM_GREY 130 /* thin strokes of poor print */

/* The left, the right, the upper and the lower one. */
static void
dots(PIX *pix, int x, int y, int n)
{
	static const int at[][2] = {{0, 15}, {30, 15}, {15, 0}, {15, 30}};

	for (int i = 0; i < n; i++)
		bar(pix, x + at[i][0], y + at[i][1], 6, 6);
}

static void
cross(PIX *pix, int x, int y)
{
	for (int i = 0; i < 32; i++) {
		patch(pix, x + 1 + i, y + 2 + i, 3, 1, ARM_GREY);
		patch(pix, x + 1 + i, y + 33 - i, 3, 1, ARM_GREY);
	}
}

static void
sign(PIX *pix, int x, int y)
{
	dots(pix, x, y, 4);
	cross(pix, x, y);
}

static void
dots_alone(PIX *pix, int x, int y)
{
	dots(pix, x, y, 4);
}

static void
three_dots(PIX *pix, int x, int y)
{
	dots(pix, x, y, 3);
	cross(pix, x, y);
}

/* 米: its strokes run from dot to dot. */
static void
rice(PIX *pix, int x, int y)
{
	bar(pix, x, y + 16, 36, 4);
	bar(pix, x + 16, y, 4, 36);
	cross(pix, x, y);
}

/* Strokes beside the dots. */
static void
fenced(PIX *pix, int x, int y)
{
	sign(pix, x, y);
	bar(pix, x + 24, y, 3, 10);
	bar(pix, x + 9, y + 26, 3, 10);
}

static void
expect_of(unsigned confidence, letter *draw, size_t at, const char *text, const char *want)
{
	expect_corrected(reference_correct, SIGNS_RULE, confidence, draw, at, text, want);
}

static void
expect(letter *draw, size_t at, const char *text, const char *want)
{
	expect_of(90, draw, at, text, want);
}

static void
notes_begin_with_it(void **state)
{
	expect(sign, 0, "楽申請", "※申請");
	expect(sign, 0, "事申請", "※申請");
	expect(sign, 1, "(天申請", "(※申請");
}

static void
other_letters_stay(void **state)
{
	expect(dots_alone, 0, "楽申請", "楽申請");
	expect(three_dots, 0, "楽申請", "楽申請");
	expect(rice, 0, "楽申請", "楽申請");
	expect(fenced, 0, "楽申請", "楽申請");
	expect(sign, 1, "申楽請", "申楽請"); /* within a line it is another one */
	expect_of(99, sign, 0, "楽申請", "楽申請");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(notes_begin_with_it),
	    cmocka_unit_test(other_letters_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
