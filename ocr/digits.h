/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Digits told apart by the holes in their ink. The models take repeated zeros, above all those with
 * a stroke through them, for nines and sixes; but whatever the typeface, a zero's hole is as tall
 * as the zero, and an eight has two, one above the other.
 */
#ifndef FUMIKURA_OCR_DIGITS_H
#define FUMIKURA_OCR_DIGITS_H

#include "ocr/words.h"

struct Pix;

/*
 * Makes 0 or 8 of what was read as another of 0, 6, 8, 9 and clearly is one, and 6 of 5. pix is the
 * 8-bit picture that w was read from, dark on light, boxes in its pixels. A hole that is missing
 * proves nothing, since faint print is broken: no other 6 and no 9 is ever made. Out of memory, w
 * stays as it is.
 */
void digits_mend(struct Pix *pix, struct words *w);

#endif
