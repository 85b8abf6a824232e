/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stroke of print has other ink of its letter close beside it; a dash stands alone. All lengths
 * are half-size pixels. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/bracket_shape.h"
#include "ocr/grid_dots.h"
#include "ocr/pixels.h"

#define STROKE_LEAST 5 /* 0.8 mm: longer than a dot or a level rule is thick */
#define STROKE_MOST 45 /* 7.6 mm: longer is a piece of a solid line */
#define BESIDE_FROM 2  /* from a stroke: nearer is the stroke itself */
#define BESIDE_TO 9
#define BESIDE_SHARE 0.4 /* of a stroke's length */
#define BRACKET_LEAST 4  /* pixels of width: a dash is thinner */
#define BOW_ROWS 7       /* ruled lines are thinner */
#define ON_FROM 2        /* from a level stroke, to where its letter must go on */
#define ON_TO 5

/* The line that lies in a box of the picture. Along it pixels are counted from its beginning. */
struct course {
	PIX *ink, *line;
	enum direction d;
	l_int32 x, y, w, h;
};

static bool
any(PIX *pix, int x, int y, int w, int h)
{
	for (int j = y; j < y + h; j++)
		for (int i = x; i < x + w; i++)
			if (pixels_is_set(pix, i, j))
				return true;
	return false;
}

static int
length(const struct course *c)
{
	return c->d == DOWN ? c->h : c->w;
}

/* Whether the line has ink of its own so far along. */
static bool
has_ink(const struct course *c, int at)
{
	for (int i = 0; i < (c->d == DOWN ? c->w : c->h); i++) {
		int x = c->d == DOWN ? i : at, y = c->d == DOWN ? at : i;

		if (pixels_is_set(c->line, x, y) && pixels_is_set(c->ink, c->x + x, c->y + y))
			return true;
	}
	return false;
}

/* All ink around the line that hangs together with its piece there, cut close, and the x in it of
 * the line. NULL: no memory. */
static PIX *
whole_piece(const struct course *c, int from, int to, int *ret_x)
{
	const int more = 2 * BESIDE_TO;
	BOX *clipped = NULL, *close = NULL,
	    *box = boxCreate(
		c->x - BESIDE_TO, c->y + from - more, c->w + 2 * BESIDE_TO, to - from + 2 * more);
	PIX *near = box != NULL ? pixClipRectangle(c->ink, box, &clipped) : NULL;
	PIX *seed = near != NULL ? pixCreateTemplate(near) : NULL, *whole = NULL, *ret = NULL;
	l_int32 x, y, left;

	if (seed != NULL) {
		boxGetGeometry(clipped, &x, &y, NULL, NULL);
		pixRasterop(
		    seed, c->x - x, c->y + from - y, c->w, to - from, PIX_SRC, c->line, 0, from);
		whole = pixSeedfillBinary(NULL, seed, near, 8);
	}
	if (whole != NULL && pixClipToForeground(whole, &ret, &close) == 0 && ret != NULL) {
		boxGetGeometry(close, &left, NULL, NULL, NULL);
		*ret_x = c->x - x - left;
	}
	boxDestroy(&box);
	boxDestroy(&clipped);
	boxDestroy(&close);
	pixDestroy(&near);
	pixDestroy(&seed);
	pixDestroy(&whole);
	return ret;
}

/* A bracket has no other ink beside it. */
static bool
is_bracket(PIX *piece)
{
	return pixGetWidth(piece) >= BRACKET_LEAST && bracket_side(piece) != BRACKET_NONE;
}

/* The bow of a 0 reaches aside in more rows than a dot on a ruled line does. The line is w wide,
 * from x on. */
static bool
is_bow(PIX *piece, int x, int w)
{
	const int right = x + w + BESIDE_FROM, more = (int)pixGetWidth(piece) - right;
	int rows = 0;

	for (int y = 0; (x > BESIDE_FROM || more > 0) && y < (int)pixGetHeight(piece); y++)
		rows += any(piece, 0, y, x - BESIDE_FROM, 1) || any(piece, right, y, more, 1);
	return rows >= BOW_ROWS;
}

