/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two readings of one line, and what becomes of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/settle.h"

/* Small letters are not sure. */
static void
add_line(struct words *w, const char *text)
{
	struct line like = {.cell = -1};

	assert_int_equal(words_line(w, &like), 0);
	for (size_t i = 0; i < strlen(text); i++) {
		struct glyph g = {.box = {(int)i * 10, 0, 8, 10}};

		g.confidence = text[i] < 'a' ? 99 : 80;
		g.text[0] = text[i];
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static void
expect(const char *best, const char *other, const char *text)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};
	_cleanup_(buf_free) struct buf out = {0};

	add_line(&a, best);
	add_line(&b, other);
	assert_true(settle(&a, &b, 0, NULL) >= 0);
	words_text(&a, &out);
	buf_add(&out, "", 1);
	assert_int_equal(strlen(text) + 2, out.size);
	assert_memory_equal(out.data, text, strlen(text));
}

static void
the_surer_of_as_many_glyphs_stand(void **state)
{
	expect("ABxD", "ABCD", "ABCD");
	expect("ABCD", "ABxD", "ABCD");
	expect("xBCD", "ABCy", "ABCD");
	expect("AxyD", "ABCD", "ABCD");
	expect("AxCDyF", "ABCdEF", "ABCDEF");
	expect("A1,600", "AX,600", "A1,600");
	expect("AXY,600", "A1,600", "A1,600");
}

static void
lost_and_invented_glyphs_change_nothing(void **state)
{
	expect("ABD", "ABCD", "ABD");
	expect("ABCD", "ABD", "ABCD");
	expect("ABxD", "ABCCD", "ABCCD"); /* the surer ones */
	expect("ABXD", "ABccD", "ABXD");
	expect("ABxDEYG", "ABCDEffG", "ABCDEYG");
	expect("ABC", "xyzw", "ABC");
}

static void
dots_and_dashes_that_one_dropped_stand(void **state)
{
	expect("HR", "HH-R", "H-R");
	expect("AB", "A-B", "A-B");
	expect("A-B", "AB", "A-B");
	expect("AB", "-AB-", "AB");
	expect("AB~", "AB", "AB~");
	expect("AB", "~AB~", "AB~");
}

static void
expect_judged(const char *best, const char *other, const char *judge, const char *text)
{
	_cleanup_(words_free) struct words a = {0}, b = {0}, c = {0};
	_cleanup_(buf_free) struct buf out = {0};

	add_line(&a, best);
	add_line(&b, other);
	add_line(&c, judge);
	assert_int_equal(settle(&a, &b, 0, NULL), SETTLE_OPEN);
	words_free(&a);
	a = (struct words){0};
	add_line(&a, best);
	assert_int_equal(settle(&a, &b, 0, &c), 0);
	words_text(&a, &out);
	buf_add(&out, "", 1);
	assert_memory_equal(out.data, text, strlen(text) + 1);
}

static void
a_third_reading_tells_what_one_has_alone(void **state)
{
	expect_judged("ABXCD", "ABCD", "ABCD", "ABCD\n");
	expect_judged("ABXCD", "ABCD", "ABXCD", "ABXCD\n");
	expect_judged("ABCD", "ABXCD", "ABXCD", "ABXCD\n");
	expect_judged("ABCD", "ABXCD", "ABCD", "ABCD\n");
	expect_judged("ABCD", "ABXCD", "zBXCz", "ABXCD\n"); /* elsewhere it differs, too */
	expect_judged("ABCD", "ABXCD", "EFGH", "ABCD\n");   /* knows nothing */
	expect_judged("XABC", "ABC", "ABC", "XABC\n");      /* an end */
	expect_judged("ABC", "ABCX", "ABC", "ABC\n");
	expect_judged("ABC", "ABCX", "DBCX", "ABCX\n");
	expect_judged("AAB", "AB", "AB", "AB\n");
	expect_judged("x-S", "TS", "T-S", "TS\n");
}

static void
expect_led(int lead, const char *text)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(&a, "ABC");
	add_line(&b, "AXC");
	a.glyphs[1].confidence = 90;
	b.glyphs[1].confidence = 87;
	assert_int_equal(settle(&a, &b, lead, NULL), 0);
	assert_string_equal(a.glyphs[1].text, text);
}

/* The third reading of a line gives what both others dropped, and nothing else. */
static void
a_reading_that_is_never_surer_gives_dots_alone(void **state)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};
	_cleanup_(buf_free) struct buf out = {0};

	add_line(&a, "TSxy");
	add_line(&b, "T-SXYZ");
	assert_true(settle(&a, &b, -100, NULL) >= 0);
	words_text(&a, &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, "T-Sxy\n");
}

