/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plain work on whole 8-bit pictures, many pixels at a time. What is said to be as Leptonica has it
 * is so pixel for pixel. Pictures that come back are the caller's; NULL: no memory, or not 8 bit.
 */
#ifndef FUMIKURA_OCR_PIXELS_H
#define FUMIKURA_OCR_PIXELS_H

#include <stdbool.h>
#include <stdint.h>

struct Pix;

/* Bytes in the order of pixels become words as Leptonica has them, and the other way round. from
 * may be to. */
void pixels_swap(const void *from, void *to, int words);
/* *to, a picture that goes, becomes from. */
void pixels_replace(struct Pix **to, struct Pix *from);
/* A pixel of a 1-bit picture; beyond its edges none is set. */
bool pixels_is_set(struct Pix *bits, int x, int y);
/* 1 where a pixel is darker than below, as pixThresholdToBinary(). */
struct Pix *pixels_dark(struct Pix *grey, int below);
/* Half as large, each pixel the darkest of its four, as pixScaleGrayMinMax(). NULL also where a
 * side is one pixel. */
struct Pix *pixels_darkest_half(struct Pix *grey);
/* Half as large, each pixel the mean of its four, as pixScaleAreaMap2(). Likewise; 8 bit or RGB. */
struct Pix *pixels_mean_half(struct Pix *pix);
/* Makes white what lies under mask (1-bit, half as large) or beyond none of its edges. */
void pixels_whiten(struct Pix *grey, struct Pix *mask);
/* How many pixels of every step-th row and column have each grey. */
void pixels_count(struct Pix *grey, int step, unsigned ret[256]);
/*
 * Brings paper to the grey `white` in place, as pixBackgroundNorm(grey, NULL, NULL, tile, tile,
 * ink_below, least, white, 2, 2) does: paper is measured in squares of tile (a multiple of 4)
 * pixels that have at least `least` pixels away from ink. What has no such square stays. -ENOMEM.
 */
int pixels_even(struct Pix *grey, int tile, int ink_below, int least, int white);

#endif
