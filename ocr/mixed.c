/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ideographs alone speak for Japanese: single kana are read out of dirt and strokes. */
#include "ocr/mixed.h"
#include "ocr/read_line.h"

#define DOUBT 96      /* confidence of a line that may be something else, … */
#define GLYPHS 3      /* … with so many glyphs at least */
#define LINES 8       /* that are read again at most, … */
#define HIGH_LEAST 16 /* … none lower, in sheet pixels: 1.4 mm */
#define SURE 90       /* confidence of an ideograph that counts */
#define ENOUGH 8      /* so many, … */
#define OF_A_LINE 2   /* … of lines with so many each */

static bool
is_doubtful(const struct line *l)
{
	return l->count >= GLYPHS && l->confidence < DOUBT && l->box.h >= HIGH_LEAST &&
	       l->box.w > l->box.h;
}

static size_t
count_doubtful(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nlines; i++)
		n += is_doubtful(&w->lines[i]);
	return n;
}

static bool
is_stroke(uint32_t code)
{
	return code_is_any(code, U"一二三十口工");
}

/* Sure ideographs of what a line reads as with the Japanese model. */
static int
count_ideographs(struct engine *e, struct Pix *pix, const struct line *l)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	int r, n = 0;

	strip_add(&s, l->box, 0);
	r = strip_draw(&s, pix);
	if (r >= 0)
		r = strip_tighten(&s);
	if (r > 0)
		r = read_line_once(e, &s, ENGINE_JAPANESE, ENGINE_LINE, &w);
	for (size_t i = 0; i < w.nglyphs; i++)
		n += w.glyphs[i].confidence >= SURE &&
		     code_is_ideograph(glyph_code(&w.glyphs[i])) &&
		     !is_stroke(glyph_code(&w.glyphs[i]));
	return r < 0 ? r : n;
}

int
mixed_find(struct engine *e, struct Pix *pix, const struct words *latin, bool *ret)
{
	/* spread over the page */
	const size_t step = count_doubtful(latin) / LINES + 1;
	size_t doubtful = 0;
	int sum = 0;

	*ret = false;
	for (size_t i = 0; i < latin->nlines && sum < ENOUGH; i++) {
		int n;

		if (!is_doubtful(&latin->lines[i]) || doubtful++ % step != 0)
			continue;
		n = count_ideographs(e, pix, &latin->lines[i]);
		if (n < 0)
			return n;
		sum += n >= OF_A_LINE ? n : 0;
	}
	*ret = sum >= ENOUGH;
	return 0;
}
