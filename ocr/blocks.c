/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of lines by joining ink that is near along the line; tables and pieces are brought into
 * order together, then the cells of each table. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/blocks.h"
#include "ocr/order.h"
#include "ocr/runs.h"

#define JOIN 1.0        /* letters: ink of one line is nearer than this */
#define APART 3.0       /* letters: pieces of one row further apart are read each by itself */
#define STACK_WIDE 1.8  /* letters: of one in vertical writing, … */
#define STACK_GAP 0.6   /* … from it to the next, … */
#define STACK_HIGH 5    /* … and of all of them */
#define TALL 6          /* letters */
#define DUST 0.5        /* letters; a piece not larger both ways is dust */
#define HAIR 0.25       /* letters; what is thinner and … */
#define HAIR_LONG 1     /* … longer is what is left of a line */
#define FRAME_THIN 0.25 /* letters */
#define GRAIN 2         /* half-size pixels; ink not larger both ways is grain */
#define LETTER_USUAL 18 /* half-size pixels, 9 point */
#define LETTER_OTHER 0.2
#define PIECES_TELL 8   /* the usual height of letters outside cells */
#define LETTER_MOST 150 /* 25 mm; larger is no writing */
#define LETTER_LEAST 8  /* half-size pixels */

/* Something to be brought into order: a piece of text, a table, or a cell of a table that text
 * stands in. */
