/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unsure letters that cannot be what was read: another one need not be as near as elsewhere, and
 * may be in smaller print than the line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_correct.h"
#include "ocr_printed.h"

#define HIGH (2 * EM) /* of large writing */

/* Takes p's sheet; the line's box is around letters [0, n). */
static void
expect_again(struct printed *p, size_t n, const char *read, unsigned confidence, const char *want)
{
	_cleanup_(words_free) struct words w = {0};
	struct box all = {0};

	for (size_t i = 0; i < n; i++)
		all = box_union(all, p->ink[i]);
	read_print(&w, read, confidence);
	w.lines[0].box = all;
	assert_int_equal(letter_correct(p->pix, NULL, NULL, &w), 0);
	pixDestroy(&p->pix);
	expect_reads(&w, 0, want);
}

/* 850 in large letters, and behind them one in small print. */
static void
expect_unit(const char *unit, const char *read, unsigned confidence, const char *want)
{
	struct printed p = {.pix = blank(600, 2 * PRINT_TOP + 2 * HIGH)};

	print_at(&p, "８５０", HIGH, HIGH, PRINT_LEFT, PRINT_TOP);
	print_at(&p, unit, EM, EM, PRINT_LEFT + 3 * HIGH + 20, PRINT_TOP + 36);
	expect_again(&p, 4, read, confidence, want);
}

static void
unit_in_small_print_is_mended(void **state)
{
	expect_unit("円", "850?百", READ_UNSURE, "850円");
	expect_unit("個", "850?人", READ_UNSURE, "850個");
	expect_unit("円", "850?円", READ_UNSURE, "850円");
	expect_unit("円", "850百", READ_SURE, "850百");
}

/* The second letter of five in a pen so much thicker. */
static void
expect_thick(const char *drawn, int by, const char *read, const char *want)
{
	struct printed p = print_line(drawn);
	PIX *thick = pixErodeGray(p.pix, by, by);
	const struct box *b = &p.ink[1];

	pixRasterop(p.pix, b->x, b->y, b->w, b->h, PIX_SRC, thick, b->x, b->y);
	pixDestroy(&thick);
	expect_again(&p, 5, read, READ_UNSURE, want);
}

/* What is left of the last one is nearest to a black square. */
static void
far_letter_is_mended_where_none_is_near(void **state)
{
	expect_thick("水豕鬱の水", 5, "水?い?鬱の水", "水豕鬱の水");
	expect_thick("水弁鬱の水", 7, "水?い?鬱の水", "水弁鬱の水");
	expect_thick("水豕鬱の水", 7, "水?い?鬱の水", "水い鬱の水");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(unit_in_small_print_is_mended),
	    cmocka_unit_test(far_letter_is_mended_where_none_is_near),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
