/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printed squares by their four edges, at full size; ticked ones by an outline that is whole.
 * Lengths are half-size pixels unless said otherwise. */
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/marks_box.h"
#include "ocr/prepare.h"

#define EDGE_DEPTH 2    /* sheet pixels that a printed box's edge may be uneven */
#define EDGE_SHARE 0.93 /* of an edge that must be straight; the legs of 口 make it fail */
#define BOX_INK 0.8     /* of the paper's grey; a box may be drawn with a hairline */
#define FOOT 0.2        /* of the width, at either end of a letter's lower edge */
#define FOOT_HIGH 2     /* sheet pixels */
#define SPUR_LONG 6     /* sheet pixels */
#define SPUR_SHARE 0.13
#define OUTLINE_SHARE 0.9 /* of each side of a ticked box that must be there */
#define TICK_INSET 3      /* half-size pixels from the outline to where only the tick is */
#define TICK_LEAST 0.05   /* of the inside, for a tick to be seen at all */
#define TICK_MOST 0.55
#define TICK_RUN                                                                                   \
	0.95 /* of the inside; a level or upright stroke this long belongs to 目, 申, 員        \
	      */
#define TICK_STRAY 0.1 /* of the bands left of and below the box: ticks leave it to the right */

static bool
black(PIX *pix, int x, int y)
{
	if (x < 0 || y < 0 || x >= pixGetWidth(pix) || y >= pixGetHeight(pix))
		return false;
	return GET_DATA_BIT(pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y, x);
}

double
marks_ink_share(PIX *pix, int x, int y, int w, int h)
{
	const int left = x < 0 ? 0 : x, top = y < 0 ? 0 : y;
	const int right = x + w < pixGetWidth(pix) ? x + w : pixGetWidth(pix);
	const int bottom = y + h < pixGetHeight(pix) ? y + h : pixGetHeight(pix);
	const l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)top;
	int n = 0;

	for (int j = top; j < bottom; j++, line += pixGetWpl(pix))
		for (int i = left; i < right; i++)
			n += GET_DATA_BIT(line, i);
	return w <= 0 || h <= 0 ? 0 : (double)n / (w * h);
}

/* Share of scan lines that meet ink within EDGE_DEPTH of one edge. side: 0 left, 1 right, 2 top, 3
 * bottom. */
static double
straight(PIX *bits, int side)
{
	int w = pixGetWidth(bits), h = pixGetHeight(bits), n = side < 2 ? h : w, good = 0;

	for (int i = 0; i < n; i++)
		for (int d = 0; d <= EDGE_DEPTH; d++) {
			int x = side == 0 ? d : side == 1 ? w - 1 - d : i;
			int y = side == 2 ? d : side == 3 ? h - 1 - d : i;

			if (black(bits, x, y)) {
				good++;
				break;
			}
		}
	return (double)good / n;
}

/* Cuts off a lone spur: outer rows and columns with hardly any ink. The two legs of 口 are more
 * than that. */
static PIX *
trim(PIX *bits)
{
	int x0 = 0, y0 = 0, x1 = pixGetWidth(bits), y1 = pixGetHeight(bits);
	BOX *box;
	PIX *out;

	for (int i = 0; i < SPUR_LONG; i++) {
		if (marks_ink_share(bits, x0, y0, 1, y1 - y0) < SPUR_SHARE)
			x0++;
		if (marks_ink_share(bits, x1 - 1, y0, 1, y1 - y0) < SPUR_SHARE)
			x1--;
		if (marks_ink_share(bits, x0, y0, x1 - x0, 1) < SPUR_SHARE)
			y0++;
		if (marks_ink_share(bits, x0, y1 - 1, x1 - x0, 1) < SPUR_SHARE)
			y1--;
	}
	box = boxCreate(x0, y0, x1 - x0, y1 - y0);
	out = box == NULL ? NULL : pixClipRectangle(bits, box, NULL);
	boxDestroy(&box);
	return out;
}

/* How far above the lowest row the lowest ink of the columns from .. to is, the one in the middle
 * of them by share. */
