/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ring is looked at from its middle: along each of many rays the outermost ink is the pen's,
 * and the pen strays from an ellipse, but never by a leap. What leaps is a stroke of print.
 */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/marks_ring.h"

#define RING_MIN 24 /* 4.1 mm: larger than body text */
#define RING_MAX 420
#define INK_MOST 0.45 /* of the box, with print that the ring touches */
#define RAYS 192
#define INNERMOST 0.6 /* of the half axis: how far a hand may stray from the ellipse */
#define OUTERMOST 1.12
#define STEP 0.25    /* pixels along a ray */
#define NEIGHBOURS 7 /* rays to each side, at least, that tell where the pen must be, … */
#define WAY 10       /* … and pixels of its way: more than a dot or a stroke of print is wide */
#define NEIGHBOURS_MAX 40
#define LEAP 2.5     /* pixels from there that are no longer the pen's */
#define PEN_MAX 8    /* 1.4 mm */
#define COVER 0.82   /* of the rays that must meet the pen; print: 0.8 at most */
#define CLEAR 0.8    /* of those, on which white follows the pen inwards; print has 0.77 at most */
#define JAGS 0.26    /* of its size, by which the pen moves in and out all round; print: 0.27 */
#define CLEAR_DEEP 2 /* pixels of white then */
#define EDGE 1       /* pixels by which pale edges of the pen are taken along */
#define DOT_MIN 3    /* pixels, of a dot between choices */
#define DOT_MAX 9
#define DOT_PLACE 0.2 /* of the ring's height, from its middle */
#define BODY 5        /* a ring without what sticks out: opened by its height through this */

struct ray {
	double dx, dy;   /* one pixel */
	double axis;     /* pixels to the ellipse */
	double aslant;   /* pixels along the ray that are one across the pen */
	double outer;    /* pixels to the outermost ink; negative: none */
	double inner;    /* where that ink ends */
	bool pen, clear; /* it is the pen's; white follows */
};

struct ring {
	PIX *half, *part;
	struct box b;     /* of part in half */
	struct box shape; /* of the ring in part */
	double x, y, pen; /* its middle in part; usual width of the pen */
	struct ray ray[RAYS];
	double way[RAYS];   /* pixels along the ellipse at each ray, to the next */
	double usual[RAYS]; /* share of the axis at which each ray and its neighbours meet ink */
};

static bool
black(PIX *pix, double x, double y)
{
	l_uint32 v = 0;

	return pixGetPixel(pix, (int)floor(x), (int)floor(y), &v) == 0 && v == 1;
}

static bool
ink_at(const struct ring *r, const struct ray *ray, double d)
{
	return black(r->part, r->x + d * ray->dx, r->y + d * ray->dy);
}

static bool
print_at(const struct ring *r, const struct ray *ray, double d)
{
	return black(r->half, r->b.x + r->x + d * ray->dx, r->b.y + r->y + d * ray->dy);
}

static bool
is_ring_size(struct box b)
{
	return b.w >= RING_MIN && b.h >= RING_MIN && b.w <= RING_MAX && b.h <= RING_MAX / 3 &&
	       b.h <= 2 * b.w;
}

