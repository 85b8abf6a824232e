/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way of cuts, row by row from the top. */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/down_cut.h"
#include "ocr/words.h"

#define OUTSIDE 0.005    /* of a line's ink, on either side: as much may be specks */
#define PITCH_LEAST 0.85 /* of a letter's width, … */
#define PITCH_MOST 2.3   /* … and of one on manuscript paper */
#define PITCH_STEP 0.25  /* pixels: over a long line they add up */
#define ALIKE 1.5        /* half a pitch is right that costs so many times as much, … */
#define ALIKE_MORE 0.04  /* … and this */
#define COST_MOST 0.3    /* it costs more where no white is between letters; … */
#define COST_USUAL 0.9   /* … of that, where hardly any line of a page has it */
#define OTHER 2.0        /* a line's own pitch is another that costs so much less than this, … */
#define OTHER_MORE 0.05  /* … and this */
#define NEAR 0.1         /* of a letter's width: ink so near counts … */
#define NEAR_WEIGHT 0.5  /* … so much: a cut is best amid white */
#define UNEVEN 4.0       /* what a part of twice the pitch, or of none, would cost, … */
#define HALF 0.15        /* … and one of half a pitch: a comma that takes no more room */
#define SHORTEST 0.4     /* pitches */
#define LONGEST 1.4

/* From the first to the last of columns, leaving out what specks may be on either side. */
static int
inner_width(NUMA *columns, l_int32 all)
{
	const double out = OUTSIDE * all;
	double left = 0, right = 0;
	l_int32 one = 0, from = 0, to = numaGetCount(columns);

	for (; from < to && left <= out; from++) {
		numaGetIValue(columns, from, &one);
		left += one;
	}
	for (; to >= from && right <= out; to--) {
		numaGetIValue(columns, to - 1, &one);
		right += one;
	}
	return to - from + 2;
}

/* Width of ink; 1 where there is none. */
static int
ink_width(PIX *ink)
{
	NUMA *columns = pixCountPixelsByColumn(ink);
	l_int32 all = 0, ret = 1;

	pixCountPixels(ink, &all, NULL);
	if (columns != NULL && all > 0)
		ret = inner_width(columns, all);
	numaDestroy(&columns);
	return ret;
}

/* sum, of n + 1: how much ink lies above each row. */
static void
add_up(NUMA *rows, int n, double *sum)
{
	l_int32 one = 0;

	sum[0] = 0;
	for (int y = 0; y < n; y++) {
		numaGetIValue(rows, y, &one);
		sum[y + 1] = sum[y] + one;
	}
}

int
down_line_of(struct Pix *ink, struct down_line *ret)
{
	const int n = pixGetHeight(ink), wide = ink_width(ink), near = (int)(NEAR * wide) + 1;
	_cleanup_(freep) double *sum = calloc((size_t)n + 1, sizeof *sum);
	NUMA *rows = pixCountPixelsByRow(ink, NULL);
	const bool ok = rows != NULL && sum != NULL;

	*ret = (struct down_line){calloc((size_t)n + 1, sizeof *ret->cost), n, wide};
	if (ok)
		add_up(rows, n, sum);
	for (int y = 0; ok && ret->cost != NULL && y <= n; y++) {
		const int from = y > near ? y - near : 0, to = y + near < n ? y + near + 1 : n;
		const double own = y < n ? sum[y + 1] - sum[y] : 0;
		const double around = (sum[to] - sum[from]) / (2 * near + 1);

		ret->cost[y] = (float)((own + NEAR_WEIGHT * around) / wide);
	}
	numaDestroy(&rows);
	return ok && ret->cost != NULL ? 0 : -ENOMEM;
}

void
down_line_free(struct down_line *l)
{
	free(l->cost);
}

/* What cuts so far apart cost in the mean, from the best row on. */
static double
even_cost(const struct down_line *l, double pitch)
{
	double best = DBL_MAX;

	for (int from = 0; from < pitch; from++) {
		double sum = 0;
		int cuts = 0;

		for (double y = from; y <= l->n; y += pitch, cuts++)
			sum += l->cost[(int)y];
		if (cuts > 0 && sum / cuts < best)
			best = sum / cuts;
	}
	return best;
}

