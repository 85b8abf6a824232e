/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines that lie in a row of boxes and are digits but for letters of their shape. */
#include "ocr/comb_text.h"
#include "ocr/prepare.h"

#define INSIDE 0.8 /* of a line, in the row of boxes */

/* The digit that a letter looks like, NULL: none. */
static const char *
digit_like(const struct glyph *g)
{
	const uint32_t code = glyph_code(g);

	return code_is_any(code, U"OoＯ〇○") ? "0" : code_is_any(code, U"lI|") ? "1" : NULL;
}

static bool
is_in_comb(const struct combs *c, const struct line *l)
{
	for (size_t i = 0; i < c->n; i++) {
		const struct box b = c->row[i];
		const struct box row = {
		    b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF};

		if (box_inside(l->box, row) >= INSIDE)
			return true;
	}
	return false;
}

/* More than half are digits, and the others look like some. */
static bool
is_number(const struct words *w, const struct line *l)
{
	size_t digits = 0;

	for (size_t i = l->first; i < l->first + l->count; i++) {
		const bool digit = code_is_digit(glyph_code(&w->glyphs[i]));

		if (!digit && digit_like(&w->glyphs[i]) == NULL)
			return false;
		digits += digit;
	}
	return 2 * digits > l->count;
}

int
comb_correct(const struct combs *c, struct words *w)
{
	int r = 0;

	for (size_t n = 0; n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		if (!is_in_comb(c, l) || !is_number(w, l))
			continue;
		for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++) {
			const char *digit = digit_like(&w->glyphs[i]);

			if (digit != NULL)
				r = words_correct(w, l, i, digit, COMB_RULE);
		}
	}
	return r;
}
