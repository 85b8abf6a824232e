/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The longest common sequence of two readings, and what lies between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/room.h"
#include "ocr/settle.h"

/* Of the usual step from glyph to glyph, how far apart the neighbours of a glyph are. */
#define ROOM_MIN 1.5
#define ROOM_MIXED 1.0  /* of a narrow one between a narrow one and a wide one */
#define INVENTED_MAX 95 /* confidence: surer ones were not invented */

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

/* Points, strokes and the like take no room of their own. */
static bool
is_small(const struct glyph *g)
{
	static const uint32_t small[] = U"・-－―—ー一,，、。:：'’~～〜|_";

	for (size_t i = 0; small[i] != 0; i++)
		if (glyph_code(g) == small[i])
			return true;
	return false;
}

/* Glyph at, which the other reading has not: its neighbours stand as near to each other as if
 * nothing were between them, and strokes of theirs were read twice. */
static bool
is_invented(const struct words *w, size_t at)
{
	const struct glyph *g = &w->glyphs[at];
	bool narrow, mixed;

	if (at == 0 || at + 1 >= w->nglyphs || g->confidence > INVENTED_MAX || is_small(g))
		return false;
	narrow = room_is_narrow(g) && room_is_narrow(g - 1);
	mixed = room_is_narrow(g) && room_is_narrow(g - 1) != room_is_narrow(g + 1);
	return room_middle(g + 1) - room_middle(g - 1) <
	       (mixed ? ROOM_MIXED : ROOM_MIN) * room_step(w->glyphs, w->nglyphs, narrow && !mixed);
}

static int
add_disputed(struct words *to, struct glyph g)
{
	if (g.confidence > SETTLE_DISPUTED)
		g.confidence = SETTLE_DISPUTED;
	return words_glyph(to, &g);
}

/* A stretch of a reading. */
struct stretch {
	const struct words *of;
	size_t first, n;
};

/* What the readings do not share: whatever stands afterwards, it was disputed. */
static int
add_surer(struct words *to, struct stretch best, struct stretch other)
{
	const struct glyph *a = &best.of->glyphs[best.first], *b = &other.of->glyphs[other.first];
	const size_t n = best.n, m = other.n;
	int r = 0;

	if (n == 1 && m == 0 && is_invented(best.of, best.first))
		return 0;
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
			r = add_surer(&both, (struct stretch){best, from_i, i - from_i},
			    (struct stretch){other, from_j, j - from_j});
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
		r = add_surer(&both, (struct stretch){best, from_i, n - from_i},
		    (struct stretch){other, from_j, m - from_j});
	if (r < 0)
		return r;
	both.lines[0].raw = TAKE_PTR(best->lines[0].raw);
	words_line_done(&both);
	words_swap(best, &both);
	return 0;
}
