/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Correction by whole terms; works on glyphs, so boxes stay where they are. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/lexicon.h"
#include "ocr/lexicon_terms.h"
#include "ocr/lexicon_words.h"
#include "ocr/pattern.h"
#include "text.h"

#define TERM_MAX 24   /* characters */
#define UNSURE 96     /* a glyph surer than this is only replaced by a known confusion */
#define DOUBTFUL 97   /* what stands for a letter that the engine cannot read is below it mostly */
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
	const char *c = t->at[i];
	const size_t n = t->size[i];

	/* Most differ in the last byte already. */
	return g->text[n - 1] == c[n - 1] && strlen(g->text) == n && memcmp(g->text, c, n) == 0;
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
	/* A word that begins or ends otherwise is another word: 医療機関へ is no 医療機関名. Kana
	 * and digits say something by themselves: ファックス and フィックス are both words. */
	return t->n >= UNKNOWN_MIN && at > 0 && at + 1 < t->n && g[at].confidence < UNSURE &&
	       code_is_ideograph(glyph_code(&g[at]));
}

/* The letter that would be written stands beside the term already: what was read is no letter of
 * it, but a stroke seen twice. */
static bool
is_doubled(const struct words *w, const struct line *l, size_t i, const struct term *t, size_t at)
{
	const struct glyph *g = &w->glyphs[i];

	return (at == 0 && i > l->first && same(g - 1, t, at)) ||
	       (at + 1 == t->n && i + t->n < l->first + l->count && same(g + t->n, t, at));
}

/* Some term is read without a doubt and glyph at is part of it. */
static bool
is_explained(
    const struct words *w, const struct line *l, size_t at, const struct term *terms, size_t n)
{
	for (size_t k = 0; k < n; k++)
		for (size_t back = 0; back < terms[k].n && back <= at - l->first; back++)
			if (at - back + terms[k].n <= l->first + l->count &&
			    only_difference(&w->glyphs[at - back], &terms[k]) == terms[k].n)
				return true;
	return false;
}

/* The best explanation of the glyphs from i on; nothing when two terms are equally good. */
static int
correct_at(struct words *w, struct line *l, size_t i, const struct term *terms, size_t n)
{
	size_t left = l->first + l->count - i, at = 0, best_at = 0, longest = 0;
	const struct term *best = NULL;
	char meant[5] = "";
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
	if (best == NULL || is_doubled(w, l, i, best, best_at) ||
	    is_explained(w, l, i + best_at, terms, n))
		return 0;
	memcpy(meant, best->at[best_at], best->size[best_at]);
	return words_correct(w, l, i + best_at, meant, LEXICON_RULE);
}

static int
correct_word(struct words *w, struct line *l, size_t at, const struct pattern_index *x)
{
	const uint32_t code = glyph_code(&w->glyphs[at]);

	for (size_t k = 0; (k = pattern_next(x, code, k)) < PATTERN_MAX; k++)
		if (pattern_fits(lexicon_words[k][0], w, l, at))
			return words_correct(w, l, at, lexicon_words[k][1], LEXICON_RULE);
	if (w->glyphs[at].confidence >= DOUBTFUL)
		return 0;
	for (size_t k = 0; k < sizeof lexicon_untaught / sizeof *lexicon_untaught; k++)
		if (pattern_fits(lexicon_untaught[k][0], w, l, at))
			return words_correct(w, l, at, lexicon_untaught[k][1], LEXICON_RULE);
	return 0;
}

int
lexicon_correct(struct words *w)
{
	size_t n = sizeof lexicon_terms / sizeof *lexicon_terms;
	_cleanup_(freep) struct term *terms = calloc(n, sizeof *terms);
	struct pattern_index index = {0};
	int r = terms == NULL ? -ENOMEM : 0;

	_Static_assert(sizeof lexicon_words / sizeof *lexicon_words <= PATTERN_MAX, "index");
	for (size_t k = 0; k < sizeof lexicon_words / sizeof *lexicon_words; k++)
		pattern_add(&index, k, lexicon_words[k][0]);
	for (size_t k = 0; r >= 0 && k < n; k++)
		cut_term(lexicon_terms[k], &terms[k]);
	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		struct line *l = &w->lines[i];

		for (size_t at = l->first; r >= 0 && at < l->first + l->count; at++)
			r = correct_word(w, l, at, &index);
		for (size_t at = l->first; r >= 0 && at < l->first + l->count; at++)
			r = correct_at(w, l, at, terms, n);
	}
	return r;
}
