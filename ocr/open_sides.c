/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of ruled lines at the edges of what they make up. All lengths are half-size pixels. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/open_sides.h"
#include "ocr/prepare.h"
#include "ocr/runs.h"

#define TABLE_WIDE 200 /* 34 mm; smaller are brackets and boxes to tick */
#define TABLE_HIGH 60
#define REACH 8    /* ends inside a table differ by less, … */
#define DEEP 16    /* … those at its sides by this, as pages are not quite level */
#define END_MAX 12 /* what is longer along a side is a piece of it */
#define ENDS_MIN 3 /* with nothing between them: a side that is missing */
#define ENDS_MAX 200
#define RULE_MIN 40 /* a ruled line that may end inside a table */
#define UPRIGHT_MIN 16
#define SOLID_MIN 60 /* 10 mm unbroken: figures below each other look like dots of a rule */
#define LINES_MAX 300
#define SPECK 2 /* ink where a side would be that is no print */

enum side { LEFT, RIGHT, TOP, FOOT, SIDES };

/* Where ruled lines come to a side, along it. */
struct ends {
	struct {
		int from, to;
	} end[ENDS_MAX];
	int n, single; /* single: no pieces of the side */
};

static bool
is_upright(enum side side)
{
	return side == LEFT || side == RIGHT;
}

/* The part of a table that is `deep` pixels from a side, `from` to `to` along it. */
static struct box
strip_of(struct box t, enum side side, int from, int to, int deep)
{
	struct box b = t;

	if (is_upright(side)) {
		b.y += from;
		b.h = to - from;
		b.w = deep;
		b.x += side == RIGHT ? t.w - deep : 0;
	} else {
		b.x += from;
		b.w = to - from;
		b.h = deep;
		b.y += side == FOOT ? t.h - deep : 0;
	}
	return b;
}

static int
find_ends(PIX *lines, struct box t, enum side side, struct ends *ret)
{
	int along = is_upright(side) ? t.h : t.w;
	PIX *part = cutting(lines, strip_of(t, side, 0, along, DEEP));
	NUMA *ink = part == NULL       ? NULL
		    : is_upright(side) ? pixCountPixelsByRow(part, NULL)
				       : pixCountPixelsByColumn(part);

	pixDestroy(&part);
	if (ink == NULL)
		return -ENOMEM;
	ret->n = ret->single = 0;
	for (int i = 0; i < numaGetCount(ink); i++) {
		l_int32 count = 0;

		numaGetIValue(ink, i, &count);
		if (count == 0)
			continue;
		if (ret->n > 0 && ret->end[ret->n - 1].to == i)
			ret->end[ret->n - 1].to++;
		else if (ret->n < ENDS_MAX) {
			ret->end[ret->n].from = i;
			ret->end[ret->n++].to = i + 1;
		}
	}
	for (int i = 0; i < ret->n; i++)
		ret->single += ret->end[i].to - ret->end[i].from <= END_MAX;
	numaDestroy(&ink);
	return 0;
}

static void
set(PIX *pix, struct box b)
{
	pixRasterop(pix, b.x, b.y, b.w, b.h, PIX_SET, NULL, 0, 0);
}

static bool
is_white(PIX *pix, struct box b)
{
	PIX *part = cutting(pix, b);
	l_int32 none = 0;

	if (part != NULL)
		pixZero(part, &none);
	pixDestroy(&part);
	return none != 0;
}

/* A line along the side, if nothing is printed there. */
static int
draw(PIX *print, PIX *lines, struct box t, enum side side, int from, int to)
{
	struct box b = strip_of(t, side, from, to, 1);
	PIX *part = cutting(print, b);
	l_int32 ink = 0;

	if (part == NULL)
		return -ENOMEM;
	pixCountPixels(part, &ink, NULL);
	pixDestroy(&part);
	if (ink <= SPECK)
		set(lines, b);
	return 0;
}

static int
close_side(PIX *print, PIX *lines, struct box t, enum side side, const struct ends *e, bool first,
    bool last)
{
	int along = is_upright(side) ? t.h : t.w, r = 0;

	for (int i = 0; i < e->n; i++) {
		int middle = (e->end[i].from + e->end[i].to) / 2;

		set(lines, strip_of(t, side, middle, middle + 1, DEEP));
	}
	for (int i = 0; r >= 0 && i + 1 < e->n; i++)
		r = draw(print, lines, t, side, e->end[i].from, e->end[i + 1].to);
	if (r >= 0 && first)
		r = draw(print, lines, t, side, 0, e->end[0].to);
	if (r >= 0 && last)
		r = draw(print, lines, t, side, e->end[e->n - 1].from, along);
	return r;
}

/* Ends alone, or, upright, a piece of the side beside a heading as well: sides of which only the
 * middle is missing are those of two tables that share a third side. */
