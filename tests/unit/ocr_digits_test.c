/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Digits drawn here, read wrongly: only clear holes put them right. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/digits.h"
#include "ocr_draw.h"

#define W 20
#define H 32
#define STROKE 4

/* Three digits that a reader took for text, each as draw() made it; ret_text is what they become.
 */
static void
mend(void (*draw)(PIX *pix, int x, int y), const char *text, const struct box *middle,
    char ret_text[4])
{
	PIX *pix = blank(200, 60);
	_cleanup_(words_free) struct words w = {0};
	struct line like = {.cell = -1};

	assert_int_equal(words_line(&w, &like), 0);
	for (int i = 0; i < 3; i++) {
		struct glyph g = {.box = {20 + 30 * i, 10, W, H}, .confidence = 90};

		draw(pix, g.box.x, g.box.y);
		if (i == 1 && middle != NULL)
			g.box = *middle;
		g.text[0] = text[i];
		assert_int_equal(words_glyph(&w, &g), 0);
	}
	digits_mend(pix, &w);
	for (int i = 0; i < 3; i++)
		ret_text[i] = w.glyphs[i].text[0];
	ret_text[3] = '\0';
	pixDestroy(&pix);
}

static void
zero(PIX *pix, int x, int y)
{
	frame(pix, x, y, W, H, STROKE);
}

static void
zero_with_stroke(PIX *pix, int x, int y)
{
	zero(pix, x, y);
	for (int i = STROKE; i < H - STROKE; i++)
		bar(pix, x + W - STROKE - i * (W - STROKE) / H, y + i, STROKE, 1);
}

static void
eight(PIX *pix, int x, int y)
{
	zero(pix, x, y);
	bar(pix, x, y + H / 2 - STROKE / 2, W, STROKE);
}

static void
nine(PIX *pix, int x, int y)
{
	frame(pix, x, y, W, H / 2, STROKE);
	bar(pix, x + W - STROKE, y, STROKE, H);
}

static void
six(PIX *pix, int x, int y)
{
	frame(pix, x, y + H / 2 - STROKE, W, H / 2 + STROKE, STROKE);
	bar(pix, x, y, STROKE, H);
	bar(pix, x, y, W, STROKE);
}

/* Its foot is joined with its stem by a pixel. */
static void
five(PIX *pix, int x, int y)
{
	frame(pix, x, y + H / 2 - STROKE, W, H / 2 + STROKE, STROKE);
	bar(pix, x, y, STROKE, H / 2);
	bar(pix, x, y, W, STROKE);
	for (int i = H / 2 + 2; i < H - STROKE - 2; i++)
		for (int k = 0; k < STROKE - 1; k++)
			pixSetPixel(pix, x + k, y + i, 255);
}

static void
zeros_and_eights_are_known_by_their_holes(void **state)
{
	char text[4];

	mend(zero, "968", NULL, text);
	assert_string_equal(text, "000");
	mend(zero_with_stroke, "998", NULL, text);
	assert_string_equal(text, "000");
	mend(eight, "069", NULL, text);
	assert_string_equal(text, "888");
}

static void
other_ink_and_other_readings_stay(void **state)
{
	char text[4];

	mend(nine, "089", NULL, text);
	assert_string_equal(text, "089");
	mend(zero, "o5D", NULL, text);
	assert_string_equal(text, "o5D");
}

/* What narrow, heavy print reads as. */
static void
a_five_with_the_hole_of_a_six_is_one(void **state)
{
	char text[4];

	mend(six, "5S5", NULL, text);
	assert_string_equal(text, "6S6");
	mend(five, "555", NULL, text);
	assert_string_equal(text, "555");
	mend(nine, "555", NULL, text);
	assert_string_equal(text, "555");
	mend(eight, "555", NULL, text);
	assert_string_equal(text, "555");
}

/* Boxes slip by one place where a dash was read: its box is as high as a digit's then. */
static void
a_box_that_slipped_proves_nothing(void **state)
{
	struct box wide = {40, 10, 3 * W, H}, low = {50, 24, W, STROKE};
	char text[4];

	mend(zero, "989", &wide, text);
	assert_string_equal(text, "080");
	mend(zero, "989", &low, text);
	assert_string_equal(text, "989");
	mend(zero, "9-9", NULL, text);
	assert_string_equal(text, "9-9");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(zeros_and_eights_are_known_by_their_holes),
	    cmocka_unit_test(other_ink_and_other_readings_stay),
	    cmocka_unit_test(a_five_with_the_hole_of_a_six_is_one),
	    cmocka_unit_test(a_box_that_slipped_proves_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
