/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The way up: lines that a window shows whole, and pages fed every way round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ocr/orient.h"
#include "ocr/orient_lines.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define SIDE 512 /* of a window */
#define HIGH 36  /* of a line */
#define STEP 64  /* from line to line */

/* Letters of a line that begins at (x, y), as bars with gaps between them. */
static void
draw_line(PIX *pix, int x, int y, int letters)
{
	for (int i = 0; i < letters; i++)
		bar(pix, x + 44 * i, y, 36, HIGH);
}

static void
lines_that_edges_cut_are_left_out(void **state)
{
	_cleanup_(orient_lines_free) struct orient_lines lines = {0};
	PIX *window = blank(SIDE, SIDE);

	draw_line(window, 20, -HIGH / 2, 8);
	draw_line(window, -20, STEP, 20); /* its first and last letters are cut */
	draw_line(window, 20, 2 * STEP, 8);
	draw_line(window, 20, SIDE - HIGH / 2, 8);
	assert_int_equal(orient_lines_cut(window, &lines), 0);
	assert_int_equal(lines.n, 2);
	for (unsigned i = 0; i < lines.n; i++) {
		l_int32 x, y, w, h;
		PIX *ink = pixThresholdToBinary(lines.pix[i], 128);
		BOX *box = NULL;

		assert_int_equal(pixClipToForeground(ink, NULL, &box), 0);
		boxGetGeometry(box, &x, &y, &w, &h);
		assert_int_equal(h, HIGH);
		assert_int_equal(w % 44, 36); /* whole letters */
		assert_true(
		    x > 0 && y > 0 && x + w < pixGetWidth(ink) && y + h < pixGetHeight(ink));
		boxDestroy(&box);
		pixDestroy(&ink);
	}
	pixDestroy(&window);
}

static void
pale_lines_are_lines(void **state)
{
	_cleanup_(orient_lines_free) struct orient_lines lines = {0};
	PIX *window = blank(SIDE, SIDE);

	for (int i = 1; i < 7; i++)
		draw_line(window, 20, i * STEP, 8);
	pixMultConstantGray(window, 0.2f);
	pixAddConstantGray(window, 180); /* white again, ink of 180 */
	assert_int_equal(orient_lines_cut(window, &lines), 0);
	assert_int_equal(lines.n, ORIENT_LINES);
	pixDestroy(&window);
}

static void
columns_are_no_lines(void **state)
{
	_cleanup_(orient_lines_free) struct orient_lines lines = {0};
	PIX *window = blank(SIDE, SIDE), *turned;

	for (int i = 1; i < 7; i++)
		draw_line(window, 20, i * STEP, 8);
	draw_line(window, 40, 7 * STEP, 4);
	turned = pixRotateOrth(window, 1);
	bar(turned, 100, 0, 8, SIDE);
	assert_int_equal(orient_lines_cut(turned, &lines), 0);
	assert_int_equal(lines.n, 0);
	pixDestroy(&window);
	pixDestroy(&turned);
}

/* Days of a month and of the week, below each other: white between the two columns is wider than
 * between rows, and speaks for lines that run down. */
static PIX *
attendance(int from_row, int from_column)
{
	static const char *const days[] = {"Fri", "Sat", "Sun", "Mon", "Tue", "Wed", "Thu"};
	L_BMF *font = bmfCreate(NULL, 16);
	PIX *pix = blank(2481, 3508);

	assert_non_null(font);
	for (int i = 0; i < 31; i++) {
		const int y = 400 + from_row * i;
		char day[8];

		snprintf(day, sizeof day, "%d", i + 1);
		pixSetTextline(pix, font, day, 0, 240, y, NULL, NULL);
		pixSetTextline(pix, font, days[i % 7], 0, 240 + from_column, y, NULL, NULL);
	}
	bmfDestroy(&font);
	return pix;
}

static void
columns_of_latin_words_stand_upright(void **state)
{
	static const int apart[][2] = {{56, 110}, {56, 160}, {100, 160}};

	for (unsigned i = 0; i < sizeof apart / sizeof *apart; i++) {
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};
		struct orient way;

		g = find_grid(attendance(apart[i][0], apart[i][1]), &s);
		assert_int_equal(orient_find(*state, &s, g.rules, &way), 0);
		assert_int_equal(way.rotation, 0);
		assert_int_equal(way.script, SCRIPT_LATIN);
	}
}

static void
pages_are_found_upright_whichever_way_they_were_fed(void **state)
{
	static const char *const samples[] = {"04-juuyou-jikou", "07-houmon-kango-shiji"};

	for (unsigned i = 0; i < 8; i++) {
		const int fed = (int)(i % 4) * 90;
		_cleanup_(sheet_free) struct sheet s = {0};
		_cleanup_(grid_free) struct grid g = {0};
		struct orient way;
		char path[128];
		PIX *page, *turned;

		snprintf(path, sizeof path, "tests/samples/clean/%s.png", samples[i / 4]);
		page = pixRead(path);
		assert_non_null(page);
		turned = pixRotateOrth(page, fed / 90);
		pixDestroy(&page);
		g = find_grid(turned, &s);
		assert_int_equal(orient_find(*state, &s, g.rules, &way), 0);
		assert_int_equal(way.rotation, (360 - fed) % 360);
		assert_int_equal(way.script, SCRIPT_ACROSS);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_that_edges_cut_are_left_out),
	    cmocka_unit_test(pale_lines_are_lines),
	    cmocka_unit_test(columns_are_no_lines),
	    cmocka_unit_test(columns_of_latin_words_stand_upright),
	    cmocka_unit_test(pages_are_found_upright_whichever_way_they_were_fed),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