static int
lowest(PIX *bits, double from, double to, double share)
{
	const int w = pixGetWidth(bits), h = pixGetHeight(bits), first = (int)(from * w);
	int depths[2 * SHEET_HALF * MARKS_BOX_MAX];
	size_t n = 0;

	for (int x = first; x < to * w && n < sizeof depths / sizeof *depths; x++) {
		int d = 0;

		while (d < h && !black(bits, x, h - 1 - d))
			d++;
		depths[n++] = d;
	}
	sort_ints(depths, n);
	return n == 0 ? 0 : depths[(size_t)(share * (double)(n - 1))];
}

/* 口 stands on two feet, however short. */
static bool
has_feet(PIX *bits)
{
	const int left = lowest(bits, 0, FOOT, 0), right = lowest(bits, 1 - FOOT, 1, 0);

	return lowest(bits, 2 * FOOT, 1 - 2 * FOOT, 0.5) >=
	       FOOT_HIGH + (left > right ? left : right);
}

/* The piece at full size, cut close: four straight edges make a printed box. */
bool
marks_box_is_printed(struct Pix *page, struct box b)
{
	BOX *frame =
	    boxCreate(b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF);
	PIX *grey = pixClipRectangle(page, frame, NULL), *bits = NULL, *close = NULL;
	l_int32 paper = 0;
	bool ok = false;

	boxDestroy(&frame);
	if (grey != NULL &&
	    pixGetExtremeValue(grey, 1, L_SELECT_MAX, NULL, NULL, NULL, &paper) == 0)
		bits = pixThresholdToBinary(grey, (int)(BOX_INK * paper));
	if (bits != NULL)
		close = trim(bits);
	if (close != NULL) {
		ok = true;
		for (int side = 0; ok && side < 4; side++)
			ok = straight(close, side) >= EDGE_SHARE;
		ok = ok && !has_feet(close);
	}
	pixDestroy(&grey);
	pixDestroy(&bits);
	pixDestroy(&close);
	return ok;
}

/* The longest straight stroke inside the square, as a share of its inside. */
static double
longest_run(PIX *part, int x, int y, int n)
{
	int longest = 0;

	for (int i = 0; i < n; i++) {
		int across = 0, down = 0;

		for (int j = 0; j < n; j++) {
			across = black(part, x + j, y + i) ? across + 1 : 0;
			down = black(part, x + i, y + j) ? down + 1 : 0;
			longest = across > longest ? across : longest;
			longest = down > longest ? down : longest;
		}
	}
	return (double)longest / n;
}

/*
 * What stands in and around the square is a tick, drawn aslant: characters that hold a square (目
 * 申 職 佐) cross it with level and upright strokes, or go on to its left or below it. x, y: of the
 * square in part. When in doubt it is none: a lost character is worse than a lost tick.
 */
static bool
holds_tick(PIX *part, int x, int y, int side)
{
	int n = side - 2 * TICK_INSET, band = side / 3;
	double ink = marks_ink_share(part, x + TICK_INSET, y + TICK_INSET, n, n);

	return ink >= TICK_LEAST && ink <= TICK_MOST &&
	       longest_run(part, x + TICK_INSET, y + TICK_INSET, n) < TICK_RUN &&
	       marks_ink_share(part, x - 2 - band, y, band, side) < TICK_STRAY &&
	       marks_ink_share(part, x, y + side + 2, side, band) < TICK_STRAY;
}

/* Best place of a square outline of the page's box size inside a larger piece; true when it is
 * drawn well enough. */
bool
marks_box_ticked(PIX *part, struct box b, int side, struct box *ret)
{
	double best = 0;

	for (int y = 0; y + side <= b.h + 1; y++)
		for (int x = 0; x + side <= b.w + 1; x++) {
			double least = 1;

			for (int k = 0; k < 4 && least > best && least >= OUTLINE_SHARE; k++) {
				double share = 0;

				for (int d = -1; d <= 1; d++) {
					double s = k < 2
						       ? marks_ink_share(part,
							     k == 0 ? x + 1 + d : x + side - 2 + d,
							     y, 1, side)
						       : marks_ink_share(part, x,
							     k == 2 ? y + 1 + d : y + side - 2 + d,
							     side, 1);
					share = s > share ? s : share;
				}
				least = share < least ? share : least;
			}
			if (least >= OUTLINE_SHARE && least > best &&
			    holds_tick(part, x, y, side)) {
				best = least;
				*ret = (struct box){b.x + x, b.y + y, side, side};
			}
		}
	return best > 0;
}
