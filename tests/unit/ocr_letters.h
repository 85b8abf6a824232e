/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of letters, each in a box of its own, for tests of `ocr` that draw what was in one of
 * them. */
#ifndef FUMIKURA_TESTS_OCR_LETTERS_H
#define FUMIKURA_TESTS_OCR_LETTERS_H

#include "ocr_draw.h"
#include "text.h"

#define SIZE 36 /* of a letter, 9 points at 300 dpi */
#define STEP 44 /* from one to the next */
#define READ 90 /* confidence of one that is not sure */
#define LEFT 100
#define TOP 80

/* Draws one with its upper left corner at (x, y). */
typedef void letter(PIX *pix, int x, int y);

/* The first `size` bytes of text, read in box. */
static inline void
add_letter(struct words *w, const char *text, size_t size, struct box box, unsigned confidence)
{
	struct glyph g = {.box = box, .confidence = (uint8_t)confidence};

	memcpy(g.text, text, size);
	assert_int_equal(words_glyph(w, &g), 0);
}

/* The letters of text side by side, none of them sure. */
static inline void
spell(struct words *w, const char *text)
{
	uint32_t code;

	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	while (*text != '\0') {
		const int used = utf8_decode(text, strlen(text), &code);
		const int x = LEFT + STEP * (int)w->nglyphs;

		add_letter(w, text, (size_t)used, (struct box){x, TOP, SIZE, SIZE}, READ);
		text += used;
	}
	words_line_done(w);
}

/* Ink of a letter that is not in question. */
static inline void
other_letter(PIX *pix, int x, int y)
{
	frame(pix, x, y, SIZE, SIZE, 3);
}

/* The drawing where letter at (from 0) of w stands, and other ink for the rest. */
static inline void
draw_spelled(PIX *pix, const struct words *w, letter *draw, size_t at)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		(i == at ? draw : other_letter)(pix, w->glyphs[i].box.x, TOP);
}

/* The only line says so; it was text, and says by what rule it is that no more. */
static inline void
expect_spelled(const struct words *w, const char *text, const char *want, const char *rule)
{
	_cleanup_(buf_free) struct buf b = {0};

	words_line_text(w, &w->lines[0], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
	if (strcmp(text, want) != 0)
		assert_string_equal(w->lines[0].rule, rule);
}

/* What makes the ink and the letters of a line agree. */
typedef int correction(PIX *grey, PIX *rules, struct words *w);

/* The drawing where letter at (from 0) of text stands, which was read that surely, and other ink
 * for the rest: text becomes want. */
static inline void
expect_corrected(correction *correct, const char *rule, unsigned confidence, letter *draw,
    size_t at, const char *text, const char *want)
{
	PIX *pix = blank(500, 200);
	_cleanup_(words_free) struct words w = {0};

	spell(&w, text);
	draw_spelled(pix, &w, draw, at);
	w.glyphs[at].confidence = (uint8_t)confidence;
	assert_int_equal(correct(pix, NULL, &w), 0);
	expect_spelled(&w, text, want, rule);
	pixDestroy(&pix);
}

#endif
