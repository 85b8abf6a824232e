/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which correction stands in the place of which line of the machine's. Changes nothing. */
#include "catalogue_layer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_reading.h"

#define SAME_PLACE 2         /* boxes are of one line when they share at least 1/2 of the smaller */
#define CORRECTIONS_MAX 1000 /* of one page, more than it has lines; each lays all of them anew */

static int
read_corrections(struct catalogue *cat, int64_t page, struct layer *l)
{
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT x, y, w, h, text, by, at FROM correction WHERE page = :page ORDER BY y, x");
	int r;

	query_int(&q, ":page", page);
	while ((r = query_step(&q)) > 0) {
		struct correction *all, *c;

		if (l->n_corrections == CORRECTIONS_MAX)
			return -E2BIG;
		all = reallocarray(l->corrections, l->n_corrections + 1, sizeof(*all));
		if (all == NULL)
			return -ENOMEM;
		l->corrections = all;
		c = &all[l->n_corrections++];
		*c = (struct correction){
		    .box = {(int32_t)query_column_int(&q, 0), (int32_t)query_column_int(&q, 1),
			(int32_t)query_column_int(&q, 2), (int32_t)query_column_int(&q, 3)},
		    .text = strdup(query_column_text(&q, 4)),
		    .raw = strdup("")};
		query_column_copy(&q, 5, c->by, sizeof(c->by));
		query_column_copy(&q, 6, c->at, sizeof(c->at));
		if (c->text == NULL || c->raw == NULL)
			return -ENOMEM;
	}
	return r;
}

/* 0: the page has no such reading. */
static int
read_machine(struct catalogue *cat, int64_t id, struct layer *l)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT reading.text, reading.confidence, reading_box.data"
			   " FROM reading JOIN reading_box USING (id) WHERE reading.id = :id");
	int r;

	query_int(&q, ":id", id);
	r = query_step(&q);
	if (r <= 0)
		return r;
	l->text = strdup(query_column_text(&q, 0));
	l->confidence = query_column_int(&q, 1);
	if (l->text == NULL)
		return -ENOMEM;
	l->length = utf8_length(l->text);
	r = box_unpack(sqlite3_column_blob(q.statement, 2),
	    (size_t)sqlite3_column_bytes(q.statement, 2), l->length, &l->boxes);
	return r < 0 ? r : 1;
}

/* ---- places ---- */

int64_t
box_shared(struct box a, struct box b)
{
	const int32_t x = a.x > b.x ? a.x : b.x, y = a.y > b.y ? a.y : b.y;
	const int32_t right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	const int32_t below = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;

	return right > x && below > y ? (int64_t)(right - x) * (below - y) : 0;
}

static bool
same_place(struct box a, struct box b)
{
	const int64_t one = (int64_t)a.w * a.h, two = (int64_t)b.w * b.h;

	return box_shared(a, b) * SAME_PLACE >= (one < two ? one : two) && box_shared(a, b) > 0;
}

struct box
box_around(struct box a, struct box b)
{
	const int32_t right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
	const int32_t below = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;

	if (a.w == 0 || b.w == 0)
		return a.w == 0 ? b : a;
	a.x = a.x < b.x ? a.x : b.x;
	a.y = a.y < b.y ? a.y : b.y;
	return (struct box){a.x, a.y, right - a.x, below - a.y};
}

/* ---- lines ---- */

static int
add_raw(struct correction *c, const struct layer_line *line)
{
	char *raw;

	if (asprintf(&raw, "%s%.*s\n", c->raw, (int)line->size, line->text) < 0)
		return -ENOMEM;
	free(c->raw);
	c->raw = raw;
	return 0;
}

static int
match_line(struct layer *l, struct layer_line *line)
{
	int r = 0;

	for (size_t i = line->from; i < line->from + line->n; i++)
		line->box = box_around(line->box, l->boxes[i]);
	for (size_t i = 0; r >= 0 && i < l->n_corrections; i++)
		if (same_place(l->corrections[i].box, line->box)) {
			line->replaced = true;
			r = add_raw(&l->corrections[i], line);
		}
	return r;
}

static int
cut_lines(struct layer *l)
{
	size_t n = 1, at = 0;
	int r = 0;

	for (const char *p = l->text; *p != '\0'; p++)
		n += *p == '\n';
	l->lines = calloc(n, sizeof(*l->lines));
	if (l->lines == NULL)
		return -ENOMEM;
	for (const char *p = l->text; r >= 0 && *p != '\0';) {
		struct layer_line *line = &l->lines[l->n_lines++];

		*line = (struct layer_line){.text = p, .size = strcspn(p, "\n"), .from = at};
		for (size_t i = 0; i < line->size; i++)
			line->n += ((unsigned char)p[i] & 0xc0) != 0x80;
		r = match_line(l, line);
		p += line->size;
		at += line->n;
		if (*p == '\n') {
			p++;
			at++;
		}
	}
	return r;
}

int
layer_load(struct catalogue *cat, int64_t page, struct layer *ret)
{
	int r = read_corrections(cat, page, ret);

	if (r >= 0)
		r = read_machine(cat, page * READING_SLOTS + READING_MACHINE, ret);
	ret->exchanged = r > 0;
	if (r == 0)
		r = read_machine(cat, page * READING_SLOTS + READING_SHOWN, ret);
	if (r <= 0)
		return r;
	r = cut_lines(ret);
	return r < 0 ? r : 1;
}

void
layer_free(struct layer *l)
{
	for (size_t i = 0; i < l->n_corrections; i++) {
		free(l->corrections[i].text);
		free(l->corrections[i].raw);
	}
	free(l->corrections);
	free(l->lines);
	free(l->text);
	free(l->boxes);
}

int
layer_each(struct layer *l,
    int (*visit)(void *ctx, const struct layer_line *line, const struct correction *correction),
    void *ctx)
{
	int r = 0;

	for (size_t i = 0; i < l->n_corrections; i++)
		l->corrections[i].placed = false;
	for (size_t k = 0; r >= 0 && k <= l->n_lines; k++) {
		const struct layer_line *line = k < l->n_lines ? &l->lines[k] : NULL;

		if (line != NULL && !line->replaced) {
			r = visit(ctx, line, NULL);
			continue;
		}
		for (size_t i = 0; r >= 0 && i < l->n_corrections; i++) {
			struct correction *c = &l->corrections[i];

			if (c->placed || (line != NULL && !same_place(c->box, line->box)))
				continue;
			c->placed = true;
			r = visit(ctx, NULL, c);
		}
	}
	return r < 0 ? r : 0;
}
