/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Narrow print: half-width katakana and squeezed letters read as the same letters at their usual
 * width; what is sure, and what is not narrow, is not asked about. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/narrow.h"
#include "ocr/network_kernels.h"
#include "ocr/read_line.h"
#include "ocr_draw.h"
#include "ocr_engine.h"
#include "ocr_strip.h"

#define CODES "13-riyouhyou" /* a sample */
#define HIGH 32              /* of a drawn letter, 9 points at 300 dpi … */
#define PITCH 19             /* … at half its width */
#define PEN 3

/* Strokes of half-width letters, on a square of 100. */
struct stroke {
	int x0, y0, x1, y1;
};

static const struct stroke ko[] = {{14, 14, 86, 14}, {86, 14, 86, 96}, {10, 88, 86, 88}, {0}};
static const struct stroke bar_[] = {{6, 52, 94, 52}, {0}};
static const struct stroke to[] = {{34, 2, 34, 98}, {34, 36, 88, 58}, {0}};
static const struct stroke voiced[] = {{6, 4, 24, 24}, {36, 0, 54, 20}, {0}};
static const struct stroke ro[] = {
    {12, 12, 88, 12}, {12, 12, 12, 96}, {88, 12, 88, 96}, {12, 88, 88, 88}, {0}};

static void
draw_letter(PIX *pix, const struct stroke *s, int x, int y)
{
	const int wide = PITCH - 5;

	for (; s->x0 + s->x1 + s->y0 + s->y1 > 0; s++)
		pixRenderLineArb(pix, x + s->x0 * wide / 100, y + s->y0 * HIGH / 100,
		    x + s->x1 * wide / 100, y + s->y1 * HIGH / 100, PEN, 0, 0, 0);
}

/* Reads all of pix as it is, then once more where it is narrow. Takes pix. */
static void
read_narrow(struct engine *e, PIX *pix, struct words *ret, struct words *others)
{
	_cleanup_(strip_free) struct strip s = {0};

	strip_of(&s, pix);
	assert_int_equal(read_line(e, &s, ret, NULL), 0);
	assert_int_equal(narrow_read(e, &s, ret, 0, others), 0);
	pixDestroy(&pix);
}

static void
half_width_katakana_are_read(void **state)
{
	static const struct stroke *const letters[] = {ro, bar_, to, voiced, ko, bar_, to, voiced};
	_cleanup_(words_free) struct words w = {0}, others = {0};
	PIX *pix = blank(200, 60);

	for (int i = 0; i < 8; i++)
		draw_letter(pix, letters[i], 14 + i * PITCH, 14);
	read_narrow(*state, pix, &w, &others);
	expect_read(&w, "ロードコード\n");
	assert_true(others.nlines > 0);
	/* the first letter is where it was */
	assert_in_range(w.glyphs[0].box.x, 8, 20);
	assert_in_range(w.glyphs[5].box.x, 14 + 5 * PITCH, 14 + 8 * PITCH);
}

static void
squeezed_letters_are_read(void **state)
{
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(400, 60);

	paste(pix, CODES, "サービスコード", 20, 10);
	read_narrow(*state, pixScale(pix, 0.5F, 1), &w, NULL);
	pixDestroy(&pix);
	expect_read(&w, "サービスコード\n");
}

static void
say(struct words *w, const char *const *letters, int n, unsigned confidence)
{
	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (int i = 0; i < n; i++) {
		struct glyph g = {.box = {20 + 40 * i, 10, 38, 38}};

		g.confidence = (uint8_t)confidence;
		snprintf(g.text, sizeof g.text, "%s", letters[i]);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static const char *const letters[] = {"デ", "イ", "サ", "ー"};

/* No engine is asked: there is none. */
static void
letters_of_usual_width_are_not_read_again(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(400, 60);

	paste(pix, CODES, "サービスコード", 20, 10);
	strip_of(&s, pix);
	say(&w, letters, 4, 60);
	assert_int_equal(narrow_read(NULL, &s, &w, 0, NULL), 0);
	assert_int_equal(w.nglyphs, 4);
	pixDestroy(&pix);
}

static void
a_sure_line_is_not_read_again(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(200, 60);

	for (int i = 0; i < 8; i++)
		draw_letter(pix, ro, 14 + i * PITCH, 14);
	strip_of(&s, pix);
	say(&w, letters, 4, 99);
	assert_int_equal(narrow_read(NULL, &s, &w, 0, NULL), 0);
	assert_int_equal(w.nglyphs, 4);
	pixDestroy(&pix);
}

static void
a_line_without_ink_is_left_alone(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(200, 60);

	strip_of(&s, pix);
	assert_int_equal(narrow_read(NULL, &s, &w, 0, NULL), 0);
	assert_int_equal(w.nlines, 0);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(half_width_katakana_are_read),
	    cmocka_unit_test(squeezed_letters_are_read),
	    cmocka_unit_test(letters_of_usual_width_are_not_read_again),
	    cmocka_unit_test(a_sure_line_is_not_read_again),
	    cmocka_unit_test(a_line_without_ink_is_left_alone),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
