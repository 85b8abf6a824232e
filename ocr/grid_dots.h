/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells a dotted or dashed upright line from strokes of print that stand below each other: the
 * digits of a column, a letter between the ends of two rules.
 */
#ifndef FUMIKURA_OCR_GRID_DOTS_H
#define FUMIKURA_OCR_GRID_DOTS_H

struct Pix;

/*
 * lines: upright lines got by closing the gaps between pieces of ink, half size. ink: the picture
 * itself. Takes what is made of strokes of print out of lines; rests of lines stay, however short.
 * -ENOMEM.
 */
int grid_dots_sift(struct Pix *lines, struct Pix *ink);

#endif
