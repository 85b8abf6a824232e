/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of a cell by its white, held against the tops of the table's rows. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cutting.h"
#include "ocr/tall_cell.h"

#define ROWS_MIN 6     /* beside the cell */
#define LINES_MIN 4    /* in it */
#define WHITE 3        /* half-size pixels: less is inside a line */
#define LOW 5          /* half-size pixels: lower is dirt */
#define HIGH 1.75      /* letters: higher is no line */
#define WIDE_LEAST 1.3 /* times its height: less is a letter of a label written downwards, … */
#define WIDE_MOST 7    /* … more may be prose */
#define APART 0.8      /* of a line's height, white above and below it */
#define ON_RULE                                                                                    \
	0.3       /* of a row's height, from its top to the middle of a line that stands on it     \
		   */
#define LEVEL 0.2 /* … from its middle to that of a line level with it */
#define AGREE 0.8 /* of the lines stand the same way */

struct lines {
	struct box line[TALL_CELL_LINES]; /* sheet pixels */
	int n;
};

static PIX *
inside(PIX *ink, const struct cell *c)
{
	return cutting(ink, sheet_box_half(c->box));
}

static void
add_line(struct lines *l, PIX *part, const struct cell *c, int from, int to)
{
	struct box ink;

	if (l->n == TALL_CELL_LINES ||
	    !cutting_close(part, (struct box){0, from, pixGetWidth(part), to - from}, &ink))
		return;
	l->line[l->n++] = (struct box){c->box.x + ink.x * SHEET_HALF, c->box.y + from * SHEET_HALF,
	    ink.w * SHEET_HALF, (to - from) * SHEET_HALF};
}

static int
find_lines(PIX *ink, const struct cell *c, struct lines *ret)
{
	PIX *part = inside(ink, c);
	NUMA *count = part == NULL ? NULL : pixCountPixelsByRow(part, NULL);
	int from = -1, to = -1, n = count == NULL ? 0 : numaGetCount(count);

	ret->n = 0;
	for (int y = 0; y <= n + WHITE; y++) {
		l_int32 black = 0;

		if (y < n)
			numaGetIValue(count, y, &black);
		if (black > 0) {
			from = from < 0 ? y : from;
			to = y + 1;
		} else if (from >= 0 && y - to >= WHITE) {
			if (to - from > LOW)
				add_line(ret, part, c, from, to);
			from = -1;
		}
	}
	n = count == NULL ? -ENOMEM : 0;
	numaDestroy(&count);
	pixDestroy(&part);
	return n;
}

static bool
are_short(const struct lines *l, int letter)
{
	for (int i = 0; i < l->n; i++) {
		const struct box *b = &l->line[i];

		if (b->h > HIGH * letter || b->w < WIDE_LEAST * b->h || b->w > WIDE_MOST * letter)
			return false;
		if (i > 0 && b->y - b[-1].y - b[-1].h < APART * b->h)
			return false;
	}
	return l->n >= LINES_MIN;
}

/* Tops of a table's rows from `first` on, to ret, of rows + 1. */
static void
row_tops(const struct cell *table, size_t n, int first, int rows, int *ret)
{
	for (int i = 0; i <= rows; i++)
		ret[i] = INT_MAX;
	for (size_t k = 0; k < n; k++) {
		int i = table[k].row - first;

		if (i >= 0 && i < rows && table[k].box.y < ret[i])
			ret[i] = table[k].box.y;
	}
}

/* Whether most lines stand on the tops of rows, or all level with rows; the row of each. */
static bool
find_rows(const struct lines *l, const int *top, int rows, int *ret)
{
	int on = 0, level = 0;

	for (int i = 0; i < l->n; i++) {
		int middle = l->line[i].y + l->line[i].h / 2, k = 0, h;

		while (k + 1 < rows && top[k + 1] <= middle)
			k++;
		h = top[k + 1] - top[k];
		level += abs(middle - top[k] - h / 2) <= LEVEL * h;
		if (top[k + 1] - middle <= ON_RULE * h && k + 1 < rows)
			k++;
		on += abs(middle - top[k]) <= ON_RULE * h;
		ret[i] = k;
	}
	return on >= AGREE * l->n || level >= AGREE * l->n;
}

/* From the white above to the white below, and from side to side. */
static void
widen(const struct lines *l, const struct cell *c, struct box *ret)
{
	int foot = c->box.y + c->box.h;

	for (int i = 0; i < l->n; i++) {
		const struct box *b = &l->line[i];
		int from = i == 0 ? c->box.y : (b[-1].y + b[-1].h + b->y) / 2;
		int to = i + 1 == l->n ? foot : (b->y + b->h + b[1].y) / 2;

		from -= from % SHEET_HALF;
		to -= to % SHEET_HALF;
		ret[i] = (struct box){c->box.x, from, c->box.w, to - from};
	}
}

int
tall_cell_lines(struct Pix *ink, const struct cell *table, size_t n, const struct cell *cell,
    int letter, struct box *ret, int *ret_row)
{
	_cleanup_(freep) int *top = NULL;
	struct lines l = {.n = 0};
	int rows = cell->row_span, r;

	if (rows < ROWS_MIN)
		return 0;
	top = calloc((size_t)rows + 1, sizeof *top);
	if (top == NULL)
		return -ENOMEM;
	r = find_lines(ink, cell, &l);
	if (r < 0 || !are_short(&l, letter))
		return r;
	row_tops(table, n, cell->row, rows, top);
	for (int i = 0; i < rows; i++)
		if (top[i] == INT_MAX)
			return 0;
	top[rows] = cell->box.y + cell->box.h;
	if (!find_rows(&l, top, rows, ret_row))
		return 0;
	for (int i = 0; i < l.n; i++)
		ret_row[i] += cell->row;
	widen(&l, cell, ret);
	return l.n;
}
