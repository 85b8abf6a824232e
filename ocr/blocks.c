/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and pieces of text are brought into order together, then the cells of each table. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/entries.h"
#include "ocr/order.h"
#include "ocr/pieces.h"
#include "ocr/scraps.h"

#define INNER 0.9  /* of a piece in another's box */
#define TALL 6     /* letters */
#define STRAYS 0.1 /* of a table's cells: so many pieces outside of them leave it a table */

/* Something to be brought into order: a piece of text, a table, or a cell of a table that text
 * stands in. */
struct thing {
	enum { PIECE, TABLE, CELL } kind;
	int index;        /* of the piece, table name, cell */
	enum scrap scrap; /* of a piece */
	bool inner;       /* lies in another piece's box */
	int table; /* first cell of the one it stands in and is brought into order with; -1: none */
	struct box box;
};

struct page_of {
	const struct grid *grid;
	PIX *ink;
	PIXA *pieces; /* half size, ink joined along lines */
	int letter;   /* sheet pixels */
	struct thing *thing;
	size_t n;
	struct blocks *ret;
};

static struct box
to_sheet(l_int32 x, l_int32 y, l_int32 w, l_int32 h)
{
	return (struct box){x * SHEET_HALF, y * SHEET_HALF, w * SHEET_HALF, h * SHEET_HALF};
}

static void
add(struct page_of *p, int kind, int index, struct box box)
{
	p->thing[p->n++] = (struct thing){.kind = kind, .index = index, .box = box, .table = -1};
}

/* A stroke that nothing joins with its row, as the upper one of テ, is read with the row all the
 * same: rows are read by their boxes. */
static void
drop_inner(struct page_of *p)
{
	size_t k = 0;

	for (size_t i = 0; i < p->n; i++) {
		bool inside = false;

		for (size_t j = 0; j < p->n && !inside; j++)
			inside = i != j && p->thing[j].box.h > p->thing[i].box.h &&
				 box_inside(p->thing[i].box, p->thing[j].box) > INNER;
		p->thing[i].inner = inside;
	}
	for (size_t i = 0; i < p->n; i++)
		if (!p->thing[i].inner)
			p->thing[k++] = p->thing[i];
	p->n = k;
}

/* Scraps are kept behind the texts. */
static int
add_pieces(struct page_of *p)
{
	const size_t n = (size_t)pixaGetCount(p->pieces);
	_cleanup_(freep) struct scrap_piece *list = calloc(n + 1, sizeof *list);

	if (list == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		PIX *piece = pixaGetPix(p->pieces, (int)i, L_CLONE);
		l_int32 x, y, w, h;

		pixaGetBoxGeometry(p->pieces, (int)i, &x, &y, &w, &h);
		list[i].box = to_sheet(x, y, w, h);
		list[i].kind = scrap_kind(piece, list[i].box, p->letter);
		pixDestroy(&piece);
	}
	scraps_keep(list, n, p->letter);
	for (int texts = 1; texts >= 0; texts--)
		for (size_t i = 0; i < n; i++)
			if (list[i].kept && scrap_is_text(list[i].kind) == texts) {
				add(p, PIECE, (int)i, list[i].box);
				p->thing[p->n - 1].scrap = list[i].kind;
			}
	drop_inner(p);
	return 0;
}

/* Whether something stands on the page that is no line of text: a picture, writing down a margin.
 */
static bool
has_tall(const struct page_of *p)
{
	for (size_t i = 0; i < p->n; i++)
		if (p->thing[i].box.h > TALL * p->letter)
			return true;
	return false;
}

/* The largest table that a thing stands in; those in others hold nothing but their cells. */
static void
put_into_table(struct page_of *p, struct thing *t)
{
	const double share = t->kind == TABLE ? INNER : 0.5;
	long most = t->kind == TABLE ? (long)t->box.w * t->box.h : 0;

	for (size_t i = 0; i < p->n; i++) {
		const struct box *b = &p->thing[i].box;

		if (p->thing[i].kind != TABLE || (long)b->w * b->h <= most ||
		    box_inside(t->box, *b) < share)
			continue;
		most = (long)b->w * b->h;
		t->table = p->thing[i].index;
	}
}

/* A table is one thing with the few texts inside it that are in none of its cells, and smaller
 * tables. Where there are more texts, each cell is a thing. */
static void
add_tables(struct page_of *p)
{
	const struct grid *g = p->grid;
	size_t pieces = p->n;

	for (size_t first = 0, end; first < g->n; first = end) {
		struct box all = {0};
		size_t strays = 0;

		for (end = first; end < g->n && g->cells[end].table == g->cells[first].table; end++)
			all = box_union(all, g->cells[end].box);
		for (size_t i = 0; i < pieces; i++)
			strays += box_inside(p->thing[i].box, all) >= 0.5;
		if (strays <= STRAYS * (end - first))
			add(p, TABLE, (int)first, all);
		else
			for (size_t i = first; i < end; i++)
				add(p, CELL, (int)i, g->cells[i].box);
	}
	for (size_t i = 0; i < p->n; i++)
		if (p->thing[i].kind != CELL)
			put_into_table(p, &p->thing[i]);
}

