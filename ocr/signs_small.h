/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Small ink beside what was read, which the engine drops or takes for other: the raised 2 of m²,
 * the tail of ; below the dot it shares with :.
 */
#ifndef FUMIKURA_OCR_SIGNS_SMALL_H
#define FUMIKURA_OCR_SIGNS_SMALL_H

#include "ocr/words.h"

struct Pix;

/* As signs_correct, and by its rule. */
int signs_small_correct(struct Pix *grey, struct Pix *rules, struct words *w);

#endif
