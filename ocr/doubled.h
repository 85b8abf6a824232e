/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One letter read as two: みみ for み. Both readings of a line may say so, but what stands before
 * the two and what stands behind them is no farther apart than around one letter.
 */
#ifndef FUMIKURA_OCR_DOUBLED_H
#define FUMIKURA_OCR_DOUBLED_H

#include "ocr/words.h"

#define DOUBLED_RULE "doubled"

/* Takes one of two kana or ideographs of the same kind out of all lines of w where one was unsure
 * and there is no room for both. Boxes as they were read. -ENOMEM. */
int doubled_correct(struct words *w);

#endif
