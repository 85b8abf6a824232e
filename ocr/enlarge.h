/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of low resolution made larger. */
#ifndef FUMIKURA_OCR_ENLARGE_H
#define FUMIKURA_OCR_ENLARGE_H

struct Pix;

/*
 * An 8-bit grey picture made larger by factor (1 or more) both ways, by Mitchell and Netravali's
 * cubic: sharper than a mean of two neighbours as pixScaleGrayLI() takes it, without its corners,
 * and without the halos of sharper ones. What lay in the middle lies there. Caller owns it; NULL:
 * no memory, or not 8 bit.
 */
struct Pix *enlarge_grey(struct Pix *pix, double factor);

#endif
