/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The pitch of lines written downwards, and where their letters are cut. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/down_cut.h"
#include "ocr_down.h"

#define EM 48
#define TOP 40
#define PARTS_MAX 60
#define NEAR 0.05 /* of a pitch: what is found may be off where letters stand apart */

static const uint32_t *const text[] = {U"この規程は利用者の生活を守る",
    U"ために、必要な事項を定めるも", U"のである。二三の者からケアー"};

#define LINES (sizeof text / sizeof *text)

/* The lines, `step` pixels from letter to letter. */
static void
draw_lines(int step, struct down_line ret[LINES])
{
	for (size_t n = 0; n < LINES; n++) {
		PIX *pix = blank(2 * EM, 2 * TOP + 14 * step);

		for (int i = 0; text[n][i] != 0; i++)
			draw_down(pix, text[n][i], EM, EM / 2, TOP + i * step);
		pix = ink_of(pix);
		assert_int_equal(down_line_of(pix, &ret[n]), 0);
		pixDestroy(&pix);
	}
}

static void free_lines(struct down_line (*lines)[LINES])
{
	for (size_t n = 0; n < LINES; n++)
		down_line_free(&(*lines)[n]);
}

static double
pitch_of(const struct down_line *lines, unsigned n)
{
	double pitch = -1;

	assert_int_equal(down_pitch(lines, n, &pitch), 0);
	return pitch;
}

/* Solid, and apart, up to the squares of manuscript paper: never twice as far. */
static void
the_pitch_is_from_letter_to_letter(void **state)
{
	static const int steps[] = {EM, EM + 1, EM * 5 / 4, EM * 3 / 2, EM * 2};

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		_cleanup_(free_lines) struct down_line lines[LINES];
		double pitch;

		draw_lines(steps[i], lines);
		pitch = pitch_of(lines, LINES);
		if (fabs(pitch - steps[i]) > NEAR * steps[i])
			fail_msg("%d apart: %.2f", steps[i], pitch);
	}
}

/* Lines of one size each, which may stand on one page. */
static struct down_line
draw_one(const uint32_t *letters, int em)
{
	PIX *pix = blank(2 * em, 2 * TOP + 14 * em);
	struct down_line ret;

	draw_line(pix, letters, em, em, em / 2, TOP, NULL);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &ret), 0);
	pixDestroy(&pix);
	return ret;
}

static void
a_line_has_the_pitch_of_its_page_unless_its_letters_are_of_another_size(void **state)
{
	static const int sizes[] = {EM, EM * 3 / 4, EM * 5 / 4, EM * 3 / 2};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct down_line l = draw_one(text[0], sizes[i]);
		double pitch = -1;

		assert_int_equal(down_line_pitch(&l, EM, &pitch), 0);
		if (i == 0)
			assert_true(pitch == EM);
		else if (fabs(pitch - sizes[i]) > NEAR * sizes[i])
			fail_msg("letters of %d: %.2f", sizes[i], pitch);
		assert_int_equal(down_line_pitch(&l, 0, &pitch), 0);
		assert_true(fabs(pitch - sizes[i]) <= NEAR * sizes[i]);
		down_line_free(&l);
	}
}

/* A short one by itself might have any. */
static void
a_short_line_has_the_pitch_of_its_page(void **state)
{
	static const uint32_t *const shorts[] = {U"第二条", U"記録の保存", U"（目的）", U"職員"};

	for (size_t i = 0; i < sizeof shorts / sizeof *shorts; i++) {
		struct down_line l = draw_one(shorts[i], EM);
		double pitch = -1;

		assert_int_equal(down_line_pitch(&l, EM, &pitch), 0);
		assert_true(pitch == EM);
		down_line_free(&l);
	}
}

/* Letters that run into each other, and what is none. */
static void
ink_without_gaps_has_no_pitch(void **state)
{
	struct down_line line;
	double pitch = -1;
	PIX *pix = blank(EM, 2 * TOP + 14 * EM);

	bar(pix, 0, TOP, EM, 14 * EM);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &line), 0);
	pixDestroy(&pix);
	assert_true(pitch_of(&line, 1) == 0);
	assert_int_equal(down_line_pitch(&line, EM, &pitch), 0);
	assert_true(pitch == 0);
	down_line_free(&line);

	pix = blank(2 * EM, 2 * TOP + 14 * EM);
	for (int i = 0, y = TOP; i < 28; y += i % 3 * 5 + EM / 4, i++)
		draw_letter(pix, text[i / 14][i % 14], EM, EM / 2, y);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &line), 0);
	pixDestroy(&pix);
	assert_true(pitch_of(&line, 1) == 0);
	down_line_free(&line);
}

static void
no_lines_and_no_ink_have_no_pitch_that_harms(void **state)
{
	struct down_line white = {0};
	PIX *pix = blank(1, 3);
	int cut[PARTS_MAX + 1];

	assert_true(pitch_of(NULL, 0) == 0);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &white), 0);
	pixDestroy(&pix);
	assert_int_equal(white.n, 3);
	assert_int_equal(white.wide, 1);
	assert_true(pitch_of(&white, 1) >= 0);
	assert_in_range(down_cut(&white, 0.5, cut, PARTS_MAX + 1), 0, 3);
	assert_in_range(down_cut(&white, 1, cut, PARTS_MAX + 1), 0, 3);
	assert_int_equal(down_cut(&white, 1000, cut, PARTS_MAX + 1), 0);
	down_line_free(&white);
}

