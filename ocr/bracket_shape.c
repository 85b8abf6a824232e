/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where the ink of some rows lies, on the average. */
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/bracket_shape.h"

#define SLIM 2           /* height to width at least */
#define ENDS 6           /* an end is so great a part of the height */
#define AT_ENDS 0.47     /* of the height, from the middle: here [ and 【 … */
#define UPRIGHT 0.25     /* … still are upright, but for so much of their width; … */
#define AT_SHOULDER 0.35 /* … here … */
#define BLACK 0.5        /* … so much of 【 is black … */
#define AT_STEM 0.28     /* … and here 〔 still … */
#define STEM 0.13        /* … is upright, … */
#define BENT 0.3         /* … though its ends are so far off */
#define BULGE 0.2        /* of its width: from the ends of a bracket to its middle */

/* Mean x of the ink in some rows; -1: none. */
static double
mean_x(PIX *piece, int from, int to)
{
	int w = pixGetWidth(piece);
	long sum = 0, n = 0;

	for (int y = from; y < to; y++)
		for (int x = 0; x < w; x++) {
			l_uint32 ink = 0;

			pixGetPixel(piece, x, y, &ink);
			sum += ink ? x : 0;
			n += ink;
		}
	return n == 0 ? -1 : (double)sum / (double)n;
}

enum bracket_side
bracket_side(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece), end = h / ENDS + 1;
	double middle, top, bottom;

	if (SLIM * w > h)
		return BRACKET_NONE;
	middle = mean_x(piece, h / 3, h - h / 3);
	top = mean_x(piece, 0, end);
	bottom = mean_x(piece, h - end, h);
	if (middle < 0)
		return BRACKET_NONE;
	if (middle - top > BULGE * w && middle - bottom > BULGE * w)
		return BRACKET_CLOSES;
	if (top - middle > BULGE * w && bottom - middle > BULGE * w)
		return BRACKET_OPENS;
	return BRACKET_NONE;
}

/* From the outer side of a bracket to its ink, the mean of the rows so far above and below its
 * middle (shares of its height). */
static double
edge(PIX *piece, bool opens, double off)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	int sum = 0;

	for (int side = -1; side <= 1; side += 2) {
		const int y = (int)((0.5 + side * off) * (h - 1) + 0.5);
		l_uint32 on = 0;

		for (int x = 0; x < w && on == 0; x++, sum += on == 0)
			pixGetPixel(piece, opens ? x : w - 1 - x, y, &on);
	}
	return sum / 2.0;
}

/* Ink of a row that lies so far above its middle. */
static int
ink_of_row(PIX *piece, double off)
{
	const int y = (int)((0.5 - off) * (pixGetHeight(piece) - 1) + 0.5);
	int n = 0;

	for (int x = 0; x < pixGetWidth(piece); x++) {
		l_uint32 on = 0;

		pixGetPixel(piece, x, y, &on);
		n += on != 0;
	}
	return n;
}

static const char *
kind_of(PIX *piece, bool opens)
{
	const int w = pixGetWidth(piece);
	const double middle = edge(piece, opens, 0), ends = edge(piece, opens, AT_ENDS) - middle;

	if (ends <= UPRIGHT * w && ink_of_row(piece, AT_SHOULDER) >= BLACK * w)
		return opens ? "【" : "】";
	if (ends <= UPRIGHT * w)
		return opens ? "[" : "]";
	if (edge(piece, opens, AT_STEM) - middle <= STEM * w && ends >= BENT * w)
		return opens ? "〔" : "〕";
	return opens ? "(" : ")";
}

const char *
bracket_of(struct Pix *piece, enum bracket_side side)
{
	return side == BRACKET_NONE ? NULL : kind_of(piece, side == BRACKET_OPENS);
}
