/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines and frames of red ink. Shares are of the box's side. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/seals_print.h"

#define COARSE 4      /* pixels to one of the picture in which outlines are looked at */
#define BLACK_MM2 0.5 /* of black ink in the box: it lies over print */
#define SPAN 0.9      /* of both sides that an outline reaches over */
#define BULGE 0.2     /* as far from the side of its box a round outline is at most, … */
#define AROUND 0.75   /* … on so much of each side: a circle is on .8 */
#define STRAIGHT 0.03 /* as far from it a printed frame's edge is, … */
#define UNEVEN 2      /* … and coarse pixels more for a sheet that lies askew, … */
#define EDGE 0.85     /* … on so much of each side; the rest may be round corners */
#define ROW 1.25      /* a frame around a word is at least so many times as long as high */

static bool
lies_over_print(PIX *black, BOX *box, int dpi)
{
	l_int32 n = 0;

	pixCountPixelsInRect(black, box, &n, NULL);
	return n * 25.4 * 25.4 / ((double)dpi * dpi) >= BLACK_MM2;
}

/* The piece of part that reaches over it in both directions, as large as part, or NULL. */
static PIX *
find_outline(PIX *part)
{
	const int w = pixGetWidth(part), h = pixGetHeight(part);
	PIXA *pieces = NULL;
	BOXA *boxes = pixConnComp(part, &pieces, 8);
	PIX *outline = NULL;

	for (int i = 0; boxes != NULL && outline == NULL && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, bw, bh;
		PIX *piece;

		boxaGetBoxGeometry(boxes, i, &x, &y, &bw, &bh);
		if (bw < SPAN * w || bh < SPAN * h)
			continue;
		piece = pixaGetPix(pieces, i, L_CLONE);
		outline = pixCreateTemplate(part);
		if (outline != NULL && piece != NULL)
			pixRasterop(outline, x, y, bw, bh, PIX_SRC, piece, 0, 0);
		pixDestroy(&piece);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	return outline;
}

static bool
is_ink(PIX *pix, int side, int along, int deep)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	l_uint32 v = 0;

	pixGetPixel(pix,
	    side == 0   ? deep
	    : side == 1 ? w - 1 - deep
			: along,
	    side == 2   ? deep
	    : side == 3 ? h - 1 - deep
			: along,
	    &v);
	return v != 0;
}

/* Least share of a side, of four, along which there is ink within deep of it. */
static double
covered(PIX *pix, int deep)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	double least = 1;

	for (int side = 0; side < 4; side++) {
		const int n = side < 2 ? h : w;
		int met = 0;

		for (int i = 0; i < n; i++)
			for (int d = 0; d <= deep; d++)
				if (is_ink(pix, side, i, d)) {
					met++;
					break;
				}
		least = (double)met / n < least ? (double)met / n : least;
	}
	return least;
}

enum kind { SEAL, FRAME, LETTER };

/* What the red ink of a box that lies over no print is. A frame's own ink: *ret_frame, coarse. */
static enum kind
tell(PIX *part, PIX **ret_frame)
{
	const int w = pixGetWidth(part), h = pixGetHeight(part), low = w < h ? w : h;
	PIX *outline = find_outline(part);
	enum kind kind = LETTER;

	if (outline != NULL && covered(outline, (int)(BULGE * low)) >= AROUND)
		kind = SEAL;
	if (kind == SEAL && w >= ROW * h &&
	    covered(outline, (int)(STRAIGHT * low) + UNEVEN) >= EDGE) {
		*ret_frame = outline;
		return FRAME;
	}
	pixDestroy(&outline);
	return kind;
}

/* Of the red ink in box, that of the frame alone is left. */
static int
keep_frame(PIX *red, BOX *box, PIX *frame)
{
	PIX *full = pixExpandReplicate(frame, COARSE);
	l_int32 x, y, w, h;

	if (full == NULL)
		return -ENOMEM;
	boxGetGeometry(box, &x, &y, &w, &h);
	pixRasterop(red, x, y, w, h, PIX_SRC & PIX_DST, full, 0, 0);
	pixDestroy(&full);
	return 0;
}

int
seals_spare_print(struct Pix *red, struct Pix *black, int dpi, struct Boxa *boxes)
{
	int r = 0;

	for (int i = boxaGetCount(boxes) - 1; r >= 0 && i >= 0; i--) {
		BOX *box = boxaGetBox(boxes, i, L_CLONE);
		PIX *part =
		    lies_over_print(black, box, dpi) ? NULL : pixClipRectangle(red, box, NULL);
		PIX *coarse = part == NULL ? NULL : pixReduceRankBinaryCascade(part, 1, 1, 0, 0);
		PIX *frame = NULL;
		enum kind kind = coarse == NULL ? SEAL : tell(coarse, &frame);

		if (kind == LETTER)
			boxaRemoveBox(boxes, i);
		if (kind == FRAME)
			r = keep_frame(red, box, frame);
		pixDestroy(&frame);
		pixDestroy(&coarse);
		pixDestroy(&part);
		boxDestroy(&box);
	}
	return r;
}
