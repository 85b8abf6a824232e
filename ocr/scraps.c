/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By size first, then by where the ink stands in it; knows nothing of order. */
#include <limits.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/bracket_shape.h"
#include "ocr/cutting.h"
#include "ocr/scraps.h"

/* Lengths are in letters. */
#define DUST 0.5    /* a piece not larger both ways is dust */
#define HAIR 0.25   /* what is thinner and … */
#define HAIR_LONG 1 /* … longer is what is left of a line */
#define FRAME_THIN 0.25
#define FULL_LEAST 0.7 /* of a letter's height, … */
#define FULL_MOST 1.6
#define FULL 0.25 /* … what has so much ink in its box is letters of thin strokes, as 三上 */
#define APART 3.0 /* pieces of one row further apart are read each by itself … */
#define WIDE 7.0  /* … but for single letters, as those of a label set as wide as others */
#define WIDE_LEAST 0.6
#define WIDE_FIRST 1.3 /* width of the one before, … */
#define WIDE_NEXT 2.8  /* … and of the other, which may have a colon */
#define BRACKETS 32    /* from one bracket to the other, for people to write in, … */
#define OPENING 16     /* … and from one that opens to the text behind it */
#define PAIR_LEAST 1   /* from a bracket to the other, where there is no text before them, … */
#define PAIR_OFF 0.2   /* … which are as high and level, but for so much of their height */
#define DASH_LEAST 0.3 /* its width, … */
#define DASH_THIN 0.25 /* … its height, … */
#define DASH_REACH 8   /* … and how far behind brackets it stands */
#define COLON_REACH 6  /* from the text before it */
#define COLON_THIN 0.3 /* its width at most, and height, … */
#define COLON_HIGH 0.68
#define COLON_SLIM 0.6 /* … and one to the other */
#define BRACKET_LOW 0.7
#define BRACKET_HIGH 1.8
#define BRACKET_WIDE 0.7
#define SIGN_LEAST 0.12
#define DOT_MOST 0.5  /* of a list: width and height … */
#define DOT_SLIM 1.6  /* … and one to the other at most */
#define DOT_REACH 1.8 /* from it to the text */
#define DOT_ALONE 6   /* nothing stands so near before it */
#define DOT_OFF 0.3   /* others of the list are no further from below each other */
#define SIGN_WIDE 2
#define SIGN_MIDDLE 0.2 /* of a row's height: from the middle of the row to that of a sign */
#define STOP_LEAST 0.13 /* a full stop or comma: width and height, … */
#define STOP_MOST 0.5
#define STOP_REACH 1.6    /* … from the text before it, in print set wide, … */
#define STOP_FOOT 0.25    /* of a row's height: from its foot to that of the row */
#define NUMBER_WIDE 3.0   /* of an item, with its stop, … */
#define NUMBER_HIGH 0.6   /* … its height at least, … */
#define NUMBER_REACH 6.0  /* … and how far behind it the item's text begins, … */
#define NUMBER_TEXT 2.0   /* … of which so much is joined */
#define NUMBER_LEAST 0.5  /* of the height of one in thin strokes: its width, with its stop, … */
#define NUMBER_STROKE 0.9 /* … its stroke, … */
#define NUMBER_FOOT 0.4   /* … and what joins it to the stop */
#define NUMBER_OFF 0.25   /* of the height of its text: how far it differs from it */

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

static enum scrap
bracket_kind(PIX *piece, struct box box, int letter)
{
	const enum bracket_side side = box.h < BRACKET_LOW * letter ||
					       box.h > BRACKET_HIGH * letter ||
					       box.w > BRACKET_WIDE * letter
					   ? BRACKET_NONE
					   : bracket_side(piece);

	return side == BRACKET_OPENS    ? SCRAP_OPENING
	       : side == BRACKET_CLOSES ? SCRAP_CLOSING
					: SCRAP_NONE;
}

