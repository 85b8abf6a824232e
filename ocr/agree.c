/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A search among beginnings of texts, code by code, the likeliest few kept. How likely each
 * opinion has seen a beginning is known by mass.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/agree.h"
#include "ocr/mass.h"

#define BEAM 10           /* beginnings kept */
#define SECOND_WEIGHT 1.4 /* the second network says less than it knows */
#define LETTER_COST 1.0   /* natural logarithm: a network sees more letters than there are … */
#define UNREAD_COST 3.0   /* … and no reading, which know words, ever had this one */
#define IMPOSSIBLE (-1e300)
#define WORK_MOST 40000000 /* steps and codes looked at: 100 to 200 ms */

struct beginning {
	unsigned low, high, depth; /* the letters that may be meant, so many codes in */
	int last, chain;           /* code; the letters that are whole, −1: none */
	double score, cost;
	struct mass mass[AGREE_OPINIONS];
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

/* A whole text. */
struct found {
	int chain;
	double score;
};

struct search {
	const struct spelling *a;
	struct side side[AGREE_OPINIONS];
	unsigned nsides;
	struct beginning kept[BEAM], next[BEAM];
	struct candidate candidates[BEAM];
	unsigned nkept, ncandidates, round, rounds;
	bool *read;   /* letters that a reading has */
	bool *tried;  /* codes, behind one beginning */
	double *room; /* of the masses of two rounds */
	size_t each;  /* of an array of them */
	struct link *links;
	int nlinks;
	struct agree_wish wish;
	struct found found[AGREE_TEXTS]; /* the likeliest first */
	unsigned nfound;
	size_t work; /* steps and codes looked at so far */
};

/* The masses of the beginning at `at` of this round. */
static void
give_room(struct search *s, unsigned at, struct beginning *b)
{
	double *room = s->room + (s->round % 2 * BEAM + at) * s->nsides * 2 * s->each;

	for (unsigned side = 0; side < s->nsides; side++) {
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
	for (unsigned side = 0; side < s->nsides; side++)
		mass_start(&s->side[side], &b->mass[side]);
	s->nkept = 1;
}

/* How likely the line begins with b and the code, whatever follows. */
static double
foresee(struct search *s, const struct beginning *b, unsigned code)
{
	double score = -b->cost;

	for (unsigned side = 0; side < s->nsides; side++) {
		score += mass_foresee(&s->side[side], &b->mass[side], b->last, code);
		s->work += b->mass[side].to - b->mass[side].from;
	}
	return score;
}

static bool
is_too_much(const struct search *s)
{
	return s->work > WORK_MOST;
}

/* What is no likelier is not wanted. */
static double
least(const struct search *s)
{
	const double within = s->nfound == 0 ? IMPOSSIBLE : s->found[0].score - s->wish.within;
	const double last = s->nfound < s->wish.texts ? IMPOSSIBLE : s->found[s->nfound - 1].score;

	return last > within ? last : within;
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

	if (c.score <= least(s) || (at == BEAM && c.score <= s->candidates[BEAM - 1].score))
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
	for (unsigned side = 0; side < s->nsides; side++) {
		const struct mass *m = &b->mass[side];
		const struct side *l = &s->side[side];

		for (unsigned t = m->from; t < m->to && t < l->saw->steps && !is_too_much(s); t++) {
			if (!mass_ends_near(m, t))
				continue;
			s->work += l->first[t + 1] - l->first[t];
			for (unsigned i = l->first[t]; i < l->first[t + 1]; i++)
				if (!tried[l->likely[i]]) {
					tried[l->likely[i]] = true;
					try_code(s, b, l->likely[i]);
				}
		}
	}
}

/* ---- the search ---- */

/* Keeps the likeliest. */
static void
keep(struct search *s, struct found f)
{
	unsigned at = s->nfound;

	if (f.score <= least(s))
		return;
	if (at == s->wish.texts)
		at--;
	else
		s->nfound++;
	for (; at > 0 && s->found[at - 1].score < f.score; at--)
		s->found[at] = s->found[at - 1];
	s->found[at] = f;
	while (s->found[s->nfound - 1].score < s->found[0].score - s->wish.within)
		s->nfound--;
}

/* b as a whole text, if it is possible. */
static void
end(struct search *s, const struct beginning *b)
{
	struct found f = {b->chain, -b->cost};

	for (unsigned side = 0; side < s->nsides; side++) {
		double whole;

		if (!mass_end(&s->side[side], &b->mass[side], &whole))
			return;
		f.score += whole;
	}
	keep(s, f);
}

static void
take(struct search *s, const struct candidate *c, unsigned at)
{
	struct beginning *b = &s->next[at];

	*b = *c->of;
	give_room(s, at, b);
	for (unsigned side = 0; side < s->nsides; side++)
		mass_extend(
		    &s->side[side], &c->of->mass[side], c->of->last, c->code, &b->mass[side]);
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
 * likelier. -ENODATA: none, or it takes too long to tell. */
static int
search(struct search *s)
{
	start(s);
	while (s->nkept > 0 && s->round < s->rounds && !is_too_much(s)) {
		s->ncandidates = 0;
		for (unsigned i = 0; i < s->nkept; i++) {
			if (s->kept[i].depth == 0)
				end(s, &s->kept[i]);
			try_codes(s, &s->kept[i]);
		}
		s->round++;
		s->nkept = 0;
		for (unsigned i = 0; i < s->ncandidates; i++)
			if (s->candidates[i].score > least(s))
				take(s, &s->candidates[i], s->nkept++);
		memcpy(s->kept, s->next, sizeof s->kept);
	}
	return is_too_much(s) || s->nfound == 0 || s->found[0].chain < 0 ? -ENODATA : 0;
}

/* A chain goes from the last letter to the first. */
static int
write_letters(const struct search *s, int chain, struct words *ret)
{
	const struct line like = {.cell = -1};
	struct glyph g = {.confidence = 0};
	size_t n = 0;
	int r = words_line(ret, &like);

	for (int at = chain; at >= 0; at = s->links[at].before)
		n++;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		int at = chain;

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
	for (unsigned side = 0; side < s->nsides; side++)
		side_free(&s->side[side]);
	free(s->room);
	free(s->links);
	free(s->read);
	free(s->tried);
}

/* All together weigh as much as two: they err alike too often to be more certain of anything. */
static double
weight(const struct opinion *o, unsigned n)
{
	return (o->network == 0 ? 1 : SECOND_WEIGHT) * 2 / n;
}

static int
open_search(struct search *s, const struct opinion *opinions, unsigned n, unsigned steps)
{
	const struct alphabet *a = s->a->of[0];
	int r = 0;

	s->nsides = n;
	s->each = steps + 1;
	s->rounds = steps + 2; /* no step is of two codes */
	s->room = malloc((size_t)2 * BEAM * n * 2 * s->each * sizeof *s->room);
	s->links = calloc((size_t)s->rounds * BEAM, sizeof *s->links);
	s->tried = calloc(a->ncodes, sizeof *s->tried);
	s->read = calloc(a->nletters + 1, sizeof *s->read);
	if (s->room == NULL || s->links == NULL || s->tried == NULL || s->read == NULL)
		return -ENOMEM;
	for (unsigned side = 0; r >= 0 && side < n; side++) {
		mark_read(a, opinions[side].words, s->read);
		r = side_open(&s->side[side], s->a, &opinions[side], weight(&opinions[side], n));
	}
	return r;
}

static int
count_steps(const struct spelling *a, const struct opinion *opinions, unsigned n, unsigned *ret)
{
	*ret = 0;
	if (n == 0 || n > AGREE_OPINIONS)
		return -EINVAL;
	for (unsigned i = 0; i < n; i++) {
		if (opinions[i].network >= SPELLING_SIDES ||
		    opinions[i].saw->codes != a->of[opinions[i].network]->ncodes)
			return -EINVAL;
		if (opinions[i].saw->steps > *ret)
			*ret = opinions[i].saw->steps;
	}
	return *ret > AGREE_STEPS ? -ENODATA : 0;
}

int
agree_read(const struct spelling *a, const struct opinion *opinions, unsigned n,
    struct agree_wish wish, struct words *ret, double *ret_likely)
{
	_cleanup_(freep) struct search *s = NULL;
	unsigned steps;
	int r = count_steps(a, opinions, n, &steps);

	if (r >= 0 && wish.texts == 0)
		r = -EINVAL;
	if (r < 0)
		return r;
	s = calloc(1, sizeof *s);
	if (s == NULL)
		return -ENOMEM;
	s->a = a;
	s->wish = wish;
	if (s->wish.texts > AGREE_TEXTS)
		s->wish.texts = AGREE_TEXTS;
	r = open_search(s, opinions, n, steps);
	if (r >= 0)
		r = search(s);
	for (unsigned i = 0; r >= 0 && i < s->nfound; i++) {
		if (s->found[i].chain < 0) /* no letters, no line */
			continue;
		*ret_likely++ = s->found[i].score;
		r = write_letters(s, s->found[i].chain, ret);
	}
	close_search(s);
	return r;
}
