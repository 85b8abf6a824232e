/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which ink of a line is which letter of what was read there. Engines say only roughly where a
 * letter stands, some letters off at times; here the text, whose letters are mostly right, is laid
 * over the line so that each lies where it looks like itself.
 */
#ifndef FUMIKURA_OCR_LETTER_FIT_H
#define FUMIKURA_OCR_LETTER_FIT_H

#include "ocr/letter_windows.h"

#define LETTER_FIT_MAX 150 /* glyphs of a line at most */
#define LETTER_NOWHERE (-1)
#define LETTER_MARKS U"□■☑○" /* that marks.h lifts off the sheet: they have no ink */

/* For each glyph of l its window, or LETTER_NOWHERE. unsure: percent below which a glyph may be
 * another letter than was read. -E2BIG: of more than LETTER_FIT_MAX glyphs; -ENOMEM. */
int letter_fit(const struct letter_windows *cut, const struct words *w, const struct line *l,
    unsigned unsure, int *ret_windows);

/* By which name letters are compared: full-width signs by that of the narrow ones, dashes by that
 * of ー and so on. */
uint32_t letter_plain(uint32_t code);
/* The plain letter that was read, 0: none. */
uint32_t letter_code(const struct glyph *g);
/* How far a shape is from what was read, or from a letter of the same plain name, which is nearer.
 */
float letter_own_distance(const struct letter_point *p, const struct glyph *g);

#endif
