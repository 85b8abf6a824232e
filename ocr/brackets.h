/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brackets of different kinds cannot be a pair: one of the two was misread. */
#ifndef FUMIKURA_OCR_BRACKETS_H
#define FUMIKURA_OCR_BRACKETS_H

#include "ocr/words.h"

/* Makes a pair of what closes l's innermost open bracket in another kind, when none of its own kind
 * is open and none that closes the open one follows: the closing one changes, or the opening one
 * where it was far less sure. -ENOMEM. */
int brackets_correct(struct words *w, struct line *l, const char *rule);

/* Likewise makes a pair of “ or ” and a straight quotation mark. -ENOMEM. */
int brackets_quote(struct words *w, struct line *l, const char *rule);

#endif
