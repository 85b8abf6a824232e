/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds are measured (MEASURED.md); distances are squared ones of letter_model.h. */
#include <errno.h>
#include <math.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_choose.h"
#include "ocr/letter_fit.h"

#define PER_LIKELIHOOD 30 /* of the costs of letter_fit.h: weighs as much as one of likely[] */
#define SEEN 550.0f       /* so far from its ink a letter may be, … */
#define WELL 350.0f       /* … and so far to look like it, … */
#define NEARLY 50.0f      /* … or so much further than another */
#define FEWER 3.2         /* of likely[]: a text with fewer letters may be so much less likely */
#define UNREAD 0.35       /* ems of ink that it may leave over beside the first */
#define WORK 60000        /* letters and windows: a line of 100 has as many, noise any number */

static const struct glyph *
glyph_of(const struct words *w, size_t line, size_t i)
{
	return &w->glyphs[w->lines[line].first + i];
}

/* A text as it lies over the ink. */
struct laid {
	const struct letter_windows *cut;
	const struct words *texts;
	size_t text;
	int windows[LETTER_FIT_MAX];
	float cost;
	double unread; /* ems of ink that is no letter */
};

static size_t
count(const struct laid *l)
{
	return l->texts->lines[l->text].count;
}

/* How far a letter is from its ink; INFINITY: it has none. */
static float
distance(const struct laid *l, size_t i)
{
	return l->windows[i] == LETTER_NOWHERE
		   ? INFINITY
		   : letter_alike_distance(&l->cut->windows[l->windows[i]].ink->point,
			 glyph_of(l->texts, l->text, i));
}

static double
width(const struct letter_windows *cut, unsigned from, unsigned to)
{
	double ret = 0;

	for (unsigned i = from; i < to; i++)
		ret += (cut->pieces[i].to - cut->pieces[i].from) / cut->em;
	return ret;
}

static int
lay(struct laid *l)
{
	const struct letter_windows *cut = l->cut;
	int r = letter_fit_as_read(cut, l->texts, &l->texts->lines[l->text], l->windows, &l->cost);

	l->unread = width(cut, 0, cut->npieces);
	for (size_t i = 0; r >= 0 && i < count(l); i++)
		if (l->windows[i] != LETTER_NOWHERE)
			l->unread -= width(
			    cut, cut->windows[l->windows[i]].from, cut->windows[l->windows[i]].to);
	return r;
}

static bool
is_same(const struct laid *a, size_t i, const struct laid *b, size_t k)
{
	return glyph_is_same(glyph_of(a->texts, a->text, i), glyph_of(b->texts, b->text, k));
}

/* What a text has instead of what the first has: glyphs [from, to) instead of [from, to_first). */
struct difference {
	size_t from, to, to_first;
};

static struct difference
find_difference(const struct laid *l, const struct laid *first)
{
	struct difference d = {0, count(l), count(first)};

	while (d.from < d.to_first && d.from < d.to && is_same(first, d.from, l, d.from))
		d.from++;
	while (
	    d.to_first > d.from && d.to > d.from && is_same(first, d.to_first - 1, l, d.to - 1)) {
		d.to_first--;
		d.to--;
	}
	return d;
}

/* Letters that are narrow, and touch their neighbours in squeezed print: from the ink one would
 * think that there are fewer. */
static size_t
count_narrow(const struct laid *l, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++) {
		const struct glyph *g = glyph_of(l->texts, l->text, i);

		n += l->windows[i] != LETTER_NOWHERE &&
		     (glyph_is_latin(g) || code_is_any(glyph_code(g), U"、。・,.()[]「」"));
	}
	return n;
}

/* Whether there is ink for all that a text has and the first has not, and hardly less is left
 * over. */
static bool
is_seen(const struct laid *l, const struct laid *first)
{
	const struct difference d = find_difference(l, first);

	for (size_t i = d.from; i < d.to; i++)
		if (distance(l, i) > SEEN)
			return false;
	return l->unread <= first->unread + UNREAD &&
	       count_narrow(l, d.from, d.to) >= count_narrow(first, d.from, d.to_first);
}

/* Whether all of a text looks like the ink, and nothing is left over. */
static bool
is_confirmed(const struct laid *l)
{
	for (size_t i = 0; i < count(l); i++) {
		const float own = distance(l, i);
		struct letter_guess best;

		if (own <= WELL ||
		    code_is_any(glyph_code(glyph_of(l->texts, l->text, i)), LETTER_MARKS))
			continue;
		if (l->windows[i] == LETTER_NOWHERE)
			return false;
		letter_ink_judge(l->cut->windows[l->windows[i]].ink, &best, 1);
		if (own > best.distance + NEARLY)
			return false;
	}
	return l->unread < 1e-9;
}

static bool
are_twins(const struct words *texts, size_t a, size_t b)
{
	if (texts->lines[a].count != texts->lines[b].count)
		return false;
	for (size_t i = 0; i < texts->lines[a].count; i++)
		if (!letters_are_alike(
			glyph_code(glyph_of(texts, a, i)), glyph_code(glyph_of(texts, b, i))))
			return false;
	return true;
}

/* Whether another of the texts is of the same shapes. */
static bool
has_twin(const struct words *texts, size_t text)
{
	for (size_t other = 0; other < texts->nlines; other++)
		if (other != text && are_twins(texts, text, other))
			return true;
	return false;
}

/* How likely a text is by networks and ink together. */
static double
weigh(const struct laid *l, const double *likely)
{
	return likely[l->text] - l->cost / PER_LIKELIHOOD;
}

static int
choose(
    const struct letter_windows *cut, const struct words *texts, const double *likely, size_t *ret)
{
	struct laid first = {cut, texts, 0}, best, other;
	int r = lay(&first);

	best = first;
	for (size_t i = 1; r >= 0 && i < texts->nlines; i++) {
		const bool fewer = texts->lines[i].count < texts->lines[0].count;

		if (fewer && likely[i] < likely[0] - FEWER)
			continue;
		other = (struct laid){cut, texts, i};
		r = lay(&other);
		if (r >= 0 && weigh(&other, likely) > weigh(&best, likely) &&
		    is_seen(&other, &first))
			best = other;
	}
	if (r < 0)
		return r;
	*ret = best.text;
	return is_confirmed(&best) && !has_twin(texts, best.text);
}

int
letter_choose(struct Pix *picture, const struct words *texts, const double *likely, size_t *ret)
{
	_cleanup_(letter_windows_free) struct letter_windows cut = {0};
	struct line all = texts->lines[0];
	int r;

	all.box = (struct box){0, 0, pixGetWidth(picture), pixGetHeight(picture)};
	r = letter_windows(picture, NULL, NULL, texts, &all, &cut);
	if (r >= 0 && all.count * cut.nwindows > WORK)
		r = -ENODATA;
	if (r >= 0)
		r = choose(&cut, texts, likely, ret);
	return r == -E2BIG ? -ENODATA : r;
}