static struct block *
add_block(struct blocks *b)
{
	if (b->n % 64 == 0) {
		struct block *more = realloc(b->block, (b->n + 64) * sizeof *more);

		if (more == NULL)
			return NULL;
		b->block = more;
	}
	return &b->block[b->n++];
}

static int
take_cell(struct page_of *p, int cell)
{
	struct block *b = add_block(p->ret);

	if (b == NULL)
		return -ENOMEM;
	*b = (struct block){.cell = cell};
	return 0;
}

/* Whether a piece goes on in the row of what came before, the last piece of it among that, near
 * enough to be read with it: titles are set wide by their own letters. */
static bool
goes_on(
    const struct page_of *p, struct box before, const struct thing *last, const struct thing *next)
{
	const struct scrap_piece from = {.kind = last->scrap, .box = last->box},
				 to = {.kind = next->scrap, .box = next->box};
	const struct box *b = &next->box;
	int middle = b->y + b->h / 2, gap = b->x - before.x - before.w;
	int letter = before.h < b->h ? before.h : b->h;

	if (letter < p->letter)
		letter = p->letter;
	return middle >= before.y && middle < before.y + before.h && b->x >= before.x &&
	       (gap < scrap_reach(&from, &to, letter) ||
		   gap < scrap_number_reach(before, &from, &to, letter));
}

/* Pieces thing[order[0 … n - 1]] become one block. */
static int
take_pieces(struct page_of *p, const size_t *order, size_t n, struct box box)
{
	struct block *b = add_block(p->ret);

	if (b == NULL)
		return -ENOMEM;
	*b = (struct block){.cell = -1, .own = {.box = box}};
	b->own.mask = pixCreate(box.w / SHEET_HALF, box.h / SHEET_HALF, 1);
	if (b->own.mask == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		const struct thing *t = &p->thing[order[i]];
		PIX *piece = pixaGetPix(p->pieces, t->index, L_CLONE);

		pixRasterop(b->own.mask, (t->box.x - box.x) / SHEET_HALF,
		    (t->box.y - box.y) / SHEET_HALF, t->box.w / SHEET_HALF, t->box.h / SHEET_HALF,
		    PIX_SRC | PIX_DST, piece, 0, 0);
		pixDestroy(&piece);
	}
	return 0;
}

/* Pieces that follow each other; what stands in one row is one block. */
static int
take_texts(struct page_of *p, const size_t *order, size_t n)
{
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < n; i = end) {
		struct box row = p->thing[order[i]].box;

		for (end = i + 1; end < n; end++) {
			const struct thing *next = &p->thing[order[end]];

			if (!goes_on(p, row, &p->thing[order[end - 1]], next))
				break;
			row = box_union(row, next->box);
		}
		r = take_pieces(p, &order[i], end - i, row);
	}
	return r;
}

