/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The longest common sequence of two readings, and what lies between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/settle.h"

static bool
is_same(const struct glyph *a, const struct glyph *b)
{
	return strcmp(a->text, b->text) == 0;
}

/* Row i, column j: how many glyphs the readings share, in order, from i and j to their ends. */
static uint16_t *
count_common(const struct words *a, const struct words *b)
{
	size_t n = a->nglyphs, m = b->nglyphs, wide = m + 1;
	uint16_t *t = calloc((n + 1) * wide, sizeof *t);

	for (size_t i = n; t != NULL && i-- > 0;) {
		for (size_t j = m; j-- > 0;) {
			uint16_t skip_a = t[(i + 1) * wide + j], skip_b = t[i * wide + j + 1];

			if (is_same(&a->glyphs[i], &b->glyphs[j]))
				t[i * wide + j] = (uint16_t)(t[(i + 1) * wide + j + 1] + 1);
			else
				t[i * wide + j] = skip_a > skip_b ? skip_a : skip_b;
		}
	}
	return t;
}

/* Dots and dashes between letters are what a reading drops first; nobody invents them. */
static bool
is_often_dropped(const struct glyph *g)
{
	return glyph_code(g) == U'・' || glyph_code(g) == '-';
}

size_t
settle_dots(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		n += is_often_dropped(&w->glyphs[i]);
	return n;
}

static int
add_disputed(struct words *to, struct glyph g)
{
	if (g.confidence > SETTLE_DISPUTED)
		g.confidence = SETTLE_DISPUTED;
	return words_glyph(to, &g);
}

/* n glyphs of the best reading against m of the other: whatever stands afterwards, it was
 * disputed. */
static int
add_surer(struct words *to, const struct glyph *a, size_t n, const struct glyph *b, size_t m)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = add_disputed(to, n == m && b[i].confidence > a[i].confidence ? b[i] : a[i]);
	for (size_t i = 0; r >= 0 && n == 0 && to->nglyphs > 0 && i < m; i++)
		if (is_often_dropped(&b[i]))
			r = add_disputed(to, b[i]);
	return r;
}

int
settle(struct words *best, const struct words *other)
{
	size_t n = best->nglyphs, m = other->nglyphs, i = 0, j = 0, from_i = 0, from_j = 0;
	_cleanup_(freep) uint16_t *common = NULL;
	_cleanup_(words_free) struct words both = {0};
	int r;

	if (best->nlines != 1 || other->nlines != 1 || n > SETTLE_MAX || m > SETTLE_MAX)
		return 0;
	common = count_common(best, other);
	if (common == NULL)
		return -ENOMEM;
	r = words_line(&both, &best->lines[0]);
	while (r >= 0 && (i < n || j < m)) {
		if (i < n && j < m && is_same(&best->glyphs[i], &other->glyphs[j])) {
			r = add_surer(&both, &best->glyphs[from_i], i - from_i,
			    &other->glyphs[from_j], j - from_j);
			if (r >= 0)
				r = words_glyph(&both, &best->glyphs[i]);
			from_i = ++i;
			from_j = ++j;
		} else if (j == m ||
			   (i < n && common[(i + 1) * (m + 1) + j] >= common[i * (m + 1) + j + 1]))
			i++;
		else
			j++;
	}
	if (r >= 0 && n > from_i) /* dots behind the last letter are dirt */
		r = add_surer(
		    &both, &best->glyphs[from_i], n - from_i, &other->glyphs[from_j], m - from_j);
	if (r < 0)
		return r;
	both.lines[0].raw = TAKE_PTR(best->lines[0].raw);
	words_line_done(&both);
	words_swap(best, &both);
	return 0;
}
