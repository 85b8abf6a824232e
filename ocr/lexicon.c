/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correction by whole terms; works on glyphs, so boxes stay where they are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/lexicon.h"
#include "ocr/lexicon_terms.h"
#include "text.h"

#define TERM_MAX 24   /* characters */
#define UNSURE 96     /* a glyph surer than this is only replaced by a known confusion */
#define UNKNOWN_MIN 5 /* characters of a term that may be off by a pair we do not know */

struct term {
	const char *at[TERM_MAX]; /* start of each character */
	uint8_t size[TERM_MAX];
	size_t n;
};

static void
cut_term(const char *text, struct term *t)
{
	size_t left = strlen(text);
	uint32_t code;

	for (t->n = 0; left > 0 && t->n < TERM_MAX; t->n++) {
		int used = utf8_decode(text, left, &code);

		if (used <= 0)
			break;
		t->at[t->n] = text;
		t->size[t->n] = (uint8_t)used;
		text += used;
		left -= (size_t)used;
	}
}

static bool
same(const struct glyph *g, const struct term *t, size_t i)
{
	return strlen(g->text) == t->size[i] && memcmp(g->text, t->at[i], t->size[i]) == 0;
}

static bool
known_pair(const char *read, const char *meant, size_t size)
{
	for (size_t i = 0; i < sizeof lexicon_pairs / sizeof *lexicon_pairs; i++)
		if (strcmp(lexicon_pairs[i][0], read) == 0 && strlen(lexicon_pairs[i][1]) == size &&
		    memcmp(lexicon_pairs[i][1], meant, size) == 0)
			return true;
	return false;
}

/* Position of the only character of t that differs from g[0 … n); t->n when none does; TERM_MAX
 * when several do. */
static size_t
only_difference(const struct glyph *g, const struct term *t)
{
	size_t found = t->n;

	for (size_t i = 0; i < t->n; i++) {
		if (same(&g[i], t, i))
			continue;
		if (found < t->n)
			return TERM_MAX;
		found = i;
	}
	return found;
}

/* How well term t explains g: 0 not at all, 1 by an unsure glyph, 2 by a known confusion, 3
 * exactly. */
static int
fit(const struct glyph *g, size_t left, const struct term *t, size_t *ret_at)
{
	size_t at;

	if (t->n < 2 || left < t->n)
		return 0;
	at = only_difference(g, t);
	*ret_at = at;
	if (at == TERM_MAX)
		return 0;
	if (at == t->n)
		return 3;
	if (t->n >= 3 && known_pair(g[at].text, t->at[at], t->size[at]))
		return 2;
	/* Digits and Latin letters are never made words of. */
	return t->n >= UNKNOWN_MIN && g[at].confidence < UNSURE && !glyph_is_latin(&g[at]) ? 1 : 0;
}

static int
keep_raw(const struct words *w, struct line *l, const char *rule)
{
	struct buf raw = {0};

	l->rule = rule;
	if (l->raw != NULL)
		return 0;
	words_line_text(w, l, &raw);
	buf_add(&raw, "", 1);
	if (buf_error(&raw) < 0) {
		buf_free(&raw);
		return -ENOMEM;
	}
	l->raw = raw.data;
	return 0;
}

static int
replace(struct words *w, struct line *l, size_t at, const char *text, size_t size, const char *rule)
{
	struct glyph *g = &w->glyphs[at];
	int r = keep_raw(w, l, rule);

	if (r < 0)
		return r;
	memcpy(g->text, text, size);
	g->text[size] = '\0';
	return 0;
}

