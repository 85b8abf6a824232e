/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sobel's gradient of a square picture, sampled by Gaussians. All of it fits into a processor's
 * nearest memory. */
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/letter_shape.h"
#include "ocr/wide.h"

#define SOURCE 128  /* pixels: larger windows are made smaller, by whole numbers */
#define SIDE 64     /* of the square, in its pixels */
#define BORDER 2    /* left free in it */
#define PAPER 200   /* of 255: where all is darker than that, no paper is in the window */
#define CONTRAST 24 /* from paper to ink, of 255 */
#define INK 0.35f   /* of the way from paper to the darkest pixel: the letter's outline */
#define TAPS 12     /* pixels of the source that a pixel of the square is made of, at most */
#define SIGMA 4.4f  /* pixels: of the Gaussians that sample directions */
#define REACH 14    /* pixels: beyond, they are nothing */
#define PART (SIDE / LETTER_PARTS)
#define ROOT2 1.41421356f
#define HALF_PI 1.57079633f

/* How dark, 0 paper … most. */
struct source {
	int w, h;
	float times; /* pixels of the picture that one of these is wide */
	uint8_t dark[SOURCE][SOURCE];
	uint8_t columns[SOURCE], rows[SOURCE]; /* the darkest in each */
	uint8_t most;
};

/* Pixels of a source, from … to. */
struct extent {
	float from, to;
};

/* Which pixels of the source make one of the square, along one of its sides. */
struct taps {
	int first[SIDE], n[SIDE];
	float weight[SIDE][TAPS];
};

/* Ink 0 … 1, with one pixel more on each side, as the gradient needs it. */
struct square {
	float ink[SIDE + 2][SIDE + 2];
};

/* Each direction's gradient, in one row of the square. */
struct rising {
	float at[LETTER_DIRECTIONS][SIDE];
};

/* Directions by rows of parts, of every column yet. */
struct sampled {
	float at[LETTER_PARTS][LETTER_DIRECTIONS][SIDE];
};

/* Means of `times` by `times` pixels of the picture, as far as the window reaches. */
static void
take_row(PIX *grey, struct box window, int times, int row, uint8_t *ret)
{
	const int from = row * times, to = from + times < window.h ? from + times : window.h;
	unsigned sums[SOURCE] = {0};

	for (int y = window.y + from; y < window.y + to; y++) {
		const l_uint32 *line = pixGetData(grey) + (size_t)pixGetWpl(grey) * (size_t)y;

		for (int x = 0, k = 0, left = times; x < window.w; x++) {
			sums[k] += GET_DATA_BYTE(line, window.x + x);
			if (--left == 0) {
				left = times;
				k++;
			}
		}
	}
	for (int k = 0; k * times < window.w; k++) {
		const int beyond = (k + 1) * times - window.w,
			  wide = beyond > 0 ? times - beyond : times;

		ret[k] = (uint8_t)(sums[k] / (unsigned)(wide * (to - from)));
	}
}

/* Grey becomes dark. -ENODATA: all is paper. */
WIDE static int
darken(struct source *s)
{
	uint8_t paper = PAPER, darkest = 255;

	for (int y = 0; y < s->h; y++)
		for (int x = 0; x < s->w; x++) {
			paper = s->dark[y][x] > paper ? s->dark[y][x] : paper;
			darkest = s->dark[y][x] < darkest ? s->dark[y][x] : darkest;
		}
	memset(s->columns, 0, sizeof s->columns);
	for (int y = 0; y < s->h; y++) {
		uint8_t *row = s->dark[y], most = 0;

		for (int x = 0; x < s->w; x++) {
			row[x] = (uint8_t)(paper - row[x]);
			s->columns[x] = row[x] > s->columns[x] ? row[x] : s->columns[x];
			most = row[x] > most ? row[x] : most;
		}
		s->rows[y] = most;
	}
	s->most = (uint8_t)(paper - darkest);
	return s->most < CONTRAST ? -ENODATA : 0;
}

/* window lies on grey, and is not empty. */
static int
take_source(PIX *grey, struct box window, struct source *ret)
{
	const int longest = window.w > window.h ? window.w : window.h,
		  times = (longest + SOURCE - 1) / SOURCE;

	ret->times = (float)times;
	ret->w = (window.w + times - 1) / times;
	ret->h = (window.h + times - 1) / times;
	for (int y = 0; y < ret->h; y++)
		take_row(grey, window, times, y, ret->dark[y]);
	return darken(ret);
}

/* Where between two pixels' middles, of which the second is darker, the outline runs. A sharp edge
 * between two pixels stays where it is. */
static float
outline(float before, float least, float after)
{
	return (least - before) / (after - before) - INK;
}

