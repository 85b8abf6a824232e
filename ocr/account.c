/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of labels, and what stands level with them. All lengths are half-size pixels. */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/account.h"
#include "ocr/cutting.h"

#define HIGH_MIN 100 /* 17 mm: a cell of labels */
#define ENDS_SAME 7  /* cells whose tops or feet differ by less stand level */
#define RULE_MAX 12  /* thickness of the rule between a cell and the next */
#define COLUMNS_MAX 20
#define SUMS_MAX 200
#define ROWS_MIN 6
#define ROWS_MAX 200
#define WHITE 3        /* lower is inside a line */
#define SLACK 6        /* figures may stand higher or lower than their label */
#define CUT_MOST 0.1   /* of the lines between rows that go through figures */
#define LINE_WIDE 0.75 /* of its cell: a line of prose */
#define WIDE_MOST 0.4  /* of the labels */
#define FILLED 0.5     /* of the rows have a figure */
#define FIGURES_MIN 3  /* lines of a column; fewer do not tell by their ends */
#define FLUSH 6        /* from the end of a figure to that of the next one below it, … */
#define FLUSH_LEAST 0.8
#define RAGGED 12   /* … when they begin further apart, … */
#define SET_RIGHT 2 /* … or are so much further from the left side than from the right one */

struct account {
	PIX *print;
	struct box column[COLUMNS_MAX]; /* the first one is labels */
	int n;
	struct box sum[SUMS_MAX]; /* rules that part columns of figures only */
	int nsums;
	struct span row[ROWS_MAX]; /* labels, top to bottom */
	int nrows;
	int part[COLUMNS_MAX][ROWS_MAX]; /* where each row of a column ends */
	bool filled[ROWS_MAX];           /* with a figure */
	bool flush;                      /* there is a column of figures, without doubt */
};

static int
min(int a, int b)
{
	return a < b ? a : b;
}

static int
max(int a, int b)
{
	return a > b ? a : b;
}

/* The next cell of a column that begins at x, no more than a rule's thickness below y. */
static const struct box *
next_below(const struct box *box, size_t n, int x, int y)
{
	for (size_t i = 0; i < n && box[i].x <= x + RULE_MAX; i++)
		if (box[i].x >= x - RULE_MAX && box[i].y >= y && box[i].y <= y + RULE_MAX)
			return &box[i];
	return NULL;
}

/* How many cells, parted by nothing but rules, fill the height of the labels to the right of the
 * columns so far; their column becomes the next one. 0: there are none. */
static int
take_column(struct account *a, const struct box *box, size_t n)
{
	const struct box *labels = &a->column[0], *left = &a->column[a->n - 1];
	const struct box *b = next_below(box, n, left->x + left->w, labels->y - ENDS_SAME);
	int foot = labels->y + labels->h, k = 0;
	struct box all = {0};

	if (a->n == COLUMNS_MAX)
		return 0;
	for (const struct box *above = NULL; b != NULL && b->y < foot; k++) {
		int x = above == NULL ? b->x : max(above->x, b->x);

		if (above != NULL) {
			int top = above->y + above->h;
			int right = min(above->x + above->w, b->x + b->w);

			if (a->nsums == SUMS_MAX ||
			    abs(above->x + above->w - b->x - b->w) > RULE_MAX)
				return 0;
			a->sum[a->nsums++] = (struct box){x, top, right - x, b->y - top};
		}
		all = box_union(all, *b);
		above = b;
		b = next_below(box, n, b->x, b->y + b->h);
	}
	if (abs(all.y + all.h - foot) > ENDS_SAME)
		return 0;
	a->column[a->n++] = all;
	return k;
}

static int
find_labels(struct account *a)
{
	PIX *part = cutting(a->print, a->column[0]);
	int n = part == NULL ? 0 : cutting_spans(part, true, a->row, ROWS_MAX), k = 0;

	for (int i = 0; i < n; i++) {
		const struct span s = {
		    a->column[0].y + a->row[i].from, a->column[0].y + a->row[i].to};

		if (k > 0 && s.from - a->row[k - 1].to < WHITE)
			a->row[k - 1].to = s.to;
		else
			a->row[k++] = s;
	}
	a->nrows = k;
	k = part == NULL ? -ENOMEM : k;
	pixDestroy(&part);
	return k < 0 ? k : 0;
}

