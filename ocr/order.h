/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reading order of boxes on a page, by the white between them: bands of the page top to bottom, the
 * boxes of a band left to right. Bands that a white gutter divides all along are columns, each read
 * to its end, unless their rows stand level with each other, as a label's row with its value's.
 * Geometry only.
 */
#ifndef FUMIKURA_OCR_ORDER_H
#define FUMIKURA_OCR_ORDER_H

#include "ocr/grid.h"

/*
 * Fills ret[0 … n - 1] with the indices of b in reading order. letter: usual height of a row, in
 * the same pixels. -ENOMEM.
 */
int order_boxes(const struct box *b, size_t n, int letter, size_t *ret);
/* The same for the cells of one table: by rows, unless its left and its right are ruled differently
 * or stand apart, as two tables side by side; a label with its value that goes past some rows to
 * the left comes behind these. Cells of one open table are read together. */
int order_cells(const struct cell *c, size_t n, size_t *ret);

#endif
