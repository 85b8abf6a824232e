/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The columns of a page that is written downwards: lines as long as their ink is, and lost ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/down_columns.h"
#include "ocr_down.h"

#define EM 48
#define STEP 50  /* from letter to letter */
#define APART 90 /* from line to line */
#define TOP 200
#define HIGH 1200
#define LONG 14 /* letters of a line */
#define LINES 5

static const uint32_t *const text[LINES] = {U"この規程は利用者の生活を守る",
    U"ために必要な事項を定めるもの", U"である職員は家族からも相談を",
    U"受けた場合には記録を残してく", U"ださい電話で聞いたことも書い"};

/* The left side of line n, the first of which is on the right. */
static int
left_of(int n)
{
	return 200 + APART * (LINES - 1 - n);
}

static PIX *
draw_page(void)
{
	PIX *pix = blank(2 * 200 + APART * LINES + 400, HIGH);

	for (int n = 0; n < LINES; n++)
		draw_line(pix, text[n], EM, STEP, left_of(n), TOP, NULL);
	return pix;
}

/* Letters [first, last) of line n, as an engine would have found them. */
static void
found(struct words *w, int n, int first, int last)
{
	const struct glyph g = {.text = "あ",
	    .box = {left_of(n), TOP + first * STEP, EM, (last - first) * STEP},
	    .confidence = 90};

	assert_int_equal(words_line(w, &(struct line){.cell = -1, .vertical = true}), 0);
	assert_int_equal(words_glyph(w, &g), 0);
	words_line_done(w);
}

static void
find(PIX *pix, const struct words *w, struct down_columns *ret)
{
	assert_int_equal(down_columns_find(pix, w, ret), 0);
	pixDestroy(&pix);
}

/* Column c holds all of line n, and nothing of its neighbours. */
static void
expect_line(const struct down_column *c, int n)
{
	BOX *box = NULL;
	l_int32 x, y, w, h;

	assert_int_equal(pixClipToForeground(c->ink, NULL, &box), 0);
	boxGetGeometry(box, &x, &y, &w, &h);
	boxDestroy(&box);
	assert_in_range(c->box.x + x, left_of(n), left_of(n) + EM / 4);
	assert_in_range(c->box.x + x + w, left_of(n) + EM * 3 / 4, left_of(n) + EM);
	assert_in_range(c->box.y + y, TOP, TOP + EM / 4);
	assert_in_range(c->box.y + y + h, TOP + LONG * STEP - EM / 4, TOP + LONG * STEP);
	assert_int_equal(pixGetWidth(c->ink), c->box.w);
	assert_int_equal(pixGetHeight(c->ink), c->box.h);
}

static void
lines_are_columns_of_one_pitch(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};

	for (int n = 0; n < LINES; n++)
		found(&w, n, 0, LONG);
	find(draw_page(), &w, &all);
	assert_int_equal(all.n, LINES);
	assert_true(fabs(all.pitch - STEP) < 1);
	for (int n = 0; n < LINES; n++) {
		assert_int_equal(all.column[n].line, n);
		assert_false(all.column[n].lost);
		expect_line(&all.column[n], n);
	}
}

static void
what_a_line_lost_at_its_ends_is_taken(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};

	found(&w, 0, 0, LONG - 4);
	found(&w, 1, 3, LONG);
	found(&w, 2, 2, LONG - 1);
	found(&w, 3, 0, LONG);
	found(&w, 4, 0, LONG);
	find(draw_page(), &w, &all);
	assert_int_equal(all.n, LINES);
	for (int n = 0; n < LINES; n++) {
		assert_false(all.column[n].lost);
		expect_line(&all.column[n], n);
	}
}

/* Wherever it is: first, amid, or last. */
static void
a_lost_line_comes_where_it_is_read(void **state)
{
	for (int lost = 0; lost < LINES; lost++) {
		_cleanup_(down_columns_free) struct down_columns all = {0};
		_cleanup_(words_free) struct words w = {0};

		for (int n = 0; n < LINES; n++)
			if (n != lost)
				found(&w, n, 0, LONG);
		find(draw_page(), &w, &all);
		assert_int_equal(all.n, LINES);
		for (int n = 0; n < LINES; n++) {
			assert_int_equal(all.column[n].lost, n == lost);
			assert_int_equal(all.column[n].line, n <= lost ? n : n - 1);
			expect_line(&all.column[n], n);
		}
	}
}

static void
lost_lines_beside_each_other_come_in_their_order(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};

	found(&w, 0, 0, LONG);
	found(&w, 3, 0, LONG);
	found(&w, 4, 0, LONG);
	find(draw_page(), &w, &all);
	assert_int_equal(all.n, LINES);
	for (int n = 0; n < LINES; n++) {
		assert_int_equal(all.column[n].lost, n == 1 || n == 2);
		expect_line(&all.column[n], n);
	}
}

