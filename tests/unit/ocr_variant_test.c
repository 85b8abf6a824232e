/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 高 or 髙, 崎 or 﨑, drawn here: only strokes that clearly show the variant change what was read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/prepare.h"
#include "ocr/variant.h"
#include "ocr_letters.h"

static void
taka_frame(PIX *pix, int x, int y)
{
	bar(pix, x + 16, y, 4, 6);
	bar(pix, x, y + 5, 36, 3);
	bar(pix, x + 8, y + 10, 20, 2);
	bar(pix, x + 8, y + 15, 20, 2);
	bar(pix, x + 2, y + 19, 32, 3);
	bar(pix, x + 2, y + 19, 3, 17);
	bar(pix, x + 31, y + 19, 3, 17);
	frame(pix, x + 10, y + 24, 16, 9, 2);
}

static void
taka(PIX *pix, int x, int y)
{
	taka_frame(pix, x, y);
	bar(pix, x + 8, y + 10, 3, 7);
	bar(pix, x + 25, y + 10, 3, 7);
}

static void
ladder_taka(PIX *pix, int x, int y)
{
	taka_frame(pix, x, y);
	bar(pix, x + 8, y + 5, 3, 15);
	bar(pix, x + 25, y + 5, 3, 15);
}

/* One of the uprights does not reach the roof. */
static void
broken_taka(PIX *pix, int x, int y)
{
	taka_frame(pix, x, y);
	bar(pix, x + 8, y + 5, 3, 15);
	bar(pix, x + 25, y + 5, 3, 12);
}

/* From (x0, y0) down to (x1, y1). */
static void
stroke(PIX *pix, int x0, int y0, int x1, int y1)
{
	for (int y = y0; y <= y1; y++)
		bar(pix, x0 + (x1 - x0) * (y - y0) / (y1 - y0), y, 3, 1);
}

static void
saki_frame(PIX *pix, int x, int y)
{
	bar(pix, x, y + 8, 2, 20);
	bar(pix, x + 5, y + 1, 2, 25);
	bar(pix, x + 10, y + 8, 2, 20);
	bar(pix, x, y + 26, 12, 2);
	bar(pix, x + 24, y, 3, 6);
	bar(pix, x + 15, y + 5, 21, 2);
	bar(pix, x + 14, y + 16, 22, 2);
	bar(pix, x + 31, y + 16, 2, 20);
	frame(pix, x + 15, y + 21, 11, 9, 2);
}

static void
saki(PIX *pix, int x, int y)
{
	saki_frame(pix, x, y);
	stroke(pix, x + 24, y + 7, x + 16, y + 15);
	stroke(pix, x + 24, y + 7, x + 32, y + 15);
}

static void
standing_saki(PIX *pix, int x, int y)
{
	saki_frame(pix, x, y);
	stroke(pix, x + 18, y + 7, x + 21, y + 15);
	stroke(pix, x + 31, y + 7, x + 28, y + 15);
}

/* Another letter: what a box holds that slipped. */
static void
other(PIX *pix, int x, int y)
{
	frame(pix, x + 3, y + 2, 30, 32, 3);
	bar(pix, x + 3, y + 16, 30, 3);
}

static void
add(struct words *w, const char *text, struct box box)
{
	add_letter(w, text, strlen(text), box, 99);
}

/* Draws the letter between two others, and what was read of them, its box moved aside and
 * stretched; then corrects. down: they stand below each other. */
static void
read_as(PIX *pix, letter *draw, const char *text, int aside, int wide, bool down, struct words *w)
{
	const struct line like = {.cell = -1, .vertical = down};
	const int step = SIZE + 6;

	for (int i = 0; i < 3; i++)
		(i == 1 ? draw : other)(
		    pix, down ? LEFT : LEFT + step * i, down ? TOP + step * i : TOP);
	assert_int_equal(words_line(w, &like), 0);
	add(w, "日", (struct box){LEFT, TOP, SIZE, SIZE});
	if (down)
		add(w, text, (struct box){LEFT, TOP + step + aside, SIZE, wide});
	else
		add(w, text, (struct box){LEFT + step + aside, TOP, wide, SIZE});
	add(w, "日",
	    (struct box){down ? LEFT : LEFT + 2 * step, down ? TOP + 2 * step : TOP, SIZE, SIZE});
	words_line_done(w);
}

