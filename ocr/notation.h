/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * How numbers, periods and units are written in Japanese documents, and which of two signs of one
 * shape (カ 力, ー 一, l 1) the neighbours call for. Rules that hold without a word list; where the
 * ink itself can tell (a comma reaches below the line, a 〜 is higher than a hyphen), it is asked
 * first. Periods get ～ (U+FF5E), which Japanese keyboards type and search folds.
 */
#ifndef FUMIKURA_OCR_NOTATION_H
#define FUMIKURA_OCR_NOTATION_H

#include "ocr/words.h"

#define NOTATION_RULE "notation"
#define TWIN_RULE "twin"

/* Corrects all lines of w in place; they keep what was read, and the rule. -ENOMEM. */
int notation_correct(struct words *w);

#endif
