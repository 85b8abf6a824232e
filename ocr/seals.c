/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals by colour and size: red ink in pieces that are about as high as wide. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/seals.h"
#include "ocr/seals_print.h"

#define RED 32       /* by how much red exceeds green and blue in red ink */
#define RED_LEAST 96 /* less red is black ink, also where a seal lies over it */
#define COARSE 4     /* pixels to one of the picture in which pieces are joined */
#define JOIN_MM 1.7  /* strokes of one seal are nearer than this, also across a line of print */
#define SIDE_MIN_MM 5.5
#define SIDE_MAX_MM 45.0
#define LONGER 2.2   /* a stamp is at most so many times as long as high */
#define OUTLINE 0.48 /* of a seal's width and height that one stroke reaches over */
#define ROW 1.3      /* longer than this, it may be characters in a row, of which ... */
#define FRAME 0.8    /* ... none reaches over so much of both sides, as a frame around them does */
#define BLACK 110    /* grey of the print under a seal, which stays */
#define EDGE 3       /* pixels by which pale edges of the ink are taken along */
#define SEALS_MAX 40

static bool
may_hold_seal(PIX *colour, int dpi)
{
	const double side = SIDE_MIN_MM * dpi / 25.4;

	return side >= 2 * COARSE && pixGetWidth(colour) >= side && pixGetHeight(colour) >= side;
}

/* Red ink, and black ink where the two may overlap. */
struct inks {
	PIX *red, *black;
};

static int
find_inks(PIX *colour, struct inks *ret)
{
	const int w = pixGetWidth(colour), h = pixGetHeight(colour);

	ret->red = pixCreate(w, h, 1);
	ret->black = pixCreate(w, h, 1);
	if (ret->red == NULL || ret->black == NULL)
		return -ENOMEM;
	for (int y = 0; y < h; y++) {
		const l_uint32 *from = pixGetData(colour) + (size_t)y * pixGetWpl(colour);
		l_uint32 *red = pixGetData(ret->red) + (size_t)y * pixGetWpl(ret->red),
			 *black = pixGetData(ret->black) + (size_t)y * pixGetWpl(ret->black);

		for (int x = 0; x < w; x++) {
			int r = (int)(from[x] >> L_RED_SHIFT & 255),
			    g = (int)(from[x] >> L_GREEN_SHIFT & 255),
			    b = (int)(from[x] >> L_BLUE_SHIFT & 255);

			if (r < BLACK)
				SET_DATA_BIT(black, x);
			if (r >= RED_LEAST && r >= (g > b ? g : b) + RED)
				SET_DATA_BIT(red, x);
		}
	}
	return 0;
}

/* A seal has an outline, if a broken one, or a character as large as itself; lines of red text,
 * however close, have neither. share: of width and height. */
static bool
has_outline(PIX *coarse, BOX *box, double share)
{
	PIX *part = pixClipRectangle(coarse, box, NULL);
	BOXA *pieces = part == NULL ? NULL : pixConnCompBB(part, 8);
	bool found = false;

	for (int i = 0; pieces != NULL && i < boxaGetCount(pieces); i++) {
		l_int32 w, h;

		boxaGetBoxGeometry(pieces, i, NULL, NULL, &w, &h);
		found |= w >= share * pixGetWidth(part) && h >= share * pixGetHeight(part);
	}
	boxaDestroy(&pieces);
	pixDestroy(&part);
	return found;
}

static bool
is_seal(PIX *coarse, BOX *box, double mm)
{
	l_int32 w, h;
	double low, high;

	boxGetGeometry(box, NULL, NULL, &w, &h);
	low = w < h ? w : h;
	high = w < h ? h : w;
	return low >= SIDE_MIN_MM * mm && high <= SIDE_MAX_MM * mm && high <= LONGER * low &&
	       has_outline(coarse, box, high > ROW * low ? FRAME : OUTLINE);
}

/* Boxes of pieces as large and as square as seals are, pixels of red. */
static BOXA *
find(PIX *red, int dpi)
{
	const double mm = dpi / 25.4 / COARSE;
	const int join = (int)(JOIN_MM * mm) | 1;
	PIX *coarse = pixReduceRankBinaryCascade(red, 1, 1, 0, 0), *joined;
	BOXA *pieces, *seals = boxaCreate(0);

	joined = coarse == NULL ? NULL : pixCloseSafeBrick(NULL, coarse, join, join);
	pieces = joined == NULL ? NULL : pixConnCompBB(joined, 8);
	pixDestroy(&joined);
	for (int i = 0; pieces != NULL && seals != NULL && i < boxaGetCount(pieces); i++) {
		BOX *box = boxaGetBox(pieces, i, L_CLONE);

		if (boxaGetCount(seals) < SEALS_MAX && is_seal(coarse, box, mm))
			boxaAddBox(seals, boxTransform(box, 0, 0, COARSE, COARSE), L_INSERT);
		boxDestroy(&box);
	}
	pixDestroy(&coarse);
	if (pieces == NULL)
		boxaDestroy(&seals);
	boxaDestroy(&pieces);
	return seals;
}

/* The red ink inside the boxes with its pale edges, but for black print, as large as grey. */
static PIX *
mask_of(const struct inks *inks, BOXA *boxes, PIX *grey)
{
	PIX *mask = pixCreateTemplate(inks->red), *wide, *fit = NULL;

	for (int i = 0; mask != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, w, h;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		pixRasterop(mask, x, y, w, h, PIX_SRC, inks->red, x, y);
	}
	wide = mask == NULL ? NULL : pixDilateBrick(NULL, mask, EDGE, EDGE);
	if (wide != NULL) {
		pixSubtract(wide, wide, inks->black);
		fit = pixScaleToSize(wide, pixGetWidth(grey), pixGetHeight(grey));
	}
	pixDestroy(&wide);
	pixDestroy(&mask);
	return fit;
}

/* What is under the mask goes to ret. */
static int
move(PIX *grey, PIX *mask, PIX **ret)
{
	PIX *seals = pixCreateTemplate(grey);

	if (seals == NULL)
		return -ENOMEM;
	pixSetAllArbitrary(seals, 255);
	pixCombineMasked(seals, grey, mask);
	pixPaintThroughMask(grey, mask, 0, 0, 255);
	*ret = seals;
	return 0;
}

int
seals_lift(struct Pix *colour, int dpi, struct Pix *grey, struct Pix **ret_seals)
{
	struct inks inks = {0};
	BOXA *boxes = NULL;
	PIX *mask = NULL;
	int r;

	*ret_seals = NULL;
	if (!may_hold_seal(colour, dpi))
		return 0;
	r = find_inks(colour, &inks);
	if (r >= 0 && (boxes = find(inks.red, dpi)) == NULL)
		r = -ENOMEM;
	if (r >= 0)
		r = seals_spare_print(inks.red, inks.black, dpi, boxes);
	if (r >= 0 && boxaGetCount(boxes) > 0) {
		mask = mask_of(&inks, boxes, grey);
		r = mask == NULL ? -ENOMEM : move(grey, mask, ret_seals);
	}
	pixDestroy(&mask);
	boxaDestroy(&boxes);
	pixDestroy(&inks.red);
	pixDestroy(&inks.black);
	return r;
}
