/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Signs the model does not know, drawn here: only their whole outline changes what was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/signs.h"
#include "ocr_letters.h"

static void
arrow(PIX *pix, int x, int y, bool right)
{
	bar(pix, x, y + 17, 36, 3);
	for (int i = 0; i < 10; i++)
		for (int side = -1; side <= 1; side += 2)
			bar(pix, right ? x + 33 - i : x + i, y + 17 + side * i, 3, 3);
}

static void
arrow_right(PIX *pix, int x, int y)
{
	arrow(pix, x, y, true);
}

/* A small one of pixels that were enlarged. */
static void
arrow_blunt(PIX *pix, int x, int y)
{
	bar(pix, x, y + 17, 36, 3);
	bar(pix, x + 29, y + 12, 3, 12);
	bar(pix, x + 30, y + 15, 6, 6);
}

/* Thin, its shaft pale. */
static void
arrow_pale(PIX *pix, int x, int y)
{
	arrow(pix, x, y, true);
	patch(pix, x + 4, y + 17, 24, 3, 150);
}

static void
arrow_left(PIX *pix, int x, int y)
{
	arrow(pix, x, y, false);
}

static void
stroke_alone(PIX *pix, int x, int y)
{
	bar(pix, x, y + 17, 36, 3);
}

/* つ: a bow at its right end. */
static void
bow(PIX *pix, int x, int y)
{
	bar(pix, x, y + 10, 34, 3);
	bar(pix, x + 32, y + 12, 4, 14);
	bar(pix, x + 16, y + 25, 18, 3);
}

static void
triangle_black(PIX *pix, int x, int y)
{
	for (int i = 0; i < 34; i++)
		bar(pix, x + 17 - i / 2, y + i, i + 2, 1);
}

static void
triangle(PIX *pix, int x, int y)
{
	for (int i = 0; i < 34; i++) {
		bar(pix, x + 17 - i / 2, y + i, 3, 1);
		bar(pix, x + 16 + i / 2, y + i, 3, 1);
	}
	bar(pix, x, y + 31, 36, 3);
}

/* 人: nothing closes it below. */
static void
open_triangle(PIX *pix, int x, int y)
{
	for (int i = 0; i < 34; i++) {
		bar(pix, x + 17 - i / 2, y + i, 3, 1);
		bar(pix, x + 16 + i / 2, y + i, 3, 1);
	}
}

/* Rows of a star with five arms from its top to its feet, `thin` fewer pixels wide each side. */
static void
star_rows(PIX *pix, int x, int y, int thin, int grey)
{
	for (int i = 2 * thin; i < 35 - thin; i++) {
		const int notch = i < 25 ? 0 : (i - 25) * 10 / 10 + thin;
		const int half = (i < 13      ? i * 4 / 13
				     : i < 22 ? 18 - (i - 13) * 8 / 9
					      : 10 + (i - 22) * 2 / 13) -
				 (i >= 13 && i < 22 ? 2 * thin : thin);

		if (half > notch && !(thin > 0 && i < 15)) {
			patch(pix, x + 18 - half, y + i, half - notch, 1, grey);
			patch(pix, x + 18 + notch, y + i, half - notch, 1, grey);
		}
	}
}

static void
star_black(PIX *pix, int x, int y)
{
	star_rows(pix, x, y, 0, 0);
}

static void
star_pale(PIX *pix, int x, int y)
{
	star_rows(pix, x, y, 0, 160);
	star_rows(pix, x, y, 2, 255);
}

static void
star(PIX *pix, int x, int y)
{
	star_rows(pix, x, y, 0, 0);
	star_rows(pix, x, y, 2, 255);
}

/* Rows of a diamond, `thin` fewer pixels wide each side. */
static void
diamond_rows(PIX *pix, int x, int y, int thin, int grey)
{
	for (int i = thin; i < 35 - thin; i++) {
		const int half = (i < 18 ? i + 1 : 35 - i) - thin;

		if (half > 0)
			patch(pix, x + 18 - half, y + i, 2 * half, 1, grey);
	}
}

static void
diamond_black(PIX *pix, int x, int y)
{
	diamond_rows(pix, x, y, 0, 0);
}

