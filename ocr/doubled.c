/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocr/doubled.h"
#include "ocr/pitch.h"

#define SURE 98      /* confidence: of 120 letters that are two, one was below it */
#define ROOM_MIN 2.6 /* of the usual step, from the letter before to the one behind */

static bool
is_letter(const struct glyph *g)
{
	return code_is_japanese(glyph_code(g));
}

/* Glyphs at and at + 1. */
static bool
is_doubled(const struct words *w, const struct line *l, size_t at)
{
	const struct glyph *g = &w->glyphs[at];

	return at > l->first && at + 2 < l->first + l->count &&
	       (g[0].confidence < SURE || g[1].confidence < SURE) && is_letter(g) &&
	       glyph_is_same(&g[0], &g[1]) &&
	       pitch_is_tight(
		   &g[-1], &g[2], ROOM_MIN, pitch_usual(&w->glyphs[l->first], l->count, false));
}

static int
mend_line(struct words *w, struct line *l)
{
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++)
		if (is_doubled(w, l, i)) {
			const bool first = w->glyphs[i].confidence < w->glyphs[i + 1].confidence;

			r = words_drop(w, l, first ? i : i + 1, DOUBLED_RULE);
		}
	return r;
}

int
doubled_correct(struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++)
		if (!w->lines[n].vertical)
			r = mend_line(w, &w->lines[n]);
	return r;
}
