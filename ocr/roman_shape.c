/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shares are of the height. */
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/roman_shape.h"

#define HEIGHT_MIN 12  /* pixels */
#define WIDTH_MOST 1.4 /* of the whole */
#define STROKE_MOST 0.25
#define STRAIGHT 0.07  /* a stroke's middle moves by so much at most … */
#define CENTRED 0.05   /* … and the serifs' from its own */
#define END 0.3        /* rows at the top and the bottom that serifs and flags lie in */
#define UNLIKE 0.15    /* between the reach of both ends */
#define SERIF_MOST 0.9 /* of one stroke: how long they are */
#define FLUSH 0.04     /* serifs that reach no farther than the strokes make a frame of them */
#define UNEVEN 0.2     /* between the longest gap and the shortest */

struct row {
	int n, from[ROMAN_MOST], to[ROMAN_MOST]; /* n: ROMAN_MOST + 1 when there are more */
};

static struct row
row_at(PIX *ink, int y)
{
	struct row r = {0};
	bool on = false;

	for (int x = 0; x < pixGetWidth(ink); x++) {
		l_uint32 v = 0;

		pixGetPixel(ink, x, y, &v);
		if (v != 0 && !on && r.n++ >= ROMAN_MOST)
			return r;
		if (v != 0) {
			r.from[r.n - 1] = on ? r.from[r.n - 1] : x;
			r.to[r.n - 1] = x + 1;
		}
		on = v != 0;
	}
	return r;
}

static double
middle(const struct row *r, int i)
{
	return (r->from[i] + r->to[i]) / 2.0;
}

/* As many strokes as r has, where r has them. */
static bool
goes_on(const struct row *r, const struct row *other, int h)
{
	if (other->n != r->n)
		return false;
	for (int i = 0; i < r->n; i++)
		if (abs((int)(middle(r, i) - middle(other, i))) > STRAIGHT * h ||
		    other->to[i] - other->from[i] > STROKE_MOST * h)
			return false;
	return true;
}

static bool
is_straight(PIX *ink, const struct row *r)
{
	static const double at[] = {0.2, 0.3, 0.4, 0.6, 0.7, 0.8};
	const int h = pixGetHeight(ink);

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		const struct row other = row_at(ink, (int)(at[i] * h));

		if (!goes_on(r, &other, h))
			return false;
	}
	return true;
}

/* Even gaps. */
static bool
is_even(const struct row *r, int h)
{
	double least = h, most = 0;

	for (int i = 0; i + 1 < r->n; i++) {
		const double gap = middle(r, i + 1) - middle(r, i);

		least = gap < least ? gap : least;
		most = gap > most ? gap : most;
	}
	return r->n < 2 || most - least <= UNEVEN * h;
}

/* What the outermost rows reach over. */
struct reach {
	int from, to;
	bool joined; /* the strokes, by serifs */
};

static struct reach
reach_of(PIX *ink, const struct row *r, bool bottom)
{
	const int h = pixGetHeight(ink);
	struct reach e = {.from = pixGetWidth(ink)};

	for (int i = 0; i < END * h; i++) {
		const struct row row = row_at(ink, bottom ? h - 1 - i : i);

		if (row.n == 0 || row.n > ROMAN_MOST)
			continue;
		e.from = row.from[0] < e.from ? row.from[0] : e.from;
		e.to = row.to[row.n - 1] > e.to ? row.to[row.n - 1] : e.to;
		e.joined = e.joined || row.n < r->n;
	}
	return e;
}

/* The ends reach as far on the one side of the strokes as on the other, at the top as at the
 * bottom: so no digit's flag does, nor a T. */
static bool
is_fair(PIX *ink, const struct row *r)
{
	const int h = pixGetHeight(ink), from = r->from[0], to = r->to[r->n - 1];
	const struct reach ends[] = {reach_of(ink, r, false), reach_of(ink, r, true)};

	if (abs((ends[0].to - ends[0].from) - (ends[1].to - ends[1].from)) > UNLIKE * h)
		return false;
	for (int i = 0; i < 2; i++) {
		const struct reach *e = &ends[i];

		if (e->to == 0 || abs(e->from + e->to - from - to) > 2 * CENTRED * h)
			return false;
		if (r->n == 1 ? e->to - e->from > SERIF_MOST * h
			      : e->joined && (from - e->from < FLUSH * h || e->to - to < FLUSH * h))
			return false;
	}
	return true;
}

int
roman_strokes(struct Pix *ink)
{
	const int w = pixGetWidth(ink), h = pixGetHeight(ink);
	struct row r;

	if (h < HEIGHT_MIN || w > WIDTH_MOST * h)
		return 0;
	r = row_at(ink, h / 2);
	if (r.n == 0 || r.n > ROMAN_MOST || !is_straight(ink, &r) || !is_even(&r, h))
		return 0;
	return is_fair(ink, &r) ? r.n : 0;
}
