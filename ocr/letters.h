/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How large the print on a page is, before anything else is known of it. */
#ifndef FUMIKURA_OCR_LETTERS_H
#define FUMIKURA_OCR_LETTERS_H

struct Pix;

/* Pixels that most letters on pix (1 or 8 bit) do not exceed; 0: hardly any print, or no memory. */
int letters_size(struct Pix *pix);

#endif