/* They make a line no wider, and its pitch no longer. */
static void
specks_beside_a_line_do_no_harm(void **state)
{
	PIX *pix = blank(2 * EM, 2 * TOP + 14 * EM);
	struct down_line line;

	draw_line(pix, text[0], EM, EM, EM / 2, TOP, NULL);
	for (int i = 0; i < 6; i++)
		bar(pix, i % 2 * (2 * EM - 3), TOP + i * 100, 3, 2);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &line), 0);
	pixDestroy(&pix);
	assert_in_range(line.wide, EM * 3 / 4, EM);
	assert_true(fabs(pitch_of(&line, 1) - EM) <= NEAR * EM);
	down_line_free(&line);
}

static void
a_line_is_as_wide_as_its_ink(void **state)
{
	static const struct {
		int x, w;
	} bars[] = {{0, 1}, {0, 40}, {5, 1}, {5, 30}, {39, 1}};

	for (size_t i = 0; i < sizeof bars / sizeof *bars; i++) {
		PIX *pix = blank(40, 20);
		struct down_line line;

		bar(pix, bars[i].x, 5, bars[i].w, 10);
		pix = ink_of(pix);
		assert_int_equal(down_line_of(pix, &line), 0);
		pixDestroy(&pix);
		assert_int_equal(line.wide, bars[i].w);
		down_line_free(&line);
	}
}

/* Each letter lies between two cuts, alone. */
static void
cuts_lie_between_letters(void **state)
{
	_cleanup_(free_lines) struct down_line lines[LINES];
	int cut[PARTS_MAX + 1], n;

	draw_lines(EM, lines);
	for (size_t line = 0; line < LINES; line++) {
		n = down_cut(&lines[line], EM, cut, PARTS_MAX + 1);
		assert_in_range(n, 14, 16);
		for (int i = 0; i < n; i++)
			assert_in_range(cut[i + 1] - cut[i], EM * 3 / 4, EM * 5 / 4);
		for (int i = 0; i < 14; i++) {
			const int middle = TOP + i * EM + EM / 2;
			int k = 0;

			while (k < n && cut[k + 1] <= middle)
				k++;
			assert_in_range(cut[k], middle - EM * 3 / 4, middle - EM / 4);
			assert_in_range(cut[k + 1], middle + EM / 4, middle + EM * 3 / 4);
		}
	}
}

/* Behind it the letters stand half a pitch higher, for the rest of the line. */
static void
a_comma_may_take_half_a_pitch(void **state)
{
	PIX *pix = blank(2 * EM, 2 * TOP + 13 * EM);
	struct down_line line;
	int cut[PARTS_MAX + 1], n, commas = 0;

	draw_line(pix, U"規程は利用者", EM, EM, EM / 2, TOP, NULL);
	draw_line(pix, U"、", EM, EM, EM / 2, TOP + 6 * EM, NULL);
	draw_line(pix, U"生活を守る者", EM, EM, EM / 2, TOP + 6 * EM + EM / 2, NULL);
	pix = ink_of(pix);
	assert_int_equal(down_line_of(pix, &line), 0);
	pixDestroy(&pix);
	n = down_cut(&line, EM, cut, PARTS_MAX + 1);
	for (int i = 0; i < n; i++)
		if (cut[i + 1] - cut[i] < EM * 2 / 3) {
			commas++;
			assert_in_range(cut[i], TOP + 6 * EM - 4, TOP + 6 * EM + 6);
		}
	assert_int_equal(commas, 1);
	down_line_free(&line);
}

static void
more_parts_than_fit_are_refused(void **state)
{
	_cleanup_(free_lines) struct down_line lines[LINES];
	int cut[PARTS_MAX + 1], n;

	draw_lines(EM, lines);
	n = down_cut(&lines[0], EM, cut, PARTS_MAX + 1);
	assert_true(n > 0);
	assert_int_equal(down_cut(&lines[0], EM, cut, n + 1), n);
	cut[n] = -1;
	assert_int_equal(down_cut(&lines[0], EM, cut, n), -E2BIG);
	assert_int_equal(cut[n], -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_pitch_is_from_letter_to_letter),
	    cmocka_unit_test(
		a_line_has_the_pitch_of_its_page_unless_its_letters_are_of_another_size),
	    cmocka_unit_test(a_short_line_has_the_pitch_of_its_page),
	    cmocka_unit_test(ink_without_gaps_has_no_pitch),
	    cmocka_unit_test(no_lines_and_no_ink_have_no_pitch_that_harms),
	    cmocka_unit_test(specks_beside_a_line_do_no_harm),
	    cmocka_unit_test(a_line_is_as_wide_as_its_ink),
	    cmocka_unit_test(cuts_lie_between_letters),
	    cmocka_unit_test(a_comma_may_take_half_a_pitch),
	    cmocka_unit_test(more_parts_than_fit_are_refused),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
