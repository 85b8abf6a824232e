/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Tells a dotted or dashed line from strokes of print in one line: the digits of a column below
 * each other, a letter between the ends of two rules, the feet of the letters of a small Latin
 * text.
 */
#ifndef FUMIKURA_OCR_GRID_DOTS_H
#define FUMIKURA_OCR_GRID_DOTS_H

#include "ocr/runs.h"

struct Pix;

/*
 * lines: lines of this direction, got by closing the gaps between pieces of ink, half size. ink:
 * the picture itself. Takes what is made of strokes of print out of lines; rests of lines stay,
 * however short. -ENOMEM.
 */
int grid_dots_sift(struct Pix *lines, struct Pix *ink, enum direction d);

#endif
