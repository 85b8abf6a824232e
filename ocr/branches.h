/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * └ and ├ before what belongs to the line above. The models do not know them: they read them as し,
 * ヒ, ト, L or -.
 */
#ifndef FUMIKURA_OCR_BRANCHES_H
#define FUMIKURA_OCR_BRANCHES_H

#include "ocr/words.h"

#define BRANCHES_RULE "sign"

struct Pix;

/* Writes them over the letter that a line begins with where the ink is theirs. Arguments as
 * signs_correct's. -ENOMEM. */
int branches_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
