/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that differ by a stroke are told apart by their shapes, clean and worn, large and small;
 * what is no letter, and numbers that are no model, are refused. */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ocr/letter_model.h"
#include "ocr_typeface.h"

#define MARGIN 6 /* pixels around a letter's room */
#define SMALL 20 /* pixels of an em: 150 dpi, 9.6 points */
#define LARGE 42 /* 300 dpi, 10 points */

enum wear { CLEAN, SOFT, BLACK };

/* A letter in a picture of its room and the margin around it. */
static PIX *
draw_clean(uint32_t code, int em, int margin)
{
	PIX *pix = blank(em + 2 * margin, em + 2 * margin);

	draw_letter(pix, code, em, margin, margin);
	return pix;
}

/* As a scanner's glass blurs it; or as a fax sees that. MARGIN is around it. */
static PIX *
draw(uint32_t code, int em, enum wear wear)
{
	PIX *large, *blurred, *soft, *black;

	if (wear == CLEAN)
		return draw_clean(code, em, MARGIN);
	large = draw_clean(code, 2 * em, 2 * MARGIN);
	blurred = pixBlockconv(large, 1, 1);
	soft = pixScaleAreaMap2(blurred);
	pixDestroy(&large);
	pixDestroy(&blurred);
	if (wear == SOFT)
		return soft;
	black = pixThresholdToBinary(soft, 150);
	pixDestroy(&soft);
	soft = pixConvert1To8(NULL, black, 255, 0);
	pixDestroy(&black);
	return soft;
}

static struct letter_shape
shape_of(uint32_t code, int em, enum wear wear)
{
	PIX *pix = draw(code, em, wear);
	struct letter_shape s;

	assert_int_equal(letter_shape(pix, (struct box){0, 0, pixGetWidth(pix), pixGetHeight(pix)},
			     MARGIN, em, &s),
	    0);
	pixDestroy(&pix);
	return s;
}

static struct letter_point
point_of(uint32_t code, int em, enum wear wear)
{
	const struct letter_shape s = shape_of(code, em, wear);
	struct letter_point p;

	letter_project(&s, &p);
	return p;
}

/* Pairs that look alike. */
static const char *const alike[] = {"末未", "土士", "猶猫", "疱庖", "仕什", "炎火", "營営", "をお",
    "きさ", "ヒビ", "プブ", "っつ", "ャヤ", "ョヨ", "ッツ", "シツ", "ソン", "大犬", "大太", "人入",
    "日曰", "千干", "鳥烏", "王玉", "氷水", "木本", "間問", "聞間", "微徴", "拆折", "。°", "、'",
    "・.", "二ニ", "八ハ", "はほ"};

static void
expect_apart(const char *pair, int em, enum wear wear)
{
	uint32_t one, other;
	const int used = utf8_decode(pair, strlen(pair), &one);

	utf8_decode(pair + used, strlen(pair) - (size_t)used, &other);
	for (int turn = 0; turn < 2; turn++) {
		const uint32_t is = turn == 0 ? one : other, is_not = turn == 0 ? other : one;
		const struct letter_point p = point_of(is, em, wear);
		const float near = letter_distance(&p, is), far = letter_distance(&p, is_not);

		if (!(near < far))
			fail_msg("%s, em %d, wear %d, letter %d: %.1f from it, %.1f from the other",
			    pair, em, wear, turn + 1, (double)near, (double)far);
	}
}

static void
letters_of_a_stroke_s_difference_are_told_apart(void **state)
{
	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
		for (int wear = CLEAN; wear <= BLACK; wear++) {
			expect_apart(alike[i], LARGE, wear);
			if (wear != BLACK)
				expect_apart(alike[i], SMALL, wear);
		}
}

/* How many letters of text come first. */
static unsigned
count_first(const char *text, int em, enum wear wear)
{
	unsigned right = 0;
	uint32_t code;

	for (int used; *text != '\0'; text += used) {
		struct letter_guess g;
		struct letter_point p;

		used = utf8_decode(text, strlen(text), &code);
		p = point_of(code, em, wear);
		assert_int_equal(letter_judge(&p, &g, 1), 1);
		right += g.code == code;
	}
	return right;
}

