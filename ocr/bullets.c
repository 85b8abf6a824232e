/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small black disc at the middle of a line's height. Shares are of that height. */
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/bullets.h"
#include "ocr/cutting.h"
#include "ocr/pattern.h"
#include "ocr/signs_shape.h"

#define LEAST 0.2   /* the dot's width and height */
#define MOST 0.48   /* likewise */
#define LETTER 0.6  /* the box of what was read, at most */
#define HIGHEST 0.3 /* its middle, from the top, at least … */
#define LOWEST 0.75 /* … and at most */
#define CLEAR 0.15  /* white behind it at least */
#define IN_LIST 0.5 /* lines of one list begin so close below each other */
#define EDGE 2      /* pixels */

#define READ_AS U"eoOcCaはのぃ@•"
#define SMALL_DOT U'・'
#define BULLET "•"

/* Whether the ink from which the first letter of l was read is a dot of the size. */
static bool
begins_with_dot(PIX *grey, PIX *rules, const struct line *l, const struct glyph *g)
{
	const int high = l->box.h;
	struct box place = {
	    g->box.x > EDGE ? g->box.x - EDGE : 0, l->box.y, g->box.w + 2 * EDGE, high};
	const int top = place.y;
	struct box close;
	PIX *ink = cutting_ink(grey, rules, &place), *dot = NULL;
	bool found = false;

	if (ink != NULL &&
	    cutting_close(ink, (struct box){0, 0, pixGetWidth(ink), pixGetHeight(ink)}, &close)) {
		const int middle = place.y + close.y + close.h / 2 - top;

		dot = close.h >= LEAST * high && close.h <= MOST * high && close.w <= MOST * high &&
			      middle >= HIGHEST * high && middle <= LOWEST * high
			  ? cutting(ink, close)
			  : NULL;
		found = dot != NULL && signs_dot(dot);
	}
	pixDestroy(&ink);
	pixDestroy(&dot);
	return found;
}

/* Text follows, not grown to it. */
static bool
may_be(const struct line *l, const struct glyph *g, bool small)
{
	return !l->vertical && l->count > 1 && g->box.w <= LETTER * l->box.h &&
	       (small ? glyph_code(g) == SMALL_DOT : code_is_any(glyph_code(g), READ_AS)) &&
	       glyph_gap(g + 1) >= CLEAR * l->box.h;
}

/* Whether a line that begins with a bullet begins just above or below l. */
static bool
is_in_list(const struct words *w, const struct line *l)
{
	const int x = w->glyphs[l->first].box.x;

	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *o = &w->lines[n];

		if (o->count > 0 && pattern_code(w, o, o->first, 0) == U'•' &&
		    abs(w->glyphs[o->first].box.x - x) <= IN_LIST * l->box.h)
			return true;
	}
	return false;
}

static int
mend(PIX *grey, PIX *rules, struct words *w, bool small)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];
		const struct glyph *g = &w->glyphs[l->first];

		if (l->count > 0 && may_be(l, g, small) && (!small || is_in_list(w, l)) &&
		    begins_with_dot(grey, rules, l, g))
			r = words_correct(w, l, l->first, BULLET, BULLETS_RULE);
	}
	return r;
}

int
bullets_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	const int r = mend(grey, rules, w, false);

	return r < 0 ? r : mend(grey, rules, w, true);
}