/* Where lines stand so close that each might reach into the next. */
static void
a_column_has_none_of_the_next_one_s_ink(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(600, HIGH);

	for (int n = 0; n < 3; n++) {
		for (int i = 0; i < LONG; i++)
			bar(pix, 400 - n * 45, TOP + i * STEP, 40, 40);
		found(&w, n, 0, LONG);
		w.lines[n].box = (struct box){400 - n * 45, TOP, 40, LONG * STEP};
	}
	find(pix, &w, &all);
	assert_int_equal(all.n, 3);
	for (unsigned n = 0; n < all.n; n++)
		assert_int_equal(all.cost[n].wide, 40);
}

static void
furigana_and_pictures_are_no_lines(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = draw_page();

	for (int n = 0; n < LINES; n++) {
		found(&w, n, 0, LONG);
		draw_line(
		    pix, U"りようしゃせい", EM / 2, STEP / 2, left_of(n) + EM + 8, TOP + 200, NULL);
	}
	bar(pix, left_of(0) + 2 * APART, TOP, 250, 500);
	bar(pix, left_of(0) + 3 * APART, TOP + 600, 3, 300);      /* a rule */
	bar(pix, left_of(0) + 3 * APART + 40, TOP + 600, 40, 40); /* one letter */
	find(pix, &w, &all);
	assert_int_equal(all.n, LINES);
}

/* They would make letters look wider. */
static void
specks_are_no_ink(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = draw_page();

	for (int n = 0; n < LINES; n++) {
		found(&w, n, 0, LONG);
		for (int i = 0; i < 6; i++)
			bar(pix, left_of(n) + i % 2 * (EM + 5) - 4, TOP - 10 + i * 142, 2, 2);
	}
	find(pix, &w, &all);
	assert_int_equal(all.n, LINES);
	for (int n = 0; n < LINES; n++)
		expect_line(&all.column[n], n);
}

/* Many specks come first. */
static void
specks_leave_room_for_lost_lines(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = draw_page();

	for (int n = 0; n < LINES - 1; n++)
		found(&w, n, 0, LONG);
	for (int i = 0; i < 240; i++)
		bar(pix, 20 + i % 60 * 18, 2 + i / 60 * 46, 3, 2);
	find(pix, &w, &all);
	assert_int_equal(all.n, LINES);
	assert_true(all.column[LINES - 1].lost);
}

static void
level_lines_are_left_alone(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words w = {0};

	for (int n = 0; n < LINES; n++)
		found(&w, n, 0, LONG);
	w.lines[2].vertical = false;
	find(draw_page(), &w, &all);
	assert_int_equal(all.n, LINES - 1);
	for (unsigned n = 0; n < all.n; n++)
		assert_int_not_equal(all.column[n].line, 2);
}

/* Without width, on each other, beyond the sheet: whatever an engine says. */
static void
boxes_that_cannot_be_do_no_harm(void **state)
{
	static const struct box boxes[] = {{0, 0, 0, 0}, {50, 50, 0, 400}, {50, 50, 1, 400},
	    {300, 0, 60, HIGH}, {300, 0, 60, HIGH}, {310, 100, 60, 800}, {270, 100, 60, 800},
	    {-40, -300, 60, 900}, {1200, 900, 60, 900}, {5000, 5000, 60, 900}, {400, 0, 13, 800},
	    {393, 0, 13, 800}, {406, 0, 13, 800}, {0, 0, 1250, HIGH}, {0, 10, 1250, 3}};
	const size_t n = sizeof boxes / sizeof *boxes;

	for (size_t from = 0; from < n; from++) {
		_cleanup_(down_columns_free) struct down_columns all = {0};
		_cleanup_(words_free) struct words w = {0};

		for (size_t i = from; i < n; i++) {
			found(&w, 0, 0, LONG);
			w.lines[w.nlines - 1].box = boxes[i];
		}
		find(draw_page(), &w, &all);
		for (unsigned i = 0; i < all.n; i++)
			assert_true(all.column[i].box.w > 0);
	}
}

static void
no_lines_have_no_columns(void **state)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};

	find(draw_page(), &(struct words){0}, &all);
	assert_int_equal(all.n, 0);
	assert_true(all.pitch == 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines_are_columns_of_one_pitch),
	    cmocka_unit_test(what_a_line_lost_at_its_ends_is_taken),
	    cmocka_unit_test(a_lost_line_comes_where_it_is_read),
	    cmocka_unit_test(lost_lines_beside_each_other_come_in_their_order),
	    cmocka_unit_test(a_column_has_none_of_the_next_one_s_ink),
	    cmocka_unit_test(furigana_and_pictures_are_no_lines),
	    cmocka_unit_test(specks_are_no_ink),
	    cmocka_unit_test(specks_leave_room_for_lost_lines),
	    cmocka_unit_test(level_lines_are_left_alone),
	    cmocka_unit_test(boxes_that_cannot_be_do_no_harm),
	    cmocka_unit_test(no_lines_have_no_columns),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
