/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Signs by their ink: → ←, ～, ／, ⇒ ⇐, △ ▲, ★ ☆, ◆ ◇, ●, a small 2. Knows one connected piece of
 * ink and nothing of text. A verdict needs the whole outline, so that no letter is any of them.
 */
#ifndef FUMIKURA_OCR_SIGNS_SHAPE_H
#define FUMIKURA_OCR_SIGNS_SHAPE_H

#include <stdbool.h>

struct Pix;

#define SIGNS_MIN 16 /* pixels: a piece narrower or lower than half of this is not looked at */
#define SIGNS_LOW 5  /* likewise, of those that are low or small by nature */

/* What the 1-bit piece, cut close, shows, a constant of one character; NULL: no sign. */
const char *signs_arrow(struct Pix *piece);
const char *signs_double_arrow(struct Pix *piece);
const char *signs_wave(struct Pix *piece);
const char *signs_slash(struct Pix *piece);
const char *signs_triangle(struct Pix *piece);
const char *signs_star(struct Pix *piece);
const char *signs_diamond(struct Pix *piece);
const char *signs_disc(struct Pix *piece);
const char *signs_two(struct Pix *piece); /* of any size from SIGNS_LOW pixels on */
bool signs_telephone(struct Pix *ink);    /* ℡; in one piece or in three */
bool signs_dot(struct Pix *ink);          /* one small disc, as before the entries of a list */
bool signs_joined_two(struct Pix *piece); /* an m with such a 2 grown to its upper right */

#endif
