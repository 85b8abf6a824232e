/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are enlarged one after the other, and the last four of them make rows between them. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/enlarge.h"
#include "ocr/pixels.h"
#include "ocr/wide.h"

#define TAPS 4   /* pixels of the source that make one */
#define BEFORE 1 /* of them before the place that they make */
#define ONE 64   /* weights are so many parts of it: sums of four pixels stay below 2^15 */
#define SPARE 32 /* pixels behind a row's end */

/* What makes one pixel, or one row. */
struct place {
	int first; /* of the source; may lie outside, where its edge goes on */
	int16_t weight[TAPS];
};

struct enlarging {
	PIX *from;
	int w, h; /* of what comes out */
	size_t wide;
	struct place *column;
	uint8_t *source; /* a row of it */
	int16_t *rows;   /* TAPS of them, wide */
	int is[TAPS];    /* the row of the source that stands at each place; -1: none */
	uint8_t *out;
};

/* Mitchell and Netravali, Reconstruction Filters in Computer Graphics (1988), B = C = 1/3. */
static double
cubic(double x)
{
	x = fabs(x);
	if (x < 1)
		return (7 * x - 12) * x * x / 6 + 8.0 / 9;
	return x < 2 ? ((-7 * x + 36) * x - 60) * x / 18 + 16.0 / 9 : 0;
}

static struct place
place_of(int i, double factor)
{
	const double at = (i + 0.5) / factor - 0.5;
	struct place p = {.first = (int)floor(at) - BEFORE};
	int sum = 0;

	for (int k = 0; k < TAPS; k++) {
		p.weight[k] = (int16_t)lround(ONE * cubic(at - p.first - k));
		sum += p.weight[k];
	}
	p.weight[at - floor(at) < 0.5 ? BEFORE : BEFORE + 1] += (int16_t)(ONE - sum);
	return p;
}

static int
within(int i, int n)
{
	return i < 0 ? 0 : i >= n ? n - 1 : i;
}

static void
widen(const struct enlarging *e, int16_t *to)
{
	const int n = pixGetWidth(e->from);

	for (int x = 0; x < e->w; x++) {
		const struct place *p = &e->column[x];
		int sum = ONE / 2;

		if (p->first >= 0 && p->first + TAPS <= n)
			for (int k = 0; k < TAPS; k++)
				sum += p->weight[k] * e->source[p->first + k];
		else
			for (int k = 0; k < TAPS; k++)
				sum += p->weight[k] * e->source[within(p->first + k, n)];
		sum /= ONE;
		to[x] = (int16_t)(sum < 0 ? 0 : sum > 255 ? 255 : sum);
	}
}

/* Row y of the source, as wide as what comes out. */
static const int16_t *
row(struct enlarging *e, int y)
{
	const int at = y % TAPS, words = pixGetWpl(e->from);
	int16_t *to = e->rows + (size_t)at * e->wide;

	if (e->is[at] == y)
		return to;
	pixels_swap(pixGetData(e->from) + (size_t)words * (size_t)y, e->source, words);
	widen(e, to);
	e->is[at] = y;
	return to;
}

WIDE static void
weigh(uint8_t *restrict out, const int16_t *restrict a, const int16_t *restrict b,
    const int16_t *restrict c, const int16_t *restrict d, const int16_t *weight, int n)
{
	const int16_t wa = weight[0], wb = weight[1], wc = weight[2], wd = weight[3];

	for (int i = 0; i < n; i++) {
		int16_t v = (int16_t)(a[i] * wa + b[i] * wb + c[i] * wc + d[i] * wd + ONE / 2);

		v = (int16_t)(v < 0 ? 0 : v / ONE);
		out[i] = (uint8_t)(v > 255 ? 255 : v);
	}
}

static void
enlarge(struct enlarging *e, PIX *to, double factor)
{
	const int n = pixGetHeight(e->from), words = pixGetWpl(to);

	for (int y = 0; y < e->h; y++) {
		const struct place p = place_of(y, factor);
		const int16_t *part[TAPS];

		for (int k = 0; k < TAPS; k++)
			part[k] = row(e, within(p.first + k, n));
		weigh(e->out, part[0], part[1], part[2], part[3], p.weight, e->w);
		pixels_swap(e->out, pixGetData(to) + (size_t)words * (size_t)y, words);
	}
}

static void
enlarging_free(struct enlarging *e)
{
	free(e->column);
	free(e->source);
	free(e->rows);
	free(e->out);
}

static bool
enlarging_new(PIX *pix, double factor, struct enlarging *ret)
{
	struct enlarging e = {.from = pix,
	    .w = (int)lround(factor * pixGetWidth(pix)),
	    .h = (int)lround(factor * pixGetHeight(pix)),
	    .is = {-1, -1, -1, -1}};

	e.wide = (size_t)e.w + SPARE;
	e.column = calloc(e.wide, sizeof *e.column);
	e.source = calloc((size_t)pixGetWpl(pix), 4);
	e.rows = calloc(e.wide * TAPS, sizeof *e.rows);
	e.out = calloc(e.wide, 1);
	if (e.column == NULL || e.source == NULL || e.rows == NULL || e.out == NULL) {
		enlarging_free(&e);
		return false;
	}
	for (int x = 0; x < e.w; x++)
		e.column[x] = place_of(x, factor);
	*ret = e;
	return true;
}

PIX *
enlarge_grey(PIX *pix, double factor)
{
	struct enlarging e;
	PIX *out;

	if (pixGetDepth(pix) != 8 || !enlarging_new(pix, factor, &e))
		return NULL;
	out = pixCreateNoInit(e.w, e.h, 8);
	if (out != NULL)
		enlarge(&e, out, factor);
	enlarging_free(&e);
	return out;
}
