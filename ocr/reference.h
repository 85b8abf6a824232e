/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ※, which poor print makes 楽, 事, 天 or 挙 of: four dots around a cross. Only where notes begin,
 * at the beginning of a line or in brackets, and where what was read is not sure.
 */
#ifndef FUMIKURA_OCR_REFERENCE_H
#define FUMIKURA_OCR_REFERENCE_H

#include "ocr/words.h"

struct Pix;

/* As signs_correct, and by its rule. */
int reference_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
