/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readings of one line beside each other: the longest sequence of glyphs that both have. */
#ifndef FUMIKURA_OCR_ALIGN_H
#define FUMIKURA_OCR_ALIGN_H

#include "ocr/words.h"

/* Row i, column j (of b's glyphs and one): how many glyphs the readings share, in order, from i and
 * j to their ends. Caller frees; NULL out of memory. */
uint16_t *align_count(const struct words *a, const struct words *b);

/* Where glyph i of a is in b. */
struct aligned {
	int same;    /* the glyph of b that it is, −1: none */
	int instead; /* the one that b has in its place, where both have as many there, −1: none */
};

/* For all glyphs of a, in order. Caller frees; NULL out of memory. */
struct aligned *align(const struct words *a, const struct words *b);

/*
 * text: one line of glyphs without places, made of what two readings of it saw. Gives each glyph
 * the place and the confidence that a reading has it with; what only one of them has, or neither,
 * was disputed and is no surer than `disputed`. A zero or an eight that both readings have stays:
 * the holes of their ink were looked at (digits.h). -ENOMEM.
 */
int align_place(
    struct words *text, const struct words *first, const struct words *second, uint8_t disputed);

#endif
