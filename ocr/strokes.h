/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Strokes of letters that end in a ruled line or cross it, as the tails of y and g do where print
 * stands close above a line: what of the line's ink is theirs.
 */
#ifndef FUMIKURA_OCR_STROKES_H
#define FUMIKURA_OCR_STROKES_H

struct Pix;

/*
 * ink: 1-bit at 150 dpi; rules: its ruled lines. Returns a picture of the same size with the ink of
 * rules that strokes run into, from either side to the middle of the line. Owned by the caller;
 * NULL: no memory.
 */
struct Pix *strokes_in_rules(struct Pix *ink, struct Pix *rules);
/* How far what it returned goes on from the pixels [x, x + w) of a row of letters, up (dy -1) or
 * down (1). */
int strokes_reach(struct Pix *strokes, int x, int y, int w, int dy);

#endif