/* The box of the largest piece of pix; where there is none it stays as it is. */
static int
largest_piece(PIX *pix, struct box *ret)
{
	PIXA *pieces = NULL;
	BOXA *boxes = pixConnComp(pix, &pieces, 4);
	l_int32 most = 0;

	if (boxes == NULL)
		return -ENOMEM;
	for (int i = 0; i < boxaGetCount(boxes); i++) {
		PIX *piece = pixaGetPix(pieces, i, L_CLONE);
		l_int32 n = 0;

		pixCountPixels(piece, &n, NULL);
		pixDestroy(&piece);
		if (n <= most)
			continue;
		most = n;
		boxaGetBoxGeometry(boxes, i, &ret->x, &ret->y, &ret->w, &ret->h);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	return 0;
}

/* Fills what is closed and cuts off what sticks out of it, which may be a letter beside it; an open
 * ring is as large as its piece. */
static int
find_shape(struct ring *r)
{
	PIX *filled = pixFillClosedBorders(r->part, 4), *body;
	const int brick = r->b.h / BODY | 1;
	struct box s = {0};
	int ok = -ENOMEM;

	r->shape = (struct box){0, 0, r->b.w, r->b.h};
	body = filled == NULL ? NULL : pixOpenBrick(NULL, filled, brick, brick);
	if (body != NULL) { /* its ends are rounder than the brick */
		pixDilateBrick(body, body, 3, 3);
		pixAnd(body, body, filled);
		ok = largest_piece(body, &s);
	}
	pixDestroy(&filled);
	pixDestroy(&body);
	if (s.w * 2 > r->b.w && s.h * 2 > r->b.h)
		r->shape = s;
	r->x = r->shape.x + r->shape.w / 2.0;
	r->y = r->shape.y + r->shape.h / 2.0;
	return ok;
}

/* From the middle to the place on the ellipse that belongs to the angle a of a circle. A long
 * ellipse is met aslant but at its four ends. */
static void
point(const struct ring *r, double a, struct ray *ray)
{
	const double w = r->shape.w / 2.0, h = r->shape.h / 2.0, u = w * cos(a), v = h * sin(a);

	ray->axis = hypot(u, v);
	ray->dx = u / ray->axis;
	ray->dy = v / ray->axis;
	ray->aslant = ray->axis * hypot(h * cos(a), w * sin(a)) / (w * h);
}

/* Walks in from outside the ellipse, where is white, to the first ink and through it. */
static void
look_along(const struct ring *r, int i, struct ray *ray)
{
	const double a = 2 * M_PI * i / RAYS;
	double d, deep;

	*ray = (struct ray){.outer = -1};
	point(r, a, ray);
	for (d = OUTERMOST * ray->axis; d > INNERMOST * ray->axis; d -= STEP)
		if (ink_at(r, ray, d))
			break;
	if (d <= INNERMOST * ray->axis || d >= OUTERMOST * ray->axis)
		return;
	ray->outer = d;
	while (d > 0 && ink_at(r, ray, d))
		d -= STEP;
	ray->inner = d;
	deep = CLEAR_DEEP * ray->aslant;
	ray->clear = !ink_at(r, ray, d - deep / 2.0) && !ink_at(r, ray, d - deep);
}

static int
compare_double(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

/* How many rays from i on, forwards or backwards, are its neighbours. */
static int
reach(const struct ring *r, int i, int step)
{
	double way = 0;
	int n = 0;

	while (n < NEIGHBOURS_MAX && (n < NEIGHBOURS || way < WAY)) {
		n++;
		way += r->way[(i + n * step + RAYS) % RAYS];
	}
	return n;
}

/* The shares of the axis at which the rays from first to last meet ink; how many. */
static size_t
shares_of(const struct ring *r, int first, int last, double *shares)
{
	size_t n = 0;

	for (int i = first; i <= last; i++) {
		const struct ray *ray = &r->ray[(i + RAYS) % RAYS];

		if (ray->outer >= 0)
			shares[n++] = ray->outer / ray->axis;
	}
	return n;
}

/* The middle one of n; where there is none, other. */
static double
middle(double *shares, size_t n, double other)
{
	qsort(shares, n, sizeof *shares, compare_double);
	return n == 0 ? other : shares[n / 2];
}

/* What ray i and its neighbours on both sides say together. */
static double
share_around(const struct ring *r, int i)
{
	double shares[2 * NEIGHBOURS_MAX + 1];

	return middle(shares, shares_of(r, i - reach(r, i, -1), i + reach(r, i, 1), shares), 1);
}

/* Where ray i must meet the pen by what its neighbours say, each side for itself: a dot in between
 * does not move it, though the pen comes nearer or goes off. */
static double
usual_share(const struct ring *r, int i)
{
	double before[NEIGHBOURS_MAX + 1], behind[NEIGHBOURS_MAX + 1];
	const size_t n = shares_of(r, i - reach(r, i, -1), i, before);
	const size_t m = shares_of(r, i, i + reach(r, i, 1), behind);
	const double b = middle(before, n, -1), c = middle(behind, m, b);

	return b < 0 && c < 0 ? 1 : b < 0 ? c : (b + c) / 2;
}

static void
follow_pen(struct ring *r)
{
	double widths[RAYS];
	size_t n = 0;

	for (int i = 0; i < RAYS; i++) {
		const double a = 2 * M_PI * i / RAYS;

		look_along(r, i, &r->ray[i]);
		r->way[i] =
		    2 * M_PI / RAYS * hypot(r->shape.w / 2.0 * sin(a), r->shape.h / 2.0 * cos(a));
	}
	for (int i = 0; i < RAYS; i++) {
		struct ray *ray = &r->ray[i];

		r->usual[i] = share_around(r, i);
		ray->pen = ray->outer >= 0 &&
			   fabs(ray->outer - r->usual[i] * ray->axis) <= LEAP * ray->aslant;
		if (ray->pen)
			widths[n++] = (ray->outer - ray->inner) / ray->aslant;
	}
	qsort(widths, n, sizeof *widths, compare_double);
	r->pen = n == 0 ? 0 : widths[n / 2];
}

static bool
is_drawn(const struct ring *r)
{
	int pen = 0, clear = 0;
	double jags = 0;

	for (int i = 0; i < RAYS; i++) {
		jags += fabs(r->usual[i] - r->usual[(i + 1) % RAYS]) * r->ray[i].axis;
		pen += r->ray[i].pen;
		clear += r->ray[i].pen && r->ray[i].clear;
	}
	return pen >= COVER * RAYS && clear >= CLEAR * pen &&
	       jags <= JAGS * (r->shape.w + r->shape.h) / 2 && r->pen > 0 && r->pen <= PEN_MAX;
}

/* The pen's ink on one ray, into ink; a stroke that goes through from inside to outside stays. */
static void
take_ray(const struct ring *r, const struct ray *ray, double outer, PIX *ink)
{
	const double one = ray->aslant, edge = EDGE * one;
	double width = r->pen * one;

	if (ray->pen && ray->outer - ray->inner <= 1.5 * width)
		width = ray->outer - ray->inner;
	if (print_at(r, ray, outer + edge + one) && print_at(r, ray, outer + edge + 2 * one) &&
	    print_at(r, ray, outer - width - edge) && print_at(r, ray, outer - width - edge - one))
		return;
	for (double d = outer + edge; d >= outer - width; d -= STEP)
		if (ink_at(r, ray, d))
			pixSetPixel(
			    ink, (int)floor(r->x + d * ray->dx), (int)floor(r->y + d * ray->dy), 1);
}

/* Once it is a ring, each side for itself tells more of its rays apart from print. */
static void
tell_print(struct ring *r)
{
	for (int i = 0; i < RAYS; i++) {
		struct ray *ray = &r->ray[i];

		ray->pen &= ray->outer <= usual_share(r, i) * ray->axis + LEAP * ray->aslant;
	}
}

/* Between two rays their places are in between: as many as leave no pixel out. */
static void
take_pen(const struct ring *r, PIX *ink)
{
	const int fine = 1 + 4 * (r->shape.w + r->shape.h) / RAYS;

	for (int i = 0; i < RAYS; i++) {
		const double here = usual_share(r, i), next = usual_share(r, (i + 1) % RAYS);

		for (int k = 0; k < fine; k++) {
			const double t = (double)k / fine;
			struct ray ray = r->ray[t < 0.5 ? i : (i + 1) % RAYS];

			point(r, 2 * M_PI * (i + t) / RAYS, &ray);
			take_ray(r, &ray,
			    ray.pen ? ray.outer : (here * (1 - t) + next * t) * ray.axis, ink);
		}
	}
}

/* Something stands inside, be it part of the same piece. */
static bool
holds_print(const struct ring *r)
{
	const struct box s = {r->b.x + r->shape.x, r->b.y + r->shape.y, r->shape.w, r->shape.h};
	int n = 0;

	for (int y = s.h / 4; y < s.h * 3 / 4; y++)
		for (int x = s.w / 5; x < s.w * 4 / 5; x++)
			n += black(r->half, s.x + x, s.y + y);
	return n > s.w * s.h / 50;
}

/* Rows of ink of part that hang together with row y, in either of the columns x and x + 1. */
static struct box
upright_run(PIX *part, int x, int y)
{
	int top = y, bottom = y;

	while (black(part, x, top - 1) || black(part, x + 1, top - 1))
		top--;
	while (black(part, x, bottom + 1) || black(part, x + 1, bottom + 1))
		bottom++;
	return (struct box){x, top, 2, bottom + 1 - top};
}

/* A dot beside the ring's left or right end is as high as its outer edge, and as wide as high.
 * left: what is left of it. */
static bool
is_dot(const struct ring *r, struct box left, struct box *ret)
{
	const double x = left.x + left.w / 2.0;
	const bool before =
	    x<r->shape.x + DOT_MAX / 2.0, behind = x> r->shape.x + r->shape.w - DOT_MAX / 2.0;
	struct box edge;

	if ((!before && !behind) || left.w > DOT_MAX || left.h > DOT_MAX)
		return false;
	edge = upright_run(r->part, before ? left.x : left.x + left.w - 2, left.y + left.h / 2);
	if (edge.h < DOT_MIN || edge.h > DOT_MAX || left.w > edge.h + 1 ||
	    fabs(edge.y + edge.h / 2.0 - r->y) > DOT_PLACE * r->shape.h)
		return false;
	*ret = (struct box){r->b.x + edge.x, r->b.y + edge.y, edge.h, edge.h};
	if (behind)
		ret->x += edge.w - edge.h;
	return true;
}

static int
find_dots(const struct ring *r, struct ring_found *ret)
{
	PIX *rest = pixSubtract(NULL, r->part, ret->ink);
	BOXA *boxes = NULL;

	if (rest != NULL) {
		pixOpenBrick(rest, rest, 2, 2);
		boxes = pixConnCompBB(rest, 8);
	}
	pixDestroy(&rest);
	if (boxes == NULL)
		return -ENOMEM;
	for (int i = 0; i < boxaGetCount(boxes) && ret->dots < 2; i++) {
		struct box b;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		ret->dots += is_dot(r, b, &ret->dot[ret->dots]);
	}
	boxaDestroy(&boxes);
	return 0;
}

static int
take(const struct ring *r, struct ring_found *ret)
{
	*ret = (struct ring_found){.ink = pixCreateTemplate(r->part)};
	if (ret->ink == NULL)
		return -ENOMEM;
	take_pen(r, ret->ink);
	ret->box = (struct box){r->b.x + r->shape.x, r->b.y + r->shape.y, r->shape.w, r->shape.h};
	if (find_dots(r, ret) < 0) {
		pixDestroy(&ret->ink);
		return -ENOMEM;
	}
	return 1;
}

int
marks_ring_find(struct Pix *half, struct Pix *part, struct box b, struct ring_found *ret)
{
	struct ring r = {.half = half, .part = part, .b = b};
	l_int32 n = 0;

	if (!is_ring_size(b) || pixCountPixels(part, &n, NULL) != 0 || n > INK_MOST * b.w * b.h)
		return 0;
	if (find_shape(&r) < 0)
		return -ENOMEM;
	if (!is_ring_size(r.shape) || !holds_print(&r))
		return 0;
	follow_pen(&r);
	if (!is_drawn(&r))
		return 0;
	tell_print(&r);
	return take(&r, ret);
}
