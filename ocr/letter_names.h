/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * By which names shapes are compared with what was read: letters that look the same have one, and
 * of some the shape alone cannot tell which it is.
 */
#ifndef FUMIKURA_OCR_LETTER_NAMES_H
#define FUMIKURA_OCR_LETTER_NAMES_H

#include "ocr/letter_model.h"

#define LETTER_MARKS U"□■☑○" /* that marks.h lifts off the sheet: they have no ink */
/* That ruled lines and what is left of them look like. */
#define LETTER_STROKES U"一ー-_|十工土士王口ロエニ二三丁トH"

/* By which name letters are compared: full-width signs by that of the narrow ones, dashes by that
 * of ー and so on. */
uint32_t letter_plain(uint32_t code);
/* The plain letter that was read, 0: none. */
uint32_t letter_code(const struct glyph *g);
/* How far a shape is from what was read, or from a letter of the same plain name, which is nearer.
 */
float letter_own_distance(const struct letter_point *p, const struct glyph *g);
/* Likewise from any letter that looks like what was read. */
float letter_alike_distance(const struct letter_point *p, const struct glyph *g);
/* Whether the shape alone cannot tell one from the other. */
bool letters_are_alike(uint32_t a, uint32_t b);

#endif
