/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields are found coarsely, print and all, as what stays when everything thin is taken away; one
 * shade that most of a field has, with darker print and hardly anything lighter, is lifted. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/shade.h"
#include "ocr/shade_sides.h"
#include "ocr/solid.h"

#define SHADED 188     /* grey; lighter fields are evened as paper is */
#define SHADE_LEAST 85 /* darker fields hold no dark print that could be told from them */
#define SOLID 5        /* coarse pixels, 1.7 mm: thinner is a rule or a letter */
#define STROKE 5       /* coarse pixels: light strokes are not wider */
#define SIDE_LEAST 8   /* coarse pixels of a field's sides, 2.7 mm */
#define EVEN 14        /* grey levels on both sides of the shade that are still it */
#define EVEN_LEAST 0.45
#define PRINT                                                                                      \
	45 /* grey levels by which print is darker, or what is no part of the field lighter        \
	    */
#define PRINT_LEAST 0.004
#define PRINT_MOST 0.35
#define LIGHT_MOST 0.05
#define PAPER 248 /* what the shade becomes */
#define MARGIN 2  /* coarse pixels around the coarse picture of a field, into which it may reach */
#define THICK 9   /* pixels: thinner is print that a field touches */
#define SOFT 7    /* pixels that a field's soft side is wide, on both sides together */

/* Share of the histogram from grey `from` on, up to and without `to`. */
static double
share(const double *count, int from, int to)
{
	double sum = 0;

	for (int i = from < 0 ? 0 : from; i < to && i < 256; i++)
		sum += count[i];
	return sum / count[256];
}

/* The shade of what lies under mask at (x, y); 0: it is none, or has no print. */
static int
find_shade(PIX *grey, PIX *mask, int x, int y)
{
	NUMA *histogram = pixGetGrayHistogramMasked(grey, mask, x, y, 1);
	double count[257] = {0}, most = 0;
	int shade = 0;

	for (int i = 0; histogram != NULL && i < 256; i++) {
		l_float32 v = 0;

		numaGetFValue(histogram, i, &v);
		count[i] = v;
		count[256] += v;
		if (v > most) {
			most = v;
			shade = i;
		}
	}
	numaDestroy(&histogram);
	if (shade < SHADE_LEAST || shade >= SHADED ||
	    share(count, shade - EVEN, shade + EVEN + 1) < EVEN_LEAST ||
	    share(count, shade + PRINT, 256) > LIGHT_MOST ||
	    share(count, 0, shade - PRINT) < PRINT_LEAST ||
	    share(count, 0, shade - PRINT) > PRINT_MOST)
		return 0;
	return shade;
}

/* Where in mask the field really is, print and all. NULL: no memory. */
static PIX *
find_field(PIX *grey, PIX *mask, int x, int y, int shade)
{
	PIX *dark = solid_dark(grey, mask, x, y, (shade + PAPER) / 2);
	PIX *field = dark == NULL ? NULL : pixOpenBrick(NULL, dark, THICK, THICK);

	pixDestroy(&dark);
	return field;
}

/* What is under the field, whose corner is at (x, y), gets lighter so that shade becomes paper, and
 * so do its soft sides, which are what of rims is lighter than the middle of both. A field that
 * lies aslant is in little of these: that is passed over by words. */
static void
lighten(PIX *grey, PIX *field, PIX *rims, int x, int y, int shade)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey), middle = (shade + PAPER) / 2;

	for (int j = y < 0 ? -y : 0; j < (int)pixGetHeight(rims) && y + j < h; j++) {
		const l_uint32 *in = pixGetData(field) + (size_t)pixGetWpl(field) * (size_t)j;
		const l_uint32 *near = pixGetData(rims) + (size_t)pixGetWpl(rims) * (size_t)j;
		l_uint32 *line = pixGetData(grey) + (size_t)pixGetWpl(grey) * (size_t)(y + j);

		for (int i = x < 0 ? -x : 0; i < (int)pixGetWidth(rims) && x + i < w; i++) {
			const int v = GET_DATA_BYTE(line, x + i), to = v * PAPER / shade;

			if (near[i / 32] == 0)
				i |= 31;
			else if (GET_DATA_BIT(near, i) && (GET_DATA_BIT(in, i) || v >= middle))
				SET_DATA_BYTE(line, x + i, to > 255 ? 255 : to);
		}
	}
}

/* What of the field is under mask becomes paper; its rules stay rules. */
static int
clear(PIX *grey, PIX *mask, int x, int y, int shade)
{
	PIX *field = find_field(grey, mask, x, y, shade);
	PIX *rims = field == NULL ? NULL : pixDilateBrick(NULL, field, SOFT, SOFT);
	int ruled = rims == NULL ? -ENOMEM : shade_sides_are_pale(grey, field, x, y, shade),
	    r = ruled;

	if (r >= 0)
		lighten(grey, field, rims, x, y, shade);
	if (ruled > 0)
		r = shade_sides_draw(grey, field, x, y);
	pixDestroy(&rims);
	pixDestroy(&field);
	return r;
}

/* Where the shade of a field is sought: inside it, with what light strokes leave open. Its edges
 * are where the coarse picture cut them off. */
static PIX *
expand(PIX *part, bool edges)
{
	PIX *wide = pixAddBorder(part, MARGIN, 0), *mask = NULL;
	PIX *whole = edges || wide == NULL ? NULL : pixCloseSafeBrick(NULL, wide, STROKE, STROKE);

	if (edges && wide != NULL)
		pixDilateBrick(wide, wide, 2 * MARGIN + 1, 2 * MARGIN + 1);
	else if (whole != NULL)
		pixErodeBrick(wide, whole, 3, 3);
	if (edges || whole != NULL)
		mask = wide == NULL ? NULL : pixExpandReplicate(wide, SOLID_COARSE);
	pixDestroy(&whole);
	pixDestroy(&wide);
	return mask;
}

static int
lift(PIX *grey, PIX *part, int x, int y)
{
	PIX *mask = expand(part, false);
	int shade;

	x = (x - MARGIN) * SOLID_COARSE;
	y = (y - MARGIN) * SOLID_COARSE;
	shade = mask == NULL ? -ENOMEM : find_shade(grey, mask, x, y);
	pixDestroy(&mask);
	if (shade <= 0)
		return shade;
	mask = expand(part, true);
	if (mask == NULL)
		return -ENOMEM;
	shade = clear(grey, mask, x, y, shade);
	pixDestroy(&mask);
	return shade < 0 ? shade : 1;
}

int
shade_lift(struct Pix *grey)
{
	PIXA *parts = NULL;
	BOXA *boxes;
	int lifted = 0, r;

	if (pixGetWidth(grey) < SIDE_LEAST * SOLID_COARSE ||
	    pixGetHeight(grey) < SIDE_LEAST * SOLID_COARSE)
		return 0;
	boxes = solid_fields(grey, SHADED, 0, SOLID, &parts);
	r = boxes == NULL ? -ENOMEM : 0;
	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		PIX *part = pixaGetPix(parts, i, L_CLONE);
		l_int32 x, y, w, h;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		if (w >= SIDE_LEAST && h >= SIDE_LEAST)
			r = lift(grey, part, x, y);
		lifted += r > 0;
		pixDestroy(&part);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return r < 0 ? r : lifted;
}
