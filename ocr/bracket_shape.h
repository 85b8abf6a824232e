/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Brackets by their ink: high, narrow, both ends on one side of the middle, which is all that ( 〔
 * 【 < have in common and no letter has. Knows one connected piece of ink and nothing of text.
 */
#ifndef FUMIKURA_OCR_BRACKET_SHAPE_H
#define FUMIKURA_OCR_BRACKET_SHAPE_H

struct Pix;

enum bracket_side { BRACKET_NONE, BRACKET_OPENS, BRACKET_CLOSES };

/* piece: 1-bit, cut close. */
enum bracket_side bracket_side(struct Pix *piece);

/* Which one of this side, a constant of one character: ( [ 〔 【 or ) ] 〕 】. NULL: no side, no
 * bracket. */
const char *bracket_of(struct Pix *piece, enum bracket_side side);

#endif
