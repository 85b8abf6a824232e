/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Blocks are found and brought into order by blocks.c; each is read by its rows. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/blocks.h"
#include "ocr/cells.h"
#include "ocr/down.h"
#include "ocr/further.h"
#include "ocr/gap_brackets.h"
#include "ocr/narrow.h"
#include "ocr/pixels.h"
#include "ocr/read_form.h"
#include "ocr/read_line.h"
#include "ocr/reread.h"
#include "ocr/ringed.h"
#include "ocr/stretched.h"
#include "ocr/strokes.h"

#define GAP_STACK 0.15

struct form {
	struct engine *engine;
	const struct grid *grid;
	PIX *clean;           /* grey without ruled lines, with `strokes` */
	PIX *ink;             /* half size, without ruled lines */
	PIX *strokes;         /* half size: letters' ink inside ruled lines */
	int letter;           /* usual height of a row, sheet pixels */
	struct words *ret;    /* borrowed */
	struct words *others; /* borrowed, NULL: not wanted */
};

static int
open_form(struct form *f, const struct sheet *s)
{
	PIX *rules = NULL;

	f->strokes = strokes_in_rules(s->half, f->grid->rules);
	if (f->strokes != NULL)
		rules = pixSubtract(NULL, f->grid->rules, f->strokes);
	f->ink = pixSubtract(NULL, s->half, f->grid->rules);
	f->clean = pixCopy(NULL, s->grey);
	if (rules == NULL || f->ink == NULL || f->clean == NULL) {
		pixDestroy(&rules);
		return -ENOMEM;
	}
	pixels_whiten(f->clean, rules);
	pixDestroy(&rules);
	return 0;
}

static void
close_form(struct form *f)
{
	pixDestroy(&f->clean);
	pixDestroy(&f->ink);
	pixDestroy(&f->strokes);
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
	sort_ints(heights, (size_t)n);
	f->letter = n == 0 ? 0 : heights[n / 2];
	free(heights);
	return r;
}

/* A box of text grows by what its letters have in the lines above and below it. */
static struct box
with_strokes(const struct form *f, struct box b)
{
	int w = b.w / SHEET_HALF, x = b.x / SHEET_HALF, y = b.y / SHEET_HALF;
	int up = strokes_reach(f->strokes, x, y, w, -1) * SHEET_HALF;
	int down = strokes_reach(f->strokes, x, y + b.h / SHEET_HALF - 1, w, 1) * SHEET_HALF;

	b.y -= up;
	b.h += up + down;
	return b;
}

static struct box
with_margin(const struct form *f, struct box b)
{
	int w = pixGetWidth(f->clean), h = pixGetHeight(f->clean);
	int x, y;

	b = with_strokes(f, b);
	x = b.x > STRIP_MARGIN ? b.x - STRIP_MARGIN : 0;
	y = b.y > STRIP_MARGIN ? b.y - STRIP_MARGIN : 0;

	b.w = b.x + b.w + STRIP_MARGIN < w ? b.x + b.w + STRIP_MARGIN - x : w - x;
	b.h = b.y + b.h + STRIP_MARGIN < h ? b.y + b.h + STRIP_MARGIN - y : h - y;
	b.x = x;
	b.y = y;
	return b;
}

/* A line whose rings, if it has any, are read with it: lines of ret from first on, or none yet. */
static int
read_plain(struct form *f, const struct strip *s, size_t first)
{
	int r = f->ret->nlines > first ? 0 : read_line(f->engine, s, f->ret, f->others);

	if (r >= 0)
		r = narrow_read(f->engine, s, f->ret, first, f->others);
	return r < 0 ? r : stretched_read(f->engine, s, f->ret, first, f->others);
}

