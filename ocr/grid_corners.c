/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Round corners by where their ends are and by what lies on one side of the line between these. */
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/grid_corners.h"

#define REACH 5 /* half-size pixels from a corner's end to the line it joins */
#define LEAST 2 /* half-size pixels of its sides; lines may eat most of it */
#define MOST 60
#define THIN 5       /* pixels of ink to one of its longer side */
#define LOPSIDED 2.5 /* times as long one way as the other at most */
#define CHORD 0.15   /* of the corner's size by which ink may lie inside the chord */

/* The pieces of ink that come near a line. */
static PIX *
touching(PIX *ink, PIX *lines)
{
	PIX *seed = pixDilateBrick(NULL, lines, REACH, REACH), *out = NULL;

	if (seed != NULL && pixAnd(seed, seed, ink) != NULL)
		out = pixSeedfillBinary(NULL, seed, ink, 8);
	pixDestroy(&seed);
	return out;
}

/* Whether all ink of the piece lies on one side of one of its diagonals, or hardly across it. */
static bool
is_arc(PIX *part)
{
	const int w = pixGetWidth(part), h = pixGetHeight(part);
	bool side[4] = {true, true, true, true};
	l_int32 ink = 0;

	if (w < LEAST || h < LEAST || w > MOST || h > MOST || w > LOPSIDED * h || h > LOPSIDED * w)
		return false;
	pixCountPixels(part, &ink, NULL);
	if (ink > THIN * (w > h ? w : h))
		return false;
	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			double u = (x + 0.5) / w, v = (y + 0.5) / h;
			l_uint32 black = 0;

			pixGetPixel(part, x, y, &black);
			if (black == 0)
				continue;
			side[0] &= u - v < CHORD;
			side[1] &= v - u < CHORD;
			side[2] &= u + v - 1 < CHORD;
			side[3] &= 1 - u - v < CHORD;
		}
	return side[0] || side[1] || side[2] || side[3];
}

static PIX *
keep_arcs(PIX *pix)
{
	PIX *out = pixCreateTemplate(pix);
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(pix, &parts, 8);

	for (int i = 0; out != NULL && boxes != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, w, h;
		PIX *part = pixaGetPix(parts, i, L_CLONE);

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		if (is_arc(part))
			pixRasterop(out, x, y, w, h, PIX_SRC | PIX_DST, part, 0, 0);
		pixDestroy(&part);
	}
	if (boxes == NULL)
		pixDestroy(&out);
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return out;
}

struct Pix *
grid_corners(struct Pix *ink, struct Pix *across, struct Pix *down)
{
	PIX *lines = pixOr(NULL, across, down), *rest, *one, *both, *out;

	rest = lines == NULL ? NULL : pixSubtract(NULL, ink, lines);
	pixDestroy(&lines);
	one = rest == NULL ? NULL : touching(rest, across);
	pixDestroy(&rest);
	both = one == NULL ? NULL : touching(one, down);
	pixDestroy(&one);
	out = both == NULL ? NULL : keep_arcs(both);
	pixDestroy(&both);
	if (out != NULL)
		pixDilateBrick(out, out, 3, 3);
	return out;
}
