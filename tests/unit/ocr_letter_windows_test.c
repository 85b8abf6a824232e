/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of print, and of bars that stand for it, are cut where letters may end. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_windows.h"
#include "ocr_printed.h"

#define HIGH 38 /* of bars, as of print: with ideographs among them, an em is 41 pixels */
#define BAR_EM 41
#define BAR_TOP 60

/* Cuts the only line of w, which is text, in this box of pix. */
static int
cut(PIX *pix, const char *text, struct box box, struct letter_windows *ret)
{
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, text, READ_SURE);
	w.lines[0].box = box;
	return letter_windows(pix, NULL, NULL, &w, &w.lines[0], ret);
}

/* A line of bars of these widths with paper of those between them, from PRINT_LEFT on; 0 ends. */
static int
cut_bars(const int *widths, int high, struct letter_windows *ret)
{
	PIX *pix = blank(3000, 400);
	int x = PRINT_LEFT, r;

	for (size_t i = 0; widths[i] > 0; i++) {
		if (i % 2 == 0)
			bar(pix, x, BAR_TOP, widths[i], high);
		x += widths[i];
	}
	r = cut(pix, "水", (struct box){PRINT_LEFT, BAR_TOP, x - PRINT_LEFT, high}, ret);
	pixDestroy(&pix);
	return r;
}

/* Whether a letter may fill pieces from … to - 1. */
static bool
has_window(const struct letter_windows *w, unsigned from, unsigned to)
{
	for (unsigned i = 0; i < w->nwindows; i++)
		if (w->windows[i].from == from && w->windows[i].to == to)
			return true;
	return false;
}

static void
expect_em(const char *text)
{
	struct printed p = print_line(text);
	_cleanup_(letter_windows_free) struct letter_windows w = {0};

	assert_int_equal(cut(p.pix, text, line_box(&p), &w), 0);
	if (w.em < 0.9 * EM || w.em > 1.1 * EM)
		fail_msg("%s: %.1f", text, w.em);
	pixDestroy(&p.pix);
}

static void
letters_tell_how_high_an_em_is(void **state)
{
	expect_em("訪問介護計画");
	expect_em("水疱がみられる");
	expect_em("お茶のかわり");
	expect_em("ひまわりがある");
	expect_em("サービスカード");
	expect_em("ABC123");
	expect_em("0120-345");
}

static void
every_letter_has_a_window(void **state)
{
	static const char *const texts[] = {
	    "川の小さい順に、心の中で", "水疱がみられる", "三二三二"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		struct printed p = print_line(texts[i]);
		_cleanup_(letter_windows_free) struct letter_windows w = {0};
		const struct box all = line_box(&p);

		assert_int_equal(cut(p.pix, texts[i], all, &w), 0);
		for (size_t k = 0; k < p.n; k++) {
			bool found = false;

			for (unsigned n = 0; n < w.nwindows; n++) {
				const struct box b = letter_window_box(&w, n);

				found |= abs(b.x - p.ink[k].x) <= 1 &&
					 abs(b.x + b.w - p.ink[k].x - p.ink[k].w) <= 2 &&
					 abs(b.y - all.y) <= 1 &&
					 abs(b.y + b.h - all.y - all.h) <= 2;
			}
			if (!found)
				fail_msg("%s: letter %zu", texts[i], k);
		}
		pixDestroy(&p.pix);
	}
}

/* By where they end, and those that end together by where they begin. */
static void
windows_are_in_order(void **state)
{
	struct printed p = print_line("川の小さい順に、心の中で");
	_cleanup_(letter_windows_free) struct letter_windows w = {0};

	assert_int_equal(cut(p.pix, "川の小さい順に、心の中で", line_box(&p), &w), 0);
	for (unsigned i = 0; i < w.nwindows; i++) {
		const struct letter_window *at = &w.windows[i];

		assert_true(at->from < at->to && at->to <= w.npieces);
		assert_true(i == 0 || at->to > at[-1].to ||
			    (at->to == at[-1].to && at->from > at[-1].from));
	}
	pixDestroy(&p.pix);
}