/* An upright stroke, and what joins its foot to the full stop behind it. */
static bool
is_number(PIX *piece, struct box box, int letter)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece), half = w / 2;
	const struct box stroke = {0, 0, half, h}, rest = {half, 0, w - half, h};
	int foot;

	if (box.w > NUMBER_WIDE * letter || box.w < NUMBER_LEAST * box.h ||
	    box.h < NUMBER_HIGH * letter || box.h > BRACKET_HIGH * letter)
		return false;
	foot = cutting_lines(piece, rest, true);
	return foot > 0 && foot <= NUMBER_FOOT * h &&
	       cutting_lines(piece, (struct box){half, h - foot, w - half, foot}, true) == foot &&
	       cutting_lines(piece, stroke, true) >= NUMBER_STROKE * h;
}

/* A dash, as between the parts of a telephone number. */
static bool
is_dash(struct box b, int letter)
{
	return b.w >= DASH_LEAST * letter && b.h <= DASH_THIN * letter;
}

/* Two dots above each other, which were joined. */
static bool
is_colon(struct box box, int letter)
{
	return box.w <= COLON_THIN * letter && box.h <= COLON_HIGH * letter &&
	       box.w <= COLON_SLIM * box.h && box.h > DUST * letter / 2;
}

enum scrap
scrap_kind(struct Pix *piece, struct box box, int letter)
{
	enum scrap bracket = bracket_kind(piece, box, letter);

	if (bracket != SCRAP_NONE)
		return bracket;
	if (is_colon(box, letter))
		return SCRAP_COLON;
	if (is_text(box, letter) && !is_frame(piece, letter / 2))
		return box.w <= SIGN_WIDE * letter && is_dash(box, letter) ? SCRAP_DASH
									   : SCRAP_TEXT;
	if (is_number(piece, box, letter))
		return SCRAP_NUMBER;
	if (box.h <= letter && box.w <= SIGN_WIDE * letter &&
	    (box.h >= SIGN_LEAST * letter || box.w >= SIGN_LEAST * letter))
		return SCRAP_SIGN;
	return SCRAP_NONE;
}

bool
scrap_is_text(enum scrap kind)
{
	return kind == SCRAP_TEXT || kind == SCRAP_DASH;
}

/* How far a piece of some kind is from the text that it belongs to. */
static int
reach_of(enum scrap kind, int letter)
{
	return (int)((kind == SCRAP_CLOSING      ? BRACKETS
			 : kind == SCRAP_OPENING ? OPENING
			 : kind == SCRAP_COLON   ? COLON_REACH
						 : APART) *
		     letter);
}

static int
reach_of_letters(struct box before, struct box b, int letter)
{
	bool alone = before.w >= WIDE_LEAST * letter && before.w <= WIDE_FIRST * letter &&
		     b.w >= WIDE_LEAST * letter && b.w <= WIDE_NEXT * letter;

	return (int)((alone ? WIDE : APART) * letter);
}

/* Behind an opening bracket people write, and behind the brackets of a dialling code as well. */
int
scrap_reach(const struct scrap_piece *before, const struct scrap_piece *next, int letter)
{
	const bool dash = next->kind == SCRAP_DASH || next->kind == SCRAP_SIGN;

	if (before->kind == SCRAP_OPENING && scrap_is_text(next->kind))
		return (int)(OPENING * letter);
	if (before->kind == SCRAP_CLOSING && dash)
		return (int)(DASH_REACH * letter);
	if (scrap_is_text(next->kind))
		return reach_of_letters(before->box, next->box, letter);
	return next->kind == SCRAP_OPENING ? (int)(APART * letter) : reach_of(next->kind, letter);
}

int
scrap_number_reach(
    struct box row, const struct scrap_piece *stop, const struct scrap_piece *next, int letter)
{
	const struct box *b = &stop->box;

	if (stop->kind != SCRAP_SIGN || next->kind != SCRAP_TEXT || b->w > STOP_MOST * letter ||
	    b->h > STOP_MOST * letter || row.w > NUMBER_WIDE * letter ||
	    row.h < NUMBER_HIGH * letter || 2 * b->y < 2 * row.y + row.h ||
	    next->box.w < NUMBER_TEXT * letter)
		return 0;
	return (int)(NUMBER_REACH * letter);
}