/* Where a row ends in a column, for all that have another below them: where there is least ink, as
 * near as may be to the middle of the white below the label. Count of those with ink all the same,
 * or -ENOMEM. */
static int
part_column(struct account *a, int k)
{
	const struct box *column = &a->column[k];
	PIX *part = cutting(a->print, *column);
	NUMA *ink = part == NULL ? NULL : pixCountPixelsByRow(part, NULL);
	int r = ink == NULL ? -ENOMEM : 0, cut = 0;

	pixDestroy(&part);
	for (int i = 0; r >= 0 && i + 1 < a->nrows; i++) {
		int middle = (a->row[i].to + a->row[i + 1].from) / 2, least = INT_MAX;

		for (int off = 0; off <= 2 * SLACK && least > 0; off++) {
			int y = middle + (off % 2 ? -1 : 1) * ((off + 1) / 2);
			l_int32 count = 0;

			numaGetIValue(ink, y - column->y, &count);
			if (count < least)
				a->part[k][i] = y;
			least = min(count, least);
		}
		cut += least > 0;
	}
	numaDestroy(&ink);
	return r < 0 ? r : cut;
}

/* What stands in a row of a column; false: nothing. */
static bool
find_entry(const struct account *a, int k, int row, struct box *ret)
{
	const struct box *c = &a->column[k];
	int from = row == 0 ? c->y : a->part[k][row - 1];
	int to = row + 1 == a->nrows ? c->y + c->h : a->part[k][row];

	return cutting_close(a->print, (struct box){c->x, from, c->w, to - from}, ret);
}

static bool
are_labels(const struct account *a)
{
	struct box ink;
	int wide = 0;

	for (int i = 0; i < a->nrows; i++)
		wide += find_entry(a, 0, i, &ink) && ink.w >= LINE_WIDE * a->column[0].w;
	return a->nrows >= ROWS_MIN && wide <= WIDE_MOST * a->nrows;
}

/* Whether a column has figures, or nothing. */
static bool
are_figures(struct account *a, int k)
{
	const struct box *c = &a->column[k];
	int n = 0, flush = 0, end = 0, from = INT_MAX, to = INT_MIN;
	bool right = true, figures;
	struct box ink;

	for (int i = 0; i < a->nrows; i++) {
		if (!find_entry(a, k, i, &ink))
			continue;
		flush += n++ > 0 && abs(ink.x + ink.w - end) <= FLUSH;
		end = ink.x + ink.w;
		from = min(from, ink.x);
		to = max(to, ink.x);
		right &= ink.x >= SET_RIGHT * (c->w - end);
	}
	figures =
	    n >= FIGURES_MIN && flush >= FLUSH_LEAST * (n - 1) && (right || to - from >= RAGGED);
	if (!figures && !(n < FIGURES_MIN && right))
		return false;
	for (int i = 0; i < a->nrows; i++)
		a->filled[i] |= find_entry(a, k, i, &ink);
	a->flush |= figures;
	return true;
}

/* The columns to the right of labels that are figures. Where another one follows that none but
 * rules part, it becomes the last one: ret_other. */
static int
take_figures(struct account *a, const struct box *box, size_t n, bool *ret_other)
{
	int cells, sums;

	*ret_other = false;
	while (sums = a->nsums, (cells = take_column(a, box, n)) > 0) {
		int cut = part_column(a, a->n - 1);

		if (cut < 0)
			return cut;
		if (cut > CUT_MOST * a->nrows || !are_figures(a, a->n - 1)) {
			*ret_other = cells == 1;
			a->n -= cells > 1;
			break;
		}
	}
	a->nsums = sums;
	return 0;
}

/* Labels and figures; whether they are an account. */
static int
read_account(struct account *a, const struct box *box, size_t n, bool *ret_other)
{
	int filled = 0, r = find_labels(a);

	if (r >= 0)
		r = part_column(a, 0);
	if (r < 0 || !are_labels(a))
		return r < 0 ? r : false;
	r = take_figures(a, box, n, ret_other);
	for (int i = 0; i < a->nrows; i++)
		filled += a->filled[i];
	return r < 0 ? r : a->flush && filled >= FILLED * a->nrows;
}

