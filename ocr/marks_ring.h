/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring drawn by hand around a printed choice, told by its shape from the piece of ink it is part
 * of: it may touch what it surrounds and what stands beside it. Lengths are half-size pixels.
 */
#ifndef FUMIKURA_OCR_MARKS_RING_H
#define FUMIKURA_OCR_MARKS_RING_H

#include "ocr/words.h"

struct Pix;

/*
 * part: a piece of ink with its corner at (b.x, b.y) of half, which is all ink. 1 when it holds a
 * ring around print, 0 when it does not, -ENOMEM. *ret_ink: the ring's own ink, as large as part,
 * without the strokes of print that touch or cross it; caller owns it. *ret_box: the ring in half.
 */
int marks_ring_find(struct Pix *half, struct Pix *part, struct box b, struct Pix **ret_ink,
    struct box *ret_box);

#endif