static void
expect(letter *draw, const char *text, int aside, int wide, bool down, const char *becomes)
{
	PIX *pix = blank(400, 400);
	_cleanup_(words_free) struct words w = {0};

	read_as(pix, draw, text, aside, wide, down, &w);
	assert_int_equal(variant_correct(pix, NULL, &w), 0);
	assert_string_equal(w.glyphs[1].text, becomes);
	pixDestroy(&pix);
}

static void
strokes_tell_the_variant(void **state)
{
	expect(ladder_taka, "高", 0, SIZE, false, "髙");
	expect(taka, "高", 0, SIZE, false, "高");
	expect(standing_saki, "崎", 0, SIZE, false, "﨑");
	expect(saki, "崎", 0, SIZE, false, "崎");
	expect(ladder_taka, "高", 0, SIZE, true, "髙");
	expect(standing_saki, "崎", 0, SIZE, true, "﨑");
}

static void
what_is_not_clear_stays(void **state)
{
	expect(broken_taka, "高", 0, SIZE, false, "高");
	expect(other, "高", 0, SIZE, false, "高");
	expect(other, "崎", 0, SIZE, false, "崎");
	expect(ladder_taka, "喜", 0, SIZE, false, "喜");
	expect(ladder_taka, "崎", 0, SIZE, false, "崎");
}

/* The engine's boxes hold half a letter, or the next one too. */
static void
a_box_that_slipped_finds_its_letter(void **state)
{
	expect(ladder_taka, "高", 0, SIZE / 2, false, "髙");
	expect(ladder_taka, "高", 0, 2 * SIZE, false, "髙");
	expect(standing_saki, "崎", -SIZE / 2, SIZE, false, "﨑");
	expect(standing_saki, "崎", SIZE / 2, SIZE, false, "﨑");
	expect(taka, "高", SIZE / 2, SIZE, false, "高");
}

static void
what_was_read_is_kept(void **state)
{
	PIX *pix = blank(400, 400);
	_cleanup_(words_free) struct words w = {0};

	read_as(pix, ladder_taka, "高", 0, SIZE, false, &w);
	assert_int_equal(variant_correct(pix, NULL, &w), 0);
	assert_string_equal(w.lines[0].raw, "日高日");
	assert_string_equal(w.lines[0].rule, VARIANT_RULE);
	pixDestroy(&pix);
}

/* Scanned at 200 dpi and pale, the two are still told apart. */
static void
worn_print_is_told_apart(void **state)
{
	static const struct {
		letter *draw;
		const char *read, *becomes;
	} cases[] = {{ladder_taka, "高", "髙"}, {taka, "高", "高"}, {standing_saki, "崎", "﨑"},
	    {saki, "崎", "崎"}};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		PIX *pix = blank(400, 400), *coarse, *blurred;
		_cleanup_(words_free) struct words w = {0};

		read_as(pix, cases[i].draw, cases[i].read, 0, SIZE, false, &w);
		coarse = pixScaleAreaMap(pix, 2 / 3.0f, 2 / 3.0f);
		blurred = pixScaleGrayLI(coarse, 1.5f, 1.5f);
		pixAddConstantGray(blurred, 90);
		assert_int_equal(variant_correct(blurred, NULL, &w), 0);
		assert_string_equal(w.glyphs[1].text, cases[i].becomes);
		pixDestroy(&pix);
		pixDestroy(&coarse);
		pixDestroy(&blurred);
	}
}

/* A ruled line under a name is no stroke of it. */
static void
a_ruled_line_is_no_stroke(void **state)
{
	PIX *pix = blank(400, 400), *rules = pixCreate(200, 200, 1);
	_cleanup_(words_free) struct words w = {0};

	read_as(pix, ladder_taka, "高", 0, SIZE, false, &w);
	bar(pix, 50, TOP + SIZE + 2, 300, 4);
	pixRasterop(rules, 25, (TOP + SIZE + 2) / SHEET_HALF, 150, 2, PIX_SET, NULL, 0, 0);
	assert_int_equal(variant_correct(pix, rules, &w), 0);
	assert_string_equal(w.glyphs[1].text, "髙");
	pixDestroy(&rules);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(strokes_tell_the_variant),
	    cmocka_unit_test(what_is_not_clear_stays),
	    cmocka_unit_test(a_box_that_slipped_finds_its_letter),
	    cmocka_unit_test(what_was_read_is_kept),
	    cmocka_unit_test(worn_print_is_told_apart),
	    cmocka_unit_test(a_ruled_line_is_no_stroke),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
