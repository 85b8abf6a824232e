/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way through line and text, by dynamic programming. Costs are squared distances
 * (letter_model.h). Thresholds are measured (README.md). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "cleanup.h"
#include "ocr/letter_fit.h"

#define USUAL 128.0f       /* of a letter from its own mean: no cost, no gain */
#define FAR 450.0f         /* further off counts as much */
#define OTHER_UNSURE 20.0f /* to be another letter than was read, where that is unsure, … */
#define OTHER_SURE 80.0f   /* … and where it is sure */
#define UNSEEN 370.0f      /* that a letter has no ink */
#define UNREAD 100.0f      /* that a piece of ink is no letter, … */
#define UNREAD_EM 400.0f   /* … and for each em of its width */
#define TO_WIDE 0xfee0     /* from a letter of ASCII to its full-width form */

struct step {
	float cost;
	int window; /* that ends here, LETTER_NOWHERE: none; */
	bool skips; /* a piece that is no letter, and no glyph */
};

struct fit {
	const struct letter_windows *cut;
	const struct words *words;
	const struct line *line;
	unsigned unsure;
	float *nearest;     /* of each window: distance of the letter it is most like, or -1 */
	struct step *steps; /* [glyphs + 1][pieces + 1] */
};

/* Letters of one shape, or of one but for its size, and by which name they go. */
static const uint32_t twins[][2] = {{U'•', U'・'}, {U'〜', U'～'}, {U'∼', U'～'}, {U'☐', U'□'},
    {U'◯', U'○'}, {U'«', U'≪'}, {U'»', U'≫'}, {U'►', U'▶'}, {U'◄', U'◀'}, {U'ⅰ', U'i'},
    {U'ⅴ', U'v'}, {U'ⅹ', U'x'}};
#define TWINS (sizeof twins / sizeof *twins)

uint32_t
letter_plain(uint32_t code)
{
	if (code >= 0xff01 && code < 0xff5e)
		return code - TO_WIDE;
	if (code_is_any(code, U"―—–−‐"))
		return U'ー';
	for (size_t i = 0; i < TWINS; i++)
		if (code == twins[i][0])
			return twins[i][1];
	return code;
}

uint32_t
letter_code(const struct glyph *g)
{
	return letter_plain(glyph_code(g));
}

float
letter_own_distance(const struct letter_point *p, const struct glyph *g)
{
	const uint32_t code = letter_code(g);
	float own = letter_distance(p, code);

	if (code < 0x7f)
		own = fminf(own, letter_distance(p, code + TO_WIDE));
	for (size_t i = 0; i < TWINS; i++)
		if (code == twins[i][1])
			own = fminf(own, letter_distance(p, twins[i][0]));
	return own;
}

static struct step *
step_at(const struct fit *f, size_t glyph, size_t piece)
{
	return &f->steps[glyph * (f->cut->npieces + 1) + piece];
}

static float
nearest(struct fit *f, unsigned window)
{
	struct letter_guess guess;

	if (f->nearest[window] < 0) {
		letter_judge(&f->cut->windows[window].point, &guess, 1);
		f->nearest[window] = guess.distance;
	}
	return f->nearest[window];
}

static float
cost_of(struct fit *f, size_t glyph, unsigned window)
{
	const struct glyph *g = &f->words->glyphs[f->line->first + glyph];
	const bool unsure = g->confidence < f->unsure;
	const float own = letter_own_distance(&f->cut->windows[window].point, g);
	float cost = own;

	if (own > USUAL && unsure)
		cost = fminf(own, nearest(f, window) + OTHER_UNSURE);
	else if (own > FAR - OTHER_SURE)
		cost = fminf(own, nearest(f, window) + OTHER_SURE);
	return fminf(cost, FAR) - USUAL;
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
	return code_is_any(glyph_code(&f->words->glyphs[f->line->first + glyph]), LETTER_MARKS)
		   ? 0
		   : UNSEEN;
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
			const struct span *ink = &cut->pieces[piece - 1];
			const float wide = (float)((ink->to - ink->from) / cut->em);

			take(s, step_at(f, n, piece - 1)->cost + UNREAD + UNREAD_EM * wide,
			    LETTER_NOWHERE, true);
		}
		if (n == 0)
			continue;
		take(s, step_at(f, n - 1, piece)->cost + unseen(f, n - 1), LETTER_NOWHERE, false);
		for (unsigned i = first; i < end; i++)
			take(s,
			    step_at(f, n - 1, cut->windows[i].from)->cost + cost_of(f, n - 1, i),
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

int
letter_fit(const struct letter_windows *cut, const struct words *w, const struct line *l,
    unsigned unsure, int *ret_windows)
{
	const size_t nsteps = (l->count + 1) * ((size_t)cut->npieces + 1);
	_cleanup_(freep) struct step *steps = calloc(nsteps, sizeof *steps);
	_cleanup_(freep) float *near = calloc(cut->nwindows, sizeof *near);
	struct fit f = {cut, w, l, unsure, near, steps};
	unsigned first = 0;

	if (l->count > LETTER_FIT_MAX)
		return -E2BIG;
	if (steps == NULL || near == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < cut->nwindows; i++)
		near[i] = -1;
	for (size_t i = 0; i < nsteps; i++)
		steps[i].cost = i == 0 ? 0 : INFINITY;
	for (size_t piece = 0; piece <= cut->npieces; piece++)
		first = fill(&f, piece, first);
	walk_back(&f, ret_windows);
	return 0;
}
