/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells from lines: white regions of the line picture, then their rows and columns. Knows nothing
 * of text. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/account.h"
#include "ocr/grid.h"
#include "ocr/grid_lines.h"
#include "ocr/open_rows.h"
#include "ocr/open_sides.h"
#include "ocr/open_table.h"
#include "ocr/pale_rules.h"

#define NEAR_RULE 25   /* half-size pixels, twice as far from a rule as its own side of a band */
#define BAND_CUT 61    /* half-size pixels, across: cuts of so much are nothing */
#define BAND_LONG 260  /* likewise, 44 mm with a cut on each side */
#define BANDS_LEAST 4  /* so long, that no rule goes along */
#define CELL_MIN 12    /* half-size pixels, 2 mm: smaller holds no text */
#define CELL_FILL 0.72 /* of its bounding box; less is a frame around other things */
#define CELL_MAX_SHARE 0.5 /* of the page; larger is a frame */
#define OPEN_INSIDE 0.8    /* of a cell, in the area of a table whose rows white parts */
#define AREAS_APART 24     /* sheet pixels, 2 mm, a rule: what is beside an area, or below it */
#define SPECK 3            /* half-size pixels: ink not larger both ways is dust */
#define EDGE_SAME 7        /* half-size pixels within which two edges are one line */

static bool
is_cell(PIX *part, l_int32 x, l_int32 y, l_int32 w, l_int32 h, int pw, int ph)
{
	l_int32 area = 0;

	if (w < CELL_MIN || h < CELL_MIN || x <= 1 || y <= 1 || x + w >= pw - 1 || y + h >= ph - 1)
		return false;
	if ((double)w * h > CELL_MAX_SHARE * pw * ph)
		return false;
	pixCountPixels(part, &area, NULL);
	return area >= CELL_FILL * w * h;
}

static int
add_cell(struct grid *g, PIX *part, l_int32 x, l_int32 y, l_int32 w, l_int32 h)
{
	struct cell *cells;

	if (g->n % 64 == 0) {
		cells = realloc(g->cells, (g->n + 64) * sizeof *cells);
		if (cells == NULL)
			return -ENOMEM;
		g->cells = cells;
	}
	g->cells[g->n++] = (struct cell){
	    .box = {x * SHEET_HALF, y * SHEET_HALF, w * SHEET_HALF, h * SHEET_HALF},
	    .mask = pixClone(part),
	};
	return 0;
}

