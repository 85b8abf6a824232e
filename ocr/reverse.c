/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark fields are found coarsely, as what stays when everything thin is taken away. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/reverse.h"

#define DARK 150        /* grey, on even paper; lighter fields are shaded paper with dark print on it */
#define COARSE 4        /* pixels to one of the coarse picture */
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
#define BLACK_MOST 0.03 /* darker than the field by as much: dark print on a shaded field */

static PIX *
solid(PIX *grey, int stroke)
{
	PIX *dark = pixThresholdToBinary(grey, DARK), *coarse, *closed, *opened;

	coarse = dark == NULL ? NULL : pixReduceRankBinaryCascade(dark, 2, 2, 0, 0);
	pixDestroy(&dark);
	closed = coarse == NULL ? NULL : pixCloseSafeBrick(NULL, coarse, stroke, stroke);
	pixDestroy(&coarse);
	opened = closed == NULL ? NULL : pixOpenBrick(NULL, closed, SOLID, SOLID);
	pixDestroy(&closed);
	return opened;
}

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

/* A field is dark all around its print; heavy letters are not. */
static bool
has_dark_rim(PIX *field, int ground)
{
	const int w = pixGetWidth(field), h = pixGetHeight(field);
	int dark = 0, all = 0;

	for (int y = RIM; y < h - RIM; y++)
		for (int x = RIM; x < w - RIM; x++) {
			l_uint32 v = 255;

			if (y >= 2 * RIM && y < h - 2 * RIM && x == 2 * RIM)
				x = w - 2 * RIM; /* over the inside */
			pixGetPixel(field, x, y, &v);
			dark += (int)v < ground + LIGHTER;
			all++;
		}
	return dark >= RIM_DARK * all;
}

/* Whether all sides of a field have paper beside them: a part of a larger field does not. */
static bool
is_whole(PIX *grey, BOX *box, int ground)
{
	l_int32 x, y, w, h;
	struct {
		int x, y, w, h;
	} side[4];

	boxGetGeometry(box, &x, &y, &w, &h);
	side[0].x = side[1].x = x;
	side[0].y = y - 2 * RIM;
	side[1].y = y + h + RIM;
	side[0].w = side[1].w = w;
	side[2].y = side[3].y = y;
	side[2].x = x - 2 * RIM;
	side[3].x = x + w + RIM;
	side[2].h = side[3].h = h;
	side[0].h = side[1].h = side[2].w = side[3].w = RIM;
	for (int i = 0; i < 4; i++) {
		int dark = 0;

		for (int k = 0; k < side[i].w * side[i].h; k++) {
			l_uint32 v = 255;

			pixGetPixel(
			    grey, side[i].x + k % side[i].w, side[i].y + k / side[i].w, &v);
			dark += (int)v < ground + LIGHTER / 2;
		}
		if (2 * dark > side[i].w * side[i].h)
			return false;
	}
	return true;
}

static int
turn(PIX *grey, BOX *box, bool whole)
{
	PIX *field = pixClipRectangle(grey, box, NULL);
	l_int32 x, y, w, h;
	int ground, r = 0;

	if (field == NULL)
		return -ENOMEM;
	boxGetGeometry(box, &x, &y, &w, &h);
	if (is_reversed(field, &ground) && has_dark_rim(field, ground) &&
	    (!whole || is_whole(grey, box, ground))) {
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
	PIX *fields;
	PIXA *parts = NULL;
	BOXA *boxes;
	int turned = 0, r;

	fields = solid(grey, stroke);
	boxes = fields == NULL ? NULL : pixConnComp(fields, &parts, 4);
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
		box = boxCreate(x * COARSE, y * COARSE, w * COARSE, h * COARSE);
		r = box == NULL ? -ENOMEM : turn(grey, box, stroke == STROKE_FINE);
		turned += r > 0;
		boxDestroy(&box);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	pixDestroy(&fields);
	return r < 0 ? r : turned;
}

int
reverse_turn(struct Pix *grey)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);

	int fine, rest;

	/* smaller than a field; nor can Leptonica make a coarse picture of a few pixels */
	if (w < WIDE_LEAST * COARSE || h < HIGH_LEAST * COARSE)
		return 0;
	fine = turn_all(grey, STROKE_FINE);
	rest = fine < 0 ? fine : turn_all(grey, STROKE_COARSE);
	return rest < 0 ? rest : fine + rest;
}
