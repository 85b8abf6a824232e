/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/align.h"

#define UNSEEN 50 /* confidence of a glyph that no reading had anything for */

uint16_t *
align_count(const struct words *a, const struct words *b)
{
	size_t n = a->nglyphs, m = b->nglyphs, wide = m + 1;
	uint16_t *t = calloc((n + 1) * wide, sizeof *t);

	for (size_t i = n; t != NULL && i-- > 0;) {
		for (size_t j = m; j-- > 0;) {
			uint16_t skip_a = t[(i + 1) * wide + j], skip_b = t[i * wide + j + 1];

			if (glyph_is_same(&a->glyphs[i], &b->glyphs[j]))
				t[i * wide + j] = (uint16_t)(t[(i + 1) * wide + j + 1] + 1);
			else
				t[i * wide + j] = skip_a > skip_b ? skip_a : skip_b;
		}
	}
	return t;
}

/* Between what both have: glyphs [i, end_i) of a, [j, end_j) of b. */
static void
fill(struct aligned *ret, size_t i, size_t end_i, size_t j, size_t end_j)
{
	const bool as_many = end_i - i == end_j - j;

	for (; i < end_i; i++, j++)
		ret[i] = (struct aligned){-1, as_many ? (int)j : -1};
}

struct aligned *
align(const struct words *a, const struct words *b)
{
	const size_t n = a->nglyphs, m = b->nglyphs, wide = m + 1;
	_cleanup_(freep) uint16_t *common = align_count(a, b);
	struct aligned *ret = calloc(n + 1, sizeof *ret);
	size_t i = 0, j = 0, from_i = 0, from_j = 0;

	if (common == NULL || ret == NULL) {
		free(ret);
		return NULL;
	}
	while (i < n && j < m) {
		if (glyph_is_same(&a->glyphs[i], &b->glyphs[j])) {
			fill(ret, from_i, i, from_j, j);
			ret[i] = (struct aligned){(int)j, -1};
			from_i = ++i;
			from_j = ++j;
		} else if (common[(i + 1) * wide + j] >= common[i * wide + j + 1])
			i++;
		else
			j++;
	}
	fill(ret, from_i, n, from_j, m);
	return ret;
}

/* ---- places ---- */

/* The glyph of w that stands for the one aligned so, or NULL. */
static const struct glyph *
stands_for(const struct words *w, struct aligned at)
{
	return at.same >= 0 ? &w->glyphs[at.same] : at.instead >= 0 ? &w->glyphs[at.instead] : NULL;
}

static bool
is_digit_by_holes(const struct glyph *a, const struct glyph *b)
{
	return glyph_is_same(a, b) && code_is_any(glyph_code(a), U"08");
}

/* Whether a reading told where g stands. */
static bool
place(struct glyph *g, const struct words *first, struct aligned at, const struct words *second,
    struct aligned other, uint8_t disputed)
{
	const struct glyph *a = stands_for(first, at), *b = stands_for(second, other);
	const struct glyph *like = at.same < 0 && other.same >= 0 ? b : a != NULL ? a : b;
	struct glyph placed;

	if (like == NULL)
		return false;
	placed = *like;
	if (at.same >= 0 || other.same >= 0 || !code_is_digit(glyph_code(g)) || a == NULL ||
	    b == NULL || !is_digit_by_holes(a, b))
		memcpy(placed.text, g->text, sizeof placed.text);
	if ((at.same < 0 || other.same < 0) && placed.confidence > disputed)
		placed.confidence = disputed;
	*g = placed;
	return true;
}

/* Glyphs [from, to) share the room between their neighbours, or stand where the only one does. */
static void
spread(struct words *w, size_t from, size_t to)
{
	const struct glyph *last = from > 0 ? &w->glyphs[from - 1] : NULL;
	const struct glyph *next = to < w->nglyphs ? &w->glyphs[to] : NULL;
	const struct glyph *near = last != NULL ? last : next;
	struct box room = near == NULL ? (struct box){0} : near->box;

	if (last != NULL && next != NULL && last->box.x + last->box.w < next->box.x) {
		room.x = last->box.x + last->box.w;
		room.w = next->box.x - room.x;
	}
	for (size_t i = from; i < to; i++) {
		const int left = room.w * (int)(i - from) / (int)(to - from);
		const int right = room.w * (int)(i + 1 - from) / (int)(to - from);

		w->glyphs[i].box = (struct box){room.x + left, room.y, right - left, room.h};
		w->glyphs[i].confidence = UNSEEN;
	}
}

int
align_place(
    struct words *text, const struct words *first, const struct words *second, uint8_t disputed)
{
	_cleanup_(freep) struct aligned *a = align(text, first), *b = align(text, second);
	size_t open = 0;

	if (a == NULL || b == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < text->nglyphs; i++)
		if (place(&text->glyphs[i], first, a[i], second, b[i], disputed)) {
			if (open < i)
				spread(text, open, i);
			open = i + 1;
		}
	if (open < text->nglyphs)
		spread(text, open, text->nglyphs);
	words_line_done(text);
	return 0;
}