struct thing {
	enum { PIECE, TABLE, CELL } kind;
	int index; /* of the piece, table name, cell */
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

/* Vertical writing beside the text, as in a margin: single letters close below each other become
 * one piece of joined. */
static int
join_stacks(PIX *joined, int letter)
{
	const int wide = (int)(STACK_WIDE * letter);
	PIX *single =
	    pixSelectBySize(joined, wide, wide, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
	PIX *closed =
	    single == NULL ? NULL : runs_close(single, DOWN, (int)(STACK_GAP * letter) | 1);
	PIX *stacks = closed == NULL ? NULL
				     : pixSelectBySize(closed, 0, (int)(STACK_HIGH * letter), 8,
					   L_SELECT_HEIGHT, L_SELECT_IF_GTE, NULL);
	int r = stacks == NULL || pixOr(joined, joined, stacks) == NULL ? -ENOMEM : 0;

	pixDestroy(&stacks);
	pixDestroy(&closed);
	pixDestroy(&single);
	return r;
}

/* The ink outside cells, joined along its lines. */
static PIXA *
find_pieces(const struct grid *g, PIX *ink, int letter)
{
	PIX *outside =
		pixSelectBySize(ink, GRAIN, GRAIN, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL),
	    *joined;
	PIXA *pieces = NULL;
	BOXA *boxes;

	for (size_t i = 0; outside != NULL && i < g->n; i++) {
		const struct box *b = &g->cells[i].box;

		pixRasterop(outside, b->x / SHEET_HALF, b->y / SHEET_HALF, b->w / SHEET_HALF,
		    b->h / SHEET_HALF, PIX_CLR, NULL, 0, 0);
	}
	joined = outside == NULL ? NULL : runs_close(outside, ACROSS, letter);
	boxes = joined == NULL || join_stacks(joined, letter) < 0 ? NULL
								  : pixConnComp(joined, &pieces, 8);
	boxaDestroy(&boxes);
	pixDestroy(&joined);
	pixDestroy(&outside);
	return pieces;
}

struct height {
	l_int32 h, w;
};

static int
by_height(const void *a, const void *b)
{
	return ((const struct height *)a)->h - ((const struct height *)b)->h;
}

/* The height that half of all text, by its width, does not exceed. like: where pieces are few,
 * unless they are alone on the page. */
static int
usual_height(PIXA *pieces, int like, bool alone)
{
	size_t n = (size_t)pixaGetCount(pieces), tell = 0;
	_cleanup_(freep) struct height *heights = calloc(n + 1, sizeof *heights);
	long all = 0, sum = 0;
	size_t i;

	if (heights == NULL)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct height *at = &heights[tell];

		pixaGetBoxGeometry(pieces, (int)i, NULL, NULL, &at->w, &at->h);
		if (at->h < LETTER_LEAST || at->h > LETTER_MOST)
			continue;
		all += at->w;
		tell++;
	}
	if (tell == 0 || (tell < PIECES_TELL && !alone))
		return like;
	qsort(heights, tell, sizeof *heights, by_height);
	for (i = 0; i < tell && 2 * (sum + heights[i].w) < all; i++)
		sum += heights[i].w;
	return heights[i].h;
}

/* Pieces are joined twice where their letters turn out to be of another size than the cells'. */
static int
find_text(struct page_of *p, PIX *ink, int letter)
{
	int like = letter > 0 ? letter / SHEET_HALF : LETTER_USUAL, half;

	if (like < LETTER_LEAST)
		like = LETTER_LEAST;
	p->pieces = find_pieces(p->grid, ink, (int)(JOIN * like));
	if (p->pieces == NULL)
		return -ENOMEM;
	half = usual_height(p->pieces, like, letter == 0);
	if (half < 0)
		return half;
	p->letter = half * SHEET_HALF;
	if (abs(half - like) > LETTER_OTHER * like) {
		pixaDestroy(&p->pieces);
		p->pieces = find_pieces(p->grid, ink, (int)(JOIN * half));
	}
	return p->pieces == NULL ? -ENOMEM : 0;
}

static bool
is_text(struct box b, double letter)
{
	double thin = b.w < b.h ? b.w : b.h, long_ = b.w < b.h ? b.h : b.w;

	return long_ > DUST * letter && (thin > HAIR * letter || long_ < HAIR_LONG * letter);
}

/* Nothing but thin lines: a dashed frame, a broken rule. */
static bool
is_frame(PIX *piece, int letter)
{
	int thick = (int)(FRAME_THIN * letter) + 1;
	l_int32 none = 0;
	PIX *rest;

	if (pixGetWidth(piece) < HAIR_LONG * letter && pixGetHeight(piece) < HAIR_LONG * letter)
		return false;
	rest = pixOpenBrick(NULL, piece, thick, thick);
	pixZero(rest, &none);
	pixDestroy(&rest);
	return none != 0;
}

static void
add(struct page_of *p, int kind, int index, struct box box)
{
	p->thing[p->n++] = (struct thing){kind, index, box};
}

static void
add_pieces(struct page_of *p)
{
	for (int i = 0; i < pixaGetCount(p->pieces); i++) {
		l_int32 x, y, w, h;
		PIX *piece;

		pixaGetBoxGeometry(p->pieces, i, &x, &y, &w, &h);
		piece = pixaGetPix(p->pieces, i, L_CLONE);
		if (is_text(to_sheet(x, y, w, h), p->letter) &&
		    !is_frame(piece, p->letter / SHEET_HALF))
			add(p, PIECE, i, to_sheet(x, y, w, h));
		pixDestroy(&piece);
	}
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

/* Whether a piece goes on in the row of what came before, near enough to be read with it. */
static bool
goes_on(const struct page_of *p, struct box before, struct box b)
{
	int middle = b.y + b.h / 2, gap = b.x - before.x - before.w;

	return middle >= before.y && middle < before.y + before.h && gap >= 0 &&
	       gap < APART * p->letter;
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

				if (next->kind != PIECE || !goes_on(p, row, next->box))
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
	int r = find_text(&p, ink, letter);

	if (r < 0)
		return r;
	ret->letter = p.letter;
	p.thing = calloc((size_t)pixaGetCount(p.pieces) + g->n + 1, sizeof *p.thing);
	r = p.thing == NULL ? -ENOMEM : 0;
	if (r >= 0)
		add_pieces(&p);
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
