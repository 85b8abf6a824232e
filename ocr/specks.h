/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Specks all over a sheet, as copies of faxes and dirty rollers have: read as points, strokes and
 * lines of their own. They are only known by their number and by lying alone where nothing is
 * printed; a clean sheet keeps its smallest dots.
 */
#ifndef FUMIKURA_OCR_SPECKS_H
#define FUMIKURA_OCR_SPECKS_H

#include <stddef.h>

struct Pix;

/* Clears specks off half, the ink, and off grey, twice its size. How many lay alone, 0 if they are
 * too few to be specks and all stay, or -ENOMEM. */
int specks_clear(struct Pix *grey, struct Pix *half);

#endif
