/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A search among beginnings of texts, code by code, the likeliest few kept. For each beginning and
 * each network stands how likely it has been seen whole by each step, so that one code more is one
 * pass over the few steps where it may be.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/agree.h"

#define SIDES SPELLING_SIDES
#define BEAM 6            /* beginnings kept */
#define LIKELY 2e-3F      /* chance: less likely codes are not tried … */
#define NEAR 1e-2         /* … and only where so much of a beginning's likelihood is */
#define REST 1e-12        /* of it: what is left out */
#define FLOOR 1e-4        /* added to every chance: nobody is certain of what is not there */
#define SECOND_WEIGHT 1.4 /* the second network says less than it knows */
#define LETTER_COST 1.0   /* natural logarithm: a network sees more letters than there are … */
#define UNREAD_COST 2.0   /* … and its own reading, which knows words, never had this one */
#define NOTHING 1e-300    /* instead of 0, where a logarithm is taken */
#define IMPOSSIBLE (-1e300)

/* How likely a beginning has been seen after each of [from, to) steps, times a factor. */
struct mass {
	unsigned from, to;
	double *by_code, *by_blank; /* what the last of these steps was */
	double log;                 /* of the factor */
};

struct beginning {
	unsigned low, high, depth; /* the letters that may be meant, so many codes in */
	int last, chain;           /* code; the letters that are whole, −1: none */
	double score, cost;
	struct mass mass[SIDES];
};

/* A beginning with one code more. */
struct candidate {
	const struct beginning *of;
	unsigned code, low, high;
	bool whole;
	double score;
};

struct link {
	int before;
	unsigned letter;
};

/* What a network saw, laid out for the search. */
struct side {
	const struct chances *saw;
	double *blank;    /* [step] */
	uint16_t *likely; /* codes of the first's, step after step */
	unsigned *first;  /* [step]: of its likely codes; one more at the end */
};

struct search {
	const struct spelling *a;
	struct side side[SIDES];
	struct beginning kept[BEAM], next[BEAM];
	struct candidate candidates[BEAM];
	unsigned nkept, ncandidates, round, rounds;
	bool *read;   /* letters that a reading has */
	bool *tried;  /* codes, behind one beginning */
	double *room; /* of the masses of two rounds */
	size_t each;  /* of an array of them */
	struct link *links;
	int nlinks, best_chain;
	double best;
};

static double
chance(const struct search *s, unsigned side, unsigned step, unsigned code)
{
	const struct spelling *a = s->a;
	const float *p = s->side[side].saw->p + (size_t)step * a->of[side]->ncodes;
	const int own = side == 0 ? (int)code : a->as_second[code];
	float sum = own < 0 ? 0 : p[own];

	if (side == 1 && (int)code == a->dash && a->long_dash >= 0)
		sum += p[a->long_dash];
	/* Flattened: neighbouring steps are no independent witnesses. */
	return (double)sqrtf(sum) + FLOOR;
}

static double
weight(unsigned side)
{
	return side == 0 ? 1 : SECOND_WEIGHT;
}

/* That b has been seen by this step, and code may come next: twice the same only after a blank. */
static double
before(const struct beginning *b, unsigned side, unsigned step, unsigned code)
{
	const struct mass *m = &b->mass[side];

	return m->by_blank[step] + ((int)code == b->last ? 0 : m->by_code[step]);
}

/* Spaces stand where nothing else does, and words_tidy() would take most of them away: they are
 * blanks. */
static int
look(const struct search *s, unsigned side, struct side *l)
{
	const struct spelling *a = s->a;
	const unsigned steps = l->saw->steps, n = l->saw->codes;
	unsigned found = 0;

	l->blank = calloc(steps + 1, sizeof *l->blank);
	l->likely = malloc((size_t)(steps + 1) * n * sizeof *l->likely);
	l->first = calloc(steps + 1, sizeof *l->first);
	if (l->blank == NULL || l->likely == NULL || l->first == NULL)
		return -ENOMEM;
	for (unsigned t = 0; t < steps; t++) {
		const float *p = l->saw->p + (size_t)t * n;

		l->blank[t] = (double)sqrtf(p[a->of[side]->blank] + p[a->of[side]->space]) + FLOOR;
		for (unsigned own = 0; own < n; own++) {
			const int code = side == 0 ? (int)own : a->as_first[own];

			if (p[own] >= LIKELY && code >= 0 && own != a->of[side]->blank &&
			    own != a->of[side]->space)
				l->likely[found++] = (uint16_t)code;
		}
		l->first[t + 1] = found;
	}
	return 0;
}

