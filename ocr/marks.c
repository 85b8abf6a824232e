/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of single pieces of ink; knows nothing of cells. All lengths are half-size pixels unless
 * said otherwise. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/marks.h"
#include "ocr/marks_ink.h"
#include "ocr/marks_ring.h"

#define SIDE_MIN 11     /* 1.9 mm */
#define ALONE 3         /* half-size pixels free around a box */
#define SIDE_MAX 40     /* 7 mm */
#define BEFORE 0.6      /* of a box's side, free to its left; letters have .5 at most */
#define EDGE_DEPTH 2    /* sheet pixels that a printed box's edge may be uneven */
#define EDGE_SHARE 0.93 /* of an edge that must be straight; the legs of 口 make it fail */
#define BOX_INK 0.72    /* of the paper's grey; a box may be drawn with a hairline */
#define SPUR_LONG 6     /* sheet pixels */
#define SPUR_SHARE 0.13
#define OUTLINE_SHARE 0.9 /* of each side of a ticked box that must be there */
#define TICK_INSET 3      /* half-size pixels from the outline to where only the tick is */
#define TICK_LEAST 0.05   /* of the inside, for a tick to be seen at all */
#define TICK_MOST 0.55
#define TICK_RUN                                                                                   \
	0.95 /* of the inside; a level or upright stroke this long belongs to 目, 申, 員        \
	      */
#define TICK_STRAY 0.1 /* of the bands left of and below the box: ticks leave it to the right */

struct finder {
	struct sheet *sheet;
	PIXA *parts;
	BOXA *boxes;
	struct marks *marks;
	struct box empty[MARKS_MAX]; /* the empty boxes of this page */
	size_t nempty;
	int side; /* their usual side, 0: none */
};

static int
add(struct marks *m, enum mark_kind kind, bool set, struct box half)
{
	struct mark *mark;

	if (m->n >= MARKS_MAX)
		return 0;
	if (m->n % 32 == 0) {
		mark = realloc(m->mark, (m->n + 32) * sizeof *mark);
		if (mark == NULL)
			return -ENOMEM;
		m->mark = mark;
	}
	m->mark[m->n++] = (struct mark){kind, set,
	    {half.x * SHEET_HALF, half.y * SHEET_HALF, half.w * SHEET_HALF, half.h * SHEET_HALF}};
	return 0;
}

static bool
black(PIX *pix, int x, int y)
{
	if (x < 0 || y < 0 || x >= pixGetWidth(pix) || y >= pixGetHeight(pix))
		return false;
	return GET_DATA_BIT(pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y, x);
}

static double
ink_share(PIX *pix, int x, int y, int w, int h)
{
	const int left = x < 0 ? 0 : x, top = y < 0 ? 0 : y;
	const int right = x + w < pixGetWidth(pix) ? x + w : pixGetWidth(pix);
	const int bottom = y + h < pixGetHeight(pix) ? y + h : pixGetHeight(pix);
	const l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)top;
	int n = 0;

	for (int j = top; j < bottom; j++, line += pixGetWpl(pix))
		for (int i = left; i < right; i++)
			n += GET_DATA_BIT(line, i);
	return w <= 0 || h <= 0 ? 0 : (double)n / (w * h);
}

/* Share of scan lines that meet ink within EDGE_DEPTH of one edge. side: 0 left, 1 right, 2 top, 3
 * bottom. */
static double
straight(PIX *bits, int side)
{
	int w = pixGetWidth(bits), h = pixGetHeight(bits), n = side < 2 ? h : w, good = 0;

	for (int i = 0; i < n; i++)
		for (int d = 0; d <= EDGE_DEPTH; d++) {
			int x = side == 0 ? d : side == 1 ? w - 1 - d : i;
			int y = side == 2 ? d : side == 3 ? h - 1 - d : i;

			if (black(bits, x, y)) {
				good++;
				break;
			}
		}
	return (double)good / n;
}

/* Cuts off a lone spur: outer rows and columns with hardly any ink. The two legs of 口 are more
 * than that. */
