/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Second opinions on running text: lines that a page reading left in doubt are cut out and read
 * alone, and stay as they were unless that reading is the surer. In doubt is also a line with ink
 * beside it that no line holds: the engine loses glyphs at the ends of lines.
 */
#ifndef FUMIKURA_OCR_REREAD_H
#define FUMIKURA_OCR_REREAD_H

#include "ocr/engine.h"

/* w was read from pix (8-bit, 300 dpi), boxes in its pixels; order, blocks and cells of its lines
 * are kept. others, when not NULL, takes the readings that lost. Errors as engine_read; w is whole
 * even then. */
int reread_lines(struct engine *e, struct Pix *pix, enum engine_model model, struct words *w,
    struct words *others);

#endif
