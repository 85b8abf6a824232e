/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces cut out of a sheet, for who looks at single letters. */
#ifndef FUMIKURA_OCR_CUTTING_H
#define FUMIKURA_OCR_CUTTING_H

#include <stdbool.h>

#include "ocr/words.h"

struct Pix;

/* What of b lies on pix, which stays. NULL: nothing, or no memory. */
struct Pix *cutting(struct Pix *pix, struct box b);
/* The smallest box around the ink of a 1-bit pix in b, from b's corner. False: none, or no memory.
 */
bool cutting_close(struct Pix *pix, struct box b, struct box *ret);
/* Pixels of ink of a 1-bit pix in b; how many rows (down) or columns of b have any. -1:
 * nothing of b lies on pix, or no memory. */
int cutting_pixels(struct Pix *pix, struct box b);
int cutting_lines(struct Pix *pix, struct box b, bool down);
/* As cutting, of an 8-bit sheet, with the ruled lines in it (rules: 1-bit, half size, or NULL) made
 * white. b moves to whole pixels of rules. */
struct Pix *cutting_clean(struct Pix *grey, struct Pix *rules, struct box *b);
/* As cutting_clean; the ink, 1-bit. NULL also: none is seen. */
struct Pix *cutting_ink(struct Pix *grey, struct Pix *rules, struct box *b);

/* Along a line of letters. */
struct span {
	int from, to;
};

/* Pieces of ink with paper between them, along the rows (down) or the columns of a 1-bit picture;
 * the first max. Returns how many. */
int cutting_spans(struct Pix *ink, bool down, struct span *ret, int max);

#endif
