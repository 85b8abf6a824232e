/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Stretched print: titles in letters up to twice as wide as high, as word processors set them.
 * Networks know letters as wide as high, so such a line is shown to them as high as it is wide.
 */
#ifndef FUMIKURA_OCR_STRETCHED_H
#define FUMIKURA_OCR_STRETCHED_H

#include "ocr/engine.h"
#include "ocr/strip.h"

/*
 * Lines of ret from `first` on are what s (drawn) was read as. Where they are not sure and the ink
 * is wide, s is read again, higher, and takes their place where that is surer and its letters are
 * wide indeed. others, when not NULL, takes what lost, for search. Errors as engine_read.
 */
int stretched_read(
    struct engine *e, const struct strip *s, struct words *ret, size_t first, struct words *others);

#endif
