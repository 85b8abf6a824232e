/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Short words, of which one letter is in doubt: the letter becomes what the others call for when
 * the two look alike. Names and rare words stay: a pair is only known (alike_words.h) if no word of
 * Japanese would be lost by it, and a letter that stands in a known word already is never touched.
 */
#ifndef FUMIKURA_OCR_ALIKE_H
#define FUMIKURA_OCR_ALIKE_H

#include "ocr/words.h"

#define ALIKE_RULE "alike"

/* Corrects all lines of w in place; they keep what was read, and the rule. -ENOMEM. */
int alike_correct(struct words *w);

#endif