/* ---- one code more ---- */

/* How likely the line begins with b and the code, whatever follows. */
static double
foresee(const struct search *s, const struct beginning *b, unsigned code)
{
	double score = -b->cost;

	for (unsigned side = 0; side < SIDES; side++) {
		const struct mass *m = &b->mass[side];
		double sum = 0;

		for (unsigned t = m->from; t < m->to && t < s->side[side].saw->steps; t++)
			sum += before(b, side, t, code) * chance(s, side, t, code);
		score += weight(side) * (m->log + log(sum + NOTHING));
	}
	return score;
}

static bool
is_rest(const struct mass *m, unsigned step, double most)
{
	return m->by_code[step] + m->by_blank[step] < REST * most;
}

/* Takes off what is as good as nothing at both ends, and makes the largest 1. */
static void
trim(struct mass *m, double most)
{
	while (m->from + 1 < m->to && is_rest(m, m->from, most))
		m->from++;
	while (m->from + 1 < m->to && is_rest(m, m->to - 1, most))
		m->to--;
	for (unsigned t = m->from; t < m->to && most > 0; t++) {
		m->by_code[t] /= most;
		m->by_blank[t] /= most;
	}
	m->log += log(most + NOTHING);
}

/* m has its arrays; what it holds becomes b's with the code behind it. */
static void
extend(
    const struct search *s, unsigned side, const struct beginning *b, unsigned code, struct mass *m)
{
	const struct mass *old = &b->mass[side];
	const unsigned steps = s->side[side].saw->steps;
	double most = 0;
	unsigned t;

	m->from = old->from;
	m->log = old->log;
	m->by_code[m->from] = m->by_blank[m->from] = 0;
	for (t = m->from; t < steps; t++) {
		const double come = t < old->to ? before(b, side, t, code) : 0;

		m->by_code[t + 1] = (m->by_code[t] + come) * chance(s, side, t, code);
		m->by_blank[t + 1] = (m->by_blank[t] + m->by_code[t]) * s->side[side].blank[t];
		if (m->by_code[t + 1] + m->by_blank[t + 1] > most)
			most = m->by_code[t + 1] + m->by_blank[t + 1];
		else if (t + 1 >= old->to && is_rest(m, t + 1, most))
			break;
	}
	m->to = t < steps ? t + 2 : steps + 1;
	trim(m, most);
}

/* The masses of the beginning at `at` of this round. */
static void
give_room(struct search *s, unsigned at, struct beginning *b)
{
	double *room = s->room + (s->round % 2 * BEAM + at) * SIDES * 2 * s->each;

	for (unsigned side = 0; side < SIDES; side++) {
		b->mass[side].by_code = room + side * 2 * s->each;
		b->mass[side].by_blank = b->mass[side].by_code + s->each;
	}
}

/* Nothing but blanks so far. */
static void
start(struct search *s)
{
	struct beginning *b = &s->kept[0];

	*b = (struct beginning){.high = s->a->of[0]->nletters, .last = -1, .chain = -1};
	give_room(s, 0, b);
	for (unsigned side = 0; side < SIDES; side++) {
		struct mass *m = &b->mass[side];
		const unsigned steps = s->side[side].saw->steps;

		m->by_code[0] = 0;
		m->by_blank[0] = 1;
		for (m->to = 1; m->to <= steps; m->to++) {
			m->by_code[m->to] = 0;
			m->by_blank[m->to] =
			    m->by_blank[m->to - 1] * s->side[side].blank[m->to - 1];
		}
	}
	s->nkept = 1;
}

