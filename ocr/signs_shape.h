/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs by their ink: → ←, △ ▲, ★ ☆, ◆ ◇. Knows one connected piece of ink and nothing of text. A
 * verdict needs the whole outline, so that no letter is any of them.
 */
#ifndef FUMIKURA_OCR_SIGNS_SHAPE_H
#define FUMIKURA_OCR_SIGNS_SHAPE_H

struct Pix;

#define SIGNS_MIN 16 /* pixels: a piece narrower or lower than half of this is not looked at */

/* What the 1-bit piece, cut close, shows, a constant of one character; NULL: no sign. */
const char *signs_arrow(struct Pix *piece);
const char *signs_triangle(struct Pix *piece);
const char *signs_star(struct Pix *piece);
const char *signs_diamond(struct Pix *piece);

#endif
