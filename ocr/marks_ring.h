/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A ring drawn by hand around a printed choice, told by its shape from the piece of ink it is part
 * of: it may touch what it surrounds and what stands beside it. Lengths are half-size pixels.
 */
#ifndef FUMIKURA_OCR_MARKS_RING_H
#define FUMIKURA_OCR_MARKS_RING_H

#include "ocr/words.h"

struct Pix;

struct ring_found {
	struct Pix *ink; /* as large as the piece: the ring's own, without the strokes of print that
			    touch or cross it */
	struct box box;  /* in half */
	struct box dot[2]; /* in half: dots between choices that the ring lies over in part */
	int dots;
};

/*
 * part: a piece of ink with its corner at (b.x, b.y) of half, which is all ink. 1 when it holds a
 * ring around print, 0 when it does not, -ENOMEM. ret->ink: caller owns it.
 */
int marks_ring_find(struct Pix *half, struct Pix *part, struct box b, struct ring_found *ret);

#endif
