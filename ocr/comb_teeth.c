/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upright strokes where equal boxes would end, all of one kind. Lengths are half-size pixels. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/comb_teeth.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define DASH_GAP 8 /* dashes closer than this are one stroke */
#define BOXES_LEAST 3
#define BOXES_MOST 24
#define BOX_WIDE_MIN 10
#define BOX_WIDE 1.25 /* of its height */
#define SIDE_NEAR 2   /* a stroke that begins so far from the frame's side stands on it */
#define SHORT 0.15    /* of the frame's height: a stroke on a side … */
#define SHORT_LEAST 6 /* … at least, and … */
#define SHORT_MOST 0.75
#define FULL 0.85    /* likewise one from side to side, but for these, … */
#define FREE 0.55    /* … and one that touches neither; these are of one length … */
#define FREE_SAME 2  /* … and at one height, … */
#define FREE_BOXES 4 /* … and so many boxes at least */
#define OFF 2        /* from where a box must end */
#define THIN 2       /* so far off on both sides the stroke is no more */
#define BESIDE 2     /* beside dashes is white: in columns so far off ink is lower … */
#define BARE 0.3     /* … than this of the frame; rows of print close together are not */
#define THERE 0.8    /* of the strokes */
#define OTHERS 0.2   /* for each box, strokes of this kind elsewhere: print has more */

enum kind { STANDS, HANGS, REACHES, FLOATS, KINDS };

/* The longest stroke of one column. */
struct stroke {
	int from, to; /* rows, to behind it */
};

struct frame {
	struct box box;
	struct stroke *solid, *dashed; /* by column; dashes as one, without the frame's sides, which
					  print may stand close to */
};

static struct stroke
longest(PIX *part, int x)
{
	struct stroke best = {0};
	int from = 0;

	for (int y = 0; y <= pixGetHeight(part); y++)
		if (!pixels_is_set(part, x, y)) {
			if (y - from > best.to - best.from)
				best = (struct stroke){from, y};
			from = y + 1;
		}
	return best;
}

static struct stroke
stroke_of(const struct frame *f, int x, enum kind kind)
{
	return kind == STANDS || kind == HANGS ? f->solid[x] : f->dashed[x];
}

static bool
is_kind(const struct frame *f, int x, enum kind kind)
{
	const int h = f->box.h, inner = h - 2 * SIDE_NEAR;
	const struct stroke s = stroke_of(f, x, kind);
	const int n = s.to - s.from;
	const bool is_short = n >= SHORT_LEAST && n >= SHORT * h && n <= SHORT_MOST * h;

	switch (kind) {
	case STANDS:
		return is_short && s.to >= h - SIDE_NEAR;
	case HANGS:
		return is_short && s.from <= SIDE_NEAR;
	case REACHES:
		return n >= FULL * inner;
	default:
		return n >= FREE * h && n < FULL * inner;
	}
}

/* Next to nothing stands in a column. */
static bool
is_bare(const struct frame *f, int x)
{
	return x < 0 || x >= f->box.w || f->dashed[x].to - f->dashed[x].from < BARE * f->box.h;
}

/* The column of a thin stroke of this kind about x, or -1. */
static int
find_stroke(const struct frame *f, int x, enum kind kind)
{
	for (int i = 0; i <= 2 * OFF; i++) {
		const int at = x + (i % 2 == 0 ? i / 2 : -(i + 1) / 2);
		int from = at, to = at;

		if (at <= 0 || at >= f->box.w || !is_kind(f, at, kind))
			continue;
		while (from > 0 && is_kind(f, from - 1, kind))
			from--;
		while (to + 1 < f->box.w && is_kind(f, to + 1, kind))
			to++;
		if (to - from <= 2 * THIN &&
		    (kind < REACHES || (is_bare(f, from - BESIDE) && is_bare(f, to + BESIDE))))
			return at;
	}
	return -1;
}

