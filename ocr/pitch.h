/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How far apart glyphs of a line stand: where there is no room, strokes were read twice. */
#ifndef FUMIKURA_OCR_PITCH_H
#define FUMIKURA_OCR_PITCH_H

#include "ocr/words.h"

#define PITCH_MAX 300 /* glyphs that are looked at */

/* Between the middles of neighbours among n glyphs, in pixels, or of neighbours that are both
 * narrow (ASCII); 0 when there are too few. */
int pitch_usual(const struct glyph *g, size_t n, bool narrow);
/* Whether there are less than so many usual steps from the one to the other; unknown ones tell
 * nothing. */
bool pitch_is_tight(
    const struct glyph *before, const struct glyph *behind, double steps, int usual);
int pitch_middle(const struct glyph *g);
bool pitch_is_narrow(const struct glyph *g);

#endif
