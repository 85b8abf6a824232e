/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line as it was read, and what notation makes of it. */
#ifndef FUMIKURA_TESTS_OCR_NOTATION_H
#define FUMIKURA_TESTS_OCR_NOTATION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/notation.h"
#include "text.h"

#define HIGH 40 /* of a digit's ink, pixels */

enum ink { ANY, FLAT, WAVE, POINT, COMMA, STROKE };

/* Ink of the glyph that an ink kind is asked for; ANY: as high as its neighbours, so it tells
 * nothing. */
static const struct box inks[] = {
    [ANY] = {0, 0, 20, HIGH},
    [FLAT] = {0, 18, 20, 4},
    [WAVE] = {0, 14, 24, 10},
    [POINT] = {8, 34, 6, 6},
    [COMMA] = {8, 34, 7, 14},
    [STROKE] = {8, 0, 6, HIGH},
};

static inline void
add_glyph(struct words *w, const char *text, size_t size, enum ink ink)
{
	struct glyph g = {.box = inks[ink], .confidence = 90};

	memcpy(g.text, text, size);
	g.text[size] = '\0';
	g.box.x += 100 + 30 * (int)w->nglyphs;
	g.box.y += 100;
	assert_int_equal(words_glyph(w, &g), 0);
}

/* read, on such a line, in which the glyph at place (from 0) has left this ink, becomes want. */
static inline void
expect_on_line(const struct line *line, const char *read, int place, enum ink ink, const char *want)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf b = {0};
	const char *s = read;
	uint32_t code;

	assert_int_equal(words_line(&w, line), 0);
	for (int used, i = 0; *s != '\0'; s += used, i++) {
		used = utf8_decode(s, strlen(s), &code);
		assert_true(used > 0);
		add_glyph(&w, s, (size_t)used, i == place ? ink : ANY);
	}
	words_line_done(&w);
	assert_int_equal(notation_correct(&w), 0);
	words_line_text(&w, &w.lines[0], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
	if (strcmp(read, want) == 0) {
		assert_null(w.lines[0].raw);
		assert_null(w.lines[0].rule);
	} else {
		assert_string_equal(w.lines[0].raw, read);
		assert_non_null(w.lines[0].rule);
	}
}

static inline void
expect_ink(const char *read, int place, enum ink ink, const char *want)
{
	expect_on_line(&(struct line){.cell = -1}, read, place, ink, want);
}

static inline void
expect(const char *read, const char *want)
{
	expect_ink(read, -1, ANY, want);
}

static inline void
stays(const char *read)
{
	expect(read, read);
}

#endif
