/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows the order, and which ideographs have the shapes of its letters. */
#include <stdlib.h>

#include "ocr/items.h"
#include "ocr/pattern.h"

#define FAR 12        /* lines at most to the item before and after */
#define ALIGNED 0.5   /* of a line's height: items begin below each other */
#define KINDS_LEAST 2 /* of ロ, ハ, ニ, beside イ */

static const uint32_t order[] = U"イロハニホ", shapes[] = U"イ口八二ホ";
static const char *const texts[] = {"イ", "ロ", "ハ", "ニ", "ホ"};

#define ITEMS (sizeof texts / sizeof *texts)

/* Which item it is, or looks like; ITEMS: none. */
static size_t
item_of(uint32_t code)
{
	size_t k = 0;

	while (k < ITEMS && order[k] != code && shapes[k] != code)
		k++;
	return k;
}

static bool
is_misread(uint32_t code)
{
	const size_t k = item_of(code);

	return k < ITEMS && order[k] != code;
}

/* Alone in brackets; but what is counted by 口: 口数(口). */
static bool
is_in_brackets(const struct words *w, const struct line *l, size_t at)
{
	return code_is_any(pattern_code(w, l, at, -1), U"(（") &&
	       code_is_any(pattern_code(w, l, at, 1), U")）") &&
	       !(glyph_code(&w->glyphs[at]) == U'口' &&
		   code_is_any(pattern_code(w, l, at, -2), U"数額"));
}

/* What stands in brackets all over the page. */
struct seen {
	bool item[ITEMS];
	bool numbers; /* (一), (三): then (二) is one, too */
};

static struct seen
look_around(const struct words *w)
{
	struct seen s = {0};

	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *l = &w->lines[n];

		for (size_t i = l->first; i < l->first + l->count; i++) {
			const uint32_t code = glyph_code(&w->glyphs[i]);

			if (!is_in_brackets(w, l, i))
				continue;
			if (item_of(code) < ITEMS)
				s.item[item_of(code)] = true;
			s.numbers = s.numbers || code_is_any(code, U"一ー三四五六七九十");
		}
	}
	return s;
}

static int
mend_brackets(struct words *w, struct line *l, const struct seen *s)
{
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		if (is_misread(code) && is_in_brackets(w, l, i) && (code == U'口' || !s->numbers))
			r = words_correct(w, l, i, texts[item_of(code)], ITEMS_RULE);
	}
	return r;
}

/* The item that line n begins with; ITEMS: with a word, as イベント. */
static size_t
first_item(const struct words *w, size_t n)
{
	const struct line *l = &w->lines[n];

	if (l->count < 2 || l->vertical || code_is_katakana(pattern_code(w, l, l->first, 1)) ||
	    pattern_code(w, l, l->first, 1) == U'ー')
		return ITEMS;
	return item_of(glyph_code(&w->glyphs[l->first]));
}

static bool
is_below(const struct words *w, size_t a, size_t b)
{
	const struct line *l = &w->lines[a], *m = &w->lines[b];

	return abs(w->glyphs[l->first].box.x - w->glyphs[m->first].box.x) <= ALIGNED * l->box.h;
}

/* The nearest item before (step -1) or after line n is number `item`, and begins where it does. */
static bool
is_next_to(const struct words *w, size_t n, int step, size_t item)
{
	size_t i = n;

	for (int far = 0; far < FAR; far++) {
		i += (size_t)step; /* wraps round below zero: then it is no line */
		if (i >= w->nlines)
			return false;
		if (first_item(w, i) < ITEMS)
			return first_item(w, i) == item && is_below(w, n, i);
	}
	return false;
}

static int
mend_first(struct words *w, size_t n)
{
	struct line *l = &w->lines[n];
	const size_t item = first_item(w, n);

	if (item == 0 || item + 1 >= ITEMS || !is_misread(glyph_code(&w->glyphs[l->first])) ||
	    !is_next_to(w, n, -1, item - 1) || !is_next_to(w, n, 1, item + 1))
		return 0;
	return words_correct(w, l, l->first, texts[item], ITEMS_RULE);
}

int
items_correct(struct words *w)
{
	const struct seen s = look_around(w);
	const bool in_brackets = s.item[0] && s.item[1] + s.item[2] + s.item[3] >= KINDS_LEAST;
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		if (in_brackets)
			r = mend_brackets(w, &w->lines[n], &s);
		if (r >= 0)
			r = mend_first(w, n);
	}
	return r;
}
