/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Light print on dark fields, and dark print on shaded ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <leptonica/allheaders.h>

#include "ocr/prepare.h"
#include "ocr/reverse.h"
#include "ocr/shade.h"
#include "ocr_draw.h"
#include "ocr_paper.h"

/* A dark heading with light print is turned; large letters and shaded fields are not. */
static void
dark_fields_are_turned(void **state)
{
	PIX *pix = paper(255);

	patch(pix, 300, 300, 900, 70, 90);
	for (int x = 340; x < 1100; x += 45) { /* its print */
		patch(pix, x, 318, 26, 5, 255);
		patch(pix, x + 10, 318, 5, 34, 255);
	}
	for (int x = 300; x < 1200; x += 130) { /* a title of heavy letters */
		patch(pix, x, 600, 100, 22, 20);
		patch(pix, x, 640, 100, 22, 20);
		patch(pix, x + 40, 600, 22, 100, 20);
	}
	patch(pix, 300, 900, 900, 70, 140); /* shaded, with dark print */
	patch(pix, 400, 920, 300, 20, 20);
	assert_int_equal(reverse_turn(pix), 1);
	assert_int_equal(pixel_at(pix, 320, 310), 255);
	for (int y = 304; y < 366; y++) /* no rule ends at it: no edge is left on this side, … */
		assert_int_equal(pixel_at(pix, 298 + y % 6, y), 255);
	assert_int_equal(pixel_at(pix, 700, 301), 0); /* … but it may head a table of level rules */
	assert_true(pixel_at(pix, 350, 320) < 60);
	assert_int_equal(pixel_at(pix, 310, 610), 20);
	assert_int_equal(pixel_at(pix, 320, 910), 140);
	pixDestroy(&pix);
}

static void
heading(PIX *pix, int y, int ground, int print)
{
	patch(pix, 300, y, 900, 60, ground);
	for (int x = 340; x < 1100; x += 45) {
		patch(pix, x, y + 18, 26, 5, print);
		patch(pix, x + 10, y + 18, 5, 34, print);
	}
}

/* Labels of a table on one dark column, black rules between them and a frame around the table, with
 * print close beside the column: it is turned, and rules and frame stay. */
static void
dark_labels_keep_their_rules(void **state)
{
	PIX *pix = paper(255);

	patch(pix, 200, 300, 1500, 12, 0);
	patch(pix, 200, 1100, 1500, 12, 0);
	patch(pix, 200, 300, 200, 812, 60);
	for (int i = 0; i < 4; i++) {
		patch(pix, 200, 300 + 200 * i, 1500, 12, 0);
		patch(pix, 405, 330 + 200 * i, 30, 34, 0);
		for (int x = 240; x < 360; x += 45)
			patch(pix, x, 390 + 200 * i, 20, 26, 255);
	}
	patch(pix, 192, 300, 12, 812, 0);
	assert_int_equal(reverse_turn(pix), 1);
	assert_int_equal(pixel_at(pix, 220, 330), 255);
	assert_true(pixel_at(pix, 250, 400) < 60);
	assert_true(pixel_at(pix, 300, 506) < 60);
	assert_true(pixel_at(pix, 198, 400) < 60);
	assert_true(pixel_at(pix, 398, 400) < 60);
	assert_int_equal(pixel_at(pix, 420, 340), 0);
	pixDestroy(&pix);
}

/* One word of heavy letters at the beginning of a long heading, below which the sides of a table go
 * on: it ends with an edge. */
static void
a_long_heading_is_turned_for_one_word(void **state)
{
	PIX *pix = paper(255);

	patch(pix, 200, 300, 1800, 60, 70);
	patch(pix, 200, 300, 3, 400, 0);
	patch(pix, 1997, 300, 3, 400, 0);
	for (int i = 0; i < 3; i++) {
		patch(pix, 230 + 60 * i, 312, 40, 12, 255);
		patch(pix, 244 + 60 * i, 312, 12, 38, 255);
	}
	assert_int_equal(reverse_turn(pix), 1);
	assert_int_equal(pixel_at(pix, 215, 330), 255);
	assert_int_equal(pixel_at(pix, 1900, 330), 255);
	assert_true(pixel_at(pix, 250, 340) < 60);
	assert_true(pixel_at(pix, 201, 330) < 60);
	assert_true(pixel_at(pix, 1998, 330) < 60);
	assert_true(pixel_at(pix, 1000, 358) < 60);
	pixDestroy(&pix);
}

/* Light print on a field of the same shade is print, and the field then is no shaded paper. */
static void
shaded_fields_become_paper(void **state)
{
	PIX *pix = paper(240);

	print(pix, 20);
	for (int i = 0; i < 3; i++) { /* nothing, dark print, light print on it */
		patch(pix, 280, 480 + 400 * i, 740, 260, 240);
		patch(pix, 300, 500 + 400 * i, 700, 220, 136);
		for (int x = 340; i > 0 && x < 960; x += 45)
			patch(pix, x, 590 + 400 * i, 30, 36, i == 1 ? 30 : 250);
	}
	assert_int_equal(shade_lift(pix), 1);
	assert_int_equal(pixel_at(pix, 320, 520), 136);
	assert_in_range(pixel_at(pix, 320, 920), 240, 255);
	assert_in_range(pixel_at(pix, 302, 902), 240, 255);
	assert_true(pixel_at(pix, 350, 1000) < 70);
	assert_int_equal(pixel_at(pix, 320, 1320), 136);
	assert_int_equal(pixel_at(pix, 260, 310), 20);
	pixDestroy(&pix);
}

/* A heading right below a line of heavy print that is longer than it. */
static void
print_close_to_a_dark_field_is_no_part_of_it(void **state)
{
	PIX *pix = paper(255);

	heading(pix, 300, 60, 255);
	for (int x = 200; x < 2000; x += 40)
		for (int k = 0; k < 3; k++)
			patch(pix, x, 254 + 14 * k, 34, 8, 20);
	assert_int_equal(reverse_turn(pix), 1);
	assert_int_equal(pixel_at(pix, 320, 310), 255);
	assert_true(pixel_at(pix, 350, 320) < 60);
	assert_int_equal(pixel_at(pix, 210, 256), 20);
	pixDestroy(&pix);
}

/* On shaded paper the same heading is only found once the paper is even. */
static void
a_pale_field_is_turned_on_even_paper(void **state)
{
	struct page p = {.width = W, .height = H, .reduce = 1, .dpi = 300};
	struct sheet s = {0};

	p.pix = paper(200);
	print(p.pix, 40);
	patch(p.pix, 200, 1900, 1200, 260, 200);
	heading(p.pix, 2000, 100, 155);
	assert_int_equal(sheet_new(&p, 0, &s), 0);
	assert_int_equal(pixel_at(s.grey, 320, 2010), 255);
	assert_true(pixel_at(s.grey, 350, 2020) < 160);
	sheet_free(&s);
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dark_fields_are_turned),
	    cmocka_unit_test(dark_labels_keep_their_rules),
	    cmocka_unit_test(a_long_heading_is_turned_for_one_word),
	    cmocka_unit_test(shaded_fields_become_paper),
	    cmocka_unit_test(print_close_to_a_dark_field_is_no_part_of_it),
	    cmocka_unit_test(a_pale_field_is_turned_on_even_paper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
