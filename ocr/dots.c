/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for one piece of ink between two letters. Shares are of the letters' height. */
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/dots.h"
#include "ocr/pattern.h"

#define PIECES_MOST 40 /* more is no print */
#define LEAST 0.04     /* a dot's shorter side */
#define MOST 0.28      /* its longer side */
#define ROUND 1.4      /* longer to shorter side, and a pixel */
#define MIDDLE 0.18    /* its middle off the letters' */
#define CLEAR 0.05     /* white beside it */
#define HIGH 0.25      /* of what was cut out: a piece of a letter */
#define BESIDE 3       /* letters that tell their height */
#define WITHIN 0.2     /* so far it may be over the letters' boxes */

/* Where a dot may stand: between two letters, as they were boxed. */
struct place {
	struct box box; /* with half of each letter */
	int from, to;   /* between them */
};

/* What the letters around glyph at reach: boxes of single ones are often too small. */
static struct box
around(const struct words *w, const struct line *l, size_t at)
{
	const size_t end = l->first + l->count;
	struct box both = {0};

	for (size_t i = at - l->first < BESIDE ? l->first : at - BESIDE;
	     i < end && i <= at + BESIDE; i++)
		if (code_is_japanese(glyph_code(&w->glyphs[i])))
			both = box_union(both, w->glyphs[i].box);
	return both;
}

static int
less(int a, int b)
{
	return a < b ? a : b;
}

static int
more(int a, int b)
{
	return a > b ? a : b;
}

static struct place
place_of(const struct words *w, const struct line *l, size_t at)
{
	const struct box a = w->glyphs[at - 1].box, g = w->glyphs[at].box,
			 b = w->glyphs[at + 1].box, all = around(w, l, at);
	const int over = (int)(WITHIN * all.h), x = less(box_middle(a), g.x - all.h / 4),
		  end = more(box_middle(b), g.x + g.w + all.h / 4);

	return (struct place){{x > 0 ? x : 0, all.y, end - x, all.h}, less(a.x + a.w, g.x) - over,
	    more(b.x, g.x + g.w) + over};
}

struct pieces {
	struct box box[PIECES_MOST];
	int n;
};

static struct pieces
pieces_of(PIX *grey, PIX *rules, struct box cut)
{
	struct pieces p = {0};
	PIX *ink = cutting_ink(grey, rules, &cut);
	BOXA *boxes = ink == NULL ? NULL : pixConnCompBB(ink, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);

	for (; p.n < n && n <= PIECES_MOST; p.n++) {
		struct box *b = &p.box[p.n];

		boxaGetBoxGeometry(boxes, p.n, &b->x, &b->y, &b->w, &b->h);
		b->x += cut.x;
		b->y += cut.y;
	}
	boxaDestroy(&boxes);
	pixDestroy(&ink);
	return p;
}

/* Of the letters: what small pieces there are may be of the lines above and below. */
static struct box
letters_of(const struct pieces *p, const struct place *at)
{
	struct box both = {0};

	for (int i = 0; i < p->n; i++)
		if (p->box[i].h >= HIGH * at->box.h)
			both = box_union(both, p->box[i]);
	return both;
}

static bool
is_dot(const struct place *p, struct box letters, struct box b)
{
	const int longer = more(b.w, b.h), shorter = less(b.w, b.h),
		  off = abs(b.y + b.h / 2 - letters.y - letters.h / 2);

	return shorter > 1 && shorter >= LEAST * letters.h && longer <= MOST * letters.h &&
	       longer <= ROUND * shorter + 1 && off <= MIDDLE * letters.h && b.x >= p->from &&
	       b.x + b.w <= p->to;
}

/* No other ink above, below or beside piece number dot. */
static bool
is_alone(const struct pieces *p, int dot, int clear)
{
	const struct box *d = &p->box[dot];

	for (int i = 0; i < p->n; i++)
		if (i != dot && p->box[i].x + p->box[i].w + clear > d->x &&
		    p->box[i].x < d->x + d->w + clear)
			return false;
	return true;
}

static bool
has_dot(PIX *grey, PIX *rules, struct place at)
{
	const struct pieces p = pieces_of(grey, rules, at.box);
	const struct box letters = letters_of(&p, &at);

	for (int i = 0; i < p.n; i++)
		if (is_dot(&at, letters, p.box[i]) &&
		    is_alone(&p, i, more(1, (int)(CLEAR * letters.h))))
			return true;
	return false;
}

static bool
is_japanese(uint32_t code)
{
	return code_is_japanese(code) || code == U'ー' || code == U'々';
}

/* What a dot is read as, between two letters. */
static bool
is_read(const struct words *w, const struct line *l, size_t at)
{
	return code_is_any(pattern_code(w, l, at, 0), U".．-－‐'’") &&
	       is_japanese(pattern_code(w, l, at, -1)) && is_japanese(pattern_code(w, l, at, 1));
}

int
dots_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			if (is_read(w, l, i) && has_dot(grey, rules, place_of(w, l, i)))
				r = words_correct(w, l, i, "・", DOTS_RULE);
		}
	}
	return r;
}