static void
letter_is_of_few_pieces_and_no_wider_than_letters_are(void **state)
{
	static const int narrow[] = {2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 3, 2, 0},
			 wide[] = {20, 6, 20, 60, 20, 12, 20, 0};
	_cleanup_(letter_windows_free) struct letter_windows few = {0}, two = {0};

	assert_int_equal(cut_bars(narrow, HIGH, &few), 0);
	assert_int_equal(few.npieces, 8);
	assert_true(has_window(&few, 1, 7));
	assert_true(has_window(&few, 7, 8));
	assert_false(has_window(&few, 1, 8));
	assert_false(has_window(&few, 0, 7));

	assert_int_equal(cut_bars(wide, HIGH, &two), 0);
	assert_int_equal(two.npieces, 4);
	assert_true(has_window(&two, 0, 2));
	assert_false(has_window(&two, 2, 4));
}

/* A block of ink with one thinner column, both in pixels: where it is parted, 0: nowhere. */
static int
parted_at(int wide, int thin)
{
	PIX *pix = blank(600, 200);
	_cleanup_(letter_windows_free) struct letter_windows w = {0};
	int at;

	bar(pix, PRINT_LEFT, BAR_TOP, wide, HIGH);
	patch(pix, PRINT_LEFT + thin, BAR_TOP + 5, 1, HIGH - 10, 255);
	assert_int_equal(cut(pix, "水", (struct box){PRINT_LEFT, BAR_TOP, wide, HIGH}, &w), 0);
	assert_in_range(w.npieces, 1, 3);
	at = w.npieces == 1 ? 0 : w.at.x + w.pieces[1].from - PRINT_LEFT;
	pixDestroy(&pix);
	return at;
}

static void
ink_wider_than_a_letter_is_parted(void **state)
{
	assert_int_equal(parted_at(BAR_EM, BAR_EM / 2), 0);
	assert_int_equal(parted_at(BAR_EM + 5, BAR_EM / 2), BAR_EM / 2);
	assert_int_equal(parted_at(BAR_EM + 5, 16), 16);
	assert_int_not_equal(parted_at(BAR_EM + 5, 11), 11);
	assert_int_equal(parted_at(BAR_EM + 20, BAR_EM - 2), BAR_EM - 2);
	assert_int_not_equal(parted_at(BAR_EM + 20, BAR_EM + 2), BAR_EM + 2);
}

/* So grey a hairline beside a black letter. */
static unsigned
pieces_with(int grey)
{
	PIX *pix = blank(600, 200);
	_cleanup_(letter_windows_free) struct letter_windows w = {0};

	bar(pix, PRINT_LEFT, BAR_TOP, 20, HIGH);
	patch(pix, PRINT_LEFT + 30, BAR_TOP, 2, HIGH, grey);
	assert_int_equal(cut(pix, "水", (struct box){PRINT_LEFT, BAR_TOP, 40, HIGH}, &w), 0);
	pixDestroy(&pix);
	return w.npieces;
}

static void
hairlines_are_ink(void **state)
{
	assert_int_equal(pieces_with(120), 2);
	assert_int_equal(pieces_with(170), 2);
	assert_int_equal(pieces_with(190), 1);
}

static void
ink_beside_the_box_is_not_the_line_s(void **state)
{
	PIX *pix = blank(600, 200);
	_cleanup_(letter_windows_free) struct letter_windows w = {0};
	const struct box box = {100, BAR_TOP, 100, HIGH};

	bar(pix, 100, BAR_TOP, 100, HIGH);
	bar(pix, 97, BAR_TOP, 1, HIGH);
	bar(pix, 201, BAR_TOP, 1, HIGH);
	bar(pix, 94, BAR_TOP, 1, HIGH);
	bar(pix, 205, BAR_TOP, 1, HIGH);
	assert_int_equal(cut(pix, "水", box, &w), 0);
	assert_int_equal(w.at.x + w.pieces[0].from, 97);
	assert_int_equal(w.at.x + w.pieces[w.npieces - 1].to, 202);
	pixDestroy(&pix);
}

/* Rows of ink from the box's top on, each as high as the paper behind it; where the line is. */
static void
expect_rows(const int *rows, int top, int high)
{
	PIX *pix = blank(600, 300);
	_cleanup_(letter_windows_free) struct letter_windows w = {0};
	int y = BAR_TOP;

	for (size_t i = 0; rows[i] > 0; i++) {
		if (i % 2 == 0)
			bar(pix, PRINT_LEFT, y, 30, rows[i]);
		y += rows[i];
	}
	assert_int_equal(cut(pix, "水", (struct box){PRINT_LEFT, BAR_TOP, 60, y - BAR_TOP}, &w), 0);
	assert_int_equal(w.at.y + (int)w.top, BAR_TOP + top);
	assert_int_equal((int)w.high, high);
	pixDestroy(&pix);
}