static bool
is_open(const struct ends *e, enum side side)
{
	return e->single >= ENDS_MIN ||
	       (is_upright(side) && e->n >= ENDS_MIN && e->single + 1 == e->n);
}

static int
close_table(PIX *print, PIX *lines, struct box t)
{
	struct ends *e = calloc(SIDES, sizeof *e);
	bool open[SIDES] = {false};
	int r = e == NULL ? -ENOMEM : 0;

	for (int k = 0; r >= 0 && k < SIDES; k++) {
		r = find_ends(lines, t, (enum side)k, &e[k]);
		open[k] = r >= 0 && is_open(&e[k], (enum side)k);
	}
	for (int k = 0; r >= 0 && k < SIDES; k++) {
		bool upright = is_upright((enum side)k);

		/* two that are missing meet in their corner */
		if (open[k])
			r = close_side(print, lines, t, (enum side)k, &e[k],
			    open[upright ? TOP : LEFT], open[upright ? FOOT : RIGHT]);
	}
	free(e);
	return r;
}

/* The level lines of a table, and what is upright. */
struct inside {
	PIX *print, *lines, *uprights, *solid;
	BOXA *level;
	int n;
};

static struct box
level_of(const struct inside *in, int i)
{
	struct box b;

	boxaGetBoxGeometry(in->level, i, &b.x, &b.y, &b.w, &b.h);
	return b;
}

/* Where a line of a table ends; -1: it meets an upright one there, or none at all: what is written
 * on stands by itself. */
static int
free_end(const struct inside *in, struct box b, enum side side)
{
	int x = side == LEFT ? b.x : b.x + b.w - 1;
	struct box near_by = {x - REACH, b.y, 2 * REACH, b.h};

	return is_white(in->uprights, near_by) && !is_white(in->solid, b) ? x : -1;
}

/* The level line next above or below y that passes x; -1: none. */
static int
next_line(const struct inside *in, int x, int y, bool above)
{
	int best = -1;

	for (int i = 0; i < in->n; i++) {
		struct box b = level_of(in, i);
		int at = b.y + b.h / 2;

		if (b.x > x - REACH || b.x + b.w < x + REACH || (above ? at >= y : at <= y))
			continue;
		if (best < 0 || (above ? at > best : at < best))
			best = at;
	}
	return best;
}

/* A line through the ends that lie below each other with the one at `first`. */
static void
close_inside(const struct inside *in, int first, enum side side)
{
	struct box b = level_of(in, first);
	int x = free_end(in, b, side), y = b.y + b.h / 2, n = 0;
	int top = x < 0 ? -1 : next_line(in, x, y, true);
	int foot = x < 0 ? -1 : next_line(in, x, y, false);

	if (top < 0 || foot < 0)
		return;
	for (int i = 0; i < in->n; i++) {
		struct box c = level_of(in, i);
		int end = free_end(in, c, side);

		n += c.y > top && c.y + c.h <= foot && end >= 0 && abs(end - x) <= REACH;
	}
	b = (struct box){x, top, 1, foot - top};
	if (n >= ENDS_MIN && is_white(in->print, b))
		set(in->lines, b);
}

/* Lines may end inside a table as well, below each other, at a side that nothing draws. */
static int
close_insides(PIX *print, PIX *lines, PIX *solid)
{
	PIX *rules = runs_open(lines, ACROSS, RULE_MIN);
	struct inside in = {print, lines, runs_open(lines, DOWN, UPRIGHT_MIN), solid, NULL, 0};
	int r;

	in.level = rules == NULL ? NULL : pixConnCompBB(rules, 8);
	in.n = in.level == NULL ? 0 : boxaGetCount(in.level);
	r = in.level == NULL || in.uprights == NULL ? -ENOMEM : 0;
	for (int i = 0; r >= 0 && in.n <= LINES_MAX && i < in.n; i++) {
		close_inside(&in, i, LEFT);
		close_inside(&in, i, RIGHT);
	}
	boxaDestroy(&in.level);
	pixDestroy(&in.uprights);
	pixDestroy(&rules);
	return r;
}

int
open_sides_close(struct Pix *ink, struct Pix *rules, struct Pix *lines)
{
	PIX *print = pixSubtract(NULL, ink, rules), *solid = runs_open(ink, DOWN, SOLID_MIN);
	BOXA *boxes = pixConnCompBB(lines, 8);
	int r = print == NULL || solid == NULL || boxes == NULL ? -ENOMEM : 0;

	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		struct box t;

		boxaGetBoxGeometry(boxes, i, &t.x, &t.y, &t.w, &t.h);
		if (t.w >= TABLE_WIDE && t.h >= TABLE_HIGH && !is_white(solid, t))
			r = close_table(print, lines, t);
	}
	if (r >= 0)
		r = close_insides(print, lines, solid);
	boxaDestroy(&boxes);
	pixDestroy(&solid);
	pixDestroy(&print);
	return r;
}
