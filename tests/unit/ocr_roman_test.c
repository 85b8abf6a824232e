/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ⅰ, Ⅱ and Ⅲ, drawn here, where a text calls for them: upright strokes and nothing else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/roman.h"
#include "ocr_letters.h"

static void
one(PIX *pix, int x, int y)
{
	bar(pix, x + 16, y + 2, 4, 32);
}

static void
two(PIX *pix, int x, int y)
{
	bar(pix, x + 10, y + 2, 4, 32);
	bar(pix, x + 22, y + 2, 4, 32);
}

static void
three(PIX *pix, int x, int y)
{
	two(pix, x - 6, y);
	bar(pix, x + 28, y + 2, 4, 32);
}

static void
two_with_serifs(PIX *pix, int x, int y)
{
	two(pix, x, y);
	bar(pix, x + 5, y + 2, 26, 2);
	bar(pix, x + 5, y + 32, 26, 2);
}

/* 1 */
static void
flag(PIX *pix, int x, int y)
{
	one(pix, x, y);
	for (int i = 0; i < 8; i++)
		bar(pix, x + 16 - i, y + 2 + i, 4, 3);
}

/* T */
static void
roof(PIX *pix, int x, int y)
{
	one(pix, x, y);
	bar(pix, x + 5, y + 2, 26, 4);
}

/* ロ */
static void
square(PIX *pix, int x, int y)
{
	frame(pix, x + 4, y + 4, 28, 28, 4);
}

/* ) and the like. */
static void
bow(PIX *pix, int x, int y)
{
	for (int i = 0; i < 32; i++)
		bar(pix, x + 10 + i * (31 - i) / 24, y + 2 + i, 4, 1);
}

static void
dark(PIX *pix, int x, int y)
{
	for (int i = 0; i < SIZE; i += 8)
		bar(pix, x, y + i, SIZE, 4);
	bar(pix, x + 16, y, 4, SIZE);
}

/* The drawing stands where the letter is that is meant, place (from 0); want is what it becomes. */
static void
expect(letter *draw, size_t place, const char *text, const char *want)
{
	PIX *pix = blank(600, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, text);
	for (size_t i = 0; i < w.nglyphs; i++) {
		struct glyph *g = &w.glyphs[i];
		const int x = g->box.x;

		if (g->text[0] == 'L') /* it was read from the letter before */
			g->box = (struct box){x - STEP + SIZE / 2, TOP, SIZE / 2, SIZE};
		if (i == place)
			draw(pix, x, TOP);
		else if (i < place || i + 1 == w.nglyphs)
			(g->text[0] == '(' || g->text[0] == ')' ? bow : dark)(pix, x, TOP);
	}
	words_line_done(&w);
	assert_int_equal(roman_correct(pix, NULL, &w), 0);
	expect_spelled(&w, text, want, ROMAN_RULE);
	pixDestroy(&pix);
}

static void
strokes_are_counted(void **state)
{
	expect(one, 3, "加算(1)", "加算(Ⅰ)");
	expect(two, 3, "加算(T)", "加算(Ⅱ)");
	expect(two, 3, "加算(中)", "加算(Ⅱ)");
	expect(two_with_serifs, 3, "加算(T)", "加算(Ⅱ)");
	expect(three, 3, "加算(山)", "加算(Ⅲ)");
	expect(two, 2, "加算I", "加算Ⅱ");
	expect(one, 3, "支援費1", "支援費Ⅰ");
	expect(two, 3, "自立度Ha", "自立度Ⅱa");
}

/* Of accounts; of others where no digit is like it. */
static void
headings_have_numerals(void **state)
{
	expect(one, 0, "1経常収益", "Ⅰ経常収益");
	expect(two, 0, "T経常費用", "Ⅱ経常費用");
	expect(two, 0, "TL負債の部", "Ⅱ負債の部");
	expect(two, 0, "T基本情報", "Ⅱ基本情報");
	expect(flag, 0, "1経常収益", "1経常収益");
	expect(one, 0, "1基本情報", "1基本情報");
	expect(one, 0, "T基本情報", "T基本情報"); /* a rule's end may be one stroke */
	expect(two, 0, "11基本情報", "11基本情報");
	expect(roof, 0, "T経常費用", "T経常費用");
	expect(two, 0, "Tシャツ", "Tシャツ");
}

/* One numeral, read as two letters. */
static void
letters_of_one_numeral_become_one(void **state)
{
	expect(two, 3, "加算(TL)", "加算(Ⅱ)");
	expect(one, 2, "加算I1", "加算Ⅰ1"); /* the digit stands for itself */
}

static void
what_is_no_numeral_stays(void **state)
{
	expect(flag, 3, "加算(1)", "加算(1)");
	expect(flag, 2, "加算1", "加算1");
	expect(roof, 3, "加算(T)", "加算(T)");
	expect(square, 3, "加算(口)", "加算(口)");
	expect(bow, 3, "加算(1)", "加算(1)");
	expect(dark, 3, "加算(中)", "加算(中)");
	expect(one, 3, "合計(1)", "合計(1)"); /* nothing calls for one */
	expect(one, 2, "温度1", "温度1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strokes_are_counted),
	    cmocka_unit_test(headings_have_numerals),
	    cmocka_unit_test(letters_of_one_numeral_become_one),
	    cmocka_unit_test(what_is_no_numeral_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
