/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A glyph and its neighbours on one line, written down as text. One element a glyph:
 *
 *   9        a digit                 英       a Latin letter
 *   漢       an ideograph or 々      カ       katakana or ー       か  hiragana
 *   ^ $      the line's beginning, its end
 *   […]      any of these, each a character, a class from above or $
 *   !x       anything but element x, also no glyph at all
 *   (…)      any of these, nothing standing for more than itself: the glyph in question, once
 *   (!…)     likewise: any ideograph but these
 *
 * Everything else stands for itself: "9(一ー)9" is a stroke between two digits.
 */
#ifndef FUMIKURA_OCR_PATTERN_H
#define FUMIKURA_OCR_PATTERN_H

#include "ocr/words.h"

/* Whether the line's glyphs around glyph at (an index into w, of line l) are as pattern says. */
bool pattern_fits(const char *pattern, const struct words *w, const struct line *l, size_t at);

/* First code point of glyph at + step of line l; 0 beyond its ends. */
uint32_t pattern_code(const struct words *w, const struct line *l, size_t at, int step);

#endif