static PIX *
trim(PIX *bits)
{
	int x0 = 0, y0 = 0, x1 = pixGetWidth(bits), y1 = pixGetHeight(bits);
	BOX *box;
	PIX *out;

	for (int i = 0; i < SPUR_LONG; i++) {
		if (ink_share(bits, x0, y0, 1, y1 - y0) < SPUR_SHARE)
			x0++;
		if (ink_share(bits, x1 - 1, y0, 1, y1 - y0) < SPUR_SHARE)
			x1--;
		if (ink_share(bits, x0, y0, x1 - x0, 1) < SPUR_SHARE)
			y0++;
		if (ink_share(bits, x0, y1 - 1, x1 - x0, 1) < SPUR_SHARE)
			y1--;
	}
	box = boxCreate(x0, y0, x1 - x0, y1 - y0);
	out = box == NULL ? NULL : pixClipRectangle(bits, box, NULL);
	boxDestroy(&box);
	return out;
}

/* The piece at full size, cut close: four straight edges make a printed box. */
static bool
is_printed_box(const struct finder *f, struct box b)
{
	BOX *frame =
	    boxCreate(b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF);
	PIX *grey = pixClipRectangle(f->sheet->grey, frame, NULL), *bits = NULL, *close = NULL;
	l_int32 paper = 0;
	bool ok = false;

	boxDestroy(&frame);
	if (grey != NULL &&
	    pixGetExtremeValue(grey, 1, L_SELECT_MAX, NULL, NULL, NULL, &paper) == 0)
		bits = pixThresholdToBinary(grey, (int)(BOX_INK * paper));
	if (bits != NULL)
		close = trim(bits);
	if (close != NULL) {
		ok = true;
		for (int side = 0; ok && side < 4; side++)
			ok = straight(close, side) >= EDGE_SHARE;
	}
	pixDestroy(&grey);
	pixDestroy(&bits);
	pixDestroy(&close);
	return ok;
}

static bool
is_square(struct box b)
{
	return b.w >= SIDE_MIN && b.h >= SIDE_MIN && b.w <= SIDE_MAX && b.h <= SIDE_MAX &&
	       abs(b.w - b.h) <= 2 + b.w / 12;
}

/*
 * Nothing else near: what looks like a box inside 員 or 営 has its neighbours close by, and ロ
 * stands in a word.
 */
static bool
is_alone(const struct finder *f, struct box b)
{
	PIX *ink = f->sheet->half;
	int g = ALONE, left = (int)(BEFORE * b.w);

	return ink_share(ink, b.x - left, b.y, left, b.h) + ink_share(ink, b.x + b.w, b.y, g, b.h) +
		   ink_share(ink, b.x, b.y - g, b.w, g) + ink_share(ink, b.x, b.y + b.h, b.w, g) <
	       0.03;
}

static bool
is_empty_box(const struct finder *f, struct box b)
{
	int inset = b.w / 4;

	return is_square(b) && is_alone(f, b) &&
	       ink_share(f->sheet->half, b.x + inset, b.y + inset, b.w - 2 * inset,
		   b.h - 2 * inset) < 0.02 &&
	       is_printed_box(f, b);
}

/* The longest straight stroke inside the square, as a share of its inside. */
static double
longest_run(PIX *part, int x, int y, int n)
{
	int longest = 0;

	for (int i = 0; i < n; i++) {
		int across = 0, down = 0;

		for (int j = 0; j < n; j++) {
			across = black(part, x + j, y + i) ? across + 1 : 0;
			down = black(part, x + i, y + j) ? down + 1 : 0;
			longest = across > longest ? across : longest;
			longest = down > longest ? down : longest;
		}
	}
	return (double)longest / n;
}

/*
 * What stands in and around the square is a tick, drawn aslant: characters that hold a square (目
 * 申 職 佐) cross it with level and upright strokes, or go on to its left or below it. x, y: of the
 * square in part. When in doubt it is none: a lost character is worse than a lost tick.
 */
static bool
holds_tick(PIX *part, int x, int y, int side)
{
	int n = side - 2 * TICK_INSET, band = side / 3;
	double ink = ink_share(part, x + TICK_INSET, y + TICK_INSET, n, n);

	return ink >= TICK_LEAST && ink <= TICK_MOST &&
	       longest_run(part, x + TICK_INSET, y + TICK_INSET, n) < TICK_RUN &&
	       ink_share(part, x - 2 - band, y, band, side) < TICK_STRAY &&
	       ink_share(part, x, y + side + 2, side, band) < TICK_STRAY;
}

