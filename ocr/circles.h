/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The engine has one letter for two signs: 〇 (U+3007), the zero of numbers that are written with
 * ideographs (二〇二六, 一・〇), and ○ (U+25CB), which people type for everything else: bullets,
 * ticks, names left open (株式会社○○, ○月○日). What stands around it tells which is meant; where
 * that does not, it is ○.
 */
#ifndef FUMIKURA_OCR_CIRCLES_H
#define FUMIKURA_OCR_CIRCLES_H

#include "ocr/words.h"

/* Writes ○ over the Latin letters O and o that stand for circles left open between Japanese ones:
 * 平成oo年, 計o回, OO殿; not over those of O-157, of blood (O型), nor of initials (O市). -ENOMEM.
 */
int circles_correct(struct words *w, struct line *l, const char *rule);
/* Whether the circle that is glyph at of l belongs to a number. */
bool circles_are_zero(const struct words *w, const struct line *l, size_t at);
/* Writes every circle as what is meant. It is no correction: raw stays. */
void circles_name(struct words *w);

#endif
