/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The connected ink of a cell, but for what is not written there: dust, a stroke from corner to
 * corner, dots of a rule at its side. Geometry only.
 */
#ifndef FUMIKURA_OCR_CELL_MARKS_H
#define FUMIKURA_OCR_CELL_MARKS_H

#include "ocr/grid.h"

struct cell_marks {
	struct box *box; /* half-size pixels, on the sheet */
	size_t n;
};

/* ink: the half-size picture without ruled lines. The first max marks; ret->box is the caller's to
 * free, also after an error. -ENOMEM. */
int cell_marks(struct Pix *ink, const struct cell *c, size_t max, struct cell_marks *ret);

#endif
