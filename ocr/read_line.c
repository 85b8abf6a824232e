/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second opinions. Thresholds are measured (MEASURED.md); every further reading costs what the
 * first did. */
#include <errno.h>

#include "ocr/agree.h"
#include "ocr/align.h"
#include "ocr/circled.h"
#include "ocr/digits.h"
#include "ocr/further.h"
#include "ocr/letter_choose.h"
#include "ocr/read_line.h"
#include "ocr/settle.h"
#include "ocr/untaught.h"

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
#define LATIN_MIN 3     /* glyphs */
#define READINGS 5      /* of a line, weighed together */
#define TEXTS 8         /* that a line may be, looked at */
#define POSSIBLE 8.0    /* natural logarithm: a text this much less likely may be right, … */
#define CLOSE 4.0       /* … and one no less likely than this easily */
#define CLOSE_STEPS 800 /* a network's, some 200 letters: to weigh more so takes its time */

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
	unsigned network; /* of the opinion */
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
	ret->network = model == ENGINE_JAPANESE_2;
	return r;
}

static int
read_softly(struct engine *e, const struct strip *s, struct reading *ret)
{
	int r = further_read_that_way(e, s, FURTHER_SOFT, &ret->words);

	if (r >= 0)
		ret->saw = engine_take_chances(e);
	ret->network = 1;
	return r;
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
	return r < 0 ? r : words_append_other(others, &other, best);
}

static bool
can_be_weighed(const struct reading *r)
{
	return r->saw != NULL && r->words.nlines == 1 && r->words.nglyphs <= SETTLE_MAX;
}

/* Texts of one line each become lines of ret, with the places that the first two readings tell. */
static int
place(const struct words *texts, const struct reading readings[2], struct words *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < texts->nlines; i++) {
		_cleanup_(words_free) struct words text = {0};

		r = words_append(&text, texts, i, 1, -1);
		if (r >= 0)
			r = align_place(
			    &text, &readings[0].words, &readings[1].words, SETTLE_DISPUTED);
		if (r >= 0)
			r = words_append(ret, &text, 0, 1, -1);
	}
	return r;
}

/* Texts that a line may be, the likeliest first, one of them chosen. */
struct weighed {
	struct words texts;
	size_t chosen;
	bool close;     /* another is nearly as likely as the first */
	bool confirmed; /* the ink looks like the chosen one throughout */
};

static void
weighed_free(struct weighed *w)
{
	words_free(&w->texts);
}

/* By what the networks saw, and of what that leaves possible by the shapes of the letters. Of the
 * readings the first two, one of each network, are needed. -ENODATA when what they saw is not
 * known, or one is not one line. */
static int
weigh(struct engine *e, const struct strip *s, const struct reading *readings, unsigned n,
    struct weighed *ret)
{
	_cleanup_(words_free) struct words texts = {0};
	const struct agree_wish wish = {TEXTS, POSSIBLE};
	struct opinion opinions[READINGS];
	double likely[TEXTS];
	unsigned known = 0;
	int r;

	if (!can_be_weighed(&readings[0]) || !can_be_weighed(&readings[1]))
		return -ENODATA;
	for (unsigned i = 0; i < n; i++)
		if (can_be_weighed(&readings[i]))
			opinions[known++] = (struct opinion){
			    &readings[i].words, readings[i].saw, readings[i].network};
	r = engine_agree(e, opinions, known, &wish, &texts, likely);
	if (r < 0)
		return r;
	ret->close = texts.nlines > 1 && likely[1] >= likely[0] - CLOSE;
	if (texts.nlines > 1)
		r = letter_choose(s->pix, &texts, likely, &ret->chosen);
	if (r < 0 && r != -ENODATA)
		return r;
	ret->confirmed = texts.nlines > 1 && r > 0;
	return place(&texts, readings, &ret->texts);
}

/* The first of them, each for itself. */
static int
add_texts(struct words *others, const struct words *texts, size_t first, const struct words *best)
{
	int r = 0;

	for (size_t i = 0; others != NULL && r >= 0 && i < first && i < texts->nlines; i++) {
		_cleanup_(words_free) struct words text = {0};

		r = words_append(&text, texts, i, 1, -1);
		if (r >= 0)
			r = words_append_other(others, &text, best);
	}
	return r;
}

