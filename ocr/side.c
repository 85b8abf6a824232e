/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Measures of rows; what is made of them is order.c's. */
#include <stdbool.h>
#include <stdlib.h>

#include "cleanup.h"
#include "ocr/side.h"

#define LEVEL 0.5 /* of the lower row: rows that share so much stand level */
#define ROWS_LEVEL 0.6
#define DRIFT 0.2        /* letters: from the first offset to the last … */
#define DRIFT_HIGH 2     /* letters; higher is no single row of text */
#define DRIFT_ROWS 4     /* … of so many rows; fewer do not tell */
#define DRIFT_LEAP 0.7   /* of all of it in one step; more is no drift */
#define DRIFT_NOISE 0.05 /* letters: letters of a row are not all of one height */
#define PROSE_WIDE 10    /* letters; where half the rows of both sides hold such a piece is prose */
#define PROSE_FULL 0.85  /* of such a row is print: pieces apart are a label and its value */
#define PROSE_ROWS 3
#define PROSE_DENSE 0.42 /* of its height is rows */
#define PROSE_EVEN 0.8
#define BLOCK_ROWS 3
#define BLOCK_WIDE 8     /* letters: rows are as wide on the mean; those of labels are not */
#define BLOCK_LEVEL 0.25 /* letters: offsets of rows that stand level differ by no more */
#define BLOCK_EDGE 0.5   /* letters: so near each other begin … */
#define BLOCK_FLUSH 0.6  /* … so many rows of a block */
#define BLOCK_SHARED 0.6 /* of all rows: so many at most are level with each other */

