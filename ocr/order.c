/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bands and gutters, cut alternately. Parts still to be cut wait on a stack; each cut makes parts
 * smaller than what it cut. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/order.h"
#include "ocr/side.h"

#define GUTTER 1.0      /* letters: at least so wide between columns */
#define GUTTERS 64      /* looked at in one run of bands */
#define APART 1.5       /* letters: bands further apart belong to different columns */
#define FOLLOWS 1.8     /* letters: a column that goes on alone does so this near */
#define BLOCKS_APART 5  /* letters: from a block to another beside it, with rows level by chance */
#define TABLES_APART 40 /* sheet pixels, 3.4 mm; what is between cells of one table is a rule */
#define ROW 40          /* a row of a table, in place of its height */

struct part {
	size_t first, n;
};

struct sorter {
	struct item *item;
	struct part *todo; /* the topmost is read next */
	size_t ntodo;
	struct band *band;
	size_t nbands;      /* of the part in hand */
	int letter, gutter; /* usual height of a row, least width between columns */
	bool table;         /* the boxes are cells */
};

static int
by_x(const void *a, const void *b)
{
	const struct box *p = &((const struct item *)a)->box, *q = &((const struct item *)b)->box;

	return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

/* White between the items of a band, of at least `wide`. */
static size_t
find_gutters(struct sorter *s, const struct band *b, int wide, struct span *ret)
{
	struct item *item = &s->item[b->first];
	size_t k = 0;
	int end;

	qsort(item, b->n, sizeof *item, by_x);
	end = item[0].box.x + item[0].box.w;
	for (size_t i = 1; i < b->n && k < GUTTERS; i++) {
		if (item[i].box.x - end >= wide)
			ret[k++] = (struct span){end, item[i].box.x};
		if (item[i].box.x + item[i].box.w > end)
			end = item[i].box.x + item[i].box.w;
	}
	return k;
}

/* The widest part of the gutter that no item of b reaches into; to <= from when there is none. */
static struct span
narrow(const struct sorter *s, const struct band *b, struct span gutter)
{
	struct span best = {0, 0};
	int at = gutter.from;

	/* items of a band are sorted by x by now */
	for (size_t i = b->first; i <= b->first + b->n; i++) {
		bool last = i == b->first + b->n;
		int x = last ? gutter.to : s->item[i].box.x;
		int end = last ? gutter.to : s->item[i].box.x + s->item[i].box.w;

		if (x > gutter.to)
			x = gutter.to;
		if (x - at > best.to - best.from)
			best = (struct span){at, x};
		if (end > at)
			at = end;
	}
	return best;
}

/* Whether a band with items on one side only goes on with the column there: near below it, with the
 * same left edge. */
static bool
goes_on(const struct sorter *s, size_t first, const struct band *b, struct span gutter)
{
	const struct item *next = &s->item[b->first];
	bool left = side_is_left(next, gutter), found = false;
	int bottom = 0;

	for (size_t i = first; i < b->first; i++) {
		const struct box *above = &s->item[i].box;

		if (side_is_left(&s->item[i], gutter) != left)
			continue;
		bottom = above->y + above->h > bottom ? above->y + above->h : bottom;
		found |= abs(above->x - next->box.x) <= s->letter;
	}
	return found && b->y.from - bottom <= FOLLOWS * s->letter;
}

/* Whether b belongs to the columns that the gutter divides; narrows the gutter to it. */
static bool
joins(const struct sorter *s, size_t first, const struct band *b, struct span *gutter)
{
	struct span rest = narrow(s, b, *gutter);
	size_t left = 0;

	if (rest.to - rest.from < s->gutter || b->y.from - (b - 1)->y.to > APART * s->letter)
		return false;
	for (size_t i = b->first; i < b->first + b->n; i++)
		left += side_is_left(&s->item[i], rest);
	if ((left == 0 || left == b->n) && !goes_on(s, first, b, rest))
		return false;
	*gutter = rest;
	return true;
}

/* Whether the sides of the gutter are read one after the other. */
static int
are_columns(const struct sorter *s, const struct part *p, struct span gutter)
{
	_cleanup_(freep) struct item *items = calloc(2 * p->n, sizeof *items);
	_cleanup_(freep) struct band *rows = calloc(2 * p->n, sizeof *rows);
	struct side a = {.item = items, .row = rows};
	struct side b = {.item = items + p->n, .row = rows + p->n};

	if (items == NULL || rows == NULL)
		return -ENOMEM;
	side_take(&s->item[p->first], p->n, gutter, true, s->letter, &a);
	side_take(&s->item[p->first], p->n, gutter, false, s->letter, &b);
	if (a.nrows < 2 || b.nrows < 2)
		return false;
	return s->table || !side_row_by_row(&a, &b, s->letter) ||
	       (gutter.to - gutter.from >= BLOCKS_APART * s->letter &&
		   side_are_blocks(&a, &b, s->letter));
}

static void
push(struct sorter *s, size_t first, size_t n)
{
	if (n > 0)
		s->todo[s->ntodo++] = (struct part){first, n};
}

/* Brings what is left of the gutter before what is right of it. Count of the left. */
static size_t
cut(struct sorter *s, const struct part *p, struct span gutter)
{
	size_t left = 0;

	qsort(&s->item[p->first], p->n, sizeof *s->item, by_x);
	while (left < p->n && side_is_left(&s->item[p->first + left], gutter))
		left++;
	return left;
}

/* The bands from i on that share a gutter between columns, and that gutter. Count of bands; 0: what
 * begins with band i is read row by row. */
static int
find_columns(struct sorter *s, size_t i, struct span *ret_gutter)
{
	struct span gutters[GUTTERS];
	size_t n = find_gutters(s, &s->band[i], s->gutter, gutters);

	for (size_t g = 0; g < n; g++) {
		size_t end = i + 1;
		struct part p = {s->band[i].first, s->band[i].n};
		int r;

		for (; end < s->nbands; end++) {
			struct band *b = &s->band[end];

			qsort(&s->item[b->first], b->n, sizeof *s->item, by_x);
			if (!joins(s, p.first, b, &gutters[g]))
				break;
			p.n += b->n;
		}
		r = are_columns(s, &p, gutters[g]);
		if (r < 0)
			return r;
		if (r > 0) {
			*ret_gutter = gutters[g];
			return (int)(end - i);
		}
	}
	return 0;
}

/* What stands on either side of a gutter. */
struct sides {
	struct side left, right;
};

static int
sides_make(struct sides *sides, size_t n)
{
	sides->left.item = calloc(2 * n, sizeof *sides->left.item);
	sides->left.row = calloc(2 * n, sizeof *sides->left.row);
	if (sides->left.item == NULL || sides->left.row == NULL)
		return -ENOMEM;
	sides->right.item = sides->left.item + n;
	sides->right.row = sides->left.row + n;
	return 0;
}

static void
sides_free(struct sides *sides)
{
	free(sides->left.item);
	free(sides->left.row);
}

static void
sides_take(struct sorter *s, const struct band *b, struct span gutter, struct sides *ret)
{
	side_take(&s->item[b->first], b->n, gutter, true, s->letter, &ret->left);
	side_take(&s->item[b->first], b->n, gutter, false, s->letter, &ret->right);
}

/* The gutter of a band that leaves the least disorder on both sides. 0: there is none, or the sides
 * stand level row by row. */
static int
best_gutter(struct sorter *s, const struct band *b, struct span *ret)
{
	_cleanup_(sides_free) struct sides sides = {0};
	struct side *left = &sides.left, *right = &sides.right;
	struct span gutters[GUTTERS];
	size_t n, least = 0;
	bool level = false;

	if (sides_make(&sides, b->n) < 0)
		return -ENOMEM;
	n = find_gutters(s, b, 1, gutters);
	for (size_t g = 0; g < n; g++) {
		size_t sum;

		sides_take(s, b, gutters[g], &sides);
		sum = side_disorder(left) + side_disorder(right);
		if (g == 0 || sum < least) {
			least = sum;
			*ret = gutters[g];
			level = side_row_by_row(left, right, s->letter);
		}
	}
	return n > 0 && !level;
}

/* Whether all items of a side go from the top of a band to its foot. */
static bool
spans(const struct side *side, const struct band *b)
{
	for (size_t i = 0; i < side->n; i++) {
		const struct box *box = &side->item[i].box;

		if (box->y > b->y.from || box->y + box->h < b->y.to)
			return false;
	}
	return true;
}

/* Whether two sides of a band of a table are ruled differently, as two tables side by side, or rows
 * of one are beside a label with its value, or a label, that goes past all of them. A single cell
 * to the right, as one for remarks, is read with the first of them. */
static bool
stand_apart(struct sides *sides, const struct band *b)
{
	size_t common, of_left, of_right;

	common = side_common_edges(&sides->left, &sides->right, &of_left);
	side_common_edges(&sides->right, &sides->left, &of_right);
	if (of_left > 0 && of_right > 0)
		return 2 * common < (of_left < of_right ? of_left : of_right);
	if (of_left > 0)
		return sides->right.n > 1 && spans(&sides->right, b);
	return of_right > 0 && spans(&sides->left, b);
}

static int
table_gutter(struct sorter *s, const struct band *b, struct span *ret)
{
	_cleanup_(sides_free) struct sides sides = {0};
	struct span gutters[GUTTERS];
	size_t n;

	if (sides_make(&sides, b->n) < 0)
		return -ENOMEM;
	n = find_gutters(s, b, 1, gutters);
	for (size_t g = 0; g < n; g++) {
		sides_take(s, b, gutters[g], &sides);
		if (stand_apart(&sides, b)) {
			*ret = gutters[g];
			return true;
		}
	}
	return false;
}

static int
by_middle(const void *a, const void *b)
{
	const struct box *p = &((const struct item *)a)->box, *q = &((const struct item *)b)->box;

	return 2 * p->y + p->h - 2 * q->y - q->h;
}

/* Rows that no white divides, each left to right. */
static void
sort_rows(struct item *item, size_t n)
{
	qsort(item, n, sizeof *item, by_middle);
	for (size_t i = 0, end; i < n; i = end) {
		int foot = item[i].box.y + item[i].box.h;

		for (end = i + 1; end < n; end++) {
			const struct box *b = &item[end].box;

			if (b->y + b->h / 2 >= foot)
				break;
			foot = b->y + b->h < foot ? b->y + b->h : foot;
		}
		qsort(&item[i], end - i, sizeof *item, by_x);
	}
}

/* One band: cut where white divides it; boxes that overlap stay as they begin. */
static int
split_band(struct sorter *s, const struct band *b)
{
	struct part p = {b->first, b->n};
	struct span gutter = {0, 0};
	size_t left;
	int r = 0;

	if (b->n > 1)
		r = s->table ? table_gutter(s, b, &gutter) : best_gutter(s, b, &gutter);
	if (r > 0) {
		left = cut(s, &p, gutter);
		push(s, p.first + left, p.n - left);
		push(s, p.first, left);
	} else if (r == 0 && s->table) /* by rows, then columns */
		side_bands(&s->item[b->first], b->n, b->first, s->band);
	else if (r == 0)
		sort_rows(&s->item[b->first], b->n);
	return r;
}

/* What was pushed from `base` on comes off the stack in the order it was pushed. */
static void
turn(struct sorter *s, size_t base)
{
	for (size_t i = base, k = s->ntodo; i + 1 < k; i++, k--) {
		struct part t = s->todo[i];

		s->todo[i] = s->todo[k - 1];
		s->todo[k - 1] = t;
	}
}

static int
split_part(struct sorter *s, const struct part *p)
{
	size_t base = s->ntodo;

	s->nbands = side_bands(&s->item[p->first], p->n, p->first, s->band);
	if (s->nbands == 1)
		return split_band(s, &s->band[0]);
	for (size_t i = 0; i < s->nbands;) {
		struct span gutter = {0, 0};
		struct part run = {s->band[i].first, 0};
		size_t left;
		int n = find_columns(s, i, &gutter);

		if (n < 0)
			return n;
		for (int k = 0; k < (n > 0 ? n : 1); k++)
			run.n += s->band[i++].n;
		left = n > 0 ? cut(s, &run, gutter) : run.n;
		push(s, run.first, left);
		push(s, run.first + left, run.n - left);
	}
	turn(s, base);
	return 0;
}

static int
order(const struct box *b, size_t n, struct sorter *s, size_t *ret)
{
	_cleanup_(freep) struct item *item = calloc(n + 1, sizeof *item);
	_cleanup_(freep) struct part *todo = calloc(n + 2, sizeof *todo);
	_cleanup_(freep) struct band *band = calloc(n + 1, sizeof *band);
	int r = item == NULL || todo == NULL || band == NULL ? -ENOMEM : 0;

	s->item = item;
	s->todo = todo;
	s->band = band;
	for (size_t i = 0; r >= 0 && i < n; i++)
		item[i] = (struct item){i, b[i]};
	if (r >= 0)
		push(s, 0, n);
	while (r >= 0 && s->ntodo > 0) {
		struct part p = s->todo[--s->ntodo];

		r = split_part(s, &p);
	}
	for (size_t i = 0; r >= 0 && i < n; i++)
		ret[i] = item[i].index;
	return r;
}

int
order_boxes(const struct box *b, size_t n, int letter, size_t *ret)
{
	struct sorter s = {.letter = letter, .gutter = (int)(GUTTER * letter)};

	return order(b, n, &s, ret);
}

/* The cells `of`, so many, by their places. */
static int
order_some(const struct box *places, const size_t *of, size_t n, size_t *ret)
{
	_cleanup_(freep) struct box *own = calloc(n + 1, sizeof *own);
	struct sorter s = {.table = true, .letter = ROW, .gutter = TABLES_APART};
	int r;

	if (own == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		own[i] = places[of[i]];
	r = order(own, n, &s, ret);
	for (size_t i = 0; r >= 0 && i < n; i++)
		ret[i] = of[ret[i]];
	return r;
}

/* The cells of an open table. Their count. */
static size_t
take_open(const struct cell *c, size_t n, int open, size_t *ret)
{
	size_t k = 0;

	for (size_t i = 0; i < n; i++)
		if (c[i].open == open)
			ret[k++] = i;
	return k;
}

/* The place of the open table a cell is of; false: it is not the first of these. */
static bool
place_open(const struct cell *c, size_t n, const struct box *places, size_t first, struct box *ret)
{
	*ret = places[first];
	for (size_t i = 0; c[first].open != 0 && i < n; i++) {
		if (c[i].open == c[first].open && i < first)
			return false;
		if (c[i].open == c[first].open)
			*ret = box_union(*ret, places[i]);
	}
	return true;
}

int
order_cells(const struct cell *c, size_t n, size_t *ret)
{
	_cleanup_(freep) struct box *places = calloc(2 * n + 1, sizeof *places);
	_cleanup_(freep) size_t *things = calloc(3 * n + 1, sizeof *things);
	struct box *whole;
	size_t *sorted, *of, k = 0;
	int r;

	if (places == NULL || things == NULL)
		return -ENOMEM;
	whole = places + n;
	sorted = things + n;
	of = sorted + n;
	for (size_t i = 0; i < n; i++)
		places[i] =
		    (struct box){c[i].box.x, ROW * c[i].row, c[i].box.w, ROW * c[i].row_span - 1};
	for (size_t i = 0; i < n; i++)
		if (place_open(c, n, places, i, &whole[i]))
			things[k++] = i;
	r = order_some(whole, things, k, sorted);
	for (size_t i = 0, at = 0; r >= 0 && i < k; i++) {
		int open = c[sorted[i]].open;
		size_t own = open == 0 ? 0 : take_open(c, n, open, of);

		if (open == 0)
			ret[at++] = sorted[i];
		else
			r = order_some(places, of, own, &ret[at]);
		at += own;
	}
	return r;
}
