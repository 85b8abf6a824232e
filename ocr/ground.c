/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark things that are thin are filled from beside them, seen at a quarter of the size. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/ground.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define FILL 5        /* parts, 1.7 mm: thinner dark things are print */
#define FILL_PRINT 9  /* parts, 3 mm */
#define RULE 3        /* parts; ruled lines are thinner, … */
#define ALONG 25      /* … and in so many across there is a gap between letters */
#define SHADE 170     /* grey; darker fields are no bands with dark print */
#define STEP 7        /* grey levels from a band to what lies beside it, … */
#define BESIDE 3      /* … looked at in so many parts on each side */
#define BAND_LEAST 40 /* parts, 13.5 mm, of a side of a band on a page that may lie aslant */
#define EDGE_LEAST 100
#define GAP 8            /* parts; edges are joined over gaps that are shorter */
#define BANDS_LEAST 8000 /* parts of edges on a page with bands */

struct Pix *
ground_find(struct Pix *grey)
{
	PIX *half = pixels_mean_half(grey);
	PIX *part = half == NULL ? NULL : pixScaleGrayMinMax(half, 2, 2, L_CHOOSE_MAX);
	PIX *ground = part == NULL ? NULL : pixCloseGray(part, FILL, FILL);

	pixDestroy(&part);
	pixDestroy(&half);
	return ground;
}

struct Pix *
ground_without_print(struct Pix *ground)
{
	return pixCloseGray(ground, FILL_PRINT, FILL_PRINT);
}

int
ground_even(struct Pix *grey, struct Pix *ground, int part, int least, int white)
{
	PIX *smooth = pixBlockconv(ground, 1, 1);
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);

	if (smooth == NULL)
		return -ENOMEM;
	for (int y = 0; y < h; y++) {
		const int last_row = (int)pixGetHeight(smooth) - 1;
		const int row = y / part > last_row ? last_row : y / part;
		const l_uint32 *by = pixGetData(smooth) + (size_t)pixGetWpl(smooth) * (size_t)row;
		l_uint32 *line = pixGetData(grey) + (size_t)pixGetWpl(grey) * (size_t)y;

		for (int x = 0; x < w; x++) {
			const int last = (int)pixGetWidth(smooth) - 1;
			const int under = GET_DATA_BYTE(by, x / part > last ? last : x / part);
			const int v = under < least ? GET_DATA_BYTE(line, x)
						    : GET_DATA_BYTE(line, x) * white / under;

			SET_DATA_BYTE(line, x, v > 255 ? 255 : v);
		}
	}
	pixDestroy(&smooth);
	return 0;
}

/* How much lighter it is from a pixel on downwards than above it; 0 beside what is no band. */
static int
step(PIX *ground, int x, int y)
{
	int sum = 0;

	if (y < BESIDE || y + BESIDE > (int)pixGetHeight(ground))
		return 0;
	for (int i = -BESIDE; i < BESIDE; i++) {
		const l_uint32 *line =
		    pixGetData(ground) + (size_t)pixGetWpl(ground) * (size_t)(y + i);
		const int v = GET_DATA_BYTE(line, x);

		if (v < SHADE)
			return 0;
		sum += i < 0 ? -v : v;
	}
	return sum / BESIDE;
}

/* Where it gets lighter downwards (sign 1) or darker (-1) by a step, and by most. */
static PIX *
steps(PIX *ground, int sign)
{
	const int w = pixGetWidth(ground), h = pixGetHeight(ground);
	PIX *out = pixCreate(w, h, 1);

	for (int x = 0; out != NULL && x < w; x++) {
		int before = 0, now = sign * step(ground, x, 0);

		for (int y = 0; y < h; y++) {
			const int next = y + 1 < h ? sign * step(ground, x, y + 1) : 0;

			if (now >= STEP && now >= before && now > next)
				pixSetPixel(out, x, y, 1);
			before = now;
			now = next;
		}
	}
	return out;
}

/* What of the steps goes on across, a little up and down, for at least so many parts. */
static PIX *
long_ones(PIX *steps, int least)
{
	PIX *thick = pixDilateBrick(NULL, steps, 1, 3), *closed, *runs = NULL;

	closed = thick == NULL ? NULL : runs_close(thick, ACROSS, GAP);
	pixDestroy(&thick);
	runs = closed == NULL ? NULL : runs_open(closed, ACROSS, least);
	pixDestroy(&closed);
	if (runs != NULL && pixAnd(runs, runs, steps) == NULL)
		pixDestroy(&runs);
	closed = runs == NULL ? NULL : runs_close(runs, ACROSS, GAP);
	pixDestroy(&runs);
	return closed;
}

/* Both sides of bands; letters and ruled lines are filled from beside them. */
static PIX *
edges(PIX *ground, int least)
{
	PIX *unruled = pixCloseGray(ground, 1, RULE);
	PIX *bands = unruled == NULL ? NULL : pixCloseGray(unruled, ALONG, 1), *out = NULL;

	for (int sign = -1; bands != NULL && sign <= 1; sign += 2) {
		PIX *some = steps(bands, sign),
		    *sides = some == NULL ? NULL : long_ones(some, least);

		if (sides == NULL) {
			pixDestroy(&out);
			pixDestroy(&some);
			break;
		}
		if (out == NULL)
			out = pixClone(sides);
		else
			pixOr(out, out, sides);
		pixDestroy(&some);
		pixDestroy(&sides);
	}
	pixDestroy(&bands);
	pixDestroy(&unruled);
	return out;
}

int
ground_is_banded(struct Pix *ground)
{
	PIX *all = edges(ground, BAND_LEAST);
	l_int32 n = 0;

	if (all == NULL)
		return -ENOMEM;
	pixCountPixels(all, &n, NULL);
	pixDestroy(&all);
	return n >= BANDS_LEAST;
}

struct Pix *
ground_edges(struct Pix *ground)
{
	PIX *all = edges(ground, EDGE_LEAST);
	PIX *out = all == NULL ? NULL : pixExpandReplicate(all, 2);

	pixDestroy(&all);
	return out;
}
