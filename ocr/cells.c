/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows and gaps inside a cell, from the boxes of connected ink. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cell_marks.h"
#include "ocr/cell_sizes.h"
#include "ocr/cells.h"
#include "ocr/upright.h"

#define ROW_PART 0.55    /* a row lower than this share of its neighbour may be part of it */
#define ROW_NEAR 0.30    /* and belongs to it when nearer than this share */
#define ROW_LETTERS 3    /* but not where both have so many letters of their own height, … */
#define ROW_LETTER 0.75  /* … or nearly, … */
#define ROW_FLAT 2       /* … and no flatter */
#define GAP_WIDE 0.8     /* of the row's height: a gap worth squeezing */
#define COLUMN_WIDE 1.6  /* a stack is at most so much wider than high per character */
#define ROW_TALL 1.75    /* of the page's letters: such a row may hold several that touch */
#define LABEL_HIGH 2     /* of its width: a label of letters below each other, … */
#define LABEL_LETTER 1.4 /* … none of which is higher than so many of the page's, … */
#define LABEL_PART 0.5   /* … nor narrower, … */
#define LABEL_EVEN 1.5   /* … the widest step no more than so many of the narrowest, … */
#define LABEL_LETTERS 3  /* … at least so many of them … */
#define LABEL_OFF 0.25   /* … and most so far from the middle of any row beside */
#define SIDES_APART 1    /* letters: white between two texts beside each other in a cell */
#define DOT 5            /* half-size pixels, 0.8 mm: rows no higher, of pieces … */
#define DOT_WIDE 12      /* … no wider, are what is left of a dotted rule … */
#define DOTS_LEAST 4     /* … if they are so many, … */
#define DOTS_SPREAD 0.5  /* … or lie in so much of the cell's width */
#define HIGH 0.7         /* of its height: pieces so high are letters of a single row, where … */
#define HIGH_WIDE 1.4    /* … they are not wider, times their height … */
#define HIGH_SHARE 0.5   /* … and make up so much of its ink's width; … */
#define HIGH_PARTS 0.75  /* … one in parts above each other, as 書, is so wide at least */

static int
by_y(const void *a, const void *b)
{
	const struct box *p = a, *q = b;

	return (p->y > q->y) - (p->y < q->y);
}

/* Rows are the spans of ink between clear gaps. rows are half-size here; count, or -E2BIG. */
static int
split_rows(const struct cell_marks *m, struct box *rows)
{
	int n = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct box *b = &m->box[i];

		if (n > 0 && b->y <= rows[n - 1].y + rows[n - 1].h)
			rows[n - 1] = box_union(rows[n - 1], *b);
		else if (n == CELL_MAX_ROWS)
			return -E2BIG;
		else
			rows[n++] = *b;
	}
	return n;
}

static bool
is_in(const struct box *b, const struct box *row)
{
	return b->x >= row->x && b->x + b->w <= row->x + row->w && b->y >= row->y &&
	       b->y + b->h <= row->y + row->h;
}

/* Letters as high as the row, which parts of letters are not but for one or the other. */
static bool
is_row(const struct cell_marks *m, const struct box *row)
{
	int letters = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct box *b = &m->box[i];

		letters += is_in(b, row) && b->h >= ROW_LETTER * row->h && b->w <= ROW_FLAT * b->h;
	}
	return letters >= ROW_LETTERS;
}

/* Puts strokes and accents back to the row they belong to: low pieces near a neighbour. */
static int
join_rows(const struct cell_marks *m, struct box *rows, int n, double letter)
{
	for (int i = 0; i + 1 < n;) {
		struct box *a = &rows[i], *b = &rows[i + 1];
		int gap = b->y - a->y - a->h, small = a->h < b->h ? a->h : b->h;
		double large = a->h > b->h ? a->h : b->h;

		if (large < letter)
			large = letter;
		if (small < ROW_PART * large && gap < ROW_NEAR * large &&
		    b->y + b->h - a->y < 1.35 * large && !(is_row(m, a) && is_row(m, b))) {
			*a = box_union(*a, *b);
			for (int k = i + 1; k + 1 < n; k++)
				rows[k] = rows[k + 1];
			n--;
		} else
			i++;
	}
	return n;
}