static void
diamond(PIX *pix, int x, int y)
{
	diamond_rows(pix, x, y, 0, 0);
	diamond_rows(pix, x, y, 3, 255);
}

/* Of 20 pixels, its tips as blunt as soft print leaves them. */
static void
diamond_soft(PIX *pix, int x, int y)
{
	for (int i = 0; i < 20; i++) {
		const int half = 2 + (i < 9 ? i : i < 11 ? 8 : 19 - i);

		bar(pix, x + 18 - half, y + 8 + i, 2 * half, 1);
	}
}

static void
disc(PIX *pix, int x, int y)
{
	for (int i = 0; i < 34; i++)
		for (int k = 0; k < 34; k++)
			if ((2 * i - 33) * (2 * i - 33) + (2 * k - 33) * (2 * k - 33) <= 34 * 34)
				bar(pix, x + i, y + k, 1, 1);
}

static void
square_black(PIX *pix, int x, int y)
{
	bar(pix, x, y, 34, 34);
}

/* Two shafts; arms that meet in a tip. */
static void
double_arrow(PIX *pix, int x, int y)
{
	bar(pix, x, y + 11, 28, 3);
	bar(pix, x, y + 22, 28, 3);
	for (int i = 0; i < 13; i++)
		for (int side = -1; side <= 1; side += 2)
			bar(pix, x + 32 - i, y + 17 + side * i, 3, 3);
}

static void
double_arrow_left(PIX *pix, int x, int y)
{
	bar(pix, x + 7, y + 11, 28, 3);
	bar(pix, x + 7, y + 22, 28, 3);
	for (int i = 0; i < 13; i++)
		for (int side = -1; side <= 1; side += 2)
			bar(pix, x + i, y + 17 + side * i, 3, 3);
}

/* コ, ヨ and the like: shut at its right end. */
static void
shut(PIX *pix, int x, int y)
{
	bar(pix, x, y + 8, 36, 3);
	bar(pix, x, y + 24, 36, 3);
	bar(pix, x + 33, y + 8, 3, 19);
}

/* 大 */
static void
large(PIX *pix, int x, int y)
{
	bar(pix, x, y + 12, 36, 3);
	bar(pix, x + 16, y, 4, 16);
	for (int i = 0; i < 20; i++) {
		bar(pix, x + 16 - i * 3 / 4, y + 15 + i, 4, 1);
		bar(pix, x + 16 + i * 3 / 4, y + 15 + i, 4, 1);
	}
}

/* Thick by 3, its middle at the height that is told. */
static void
wave(PIX *pix, int x, int y)
{
	static const int height[] = {5, 3, 1, 0, 0, 0, 1, 2, 4, 6, 7, 8, 8, 8, 7, 5, 3};

	for (int i = 0; i < 34; i++)
		bar(pix, x + i, y + 13 + height[i / 2], 1, 3);
}

/* What deviates from a straight line by `bow`, at most, in its middle. */
static void
fall(PIX *pix, int x, int y, int bow)
{
	for (int i = 0; i < 34; i++)
		bar(pix, x + 31 - i * 30 / 33 + i * (33 - i) * bow / 272, y + i, 4, 1);
}

static void
slash(PIX *pix, int x, int y)
{
	fall(pix, x, y, 0);
}

/* ノ */
static void
bent(PIX *pix, int x, int y)
{
	fall(pix, x, y, 4);
}

/* Pale, its sides hardly darker than the paper beside the dark other letters. */
static void
triangle_pale(PIX *pix, int x, int y)
{
	for (int i = 0; i < 34; i++) {
		patch(pix, x + 17 - i / 2, y + i, 3, 1, 160);
		patch(pix, x + 16 + i / 2, y + i, 3, 1, 160);
	}
	patch(pix, x, y + 31, 36, 3, 160);
}

static void
expect(letter *draw, size_t at, const char *text, const char *want)
{
	expect_corrected(signs_correct, SIGNS_RULE, READ, draw, at, text, want);
}

/* What was read of four letters, the two in the middle in boxes that slipped and are so wide. */
static void
slipped(struct words *w, const char *const *text, const int *x, int wide)
{
	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; i < 4; i++)
		add_letter(w, text[i], strlen(text[i]),
		    (struct box){LEFT + x[i], TOP, i % 3 == 0 ? SIZE : wide, SIZE}, 0);
	words_line_done(w);
}

