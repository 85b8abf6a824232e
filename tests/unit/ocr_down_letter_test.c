/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How letters of vertical lines stand in level ones, by their ink and place alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/down_letter.h"
#include "ocr_down.h"

#define EM 60   /* of the typeface; letters are a little smaller */
#define WIDE 56 /* … namely so wide and high, at most */
#define MARGIN 30
#define ALIKE 0.5 /* of the ink may differ where letters lie over each other, pixels apart */

/* A letter alone on a page, in its room at (MARGIN, MARGIN). */
struct drawing {
	PIX *page, *ink; /* ink: cut close */
	struct down_letter letter;
};

static void
close_drawing(struct drawing *d)
{
	pixDestroy(&d->page);
	pixDestroy(&d->ink);
}

static struct drawing
draw(uint32_t code, bool sign)
{
	struct drawing d = {blank(EM + 2 * MARGIN, EM + 2 * MARGIN), NULL,
	    {.x = MARGIN + EM / 2, .y = MARGIN + EM / 2, .sign = sign}};
	PIX *ink;
	BOX *box = NULL;

	draw_down(d.page, code, EM, MARGIN, MARGIN);
	ink = ink_of(pixClone(d.page));
	assert_int_equal(pixClipToForeground(ink, &d.ink, &box), 0);
	boxGetGeometry(box, &d.letter.box.x, &d.letter.box.y, &d.letter.box.w, &d.letter.box.h);
	boxDestroy(&box);
	pixDestroy(&ink);
	return d;
}

static void
expect_way(const uint32_t *letters, bool sign, enum down_way want)
{
	for (; *letters != 0; letters++) {
		_cleanup_(close_drawing) struct drawing d = draw(*letters, sign);
		const enum down_way way = down_letter_way(&d.letter, d.ink, WIDE);

		if (way != want)
			fail_msg("U+%04X: %d instead of %d", *letters, way, want);
	}
}

static void
dashes_and_brackets_are_turned(void **state)
{
	expect_way(U"ー（）「」", false, DOWN_TURNS);
	expect_way(U"ー（）「」～―", true, DOWN_TURNS);
}

static void
letters_like_them_are_not(void **state)
{
	expect_way(U"一へ二三！：了口コ己!１", false, DOWN_STAYS);
	expect_way(U"一二三口コ己人", true, DOWN_STAYS);
}

/* Of any size there is: they are lower in other typefaces. */
static void
what_stands_in_the_middle_is_no_bracket(void **state)
{
	for (int em = WIDE; em <= WIDE * 5 / 4; em++) {
		_cleanup_(close_drawing) struct drawing d = draw(U'へ', false);

		assert_int_equal(down_letter_way(&d.letter, d.ink, em), DOWN_STAYS);
	}
}

/* A line with a triangle at its end, as of brushes. */
static void
a_one_with_a_heavy_end_is_no_bracket(void **state)
{
	struct down_letter l = {{5, 26, 50, 9}, 30, 30, true};
	PIX *pix = blank(50, 9);

	bar(pix, 0, 5, 50, 4);
	bar(pix, 40, 0, 8, 5);
	pix = ink_of(pix);
	assert_int_equal(down_letter_way(&l, pix, WIDE), DOWN_STAYS);
	pixDestroy(&pix);
}

/* A corner at the left or right, at the top or bottom, and maybe something in its inside. */
static PIX *
draw_corner(int w, int h, bool right, bool below, bool more)
{
	PIX *pix = blank(w, h);

	bar(pix, 0, below ? h - 5 : 0, w, 5);
	bar(pix, right ? w - 5 : 0, 0, 5, h);
	if (more)
		bar(pix, right ? 0 : w - 5, 0, 5, h);
	return ink_of(pix);
}

static void
corners_are_brackets_one_way_round(void **state)
{
	for (int i = 0; i < 8; i++) {
		const bool right = i & 1, below = i & 2, more = i & 4;
		PIX *corner = draw_corner(24, 28, right, below, more);
		const bool opens = right && !below && !more, closes = !right && below && !more;
		const struct down_letter l = {{18, 16, 24, 28}, 30, 30, false};

		assert_int_equal(down_letter_is_bracket(corner, false, WIDE), opens);
		assert_int_equal(down_letter_is_bracket(corner, true, WIDE), closes);
		assert_int_equal(down_letter_way(&l, corner, WIDE) == DOWN_TURNS, opens || closes);
		pixDestroy(&corner);
	}
}

