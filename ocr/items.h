/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items in the old order, イ ロ ハ ニ, as laws and forms have them: 口, 八 and 二 are read in their
 * place. They are known by the others: (口) by (イ) and (ハ) on the page, 口 at a line's beginning
 * by イ above and ハ below.
 */
#ifndef FUMIKURA_OCR_ITEMS_H
#define FUMIKURA_OCR_ITEMS_H

#include "ocr/words.h"

#define ITEMS_RULE "items"

/* Writes ロ, ハ and ニ over such letters. w: in reading order. -ENOMEM. */
int items_correct(struct words *w);

#endif
