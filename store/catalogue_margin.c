/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Margins of what must be hidden. Knows no page, only boxes. */
#include "catalogue_margin.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static int32_t
larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

/* From a to b along one side of the page, whose length is max. */
static void
clip(int64_t a, int64_t b, unsigned max, int32_t *ret_at, int32_t *ret_size)
{
	const int64_t end = max > 0 ? max : BOX_MAX;

	a = a < 0 ? 0 : a;
	b = b > end ? end : b;
	if (b > a) { /* else: off the page, which stays so */
		*ret_at = (int32_t)a;
		*ret_size = (int32_t)(b - a);
	}
}

static struct box
grown(struct box b, int32_t dx, int32_t dy, unsigned width, unsigned height)
{
	struct box wide = b;

	clip((int64_t)b.x - dx, (int64_t)b.x + b.w + dx, width, &wide.x, &wide.w);
	clip((int64_t)b.y - dy, (int64_t)b.y + b.h + dy, height, &wide.y, &wide.h);
	return wide;
}

static int
compare(const void *a, const void *b)
{
	const int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;

	return (x > y) - (x < y);
}

/* Which way a line goes: down when from its first glyph to its last it moves further down than
 * aside. Glyphs that all stand in one place have slipped onto each other and tell neither way. */
static void
directions(const struct box *boxes, size_t n, bool *ret_down, bool *ret_across)
{
	const struct box *first = NULL, *last = NULL;
	int32_t down, across;

	for (size_t i = 0; i < n; i++) {
		if (boxes[i].w == 0)
			continue;
		first = first == NULL ? &boxes[i] : first;
		last = &boxes[i];
	}
	*ret_down = *ret_across = true;
	if (first == NULL)
		return;
	down = abs(2 * last->y + last->h - 2 * first->y - first->h);
	across = abs(2 * last->x + last->w - 2 * first->x - first->w);
	if (first == last || down != across) {
		*ret_down = down > across;
		*ret_across = !*ret_down;
	}
}

/* What a glyph usually takes along the line: the median of its size, or of the way to it from the
 * one before. steps has room for n. */
static int32_t
usual_step(const struct box *boxes, size_t n, bool down, int32_t *steps)
{
	const struct box *before = NULL;
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct box *b = &boxes[i];
		int32_t step = down ? b->h : b->w;

		if (b->w == 0)
			continue;
		if (before != NULL)
			step = larger(step, abs(down ? b->y - before->y : b->x - before->x));
		steps[count++] = step;
		before = b;
	}
	qsort(steps, count, sizeof(*steps), compare);
	return count == 0 ? 0 : steps[count / 2];
}

/* 1: the box is a part of a line that a person wrote. */
static int
is_in(struct box b, const json_t *lines)
{
	const json_t *line;
	size_t i;

	json_array_foreach(lines, i, line)
	{
		struct box whole;

		if (json_unpack((json_t *)line, "{s:i,s:i,s:i,s:i}", "x", &whole.x, "y", &whole.y,
			"w", &whole.w, "h", &whole.h) < 0)
			return -EBADMSG;
		if (box_shared(b, whole) == (int64_t)b.w * b.h)
			return 1;
	}
	return 0;
}

int
margin_glyphs(const char *text, const struct box *boxes, size_t n, const json_t *lines,
    unsigned width, unsigned height, struct box **ret)
{
	_cleanup_(freep) struct box *wide = calloc(n + 1, sizeof(*wide));
	_cleanup_(freep) int32_t *steps = calloc(n + 1, sizeof(*steps));

	if (wide == NULL || steps == NULL)
		return -ENOMEM;
	for (size_t from = 0, to; from < n; from = to) {
		bool down, across;
		int32_t usual;

		for (to = from; to < n && *text != '\n'; to++)
			do
				text++;
			while ((*text & 0xc0) == 0x80);
		directions(boxes + from, to - from, &down, &across);
		usual = usual_step(boxes + from, to - from, down, steps);
		for (; from < to; from++) {
			const struct box b = boxes[from];
			const int r = b.w == 0 ? 1 : is_in(b, lines);
			/* in the box of a digit may be a letter, which is as wide as it is high */
			const int32_t margin = larger(usual, larger(b.w, b.h));

			if (r < 0)
				return r;
			wide[from] =
			    r > 0 ? b
				  : grown(b, across ? margin : 0, down ? margin : 0, width, height);
		}
		if (to < n) { /* the line's end has no place */
			to++;
			text++;
		}
	}
	*ret = TAKE_PTR(wide);
	return 0;
}

struct box
margin_around(struct box b, size_t n, unsigned width, unsigned height)
{
	const double share = n > 0 ? (double)b.w * b.h / (double)n : 0;
	const int32_t margin = larger((int32_t)ceil(sqrt(share)), n == 1 ? b.h : 0);
	/* higher than wide may be two glyphs one below the other, or a narrow one: both ways */
	const bool down = n > 1 && b.h > b.w, across = !down || b.h <= 2 * b.w;

	return grown(b, across ? larger(margin, n > 0 && !down ? b.w / (int32_t)n : 0) : 0,
	    down ? larger(margin, b.h / (int32_t)n) : 0, width, height);
}
