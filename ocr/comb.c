/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of boxes of one size. Lengths are half-size pixels. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/comb.h"
#include "ocr/comb_box.h"
#include "ocr/comb_teeth.h"
#include "ocr/pixels.h"

#define BOXES_MAX 6000  /* per page; squared paper has more */
#define SAME 2          /* places and sizes that differ by no more are the same */
#define WEAR 0.1        /* of their width, by which boxes of one row may differ besides */
#define GAP_MAX 12      /* from a box to the next, 2 mm */
#define APART 4         /* as much between two boxes is no single line */
#define WIDE 1.25       /* of its height: no box for one letter is wider */
#define ROW_LEAST 3     /* boxes of one size */
#define CELL_HIGH 33    /* the least side of a cell */
#define DIGIT_WIDE 0.72 /* of its height */
#define DIGIT_HIGH 0.35 /* of its box */
#define DIGITS_LEAST 2
#define DUST 3

struct row {
	int first, n; /* of the boxes in order */
	bool taken;
};

struct finder {
	PIX *ink;
	struct box *box; /* from left to right, row by row */
	struct row *row;
	int nbox, nrow;
	struct combs *ret;
};

static bool
is_same(int a, int b)
{
	return abs(a - b) <= SAME;
}

static bool
is_as_wide(struct box a, struct box b)
{
	return abs(a.w - b.w) <= SAME + WEAR * a.w;
}

/* Level with a, right of it and close. */
static bool
is_next(struct box a, struct box b)
{
	const int gap = b.x - a.x - a.w;

	return is_same(a.y, b.y) && is_same(a.h, b.h) && gap > 0 && gap <= GAP_MAX;
}

/* The box that follows a, of its width; -1: there is none. */
static int
next_of(const struct finder *f, const struct box *box, const bool *used, int a, bool alike)
{
	for (int i = 0; i < f->nbox; i++)
		if (!used[i] && is_next(box[a], box[i]) && (!alike || is_as_wide(box[a], box[i])))
			return i;
	return -1;
}

/* Brings boxes, by x, into rows of one width. */
static int
make_rows(struct finder *f)
{
	_cleanup_(freep) struct box *from = calloc((size_t)f->nbox + 1, sizeof *from);
	_cleanup_(freep) bool *used = calloc((size_t)f->nbox + 1, sizeof *used);
	int n = 0;

	if (from == NULL || used == NULL)
		return -ENOMEM;
	for (int i = 0; i < f->nbox; i++)
		from[i] = f->box[i];
	qsort(from, (size_t)f->nbox, sizeof *from, box_by_x);
	for (int i = 0; i < f->nbox; i++) {
		struct row *row;

		if (used[i])
			continue;
		row = &f->row[f->nrow++];
		row->first = n;
		for (int k = i; k >= 0; k = next_of(f, from, used, k, true)) {
			used[k] = true;
			f->box[n++] = from[k];
			row->n++;
		}
	}
	return 0;
}

static struct box
row_box(const struct finder *f, const struct row *r)
{
	return box_union(f->box[r->first], f->box[r->first + r->n - 1]);
}

/* The lines between the boxes of a table's row go on. */
static bool
is_of_table(const struct finder *f, const struct row *r)
{
	int on = 0, inner = 0;

	for (int i = r->first + 1; i < r->first + r->n; i++) {
		const struct box a = f->box[i - 1], b = f->box[i];
		bool goes = false;

		for (int x = a.x + a.w; !goes && x < b.x; x++)
			goes = comb_goes_on(f->ink, x, a.y - 1, 0, -1) ||
			       comb_goes_on(f->ink, x, a.y + a.h, 0, 1);
		on += goes;
		inner++;
	}
	if (inner == 0)
		return comb_side_thick(f->ink, f->box[r->first], SIDE_LEFT) == 0 ||
		       comb_side_thick(f->ink, f->box[r->first], SIDE_RIGHT) == 0;
	return 2 * on > inner;
}

/* White between a and b, or what is left of it. */
static bool
are_apart(const struct finder *f, const struct row *r)
{
	int apart = 0;

	for (int i = r->first + 1; i < r->first + r->n; i++)
		apart += f->box[i].x - f->box[i - 1].x - f->box[i - 1].w >= APART;
	return 2 * apart > r->n - 1;
}

/* Whether one piece of ink, as high and narrow as a digit, is all that is in b. 0: no; 1: yes; -1:
 * nothing is. */
static int
holds_digit(PIX *ink, struct box b)
{
	BOX *frame = boxCreate(b.x + 2, b.y + 2, b.w - 4, b.h - 4);
	PIX *part = pixClipRectangle(ink, frame, NULL);
	BOXA *boxes = part == NULL ? NULL : pixConnCompBB(part, 8);
	int pieces = 0, digits = 0;

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
		l_int32 w, h;

		boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
		if (w <= DUST && h <= DUST)
			continue;
		pieces++;
		digits += w <= DIGIT_WIDE * h && h >= DIGIT_HIGH * b.h;
	}
	boxDestroy(&frame);
	pixDestroy(&part);
	boxaDestroy(&boxes);
	return pieces == 0 ? -1 : pieces == 1 && digits == 1;
}

