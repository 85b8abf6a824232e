/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbers at the beginning of a line and behind a gap in it. */
#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "ocr/choices.h"

#define GAP 1.2     /* heights: white before the right column */
#define NUMBER 0.5  /* heights: digits of one number are nearer to each other */
#define ALIGNED 1.0 /* heights: items of the right column begin so far apart at most */
#define MOST 99

/* A line of two items. */
struct row {
	int left, right; /* numbers; right 0: it is none */
	size_t split;    /* glyph that the right one begins with */
	int x, height;   /* of that glyph */
};

/* The number that an item begins with, which must have a text. 0: there is none. */
static int
number_at(const struct glyph *g, size_t n)
{
	uint32_t code = glyph_code(g);
	int number = 0;
	size_t k = 0;

	if (n > 1 && code_is_circled(code))
		return (int)(code - U'①') + 1;
	for (; k < n && code_is_digit(glyph_code(&g[k])) && number <= MOST; k++) {
		if (k > 0 && glyph_gap(&g[k]) >= NUMBER * g->box.h)
			break;
		number = 10 * number + (int)(glyph_code(&g[k]) - '0');
	}
	if (k == 0 || k == n || number > MOST || code_is_any(glyph_code(&g[k]), U",/:-~～％%"))
		return 0;
	return number;
}

/* What a number counts by the glyph behind it: 3部, 10時30分, but 3 本人. 0: nothing. */
static uint32_t
counted(const struct glyph *g, size_t n)
{
	uint32_t code, then;
	size_t k = 0;

	while (k < n && code_is_digit(glyph_code(&g[k])))
		k++;
	code = k < n ? glyph_code(&g[k]) : 0;
	then = k + 1 < n && glyph_gap(&g[k + 1]) < NUMBER * g->box.h ? glyph_code(&g[k + 1]) : 0;
	return code_is_any(code, COUNTERS U"部本冊泊割点") && !code_is_ideograph(then) &&
		       !code_is_hiragana(then)
		   ? code
		   : 0;
}

/* Whether glyph k, of n, begins a count, and the first one none of the same. */
static bool
is_count(const struct glyph *g, size_t n, size_t k)
{
	const uint32_t of = counted(&g[k], n - k);

	return of != 0 && of != counted(g, n);
}

static struct row
row_of(const struct words *w, const struct line *l)
{
	const struct glyph *g = &w->glyphs[l->first];
	struct row row = {0};
	int widest = 0;

	/* what was read, where a line was corrected, is that of all of it */
	if (!l->vertical && l->count > 0 && l->raw == NULL)
		row.left = number_at(g, l->count);

	for (size_t k = 1; row.left > 0 && k < l->count; k++) {
		int gap = glyph_gap(&g[k]), number = number_at(&g[k], l->count - k);

		if (number == 0 || gap < GAP * g[k].box.h || gap <= widest ||
		    is_count(g, l->count, k))
			continue;
		widest = gap;
		row.right = number;
		row.split = l->first + k;
		row.x = g[k].box.x;
		row.height = g[k].box.h;
	}
	return row;
}

static bool
goes_on(const struct row *a, const struct row *b)
{
	return a->right > 0 && b->right > 0 && b->left == a->left + 1 && b->right == a->right + 1 &&
	       abs(b->x - a->x) <= ALIGNED * a->height;
}

/* Lines from i on that are two columns. Their count; 1: it is none. */
static size_t
count_rows(const struct words *w, const struct row *row, size_t i)
{
	size_t n = 1;

	while (i + n < w->nlines && goes_on(&row[i + n - 1], &row[i + n]) &&
	       w->lines[i + n].cell == w->lines[i].cell)
		n++;
	return row[i].right > row[i + n - 1].left ? n : 1;
}

static int
add_part(struct words *to, const struct words *w, const struct line *l, size_t first, size_t end)
{
	int r = words_line(to, l);

	for (size_t k = first; r >= 0 && k < end; k++)
		r = words_glyph(to, &w->glyphs[k]);
	if (r >= 0)
		words_line_done(to);
	return r;
}

static int
add_rows(struct words *to, const struct words *w, const struct row *row, size_t i, size_t n)
{
	int r = 0;

	if (n == 1)
		return words_append(to, w, i, 1, w->lines[i].cell);
	for (size_t k = i; r >= 0 && k < i + n; k++)
		r = add_part(to, w, &w->lines[k], w->lines[k].first, row[k].split);
	for (size_t k = i; r >= 0 && k < i + n; k++)
		r = add_part(
		    to, w, &w->lines[k], row[k].split, w->lines[k].first + w->lines[k].count);
	return r;
}

int
choices_arrange(struct words *w)
{
	_cleanup_(words_free) struct words to = {0};
	_cleanup_(freep) struct row *row = calloc(w->nlines + 1, sizeof *row);
	bool any = false;
	int r = 0;

	if (row == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < w->nlines; i++) {
		row[i] = row_of(w, &w->lines[i]);
		any |= i > 0 && goes_on(&row[i - 1], &row[i]);
	}
	for (size_t i = 0, n; any && r >= 0 && i < w->nlines; i += n) {
		n = count_rows(w, row, i);
		r = add_rows(&to, w, row, i, n);
	}
	if (any && r >= 0)
		words_swap(w, &to);
	return r;
}
