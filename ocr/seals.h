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

/*
 * colour: 32-bit page of dpi; grey: the same page as 8-bit grey of any size, changed in place.
 * ret_seals: 8-bit, as large as grey, what was lifted on white; NULL when there was nothing.
 * Caller owns it. -ENOMEM.
 */
int seals_lift(struct Pix *colour, int dpi, struct Pix *grey, struct Pix **ret_seals);

#endif
