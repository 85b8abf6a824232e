/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second opinions. Thresholds are measured (README.md); every further reading costs what the first
 * did. */
#include <errno.h>

#include "ocr/agree.h"
#include "ocr/align.h"
#include "ocr/circled.h"
#include "ocr/digits.h"
#include "ocr/read_line.h"
#include "ocr/settle.h"

/* Means of the glyphs of a line, in tenths of a percent. */
#define SURE 980         /* no second opinion, if also … */
#define SURE_SINGLE 970  /* likewise of a lone glyph, of which a second says nothing better */
#define SURE_GLYPH 96    /* … every glyph is as sure (percent), … */
#define SURE_SEARCH 985  /* … or one for search alone */
#define UNSURE_STILL 960 /* after a second opinion: search gets a third */
#define NO_LEAD (-100)   /* percent: takes no glyph but what is often dropped */
#define SECOND_LEAD 2    /* percent that the second network, right as often, is less sure by */
#define DOUBT_MIN 92     /* running text, of which there is much, is doubted only below these */
#define DOUBT_MEAN 97
#define LATIN_SHARE 0.8
#define LATIN_MIN 3 /* glyphs */

static void
judge(const struct words *w, unsigned *ret_mean, unsigned *ret_min)
{
	*ret_mean = words_confidence(w);
	*ret_min = 100;
	for (size_t i = 0; i < w->nglyphs; i++)
		if (w->glyphs[i].confidence < *ret_min)
			*ret_min = w->glyphs[i].confidence;
	if (w->nglyphs == 0)
		*ret_min = 0;
}

/* A second opinion would say the same. */
static bool
is_sure(const struct words *w)
{
	return words_are_sure(w, 0, w->nglyphs == 1 ? SURE_SINGLE : SURE, SURE_GLYPH) &&
	       !settle_doubts(w);
}

int
read_line_surer(const struct words *a, const struct words *b)
{
	unsigned mean_a, mean_b, min_a, min_b;

	judge(a, &mean_a, &min_a);
	judge(b, &mean_b, &min_b);
	return (int)(2 * mean_a + min_a) - (int)(2 * mean_b + min_b);
}

static bool
is_latin(const struct words *w)
{
	size_t latin = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		latin += glyph_is_latin(&w->glyphs[i]);
	return w->nglyphs >= LATIN_MIN && (double)latin >= LATIN_SHARE * (double)w->nglyphs;
}

int
read_line_once(struct engine *e, const struct strip *s, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	int r = engine_read(e, s->pix, NULL, model, mode, ret);

	if (r >= 0) {
		digits_mend(s->pix, ret);
		strip_to_sheet(s, ret, 0);
	}
	return r;
}

/* A reading, and what the network saw for it (NULL: not known). */
struct reading {
	struct words words;
	struct chances *saw;
};

static void
reading_free(struct reading *r)
{
	words_free(&r->words);
	free(r->saw);
}

static int
read_way(struct engine *e, const struct strip *s, enum engine_model model, enum engine_mode mode,
    struct reading *ret)
{
	int r = read_line_once(e, s, model, mode, &ret->words);

	if (r >= 0)
		ret->saw = engine_take_chances(e);
	return r;
}

/* What search has beyond the shown reading: one that says something else. */
static int
add_other(struct words *others, const struct words *w, const struct words *best)
{
	return others == NULL || words_say_same(w, best, 0, best->nlines)
		   ? 0
		   : words_append(others, w, 0, w->nlines, -1);
}

/* Reads again in another way; best becomes the surer of both, glyph by glyph where they differ. */
static int
challenge(struct engine *e, const struct strip *s, enum engine_model model, enum engine_mode mode,
    struct words *best, struct words *others)
{
	_cleanup_(words_free) struct words other = {0};
	int r = read_line_once(e, s, model, mode, &other);

	if (r >= 0 && read_line_surer(&other, best) > 0)
		words_swap(&other, best);
	if (r >= 0)
		r = settle(best, &other, 0, NULL);
	return r < 0 ? r : add_other(others, &other, best);
}

/* The text that what both networks saw speaks for becomes ret. -ENODATA when that is not known, or
 * a reading is not one line. */
static int
weigh(
    struct engine *e, const struct reading *first, const struct reading *second, struct words *ret)
{
	const struct opinion both[] = {
	    {&first->words, first->saw, 0}, {&second->words, second->saw, 1}};
	const struct agree_wish wish = {.texts = 1};
	int r;

