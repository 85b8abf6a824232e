/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was read in rows of boxes (comb.h): among digits no letter is one that looks like a digit.
 */
#ifndef FUMIKURA_OCR_COMB_TEXT_H
#define FUMIKURA_OCR_COMB_TEXT_H

#include "ocr/comb.h"

#define COMB_RULE "comb"

/* w in sheet pixels. -ENOMEM. */
int comb_correct(const struct combs *c, struct words *w);

#endif
