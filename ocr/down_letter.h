/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters as they would stand in a level line: what is written downwards has its dashes and
 * brackets turned, and its commas, full stops and small kana at the top right. Knows one letter's
 * ink and place, and nothing of text.
 */
#ifndef FUMIKURA_OCR_DOWN_LETTER_H
#define FUMIKURA_OCR_DOWN_LETTER_H

#include <stdbool.h>

#include "ocr/words.h"

struct Pix;

enum down_way {
	DOWN_STAYS,
	DOWN_TURNS, /* ー ～ （ 「: a quarter to the left */
	DOWN_POINT, /* 、 。: to the bottom left */
	DOWN_SMALL, /* ゃ ッ: to the bottom */
};

struct down_letter {
	struct box box; /* its ink, on the sheet */
	int x, y;       /* middle of its room, likewise */
	bool sign;      /* may be a bracket or a dash: one was read thereabouts */
};

/* ink: 1-bit, cut close to the letter; em: how wide and high letters are, pixels. */
enum down_way down_letter_way(const struct down_letter *l, struct Pix *ink, int em);

/* Likewise: whether it is 、 or 。, which is all that stands at the right. */
bool down_letter_is_point(const struct down_letter *l, int em);
/* Likewise: whether it is 」 or 「, as they are written downwards. */
bool down_letter_is_bracket(struct Pix *ink, bool closing, int em);

/* Draws the letter's part of the sheet (8-bit grey) on level (likewise, white) around x, in the
 * middle of its height. -ENOMEM. */
int down_letter_draw(const struct down_letter *l, struct Pix *grey, enum down_way way, int em,
    struct Pix *level, int x);

#endif
