/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of glyphs; knows nothing of pictures or engines. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/words.h"
#include "text.h"

#define SURE 90         /* confidence from which a glyph is sure */
#define ITEMS_APART 0.6 /* of the line's height: letters of one word are closer */

static int
grow(void **data, size_t *room, size_t need, size_t each)
{
	size_t n = *room < 64 ? 64 : *room * 2, bytes;
	void *p;

	if (need <= *room)
		return 0;
	if (__builtin_mul_overflow(n, each, &bytes))
		return -E2BIG;
	p = realloc(*data, bytes);
	if (p == NULL)
		return -ENOMEM;
	*data = p;
	*room = n;
	return 0;
}

int
words_line(struct words *w, const struct line *like)
{
	int r = grow((void **)&w->lines, &w->line_room, w->nlines + 1, sizeof *w->lines);

	if (r < 0)
		return r;
	w->lines[w->nlines] = *like;
	w->lines[w->nlines].first = w->nglyphs;
	w->lines[w->nlines].count = 0;
	w->lines[w->nlines].raw = NULL;
	w->nlines++;
	return 0;
}

int
words_glyph(struct words *w, const struct glyph *g)
{
	int r;

	if (w->nglyphs >= WORDS_MAX_GLYPHS)
		return -E2BIG;
	r = grow((void **)&w->glyphs, &w->glyph_room, w->nglyphs + 1, sizeof *w->glyphs);
	if (r < 0)
		return r;
	w->glyphs[w->nglyphs++] = *g;
	w->lines[w->nlines - 1].count++;
	return 0;
}

void
words_line_done(struct words *w)
{
	struct line *l = &w->lines[w->nlines - 1];
	unsigned long sum = 0;

	if (l->count == 0) {
		w->nlines--;
		return;
	}
	l->box = (struct box){0};
	for (size_t i = l->first; i < l->first + l->count; i++) {
		l->box = box_union(l->box, w->glyphs[i].box);
		sum += w->glyphs[i].confidence;
	}
	l->confidence = (uint8_t)(sum / l->count);
}

int
words_append(struct words *w, const struct words *from, size_t first, size_t count, int cell)
{
	for (size_t i = first; i < first + count; i++) {
		const struct line *l = &from->lines[i];
		int r = words_line(w, l);

		for (size_t k = l->first; r >= 0 && k < l->first + l->count; k++)
			r = words_glyph(w, &from->glyphs[k]);
		if (r < 0)
			return r;
		w->lines[w->nlines - 1].cell = cell;
		if (l->raw != NULL) {
			w->lines[w->nlines - 1].raw = strdup(l->raw);
			if (w->lines[w->nlines - 1].raw == NULL)
				return -ENOMEM;
		}
	}
	return 0;
}

int
words_replace(struct words *w, size_t first, const struct words *by)
{
	if (w->nlines > first)
		w->nglyphs = w->lines[first].first;
	while (w->nlines > first)
		free(w->lines[--w->nlines].raw);
	return words_append(w, by, 0, by->nlines, -1);
}

int
words_append_other(struct words *others, const struct words *w, const struct words *shown)
{
	return others == NULL || words_say_same(w, shown, 0, shown->nlines)
		   ? 0
		   : words_append(others, w, 0, w->nlines, -1);
}

static struct box
box_move(struct box b, double scale, double dx, double dy)
{
	int x = (int)lround(b.x * scale + dx), y = (int)lround(b.y * scale + dy);

	return (struct box){
	    .x = x,
	    .y = y,
	    .w = (int)lround((b.x + b.w) * scale + dx) - x,
	    .h = (int)lround((b.y + b.h) * scale + dy) - y,
	};
}

void
words_move(struct words *w, double scale, double dx, double dy)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		w->glyphs[i].box = box_move(w->glyphs[i].box, scale, dx, dy);
	for (size_t i = 0; i < w->nlines; i++)
		w->lines[i].box = box_move(w->lines[i].box, scale, dx, dy);
}

static bool
is_ascii(const struct glyph *g)
{
	return g->text[0] > 0x20 && g->text[0] < 0x7f;
}

static bool
has_white_of_its_own(const struct glyph *g)
{
	return code_is_any(glyph_code(g), U"1.,:;()");
}

/* Of the line's height, in twelfths: white between words, beside digits and signs, and beside those
 * that have white of their own. */
static int
twelfths_apart(const struct glyph *a, const struct glyph *b)
{
	if (glyph_is_latin_letter(a) && glyph_is_latin_letter(b))
		return 2;
	return has_white_of_its_own(a) || has_white_of_its_own(b) ? 5 : 3;
}

void
words_tidy(struct words *w)
{
	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *l = &w->lines[n];

		int height = l->vertical ? l->box.w : l->box.h;

		for (size_t i = l->first; i < l->first + l->count; i++) {
			const struct glyph *a;
			struct glyph *b = &w->glyphs[i];
			int gap;

			if (i == l->first)
				b->space = false;
			if (!b->space)
				continue;
			a = b - 1;
			gap = l->vertical ? b->box.y - a->box.y - a->box.h
					  : b->box.x - a->box.x - a->box.w;
			b->space =
			    is_ascii(a) && is_ascii(b) && gap * 12 >= height * twelfths_apart(a, b);
		}
	}
}

unsigned
words_confidence(const struct words *w)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		sum += w->glyphs[i].confidence;
	return w->nglyphs == 0 ? 0 : (unsigned)(sum / w->nglyphs);
}

unsigned
words_unsure(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		n += w->glyphs[i].confidence < SURE;
	return w->nglyphs == 0 ? 0 : (unsigned)(n * 100 / w->nglyphs);
}

