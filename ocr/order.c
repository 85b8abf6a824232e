/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bands and gutters, cut alternately. Parts still to be cut wait on a stack; each cut makes parts
 * smaller than what it cut. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/order.h"

#define GUTTER 1.0  /* letters: at least so wide between columns */
#define GUTTERS 64  /* looked at in one run of bands */
#define APART 1.5   /* letters: bands further apart belong to different columns */
#define FOLLOWS 1.2 /* letters: a column that goes on alone does so this near */
#define LEVEL 0.5   /* of the lower row: rows that share so much stand level */
#define ROWS_LEVEL 0.6
#define PROSE_WIDE 10 /* letters; where half the rows of both sides hold such a piece is prose */
#define PROSE_ROWS 3
#define PROSE_DENSE 0.42 /* of its height is rows */
#define PROSE_EVEN 0.8
#define TABLES_APART 24 /* sheet pixels, 2 mm; what is between cells of one table is a rule */
#define ROW 40          /* a row of a table, in place of its height */

struct span {
	int from, to; /* half open */
};

/* An index of b, with what it is sorted by. */
struct item {
	size_t index;
	struct box box;
};

/* One row of boxes: items [first, first + n) of a part sorted by y. */
struct band {
	size_t first, n;
	struct span y;
};

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
by_y(const void *a, const void *b)
{
	const struct box *p = &((const struct item *)a)->box, *q = &((const struct item *)b)->box;

	return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

static int
by_x(const void *a, const void *b)
{
	const struct box *p = &((const struct item *)a)->box, *q = &((const struct item *)b)->box;

	return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->y > q->y) - (p->y < q->y);
}