/* Of pieces, all but `at`: nearest text in its row before and behind it, how far; INT_MAX: none. */
static void
look_along(const struct scrap_piece *piece, size_t n, size_t at, int *ret_before, int *ret_after)
{
	const struct box *b = &piece[at].box;
	const int middle = b->y + b->h / 2;

	*ret_before = *ret_after = INT_MAX;
	for (size_t i = 0; i < n; i++) {
		const struct box *t = &piece[i].box;
		const double off = middle - t->y - t->h / 2.0;
		const int to_left = b->x - t->x - t->w, to_right = t->x - b->x - b->w;

		if (!scrap_is_text(piece[i].kind) || off > SIGN_MIDDLE * t->h ||
		    -off > SIGN_MIDDLE * t->h)
			continue;
		if (to_left >= 0 && to_left < *ret_before)
			*ret_before = to_left;
		if (to_right >= 0 && to_right < *ret_after)
			*ret_after = to_right;
	}
}

/* Whether the scrap may be the full stop or comma behind the last letter of a text set wide. */
static bool
is_stop(const struct scrap_piece *piece, size_t n, const struct box *b, int letter)
{
	if (b->w < STOP_LEAST * letter || b->h < STOP_LEAST * letter || b->w > STOP_MOST * letter ||
	    b->h > STOP_MOST * letter)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct box *t = &piece[i].box;
		const int gap = b->x - t->x - t->w, off = b->y + b->h - t->y - t->h;

		if (piece[i].kind == SCRAP_TEXT && gap >= 0 && gap <= STOP_REACH * letter &&
		    abs(off) <= STOP_FOOT * t->h && 2 * b->y > 2 * t->y + t->h)
			return true;
	}
	return false;
}

/* Whether text as high, on the same foot, follows piece[at]. */
static bool
is_before_text(const struct scrap_piece *piece, size_t n, size_t at, int letter)
{
	const struct box *b = &piece[at].box;

	for (size_t i = 0; i < n; i++) {
		const struct box *t = &piece[i].box;
		const int gap = t->x - b->x - b->w, foot = t->y + t->h - b->y - b->h;

		if (piece[i].kind == SCRAP_TEXT && t->w >= NUMBER_TEXT * letter && gap >= 0 &&
		    gap < APART * letter && abs(foot) <= NUMBER_OFF * t->h &&
		    abs(t->h - b->h) <= NUMBER_OFF * t->h)
			return true;
	}
	return false;
}

static bool
is_in_row(const struct scrap_piece *piece, size_t n, size_t at, int letter)
{
	const enum scrap kind = piece[at].kind;
	int before, after;

	if (kind == SCRAP_NONE)
		return false;
	look_along(piece, n, at, &before, &after);
	switch (kind) {
	case SCRAP_OPENING:
		return after < APART * letter ||
		       (before < BRACKETS * letter && after < reach_of(kind, letter));
	case SCRAP_CLOSING:
	case SCRAP_COLON:
		return before < reach_of(kind, letter);
	case SCRAP_NUMBER:
		return is_before_text(piece, n, at, letter);
	case SCRAP_SIGN:
		return (before < APART * letter && after < APART * letter) ||
		       is_stop(piece, n, &piece[at].box, letter);
	default:
		return false;
	}
}

/* What stands next behind piece[at] in its rows, dust apart; n: nothing. */
static size_t
next_of(const struct scrap_piece *piece, size_t n, size_t at, int letter)
{
	const struct box *b = &piece[at].box;
	size_t ret = n;

	for (size_t i = 0; i < n; i++) {
		const struct box *o = &piece[i].box;

		if (o->h >= DUST * letter && o->x + o->w > b->x + b->w && o->y < b->y + b->h &&
		    b->y < o->y + o->h && (ret == n || o->x < piece[ret].box.x))
			ret = i;
	}
	return ret;
}

