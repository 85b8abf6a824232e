/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The grades of dementia that care forms offer as a choice, Ⅰ Ⅱa Ⅱb Ⅲa Ⅲb Ⅳ M: the engine knows the
 * letters and not the numerals, but their order is always the same.
 */
#ifndef FUMIKURA_OCR_GRADES_H
#define FUMIKURA_OCR_GRADES_H

#include "ocr/words.h"

#define GRADES_RULE "grades"

/* Writes the numerals before a, b, a, b where a line has the whole scale. -ENOMEM. */
int grades_correct(struct words *w);

#endif
