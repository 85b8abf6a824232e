/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seals by colour and size: red ink in pieces that are about as high as wide. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/seals.h"
#include "ocr/seals_print.h"

#define COARSE 4    /* pixels to one of the picture in which pieces are joined */
#define JOIN_MM 1.7 /* strokes of one seal are nearer than this, also across a line of print */
#define SIDE_MIN_MM 5.5
#define SIDE_MAX_MM 45.0
#define LONGER 2.2   /* a stamp is at most so many times as long as high */
#define OUTLINE 0.48 /* of a seal's width and height that one stroke reaches over */
#define ROW 1.3      /* longer than this, it may be characters in a row, of which ... */
#define FRAME 0.8    /* ... none reaches over so much of both sides, as a frame around them does */
#define EDGE 3       /* pixels by which pale edges of the ink are taken along */
#define SEALS_MAX 40

static bool
may_hold_seal(PIX *red, int dpi)
{
	const double side = SIDE_MIN_MM * dpi / 25.4;

	return side >= 2 * COARSE && pixGetWidth(red) >= side && pixGetHeight(red) >= side;
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

/* The red ink inside box with its pale edges, but for black print; box grows by these. */
static PIX *
ink_of(PIX *red, PIX *black, BOX *box)
{
	l_int32 x, y, w, h, left, top, right, bottom;
	PIX *ink;

	boxGetGeometry(box, &x, &y, &w, &h);
	left = x < EDGE ? 0 : x - EDGE;
	top = y < EDGE ? 0 : y - EDGE;
	right = x + w + EDGE < pixGetWidth(red) ? x + w + EDGE : pixGetWidth(red);
	bottom = y + h + EDGE < pixGetHeight(red) ? y + h + EDGE : pixGetHeight(red);
	boxSetGeometry(box, left, top, right - left, bottom - top);
	ink = pixCreate(right - left, bottom - top, 1);
	if (ink != NULL) {
		pixRasterop(ink, x - left, y - top, w, h, PIX_SRC, red, x, y);
		pixDilateBrick(ink, ink, EDGE, EDGE);
		pixRasterop(ink, 0, 0, right - left, bottom - top, PIX_DST & PIX_NOT(PIX_SRC),
		    black, left, top);
	}
	return ink;
}

/* What is under the mask at x, y goes to seals, if there are any. */
static int
move(PIX *grey, PIX *mask, int x, int y, PIX *seals)
{
	const int w = pixGetWidth(mask), h = pixGetHeight(mask);
	PIX *part = seals == NULL ? NULL : pixCreate(w, h, 8), *from = NULL;

	if (part != NULL) {
		from = pixCreate(w, h, 8);
		pixSetAllArbitrary(part, 255);
	}
	if (from != NULL) {
		pixRasterop(from, 0, 0, w, h, PIX_SRC, grey, x, y);
		pixCombineMasked(part, from, mask);
		/* what lay under another seal as well is white by now */
		pixRasterop(seals, x, y, w, h, PIX_SRC & PIX_DST, part, 0, 0);
	}
	if (seals != NULL && from == NULL) {
		pixDestroy(&part);
		return -ENOMEM;
	}
	pixPaintThroughMask(grey, mask, x, y, 255);
	pixDestroy(&from);
	pixDestroy(&part);
	return 0;
}

static int
lift(PIX *red, PIX *black, BOX *box, PIX *grey, PIX *seals)
{
	const double across = (double)pixGetWidth(grey) / pixGetWidth(red);
	const double down = (double)pixGetHeight(grey) / pixGetHeight(red);
	PIX *ink = ink_of(red, black, box), *mask;
	l_int32 x, y, w, h;
	int r = 0;

	boxGetGeometry(box, &x, &y, &w, &h);
	w = (int)(w * across + 0.5);
	h = (int)(h * down + 0.5);
	if (ink == NULL)
		return -ENOMEM;
	if (w > 0 && h > 0) {
		mask = pixScaleToSize(ink, w, h);
		r = mask == NULL ? -ENOMEM
				 : move(grey, mask, (int)(x * across), (int)(y * down), seals);
		pixDestroy(&mask);
	}
	pixDestroy(&ink);
	return r;
}

static PIX *
white_like(PIX *grey)
{
	PIX *white = pixCreateTemplateNoInit(grey);

	if (white != NULL)
		pixSetAllArbitrary(white, 255);
	return white;
}

int
seals_lift(struct Pix *red, struct Pix *black, int dpi, struct Pix *grey, struct Pix **ret_seals)
{
	BOXA *boxes;
	PIX *seals = NULL;
	int r = 0;

	if (ret_seals != NULL)
		*ret_seals = NULL;
	if (!may_hold_seal(red, dpi))
		return 0;
	boxes = find(red, dpi);
	if (boxes == NULL)
		return -ENOMEM;
	r = seals_spare_print(red, black, dpi, boxes);
	if (r >= 0 && ret_seals != NULL && boxaGetCount(boxes) > 0 && (seals = white_like(grey)) == NULL)
		r = -ENOMEM;
	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		BOX *box = boxaGetBox(boxes, i, L_COPY);

		r = box == NULL ? -ENOMEM : lift(red, black, box, grey, seals);
		boxDestroy(&box);
	}
	boxaDestroy(&boxes);
	if (r >= 0 && ret_seals != NULL)
		*ret_seals = TAKE_PTR(seals);
	pixDestroy(&seals);
	return r;
}
