/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ruled lines as pale as a web page draws them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr_draw.h"

#define LEFT 200
#define TOP 300
#define WIDE 1600
#define HIGH 1200

/* Lines of a table, so many columns and rows, of this grey. */
static void
rule(PIX *pix, int columns, int rows, int grey)
{
	for (int i = 0; i <= rows; i++)
		patch(pix, LEFT, TOP + HIGH * i / rows, WIDE + 3, 3, grey);
	for (int i = 0; i <= columns; i++)
		patch(pix, LEFT + WIDE * i / columns, TOP, 3, HIGH + 3, grey);
}

static void
letter(PIX *pix, int x, int y)
{
	frame(pix, x, y, 36, 36, 5);
	bar(pix, x, y + 16, 36, 5);
}

/* Lines of letters, 30 of them in all but the last, from x on. */
static void
write_lines(PIX *pix, int x)
{
	for (int line = 0; line < 12; line++)
		for (int i = 0; i < (line < 11 ? 30 : 8); i++)
			letter(pix, x + 46 * i, TOP + 30 + 100 * line);
}

static void
pale_rules_close_cells(void **state)
{
	PIX *pix = blank(2000, 1800);

	rule(pix, 4, 12, 217);
	for (int i = 0; i < 4; i++)
		for (int k = 0; k < 12; k++)
			letter(pix, LEFT + 40 + WIDE * i / 4, TOP + 30 + HIGH * k / 12);
	assert_int_equal(count_cells(pix), 48);
}

/* Dark ones between them do not cut them into pieces. */
static void
pale_rules_stand_beside_dark_ones(void **state)
{
	PIX *pix = blank(2000, 1800);

	rule(pix, 4, 12, 217);
	rule(pix, 2, 1, 0);
	assert_int_equal(count_cells(pix), 48);
}

/* Squares of 5 mm, with writing all over them. */
static void
squares_that_writing_crosses_are_no_cells(void **state)
{
	PIX *pix = blank(2000, 1800);

	rule(pix, 27, 20, 217);
	write_lines(pix, LEFT + 20);
	assert_int_equal(count_cells(pix), 0);
}

/* Squares of 8 mm, with a letter in each or none: paper to write or to draw on. */
static void
squared_paper_has_no_cells(void **state)
{
	PIX *pix = blank(2000, 1800);

	rule(pix, WIDE / 94, HIGH / 94, 217);
	for (int i = 0; i < 100; i++)
		letter(pix, LEFT + 30 + 94 * (i % 10), TOP + 30 + 94 * (i / 10));
	assert_int_equal(count_cells(pix), 0);
}

/* As many days, as narrow, for each of some names. */
static void
columns_of_days_are_cells(void **state)
{
	PIX *pix = blank(2000, 1800);

	rule(pix, WIDE / 50, HIGH / 94, 217);
	for (int i = 0; i < 100; i++)
		letter(pix, LEFT + 7 + 50 * (i % 20), TOP + 30 + 94 * (i / 20));
	assert_int_equal(count_cells(pix), WIDE / 50 * (HIGH / 94));
}

/* Where paper has grain, it might be that. */
static void
pale_rules_count_on_clean_paper_alone(void **state)
{
	PIX *pix = blank(2000, 1800);

	for (int y = 0; y < 1800; y += 2)
		for (int x = y % 4 / 2; x < 2000; x += 3)
			patch(pix, x, y, 1, 1, 242);
	rule(pix, 4, 12, 226);
	assert_int_equal(count_cells(pix), 0);
}

/* The edges of a shaded field are no rules. */
static void
shaded_fields_have_no_rules(void **state)
{
	PIX *pix = blank(2000, 1800);

	for (int i = 0; i < 7; i++)
		patch(pix, LEFT, TOP + 200 * i, WIDE, 60, 225);
	for (int i = 0; i < 3; i++)
		bar(pix, LEFT + WIDE * i / 2, TOP, 3, HIGH + 60);
	assert_int_equal(count_cells(pix), 0);
}

/* It has no picture at half the size. */
static void
a_thread_has_no_rules(void **state)
{
	assert_int_equal(count_cells(blank(1, 1800)), 0);
	assert_int_equal(count_cells(blank(1800, 1)), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pale_rules_close_cells),
	    cmocka_unit_test(pale_rules_stand_beside_dark_ones),
	    cmocka_unit_test(squares_that_writing_crosses_are_no_cells),
	    cmocka_unit_test(squared_paper_has_no_cells),
	    cmocka_unit_test(columns_of_days_are_cells),
	    cmocka_unit_test(pale_rules_count_on_clean_paper_alone),
	    cmocka_unit_test(shaded_fields_have_no_rules),
	    cmocka_unit_test(a_thread_has_no_rules),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
