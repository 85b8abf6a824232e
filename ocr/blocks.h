/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a form is read by, in reading order: the cells of its tables, and the pieces of lines that
 * stand outside cells. Geometry only.
 */
#ifndef FUMIKURA_OCR_BLOCKS_H
#define FUMIKURA_OCR_BLOCKS_H

#include "ocr/grid.h"

#define BLOCKS_MAX_PIECES 1500 /* of text outside cells; more are grain or a picture */

struct block {
	int cell;        /* index into the grid, -1: outside */
	bool part;       /* of the cell, a line of a high one: only `own` of it is read here */
	struct cell own; /* where it stands, for one outside, or a part */
};

struct blocks {
	struct block *block;
	size_t n;
	bool crowded; /* see blocks_find() */
	int letter;   /* usual height of a row outside cells, sheet pixels */
};

/*
 * ink: the half-size picture without ruled lines. letter: usual height of a row in cells, sheet
 * pixels, 0: unknown. Where there are too many pieces outside cells, or a page without cells holds
 * more than lines of text, the blocks are the cells only, and crowded is set: finding what else is
 * on the page is better left to the engine. -ENOMEM.
 */
int blocks_find(const struct grid *g, struct Pix *ink, int letter, struct blocks *ret);
void blocks_free(struct blocks *b); /* usable as cleanup */

#endif
