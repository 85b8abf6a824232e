/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pieces of lines outside cells: ink that is near along the line, joined; with it the parts of a
 * letter that stand above each other, and single letters of vertical writing.
 */
#ifndef FUMIKURA_OCR_PIECES_H
#define FUMIKURA_OCR_PIECES_H

#include "ocr/grid.h"

struct Pixa;

/*
 * ink: the half-size picture without ruled lines. letter: usual height of a row in cells, sheet
 * pixels, 0: unknown; ret_letter: that of the pieces. They are joined twice where their letters
 * turn out to be of another size than the cells'. Caller owns ret, half size. -ENOMEM.
 */
int pieces_find(
    const struct grid *g, struct Pix *ink, int letter, struct Pixa **ret, int *ret_letter);

#endif
