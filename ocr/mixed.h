/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page of which the busiest parts are Latin may have Japanese lines between, as forms in two
 * languages do: the Latin model reads them as rubbish.
 */
#ifndef FUMIKURA_OCR_MIXED_H
#define FUMIKURA_OCR_MIXED_H

#include <stdbool.h>

#include "ocr/engine.h"

/* Whether lines of latin, which the Latin model read of pix (8-bit) and is not sure of, are
 * Japanese: a few of them are read again. Errors as engine_read. */
int mixed_find(struct engine *e, struct Pix *pix, const struct words *latin, bool *ret);

#endif
