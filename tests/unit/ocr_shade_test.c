/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sides of shaded fields: rules there that are hardly darker than the field. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/ground.h"
#include "ocr/shade.h"
#include "ocr_draw.h"
#include "ocr_paper.h"

#define SHADE 142
#define LEFT 400
#define TOP 500
#define LABEL 64 /* a label written downwards is so wide */
#define HIGH 560
#define WIDE 900 /* of the heading at its foot, which is one field with it */
#define FOOT 70

/* Signs of a label, n of them below each other. */
static void
label(PIX *pix, int x, int y, int n)
{
	for (int i = 0; i < n; i++) {
		patch(pix, x + 16, y + 60 * i, 34, 5, 30);
		patch(pix, x + 30, y + 60 * i, 6, 34, 30);
	}
}

/* A rule along the inner side of a box. */
static void
rule(PIX *pix, int x, int y, int w, int h, int grey)
{
	patch(pix, x, y, w, 3, grey);
	patch(pix, x, y + h - 3, w, 3, grey);
	patch(pix, x, y, 3, h, grey);
	patch(pix, x + w - 3, y, 3, h, grey);
}

/* A label and a heading of one shade that meet, with rules of this grey along their sides. */
static PIX *
labelled(int rules)
{
	PIX *pix = paper(253);

	patch(pix, LEFT, TOP, LABEL, HIGH, SHADE);
	patch(pix, LEFT, TOP + HIGH, WIDE, FOOT, SHADE);
	rule(pix, LEFT, TOP, LABEL, HIGH + FOOT, rules);
	rule(pix, LEFT, TOP + HIGH, WIDE, FOOT, rules);
	patch(pix, LEFT + 3, TOP + HIGH - 2, LABEL - 6, 6, SHADE);
	label(pix, LEFT, TOP + 60, 7);
	for (int i = 0; i < 6; i++)
		patch(pix, LEFT + 300 + 50 * i, TOP + HIGH + 18, 34, 32, 30);
	return pix;
}

/* Beside paper such a rule was dark, and so it is again, all around each piece of the field. */
static void
pale_rules_beside_a_field_are_kept(void **state)
{
	PIX *pix = labelled(124);

	assert_int_equal(shade_lift(pix), 1);
	assert_true(pixel_at(pix, LEFT + LABEL - 1, TOP + 200) < 100);
	assert_true(pixel_at(pix, LEFT, TOP + 200) < 100);
	assert_true(pixel_at(pix, LEFT + 30, TOP) < 100);
	assert_true(pixel_at(pix, LEFT + LABEL, TOP + HIGH + FOOT / 2) < 100);
	assert_true(pixel_at(pix, LEFT + 600, TOP + HIGH + FOOT - 1) < 100);
	assert_true(pixel_at(pix, LEFT + 8, TOP + 30) > 240);
	assert_true(pixel_at(pix, LEFT + 700, TOP + HIGH + 30) > 240);
	assert_true(pixel_at(pix, LEFT + 32, TOP + 70) < 80);
	pixDestroy(&pix);
}

/* Where there is no rule none is drawn; one that stays black needs not be. */
static void
other_sides_are_not_drawn(void **state)
{
	PIX *bare = labelled(SHADE), *black = labelled(20);

	assert_int_equal(shade_lift(bare), 1);
	assert_true(pixel_at(bare, LEFT + LABEL - 1, TOP + 200) > 240);
	assert_true(pixel_at(bare, LEFT + 1, TOP + 200) > 240);
	assert_int_equal(shade_lift(black), 1);
	assert_true(pixel_at(black, LEFT + LABEL - 1, TOP + 200) < 60);
	assert_true(pixel_at(black, LEFT + LABEL + 1, TOP + HIGH + FOOT / 2) > 240);
	pixDestroy(&bare);
	pixDestroy(&black);
}

/* A label with round corners is ruled off to them. */
static void
round_corners_become_square(void **state)
{
	PIX *pix = labelled(124);

	for (int i = 0; i < 20; i++) {
		patch(pix, LEFT, TOP + i, 20 - i, 1, 253);
		patch(pix, LEFT + 20 - i, TOP + i, 3, 1, 124);
	}
	assert_int_equal(shade_lift(pix), 1);
	assert_true(pixel_at(pix, LEFT + 4, TOP) < 100);
	assert_true(pixel_at(pix, LEFT, TOP + 4) < 100);
	pixDestroy(&pix);
}

