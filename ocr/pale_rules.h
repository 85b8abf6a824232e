/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ruled lines paler than any ink, as papers have them that were made for a screen. On clean white
 * paper they are lines; elsewhere they could not be told from grain. What writing crosses, and
 * the squares of paper for writing or drawing, rule nothing.
 */
#ifndef FUMIKURA_OCR_PALE_RULES_H
#define FUMIKURA_OCR_PALE_RULES_H

struct Pix;

/* Adds them to seen (1-bit), which is the ink of grey (8-bit, 300 dpi) at half its size. -ENOMEM.
 */
int pale_rules_add(struct Pix *seen, struct Pix *grey);

#endif
