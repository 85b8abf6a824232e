/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ocr/writings.h"

#include "cleanup.h"
#include "ocr/circles.h"

#define RULE "writing"
#define BOXES_LEAST 2 /* of a line: one 口 may be a word */

/* What stands so far behind glyph i of its line, or before it; 0: nothing. */
static uint32_t
code_at(const struct words *w, const struct line *l, size_t i, int away)
{
	const long at = (long)i + away;

	return at < (long)l->first || at >= (long)(l->first + l->count)
		   ? 0
		   : glyph_code(&w->glyphs[at]);
}

static bool
is_box(const struct glyph *g)
{
	return code_is_any(glyph_code(g), U"口ロ");
}

/* Ticked ones among them look like 品. */
static bool
has_boxes(const struct words *w, const struct line *l)
{
	size_t boxes = 0, ticked = 0;

	for (size_t i = l->first; i < l->first + l->count; i++) {
		boxes += is_box(&w->glyphs[i]);
		ticked += glyph_code(&w->glyphs[i]) == U'品';
	}
	return boxes > 0 && boxes + ticked >= BOXES_LEAST;
}

static bool
is_times(const struct words *w, const struct line *l, size_t i)
{
	const uint32_t next = code_at(w, l, i, 1);

	return (next == U'@' || code_is_digit(next)) &&
	       (code_is_digit(code_at(w, l, i, -1)) || i == l->first ||
		   !glyph_is_latin(&w->glyphs[i - 1]));
}

/* Thousands; .5 and 1.25 are none. */
static bool
is_comma(const struct words *w, const struct line *l, size_t i)
{
	for (int k = 1; k <= 3; k++)
		if (!code_is_digit(code_at(w, l, i, k)))
			return false;
	return code_is_digit(code_at(w, l, i, -1)) && !code_is_digit(code_at(w, l, i, 4));
}

static bool
is_stop(const struct words *w, const struct line *l, size_t i)
{
	return code_at(w, l, i, 1) == 0 && code_is_japanese(code_at(w, l, i, -1));
}

/* Not the zero of 二〇二六, and more than a tick in a cell. */
static bool
is_ring(const struct words *w, const struct line *l, size_t i)
{
	return l->count > 1 && !circles_are_zero(w, l, i);
}

/* What glyph i may be as well; NULL: nothing else. */
static const char *
otherwise(const struct words *w, const struct line *l, size_t i)
{
	switch (glyph_code(&w->glyphs[i])) {
	case 'x':
	case 'X':
		return is_times(w, l, i) ? "×" : NULL;
	case '[':
		return "〔";
	case ']':
		return "〕";
	case '.':
		return is_comma(w, l, i) ? "," : is_stop(w, l, i) ? "。" : NULL;
	case U'○':
		return is_ring(w, l, i) ? "〇" : NULL;
	case U'〇':
		return is_ring(w, l, i) ? "○" : NULL;
	default:
		return NULL;
	}
}

/* Writes all of a line, the first of w, otherwise. */
static int
rewrite(struct words *w)
{
	struct line *l = &w->lines[0];
	const bool boxes = has_boxes(w, l);
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++) {
		const char *text = otherwise(w, l, i);

		if (text != NULL)
			r = words_correct(w, l, i, text, RULE);
	}
	for (size_t i = l->first + l->count; r >= 0 && boxes && i-- > l->first;)
		if (is_box(&w->glyphs[i]) || glyph_code(&w->glyphs[i]) == U'品')
			r = words_drop(w, l, i, RULE);
	return r;
}

static bool
can_be_rewritten(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (otherwise(w, l, i) != NULL)
			return true;
	return has_boxes(w, l);
}

int
writings_add(const struct words *from, size_t n, struct words *to, size_t since)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++) {
		_cleanup_(words_free) struct words line = {0};

		if (!can_be_rewritten(from, &from->lines[i]))
			continue;
		r = words_append(&line, from, i, 1, -1);
		if (r >= 0)
			r = rewrite(&line);
		if (r >= 0 && line.nglyphs > 0 && !words_are_said(&line, to, since))
			r = words_append(to, &line, 0, 1, -1);
	}
	return r;
}
