/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strokes are peaks of darkness along a profile, gaps the valleys between them. Everything is
 * compared within the one character, so that pale, blurred and heavy print are judged alike. Shares
 * are of the character's width or height unless said otherwise.
 */
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include "ocr/variant_shape.h"

#define PEAKS_MAX 10
#define RISE 28         /* of 255: by so much a stroke is darker than the gaps beside it */
#define STROKE 90       /* of 255: paler lines are no strokes */
#define JOINED 0.6      /* of a stroke's darkness that is left where it goes on: it is one stroke */
#define PARTED 0.35     /* less than this is left in a gap */
#define BAR_LONG 0.65   /* 亠 and 冂 reach over so much */
#define BAR_SHORT 0.85  /* of them: what lies between reaches less far */
#define BAR_LEAST 0.4   /* the bars of 奇 at least … */
#define RIGHT_MOST 0.55 /* … and where they begin at most */
#define CLEAR 0.45      /* of a leg's darkness, what may be between two legs that stand apart */
#define APART_LEAST 0.3 /* of the upper bar, between the legs of 立 */
#define SPREAD_MOST 0.08 /* likewise, by which they may spread instead of coming together */

/* Darkness along one direction, 0 … 255. */
struct profile {
	int n, v[SHAPE_MAX];
};

struct peaks {
	int n, at[PEAKS_MAX];
};

/* Maxima between valleys that are deeper by RISE. n counts those past PEAKS_MAX too. */
static void
find_peaks(const struct profile *p, struct peaks *ret)
{
	int low = 0, high = 0;
	bool up = true; /* paper lies before the first stroke */

	ret->n = 0;
	for (int i = 0; i <= p->n; i++) {
		const int v = i < p->n ? p->v[i] : 0;

		if (up && v > p->v[high])
			high = i;
		if (!up && v < p->v[low])
			low = i;
		if (up && v <= p->v[high] - RISE) {
			if (ret->n < PEAKS_MAX)
				ret->at[ret->n] = high;
			ret->n++;
			up = false;
			low = i < p->n ? i : high;
		} else if (!up && v >= p->v[low] + RISE) {
			up = true;
			high = i;
		}
	}
}

static int
least(const struct profile *p, int from, int to)
{
	int v = 255;

	for (int i = from; i <= to; i++)
		v = p->v[i] < v ? p->v[i] : v;
	return v;
}

static int
palest(const struct profile *p, int from, int to)
{
	int at = from;

	for (int i = from; i <= to; i++)
		at = p->v[i] < p->v[at] ? i : at;
	return at;
}

/* Mean darkness of each row over columns [from, to). */
static void
rows_mean(const struct shape *s, int from, int to, struct profile *ret)
{
	ret->n = s->h;
	for (int y = 0; y < s->h; y++) {
		int sum = 0;

		for (int x = from; x < to; x++)
			sum += s->dark[y][x];
		ret->v[y] = sum / (to - from);
	}
}

/* Share of the columns that are dark at row y. */
static double
reach(const struct shape *s, int y)
{
	int n = 0;

	for (int x = 0; x < s->w; x++)
		n += s->dark[y][x] >= STROKE / 2;
	return (double)n / s->w;
}

/* The least, over rows [y0, y1), of the darkest pixel in columns [from, to): an upright's darkness.
 */
static int
upright_dark(const struct shape *s, int y0, int y1, int from, int to)
{
	int least = y1 > y0 ? 255 : 0;

	for (int y = y0; y < y1; y++) {
		int most = 0;

		for (int x = from; x < to; x++)
			most = s->dark[y][x] > most ? s->dark[y][x] : most;
		least = most < least ? most : least;
	}
	return least;
}

/* Above row top, which runs from column from to column to, stands one stroke, in its middle. */
static bool
has_stub(const struct shape *s, int top, int from, int to)
{
	const int fourth = (to - from) / 4, y = top / 2;

	return top >= 2 && upright_dark(s, y, y + 1, from + fourth, to - fourth) >= STROKE &&
	       upright_dark(s, y, y + 1, from, from + fourth) < STROKE;
}

/* The strokes that cross the middle of 高 and 髙: 亠 with its dot, two of the middle part, 冂 and
 * two of the mouth in it. */
enum { TOP, UPPER, LOWER, ROOF, MOUTH, FLOOR, CROSSINGS };

static void
drop_dot(const struct shape *s, struct peaks *p)
{
	if (p->n < 2 || p->n > CROSSINGS + 1 || reach(s, p->at[0]) >= BAR_LONG)
		return;
	for (int i = 0; i + 1 < p->n; i++)
		p->at[i] = p->at[i + 1];
	p->n--;
}

