/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark print on shaded fields that are darker than any paper, as headings of coloured forms have
 * it: the shade becomes paper. */
#ifndef FUMIKURA_OCR_SHADE_H
#define FUMIKURA_OCR_SHADE_H

struct Pix;

/* Lightens such fields of an 8-bit grey picture of some 300 dpi, whose paper is even, in place.
 * Count of fields, or -ENOMEM. */
int shade_lift(struct Pix *grey);

#endif
