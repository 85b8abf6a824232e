/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Printed rings of a letter's size with something in them, in the picture of a line. */
#ifndef FUMIKURA_OCR_RINGED_SHAPE_H
#define FUMIKURA_OCR_RINGED_SHAPE_H

#include "ocr/words.h"

struct Pix;

#define RINGED_MOST 8 /* in one line */

/* The rings of pix (8-bit, a line), from left to right, at most RINGED_MOST. Their count, -ENOMEM.
 */
int ringed_find(struct Pix *pix, struct box ret[RINGED_MOST]);
/* What stands in a ring, without it, as large as letters of a line, on white, and made so many
 * times as wide; its width to its height before. Caller owns it; NULL: no memory. */
struct Pix *ringed_inside(struct Pix *pix, struct box ring, double wide, double *ret_shape);

#endif
