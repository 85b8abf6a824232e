/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What is inside a cell: rows of ink, and how each is best shown to the engine. Geometry only;
 * reading is read_form.c.
 */
#ifndef FUMIKURA_OCR_CELLS_H
#define FUMIKURA_OCR_CELLS_H

#include "ocr/grid.h"

#define CELL_MAX_ROWS 64
#define CELL_MAX_MARKS 2000 /* connected pieces of ink looked at in one cell */

enum layout {
	LAYOUT_EMPTY,
	LAYOUT_ROWS,  /* rows that are clear of each other, read one by one */
	LAYOUT_STACK, /* one character below the other: laid side by side */
	LAYOUT_DOWN,  /* vertical writing */
	LAYOUT_BLOCK  /* rows that touch: the engine shall find them */
};

struct cell_row {
	struct box box;      /* of the ink, sheet pixels */
	struct box runs[48]; /* pieces between wide gaps, left to right */
	unsigned nruns;
};

struct cell_content {
	enum layout layout;
	struct box box; /* of all ink, sheet pixels */
	struct cell_row rows[CELL_MAX_ROWS];
	unsigned nrows;
};

/* ink: the half-size picture without ruled lines. letter: usual height of a row on this page in
 * sheet pixels, 0 when unknown. -ENOMEM. */
int cell_content(struct Pix *ink, const struct cell *c, int letter, struct cell_content *ret);

#endif
