/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures are shares of an em; places are measured from the middle of a letter's room. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/down_letter.h"

#define BAR_WIDE 0.2  /* ー at most, … */
#define BAR_HIGH 0.7  /* … and at least */
#define BAR_INK 0.95  /* of its rows have ink: ! has less */
#define TALL_WIDE 0.4 /* ～ … */
#define TALL_HIGH 0.5
#define FLAT_WIDE 0.5 /* （ */
#define FLAT_HIGH 0.45
#define FLAT_OFF 0.15     /* from the middle, where へ is */
#define FLAT_INK 0.65     /* of its box, … */
#define FLAT_LEAST 0.17   /* … and its height at least: 一 has more ink, or is lower */
#define CORNER_LEAST 0.2  /* 「: both ways, … */
#define CORNER_HIGH 0.55  /* … downwards at most; … */
#define CORNER_STROKE 0.4 /* of its lesser side: so wide may its strokes be, … */
#define CORNER_FULL 0.9   /* … so long they are, … */
#define CORNER_REST 0.05  /* … and so much of their ink is elsewhere */
#define POINT_MOST 0.42
#define POINT_OFF 0.1 /* to the right: ・ is not */
#define SMALL_MOST 0.78
#define SMALL_OFF 0.06   /* likewise, …  */
#define SMALL_UP (-0.12) /* … and up */
#define FOOT 0.44        /* below the middle: what letters stand on */

/* Whether ink is ﹁, or ﹂ when its corner is below. */
static bool
is_corner(PIX *ink, bool below)
{
	const int w = pixGetWidth(ink), h = pixGetHeight(ink);
	const int t = (int)(CORNER_STROKE * (w < h ? w : h)) + 1;
	const struct box rest = {below ? t : 0, below ? 0 : t, w - t, h - t};
	const struct box level = {0, below ? h - t : 0, w, t},
			 upright = {below ? 0 : w - t, 0, t, h};
	l_int32 all = 0;

	pixCountPixels(ink, &all, NULL);
	return cutting_pixels(ink, rest) <= CORNER_REST * all &&
	       cutting_lines(ink, level, false) >= CORNER_FULL * w &&
	       cutting_lines(ink, upright, true) >= CORNER_FULL * h;
}

bool
down_letter_is_bracket(struct Pix *ink, bool closing, int em)
{
	const int w = pixGetWidth(ink), h = pixGetHeight(ink);

	return w >= CORNER_LEAST * em && h >= CORNER_LEAST * em && h <= CORNER_HIGH * em &&
	       is_corner(ink, closing);
}

bool
down_letter_is_point(const struct down_letter *l, int em)
{
	const double right = l->box.x + l->box.w / 2.0 - l->x;

	return l->box.w <= POINT_MOST * em && l->box.h <= POINT_MOST * em &&
	       right >= POINT_OFF * em;
}

static bool
is_turned(const struct down_letter *l, PIX *ink, int em)
{
	const int w = l->box.w, h = l->box.h;
	l_int32 n = 0;

	if (w <= BAR_WIDE * em && h >= BAR_HIGH * em &&
	    cutting_lines(ink, (struct box){0, 0, w, h}, true) >= BAR_INK * h)
		return true;
	if (l->sign && w <= TALL_WIDE * em && h >= TALL_HIGH * em)
		return true;
	pixCountPixels(ink, &n, NULL);
	if ((l->sign || abs(l->box.y + h / 2 - l->y) >= FLAT_OFF * em) && w >= FLAT_WIDE * em &&
	    h <= FLAT_HIGH * em && h >= FLAT_LEAST * em && n <= FLAT_INK * w * h)
		return true;
	return down_letter_is_bracket(ink, false, em) || down_letter_is_bracket(ink, true, em);
}

enum down_way
down_letter_way(const struct down_letter *l, struct Pix *ink, int em)
{
	const int w = l->box.w, h = l->box.h;
	const double right = l->box.x + w / 2.0 - l->x, up = l->y - l->box.y - h / 2.0;

	if (is_turned(l, ink, em))
		return DOWN_TURNS;
	if (down_letter_is_point(l, em))
		return DOWN_POINT;
	if (w <= POINT_MOST * em && h <= POINT_MOST * em)
		return DOWN_STAYS;
	return w <= SMALL_MOST * em && h <= SMALL_MOST * em && right >= SMALL_OFF * em &&
		       up >= SMALL_UP * em
		   ? DOWN_SMALL
		   : DOWN_STAYS;
}

int
down_letter_draw(const struct down_letter *l, struct Pix *grey, enum down_way way, int em,
    struct Pix *level, int x)
{
	const struct box b = l->box;
	const int middle = pixGetHeight(level) / 2, foot = (int)(middle + FOOT * em);
	PIX *part = cutting(grey, b), *turned;
	int left = x + b.x - l->x, top = middle + b.y - l->y;

	if (part != NULL && way == DOWN_TURNS) {
		turned = pixRotateOrth(part, 3);
		pixDestroy(&part);
		part = turned;
		left = x + b.y - l->y;
		top = middle - (b.x + b.w - l->x);
	}
	if (part == NULL)
		return -ENOMEM;
	if (way == DOWN_POINT || way == DOWN_SMALL)
		top = foot - b.h;
	if (way == DOWN_POINT)
		left = (int)(x - FOOT * em);
	else if (way == DOWN_SMALL)
		left = x - b.w / 2;
	pixRasterop(level, left, top, pixGetWidth(part), pixGetHeight(part), PIX_SRC, part, 0, 0);
	pixDestroy(&part);
	return 0;
}
