/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that the Japanese networks cannot write, read by the Chinese one from lines of our own
 * papers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/alphabet.h"
#include "ocr/untaught.h"
#include "ocr/untaught_letters.h"
#include "ocr_draw.h"
#include "ocr_engine.h"
#include "text.h"

#define FOLDER "/usr/share/tesseract-ocr/5/tessdata/"
#define SURE 98
#define DOUBTED 70
#define HARDLY 92 /* doubted */

/* A line of a paper of ours, read as text: letters before which a ? stands are doubted, those
 * behind a ! hardly. */
static void
mend(struct engine *e, const char *paper, const char *line, const char *text, struct words *w,
    struct words *others)
{
	_cleanup_(strip_free) struct strip s = {.pix = blank(700, 60)};
	const struct line like = {.cell = -1};
	struct glyph g = {.confidence = SURE, .box = {10, 10, 30, 40}};
	size_t left = strlen(text);

	paste(s.pix, paper, line, 12, 11);
	assert_int_equal(words_line(w, &like), 0);
	while (left > 0) {
		uint32_t code;
		const int n = utf8_decode(text, left, &code);

		assert_true(n > 0);
		if (code == '?' || code == '!')
			g.confidence = code == '?' ? DOUBTED : HARDLY;
		else {
			snprintf(g.text, sizeof g.text, "%.*s", n, text);
			assert_int_equal(words_glyph(w, &g), 0);
			g.box.x += 32;
			g.confidence = SURE;
		}
		text += n;
		left -= (size_t)n;
	}
	words_line_done(w);
	assert_int_equal(untaught_mend(e, &s, w, others), 0);
}

static void
expect_text(const struct words *w, size_t line, const char *text)
{
	_cleanup_(buf_free) struct buf out = {0};

	assert_true(line < w->nlines);
	words_line_text(w, &w->lines[line], &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, text);
}

static void
expect(void **state, const char *paper, const char *line, const char *read, const char *becomes)
{
	_cleanup_(words_free) struct words w = {0};

	mend(*state, paper, line, read, &w, NULL);
	expect_text(&w, 0, becomes);
}

#define ORDER "07-houmon-kango-shiji"
#define SORES "褥瘡の深さ"

static void
a_doubted_letter_becomes_the_one_that_was_never_taught(void **state)
{
	expect(state, ORDER, SORES, "?裾?疹の深さ", "褥瘡の深さ");
}

static void
of_two_such_letters_one_doubt_is_enough(void **state)
{
	expect(state, ORDER, SORES, "裾?疹の深さ", "褥瘡の深さ");
}

static void
a_sure_reading_stays(void **state)
{
	expect(state, ORDER, SORES, "裾疹の深さ", "裾疹の深さ");
}

static void
taught_letters_stay(void **state)
{
	expect(state, "01-houmon-kaigo-keikaku", "生年月日", "?主年月日", "主年月日");
}

static void
what_was_read_is_kept(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	mend(*state, ORDER, SORES, "?裾?疹の深さ", &w, NULL);
	assert_int_equal(w.nlines, 1);
	assert_int_equal(w.nglyphs, 5);
	assert_string_equal(w.lines[0].raw, "裾疹の深さ");
	assert_string_equal(w.lines[0].rule, UNTAUGHT_RULE);
	assert_true(w.glyphs[0].confidence < 90);
	assert_int_equal(w.glyphs[1].box.x, 42);
}

static void
search_has_its_opinion_of_taught_letters_too(void **state)
{
	_cleanup_(words_free) struct words w = {0}, others = {0};

	mend(*state, "01-houmon-kaigo-keikaku", "生年月日", "?主年月日", &w, &others);
	expect_text(&w, 0, "主年月日");
	assert_int_equal(others.nlines, 1);
	expect_text(&others, 0, "生年月日");
}

static void
nothing_is_asked_for_search_where_there_is_little_doubt(void **state)
{
	_cleanup_(words_free) struct words w = {0}, others = {0};

	mend(*state, "01-houmon-kaigo-keikaku", "生年月日", "!主年月日", &w, &others);
	expect_text(&w, 0, "主年月日");
	assert_int_equal(others.nlines, 0);
}

/* The list is right as long as the models are those it was made for. */
static void
only_the_chinese_network_knows_the_letters(void **state)
{
	_cleanup_(alphabet_freep) struct alphabet *a = NULL;

	assert_int_equal(alphabet_load(FOLDER "chi_tra.traineddata", &a), 0);
	for (const uint32_t *c = untaught_letters; *c != 0; c++) {
		char letter[5] = {0};

		utf8_encode(*c, letter);
		assert_false(engine_knows(*state, ENGINE_JAPANESE, letter));
		assert_false(engine_knows(*state, ENGINE_JAPANESE_2, letter));
		assert_non_null(alphabet_find(a, letter));
	}
	assert_true(engine_knows(*state, ENGINE_JAPANESE, "生"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_doubted_letter_becomes_the_one_that_was_never_taught),
	    cmocka_unit_test(of_two_such_letters_one_doubt_is_enough),
	    cmocka_unit_test(a_sure_reading_stays),
	    cmocka_unit_test(taught_letters_stay),
	    cmocka_unit_test(what_was_read_is_kept),
	    cmocka_unit_test(search_has_its_opinion_of_taught_letters_too),
	    cmocka_unit_test(nothing_is_asked_for_search_where_there_is_little_doubt),
	    cmocka_unit_test(only_the_chinese_network_knows_the_letters),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
