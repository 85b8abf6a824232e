/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the ink of one letter in its line; what it looks like is variant_shape.c's. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cutting.h"
#include "ocr/variant.h"
#include "ocr/variant_shape.h"

#define BESIDE 0.75     /* of a letter: the box may be off by so much */
#define ACROSS 0.15     /* of the line's height: boxes may be cut close */
#define BOX_MOST 3      /* letters that a slipped box may span */
#define NARROW 0.72     /* of the line's letters, a letter's width and height at least … */
#define WIDE 1.2        /* … and at most */
#define CONTRAST_MIN 60 /* grey levels between ink and paper */
#define APART 0.15      /* of a letter: nearer strokes are of one line */
#define SPANS_MAX 24    /* pieces along the line that are looked at */

static const struct {
	const char *common, *variant;
	enum shape_verdict (*look)(const struct shape *s);
} pairs[] = {{"高", "髙", shape_taka}, {"崎", "﨑", shape_saki}};

/* A piece of a line, running to the right; turned when the line runs downwards. */
struct view {
	PIX *grey, *ink;
	int darkest;
	int letter;        /* usual height of the line's letters */
	struct span place; /* of the glyph's box along the line */
	struct shape shape;
};

/* Across the line: the middle one of its ideographs' boxes, which are that high more often than
 * not. */
static int
usual_letter(const struct words *w, const struct line *l)
{
	int *sizes = calloc(l->count, sizeof *sizes), n = 0, r;

	if (sizes == NULL)
		return -ENOMEM;
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (code_is_ideograph(glyph_code(&w->glyphs[i])))
			sizes[n++] = l->vertical ? w->glyphs[i].box.w : w->glyphs[i].box.h;
	sort_ints(sizes, (size_t)n);
	r = sizes[n / 2];
	free(sizes);
	return r;
}

static void
view_close(struct view *v)
{
	pixDestroy(&v->grey);
	pixDestroy(&v->ink);
}

/* 1 when there is something to see. */
static int
view_open(struct view *v, PIX *grey, PIX *rules, const struct line *l, struct box b)
{
	const int beside = (int)(BESIDE * v->letter), across = (int)(ACROSS * v->letter) + 1;
	struct box at = {b.x, l->box.y, b.w, l->box.h};
	l_int32 darkest = 255;

	if (l->vertical)
		at = (struct box){l->box.x, b.y, l->box.w, b.h};
	at.x -= l->vertical ? across : beside;
	at.y -= l->vertical ? beside : across;
	at.x = at.x < 0 ? 0 : at.x;
	at.y = at.y < 0 ? 0 : at.y;
	at.w = l->vertical ? l->box.x + l->box.w + across - at.x : b.x + b.w + beside - at.x;
	at.h = l->vertical ? b.y + b.h + beside - at.y : l->box.y + l->box.h + across - at.y;
	v->place = l->vertical ? (struct span){b.y - at.y, b.y + b.h - at.y}
			       : (struct span){b.x - at.x, b.x + b.w - at.x};
	v->grey = cutting_clean(grey, rules, &at);
	if (v->grey == NULL)
		return 0;
	pixGetExtremeValue(v->grey, 1, L_SELECT_MIN, NULL, NULL, NULL, &darkest);
	v->darkest = darkest;
	if (darkest + CONTRAST_MIN > 255)
		return 0;
	v->ink = pixThresholdToBinary(v->grey, (darkest + 255) / 2);
	return v->ink == NULL ? -ENOMEM : 1;
}

/* The ink of a window, cut close. */
static bool
take_shape(struct view *v, struct box window)
{
	struct shape *s = &v->shape;
	struct box ink;
	int w, h;

	if (!cutting_close(v->ink, window, &ink))
		return false;
	w = ink.w;
	h = ink.h;
	if (w < SHAPE_MIN / 2 || h < SHAPE_MIN || w > SHAPE_MAX || h > SHAPE_MAX)
		return false;
	s->w = w;
	s->h = h;
	for (int j = 0; j < h; j++)
		for (int i = 0; i < w; i++) {
			l_uint32 grey = 255;

			pixGetPixel(v->grey, window.x + ink.x + i, window.y + ink.y + j, &grey);
			s->dark[j][i] = (uint8_t)((255 - (int)grey) * 255 / (255 - v->darkest));
		}
	return w >= NARROW * v->letter && w <= WIDE * v->letter && h >= NARROW * v->letter &&
	       h <= WIDE * v->letter;
}

/* What runs beside the line is another one: only the widest band of ink is looked at. */
static struct span
own_band(const struct view *v, bool down)
{
	struct span spans[SPANS_MAX], best = {0, 0}, band = {0, 0};
	const int n = cutting_spans(v->ink, !down, spans, SPANS_MAX);

	for (int i = 0; i < n; i++) {
		if (i > 0 && spans[i].from - band.to < APART * v->letter)
			band.to = spans[i].to;
		else
			band = spans[i];
		if (band.to - band.from > best.to - best.from)
			best = band;
	}
	return best;
}

static int
distance(struct span a, struct span b)
{
	return abs(a.from + a.to - b.from - b.to) / 2;
}

/* The nearest ink to the glyph's box that is one of the two letters: which. */
static enum shape_verdict
look(struct view *v, bool down, enum shape_verdict (*judge)(const struct shape *s))
{
	struct span spans[SPANS_MAX], band = own_band(v, down);
	const int n = cutting_spans(v->ink, down, spans, SPANS_MAX),
		  most = (v->place.to - v->place.from) / 2 + (int)(BESIDE * v->letter);
	enum shape_verdict found = SHAPE_OTHER;
	int nearest = most + 1;

	for (int i = 0; i < n; i++)
		for (int k = i; k < n && spans[k].to - spans[i].from <= WIDE * v->letter; k++) {
			const struct span at = {spans[i].from, spans[k].to};
			const struct box window = down ? (struct box){band.from, at.from,
							     band.to - band.from, at.to - at.from}
						       : (struct box){at.from, band.from,
							     at.to - at.from, band.to - band.from};
			enum shape_verdict verdict;

			if (distance(at, v->place) >= nearest || !take_shape(v, window))
				continue;
			verdict = judge(&v->shape);
			if (verdict != SHAPE_OTHER) {
				found = verdict;
				nearest = distance(at, v->place);
			}
		}
	return found;
}

static int
mend(PIX *grey, PIX *rules, struct words *w, struct line *l, size_t at, struct view *v)
{
	const struct box *b = &w->glyphs[at].box;
	const int along = l->vertical ? b->h : b->w;
	size_t k = 0;
	int r;

	while (strcmp(pairs[k].common, w->glyphs[at].text) != 0)
		if (++k == sizeof pairs / sizeof *pairs)
			return 0;
	v->letter = usual_letter(w, l);
	if (v->letter < SHAPE_MIN || v->letter > SHAPE_MAX || along > BOX_MOST * v->letter)
		return v->letter < 0 ? v->letter : 0;
	r = view_open(v, grey, rules, l, *b);
	if (r > 0 && look(v, l->vertical, pairs[k].look) == SHAPE_VARIANT)
		r = words_correct(w, l, at, pairs[k].variant, VARIANT_RULE);
	view_close(v);
	return r;
}

int
variant_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	_cleanup_(freep) struct view *v = calloc(1, sizeof *v);
	int r = v == NULL ? -ENOMEM : 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++)
			r = mend(grey, rules, w, l, i, v);
	}
	return r < 0 ? r : 0;
}
