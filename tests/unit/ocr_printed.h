/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A line of print, and what was read of it, for tests of `ocr` that lay the one over the other. */
#ifndef FUMIKURA_TESTS_OCR_PRINTED_H
#define FUMIKURA_TESTS_OCR_PRINTED_H

#include "ocr/words.h"
#include "ocr_typeface.h"

#define EM 42         /* 300 dpi, 10 points */
#define PRINT_LEFT 60 /* of a line on its sheet; so much paper is around it */
#define PRINT_TOP 60
#define PRINT_MAX 200 /* letters */
#define READ_SURE 99  /* percent */
#define READ_UNSURE 90

struct printed {
	PIX *pix;
	struct box ink[PRINT_MAX]; /* of each letter, spaces too */
	size_t n;
};

static inline size_t
letters_in(const char *text)
{
	size_t n = 0;

	for (; *text != '\0'; text++)
		n += (*text & 0xc0) != 0x80;
	return n;
}

/* Text on pix, each letter `step` behind the one before it. */
static inline void
print_at(struct printed *p, const char *text, int em, int step, int x, int y)
{
	uint32_t code;

	for (int used; *text != '\0'; text += used) {
		used = utf8_decode(text, strlen(text), &code);
		assert_true(used > 0 && p->n < PRINT_MAX);
		p->ink[p->n++] = draw_letter(p->pix, code, em, x, y);
		x += step;
	}
}

/* A sheet with this line. */
static inline struct printed
print_line(const char *text)
{
	struct printed p = {
	    .pix = blank(2 * PRINT_LEFT + EM * (int)letters_in(text), 2 * PRINT_TOP + EM)};

	print_at(&p, text, EM, EM, PRINT_LEFT, PRINT_TOP);
	return p;
}

/* Around all of its ink. */
static inline struct box
line_box(const struct printed *p)
{
	struct box all = {0};

	for (size_t i = 0; i < p->n; i++)
		all = box_union(all, p->ink[i]);
	return all;
}

/* A line that was read as text, its letters an em each from x on: all of them sure, but those
 * behind a ? that sure. */
static inline void
read_at(struct words *w, const char *text, int x, int y, unsigned confidence)
{
	bool is_meant = false;
	uint32_t code;

	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (int used; *text != '\0'; text += used) {
		struct glyph g = {.box = {x, y, EM, EM},
		    .confidence = is_meant ? (uint8_t)confidence : READ_SURE};

		used = utf8_decode(text, strlen(text), &code);
		is_meant = code == U'?';
		if (is_meant)
			continue;
		memcpy(g.text, text, (size_t)used);
		x += EM;
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* As it was printed by print_line(). */
static inline void
read_print(struct words *w, const char *text, unsigned confidence)
{
	read_at(w, text, PRINT_LEFT, PRINT_TOP, confidence);
}

static inline void
expect_reads(const struct words *w, size_t line, const char *want)
{
	_cleanup_(buf_free) struct buf b = {0};

	words_line_text(w, &w->lines[line], &b);
	buf_add(&b, "", 1);
	assert_int_equal(buf_error(&b), 0);
	assert_string_equal(b.data, want);
}

#endif
