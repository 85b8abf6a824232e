/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Numbers and katakana printed in rings, as forms name their fields, and ㊞, ㊙, ㊟. The model
 * knows ① to ⑳ and takes all others for one of these, or for @: what is in a ring is read without
 * it.
 */
#ifndef FUMIKURA_OCR_RINGED_H
#define FUMIKURA_OCR_RINGED_H

#include "ocr/engine.h"
#include "ocr/strip.h"

/*
 * Where s, drawn from sheet, has rings in which two opinions see the same number, katakana or word,
 * and is not read so as a whole: appends it to ret as one line, what stands between the rings read
 * part by part; ① to ㊿ and ㋐ to ㋾ as one letter, larger numbers as digits alone. 1; 0: nothing
 * of the kind, or it is read so: ret then has what read_line makes of s. others as in read_line.h.
 * Errors as engine_read.
 */
int ringed_read(struct engine *e, const struct strip *s, struct Pix *sheet, struct words *ret,
    struct words *others);

#endif
