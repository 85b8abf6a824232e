/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The full stop behind the number of an item, which the engine drops where it stands alone in a wide
 * gap: "1．必要な場合" reads 1必要な場合. Its ink tells.
 */
#ifndef FUMIKURA_OCR_POINTS_H
#define FUMIKURA_OCR_POINTS_H

#include "ocr/words.h"

struct Pix;

#define POINTS_RULE "point"

/* Writes it behind digits at the beginning of a line or behind a gap, as part of the last of them.
 * grey and rules as signs_correct. -ENOMEM. */
int points_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
