/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A high cell beside many rows that no lines part, and short lines of print in it that stand level
 * with these rows or on the rules between them, as the hours of a week's plan: each is read with
 * the row it stands at.
 */
#ifndef FUMIKURA_OCR_TALL_CELL_H
#define FUMIKURA_OCR_TALL_CELL_H

#include "ocr/grid.h"

#define TALL_CELL_LINES 64

/*
 * ink: half size, without ruled lines; cell: one of the table's n; letter: usual height of a row,
 * sheet pixels. The lines' places, white around each, to ret, of TALL_CELL_LINES, their rows to
 * ret_row. Their count; 0: the cell is none of these. -ENOMEM.
 */
int tall_cell_lines(struct Pix *ink, const struct cell *table, size_t n, const struct cell *cell,
    int letter, struct box *ret, int *ret_row);

#endif
