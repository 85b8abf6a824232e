/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Changes to what was read; nothing is changed silently. */
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/words.h"

int
words_keep_raw(const struct words *w, struct line *l, const char *rule)
{
	_cleanup_(buf_free) struct buf raw = {0};

	l->rule = rule;
	if (l->raw != NULL)
		return 0;
	words_line_text(w, l, &raw);
	buf_add(&raw, "", 1);
	if (buf_error(&raw) < 0)
		return -ENOMEM;
	l->raw = TAKE_PTR(raw.data);
	return 0;
}

int
words_correct(struct words *w, struct line *l, size_t at, const char *text, const char *rule)
{
	size_t size = strlen(text) + 1;
	int r;

	if (strcmp(w->glyphs[at].text, text) == 0)
		return 0;
	r = words_keep_raw(w, l, rule);
	if (r >= 0)
		memcpy(w->glyphs[at].text, text, size < GLYPH_TEXT ? size : GLYPH_TEXT);
	return r;
}

int
words_drop(struct words *w, struct line *l, size_t at, const char *rule)
{
	int r = words_keep_raw(w, l, rule);

	if (r < 0)
		return r;
	if (at + 1 < l->first + l->count)
		w->glyphs[at + 1].space |= w->glyphs[at].space;
	memmove(&w->glyphs[at], &w->glyphs[at + 1], (w->nglyphs - at - 1) * sizeof *w->glyphs);
	w->nglyphs--;
	l->count--;
	for (size_t i = 0; i < w->nlines; i++)
		w->lines[i].first -= w->lines[i].first > at;
	return 0;
}

int
words_insert(struct words *w, struct line *l, size_t at, const struct glyph *g, const char *rule)
{
	const struct glyph copy = *g;
	const size_t last = w->nlines - 1;
	int r = w->nglyphs < WORDS_MAX_GLYPHS ? words_keep_raw(w, l, rule) : -E2BIG;

	if (r >= 0)
		r = words_glyph(w, &copy);
	if (r < 0)
		return r;
	w->lines[last].count--; /* words_glyph() gave it to the last line */
	l->count++;
	memmove(&w->glyphs[at + 1], &w->glyphs[at], (w->nglyphs - at - 1) * sizeof *w->glyphs);
	w->glyphs[at] = copy;
	for (size_t i = 0; i < w->nlines; i++)
		w->lines[i].first += &w->lines[i] != l && w->lines[i].first >= at;
	return 0;
}