/* Whether the last column begins the same once more: labels and figures in columns as wide. */
static int
begins_again(const struct account *a, const struct box *box, size_t n)
{
	_cleanup_(freep) struct account *b = calloc(1, sizeof *b);
	bool other = false;
	int r;

	if (b == NULL)
		return -ENOMEM;
	*b = (struct account){.print = a->print, .n = 1, .column = {a->column[a->n - 1]}};
	r = read_account(b, box, n, &other);
	if (r > 0 && (other || b->n != a->n - 1))
		return false;
	for (int k = 0; r > 0 && k < b->n; k++)
		r = abs(b->column[k].w - a->column[k].w) <= RULE_MAX;
	return r;
}

static int
close_rows(const struct account *a, PIX *lines, BOXA *ret)
{
	struct box all = {0};
	BOX *area;

	for (int i = 0; i < a->nsums; i++) {
		const struct box *b = &a->sum[i];

		pixRasterop(lines, b->x, b->y, b->w, b->h, PIX_CLR, NULL, 0, 0);
	}
	for (int k = 0; k < a->n; k++) {
		const struct box *c = &a->column[k];
		int right = k + 1 < a->n ? a->column[k + 1].x : c->x + c->w;

		for (int i = 0; i + 1 < a->nrows; i++)
			pixRasterop(lines, c->x, a->part[k][i], max(right - c->x, c->w), 1, PIX_SET,
			    NULL, 0, 0);
		all = box_union(all, *c);
	}
	area = boxCreate(all.x, all.y, all.w, all.h);
	return area == NULL || boxaAddBox(ret, area, L_INSERT) != 0 ? -ENOMEM : 0;
}

/* Where a column that is none of figures goes all along the labels, the rows are told by all of
 * them, unless it begins the right half of a balance sheet. */
static int
try_account(struct account *a, const struct box *box, size_t n, PIX *lines, BOXA *ret)
{
	bool other = false;
	int r = read_account(a, box, n, &other);

	if (r > 0 && other) {
		r = begins_again(a, box, n);
		a->n--;
	}
	return r > 0 ? close_rows(a, lines, ret) : r;
}

bool
account_has(struct Boxa *areas, struct box half)
{
	int x = half.x + half.w / 2, y = half.y + half.h / 2, inside = 0;

	for (int i = 0; inside == 0 && i < boxaGetCount(areas); i++) {
		struct box a;

		boxaGetBoxGeometry(areas, i, &a.x, &a.y, &a.w, &a.h);
		inside = x >= a.x && x < a.x + a.w && y >= a.y && y < a.y + a.h;
	}
	return inside != 0;
}

/* Whether lines in a cell as high stand to the left, other than the figures of a left half: the
 * rows of such tables are told by all columns. A label set downwards has fewer. */
static int
has_lines_before(struct account *a, const struct box *box, size_t at, BOXA *areas)
{
	const struct box *b = &box[at];
	int r = 0;

	a->nrows = 0;
	for (size_t i = 0; r >= 0 && a->nrows < ROWS_MIN && i < at; i++)
		if (abs(box[i].x + box[i].w - b->x) <= RULE_MAX &&
		    abs(box[i].y - b->y) <= ENDS_SAME &&
		    abs(box[i].y + box[i].h - b->y - b->h) <= ENDS_SAME &&
		    !account_has(areas, box[i])) {
			a->column[0] = box[i];
			r = find_labels(a);
		}
	return r < 0 ? r : a->nrows >= ROWS_MIN;
}

int
accounts_close(struct Pix *print, const struct grid *g, struct Boxa *ret)
{
	_cleanup_(freep) struct box *box = calloc(g->n + 1, sizeof *box);
	_cleanup_(freep) struct account *a = calloc(1, sizeof *a);
	int r = box == NULL || a == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r >= 0 && i < g->n; i++)
		box[i] = sheet_box_half(g->cells[i].box);
	if (r >= 0)
		qsort(box, g->n, sizeof *box, box_by_x);
	for (size_t i = 0; r >= 0 && i < g->n; i++) {
		if (box[i].h < HIGH_MIN || account_has(ret, box[i]))
			continue;
		*a = (struct account){.print = print, .n = 1};
		r = has_lines_before(a, box, i, ret);
		a->column[0] = box[i];
		if (r == 0)
			r = try_account(a, box, g->n, g->lines, ret);
	}
	return r < 0 ? r : 0;
}
