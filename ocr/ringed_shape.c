/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring is looked at from its middle: ink all round at one distance, white or print inside. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/enlarge.h"
#include "ocr/pixels.h"
#include "ocr/ringed_shape.h"
#include "ocr/strip.h"

#define INK_PALE 80 /* percent of the way from the darkest pixel to white: rings are thin */
#define INK_HALF 50
#define SIDE_MIN 24    /* pixels; in smaller rings nothing can be read */
#define SIDE_MAX 90    /* 7.6 mm */
#define ROUND_MAX 1.12 /* longer to shorter side */
#define RAYS 72
#define STRAY 0.08      /* of the ring's size, by which its rim may be off the circle … */
#define STRAY_LEAST 2   /* … or pixels */
#define COVER 0.95      /* of the rays that meet the rim */
#define AROUND 1.5      /* pixels off the ring … */
#define AROUND_INK 0.05 /* … so much may be ink */
#define THICK 0.12      /* of the ring's size: the rim at most */
#define INSIDE_MIN 0.08 /* of the inside that is ink … */
#define INSIDE_MAX 0.66
#define HIGH_MIN 0.3      /* of the ring: what is in it */
#define LETTER 36         /* pixels, of what is in it when read */
#define LETTER_SHARE 0.55 /* of the ring's size that it is high */
#define BORDER 12
#define STEM_TOP 0.45 /* of its height, where 1 has neither its flag … */
#define STEM_HIGH 0.3 /* … nor the foot that some typefaces draw */
#define STEM_WIDE 0.3 /* of its height at most: two strokes are wider */

/* Pixels of ink of the rim along one ray, from the outside; 0: none. */
static int
rim(PIX *ink, double x, double y, double radius, double angle)
{
	const double stray = STRAY * 2 * radius > STRAY_LEAST ? STRAY * 2 * radius : STRAY_LEAST;
	double d = radius + 1;
	int n = 0;

	while (d > radius - stray &&
	       !pixels_is_set(ink, (int)(x + d * cos(angle)), (int)(y + d * sin(angle))))
		d -= 0.5;
	if (d <= radius - stray)
		return 0;
	while (d > 0 && pixels_is_set(ink, (int)(x + d * cos(angle)), (int)(y + d * sin(angle)))) {
		d -= 0.5;
		n++;
	}
	return (n + 1) / 2;
}

/* The usual thickness of a ring's rim; 0: it is no ring. */
static int
rim_of(PIX *ink, struct box b)
{
	const double x = b.x + b.w / 2.0, y = b.y + b.h / 2.0, radius = (b.w + b.h) / 4.0;
	int thick[RAYS];
	size_t n = 0;

	for (int i = 0; i < RAYS; i++) {
		thick[n] = rim(ink, x, y, radius, 2 * M_PI * i / RAYS);
		n += thick[n] > 0;
	}
	if (n < COVER * RAYS)
		return 0;
	sort_ints(thick, n);
	return thick[n / 2] <= THICK * 2 * radius + 1 ? thick[n / 2] : 0;
}

/* Whether nothing of what is in the box is far outside of the ring: 回 and 国 have corners. */
static bool
is_clear_around(PIX *ink, struct box b)
{
	const double x = b.x + b.w / 2.0, y = b.y + b.h / 2.0;
	const double radius = (b.w > b.h ? b.w : b.h) / 2.0 + AROUND;
	int n = 0, all = 0;

	for (int v = b.y; v < b.y + b.h; v++)
		for (int u = b.x; u < b.x + b.w; u++)
			if (hypot(u + 0.5 - x, v + 0.5 - y) > radius) {
				all++;
				n += pixels_is_set(ink, u, v);
			}
	return n <= AROUND_INK * all;
}

/* Radius in which nothing of the rim is left. */
static double
inside_of(struct box b, int thick)
{
	return (b.w < b.h ? b.w : b.h) / 2.0 - thick - 1;
}

