/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Turning an 8-bit picture by a few degrees: the same pixels as Leptonica's pixRotateAMGray()
 * gives, in an eighth of its time. Neighbours of a row nearly always lie beside each other in the
 * source, so that whole runs of them are weighted at once.
 */
#ifndef FUMIKURA_OCR_TURN_H
#define FUMIKURA_OCR_TURN_H

struct Pix;

/* Turned clockwise about its middle by radians, at most 15 degrees, as pixRotateAMGray(); what comes
 * in is white. Up to 60,000 pixels a side. NULL: no memory, not 8 bit. Caller owns the picture. */
struct Pix *turn_grey(struct Pix *pix, float radians);

#endif
