/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One line, read as well as this engine can: the usual way, by the second network when the first
 * is unsure of it or of a glyph, by the Latin model where the line is Latin. What the two networks
 * saw is weighed together (agree.h), of five readings where two cannot tell; where that is not
 * known, the surest glyphs win (settle.h).
 */
#ifndef FUMIKURA_OCR_READ_LINE_H
#define FUMIKURA_OCR_READ_LINE_H

#include "ocr/engine.h"
#include "ocr/strip.h"

/*
 * Appends at most a few lines (mostly one) to ret, boxes in sheet pixels. s is drawn already.
 * others, when not NULL, takes what lost, for search looks there too, and has more lines asked
 * about while the page is not late, doubtful ones three times at least; ret is the same without.
 * Errors as engine_read.
 */
int read_line(struct engine *e, const struct strip *s, struct words *ret, struct words *others);

/* Whether a line of running text, which is all of w, had better be read again. */
bool read_line_doubts(const struct words *w);
/* Reads s in one way, digits mended, boxes in sheet pixels. */
int read_line_once(struct engine *e, const struct strip *s, enum engine_model model,
    enum engine_mode mode, struct words *ret);
/* How much surer a is than b; negative: b is. 300 is all there is. */
int read_line_surer(const struct words *a, const struct words *b);

/* Whether the glyphs from `first` on are strokes and dots alone: what is left of a rule reads so.
 */
bool read_line_is_rule(const struct words *w, size_t first);

#endif