/* A heading with a notch near its left end is two pieces that meet below it, though the right one
 * begins higher. */
static void
pieces_meet_where_a_field_is_thin(void **state)
{
	PIX *pix = paper(253);

	patch(pix, LEFT, TOP, WIDE, FOOT, SHADE);
	rule(pix, LEFT, TOP, WIDE, FOOT, 124);
	patch(pix, LEFT, TOP, 200, 3, 253);
	patch(pix, LEFT, TOP + 3, 200, 3, 124);
	patch(pix, LEFT + 200, TOP, 40, 28, 253);
	patch(pix, LEFT + 200, TOP + 28, 40, 3, 124);
	for (int i = 0; i < 11; i++)
		patch(pix, LEFT + 20 + (i < 3 ? 0 : 100) + 50 * i, TOP + 18, 34, 32, 30);
	assert_int_equal(shade_lift(pix), 1);
	assert_true(pixel_at(pix, LEFT + 219, TOP + 50) < 100);
	assert_true(pixel_at(pix, LEFT + 220, TOP + 50) < 100);
	for (int x = 240; x < WIDE - 10; x++)
		assert_true(pixel_at(pix, LEFT + x, TOP + 58) > 240);
	pixDestroy(&pix);
}

/* Lightening the field takes nothing along of what stands close to it. */
static void
print_beside_a_field_stays(void **state)
{
	PIX *pix = labelled(SHADE);

	for (int i = 0; i < 6; i++)
		patch(pix, LEFT + 300 + 50 * i, TOP + HIGH - 34, 34, 30, 150);
	assert_int_equal(shade_lift(pix), 1);
	assert_int_equal(pixel_at(pix, LEFT + 310, TOP + HIGH - 6), 150);
	assert_true(pixel_at(pix, LEFT + 310, TOP + HIGH + 4) > 240);
	pixDestroy(&pix);
}

/* Each label beside a table is one cell, whatever rows stand beside it. */
static void
a_label_is_a_cell(void **state)
{
	PIX *pix = labelled(128);

	for (int i = 0; i < 8; i++)
		patch(pix, LEFT + LABEL - 3, TOP + i * HIGH / 8, WIDE - LABEL + 3, 4, 60);
	for (int i = 0; i < 3; i++)
		patch(
		    pix, LEFT + LABEL + i * (WIDE - LABEL) / 2 - 2, TOP, i == 0 ? 0 : 4, HIGH, 60);
	assert_int_equal(count_cells(pix), 2 * 8 + 2);
}

/* A shaded row ends where it does when the page is evened, dark as it is. */
static void
a_dark_field_keeps_its_sides(void **state)
{
	PIX *pix = paper(230), *ground;

	patch(pix, LEFT + 2, TOP + 3, WIDE, 101, 140);
	ground = ground_find(pix);
	assert_non_null(ground);
	assert_int_equal(ground_even(pix, ground, GROUND_PART, 150, 240), 0);
	for (int i = 0; i < 12; i++) {
		assert_in_range(pixel_at(pix, LEFT + 300, TOP + 3 + i), 130, 150);
		assert_in_range(pixel_at(pix, LEFT + 300, TOP + 2 - i), 225, 255);
	}
	pixDestroy(&ground);
	pixDestroy(&pix);
}

/* Paper is a little darker beside a soft field, which makes no band of it. */
static void
soft_sides_are_no_bands(void **state)
{
	PIX *pix = paper(253), *ground, *edges;
	l_int32 n = 0;

	for (int k = 0; k < 4; k++) {
		patch(pix, LEFT, TOP + 300 * k, WIDE, 80, 140);
		patch(pix, LEFT, TOP + 300 * k + 80, WIDE, 10, 240);
	}
	ground = ground_find(pix);
	edges = ground == NULL ? NULL : ground_edges(ground);
	assert_non_null(edges);
	pixCountPixels(edges, &n, NULL);
	assert_int_equal(n, 0);
	pixDestroy(&edges);
	pixDestroy(&ground);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pale_rules_beside_a_field_are_kept),
	    cmocka_unit_test(other_sides_are_not_drawn),
	    cmocka_unit_test(round_corners_become_square),
	    cmocka_unit_test(pieces_meet_where_a_field_is_thin),
	    cmocka_unit_test(print_beside_a_field_stays),
	    cmocka_unit_test(a_label_is_a_cell),
	    cmocka_unit_test(a_dark_field_keeps_its_sides),
	    cmocka_unit_test(soft_sides_are_no_bands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
