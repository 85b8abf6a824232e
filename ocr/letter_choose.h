/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which of several texts a line is, by its ink. Networks know what is likely beside its
 * neighbours; where several texts are, the shape of single letters (letter_model.h) tells.
 */
#ifndef FUMIKURA_OCR_LETTER_CHOOSE_H
#define FUMIKURA_OCR_LETTER_CHOOSE_H

#include "ocr/words.h"

struct Pix;

/* picture: 8-bit, of nothing but the line, dark on light. Each line of texts is one that it may
 * be, at least one, the likeliest first; likely[] says how likely (natural logarithm). Another
 * than the first is chosen only where all that it has instead is seen in the ink. 1: all of the
 * line looks like the chosen text, and like no other of them; 0: not so; -ENODATA: the ink tells
 * nothing, or only after long; -ENOMEM. A line of 20 letters takes some 10 ms. */
int letter_choose(
    struct Pix *picture, const struct words *texts, const double *likely, size_t *ret);

#endif
