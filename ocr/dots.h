/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The ・ between words that is read as another small sign: 商品.サービス, 音楽-ボイス. Its ink
 * tells: round, in the middle of the letters' height, white on both sides.
 */
#ifndef FUMIKURA_OCR_DOTS_H
#define FUMIKURA_OCR_DOTS_H

#include "ocr/words.h"

struct Pix;

#define DOTS_RULE "dot"

/* Between Japanese letters alone. grey and rules as signs_correct. -ENOMEM. */
int dots_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
