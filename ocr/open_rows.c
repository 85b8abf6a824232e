/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of print that most columns share, and that are no lines of prose. All lengths are half-size
 * pixels. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/account.h"
#include "ocr/cutting.h"
#include "ocr/open_rows.h"

#define COLUMNS_MIN 3 /* with print; two are a list and what is said to it, … */
#define FLUSH 6       /* … unless one is of figures: ends of its lines differ by no more, … */
#define RAGGED 12     /* … their beginnings do */
#define FLUSH_LINES 0.8
#define COLUMNS_MAX 100
#define ROWS_MIN 3
#define TWO_COLUMNS 4 /* two rows are enough where all of so many columns have both … */
#define TWO_WHITE 1.2 /* … so far apart, in heights of a row: lines of headings are closer */
#define ROWS_MAX 200
#define ENDS_SAME 7     /* cells whose tops and feet differ by less stand beside each other */
#define RULE_MAX 12     /* thickness of the rule between a cell and the next */
#define PARTS 3         /* white lower than this is inside a row */
#define FILLED 0.5      /* of the columns that have any print: a row across the table */
#define ROWS_ACROSS 0.8 /* of the rows are such */
#define WHITE 0.3       /* of the rows' height between them; less is dirt */
#define LOOSE 0.6       /* so much, lines of prose seldom have; … */
#define DENSE_ROWS 6    /* … where it is less, so many rows are needed, and no column of prose */
#define LINE_WIDE 0.75  /* of its cell: a line of prose */
#define LINES_WIDE 0.4  /* of a column's lines, which are prose then */
#define LIST_ROWS 8     /* a leading column of so many lines names the rows of a table … */
#define LIST_NAMED 0.9  /* … where it has so many of them, … */
#define LIST_EVEN 0.15  /* … from one to the next all the same, more or less, or a multiple */
#define HEADING_WHITE 1.2 /* of its height below a row of headings, … */
#define HEADING_APART 1.5 /* … and times what is from line to line there; cells are … */
#define HEADING_HIGH 10   /* … so many of its height high */

struct row {
	int from, to;
	int filled; /* columns */
};

/* Cells side by side, and what they hold. */
struct columns {
	PIX *print;
	struct box column[COLUMNS_MAX]; /* left to right */
	int n;
	int top, foot;
	struct row row[ROWS_MAX];
	int nrows;
	int printed, prose, figures; /* columns */
	int named;                   /* lines of the first column that has any */
};

