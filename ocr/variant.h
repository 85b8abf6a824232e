/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters of names that the engine's model was never taught and reads as their common forms: 髙 as
 * 高, 﨑 as 崎. What was read says where to look, the ink there says which of the two it is.
 */
#ifndef FUMIKURA_OCR_VARIANT_H
#define FUMIKURA_OCR_VARIANT_H

#include "ocr/words.h"

#define VARIANT_RULE "variant"

struct Pix;

/*
 * Writes the variant over its common form where the strokes clearly show it; in doubt the common
 * form stays. grey: 8-bit, dark on light, what w's boxes are pixels of; rules: 1-bit, half size,
 * the ruled lines in it. Boxes may be off by a letter. The line keeps what was read (raw) and the
 * rule's name. -ENOMEM.
 */
int variant_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
