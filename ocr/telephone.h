/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ℡, a sign of one letter's room that the models do not know: they read it as 季, 字, T or TL. What
 * was read says where to look, the ink there says what it is.
 */
#ifndef FUMIKURA_OCR_TELEPHONE_H
#define FUMIKURA_OCR_TELEPHONE_H

#include "ocr/words.h"

#define TELEPHONE_RULE "sign"

struct Pix;

/* Writes ℡ over the letters that were read from it; arguments as signs_correct's. -ENOMEM. */
int telephone_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
