/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Margins around what must be hidden: one glyph along the line, never over the edge. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>

#include "cleanup.h"
#include "store/catalogue_margin.h"

static void
expect(struct box b, int x, int y, int w, int h)
{
	assert_int_equal(b.x, x);
	assert_int_equal(b.y, y);
	assert_int_equal(b.w, w);
	assert_int_equal(b.h, h);
}

/* Glyphs of a line lie 20 apart; one is wider than the others; the second line goes down. */
static void
a_margin_is_one_glyph_along_the_line(void **state)
{
	static const char text[] = "氏名様高1\n計画\n印";
	static const struct box boxes[] = {{50, 100, 18, 20}, {70, 100, 18, 20}, {90, 100, 18, 20},
	    {110, 100, 30, 20}, {141, 100, 5, 20}, {0}, {400, 300, 20, 18}, {400, 320, 20, 18}, {0},
	    {300, 400, 40, 40}};
	_cleanup_(freep) struct box *wide = NULL;

	assert_int_equal(margin_glyphs(text, boxes, 10, NULL, 500, 1000, &wide), 0);
	expect(wide[0], 30, 100, 58, 20);
	expect(wide[3], 80, 100, 90, 20);
	expect(wide[4], 121, 100, 45, 20);
	expect(wide[5], 0, 0, 0, 0);
	expect(wide[6], 400, 280, 20, 58);
	expect(wide[7], 400, 300, 20, 58);
	expect(wide[9], 260, 400, 120, 40);
}

/* A letter may have got the box of the digit beside it. */
static void
a_margin_is_no_narrower_than_a_letter(void **state)
{
	static const struct box boxes[] = {{100, 50, 9, 20}, {110, 50, 9, 20}, {110, 50, 9, 20},
	    {140, 50, 9, 20}, {150, 50, 9, 20}};
	_cleanup_(freep) struct box *wide = NULL;

	assert_int_equal(margin_glyphs("12林34", boxes, 5, NULL, 500, 500, &wide), 0);
	expect(wide[2], 90, 50, 49, 20); /* the letter stands at 120 … 139 */
	expect(margin_around(boxes[2], 1, 500, 500), 90, 50, 49, 20);
}

/* Two glyphs in the box of one: the other stands beside it or below it. */
static void
a_line_in_one_place_may_go_both_ways(void **state)
{
	static const struct box boxes[] = {{100, 100, 20, 20}, {100, 100, 20, 20}};
	_cleanup_(freep) struct box *wide = NULL;

	assert_int_equal(margin_glyphs("高橋", boxes, 2, NULL, 500, 500, &wide), 0);
	expect(wide[0], 80, 80, 60, 60);
	expect(wide[1], 80, 80, 60, 60);
}

static void
no_margin_leaves_the_page(void **state)
{
	static const struct box boxes[] = {{5, 3, 20, 20}, {70, 3, 20, 20}}, down = {0, 5, 20, 80};
	_cleanup_(freep) struct box *wide = NULL;

	assert_int_equal(margin_glyphs("高橋", boxes, 2, NULL, 100, 100, &wide), 0);
	expect(wide[0], 0, 3, 90, 20);
	expect(wide[1], 5, 3, 95, 20);
	expect(margin_around(down, 4, 100, 90), 0, 0, 20, 90);
	expect(margin_around(boxes[1], 1, 100, 100), 50, 3, 50, 20);
	expect(margin_around((struct box){999000, 0, 900, 20}, 1, 0, 0), 998100, 0, 1900, 20);
}

/* Of a box in which glyphs stand, no more is known than how many: it may have been two lines. */
static void
a_box_alone_gets_its_glyphs_size(void **state)
{
	expect(margin_around((struct box){100, 100, 80, 20}, 4, 0, 0), 80, 100, 120, 20);
	expect(margin_around((struct box){100, 100, 80, 40}, 8, 0, 0), 80, 100, 120, 40);
	expect(margin_around((struct box){100, 100, 20, 36}, 2, 0, 0), 81, 81, 58, 74);
	expect(margin_around((struct box){100, 100, 20, 20}, 0, 0, 0), 100, 100, 20, 20);
}

/* Its letters only share a person's line. */
static void
a_persons_line_has_no_margin(void **state)
{
	static const struct box boxes[] = {{50, 100, 20, 20}, {70, 100, 20, 20}, {90, 100, 20, 20}};
	json_t *lines = json_pack("[{s:i,s:i,s:i,s:i}]", "x", 50, "y", 100, "w", 40, "h", 20);
	_cleanup_(freep) struct box *wide = NULL;

	assert_int_equal(margin_glyphs("高橋様", boxes, 3, lines, 0, 0, &wide), 0);
	expect(wide[1], 70, 100, 20, 20);
	expect(wide[2], 70, 100, 60, 20);
	json_decref(lines);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_margin_is_one_glyph_along_the_line),
	    cmocka_unit_test(a_margin_is_no_narrower_than_a_letter),
	    cmocka_unit_test(a_line_in_one_place_may_go_both_ways),
	    cmocka_unit_test(no_margin_leaves_the_page),
	    cmocka_unit_test(a_box_alone_gets_its_glyphs_size),
	    cmocka_unit_test(a_persons_line_has_no_margin),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