static void
letters_of_a_text_are_known(void **state)
{
	static const char text[] =
	    "利用者の氏名及び住所を記入してください。介護保険被保険者証の写し、同意書、医師の指示"
	    "書を添付のこと。ケースファイルとサービス計画は毎月確認する。褥瘡・嚥下障害・"
	    "疼痛の有無を観察し、異常があれば報告する。";
	size_t letters = 0;

	for (const char *c = text; *c != '\0'; c++)
		letters += (*c & 0xc0) != 0x80;
	assert_int_equal(count_first(text, LARGE, CLEAN), letters);
	assert_in_range(count_first(text, LARGE, SOFT), letters - 2, letters);
	assert_in_range(count_first(text, LARGE, BLACK), letters - 4, letters);
	assert_in_range(count_first(text, SMALL, SOFT), letters - 4, letters);
}

static void
nearest_letters_come_first(void **state)
{
	const struct letter_point p = point_of(U'未', LARGE, SOFT);
	struct letter_guess g[20];

	assert_int_equal(letter_judge(&p, g, 0), 0);
	assert_int_equal(letter_judge(&p, g, 20), 20);
	for (int i = 0; i < 20; i++) {
		assert_true(isfinite(g[i].distance));
		assert_true(i == 0 || g[i].distance >= g[i - 1].distance);
		assert_true(fabsf(letter_distance(&p, g[i].code) - g[i].distance) < 0.001f);
	}
}

static void
letter_that_is_not_known_is_far(void **state)
{
	const struct letter_point p = point_of(U'未', LARGE, CLEAN);

	assert_true(isinf(letter_distance(&p, 0)));
	assert_true(isinf(letter_distance(&p, U'😀')));
	assert_true(isinf(letter_distance(&p, UINT32_MAX)));
}

/* In Gothic print they are one stroke of one length: others decide, if both are offered. */
static void
letters_of_one_shape_are_both_near(void **state)
{
	static const uint32_t bars[] = U"一ー";

	for (size_t i = 0; i < 2; i++) {
		const struct letter_point p = point_of(bars[i], LARGE, SOFT);
		struct letter_guess g[5];
		int found = 0;

		assert_int_equal(letter_judge(&p, g, 5), 5);
		for (int k = 0; k < 5; k++)
			found += g[k].code == bars[0] || g[k].code == bars[1];
		assert_int_equal(found, 2);
	}
}

/* The same letter, on paper and with ink of these greys. */
static void
expect_known_on(unsigned paper, unsigned ink)
{
	PIX *pix = draw(U'猶', LARGE, CLEAN);
	struct letter_shape s;
	struct letter_point p;
	struct letter_guess g;

	for (int y = 0; y < pixGetHeight(pix); y++)
		for (int x = 0; x < pixGetWidth(pix); x++)
			pixSetPixel(pix, x, y, ink + pixel_at(pix, x, y) * (paper - ink) / 255);
	assert_int_equal(letter_shape(pix, (struct box){-5, -5, 200, 200}, MARGIN, LARGE, &s), 0);
	letter_project(&s, &p);
	assert_int_equal(letter_judge(&p, &g, 1), 1);
	assert_int_equal(g.code, U'猶');
	pixDestroy(&pix);
}

static void
grey_of_paper_and_ink_does_not_matter(void **state)
{
	expect_known_on(255, 0);
	expect_known_on(255, 150);
	expect_known_on(220, 30);
}

/* Without the paper around it, too. */
static void
paper_around_a_letter_does_not_matter(void **state)
{
	PIX *pix = draw(U'高', LARGE, CLEAN);
	struct letter_shape wide, close;
	const struct box ink = {MARGIN, MARGIN, LARGE, LARGE};

	assert_int_equal(letter_shape(pix, (struct box){0, 0, 99, 99}, MARGIN, LARGE, &wide), 0);
	assert_int_equal(letter_shape(pix, ink, MARGIN, LARGE, &close), 0);
	for (int i = 0; i < LETTER_FEATURES; i++)
		assert_true(fabsf(wide.f[i] - close.f[i]) < 0.02f);
	pixDestroy(&pix);
}

static void
what_has_no_ink_is_no_letter(void **state)
{
	PIX *pix = blank(40, 40), *bits = pixCreate(40, 40, 1);
	const struct box all = {0, 0, 40, 40};
	struct letter_shape s;

	assert_int_equal(letter_shape(pix, all, 0, 40, &s), -ENODATA);
	patch(pix, 10, 10, 20, 20, 235);
	assert_int_equal(letter_shape(pix, all, 0, 40, &s), -ENODATA);
	patch(pix, 10, 10, 20, 20, 225); /* pale, but print */
	assert_int_equal(letter_shape(pix, all, 0, 40, &s), 0);
	bar(pix, 10, 10, 20, 20);
	assert_int_equal(letter_shape(pix, all, 0, 40, &s), 0);
	assert_int_equal(letter_shape(pix, (struct box){0, 0, 9, 9}, 0, 40, &s), -ENODATA);
	assert_int_equal(letter_shape(pix, (struct box){40, 0, 9, 9}, 0, 40, &s), -ENODATA);
	assert_int_equal(letter_shape(pix, (struct box){10, 10, 0, 9}, 0, 40, &s), -ENODATA);
	assert_int_equal(letter_shape(pix, all, 0, 0, &s), -EINVAL);
	assert_int_equal(letter_shape(pix, all, 0, NAN, &s), -EINVAL);
	assert_int_equal(letter_shape(bits, all, 0, 40, &s), -EINVAL);
	assert_int_equal(letter_shape(NULL, all, 0, 40, &s), -EINVAL);
	pixDestroy(&pix);
	pixDestroy(&bits);
}

