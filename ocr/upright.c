/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that overlap from side to side are one column. */
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/upright.h"

#define COLUMNS_MIN 2
#define WIDE 1.6       /* letters: width of a column */
#define LOW 2          /* letters: a shorter one is a letter of a line */
#define HIGH 4         /* letters: height of all, and … */
#define SLIM 1.5       /* … of their width */
#define PIECE_HIGH 0.5 /* of their height: a higher piece is a bracket or a drawing */

static bool
is_column(struct box c, double letter)
{
	return c.w <= WIDE * letter && c.h >= LOW * letter;
}

bool
upright_columns(const struct box *piece, size_t n, double letter)
{
	_cleanup_(freep) struct box *box = calloc(n + 1, sizeof *box);
	struct box all = {0}, column = {0};
	int columns = 0, piece_high = 0;

	if (box == NULL || n == 0)
		return false;
	memcpy(box, piece, n * sizeof *box);
	qsort(box, n, sizeof *box, box_by_x);
	for (size_t i = 0; i < n; i++) {
		all = box_union(all, box[i]);
		piece_high = box[i].h > piece_high ? box[i].h : piece_high;
		if (i > 0 && box[i].x >= column.x + column.w) {
			if (!is_column(column, letter))
				return false;
			columns++;
			column = (struct box){0};
		}
		column = box_union(column, box[i]);
	}
	return is_column(column, letter) && columns + 1 >= COLUMNS_MIN && all.h >= HIGH * letter &&
	       all.h >= SLIM * all.w && piece_high <= PIECE_HIGH * all.h;
}