static void
a_reading_that_is_less_sure_of_itself_gets_a_lead(void **state)
{
	expect_led(3, "B");
	expect_led(4, "X");
}

/* text, its glyph at (from 0) squeezed in between its neighbours with this confidence. */
static void
add_squeezed(struct words *w, const char *text, size_t at, unsigned confidence)
{
	add_line(w, text);
	for (size_t i = at; i < w->nglyphs; i++)
		w->glyphs[i].box.x -= i == at ? 5 : 10;
	w->glyphs[at].confidence = (uint8_t)confidence;
}

static void
expect_squeezed(unsigned confidence, const char *best, const char *other, const char *text)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};
	_cleanup_(buf_free) struct buf out = {0};

	add_squeezed(&a, best, 2, confidence);
	add_line(&b, other);
	assert_true(settle(&a, &b, 0, NULL) >= 0);
	words_text(&a, &out);
	buf_add(&out, "", 1);
	assert_memory_equal(out.data, text, strlen(text) + 1);
}

static void
a_glyph_without_room_was_invented(void **state)
{
	expect_squeezed(95, "ABXCDEF", "ABCDEF", "ABCDEF\n");
	expect_squeezed(98, "ABXCDEF", "ABCDEF", "ABXCDEF\n"); /* sure */
	expect_squeezed(95, "ABXCDEF", "ABYCDEF", "ABYCDEF\n");
	expect_squeezed(95, "AB-CDEF", "ABCDEF", "AB-CDEF\n");
	expect_squeezed(95, "AB~CDEF", "ABCDEF", "AB~CDEF\n");
	expect_squeezed(95, "AB,CDEF", "ABCDEF", "AB,CDEF\n");
	expect("ABxCDEF", "ABCDEF", "ABxCDEF"); /* there is room */
}

static void
a_glyph_without_room_makes_a_line_doubtful(void **state)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(&a, "ABCDEFG");
	add_squeezed(&b, "ABXCDEF", 2, 95);
	assert_false(settle_doubts(&a));
	assert_true(settle_doubts(&b));
}

/* Few glyphs have no usual step, and slipped boxes may lie behind one another. */
static void
a_short_line_tells_nothing_of_room(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "AxBC");
	w.glyphs[2].box.x = w.glyphs[0].box.x - 5;
	assert_false(settle_doubts(&w));
}

/* digits.h mends before readings are compared. */
static void
what_the_engine_said_is_kept(void **state)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(&a, "AxC");
	add_line(&b, "ABC");
	assert_int_equal(words_correct(&a, &a.lines[0], 1, "8", "digits"), 0);
	assert_int_equal(settle(&a, &b, 0, NULL), 0);
	assert_string_equal(a.lines[0].raw, "AxC");
}

/* Handwriting is read twice in two ways, each of them sure of itself. */
static void
what_is_disputed_is_not_sure(void **state)
{
	const uint8_t confidence[] = {99, SETTLE_DISPUTED, 99, SETTLE_DISPUTED, 99, 80};
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(&a, "ABCDEf");
	add_line(&b, "AXCEg");
	assert_true(settle(&a, &b, 0, NULL) >= 0);
	for (size_t i = 0; i < a.nglyphs; i++)
		assert_int_equal(a.glyphs[i].confidence, confidence[i]);
}

static void
several_lines_are_no_pair(void **state)
{
	_cleanup_(words_free) struct words a = {0}, b = {0};

	add_line(&a, "ax");
	add_line(&b, "AB");
	add_line(&b, "CD");
	assert_int_equal(settle(&a, &b, 0, NULL), 0);
	assert_string_equal(a.glyphs[0].text, "a");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_surer_of_as_many_glyphs_stand),
	    cmocka_unit_test(lost_and_invented_glyphs_change_nothing),
	    cmocka_unit_test(dots_and_dashes_that_one_dropped_stand),
	    cmocka_unit_test(a_third_reading_tells_what_one_has_alone),
	    cmocka_unit_test(a_reading_that_is_never_surer_gives_dots_alone),
	    cmocka_unit_test(a_reading_that_is_less_sure_of_itself_gets_a_lead),
	    cmocka_unit_test(a_glyph_without_room_was_invented),
	    cmocka_unit_test(a_glyph_without_room_makes_a_line_doubtful),
	    cmocka_unit_test(a_short_line_tells_nothing_of_room),
	    cmocka_unit_test(what_the_engine_said_is_kept),
	    cmocka_unit_test(what_is_disputed_is_not_sure),
	    cmocka_unit_test(several_lines_are_no_pair),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
