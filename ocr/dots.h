/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ・ between words, which is read as another small sign or not at all: 商品.サービス, 会議抽選会.
 * Its ink tells: round, in the middle of the line's height, white on both sides.
 */
#ifndef FUMIKURA_OCR_DOTS_H
#define FUMIKURA_OCR_DOTS_H

#include "ocr/words.h"

struct Pix;

#define DOTS_RULE "dot"

/* Between Japanese letters alone; one that was not read becomes part of the letter before it. grey
 * and rules as signs_correct. -ENOMEM. */
int dots_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