/* Whether a row is what is left of a dotted rule that was too worn to be found as one. */
static bool
is_dotted(const struct cell_marks *m, const struct box *row, int wide)
{
	int dots = 0;

	if (row->h > DOT || row->w <= DOT_WIDE)
		return false;
	for (size_t i = 0; i < m->n; i++) {
		if (!is_in(&m->box[i], row))
			continue;
		if (m->box[i].w > DOT_WIDE)
			return false;
		dots++;
	}
	return dots >= DOTS_LEAST || (dots >= 2 && row->w >= DOTS_SPREAD * wide);
}

static int
drop_dotted(const struct cell_marks *m, struct box *rows, int n, int wide)
{
	int k = 0;

	for (int i = 0; i < n; i++)
		if (!is_dotted(m, &rows[i], wide))
			rows[k++] = rows[i];
	return k;
}

static struct box
to_sheet(struct box b)
{
	return (struct box){b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF};
}

/* Runs of one row between wide gaps; each as high as the row. */
static void
split_runs(const struct cell_marks *m, const struct box *row, struct cell_row *ret)
{
	int wide = (int)(GAP_WIDE * row->h), max = (int)(sizeof ret->runs / sizeof *ret->runs);
	struct box run = {0};

	ret->box = to_sheet(*row);
	ret->nruns = 0;
	for (size_t i = 0; i < m->n; i++) { /* by x */
		const struct box *b = &m->box[i];

		if (b->y + b->h / 2 < row->y || b->y + b->h / 2 >= row->y + row->h ||
		    b->x < row->x || b->x + b->w > row->x + row->w)
			continue;
		if (run.w > 0 && b->x - run.x - run.w > wide && (int)ret->nruns + 1 < max) {
			ret->runs[ret->nruns++] = to_sheet(run);
			run = (struct box){0};
		}
		run = box_union(run, (struct box){b->x, row->y, b->w, row->h});
	}
	if (run.w > 0)
		ret->runs[ret->nruns++] = to_sheet(run);
}

/* All of a row that stands above or below b. */
static struct box
column_of(const struct cell_marks *m, const struct box *row, struct box b)
{
	struct box all = b;

	for (size_t i = 0; i < m->n; i++) {
		const struct box *other = &m->box[i];

		if (is_in(other, row) && other->x < b.x + b.w && b.x < other->x + other->w)
			all = box_union(all, *other);
	}
	return all;
}

/* Whether b is a letter as high as its row, or a part of one with white on both sides of it. */
static bool
is_high(const struct cell_marks *m, const struct box *row, struct box b)
{
	struct box all;

	if (b.h >= HIGH * row->h)
		return b.w <= HIGH_WIDE * b.h;
	all = column_of(m, row, b);
	return all.h >= HIGH * row->h && all.w <= HIGH_WIDE * all.h &&
	       all.w >= HIGH_PARTS * all.h && column_of(m, row, all).w == all.w;
}

/* A row much higher than letters are holds several that touch, unless its letters are as high: a
 * name is written larger than what is printed beside it. */
static bool
is_several(const struct cell_marks *m, const struct box *row, double letter)
{
	int high = 0, all = 0;

	if (letter == 0 || row->h <= ROW_TALL * letter || row->w <= row->h)
		return false;
	for (size_t i = 0; i < m->n; i++) {
		const struct box *b = &m->box[i];

		if (!is_in(b, row))
			continue;
		all += b->w;
		high += is_high(m, row, *b) ? b->w : 0;
	}
	return high < HIGH_SHARE * all;
}

/* A row as a label written downwards makes it, beside which others stand. */
static bool
is_label(const struct box *row, double letter)
{
	return row->w <= COLUMN_WIDE * letter && row->h >= LABEL_HIGH * row->w;
}

/* What of the marks of a row lies left of x or, else, right of it; ret has room for all. */
static void
take_side(
    const struct cell_marks *m, const struct box *row, int x, bool left, struct cell_marks *ret)
{
	ret->n = 0;
	for (size_t i = 0; i < m->n; i++)
		if (is_in(&m->box[i], row) && (m->box[i].x < x) == left)
			ret->box[ret->n++] = m->box[i];
}

/* The rows of one side, none of which may be several. Their count; 0: some is, or too many. */
static int
rows_of_side(const struct cell_marks *m, double letter, struct box *rows, int most)
{
	struct box all[CELL_MAX_ROWS];
	int n = split_rows(m, all);

	n = n < 0 ? 0 : join_rows(m, all, n, letter);
	for (int i = 0; i < n; i++) {
		if (n > most || is_several(m, &all[i], letter))
			return 0;
		rows[i] = all[i];
	}
	return n;
}

