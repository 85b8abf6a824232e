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
	SCRAP_DASH,    /* likewise, a level stroke */
	SCRAP_NONE,    /* a rest of a line, a frame */
	SCRAP_SIGN,    /* text if it stands between text */
	SCRAP_COLON,   /* likewise, or if text comes before it */
	SCRAP_OPENING, /* a bracket: text if text follows it in its row, */
	SCRAP_CLOSING, /* or comes before it */
	SCRAP_DOT,     /* a sign that leads an entry of a list */
	SCRAP_NUMBER   /* I. or 1. in thin strokes: text if text as high follows */
};

/* piece: 1-bit, half size, joined along its line. box: where it stands, and letter, the usual
 * height of a row, in sheet pixels. */
enum scrap scrap_kind(struct Pix *piece, struct box box, int letter);

struct scrap_piece {
	enum scrap kind;
	struct box box;
	bool kept; /* what scraps_keep() says */
};

/* Of all pieces of a page, keeps texts, and scraps that belong to a row: what stands beside texts,
 * brackets with nothing but white between them, a dash behind these, dots before the entries of a
 * list. */
void scraps_keep(struct scrap_piece *piece, size_t n, int letter);

bool scrap_is_text(enum scrap kind);

/* How far the first may end before the other, to be read with it. */
int scrap_reach(const struct scrap_piece *before, const struct scrap_piece *next, int letter);
/* The same behind the number of an item, which may stand far before its text: row, all of its line
 * so far, ends with its full stop. 0: it is none. */
int scrap_number_reach(
    struct box row, const struct scrap_piece *stop, const struct scrap_piece *next, int letter);

#endif
