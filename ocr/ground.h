/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What lies under the print of a page: paper, shadows on it, shaded fields with their edges. Pages
 * with shaded bands, as every other row of a table has them, are evened by it: squares of paper
 * (pixels.h) would mix a band with its neighbours. The edges of bands part rows that no rule parts.
 */
#ifndef FUMIKURA_OCR_GROUND_H
#define FUMIKURA_OCR_GROUND_H

struct Pix;

#define GROUND_PART 4    /* pixels of a picture to one of its ground, each way */
#define GROUND_LEAST 200 /* pixels of the sides of a picture that may have one */

/* The ground of an 8-bit picture of some 300 dpi. NULL: no memory. The caller's. */
struct Pix *ground_find(struct Pix *grey);
/* Whether bands go across much of the page: 1, 0, or -ENOMEM. */
int ground_is_banded(struct Pix *ground);
/* The same, with print of up to 3 mm filled instead of 1.7 mm. NULL: no memory. The caller's. */
struct Pix *ground_without_print(struct Pix *ground);
/*
 * Brings the ground to the grey `white` in place, in a picture of which part × part pixels have one
 * of ground. What has a ground darker than `least` stays: it is ink. -ENOMEM.
 */
int ground_even(struct Pix *grey, struct Pix *ground, int part, int least, int white);
/* Where bands end, upwards and downwards, along lines of 34 mm and more: 1-bit, twice as large as
 * the ground. NULL: no memory. The caller's. */
struct Pix *ground_edges(struct Pix *ground);

#endif