static int
collect(struct grid *g)
{
	PIX *white = pixInvert(NULL, g->lines);
	PIXA *parts = NULL;
	BOXA *boxes = white == NULL ? NULL : pixConnComp(white, &parts, 4);
	int r = boxes == NULL ? -ENOMEM : 0, n = boxes == NULL ? 0 : boxaGetCount(boxes);

	for (int i = 0; r >= 0 && i < n && g->n <= GRID_MAX_CELLS; i++) {
		l_int32 x, y, w, h;
		PIX *part = pixaGetPix(parts, i, L_CLONE);

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		if (is_cell(part, x, y, w, h, pixGetWidth(white), pixGetHeight(white)))
			r = add_cell(g, part, x, y, w, h);
		pixDestroy(&part);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	pixDestroy(&white);
	return r;
}

/* The table of a cell is the piece of the line network that its left upper corner leans on. */
static int
name_tables(struct grid *g)
{
	BOXA *boxes = pixConnCompBB(g->lines, 8);
	int n = boxes == NULL ? 0 : boxaGetCount(boxes);

	if (boxes == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < g->n; i++) {
		const struct box *b = &g->cells[i].box;
		double smallest = 0;

		g->cells[i].table = -1;
		for (int k = 0; k < n; k++) {
			l_int32 x, y, w, h;

			boxaGetBoxGeometry(boxes, k, &x, &y, &w, &h);
			if (x * SHEET_HALF > b->x || y * SHEET_HALF > b->y ||
			    (x + w) * SHEET_HALF < b->x + b->w ||
			    (y + h) * SHEET_HALF < b->y + b->h)
				continue;
			if (g->cells[i].table < 0 || (double)w * h < smallest) {
				g->cells[i].table = k;
				smallest = (double)w * h;
			}
		}
	}
	g->tables = n;
	boxaDestroy(&boxes);
	return 0;
}

/* Sorts edges and drops those that repeat the one before. */
static size_t
merge_edges(int *edges, size_t n)
{
	size_t k = 0;

	sort_ints(edges, n);
	for (size_t i = 0; i < n; i++)
		if (k == 0 || edges[i] - edges[k - 1] > EDGE_SAME * SHEET_HALF)
			edges[k++] = edges[i];
	return k;
}

/* Index of the last edge at or before v. */
static int
edge_index(const int *edges, size_t n, int v)
{
	int k = 0;

	while ((size_t)k + 1 < n && edges[k + 1] <= v + EDGE_SAME * SHEET_HALF / 2)
		k++;
	return k;
}

static void
name_axis(struct cell **of, size_t n, int *edges, bool rows)
{
	size_t k;

	for (size_t i = 0; i < n; i++)
		edges[i] = rows ? of[i]->box.y : of[i]->box.x;
	k = merge_edges(edges, n);
	for (size_t i = 0; i < n; i++) {
		struct box b = of[i]->box;
		int from = edge_index(edges, k, rows ? b.y : b.x);
		int to = edge_index(
		    edges, k, rows ? b.y + b.h - 4 * EDGE_SAME : b.x + b.w - 4 * EDGE_SAME);

		if (rows) {
			of[i]->row = from;
			of[i]->row_span = to > from ? to - from + 1 : 1;
		} else {
			of[i]->column = from;
			of[i]->column_span = to > from ? to - from + 1 : 1;
		}
	}
}

static int
compare_cells(const void *a, const void *b)
{
	const struct cell *p = a, *q = b;

	if (p->table != q->table)
		return p->table < q->table ? -1 : 1;
	if (p->row != q->row)
		return p->row < q->row ? -1 : 1;
	return (p->column > q->column) - (p->column < q->column);
}

static int
name_places(struct grid *g)
{
	_cleanup_(freep) struct cell **of = calloc(g->n + 1, sizeof *of);
	_cleanup_(freep) int *edges = calloc(g->n + 1, sizeof *edges);

	if (of == NULL || edges == NULL)
		return -ENOMEM;
	for (int t = -1; t < g->tables; t++) {
		size_t n = 0;

		for (size_t i = 0; i < g->n; i++)
			if (g->cells[i].table == t)
				of[n++] = &g->cells[i];
		if (n == 0)
			continue;
		name_axis(of, n, edges, true);
		name_axis(of, n, edges, false);
	}
	qsort(g->cells, g->n, sizeof *g->cells, compare_cells);
	return 0;
}

static void
drop_cells(struct grid *g)
{
	for (size_t i = 0; i < g->n; i++)
		pixDestroy(&g->cells[i].mask);
	free(g->cells);
	g->cells = NULL;
	g->n = 0;
}

static struct box
area_of(BOXA *areas, int k)
{
	l_int32 x, y, w, h;

	boxaGetBoxGeometry(areas, k, &x, &y, &w, &h);
	return (struct box){x * SHEET_HALF, y * SHEET_HALF, w * SHEET_HALF, h * SHEET_HALF};
}

static bool
has_beside(BOXA *areas, int k)
{
	const struct box a = area_of(areas, k);

	for (int i = 0; i < boxaGetCount(areas); i++) {
		const struct box b = area_of(areas, i);
		const int gap = (b.x > a.x ? b.x - a.x - a.w : a.x - b.x - b.w);

		if (i != k && a.y < b.y + b.h && b.y < a.y + a.h && gap <= AREAS_APART)
			return true;
	}
	return false;
}

/* An area, and the cells close below it, which are its sum, as no cell goes past its sides. */
static struct box
with_sum(const struct grid *g, BOXA *areas, struct box area)
{
	struct box all = area;

	for (size_t i = 0; i < g->n; i++) {
		const struct box *b = &g->cells[i].box;
		const int gap = b->y - area.y - area.h;

		if (gap >= 0 && gap <= AREAS_APART &&
		    box_inside(*b, (struct box){area.x, b->y, area.w, b->h}) > OPEN_INSIDE &&
		    !account_has(areas, sheet_box_half(*b)))
			all = box_union(all, *b);
	}
	return all;
}

/* Tables beside each other are read one after the other, each with its sum. */
static void
name_open(struct grid *g, BOXA *areas)
{
	for (int k = 0; k < boxaGetCount(areas); k++) {
		const struct box all = with_sum(g, areas, area_of(areas, k));
		const bool beside = has_beside(areas, k);

		for (size_t i = 0; beside && i < g->n; i++)
			if (box_inside(g->cells[i].box, all) > OPEN_INSIDE)
				g->cells[i].open = k + 1;
	}
}

/* Cells once more, where some turned out to hold several rows. */
static int
part_rows(struct grid *g, PIX *ink)
{
	PIX *all = pixSubtract(NULL, ink, g->rules), *print = NULL;
	BOXA *areas = boxaCreate(0);
	int r;

	if (all != NULL)
		print =
		    pixSelectBySize(all, SPECK, SPECK, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL);
	r = print == NULL || areas == NULL ? -ENOMEM : accounts_close(print, g, areas);
	if (r >= 0)
		r = open_rows_close(print, g, areas);
	if (r >= 0 && boxaGetCount(areas) > 0) {
		drop_cells(g);
		r = collect(g);
		name_open(g, areas);
	}
	boxaDestroy(&areas);
	pixDestroy(&print);
	pixDestroy(&all);
	return r;
}

/* How many lines go across much of a page; what cuts them is as wide as BAND_CUT. */
static int
count_long(PIX *lines)
{
	PIX *whole = pixDilateBrick(NULL, lines, BAND_CUT, 3);
	BOXA *boxes = whole == NULL ? NULL : pixConnCompBB(whole, 8);
	l_int32 w;
	int n = boxes == NULL ? -ENOMEM : 0;

	for (int i = 0; n >= 0 && i < boxaGetCount(boxes); i++)
		if (boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, NULL) == 0 && w >= BAND_LONG)
			n++;
	boxaDestroy(&boxes);
	pixDestroy(&whole);
	return n;
}

