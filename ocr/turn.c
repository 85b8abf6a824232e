/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Each pixel is a mean of the four of the source that it falls between, in sixteenths of a pixel.
 * A row is cut into segments whose sources lie side by side in the same two rows.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/pixels.h"
#include "ocr/turn.h"
#include "ocr/wide.h"

#define BLOCK 32 /* pixels that are done at a time; rows have room for so many behind their end */
#define PLACE_ROW 32768 /* more than twice the columns that 60,000 rows are moved by at 15 degrees */
#define WHITE 255

/* Source rows in the order of their bytes. Only those that the current row needs are kept. */
struct rows {
	PIX *from;
	int n; /* that are kept */
	size_t wide;
	uint8_t *byte;
	int *is; /* the row that stands at each place */
};

struct turning {
	struct rows rows;
	int w, h;
	float sine, cosine;      /* in sixteenths */
	float *sines, *cosines;  /* times the distance from the middle */
	int32_t *place;          /* source row * PLACE_ROW + columns moved */
	uint16_t *right, *below; /* sixteenths from there */
	uint8_t *out;
};

static const uint8_t *
row(struct rows *r, int y)
{
	int at = y % r->n;
	uint8_t *byte = r->byte + (size_t)at * r->wide;

	if (r->is[at] != y) {
		pixels_swap(pixGetData(r->from) + (size_t)pixGetWpl(r->from) * (size_t)y, byte,
		    pixGetWpl(r->from));
		r->is[at] = y;
	}
	return byte;
}

/*
 * Where the pixels of a row come from, in sixteenths of a pixel, and which of them come from places
 * side by side. Arithmetic of single floats in this order, as pixRotateAMGray() has it.
 */
WIDE static void
find_sources(const float *restrict cosines, const float *restrict sines, float x0, float y0, int cx,
    int cy, uint16_t *restrict right, uint16_t *restrict below, int32_t *restrict place, int n)
{
	for (int i = 0; i < n; i++) {
		int32_t x = (int32_t)(cosines[i] + x0), y = (int32_t)(y0 - sines[i]);

		right[i] = (uint16_t)(x & 15);
		below[i] = (uint16_t)(y & 15);
		place[i] = (cy + (y >> 4)) * PLACE_ROW + cx + (x >> 4) - i;
	}
}

/* End of the segment that begins at i. */
WIDE static int
segment_end(const int32_t *place, int i, int end)
{
	const int32_t is = place[i];

	for (;; i += 16) {
		int32_t other = 0;

		if (i + 16 > end)
			break;
		for (int k = 0; k < 16; k++)
			other |= place[i + k] ^ is;
		if (other != 0)
			break;
	}
	while (i < end && place[i] == is)
		i++;
	return i;
}

/* Pixels from … to of out, and up to BLOCK - 1 behind them that mean nothing. a, b: their sources
 * in the upper and the lower row. */
WIDE static void
weigh(uint8_t *restrict out, const uint8_t *restrict a, const uint8_t *restrict b,
    const uint16_t *restrict right, const uint16_t *restrict below, int n)
{
	for (int i = 0; i < n; i += BLOCK)
		for (int k = i; k < i + BLOCK; k++) {
			uint16_t r = right[k], u = below[k], l = (uint16_t)(16 - r),
				 o = (uint16_t)(16 - u);
			uint16_t left = (uint16_t)(a[k] * o + b[k] * u);
			uint16_t next = (uint16_t)(a[k + 1] * o + b[k + 1] * u);

			out[k] = (uint8_t)((uint16_t)(left * l + next * r + 128) >> 8);
		}
}

static void
turn_row(struct turning *t, int y)
{
	const float down = (float)(y - t->h / 2);

	find_sources(t->cosines, t->sines, down * t->sine, down * t->cosine, t->w / 2, t->h / 2,
	    t->right, t->below, t->place, t->w);
	for (int i = 0, end; i < t->w; i = end) {
		const int from_row = (t->place[i] + PLACE_ROW / 2) / PLACE_ROW;
		int x = t->place[i] - from_row * PLACE_ROW + i, known;

		end = segment_end(t->place, i, t->w);
		if (t->place[i] < -PLACE_ROW / 2 || from_row > t->h - 2 || x > t->w - 2) {
			memset(t->out + i, WHITE, (size_t)(end - i));
			continue;
		}
		for (; x < 0 && i < end; x++, i++)
			t->out[i] = WHITE;
		if (i == end)
			continue;
		/* the sources of the rest lie behind the row's end */
		known = t->w - 1 - x < end - i ? t->w - 1 - x : end - i;
		weigh(t->out + i, row(&t->rows, from_row) + x, row(&t->rows, from_row + 1) + x,
		    t->right + i, t->below + i, known);
		memset(t->out + i + known, WHITE, (size_t)(end - i - known));
	}
}

static void
turning_free(struct turning *t)
{
	free(t->rows.byte);
	free(t->rows.is);
	free(t->sines);
	free(t->place);
	free(t->right);
	free(t->out);
}

static bool
turning_new(PIX *pix, float radians, struct turning *ret)
{
	size_t wide = (size_t)pixGetWpl(pix) * 4 + 2 * BLOCK;
	struct turning t = {.w = pixGetWidth(pix),
	    .h = pixGetHeight(pix),
	    .sine = (float)(16.0 * sin((double)radians)),
	    .cosine = (float)(16.0 * cos((double)radians)),
	    .rows = {.from = pix, .wide = wide}};

	t.rows.n = (int)(fabs(sin((double)radians)) * t.w) + 4;
	t.rows.n = t.rows.n < t.h ? t.rows.n : t.h;
	t.rows.byte = calloc((size_t)t.rows.n, wide);
	t.rows.is = malloc((size_t)t.rows.n * sizeof *t.rows.is);
	t.sines = calloc(wide, 2 * sizeof *t.sines);
	t.place = calloc(wide, sizeof *t.place);
	t.right = calloc(wide, 2 * sizeof *t.right);
	t.out = calloc(wide, 1);
	if (t.rows.byte == NULL || t.rows.is == NULL || t.sines == NULL || t.place == NULL ||
	    t.right == NULL || t.out == NULL) {
		turning_free(&t);
		return false;
	}
	for (int i = 0; i < t.rows.n; i++)
		t.rows.is[i] = -1;
	t.below = t.right + wide;
	t.cosines = t.sines + wide;
	for (int i = 0; i < t.w; i++) {
		t.sines[i] = (float)(i - t.w / 2) * t.sine;
		t.cosines[i] = (float)(i - t.w / 2) * t.cosine;
	}
	*ret = t;
	return true;
}

PIX *
turn_grey(PIX *pix, float radians)
{
	PIX *out = pixGetDepth(pix) == 8 ? pixCreateTemplateNoInit(pix) : NULL;
	struct turning t;

	if (out == NULL || !turning_new(pix, radians, &t)) {
		pixDestroy(&out);
		return NULL;
	}
	for (int y = 0; y < t.h; y++) {
		turn_row(&t, y);
		pixels_swap(
		    t.out, pixGetData(out) + (size_t)pixGetWpl(out) * (size_t)y, pixGetWpl(out));
	}
	turning_free(&t);
	return out;
}
