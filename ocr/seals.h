/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Seals and stamps in red ink: lifted off the picture, so that the print under them can be read,
 * and kept apart, so that they can be read for search. Lines of red writing are no seal and stay,
 * also large letters without an outline; of a word in a red frame only the frame goes
 * (seals_print.h).
 */
#ifndef FUMIKURA_OCR_SEALS_H
#define FUMIKURA_OCR_SEALS_H

struct Pix;

#define SEALS_RED 32       /* by how much red exceeds green and blue in red ink */
#define SEALS_RED_LEAST 96 /* less red is black ink, also where a seal lies over it */
#define SEALS_BLACK 110    /* red of the print under a seal, which stays */

/*
 * red, black: where a page of dpi has such ink (page_colour.h), 1-bit; grey: the same page as 8-bit
 * grey of any size, changed in place. ret_seals: 8-bit, as large as grey, what was lifted on white;
 * NULL when there was nothing. Caller owns it; NULL: not wanted. -ENOMEM.
 */
int seals_lift(
    struct Pix *red, struct Pix *black, int dpi, struct Pix *grey, struct Pix **ret_seals);

#endif
