/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A table as it is brought into order: its cells, or the lines of those that tall_cell parts, and
 * what else stands in it, as cells of its rows. Geometry only.
 */
#ifndef FUMIKURA_OCR_ENTRIES_H
#define FUMIKURA_OCR_ENTRIES_H

#include "ocr/grid.h"

struct entries {
	struct cell *cell;
	int *of;    /* cell of the table, from 0; what else stands in it has a name below 0 */
	bool *part; /* one line of the cell */
	size_t n, room;
};

/* Adds table[i], of n; ink and letter as in tall_cell_lines(). -ENOMEM. */
int entries_add_cell(
    struct entries *e, struct Pix *ink, const struct cell *table, size_t n, size_t i, int letter);
/* Adds what stands in a box, in the last row of the table that begins above y. -ENOMEM. */
int entries_add(
    struct entries *e, const struct cell *table, size_t n, struct box box, int y, int name);
void entries_free(struct entries *e); /* usable as cleanup */

#endif
