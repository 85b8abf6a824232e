/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boxes for one letter or digit each, in a row (マス目): apart, touching, in a frame parted by
 * dashes or by short strokes. They are no cells: what stands in those of a row is one text.
 * Geometry only.
 */
#ifndef FUMIKURA_OCR_COMB_H
#define FUMIKURA_OCR_COMB_H

#include "ocr/words.h"

struct Pix;

#define COMBS_MAX 400 /* rows of boxes per page */

struct combs {
	struct box row[COMBS_MAX]; /* half size, what the boxes of a row cover */
	size_t n;
	struct Pix *edges; /* 1-bit, half size: ink of their sides, but for what goes on as a ruled
			      line of something larger */
};

/*
 * ink: 1-bit at 150 dpi. Cells of a table are no boxes: their sides go on above or below. Nor are
 * touching ones as high as cells, unless they hold digits. -ENOMEM. Caller frees ret.
 */
int combs_find(struct Pix *ink, struct combs *ret);
void combs_free(struct combs *c); /* usable as cleanup */

#endif
