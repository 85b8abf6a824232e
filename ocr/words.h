/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What a reader found: lines of glyphs with boxes and confidences, in reading order. Everything
 * above the engine works on this one shape. Boxes are pixels of the picture that was read until
 * words_map() moves them elsewhere.
 */
#ifndef FUMIKURA_OCR_WORDS_H
#define FUMIKURA_OCR_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ocr/buf.h"

#define GLYPH_TEXT 16 /* bytes of UTF-8 with NUL; an engine symbol is mostly one code point */
#define WORDS_MAX_GLYPHS 200000 /* per page; a dense A3 sheet holds some 20,000 */

struct box {
	int x, y, w, h;
};

struct glyph {
	char text[GLYPH_TEXT];
	struct box box;
	uint8_t confidence; /* 0 to 100, the engine's own */
	bool space; /* the engine saw a gap before it; words_tidy() keeps it only between Latin
		       words */
};

struct line {
	size_t first, count; /* glyphs of this line */
	struct box box;
	int cell;           /* index into the page's cells, or -1 */
	int block;          /* lines of one block of running text share it */
	uint8_t confidence; /* mean over glyphs */
	bool vertical;      /* glyphs run downwards */
	bool corrected;     /* a person wrote it: where in it a glyph stands is not known */
	uint8_t model;      /* enum engine_model that read it */
	const char *rule;   /* constant name of the rule that corrected it, or NULL */
	char *raw;          /* what the engine said before the correction, or NULL; owned */
};

struct words {
	struct glyph *glyphs;
	size_t nglyphs, glyph_room;
	struct line *lines;
	size_t nlines, line_room;
};

/* Starts a line; glyphs added next belong to it. Negative errno: -ENOMEM, -E2BIG. */
int words_line(struct words *w, const struct line *like);
int words_glyph(struct words *w, const struct glyph *g);
/* Sets box and confidence of the last line from its glyphs; drops it when it has none. */
void words_line_done(struct words *w);
/* Appends lines [first, first + count) of from, as they are; their cell becomes cell. */
int words_append(struct words *w, const struct words *from, size_t first, size_t count, int cell);

/* The last lines of w, from `first` on, become those of by, outside cells. As words_append. */
int words_replace(struct words *w, size_t first, const struct words *by);

/* All of w, unless it says what shown does: what search has beyond that. others NULL: nothing. */
int words_append_other(struct words *others, const struct words *w, const struct words *shown);

/* Moves every box: x' = x * scale + dx, y' likewise. */
void words_move(struct words *w, double scale, double dx, double dy);

/* Clears spaces that are no word gap: all but those between Latin letters, digits and their
 * punctuation with a real gap. */
void words_tidy(struct words *w);

/* Writes text over glyph at, which belongs to l. The line keeps what was read (raw) and the name of
 * the last rule that changed it: nothing is corrected silently. rule is constant. -ENOMEM. */
int words_correct(struct words *w, struct line *l, size_t at, const char *text, const char *rule);

/* What words_correct does before it writes: for other changes of l. -ENOMEM. */
int words_keep_raw(const struct words *w, struct line *l, const char *rule);

/* Takes glyph at out of l, to which it belongs; otherwise as words_correct. */
int words_drop(struct words *w, struct line *l, size_t at, const char *rule);

/* Puts g before glyph at, or behind the last of l, which it then belongs to; otherwise as
 * words_correct. -E2BIG. */
int words_insert(
    struct words *w, struct line *l, size_t at, const struct glyph *g, const char *rule);

/* Mean confidence over all glyphs (0 when there are none). */
unsigned words_confidence(const struct words *w);
/* Percent of the glyphs that are not sure: print has 1 to 10, handwriting 16 to 50. */
unsigned words_unsure(const struct words *w);
#define WORDS_UNSURE_MAX 15 /* more is hardly print */

/* Plain text: lines ended by '\n', a space where one is kept. */
void words_text(const struct words *w, struct buf *out);
/* As words_text for one line, without the newline. */
void words_line_text(const struct words *w, const struct line *l, struct buf *out);

/* Ascending. */
void sort_ints(int *list, size_t n);

/* Whether all glyphs of w read as lines [first, end) of by do, one after the other. */
bool words_say_same(const struct words *w, const struct words *by, size_t first, size_t end);
/* Whether one of the lines of by, from `since` on, reads as all glyphs of w do. */
bool words_are_said(const struct words *w, const struct words *by, size_t since);
/* Whether the glyphs of lines from `first` on are as sure as this in their mean (tenths of a
 * percent), and none less than `least` (percent). Nothing read is not sure. */
bool words_are_sure(const struct words *w, size_t first, unsigned mean, unsigned least);
bool glyph_is_same(const struct glyph *a, const struct glyph *b); /* they read alike */
bool glyph_is_latin(const struct glyph *g);                       /* ASCII letter or digit */
bool glyph_is_latin_letter(const struct glyph *g);
bool code_is_digit(uint32_t code); /* 0 to 9 */
bool code_is_hiragana(uint32_t code);
bool code_is_katakana(uint32_t code);  /* ー is none */
bool code_is_ideograph(uint32_t code); /* of the block Japanese is written with; 々 is none */
bool code_is_japanese(uint32_t code);  /* any of these three */
bool code_is_circled(uint32_t code);   /* ① to ⑳ */
bool code_is_any(uint32_t code, const uint32_t *list); /* that ends with 0, as U"…" does */
#define COUNTERS U"年月日円名回時分人件個枚台歳"       /* what numbers count, for code_is_any */
/* First code point, 0 when empty. */
uint32_t glyph_code(const struct glyph *g);
/* White before g, which is not the first glyph of its line. */
int glyph_gap(const struct glyph *g);
/* Whether glyph at begins line l, or stands apart in it as items beside each other do. */
bool words_begins_item(const struct words *w, const struct line *l, size_t at);
/* For qsort, from left to right. */
int box_by_x(const void *a, const void *b);
/* The x of its middle. */
int box_middle(struct box b);
/* Smallest box around both; an empty box (w 0) counts as nothing. */
struct box box_union(struct box a, struct box b);
/* What both cover; nothing when its width or its height is not above 0. */
struct box box_common(struct box a, struct box b);
/* x0 and x1 are how far what is at b may reach aside: not to another one level with it, nor nearer
 * than `apart`. */
void box_give_way(struct box b, struct box other, int apart, int *x0, int *x1);
/* Area that both cover, as a share 0…1 of a. */
double box_inside(struct box a, struct box b);

void words_swap(struct words *a, struct words *b);
void words_free(struct words *w); /* also of a zeroed one; usable as cleanup */

#endif
