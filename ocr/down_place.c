/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The cheapest way from glyph to glyph, each at one letter, never back. */
#include <errno.h>
#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "cleanup.h"
#include "ocr/down_place.h"

/* Rooms that a glyph would have to be off instead: */
#define SHARED 4.0 /* two glyphs are of one letter */
#define UNREAD 4.0 /* a letter has no glyph */

/* Of one glyph, for each letter that it may be: the cost of all up to it, and which letter the
 * glyph before is then. */
struct way {
	double cost[DOWN_LETTERS_MAX];
	int before[DOWN_LETTERS_MAX];
};

/* Glyph g at letter n; last is NULL for the first glyph. */
static void
go_on(const struct glyph *g, int room, int n, const struct way *last, struct way *ret)
{
	const double off = fabs((g->box.x + g->box.w / 2.0) / room - 1 - n);

	ret->cost[n] = last == NULL ? n * UNREAD : DBL_MAX;
	ret->before[n] = -1;
	for (int k = 0; last != NULL && k <= n; k++) {
		const double cost = last->cost[k] + (k == n ? SHARED : (n - k - 1) * UNREAD);

		if (cost < ret->cost[n]) {
			ret->cost[n] = cost;
			ret->before[n] = k;
		}
	}
	ret->cost[n] += off;
}

/* The letter that the last glyph is. */
static int
find_end(const struct way *last, int letters)
{
	int ret = letters - 1;

	for (int n = ret; n >= 0; n--)
		if (last->cost[n] + (letters - 1 - n) * UNREAD <
		    last->cost[ret] + (letters - 1 - ret) * UNREAD)
			ret = n;
	return ret;
}

/* Glyphs [first, end) are those of one letter. */
static void
share(struct words *w, size_t first, size_t end, const struct box *b)
{
	const int n = (int)(end - first);

	for (int i = 0; i < n; i++) {
		const int x = b->w * i / n;

		w->glyphs[first + (size_t)i].box =
		    (struct box){b->x + x, b->y, b->w * (i + 1) / n - x, b->h};
	}
}

static int
place_line(const struct down_letters *l, int room, struct words *w, struct line *line)
{
	_cleanup_(freep) struct way *ways = calloc(line->count + 1, sizeof *ways);
	const size_t last = line->first + line->count;
	int letter;

	if (ways == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < line->count; i++)
		for (int n = 0; n < l->n; n++)
			go_on(&w->glyphs[line->first + i], room, n, i == 0 ? NULL : &ways[i - 1],
			    &ways[i]);
	line->vertical = true;
	line->box = (struct box){0};
	letter = line->count == 0 ? -1 : find_end(&ways[line->count - 1], l->n);
	for (size_t end = last, i = last; i-- > line->first;) {
		const int before = ways[i - line->first].before[letter];

		if (before == letter)
			continue;
		share(w, i, end, &l->letter[letter].box);
		line->box = box_union(line->box, l->letter[letter].box);
		letter = before;
		end = i;
	}
	return 0;
}

int
down_place(const struct down_letters *l, int room, struct words *w)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = place_line(l, room, w, &w->lines[i]);
	return r;
}

void
down_place_each(const struct down_letters *l, struct words *w)
{
	if (w->nlines != 1 || w->nglyphs != (size_t)l->n)
		return;
	w->lines[0].box = (struct box){0};
	for (int i = 0; i < l->n; i++) {
		w->glyphs[i].box = l->letter[i].box;
		w->lines[0].box = box_union(w->lines[0].box, l->letter[i].box);
	}
}