static bool
is_taka(const struct shape *s, const struct peaks *p)
{
	return p->n >= MOUTH + 1 && p->n <= CROSSINGS && reach(s, p->at[TOP]) >= BAR_LONG &&
	       reach(s, p->at[ROOF]) >= BAR_LONG && p->at[TOP] < 0.3 * s->h &&
	       p->at[ROOF] > 0.4 * s->h && p->at[ROOF] < 0.72 * s->h &&
	       has_stub(s, p->at[TOP], 0, s->w) &&
	       upright_dark(s, 7 * s->h / 10, 17 * s->h / 20, 0, s->w / 6) >= STROKE &&
	       upright_dark(s, 7 * s->h / 10, 17 * s->h / 20, s->w - s->w / 6, s->w) >= STROKE &&
	       fmax(reach(s, p->at[UPPER]), reach(s, p->at[LOWER])) <
		   BAR_SHORT * fmin(reach(s, p->at[TOP]), reach(s, p->at[ROOF]));
}

/* The darkest column of [from, to) where only upright strokes are: halfway between two bars. */
static int
upright(const struct shape *s, int y, int from, int to)
{
	int at = from;

	for (int x = from; x < to; x++)
		if (s->dark[y][x] > s->dark[y][at])
			at = x;
	return at;
}

/* Least darkness of the upright at column x between rows a and b, over what the middle has there.
 */
static int
stroke_between(const struct shape *s, const struct profile *middle, int x, int a, int b)
{
	int v = 255;

	for (int y = a; y <= b; y++) {
		int most = 0;

		for (int k = x - 1; k <= x + 1; k++)
			most = s->dark[y][k] > most ? s->dark[y][k] : most;
		v = most < v ? most : v;
	}
	return v - least(middle, a, b);
}

enum shape_verdict
shape_taka(const struct shape *s)
{
	const int half = s->w / 2;
	struct profile middle;
	struct peaks p;
	double weakest = 1, strongest = 0;

	rows_mean(s, (int)(0.42 * s->w), (int)(0.58 * s->w) + 1, &middle);
	find_peaks(&middle, &p);
	drop_dot(s, &p);
	if (!is_taka(s, &p))
		return SHAPE_OTHER;
	for (int side = 0; side < 2; side++) {
		const int y = palest(&middle, p.at[UPPER], p.at[LOWER]);
		const int x = side == 0 ? upright(s, y, s->w / 8, half)
					: upright(s, y, half + 1, s->w - s->w / 8);
		const int whole = stroke_between(s, &middle, x, p.at[UPPER], p.at[LOWER]);
		const double above =
		    (double)stroke_between(s, &middle, x, p.at[TOP], p.at[UPPER]) / whole;
		const double below =
		    (double)stroke_between(s, &middle, x, p.at[LOWER], p.at[ROOF]) / whole;

		if (whole < STROKE)
			return SHAPE_OTHER;
		weakest = above < weakest ? above : weakest;
		weakest = below < weakest ? below : weakest;
		strongest = above > strongest ? above : strongest;
		strongest = below > strongest ? below : strongest;
	}
	return weakest >= JOINED ? SHAPE_VARIANT : strongest < PARTED ? SHAPE_COMMON : SHAPE_OTHER;
}

/* The longest dark run of the right part, in the rows where the bar of 可 is. */
static int
find_bar(const struct shape *s, int *ret_from, int *ret_to)
{
	int best = 0, at = -1;

	for (int y = (int)(0.38 * s->h); y < 0.66 * s->h; y++) {
		int from = s->w / 4, run = 0;

		for (int x = s->w / 4; x <= s->w; x++) {
			if (x < s->w && s->dark[y][x] >= STROKE) {
				run++;
				continue;
			}
			from = x - run;
			if (run > best) {
				best = run;
				at = y;
				*ret_from = from;
				*ret_to = x;
			}
			run = 0;
		}
	}
	return best >= BAR_LEAST * s->w && *ret_to >= 0.85 * s->w ? at : -1;
}

static int
compare_bytes(const void *a, const void *b)
{
	return *(const uint8_t *)a - *(const uint8_t *)b;
}

/* Of each row the darkness that three quarters of columns [from, to) have: bars only. */
static void
rows_barred(const struct shape *s, int from, int to, struct profile *ret)
{
	uint8_t row[SHAPE_MAX];

	ret->n = s->h;
	for (int y = 0; y < s->h; y++) {
		for (int x = from; x < to; x++)
			row[x - from] = s->dark[y][x];
		qsort(row, (size_t)(to - from), 1, compare_bytes);
		ret->v[y] = row[(to - from) / 4];
	}
}

