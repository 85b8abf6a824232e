/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readings beside each other, and the places they give to a text made of both. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/align.h"

#define DISPUTED 85

/* Glyphs 10 apart from x on, all of them sure. */
static void
add_line(struct words *w, const char *text, int x)
{
	const struct line like = {.cell = -1};

	assert_int_equal(words_line(w, &like), 0);
	for (size_t i = 0; i < strlen(text); i++) {
		struct glyph g = {.box = {x + (int)i * 10, 0, 8, 12}, .confidence = 99};

		g.text[0] = text[i];
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static void
glyphs_are_found_in_the_other_reading(void **state)
{
	const int same[] = {0, -1, 2, -1, 3}, instead[] = {-1, 1, -1, -1, -1};
	_cleanup_(words_free) struct words a = {0}, b = {0};
	_cleanup_(freep) struct aligned *found = NULL;

	add_line(&a, "AxCDE", 0);
	add_line(&b, "AyCE", 0);
	found = align(&a, &b);
	for (size_t i = 0; i < a.nglyphs; i++) {
		assert_int_equal(found[i].same, same[i]);
		assert_int_equal(found[i].instead, instead[i]);
	}
}

/* Readings whose glyphs stand from 100 and from 200 on; the text's have no place. */
static void
place(struct words *text, const char *agreed, const char *first, const char *second)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(text, agreed, 0);
	for (size_t i = 0; i < text->nglyphs; i++) {
		text->glyphs[i].box = (struct box){0};
		text->glyphs[i].confidence = 0;
	}
	add_line(&a, first, 100);
	add_line(&b, second, 200);
	assert_int_equal(align_place(text, &a, &b, DISPUTED), 0);
}

static void
expect(const struct words *w, size_t at, char text, int x, unsigned confidence)
{
	assert_int_equal(w->glyphs[at].text[0], text);
	assert_int_equal(w->glyphs[at].box.x, x);
	assert_int_equal(w->glyphs[at].confidence, confidence);
}

static void
a_glyph_stands_where_a_reading_has_it(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	place(&w, "ABCD", "AxCD", "ABCy");
	expect(&w, 0, 'A', 100, 99);
	expect(&w, 1, 'B', 210, DISPUTED); /* the second's alone */
	expect(&w, 2, 'C', 120, 99);
	expect(&w, 3, 'D', 130, DISPUTED);
	assert_int_equal(w.lines[0].box.x, 100);
}

static void
what_neither_read_stands_in_place_of_what_they_read(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	place(&w, "ABC", "AxC", "AyzC");
	expect(&w, 1, 'B', 110, DISPUTED);
}

static void
what_nothing_stood_for_shares_the_room_between_its_neighbours(void **state)
{
	_cleanup_(words_free) struct words w = {0}, end = {0};

	place(&w, "ABCD", "AD", "AD");
	expect(&w, 0, 'A', 100, 99);
	assert_true(w.glyphs[1].confidence < DISPUTED);
	assert_true(w.glyphs[1].box.x >= 108 && w.glyphs[1].box.x <= w.glyphs[2].box.x);
	assert_true(w.glyphs[2].box.x + w.glyphs[2].box.w <= 110);
	place(&end, "ABC", "A", "A");
	assert_int_equal(end.glyphs[2].box.y + end.glyphs[2].box.h, 12);
}

/* Both networks saw a nine, both readings have a zero: its hole said so. */
static void
zeros_and_eights_that_both_readings_have_stay(void **state)
{
	_cleanup_(words_free) struct words w = {0}, other = {0};

	place(&w, "A9B", "A0B", "A0B");
	expect(&w, 1, '0', 110, DISPUTED);
	place(&other, "A9B", "A0B", "A8B");
	expect(&other, 1, '9', 110, DISPUTED);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(glyphs_are_found_in_the_other_reading),
	    cmocka_unit_test(a_glyph_stands_where_a_reading_has_it),
	    cmocka_unit_test(what_neither_read_stands_in_place_of_what_they_read),
	    cmocka_unit_test(what_nothing_stood_for_shares_the_room_between_its_neighbours),
	    cmocka_unit_test(zeros_and_eights_that_both_readings_have_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
