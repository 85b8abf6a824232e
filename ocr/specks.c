/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Sizes are pixels of the half-size picture, 150 a inch. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/pixels.h"
#include "ocr/prepare.h"
#include "ocr/runs.h"
#include "ocr/specks.h"

#define SIZE 3            /* of a speck at most */
#define APART 13          /* square around a speck that has nothing else in it: it lies alone */
#define NEAR 9            /* square around print: what is in it may belong to letters */
#define RIM 5             /* square around a speck that is cleared with it */
#define BESIDE 7          /* square around a speck: those of dotted lines are so close, … */
#define CLUSTER 24        /* … and longer than this together */
#define LEADER_GAP 32     /* dots as far apart as letters, in a straight line … */
#define LEADER_LONG 80    /* … so long, lead from a title to its page */
#define LEAST 300         /* specks that lie alone, … */
#define AREA_OF_ONE 10000 /* … and at least one on so many pixels, 4 to the square inch */

/* Pieces of ink so small. */
static PIX *
small_pieces(PIX *ink)
{
	return pixSelectBySize(ink, SIZE, SIZE, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
}

/* Specks with the paper around them, grown together where they lie close. */
static PIX *
clusters(PIX *small, int around, int longest)
{
	PIX *grown = pixDilateBrick(NULL, small, around, around);

	if (grown != NULL)
		pixels_replace(&grown, pixSelectBySize(grown, longest, longest, 8, L_SELECT_IF_BOTH,
					   L_SELECT_IF_LTE, NULL));
	return grown;
}

/* How many specks lie alone, far from print. */
static int
count_alone(PIX *small, PIX *print)
{
	PIX *alone = clusters(small, APART, APART + SIZE - 1),
	    *near = pixDilateBrick(NULL, print, APART, APART);
	l_int32 n = -ENOMEM;

	if (alone != NULL && near != NULL) {
		pixSubtract(alone, alone, near);
		pixels_replace(&alone, pixAnd(NULL, alone, small));
		if (alone == NULL || pixCountConnComp(alone, 8, &n) != 0)
			n = -ENOMEM;
	}
	pixDestroy(&alone);
	pixDestroy(&near);
	return n;
}

/* Takes pieces that reach into near out of pieces. */
static int
drop_near(PIX *pieces, PIX *near)
{
	PIX *seed = pixAnd(NULL, pieces, near),
	    *whole = seed == NULL ? NULL : pixSeedfillBinary(NULL, seed, pieces, 8);
	const int r = whole == NULL ? -ENOMEM : 0;

	if (whole != NULL)
		pixSubtract(pieces, pieces, whole);
	pixDestroy(&seed);
	pixDestroy(&whole);
	return r;
}

/* Leaves dots that lead to something out of small. */
static int
drop_leaders(PIX *small)
{
	int r = 0;

	for (int d = ACROSS; r >= 0 && d <= DOWN; d++) {
		PIX *closed = runs_close(small, d, LEADER_GAP),
		    *leaders = closed == NULL ? NULL : runs_open(closed, d, LEADER_LONG);

		r = leaders == NULL ? -ENOMEM : drop_near(small, leaders);
		pixDestroy(&closed);
		pixDestroy(&leaders);
	}
	return r;
}

/* The specks that are neither letters' nor of dotted lines. */
static PIX *
specks_of(PIX *small, PIX *print)
{
	PIX *specks = clusters(small, BESIDE, CLUSTER),
	    *near = pixDilateBrick(NULL, print, NEAR, NEAR);

	if (specks != NULL)
		pixels_replace(&specks, pixAnd(NULL, specks, small));
	if (specks != NULL && (near == NULL || drop_near(specks, near) < 0))
		pixDestroy(&specks);
	pixDestroy(&near);
	return specks;
}

/* With their soft rims, which may not touch print. */
static int
clear(PIX *grey, PIX *half, PIX *specks, PIX *print)
{
	PIX *mask = pixDilateBrick(NULL, specks, RIM, RIM), *large = NULL;

	int r = -ENOMEM;

	pixSubtract(half, half, specks);
	if (mask != NULL) {
		pixSubtract(mask, mask, print);
		large = pixExpandReplicate(mask, SHEET_HALF);
	}
	if (large != NULL)
		r = pixPaintThroughMask(grey, large, 0, 0, 255) == 0 ? 0 : -ENOMEM;
	pixDestroy(&mask);
	pixDestroy(&large);
	return r;
}

/* So many that they are no print. */
static bool
are_many(int n, PIX *half)
{
	return n >= LEAST &&
	       (double)n * AREA_OF_ONE >= (double)pixGetWidth(half) * pixGetHeight(half);
}

/* How many specks lie alone, 0 if they are too few. Print is all that is not small. */
static int
count_specks(PIX *small, PIX *print, PIX *half)
{
	const int n = count_alone(small, print);

	return n < 0 || are_many(n, half) ? n : 0;
}

int
specks_clear(PIX *grey, PIX *half)
{
	PIX *small = small_pieces(half),
	    *print = small == NULL ? NULL : pixSubtract(NULL, half, small), *specks = NULL;
	int n = print == NULL ? -ENOMEM : count_specks(small, print, half);

	if (n > 0 && (drop_leaders(small) < 0 || pixSubtract(print, half, small) == NULL))
		n = -ENOMEM;
	if (n > 0)
		n = count_specks(small, print, half);
	if (n > 0)
		specks = specks_of(small, print);
	if (n > 0 && (specks == NULL || clear(grey, half, specks, print) < 0))
		n = -ENOMEM;
	pixDestroy(&specks);
	pixDestroy(&small);
	pixDestroy(&print);
	return n;
}