/* Of a bracket; or of a bow, where a bow may be. */
static bool
is_of_sign(const struct course *c, int from, int to, bool bows)
{
	int x = 0;
	PIX *piece = whole_piece(c, from, to, &x);
	const bool ret = piece != NULL && (is_bracket(piece) || (bows && is_bow(piece, x, c->w)));

	pixDestroy(&piece);
	return ret;
}

static bool
is_upright_stroke(const struct course *c, int from, int to)
{
	int wide = BESIDE_TO - BESIDE_FROM, beside = 0;

	if (to - from > STROKE_MOST)
		return false;
	if (to - from < STROKE_LEAST)
		return is_of_sign(c, from, to, true);
	for (int row = c->y + from; row < c->y + to; row++)
		beside += any(c->ink, c->x - BESIDE_TO, row, wide, 1) ||
			  any(c->ink, c->x + c->w + BESIDE_FROM, row, wide, 1);
	return beside >= BESIDE_SHARE * (to - from) || is_of_sign(c, from, to, false);
}

/* Row for row from y on: a grain does not. */
static bool
goes_on(const struct course *c, int from, int to, int y)
{
	for (int row = y; row < y + ON_TO - ON_FROM; row++)
		if (!any(c->ink, c->x + from, row, to - from, 1))
			return false;
	return true;
}

/* The foot or the waist of a letter goes on upwards or downwards; a dot ends there. The line may
 * slant. */
static bool
is_level_stroke(const struct course *c, int from, int to)
{
	int top = c->h, foot = 0;

	if (to - from > STROKE_MOST)
		return false;
	for (int x = from; x < to; x++)
		for (int y = 0; y < c->h; y++)
			if (pixels_is_set(c->line, x, y) &&
			    pixels_is_set(c->ink, c->x + x, c->y + y)) {
				top = y < top ? y : top;
				foot = y > foot ? y : foot;
			}
	return goes_on(c, from, to, c->y + top - ON_TO) ||
	       goes_on(c, from, to, c->y + foot + 1 + ON_FROM);
}

static bool
is_stroke(const struct course *c, int from, int to)
{
	return c->d == DOWN ? is_upright_stroke(c, from, to) : is_level_stroke(c, from, to);
}

static void
clear(const struct course *c, PIX *lines, int from, int to)
{
	if (c->d == DOWN)
		pixRasterop(lines, c->x, c->y + from, c->w, to - from, PIX_CLR, NULL, 0, 0);
	else
		pixRasterop(lines, c->x + from, c->y, to - from, c->h, PIX_CLR, NULL, 0, 0);
}

/* Calls of one walk along the line: the sum of strokes' and of dashes' lengths; with take, strokes
 * are taken out of lines together with the closed gaps around them. */
static void
walk(const struct course *c, PIX *lines, int *ret_strokes, int *ret_dashes)
{
	int before = 0; /* end of the piece before */
	bool took = false, stroke;

	for (int from = 0, to; from < length(c); from = to) {
		while (from < length(c) && !has_ink(c, from))
			from++;
		for (to = from; to < length(c) && has_ink(c, to); to++)
			continue;
		stroke = from < to && is_stroke(c, from, to);
		if (lines != NULL && (took || stroke))
			clear(c, lines, before, from);
		took = stroke;
		if (lines != NULL && took)
			clear(c, lines, from, to);
		else if (took)
			*ret_strokes += to - from;
		else if (to - from <= STROKE_MOST)
			*ret_dashes += to - from;
		before = to;
	}
}

int
grid_dots_sift(struct Pix *lines, struct Pix *ink, enum direction d)
{
	PIXA *parts = NULL;
	BOXA *boxes = pixConnComp(lines, &parts, 8);

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
		struct course c = {.ink = ink, .line = pixaGetPix(parts, i, L_CLONE), .d = d};
		int strokes = 0, dashes = 0;

		boxaGetBoxGeometry(boxes, i, &c.x, &c.y, &c.w, &c.h);
		walk(&c, NULL, &strokes, &dashes);
		if (strokes > dashes)
			walk(&c, lines, &strokes, &dashes);
		pixDestroy(&c.line);
	}
	if (boxes == NULL)
		return -ENOMEM;
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return 0;
}
