/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A frame parted into equal boxes by dashes, or by strokes that do not reach all the way. */
#ifndef FUMIKURA_OCR_COMB_TEETH_H
#define FUMIKURA_OCR_COMB_TEETH_H

#include "ocr/words.h"

struct Pix;

/*
 * Whether such strokes part the rectangle b of ink, half size, into equal boxes no wider than high;
 * sets their ink in edges. 1, 0, -ENOMEM.
 */
int comb_teeth_take(struct Pix *ink, struct box b, struct Pix *edges);

#endif
