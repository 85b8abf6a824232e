/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Four pieces of ink as far from one middle, and what is between them. Shares are of the distance
 * from a dot to the one opposite, unless said otherwise. */
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/reference.h"
#include "ocr/signs.h"
#include "ocr/strip.h"

#define UNSURE 97      /* confidence at most of a letter that may be another */
#define BESIDE 0.35    /* of the line's height: boxes may be off by so much */
#define INK_DOTS 50    /* percent of the way from the darkest pixel to white; … */
#define INK_ARMS 85    /* … arms are thin, and pale in poor print */
#define PIECES_MOST 40 /* more is no letter and what is beside it */
#define APART_LEAST 8  /* pixels between dots that are opposite */
#define APART_LOW 0.35 /* of the line's height: likewise … */
#define APART_MOST 1   /* … and at most */
#define OFF 0.12       /* a dot may be out of its place by so much */
#define DOT_LEAST 0.1  /* its longer side */
#define DOT_MOST 0.4   /* likewise */
#define DOT_LONG 1.8   /* longer to shorter side */
#define ARM 0.3        /* along and up: here the cross's arms are */
#define GAP_NEAR 0.22  /* here, before and beside a dot, is paper */
#define GAP_FAR 0.48

struct dots {
	struct box box[PIECES_MOST];
	int n;
};

static double
longer(struct box b)
{
	return b.w > b.h ? b.w : b.h;
}

static double
across(struct box b)
{
	return b.x + b.w / 2.0;
}

static double
down(struct box b)
{
	return b.y + b.h / 2.0;
}

/* All small round pieces of ink. */
static struct dots
dots_of(PIX *ink, int high)
{
	BOXA *boxes = ink == NULL ? NULL : pixConnCompBB(ink, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);
	struct dots d = {0};

	for (int i = 0; i < n && n <= PIECES_MOST; i++) {
		struct box b;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		if (b.w > 1 && b.h > 1 && longer(b) <= DOT_MOST * high && b.w <= DOT_LONG * b.h &&
		    b.h <= DOT_LONG * b.w)
			d.box[d.n++] = b;
	}
	boxaDestroy(&boxes);
	return d;
}

static bool
is_at(struct box b, double x, double y, double apart)
{
	return abs((int)(across(b) - x)) <= OFF * apart + 1 &&
	       abs((int)(down(b) - y)) <= OFF * apart + 1 && longer(b) >= DOT_LEAST * apart &&
	       longer(b) <= DOT_MOST * apart;
}

static bool
has_dot(const struct dots *d, double x, double y, double apart)
{
	for (int i = 0; i < d->n; i++)
		if (is_at(d->box[i], x, y, apart))
			return true;
	return false;
}

static bool
has_ink(PIX *ink, double x, double y, int around)
{
	for (int j = -around; j <= around; j++)
		for (int i = -around; i <= around; i++) {
			l_uint32 on = 0;

			pixGetPixel(ink, (int)(x + 0.5) + i, (int)(y + 0.5) + j, &on);
			if (on != 0)
				return true;
		}
	return false;
}

/* Arms between the dots, and paper between arms and dots. */
static bool
is_crossed(PIX *dark, PIX *pale, double x, double y, double apart)
{
	for (int i = -1; i <= 1; i += 2)
		for (int j = -1; j <= 1; j += 2)
			if (!has_ink(pale, x + i * ARM * apart, y + j * ARM * apart, 1) ||
			    has_ink(dark, x + i * GAP_NEAR * apart, y + j * GAP_FAR * apart, 0) ||
			    has_ink(dark, x + i * GAP_FAR * apart, y + j * GAP_NEAR * apart, 0))
				return false;
	return true;
}

/* Whether a and b are the dots at the left and the right of the sign, whose box is *ret. */
static bool
is_sign(PIX *dark, PIX *pale, const struct dots *d, struct box a, struct box b, int high,
    struct box *ret)
{
	const double apart = across(b) - across(a), x = across(a) + apart / 2,
		     y = (down(a) + down(b)) / 2;

	if (apart < APART_LEAST || apart < APART_LOW * high || apart > APART_MOST * high ||
	    !is_at(a, x - apart / 2, y, apart) || !is_at(b, x + apart / 2, y, apart) ||
	    !has_dot(d, x, y - apart / 2, apart) || !has_dot(d, x, y + apart / 2, apart) ||
	    !is_crossed(dark, pale, x, y, apart))
		return false;
	*ret = (struct box){a.x, (int)(y - apart / 2), b.x + b.w - a.x, (int)apart};
	return true;
}

static bool
find(PIX *dark, PIX *pale, int high, struct box *ret)
{
	const struct dots d = dots_of(dark, high);

	for (int i = 0; i < d.n; i++)
		for (int k = 0; k < d.n; k++)
			if (is_sign(dark, pale, &d, d.box[i], d.box[k], high, ret))
				return true;
	return false;
}

/* Whether the ink of glyph g of l is the sign's. */
static bool
look(PIX *grey, PIX *rules, const struct line *l, const struct glyph *g, struct box *ret)
{
	const int beside = (int)(BESIDE * l->box.h), left = g->box.x > beside ? beside : g->box.x;
	struct box place = {g->box.x - left, l->box.y, g->box.w + left + beside, l->box.h};
	PIX *part = place.w > 0 && place.y >= 0 ? cutting_clean(grey, rules, &place) : NULL;
	PIX *dark = part == NULL ? NULL : strip_ink(part, INK_DOTS);
	PIX *pale = dark == NULL ? NULL : strip_ink(part, INK_ARMS);
	const bool found = pale != NULL && find(dark, pale, l->box.h, ret);

	ret->x += place.x;
	ret->y += place.y;
	pixDestroy(&part);
	pixDestroy(&dark);
	pixDestroy(&pale);
	return found && ret->x + ret->w / 2 >= g->box.x &&
	       ret->x + ret->w / 2 <= g->box.x + g->box.w;
}

static bool
may_be(const struct words *w, const struct line *l, size_t at)
{
	const struct glyph *g = &w->glyphs[at];

	return g->confidence <= UNSURE && glyph_code(g) != U'※' &&
	       (at == l->first || code_is_any(glyph_code(g - 1), U"(（"));
}

int
reference_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			struct box box = {0};

			if (!may_be(w, l, i) || !look(grey, rules, l, &w->glyphs[i], &box))
				continue;
			r = words_correct(w, l, i, "※", SIGNS_RULE);
			w->glyphs[i].box = box;
		}
	}
	return r;
}
