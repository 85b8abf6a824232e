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

/* n glyphs of one reading against m of the other: whatever stands afterwards, it was disputed. */
static void
take_surer(struct glyph *a, size_t n, const struct glyph *b, size_t m)
{
	for (size_t i = 0; i < n; i++) {
		if (n == m && b[i].confidence > a[i].confidence)
			a[i] = b[i];
		if (a[i].confidence > SETTLE_DISPUTED)
			a[i].confidence = SETTLE_DISPUTED;
	}
}

int
settle(struct words *best, const struct words *other)
{
	size_t n = best->nglyphs, m = other->nglyphs, i = 0, j = 0, from_i = 0, from_j = 0;
	_cleanup_(freep) uint16_t *common = NULL;

	if (best->nlines != 1 || other->nlines != 1 || n > SETTLE_MAX || m > SETTLE_MAX)
		return 0;
	common = count_common(best, other);
	if (common == NULL)
		return -ENOMEM;
	while (i < n || j < m) {
		if (i < n && j < m && is_same(&best->glyphs[i], &other->glyphs[j])) {
			take_surer(&best->glyphs[from_i], i - from_i, &other->glyphs[from_j],
			    j - from_j);
			from_i = ++i;
			from_j = ++j;
		} else if (j == m ||
			   (i < n && common[(i + 1) * (m + 1) + j] >= common[i * (m + 1) + j + 1]))
			i++;
		else
			j++;
	}
	take_surer(&best->glyphs[from_i], n - from_i, &other->glyphs[from_j], m - from_j);
	words_line_done(best);
	return 0;
}
