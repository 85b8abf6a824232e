/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read is laid over a line of print: each letter over its own ink, though some are wrong,
 * lack, or are too many. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_fit.h"
#include "ocr_printed.h"

#define UNSURE 97 /* percent */

/* Lays text over the print p, of which it takes the sheet. over: for each letter that was read
 * which of the drawn it must lie over, from 0; - for none. */
static void
expect_over(struct printed *p, const char *read, unsigned confidence, const char *over)
{
	_cleanup_(letter_windows_free) struct letter_windows cut = {0};
	_cleanup_(words_free) struct words w = {0};
	int windows[LETTER_FIT_MAX];

	read_print(&w, read, confidence);
	w.lines[0].box = line_box(p);
	assert_int_equal(letter_windows(p->pix, NULL, NULL, &w, &w.lines[0], &cut), 0);
	assert_int_equal(letter_fit(&cut, &w, &w.lines[0], UNSURE, windows), 0);
	assert_int_equal(w.nglyphs, strlen(over));
	for (size_t i = 0; i < w.nglyphs; i++) {
		struct box b, ink;

		if (over[i] == '-') {
			if (windows[i] != LETTER_NOWHERE)
				fail_msg("%s: letter %zu is somewhere", read, i);
			continue;
		}
		if (windows[i] == LETTER_NOWHERE)
			fail_msg("%s: letter %zu is nowhere", read, i);
		b = letter_window_box(&cut, (unsigned)windows[i]);
		ink = p->ink[over[i] - '0'];
		if (abs(b.x - ink.x) > 3 || abs(b.w - ink.w) > 3)
			fail_msg(
			    "%s: letter %zu: %d+%d, drawn %d+%d", read, i, b.x, b.w, ink.x, ink.w);
	}
	pixDestroy(&p->pix);
}

/* Drawn, read, and which lies over which. */
struct lay {
	const char *drawn, *read, *over;
};

static void
expect_lays(const struct lay *lays, size_t n, unsigned confidence)
{
	for (size_t i = 0; i < n; i++) {
		struct printed p = print_line(lays[i].drawn);

		print_message("# %s: %s\n", lays[i].drawn, lays[i].read);
		expect_over(&p, lays[i].read, confidence, lays[i].over);
	}
}

#define EXPECT_LAYS(lays, confidence)                                                              \
	expect_lays((lays), sizeof(lays) / sizeof *(lays), (confidence))

static void
letters_lie_over_their_ink(void **state)
{
	static const struct lay lays[] = {
	    {"水疱がみられる", "水疱がみられる", "0123456"},
	    {"川の小さい順に", "川の小さい順に", "0123456"},
	    {"水疱がみられる", "水?癒がみられる", "0123456"},
	    {"水疱がみられる", "水?癒?か?わられる", "0123456"},
	    {"状態の変化", "?犬態の変化", "01234"},
	    {"状態の変化", "?氷態の変化", "01234"},
	};

	EXPECT_LAYS(lays, READ_UNSURE);
	EXPECT_LAYS(lays, READ_SURE);
}

/* Of two that could lie over the same ink, that which looks like it. */
static void
letter_too_many_lies_nowhere(void **state)
{
	static const struct lay lays[] = {
	    {"準じています", "準じ?しています", "01-2345"},
	    {"みずほ職員", "みずほ?の職員", "012-34"},
	    {"みずほの職員", "?もみずほの職員", "-012345"},
	    {"みずほの職員", "みずほの職員?が", "012345-"},
	    {"みずほの職員", "みずほの?二?重職員", "0123--45"},
	    {"職員のはい", "職員のは?はい", "0123-4"},
	    {"その川と鬱の水", "そのの川と鬱の水", "01-23456"},
	};

	EXPECT_LAYS(lays, READ_UNSURE);
	EXPECT_LAYS(lays, READ_SURE);
}

static void
ink_that_was_not_read_is_left(void **state)
{
	static const struct lay lays[] = {
	    {"訪問介護計画書", "訪問護計画書", "013456"},
	    {"訪問介護計画書", "問介護計画書", "123456"},
	    {"訪問介護計画書", "訪問介護計画", "012345"},
	    {"訪問介護計画書", "訪介計書", "0246"},
	    {"水疱、発疹が", "水疱発疹が", "01345"},
	};

	EXPECT_LAYS(lays, READ_SURE);
}

/* And no part of a letter beside it, nor that letter. */
static void
narrow_ink_that_was_not_read_is_left(void **state)
{
	static const struct lay lays[] = {
	    {"そのく”と鬱の水", "その?くと鬱の水", "0124567"},
	    {"その7!と鬱の水", "その7と鬱の水", "0124567"},
	    {"その7・と鬱の水", "その7と鬱の水", "0124567"},
	};

	EXPECT_LAYS(lays, READ_UNSURE);
}

/* Marks were lifted off: though their room shows no ink, they cost nothing. */
static void
marks_lie_nowhere(void **state)
{
	static const struct lay lays[] = {
	    {"　水疱　発疹", "□水疱☑発疹", "-12-45"},
	    {"　水疱　発疹", "○水疱■発疹", "-12-45"},
	    {"　水疱　発疹", "□□水疱■□発疹", "--12--45"},
	};

	EXPECT_LAYS(lays, READ_SURE);
}

