/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark fields are found coarsely, as what stays when everything thin is taken away. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/reverse.h"
#include "ocr/solid.h"

#define DARK 150 /* grey, on even paper; lighter fields are shaded paper with dark print on it */
#define STROKE_FINE 2   /* coarse pixels: light strokes up to 0.6 mm do not divide a field, … */
#define STROKE_COARSE 5 /* … nor up to 1.7 mm, but then print beside it is joined with it */
#define SOLID 6         /* coarse pixels, 2 mm: thinner is a rule or a letter */
#define HIGH_LEAST 9    /* coarse pixels of a field's sides, 3 mm */
#define WIDE_LEAST 15
#define FILL_LEAST 0.8 /* of its bounding box; less is a picture, a frame, a shadow */
#define LIGHTER 60     /* grey levels from the field to its print */
#define LIGHT_LEAST 0.02
#define LIGHT_MOST 0.45 /* of the field's pixels: more is no print */
#define RIM 4           /* pixels around a field, and then of its rim */
#define RIM_DARK 0.9    /* share of the rim that is dark */
#define FIT_MOST 3      /* times that a box is drawn in by RIM */
#define OUTSIDE_DARK 0.5
#define BLACK_MOST 0.03 /* darker than the field by as much: dark print on a shaded field */

/* The commonest grey of the field, and whether the rest looks like light print on it. */
static bool
is_reversed(PIX *field, int *ret_ground)
{
	NUMA *histogram = pixGetGrayHistogram(field, 1);
	l_float32 v, most = 0, all = 0, light = 0, black = 0;
	int ground = 0;

	for (int i = 0; histogram != NULL && i < 256; i++) {
		numaGetFValue(histogram, i, &v);
		all += v;
		if (v > most) {
			most = v;
			ground = i;
		}
	}
	for (int i = 0; histogram != NULL && i < 256; i++) {
		numaGetFValue(histogram, i, &v);
		light += i >= ground + LIGHTER ? v : 0;
		black += i <= ground - LIGHTER ? v : 0;
	}
	numaDestroy(&histogram);
	*ret_ground = ground;
	return all > 0 && ground < DARK && light >= LIGHT_LEAST * all &&
	       light <= LIGHT_MOST * all && black <= BLACK_MOST * all;
}

/* Share of the pixels of a rectangle that are darker than `below`. */
static double
dark_share(PIX *grey, int x0, int y0, int w, int h, int below)
{
	int dark = 0;

	for (int y = y0; y < y0 + h; y++)
		for (int x = x0; x < x0 + w; x++) {
			l_uint32 v = 255;

			pixGetPixel(grey, x, y, &v);
			dark += (int)v < below;
		}
	return (double)dark / (w * h);
}

/* A field is dark all around its print; heavy letters are not. The box, which is coarse and may
 * hold a rule or a slant beside the field, is drawn in a little where it is not. */
static bool
fit_rim(PIX *grey, BOX *box, int ground)
{
	const int below = ground + LIGHTER;
	l_int32 x, y, w, h;

	boxGetGeometry(box, &x, &y, &w, &h);
	for (int i = 0;
	     i <= FIT_MOST && w >= WIDE_LEAST * SOLID_COARSE && h >= HIGH_LEAST * SOLID_COARSE / 2;
	     i++) {
		double top = dark_share(grey, x, y + RIM, w, RIM, below);
		double foot = dark_share(grey, x, y + h - 2 * RIM, w, RIM, below);
		double left = dark_share(grey, x + RIM, y, RIM, h, below);
		double right = dark_share(grey, x + w - 2 * RIM, y, RIM, h, below);

		if ((top + foot) * w + (left + right) * h >= RIM_DARK * 2 * (w + h)) {
			boxSetGeometry(box, x, y, w, h);
			return true;
		}
		x += (left < RIM_DARK) * RIM;
		y += (top < RIM_DARK) * RIM;
		w -= ((left < RIM_DARK) + (right < RIM_DARK)) * RIM;
		h -= ((top < RIM_DARK) + (foot < RIM_DARK)) * RIM;
	}
	return false;
}

/* Whether all sides of a field have paper beside them: a part of a larger field does not. */
static bool
is_whole(PIX *grey, BOX *box, int ground)
{
	const int below = ground + LIGHTER / 2, out = 2 * RIM;
	l_int32 x, y, w, h;

	boxGetGeometry(box, &x, &y, &w, &h);
	return dark_share(grey, x, y - out, w, RIM, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x, y + h + RIM, w, RIM, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x - out, y, RIM, h, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x + w + RIM, y, RIM, h, below) <= OUTSIDE_DARK;
}

static int
turn(PIX *grey, BOX *box, bool whole)
{
	PIX *field = pixClipRectangle(grey, box, NULL);
	l_int32 x, y;
	int ground, r = 0;

	if (field == NULL)
		return -ENOMEM;
	if (is_reversed(field, &ground) && fit_rim(grey, box, ground) &&
	    (!whole || is_whole(grey, box, ground))) {
		pixDestroy(&field);
		field = pixClipRectangle(grey, box, NULL);
		if (field == NULL)
			return -ENOMEM;
		boxGetGeometry(box, &x, &y, NULL, NULL);
		pixInvert(field, field);
		pixGammaTRC(field, field, 1.0f, 0, 255 - ground - LIGHTER / 4);
		pixRasterop(
		    grey, x, y, pixGetWidth(field), pixGetHeight(field), PIX_SRC, field, 0, 0);
		r = 1;
	}
	pixDestroy(&field);
	return r;
}

static int
turn_all(PIX *grey, int stroke)
{
	PIXA *parts = NULL;
	BOXA *boxes;
	int turned = 0, r;

	boxes = solid_fields(grey, DARK, stroke, SOLID, &parts);
	r = boxes == NULL ? -ENOMEM : 0;

	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		l_int32 x, y, w, h, area = 0;
		PIX *part = pixaGetPix(parts, i, L_CLONE);
		BOX *box;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		pixCountPixels(part, &area, NULL);
		pixDestroy(&part);
		if (w < WIDE_LEAST || h < HIGH_LEAST || area < FILL_LEAST * w * h)
			continue;
		box = boxCreate(
		    x * SOLID_COARSE, y * SOLID_COARSE, w * SOLID_COARSE, h * SOLID_COARSE);
		r = box == NULL ? -ENOMEM : turn(grey, box, stroke == STROKE_FINE);
		turned += r > 0;
		boxDestroy(&box);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return r < 0 ? r : turned;
}

int
reverse_turn(struct Pix *grey)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);

	int fine, rest;

	/* smaller than a field; nor can Leptonica make a coarse picture of a few pixels */
	if (w < WIDE_LEAST * SOLID_COARSE || h < HIGH_LEAST * SOLID_COARSE)
		return 0;
	fine = turn_all(grey, STROKE_FINE);
	rest = fine < 0 ? fine : turn_all(grey, STROKE_COARSE);
	return rest < 0 ? rest : fine + rest;
}