/* How many strokes of this kind there are elsewhere than where one of n boxes ends. */
static int
count_others(const struct frame *f, int n, enum kind kind)
{
	int others = 0, last = -2 * OFF;

	for (int x = OFF; x < f->box.w - OFF; x++) {
		const int k = (2 * x * n + f->box.w) / (2 * f->box.w);

		if (!is_kind(f, x, kind) || abs(x - k * f->box.w / n) <= 2 * OFF)
			continue;
		others += x - last > OFF;
		last = x;
	}
	return others;
}

/* Whether strokes of this kind part the frame into n boxes; their columns, -1 for one that is
 * missing. */
static bool
parts(const struct frame *f, int n, enum kind kind, int *ret)
{
	struct stroke like = {-1, -1};
	int found = 0;

	for (int k = 1; k < n; k++) {
		const int x = find_stroke(f, (2 * k * f->box.w + n) / (2 * n), kind);

		ret[k] = x;
		if (x < 0)
			continue;
		if (like.from < 0)
			like = stroke_of(f, x, kind);
		if (kind == FLOATS && (abs(like.from - stroke_of(f, x, kind).from) > FREE_SAME ||
					  abs(like.to - stroke_of(f, x, kind).to) > FREE_SAME))
			return false;
		found++;
	}
	if (count_others(f, n, kind) > OTHERS * n)
		return false;
	return kind == FLOATS ? found == n - 1 && n >= FREE_BOXES : found >= THERE * (n - 1);
}

/* The strokes about the columns x[1] to x[n - 1]. */
static void
take(const struct frame *f, PIX *ink, const int *x, int n, enum kind kind, PIX *edges)
{
	for (int k = 1; k < n; k++)
		for (int i = x[k] - THIN; x[k] >= 0 && i <= x[k] + THIN; i++) {
			const struct stroke s = i < 0 || i >= f->box.w || !is_kind(f, i, kind)
						    ? (struct stroke){0}
						    : stroke_of(f, i, kind);

			for (int y = s.from; y < s.to; y++)
				if (pixels_is_set(ink, f->box.x + i, f->box.y + y))
					pixSetPixel(edges, f->box.x + i, f->box.y + y, 1);
		}
}

static int
measure(PIX *ink, struct frame *f)
{
	BOX *box = boxCreate(f->box.x, f->box.y, f->box.w, f->box.h);
	PIX *part = pixClipRectangle(ink, box, NULL);
	PIX *closed = NULL;

	for (int x = 0; part != NULL && x < f->box.w; x++)
		f->solid[x] = longest(part, x);
	if (part != NULL) {
		pixSetOrClearBorder(part, 0, 0, SIDE_NEAR, SIDE_NEAR, PIX_CLR);
		closed = runs_close(part, DOWN, DASH_GAP);
	}
	for (int x = 0; closed != NULL && x < f->box.w; x++)
		f->dashed[x] = longest(closed, x);
	boxDestroy(&box);
	pixDestroy(&part);
	if (closed == NULL)
		return -ENOMEM;
	pixDestroy(&closed);
	return 0;
}

int
comb_teeth_take(struct Pix *ink, struct box b, struct Pix *edges)
{
	_cleanup_(freep) struct stroke *at = calloc(2 * (size_t)b.w + 1, sizeof *at);
	struct frame f = {b, at, at == NULL ? NULL : at + b.w};
	int x[BOXES_MOST + 1];

	if (at == NULL || measure(ink, &f) < 0)
		return -ENOMEM;
	for (int n = BOXES_MOST; n >= BOXES_LEAST; n--)
		for (enum kind kind = STANDS; kind < KINDS; kind++)
			if (b.w >= n * BOX_WIDE_MIN && b.w <= n * BOX_WIDE * b.h &&
			    parts(&f, n, kind, x)) {
				take(&f, ink, x, n, kind, edges);
				return 1;
			}
	return 0;
}
