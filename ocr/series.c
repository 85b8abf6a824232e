/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows only which lines begin with a number in a ring. */
#include <stdio.h>

#include "ocr/series.h"

#define FAR 12 /* lines at most to the item before and after */

static uint32_t
first_code(const struct words *w, size_t line)
{
	return w->lines[line].count == 0 ? 0 : glyph_code(&w->glyphs[w->lines[line].first]);
}

static bool
is_round(uint32_t code)
{
	return code_is_any(code, U"@©®◎●");
}

/* The number of the nearest item before (step -1) or after line n; 0: none, or another round sign
 * is nearer, which may be the item as well. */
static uint32_t
nearest(const struct words *w, size_t n, int step)
{
	size_t i = n;

	for (int far = 0; far < FAR; far++) {
		uint32_t code;

		i += (size_t)step; /* wraps round below zero: then it is no line */
		code = i < w->nlines ? first_code(w, i) : 0;
		if (i >= w->nlines || is_round(code))
			return 0;
		if (code_is_circled(code))
			return code;
	}
	return 0;
}

int
series_correct(struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];
		const uint32_t before = is_round(first_code(w, n)) ? nearest(w, n, -1) : 0;
		char text[] = "①";

		if (before == 0 || l->count < 2 || nearest(w, n, 1) != before + 2)
			continue;
		text[2] = (char)((unsigned char)text[2] + before + 1 - U'①');
		r = words_correct(w, l, l->first, text, SERIES_RULE);
	}
	return r;
}
