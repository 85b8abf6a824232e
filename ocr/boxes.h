/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tick boxes that were not lifted off (marks.h), too soft or too close to their choice, are read as
 * 口 or ロ. They are known by where they stand: behind a gap or at a line's beginning, before a
 * choice, in a row or a column with others. 口座 and イ, ロ, ハ stay.
 */
#ifndef FUMIKURA_OCR_BOXES_H
#define FUMIKURA_OCR_BOXES_H

#include "ocr/words.h"

#define BOXES_RULE "box"

/* Writes □ over such letters, ☑ over what a ticked one among them is read as. Boxes are pixels of
 * one picture. -ENOMEM. */
int boxes_correct(struct words *w);

#endif
