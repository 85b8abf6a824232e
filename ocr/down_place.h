/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which letter of a line that is written downwards each glyph is, of what was read where its
 * letters lie side by side. A network says about where a glyph stands, and sometimes that is beside
 * its letter; but they come in one order, mostly one of each.
 */
#ifndef FUMIKURA_OCR_DOWN_PLACE_H
#define FUMIKURA_OCR_DOWN_PLACE_H

#include "ocr/down_letters.h"

/* The lines of w, whose letters stand `room` pixels apart, letter 0 at x room, come to stand where
 * l, which has some, is on the sheet. Glyphs of one letter share its box. -ENOMEM. */
int down_place(const struct down_letters *l, int room, struct words *w);

/* Likewise one line, which was read as it is written, if it has as many glyphs as letters. */
void down_place_each(const struct down_letters *l, struct words *w);

#endif
