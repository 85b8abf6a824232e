/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dots drawn here where another small sign was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/dots.h"
#include "ocr_letters.h"

#define MIDDLE_Y (TOP + SIZE / 2)

static void
dot(PIX *pix, int x, int y)
{
	bar(pix, x + 15, MIDDLE_Y - 3, 6, 6);
}

static void
low_dot(PIX *pix, int x, int y)
{
	bar(pix, x + 4, TOP + SIZE - 6, 6, 6);
}

static void
stroke(PIX *pix, int x, int y)
{
	bar(pix, x + 8, MIDDLE_Y - 2, 18, 4);
}

static void
colon(PIX *pix, int x, int y)
{
	dot(pix, x, y);
	bar(pix, x + 15, TOP + 4, 6, 6);
}

static void
speck(PIX *pix, int x, int y)
{
	bar(pix, x + 15, MIDDLE_Y, 1, 1);
}

static void
large(PIX *pix, int x, int y)
{
	bar(pix, x + 11, MIDDLE_Y - 7, 14, 14);
}

static void
dash(PIX *pix, int x, int y)
{
	bar(pix, x + 13, MIDDLE_Y - 1, 9, 3);
}

static void
expect(letter *draw, const char *text, size_t at, const char *want)
{
	expect_corrected(dots_correct, DOTS_RULE, 99, draw, at, text, want);
}

static void
dots_between_words(void **state)
{
	expect(dot, "商品.サー", 2, "商品・サー");
	expect(dot, "音楽-声", 2, "音楽・声");
	expect(dot, "小'中学", 1, "小・中学");
	expect(dot, "み,動画", 1, "み,動画"); /* as some write 、 */
	expect(dot, "人々.バー", 2, "人々・バー");
}

static void
other_ink_is_no_dot(void **state)
{
	expect(low_dot, "商品.サー", 2, "商品.サー");
	expect(stroke, "音楽-声", 2, "音楽-声");
	expect(dash, "音楽-声", 2, "音楽-声");
	expect(colon, "商品.サー", 2, "商品.サー");
	expect(speck, "商品.サー", 2, "商品.サー");
	expect(large, "商品.サー", 2, "商品.サー");
}

static void
other_signs_are_none(void **state)
{
	expect(dot, "1.目的", 1, "1.目的");
	expect(dot, "目.2", 1, "目.2");
	expect(dot, "商品一サ", 2, "商品一サ");
	expect(dot, "商品.", 2, "商品.");
}

/* What else is on the paper, or how letters were boxed. x: of the sign. */
typedef void change(PIX *pix, struct words *w, int x);

static void
expect_where(change *how, letter *draw, const char *want)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, "商品.サー");
	draw_spelled(pix, &w, draw, 2);
	how(pix, &w, w.glyphs[2].box.x);
	assert_int_equal(dots_correct(pix, NULL, &w), 0);
	expect_spelled(&w, "商品.サー", want, DOTS_RULE);
	pixDestroy(&pix);
}

/* Ink of the line below, in boxes that are too high. */
static void
line_below(PIX *pix, struct words *w, int x)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		w->glyphs[i].box.h += 24;
	bar(pix, x - 20, TOP + SIZE + 19, 4, 4);
}

static void
boxes_too_small(PIX *pix, struct words *w, int x)
{
	for (size_t i = 1; i < 4; i++)
		w->glyphs[i].box = (struct box){w->glyphs[i].box.x, TOP + 26, SIZE, 10};
}

static void
dirt(PIX *pix, struct words *w, int x)
{
	for (int i = 0; i < 42; i++)
		bar(pix, x - 24 + i % 6 * 2, TOP + 6 + i / 6 * 3, 1, 1);
}

static void
columns(PIX *pix, struct words *w, int x)
{
	w->lines[0].vertical = true;
}

/* Of サ, whose first stroke is a dot that begins so far behind its box's edge, nothing but that. */
static void
part_of_letter(PIX *pix, int x, int inside)
{
	BOX *place = boxCreate(x + STEP, TOP, SIZE, SIZE);

	pixSetInRect(pix, place);
	boxDestroy(&place);
	bar(pix, x + STEP + inside, MIDDLE_Y - 3, 6, 6);
}

static void
far_inside(PIX *pix, struct words *w, int x)
{
	part_of_letter(pix, x, 4);
}

static void
at_the_edge(PIX *pix, struct words *w, int x)
{
	part_of_letter(pix, x, 0);
}

static void
nothing(PIX *pix, int x, int y)
{
}

static void
dots_are_found_where_they_stand(void **state)
{
	expect_where(line_below, dot, "商品・サー");
	expect_where(boxes_too_small, dot, "商品・サー");
	expect_where(dirt, dot, "商品.サー");
	expect_where(columns, dot, "商品.サー");
	expect_where(at_the_edge, nothing, "商品・サー");
	expect_where(far_inside, nothing, "商品.サー");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dots_between_words),
	    cmocka_unit_test(other_ink_is_no_dot),
	    cmocka_unit_test(other_signs_are_none),
	    cmocka_unit_test(dots_are_found_where_they_stand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