/* Bands of items that no white row divides. Sorts them; fills band, at most n of them. */
static size_t
find_bands(struct item *item, size_t n, size_t first, struct band *band)
{
	size_t k = 0;

	qsort(item, n, sizeof *item, by_y);
	for (size_t i = 0; i < n; i++) {
		struct span y = {item[i].box.y, item[i].box.y + item[i].box.h};

		if (k == 0 || y.from >= band[k - 1].y.to)
			band[k++] = (struct band){.first = first + i, .y = y};
		if (y.to > band[k - 1].y.to)
			band[k - 1].y.to = y.to;
		band[k - 1].n++;
	}
	return k;
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

static bool
is_left(const struct item *i, struct span gutter)
{
	return i->box.x + i->box.w <= gutter.from;
}

/* Whether a band with items on one side only goes on with the column there: near below it, with the
 * same left edge. */
static bool
goes_on(const struct sorter *s, size_t first, const struct band *b, struct span gutter)
{
	const struct item *next = &s->item[b->first];
	bool left = is_left(next, gutter), found = false;
	int bottom = 0;

	for (size_t i = first; i < b->first; i++) {
		const struct box *above = &s->item[i].box;

		if (is_left(&s->item[i], gutter) != left)
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
		left += is_left(&s->item[i], rest);
	if ((left == 0 || left == b->n) && !goes_on(s, first, b, rest))
		return false;
	*gutter = rest;
	return true;
}

/* Rows of one side of a gutter, how many of them hold a piece as wide as prose, and how much of the
 * height is rows. */
struct side {
	struct item *item;
	struct band *row;
	size_t n, nrows, wide;
	double dense;
};

static void
take_side(
    const struct sorter *s, const struct part *p, struct span gutter, bool left, struct side *ret)
{
	ret->n = ret->wide = 0;
	for (size_t i = p->first; i < p->first + p->n; i++)
		if (is_left(&s->item[i], gutter) == left)
			ret->item[ret->n++] = s->item[i];
	ret->nrows = ret->n == 0 ? 0 : find_bands(ret->item, ret->n, 0, ret->row);
	ret->dense = 0;
	for (size_t i = 0; i < ret->nrows; i++) {
		bool wide = false;

		ret->dense += ret->row[i].y.to - ret->row[i].y.from;

		for (size_t k = ret->row[i].first; k < ret->row[i].first + ret->row[i].n; k++)
			wide |= ret->item[k].box.w >= PROSE_WIDE * s->letter;
		ret->wide += wide;
	}
	if (ret->nrows > 0)
		ret->dense /= ret->row[ret->nrows - 1].y.to - ret->row[0].y.from;
}

/* Rows stand level when the lower one lies beside the other for the most part. */
static bool
are_level(struct span a, struct span b)
{
	int h = a.to - a.from < b.to - b.from ? a.to - a.from : b.to - b.from;
	int from = a.from > b.from ? a.from : b.from, to = a.to < b.to ? a.to : b.to;

	return to - from >= LEVEL * h;
}

static size_t
count_level(const struct side *a, const struct side *b)
{
	size_t level = 0, k = 0;

	for (size_t i = 0; i < a->nrows; i++) {
		while (k < b->nrows && b->row[k].y.to <= a->row[i].y.from)
			k++;
		for (size_t j = k; j < b->nrows && b->row[j].y.from < a->row[i].y.to; j++)
			if (are_level(a->row[i].y, b->row[j].y)) {
				level++;
				break;
			}
	}
	return level;
}

/* Wide rows close below each other. */
static bool
is_prose(const struct side *s)
{
	return s->nrows >= PROSE_ROWS && 2 * s->wide >= s->nrows && s->dense >= PROSE_DENSE;
}

/* Columns of one text are about as dense; a list of headings beside what belongs to each is not. */
static bool
are_prose(const struct side *a, const struct side *b)
{
	return is_prose(a) && is_prose(b) && a->dense >= PROSE_EVEN * b->dense &&
	       b->dense >= PROSE_EVEN * a->dense;
}

/* Whether two sides of a gutter belong together row by row. */
static bool
row_by_row(const struct side *a, const struct side *b)
{
	size_t fewer = a->nrows < b->nrows ? a->nrows : b->nrows;

	return fewer >= 2 && !are_prose(a, b) &&
	       (double)count_level(a, b) >= ROWS_LEVEL * (double)fewer;
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
	take_side(s, p, gutter, true, &a);
	take_side(s, p, gutter, false, &b);
	return a.nrows >= 2 && b.nrows >= 2 && (s->table || !row_by_row(&a, &b));
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
	while (left < p->n && is_left(&s->item[p->first + left], gutter))
		left++;
	return left;
}

/* The bands from i on that share a gutter between columns, and that gutter. Count of bands; 0: what
 * begins with band i is read row by row. */
static int
find_columns(struct sorter *s, size_t i, struct span *ret_gutter)
{
	struct span gutters[GUTTERS];
	size_t n =
	    s->letter == 0 ? 0 : find_gutters(s, &s->band[i], (int)(GUTTER * s->letter), gutters);

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

/* What stays to be cut in the rows of one side: little where a level line meets all boxes of a row.
 */
static size_t
disorder(const struct side *side)
{
	size_t sum = 0;

	for (size_t i = 0; i < side->nrows; i++) {
		const struct band *row = &side->row[i];
		int top = row->y.from, bottom = row->y.to;

		for (size_t k = row->first; k < row->first + row->n; k++) {
			const struct box *b = &side->item[k].box;

			top = b->y > top ? b->y : top;
			bottom = b->y + b->h < bottom ? b->y + b->h : bottom;
		}
		sum += top < bottom ? row->n : row->n * row->n;
	}
	return sum;
}

/* The gutter of a band that leaves the least disorder on both sides. 0: there is none, or the sides
 * stand level row by row. */
static int
best_gutter(struct sorter *s, const struct band *b, struct span *ret)
{
	_cleanup_(freep) struct item *items = calloc(2 * b->n, sizeof *items);
	_cleanup_(freep) struct band *rows = calloc(2 * b->n, sizeof *rows);
	struct side left = {.item = items, .row = rows};
	struct side right = {.item = items + b->n, .row = rows + b->n};
	struct span gutters[GUTTERS];
	struct part p = {b->first, b->n};
	size_t n, least = 0;
	bool level = false;

	if (items == NULL || rows == NULL)
		return -ENOMEM;
	n = find_gutters(s, b, 1, gutters);
	for (size_t g = 0; g < n; g++) {
		size_t sum;

		take_side(s, &p, gutters[g], true, &left);
		take_side(s, &p, gutters[g], false, &right);
		sum = disorder(&left) + disorder(&right);
		if (g == 0 || sum < least) {
			least = sum;
			*ret = gutters[g];
			level = row_by_row(&left, &right);
		}
	}
	return n > 0 && !level;
}

/* How many of the rows of a, its first apart, begin where one of b begins. */
static size_t
common_edges(const struct side *a, const struct side *b, size_t *ret_edges)
{
	size_t common = 0;

	*ret_edges = 0;
	qsort(a->item, a->n, sizeof *a->item, by_y);
	for (size_t i = 1; i < a->n; i++) {
		bool found = false;
		int y = a->item[i].box.y;

		if (y == a->item[i - 1].box.y)
			continue;
		for (size_t k = 0; !found && k < b->n; k++)
			found = b->item[k].box.y == y;
		common += found;
		++*ret_edges;
	}
	return common;
}

/* A gutter of a table whose two sides are ruled differently, as two tables side by side. */
static int
table_gutter(struct sorter *s, const struct band *b, struct span *ret)
{
	_cleanup_(freep) struct item *items = calloc(2 * b->n, sizeof *items);
	_cleanup_(freep) struct band *rows = calloc(2 * b->n, sizeof *rows);
	struct side left = {.item = items, .row = rows};
	struct side right = {.item = items + b->n, .row = rows + b->n};
	struct span gutters[GUTTERS];
	struct part p = {b->first, b->n};
	size_t n, common, of_left, of_right;

	if (items == NULL || rows == NULL)
		return -ENOMEM;
	n = find_gutters(s, b, 1, gutters);
	for (size_t g = 0; g < n; g++) {
		take_side(s, &p, gutters[g], true, &left);
		take_side(s, &p, gutters[g], false, &right);
		common = common_edges(&left, &right, &of_left);
		common_edges(&right, &left, &of_right);
		if (of_right < of_left)
			of_left = of_right;
		if (of_left > 0 && 2 * common < of_left) {
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
	} else if (r == 0 && s->table)
		qsort(&s->item[b->first], b->n, sizeof *s->item, by_y);
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

	s->nbands = find_bands(&s->item[p->first], p->n, p->first, s->band);
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

int
order_cells(const struct cell *c, size_t n, size_t *ret)
{
	_cleanup_(freep) struct box *places = calloc(n + 1, sizeof *places);
	struct sorter s = {.table = true, .letter = ROW, .gutter = TABLES_APART};

	if (places == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		places[i] =
		    (struct box){c[i].box.x, ROW * c[i].row, c[i].box.w, ROW * c[i].row_span - 1};
	return order(places, n, &s, ret);
}
