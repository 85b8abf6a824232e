/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Items numbered ① ② ③: one that was read as @ or another round sign between two that follow each
 * other but for it has the number that is missing.
 */
#ifndef FUMIKURA_OCR_SERIES_H
#define FUMIKURA_OCR_SERIES_H

#include "ocr/words.h"

#define SERIES_RULE "series"

/* Writes the number over the first letter of such lines. w: in reading order. -ENOMEM. */
int series_correct(struct words *w);

#endif
