/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By size first, then by where the ink stands in it; knows nothing of order. */
#include <leptonica/allheaders.h>

#include "ocr/scraps.h"

/* Lengths are in letters. */
#define DUST 0.5    /* a piece not larger both ways is dust */
#define HAIR 0.25   /* what is thinner and … */
#define HAIR_LONG 1 /* … longer is what is left of a line */
#define FRAME_THIN 0.25
#define FULL_LEAST 0.7 /* of a letter's height, … */
#define FULL_MOST 1.3
#define FULL 0.25 /* … what has so much ink in its box is letters of thin strokes, as 三上 */
#define APART 3.0 /* pieces of one row further apart are read each by itself … */
#define WIDE 7.0  /* … but for single letters, as those of a label set as wide as others */
#define WIDE_LEAST 0.6
#define WIDE_FIRST 1.3 /* width of the one before, … */
#define WIDE_NEXT 2.8  /* … and of the other, which may have a colon */
#define BRACKETS 16    /* from one bracket to the other, for people to write in */
#define BRACKET_LOW 0.7
#define BRACKET_HIGH 1.8
#define BRACKET_WIDE 0.7
#define BULGE 0.2 /* of its width: from the ends of a bracket to its middle */
#define SIGN_LEAST 0.12
#define DOT_MOST 0.5  /* of a list: width and height … */
#define DOT_SLIM 1.6  /* … and one to the other at most */
#define DOT_REACH 1.8 /* from it to the text */
#define DOT_ALONE 6   /* nothing stands so near before it */
#define SIGN_WIDE 2
#define SIGN_MIDDLE 0.2 /* of a row's height: from the middle of the row to that of a sign */

static bool
is_full(PIX *piece, int letter)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	l_int32 ink = 0;

	pixCountPixels(piece, &ink, NULL);
	return h >= FULL_LEAST * letter && h <= FULL_MOST * letter && ink >= FULL * w * h;
}

/* Nothing but thin lines: a dashed frame, a broken rule. */
static bool
is_frame(PIX *piece, int letter)
{
	int thick = (int)(FRAME_THIN * letter) + 1;
	l_int32 none = 0;
	PIX *rest;

	if (pixGetWidth(piece) < HAIR_LONG * letter && pixGetHeight(piece) < HAIR_LONG * letter)
		return false;
	if (is_full(piece, letter))
		return false;
	rest = pixOpenBrick(NULL, piece, thick, thick);
	pixZero(rest, &none);
	pixDestroy(&rest);
	return none != 0;
}

static bool
is_text(struct box b, double letter)
{
	double thin = b.w < b.h ? b.w : b.h, long_ = b.w < b.h ? b.h : b.w;

	return long_ > DUST * letter && (thin > HAIR * letter || long_ < HAIR_LONG * letter);
}

/* Mean x of the ink in some rows; -1: none. */
static double
mean_x(PIX *piece, int from, int to)
{
	int w = pixGetWidth(piece);
	long sum = 0, n = 0;

	for (int y = from; y < to; y++)
		for (int x = 0; x < w; x++) {
			l_uint32 ink = 0;

			pixGetPixel(piece, x, y, &ink);
			sum += ink ? x : 0;
			n += ink;
		}
	return n == 0 ? -1 : (double)sum / (double)n;
}

/* Both ends of a bracket stand on the same side of its middle. */
static enum scrap
bracket_kind(PIX *piece, struct box box, int letter)
{
	int h = pixGetHeight(piece), end = h / 6 + 1;
	double w = pixGetWidth(piece), middle, top, bottom;

	if (box.h < BRACKET_LOW * letter || box.h > BRACKET_HIGH * letter ||
	    box.w > BRACKET_WIDE * letter || box.w > box.h / 2)
		return SCRAP_NONE;
	middle = mean_x(piece, h / 3, h - h / 3);
	top = mean_x(piece, 0, end);
	bottom = mean_x(piece, h - end, h);
	if (middle < 0)
		return SCRAP_NONE;
	if (middle - top > BULGE * w && middle - bottom > BULGE * w)
		return SCRAP_CLOSING;
	if (top - middle > BULGE * w && bottom - middle > BULGE * w)
		return SCRAP_OPENING;
	return SCRAP_NONE;
}

enum scrap
scrap_kind(struct Pix *piece, struct box box, int letter)
{
	enum scrap bracket = bracket_kind(piece, box, letter);

	if (bracket != SCRAP_NONE)
		return bracket;
	if (is_text(box, letter) && !is_frame(piece, letter / 2))
		return SCRAP_TEXT;
	if (box.h <= letter && box.w <= SIGN_WIDE * letter &&
	    (box.h >= SIGN_LEAST * letter || box.w >= SIGN_LEAST * letter))
		return SCRAP_SIGN;
	return SCRAP_NONE;
}

int
scrap_reach(enum scrap kind, int letter)
{
	return (int)((kind == SCRAP_CLOSING ? BRACKETS : APART) * letter);
}

int
scrap_reach_letters(struct box before, struct box b, int letter)
{
	bool alone = before.w >= WIDE_LEAST * letter && before.w <= WIDE_FIRST * letter &&
		     b.w >= WIDE_LEAST * letter && b.w <= WIDE_NEXT * letter;

	return (int)((alone ? WIDE : APART) * letter);
}

bool
scrap_in_row(enum scrap kind, struct box box, int letter, const struct box *texts, size_t n)
{
	bool before = false, after = false, far_after = false;
	int middle = box.y + box.h / 2;

	for (size_t i = 0; i < n; i++) {
		const struct box *t = &texts[i];
		double off = middle - t->y - t->h / 2.0;
		int to_left = box.x - t->x - t->w, to_right = t->x - box.x - box.w;

		if (off > SIGN_MIDDLE * t->h || -off > SIGN_MIDDLE * t->h)
			continue;
		before |= to_left >= 0 && to_left < scrap_reach(kind, letter);
		after |= to_right >= 0 && to_right < APART * letter;
		far_after |= to_right >= 0 && to_right < BRACKETS * letter;
	}
	if (kind == SCRAP_OPENING)
		return after || (before && far_after);
	return before && (kind == SCRAP_CLOSING || after);
}

bool
scrap_leads(struct box box, int letter, const struct box *texts, size_t n)
{
	const int middle = box.y + box.h / 2;
	bool leads = false;

	if (box.w > DOT_MOST * letter || box.h > DOT_MOST * letter || box.w < SIGN_LEAST * letter ||
	    box.h < SIGN_LEAST * letter || box.w > DOT_SLIM * box.h || box.h > DOT_SLIM * box.w)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct box *t = &texts[i];
		const double off = middle - t->y - t->h / 2.0;
		const int to_left = box.x - t->x - t->w, to_right = t->x - box.x - box.w;

		if (middle < t->y || middle > t->y + t->h)
			continue;
		if (to_right < 0 && to_left < DOT_ALONE * letter)
			return false;
		leads |= to_right > 0 && to_right < DOT_REACH * letter &&
			 off <= SIGN_MIDDLE * t->h && -off <= SIGN_MIDDLE * t->h;
	}
	return leads;
}