/* From the first to the last of n that is as dark as the letter's outline. */
static struct extent
extent_of(const uint8_t *dark, int n, float least)
{
	int from = 0, to = n;

	while (from < n - 1 && (float)dark[from] <= least)
		from++;
	while (to > from + 1 && (float)dark[to - 1] <= least)
		to--;
	return (struct extent){
	    (float)from + outline(from > 0 ? dark[from - 1] : 0, least, dark[from]),
	    (float)to - outline(to < n ? dark[to] : 0, least, dark[to - 1])};
}

static float
length_of(struct extent e)
{
	return e.to - e.from;
}

/* Keys' cubic. */
static float
cubic(float t)
{
	t = fabsf(t);
	if (t < 1)
		return (1.5f * t - 2.5f) * t * t + 1;
	return t < 2 ? ((-0.5f * t + 2.5f) * t - 4) * t + 2 : 0;
}

/* e of a source of n pixels, beyond which is paper, fills `length` in the middle of the square. */
static void
find_taps(struct extent e, int n, float length, struct taps *ret)
{
	const float scale = length_of(e) / length, wide = scale > 1 ? scale : 1;

	for (int i = 0; i < SIDE; i++) {
		const float at =
		    (e.from + e.to) / 2 + ((float)i + 0.5f - (float)SIDE / 2) * scale - 0.5f;
		const int from = (int)ceilf(at - 2 * wide), to = (int)floorf(at + 2 * wide) + 1;
		const int first = from < 0 ? 0 : from, end = to > n ? n : to;
		float sum = 0;

		ret->first[i] = first;
		ret->n[i] = end - first < 0 ? 0 : end - first < TAPS ? end - first : TAPS;
		for (int k = from; k < to; k++)
			sum += cubic(((float)k - at) / wide);
		for (int k = 0; k < ret->n[i]; k++)
			ret->weight[i][k] = cubic(((float)(first + k) - at) / wide) / sum;
	}
}

/* Down the source's columns; what comes out lies on its side: one row a column. */
WIDE static void
mix_rows(const struct source *s, const struct taps *taps, float out[SOURCE][SIDE])
{
	for (int y = 0; y < SIDE; y++) {
		float row[SOURCE] = {0};

		for (int k = 0; k < taps->n[y]; k++) {
			const uint8_t *dark = s->dark[taps->first[y] + k];
			const float weight = taps->weight[y][k] / (float)s->most;

			for (int x = 0; x < s->w; x++)
				row[x] += weight * (float)dark[x];
		}
		for (int x = 0; x < s->w; x++)
			out[x][y] = row[x];
	}
}

/* The other way, upright again. */
WIDE static void
mix_columns(float columns[SOURCE][SIDE], const struct taps *taps, struct square *ret)
{
	for (int x = 0; x < SIDE; x++) {
		float column[SIDE] = {0};

		for (int k = 0; k < taps->n[x]; k++) {
			const float *from = columns[taps->first[x] + k],
				    weight = taps->weight[x][k];

			for (int y = 0; y < SIDE; y++)
				column[y] += weight * from[y];
		}
		for (int y = 0; y < SIDE; y++) {
			const float v = column[y];

			ret->ink[y + 1][x + 1] = v < 0 ? 0 : v > 1 ? 1 : v;
		}
	}
}

/* The outermost pixels once more around them. */
static void
add_margin(struct square *s)
{
	for (int y = 1; y <= SIDE; y++) {
		s->ink[y][0] = s->ink[y][1];
		s->ink[y][SIDE + 1] = s->ink[y][SIDE];
	}
	memcpy(s->ink[0], s->ink[1], sizeof s->ink[0]);
	memcpy(s->ink[SIDE + 1], s->ink[SIDE], sizeof s->ink[0]);
}

/* Narrow letters stay somewhat narrow. */
static void
make_square(const struct source *s, struct extent across, struct extent down, struct square *ret)
{
	const float w = length_of(across), h = length_of(down), full = SIDE - 2 * BORDER,
		    ratio = w < h ? w / h : h / w, narrow = full * sqrtf(sinf(HALF_PI * ratio));
	struct taps taps;
	float columns[SOURCE][SIDE];

	find_taps(down, s->h, w < h ? full : narrow, &taps);
	mix_rows(s, &taps, columns);
	find_taps(across, s->w, w < h ? narrow : full, &taps);
	mix_columns(columns, &taps, ret);
	add_margin(ret);
}