	if (first->saw == NULL || second->saw == NULL || first->words.nlines != 1 ||
	    second->words.nlines != 1 || first->words.nglyphs > SETTLE_MAX ||
	    second->words.nglyphs > SETTLE_MAX)
		return -ENODATA;
	if (words_say_same(&first->words, &second->words, 0, second->words.nlines))
		return words_append(ret, &first->words, 0, 1, -1);
	r = engine_agree(e, both, 2, &wish, ret);
	return r < 0 ? r : align_place(ret, &first->words, &second->words, SETTLE_DISPUTED);
}

/* Where it is not known what the networks saw: by their readings, and the first's once more where
 * only a third can tell. Returns how many were asked. */
static int
settle_by_readings(struct engine *e, const struct strip *s, struct words *first,
    struct words *second, struct words *third, struct words *best)
{
	int r = 0, asked = 1;

	if ((first->nlines != 1 || second->nlines != 1) && read_line_surer(second, first) > 0)
		words_swap(second, first);
	r = words_append(best, first, 0, first->nlines, -1);
	if (r >= 0)
		r = settle(best, second, SECOND_LEAD, NULL);
	if (r == SETTLE_OPEN) {
		r = read_line_once(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, third);
		asked++;
		words_free(best);
		*best = (struct words){0};
		if (r >= 0)
			r = words_append(best, first, 0, first->nlines, -1);
		if (r >= 0)
			r = settle(best, second, SECOND_LEAD, third);
		if (r >= 0) /* dots and dashes that it alone has */
			r = settle(best, third, NO_LEAD, NULL);
	}
	return r < 0 ? r : asked;
}

/* The second network's opinion: best becomes what both make together. Returns how many were asked.
 */
static int
ask_others(struct engine *e, const struct strip *s, struct reading *first, struct words *others)
{
	_cleanup_(reading_free) struct reading second = {0};
	_cleanup_(words_free) struct words best = {0}, third = {0};
	int r = read_way(e, s, ENGINE_JAPANESE_2, ENGINE_RAW_LINE, &second), asked = 1;

	if (r >= 0)
		r = weigh(e, first, &second, &best);
	if (r == -ENODATA) {
		words_free(&best);
		best = (struct words){0};
		r = asked = settle_by_readings(e, s, &first->words, &second.words, &third, &best);
	}
	for (unsigned i = 0; r >= 0 && i < 3; i++)
		r = add_other(
		    others, (struct words *[]){&first->words, &second.words, &third}[i], &best);
	if (r >= 0)
		words_swap(&first->words, &best);
	return r < 0 ? r : asked;
}

bool
read_line_doubts(const struct words *w)
{
	unsigned mean, min;

	judge(w, &mean, &min);
	return mean < DOUBT_MEAN || min < DOUBT_MIN;
}

bool
read_line_is_rule(const struct words *w, size_t first)
{
	for (size_t i = first; i < w->nglyphs; i++)
		if (!code_is_any(glyph_code(&w->glyphs[i]), U"ー一-－―‐_|｜~～.,'`・"))
			return false;
	return true;
}

/* What search has beyond the shown reading of a line: opinions where it was sure enough, and a
 * third where it stays unsure. best's words stay. */
static int
ask_for_search(
    struct engine *e, const struct strip *s, struct reading *best, int asked, struct words *others)
{
	_cleanup_(reading_free) struct reading found = {.saw = TAKE_PTR(best->saw)};
	const int before = asked;
	int r = words_append(&found.words, &best->words, 0, best->words.nlines, -1);

	if (r >= 0 && asked == 0 && !words_are_sure(&found.words, 0, SURE_SEARCH, 0))
		r = asked = ask_others(e, s, &found, others);
	if (r >= 0 && asked == 1 && !words_are_sure(&found.words, 0, UNSURE_STILL, 0)) {
		r = challenge(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, &found.words, others);
		asked++;
	}
	return r < 0 || asked == before ? r : add_other(others, &found.words, &best->words);
}

int
read_line(struct engine *e, const struct strip *s, struct words *ret, struct words *others)
{
	_cleanup_(reading_free) struct reading best = {0};
	struct words *w = &best.words;
	int r = read_way(e, s, ENGINE_JAPANESE, ENGINE_LINE, &best), asked = 0;

	if (r >= 0 && !is_sure(w))
		r = asked = ask_others(e, s, &best, others);
	if (r >= 0 && is_latin(w))
		r = challenge(e, s, ENGINE_LATIN, ENGINE_LINE, w, others);
	if (r >= 0)
		r = circled_mend(e, s, w);
	if (r >= 0 && others != NULL)
		r = ask_for_search(e, s, &best, asked, others);
	if (r >= 0)
		r = words_append(ret, w, 0, w->nlines, -1);
	return r;
}