/* Adds to seen the sides of bands that no rule goes along, where there are several. Their count, 0
 * where none is added. */
static int
add_edges(PIX *seen, PIX *edges, PIX *rules)
{
	PIX *near = pixDilateBrick(NULL, rules, NEAR_RULE, NEAR_RULE), *rest, *whole = NULL;
	int n;

	rest = near == NULL ? NULL : pixSubtract(NULL, edges, near);
	if (rest != NULL)
		whole = pixSeedfillBinary(NULL, rest, edges, 8);
	n = whole == NULL ? -ENOMEM : count_long(whole);
	if (n >= BANDS_LEAST)
		pixRasterop(seen, 0, 0, pixGetWidth(seen), pixGetHeight(seen), PIX_SRC | PIX_DST,
		    whole, 0, 0);
	pixDestroy(&whole);
	pixDestroy(&rest);
	pixDestroy(&near);
	return n < 0 || n >= BANDS_LEAST ? n : 0;
}

static int
find_lines(struct grid *g, PIX *seen)
{
	pixDestroy(&g->lines);
	pixDestroy(&g->rules);
	g->lines = grid_lines(seen, &g->rules);
	return g->lines == NULL ? -ENOMEM : 0;
}

/* The lines of a page without bands. */
static int
find_plain_lines(const struct sheet *s, struct grid *g, PIX *ink)
{
	PIX *seen = pixCopy(NULL, ink);
	int r = seen == NULL ? -ENOMEM : pale_rules_add(seen, s->grey);

	if (r >= 0)
		r = find_lines(g, seen);
	pixDestroy(&seen);
	return r;
}

/* The lines of a page with bands, which have paler rules and are rules by their sides. */
static int
find_banded_lines(const struct sheet *s, struct grid *g)
{
	PIX *seen = pixSubtract(NULL, s->faint, g->combs.edges);
	int r = seen == NULL ? -ENOMEM : find_lines(g, seen);

	if (r >= 0)
		r = add_edges(seen, s->edges, g->rules);
	if (r > 0)
		r = find_lines(g, seen);
	pixDestroy(&seen);
	return r;
}

/* Cells by the lines of ink, of which boxes for single letters are no part. */
static int
find_cells(const struct sheet *s, struct grid *g, PIX *ink)
{
	int r = s->edges == NULL ? find_plain_lines(s, g, ink) : find_banded_lines(s, g);

	if (r < 0)
		return r;
	r = open_table_close(ink, g->rules, g->lines);
	if (r >= 0)
		r = open_sides_close(ink, g->rules, g->lines);
	if (r >= 0)
		r = collect(g);
	if (r >= 0 && g->n >= GRID_MIN_CELLS && g->n <= GRID_MAX_CELLS)
		r = part_rows(g, ink);
	return r;
}

static int
add_combs(struct grid *g)
{
	PIX *wide = pixDilateBrick(NULL, g->combs.edges, 3, 3);
	const bool good = wide != NULL && pixOr(g->rules, g->rules, wide) != NULL;

	pixDestroy(&wide);
	return good ? 0 : -ENOMEM;
}

int
grid_find(const struct sheet *s, struct grid *ret)
{
	_cleanup_(grid_free) struct grid g = {0};
	PIX *ink;
	int r = combs_find(s->half, &g.combs);

	if (r < 0)
		return r;
	ink = pixSubtract(NULL, s->half, g.combs.edges);
	r = ink == NULL ? -ENOMEM : find_cells(s, &g, ink);
	pixDestroy(&ink);
	if (r >= 0 && g.combs.n > 0)
		r = add_combs(&g);
	if (r >= 0 && (g.n < GRID_MIN_CELLS || g.n > GRID_MAX_CELLS))
		drop_cells(&g);
	if (r >= 0 && g.n > 0)
		r = name_tables(&g);
	if (r >= 0 && g.n > 0)
		r = name_places(&g);
	if (r < 0)
		return r;
	*ret = g;
	g = (struct grid){0};
	return 0;
}

void
grid_free(struct grid *g)
{
	drop_cells(g);
	pixDestroy(&g->lines);
	pixDestroy(&g->rules);
	combs_free(&g->combs);
}
