/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form path. Cells first, each row by itself; then the rest of the page with cells and lines
 * painted over. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cells.h"
#include "ocr/read_form.h"
#include "ocr/read_line.h"
#include "ocr/reread.h"

#define MARGIN 3         /* sheet pixels kept around ink */
#define GAP_SQUEEZED 0.4 /* of the row's height */
#define GAP_STACK 0.15

struct form {
	struct engine *engine;
	const struct grid *grid;
	PIX *clean; /* grey without ruled lines */
	PIX *ink;   /* half size, without ruled lines */
	int letter; /* usual height of a row, sheet pixels */
	struct words cells, rest;
	struct words *others; /* borrowed, NULL: not wanted */
};

static int
open_form(struct form *f, const struct sheet *s)
{
	PIX *full = pixExpandReplicate(f->grid->rules, SHEET_HALF);

	f->ink = pixSubtract(NULL, s->half, f->grid->rules);
	f->clean = pixCopy(NULL, s->grey);
	if (full == NULL || f->ink == NULL || f->clean == NULL) {
		pixDestroy(&full);
		return -ENOMEM;
	}
	pixPaintThroughMask(f->clean, full, 0, 0, 255);
	pixDestroy(&full);
	return 0;
}

static void
close_form(struct form *f)
{
	pixDestroy(&f->clean);
	pixDestroy(&f->ink);
	words_free(&f->cells);
	words_free(&f->rest);
}

static int
compare_int(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

/* Median height of rows that are wider than high. */
static int
usual_letter(struct form *f, struct cell_content *c)
{
	int *heights = calloc(f->grid->n + 1, sizeof *heights), n = 0, r = 0;

	if (heights == NULL)
		return -ENOMEM;
	for (size_t i = 0; r >= 0 && i < f->grid->n; i++) {
		r = cell_content(f->ink, &f->grid->cells[i], 0, c);
		if (r >= 0 && c->nrows > 0 && c->rows[0].box.w > c->rows[0].box.h)
			heights[n++] = c->rows[0].box.h;
	}
	qsort(heights, (size_t)n, sizeof *heights, compare_int);
	f->letter = n == 0 ? 0 : heights[n / 2];
	free(heights);
	return r;
}

static struct box
with_margin(const struct form *f, struct box b)
{
	int w = pixGetWidth(f->clean), h = pixGetHeight(f->clean);
	int x = b.x > MARGIN ? b.x - MARGIN : 0, y = b.y > MARGIN ? b.y - MARGIN : 0;

	b.w = b.x + b.w + MARGIN < w ? b.x + b.w + MARGIN - x : w - x;
	b.h = b.y + b.h + MARGIN < h ? b.y + b.h + MARGIN - y : h - y;
	b.x = x;
	b.y = y;
	return b;
}

static int
read_strip(struct form *f, struct strip *s, int cell)
{
	size_t first = f->cells.nlines;
	int r = strip_draw(s, f->clean);

	if (r >= 0)
		r = read_line(f->engine, s, &f->cells, f->others);
	for (size_t i = first; i < f->cells.nlines; i++)
		f->cells.lines[i].cell = cell;
	return r;
}

static int
read_row(struct form *f, const struct cell_row *row, int cell)
{
	_cleanup_(strip_free) struct strip s = {0};

	for (unsigned i = 0; i < row->nruns; i++)
		strip_add(&s, with_margin(f, row->runs[i]), (int)(GAP_SQUEEZED * row->box.h));
	return s.n == 0 ? 0 : read_strip(f, &s, cell);
}

static int
read_stack(struct form *f, const struct cell_content *c, int cell)
{
	_cleanup_(strip_free) struct strip s = {0};

	for (unsigned i = 0; i < c->nrows; i++)
		strip_add(&s, with_margin(f, c->rows[i].box), (int)(GAP_STACK * c->box.w));
	return read_strip(f, &s, cell);
}

static int
read_block(struct form *f, struct box box, enum engine_model model, enum engine_mode mode, int cell)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	size_t first = f->cells.nlines;
	int r;

	strip_add(&s, with_margin(f, box), 0);
	r = strip_draw(&s, f->clean);
	if (r >= 0)
		r = engine_read(f->engine, s.pix, NULL, model, mode, &w);
	if (r >= 0)
		r = reread_lines(f->engine, s.pix, model, &w, NULL);
	if (r >= 0)
		r = words_append(&f->cells, &w, 0, w.nlines, cell);
	strip_to_sheet(&s, &f->cells, first);
	return r;
}

