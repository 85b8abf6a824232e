/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dots of a list, drawn here, and letters and dots that are none. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/bullets.h"
#include "ocr_letters.h"

#define BELOW 60 /* from one line of the list to the next */

/* A black disc so wide in the middle of the line, that begins at x. */
static void
disc(PIX *pix, int x, int y, int wide)
{
	const int top = y + (SIZE - wide) / 2, most = wide * wide;

	for (int i = 0; i < wide; i++)
		for (int k = 0; k < wide; k++) {
			const int dx = 2 * k + 1 - wide, dy = 2 * i + 1 - wide;

			if (dx * dx + dy * dy <= most)
				bar(pix, x + k, top + i, 1, 1);
		}
}

static void
dot(PIX *pix, int x, int y)
{
	disc(pix, x, y, 13);
}

static void
small_dot(PIX *pix, int x, int y)
{
	disc(pix, x, y, 6);
}

static void
square(PIX *pix, int x, int y)
{
	bar(pix, x, y + 12, 13, 13);
}

/* o, e: white within. */
static void
hollow(PIX *pix, int x, int y)
{
	dot(pix, x, y);
	patch(pix, x + 4, y + 16, 5, 4, 255);
}

static void
add_line(struct words *w, PIX *pix, letter *draw, const char *first)
{
	const int y = TOP + BELOW * (int)w->nlines;

	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	add_letter(w, first, strlen(first), (struct box){LEFT, y + (SIZE - 13) / 2, 13, 13}, 98);
	draw(pix, LEFT, y);
	for (int i = 1; i < 4; i++) {
		const int x = LEFT + i * STEP;

		add_letter(w, "用", 3, (struct box){x, y, SIZE, SIZE}, 99);
		other_letter(pix, x, y);
	}
	words_line_done(w);
}

/* Two lines of a list, what their dots were read as and what they become. */
static void
expect(letter *draw, const char *first, const char *second, const char *want_first,
    const char *want_second)
{
	PIX *pix = blank(400, 300);
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, pix, draw, first);
	add_line(&w, pix, draw, second);
	assert_int_equal(bullets_correct(pix, NULL, &w), 0);
	assert_string_equal(w.glyphs[0].text, want_first);
	assert_string_equal(w.glyphs[4].text, want_second);
	pixDestroy(&pix);
}

static void
letters_that_are_dots_become_bullets(void **state)
{
	expect(dot, "e", "は", "•", "•");
	expect(dot, "o", "の", "•", "•");
}

static void
dots_of_their_list_do_too(void **state)
{
	expect(dot, "・", "e", "•", "•");
	expect(dot, "・", "・", "・", "・"); /* read as dots people know as well */
}

static void
other_ink_stays(void **state)
{
	expect(hollow, "e", "o", "e", "o");
	expect(square, "e", "o", "e", "o");
	expect(small_dot, "e", "の", "e", "の");
	expect(dot, "回", "品", "回", "品"); /* what bullets are not read as */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_that_are_dots_become_bullets),
	    cmocka_unit_test(dots_of_their_list_do_too),
	    cmocka_unit_test(other_ink_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