/* All of a picture of this size is ink, or a frame of it. */
static void
expect_numbers(int w, int h, bool hollow)
{
	PIX *pix = blank(w, h);
	struct letter_shape s;
	struct letter_point p;
	struct letter_guess g;

	if (hollow)
		frame(pix, 0, 0, w, h, 1 + (w + h) / 256);
	else
		bar(pix, 0, 0, w, h);
	assert_int_equal(letter_shape(pix, (struct box){0, 0, w, h}, 0, 40, &s), 0);
	for (int i = 0; i < LETTER_FEATURES; i++)
		assert_true(isfinite(s.f[i]) && s.f[i] >= 0);
	letter_project(&s, &p);
	assert_int_equal(letter_judge(&p, &g, 1), 1);
	assert_true(isfinite(g.distance));
	pixDestroy(&pix);
}

static void
windows_of_every_size_have_a_shape(void **state)
{
	static const int sides[] = {1, 2, 3, 17, 127, 128, 129, 255, 400, 1999};

	for (size_t i = 0; i < sizeof sides / sizeof *sides; i++)
		for (size_t k = 0; k < sizeof sides / sizeof *sides; k++) {
			expect_numbers(sides[i], sides[k], false);
			expect_numbers(sides[i], sides[k], true);
		}
}

static void
large_letters_are_known(void **state)
{
	for (int em = 60; em <= 400; em += 17) {
		const struct letter_point p = point_of(U'営', em, CLEAN);
		struct letter_guess g;

		letter_judge(&p, &g, 1);
		assert_int_equal(g.code, U'営');
	}
}

static void
model_that_is_none_is_refused(void **state)
{
	size_t size;
	l_uint8 *bytes = l_binaryRead("ocr/letter_model.bin", &size);
	static const size_t told[] = {0, 7, 8, 12, 16, 20, 24 - 1, 64 + 3};
	uint32_t letters, many = UINT32_MAX;

	assert_non_null(bytes);
	assert_int_equal(letter_model_check(), 0);
	assert_int_equal(letter_model_check_bytes(bytes, size), 0);
	assert_int_equal(letter_model_check_bytes(bytes, 0), -EBADMSG);
	assert_int_equal(letter_model_check_bytes(bytes, 63), -EBADMSG);
	assert_int_equal(letter_model_check_bytes(bytes, size - 1), -EBADMSG);
	for (size_t i = 0; i < sizeof told / sizeof *told; i++) {
		const l_uint8 was = bytes[told[i]];

		/* 0xff makes a float's highest byte one of what is no number. */
		bytes[told[i]] = told[i] >= 64 ? 0xff : was ^ 1;
		if (told[i] >= 64)
			bytes[told[i] - 1] |= 0x80;
		assert_int_equal(letter_model_check_bytes(bytes, size), -EBADMSG);
		bytes[told[i]] = was;
	}
	memcpy(&letters, bytes + 20, sizeof letters);
	memcpy(bytes + 20, &many, sizeof many);
	assert_int_equal(letter_model_check_bytes(bytes, size), -EBADMSG);
	free(bytes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_of_a_stroke_s_difference_are_told_apart),
	    cmocka_unit_test(letters_of_a_text_are_known),
	    cmocka_unit_test(nearest_letters_come_first),
	    cmocka_unit_test(letter_that_is_not_known_is_far),
	    cmocka_unit_test(letters_of_one_shape_are_both_near),
	    cmocka_unit_test(grey_of_paper_and_ink_does_not_matter),
	    cmocka_unit_test(paper_around_a_letter_does_not_matter),
	    cmocka_unit_test(what_has_no_ink_is_no_letter),
	    cmocka_unit_test(windows_of_every_size_have_a_shape),
	    cmocka_unit_test(large_letters_are_known),
	    cmocka_unit_test(model_that_is_none_is_refused),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
