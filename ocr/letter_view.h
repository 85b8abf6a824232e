/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of print with what was read laid over it: which ink is which glyph, and which is none. */
#ifndef FUMIKURA_OCR_LETTER_VIEW_H
#define FUMIKURA_OCR_LETTER_VIEW_H

#include "ocr/letter_fit.h"

#define LETTER_RULE "shape"
#define LETTER_VIEW_UNSURE 97 /* percent: a glyph surer than that needs more to be another */
#define LETTER_VIEW_MOST                                                                           \
	60000 /* windows of a page: a full A3 sheet has half as many, noise any number */

struct letter_page {
	struct Pix *grey, *rules; /* as for letter_windows() */
	struct letter_inks *inks; /* likewise */
	struct words *words;
	unsigned left; /* windows that may still be looked at */
};

struct letter_view {
	struct letter_page *page;
	struct line *line;
	struct letter_windows cut;
	int windows[LETTER_FIT_MAX];                 /* of each glyph, or LETTER_NOWHERE */
	struct letter_guess nearest[LETTER_FIT_MAX]; /* what each that is seen is most like */
	bool *used;                                  /* [pieces]: it belongs to a glyph */
};

/* further: also at ink beyond the line's box, up to the next line or ruled line. One view of a page
 * is open at a time. -ENODATA: nothing can be told of that line; -ENOMEM. */
int letter_view_open(
    struct letter_page *page, struct line *l, bool further, struct letter_view *ret);

const struct glyph *letter_view_glyph(const struct letter_view *v, size_t i);
/* Whether it has ink; what is said of its window below is so only then. */
bool letter_view_sees(const struct letter_view *v, size_t i);
const struct letter_window *letter_view_window(const struct letter_view *v, size_t i);
/* How far what was read is from the ink. */
float letter_view_distance(const struct letter_view *v, size_t i);
/* Whether the ink is most like what was read. */
bool letter_view_confirms(const struct letter_view *v, size_t i);
/* Whether it is what was read, beyond doubt; also asked of glyphs without ink. */
bool letter_view_is_sure(const struct letter_view *v, size_t i);
/* Whether it was read as that letter, or one of its shape, but lies over other ink. */
bool letter_view_is_misplaced(const struct letter_view *v, size_t i, uint32_t code);
/* The letter that a window clearly is, no further from it than `most`. False: none, or what may be
 * a part of a letter. */
bool letter_view_clear(const struct letter_window *w, float most, struct letter_guess *ret);

/* The ideograph that a window clearly is, no further from it than `most`, though it is much lower
 * than the line: 円 and 個 are printed small where people write large. */
bool letter_view_small(const struct letter_view *v, const struct letter_window *w, float most,
    struct letter_guess *ret);

/* Lays it over another window, and returns its old one, which then belongs to none. */
int letter_view_move(struct letter_view *v, size_t i, unsigned window);
/* Change the line and the view alike, under LETTER_RULE. -ENOMEM, -E2BIG. */
int letter_view_drop(struct letter_view *v, size_t i);
int letter_view_insert(struct letter_view *v, size_t i, uint32_t code, unsigned window);

void letter_view_free(struct letter_view *v); /* usable as cleanup */

#endif
