/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tables with upright rules only, as price lists and budgets have them below their headings: cells
 * beside each other, all from one height to another, whose lines of print stand level with each
 * other, or are named by those of the leading one. White between the rows, drawn as level lines,
 * closes a cell to each line; where there are no rows but headings far above the rest, to these.
 */
#ifndef FUMIKURA_OCR_OPEN_ROWS_H
#define FUMIKURA_OCR_OPEN_ROWS_H

#include "ocr/grid.h"

struct Boxa;

/*
 * print: 1-bit, half size, without ruled lines and dust; g: its cells so far, of which those in
 * areas stay. Draws into g->lines what parts their rows. The areas of such tables, half size, are
 * added to areas; where there are any, cells have to be found anew. Columns of prose stay whole.
 * -ENOMEM.
 */
int open_rows_close(struct Pix *print, const struct grid *g, struct Boxa *areas);

#endif
