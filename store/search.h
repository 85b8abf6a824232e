/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Search analysis for Japanese, without a database: what counts as the same text. Folding is NFKC
 * with case folding (so width of kana and Latin), then unification of name variants (髙/高, 﨑/崎,
 * 邊/邉/辺 …: search_variant.c) and of dashes and the long-vowel mark (ー－‐−―), then removal of
 * white space, line ends, control and invisible characters. Hiragana and katakana stay different.
 *
 * A match is a run of folded characters: exact, nothing dropped, nothing stemmed.
 */
#ifndef FUMIKURA_STORE_SEARCH_H
#define FUMIKURA_STORE_SEARCH_H

#include <jansson.h>
#include <stddef.h>
#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"

#define SEARCH_MAX_TERMS 16
#define SEARCH_BREAK 0x1f    /* unit separator: in a text, nothing matches across it */
#define SEARCH_MAX_MARKS 128 /* rectangles of one hit */

/* One folded character and the code points [start, end) of the original that made it. */
struct fold_char {
	uint32_t code, start, end;
};
struct folded {
	struct fold_char *chars;
	size_t n, room;
};

/* size bytes of UTF-8. -EILSEQ when it is not, -ENOMEM. ret is freed by folded_free, also after an
 * error. */
int search_fold(const char *text, size_t size, struct folded *ret);
void folded_free(struct folded *folded); /* for _cleanup_ */
/* First place of term at or after from; SIZE_MAX when there is none. */
size_t search_find(const struct folded *text, const struct folded *term, size_t from);
/* What a name or dash variant stands for; the code itself for all others (search_variant.c). */
uint32_t search_variant(uint32_t code);

struct search_query {
	struct folded terms[SEARCH_MAX_TERMS];
	size_t count;
};
/*
 * Splits at white space and folds; equal terms are kept once. -EINVAL: nothing to search for;
 * -E2BIG: more than SEARCH_MAX_QUERY code points or SEARCH_MAX_TERMS terms; -EILSEQ: not UTF-8.
 */
int search_parse(const char *query, struct search_query *ret);
void search_query_free(struct search_query *query); /* for _cleanup_ */
/* FTS5 phrase of a term, built of its tokens; caller frees; NULL on no memory. */
char *search_phrase(const struct folded *term);

/* ---- boxes: four numbers for each code point of a text, kept small ---- */
struct box {
	int32_t x, y, w, h;
};
#define BOX_MAX 1000000 /* pixels; more is no page */
/* Turns it clockwise with its page, which is width × height before. turn: degrees, of a right
 * angle. */
struct box box_turned(struct box b, int32_t width, int32_t height, unsigned turn);
/* numbers: JSON array of 4 × n integers in 0 … BOX_MAX. Caller frees ret. -EINVAL. */
int box_pack(const json_t *numbers, size_t n, uint8_t **ret, size_t *ret_size);
/* Unpacks n boxes; caller frees. -EBADMSG when data does not hold exactly n. */
int box_unpack(const uint8_t *data, size_t size, size_t n, struct box **ret);

/* ---- what is shown of a hit ---- */
#define SNIPPET_LENGTH 40 /* code points, more when the hit itself is longer */
#define SNIPPET_BEFORE 12

/*
 * All places of the query's terms in a text, as code point ranges of the original, in order,
 * overlapping ones joined. Bit i of ret_terms: term i occurs. Caller frees ret.
 */
struct span {
	uint32_t start, end;
};
int search_spans(const struct folded *text, const struct search_query *query, struct span **ret,
    size_t *ret_count, uint32_t *ret_terms);
/* About SNIPPET_LENGTH code points around the first span, line ends as spaces; ret_highlight:
 * [[start,length],…] within the snippet. */
int search_snippet(const char *text, const struct span *spans, size_t count, json_t **ret_snippet,
    json_t **ret_highlight);
/*
 * Appends rectangles [x,y,w,h] of the spans to marks: one for each line they touch. boxes: of
 * text's n code points. width, height: the upright page; turn: further clockwise rotation in
 * degrees, by which the rectangles are turned as well.
 */
int search_marks(const char *text, const struct box *boxes, size_t n, const struct span *spans,
    size_t count, unsigned width, unsigned height, unsigned turn, json_t *marks);

#endif
