/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Narrow print: half-width katakana, and letters squeezed sideways to fit their cell. Networks know
 * letters as wide as high, so such a stretch of a line is shown to them widened; its voicing marks,
 * which take a place of their own there, are moved to their letters. Digits and Latin letters are
 * always narrow and stay.
 */
#ifndef FUMIKURA_OCR_NARROW_H
#define FUMIKURA_OCR_NARROW_H

#include "ocr/engine.h"
#include "ocr/strip.h"

/*
 * Lines of ret from `first` on are what s (drawn) was read as. Where they are not sure and the ink
 * is narrow, s is read again widened, and takes their place where that is surer. others, when not
 * NULL, takes what lost, for search. Errors as engine_read.
 */
int narrow_read(
    struct engine *e, const struct strip *s, struct words *ret, size_t first, struct words *others);

#endif
