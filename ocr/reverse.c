/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark fields are found coarsely, as what stays when everything thin is taken away. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/pixels.h"
#include "ocr/reverse.h"

#define DARK 150        /* grey; lighter fields are shaded paper with dark print on it */
#define COARSE 4        /* pixels to one of the coarse picture */
#define STROKE_COARSE 5 /* light strokes up to 1.7 mm do not divide a field */
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
solid(PIX *grey)
{
	PIX *dark = pixels_dark(grey, DARK), *coarse, *closed, *opened;

	coarse = dark == NULL ? NULL : pixReduceRankBinaryCascade(dark, 2, 2, 0, 0);
	pixDestroy(&dark);
	closed =
	    coarse == NULL ? NULL : pixCloseSafeBrick(NULL, coarse, STROKE_COARSE, STROKE_COARSE);
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

static int
turn(PIX *grey, BOX *box)
{
	PIX *field = pixClipRectangle(grey, box, NULL);
	l_int32 x, y, w, h;
	int ground, r = 0;

	if (field == NULL)
		return -ENOMEM;
	boxGetGeometry(box, &x, &y, &w, &h);
	if (is_reversed(field, &ground) && has_dark_rim(field, ground)) {
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
turn_all(PIX *grey)
{
	PIX *fields;
	PIXA *parts = NULL;
	BOXA *boxes;
	int turned = 0, r;

	if (pixGetWidth(grey) < WIDE_LEAST * COARSE || pixGetHeight(grey) < HIGH_LEAST * COARSE)
		return 0;
	fields = solid(grey);
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
		r = box == NULL ? -ENOMEM : turn(grey, box);
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

	/* smaller than a field; nor can Leptonica make a coarse picture of a few pixels */
	return w < WIDE_LEAST * COARSE || h < HIGH_LEAST * COARSE ? 0 : turn_all(grey);
}
