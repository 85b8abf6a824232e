/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rules that begin and end together make the rows; white that nearly all rows share makes the
 * columns. All lengths are half-size pixels. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/bracket_shape.h"
#include "ocr/cutting.h"
#include "ocr/open_table.h"
#include "ocr/runs.h"

#define RULE_MIN 250 /* 42 mm */
#define PIECE_MIN 40 /* a rule may be drawn in pieces, one to a column */
#define PIECES_APART 30
#define ENDS_SAME 8  /* rules whose ends differ by less belong together */
#define ROW_LOW 14   /* 2.4 mm: a double rule */
#define ROW_HIGH 150 /* 25 mm */
#define ROWS_MIN 3   /* fewer are too few to tell columns from chance */
#define GUTTERS_MIN 2
#define GUTTERS_MAX 40
#define GUTTER_WIDE 9   /* 1.5 mm: wider than the white between characters */
#define APART 7         /* 1.2 mm: a row is cut where it is white so far; letters stand closer */
#define COLUMN_MIN 30   /* 5 mm from gutter to gutter */
#define ROWS_WHITE 0.8  /* of the rows in which a gutter is white; others may span it */
#define ROWS_FILLED 0.3 /* of the rows that have print in a column */
#define LETTER_WIDE 1.3 /* times its height: a column of single letters … */
#define LETTER_HIGH 1.6 /* … times its width, of several lines otherwise, … */
#define LETTER_NARROW 0.55
#define LETTER_APART 1.5 /* … begins labels set wide, if the rest is no further than so many */
#define SIGN_WIDE 8      /* 1.4 mm: a column of what is no wider, … */
#define SIGN_SLIM 0.4    /* … nor than so much of its height, says nothing by itself */
#define FILLED_MIN 2     /* rows; print in a single one makes no column */
#define UPRIGHT_MIN 30   /* a ruled line this long inside: the table is no open one */
#define PART_LEAST 0.5   /* of a column: a rule under so much of it is under all of it */
#define BRACKETS_MAX 32
#define BRACKET_LOW 10   /* 1.7 mm */
#define BRACKETS_OFF 0.2 /* of its height: a bracket is as high as its pair, and level with it */
#define OUTSIDE 3        /* from the ends of the rules to the lines that close a row */

struct sign {
	struct box box; /* first: signs are sorted as boxes are */
	enum bracket_side side;
};

struct rule {
	l_int32 x, y, w, h;
};

struct table {
	PIX *print, *lines;
	const struct rule **rule; /* its rules, top to bottom */
	const struct rule *all;   /* of the page, … */
	size_t nall;              /* … so many */
	size_t rows;              /* one fewer than rules */
	size_t printed;           /* of them, those with any print */
	int left, right;
	unsigned *votes;         /* rows that are white, by x - left */
	int gutter[GUTTERS_MAX]; /* their x … */
	int white[GUTTERS_MAX];  /* … and width */
	size_t gutters;
};

static int
by_y(const void *a, const void *b)
{
	const struct rule *p = a, *q = b;

	return p->y != q->y ? (p->y > q->y) - (p->y < q->y) : (p->x > q->x) - (p->x < q->x);
}

static struct rule *
list_rules(PIX *rules, size_t *ret_n)
{
	PIX *pieces = runs_open(rules, ACROSS, PIECE_MIN);
	PIX *closed = pieces == NULL ? NULL : runs_close(pieces, ACROSS, PIECES_APART);
	PIX *level = closed == NULL ? NULL : runs_open(closed, ACROSS, RULE_MIN);
	BOXA *boxes = level == NULL ? NULL : pixConnCompBB(level, 8);
	size_t n = boxes == NULL ? 0 : (size_t)boxaGetCount(boxes);
	struct rule *list = boxes == NULL ? NULL : calloc(n + 1, sizeof *list);

	for (size_t i = 0; list != NULL && i < n; i++)
		boxaGetBoxGeometry(boxes, (int)i, &list[i].x, &list[i].y, &list[i].w, &list[i].h);
	if (list != NULL)
		qsort(list, n, sizeof *list, by_y);
	*ret_n = n;
	boxaDestroy(&boxes);
	pixDestroy(&level);
	pixDestroy(&closed);
	pixDestroy(&pieces);
	return list;
}

