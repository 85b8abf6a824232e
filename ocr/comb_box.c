/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of white; gaps that wear left in their sides are closed before. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/comb_box.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define SEAL_RUN 8    /* runs of ink so long … */
#define SEAL_GAP 6    /* … with less between them are one */
#define WIDE_MIN 10   /* of a box */
#define WIDE_MAX 500  /* of a frame */
#define STRAIGHT 0.85 /* of a side that is there … */
#define DEPTH 2       /* … so far inside at most */
#define ROUND 1.25    /* longer to shorter side of a ring, … */
#define ROUND_IN 0.12 /* … which has ink so far in from a corner, of its height, both ways, … */
#define ROUND_LEAST 3 /* … from so many corners */
#define CORNER 2      /* of level sides beyond the box */
#define GOES_ON 12    /* pixels: a side with its corner is less */

/* ink, its worn lines whole. */
static PIX *
seal(PIX *ink)
{
	PIX *sealed = pixCopy(NULL, ink);

	for (int d = ACROSS; sealed != NULL && d <= DOWN; d++) {
		PIX *runs = runs_open(ink, d, SEAL_RUN);
		PIX *whole = runs == NULL ? NULL : runs_close(runs, d, SEAL_GAP);

		if (whole == NULL || pixOr(sealed, sealed, whole) == NULL)
			pixDestroy(&sealed);
		pixDestroy(&runs);
		pixDestroy(&whole);
	}
	return sealed;
}

/* The pixel at place i along a side, d outwards from the outermost one inside. */
static bool
is_ink(PIX *ink, struct box b, enum side side, int i, int d)
{
	switch (side) {
	case SIDE_LEFT:
		return pixels_is_set(ink, b.x - d, b.y + i);
	case SIDE_RIGHT:
		return pixels_is_set(ink, b.x + b.w - 1 + d, b.y + i);
	case SIDE_TOP:
		return pixels_is_set(ink, b.x + i, b.y - d);
	default:
		return pixels_is_set(ink, b.x + i, b.y + b.h - 1 + d);
	}
}

static bool
is_straight(PIX *ink, struct box b, enum side side)
{
	const int n = side == SIDE_LEFT || side == SIDE_RIGHT ? b.h : b.w;
	int good = 0;

	for (int i = 0; i < n; i++) {
		int d = -DEPTH;

		while (d <= 1 && !is_ink(ink, b, side, i, d))
			d++;
		good += d <= 1;
	}
	return good >= STRAIGHT * n;
}

/* The white in a ring is as straight as that in a small box, but for its corners. */
static bool
is_ring(PIX *ink, struct box b)
{
	const int in = (int)(ROUND_IN * b.h), right = b.x + b.w - 1 - in,
		  bottom = b.y + b.h - 1 - in;

	return b.w <= ROUND * b.h && b.h <= ROUND * b.w &&
	       pixels_is_set(ink, b.x + in, b.y + in) + pixels_is_set(ink, right, b.y + in) +
		       pixels_is_set(ink, b.x + in, bottom) + pixels_is_set(ink, right, bottom) >=
		   ROUND_LEAST;
}

static bool
is_box(PIX *ink, struct box b)
{
	if (b.h < COMB_HIGH_MIN || b.h > COMB_HIGH_MAX || b.w < WIDE_MIN || b.w > WIDE_MAX)
		return false;
	for (enum side side = SIDE_LEFT; side <= SIDE_BOTTOM; side++)
		if (!is_straight(ink, b, side))
			return false;
	return !is_ring(ink, b);
}

int
comb_boxes(struct Pix *ink, struct box *ret, int most)
{
	PIX *sealed = seal(ink), *white = sealed == NULL ? NULL : pixInvert(NULL, sealed);
	BOXA *boxes = white == NULL ? NULL : pixConnCompBB(white, 4);
	int n = 0;

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes) && n < most; i++) {
		struct box b;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		if (is_box(sealed, b))
			ret[n++] = b;
	}
	if (boxes == NULL)
		n = -ENOMEM;
	boxaDestroy(&boxes);
	pixDestroy(&white);
	pixDestroy(&sealed);
	return n;
}

/* beside: a pixel beside does as well. */
static bool
goes_on(PIX *ink, int x, int y, int dx, int dy, bool beside)
{
	for (int i = 0; i < GOES_ON; i++) {
		const int u = x + i * dx, v = y + i * dy;

		if (!pixels_is_set(ink, u, v) &&
		    (!beside || (!pixels_is_set(ink, u - dy, v - dx) &&
				    !pixels_is_set(ink, u + dy, v + dx))))
			return false;
	}
	return true;
}

bool
comb_goes_on(struct Pix *ink, int x, int y, int dx, int dy)
{
	return goes_on(ink, x, y, dx, dy, true);
}

/* Whether what lies d pixels outside of a side goes on beyond it. */
static bool
layer_goes_on(PIX *ink, struct box b, enum side side, int d)
{
	const int left = b.x - d, right = b.x + b.w - 1 + d;
	const int top = b.y - d, bottom = b.y + b.h - 1 + d;
	const int x = side == SIDE_LEFT ? left : right, y = side == SIDE_TOP ? top : bottom;

	if (side == SIDE_LEFT || side == SIDE_RIGHT)
		return goes_on(ink, x, b.y - 1, 0, -1, false) ||
		       goes_on(ink, x, b.y + b.h, 0, 1, false);
	return goes_on(ink, b.x - 1, y, -1, 0, false) || goes_on(ink, b.x + b.w, y, 1, 0, false);
}

int
comb_side_thick(struct Pix *ink, struct box b, enum side side)
{
	int d = 1;

	while (d <= COMB_THICK && !layer_goes_on(ink, b, side, d))
		d++;
	return d - 1;
}

static void
set(PIX *pix, struct box b, enum side side, int i, int d)
{
	if (side == SIDE_LEFT)
		pixSetPixel(pix, b.x - d, b.y + i, 1);
	else if (side == SIDE_RIGHT)
		pixSetPixel(pix, b.x + b.w - 1 + d, b.y + i, 1);
	else if (side == SIDE_TOP)
		pixSetPixel(pix, b.x + i, b.y - d, 1);
	else
		pixSetPixel(pix, b.x + i, b.y + b.h - 1 + d, 1);
}

void
comb_take_side(struct Pix *ink, struct box b, enum side side, int thick, struct Pix *edges)
{
	const bool upright = side == SIDE_LEFT || side == SIDE_RIGHT;
	const int n = upright ? b.h : b.w, corner = upright ? 0 : CORNER;

	for (int i = -corner; i < n + corner; i++) {
		int d = 1;

		if (!is_ink(ink, b, side, i, d) && !is_ink(ink, b, side, i, ++d))
			continue;
		for (int in = d - 1; in >= -DEPTH && is_ink(ink, b, side, i, in); in--)
			set(edges, b, side, i, in);
		for (; d <= thick && is_ink(ink, b, side, i, d); d++)
			set(edges, b, side, i, d);
	}
}