/*
 * What makes a row high may be that left and right have rows at heights of their own, as eras to
 * choose from beside a date. The rows of both, left before right, parted by the widest white that
 * leaves single rows; their count, 0: there is none. room: for twice as many boxes as marks.
 */
static int
split_sides(const struct cell_marks *m, const struct box *row, double letter, struct box *room,
    struct box *ret, int most)
{
	struct cell_marks in = {.box = room}, side = {.box = room + m->n};
	int n = 0, end = row->x, widest = (int)(SIDES_APART * letter) - 1;

	take_side(m, row, row->x + row->w, true, &in);
	qsort(in.box, in.n, sizeof *in.box, box_by_x);
	for (size_t i = 0; i < in.n; i++) {
		struct box found[CELL_MAX_ROWS];
		int x = in.box[i].x, gap = x - end, left, right;

		end = x + in.box[i].w > end ? x + in.box[i].w : end;
		if (i == 0 || gap <= widest)
			continue;
		take_side(m, row, x, true, &side);
		left = rows_of_side(&side, letter, found, most);
		take_side(m, row, x, false, &side);
		right = left == 0 ? 0 : rows_of_side(&side, letter, found + left, most - left);
		if (right == 0)
			continue;
		widest = gap;
		n = left + right;
		for (int k = 0; k < n; k++)
			ret[k] = found[k];
	}
	return n;
}

/* A large row and the small print behind it, to ret; their count, 0: there is none. */
static int
split_sizes(const struct cell_marks *m, const struct box *row, double letter, struct box *room,
    struct box ret[2])
{
	return letter > 0 && cell_small_print(m, row, room, &ret[0], &ret[1]) &&
		       ret[0].h > ROW_TALL * letter && !is_several(m, &ret[0], letter)
		   ? 2
		   : 0;
}

/* Puts the rows of both sides in the place of a row that they made high. Count of all rows. room:
 * for twice as many boxes as there are marks. */
static int
part_sides(const struct cell_marks *m, struct box *rows, int n, double letter, struct box *room)
{
	for (int i = 0; i < n; i++) {
		struct box side[CELL_MAX_ROWS];
		int k = n == CELL_MAX_ROWS ? 0 : split_sizes(m, &rows[i], letter, room, side);

		if (k == 0 && is_several(m, &rows[i], letter))
			k = split_sides(m, &rows[i], letter, room, side, CELL_MAX_ROWS - n + 1);

		if (k == 0)
			continue;
		memmove(&rows[i + k], &rows[i + 1], (size_t)(n - i - 1) * sizeof *rows);
		memcpy(&rows[i], side, (size_t)k * sizeof *rows);
		n += k - 1;
		i += k - 1;
	}
	return n;
}

/* Whether rows are single letters, evenly below each other. */
static bool
are_label(const struct box *row, int n, double letter)
{
	int least = n < LABEL_LETTERS ? 0 : row[1].y - row[0].y, most = least;
	struct box all = {0};

	for (int i = 0; i < n; i++) {
		int pitch = i == 0 ? least : row[i].y - row[i - 1].y;

		if (row[i].h > LABEL_LETTER * letter || row[i].w < LABEL_PART * letter)
			return false;
		least = pitch < least ? pitch : least;
		most = pitch > most ? pitch : most;
		all = box_union(all, row[i]);
	}
	return n >= LABEL_LETTERS && most <= LABEL_EVEN * least && is_label(&all, letter);
}

/* Whether most of the letters stand level with no row: these would begin rows otherwise. */
static bool
stands_apart(const struct box *label, int n, const struct box *row, int rows, double letter)
{
	int level = 0;

	for (int i = 0; i < n; i++)
		for (int k = 0; k < rows; k++) {
			int off = 2 * (label[i].y - row[k].y) + label[i].h - row[k].h;

			if (off <= 2 * LABEL_OFF * letter && -off <= 2 * LABEL_OFF * letter) {
				level++;
				break;
			}
		}
	return 2 * level <= n;
}

/* Takes a label written downwards at the left of a cell, and white behind it, out of the marks; its
 * letters go to ret. Their count, 0: there is none. */
