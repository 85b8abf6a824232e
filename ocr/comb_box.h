/* SPDX-License-Identifier: GPL-3.0-or-later */
/* White rectangles with straight sides of ink, and where these sides go on. Half-size pixels. */
#ifndef FUMIKURA_OCR_COMB_BOX_H
#define FUMIKURA_OCR_COMB_BOX_H

#include "ocr/words.h"

struct Pix;

#define COMB_HIGH_MIN 20 /* 3.4 mm: letters are lower */
#define COMB_HIGH_MAX 64 /* 10.8 mm */
#define COMB_THICK 8     /* of a side at most */

enum side { SIDE_LEFT, SIDE_RIGHT, SIDE_TOP, SIDE_BOTTOM };

/* The insides of all such rectangles of a box's height, whatever stands in them; at most most.
 * Their count, -ENOMEM. */
int comb_boxes(struct Pix *ink, struct box *ret, int most);
/* Whether ink goes on from (x, y) by (dx, dy), or a pixel beside, further than corners are thick.
 */
bool comb_goes_on(struct Pix *ink, int x, int y, int dx, int dy);
/* How many pixels outwards a side of b is its own: from there on what is beside it goes on beyond
 * b. At most COMB_THICK; 0: it is all of something larger. */
int comb_side_thick(struct Pix *ink, struct box b, enum side side);
/* Sets what of the ink is a side of b, no thicker than thick, in edges. */
void comb_take_side(struct Pix *ink, struct box b, enum side side, int thick, struct Pix *edges);

#endif
