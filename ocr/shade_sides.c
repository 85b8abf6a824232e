/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels written downwards and headings across often are one field, and round at their corners: it
 * is cut into pieces as wide, or as high, all along, and the box of each is drawn. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/runs.h"
#include "ocr/shade_sides.h"
#include "ocr/solid.h"
#include "ocr/words.h"

#define DARKER 0.93    /* of the shade: what is darker is a rule along a side, … */
#define BLACK 0.4      /* … and pale, but for what is as dark as this, … */
#define BLACK_MOST 0.3 /* … of its pixels; … */
#define NEAR 10        /* pixels at most from the side, … */
#define LONG 60        /* … which is so long, … */
#define GAP 5          /* … but for gaps, … */
#define RULED 1.3      /* … and has so many pixels to one of the sides */
#define SOFT 240       /* grey: what is left of them is darker */
#define PIECE 120      /* pixels, 10 mm: a piece of a field is as long, … */
#define EVEN 0.75      /* … and all along of so much of its width */
#define PIECES 16      /* of one run */
#define LINE 2         /* pixels: as thick it is drawn, … */
#define LINE_GREY 80
#define WHITE 3 /* … with so many of white inside */
#define PAPER 248

/* Runs of ink of at least LONG pixels, across or down, with small gaps filled. NULL: no memory. */
static PIX *
long_runs(PIX *ink)
{
	PIX *out = pixCreateTemplate(ink);

	for (int d = ACROSS; d <= DOWN && out != NULL; d++) {
		PIX *closed = runs_close(ink, d, GAP);
		PIX *runs = closed == NULL ? NULL : runs_open(closed, d, LONG);

		if (runs == NULL || pixOr(out, out, runs) == NULL)
			pixDestroy(&out);
		pixDestroy(&closed);
		pixDestroy(&runs);
	}
	return out;
}

/* What of the field is nearer to its end than n pixels. NULL: no memory. */
static PIX *
rim_of(PIX *field, int n)
{
	PIX *inner = pixErodeBrick(NULL, field, 2 * n + 1, 2 * n + 1);
	PIX *rim = inner == NULL ? NULL : pixSubtract(NULL, field, inner);

	pixDestroy(&inner);
	return rim;
}

/* Rules along the sides of a field, darker than `below`. NULL: no memory. */
static PIX *
side_rules(PIX *grey, PIX *field, int x, int y, int below)
{
	PIX *rim = rim_of(field, NEAR), *runs = NULL;
	PIX *dark = rim == NULL ? NULL : solid_dark(grey, rim, x, y, below);

	if (dark != NULL)
		runs = long_runs(dark);
	pixDestroy(&dark);
	pixDestroy(&rim);
	return runs;
}

int
shade_sides_are_pale(struct Pix *grey, struct Pix *field, int x, int y, int shade)
{
	PIX *rules = side_rules(grey, field, x, y, (int)(DARKER * shade));
	PIX *black = rules == NULL ? NULL : solid_dark(grey, rules, x, y, (int)(BLACK * shade));
	PIX *rim = black == NULL ? NULL : rim_of(field, 1);
	l_int32 n = 0, nblack = 0, all = 0;
	int r = rim == NULL ? -ENOMEM : 0;

	if (r >= 0) {
		pixCountPixels(rules, &n, NULL);
		pixCountPixels(black, &nblack, NULL);
		pixCountPixels(rim, &all, NULL);
		r = n >= RULED * all && nblack <= BLACK_MOST * n;
	}
	pixDestroy(&rim);
	pixDestroy(&black);
	pixDestroy(&rules);
	return r;
}

/* Where pieces end that begin and end so, after each other: halfway to the next, or where all of it
 * does. */
static void
reach(int n, int *from, int *to, int end)
{
	for (int i = 0; i < n; i++) {
		from[i] = i == 0 ? 0 : to[i - 1];
		to[i] = i + 1 == n ? end : (to[i] + from[i + 1]) / 2;
	}
}

/* Cuts what runs in direction d where it is less wide than nearly all of it, between round corners,
 * and adds the boxes. */
