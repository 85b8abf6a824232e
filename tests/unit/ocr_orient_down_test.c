/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables of tick boxes: their columns stand further apart than their rows, and read downwards they
 * say the same few letters, surely. With an engine of our own behind the door: across it reads a
 * text in fair doubt, downwards what the test wants. And tables of figures, which it reads nearly as
 * surely upside down.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>

#include "ocr/engine.h"
#include "ocr/orient.h"
#include "ocr_draw.h"

#define ROWS 40
#define COLUMNS 7
#define GLYPHS 200

static const char *const text[] = {
    "利", "用", "者", "の", "氏", "名", "を", "記", "入", "し", "て", "く", "だ", "さ", "い", "。"};

struct engine {
	unsigned period; /* after so many glyphs it says the same again, read downwards */
	bool figures;    /* it sees only these, in one row */
};

int
engine_new(const char *folder, struct engine **ret)
{
	return -ENOSYS;
}

void
engine_free(struct engine *e)
{
}

/* Whether letters, which are higher than wide, stand so. */
static bool
is_upright(PIX *image)
{
	PIX *ink = pixThresholdToBinary(image, 128);
	BOXA *letters = pixConnCompBB(ink, 8);
	l_int32 w = 0, h = 0, best_w = 0, best_h = 0;

	for (int i = 0; i < boxaGetCount(letters); i++) {
		boxaGetBoxGeometry(letters, i, NULL, NULL, &w, &h);
		if (w * h > best_w * best_h) { /* the edge cuts none of the largest */
			best_w = w;
			best_h = h;
		}
	}
	boxaDestroy(&letters);
	pixDestroy(&ink);
	return best_h > best_w;
}

/* Whether letters, which are heavier at their feet, stand on them. */
static bool
is_on_its_feet(PIX *image)
{
	PIX *ink = pixThresholdToBinary(image, 128);
	PIXA *letters = NULL;
	BOXA *boxes = pixConnComp(ink, &letters, 8);
	int feet = 0;

	for (int i = 0; i < boxaGetCount(boxes); i++) {
		PIX *letter = pixaGetPix(letters, i, L_CLONE);
		int half = pixGetHeight(letter) / 2;
		l_int32 all = 0, top = 0;
		BOX *b = boxCreate(0, 0, pixGetWidth(letter), half);

		pixCountPixels(letter, &all, NULL);
		pixCountPixelsInRect(letter, b, &top, NULL);
		feet += top * 2 < all ? 1 : -1;
		boxDestroy(&b);
		pixDestroy(&letter);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&letters);
	pixDestroy(&ink);
	return feet > 0;
}

static int
read_figures(PIX *image, bool down, struct words *ret)
{
	const bool upright = !down && is_upright(image), right = is_on_its_feet(image);

	assert_int_equal(words_line(ret, &(struct line){.cell = -1}), 0);
	for (unsigned i = 0; i < GLYPHS; i++) {
		struct glyph g = {.box = {20 * (int)i, 0, 18, 18}};

		g.confidence = upright && (right || i % 10 != 0) ? 99 : 60;
		snprintf(g.text, sizeof g.text, "%u", i % 10);
		assert_int_equal(words_glyph(ret, &g), 0);
	}
	words_line_done(ret);
	return 0;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	const bool down = model == ENGINE_VERTICAL;
	const unsigned period = down ? e->period : sizeof text / sizeof *text;
	const bool upright = is_upright(image);

	if (e->figures)
		return read_figures(image, down, ret);
	assert_int_equal(words_line(ret, &(struct line){.cell = -1}), 0);
	for (unsigned i = 0; i < GLYPHS; i++) {
		struct glyph g = {.box = {20 * (int)i, 0, 18, 18}};

		/* every tenth glyph across is in doubt */
		g.confidence = upright && (down || i % 10 != 0) ? 99 : 60;
		strcpy(g.text, text[i % period]);
		assert_int_equal(words_glyph(ret, &g), 0);
	}
	words_line_done(ret);
	return 0;
}

/* Columns of letters close above each other, far apart. */
static PIX *
draw_columns(void)
{
	PIX *page = blank(1600, 2000);

	for (int x = 0; x < COLUMNS; x++)
		for (int y = 0; y < ROWS; y++)
			bar(page, 150 + 200 * x, 100 + 44 * y, 36, 40);
	return page;
}

static struct orient
find(unsigned period)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(draw_columns(), &s);
	struct engine e = {period};
	struct orient way;

	assert_int_equal(orient_find(&e, &s, g.rules, &way), 0);
	return way;
}

static void
columns_of_a_table_are_no_writing_downwards(void **state)
{
	for (unsigned period = 1; period <= 2; period++) {
		const struct orient way = find(period);

		assert_int_equal(way.script, SCRIPT_ACROSS);
		assert_int_equal(way.rotation, 0);
	}
}

static void
writing_downwards_is_found(void **state)
{
	const struct orient way = find(sizeof text / sizeof *text);

	assert_int_equal(way.script, SCRIPT_DOWN);
	assert_int_equal(way.rotation, 0);
}

/* A page of figures that stand on their feet, or are upside down. */
static int
turn_figures(int turned)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = {0};
	struct engine e = {.figures = true};
	PIX *pix = blank(1600, 2000);
	struct orient way;

	for (int y = 100; y < 1800; y += 80)
		for (int x = 150; x < 1400; x += 44) {
			bar(pix, x, y, 12, 40);
			bar(pix, x, y + 28, 34, 12);
		}
	if (turned == 180)
		assert_ptr_equal(pixRotate180(pix, pix), pix);
	g = find_grid(pix, &s);
	assert_int_equal(orient_find(&e, &s, g.rules, &way), 0);
	assert_int_equal(way.script, SCRIPT_ACROSS);
	return way.rotation;
}

static void
figures_are_not_taken_for_good_upside_down(void **state)
{
	assert_int_equal(turn_figures(0), 0);
	assert_int_equal(turn_figures(180), 180);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_of_a_table_are_no_writing_downwards),
	    cmocka_unit_test(writing_downwards_is_found),
	    cmocka_unit_test(figures_are_not_taken_for_good_upside_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