/* Whether the other is a bracket that closes what the first opens. */
static bool
are_pair(const struct scrap_piece *a, const struct scrap_piece *b, int letter)
{
	const int gap = b->box.x - a->box.x - a->box.w,
		  off = 2 * (a->box.y - b->box.y) + a->box.h - b->box.h;
	const int high = a->box.h > b->box.h ? a->box.h : b->box.h;

	return b->kind == SCRAP_CLOSING && gap >= PAIR_LEAST * letter && gap <= BRACKETS * letter &&
	       abs(off) <= 2 * PAIR_OFF * high && abs(a->box.h - b->box.h) <= PAIR_OFF * high;
}

static void
keep_pairs(struct scrap_piece *piece, size_t n, int letter)
{
	for (size_t i = 0; i < n; i++) {
		const size_t next =
		    piece[i].kind == SCRAP_OPENING ? next_of(piece, n, i, letter) : n;

		if (next < n && are_pair(&piece[i], &piece[next], letter))
			piece[i].kept = piece[next].kept = true;
	}
}

static void
keep_dashes(struct scrap_piece *piece, size_t n, int letter)
{
	for (size_t i = 0; i < n; i++) {
		const struct box *b = &piece[i].box;

		if (piece[i].kind != SCRAP_SIGN || !is_dash(*b, letter))
			continue;
		for (size_t k = 0; k < n; k++) {
			const struct box *c = &piece[k].box;
			const int gap = b->x - c->x - c->w;
			const double off = b->y + b->h / 2.0 - c->y - c->h / 2.0;

			piece[i].kept |= piece[k].kind == SCRAP_CLOSING && piece[k].kept &&
					 gap >= 0 && gap < DASH_REACH * letter &&
					 off <= SIGN_MIDDLE * c->h && -off <= SIGN_MIDDLE * c->h;
		}
	}
}

/* Whether the scrap may be the dot before an entry of a list: it alone stands before its row. */
static bool
leads(const struct scrap_piece *piece, size_t n, struct box box, int letter)
{
	const int middle = box.y + box.h / 2;
	bool leads = false;

	if (box.w > DOT_MOST * letter || box.h > DOT_MOST * letter || box.w < SIGN_LEAST * letter ||
	    box.h < SIGN_LEAST * letter || box.w > DOT_SLIM * box.h || box.h > DOT_SLIM * box.w)
		return false;
	for (size_t i = 0; i < n; i++) {
		const struct box *t = &piece[i].box;
		const double off = middle - t->y - t->h / 2.0;
		const int to_left = box.x - t->x - t->w, to_right = t->x - box.x - box.w;

		if (!scrap_is_text(piece[i].kind) || middle < t->y || middle > t->y + t->h)
			continue;
		if (to_right < 0 && to_left < DOT_ALONE * letter)
			return false;
		leads |= to_right > 0 && to_right < DOT_REACH * letter &&
			 off <= SIGN_MIDDLE * t->h && -off <= SIGN_MIDDLE * t->h;
	}
	return leads;
}

/* Dots before the entries of a list stand below each other; what stands alone is dirt. */
static void
keep_dots(struct scrap_piece *piece, size_t n, int letter)
{
	for (size_t i = 0; i < n; i++)
		if (piece[i].kind == SCRAP_SIGN && leads(piece, n, piece[i].box, letter))
			piece[i].kind = SCRAP_DOT;
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n && piece[i].kind == SCRAP_DOT; k++)
			piece[i].kept |= i != k && piece[k].kind == SCRAP_DOT &&
					 abs(piece[i].box.x - piece[k].box.x) <= DOT_OFF * letter;
}

void
scraps_keep(struct scrap_piece *piece, size_t n, int letter)
{
	for (size_t i = 0; i < n; i++)
		piece[i].kept = scrap_is_text(piece[i].kind) || is_in_row(piece, n, i, letter) ||
				(piece[i].kind == SCRAP_COLON && is_text(piece[i].box, letter));
	keep_pairs(piece, n, letter);
	keep_dashes(piece, n, letter);
	keep_dots(piece, n, letter);
}
