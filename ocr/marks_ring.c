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
#define NEIGHBOURS 7 /* rays to each side that tell where the pen must be */
#define LEAP 2.5     /* pixels from there that are no longer the pen's */
#define PEN_MAX 8    /* 1.4 mm */
#define COVER 0.78   /* of the rays that must meet the pen */
#define CLEAR 0.8    /* of those, on which white follows the pen inwards; print has 0.77 at most */
#define JAGS 0.5     /* of its size, by which the pen moves in and out all round; print: 0.7 */
#define CLEAR_DEEP 2 /* pixels of white then */
#define EDGE 1       /* pixels by which pale edges of the pen are taken along */
#define BODY 5       /* a ring without what sticks out: opened by its height through this */

struct ray {
	double dx, dy;   /* one pixel */
	double axis;     /* pixels to the ellipse */
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

/* Fills what is closed and cuts off what sticks out of it; an open ring is as large as its piece.
 */
static int
find_shape(struct ring *r)
{
	PIX *filled = pixFillClosedBorders(r->part, 4), *body;
	const int brick = r->b.h / BODY | 1;
	BOX *box = NULL;

	r->shape = (struct box){0, 0, r->b.w, r->b.h};
	body = filled == NULL ? NULL : pixOpenBrick(NULL, filled, brick, brick);
	if (body != NULL) { /* its ends are rounder than the brick */
		pixDilateBrick(body, body, 3, 3);
		pixAnd(body, body, filled);
	}
	pixDestroy(&filled);
	if (body == NULL)
		return -ENOMEM;
	if (pixClipToForeground(body, NULL, &box) == 0 && box != NULL) {
		struct box s;

		boxGetGeometry(box, &s.x, &s.y, &s.w, &s.h);
		if (s.w * 2 > r->b.w && s.h * 2 > r->b.h)
			r->shape = s;
	}
	boxDestroy(&box);
	pixDestroy(&body);
	r->x = r->shape.x + r->shape.w / 2.0;
	r->y = r->shape.y + r->shape.h / 2.0;
	return 0;
}

/* Walks in from outside the ellipse, where is white, to the first ink and through it. */
static void
look_along(const struct ring *r, int i, struct ray *ray)
{
	const double a = 2 * M_PI * i / RAYS, u = r->shape.w / 2.0 * cos(a),
		     v = r->shape.h / 2.0 * sin(a);
	double d;

	*ray = (struct ray){.axis = hypot(u, v), .outer = -1};
	ray->dx = u / ray->axis;
	ray->dy = v / ray->axis;
	for (d = OUTERMOST * ray->axis; d > INNERMOST * ray->axis; d -= STEP)
		if (ink_at(r, ray, d))
			break;
	if (d <= INNERMOST * ray->axis || d >= OUTERMOST * ray->axis)
		return;
	ray->outer = d;
	while (d > 0 && ink_at(r, ray, d))
		d -= STEP;
	ray->inner = d;
	ray->clear = !ink_at(r, ray, d - CLEAR_DEEP / 2.0) && !ink_at(r, ray, d - CLEAR_DEEP);
}

static int
compare_double(const void *a, const void *b)
{
	return (*(const double *)a > *(const double *)b) -
	       (*(const double *)a < *(const double *)b);
}

/* The middle one of the shares of the axis at which the neighbours of ray i meet ink. */
static double
usual_share(const struct ring *r, int i)
{
	double shares[2 * NEIGHBOURS + 1];
	size_t n = 0;

	for (int k = i - NEIGHBOURS; k <= i + NEIGHBOURS; k++) {
		const struct ray *ray = &r->ray[(k + RAYS) % RAYS];

		if (ray->outer >= 0)
			shares[n++] = ray->outer / ray->axis;
	}
	qsort(shares, n, sizeof *shares, compare_double);
	return n == 0 ? 1 : shares[n / 2];
}

static void
follow_pen(struct ring *r)
{
	double widths[RAYS];
	size_t n = 0;

	for (int i = 0; i < RAYS; i++)
		look_along(r, i, &r->ray[i]);
	for (int i = 0; i < RAYS; i++) {
		struct ray *ray = &r->ray[i];

		ray->pen =
		    ray->outer >= 0 && fabs(ray->outer - usual_share(r, i) * ray->axis) <= LEAP;
		if (ray->pen)
			widths[n++] = ray->outer - ray->inner;
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
		jags += fabs(usual_share(r, i) - usual_share(r, (i + 1) % RAYS)) * r->ray[i].axis;
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
	double width = r->pen;

	if (ray->pen && ray->outer - ray->inner <= 1.5 * r->pen)
		width = ray->outer - ray->inner;
	if (print_at(r, ray, outer + EDGE + 1) && print_at(r, ray, outer + EDGE + 2) &&
	    print_at(r, ray, outer - width - EDGE) && print_at(r, ray, outer - width - EDGE - 1))
		return;
	for (double d = outer + EDGE; d >= outer - width; d -= STEP)
		if (ink_at(r, ray, d))
			pixSetPixel(
			    ink, (int)floor(r->x + d * ray->dx), (int)floor(r->y + d * ray->dy), 1);
}

/* Between two rays their places are in between: as many as leave no pixel out. */
static void
take_pen(const struct ring *r, PIX *ink)
{
	const int fine = 1 + 4 * (r->shape.w + r->shape.h) / RAYS;

	for (int i = 0; i < RAYS; i++) {
		const double here = usual_share(r, i), next = usual_share(r, (i + 1) % RAYS);

		for (int k = 0; k < fine; k++) {
			const double t = (double)k / fine, a = 2 * M_PI * (i + t) / RAYS,
				     u = r->shape.w / 2.0 * cos(a), v = r->shape.h / 2.0 * sin(a);
			struct ray ray = r->ray[t < 0.5 ? i : (i + 1) % RAYS];

			ray.axis = hypot(u, v);
			ray.dx = u / ray.axis;
			ray.dy = v / ray.axis;
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

static int
take(const struct ring *r, PIX **ret_ink, struct box *ret_box)
{
	PIX *ink = pixCreateTemplate(r->part);

	if (ink == NULL)
		return -ENOMEM;
	take_pen(r, ink);
	*ret_ink = ink;
	*ret_box = (struct box){r->b.x + r->shape.x, r->b.y + r->shape.y, r->shape.w, r->shape.h};
	return 1;
}

int
marks_ring_find(
    struct Pix *half, struct Pix *part, struct box b, struct Pix **ret_ink, struct box *ret_box)
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
	return is_drawn(&r) ? take(&r, ret_ink, ret_box) : 0;
}