static int
by_y(const void *a, const void *b)
{
	const struct box *p = &((const struct item *)a)->box, *q = &((const struct item *)b)->box;

	return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

size_t
side_bands(struct item *item, size_t n, size_t first, struct band *band)
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

bool
side_is_left(const struct item *i, struct span gutter)
{
	return i->box.x + i->box.w <= gutter.from;
}

/* A long piece of print and no white. */
static bool
is_wide(const struct side *s, const struct band *row, int letter)
{
	struct box all = {0};
	bool wide = false;
	int print = 0;

	for (size_t k = row->first; k < row->first + row->n; k++) {
		wide |= s->item[k].box.w >= PROSE_WIDE * letter;
		print += s->item[k].box.w;
		all = box_union(all, s->item[k].box);
	}
	return wide && print >= PROSE_FULL * all.w;
}

void
side_take(
    const struct item *item, size_t n, struct span gutter, bool left, int letter, struct side *ret)
{
	ret->n = ret->wide = 0;
	for (size_t i = 0; i < n; i++)
		if (side_is_left(&item[i], gutter) == left)
			ret->item[ret->n++] = item[i];
	ret->nrows = ret->n == 0 ? 0 : side_bands(ret->item, ret->n, 0, ret->row);
	ret->dense = 0;
	for (size_t i = 0; i < ret->nrows; i++) {
		ret->dense += ret->row[i].y.to - ret->row[i].y.from;
		ret->wide += is_wide(ret, &ret->row[i], letter);
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

/* The item of a row that stands nearest to the gutter: what lies behind it may be another text's.
 */
static const struct box *
nearest(const struct side *side, const struct band *row, bool left)
{
	const struct box *best = &side->item[row->first].box;

	for (size_t i = row->first + 1; i < row->first + row->n; i++) {
		const struct box *b = &side->item[i].box;

		if (left ? b->x + b->w > best->x + best->w : b->x < best->x)
			best = b;
	}
	return best;
}

/* Count of the rows of a, left, that stand level with one of b, right; offsets, of ret_n, between
 * those that are single rows of text. */
static size_t
find_level(const struct side *a, const struct side *b, int high, int *offset, size_t *ret_n)
{
	size_t level = 0, k = 0;

	*ret_n = 0;
	for (size_t i = 0; i < a->nrows; i++) {
		struct span y = a->row[i].y;

		while (k < b->nrows && b->row[k].y.to <= y.from)
			k++;
		for (size_t j = k; j < b->nrows && b->row[j].y.from < y.to; j++) {
			const struct box *p = nearest(a, &a->row[i], true);
			const struct box *q = nearest(b, &b->row[j], false);

			if (!are_level(y, b->row[j].y))
				continue;
			if (p->h < high && q->h < high)
				offset[(*ret_n)++] = q->y + q->h / 2 - p->y - p->h / 2;
			level++;
			break;
		}
	}
	return level;
}

/* Rows of one table keep their offset; that of two texts with spacings of their own grows or
 * shrinks from row to row, and not by one leap beside a low letter. */
static bool
drifts(const int *offset, size_t n, int letter)
{
	int all = n < DRIFT_ROWS ? 0 : offset[n - 1] - offset[0], turn = all < 0 ? -1 : 1;
	int leap = 0;

	for (size_t i = 1; i < n; i++) {
		int step = turn * (offset[i] - offset[i - 1]);

		if (step < -DRIFT_NOISE * letter)
			return false;
		leap = step > leap ? step : leap;
	}
	return turn * all >= DRIFT * letter && n >= DRIFT_ROWS && leap <= DRIFT_LEAP * turn * all;
}

static size_t
count_level(const struct side *a, const struct side *b, int letter)
{
	_cleanup_(freep) int *offset = calloc(a->nrows + 1, sizeof *offset);
	size_t n, level;

	if (offset == NULL)
		return 0;
	level = find_level(a, b, DRIFT_HIGH * letter, offset, &n);
	return drifts(offset, n, letter) ? 0 : level;
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

bool
side_row_by_row(const struct side *a, const struct side *b, int letter)
{
	size_t fewer = a->nrows < b->nrows ? a->nrows : b->nrows;

	return fewer >= 2 && !are_prose(a, b) &&
	       (double)count_level(a, b, letter) >= ROWS_LEVEL * (double)fewer;
}

static struct box
row_box(const struct side *s, size_t row)
{
	struct box all = {0};

	for (size_t k = 0; k < s->row[row].n; k++)
		all = box_union(all, s->item[s->row[row].first + k].box);
	return all;
}

/* Whether rows begin below each other. */
static bool
is_flush(const struct side *s, int letter)
{
	size_t best = 0;

	for (size_t i = 0; i < s->nrows; i++) {
		const int left = row_box(s, i).x;
		size_t n = 0;

		for (size_t k = 0; k < s->nrows; k++) {
			const int off = row_box(s, k).x - left;

			n += off >= 0 && off <= BLOCK_EDGE * letter;
		}
		best = n > best ? n : best;
	}
	return (double)best >= BLOCK_FLUSH * (double)s->nrows;
}

static double
mean_width(const struct side *s)
{
	double sum = 0;

	for (size_t i = 0; i < s->nrows; i++)
		sum += row_box(s, i).w;
	return sum / (double)s->nrows;
}

static int
by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

bool
side_are_blocks(const struct side *a, const struct side *b, int letter)
{
	_cleanup_(freep) int *offset = calloc(a->nrows + 1, sizeof *offset);
	size_t n, same = 0;

	if (offset == NULL || a->nrows < BLOCK_ROWS || b->nrows < BLOCK_ROWS ||
	    mean_width(a) < BLOCK_WIDE * letter || !is_flush(b, letter))
		return false;
	find_level(a, b, DRIFT_HIGH * letter, offset, &n);
	qsort(offset, n, sizeof *offset, by_value);
	for (size_t i = 0; i < n; i++)
		same += abs(offset[i] - offset[n / 2]) <= BLOCK_LEVEL * letter;
	return (double)same <= BLOCK_SHARED * (double)(a->nrows + b->nrows - same);
}

size_t
side_disorder(const struct side *side)
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

size_t
side_common_edges(const struct side *a, const struct side *b, size_t *ret_edges)
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
