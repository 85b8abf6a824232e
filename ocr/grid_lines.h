/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ruled lines of a page, solid, dotted or dashed, level and upright, with a pixel of fringe, joined
 * at their corners. */
#ifndef FUMIKURA_OCR_GRID_LINES_H
#define FUMIKURA_OCR_GRID_LINES_H

struct Pix;

/*
 * ink: 1-bit at 150 dpi. Returns a picture of the same size in which lines reach far enough to
 * meet; ret_rules are the lines as they are, with the round corners of frames. Both owned by the
 * caller; NULL on no memory.
 */
struct Pix *grid_lines(struct Pix *ink, struct Pix **ret_rules);

#endif