static bool
any_ink(PIX *pix, int x, int y, int w, int h)
{
	BOX *box = boxCreate(x, y, w, h);
	PIX *part = box == NULL ? NULL : pixClipRectangle(pix, box, NULL);
	l_int32 none = 1;

	if (part != NULL)
		pixZero(part, &none);
	pixDestroy(&part);
	boxDestroy(&box);
	return none == 0;
}

/* The print between a rule and the next. */
static bool
is_white(const struct table *t, size_t row, int x, int w)
{
	int top = t->rule[row]->y + t->rule[row]->h;

	return !any_ink(t->print, x, top, w, t->rule[row + 1]->y - top);
}

/* The brackets of a row, from left to right. Their count. */
static int
find_brackets(PIX *row, struct sign *ret)
{
	PIXA *pieces = NULL;
	BOXA *boxes = pixConnComp(row, &pieces, 8);
	int n = 0;

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes) && n < BRACKETS_MAX; i++) {
		PIX *piece = pixaGetPix(pieces, i, L_CLONE);
		struct box *b = &ret[n].box;

		boxaGetBoxGeometry(boxes, i, &b->x, &b->y, &b->w, &b->h);
		ret[n].side = b->h < BRACKET_LOW ? BRACKET_NONE : bracket_side(piece);
		n += ret[n].side != BRACKET_NONE;
		pixDestroy(&piece);
	}
	qsort(ret, (size_t)n, sizeof *ret, box_by_x);
	pixaDestroy(&pieces);
	boxaDestroy(&boxes);
	return n;
}

static bool
are_level(const struct sign *a, const struct sign *b)
{
	return abs(a->box.y - b->box.y) <= BRACKETS_OFF * a->box.h &&
	       abs(a->box.h - b->box.h) <= BRACKETS_OFF * a->box.h;
}

/* The bracket that closes list[at], which opens; NULL: none does. */
static const struct sign *
pair_of(const struct sign *list, int n, int at)
{
	for (int i = at + 1; i < n; i++)
		if (are_level(&list[at], &list[i]))
			return list[i].side == BRACKET_CLOSES ? &list[i] : NULL;
	return NULL;
}

/* What people write between brackets is print to come: no column begins there. */
static int
fill_brackets(struct table *t)
{
	for (size_t row = 0; row < t->rows; row++) {
		struct sign sign[BRACKETS_MAX];
		int top = t->rule[row]->y + t->rule[row]->h, n;
		PIX *part = cutting(t->print,
		    (struct box){t->left, top, t->right - t->left, t->rule[row + 1]->y - top});

		if (part == NULL)
			return -ENOMEM;
		n = find_brackets(part, sign);
		pixDestroy(&part);
		for (int i = 0; i < n; i++) {
			const struct box *b = &sign[i].box;
			const struct sign *pair =
			    sign[i].side == BRACKET_OPENS ? pair_of(sign, n, i) : NULL;

			if (pair != NULL)
				pixRasterop(t->print, t->left + b->x, top + b->y + b->h / 2,
				    pair->box.x - b->x, 1, PIX_SET, NULL, 0, 0);
		}
	}
	return 0;
}

static int
count_votes(struct table *t)
{
	int w = t->right - t->left;

	for (size_t row = 0; row < t->rows; row++) {
		int top = t->rule[row]->y + t->rule[row]->h, bottom = t->rule[row + 1]->y;
		BOX *box = boxCreate(t->left, top, w, bottom - top);
		PIX *part = pixClipRectangle(t->print, box, NULL);
		NUMA *columns = part == NULL ? NULL : pixCountPixelsByColumn(part);

		boxDestroy(&box);
		pixDestroy(&part);
		if (columns == NULL)
			return -ENOMEM;
		for (int x = 0; x < w && x < numaGetCount(columns); x++) {
			l_int32 ink = 0;

			numaGetIValue(columns, x, &ink);
			t->votes[x] += ink == 0;
		}
		numaDestroy(&columns);
	}
	return 0;
}

/* Where most rows are white inside a gutter: the middle of the widest such piece. */
static int
best_place(const struct table *t, int from, int to)
{
	unsigned most = 0;
	int at = from, widest = 0;

	for (int x = from; x < to; x++)
		most = t->votes[x] > most ? t->votes[x] : most;
	for (int x = from, end; x < to; x = end + 1) {
		for (end = x; end < to && t->votes[end] == most; end++)
			continue;
		if (end - x > widest) {
			widest = end - x;
			at = x + widest / 2;
		}
	}
	return t->left + at;
}

