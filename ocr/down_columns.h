/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The columns of a page that is written downwards: lines that the engine found, as long as their
 * ink is, and those it lost, cut out each. Geometry only; sheet pixels.
 */
#ifndef FUMIKURA_OCR_DOWN_COLUMNS_H
#define FUMIKURA_OCR_DOWN_COLUMNS_H

#include "ocr/down_cut.h"
#include "ocr/words.h"

struct Pix;

struct down_column {
	struct box box;  /* on the sheet, with white above and below as high as letters are wide */
	size_t line;     /* of the page: which it is, or … */
	bool lost;       /* … before which it belongs, which may be behind the last */
	struct Pix *ink; /* 1-bit */
};

/* In the order of lines. */
struct down_columns {
	struct down_column *column;
	struct down_line *cost; /* of each, for cuts */
	unsigned n;
	double pitch; /* of all, see down_cut.h */
};

/* w: lines of the sheet pix (8-bit); columns are made of the vertical ones that are long enough.
 * -ENOMEM. */
int down_columns_find(struct Pix *pix, const struct words *w, struct down_columns *ret);
void down_columns_free(struct down_columns *c); /* usable as cleanup */

#endif