static int
take_label(struct cell_marks *m, double letter, struct box *room, struct box *ret)
{
	struct cell_marks side = {.box = room};
	struct box rows[CELL_MAX_ROWS], all = {0};
	size_t k = 0;
	int n, right, end;

	if (m->n < LABEL_LETTERS || letter == 0)
		return 0;
	qsort(m->box, m->n, sizeof *m->box, box_by_x);
	end = m->box[0].x;
	for (size_t i = 0; i < m->n; i++)
		all = box_union(all, m->box[i]);
	for (; k < m->n && m->box[k].x - end < SIDES_APART * letter; k++)
		end = m->box[k].x + m->box[k].w > end ? m->box[k].x + m->box[k].w : end;
	if (k == m->n || end - all.x > COLUMN_WIDE * letter)
		return 0;
	take_side(m, &all, m->box[k].x, true, &side);
	qsort(side.box, side.n, sizeof *side.box, by_y);
	n = split_rows(&side, ret);
	n = n < 0 ? 0 : join_rows(&side, ret, n, letter);
	take_side(m, &all, m->box[k].x, false, &side);
	qsort(side.box, side.n, sizeof *side.box, by_y);
	right = split_rows(&side, rows);
	right = right < 0 ? 0 : join_rows(&side, rows, right, letter);
	if (!are_label(ret, n, letter) || !stands_apart(ret, n, rows, right, letter))
		return 0;
	memcpy(m->box, side.box, side.n * sizeof *m->box);
	m->n = side.n;
	return n;
}

/* The letters of a label are one row, laid side by side. */
static void
add_label(const struct box *letters, int n, struct cell_content *ret)
{
	struct cell_row *row = &ret->rows[ret->nrows];
	const int max = (int)(sizeof row->runs / sizeof *row->runs);

	if (n == 0)
		return;
	ret->nrows++;
	row->box = to_sheet(letters[0]);
	row->nruns = 0;
	for (int i = 0; i < n && i < max; i++)
		row->runs[row->nruns++] = to_sheet(letters[i]);
}

static enum layout
judge(const struct cell_marks *m, const struct box *rows, int n, double letter)
{
	int widest = 0, highest = 0, bottom = 0;

	for (int i = 0; i < n; i++) {
		widest = rows[i].w > widest ? rows[i].w : widest;
		highest = rows[i].h > highest ? rows[i].h : highest;
		bottom = rows[i].y + rows[i].h;
	}
	if (n == 0)
		return LAYOUT_EMPTY;
	if (widest <= COLUMN_WIDE * letter && bottom - rows[0].y >= 2 * widest)
		return n >= 2 && highest <= 1.4 * widest ? LAYOUT_STACK : LAYOUT_DOWN;
	if (n == 1 && upright_columns(m->box, m->n, letter))
		return LAYOUT_DOWN;
	for (int i = 0; i < n; i++)
		if (is_several(m, &rows[i], letter))
			return LAYOUT_BLOCK;
	return LAYOUT_ROWS;
}

int
cell_content(struct Pix *ink, const struct cell *c, int letter, struct cell_content *ret)
{
	_cleanup_(freep) struct box *box = NULL, *room = NULL;
	struct cell_marks m = {0};
	struct box rows[CELL_MAX_ROWS], label[CELL_MAX_ROWS], all = {0};
	double half = (double)letter / SHEET_HALF;
	int n, nlabel, r = cell_marks(ink, c, CELL_MAX_MARKS, &m);

	box = m.box;
	if (r < 0)
		return r;
	room = calloc(2 * m.n + 1, sizeof *room);
	if (room == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < m.n; i++)
		all = box_union(all, m.box[i]);
	ret->box = to_sheet(all);
	ret->nrows = 0;
	nlabel = take_label(&m, half, room, label);
	qsort(m.box, m.n, sizeof *m.box, by_y);
	n = split_rows(&m, rows);
	if (n < 0 || n + (nlabel > 0) > CELL_MAX_ROWS) {
		ret->layout = LAYOUT_BLOCK;
		return 0;
	}
	n = join_rows(&m, rows, n, half);
	n = drop_dotted(&m, rows, n, c->box.w / SHEET_HALF);
	n = part_sides(&m, rows, n, half, room);
	n -= n + (nlabel > 0) > CELL_MAX_ROWS;
	ret->layout = judge(&m, rows, n, half);
	if (nlabel > 0 && (ret->layout == LAYOUT_STACK || ret->layout == LAYOUT_DOWN))
		ret->layout = LAYOUT_ROWS;
	qsort(m.box, m.n, sizeof *m.box, box_by_x);
	add_label(label, nlabel, ret);
	for (int i = 0; i < n; i++)
		split_runs(&m, &rows[i], &ret->rows[ret->nrows++]);
	return 0;
}
