/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Print of two sizes in one row: a title, and small print behind it, as 誓約書（個人用）. Networks
 * do not know letters half as high as those beside them, so each is read by itself.
 */
#ifndef FUMIKURA_OCR_CELL_SIZES_H
#define FUMIKURA_OCR_CELL_SIZES_H

#include "ocr/cell_marks.h"
#include "ocr/words.h"

/* Whether the marks in row end with small print, behind white; ret_large is what stands before it.
 * Half-size pixels. room: for m->n boxes, whose contents are of no use afterwards. */
bool cell_small_print(const struct cell_marks *m, const struct box *row, struct box *room,
    struct box *ret_large, struct box *ret_small);

#endif
