/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring by its ink, and the line put together anew. */
#include <errno.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/circled.h"

#define INK_PALE 80    /* percent of the way from the darkest pixel to white: rings are thin */
#define SIDE_MIN 20    /* pixels; in smaller rings nothing can be read */
#define HIGH_MIN 0.7   /* of the line's ink */
#define ROUND_MAX 1.15 /* longer to shorter side */
#define DISC_MIN 0.72  /* of its box, filled: a disc has .79, a frame 1 */
#define DISC_MAX 0.85
#define HOLE_MIN 0.5    /* of its box: the rest of the disc is a thin line */
#define INSIDE_MIN 0.03 /* of its box: ink that is not the ring's */
#define GAP 0.25        /* of the ring, between the line and the ring behind it */
#define SURE 90         /* confidence of a number that needs no other look */

/* Whether piece, cut close out of ink at b, is a ring with something in it. */
static bool
is_ring(PIX *piece, PIX *ink, struct box b)
{
	const double area = (double)b.w * b.h;
	PIX *holes = pixHolesByFilling(piece, 4);
	BOX *box = boxCreate(b.x, b.y, b.w, b.h);
	l_int32 own = 0, hole = 0, all = 0;

	pixCountPixels(piece, &own, NULL);
	if (holes != NULL)
		pixCountPixels(holes, &hole, NULL);
	pixCountPixelsInRect(ink, box, &all, NULL);
	pixDestroy(&holes);
	boxDestroy(&box);
	return own + hole >= DISC_MIN * area && own + hole <= DISC_MAX * area &&
	       hole >= HOLE_MIN * area && all - own >= INSIDE_MIN * area;
}

static bool
is_round(struct box b, int line)
{
	return b.h >= SIDE_MIN && b.h >= HIGH_MIN * line && b.w <= ROUND_MAX * b.h &&
	       b.h <= ROUND_MAX * b.w;
}

/* The ring that ink begins with, if any. */
static bool
find_ring(PIX *ink, struct box *ret)
{
	BOX *close = NULL, *start;
	PIX *part;
	PIXA *pieces = NULL;
	BOXA *boxes;
	l_int32 x = 0, y = 0, w = 0, h = 0;
	bool found = false;

	if (pixClipToForeground(ink, NULL, &close) != 0 || close == NULL)
		return false;
	boxGetGeometry(close, &x, &y, &w, &h);
	boxDestroy(&close);
	start = boxCreate(x, y, w < 3 * h / 2 ? w : 3 * h / 2, h);
	part = pixClipRectangle(ink, start, NULL);
	boxDestroy(&start);
	boxes = part == NULL ? NULL : pixConnComp(part, &pieces, 8);
	for (int i = 0; boxes != NULL && !found && i < boxaGetCount(boxes); i++) {
		struct box b;
		PIX *piece;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		if (b.x > h / 8 || !is_round(b, h))
			continue;
		piece = pixaGetPix(pieces, i, L_CLONE);
		found = is_ring(piece, part, b);
		pixDestroy(&piece);
		*ret = (struct box){b.x + x, b.y + y, b.w, b.h};
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&part);
	return found;
}

/* The line with what stands in its first columns behind it. */
static PIX *
turn_round(PIX *pix, struct box ring)
{
	const int cut = ring.x + ring.w + 1, rest = pixGetWidth(pix) - cut, h = pixGetHeight(pix),
		  gap = (int)(GAP * ring.w);
	PIX *turned;

	if (rest <= ring.w / 2)
		return NULL;
	turned = pixCreate(STRIP_BORDER + rest + gap + cut, h, 8);
	if (turned == NULL)
		return NULL;
	pixSetAllArbitrary(turned, 255);
	pixRasterop(turned, STRIP_BORDER, 0, rest - STRIP_BORDER, h, PIX_SRC, pix, cut, 0);
	pixRasterop(
	    turned, rest + gap, 0, ring.w + 2, h, PIX_SRC, pix, ring.x > 0 ? ring.x - 1 : 0, 0);
	return turned;
}

/* How many glyphs of w stand before those that it has in common with turned, but for turned's last;
 * 0 when it ends otherwise. */
static size_t
count_before(const struct words *w, const struct words *turned)
{
	const size_t rest = turned->nglyphs - 1;
	size_t before;

	if (rest == 0 || rest >= w->nglyphs)
		return 0;
	before = w->nglyphs - rest;
	for (size_t i = 0; i < rest; i++)
		if (!glyph_is_same(&w->glyphs[before + i], &turned->glyphs[i]))
			return 0;
	return before;
}

/* The first n glyphs of the only line become one. */
static int
replace(struct words *w, size_t n, const char *text)
{
	int r = words_correct(w, &w->lines[0], 0, text, CIRCLED_RULE);

	if (r < 0)
		return r;
	for (size_t i = 1; i < n; i++)
		w->glyphs[0].box = box_union(w->glyphs[0].box, w->glyphs[i].box);
	memmove(&w->glyphs[1], &w->glyphs[n], (w->nglyphs - n) * sizeof *w->glyphs);
	w->nglyphs -= n - 1;
	w->lines[0].count -= n - 1;
	words_line_done(w);
	return 0;
}

static bool
is_read(const struct words *w)
{
	return w->nglyphs > 0 && code_is_circled(glyph_code(&w->glyphs[0])) &&
	       w->glyphs[0].confidence >= SURE;
}

int
circled_mend(struct engine *e, const struct strip *s, struct words *w)
{
	_cleanup_(words_free) struct words turned = {0};
	PIX *ink = w->nlines == 1 && !is_read(w) ? strip_ink(s->pix, INK_PALE) : NULL, *pix = NULL;
	struct box ring;
	const struct glyph *last;
	size_t before;
	int r = 0;

	if (ink != NULL && find_ring(ink, &ring))
		pix = turn_round(s->pix, ring);
	pixDestroy(&ink);
	if (pix == NULL)
		return 0;
	r = engine_read(e, pix, NULL, ENGINE_JAPANESE, ENGINE_LINE, &turned);
	pixDestroy(&pix);
	if (r < 0 || turned.nlines != 1 || turned.nglyphs < 2)
		return r;
	last = &turned.glyphs[turned.nglyphs - 1];
	if (!code_is_circled(glyph_code(last)))
		return 0;
	before = count_before(w, &turned);
	return before == 0 ? 0 : replace(w, before, last->text);
}
