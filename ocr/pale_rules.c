/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Long thin runs of pale grey with no ink beside them. A letter in each square would be a cell to
 * itself, so squared paper is known by its squares, too. Lengths are half-size pixels. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/pale_rules.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define RULE_BELOW 232   /* grey */
#define PAPER_FROM 250   /* of clean paper, … */
#define PAPER_SHARE 0.5  /* … which so much of a page is; … */
#define GRAIN_SHARE 0.04 /* … so little of it is between that and a rule */
#define LOOK_STEP 4      /* pixels; shades are counted at so many each way */
#define THICK 7          /* what is so thick both ways is a shaded field */
#define LONG 60          /* 10 mm */
#define CUT 20           /* where a letter crosses a rule, or a dark rule does */
#define SHORT 10         /* shorter is the rim of a letter */
#define CUT_MOST 0.15    /* shorter strokes to long ones: more, and writing crosses them */
#define SQUARE_MOST 75   /* 12.7 mm: what is larger is a cell, … */
#define SQUARE_LEAST 12  /* … and smaller nothing; … */
#define SQUARE_EVEN 0.8  /* … the shorter side of a square, of its longer one */
#define SQUARES 100      /* so many, … */
#define SQUARES_ALL 0.8  /* … and of all that the rules enclose: squared paper */

static bool
is_clean(PIX *grey)
{
	unsigned count[256], all = 0, grain = 0, paper = 0;

	pixels_count(grey, LOOK_STEP, count);
	for (int i = 0; i < 256; i++) {
		all += count[i];
		grain += i >= RULE_BELOW && i < PAPER_FROM ? count[i] : 0;
		paper += i >= PAPER_FROM ? count[i] : 0;
	}
	return paper >= PAPER_SHARE * all && grain <= GRAIN_SHARE * all;
}

/* What is pale, thin and away from ink. NULL: no memory. */
static PIX *
pale_strokes(PIX *grey, PIX *ink)
{
	PIX *half = pixels_darkest_half(grey);
	PIX *pale = half == NULL ? NULL : pixels_dark(half, RULE_BELOW);
	PIX *fields = pale == NULL ? NULL : pixOpenBrick(NULL, pale, THICK, THICK);
	PIX *beside = fields == NULL ? NULL : pixDilateBrick(NULL, ink, 3, 3);
	bool good = beside != NULL && pixSubtract(pale, pale, fields) != NULL &&
		    pixSubtract(pale, pale, beside) != NULL;

	if (!good)
		pixDestroy(&pale);
	pixDestroy(&half);
	pixDestroy(&fields);
	pixDestroy(&beside);
	return pale;
}

static int
count(PIX *pix)
{
	l_int32 n = 0;

	pixCountPixels(pix, &n, NULL);
	return n;
}

/* The long ones of them in one direction, their cuts closed; none where writing cuts them up. NULL:
 * no memory. */
static PIX *
long_strokes(PIX *pale, enum direction d)
{
	PIX *runs = runs_open(pale, d, LONG), *parts = runs_open(pale, d, SHORT), *ret = NULL;

	if (runs != NULL && parts != NULL)
		ret = count(parts) <= (1 + CUT_MOST) * count(runs) ? runs_close(runs, d, CUT)
								   : pixCreateTemplate(pale);
	pixDestroy(&runs);
	pixDestroy(&parts);
	return ret;
}

/* Whether the rules make squares of a page, to write or to draw in, and no cells. -ENOMEM. */
static int
are_squares(PIX *rules)
{
	PIX *white = pixInvert(NULL, rules);
	BOXA *boxes = white == NULL ? NULL : pixConnCompBB(white, 4);
	int squares = 0, all = 0, r;

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 w, h;

		boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
		all += w >= SQUARE_LEAST && h >= SQUARE_LEAST;
		squares += w >= SQUARE_LEAST && h >= SQUARE_LEAST && w <= SQUARE_MOST &&
			   h <= SQUARE_MOST && w >= SQUARE_EVEN * h && h >= SQUARE_EVEN * w;
	}
	r = boxes == NULL ? -ENOMEM : squares >= SQUARES && squares >= SQUARES_ALL * all;
	boxaDestroy(&boxes);
	pixDestroy(&white);
	return r;
}

int
pale_rules_add(struct Pix *seen, struct Pix *grey)
{
	PIX *pale, *across, *down, *rules;
	int squares;
	bool good;

	if (pixGetWidth(grey) < 2 || pixGetHeight(grey) < 2 || !is_clean(grey))
		return 0;
	pale = pale_strokes(grey, seen);
	across = pale == NULL ? NULL : long_strokes(pale, ACROSS);
	down = across == NULL ? NULL : long_strokes(pale, DOWN);
	rules = down == NULL ? NULL : pixOr(NULL, across, down);
	squares = rules == NULL ? -ENOMEM : are_squares(rules);
	good = squares > 0 || (squares == 0 && pixOr(seen, seen, rules) != NULL);
	pixDestroy(&pale);
	pixDestroy(&across);
	pixDestroy(&down);
	pixDestroy(&rules);
	return good ? 0 : -ENOMEM;
}
