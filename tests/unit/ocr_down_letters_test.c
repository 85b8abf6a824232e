/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The letters of a line that is written downwards: one of each room, or two that share it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/down_letters.h"
#include "ocr_down.h"

#define EM 48
#define TOP 48
#define LEFT 24
#define OFF 2   /* pixels that a box may be off: paler edges are no ink */
#define WHITE 4 /* rooms, at most, above and below a line */

/* A line that is drawn bit by bit. */
struct drawing {
	PIX *pix;
	int em, pitch, y, n;
	struct box box[DOWN_LETTERS_MAX + 9]; /* of all letters */
};

static struct drawing
begin(int pitch, int high)
{
	return (struct drawing){.pix = blank(3 * EM, high), .em = EM, .pitch = pitch, .y = TOP};
}

/* letters, each `tenths` of an em below the one before. */
static void
draw(struct drawing *d, const uint32_t *letters, int tenths)
{
	for (; *letters != 0; letters++) {
		d->box[d->n++] = draw_down(d->pix, *letters, d->em, d->em / 2, d->y);
		d->y += d->em * tenths / 10;
	}
}

static void
find(struct drawing *d, struct down_letters *ret)
{
	PIX *ink = ink_of(d->pix);
	struct down_line line;

	assert_int_equal(down_line_of(ink, &line), 0);
	assert_int_equal(down_letters_find(ink, &line, d->pitch, ret), 0);
	down_line_free(&line);
	pixDestroy(&ink);
}

static void
expect_all(struct drawing *d)
{
	struct down_letters l;

	find(d, &l);
	assert_int_equal(l.n, d->n);
	assert_in_range(l.em, d->em * 3 / 4, d->em);
	for (int i = 0; i < l.n; i++) {
		const struct box is = l.letter[i].box, want = d->box[i];

		if (abs(is.x - want.x) > OFF || abs(is.y - want.y) > OFF ||
		    abs(is.x + is.w - want.x - want.w) > OFF ||
		    abs(is.y + is.h - want.y - want.h) > OFF)
			fail_msg("letter %d at %d %d %d %d, not %d %d %d %d", i, is.x, is.y, is.w,
			    is.h, want.x, want.y, want.w, want.h);
	}
}

/* Also of those that are of parts above each other. */
static void
each_room_has_its_letter(void **state)
{
	struct drawing d = begin(EM, 20 * EM);

	draw(&d, U"二三言うニこ豆の「立、合。ャー", 10);
	expect_all(&d);
}

/* The middle of a room is that of its em, wherever in it the ink is. */
static void
rooms_are_around_the_line_s_middle(void **state)
{
	for (int pitch = EM; pitch <= EM * 8 / 5; pitch += EM / 10) {
		struct drawing d = begin(pitch, 30 * EM);
		struct down_letters l;

		for (const uint32_t *c = U"国語用者、職員家族。電話記録"; *c != 0; c++) {
			d.y = TOP + d.n * pitch;
			draw(&d, (const uint32_t[]){*c, 0}, 0);
		}
		find(&d, &l);
		assert_int_equal(l.n, d.n);
		for (int i = 0; i < l.n; i++) {
			const int y = TOP + i * pitch + EM / 2;

			assert_in_range(l.letter[i].x, EM - 3, EM + 3);
			assert_in_range(l.letter[i].y, y - 5, y + 5);
		}
	}
}

static void
a_comma_in_the_room_of_a_letter_is_one_of_its_own(void **state)
{
	struct drawing d = begin(EM * 12 / 10, 20 * EM);

	draw(&d, U"職員家族か", 12);
	draw(&d, U"も", 9);
	draw(&d, U"、", 5);
	draw(&d, U"電話で記録を", 12);
	expect_all(&d);
}

static void
a_bracket_and_a_comma_in_one_room_are_two(void **state)
{
	struct drawing d = begin(EM, 20 * EM);

	draw(&d, U"職員「家族", 10);
	draw(&d, U"」、", 5);
	draw(&d, U"電話で記録を", 10);
	expect_all(&d);
}

static void
no_ink_has_no_letters(void **state)
{
	struct drawing d = begin(EM, 10 * EM);
	struct down_letters l;

	find(&d, &l);
	assert_int_equal(l.n, 0);
}

/* Not the first of them: the rest would be lost. Also where they only come to be too many as two
 * share a room. */
static void
more_letters_than_fit_are_none(void **state)
{
	static const struct {
		int alone, shared, n;
	} lines[] = {{DOWN_LETTERS_MAX - WHITE, 0, DOWN_LETTERS_MAX - WHITE},
	    {DOWN_LETTERS_MAX + 1, 0, 0}, {DOWN_LETTERS_MAX - 20, 8, DOWN_LETTERS_MAX - 4},
	    {DOWN_LETTERS_MAX - 20, 12, 0}};

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
		struct drawing d = begin(EM, 2 * TOP + (lines[i].alone + lines[i].shared) * EM);
		struct down_letters l;

		for (int k = 0; k < lines[i].alone; k++)
			draw(&d, U"田", 10);
		for (int k = 0; k < lines[i].shared; k++)
			draw(&d, U"」、", 5);
		find(&d, &l);
		assert_int_equal(l.n, lines[i].n);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_room_has_its_letter),
	    cmocka_unit_test(rooms_are_around_the_line_s_middle),
	    cmocka_unit_test(a_comma_in_the_room_of_a_letter_is_one_of_its_own),
	    cmocka_unit_test(a_bracket_and_a_comma_in_one_room_are_two),
	    cmocka_unit_test(no_ink_has_no_letters),
	    cmocka_unit_test(more_letters_than_fit_are_none),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