/* However small. */
static void
specks_are_no_brackets_that_harm(void **state)
{
	for (int w = 1; w <= 3; w++)
		for (int h = 1; h <= 3; h++) {
			const struct down_letter l = {{0, 0, w, h}, 0, 0, true};
			PIX *pix = pixCreate(w, h, 1);

			pixSetAll(pix);
			for (int em = 0; em <= 4; em++)
				assert_in_range(
				    down_letter_way(&l, pix, em), DOWN_STAYS, DOWN_SMALL);
			pixDestroy(&pix);
		}
}

/* The middle that was found may be a little off. */
static void
large_letters_aside_stay(void **state)
{
	_cleanup_(close_drawing) struct drawing d = draw(U'国', false);

	d.letter.x -= EM / 10;
	assert_int_equal(down_letter_way(&d.letter, d.ink, WIDE), DOWN_STAYS);
}

static void
points_go_to_the_bottom_left(void **state)
{
	expect_way(U"、。", false, DOWN_POINT);
	expect_way(U"・", false, DOWN_STAYS);
}

static void
small_kana_go_to_the_bottom_and_large_stay(void **state)
{
	expect_way(U"っゃゅょッャュョァィゥェォ", false, DOWN_SMALL);
	expect_way(U"つやゆよツヤユヨアイウエオ日田国語用者", false, DOWN_STAYS);
}

/* The letter on a level picture, which has its middle in its own; cut close, and where it is. */
static PIX *
level_ink(uint32_t code, struct box *ret)
{
	_cleanup_(close_drawing) struct drawing d = draw(code, true);
	PIX *level = blank(4 * EM, 2 * EM), *ink, *close = NULL;
	BOX *box = NULL;

	assert_int_equal(down_letter_draw(&d.letter, d.page,
			     down_letter_way(&d.letter, d.ink, WIDE), WIDE, level, 2 * EM),
	    0);
	ink = ink_of(level);
	assert_int_equal(pixClipToForeground(ink, &close, &box), 0);
	boxGetGeometry(box, &ret->x, &ret->y, &ret->w, &ret->h);
	boxDestroy(&box);
	pixDestroy(&ink);
	return close;
}

/* Each comes to stand where the typeface has it in a level line, or nearly. */
static void
letters_are_drawn_as_they_stand_in_level_lines(void **state)
{
	for (const uint32_t *letter = U"あ一口人ー（）「」、。っャョ"; *letter != 0; letter++) {
		PIX *page = blank(4 * EM, 2 * EM), *ink;
		const struct box want = draw_letter(page, *letter, EM, 3 * EM / 2, EM / 2);
		struct box is;
		l_int32 all = 0, differ = 0;

		ink = level_ink(*letter, &is);
		page = ink_of(page);
		pixCountPixels(ink, &all, NULL);
		pixRasterop(ink, 0, 0, is.w, is.h, PIX_SRC ^ PIX_DST, page, want.x, want.y);
		pixCountPixels(ink, &differ, NULL);
		pixDestroy(&page);
		pixDestroy(&ink);
		assert_true(differ <= ALIKE * all);
		if (abs(is.x - want.x) > EM / 8 || abs(is.y - want.y) > EM / 8 ||
		    abs(is.w - want.w) > 3 || abs(is.h - want.h) > 3)
			fail_msg("U+%04X at %d %d %d %d, not %d %d %d %d", *letter, is.x, is.y,
			    is.w, is.h, want.x, want.y, want.w, want.h);
	}
}

/* At the edges of the sheet, and larger than the level picture. */
static void
what_has_no_room_is_cut_off(void **state)
{
	PIX *page = blank(100, 100), *level = blank(40, 20);
	const struct down_letter l = {{0, 0, 100, 100}, 50, 50, false};

	bar(page, 0, 0, 100, 100);
	for (enum down_way way = DOWN_STAYS; way <= DOWN_SMALL; way++)
		assert_int_equal(down_letter_draw(&l, page, way, 50, level, 10), 0);
	pixDestroy(&page);
	pixDestroy(&level);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(dashes_and_brackets_are_turned),
	    cmocka_unit_test(letters_like_them_are_not),
	    cmocka_unit_test(what_stands_in_the_middle_is_no_bracket),
	    cmocka_unit_test(a_one_with_a_heavy_end_is_no_bracket),
	    cmocka_unit_test(corners_are_brackets_one_way_round),
	    cmocka_unit_test(specks_are_no_brackets_that_harm),
	    cmocka_unit_test(large_letters_aside_stay),
	    cmocka_unit_test(points_go_to_the_bottom_left),
	    cmocka_unit_test(small_kana_go_to_the_bottom_and_large_stay),
	    cmocka_unit_test(letters_are_drawn_as_they_stand_in_level_lines),
	    cmocka_unit_test(what_has_no_room_is_cut_off),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
