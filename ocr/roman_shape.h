/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Upright strokes of Roman numerals in a picture; knows nothing of text. */
#ifndef FUMIKURA_OCR_ROMAN_SHAPE_H
#define FUMIKURA_OCR_ROMAN_SHAPE_H

struct Pix;

#define ROMAN_MOST 3 /* strokes */

/* ink: 1-bit, cut close. How many upright strokes of one height it consists of, with or without
 * serifs; 0 when there is anything else in it. */
int roman_strokes(struct Pix *ink);

#endif
