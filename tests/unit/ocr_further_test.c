/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Further readings of a line: asked only of what is not sure, each said once, boxes where the ink
 * is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/further.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define PLAN "01-houmon-kaigo-keikaku"

/* A line that was read as these letters, n of them. */
static void
say(struct words *w, const char *const *letters, size_t n, unsigned confidence)
{
	struct line like = {.cell = -1};

	assert_int_equal(words_line(w, &like), 0);
	for (size_t i = 0; i < n; i++) {
		struct glyph g = {.confidence = (uint8_t)confidence};

		snprintf(g.text, sizeof g.text, "%s", letters[i]);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* The line 生年月日 on a sheet, its upper left corner at (100, 100). */
static PIX *
draw_line(struct strip *s)
{
	PIX *pix = blank(1000, 400);

	paste(pix, PLAN, "生年月日", 100, 100);
	strip_add(s, (struct box){96, 96, 200, 60}, 0);
	assert_int_equal(strip_draw(s, pix), 0);
	return pix;
}

static const char *const right[] = {"生", "年", "月", "日"}, *const wrong[] = {"王", "午"};

/* No engine is asked: there is none. */
static void
a_sure_line_is_not_read_further(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words shown = {0}, others = {0};
	PIX *pix = draw_line(&s);

	say(&shown, wrong, 2, 10);
	say(&shown, right, 4, 97);
	assert_int_equal(further_read(NULL, &s, &shown, 1, &others, 0), 0);
	assert_int_equal(others.nlines, 0);
	pixDestroy(&pix);
}

static void
what_is_said_already_is_not_said_again(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words shown = {0}, others = {0};
	PIX *pix = draw_line(&s);

	say(&shown, right, 4, 50);
	assert_int_equal(further_read(*state, &s, &shown, 0, &others, 0), 0);
	assert_int_equal(others.nlines, 0);
	words_free(&shown);
	shown = (struct words){0};
	say(&shown, wrong, 2, 50);
	say(&others, right, 4, 50);
	assert_int_equal(further_read(*state, &s, &shown, 0, &others, 0), 0);
	assert_int_equal(others.nlines, 1);
	pixDestroy(&pix);
}

/* What others had before this line says nothing of it. */
static void
a_misread_line_is_found_where_it_stands(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words shown = {0}, others = {0};
	_cleanup_(buf_free) struct buf text = {0};
	PIX *pix = draw_line(&s);

	say(&shown, wrong, 2, 96);
	say(&others, right, 4, 50);
	assert_int_equal(further_read(*state, &s, &shown, 0, &others, 1), 0);
	assert_int_equal(others.nlines, 2);
	words_tidy(&others);
	words_line_text(&others, &others.lines[1], &text);
	buf_add(&text, "", 1);
	assert_string_equal(text.data, "生年月日");
	assert_in_range(others.glyphs[4].box.x, 98, 108);
	assert_in_range(others.glyphs[4].box.y, 98, 110);
	pixDestroy(&pix);
}

/* Whatever picture a way makes, its letters stand where they are on the sheet. */
static void
every_way_knows_where_its_letters_stand(void **state)
{
	_cleanup_(strip_free) struct strip s = {0};
	PIX *pix = draw_line(&s);

	for (unsigned way = 0; way < FURTHER_WAYS; way++) {
		_cleanup_(words_free) struct words w = {0};

		assert_int_equal(further_read_that_way(*state, &s, way, &w), 0);
		assert_int_equal(w.nlines, 1);
		assert_int_equal(w.nglyphs, 4);
		/* Where one letter ends and the next begins the engine knows roughly. */
		assert_in_range(w.glyphs[0].box.x, 98, 108);
		assert_in_range(w.glyphs[0].box.y, 98, 110);
		assert_in_range(w.glyphs[0].box.w, 30, 45);
		assert_in_range(w.glyphs[3].box.x, 225, 260);
	}
	pixDestroy(&pix);
}

/* Cut as other strips are, nothing would be left of it. */
static void
a_narrow_line_can_be_read_in_every_way(void **state)
{
	PIX *pix = blank(200, 200);

	bar(pix, 100, 100, 3, 30);
	for (unsigned way = 0; way < FURTHER_WAYS; way++) {
		_cleanup_(strip_free) struct strip s = {0};
		_cleanup_(words_free) struct words w = {0};

		strip_add(&s, (struct box){98, 98, 8, 34}, 0);
		assert_int_equal(strip_draw(&s, pix), 0);
		assert_int_equal(strip_tighten(&s), 1);
		assert_int_equal(further_read_that_way(*state, &s, way, &w), 0);
	}
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_sure_line_is_not_read_further),
	    cmocka_unit_test(what_is_said_already_is_not_said_again),
	    cmocka_unit_test(a_misread_line_is_found_where_it_stands),
	    cmocka_unit_test(every_way_knows_where_its_letters_stand),
	    cmocka_unit_test(a_narrow_line_can_be_read_in_every_way),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
