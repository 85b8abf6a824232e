/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ① to ⑳ at the beginning of a line. The model knows them, but splits what a line begins with: it
 * reads (3, で or (④). At the end of the same line it reads them nearly always.
 */
#ifndef FUMIKURA_OCR_CIRCLED_H
#define FUMIKURA_OCR_CIRCLED_H

#include "ocr/engine.h"
#include "ocr/strip.h"

#define CIRCLED_RULE "circled"

/*
 * s is drawn and was read as the only line of w. When it begins with a closed ring of a letter's
 * size with something in it, reads it once more with the ring at its end; when that ends with a
 * circled number, and what stands before is how w ends, writes the number at w's beginning for
 * whatever was read there. Otherwise, and where w begins with a sure one, w stays. Errors as
 * engine_read.
 */
int circled_mend(struct engine *e, const struct strip *s, struct words *w);

#endif
