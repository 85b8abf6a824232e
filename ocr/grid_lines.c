/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ruled lines by run lengths: long, thin, straight ink in one of two directions. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>

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
#define CORNER 7 /* of dashes: so far from it may they end */
#define JOIN 9   /* a line may be broken for so long, and may end so far from the one it meets */

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

	if (boxes == NULL)
		pixDestroy(&out);
	for (int i = 0; out != NULL && i < boxaGetCount(boxes); i++) {
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

/* solid: lines, not to be taken for letters: a dashed frame may stand close above one. */
static int
sift(PIX *runs, PIX *ink, PIX *solid, enum direction d)
{
	PIX *rest = solid == NULL ? pixClone(ink) : pixSubtract(NULL, ink, solid);
	int r = rest == NULL ? -ENOMEM : grid_dots_sift(runs, rest, d);

	pixDestroy(&rest);
	return r;
}

/*
 * Dotted and dashed lines: pieces with small gaps, alone in their neighbourhood. Text closed the
 * same way is as high as its letters, so only what stays thin is kept.
 */
static PIX *
dotted(PIX *ink, PIX *solid, enum direction d, int gap, int least)
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
	runs = closed == NULL ? NULL : runs_open(closed, d, least);
	pixDestroy(&closed);
	if (runs != NULL && sift(runs, ink, solid, d) < 0)
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

/* The lines of one direction, but for dotted ones that are short: these go to dots, with others. */
static PIX *
find(PIX *ink, enum direction d, PIX *dots)
{
	PIX *thick = thicken(ink, d), *runs, *thin, *more, *joined;

	if (thick == NULL)
		return NULL;
	runs = runs_open(thick, d, d == ACROSS ? LINE_MIN : LINE_MIN * 2 / 3);
	pixDestroy(&thick);
	thin = runs == NULL ? NULL : keep_thin(runs, d);
	pixDestroy(&runs);
	if (thin == NULL)
		return NULL;
	more = dotted(ink, thin, d, DASH_GAP, LINE_SURE);
	add_to(dots, &more);
	more = dotted(ink, NULL, d, DOT_GAP, 2 * LINE_SURE);
	add_to(thin, &more);
	more = dotted(ink, NULL, d, DASH_GAP, 2 * LINE_SURE);
	add_to(thin, &more);
	joined = runs_close(thin, d, JOIN);
	pixDestroy(&thin);
	return joined;
}

/* Pieces shorter than `sure` stay only where both ends come near a line of the other direction: a
 * stroke of large print does not. */
static PIX *
keep_leaning(PIX *pix, PIX *other, enum direction d, int sure, int near_by)
{
	PIX *out = pixCreateTemplate(pix);
	PIX *near = pixDilateBrick(NULL, other, near_by, near_by);
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(pix, &parts, 8);

	for (int i = 0; out != NULL && near != NULL && boxes != NULL && i < boxaGetCount(boxes);
	     i++) {
		l_int32 x, y, w, h, length;
		l_uint32 a = 1, b = 1;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		length = d == ACROSS ? w : h;
		if (length < sure && d == ACROSS) {
			pixGetPixel(near, x, y + h / 2, &a);
			pixGetPixel(near, x + w - 1, y + h / 2, &b);
		} else if (length < sure) {
			pixGetPixel(near, x + w / 2, y, &a);
			pixGetPixel(near, x + w / 2, y + h - 1, &b);
		}
		if (a == 1 && b == 1) {
			PIX *part = pixaGetPix(parts, i, L_CLONE);

			pixRasterop(out, x, y, w, h, PIX_SRC | PIX_DST, part, 0, 0);
			pixDestroy(&part);
		}
	}
	if (near == NULL || boxes == NULL)
		pixDestroy(&out);
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	pixDestroy(&near);
	return out;
}

/* Where lines of one direction end: a square about each end. */
static PIX *
ends_of(PIX *pix, enum direction d)
{
	PIX *out = pixCreateTemplate(pix);
	BOXA *boxes = pixConnCompBB(pix, 8);

	for (int i = 0; out != NULL && boxes != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, w, h;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		for (int end = 0; end < 2; end++)
			pixRasterop(out, (d == ACROSS ? x + end * (w - 1) : x + w / 2) - CORNER,
			    (d == DOWN ? y + end * (h - 1) : y + h / 2) - CORNER, 2 * CORNER + 1,
			    2 * CORNER + 1, PIX_SET, NULL, 0, 0);
	}
	if (boxes == NULL)
		pixDestroy(&out);
	boxaDestroy(&boxes);
	return out;
}

/* Adds what of the dotted lines a, across, are sides of a frame: at both ends one of b, down,
 * ends, too. A column of digits may look dotted, but has no such corners. */
static bool
add_sides(PIX *to, PIX *a, PIX *b, enum direction d)
{
	PIX *ends = ends_of(b, d == ACROSS ? DOWN : ACROSS);
	PIX *sides = ends == NULL ? NULL : keep_leaning(a, ends, d, INT_MAX, 1);
	bool good = sides != NULL && pixOr(to, to, sides) != NULL;

	pixDestroy(&ends);
	pixDestroy(&sides);
	return good;
}

static bool
find_all(PIX *ink, PIX **across, PIX **down)
{
	PIX *a = pixCreateTemplate(ink), *b = pixCreateTemplate(ink);
	bool good = false;

	*across = a == NULL ? NULL : find(ink, ACROSS, a);
	*down = b == NULL ? NULL : find(ink, DOWN, b);
	if (*across != NULL && *down != NULL)
		good = add_sides(*across, a, b, ACROSS) && add_sides(*down, b, a, DOWN);
	pixDestroy(&a);
	pixDestroy(&b);
	return good;
}

PIX *
grid_lines(PIX *ink, PIX **ret_rules)
{
	PIX *across, *down, *a = NULL, *b = NULL, *out = NULL;

	if (find_all(ink, &across, &down)) {
		a = keep_leaning(across, down, ACROSS, LINE_SURE, JOIN);
		b = keep_leaning(down, across, DOWN, LINE_SURE, JOIN);
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
