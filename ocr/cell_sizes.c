/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looks for the first white behind which all is small; what the letters are is not asked here. */
#include <stdlib.h>

#include "ocr/cell_sizes.h"

#define SMALL 0.62 /* of the row's height: small print is as high at most, … */
#define LEAST 0.3  /* … and no less, … */
#define APART 0.25 /* … so far behind what is large, … */
#define LONG 2     /* … and so much longer than high, … */
#define LETTERS 3  /* … with so many marks … */
#define LETTER 0.6 /* … that have so much of its height */

/* The marks of the row, by x. Returns how many. */
static size_t
take_row(const struct cell_marks *m, const struct box *row, struct box *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < m->n; i++)
		if (box_inside(m->box[i], *row) >= 1)
			ret[n++] = m->box[i];
	qsort(ret, n, sizeof *ret, box_by_x);
	return n;
}

static struct box
box_of(const struct box *mark, size_t n)
{
	struct box all = {0};

	for (size_t i = 0; i < n; i++)
		all = box_union(all, mark[i]);
	return all;
}

/* Whether marks are a text of smaller print than a row of this height. */
static bool
is_small(const struct box *mark, size_t n, int high)
{
	const struct box all = box_of(mark, n);
	int letters = 0;

	for (size_t i = 0; i < n; i++)
		letters += mark[i].h >= LETTER * all.h;
	return all.h <= SMALL * high && all.h >= LEAST * high && all.w >= LONG * all.h &&
	       letters >= LETTERS;
}

bool
cell_small_print(const struct cell_marks *m, const struct box *row, struct box *room,
    struct box *ret_large, struct box *ret_small)
{
	struct box *mark = room;
	const size_t n = take_row(m, row, mark);
	int end = row->x;

	for (size_t i = 0; i < n; i++) {
		const int gap = mark[i].x - end;

		end = mark[i].x + mark[i].w > end ? mark[i].x + mark[i].w : end;
		if (i == 0 || gap < APART * row->h || !is_small(&mark[i], n - i, row->h))
			continue;
		*ret_large = box_of(mark, i);
		*ret_small = box_of(&mark[i], n - i);
		return true;
	}
	return false;
}
