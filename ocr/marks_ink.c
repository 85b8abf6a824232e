/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lengths are half-size pixels. Print keeps away from ruled lines; what meets one twice within a
 * ring's length, or is level for less than any ring, may be a ring's back. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/marks_ink.h"
#include "ocr/runs.h"

#define BACK_MIN 24  /* pieces of a level line that are shorter are crossings of other lines */
#define BACK_MAX 200 /* 34 mm: a longer one is no ring's back */
#define FRINGE 2     /* ruled lines are taken away with a pixel around them */
#define MEET_MAX 72  /* of a line between the two places where a ring runs into it and out of it */
#define THICK 9      /* of a ruled line */

/* *ret_back: level lines no longer than a ring's back. *ret_fixed: all other lines. */
static int
split(PIX *rules, PIX **ret_back, PIX **ret_fixed)
{
	PIX *level = runs_open(rules, ACROSS, BACK_MIN);
	PIX *fixed = level == NULL ? NULL : runs_open(level, ACROSS, BACK_MAX);
	PIX *upright = runs_open(rules, DOWN, BACK_MIN), *back = NULL;

	if (fixed != NULL)
		back = pixSubtract(NULL, level, fixed);
	if (back != NULL && upright != NULL) { /* without the fringe */
		pixErodeBrick(fixed, fixed, 1, 2 * FRINGE - 1);
		pixErodeBrick(upright, upright, 2 * FRINGE - 1, 1);
		pixOr(fixed, fixed, upright);
	}
	pixDestroy(&level);
	if (back == NULL || upright == NULL) {
		pixDestroy(&upright);
		pixDestroy(&back);
		pixDestroy(&fixed);
		return -ENOMEM;
	}
	pixDestroy(&upright);
	*ret_back = back;
	*ret_fixed = fixed;
	return 0;
}

/* Of rules, what lies between two places, not far from each other, that ink runs into; and the
 * fringe at these places, where ink may go on beside the line. */
static PIX *
bridges(PIX *ink, PIX *rules, PIX *fixed)
{
	PIX *near = pixDilateBrick(NULL, ink, 1, 2 * FRINGE + 1), *out = NULL;

	if (near == NULL)
		return NULL;
	pixAnd(near, near, rules);
	pixDilateBrick(near, near, 1, THICK);
	pixAnd(near, near, rules);
	out = runs_close(near, ACROSS, MEET_MAX);
	if (out != NULL) {
		pixAnd(near, near, fixed);
		pixSubtract(out, out, near);
		pixAnd(out, out, rules);
	}
	pixDestroy(&near);
	return out;
}

int
marks_ink_by_rules(struct Pix *half, struct Pix *rules, struct Pix **ret_ink)
{
	PIX *ink, *back, *fixed, *shared, *all = NULL;

	if (split(rules, &back, &fixed) < 0)
		return -ENOMEM;
	ink = pixSubtract(NULL, half, rules);
	shared = ink == NULL ? NULL : bridges(ink, rules, fixed);
	if (shared != NULL) {
		pixOr(shared, shared, back);
		pixAnd(shared, shared, half);
		pixOr(ink, ink, shared);
		all = pixSeedfillBinary(NULL, shared, ink, 8);
	}
	pixDestroy(&ink);
	pixDestroy(&back);
	pixDestroy(&fixed);
	pixDestroy(&shared);
	if (all == NULL)
		return -ENOMEM;
	*ret_ink = all;
	return 0;
}