/* The things thing[of[0 … n - 1]], in reading order, to of. */
static int
arrange_texts(struct page_of *p, size_t *of, size_t n)
{
	_cleanup_(freep) struct box *boxes = calloc(n + 1, sizeof *boxes);
	_cleanup_(freep) size_t *order = calloc(n + 1, sizeof *order);
	int r;

	if (boxes == NULL || order == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		boxes[i] = p->thing[of[i]].box;
	r = order_boxes(boxes, n, p->letter, order);
	for (size_t i = 0; r >= 0 && i < n; i++)
		order[i] = of[order[i]];
	for (size_t i = 0; r >= 0 && i < n; i++)
		of[i] = order[i];
	return r;
}

static int
take_part(struct page_of *p, int cell, struct box box)
{
	struct block *b = add_block(p->ret);

	if (b == NULL)
		return -ENOMEM;
	*b = (struct block){.cell = cell, .part = true, .own = {.box = box}};
	b->own.mask = pixCreate(box.w / SHEET_HALF, box.h / SHEET_HALF, 1);
	return b->own.mask == NULL ? -ENOMEM : pixSetAll(b->own.mask) == 0 ? 0 : -EINVAL;
}

static size_t
count_cells(const struct page_of *p, size_t first)
{
	const struct cell *own = &p->grid->cells[first];
	size_t n = 0;

	while (first + n < p->grid->n && own[n].table == own->table)
		n++;
	return n;
}

/* The cells of a table that stands in another. */
static int
take_inner_table(struct page_of *p, size_t first)
{
	const size_t n = count_cells(p, first);
	_cleanup_(freep) size_t *order = calloc(n, sizeof *order);
	int r = order == NULL ? -ENOMEM : order_cells(&p->grid->cells[first], n, order);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = take_cell(p, (int)(first + order[i]));
	return r;
}

/* Texts and tables that follow each other in the order of a table, from order[0] on, are ordered by
 * what they are. Count of them. */
static int
take_run(struct page_of *p, const struct entries *e, size_t *order, size_t n)
{
	size_t k = 0;
	int r;

	for (; k < n && e->of[order[k]] < 0; k++)
		order[k] = (size_t)(-1 - e->of[order[k]]);
	r = arrange_texts(p, order, k);
	for (size_t i = 0, end; r >= 0 && i < k; i = end) {
		const struct thing *t = &p->thing[order[i]];

		for (end = i; end < k && p->thing[order[end]].kind == PIECE;)
			end++;
		r = end > i ? take_texts(p, &order[i], end - i)
			    : take_inner_table(p, (size_t)t->index);
		end += end == i;
	}
	return r < 0 ? r : (int)k;
}

/* Texts are in the row that their middle stands in, tables in that where they begin. */
static int
add_other(const struct page_of *p, struct entries *e, const struct cell *own, size_t n, size_t i)
{
	const struct thing *t = &p->thing[i];

	return entries_add(
	    e, own, n, t->box, t->box.y + (t->kind == TABLE ? 0 : t->box.h / 2), -1 - (int)i);
}

/* The cells of the table that begins with cell `first`, by their rows and columns, and the texts
 * that stand between them. */
static int
take_table(struct page_of *p, size_t first)
{
	const struct cell *own = &p->grid->cells[first];
	_cleanup_(entries_free) struct entries e = {0};
	_cleanup_(freep) size_t *order = NULL;
	const size_t n = count_cells(p, first);
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = entries_add_cell(&e, p->ink, own, n, i, p->letter);
	for (size_t i = 0; r >= 0 && i < p->n; i++)
		if (p->thing[i].table == (int)first)
			r = add_other(p, &e, own, n, i);
	if (r < 0)
		return r;
	order = calloc(e.n, sizeof *order);
	if (order == NULL)
		return -ENOMEM;
	r = order_cells(e.cell, e.n, order);
	for (size_t i = 0; r >= 0 && i < e.n;) {
		size_t at = order[i];

		if (e.of[at] < 0) {
			r = take_run(p, &e, &order[i], e.n - i);
			i += r < 0 ? 0 : (size_t)r;
			continue;
		}
		r = e.part[at] ? take_part(p, (int)first + e.of[at], e.cell[at].box)
			       : take_cell(p, (int)first + e.of[at]);
		i++;
	}
	return r < 0 ? r : 0;
}

static int
take_all(struct page_of *p, const size_t *order, size_t n)
{
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < n; i = end) {
		const struct thing *t = &p->thing[order[i]];

		for (end = i; end < n && p->thing[order[end]].kind == PIECE;)
			end++;
		if (end > i)
			r = take_texts(p, &order[i], end - i);
		else if (t->kind == TABLE)
			r = take_table(p, (size_t)t->index);
		else
			r = take_cell(p, t->index);
		end += end == i;
	}
	return r;
}

static int
arrange(struct page_of *p)
{
	_cleanup_(freep) size_t *order = calloc(p->n + 1, sizeof *order);
	size_t n = 0;
	int r;

	if (order == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < p->n; i++)
		if (p->thing[i].table < 0)
			order[n++] = i;
	r = arrange_texts(p, order, n);
	return r < 0 ? r : take_all(p, order, n);
}

int
blocks_find(const struct grid *g, struct Pix *ink, int letter, struct blocks *ret)
{
	struct page_of p = {.grid = g, .ink = ink, .ret = ret};
	int r = pieces_find(g, ink, letter, &p.pieces, &p.letter);

	if (r < 0)
		return r;
	ret->letter = p.letter;
	p.thing = calloc((size_t)pixaGetCount(p.pieces) + g->n + 1, sizeof *p.thing);
	r = p.thing == NULL ? -ENOMEM : 0;
	if (r >= 0)
		r = add_pieces(&p);
	ret->crowded = p.n > BLOCKS_MAX_PIECES || (g->n == 0 && has_tall(&p));
	if (ret->crowded)
		p.n = 0;
	if (r >= 0) {
		add_tables(&p);
		r = arrange(&p);
	}
	free(p.thing);
	pixaDestroy(&p.pieces);
	return r;
}

void
blocks_free(struct blocks *b)
{
	for (size_t i = 0; i < b->n; i++)
		pixDestroy(&b->block[i].own.mask);
	free(b->block);
	*b = (struct blocks){0};
}
