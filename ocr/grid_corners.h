/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The round corners of frames: what joins a level ruled line to an upright one in a quarter turn.
 */
#ifndef FUMIKURA_OCR_GRID_CORNERS_H
#define FUMIKURA_OCR_GRID_CORNERS_H

struct Pix;

/*
 * ink: 1-bit at 150 dpi; across, down: its ruled lines. Returns a picture of the same size that has
 * the corners and a pixel of fringe; owned by the caller, NULL on no memory.
 */
struct Pix *grid_corners(struct Pix *ink, struct Pix *across, struct Pix *down);

#endif
