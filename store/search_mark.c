/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is shown of a hit: where the terms are in the text, a snippet, rectangles on the page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"
#include "text.h"

#define SPANS_MAX 1024 /* places looked at in one text */

static int
compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	return (x->start > y->start) - (x->start < y->start);
}

/* Sorted spans, overlapping and touching ones joined. Returns how many are left. */
static size_t
join_spans(struct span *spans, size_t n)
{
	size_t kept = 0;

	qsort(spans, n, sizeof(*spans), compare_spans);
	for (size_t i = 0; i < n; i++) {
		if (kept > 0 && spans[i].start <= spans[kept - 1].end) {
			if (spans[i].end > spans[kept - 1].end)
				spans[kept - 1].end = spans[i].end;
		} else {
			spans[kept++] = spans[i];
		}
	}
	return kept;
}

int
search_spans(const struct folded *text, const struct search_query *query, struct span **ret,
    size_t *ret_count, uint32_t *ret_terms)
{
	_cleanup_(freep) struct span *spans = calloc(SPANS_MAX, sizeof(*spans));
	uint32_t terms = 0;
	size_t n = 0;

	if (spans == NULL)
		return -ENOMEM;
	for (size_t t = 0; t < query->count; t++) {
		const struct folded *term = &query->terms[t];
		size_t at = search_find(text, term, 0);

		if (at != SIZE_MAX)
			terms |= 1u << t;
		/* every term gets its share, so that a frequent one does not hide the others */
		for (size_t k = 0; at != SIZE_MAX && k < SPANS_MAX / SEARCH_MAX_TERMS; k++) {
			spans[n++] =
			    (struct span){text->chars[at].start, text->chars[at + term->n - 1].end};
			at = search_find(text, term, at + 1);
		}
	}
	*ret_count = join_spans(spans, n);
	*ret_terms = terms;
	*ret = TAKE_PTR(spans);
	return 0;
}

/* Start of code point number n (or the end). */
static const char *
skip(const char *text, size_t n)
{
	for (; n > 0 && *text != '\0'; n--)
		do
			text++;
		while ((*text & 0xc0) == 0x80);
	return text;
}

static json_t *
plain_text(const char *start, const char *end)
{
	json_t *json = NULL;
	char *copy = strndup(start, (size_t)(end - start));

	if (copy == NULL)
		return NULL;
	for (char *p = copy; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = ' ';
	json = json_string(copy);
	free(copy);
	return json;
}

int
search_snippet(const char *text, const struct span *spans, size_t count, json_t **ret_snippet,
    json_t **ret_highlight)
{
	const uint32_t first = count > 0 ? spans[0].start : 0;
	const uint32_t hit_end = count > 0 ? spans[0].end : 0;
	const uint32_t start = first > SNIPPET_BEFORE ? first - SNIPPET_BEFORE : 0;
	uint32_t end = start + SNIPPET_LENGTH;
	json_t *highlight = json_array();
	const char *from = skip(text, start);

	if (highlight == NULL)
		return -ENOMEM;
	if (end < hit_end)
		end = hit_end;
	for (size_t i = 0; i < count && spans[i].start < end; i++) {
		const uint32_t stop = spans[i].end < end ? spans[i].end : end;

		json_array_append_new(highlight, json_pack("[i,i]", (int)(spans[i].start - start),
						     (int)(stop - spans[i].start)));
	}
	*ret_snippet = plain_text(from, skip(from, end - start));
	*ret_highlight = highlight;
	return *ret_snippet != NULL ? 0 : -ENOMEM;
}

static void
grow(struct box *all, const struct box *one)
{
	const int32_t right = all->x + all->w > one->x + one->w ? all->x + all->w : one->x + one->w;
	const int32_t below = all->y + all->h > one->y + one->h ? all->y + all->h : one->y + one->h;

	if (all->w == 0) {
		*all = *one;
		return;
	}
	all->x = all->x < one->x ? all->x : one->x;
	all->y = all->y < one->y ? all->y : one->y;
	all->w = right - all->x;
	all->h = below - all->y;
}

struct box
box_turned(struct box b, int32_t width, int32_t height, unsigned turn)
{
	switch (turn) {
	case 90:
		return (struct box){height - b.y - b.h, b.x, b.h, b.w};
	case 180:
		return (struct box){width - b.x - b.w, height - b.y - b.h, b.w, b.h};
	case 270:
		return (struct box){b.y, width - b.x - b.w, b.h, b.w};
	default:
		return b;
	}
}

static int
append_mark(json_t *marks, const struct box *line, unsigned width, unsigned height, unsigned turn)
{
	const struct box b = box_turned(*line, (int32_t)width, (int32_t)height, turn);

	if (line->w == 0 || json_array_size(marks) >= SEARCH_MAX_MARKS)
		return 0;
	return json_array_append_new(marks, json_pack("[i,i,i,i]", b.x, b.y, b.w, b.h)) < 0
		   ? -ENOMEM
		   : 0;
}

int
search_marks(const char *text, const struct box *boxes, size_t n, const struct span *spans,
    size_t count, unsigned width, unsigned height, unsigned turn, json_t *marks)
{
	const char *p = text;
	size_t at = 0;

	for (size_t i = 0; i < count; i++) {
		struct box line = {0};
		int r = 0;

		p = skip(p, spans[i].start - at);
		for (at = spans[i].start; at < spans[i].end && at < n; at++, p = skip(p, 1)) {
			if (*p == '\n') {
				r = append_mark(marks, &line, width, height, turn);
				line = (struct box){0};
			} else if (boxes[at].w > 0) {
				grow(&line, &boxes[at]);
			}
			if (r < 0)
				return r;
		}
		r = append_mark(marks, &line, width, height, turn);
		if (r < 0)
			return r;
	}
	return 0;
}
