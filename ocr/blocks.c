/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables and pieces of text are brought into order together, then the cells of each table. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/order.h"
#include "ocr/pieces.h"
#include "ocr/scraps.h"

#define INNER 0.9   /* of a piece in another's box */
#define TALL 6      /* letters */
#define DOT_OFF 0.3 /* letters: dots of a list are so far from below each other at most */

/* Something to be brought into order: a piece of text, a table, or a cell of a table that text
 * stands in. */
struct thing {
	enum { PIECE, TABLE, CELL } kind;
	int index; /* of the piece, table name, cell */
	enum scrap scrap;
	bool inner; /* lies in another piece's box */
	struct box box;
};

struct page_of {
	const struct grid *grid;
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
	p->thing[p->n++] = (struct thing){.kind = kind, .index = index, .box = box};
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

/* Dots before the entries of a list stand below each other; what stands alone is dirt. */
static void
add_dots(
    struct page_of *p, const struct thing *scrap, size_t n, const struct box *text, size_t texts)
{
	const size_t before = p->n;
	size_t kept = before;

	for (size_t i = 0; i < n; i++)
		if (scrap[i].scrap == SCRAP_SIGN &&
		    scrap_leads(scrap[i].box, p->letter, text, texts))
			p->thing[p->n++] = scrap[i];
	for (size_t i = before; i < p->n; i++) {
		bool listed = false;

		for (size_t j = before; j < p->n && !listed; j++)
			listed = i != j &&
				 abs(p->thing[i].box.x - p->thing[j].box.x) <= DOT_OFF * p->letter;
		p->thing[i].inner = !listed;
	}
	for (size_t i = before; i < p->n; i++)
		if (!p->thing[i].inner)
			p->thing[kept++] = p->thing[i];
	p->n = kept;
}

/* Scraps are kept behind the texts, and then those among them that stand in a row of text. */
static int
add_pieces(struct page_of *p)
{
	size_t all = (size_t)pixaGetCount(p->pieces), texts = 0;
	_cleanup_(freep) struct thing *scrap = calloc(all + 1, sizeof *scrap);
	_cleanup_(freep) struct box *text = calloc(all + 1, sizeof *text);

	if (scrap == NULL || text == NULL)
		return -ENOMEM;
	for (size_t i = 0, n = 0; i < all; i++) {
		PIX *piece = pixaGetPix(p->pieces, (int)i, L_CLONE);
		l_int32 x, y, w, h;

		pixaGetBoxGeometry(p->pieces, (int)i, &x, &y, &w, &h);
		scrap[n] = (struct thing){.kind = PIECE, .index = (int)i};
		scrap[n].box = to_sheet(x, y, w, h);
		scrap[n].scrap = scrap_kind(piece, scrap[n].box, p->letter);
		pixDestroy(&piece);
		if (scrap[n].scrap == SCRAP_TEXT) {
			text[texts++] = scrap[n].box;
			p->thing[p->n++] = scrap[n];
		} else
			n++;
	}
	for (size_t i = 0; i < all - texts; i++)
		if (scrap[i].scrap != SCRAP_NONE &&
		    scrap_in_row(scrap[i].scrap, scrap[i].box, p->letter, text, texts))
			p->thing[p->n++] = scrap[i];
	add_dots(p, scrap, all - texts, text, texts);
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

/* A table is one thing, unless text stands inside it that is in none of its cells. */
static void
add_tables(struct page_of *p)
{
	const struct grid *g = p->grid;
	size_t pieces = p->n;

	for (size_t first = 0, end; first < g->n; first = end) {
		struct box all = {0};
		bool whole = true;

		for (end = first; end < g->n && g->cells[end].table == g->cells[first].table; end++)
			all = box_union(all, g->cells[end].box);
		for (size_t i = 0; whole && i < pieces; i++)
			whole = box_inside(p->thing[i].box, all) < 0.5;
		if (whole)
			add(p, TABLE, (int)first, all);
		for (size_t i = first; !whole && i < end; i++)
			add(p, CELL, (int)i, g->cells[i].box);
	}
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

/* The cells of the table that begins with cell `first`, by their rows and columns. */
static int
take_table(struct page_of *p, size_t first)
{
	const struct cell *cells = &p->grid->cells[first];
	size_t n = 0;
	_cleanup_(freep) size_t *order = NULL;
	int r;

	while (first + n < p->grid->n && cells[n].table == cells[0].table)
		n++;
	order = calloc(n, sizeof *order);
	if (order == NULL)
		return -ENOMEM;
	r = order_cells(cells, n, order);
	for (size_t i = 0; r >= 0 && i < n; i++)
		r = take_cell(p, (int)(first + order[i]));
	return r;
}

/* Whether a piece goes on in the row of what came before, near enough to be read with it: titles
 * are set wide by their own letters. */
static bool
goes_on(const struct page_of *p, struct box before, const struct thing *next)
{
	const struct box *b = &next->box;
	int middle = b->y + b->h / 2, gap = b->x - before.x - before.w;
	int letter = before.h < b->h ? before.h : b->h;

	if (letter < p->letter)
		letter = p->letter;
	return middle >= before.y && middle < before.y + before.h && b->x >= before.x &&
	       gap < (next->scrap == SCRAP_TEXT ? scrap_reach_letters(before, *b, letter)
						: scrap_reach(next->scrap, letter));
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

static int
take_all(struct page_of *p, const size_t *order)
{
	int r = 0;

	for (size_t i = 0, end; r >= 0 && i < p->n; i = end) {
		const struct thing *t = &p->thing[order[i]];
		struct box row = t->box;

		end = i + 1;
		if (t->kind == TABLE)
			r = take_table(p, (size_t)t->index);
		else if (t->kind == CELL)
			r = take_cell(p, t->index);
		else {
			for (; end < p->n; end++) {
				const struct thing *next = &p->thing[order[end]];

				if (next->kind != PIECE || !goes_on(p, row, next))
					break;
				row = box_union(row, next->box);
			}
			r = take_pieces(p, &order[i], end - i, row);
		}
	}
	return r;
}

static int
arrange(struct page_of *p)
{
	_cleanup_(freep) struct box *boxes = calloc(p->n + 1, sizeof *boxes);
	_cleanup_(freep) size_t *order = calloc(p->n + 1, sizeof *order);
	int r;

	if (boxes == NULL || order == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < p->n; i++)
		boxes[i] = p->thing[i].box;
	r = order_boxes(boxes, p->n, p->letter, order);
	return r < 0 ? r : take_all(p, order);
}

int
blocks_find(const struct grid *g, struct Pix *ink, int letter, struct blocks *ret)
{
	struct page_of p = {.grid = g, .ret = ret};
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
