/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is written in a cell, and what only lies there. All drawings are of half size, as cells are
 * looked into. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cell_marks.h"

#define WIDE 200
#define HIGH 60
#define LEFT 20 /* of the cell, on the sheet */
#define MOST 100

static PIX *
draw(void)
{
	PIX *pix = pixCreate(LEFT + WIDE + 20, HIGH + 20, 1);

	assert_non_null(pix);
	return pix;
}

/* A dot or letter, from the corner of the cell. */
static void
dot(PIX *pix, int x, int y, int w, int h)
{
	pixRasterop(pix, LEFT + x, y, w, h, PIX_SET, NULL, 0, 0);
}

/* Takes pix. Count of the marks; the first goes to ret. */
static size_t
count(PIX *pix, size_t most, struct box *ret)
{
	struct cell c = {.box = {LEFT * SHEET_HALF, 0, WIDE * SHEET_HALF, HIGH * SHEET_HALF}};
	struct cell_marks m;
	size_t n;

	c.mask = pixCreate(WIDE, HIGH, 1);
	pixSetAll(c.mask);
	assert_int_equal(cell_marks(pix, &c, most, &m), 0);
	n = m.n;
	if (n > 0 && ret != NULL)
		*ret = m.box[0];
	free(m.box);
	pixDestroy(&c.mask);
	pixDestroy(&pix);
	return n;
}

/* Specks of one or two pixels, every fifth of them two that touch. */
static void
grain(PIX *pix)
{
	for (int i = 0; i < 40; i++)
		dot(pix, 20 + 19 * (i % 8) + i / 8, 5 + 7 * i % 50, i % 5 == 0 ? 4 : 1, 1 + i % 2);
}

static void
dust_is_no_mark(void **state)
{
	PIX *pix = draw();
	struct box b = {0};

	grain(pix);
	dot(pix, 180, 30, 18, 18);
	assert_int_equal(count(pix, MOST, &b), 1);
	assert_int_equal(b.x, LEFT + 180);
	assert_int_equal(b.w, 18);
}

/* On clean paper a small dot is print. */
static void
a_dot_on_clean_paper_is_a_mark(void **state)
{
	PIX *pix = draw();

	dot(pix, 60, 30, 4, 4);
	dot(pix, 90, 30, 2, 2);
	assert_int_equal(count(pix, MOST, NULL), 1);
}

/* So it is above a dotted line to write on. */
static void
dots_in_a_line_are_no_grain(void **state)
{
	PIX *pix = draw();

	dot(pix, 60, 30, 4, 4);
	for (int i = 0; i < 30; i++)
		dot(pix, 20 + 5 * i, 50, 2, 2);
	assert_int_equal(count(pix, MOST, NULL), 1);
}

/* Each row of the cell has a piece of the rule at its left, some of them small. */
static void
dots_of_a_rule_at_the_side_are_no_marks(void **state)
{
	for (int right = 0; right < 2; right++) {
		PIX *pix = draw();
		struct box b = {0};

		for (int i = 0; i < 7; i++)
			dot(pix, right ? WIDE - 3 : i % 2, 8 * i, 2, 2 + i % 3);
		dot(pix, 80, 20, 18, 18);
		assert_int_equal(count(pix, MOST, &b), 1);
		assert_int_equal(b.x, LEFT + 80);
	}
}

/* A colon and a letter of two strokes stand near a side, small figures below each other nearly as
 * near, and dots in the middle of a cell are as many as those of a rule. */
static void
print_near_the_side_is_marks(void **state)
{
	PIX *pix = draw();

	dot(pix, 2, 20, 3, 3);
	dot(pix, 2, 30, 3, 3);
	for (int i = 0; i < 5; i++)
		dot(pix, 6, 12 * i, 4, 8);
	dot(pix, 193, 20, 3, 12);
	dot(pix, 198, 20, 2, 12);
	for (int i = 0; i < 7; i++)
		dot(pix, 100, 8 * i, 3, 3);
	assert_int_equal(count(pix, MOST, NULL), 16);
}

/* Dust does not count among the most that is looked at. */
static void
dust_takes_no_place(void **state)
{
	PIX *pix = draw();

	grain(pix);
	dot(pix, 160, 30, 10, 18);
	dot(pix, 180, 30, 10, 18);
	dot(pix, 140, 30, 10, 18);
	assert_int_equal(count(pix, 2, NULL), 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dust_is_no_mark),
	    cmocka_unit_test(a_dot_on_clean_paper_is_a_mark),
	    cmocka_unit_test(dots_in_a_line_are_no_grain),
	    cmocka_unit_test(dots_of_a_rule_at_the_side_are_no_marks),
	    cmocka_unit_test(print_near_the_side_is_marks),
	    cmocka_unit_test(dust_takes_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
