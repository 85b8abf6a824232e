/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One list that grows; its order is order.c's. */
#include <errno.h>
#include <stdlib.h>

#include "ocr/entries.h"
#include "ocr/tall_cell.h"

static int
add(struct entries *e, struct cell cell, int of, bool part)
{
	if (e->n == e->room) {
		size_t room = 2 * e->room + 64;
		void *cells = realloc(e->cell, room * sizeof *e->cell);
		void *ofs = realloc(e->of, room * sizeof *e->of);
		void *parts = realloc(e->part, room * sizeof *e->part);

		e->cell = cells != NULL ? cells : e->cell;
		e->of = ofs != NULL ? ofs : e->of;
		e->part = parts != NULL ? parts : e->part;
		if (cells == NULL || ofs == NULL || parts == NULL)
			return -ENOMEM;
		e->room = room;
	}
	e->cell[e->n] = cell;
	e->of[e->n] = of;
	e->part[e->n++] = part;
	return 0;
}

int
entries_add_cell(
    struct entries *e, struct Pix *ink, const struct cell *table, size_t n, size_t i, int letter)
{
	struct box line[TALL_CELL_LINES];
	int row[TALL_CELL_LINES], r = 0;
	int lines = tall_cell_lines(ink, table, n, &table[i], letter, line, row);

	if (lines <= 0)
		return lines < 0 ? lines : add(e, table[i], (int)i, false);
	for (int k = 0; r >= 0 && k < lines; k++)
		r = add(e,
		    (struct cell){
			.box = line[k], .row = row[k], .row_span = 1, .open = table[i].open},
		    (int)i, true);
	return r;
}

int
entries_add(struct entries *e, const struct cell *table, size_t n, struct box box, int y, int name)
{
	struct cell c = {.box = box, .row_span = 1};

	for (size_t i = 0; i < n; i++)
		if (table[i].box.y <= y && table[i].row > c.row)
			c.row = table[i].row;
	return add(e, c, name, false);
}

void
entries_free(struct entries *e)
{
	free(e->cell);
	free(e->of);
	free(e->part);
}
