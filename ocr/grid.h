/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ruled lines of a form and the cells they enclose. A cell is a white region that lines close
 * off on all sides, roughly rectangular; spans need no special case, since a merged cell is simply
 * one region. Works on the half-size ink picture.
 */
#ifndef FUMIKURA_OCR_GRID_H
#define FUMIKURA_OCR_GRID_H

#include "ocr/comb.h"
#include "ocr/prepare.h"

#define GRID_MIN_CELLS                                                                             \
	4 /* fewer are frames around prose: reading by cells would only hurt there                 \
	   */
#define GRID_MAX_CELLS 3000 /* per page; squared paper has more and is no form */

struct cell {
	struct box box;  /* sheet pixels, inside the lines */
	int table;       /* cells of one connected network of lines share it */
	int row, column; /* of the cell's top left corner within its table, from 0 */
	int row_span, column_span;
	int open; /* shared by the cells of a table whose rows only white parts, and that has
		     another such table beside it; 0: none of these */
	struct Pix *mask; /* 1-bit, half size, same box: 1 where the cell is */
};

struct grid {
	struct cell *cells; /* by table, then row, then column */
	size_t n;
	int tables;
	struct Pix *lines;  /* 1-bit, half size: ruled lines, long enough to meet */
	struct Pix *rules;  /* as they are, and the sides of boxes for single letters */
	struct combs combs; /* rows of such boxes */
};

/* A page without a grid gives n 0, lines still set. -ENOMEM. */
int grid_find(const struct sheet *s, struct grid *ret);
void grid_free(struct grid *g); /* usable as cleanup */

#endif
