/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The lines of a page as the machine read them, and what people corrected of them; inside of the
 * catalogue. */
#ifndef FUMIKURA_STORE_CATALOGUE_LAYER_H
#define FUMIKURA_STORE_CATALOGUE_LAYER_H

#include "catalogue_sql.h"
#include "text.h"

/* One line of the machine's shown reading. */
struct layer_line {
	const char *text;     /* size bytes, not ended by NUL */
	size_t size, from, n; /* code points [from, from + n) of the reading */
	struct box box;       /* around them; w 0: none has a place */
	bool replaced;        /* a correction stands in its place */
};

struct correction {
	struct box box; /* of the upright page before a person's rotation */
	char *text;
	char *raw; /* the machine's lines in its place, each ended by '\n'; "" for none */
	char by[33], at[TIME_TEXT_SIZE];
	bool placed; /* layer_each() was there */
};

struct layer {
	char *text; /* the machine's shown reading */
	int64_t confidence;
	struct box *boxes; /* one for each of its length code points */
	size_t length;
	struct layer_line *lines;
	size_t n_lines;
	struct correction *corrections;
	size_t n_corrections;
	bool exchanged; /* corrections were laid over it before: it stands in the machine's slot */
};

/* 1; 0 when the page was not read yet. ret is to be freed in any case. -E2BIG: more corrections
 * than a page has lines. */
int layer_load(struct catalogue *cat, int64_t page, struct layer *ret);
void layer_free(struct layer *l); /* for _cleanup_ */

/*
 * In the order in which they are shown: each line that stays as it was read (correction NULL), each
 * correction where its first line was or, where nothing was read, at the end (line NULL).
 */
int layer_each(struct layer *l,
    int (*visit)(void *ctx, const struct layer_line *line, const struct correction *correction),
    void *ctx);

/* Area that both cover. */
int64_t box_shared(struct box a, struct box b);
/* The smallest box with both in it; one of width 0 is nowhere. */
struct box box_around(struct box a, struct box b);

#endif
