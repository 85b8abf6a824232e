/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter that was read twice goes, one that stands there twice stays. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/doubled.h"
#include "text.h"

#define STEP 40

/* text, its glyph at (from 0) squeezed in before the next one, with this confidence. */
static void
expect(const char *text, size_t at, bool squeezed, unsigned confidence, const char *want)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf b = {0};
	uint32_t code;
	int x = 100;

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	for (const char *s = text; *s != '\0';) {
		const int used = utf8_decode(s, strlen(s), &code);
		const bool half = squeezed && (w.nglyphs == at || w.nglyphs == at + 1);
		struct glyph g = {.box = {x, 100, half ? STEP / 2 : STEP - 4, STEP}};

		memcpy(g.text, s, (size_t)used);
		g.confidence = w.nglyphs == at ? (uint8_t)confidence : 99;
		assert_int_equal(words_glyph(&w, &g), 0);
		x += half ? STEP / 2 : STEP;
		s += used;
	}
	words_line_done(&w);
	assert_int_equal(doubled_correct(&w), 0);
	words_line_text(&w, &w.lines[0], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
	if (strcmp(text, want) != 0) {
		assert_string_equal(w.lines[0].raw, text);
		assert_string_equal(w.lines[0].rule, DOUBLED_RULE);
	}
}

static void
what_has_no_room_goes(void **state)
{
	expect("聞いてみみます", 3, true, 92, "聞いてみます");
	expect("玄関の上上がりかまち", 3, true, 90, "玄関の上がりかまち");
}

static void
what_stands_there_twice_stays(void **state)
{
	expect("聞いてみみます", 3, false, 92, "聞いてみみます");
	expect("聞いてみみます", 3, true, 99, "聞いてみみます");
	expect("番号1001号室", 3, true, 80, "番号1001号室");
	expect("こだちーー丁目", 3, true, 80, "こだちーー丁目");
	expect("聞いてかみます", 3, true, 80, "聞いてかみます");
	expect("みみ", 0, true, 80, "みみ");
}

/* Few glyphs have no usual step, and slipped boxes may lie behind one another. */
static void
a_short_line_tells_nothing_of_room(void **state)
{
	_cleanup_(words_free) struct words w = {0};
	static const char *const text[] = {"ふ", "た", "た", "び"};
	static const int x[] = {110, 140, 180, 100};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; i < 4; i++) {
		struct glyph g = {.box = {x[i], 100, STEP, STEP}, .confidence = 80};

		memcpy(g.text, text[i], strlen(text[i]));
		assert_int_equal(words_glyph(&w, &g), 0);
	}
	words_line_done(&w);
	assert_int_equal(doubled_correct(&w), 0);
	assert_int_equal(w.nglyphs, 4);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_has_no_room_goes),
	    cmocka_unit_test(what_stands_there_twice_stays),
	    cmocka_unit_test(a_short_line_tells_nothing_of_room),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
