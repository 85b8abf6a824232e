/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A line picture for the engine, pasted together from pieces of the sheet: wide gaps squeezed,
 * characters that stand below each other laid side by side, shaded paper made white. Remembers
 * where each piece came from, so boxes find their way back.
 */
#ifndef FUMIKURA_OCR_STRIP_H
#define FUMIKURA_OCR_STRIP_H

#include "ocr/words.h"

struct Pix;

#define STRIP_PIECES 96
#define STRIP_BORDER 8  /* sheet pixels of white around the line; more costs the model its scale */
#define STRIP_CLOSE 0.2 /* of the ink's height, around a tightened strip */
#define STRIP_MARGIN 3  /* sheet pixels kept around what is cut out */
#define STRIP_GAP 0.4   /* of the line's height: what a wide gap is squeezed to */

struct strip_piece {
	struct box from; /* on the sheet */
	int x, y;        /* where it lies on the strip */
};

struct strip {
	struct strip_piece pieces[STRIP_PIECES];
	unsigned n;
	int width, height; /* so far, without border */
	struct Pix *pix;   /* 8-bit, after strip_draw() */
};

/* Adds a piece to the right of the last one, after gap pixels. Pieces past the limit are merged
 * into the last. */
void strip_add(struct strip *s, struct box from, int gap);
/* Draws all pieces, centred on one line, on white paper. -ENOMEM. */
int strip_draw(struct strip *s, struct Pix *sheet);
/* Draws anew, closer: from the outermost ink a border of STRIP_CLOSE. 0 when there is
 * none to be seen, -ENOMEM. */
int strip_tighten(struct strip *s);
/* 1-bit, what of pix (8-bit, a line) is darker than `percent` of the way from its darkest pixel to
 * white. NULL: nothing that could be ink, or no memory. */
struct Pix *strip_ink(struct Pix *pix, int percent);
/* Likewise where ink and paper are at least so many grey levels apart. */
struct Pix *strip_pale_ink(struct Pix *pix, int percent, int contrast);
/* Boxes of strip pixels in lines [first, nlines) of w become boxes of sheet pixels. */
void strip_to_sheet(const struct strip *s, struct words *w, size_t first);
/* Whether some letter of lines [first, nlines) of w, in sheet pixels, stands in each piece that may
 * be one. */
bool strip_is_read(const struct strip *s, const struct words *w, size_t first);
/* Line l, in sheet pixels, becomes as long as the strip: pieces beside its letters are its own. */
void strip_reach(const struct strip *s, struct line *l);
void strip_free(struct strip *s); /* usable as cleanup */

#endif
