/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two pieces of ink and how they stand to each other. */
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/signs.h"
#include "ocr/signs_shape.h"
#include "ocr/signs_small.h"

#define PIECES_MOST 16 /* more is no letter and what is beside it */
#define METRE_LOW 9    /* pixels: in a smaller m nothing can be told */
/* A raised figure, shares of the m's width or height. */
#define RIGHT_FROM 0.4 /* it begins behind so much of the m … */
#define RIGHT_TO 1.6   /* … and at this at the latest */
#define FOOT_LOWEST 0.35
#define RAISED_LEAST 0.35 /* its height */
#define RAISED_MOST 0.95
/* The lower one of two dots, by the upper one. */
#define TAIL_LONG 1.6
#define TAIL_WIDE 1.5
#define DOT_ROUND 1.35 /* longer to shorter side */
#define DOT_MOST 0.3   /* of the line's height */
#define TAIL_MOST 0.6  /* likewise */
#define EDGE 2         /* pixels: boxes may be cut close */

/* What is in the ink of one place, boxes within it. */
struct pieces {
	PIXA *pix;
	struct box box[PIECES_MOST];
	int n;
};

static struct pieces
take_apart(PIX *grey, PIX *rules, struct box place)
{
	PIX *ink = cutting_ink(grey, rules, &place);
	struct pieces p = {0};
	BOXA *boxes = ink == NULL ? NULL : pixConnComp(ink, &p.pix, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);

	for (; p.n < n && n <= PIECES_MOST; p.n++) {
		struct box *b = &p.box[p.n];

		boxaGetBoxGeometry(boxes, p.n, &b->x, &b->y, &b->w, &b->h);
		b->x += place.x;
		b->y += place.y;
	}
	boxaDestroy(&boxes);
	pixDestroy(&ink);
	return p;
}

static bool
is_over(struct box piece, struct box glyph)
{
	const int x = piece.x + piece.w / 2;

	return x >= glyph.x - EDGE && x <= glyph.x + glyph.w + EDGE;
}

static bool
is_raised(struct box b, struct box m)
{
	return b.x >= m.x + RIGHT_FROM * m.w && b.x <= m.x + RIGHT_TO * m.w &&
	       b.y + b.h <= m.y + FOOT_LOWEST * m.h && b.y + b.h >= m.y - RAISED_LEAST * m.h &&
	       b.h >= RAISED_LEAST * m.h && b.h <= RAISED_MOST * m.h;
}

/* Whether a small 2 stands at the upper right of piece m, apart or grown to it. */
static bool
has_two(const struct pieces *p, int m)
{
	bool two = false;

	for (int k = 0; k < p->n && !two; k++) {
		PIX *piece = k == m || is_raised(p->box[k], p->box[m])
				 ? pixaGetPix(p->pix, k, L_CLONE)
				 : NULL;

		two =
		    piece != NULL && (k == m ? signs_joined_two(piece) : signs_two(piece) != NULL);
		pixDestroy(&piece);
	}
	return two;
}

/* Whether tail is below dot and longer. */
static bool
is_tail(struct box dot, struct box tail)
{
	return dot.y + dot.h < tail.y && dot.w <= DOT_ROUND * dot.h && dot.h <= DOT_ROUND * dot.w &&
	       tail.h >= TAIL_LONG * dot.h && tail.w <= TAIL_WIDE * dot.w &&
	       tail.x < dot.x + dot.w && dot.x < tail.x + tail.w;
}

/* Whether of the only two small pieces the lower one has a tail. */
static bool
has_tail(const struct pieces *p, int high)
{
	struct box small[2];
	int n = 0;

	for (int i = 0; i < p->n; i++)
		if (p->box[i].w <= DOT_MOST * high && p->box[i].h <= TAIL_MOST * high) {
			if (n == 2)
				return false;
			small[n++] = p->box[i];
		}
	return n == 2 && (is_tail(small[0], small[1]) || is_tail(small[1], small[0]));
}

static struct box
widened(struct box b, int left, int right, int above, int below)
{
	return (struct box){b.x > left ? b.x - left : 0, b.y > above ? b.y - above : 0,
	    b.w + left + right, b.h + above + below};
}

/* Whether g, an m, is one with a small 2. */
static bool
is_square(PIX *grey, PIX *rules, const struct glyph *g)
{
	struct pieces p =
	    take_apart(grey, rules, widened(g->box, EDGE, g->box.w + g->box.h / 2, g->box.h, 1));
	bool found = false;

	for (int m = 0; m < p.n && !found; m++)
		found = p.box[m].h >= METRE_LOW && p.box[m].w >= p.box[m].h / 2 &&
			is_over(p.box[m], g->box) && has_two(&p, m);
	pixaDestroy(&p.pix);
	return found;
}

static bool
is_semicolon(PIX *grey, PIX *rules, const struct line *l, const struct glyph *g)
{
	struct box b = {g->box.x, l->box.y, g->box.w, l->box.h};
	struct pieces p = take_apart(grey, rules, widened(b, l->box.h / 4, l->box.h / 4, 1, EDGE));
	const bool found = has_tail(&p, l->box.h);

	pixaDestroy(&p.pix);
	return found;
}

static bool
is_numbered(const struct words *w, const struct line *l, size_t at)
{
	return at + 1 < l->first + l->count && code_is_any(glyph_code(&w->glyphs[at + 1]), U"23²³");
}

/* What glyph at is in truth; NULL: what was read. */
static const char *
look(PIX *grey, PIX *rules, const struct words *w, const struct line *l, size_t at)
{
	const struct glyph *g = &w->glyphs[at];

	if (strcmp(g->text, "m") == 0 && !is_numbered(w, l, at) && is_square(grey, rules, g))
		return "m²";
	return strcmp(g->text, ":") == 0 && is_semicolon(grey, rules, l, g) ? ";" : NULL;
}

int
signs_small_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			const char *text = look(grey, rules, w, l, i);

			if (text != NULL)
				r = words_correct(w, l, i, text, SIGNS_RULE);
		}
	}
	return r;
}