static int
read_cell(struct form *f, const struct cell_content *c, int cell)
{
	int r = 0;

	switch (c->layout) {
	case LAYOUT_EMPTY:
		break;
	case LAYOUT_ROWS:
		for (unsigned i = 0; r >= 0 && i < c->nrows; i++)
			r = read_row(f, &c->rows[i], cell);
		break;
	case LAYOUT_STACK:
		r = read_stack(f, c, cell);
		break;
	case LAYOUT_DOWN:
		r = read_block(f, c->box, ENGINE_VERTICAL, ENGINE_DOWN, cell);
		break;
	case LAYOUT_BLOCK:
		r = read_block(f, c->box, ENGINE_JAPANESE, ENGINE_BLOCK, cell);
		break;
	}
	return r;
}

static int
read_rest(struct form *f)
{
	BOXA *cells = boxaCreate((int)f->grid->n);
	int r;

	for (size_t i = 0; i < f->grid->n; i++) {
		struct box b = f->grid->cells[i].box;

		boxaAddBox(cells, boxCreate(b.x, b.y, b.w, b.h), L_INSERT);
	}
	for (int i = 0; i < boxaGetCount(cells); i++) {
		BOX *b = boxaGetBox(cells, i, L_CLONE);

		pixSetInRectArbitrary(f->clean, b, 255);
		boxDestroy(&b);
	}
	boxaDestroy(&cells);
	r = engine_read(f->engine, f->clean, NULL, ENGINE_JAPANESE, ENGINE_COLUMN, &f->rest);
	return r < 0 ? r : reread_lines(f->engine, f->clean, ENGINE_JAPANESE, &f->rest, f->others);
}

struct table {
	int name;
	struct box box;
};

static int
by_place(const void *a, const void *b)
{
	const struct table *p = a, *q = b;

	if (p->box.y != q->box.y)
		return p->box.y < q->box.y ? -1 : 1;
	return (p->box.x > q->box.x) - (p->box.x < q->box.x);
}

/* Tables with their extent, top to bottom. Caller frees. */
static struct table *
list_tables(const struct grid *g, size_t *ret_n)
{
	struct table *t = calloc(g->n + 1, sizeof *t);
	size_t n = 0;

	if (t == NULL)
		return NULL;
	for (size_t i = 0; i < g->n; i++) {
		if (n == 0 || t[n - 1].name != g->cells[i].table)
			t[n++] = (struct table){.name = g->cells[i].table};
		t[n - 1].box = box_union(t[n - 1].box, g->cells[i].box);
	}
	qsort(t, n, sizeof *t, by_place);
	*ret_n = n;
	return t;
}

static int
take_table(const struct form *f, int name, struct words *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < f->cells.nlines; i++) {
		int cell = f->cells.lines[i].cell;

		if (f->grid->cells[cell].table == name)
			r = words_append(ret, &f->cells, i, 1, cell);
	}
	return r;
}

/* A table comes before the first line outside that begins below its top. */
static int
merge(const struct form *f, struct words *ret)
{
	size_t n = 0, t = 0;
	struct table *tables = list_tables(f->grid, &n);
	int r = tables == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r >= 0 && i < f->rest.nlines; i++) {
		const struct box *b = &f->rest.lines[i].box;

		while (r >= 0 && t < n && tables[t].box.y < b->y + b->h / 2)
			r = take_table(f, tables[t++].name, ret);
		if (r >= 0)
			r = words_append(ret, &f->rest, i, 1, -1);
	}
	while (r >= 0 && t < n)
		r = take_table(f, tables[t++].name, ret);
	free(tables);
	return r;
}

int
read_form(struct engine *e, const struct sheet *s, const struct grid *g, struct words *ret,
    struct words *others)
{
	struct form f = {.engine = e, .grid = g, .others = others};
	struct cell_content *c = calloc(1, sizeof *c);
	int r = c == NULL ? -ENOMEM : open_form(&f, s);

	if (r >= 0)
		r = usual_letter(&f, c);
	for (size_t i = 0; r >= 0 && i < g->n; i++) {
		r = cell_content(f.ink, &g->cells[i], f.letter, c);
		if (r >= 0)
			r = read_cell(&f, c, (int)i);
	}
	if (r >= 0)
		r = read_rest(&f);
	if (r >= 0)
		r = merge(&f, ret);
	close_form(&f);
	free(c);
	return r;
}
