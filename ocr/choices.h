/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbered choices in two columns, read row by row: where the numbers tell that each column goes
 * on below itself, as 1 and 5 above 2 and 6, the left one comes before the right one.
 */
#ifndef FUMIKURA_OCR_CHOICES_H
#define FUMIKURA_OCR_CHOICES_H

#include "ocr/words.h"

/* Parts such lines of w, and brings the parts into order. w: in reading order, as read. -ENOMEM. */
int choices_arrange(struct words *w);

#endif
