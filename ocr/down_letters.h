/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The letters of a line that is written downwards: from its cuts (down_cut.h) to the ink of each,
 * a comma or a bracket that shares the room of a letter being one of its own.
 */
#ifndef FUMIKURA_OCR_DOWN_LETTERS_H
#define FUMIKURA_OCR_DOWN_LETTERS_H

#include "ocr/down_cut.h"
#include "ocr/down_letter.h"

#define DOWN_LETTERS_MAX 120 /* of a line */

struct down_letters {
	struct down_letter letter[DOWN_LETTERS_MAX]; /* in pixels of the line's ink, from the top */
	int n, em;                                   /* em: hardly any is wider or higher */
};

/* ink: 1-bit, the line alone, of which line was made. None when they are more than fit. -ENOMEM. */
int down_letters_find(
    struct Pix *ink, const struct down_line *line, double pitch, struct down_letters *ret);

#endif
