/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The sides of a shaded field. Rules along them that are dark beside paper are hardly darker than
 * the field; when that becomes paper they are gone, and what stands in it runs into what stands
 * beside.
 */
#ifndef FUMIKURA_OCR_SHADE_SIDES_H
#define FUMIKURA_OCR_SHADE_SIDES_H

struct Pix;

/* field: 1-bit, print and all, its corner at (x, y) of grey (8-bit, some 300 dpi). */

/* Whether such rules go along much of its sides, while it still is shade. 1, 0, -ENOMEM. */
int shade_sides_are_pale(struct Pix *grey, struct Pix *field, int x, int y, int shade);
/* Rules off, with white along them, the upright and the level pieces that a field consists of,
 * which is paper by now. -ENOMEM. */
int shade_sides_draw(struct Pix *grey, struct Pix *field, int x, int y);

#endif