static bool
hold_digits(const struct finder *f, const struct row *r)
{
	int digits = 0;

	for (int i = r->first; i < r->first + r->n; i++) {
		const int holds = holds_digit(f->ink, f->box[i]);

		if (holds == 0)
			return false;
		digits += holds > 0;
	}
	return digits >= DIGITS_LEAST;
}

static bool
is_comb(const struct finder *f, const struct row *r)
{
	const struct box b = f->box[r->first];

	return r->n >= ROW_LEAST && b.w <= WIDE * b.h && !is_of_table(f, r) &&
	       (b.h < CELL_HIGH || are_apart(f, r) || hold_digits(f, r));
}

/* One or two boxes like those of a row elsewhere on the page. */
static bool
is_like_comb(const struct finder *f, const struct row *r)
{
	const struct box b = f->box[r->first];

	if (r->n >= ROW_LEAST || r->taken || is_of_table(f, r))
		return false;
	for (int i = 0; i < f->nrow; i++) {
		const struct box like = f->box[f->row[i].first];

		if (f->row[i].taken && f->row[i].n >= ROW_LEAST && is_as_wide(b, like) &&
		    is_same(b.h, like.h))
			return true;
	}
	return false;
}

/* What stands close beside a row of boxes that are apart, of their height: a wider one. */
static bool
is_beside_comb(const struct finder *f, const struct row *r)
{
	const struct box b = row_box(f, r);

	if (r->taken || is_of_table(f, r))
		return false;
	for (int i = 0; i < f->nrow; i++) {
		const struct box like = row_box(f, &f->row[i]);

		if (f->row[i].taken && f->row[i].n >= ROW_LEAST && are_apart(f, &f->row[i]) &&
		    (is_next(b, like) || is_next(like, b)))
			return true;
	}
	return false;
}

static void
add(struct finder *f, struct box row)
{
	if (f->ret->n < COMBS_MAX)
		f->ret->row[f->ret->n++] = row;
}

static void
take(struct finder *f, struct row *r)
{
	int thick[SIDE_BOTTOM + 1];
	const struct box all = row_box(f, r);

	for (enum side side = SIDE_LEFT; side <= SIDE_BOTTOM; side++)
		thick[side] = comb_side_thick(f->ink, all, side);
	for (int i = r->first; i < r->first + r->n; i++)
		for (enum side side = SIDE_LEFT; side <= SIDE_BOTTOM; side++) {
			const bool outer = side >= SIDE_TOP ||
					   (side == SIDE_LEFT && i == r->first) ||
					   (side == SIDE_RIGHT && i == r->first + r->n - 1);

			if (!outer || thick[side] > 0)
				comb_take_side(f->ink, f->box[i], side,
				    outer ? thick[side] : COMB_THICK, f->ret->edges);
		}
	r->taken = true;
	add(f, all);
}

static void
take_all(struct finder *f, bool (*is)(const struct finder *, const struct row *))
{
	bool found[BOXES_MAX];

	for (int i = 0; i < f->nrow; i++)
		found[i] = is(f, &f->row[i]);
	for (int i = 0; i < f->nrow; i++)
		if (found[i])
			take(f, &f->row[i]);
}

/* Frames with teeth; low ones, which are no cells, are lifted with their sides. */
static int
take_teeth(struct finder *f)
{
	for (int i = 0; i < f->nrow; i++) {
		struct row *row = &f->row[i];
		const struct box b = row_box(f, row);
		int r = row->taken || row->n > 1 ? 0 : comb_teeth_take(f->ink, b, f->ret->edges);

		if (r < 0)
			return r;
		if (r == 0)
			continue;
		if (b.h < CELL_HIGH)
			take(f, row);
		else
			add(f, b);
	}
	return 0;
}

static int
find_boxes(struct finder *f)
{
	f->nbox = comb_boxes(f->ink, f->box, BOXES_MAX);
	if (f->nbox < 0 || make_rows(f) < 0)
		return -ENOMEM;
	take_all(f, is_comb);
	take_all(f, is_like_comb);
	take_all(f, is_beside_comb);
	return take_teeth(f);
}

int
combs_find(struct Pix *ink, struct combs *ret)
{
	_cleanup_(freep) struct box *box = calloc(BOXES_MAX, sizeof *box);
	_cleanup_(freep) struct row *row = calloc(BOXES_MAX, sizeof *row);
	struct finder f = {.ink = ink, .box = box, .row = row, .ret = ret};

	*ret = (struct combs){.edges = pixCreateTemplate(ink)};
	if (box == NULL || row == NULL || ret->edges == NULL || find_boxes(&f) < 0) {
		pixDestroy(&ret->edges);
		return -ENOMEM;
	}
	return 0;
}

void
combs_free(struct combs *c)
{
	pixDestroy(&c->edges);
	c->n = 0;
}