/* ---- which code ---- */

/* Among letters [*low, *high), which share their first depth codes, those that have this one next.
 */
static void
narrow(const struct alphabet *a, unsigned depth, unsigned code, unsigned *low, unsigned *high)
{
	for (unsigned bound = code; bound <= code + 1; bound++) {
		unsigned from = *low, to = *high;

		while (from < to) {
			const unsigned mid = from + (to - from) / 2;
			const struct letter *l = &a->letters[mid];

			if (l->ncodes <= depth || l->code[depth] < bound)
				from = mid + 1;
			else
				to = mid;
		}
		*(bound == code ? low : high) = from;
	}
}

/* The best few stay, the best first. */
static void
propose(struct search *s, struct candidate c)
{
	unsigned at = s->ncandidates;

	if (c.score <= s->best || (at == BEAM && c.score <= s->candidates[BEAM - 1].score))
		return;
	if (at == BEAM)
		at--;
	else
		s->ncandidates++;
	for (; at > 0 && s->candidates[at - 1].score < c.score; at--)
		s->candidates[at] = s->candidates[at - 1];
	s->candidates[at] = c;
}

static double
cost(const struct search *s, unsigned letter)
{
	return LETTER_COST + (s->read[letter] ? 0 : UNREAD_COST);
}

static void
try_code(struct search *s, const struct beginning *b, unsigned code)
{
	const struct alphabet *a = s->a->of[0];
	struct candidate c = {.of = b, .code = code, .low = b->low, .high = b->high};

	narrow(a, b->depth, code, &c.low, &c.high);
	if (c.low == c.high)
		return;
	c.score = foresee(s, b, code);
	if (a->letters[c.low].ncodes == b->depth + 1) {
		struct candidate whole = c;

		whole.whole = true;
		whole.score -= cost(s, c.low);
		propose(s, whole);
		c.low++;
	}
	if (c.low < c.high)
		propose(s, c);
}

/* What a network finds likely where b may end. */
static void
try_codes(struct search *s, const struct beginning *b)
{
	bool *tried = s->tried;

	memset(tried, 0, s->a->of[0]->ncodes * sizeof *tried);
	for (unsigned side = 0; side < SIDES; side++) {
		const struct mass *m = &b->mass[side];
		const struct side *l = &s->side[side];

		for (unsigned t = m->from; t < m->to && t < l->saw->steps; t++) {
			if (m->by_code[t] + m->by_blank[t] < NEAR)
				continue;
			for (unsigned i = l->first[t]; i < l->first[t + 1]; i++)
				if (!tried[l->likely[i]]) {
					tried[l->likely[i]] = true;
					try_code(s, b, l->likely[i]);
				}
		}
	}
}

/* ---- the search ---- */

/* b as the whole text, if it is possible: that nothing stands there is too unlikely for a number
 * where much does. */
static void
end(struct search *s, const struct beginning *b)
{
	double score = -b->cost;

	for (unsigned side = 0; side < SIDES; side++) {
		const struct mass *m = &b->mass[side];
		const unsigned steps = s->side[side].saw->steps;
		const double whole = m->to <= steps ? 0 : m->by_code[steps] + m->by_blank[steps];

		if (whole < NOTHING)
			return;
		score += weight(side) * (m->log + log(whole));
	}
	if (score > s->best) {
		s->best = score;
		s->best_chain = b->chain;
	}
}

static void
take(struct search *s, const struct candidate *c, unsigned at)
{
	struct beginning *b = &s->next[at];

	*b = *c->of;
	give_room(s, at, b);
	for (unsigned side = 0; side < SIDES; side++)
		extend(s, side, c->of, c->code, &b->mass[side]);
	b->score = c->score;
	b->last = (int)c->code;
	b->low = c->low;
	b->high = c->high;
	b->depth++;
	if (!c->whole)
		return;
	s->links[s->nlinks] = (struct link){b->chain, c->low};
	b->chain = s->nlinks++;
	b->cost += cost(s, c->low);
	b->low = b->depth = 0;
	b->high = s->a->of[0]->nletters;
}