/* The longest run of ink of rows [y0, y1) in columns [0, to). */
static int
longest_run(const struct shape *s, int y0, int y1, int to)
{
	int longest = 0;

	for (int y = y0; y < y1; y++) {
		int run = 0, most = 0;

		for (int x = 0; x < to; x++)
			most = s->dark[y][x] > most ? s->dark[y][x] : most;
		for (int x = 0; x < to; x++) {
			run = most >= STROKE && s->dark[y][x] > most / 2 ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
	}
	return longest;
}

/* How many uprights stand side by side in columns [0, to) at row y. */
static int
count_uprights(const struct shape *s, int y, int to)
{
	struct profile row = {.n = to};
	struct peaks p;

	for (int x = 0; x < to; x++)
		row.v[x] = s->dark[y][x];
	find_peaks(&row, &p);
	return p.n;
}

/* 山 on the left: a bar low down, and nothing but uprights above it. */
static bool
has_mountain(const struct shape *s, int to)
{
	const int low = longest_run(s, (int)(0.55 * s->h), (int)(0.92 * s->h), to);

	return count_uprights(s, (int)(0.42 * s->h), to) >= 2 && low >= 0.2 * s->w &&
	       longest_run(s, (int)(0.15 * s->h), (int)(0.5 * s->h), to) <= 0.65 * low;
}

/* Two strokes side by side below the upper bar, as shares of the bar's width, and what is between.
 */
struct legs {
	double left, right;
	double between; /* darkness, of the paler one */
};

static struct legs
find_legs(const struct shape *s, int y0, int y1, int from, int to)
{
	const int middle = (from + to) / 2;
	int at[2] = {from, middle + 1}, most[2] = {0}, least = 255;

	int sum[SHAPE_MAX] = {0};

	for (int x = from; x < to; x++) {
		for (int y = y0; y < y1; y++)
			sum[x] += s->dark[y][x];
		sum[x] /= y1 - y0;
		if (sum[x] > most[x > middle]) {
			most[x > middle] = sum[x];
			at[x > middle] = x;
		}
	}
	for (int x = at[0]; x <= at[1]; x++)
		least = sum[x] < least ? sum[x] : least;
	return (struct legs){(double)(at[0] - from) / (to - from),
	    (double)(at[1] - from) / (to - from),
	    (double)least / (1 + (most[0] < most[1] ? most[0] : most[1]))};
}

/* The run of ink at row y through column x. */
static void
run_at(const struct shape *s, int y, int x, int *ret_from, int *ret_to)
{
	const int floor = s->dark[y][x] / 2;
	int from = x, to = x + 1;

	while (from > 0 && s->dark[y][from - 1] > floor)
		from--;
	while (to < s->w && s->dark[y][to] > floor)
		to++;
	*ret_from = from;
	*ret_to = to;
}

/* The two bars of the right part, and what is between them. */
struct bars {
	int from, to; /* columns of the upper one */
	int top, bar; /* rows: below the upper one, and above that of 可 */
};

/* Of 奇 or its variant, with 山 beside it. */
static bool
find_bars(const struct shape *s, struct bars *ret)
{
	int from = 0, to = 0, bar = find_bar(s, &from, &to), top = 0;
	struct profile p;

	if (bar < 0 || from > RIGHT_MOST * s->w)
		return false;
	rows_barred(s, from + (to - from) / 8, to - (to - from) / 8, &p);
	for (int y = 0; y < bar - s->h / 6; y++)
		top = p.v[y] > p.v[top] ? y : top;
	if (p.v[top] < STROKE)
		return false;
	run_at(s, top, (from + to) / 2, &from, &to);
	if (to - from < BAR_LEAST * s->w || from > RIGHT_MOST * s->w || !has_mountain(s, from) ||
	    !has_stub(s, top, from, to) ||
	    upright_dark(s, 13 * s->h / 20, 17 * s->h / 20, s->w - s->w / 3, s->w) < STROKE)
		return false;
	while (p.v[top + 1] > p.v[top] / 2 && top + 1 < bar)
		top++;
	while (p.v[bar - 1] > p.v[bar] / 2 && top + 1 < bar)
		bar--;
	*ret = (struct bars){from, to, top + 1, bar};
	return true;
}

/* The legs of 大 leave from one point and spread; those of 立 stand apart and come together. */
enum shape_verdict
shape_saki(const struct shape *s)
{
	struct bars b;
	struct legs upper, lower;
	int third;
	double apart;

	if (!find_bars(s, &b) || (third = (b.bar - b.top) / 3) < 1)
		return SHAPE_OTHER;
	upper = find_legs(s, b.top, b.top + third, b.from, b.to);
	lower = find_legs(s, b.bar - third, b.bar, b.from, b.to);
	apart = upper.right - upper.left;
	if (upper.between > JOINED)
		return SHAPE_COMMON;
	if (upper.between < CLEAR && lower.between < CLEAR && apart > APART_LEAST &&
	    lower.right - lower.left < apart + SPREAD_MOST)
		return SHAPE_VARIANT;
	return SHAPE_OTHER;
}