/* Whether what is inside is as much and as high as print. */
static bool
holds_print(PIX *ink, struct box b, int thick)
{
	const double x = b.x + b.w / 2.0, y = b.y + b.h / 2.0, radius = inside_of(b, thick);
	int n = 0, all = 0, top = b.y + b.h, bottom = b.y;

	for (int v = b.y; v < b.y + b.h; v++)
		for (int u = b.x; u < b.x + b.w; u++) {
			if (hypot(u + 0.5 - x, v + 0.5 - y) > radius)
				continue;
			all++;
			if (!pixels_is_set(ink, u, v))
				continue;
			n++;
			top = v < top ? v : top;
			bottom = v > bottom ? v : bottom;
		}
	return n >= INSIDE_MIN * all && n <= INSIDE_MAX * all && bottom - top >= HIGH_MIN * b.h;
}

static bool
is_ringed(PIX *ink, struct box b)
{
	int thick;

	if (b.w < SIDE_MIN || b.h < SIDE_MIN || b.w > SIDE_MAX || b.h > SIDE_MAX ||
	    b.w > ROUND_MAX * b.h || b.h > ROUND_MAX * b.w)
		return false;
	thick = rim_of(ink, b);
	return thick > 0 && is_clear_around(ink, b) && holds_print(ink, b, thick);
}

int
ringed_find(struct Pix *pix, struct box ret[RINGED_MOST])
{
	PIX *ink = strip_ink(pix, INK_PALE);
	BOXA *boxes = ink == NULL ? NULL : pixConnCompBB(ink, 8);
	int n = 0;

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes) && n < RINGED_MOST; i++) {
		struct box b;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		if (is_ringed(ink, b))
			ret[n++] = b;
	}
	qsort(ret, (size_t)n, sizeof *ret, box_by_x);
	if (ink != NULL && boxes == NULL)
		n = -ENOMEM;
	boxaDestroy(&boxes);
	pixDestroy(&ink);
	return n;
}

/* White where the rim is and around it. */
static void
whiten(PIX *pix, struct box b, double radius)
{
	const double x = b.w / 2.0, y = b.h / 2.0;

	for (int v = 0; v < b.h; v++)
		for (int u = 0; u < b.w; u++)
			if (hypot(u + 0.5 - x, v + 0.5 - y) > radius)
				pixSetPixel(pix, u, v, 255);
}

/* The width of ink in the rows where 1 is one upright stroke; close: its height. */
static int
stem_of(PIX *close)
{
	const l_int32 h = pixGetHeight(close);
	BOX *rows =
	    boxCreate(0, (l_int32)(STEM_TOP * h), pixGetWidth(close), (l_int32)(STEM_HIGH * h) + 1);
	BOX *box = NULL;
	l_int32 w = 0;

	pixClipBoxToForeground(close, rows, NULL, &box);
	if (box != NULL)
		boxGetGeometry(box, NULL, NULL, &w, NULL);
	boxDestroy(&rows);
	boxDestroy(&box);
	return w;
}

/* Width to height of the ink of pix; of a stroke on a foot, without the foot. */
static double
shape_of(PIX *pix)
{
	PIX *ink = strip_ink(pix, INK_HALF), *close = NULL;
	l_int32 w = 0, h = 1;

	if (ink != NULL && pixClipToForeground(ink, &close, NULL) == 0 && close != NULL) {
		const int stem = stem_of(close);

		pixGetDimensions(close, &w, &h, NULL);
		if (stem > 0 && stem <= STEM_WIDE * h)
			w = stem;
	}
	pixDestroy(&close);
	pixDestroy(&ink);
	return (double)w / h;
}

struct Pix *
ringed_inside(struct Pix *pix, struct box ring, double wide, double *ret_shape)
{
	PIX *ink = strip_ink(pix, INK_PALE), *part, *large = NULL, *out = NULL;
	BOX *box = boxCreate(ring.x, ring.y, ring.w, ring.h);
	const double factor = LETTER / (LETTER_SHARE * ring.h);

	part = ink == NULL ? NULL : pixClipRectangle(pix, box, NULL);
	if (part != NULL) {
		whiten(part, ring, inside_of(ring, rim_of(ink, ring)));
		large = enlarge_grey(part, factor < 1 ? 1 : factor);
	}
	*ret_shape = large == NULL ? 0 : shape_of(large);
	if (large != NULL && wide != 1)
		pixels_replace(&large, pixScale(large, (l_float32)wide, 1));
	if (large != NULL)
		out = pixAddBorder(large, BORDER, 255);
	boxDestroy(&box);
	pixDestroy(&ink);
	pixDestroy(&part);
	pixDestroy(&large);
	return out;
}