static double
pitch_cost(const struct down_line *lines, unsigned n, double pitch)
{
	double sum = 0;
	long rows = 0;

	for (unsigned i = 0; i < n; i++) {
		const double cost = even_cost(&lines[i], pitch);

		sum += (cost < COST_MOST ? cost : COST_MOST) * lines[i].n;
		rows += lines[i].n;
	}
	return rows > 0 ? sum / (double)rows : DBL_MAX;
}

static int
usual_width(const struct down_line *lines, unsigned n)
{
	_cleanup_(freep) int *wide = calloc(n, sizeof *wide);

	if (wide == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < n; i++)
		wide[i] = lines[i].wide;
	sort_ints(wide, n);
	return wide[n / 2];
}

/* The best pitch from `from` to `to`; its cost in ret_cost. */
static double
best_pitch(const struct down_line *lines, unsigned n, double from, double to, double *ret_cost)
{
	double ret = 0;

	*ret_cost = DBL_MAX;
	for (double p = from; p <= to; p += PITCH_STEP) {
		const double cost = pitch_cost(lines, n, p);

		if (cost < *ret_cost) {
			*ret_cost = cost;
			ret = p;
		}
	}
	return ret;
}

/* Two letters may have been taken for one; three are longer than any pitch. */
static double
whole_or_half(const struct down_line *lines, unsigned n, int wide, double pitch, double cost)
{
	const double half = pitch / 2;
	double ret, cost_half;

	if (half < PITCH_LEAST * wide)
		return pitch;
	ret = best_pitch(lines, n, half - PITCH_STEP, half + PITCH_STEP, &cost_half);
	return cost_half <= ALIKE * cost + ALIKE_MORE ? ret : pitch;
}

int
down_pitch(const struct down_line *lines, unsigned n, double *ret)
{
	const int wide = n == 0 ? 0 : usual_width(lines, n);
	double pitch, cost;

	if (wide < 0)
		return wide;
	pitch = best_pitch(lines, n, PITCH_LEAST * wide, PITCH_MOST * wide, &cost);
	*ret = cost > COST_USUAL * COST_MOST ? 0 : whole_or_half(lines, n, wide, pitch, cost);
	return 0;
}

int
down_line_pitch(const struct down_line *l, double usual, double *ret)
{
	double own, most;
	const int r = down_pitch(l, 1, &own);

	if (r < 0)
		return r;
	most = own > 0 ? OTHER * even_cost(l, own) + OTHER_MORE : COST_MOST;
	*ret = usual > 0 && even_cost(l, usual) <= most ? usual : own;
	return 0;
}

/* The best way of cuts to each row: its cost, and the row of the cut before. */
struct ways {
	double *cost;
	int *before;
};

static void
ways_free(struct ways *w)
{
	free(w->cost);
	free(w->before);
}

/* The first cut costs what it meets. */
static void
go_on(const struct down_line *l, double pitch, int y, struct ways *w)
{
	const int least = (int)(SHORTEST * pitch) + 1, most = (int)(LONGEST * pitch);

	w->cost[y] = y < pitch ? 0 : DBL_MAX;
	w->before[y] = -1;
	for (int high = least; high <= most && high <= y; high++) {
		const double off = (high - pitch) / pitch, half = off + 0.5;
		const double own = fmin(UNEVEN * off * off, HALF + UNEVEN * half * half);
		const double cost = w->cost[y - high] + own;

		if (cost < w->cost[y]) {
			w->cost[y] = cost;
			w->before[y] = y - high;
		}
	}
	w->cost[y] += l->cost[y];
}

int
down_cut(const struct down_line *l, double pitch, int *ret, int room)
{
	_cleanup_(ways_free) struct ways w = {
	    calloc((size_t)l->n + 1, sizeof(double)), calloc((size_t)l->n + 1, sizeof(int))};
	int end = l->n, n = 0;

	if (w.cost == NULL || w.before == NULL)
		return -ENOMEM;
	for (int y = 0; y <= l->n; y++)
		go_on(l, pitch, y, &w);
	for (int y = l->n; y >= 0 && y > l->n - pitch; y--)
		end = w.cost[y] < w.cost[end] ? y : end;
	for (int y = end; y >= 0; y = w.before[y])
		n++;
	if (n > room)
		return -E2BIG;
	for (int y = end, i = n; y >= 0; y = w.before[y])
		ret[--i] = y;
	return n - 1;
}