/* What it costs that text was read for the print p, of which it takes the sheet, and how far its
 * only letter is from all of the ink. */
static float
cost_to_be(struct printed *p, const char *text, float *ret_distance)
{
	_cleanup_(letter_windows_free) struct letter_windows cut = {0};
	_cleanup_(words_free) struct words w = {0};
	int windows[LETTER_FIT_MAX];
	float cost;

	read_print(&w, text, READ_SURE);
	w.lines[0].box = line_box(p);
	assert_int_equal(letter_windows(p->pix, NULL, NULL, &w, &w.lines[0], &cut), 0);
	assert_int_equal(letter_fit_as_read(&cut, &w, &w.lines[0], windows, &cost), 0);
	for (unsigned i = 0; i < cut.nwindows; i++)
		if (cut.windows[i].from == 0 && cut.windows[i].to == cut.npieces)
			*ret_distance =
			    letter_alike_distance(&cut.windows[i].ink->point, &w.glyphs[w.nglyphs - 1]);
	pixDestroy(&p->pix);
	return cost;
}

static float
cost_of_line(const char *drawn, const char *text, float *ret_distance)
{
	struct printed p = print_line(drawn);

	return cost_to_be(&p, text, ret_distance);
}

/* The further it is beyond 450 the less is added; that it has no ink would cost more. */
static void
letter_costs_what_it_is_unlike_its_ink(void **state)
{
	static const struct {
		const char *read;
		float from, to; /* its distance */
	} letters[] = {{"末", 0, 128}, {"朱", 300, 450}, {"木", 450, 700}, {"力", 1150, 1300}};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		float d, cost = cost_of_line("末", letters[i].read, &d);

		print_message("# %s: %g, %g\n", letters[i].read, (double)d, (double)cost);
		assert_true(d > letters[i].from && d <= letters[i].to);
		assert_float_equal(cost + 128, d <= 450 ? d : 450 + .6 * (d - 450), .1);
	}
}

/* Six bars close together, which to leave would cost more, and a letter that the judge lacks. */
static void
letter_costs_so_much_at_most(void **state)
{
	struct printed p = {.pix = blank(200, 160), .n = 6};
	float d, cost;

	for (int i = 0; i < 6; i++) {
		p.ink[i] = (struct box){60 + i * 8, 60, 7, 39};
		bar(p.pix, p.ink[i].x, 60, 7, 39);
	}
	cost = cost_to_be(&p, "德", &d);
	assert_true(isinf(d));
	assert_float_equal(cost, 450 + .6 * (2000 - 450) - 128, .1);
}

static void
line_costs_more_for_what_has_no_ink_and_ink_that_is_nothing(void **state)
{
	float d, own = cost_of_line("末", "末", &d);
	const float wide = .94F; /* ems that 末 is */

	assert_float_equal(cost_of_line("末", "末末", &d), own + 370, .1);
	assert_float_equal(cost_of_line("末末", "末", &d), own + 100 + 400 * wide, 10);
	assert_float_equal(cost_of_line("　末", "□末", &d), own, .1);
}

static void
letters_of_one_shape_cost_the_same(void **state)
{
	static const char *const alike[][3] = {{"員カ", "員カ", "員力"}, {"員ロ", "員ロ", "員口"},
	    {"員つ", "員つ", "員っ"}, {"員」", "員」", "員丨"}};

	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		float d;

		assert_true(cost_of_line(alike[i][0], alike[i][1], &d) ==
			    cost_of_line(alike[i][0], alike[i][2], &d));
	}
}

static void
line_of_too_many_letters_is_refused(void **state)
{
	struct printed p = print_line("水疱");
	_cleanup_(letter_windows_free) struct letter_windows cut = {0};
	_cleanup_(words_free) struct words w = {0};
	int windows[LETTER_FIT_MAX];
	struct line l = {0};
	float cost;

	read_print(&w, "水疱", READ_SURE);
	assert_int_equal(letter_windows(p.pix, NULL, NULL, &w, &w.lines[0], &cut), 0);
	assert_int_equal(letter_fit(&cut, &w, &l, UNSURE, windows), 0);
	l.count = LETTER_FIT_MAX + 1;
	assert_int_equal(letter_fit(&cut, &w, &l, UNSURE, windows), -E2BIG);
	assert_int_equal(letter_fit_as_read(&cut, &w, &l, windows, &cost), -E2BIG);
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_lie_over_their_ink),
	    cmocka_unit_test(letter_too_many_lies_nowhere),
	    cmocka_unit_test(ink_that_was_not_read_is_left),
	    cmocka_unit_test(narrow_ink_that_was_not_read_is_left),
	    cmocka_unit_test(marks_lie_nowhere),
	    cmocka_unit_test(letter_costs_what_it_is_unlike_its_ink),
	    cmocka_unit_test(letter_costs_so_much_at_most),
	    cmocka_unit_test(line_costs_more_for_what_has_no_ink_and_ink_that_is_nothing),
	    cmocka_unit_test(letters_of_one_shape_cost_the_same),
	    cmocka_unit_test(line_of_too_many_letters_is_refused),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
