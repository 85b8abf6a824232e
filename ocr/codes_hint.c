/* SPDX-License-Identifier: GPL-3.0-or-later */
/* All lengths are pixels of the picture that codes are read in, mostly 150 dpi. Edges lie where a
 * row passes the middle between a dark and a light, wherever these are. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/codes_hint.h"

#define STEP 4          /* rows from one that is looked at for bars to the next */
#define STEP_EYE 2      /* likewise for eyes, whose middle is three modules high */
#define SWING_LEAST 16  /* grey levels from dark to light; less is grain */
#define SWING_SHARE 0.2 /* likewise, of the swing before */
#define BARS 18         /* edges; the shortest code has 24 */
#define BARS_SMALL 160  /* that they take at most: 1.3 mm each, … */
#define BARS_LARGE 320  /* … or, on sheets that divide documents, 3 mm */
#define BARS_DARK 0.25  /* of that is dark at least, and light: rules are thinner */
#define ROWS 4          /* further rows that must show the same bars: 2.7 mm in all, … */
#define ROWS_LARGE 2    /* … and so many times as far where bars are large */
#define BARS_MISSING 3  /* edges of these that another row may lack */
#define NEAR 0.9f       /* pixels from where an edge must be in the next row, … */
#define NEAR_LARGE 0.1f /* … or of a bar: enlarged and copied ones are ragged */
#define SLOPES 16       /* to each side, up to one pixel aside for one down */
#define MODULE_LEAST 1.2
#define MODULE_LONG 40
#define RUN_OFF 0.5     /* modules by which a run of an eye may be off … */
#define RUN_BLUR 0.7    /* … and pixels */
#define MODULE_SAME 1.6 /* times, across and down, and from eye to eye */
#define EYES_MAX 64     /* more are a pattern */
#define EYE_APART 6     /* modules from one eye to the next at least */
#define LEGS_SAME 1.3   /* times as far as the other eye of a corner … */
#define SQUARE 0.3      /* … in whose angle's cosine is at most this */

struct edge {
	float at;
	bool falls; /* dark begins */
};

struct edges {
	struct edge *edge;
	int n;
};

/* Where v passes the middle of its two ends, between from and to. */
static float
crossing(const uint8_t *v, int from, int to)
{
	const float middle = (float)(v[from] + v[to]) / 2;
	const bool falls = v[from] > v[to];
	int i = from;

	while (i + 1 < to && (falls ? (float)v[i + 1] > middle : (float)v[i + 1] < middle))
		i++;
	return (float)i + (middle - (float)v[i]) / (float)(v[i + 1] - v[i]);
}

/* Edges of a row of n greys, from its turns between dark and light. */
static void
find_edges(const uint8_t *v, int n, struct edges *ret)
{
	int turn = 0, top = 0, swing = SWING_LEAST; /* the last turn, and the furthest since */
	bool down = true;

	ret->n = 0;
	for (int i = 1; i < n; i++) {
		if (down ? v[i] <= v[top] : v[i] >= v[top]) {
			top = i;
			continue;
		}
		if (abs(v[i] - v[top]) < swing)
			continue;
		if (v[turn] != v[top])
			ret->edge[ret->n++] = (struct edge){crossing(v, turn, top), down};
		swing = (int)(SWING_SHARE * abs(v[turn] - v[top]));
		swing = swing < SWING_LEAST ? SWING_LEAST : swing;
		turn = top;
		top = i;
		down = !down;
	}
	if (abs(v[turn] - v[top]) >= SWING_LEAST)
		ret->edge[ret->n++] = (struct edge){crossing(v, turn, top), down};
}

/* Five runs from e on: their module, or 0. */
static float
eye_module(const struct edge *e)
{
	const float module = (e[5].at - e[0].at) / 7;

	if (!e[0].falls || module < MODULE_LEAST || module > MODULE_LONG)
		return 0;
	for (int i = 0; i < 5; i++) {
		float run = e[i + 1].at - e[i].at, off = run - (i == 2 ? 3 : 1) * module;

		if (off > RUN_OFF * module + RUN_BLUR || -off > RUN_OFF * module + RUN_BLUR)
			return 0;
	}
	return module;
}

