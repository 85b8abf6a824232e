/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ruled lines by run lengths: long, thin, straight ink in one of two directions. */
#include <leptonica/allheaders.h>

#include "ocr/grid_corners.h"
#include "ocr/grid_dots.h"
#include "ocr/grid_lines.h"
#include "ocr/runs.h"

#define LINE_MIN 50   /* half-size pixels, 8.5 mm: longer than any stroke of body text */
#define LINE_SURE 100 /* from here on a line needs no other to lean on */
#define LINE_THICK 14 /* thicker is a bar or a shaded field */
#define DOT_THICK 5
#define DOT_GAP 4 /* dots and dashes closer than this make a line */
#define DASH_GAP 13
#define JOIN 9 /* a line may be broken for so long, and may end so far from the one it meets */

/* Makes a line one or two pixels thicker, so that a slightly slanting one keeps long runs. */
static PIX *
thicken(PIX *pix, enum direction d)
{
	return d == ACROSS ? pixDilateBrick(NULL, pix, 1, 3) : pixDilateBrick(NULL, pix, 3, 1);
}

/* Pieces that are thin for their length stay. */
static PIX *
keep_thin(PIX *pix, enum direction d)
{
	PIX *out = pixCreateTemplate(pix);
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(pix, &parts, 8);

	for (int i = 0; out != NULL && boxes != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, w, h, length, thick, ink = 0;
		PIX *part = pixaGetPix(parts, i, L_CLONE);

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		length = d == ACROSS ? w : h;
		pixCountPixels(part, &ink, NULL);
		thick = ink / length;
		if (thick <= LINE_THICK && length >= 6 * thick)
			pixRasterop(out, x, y, w, h, PIX_SRC | PIX_DST, part, 0, 0);
		pixDestroy(&part);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return out;
}

/*
 * Dotted and dashed lines: pieces with small gaps, alone in their neighbourhood. Text closed the
 * same way is as high as its letters, so only what stays thin is kept.
 */
static PIX *
dotted(PIX *ink, enum direction d, int gap)
{
	PIX *thin, *closed, *runs, *out = NULL;
	/* What is thicker than a hairline across the direction is no dot of a line. */
	PIX *thick = runs_open(ink, d == ACROSS ? DOWN : ACROSS, DOT_THICK);

	if (thick == NULL)
		return NULL;
	thin = pixSubtract(NULL, ink, thick);
	pixDestroy(&thick);
	closed = thin == NULL ? NULL : runs_close(thin, d, gap);
	pixDestroy(&thin);
	runs = closed == NULL ? NULL : runs_open(closed, d, 2 * LINE_SURE);
	pixDestroy(&closed);
	if (runs != NULL && grid_dots_sift(runs, ink, d) < 0)
		pixDestroy(&runs);
	if (runs != NULL)
		out = keep_thin(runs, d);
	pixDestroy(&runs);
	return out;
}

static void
add_to(PIX *to, PIX **from)
{
	if (*from != NULL)
		pixOr(to, to, *from);
	pixDestroy(from);
}

static PIX *
find(PIX *ink, enum direction d)
{
	PIX *thick = thicken(ink, d), *runs, *thin, *joined, *dots;

	if (thick == NULL)
		return NULL;
	runs = runs_open(thick, d, d == ACROSS ? LINE_MIN : LINE_MIN * 2 / 3);
	pixDestroy(&thick);
	thin = runs == NULL ? NULL : keep_thin(runs, d);
	pixDestroy(&runs);
	if (thin == NULL)
		return NULL;
	dots = dotted(ink, d, DOT_GAP);
	add_to(thin, &dots);
	dots = dotted(ink, d, DASH_GAP);
	add_to(thin, &dots);
	joined = runs_close(thin, d, JOIN);
	pixDestroy(&thin);
	return joined;
}

/* Short pieces stay only where both ends meet a line of the other direction: a stroke of large
 * print does not. */
static PIX *
keep_leaning(PIX *pix, PIX *other, enum direction d)
{
	PIX *out = pixCreateTemplate(pix);
	PIX *near = pixDilateBrick(NULL, other, JOIN, JOIN);
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(pix, &parts, 8);

	for (int i = 0; out != NULL && near != NULL && boxes != NULL && i < boxaGetCount(boxes);
	     i++) {
		l_int32 x, y, w, h, length;
		l_uint32 a = 1, b = 1;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		length = d == ACROSS ? w : h;
		if (length < LINE_SURE && d == ACROSS) {
			pixGetPixel(near, x, y + h / 2, &a);
			pixGetPixel(near, x + w - 1, y + h / 2, &b);
		} else if (length < LINE_SURE) {
			pixGetPixel(near, x + w / 2, y, &a);
			pixGetPixel(near, x + w / 2, y + h - 1, &b);
		}
		if (a == 1 && b == 1) {
			PIX *part = pixaGetPix(parts, i, L_CLONE);

			pixRasterop(out, x, y, w, h, PIX_SRC | PIX_DST, part, 0, 0);
			pixDestroy(&part);
		}
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	pixDestroy(&near);
	return out;
}

PIX *
grid_lines(PIX *ink, PIX **ret_rules)
{
	PIX *across = find(ink, ACROSS), *down = find(ink, DOWN), *a = NULL, *b = NULL, *out = NULL;

	if (across != NULL && down != NULL) {
		a = keep_leaning(across, down, ACROSS);
		b = keep_leaning(down, across, DOWN);
	}
	if (a != NULL && b != NULL) {
		/* Each line reaches a little further, so that corners close. */
		PIX *wide = pixDilateBrick(NULL, a, JOIN, 1),
		    *high = pixDilateBrick(NULL, b, 1, JOIN);

		if (wide != NULL && high != NULL)
			out = pixOr(NULL, wide, high);
		*ret_rules = grid_corners(ink, a, b);
		if (*ret_rules == NULL)
			pixDestroy(&out);
		else {
			pixOr(*ret_rules, *ret_rules, a);
			pixOr(*ret_rules, *ret_rules, b);
		}
		pixDestroy(&wide);
		pixDestroy(&high);
	}
	pixDestroy(&across);
	pixDestroy(&down);
	pixDestroy(&a);
	pixDestroy(&b);
	return out;
}