static void
arrows_are_known(void **state)
{
	expect(arrow_right, 2, "30っ55", "30→55");
	expect(arrow_right, 2, "審査つ決定", "審査→決定");
	expect(arrow_right, 2, "審査>決定", "審査→決定");
	expect(arrow_left, 2, "審査一決定", "審査←決定");
	expect(arrow_right, 0, "っ決定", "→決定");
	expect(arrow_left, 2, "氏名=決定", "氏名←決定");
	expect(arrow_blunt, 0, "ー決定", "→決定");
	expect(arrow_pale, 2, "審査つ決定", "審査→決定");
	expect(arrow_pale, 2, "審査一決定", "審査→決定");
}

static void
triangles_are_known(void **state)
{
	expect(triangle, 0, "人一部達成", "△一部達成");
	expect(triangle, 2, "判定へ要", "判定△要");
	expect(triangle_black, 0, "4印", "▲印");
}

static void
pale_outlines_are_known(void **state)
{
	expect(triangle_pale, 0, "A635", "△635");
}

static void
waves_are_known(void **state)
{
	expect(wave, 2, "出社一退社", "出社～退社");
	expect(wave, 2, "月曜て金曜", "月曜～金曜");
	expect(wave, 0, "ー", "～");
	expect(stroke_alone, 2, "出社一退社", "出社一退社");
	expect(wave, 3, "出社一～退社", "出社一～退社"); /* it was read as what it is */
}

static void
slashes_are_known(void **state)
{
	expect(slash, 2, "郵送ノ問合せ", "郵送/問合せ");
	expect(slash, 3, "カードノ通知", "カード/通知");
	expect(bent, 1, "一ノ瀬", "一ノ瀬");
	expect(bent, 2, "ピアノ", "ピアノ");
}

static void
stars_are_known(void **state)
{
	expect(star_black, 0, "文控除等", "★控除等");
	expect(star, 2, "推薦次の品", "推薦☆の品");
	expect(star_pale, 0, "盗推薦", "☆推薦");
}

static void
diamonds_are_known(void **state)
{
	expect(diamond_black, 0, "る備考", "◆備考");
	expect(diamond_black, 2, "教員銘印", "教員◆印");
	expect(diamond, 0, "多現在", "◇現在");
	expect(diamond_soft, 0, "る入浴", "◆入浴");
	expect(diamond_soft, 0, "笛入浴", "◆入浴");
	expect(diamond, 0, "ぐ法人", "◇法人");
	expect(diamond_black, 2, "入浴笛有無", "入浴笛有無"); /* bullets begin lines */
	expect(disc, 0, "笛入浴", "●入浴");
}

static void
discs_are_known(void **state)
{
	expect(disc, 0, "@その他", "●その他");
	expect(disc, 2, "来月@日", "来月●日");
	expect(disc, 0, "・その他", "・その他"); /* a large dot */
	expect(square_black, 0, "@その他", "@その他");
}

static void
double_arrows_are_known(void **state)
{
	expect(double_arrow, 0, "き追加", "⇒追加");
	expect(double_arrow, 0, "笛追加", "⇒追加");
	expect(double_arrow, 2, "場合全追加", "場合⇒追加");
	expect(double_arrow_left, 2, "悪いを12", "悪い⇐12");
	expect(shut, 2, "悪いを12", "悪いを12");
	expect(bow, 2, "悪いを12", "悪いを12");
	expect(arrow_right, 0, "き追加", "き追加");
	expect(shut, 0, "き追加", "き追加");
}

/* What was read is beyond doubt. */
static void
sure_letters_are_no_bullets(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, "笛入浴");
	w.glyphs[0].confidence = 99;
	diamond_black(pix, LEFT, TOP);
	other_letter(pix, LEFT + STEP, TOP);
	other_letter(pix, LEFT + 2 * STEP, TOP);
	assert_int_equal(signs_correct(pix, NULL, &w), 0);
	expect_spelled(&w, "笛入浴", "笛入浴", NULL);
	pixDestroy(&pix);
}