static int
by_place(const void *a, const void *b)
{
	const struct box *p = a, *q = b;

	return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

static bool
is_beside(const struct box *a, const struct box *b)
{
	int gap = b->x - a->x - a->w;

	return b->h > 0 && gap >= 0 && gap <= RULE_MAX && abs(b->y - a->y) <= ENDS_SAME &&
	       abs(b->y + b->h - a->y - a->h) <= ENDS_SAME;
}

/* The cells from the one at `first`, which is leftmost, to the right; a height of 0 marks those
 * that were taken. box is sorted by y. */
static void
take_columns(struct box *box, size_t n, size_t first, struct columns *c)
{
	size_t next = first;

	c->n = 0;
	c->top = 0;
	c->foot = INT_MAX;
	while (next < n && c->n < COLUMNS_MAX) {
		struct box *b = &box[next], at = *b;

		c->column[c->n++] = at;
		c->top = at.y > c->top ? at.y : c->top;
		c->foot = at.y + at.h < c->foot ? at.y + at.h : c->foot;
		b->h = 0;
		for (next = first; next < n && !is_beside(&at, &box[next]);)
			next = box[next].y <= at.y + ENDS_SAME ? next + 1 : n;
	}
}

static int
find_rows(struct columns *c)
{
	const struct box *last = &c->column[c->n - 1];
	int x = c->column[0].x;
	PIX *part =
	    cutting(c->print, (struct box){x, c->top, last->x + last->w - x, c->foot - c->top});
	NUMA *ink = part == NULL ? NULL : pixCountPixelsByRow(part, NULL);

	pixDestroy(&part);
	if (ink == NULL)
		return -ENOMEM;
	c->nrows = 0;
	for (int y = 0; y < numaGetCount(ink); y++) {
		struct row *r = c->nrows == 0 ? NULL : &c->row[c->nrows - 1];
		l_int32 count = 0;

		numaGetIValue(ink, y, &count);
		if (count == 0)
			continue;
		if (r != NULL && c->top + y - r->to < PARTS)
			r->to = c->top + y + 1;
		else if (c->nrows < ROWS_MAX)
			c->row[c->nrows++] = (struct row){c->top + y, c->top + y + 1, 0};
	}
	numaDestroy(&ink);
	return 0;
}

/* Where the lines of a column begin, and where they end. */
struct ends {
	int from[ROWS_MAX], to[ROWS_MAX];
	int n;
};

static int
by_value(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

static bool
are_figures(struct ends *e)
{
	int flush = 0;

	if (e->n < ROWS_MIN)
		return false;
	qsort(e->from, (size_t)e->n, sizeof *e->from, by_value);
	qsort(e->to, (size_t)e->n, sizeof *e->to, by_value);
	for (int i = 0; i < e->n; i++)
		flush += abs(e->to[i] - e->to[e->n / 2]) <= FLUSH;
	return flush >= FLUSH_LINES * e->n && e->from[e->n - 1] - e->from[0] >= RAGGED;
}

static void
judge_columns(struct columns *c)
{
	c->printed = c->prose = c->figures = c->named = 0;
	for (int k = 0; k < c->n; k++) {
		struct ends ends = {.n = 0};
		int lines = 0, wide = 0;

		for (int i = 0; i < c->nrows; i++) {
			struct row *r = &c->row[i];
			struct box b = {c->column[k].x, r->from, c->column[k].w, r->to - r->from};
			struct box ink;

			if (!cutting_close(c->print, b, &ink))
				continue;
			lines++;
			ends.from[ends.n] = ink.x;
			ends.to[ends.n++] = ink.x + ink.w;
			r->filled++;
			wide += ink.w >= LINE_WIDE * b.w;
		}
		c->named = c->printed == 0 ? lines : c->named;
		c->printed += lines > 0;
		c->prose += lines > 1 && wide >= LINES_WIDE * lines;
		c->figures += are_figures(&ends);
	}
}

/* Whether all columns have the same two lines, far from each other. */
static bool
are_two_rows(const struct columns *c)
{
	const struct row *a = &c->row[0], *b = &c->row[1];

	return c->printed >= TWO_COLUMNS && c->nrows == 2 && c->prose == 0 &&
	       a->filled == c->printed && b->filled == c->printed &&
	       2 * (b->from - a->to) >= TWO_WHITE * (a->to - a->from + b->to - b->from);
}

static bool
are_rows(const struct columns *c)
{
	int across = 0, high = 0, white = 0;

	for (int i = 0; i < c->nrows; i++) {
		const struct row *r = &c->row[i];

		across += r->filled >= 2 && r->filled >= FILLED * c->printed;
		high += r->to - r->from;
		white += i > 0 ? r->from - (r - 1)->to : 0;
	}
	if (are_two_rows(c))
		return true;
	if (c->printed < 2 || c->nrows < ROWS_MIN || across < ROWS_ACROSS * c->nrows ||
	    white < WHITE * high)
		return false;
	if (c->printed < COLUMNS_MIN)
		return c->figures > 0 && c->nrows >= DENSE_ROWS;
	return white >= LOOSE * high ? 2 * c->prose < c->printed
				     : c->prose == 0 && c->nrows >= DENSE_ROWS;
}

/* Whether rows follow each other at one distance, some of them left out. */
static bool
are_even(const struct columns *c)
{
	int step = INT_MAX;

	for (int i = 1; i < c->nrows; i++)
		step =
		    c->row[i].to - c->row[i - 1].to < step ? c->row[i].to - c->row[i - 1].to : step;
	for (int i = 1; i < c->nrows; i++) {
		int off = c->row[i].to - c->row[i - 1].to, times = (off + step / 2) / step;

		if (abs(off - times * step) > LIST_EVEN * step)
			return false;
	}
	return true;
}

/* A table to be filled in, whose rows only the leading column names, as the days of a month. */
static bool
is_list(const struct columns *c)
{
	int high = 0, white = 0;

	for (int i = 0; i < c->nrows; i++) {
		high += c->row[i].to - c->row[i].from;
		white += i > 0 ? c->row[i].from - c->row[i - 1].to : 0;
	}
	return c->printed >= COLUMNS_MIN && c->nrows >= LIST_ROWS && c->prose == 0 &&
	       c->named >= LIST_NAMED * c->nrows && white >= LOOSE * high && are_even(c);
}

/* Whether all columns begin with a heading that no rule parts from what stands far below it. */
static bool
has_headings(const struct columns *c)
{
	const struct row *a = &c->row[0];
	int h = a->to - a->from, white, least = INT_MAX;

	if (c->n < COLUMNS_MIN || c->printed < c->n || c->nrows < 2 || a->filled < c->n)
		return false;
	for (int i = 2; i < c->nrows; i++) {
		white = c->row[i].from - c->row[i - 1].to;
		least = white < least ? white : least;
	}
	white = (a + 1)->from - a->to;
	return white >= HEADING_WHITE * h && (least == INT_MAX || white >= HEADING_APART * least) &&
	       c->foot - c->top >= HEADING_HIGH * h;
}

/* Parts the first rows from those below each. The area they all have to ret. */
static int
part_rows(const struct columns *c, int rows, PIX *lines, BOXA *ret)
{
	const struct box *last = &c->column[c->n - 1];
	int x = c->column[0].x, w = last->x + last->w - x;
	BOX *area = boxCreate(x, c->top, w, c->foot - c->top);

	for (int i = 0; i < rows; i++)
		pixRasterop(
		    lines, x, (c->row[i].to + c->row[i + 1].from) / 2, w, 1, PIX_SET, NULL, 0, 0);
	return area == NULL || boxaAddBox(ret, area, L_INSERT) != 0 ? -ENOMEM : 0;
}

static int
close_rows(struct columns *c, PIX *lines, BOXA *ret)
{
	int r = find_rows(c);

	if (r < 0)
		return r;
	judge_columns(c);
	if (are_rows(c) || is_list(c))
		return part_rows(c, c->nrows - 1, lines, ret);
	return has_headings(c) ? part_rows(c, 1, lines, ret) : 0;
}

int
open_rows_close(struct Pix *print, const struct grid *g, struct Boxa *areas)
{
	_cleanup_(freep) struct box *box = calloc(g->n + 1, sizeof *box);
	_cleanup_(freep) struct columns *c = calloc(1, sizeof *c);
	int r = box == NULL || c == NULL ? -ENOMEM : 0;
	size_t n = 0;

	for (size_t i = 0; r >= 0 && i < g->n; i++) {
		box[n] = sheet_box_half(g->cells[i].box);
		n += !account_has(areas, box[n]);
	}
	if (r >= 0)
		c->print = print;
	if (r >= 0)
		qsort(box, n, sizeof *box, by_place);
	for (size_t i = 0; r >= 0 && i < n; i++) {
		if (box[i].h == 0)
			continue;
		take_columns(box, n, i, c);
		/* cells that go down like stairs share no height */
		if (c->n >= 2 && c->top < c->foot)
			r = close_rows(c, g->lines, areas);
	}
	return r;
}
