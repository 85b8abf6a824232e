/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes to what was read keep it, and the glyphs of all other lines. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/words.h"

#define RULE "rule"

static void
add_line(struct words *w, const char *text)
{
	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; text[i] != '\0'; i++) {
		struct glyph g = {.box = {(int)i * 10, 0, 8, 10}, .confidence = 99};

		g.text[0] = text[i];
		assert_int_equal(words_glyph(w, &g), 0);
	}
}

/* Three lines. */
static struct words
page(void)
{
	struct words w = {0};

	add_line(&w, "abc");
	add_line(&w, "defg");
	add_line(&w, "hi");
	return w;
}

static void
expect_page(const struct words *w, const char *text)
{
	_cleanup_(buf_free) struct buf b = {0};
	size_t n = 0;

	words_text(w, &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, text);
	for (size_t i = 0; i < w->nlines; i++)
		n += w->lines[i].count;
	assert_int_equal(n, w->nglyphs);
}

/* That line, and no other, says what was read. */
static void
expect_raw(const struct words *w, size_t line, const char *raw)
{
	for (size_t i = 0; i < w->nlines; i++) {
		if (i != line) {
			assert_null(w->lines[i].raw);
			assert_null(w->lines[i].rule);
			continue;
		}
		assert_string_equal(w->lines[i].raw, raw);
		assert_string_equal(w->lines[i].rule, RULE);
	}
}

/* X before the glyph of that line that has so many before it. */
static void
expect_inserted(size_t line, size_t before, const char *raw, const char *text)
{
	_cleanup_(words_free) struct words w = page();
	struct line *l = &w.lines[line];
	const struct glyph x = {.text = "X", .box = {5, 6, 7, 8}, .confidence = 42};

	assert_int_equal(words_insert(&w, l, l->first + before, &x, RULE), 0);
	expect_page(&w, text);
	expect_raw(&w, line, raw);
	assert_memory_equal(&w.glyphs[l->first + before], &x, sizeof x);
}

static void
glyphs_are_inserted(void **state)
{
	expect_inserted(0, 0, "abc", "Xabc\ndefg\nhi\n");
	expect_inserted(0, 1, "abc", "aXbc\ndefg\nhi\n");
	expect_inserted(0, 3, "abc", "abcX\ndefg\nhi\n");
	expect_inserted(1, 0, "defg", "abc\nXdefg\nhi\n");
	expect_inserted(1, 2, "defg", "abc\ndeXfg\nhi\n");
	expect_inserted(1, 4, "defg", "abc\ndefgX\nhi\n");
	expect_inserted(2, 0, "hi", "abc\ndefg\nXhi\n");
	expect_inserted(2, 1, "hi", "abc\ndefg\nhXi\n");
	expect_inserted(2, 2, "hi", "abc\ndefg\nhiX\n");
}

/* Lines stand in another order than their glyphs once they are in reading order. */
static void
order_of_lines_does_not_matter(void **state)
{
	_cleanup_(words_free) struct words w = page();
	const struct line first = w.lines[0];

	w.lines[0] = w.lines[2];
	w.lines[2] = first;
	assert_int_equal(words_insert(&w, &w.lines[1], 7, &(struct glyph){.text = "X"}, RULE), 0);
	expect_page(&w, "hi\ndefgX\nabc\n");
	assert_int_equal(words_insert(&w, &w.lines[2], 0, &(struct glyph){.text = "Y"}, RULE), 0);
	expect_page(&w, "hi\ndefgX\nYabc\n");
	assert_int_equal(words_drop(&w, &w.lines[1], 5, RULE), 0);
	expect_page(&w, "hi\ndfgX\nYabc\n");
}

/* One of the page itself, which moves as room is made. */
static void
copy_of_a_glyph_is_inserted(void **state)
{
	_cleanup_(words_free) struct words w = page();

	for (int i = 0; i < 100; i++)
		assert_int_equal(words_insert(&w, &w.lines[0], 0, &w.glyphs[i + 2], RULE), 0);
	assert_int_equal(w.lines[0].count, 103);
	for (size_t i = 0; i < 101; i++)
		assert_string_equal(w.glyphs[i].text, i < 100 ? "c" : "a");
	assert_string_equal(w.lines[0].raw, "abc");
}

static void
full_page_takes_no_more(void **state)
{
	_cleanup_(words_free) struct words w = page();
	const struct glyph x = {.text = "X"};

	while (w.nglyphs < WORDS_MAX_GLYPHS)
		assert_int_equal(words_glyph(&w, &x), 0);
	assert_int_equal(words_insert(&w, &w.lines[0], 1, &x, RULE), -E2BIG);
	assert_int_equal(w.nglyphs, WORDS_MAX_GLYPHS);
	assert_int_equal(w.lines[0].count, 3);
	assert_string_equal(w.glyphs[1].text, "b");
	assert_null(w.lines[0].raw);
	assert_null(w.lines[0].rule);
}

static void
expect_dropped(size_t line, size_t before, const char *raw, const char *text)
{
	_cleanup_(words_free) struct words w = page();

	assert_int_equal(words_drop(&w, &w.lines[line], w.lines[line].first + before, RULE), 0);
	expect_page(&w, text);
	expect_raw(&w, line, raw);
}

static void
glyphs_are_dropped(void **state)
{
	expect_dropped(0, 0, "abc", "bc\ndefg\nhi\n");
	expect_dropped(0, 2, "abc", "ab\ndefg\nhi\n");
	expect_dropped(1, 0, "defg", "abc\nefg\nhi\n");
	expect_dropped(1, 3, "defg", "abc\ndef\nhi\n");
	expect_dropped(2, 1, "hi", "abc\ndefg\nh\n");
}

/* To the next glyph of the line. */
static void
space_of_a_dropped_glyph_stays(void **state)
{
	_cleanup_(words_free) struct words w = page();

	w.glyphs[1].space = w.glyphs[6].space = true;
	assert_int_equal(words_drop(&w, &w.lines[0], 1, RULE), 0);
	assert_int_equal(words_drop(&w, &w.lines[1], 5, RULE), 0);
	expect_page(&w, "a c\ndef\nhi\n");
	assert_string_equal(w.lines[1].raw, "def g");
	for (size_t i = 2; i < w.nglyphs; i++)
		assert_false(w.glyphs[i].space);
}

static void
first_reading_is_kept(void **state)
{
	_cleanup_(words_free) struct words w = page();

	assert_int_equal(words_correct(&w, &w.lines[1], 3, "d", RULE), 0); /* it says so */
	assert_null(w.lines[1].raw);
	assert_null(w.lines[1].rule);
	assert_int_equal(words_correct(&w, &w.lines[1], 3, "D", "other"), 0);
	assert_int_equal(words_insert(&w, &w.lines[1], 4, &(struct glyph){.text = "X"}, "one"), 0);
	assert_int_equal(words_drop(&w, &w.lines[1], 7, RULE), 0);
	expect_page(&w, "abc\nDXef\nhi\n");
	expect_raw(&w, 1, "defg");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(glyphs_are_inserted),
	    cmocka_unit_test(order_of_lines_does_not_matter),
	    cmocka_unit_test(copy_of_a_glyph_is_inserted),
	    cmocka_unit_test(full_page_takes_no_more),
	    cmocka_unit_test(glyphs_are_dropped),
	    cmocka_unit_test(space_of_a_dropped_glyph_stays),
	    cmocka_unit_test(first_reading_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