static void
letters_stay(void **state)
{
	expect(large, 0, "多現在", "多現在");
	expect(triangle_black, 0, "る備考", "る備考");
	expect(bow, 2, "審査つ決定", "審査つ決定");
	expect(stroke_alone, 2, "審査一決定", "審査一決定");
	expect(open_triangle, 0, "人一部", "人一部");
	expect(large, 0, "大一部", "大一部");
	expect(triangle, 0, "木一部", "木一部"); /* what stands for no sign is not looked at */
	expect(arrow_right, 2, "行かっての", "行かっての");
}

/* Boxes slip among signs: two letters were read from the one arrow. */
static void
what_was_read_twice_goes(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};
	static const char *const text[] = {"審", "つ", "っ", "決"};
	static const int x[] = {0, STEP, STEP + 20, 2 * STEP};

	slipped(&w, text, x, 16);
	other_letter(pix, LEFT, TOP);
	arrow_right(pix, LEFT + STEP, TOP);
	other_letter(pix, LEFT + 2 * STEP, TOP);
	assert_int_equal(signs_correct(pix, NULL, &w), 0);
	assert_int_equal(w.nglyphs, 3);
	assert_string_equal(w.glyphs[1].text, "→");
	assert_string_equal(w.glyphs[2].text, "決");
	assert_string_equal(w.lines[0].raw, "審つっ決");
	pixDestroy(&pix);
}

static void
a_wave_read_as_two_letters_is_one(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_letter(&w, "ー", 3, (struct box){LEFT, TOP, 10, SIZE}, 85);
	add_letter(&w, "ン", 3, (struct box){LEFT + 18, TOP, 18, SIZE}, 85);
	words_line_done(&w);
	wave(pix, LEFT, TOP);
	assert_int_equal(signs_correct(pix, NULL, &w), 0);
	expect_spelled(&w, "ーン", "～", SIGNS_RULE);
	pixDestroy(&pix);
}

/* The line's box reaches as far as a ruled line that was not taken off. */
static void
ink_far_off_is_no_stroke(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_letter(&w, "一", 3, (struct box){LEFT, TOP, SIZE, 2 * SIZE}, 85);
	words_line_done(&w);
	wave(pix, LEFT, TOP);
	bar(pix, 0, TOP + 2 * SIZE - 4, 500, 4);
	assert_int_equal(signs_correct(pix, NULL, &w), 0);
	expect_spelled(&w, "一", "～", SIGNS_RULE);
	pixDestroy(&pix);
}

/* Both boxes slipped to the right: the second one holds nothing, the first one a part of each. */
static void
signs_side_by_side_are_two(void **state)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};
	static const char *const text[] = {"社", "人", "人", "入"};
	static const int x[] = {0, STEP + 22, STEP + 54, 4 * STEP};

	slipped(&w, text, x, 28);
	other_letter(pix, LEFT, TOP);
	triangle(pix, LEFT + STEP, TOP);
	triangle(pix, LEFT + 2 * STEP, TOP);
	other_letter(pix, LEFT + 4 * STEP, TOP);
	assert_int_equal(signs_correct(pix, NULL, &w), 0);
	assert_int_equal(w.nglyphs, 4);
	assert_string_equal(w.glyphs[1].text, "△");
	assert_string_equal(w.glyphs[2].text, "△");
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(arrows_are_known),
	    cmocka_unit_test(triangles_are_known),
	    cmocka_unit_test(pale_outlines_are_known),
	    cmocka_unit_test(waves_are_known),
	    cmocka_unit_test(slashes_are_known),
	    cmocka_unit_test(a_wave_read_as_two_letters_is_one),
	    cmocka_unit_test(ink_far_off_is_no_stroke),
	    cmocka_unit_test(stars_are_known),
	    cmocka_unit_test(diamonds_are_known),
	    cmocka_unit_test(discs_are_known),
	    cmocka_unit_test(double_arrows_are_known),
	    cmocka_unit_test(sure_letters_are_no_bullets),
	    cmocka_unit_test(letters_stay),
	    cmocka_unit_test(what_was_read_twice_goes),
	    cmocka_unit_test(signs_side_by_side_are_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