static bool
is_filled(const struct table *t, int from, int to)
{
	size_t filled = 0;

	for (size_t row = 0; row < t->rows; row++)
		filled += !is_white(t, row, from, to - from);
	return filled >= FILLED_MIN && (double)filled >= ROWS_FILLED * (double)t->printed;
}

/* How wide and high the print of a column is in its rows, at most and at least. */
struct extent {
	int wide, narrow, high;
};

static struct extent
extent_of(const struct table *t, int from, int to)
{
	struct extent e = {0};

	for (size_t row = 0; row < t->rows; row++) {
		int top = t->rule[row]->y + t->rule[row]->h;
		struct box ink;

		if (!cutting_close(t->print,
			(struct box){from, top, to - from, t->rule[row + 1]->y - top}, &ink))
			continue;
		e.narrow = e.wide == 0 || ink.w < e.narrow ? ink.w : e.narrow;
		e.wide = ink.w > e.wide ? ink.w : e.wide;
		e.high = ink.h > e.high ? ink.h : e.high;
	}
	return e;
}

/* Whether white is no wider than between the letters of a label set wide, of which the column
 * before it holds the first ones: numbers have digits, which are narrower. */
static bool
is_in_labels(const struct table *t, int from, int to, int white)
{
	struct extent e = extent_of(t, from, to);

	return e.wide <= LETTER_WIDE * e.high && e.high <= LETTER_HIGH * e.wide &&
	       e.narrow >= LETTER_NARROW * e.high && white <= LETTER_APART * e.wide;
}

/* Whether a column holds nothing but colons or the like, which belong to the labels before. */
static bool
are_signs(const struct table *t, int from, int to)
{
	struct extent e = extent_of(t, from, to);

	return e.wide <= SIGN_WIDE && e.wide <= SIGN_SLIM * e.high;
}

static void
drop_in_labels(struct table *t)
{
	size_t k = 0;

	for (size_t g = 0; g < t->gutters; g++) {
		int before = k == 0 ? t->left : t->gutter[k - 1], at = t->gutter[g];
		int end = g + 1 < t->gutters ? t->gutter[g + 1] : t->right;

		if (!is_in_labels(t, before, at, t->white[g]) && !are_signs(t, at, end))
			t->gutter[k++] = at;
	}
	t->gutters = k;
}

/* Gutters that have a column of print before them, and one behind the last. None where they are as
 * close as between letters. */
static void
find_gutters(struct table *t)
{
	int w = t->right - t->left, before = t->left;
	unsigned least = (unsigned)(ROWS_WHITE * (double)t->rows + 0.999);

	for (int x = 0, end; x < w; x = end + 1) {
		for (end = x; end < w && t->votes[end] >= least; end++)
			continue;
		if (end - x < GUTTER_WIDE || end >= w || t->gutters == GUTTERS_MAX)
			continue;
		if (is_filled(t, before, t->left + x)) {
			before = best_place(t, x, end);
			t->white[t->gutters] = end - x;
			t->gutter[t->gutters++] = before;
		}
	}
	if (t->gutters > 0 && !is_filled(t, before, t->right))
		t->gutters--;
	for (size_t g = 1; g < t->gutters; g++)
		if (t->gutter[g] - t->gutter[g - 1] < COLUMN_MIN)
			t->gutters = 0;
	drop_in_labels(t);
}

static void
draw(PIX *lines, int x, int y, int h)
{
	pixRasterop(lines, x - 1, y, 3, h, PIX_SET, NULL, 0, 0);
}

static void
close_rows(struct table *t)
{
	for (size_t row = 0; row < t->rows; row++) {
		int y = t->rule[row]->y, h = t->rule[row + 1]->y + t->rule[row + 1]->h - y;

		pixRasterop(
		    t->lines, t->left, y, t->right - t->left, t->rule[row]->h, PIX_SET, NULL, 0, 0);
		draw(t->lines, t->left - OUTSIDE, y, h);
		draw(t->lines, t->right + OUTSIDE, y, h);
		for (size_t g = 0; g < t->gutters; g++)
			if (is_white(t, row, t->gutter[g] - APART / 2, APART))
				draw(t->lines, t->gutter[g], y, h);
	}
	pixRasterop(t->lines, t->left, t->rule[t->rows]->y, t->right - t->left, t->rule[t->rows]->h,
	    PIX_SET, NULL, 0, 0);
}

