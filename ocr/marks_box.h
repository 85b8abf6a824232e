/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The shape of one tick box, without what is around it. */
#ifndef FUMIKURA_OCR_MARKS_BOX_H
#define FUMIKURA_OCR_MARKS_BOX_H

#include "ocr/words.h"

struct Pix;

#define MARKS_BOX_MAX 40 /* half-size pixels, 7 mm: side of a box */

/* Share of ink in a rectangle of a 1-bit picture; what is outside of that is white. */
double marks_ink_share(struct Pix *pix, int x, int y, int w, int h);
/* Whether b, half-size pixels, no larger than MARKS_BOX_MAX, is on page, at full size and grey, a
 * square with four straight edges. */
bool marks_box_is_printed(struct Pix *page, struct box b);
/* Whether part, a piece of ink at b, holds a square outline of this side with a tick in it: the
 * best is *ret. When in doubt it does not. */
bool marks_box_ticked(struct Pix *part, struct box b, int side, struct box *ret);

#endif