/* The best explanation of the glyphs from i on; nothing when two terms are equally good. */
static int
correct_at(struct words *w, struct line *l, size_t i, const struct term *terms, size_t n)
{
	size_t left = l->first + l->count - i, at = 0, best_at = 0, longest = 0;
	const struct term *best = NULL;
	int score = 0;

	for (size_t k = 0; k < n; k++) {
		int f = fit(&w->glyphs[i], left, &terms[k], &at);

		if (f == 3)
			return 0;
		if (f == 0 || f < score || (f == score && terms[k].n < longest))
			continue;
		if (f == score && terms[k].n == longest && best != NULL &&
		    (best_at != at ||
			memcmp(best->at[at], terms[k].at[at], terms[k].size[at]) != 0)) {
			best = NULL;
			continue;
		}
		score = f;
		longest = terms[k].n;
		best = &terms[k];
		best_at = at;
	}
	if (best == NULL)
		return 0;
	return replace(w, l, i + best_at, best->at[best_at], best->size[best_at], LEXICON_RULE);
}

static bool
is_digit(const struct glyph *g)
{
	return g->text[0] >= '0' && g->text[0] <= '9' && g->text[1] == '\0';
}

static bool
is_one_of(const struct glyph *g, const char *const *list)
{
	for (; *list != NULL; list++)
		if (strcmp(g->text, *list) == 0)
			return true;
	return false;
}

/*
 * A stroke after a date at the end of a line, or between two dates, is 〜; between digits it is a
 * dash. The engine often reads either as 一 or ー.
 */
static int
fix_notation(struct words *w, struct line *l)
{
	static const char *const strokes[] = {"一", "ー", "-", "－", "―", "て", NULL};
	static const char *const units[] = {"日", "分", "時", "月", "年", NULL};
	size_t end = l->first + l->count;
	int r = 0;

	for (size_t i = l->first + 1; r >= 0 && i < end; i++) {
		const struct glyph *a = &w->glyphs[i - 1],
				   *b = i + 1 < end ? &w->glyphs[i + 1] : NULL;
		bool dots = i >= l->first + 4 && is_digit(a) &&
			    (strcmp(w->glyphs[i - 2].text, ".") == 0 ||
				strcmp(w->glyphs[i - 3].text, ".") == 0);

		if (!is_one_of(&w->glyphs[i], strokes))
			continue;
		if (is_digit(a) && b != NULL && is_digit(b)) {
			if (strcmp(w->glyphs[i].text, "て") == 0)
				r = replace(w, l, i, "～", strlen("～"), NOTATION_RULE);
			else if (w->glyphs[i].text[0] != '-')
				r = replace(w, l, i, "-", 1, NOTATION_RULE);
		} else if (strcmp(w->glyphs[i].text, "て") != 0 && (is_one_of(a, units) || dots) &&
			   (b == NULL || is_digit(b) || strcmp(b->text, "令") == 0 ||
			       strcmp(b->text, "平") == 0))
			r = replace(w, l, i, "～", strlen("～"), NOTATION_RULE);
	}
	return r;
}

/* A small l behind a capital, as in A1 or J2, is a one unless a word goes on. */
static int
fix_codes(struct words *w, struct line *l)
{
	size_t end = l->first + l->count;
	int r = 0;

	for (size_t i = l->first + 1; r >= 0 && i < end; i++) {
		char before = w->glyphs[i - 1].text[0],
		     after = i + 1 < end ? w->glyphs[i + 1].text[0] : ' ';

		if (strcmp(w->glyphs[i].text, "l") == 0 && before >= 'A' && before <= 'Z' &&
		    !(after >= 'a' && after <= 'z'))
			r = replace(w, l, i, "1", 1, NOTATION_RULE);
	}
	return r;
}

int
lexicon_correct(struct words *w)
{
	size_t n = sizeof lexicon_terms / sizeof *lexicon_terms;
	_cleanup_(freep) struct term *terms = calloc(n, sizeof *terms);
	int r = terms == NULL ? -ENOMEM : 0;

	for (size_t k = 0; r >= 0 && k < n; k++)
		cut_term(lexicon_terms[k], &terms[k]);
	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		struct line *l = &w->lines[i];

		for (size_t at = l->first; r >= 0 && at < l->first + l->count; at++)
			r = correct_at(w, l, at, terms, n);
		if (r >= 0)
			r = fix_notation(w, l);
		if (r >= 0)
			r = fix_codes(w, l);
	}
	return r;
}
