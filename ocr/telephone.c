/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gathers the pieces of ink that were read as one or two letters; signs_shape.c knows their shape.
 */
#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/signs_shape.h"
#include "ocr/telephone.h"

#define WIDE 1.7      /* of the height: the sign and what room it may have */
#define ABOVE 0.3     /* likewise: letters' boxes may be cut close */
#define EDGE 3        /* pixels */
#define APART 0.16    /* of the height: white between T and E, E and L at most */
#define HIGH_MOST 2.5 /* width to height of a letter's box: more holds a neighbour's ink */

/* What ℡ was read as, or begins with. */
#define READ_AS U"季字宇学乎耳遍子丁〒TE"

/* Of the sign, when letter at may have been read from it. */
static struct box
place_of(const struct line *l, const struct glyph *g)
{
	const int high = g->box.h < l->box.h ? g->box.h : l->box.h, above = (int)(ABOVE * high) + 1,
		  x = g->box.x > EDGE ? g->box.x - EDGE : 0,
		  y = g->box.y > above ? g->box.y - above : 0;
	int wide = (int)(WIDE * high);

	wide = wide > g->box.w ? wide : g->box.w;
	return (struct box){x, y, wide + 2 * EDGE, g->box.h + 2 * above};
}

/* The spans from the first on that stand as close as the sign's letters, as high as `high`. */
static struct span
together(const struct span *spans, int n, int high)
{
	struct span all = spans[0];

	for (int i = 1; i < n && spans[i].from - all.to <= APART * high; i++)
		all.to = spans[i].to;
	return all;
}

/* Whether the ink at place begins with the sign: ret_box, on the sheet, is all of it. */
static bool
find(PIX *grey, PIX *rules, struct box place, int high, struct box *ret_box)
{
	PIX *ink = place.w > 0 ? cutting_ink(grey, rules, &place) : NULL, *sign;
	struct span spans[8], all;
	struct box close;
	int n;
	bool found = false;

	if (ink == NULL)
		return false;
	n = cutting_spans(ink, false, spans, 8);
	all = n > 0 ? together(spans, n, high) : (struct span){0};
	if (n > 0 && all.to < pixGetWidth(ink) &&
	    cutting_close(
		ink, (struct box){all.from, 0, all.to - all.from, pixGetHeight(ink)}, &close)) {
		close.x += all.from;
		sign = cutting(ink, close);
		found = sign != NULL && signs_telephone(sign);
		pixDestroy(&sign);
		*ret_box = (struct box){place.x + close.x, place.y + close.y, close.w, close.h};
	}
	pixDestroy(&ink);
	return found;
}

static bool
may_be(const struct glyph *g)
{
	return code_is_any(glyph_code(g), READ_AS) && g->box.h > 0 &&
	       g->box.w <= HIGH_MOST * g->box.h;
}

/* Takes out what was read of the same ink behind letter at. */
static int
drop_rest(struct words *w, struct line *l, size_t at, struct box sign)
{
	int r = 0;

	while (r >= 0 && at + 1 < l->first + l->count &&
	       box_middle(w->glyphs[at + 1].box) < sign.x + sign.w)
		r = words_drop(w, l, at + 1, TELEPHONE_RULE);
	return r;
}

int
telephone_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			const struct glyph *g = &w->glyphs[i];
			struct box sign;

			if (!may_be(g) || !find(grey, rules, place_of(l, g), g->box.h, &sign))
				continue;
			r = words_correct(w, l, i, "℡", TELEPHONE_RULE);
			w->glyphs[i].box = sign;
			if (r >= 0)
				r = drop_rest(w, l, i, sign);
		}
	}
	return r;
}
