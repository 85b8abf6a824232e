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

/*
 * Which patterns of a table are worth trying at a glyph: a handful of hundreds, those that have its
 * letter in (…), in their order. Letters of one kind share a set, so that some are tried in vain;
 * none that fits is left out. Quick to build: once for a page, not for a line.
 */
#define PATTERN_MAX 512   /* patterns of a table */
#define PATTERN_KINDS 256 /* of letters, by the last byte of their code */

struct pattern_index {
	uint64_t sets[PATTERN_KINDS][PATTERN_MAX / 64]; /* a bit a pattern */
};

/* Adds pattern number k, less than PATTERN_MAX, to x, which is all zero at first. */
void pattern_add(struct pattern_index *x, size_t k, const char *pattern);

/* Number of the first pattern, from number k on, that may fit a glyph of this code; PATTERN_MAX
 * when none does. */
size_t pattern_next(const struct pattern_index *x, uint32_t code, size_t k);

#endif