struct eye {
	float x, y, module;
};

#define KEPT (ROWS_LARGE * ROWS + 1)

/* The latest of those rows that are looked at for bars, in turn. */
struct latest {
	struct edges row[KEPT];
	int n; /* that came */
};

struct picture {
	const uint8_t *rows;
	int w, h;
	struct edges edges, down; /* room for those of the longest row or column */
	struct latest latest;
	uint8_t *column;
	struct eye eye[EYES_MAX];
	int eyes;
};

static bool
is_same_module(float a, float b)
{
	return a < b * MODULE_SAME && b < a * MODULE_SAME;
}

/* Whether the column through an eye's middle shows it as well. */
static bool
is_eye_down(struct picture *p, int x, int y, float module)
{
	const int reach = (int)(6 * module) + 4;
	const int from = y - reach < 0 ? 0 : y - reach, to = y + reach < p->h ? y + reach : p->h;

	for (int i = from; i < to; i++)
		p->column[i - from] = p->rows[(size_t)i * (size_t)p->w + (size_t)x];
	find_edges(p->column, to - from, &p->down);
	for (int i = 0; i + 5 < p->down.n; i++) {
		const struct edge *e = p->down.edge + i;
		float other = eye_module(e);

		if (other > 0 && is_same_module(other, module) &&
		    e[2].at + (float)from <= (float)y && e[3].at + (float)from >= (float)y)
			return true;
	}
	return false;
}

static void
add_eye(struct picture *p, struct eye new)
{
	for (int i = 0; i < p->eyes; i++) {
		const struct eye *e = &p->eye[i];

		if (is_same_module(e->module, new.module) &&
		    fabsf(e->x - new.x) + fabsf(e->y - new.y) < EYE_APART * new.module)
			return;
	}
	if (p->eyes < EYES_MAX)
		p->eye[p->eyes++] = new;
}

static void
find_eyes(struct picture *p, const struct edges *edges, int y)
{
	for (int i = 0; i + 5 < edges->n; i++) {
		const struct edge *e = edges->edge + i;
		float module = eye_module(e), x = (e[2].at + e[3].at) / 2;

		if (module > 0 && is_eye_down(p, (int)x, y, module))
			add_eye(p, (struct eye){x, (float)y, module});
	}
}

/* Two others lie at right angles and equally far from this one. */
static bool
is_corner(const struct eye *a, const struct eye *b, const struct eye *c)
{
	const float bx = b->x - a->x, by = b->y - a->y, cx = c->x - a->x, cy = c->y - a->y;
	const float lb = hypotf(bx, by), lc = hypotf(cx, cy);

	return is_same_module(a->module, b->module) && is_same_module(a->module, c->module) &&
	       lb < lc * LEGS_SAME && lc < lb * LEGS_SAME &&
	       fabsf(bx * cx + by * cy) < SQUARE * lb * lc;
}

static bool
any_corner(const struct picture *p)
{
	for (int a = 0; a < p->eyes; a++)
		for (int b = 0; b < p->eyes; b++)
			for (int c = b + 1; c < p->eyes; c++)
				if (a != b && a != c &&
				    is_corner(&p->eye[a], &p->eye[b], &p->eye[c]))
					return true;
	return p->eyes == EYES_MAX;
}

/* Whether all but a few of the edges from e on stand in another row too, moved by as much. */
static bool
stand_in(const struct edge *e, const struct edges *in, float moved)
{
	const float near = fmaxf(NEAR, NEAR_LARGE * (e[BARS - 1].at - e[0].at) / (BARS - 1));
	int k = 0, step = in->n / 2, missing = 0;

	for (; step > 0; step /= 2) /* near the first */
		while (k + step < in->n && in->edge[k + step].at < e[0].at + moved - near)
			k += step;
	for (int i = 0; i < BARS && missing <= BARS_MISSING; i++) {
		const float at = e[i].at + moved;

		while (k < in->n && in->edge[k].at < at - near)
			k++;
		missing += !(
		    (k < in->n && in->edge[k].falls == e[i].falls && in->edge[k].at <= at + near) ||
		    (k + 1 < in->n && in->edge[k + 1].falls == e[i].falls &&
			in->edge[k + 1].at <= at + near));
	}
	return missing <= BARS_MISSING;
}

