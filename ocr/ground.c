/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark things that are thin are filled from beside them, seen at a quarter of the size. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/ground.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define FILL 5       /* parts, 1.7 mm: thinner dark things are print */
#define FILL_PRINT 9 /* parts, 3 mm */
#define RULE 3       /* parts; ruled lines are thinner, … */
#define ALONG 25     /* … and in so many across there is a gap between letters */
#define SHADE 170    /* grey; darker fields are no bands with dark print */
#define STEP 7       /* grey levels from a band to what lies beside it, … */
#define BESIDE 3     /* … looked at in so many parts on each side */
#define SOFT 3       /* parts: so far beside what is dark may paper be darker, too */
#define NO_BAND INT_MIN
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

/* The ground smoothed, but not where a field darker than `least` begins: beside it the ground is as
 * light as what lies there, and in it 0. NULL: no memory. */
static PIX *
smooth_ground(PIX *ground, int least)
{
	PIX *smooth = pixBlockconv(ground, 1, 1), *light = pixDilateGray(ground, 3, 3);
	PIX *sure = pixOpenGray(ground, RULE, RULE);
	PIX *dark = sure == NULL ? NULL : pixels_dark(sure, least);
	PIX *near = dark == NULL ? NULL : pixDilateBrick(NULL, dark, 3, 3);

	if (smooth == NULL || light == NULL || near == NULL ||
	    pixCombineMasked(smooth, light, near) != 0 || pixSetMasked(smooth, dark, 0) != 0)
		pixDestroy(&smooth);
	pixDestroy(&near);
	pixDestroy(&dark);
	pixDestroy(&sure);
	pixDestroy(&light);
	return smooth;
}

int
ground_even(struct Pix *grey, struct Pix *ground, int part, int least, int white)
{
	PIX *smooth = smooth_ground(ground, least);
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

/* How much lighter each pixel of row y and those below are than those above it; 0 near what is no
 * band. */
static void
measure_steps(PIX *ground, int y, int *ret)
{
	const int w = pixGetWidth(ground), h = pixGetHeight(ground);
	const bool inside = y >= BESIDE && y + BESIDE <= h;

	memset(ret, 0, (size_t)w * sizeof *ret);
	for (int i = -BESIDE - SOFT; inside && i < BESIDE + SOFT; i++) {
		const int row = y + i < 0 ? 0 : y + i >= h ? h - 1 : y + i;
		const int sign = i < -BESIDE || i >= BESIDE ? 0 : i < 0 ? -1 : 1;
		const l_uint32 *line = pixGetData(ground) + (size_t)pixGetWpl(ground) * (size_t)row;

		for (int x = 0; x < w; x++) {
			const int v = GET_DATA_BYTE(line, x);

			ret[x] = v < SHADE || ret[x] == NO_BAND ? NO_BAND : ret[x] + sign * v;
		}
	}
	for (int x = 0; x < w; x++)
		ret[x] = ret[x] == NO_BAND ? 0 : ret[x] / BESIDE;
}

/* Sets in row y where it gets lighter downwards by a step, and by most; sign -1: darker. */
static void
mark_steps(PIX *out, int y, const int *before, const int *now, const int *next, int sign)
{
	for (int x = 0; x < (int)pixGetWidth(out); x++)
		if (sign * now[x] >= STEP && sign * now[x] >= sign * before[x] &&
		    sign * now[x] > sign * next[x])
			pixSetPixel(out, x, y, 1);
}

/* Where bands end above what is lighter, and above what is darker. */
static int
find_steps(PIX *ground, PIX *lighter, PIX *darker)
{
	const int w = pixGetWidth(ground), h = pixGetHeight(ground);
	_cleanup_(freep) int *rows = calloc(3 * (size_t)w, sizeof *rows);
	int *before = rows, *now = rows + w, *next = rows + 2 * w;

	if (rows == NULL)
		return -ENOMEM;
	for (int y = 0; y < h; y++) {
		int *spare = before;

		measure_steps(ground, y + 1, next);
		mark_steps(lighter, y, before, now, next, 1);
		mark_steps(darker, y, before, now, next, -1);
		before = now;
		now = next;
		next = spare;
	}
	return 0;
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

/* The ground without letters and ruled lines, filled from beside them. */
static PIX *
bands_of(PIX *ground)
{
	PIX *unruled = pixCloseGray(ground, 1, RULE);
	PIX *bands = unruled == NULL ? NULL : pixCloseGray(unruled, ALONG, 1);

	pixDestroy(&unruled);
	return bands;
}

/* Both sides of bands. */
static PIX *
edges(PIX *ground, int least)
{
	PIX *bands = bands_of(ground),
	    *lighter = bands == NULL ? NULL : pixCreate(pixGetWidth(bands), pixGetHeight(bands), 1);
	PIX *darker = lighter == NULL ? NULL : pixCreateTemplate(lighter), *out = NULL,
	    *other = NULL;

	if (darker != NULL && find_steps(bands, lighter, darker) >= 0) {
		out = long_ones(lighter, least);
		other = out == NULL ? NULL : long_ones(darker, least);
	}
	if (other == NULL || pixOr(out, out, other) == NULL)
		pixDestroy(&out);
	pixDestroy(&other);
	pixDestroy(&darker);
	pixDestroy(&lighter);
	pixDestroy(&bands);
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
