/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Glyphs of a level line find the letters that they are, though a network errs about places. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/down_place.h"

#define LETTERS 12
#define ROOM 40
#define WIDE 30 /* of letters and glyphs */

/* Letters below each other. */
static struct down_letters
letters(int n)
{
	struct down_letters l = {.n = n, .em = WIDE};

	for (int i = 0; i < n; i++)
		l.letter[i].box = (struct box){500, 100 + i * 45, WIDE, 35};
	return l;
}

/* Of as many glyphs, whose middles are at these places: letters, in tenths. */
static void
add_line(struct words *w, const int *at, int n)
{
	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (int i = 0; i < n; i++) {
		const struct glyph g = {
		    .text = "あ", .box = {(at[i] + 10) * ROOM / 10 - WIDE / 2, 5, WIDE, WIDE}};

		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* want: the letter of each. */
static void
expect(const int *at, const int *want, int n, int all)
{
	_cleanup_(words_free) struct words w = {0};
	const struct down_letters l = letters(all);

	add_line(&w, at, n);
	assert_int_equal(down_place(&l, ROOM, &w), 0);
	assert_true(w.lines[0].vertical);
	assert_int_equal(w.lines[0].box.y, l.letter[want[0]].box.y);
	assert_int_equal(w.lines[0].box.h,
	    l.letter[want[n - 1]].box.y + l.letter[want[n - 1]].box.h - l.letter[want[0]].box.y);
	for (int i = 0; i < n; i++) {
		const struct box is = w.glyphs[i].box, b = l.letter[want[i]].box;

		if (is.y != b.y || is.h != b.h || is.x < b.x || is.x + is.w > b.x + b.w)
			fail_msg("glyph %d at %d %d %d %d, letter %d", i, is.x, is.y, is.w, is.h,
			    want[i]);
	}
}

static void
a_glyph_of_each_letter_is_there_though_it_seems_beside(void **state)
{
	static const int at[LETTERS] = {2, 16, 24, 30, 41, 58, 69, 80, 86, 94, 98, 110},
			 want[LETTERS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

	expect(at, want, LETTERS, LETTERS);
}

static void
a_letter_read_as_two_is_shared(void **state)
{
	static const int at[] = {0, 10, 18, 22, 31, 40, 50}, want[] = {0, 1, 2, 2, 3, 4, 5};
	_cleanup_(words_free) struct words w = {0};
	const struct down_letters l = letters(6);

	expect(at, want, 7, 6);
	add_line(&w, at, 7);
	assert_int_equal(down_place(&l, ROOM, &w), 0);
	assert_int_equal(w.glyphs[2].box.x, 500);
	assert_int_equal(w.glyphs[2].box.w, WIDE / 2);
	assert_int_equal(w.glyphs[3].box.x, 500 + WIDE / 2);
	assert_int_equal(w.glyphs[3].box.w, WIDE / 2);
	assert_int_equal(w.glyphs[4].box.w, WIDE);
}

static void
letters_that_were_not_read_have_no_glyph(void **state)
{
	static const int at[] = {11, 20, 42, 49, 60}, want[] = {1, 2, 4, 5, 6};

	expect(at, want, 5, 8);
}

/* More than there are letters, beyond them on both sides. */
static void
glyphs_beyond_all_letters_are_of_the_outermost(void **state)
{
	static const int at[] = {-40, -10, 0, 10, 20, 35, 900}, want[] = {0, 0, 0, 1, 2, 2, 2},
			 one[] = {0, 0, 0, 0, 0, 0, 0};

	expect(at, want, 7, 3);
	expect(at, one, 7, 1);
}

static void
lines_without_glyphs_do_no_harm(void **state)
{
	_cleanup_(words_free) struct words w = {0};
	const struct down_letters l = letters(3);

	assert_int_equal(down_place(&l, ROOM, &w), 0);
	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	assert_int_equal(down_place(&l, ROOM, &w), 0);
}

static void
a_line_read_as_written_goes_to_as_many_letters_only(void **state)
{
	static const int at[] = {0, 1, 2, 3};
	const struct down_letters l = letters(4);

	for (int n = 3; n <= 4; n++) {
		_cleanup_(words_free) struct words w = {0};
		struct box before;

		add_line(&w, at, n);
		before = w.glyphs[2].box;
		down_place_each(&l, &w);
		assert_int_equal(w.glyphs[2].box.y, n == 4 ? l.letter[2].box.y : before.y);
		assert_int_equal(w.glyphs[2].box.x, n == 4 ? l.letter[2].box.x : before.x);
		assert_int_equal(w.lines[0].box.h, n == 4 ? 3 * 45 + 35 : WIDE);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_glyph_of_each_letter_is_there_though_it_seems_beside),
	    cmocka_unit_test(a_letter_read_as_two_is_shared),
	    cmocka_unit_test(letters_that_were_not_read_have_no_glyph),
	    cmocka_unit_test(glyphs_beyond_all_letters_are_of_the_outermost),
	    cmocka_unit_test(lines_without_glyphs_do_no_harm),
	    cmocka_unit_test(a_line_read_as_written_goes_to_as_many_letters_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
