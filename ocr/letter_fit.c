/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way through line and text, by dynamic programming. Costs are squared distances
 * (letter_model.h). Thresholds are measured (MEASURED.md). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cleanup.h"
#include "ocr/letter_fit.h"

#define USUAL 128.0f       /* of a letter from its own mean: no cost, no gain */
#define FAR 450.0f         /* further off counts as much, … */
#define BEYOND 0.6f        /* … or by this share more where texts are compared, … */
#define FARTHEST 2000.0f   /* … up to here */
#define OTHER_UNSURE 20.0f /* to be another letter than was read, where that is unsure, … */
#define OTHER_SURE 80.0f   /* … and where it is sure */
#define UNSEEN 370.0f      /* that a letter has no ink */
#define UNREAD 100.0f      /* that a piece of ink is no letter, … */
#define UNREAD_EM 400.0f   /* … and for each em of its width */

struct step {
	float cost;
	int window; /* that ends here, LETTER_NOWHERE: none; */
	bool skips; /* a piece that is no letter, and no glyph */
};

struct fit {
	const struct letter_windows *cut;
	const struct words *words;
	const struct line *line;
	float (*cost_of)(struct fit *f, size_t glyph, unsigned window);
	unsigned unsure;
	struct step *steps; /* [glyphs + 1][pieces + 1] */
};

static struct step *
step_at(const struct fit *f, size_t glyph, size_t piece)
{
	return &f->steps[glyph * (f->cut->npieces + 1) + piece];
}

/* Distance of the letter it is most like. */
static float
nearest(const struct fit *f, unsigned window)
{
	struct letter_guess guess = {.distance = INFINITY};

	letter_ink_judge(f->cut->windows[window].ink, &guess, 1);
	return guess.distance;
}

static const struct glyph *
glyph_of(const struct fit *f, size_t glyph)
{
	return &f->words->glyphs[f->line->first + glyph];
}

/* Where it may be another letter than was read. */
static float
cost_to_mend(struct fit *f, size_t glyph, unsigned window)
{
	const struct glyph *g = glyph_of(f, glyph);
	const bool unsure = g->confidence < f->unsure;
	const float own = letter_own_distance(&f->cut->windows[window].ink->point, g);
	float cost = own;

	if (own > USUAL && unsure)
		cost = fminf(own, nearest(f, window) + OTHER_UNSURE);
	else if (own > FAR - OTHER_SURE)
		cost = fminf(own, nearest(f, window) + OTHER_SURE);
	return fminf(cost, FAR) - USUAL;
}

/* Where it may not. */
static float
cost_to_be(struct fit *f, size_t glyph, unsigned window)
{
	const float own =
	    letter_alike_distance(&f->cut->windows[window].ink->point, glyph_of(f, glyph));

	return (own <= FAR ? own : FAR + BEYOND * (fminf(own, FARTHEST) - FAR)) - USUAL;
}

static void
take(struct step *s, float cost, int window, bool skips)
{
	if (cost < s->cost)
		*s = (struct step){cost, window, skips};
}

/* Marks were lifted off the sheet and have none. */
static float
unseen(const struct fit *f, size_t glyph)
{
	return code_is_any(glyph_code(glyph_of(f, glyph)), LETTER_MARKS) ? 0 : UNSEEN;
}

/* Of what stands beside the line nothing need be read. */
static float
unread(const struct letter_windows *cut, unsigned piece)
{
	const struct span *ink = &cut->pieces[piece];

	if (!letter_windows_own(cut, piece))
		return 0;
	return UNREAD + UNREAD_EM * (float)((ink->to - ink->from) / cut->em);
}

/* The windows that end at piece are first … of cut. Returns the first of those behind. */
static unsigned
fill(struct fit *f, size_t piece, unsigned first)
{
	const struct letter_windows *cut = f->cut;
	unsigned end = first;

	while (end < cut->nwindows && cut->windows[end].to == piece)
		end++;
	for (size_t n = 0; n <= f->line->count; n++) {
		struct step *s = step_at(f, n, piece);

		if (piece > 0) {
			take(s, step_at(f, n, piece - 1)->cost + unread(cut, (unsigned)piece - 1),
			    LETTER_NOWHERE, true);
		}
		if (n == 0)
			continue;
		take(s, step_at(f, n - 1, piece)->cost + unseen(f, n - 1), LETTER_NOWHERE, false);
		for (unsigned i = first; i < end; i++)
			take(s,
			    step_at(f, n - 1, cut->windows[i].from)->cost + f->cost_of(f, n - 1, i),
			    (int)i, false);
	}
	return end;
}

static void
walk_back(const struct fit *f, int *ret)
{
	size_t n = f->line->count, piece = f->cut->npieces;

	while (n > 0 || piece > 0) {
		const struct step *s = step_at(f, n, piece);

		if (s->skips) {
			piece--;
			continue;
		}
		ret[--n] = s->window;
		if (s->window != LETTER_NOWHERE)
			piece = f->cut->windows[s->window].from;
	}
}

static void
fit_free(struct fit *f)
{
	free(f->steps);
}

/* Finds the cheapest way. */
static int
lay(struct fit *f)
{
	const size_t nsteps = (f->line->count + 1) * ((size_t)f->cut->npieces + 1);
	unsigned first = 0;

	if (f->line->count > LETTER_FIT_MAX)
		return -E2BIG;
	f->steps = calloc(nsteps, sizeof *f->steps);
	if (f->steps == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < nsteps; i++)
		f->steps[i].cost = i == 0 ? 0 : INFINITY;
	for (size_t piece = 0; piece <= f->cut->npieces; piece++)
		first = fill(f, piece, first);
	return 0;
}

int
letter_fit(const struct letter_windows *cut, const struct words *w, const struct line *l,
    unsigned unsure, int *ret_windows)
{
	_cleanup_(fit_free) struct fit f = {cut, w, l, cost_to_mend, .unsure = unsure};
	int r = lay(&f);

	if (r >= 0)
		walk_back(&f, ret_windows);
	return r;
}

int
letter_fit_as_read(const struct letter_windows *cut, const struct words *w, const struct line *l,
    int *ret_windows, float *ret_cost)
{
	_cleanup_(fit_free) struct fit f = {cut, w, l, cost_to_be};
	int r = lay(&f);

	if (r < 0)
		return r;
	walk_back(&f, ret_windows);
	*ret_cost = step_at(&f, l->count, cut->npieces)->cost;
	return 0;
}