/* A whole text is found when no beginning is likelier than it, for nothing that follows makes one
 * likelier. */
static void
search(struct search *s)
{
	start(s);
	while (s->nkept > 0 && s->round < s->rounds) {
		s->ncandidates = 0;
		for (unsigned i = 0; i < s->nkept; i++) {
			if (s->kept[i].depth == 0)
				end(s, &s->kept[i]);
			try_codes(s, &s->kept[i]);
		}
		s->round++;
		s->nkept = 0;
		for (unsigned i = 0; i < s->ncandidates; i++)
			if (s->candidates[i].score > s->best)
				take(s, &s->candidates[i], s->nkept++);
		memcpy(s->kept, s->next, sizeof s->kept);
	}
}

/* From the last letter to the first. */
static int
write_letters(const struct search *s, struct words *ret)
{
	const struct line like = {.cell = -1};
	struct glyph g = {.confidence = 0};
	size_t n = 0;
	int r = words_line(ret, &like);

	for (int at = s->best_chain; at >= 0; at = s->links[at].before)
		n++;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		int at = s->best_chain;

		for (size_t back = i + 1; back < n; back++)
			at = s->links[at].before;
		memcpy(g.text, s->a->of[0]->letters[s->links[at].letter].text, sizeof g.text);
		r = words_glyph(ret, &g);
	}
	if (r >= 0)
		words_line_done(ret);
	return r;
}

static void
mark_read(const struct alphabet *a, const struct words *w, bool *read)
{
	for (size_t i = 0; i < w->nglyphs; i++) {
		const struct letter *l = alphabet_find(a, w->glyphs[i].text);

		if (l != NULL)
			read[l - a->letters] = true;
	}
}

static void
close_search(struct search *s)
{
	for (unsigned side = 0; side < SIDES; side++) {
		free(s->side[side].blank);
		free(s->side[side].likely);
		free(s->side[side].first);
	}
	free(s->room);
	free(s->links);
	free(s->read);
	free(s->tried);
}

static int
open_search(struct search *s, const struct opinion *const both[SIDES], unsigned steps)
{
	const struct alphabet *a = s->a->of[0];
	int r = 0;

	s->each = steps + 1;
	s->rounds = steps + 2; /* no step is of two codes */
	s->room = malloc((size_t)2 * BEAM * SIDES * 2 * s->each * sizeof *s->room);
	s->links = calloc((size_t)s->rounds * BEAM, sizeof *s->links);
	s->tried = calloc(s->a->of[0]->ncodes, sizeof *s->tried);
	s->read = calloc(a->nletters + 1, sizeof *s->read);
	if (s->room == NULL || s->links == NULL || s->tried == NULL || s->read == NULL)
		return -ENOMEM;
	for (unsigned side = 0; r >= 0 && side < SIDES; side++) {
		s->side[side].saw = both[side]->saw;
		mark_read(a, both[side]->words, s->read);
		r = look(s, side, &s->side[side]);
	}
	return r;
}

int
agree_read(const struct spelling *a, const struct opinion *first, const struct opinion *second,
    struct words *ret)
{
	const struct opinion *const both[SIDES] = {first, second};
	const unsigned steps =
	    first->saw->steps > second->saw->steps ? first->saw->steps : second->saw->steps;
	_cleanup_(freep) struct search *s = calloc(1, sizeof *s);
	int r;

	if (first->saw->codes != a->of[0]->ncodes || second->saw->codes != a->of[1]->ncodes)
		return -EINVAL;
	if (steps > AGREE_STEPS)
		return -ENODATA;
	if (s == NULL)
		return -ENOMEM;
	s->a = a;
	s->best = IMPOSSIBLE;
	s->best_chain = -1;
	r = open_search(s, both, steps);
	if (r >= 0)
		search(s);
	if (r >= 0)
		r = s->best_chain < 0 ? -ENODATA : write_letters(s, ret);
	close_search(s);
	return r;
}
