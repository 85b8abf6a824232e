/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marks and text brought together: by place alone. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/marks.h"

#define TEXT_EMPTY "□"
#define TEXT_SET "☑"
#define INSIDE 0.6 /* of a glyph, in a ring */

/* The line whose height the box's middle falls into and that is nearest to it; nlines when there is
 * none. */
static size_t
nearest_line(const struct mark *m, const struct words *w)
{
	int y = m->box.y + m->box.h / 2, best = 8 * m->box.h;
	size_t found = w->nlines;

	for (size_t i = 0; i < w->nlines; i++) {
		const struct box *b = &w->lines[i].box;
		int gap = 0;

		if (w->lines[i].vertical || y < b->y || y >= b->y + b->h)
			continue;
		if (m->box.x + m->box.w <= b->x)
			gap = b->x - m->box.x - m->box.w;
		else if (m->box.x >= b->x + b->w)
			gap = m->box.x - b->x - b->w;
		if (gap < best) {
			best = gap;
			found = i;
		}
	}
	return found;
}

static int
put_glyph(struct words *w, const struct mark *m)
{
	struct glyph g = {.box = m->box, .confidence = 100};

	snprintf(g.text, sizeof g.text, "%s", m->set ? TEXT_SET : TEXT_EMPTY);
	return words_glyph(w, &g);
}

/* One line of from, with the boxes that belong to it between its glyphs. */
static int
put_line(
    struct words *to, const struct words *from, size_t n, const struct marks *m, const size_t *line)
{
	const struct line *l = &from->lines[n];
	size_t k = 0;
	int r = words_line(to, l);

	if (r >= 0 && l->raw != NULL && (to->lines[to->nlines - 1].raw = strdup(l->raw)) == NULL)
		r = -ENOMEM;
	for (size_t i = l->first; r >= 0 && i <= l->first + l->count; i++) {
		bool end = i == l->first + l->count;

		for (; r >= 0 && k < m->n; k++) {
			if (line[k] != n || m->mark[k].kind != MARK_BOX)
				continue;
			if (!end && m->mark[k].box.x > from->glyphs[i].box.x)
				break;
			r = put_glyph(to, &m->mark[k]);
		}
		if (r >= 0 && !end)
			r = words_glyph(to, &from->glyphs[i]);
	}
	if (r >= 0) { /* it may reach over ink that was not read */
		words_line_done(to);
		to->lines[to->nlines - 1].box = box_union(to->lines[to->nlines - 1].box, l->box);
	}
	return r;
}

static int
by_x(const void *a, const void *b)
{
	const struct mark *p = a, *q = b;

	return (p->box.x > q->box.x) - (p->box.x < q->box.x);
}

int
marks_insert(const struct marks *m, struct words *w)
{
	struct words out = {0};
	size_t *line = calloc(m->n + 1, sizeof *line);
	struct line alone = {.cell = -1};
	int r = line == NULL ? -ENOMEM : 0;

	if (m->n > 0)
		qsort(m->mark, m->n, sizeof *m->mark, by_x);
	for (size_t k = 0; r >= 0 && k < m->n; k++)
		line[k] = nearest_line(&m->mark[k], w);
	for (size_t n = 0; r >= 0 && n < w->nlines; n++)
		r = put_line(&out, w, n, m, line);
	for (size_t k = 0; r >= 0 && k < m->n; k++) {
		if (line[k] != w->nlines || m->mark[k].kind != MARK_BOX)
			continue;
		r = words_line(&out, &alone);
		if (r >= 0)
			r = put_glyph(&out, &m->mark[k]);
		if (r >= 0)
			words_line_done(&out);
	}
	free(line);
	if (r < 0) {
		words_free(&out);
		return r;
	}
	words_free(w);
	*w = out;
	return 0;
}

/* What stands between choices, and what the engine makes of rests of a ring. */
static bool
is_separator(const struct glyph *g)
{
	static const char *const separators[] = {
	    "・", "、", "。", ",", ".", "…", "?", "*", "'", "/", "／", "）", "（", "(", ")", " "};

	for (size_t i = 0; i < sizeof separators / sizeof *separators; i++)
		if (strcmp(g->text, separators[i]) == 0)
			return true;
	return false;
}

/* Most of the glyph is, or as much of it as a character is wide: the engine gives a character the
 * gap beside it, too. */
static bool
is_inside(struct box g, struct box ring)
{
	const struct box both = box_common(g, ring);

	return box_inside(g, ring) >= INSIDE || (both.h >= INSIDE * g.h && both.w >= INSIDE * g.h);
}

void
marks_inside(const struct mark *m, const struct words *w, char *out, size_t size)
{
	size_t n = 0, end = 0;

	for (size_t i = 0; i < w->nglyphs; i++) {
		const struct glyph *g = &w->glyphs[i];
		size_t more = strlen(g->text);

		if (!is_inside(g->box, m->box) || n + more + 1 > size ||
		    (n == 0 && is_separator(g)))
			continue;
		memcpy(out + n, g->text, more);
		n += more;
		if (!is_separator(g))
			end = n;
	}
	out[end] = '\0';
}