/* A gradient is the sum of one along an axis and one along a diagonal beside it. */
static inline void
rise(const struct square *s, int y, struct rising *ret)
{
	const float *up = s->ink[y], *at = s->ink[y + 1], *down = s->ink[y + 2];

	for (int x = 0; x < SIDE; x++) {
		const float gx = (up[x + 2] - up[x]) + 2 * (at[x + 2] - at[x]) +
				 (down[x + 2] - down[x]),
			    gy = (down[x] - up[x]) + 2 * (down[x + 1] - up[x + 1]) +
				 (down[x + 2] - up[x + 2]);
		const float ax = fabsf(gx), ay = fabsf(gy), along = ax - ay;
		const float level = along > 0 ? along : 0, upright = along < 0 ? -along : 0,
			    slant = ROOT2 * (ax < ay ? ax : ay);
		const float slant_right = gx > 0 ? slant : 0, slant_left = slant - slant_right;

		ret->at[0][x] = gx > 0 ? level : 0;
		ret->at[1][x] = gy > 0 ? slant_right : 0;
		ret->at[2][x] = gy > 0 ? upright : 0;
		ret->at[3][x] = gy > 0 ? slant_left : 0;
		ret->at[4][x] = gx > 0 ? 0 : level;
		ret->at[5][x] = gy > 0 ? 0 : slant_left;
		ret->at[6][x] = gy > 0 ? 0 : upright;
		ret->at[7][x] = gy > 0 ? 0 : slant_right;
	}
}

/* What the pixel at `at` counts in each part along a side. */
static void
find_weights(float ret[SIDE][LETTER_PARTS])
{
	float bell[REACH], sums[LETTER_PARTS] = {0};

	for (int i = 0; i < REACH; i++)
		bell[i] = expf(-((float)i + 0.5f) * ((float)i + 0.5f) / (2 * SIGMA * SIGMA));
	for (int i = 0; i < SIDE; i++)
		for (int p = 0; p < LETTER_PARTS; p++) {
			const int middle = p * PART + PART / 2,
				  off = i < middle ? middle - 1 - i : i - middle;

			ret[i][p] = off < REACH ? bell[off] : 0;
			sums[p] += ret[i][p];
		}
	for (int i = 0; i < SIDE; i++)
		for (int p = 0; p < LETTER_PARTS; p++)
			ret[i][p] /= sums[p];
}

WIDE static void
sample_rows(const struct square *s, const float weights[SIDE][LETTER_PARTS], struct sampled *ret)
{
	struct rising r;

	memset(ret, 0, sizeof *ret);
	for (int y = 0; y < SIDE; y++) {
		rise(s, y, &r);
		for (int p = 0; p < LETTER_PARTS; p++) {
			const float weight = weights[y][p], *from = r.at[0];
			float *to = ret->at[p][0];

			if (weight == 0)
				continue;
			for (int i = 0; i < LETTER_DIRECTIONS * SIDE; i++)
				to[i] += weight * from[i];
		}
	}
}

WIDE static void
sample_columns(
    const struct sampled *s, const float weights[SIDE][LETTER_PARTS], struct letter_shape *ret)
{
	for (int p = 0; p < LETTER_PARTS; p++)
		for (int d = 0; d < LETTER_DIRECTIONS; d++) {
			float sums[LETTER_PARTS] = {0},
			      *to = ret->f + (d * LETTER_PARTS + p) * LETTER_PARTS;

			for (int x = 0; x < SIDE; x++)
				for (int q = 0; q < LETTER_PARTS; q++)
					sums[q] += s->at[p][d][x] * weights[x][q];
			for (int q = 0; q < LETTER_PARTS; q++)
				to[q] = sqrtf(sums[q]);
		}
}

int
letter_shape(
    struct Pix *grey, struct box window, double em_top, double em, struct letter_shape *ret)
{
	struct source source;
	struct extent across, down;
	struct square square;
	struct sampled sampled;
	float weights[SIDE][LETTER_PARTS], *place = ret->f + LETTER_FEATURES - LETTER_PLACES;

	if (grey == NULL || pixGetDepth(grey) != 8 || !(em > 0))
		return -EINVAL;
	window = box_common(window, (struct box){0, 0, pixGetWidth(grey), pixGetHeight(grey)});
	if (window.w <= 0 || window.h <= 0 || take_source(grey, window, &source) < 0)
		return -ENODATA;
	across = extent_of(source.columns, source.w, INK * source.most);
	down = extent_of(source.rows, source.h, INK * source.most);
	make_square(&source, across, down, &square);
	find_weights(weights);
	sample_rows(&square, weights, &sampled);
	sample_columns(&sampled, weights, ret);
	place[0] = (float)(length_of(across) * source.times / em);
	place[1] = (float)(length_of(down) * source.times / em);
	place[2] = (float)((window.y + (down.from + down.to) / 2 * source.times - em_top) / em);
	return 0;
}