/* The darkest band, with bands beside it as long as it is flat. */
static void
line_is_where_most_ink_is(void **state)
{
	static const int only[] = {HIGH, 0}, below[] = {HIGH, 6, 12, 0}, above[] = {9, 5, HIGH, 0},
			 flat[] = {4, 12, 4, 9, 5, 0}, dots[] = {5, 4, 24, 20, 5, 0};

	expect_rows(only, 0, HIGH);
	expect_rows(below, 0, HIGH);
	expect_rows(above, 14, HIGH);
	expect_rows(flat, 0, 34);
	expect_rows(dots, 0, 33);
}

static void
what_is_as_no_line_is_not_cut(void **state)
{
	static const int widths[] = {20, 10, 20, 0};
	_cleanup_(letter_windows_free) struct letter_windows low = {0}, high = {0}, none = {0};

	assert_int_equal(cut_bars(widths, 7, &none), -ENODATA);
	assert_int_equal(cut_bars(widths, 9, &low), 0);
	assert_int_equal(cut_bars(widths, 195, &high), 0);
	assert_int_equal(cut_bars(widths, 205, &none), -ENODATA);
	assert_null(none.pieces);
	assert_null(none.windows);
}

/* So many bars. */
static int
cut_many(int n)
{
	_cleanup_(letter_windows_free) struct letter_windows w = {0};
	int widths[1000] = {0};

	for (int i = 0; i < 2 * n; i++)
		widths[i] = 3;
	return cut_bars(widths, HIGH, &w);
}

static void
ink_in_too_many_pieces_is_no_line(void **state)
{
	assert_int_equal(cut_many(390), 0);
	assert_int_equal(cut_many(405), -ENODATA);
	assert_int_equal(cut_many(480), -ENODATA);
}

static void
paper_is_no_line(void **state)
{
	PIX *pix = blank(600, 200);
	struct letter_windows w;

	assert_int_equal(cut(pix, "水", (struct box){60, 60, 200, 40}, &w), -ENODATA);
	assert_int_equal(cut(pix, "水", (struct box){700, 60, 200, 40}, &w), -ENODATA);
	assert_int_equal(cut(pix, "水", (struct box){-300, -60, 200, 40}, &w), -ENODATA);
	assert_int_equal(cut(pix, "水", (struct box){0}, &w), -ENODATA);
	assert_null(w.pieces);
	pixDestroy(&pix);
}

/* ---- pictures for which there is no memory ---- */

static unsigned pictures, last; /* made so far; the one that gets none, 0: all do */

static void *
picture(size_t n)
{
	return ++pictures == last ? NULL : malloc(n);
}

static void
line_is_cut_rightly_or_not_when_memory_ends(void **state)
{
	struct printed p = print_line("水疱がみられる");
	const struct box all = line_box(&p);

	setPixMemoryManager(picture, free);
	do {
		_cleanup_(letter_windows_free) struct letter_windows w = {0};
		int r;

		pictures = 0;
		last++;
		r = cut(p.pix, "水疱がみられる", all, &w);
		assert_true(r == 0 || (pictures >= last && (r == -ENOMEM || r == -ENODATA)));
		if (r == 0)
			assert_int_equal(w.npieces, letters_in("水疱がみられる"));
		else
			assert_true(w.pieces == NULL && w.windows == NULL);
	} while (pictures >= last);
	setPixMemoryManager(malloc, free);
	assert_true(last > 3);
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_tell_how_high_an_em_is),
	    cmocka_unit_test(every_letter_has_a_window),
	    cmocka_unit_test(windows_are_in_order),
	    cmocka_unit_test(letter_is_of_few_pieces_and_no_wider_than_letters_are),
	    cmocka_unit_test(ink_wider_than_a_letter_is_parted),
	    cmocka_unit_test(hairlines_are_ink),
	    cmocka_unit_test(ink_beside_the_box_is_not_the_line_s),
	    cmocka_unit_test(line_is_where_most_ink_is),
	    cmocka_unit_test(what_is_as_no_line_is_not_cut),
	    cmocka_unit_test(ink_in_too_many_pieces_is_no_line),
	    cmocka_unit_test(paper_is_no_line),
	    cmocka_unit_test(line_is_cut_rightly_or_not_when_memory_ends),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
