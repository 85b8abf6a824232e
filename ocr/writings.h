/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What else the print of a line may mean, for search alone, where the engine has one letter for two
 * signs: 口 among words is the box that stands before each choice, x before a number is ×, [ is 〔,
 * a point before three digits is a comma, and one at the end of Japanese is 。; ○ and 〇 are printed
 * alike.
 */
#ifndef FUMIKURA_OCR_WRITINGS_H
#define FUMIKURA_OCR_WRITINGS_H

#include "ocr/words.h"

/* Appends lines 0 … n - 1 of from that can be written otherwise to `to`, so written, unless one of
 * to's lines from `since` on says it. What was read is kept in raw. from may be to. -ENOMEM. */
int writings_add(const struct words *from, size_t n, struct words *to, size_t since);

#endif