/* Best place of a square outline of the page's box size inside a larger piece; true when it is
 * drawn well enough. */
static bool
find_outline(PIX *part, struct box b, int side, struct box *ret)
{
	double best = 0;

	for (int y = 0; y + side <= b.h + 1; y++)
		for (int x = 0; x + side <= b.w + 1; x++) {
			double least = 1;

			for (int k = 0; k < 4 && least > best && least >= OUTLINE_SHARE; k++) {
				double share = 0;

				for (int d = -1; d <= 1; d++) {
					double s = k < 2
						       ? ink_share(part,
							     k == 0 ? x + 1 + d : x + side - 2 + d,
							     y, 1, side)
						       : ink_share(part, x,
							     k == 2 ? y + 1 + d : y + side - 2 + d,
							     side, 1);
					share = s > share ? s : share;
				}
				least = share < least ? share : least;
			}
			if (least >= OUTLINE_SHARE && least > best &&
			    holds_tick(part, x, y, side)) {
				best = least;
				*ret = (struct box){b.x + x, b.y + y, side, side};
			}
		}
	return best > 0;
}

/* Ticked boxes stand in a row or a column with others, after a gap; characters that happen to hold
 * a square do not. */
static bool
is_placed(const struct finder *f, PIX *part, struct box b, struct box square)
{
	bool aligned = false;
	int gap = f->side * 2 / 5;

	for (size_t i = 0; !aligned && i < f->nempty; i++)
		aligned = abs(f->empty[i].x - square.x) <= 3 || abs(f->empty[i].y - square.y) <= 3;
	/* What the tick itself puts there does not count. */
	return aligned &&
	       ink_share(f->sheet->half, square.x - gap, square.y, gap - 1, square.h) -
		       ink_share(part, square.x - gap - b.x, square.y - b.y, gap - 1, square.h) <
		   0.03;
}

/* White over the piece itself, a pixel further, inside limit but for what is kept (or NULL). */
static void
lift(struct finder *f, PIX *part, struct box b, struct box limit, PIX *keep)
{
	PIX *grown = pixAddBorder(part, 2, 0), *full;
	BOX *clip = boxCreate(limit.x - b.x + 2, limit.y - b.y + 2, limit.w, limit.h);
	PIX *mask = pixCreateTemplate(grown);

	pixDilateBrick(grown, grown, 3, 3);
	if (mask != NULL) {
		l_int32 x, y, w, h;

		boxGetGeometry(clip, &x, &y, &w, &h);
		pixRasterop(mask, x, y, w, h, PIX_SRC, grown, x, y);
		if (keep != NULL)
			pixRasterop(mask, 2, 2, b.w, b.h, PIX_DST & PIX_NOT(PIX_SRC), keep, 0, 0);
		full = pixExpandReplicate(mask, SHEET_HALF);
		pixPaintThroughMask(
		    f->sheet->grey, full, (b.x - 2) * SHEET_HALF, (b.y - 2) * SHEET_HALF, 255);
		pixRasterop(f->sheet->half, b.x - 2, b.y - 2, pixGetWidth(mask), pixGetHeight(mask),
		    PIX_DST & PIX_NOT(PIX_SRC), mask, 0, 0);
		pixDestroy(&full);
	}
	boxDestroy(&clip);
	pixDestroy(&mask);
	pixDestroy(&grown);
}

static struct box
grow(struct box b, int by)
{
	return (struct box){b.x - by, b.y - by, b.w + 2 * by, b.h + 2 * by};
}