static int
take_chosen(const struct weighed *w, struct words *ret)
{
	return words_append(ret, &w->texts, w->chosen, 1, -1);
}

/* The text that two networks and the ink speak for; by all readings when another is nearly as
 * likely and the ink does not confirm it; where that cannot be told, by those two. Returns how many
 * were asked besides. */
static int
weigh_closely(struct engine *e, const struct strip *s, struct reading readings[READINGS],
    struct words *ret, struct words *others)
{
	_cleanup_(weighed_free) struct weighed two = {0}, all = {0};
	int r = weigh(e, s, readings, 2, &two);

	if (r < 0)
		return r;
	if (!two.close || two.confirmed || readings[0].saw->steps > CLOSE_STEPS ||
	    engine_is_late(e)) {
		r = take_chosen(&two, ret);
		return r < 0 ? r : add_texts(others, &two.texts, two.close ? 2 : 1, ret);
	}
	r = read_way(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, &readings[2]);
	if (r >= 0)
		r = read_way(e, s, ENGINE_JAPANESE_2, ENGINE_LINE, &readings[3]);
	if (r >= 0)
		r = read_softly(e, s, &readings[4]);
	if (r >= 0)
		r = weigh(e, s, readings, READINGS, &all);
	if (r >= 0)
		r = take_chosen(&all, ret);
	if (r == -ENODATA)
		r = take_chosen(&two, ret);
	if (r >= 0)
		r = add_texts(others, &two.texts, 2, ret);
	return r < 0 ? r : READINGS - 2;
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

static void free_readings(struct reading (*list)[READINGS])
{
	for (unsigned i = 0; i < READINGS; i++)
		reading_free(&(*list)[i]);
}

/* The second network's opinion, and further ones of both: first becomes what all make together.
 * Returns how many were asked. */
static int
ask_others(struct engine *e, const struct strip *s, struct reading *first, struct words *others)
{
	_cleanup_(free_readings) struct reading list[READINGS] = {*first};
	_cleanup_(words_free) struct words best = {0};
	int r = read_way(e, s, ENGINE_JAPANESE_2, ENGINE_RAW_LINE, &list[1]), asked = 1;

	*first = (struct reading){0};
	if (r >= 0)
		r = weigh_closely(e, s, list, &best, others);
	if (r >= 0)
		asked += r;
	if (r == -ENODATA)
		r = asked =
		    settle_by_readings(e, s, &list[0].words, &list[1].words, &list[2].words, &best);
	for (unsigned i = 0; r >= 0 && i < READINGS - 1; i++) /* the last is further.h's */
		r = words_append_other(others, &list[i].words, &best);
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
	if (r >= 0 && (asked == 1 || asked == READINGS - 1) &&
	    !words_are_sure(&found.words, 0, UNSURE_STILL, 0)) {
		r = challenge(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, &found.words, others);
		asked++;
	}
	return r < 0 || asked == before ? r
					: words_append_other(others, &found.words, &best->words);
}

int
read_line(struct engine *e, const struct strip *s, struct words *ret, struct words *others)
{
	_cleanup_(reading_free) struct reading best = {0};
	struct words *w = &best.words;
	int r = read_way(e, s, ENGINE_JAPANESE, ENGINE_LINE, &best), asked = 0;

	if (r >= 0 && !(is_sure(w) && strip_is_read(s, w, 0)))
		r = asked = ask_others(e, s, &best, others);
	if (r >= 0)
		r = untaught_mend(e, s, w, others);
	if (r >= 0 && is_latin(w))
		r = challenge(e, s, ENGINE_LATIN, ENGINE_LINE, w, others);
	if (r >= 0)
		r = circled_mend(e, s, w);
	if (r >= 0 && others != NULL && !engine_is_late(e))
		r = ask_for_search(e, s, &best, asked, others);
	if (r >= 0)
		r = words_append(ret, w, 0, w->nlines, -1);
	return r;
}
