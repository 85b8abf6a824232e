/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stroke of print has other ink of its letter close beside it; a dash stands alone. All lengths
 * are half-size pixels. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/grid_dots.h"

#define STROKE_LEAST 5 /* 0.8 mm: longer than a dot or a level rule is thick */
#define STROKE_MOST 45 /* 7.6 mm: longer is a piece of a solid line */
#define BESIDE_FROM 2  /* from a stroke: nearer is the stroke itself */
#define BESIDE_TO 9
#define BESIDE_SHARE 0.4 /* of a stroke's length */

/* The line that stands in a box of the picture. */
struct upright {
	PIX *ink, *line;
	l_int32 x, y, w, h;
};

static bool
any(PIX *pix, int x, int y, int w)
{
	for (int i = x; i < x + w; i++) {
		l_uint32 v = 0;

		pixGetPixel(pix, i, y, &v);
		if (v != 0)
			return true;
	}
	return false;
}

/* Whether the line has ink of its own in this row. */
static bool
has_ink(const struct upright *u, int row)
{
	for (int i = 0; i < u->w; i++) {
		l_uint32 line = 0, ink = 0;

		pixGetPixel(u->line, i, row, &line);
		pixGetPixel(u->ink, u->x + i, u->y + row, &ink);
		if (line != 0 && ink != 0)
			return true;
	}
	return false;
}

static bool
is_stroke(const struct upright *u, int from, int to)
{
	int wide = BESIDE_TO - BESIDE_FROM, beside = 0;

	if (to - from < STROKE_LEAST || to - from > STROKE_MOST)
		return false;
	for (int row = u->y + from; row < u->y + to; row++)
		beside += any(u->ink, u->x - BESIDE_TO, row, wide) ||
			  any(u->ink, u->x + u->w + BESIDE_FROM, row, wide);
	return beside >= BESIDE_SHARE * (to - from);
}

/* Calls of one walk along the line: the sum of strokes' and of dashes' lengths; with take, strokes
 * are taken out of lines together with the closed gaps around them. */
static void
walk(const struct upright *u, PIX *lines, int *ret_strokes, int *ret_dashes)
{
	int before = 0; /* end of the piece before */
	bool took = false;

	for (int from = 0, to; from < u->h; from = to) {
		while (from < u->h && !has_ink(u, from))
			from++;
		for (to = from; to < u->h && has_ink(u, to); to++)
			continue;
		if (lines != NULL && (took || is_stroke(u, from, to)))
			pixRasterop(
			    lines, u->x, u->y + before, u->w, from - before, PIX_CLR, NULL, 0, 0);
		took = is_stroke(u, from, to);
		if (lines != NULL && took)
			pixRasterop(lines, u->x, u->y + from, u->w, to - from, PIX_CLR, NULL, 0, 0);
		else if (took)
			*ret_strokes += to - from;
		else if (to - from <= STROKE_MOST)
			*ret_dashes += to - from;
		before = to;
	}
}

int
grid_dots_sift(struct Pix *lines, struct Pix *ink)
{
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(lines, &parts, 8);

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
		struct upright u = {.ink = ink, .line = pixaGetPix(parts, i, L_CLONE)};
		int strokes = 0, dashes = 0;

		boxaGetBoxGeometry(boxes, i, &u.x, &u.y, &u.w, &u.h);
		walk(&u, NULL, &strokes, &dashes);
		if (strokes > dashes)
			walk(&u, lines, &strokes, &dashes);
		pixDestroy(&u.line);
	}
	if (boxes == NULL)
		return -ENOMEM;
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return 0;
}
