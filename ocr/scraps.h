/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Ink outside cells that is no text by itself, since it is as small or as thin as dust and rests of
 * lines are: a bracket, a dot between choices, a dash, an arrow. In a row of text it belongs to it.
 */
#ifndef FUMIKURA_OCR_SCRAPS_H
#define FUMIKURA_OCR_SCRAPS_H

#include <stdbool.h>
#include <stddef.h>

#include "ocr/words.h"

struct Pix;

enum scrap {
	SCRAP_TEXT,    /* text by itself */
	SCRAP_NONE,    /* a rest of a line, a frame */
	SCRAP_SIGN,    /* text if it stands between text */
	SCRAP_OPENING, /* a bracket: text if text follows it in its row, */
	SCRAP_CLOSING  /* or comes before it */
};

/* piece: 1-bit, half size, joined along its line. box: where it stands, and letter, the usual
 * height of a row, in sheet pixels. */
enum scrap scrap_kind(struct Pix *piece, struct box box, int letter);

/* Whether a scrap of this kind stands in a row of one of the n texts. */
bool scrap_in_row(enum scrap kind, struct box box, int letter, const struct box *texts, size_t n);

/* How far from a piece of this kind the text before it may end, to be read with it. */
int scrap_reach(enum scrap kind, int letter);

/* The same for a text in box b, and the text that ends before it. */
int scrap_reach_letters(struct box before, struct box b, int letter);

/* Whether the scrap may be the dot before an entry of a list: it alone stands before its row. */
bool scrap_leads(struct box box, int letter, const struct box *texts, size_t n);

#endif