static int
add_even(PIX *run, BOX *at, enum direction d, BOXA *boxes)
{
	const int wide = d == DOWN ? pixGetWidth(run) : pixGetHeight(run);
	PIX *even = runs_open(run, d == DOWN ? ACROSS : DOWN, (int)(EVEN * wide));
	BOXA *pieces = even == NULL ? NULL : pixConnCompBB(even, 4);
	BOXA *found = pieces == NULL ? NULL
				     : boxaSort(pieces, d == DOWN ? L_SORT_BY_Y : L_SORT_BY_X,
					   L_SORT_INCREASING, NULL);
	int from[PIECES], to[PIECES], n = 0, r = found == NULL ? -ENOMEM : 0;
	l_int32 left, top, x, y, w, h;

	boxGetGeometry(at, &left, &top, NULL, NULL);
	for (int i = 0; r >= 0 && i < boxaGetCount(found) && n < PIECES; i++) {
		boxaGetBoxGeometry(found, i, &x, &y, &w, &h);
		from[n] = d == DOWN ? y : x;
		to[n] = d == DOWN ? y + h : x + w;
		n += to[n] - from[n] >= LONG;
	}
	reach(n, from, to, d == DOWN ? pixGetHeight(run) : pixGetWidth(run));
	for (int i = 0; r >= 0 && i < n; i++)
		if (boxaAddBox(boxes,
			d == DOWN ? boxCreate(left, top + from[i], wide, to[i] - from[i])
				  : boxCreate(left + from[i], top, to[i] - from[i], wide),
			L_INSERT) != 0)
			r = -ENOMEM;
	boxaDestroy(&found);
	boxaDestroy(&pieces);
	pixDestroy(&even);
	return r;
}

/* Adds pieces of the field that run in direction d, and takes them from it. */
static int
take_pieces(PIX *field, enum direction d, BOXA *boxes)
{
	PIX *runs = runs_open(field, d, PIECE);
	PIXA *parts = NULL;
	BOXA *all = runs == NULL ? NULL : pixConnComp(runs, &parts, 4);
	int before = boxaGetCount(boxes), r = all == NULL ? -ENOMEM : 0;

	for (int i = 0; r >= 0 && i < boxaGetCount(all); i++) {
		PIX *part = pixaGetPix(parts, i, L_CLONE);
		BOX *box = boxaGetBox(all, i, L_CLONE);

		r = add_even(part, box, d, boxes);
		boxDestroy(&box);
		pixDestroy(&part);
	}
	for (int i = before; i < boxaGetCount(boxes); i++) {
		BOX *box = boxaGetBox(boxes, i, L_CLONE);

		pixClearInRect(field, box);
		boxDestroy(&box);
	}
	boxaDestroy(&all);
	pixaDestroy(&parts);
	pixDestroy(&runs);
	return r;
}

/* The sides of all boxes, which are where (x, y) is their corner's: inside them so many pixels.
 * -ENOMEM. */
static int
draw(PIX *grey, BOXA *boxes, int x, int y, int thick, int with)
{
	for (int i = 0; i < boxaGetCount(boxes); i++) {
		l_int32 left, top, w, h;

		boxaGetBoxGeometry(boxes, i, &left, &top, &w, &h);
		for (int k = 0; k < 4; k++) {
			BOX *side = boxCreate(x + left + (k == 1 ? w - thick : 0),
			    y + top + (k == 3 ? h - thick : 0), k < 2 ? thick : w,
			    k < 2 ? h : thick);

			if (side == NULL)
				return -ENOMEM;
			pixSetInRectArbitrary(grey, side, (l_uint32)with);
			boxDestroy(&side);
		}
	}
	return 0;
}

int
shade_sides_draw(struct Pix *grey, struct Pix *field, int x, int y)
{
	PIX *soft = side_rules(grey, field, x, y, SOFT), *rim = rim_of(field, LINE + WHITE);
	PIX *rest = pixCopy(NULL, field);
	BOXA *boxes = boxaCreate(0);
	int r = soft == NULL || rim == NULL || rest == NULL || boxes == NULL ? -ENOMEM : 0;

	if (r >= 0)
		r = take_pieces(rest, DOWN, boxes);
	if (r >= 0)
		r = take_pieces(rest, ACROSS, boxes);
	if (r >= 0) {
		pixSetMaskedGeneral(grey, soft, PAPER, x, y);
		pixSetMaskedGeneral(grey, rim, PAPER, x, y);
		r = draw(grey, boxes, x, y, LINE + WHITE, PAPER);
	}
	if (r >= 0)
		r = draw(grey, boxes, x, y, LINE, LINE_GREY);
	boxaDestroy(&boxes);
	pixDestroy(&rest);
	pixDestroy(&rim);
	pixDestroy(&soft);
	return r;
}
