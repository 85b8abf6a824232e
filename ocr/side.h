/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes on one side of a gutter, and what their rows have to do with those on the other side. */
#ifndef FUMIKURA_OCR_SIDE_H
#define FUMIKURA_OCR_SIDE_H

#include "ocr/words.h"

struct span {
	int from, to; /* half open */
};

/* An index of b, with what it is sorted by. */
struct item {
	size_t index;
	struct box box;
};

/* One row of boxes: items [first, first + n) of a part sorted by y. */
struct band {
	size_t first, n;
	struct span y;
};

/* Rows of one side of a gutter, how many of them hold a piece as wide as prose, and how much of the
 * height is rows. */
struct side {
	struct item *item;
	struct band *row;
	size_t n, nrows, wide;
	double dense;
};

/* Bands of items that no white row divides, top to bottom. Sorts the items by y, then x; fills
 * band, which holds n; `first` is where the items stand in their part. Count of bands. */
size_t side_bands(struct item *item, size_t n, size_t first, struct band *band);
bool side_is_left(const struct item *i, struct span gutter);
/* Fills ret, whose item and row hold n each, with the items on one side. letter: usual height of a
 * row. */
void side_take(
    const struct item *item, size_t n, struct span gutter, bool left, int letter, struct side *ret);
/* Whether the sides of a gutter belong together row by row: their rows stand level with each other,
 * do not drift apart, and are not two columns of prose. */
bool side_row_by_row(const struct side *a, const struct side *b, int letter);
/* Whether the sides of a wide gutter are blocks of their own, as the terms of a bill and the
 * address beside them, some of whose rows happen to stand level: those of b begin below each other,
 * and most rows have none on the other side at the height that the others have. */
bool side_are_blocks(const struct side *a, const struct side *b, int letter);
/* What stays to be cut in the rows of a side: little where a level line meets all boxes of a row.
 */
size_t side_disorder(const struct side *side);
/* How many rows of a, its first apart, begin where one of b begins; ret_edges: of how many. Sorts
 * the items of a. */
size_t side_common_edges(const struct side *a, const struct side *b, size_t *ret_edges);

#endif
