/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ℡, drawn here: known by its ink, whatever was read of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/telephone.h"
#include "ocr_letters.h"

/* E, L and their like, from y to foot. */
static void
stem(PIX *pix, int x, int y, int foot, int arms)
{
	bar(pix, x, y, 3, foot - y);
	bar(pix, x, foot - 3, 8, 3);
	if (arms > 1) {
		bar(pix, x, y, 8, 3);
		bar(pix, x, (y + foot) / 2 - 2, 6, 3);
	}
}

/* T at the left, E and L from so far below its top. */
static void
three(PIX *pix, int x, int y, int lower)
{
	bar(pix, x, y, 19, 3);
	bar(pix, x + 8, y, 4, 32);
	stem(pix, x + 17, y + lower, y + 32, 3);
	stem(pix, x + 29, y + lower, y + 32, 1);
}

static void
telephone(PIX *pix, int x, int y)
{
	three(pix, x, y, 11);
}

/* Print in which E's arms are above T's bar is three letters. */
static void
level(PIX *pix, int x, int y)
{
	three(pix, x, y, 4);
}

/* 字: a roof from side to side, one stem. */
static void
roofed(PIX *pix, int x, int y)
{
	bar(pix, x, y + 4, 38, 3);
	bar(pix, x + 4, y + 16, 30, 3);
	bar(pix, x + 17, y, 4, 34);
}

static void
expect(letter *draw, size_t at, const char *text, const char *want)
{
	expect_corrected(telephone_correct, TELEPHONE_RULE, READ, draw, at, text, want);
}

static void
sign_is_known_by_its_ink(void **state)
{
	expect(telephone, 3, "勤務先季", "勤務先℡");
	expect(telephone, 0, "字", "℡");
	expect(telephone, 0, "T", "℡");
}

static void
letters_stay(void **state)
{
	expect(level, 0, "T", "T");
	expect(roofed, 2, "四文字", "四文字");
	expect(telephone, 0, "校", "校"); /* nothing that the sign is read as */
}

/* Two letters were read from the one sign. */
static void
rest_of_it_goes(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_letter(&w, "T", 1, (struct box){LEFT, TOP, 20, 32}, 85);
	add_letter(&w, "L", 1, (struct box){LEFT + 17, TOP + 11, 20, 21}, 85);
	add_letter(&w, "有", 3, (struct box){LEFT + 100, TOP, SIZE, SIZE}, 99);
	words_line_done(&w);
	telephone(pix, LEFT, TOP);
	other_letter(pix, LEFT + 100, TOP);
	assert_int_equal(telephone_correct(pix, NULL, &w), 0);
	expect_spelled(&w, "TL有", "℡有", TELEPHONE_RULE);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sign_is_known_by_its_ink),
	    cmocka_unit_test(letters_stay),
	    cmocka_unit_test(rest_of_it_goes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