static int
take_box(struct finder *f, PIX *part, struct box b)
{
	struct box square = b;
	int r = 0;

	if (is_square(b) && ink_share(part, 0, 0, b.w, b.h) > 0.9 && is_alone(f, b) &&
	    is_printed_box(f, b))
		r = add(f->marks, MARK_BOX, true, b);
	else if (is_empty_box(f, b))
		r = add(f->marks, MARK_BOX, false, b);
	else if (f->side > 0 && b.w >= f->side && b.h >= f->side && b.w <= 3 * f->side &&
		 b.h <= 3 * f->side && (b.w > f->side + 3 || b.h > f->side + 3) &&
		 find_outline(part, b, f->side, &square) && is_placed(f, part, b, square))
		r = add(f->marks, MARK_BOX, true, square);
	else
		return 0;
	lift(f, part, b, grow(square, f->side / 2 + 2), NULL);
	return r < 0 ? r : 1;
}

/* Black on both pictures. b: half-size pixels. */
static void
draw(struct finder *f, struct box b)
{
	BOX *full =
	    boxCreate(b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF);

	pixSetInRectArbitrary(f->sheet->grey, full, 0);
	pixRasterop(f->sheet->half, b.x, b.y, b.w, b.h, PIX_SET, NULL, 0, 0);
	boxDestroy(&full);
}

/* Strokes of print that the ring touches stay as wide as they are; specks of the ring do not. */
static int
take_ring(struct finder *f, PIX *part, struct box b)
{
	struct ring_found ring;
	PIX *print;
	int r = marks_ring_find(f->sheet->half, part, b, &ring);

	if (r <= 0)
		return r;
	print = pixSubtract(NULL, part, ring.ink);
	if (print != NULL) {
		pixOpenBrick(print, print, 2, 2);
		lift(f, ring.ink, b, b, print);
		for (int i = 0; i < ring.dots; i++)
			draw(f, ring.dot[i]);
	}
	r = print == NULL ? -ENOMEM : add(f->marks, MARK_RING, true, ring.box);
	pixDestroy(&print);
	pixDestroy(&ring.ink);
	return r;
}

static struct box
part_box(const struct finder *f, int i)
{
	struct box b;

	boxaGetBoxGeometry(f->boxes, i, &b.x, &b.y, &b.w, &b.h);
	return b;
}

/* Empty boxes first: they tell the size and the places where ticked ones may be. */
static void
find_empty(struct finder *f)
{
	int sides[MARKS_MAX];

	for (int i = 0; i < boxaGetCount(f->boxes) && f->nempty < MARKS_MAX; i++) {
		struct box b = part_box(f, i);

		if (is_square(b) && is_empty_box(f, b)) {
			sides[f->nempty] = b.w > b.h ? b.w : b.h;
			f->empty[f->nempty++] = b;
		}
	}
	sort_ints(sides, f->nempty);
	f->side = f->nempty == 0 ? 0 : sides[f->nempty / 2];
}

/* Takes every piece of ink that is a mark; boxes: tick boxes, too. */
static int
take_pieces(struct finder *f, PIX *ink, bool boxes)
{
	int r = 0;

	f->boxes = ink == NULL ? NULL : pixConnComp(ink, &f->parts, 8);
	if (f->boxes == NULL)
		return -ENOMEM;
	if (boxes)
		find_empty(f);
	for (int i = 0; r >= 0 && i < boxaGetCount(f->boxes); i++) {
		struct box b = part_box(f, i);
		PIX *part;

		if (b.w < SIDE_MIN || b.h < SIDE_MIN)
			continue;
		part = pixaGetPix(f->parts, i, L_CLONE);
		r = boxes ? take_box(f, part, b) : 0;
		if (r == 0)
			r = take_ring(f, part, b);
		pixDestroy(&part);
	}
	boxaDestroy(&f->boxes);
	pixaDestroy(&f->parts);
	return r;
}

int
marks_lift(struct sheet *s, struct Pix *rules, struct marks *ret)
{
	struct finder f = {.sheet = s, .marks = ret};
	PIX *ink;
	int r = marks_ink_by_rules(s->half, rules, &ink);

	if (r >= 0)
		r = take_pieces(&f, ink, false);
	pixDestroy(&ink);
	if (r >= 0) {
		ink = pixSubtract(NULL, s->half, rules);
		r = take_pieces(&f, ink, true);
	}
	pixDestroy(&ink);
	return r < 0 ? r : 0;
}

void
marks_free(struct marks *m)
{
	free(m->mark);
	*m = (struct marks){0};
}
