/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stack of what is open. */
#include <string.h>

#include "ocr/brackets.h"
#include "ocr/pattern.h"

#define DEEP 8      /* more are no text */
#define LESS_SURE 8 /* percent */

static const char *const kinds[][2] = {{"「", "」"}, {"[", "]"}, {"【", "】"}, {"〔", "〕"},
    {"(", ")"}, {"〈", "〉"}, {"《", "》"}, {"{", "}"}};

#define OPENING "“"
#define CLOSING "”"
#define STRAIGHT "\""

#define KINDS (sizeof kinds / sizeof *kinds)
#define LENTICULAR 2
#define TORTOISE 3
#define ROUND 4
#define ANGLE 5
#define DOUBLE_ANGLE 6
#define CURLY 7

/* The kind that g opens (side 0) or closes (1); KINDS: none. */
static size_t
kind_of(const struct glyph *g, int side)
{
	size_t k = 0;

	while (k < KINDS && strcmp(kinds[k][side], g->text) != 0)
		k++;
	return k;
}

static bool
is_angle(size_t kind)
{
	return kind == ANGLE || kind == DOUBLE_ANGLE;
}

/* Round ones close what was never opened, as in "1)": they are taken for 〔 〕 and angles alone.
 * Curly ones are taken for 【 】, and stand for themselves beside others. */
static bool
may_be_misread(size_t a, size_t b)
{
	if (a == CURLY || b == CURLY)
		return a == LENTICULAR || b == LENTICULAR;
	return (a != ROUND && b != ROUND) || a == TORTOISE || b == TORTOISE || is_angle(a) ||
	       is_angle(b);
}

/* What others are read as, and what nothing else is read as: of such a pair the latter is likely
 * right. */
static bool
is_sure(size_t kind, size_t other)
{
	return (kind == LENTICULAR && other == CURLY) || (is_angle(kind) && other == ROUND);
}

/* Whether the open bracket at is closed by its own kind behind `from`. */
static bool
is_closed(const struct words *w, const struct line *l, size_t at, size_t from)
{
	const size_t kind = kind_of(&w->glyphs[at], 0);

	for (size_t i = from + 1; i < l->first + l->count; i++) {
		if (kind_of(&w->glyphs[i], 0) == kind)
			return false;
		if (kind_of(&w->glyphs[i], 1) == kind)
			return true;
	}
	return false;
}

static bool
is_hiragana(const struct words *w, const struct line *l, size_t at)
{
	return at >= l->first && at < l->first + l->count &&
	       code_is_hiragana(glyph_code(&w->glyphs[at]));
}

/* Whether what closes at `closing` was opened. */
static bool
is_opened(const struct words *w, const struct line *l, size_t closing)
{
	int open = 0;

	for (size_t i = l->first; i < closing; i++)
		open += (strcmp(w->glyphs[i].text, "<") == 0) -
			(strcmp(w->glyphs[i].text, ">") == 0 && open > 0);
	return open > 0;
}

/* くその他>, くお知らせ>: a heading, which no word is that begins so. */
static bool
begins_heading(const struct words *w, const struct line *l, size_t at)
{
	return at == l->first &&
	       (pattern_fits("(く)その他", w, l, at) || pattern_fits("(く)お知ら", w, l, at) ||
		   pattern_fits("(く)お[問申願]", w, l, at) ||
		   pattern_fits("(く)ご[案注利連]", w, l, at));
}

/* Where > at `closing` closes what nothing opened, the last く that is at no word's end is <. */
static int
open_angle(struct words *w, struct line *l, size_t closing, const char *rule)
{
	for (size_t i = closing; i-- > l->first && !is_opened(w, l, closing);) {
		const char *text = w->glyphs[i].text;

		if (strcmp(text, ">") == 0)
			return 0;
		if ((strcmp(text, "く") == 0 || strcmp(text, "ぐ") == 0) && i + 1 < closing &&
		    (begins_heading(w, l, i) || ((i == l->first || !is_hiragana(w, l, i - 1)) &&
						    !is_hiragana(w, l, i + 1))))
			return words_correct(w, l, i, "<", rule);
	}
	return 0;
}

/* Of two that are no pair. A rare one need not be surer. */
static bool
closing_is_right(const struct words *w, size_t opening, size_t closing)
{
	const struct glyph *a = &w->glyphs[opening], *b = &w->glyphs[closing];
	const bool rare = is_sure(kind_of(b, 1), kind_of(a, 0));

	return rare ? a->confidence <= b->confidence + LESS_SURE
		    : a->confidence + LESS_SURE < b->confidence;
}

int
brackets_correct(struct words *w, struct line *l, const char *rule)
{
	size_t open[DEEP], n = 0;
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++) {
		const size_t opens = kind_of(&w->glyphs[i], 0), closes = kind_of(&w->glyphs[i], 1);
		size_t top, k;

		if (strcmp(w->glyphs[i].text, ">") == 0)
			r = open_angle(w, l, i, rule);
		if (opens < KINDS && n == DEEP)
			return 0;
		if (opens < KINDS)
			open[n++] = i;
		if (closes == KINDS || n == 0)
			continue;
		for (k = n; k > 0 && kind_of(&w->glyphs[open[k - 1]], 0) != closes;)
			k--;
		top = open[n - 1];
		if (k == 0 && is_closed(w, l, top, i))
			continue;
		n = k > 0 ? k - 1 : n - 1;
		if (k > 0 || !may_be_misread(kind_of(&w->glyphs[top], 0), closes))
			continue;
		if (closing_is_right(w, top, i))
			r = words_correct(w, l, top, kinds[closes][0], rule);
		else
			r = words_correct(w, l, i, kinds[kind_of(&w->glyphs[top], 0)][1], rule);
	}
	return r;
}

/* Whether ” comes behind glyph at before another “ does. */
static bool
is_quoted(const struct words *w, const struct line *l, size_t at)
{
	for (size_t i = at + 1; i < l->first + l->count; i++) {
		if (strcmp(w->glyphs[i].text, OPENING) == 0)
			return false;
		if (strcmp(w->glyphs[i].text, CLOSING) == 0)
			return true;
	}
	return false;
}

int
brackets_quote(struct words *w, struct line *l, const char *rule)
{
	bool open = false;
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++) {
		const char *text = w->glyphs[i].text;

		if (strcmp(text, OPENING) == 0 || strcmp(text, CLOSING) == 0) {
			open = strcmp(text, OPENING) == 0;
		} else if (strcmp(text, STRAIGHT) == 0 && open) {
			r = words_correct(w, l, i, CLOSING, rule);
			open = false;
		} else if (strcmp(text, STRAIGHT) == 0 && is_quoted(w, l, i)) {
			r = words_correct(w, l, i, OPENING, rule);
			open = true;
		}
	}
	return r;
}