static bool
is_clear(const struct table *t, const struct rule *r, int from, int to)
{
	return to <= from || !any_ink(t->print, from, r->y, to - from, r->h);
}

/* A rule that ends short of a column, or begins behind its beginning, parts all of it where nothing
 * is printed there. */
static void
close_columns(struct table *t, const struct rule *r)
{
	for (size_t g = 0; g <= t->gutters; g++) {
		int from = g == 0 ? t->left - OUTSIDE : t->gutter[g - 1];
		int to = g == t->gutters ? t->right + OUTSIDE : t->gutter[g];
		int begin = r->x > from ? r->x : from;
		int end = r->x + r->w < to ? r->x + r->w : to;

		if (end - begin >= PART_LEAST * (to - from) && is_clear(t, r, from, begin) &&
		    is_clear(t, r, end, to))
			pixRasterop(t->lines, from, r->y, to - from, r->h, PIX_SET, NULL, 0, 0);
	}
}

/* Rules of some columns only, between those of the whole table. */
static void
close_parts(struct table *t)
{
	for (size_t i = 0; i < t->nall; i++) {
		const struct rule *r = &t->all[i];

		if (r->y > t->rule[0]->y && r->y < t->rule[t->rows]->y &&
		    r->x >= t->left - ENDS_SAME && r->x + r->w <= t->right + ENDS_SAME)
			close_columns(t, r);
	}
}

/* A rule that goes over another on either side and beyond it closes a row of something else. */
static bool
is_wider(const struct rule *r, const struct rule *than)
{
	int left = than->x - r->x, right = r->x + r->w - than->x - than->w;

	return left >= -ENDS_SAME && right >= -ENDS_SAME && left + right > RULE_MIN;
}

/* The rules from `first` on that may be one table's. Their count. */
static size_t
follow(const struct rule *rules, size_t n, size_t first, const struct rule **ret)
{
	size_t k = 0;

	ret[k++] = &rules[first];
	for (size_t i = first + 1; i < n; i++) {
		const struct rule *last = ret[k - 1], *r = &rules[i];
		int row = r->y - last->y - last->h;

		if (row > ROW_HIGH || is_wider(r, last))
			break;
		if (row >= ROW_LOW && abs(r->x - last->x) <= ENDS_SAME &&
		    abs(r->x + r->w - last->x - last->w) <= ENDS_SAME)
			ret[k++] = r;
	}
	return k;
}

static int
try_table(struct table *t, PIX *uprights)
{
	const struct rule *top = t->rule[0], *foot = t->rule[t->rows];
	int y = top->y + top->h, r;

	t->left = top->x;
	t->right = top->x + top->w;
	t->gutters = t->printed = 0;
	for (size_t row = 0; row < t->rows; row++)
		t->printed += !is_white(t, row, t->left, t->right - t->left);
	if (any_ink(
		uprights, t->left + ENDS_SAME, y, t->right - t->left - 2 * ENDS_SAME, foot->y - y))
		return 0;
	t->votes = calloc((size_t)(t->right - t->left) + 1, sizeof *t->votes);
	r = t->votes == NULL ? -ENOMEM : fill_brackets(t);
	if (r >= 0)
		r = count_votes(t);
	if (r >= 0)
		find_gutters(t);
	if (r >= 0 && t->gutters >= GUTTERS_MIN) {
		close_rows(t);
		close_parts(t);
	}
	free(t->votes);
	return r;
}

int
open_table_close(struct Pix *ink, struct Pix *rules, struct Pix *lines)
{
	size_t n = 0;
	_cleanup_(freep) struct rule *list = list_rules(rules, &n);
	_cleanup_(freep) const struct rule **own = calloc(n + 1, sizeof *own);
	struct table t = {.lines = lines, .rule = own, .all = list, .nall = n};
	PIX *uprights = runs_open(rules, DOWN, UPRIGHT_MIN);
	int r;

	t.print = pixSubtract(NULL, ink, rules);
	r = list == NULL || own == NULL || uprights == NULL || t.print == NULL ? -ENOMEM : 0;
	for (size_t i = 0; r >= 0 && i < n; i++) {
		size_t k = follow(list, n, i, own);

		if (k <= ROWS_MIN)
			continue;
		t.rows = k - 1;
		r = try_table(&t, uprights);
		while (i + 1 < n && &list[i] != own[k - 1])
			i++;
	}
	pixDestroy(&t.print);
	pixDestroy(&uprights);
	return r;
}
