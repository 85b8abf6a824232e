/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of letters as they were read, for tests of what corrects them by their places alone. */
#ifndef FUMIKURA_TESTS_OCR_LINES_H
#define FUMIKURA_TESTS_OCR_LINES_H

#include <string.h>

#include "cleanup.h"
#include "ocr/words.h"
#include "text.h"

#define LINE_APART 50

/* How letters are set: from one to the next, their size, and the x that _ leads to (0: _ is as wide
 * as a letter, and white). */
struct setting {
	int step, wide, high, column;
	int cell; /* of the lines */
};

/* The first size bytes of text, from x on; _ and a space are white. */
static inline void
set_line(struct words *w, const struct setting *s, int x, const char *text, size_t size)
{
	uint32_t code;

	assert_int_equal(words_line(w, &(struct line){.cell = s->cell}), 0);
	for (size_t i = 0; i < size;) {
		struct glyph g = {
		    .confidence = 90, .box = {x, LINE_APART * (int)w->nlines, s->wide, s->high}};
		const int used = utf8_decode(text + i, size - i, &code);

		assert_true(used > 0);
		memcpy(g.text, text + i, (size_t)used);
		i += (size_t)used;
		x = code == '_' && s->column > 0 ? s->column : x + s->step;
		if (code != '_' && code != ' ')
			assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* Lines, each ended by \n. */
static inline void
set_lines(struct words *w, const struct setting *s, const char *text)
{
	for (const char *end; (end = strchr(text, '\n')) != NULL; text = end + 1)
		set_line(w, s, 100, text, (size_t)(end - text));
}

static inline void
expect_text(const struct words *w, const char *want)
{
	_cleanup_(buf_free) struct buf b = {0};

	words_text(w, &b);
	buf_add(&b, "", 1);
	assert_int_equal(buf_error(&b), 0);
	assert_string_equal(b.data, want);
}

/* The first line, without its end. */
static inline void
expect_line(const struct words *w, const char *want)
{
	_cleanup_(buf_free) struct buf b = {0};

	words_line_text(w, &w->lines[0], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
}

#endif