/* Whether edges of the first row go on through others, each `apart` rows from the one before,
 * straight on in any direction. */
static bool
go_on(const struct edge *e, const struct edges *const rows[ROWS], int apart)
{
	const int slopes = SLOPES * apart;

	for (int aslant = -slopes; aslant <= slopes; aslant++) {
		int k = 0;

		while (k < ROWS && stand_in(e, rows[k], (float)((k + 1) * STEP * aslant) / SLOPES))
			k++;
		if (k == ROWS)
			return true;
	}
	return false;
}

/* Dark and light share the length of BARS edges, from least to most, as they do in codes. */
static bool
is_striped(const struct edge *e, float least, float most)
{
	float dark = 0, all = e[BARS - 1].at - e[0].at;

	for (int i = 0; i + 1 < BARS; i++)
		dark += e[i].falls ? e[i + 1].at - e[i].at : 0;
	return all > least && all <= most && dark >= BARS_DARK * all &&
	       dark <= (1 - BARS_DARK) * all;
}

static struct edges *
next_row(struct latest *l)
{
	return &l->row[l->n++ % KEPT];
}

/* Begin in the oldest row of those that must show them. */
static bool
has_bars_of(const struct latest *l, float least, float most, int apart)
{
	const int first = l->n - 1 - apart * ROWS;
	const struct edges *rest[ROWS], *in;

	if (first < 0)
		return false;
	in = &l->row[first % KEPT];
	for (int k = 0; k < ROWS; k++)
		rest[k] = &l->row[(first + (k + 1) * apart) % KEPT];
	for (int i = 0; i + BARS <= in->n; i += BARS / 4)
		if (is_striped(in->edge + i, least, most) && go_on(in->edge + i, rest, apart))
			return true;
	return false;
}

static bool
has_bars(const struct latest *l)
{
	return has_bars_of(l, 0, BARS_SMALL, 1) ||
	       has_bars_of(l, BARS_SMALL, BARS_LARGE, ROWS_LARGE);
}

static bool
across(struct picture *p)
{
	p->latest.n = 0;
	for (int y = 0; y < p->h; y += STEP_EYE) {
		const bool for_bars = y % STEP == 0;
		struct edges *e = for_bars ? next_row(&p->latest) : &p->edges;

		find_edges(p->rows + (size_t)y * (size_t)p->w, p->w, e);
		find_eyes(p, e, y);
		if (for_bars && has_bars(&p->latest))
			return true;
	}
	return any_corner(p);
}

/* Bars that lie: every STEP-th column becomes a row. */
static bool
downwards(struct picture *p)
{
	const int n = p->w / STEP;
	_cleanup_(freep) uint8_t *turned = malloc((size_t)n * (size_t)p->h + 1);

	for (int y = 0; turned != NULL && y < p->h; y++)
		for (int i = 0; i < n; i++)
			turned[(size_t)i * (size_t)p->h + (size_t)y] =
			    p->rows[(size_t)y * (size_t)p->w + (size_t)(i * STEP)];
	p->latest.n = 0;
	for (int i = 0; turned != NULL && i < n; i++) {
		find_edges(turned + (size_t)i * (size_t)p->h, p->h, next_row(&p->latest));
		if (has_bars(&p->latest))
			return true;
	}
	return turned == NULL;
}

bool
codes_hint(const uint8_t *rows, int w, int h)
{
	const size_t most = (size_t)(w > h ? w : h) + 1;
	_cleanup_(freep) struct edge *edges = malloc((KEPT + 2) * most * sizeof *edges);
	_cleanup_(freep) uint8_t *column = malloc(most);
	struct picture p = {.rows = rows, .w = w, .h = h, .column = column};

	if (edges == NULL || column == NULL)
		return true;
	p.edges.edge = edges;
	p.down.edge = edges + most;
	for (size_t i = 0; i < KEPT; i++)
		p.latest.row[i].edge = edges + (2 + i) * most;
	return across(&p) || downwards(&p);
}
