/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What one printed letter looks like, as numbers: how much ink rises in which of eight directions
 * in which part of it, how large it is and how high it stands in its line. Knows no language and no
 * neighbours. The letters of a judge (letter_model.h) are taught by this very code (ocr/teach).
 *
 * After the usual way of classic readers of Japanese: size made even but for a part of its shape,
 * gradient parted into directions, each direction blurred and sampled, roots taken (Liu et al.,
 * Handwritten digit recognition: investigation of normalization and feature extraction techniques,
 * Pattern Recognition 37, 2004).
 */
#ifndef FUMIKURA_OCR_LETTER_SHAPE_H
#define FUMIKURA_OCR_LETTER_SHAPE_H

#include "ocr/words.h"

struct Pix;

#define LETTER_DIRECTIONS 8
#define LETTER_PARTS 8 /* along a side */
#define LETTER_PLACES 3
#define LETTER_FEATURES (LETTER_DIRECTIONS * LETTER_PARTS * LETTER_PARTS + LETTER_PLACES)

/* Directions first, each by rows of its parts; then width, height and vertical middle, in ems and
 * from the em's top. */
struct letter_shape {
	float f[LETTER_FEATURES];
};

/*
 * Of what stands in window of grey (8 bit, dark print), which all of must be the letter; how much
 * paper is around it does not matter. em_top is the row where the room of a full letter of its line
 * begins, em that room's height in pixels; ideographs stand in its middle, and the high ones among
 * them reach over nine tenths of it. Takes some 50 µs. -ENODATA: no ink there; -EINVAL: no 8-bit
 * picture, or no em.
 */
int letter_shape(
    struct Pix *grey, struct box window, double em_top, double em, struct letter_shape *ret);

#endif
