/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Opening and closing of 1-bit pictures by straight runs. The same pixels as Leptonica's
 * pixOpenBrick and pixCloseSafeBrick give, but the work grows with the logarithm of the length
 * instead of the length.
 */
#ifndef FUMIKURA_OCR_RUNS_H
#define FUMIKURA_OCR_RUNS_H

struct Pix;

enum direction { ACROSS, DOWN };

/* Only runs of ink of at least length pixels stay. NULL: no memory. Caller owns the picture. */
struct Pix *runs_open(struct Pix *pix, enum direction d, int length);
/* Gaps shorter than length pixels are filled. NULL: no memory. Caller owns the picture. */
struct Pix *runs_close(struct Pix *pix, enum direction d, int length);

#endif
