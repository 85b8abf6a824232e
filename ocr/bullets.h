/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * •, the dot of lists, larger than ・ and smaller than ●. The models do not know it: they read it
 * as e, o, は or ・.
 */
#ifndef FUMIKURA_OCR_BULLETS_H
#define FUMIKURA_OCR_BULLETS_H

#include "ocr/words.h"

#define BULLETS_RULE "sign"

struct Pix;

/* Writes • over the letter that a line begins with where the ink is such a dot; over ・ only where
 * another line of the list had a letter for it. Arguments as signs_correct's. -ENOMEM. */
int bullets_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
