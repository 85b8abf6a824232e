/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Red print that looks like a seal by its size: a word in a red frame, as 至急, or one large
 * letter, as 秘. A seal has its outline all around, and if that is worn away it still lies over
 * other print.
 */
#ifndef FUMIKURA_OCR_SEALS_PRINT_H
#define FUMIKURA_OCR_SEALS_PRINT_H

struct Pix;
struct Boxa;

/*
 * Of boxes, which are pieces of red ink that may be seals, takes those away that are print. Of a
 * word's frame the box stays, but red keeps no ink in it other than the frame's. red, black: 1-bit
 * pictures of one page of dpi. -ENOMEM.
 */
int seals_spare_print(struct Pix *red, struct Pix *black, int dpi, struct Boxa *boxes);

#endif
