/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that go on from a field say that its sides were edges; its sides are followed as they lie.
 */
#include <errno.h>
#include <stddef.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/reverse_rims.h"

#define EDGE 3         /* pixels of the rule that is left where a field had an edge of cells, … */
#define BAR_LONG 500   /* pixels, 42 mm, as the least level rule of an open table */
#define EDGE_OFF 8     /* … so far off which may be … */
#define EDGE_SIDE 6    /* … and paper is beside it so far, … */
#define EDGE_PALE 25   /* … lighter by as much; … */
#define EDGE_DARK 120  /* … or the rule is as dark as this on the average … */
#define EDGE_LONG 32   /* … what of it is seen beside the field */
#define SLIVER_MOST 16 /* pixels of a field that its box may leave out */
#define AROUND (SLIVER_MOST + 1)
#define BLUR 2 /* pixels */

bool
reverse_is_dark(PIX *grey, int x, int y, int below)
{
	l_uint32 v = 255;

	return pixGetPixel(grey, x, y, &v) == 0 && (int)v < below;
}

/* Mean grey along a stretch beside the corner (x, y) of a field, off to the side by some pixels. */
static int
mean_along(PIX *grey, int x, int y, int dx, int dy, int off)
{
	int sum = 0;

	for (int n = EDGE_OFF; n < EDGE_OFF + EDGE_LONG; n++) {
		l_uint32 v = 255;

		pixGetPixel(grey, x + n * dx + off * dy, y + n * dy + off * dx, &v);
		sum += (int)v;
	}
	return sum / EDGE_LONG;
}

/* Whether a rule goes on from the corner (x, y) of a field, by steps of (dx, dy) away from it:
 * dark, or pale but darker than what lies on both sides of it. */
static bool
rule_leaves(PIX *grey, int x, int y, int dx, int dy)
{
	int mean[2 * EDGE_SIDE + 2 * EDGE_OFF + 1];
	const int n = 2 * EDGE_SIDE + 2 * EDGE_OFF + 1;

	for (int i = 0; i < n; i++)
		mean[i] = mean_along(grey, x, y, dx, dy, i - EDGE_OFF - EDGE_SIDE);
	for (int i = EDGE_SIDE; i < n - EDGE_SIDE; i++)
		if (mean[i] < EDGE_DARK || (mean[i - EDGE_SIDE] - mean[i] >= EDGE_PALE &&
					       mean[i + EDGE_SIDE] - mean[i] >= EDGE_PALE))
			return true;
	return false;
}

/*
 * A side of a field on which a rule goes on was an edge of cells, and two such sides that face each
 * other had their ends in the field's own; paper would no longer show them. Where no rule goes on,
 * only a long field has edges, above and below: it may be the heading of a table with level rules.
 */
static void
find_edges(PIX *grey, struct reverse_rims *f)
{
	const int x = f->x, y = f->y, right = f->x + f->w, foot = f->y + f->h;
	bool across, down, bar;

	f->edge_top = rule_leaves(grey, x, y, -1, 0) || rule_leaves(grey, right, y, 1, 0);
	f->edge_foot = rule_leaves(grey, x, foot, -1, 0) || rule_leaves(grey, right, foot, 1, 0);
	f->edge_left = rule_leaves(grey, x, y, 0, -1) || rule_leaves(grey, x, foot, 0, 1);
	f->edge_right = rule_leaves(grey, right, y, 0, -1) || rule_leaves(grey, right, foot, 0, 1);
	f->alone = !f->edge_top && !f->edge_foot && !f->edge_left && !f->edge_right;
	across = f->edge_top && f->edge_foot;
	down = f->edge_left && f->edge_right;
	bar = f->alone && f->w >= BAR_LONG;
	f->edge_top |= down || bar;
	f->edge_foot |= down || bar;
	f->edge_left |= across;
	f->edge_right |= across;
}

int
reverse_rims_look(PIX *grey, BOX *field, int below, struct reverse_rims *ret)
{
	*ret = (struct reverse_rims){.below = below};
	boxGetGeometry(field, &ret->x, &ret->y, &ret->w, &ret->h);
	ret->left = ret->x > AROUND ? ret->x - AROUND : 0;
	ret->top = ret->y > AROUND ? ret->y - AROUND : 0;
	ret->before =
	    cutting(grey, (struct box){ret->left, ret->top, ret->x + ret->w + AROUND - ret->left,
			      ret->y + ret->h + AROUND - ret->top});
	find_edges(grey, ret);
	return ret->before == NULL ? -ENOMEM : 0;
}

void
reverse_rims_free(struct reverse_rims *rims)
{
	pixDestroy(&rims->before);
}

/* One side of a field: n pixels from (x, y) by (ax, ay); (dx, dy) leads out of it. */
struct side {
	int x, y, ax, ay, n, dx, dy;
	bool edge;
};

/*
 * Follows a side, which may lie aslant, in the picture as it was. The field's rim, into which paper
 * may reach, and what the box left out of the field become white if wanted; where the field ended
 * is an edge, if it was one. What goes on further out is no part of the field.
 */
static void
finish_side(PIX *grey, const struct reverse_rims *f, const struct side *s, bool white)
{
	for (int i = 0; i < s->n; i++) {
		const int x = s->x + i * s->ax, y = s->y + i * s->ay;
		int end = -REVERSE_RIM;

		while (end <= SLIVER_MOST && reverse_is_dark(f->before, x - f->left + end * s->dx,
						 y - f->top + end * s->dy, f->below))
			end++;
		if (end > SLIVER_MOST)
			continue;
		for (int k = end + BLUR; white && k > -REVERSE_RIM; k--)
			pixSetPixel(grey, x + k * s->dx, y + k * s->dy, 255);
		for (int k = end - 1; s->edge && k >= end - EDGE; k--)
			pixSetPixel(grey, x + k * s->dx, y + k * s->dy, 0);
	}
}

void
reverse_rims_finish(PIX *grey, const struct reverse_rims *f)
{
	const struct side sides[] = {{f->x, f->y, 1, 0, f->w, 0, -1, f->edge_top},
	    {f->x, f->y + f->h - 1, 1, 0, f->w, 0, 1, f->edge_foot},
	    {f->x, f->y, 0, 1, f->h, -1, 0, f->edge_left},
	    {f->x + f->w - 1, f->y, 0, 1, f->h, 1, 0, f->edge_right}};

	for (int pass = 0; pass < 2; pass++) /* white first: an edge reaches into corners */
		for (size_t i = 0; i < sizeof sides / sizeof *sides; i++) {
			struct side s = sides[i];

			s.edge &= pass == 1;
			finish_side(grey, f, &s, f->alone && pass == 0);
		}
}
