/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What ink looks like is found out once, wherever the lines begin that it is cut from. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_windows.h"
#include "ocr_printed.h"

#define TEXT "水疱がみられる"

/* Cuts the only line of p, its box so much longer to the left. */
static void
cut(const struct printed *p, struct letter_inks *inks, int longer, struct letter_windows *ret)
{
	_cleanup_(words_free) struct words w = {0};
	const struct box b = line_box(p);

	read_print(&w, TEXT, READ_SURE);
	w.lines[0].box = (struct box){b.x - longer, b.y, b.w + longer, b.h};
	assert_int_equal(letter_windows(p->pix, NULL, inks, &w, &w.lines[0], ret), 0);
}

static struct letter_ink *
look(struct letter_inks *inks, PIX *pix, struct box window, double em)
{
	struct letter_ink *ink = NULL;

	assert_int_equal(letter_inks_look(inks, pix, (struct box){0}, window, em, &ink), 0);
	return ink;
}

static void
ink_of_a_line_cut_otherwise_is_the_same(void **state)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	_cleanup_(letter_windows_free) struct letter_windows a = {0}, b = {0}, alone = {0};
	struct printed p = print_line(TEXT);

	cut(&p, inks, 0, &a);
	cut(&p, inks, 9, &b);
	cut(&p, NULL, 9, &alone);
	assert_int_equal(a.nwindows, b.nwindows);
	assert_int_equal(a.nwindows, alone.nwindows);
	assert_int_not_equal(a.at.x, b.at.x);
	for (unsigned i = 0; i < a.nwindows; i++) {
		assert_ptr_equal(a.windows[i].ink, b.windows[i].ink);
		assert_memory_equal(&a.windows[i].ink->point, &alone.windows[i].ink->point,
		    sizeof a.windows[i].ink->point);
		for (unsigned k = 0; k < i; k++)
			assert_ptr_not_equal(a.windows[i].ink, a.windows[k].ink);
	}
	pixDestroy(&p.pix);
}

/* The same window in lines of other letters, and windows of other lines. */
static void
other_ink_is_another(void **state)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	struct printed p = print_line("水水");
	const struct box b = p.ink[0];
	struct letter_ink *ink = look(inks, p.pix, b, EM);

	assert_ptr_equal(look(inks, p.pix, b, EM), ink);
	assert_ptr_not_equal(look(inks, p.pix, b, EM + 2), ink);
	assert_ptr_not_equal(look(inks, p.pix, p.ink[1], EM), ink);
	assert_ptr_not_equal(look(inks, p.pix, (struct box){b.x, b.y, b.w - 1, b.h}, EM), ink);
	assert_ptr_not_equal(look(inks, p.pix, (struct box){b.x, b.y, b.w, b.h - 1}, EM), ink);
	pixDestroy(&p.pix);
}

static void
ink_is_like_what_the_judge_says(void **state)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	struct printed p = print_line("水");
	struct letter_ink *ink = look(inks, p.pix, p.ink[0], EM);
	struct letter_guess want[LETTER_INK_NEAREST], is[LETTER_INK_NEAREST];

	assert_int_equal(letter_judge(&ink->point, want, LETTER_INK_NEAREST), LETTER_INK_NEAREST);
	assert_int_equal(want[0].code, U'水');
	for (unsigned n = 1; n <= LETTER_INK_NEAREST; n++) {
		assert_int_equal(letter_ink_judge(ink, is, n), n);
		assert_memory_equal(is, want, n * sizeof *is);
	}
	assert_int_equal(letter_ink_judge(ink, is, 2 * LETTER_INK_NEAREST), LETTER_INK_NEAREST);
	pixDestroy(&p.pix);
}

static void
paper_is_no_ink(void **state)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	PIX *pix = blank(100, 100);
	struct letter_ink *ink = NULL;

	for (int i = 0; i < 2; i++)
		assert_int_equal(letter_inks_look(inks, pix, (struct box){0},
				     (struct box){10, 10, 40, 40}, EM, &ink),
		    -ENODATA);
	assert_null(ink);
	pixDestroy(&pix);
}

/* A page of noise is no reason to fill the memory. */
static void
no_more_is_remembered_than_a_page_has(void **state)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	struct printed p = print_line("水");
	struct letter_guess nearest;
	const struct box b = p.ink[0];

	letter_ink_judge(look(inks, p.pix, b, EM), &nearest, 1);
	for (int i = 1; i < LETTER_INKS_MOST; i++)
		look(inks, p.pix, b, EM + i * 1e-3);
	letter_inks_tidy(inks);
	assert_int_not_equal(look(inks, p.pix, b, EM)->nnearest, 0);
	look(inks, p.pix, b, EM - 1);
	letter_inks_tidy(inks);
	assert_int_equal(look(inks, p.pix, b, EM)->nnearest, 0);
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(ink_of_a_line_cut_otherwise_is_the_same),
	    cmocka_unit_test(other_ink_is_another),
	    cmocka_unit_test(ink_is_like_what_the_judge_says),
	    cmocka_unit_test(paper_is_no_ink),
	    cmocka_unit_test(no_more_is_remembered_than_a_page_has),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