void
words_line_text(const struct words *w, const struct line *l, struct buf *out)
{
	for (size_t i = l->first; i < l->first + l->count; i++) {
		if (w->glyphs[i].space)
			buf_add(out, " ", 1);
		buf_puts(out, w->glyphs[i].text);
	}
}

void
words_text(const struct words *w, struct buf *out)
{
	for (size_t i = 0; i < w->nlines; i++) {
		words_line_text(w, &w->lines[i], out);
		buf_add(out, "\n", 1);
	}
}

bool
glyph_is_latin(const struct glyph *g)
{
	char c = g->text[0];

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool
glyph_is_latin_letter(const struct glyph *g)
{
	return glyph_is_latin(g) && !code_is_digit(glyph_code(g));
}

bool
glyph_is_same(const struct glyph *a, const struct glyph *b)
{
	return strcmp(a->text, b->text) == 0;
}

bool
words_say_same(const struct words *w, const struct words *by, size_t first, size_t end)
{
	size_t n = 0;

	for (size_t l = first; l < end; l++) {
		const struct line *line = &by->lines[l];

		for (size_t i = 0; i < line->count; i++, n++)
			if (n >= w->nglyphs ||
			    !glyph_is_same(&w->glyphs[n], &by->glyphs[line->first + i]))
				return false;
	}
	return n == w->nglyphs;
}

bool
words_are_said(const struct words *w, const struct words *by, size_t since)
{
	for (size_t l = since; l < by->nlines; l++)
		if (words_say_same(w, by, l, l + 1))
			return true;
	return false;
}

bool
words_are_sure(const struct words *w, size_t first, unsigned mean, unsigned least)
{
	unsigned long sum = 0, n = 0;

	for (size_t l = first; l < w->nlines; l++)
		for (size_t i = w->lines[l].first; i < w->lines[l].first + w->lines[l].count; i++) {
			if (w->glyphs[i].confidence < least)
				return false;
			sum += w->glyphs[i].confidence;
			n++;
		}
	return n > 0 && 10 * sum >= mean * n;
}

bool
code_is_digit(uint32_t code)
{
	return code >= '0' && code <= '9';
}

bool
code_is_hiragana(uint32_t code)
{
	return code >= U'ぁ' && code <= U'ゖ';
}

bool
code_is_katakana(uint32_t code)
{
	return code >= U'ァ' && code <= U'ヺ';
}

bool
code_is_japanese(uint32_t code)
{
	return code_is_hiragana(code) || code_is_katakana(code) || code_is_ideograph(code);
}

bool
code_is_any(uint32_t code, const uint32_t *list)
{
	while (*list != 0 && *list != code)
		list++;
	return *list != 0;
}

bool
code_is_circled(uint32_t code)
{
	return code >= U'①' && code <= U'⑳';
}

bool
code_is_ideograph(uint32_t code)
{
	return code >= 0x4e00 && code <= 0x9fff;
}

uint32_t
glyph_code(const struct glyph *g)
{
	uint32_t code;

	if (utf8_decode(g->text, strlen(g->text), &code) < 0)
		return 0;
	return code;
}

struct box
box_union(struct box a, struct box b)
{
	int x0, y0, x1, y1;

	if (a.w <= 0 || a.h <= 0)
		return b;
	if (b.w <= 0 || b.h <= 0)
		return a;
	x0 = a.x < b.x ? a.x : b.x;
	y0 = a.y < b.y ? a.y : b.y;
	x1 = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
	y1 = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
	return (struct box){x0, y0, x1 - x0, y1 - y0};
}

struct box
box_common(struct box a, struct box b)
{
	int x0 = a.x > b.x ? a.x : b.x, x1 = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	int y0 = a.y > b.y ? a.y : b.y, y1 = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;

	return (struct box){x0, y0, x1 - x0, y1 - y0};
}

void
box_give_way(struct box b, struct box other, int apart, int *x0, int *x1)
{
	const int left = other.x + other.w + apart, right = other.x - apart;

	if (other.y >= b.y + b.h || other.y + other.h <= b.y)
		return;
	if (other.x + other.w <= box_middle(b) && left > *x0)
		*x0 = left;
	if (other.x >= box_middle(b) && right < *x1)
		*x1 = right;
}

double
box_inside(struct box a, struct box b)
{
	const struct box both = box_common(a, b);

	if (a.w <= 0 || a.h <= 0 || both.w <= 0 || both.h <= 0)
		return 0;
	return (double)both.w * both.h / ((double)a.w * a.h);
}

int
glyph_gap(const struct glyph *g)
{
	return g->box.x - g[-1].box.x - g[-1].box.w;
}

bool
words_begins_item(const struct words *w, const struct line *l, size_t at)
{
	return at == l->first || glyph_gap(&w->glyphs[at]) >= ITEMS_APART * l->box.h;
}

int
box_by_x(const void *a, const void *b)
{
	const struct box *p = a, *q = b;

	return (p->x > q->x) - (p->x < q->x);
}

int
box_middle(struct box b)
{
	return b.x + b.w / 2;
}

void
words_swap(struct words *a, struct words *b)
{
	struct words t = *a;

	*a = *b;
	*b = t;
}

void
words_free(struct words *w)
{
	for (size_t i = 0; i < w->nlines; i++)
		free(w->lines[i].raw);
	free(w->lines);
	free(w->glyphs);
	*w = (struct words){0};
}

static int
compare_int(const void *a, const void *b)
{
	return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b);
}

void
sort_ints(int *list, size_t n)
{
	qsort(list, n, sizeof *list, compare_int);
}