static int
read_strip(struct form *f, struct strip *s, int cell)
{
	size_t first = f->ret->nlines, since = f->others == NULL ? 0 : f->others->nlines;
	int r = strip_draw(s, f->clean);

	if (r >= 0)
		r = ringed_read(f->engine, s, f->clean, f->ret, f->others);
	if (r == 0)
		r = read_plain(f, s, first);
	if (r >= 0 && f->ret->nlines == first + 1)
		r = gap_brackets_mend(s, f->ret);
	if (r >= 0 && f->others != NULL)
		r = further_read(f->engine, s, f->ret, first, f->others, since);
	if (r >= 0 && f->ret->nlines == first + 1 && !strip_is_read(s, f->ret, first))
		strip_reach(s, &f->ret->lines[first]);
	for (size_t i = first; i < f->ret->nlines; i++)
		f->ret->lines[i].cell = cell;
	return r;
}

static int
read_row(struct form *f, const struct cell_row *row, int cell)
{
	_cleanup_(strip_free) struct strip s = {0};

	for (unsigned i = 0; i < row->nruns; i++)
		strip_add(&s, with_margin(f, row->runs[i]), (int)(STRIP_GAP * row->box.h));
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
	size_t first = f->ret->nlines;
	int r;

	strip_add(&s, with_margin(f, box), 0);
	r = strip_draw(&s, f->clean);
	if (r >= 0)
		r = engine_read(f->engine, s.pix, NULL, model, mode, &w);
	if (r >= 0)
		r = model == ENGINE_VERTICAL ? down_read(f->engine, s.pix, &w, NULL)
					     : reread_lines(f->engine, s.pix, model, &w, NULL);
	if (r >= 0)
		r = words_append(f->ret, &w, 0, w.nlines, cell);
	strip_to_sheet(&s, f->ret, first);
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
read_outside(struct form *f, const struct cell_content *c)
{
	size_t lines = f->ret->nlines, glyphs = f->ret->nglyphs;
	int r = read_cell(f, c, -1);

	if (r >= 0 && read_line_is_rule(f->ret, glyphs)) {
		f->ret->nlines = lines;
		f->ret->nglyphs = glyphs;
	}
	return r;
}

static int
read_blocks(struct form *f, const struct blocks *b, struct cell_content *c)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < b->n; i++) {
		const struct block *block = &b->block[i];

		const struct cell *own =
		    block->cell < 0 || block->part ? &block->own : &f->grid->cells[block->cell];

		r = cell_content(f->ink, own, block->cell < 0 ? b->letter : f->letter, c);
		if (r >= 0)
			r = block->cell < 0 ? read_outside(f, c) : read_cell(f, c, block->cell);
	}
	return r;
}

/* What is left of the page when its cells are white, by the engine's own layout. */
static int
read_rest(struct form *f, const struct sheet *s)
{
	_cleanup_(words_free) struct words rest = {0};
	PIX *page = f->grid->n == 0 ? s->grey : f->clean;
	int r;

	for (size_t i = 0; i < f->grid->n; i++) {
		const struct box *b = &f->grid->cells[i].box;

		pixRasterop(f->clean, b->x, b->y, b->w, b->h, PIX_SET, NULL, 0, 0);
	}
	r = engine_read(f->engine, page, NULL, ENGINE_JAPANESE,
	    f->grid->n == 0 ? ENGINE_PAGE : ENGINE_COLUMN, &rest);
	if (r >= 0)
		r = reread_lines(f->engine, page, ENGINE_JAPANESE, &rest, f->others);
	return r < 0 ? r : words_append(f->ret, &rest, 0, rest.nlines, -1);
}

int
read_form(struct engine *e, const struct sheet *s, const struct grid *g, struct words *ret,
    struct words *others)
{
	_cleanup_(blocks_free) struct blocks blocks = {0};
	struct form f = {.engine = e, .grid = g, .ret = ret, .others = others};
	struct cell_content *c = calloc(1, sizeof *c);
	int r = c == NULL ? -ENOMEM : open_form(&f, s);

	if (r >= 0)
		r = usual_letter(&f, c);
	if (r >= 0)
		r = blocks_find(g, f.ink, f.letter, &blocks);
	if (r >= 0)
		r = read_blocks(&f, &blocks, c);
	if (r >= 0 && blocks.crowded)
		r = read_rest(&f, s);
	close_form(&f);
	free(c);
	return r;
}
