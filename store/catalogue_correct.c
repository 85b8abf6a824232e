/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Corrections by people, as a layer over what machines read. The shown reading of a corrected page
 * is the machine's with lines exchanged; the machine's own stays as a further reading, so both are
 * found. A new reading gets the same layer: a correction replaces the line that stands in its
 * place.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_apply.h"
#include "catalogue_reading.h"
#include "text.h"

#define SAME_PLACE 2 /* boxes are of one line when they share at least 1/2 of the smaller */
#define TEXT_MAX 4096
#define CORRECTIONS_MAX 1000 /* of one page, more than it has lines; each lays all of them anew */

struct correction {
	struct box box;
	char *text;
	bool used;
};

struct layer {
	struct catalogue *cat;
	int64_t page;
	struct correction *list;
	size_t n;
	char *text; /* of the machine's reading */
	int64_t confidence;
	struct box *boxes;
	size_t length;
	FILE *out;       /* the new text … */
	json_t *numbers; /* … and its boxes */
};

static int
read_corrections(struct layer *l)
{
	_cleanup_(query_end) struct query q = query_new(
	    l->cat, "SELECT x, y, w, h, text FROM correction WHERE page = :page ORDER BY y, x");
	int r;

	query_int(&q, ":page", l->page);
	while ((r = query_step(&q)) > 0) {
		struct correction *all, *c;

		if (l->n == CORRECTIONS_MAX)
			return -E2BIG;
		all = reallocarray(l->list, l->n + 1, sizeof(*all));
		if (all == NULL)
			return -ENOMEM;
		l->list = all;
		c = &all[l->n];
		*c = (struct correction){
		    {(int32_t)query_column_int(&q, 0), (int32_t)query_column_int(&q, 1),
			(int32_t)query_column_int(&q, 2), (int32_t)query_column_int(&q, 3)},
		    strdup(query_column_text(&q, 4)), false};
		if (c->text == NULL)
			return -ENOMEM;
		l->n++;
	}
	return r;
}

/* 0: the page has no such reading. */
static int
read_machine(struct layer *l, int64_t id)
{
	_cleanup_(query_end) struct query q =
	    query_new(l->cat, "SELECT reading.text, reading.confidence, reading_box.data"
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

static void
put_box(json_t *numbers, struct box b)
{
	const int32_t v[4] = {b.x, b.y, b.w, b.h};

	for (int i = 0; i < 4; i++)
		json_array_append_new(numbers, json_integer(v[i]));
}

/* Where part i of n lies within length, at least a pixel wide: what has no place cannot be marked,
 * nor blacked out. */
static void
share(int32_t length, int64_t i, int64_t n, int32_t *ret_at, int32_t *ret_length)
{
	const int32_t at = (int32_t)(length * i / n), end = (int32_t)(length * (i + 1) / n);

	*ret_at = at;
	*ret_length = end > at ? end - at : 1;
}

/* A person's line: its characters share the box evenly, along its longer side. */
static void
put_correction(struct layer *l, struct correction *c)
{
	const int64_t n = (int64_t)utf8_length(c->text);

	for (int64_t i = 0; i < n; i++) {
		struct box b = c->box;
		int32_t at;

		if (c->box.h > 2 * c->box.w) {
			share(c->box.h, i, n, &at, &b.h);
			b.y += at;
		} else {
			share(c->box.w, i, n, &at, &b.w);
			b.x += at;
		}
		put_box(l->numbers, b);
	}
	fprintf(l->out, "%s\n", c->text);
	put_box(l->numbers, (struct box){0});
	c->used = true;
}

static int64_t
shared(struct box a, struct box b)
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

	return shared(a, b) * SAME_PLACE >= (one < two ? one : two) && shared(a, b) > 0;
}

static struct box
box_of_line(const struct layer *l, size_t from, size_t to)
{
	struct box all = {0};

	for (size_t i = from; i < to; i++) {
		const struct box b = l->boxes[i];
		int32_t right, below;

		if (b.w == 0)
			continue;
		if (all.w == 0) {
			all = b;
			continue;
		}
		right = all.x + all.w > b.x + b.w ? all.x + all.w : b.x + b.w;
		below = all.y + all.h > b.y + b.h ? all.y + all.h : b.y + b.h;
		all.x = all.x < b.x ? all.x : b.x;
		all.y = all.y < b.y ? all.y : b.y;
		all.w = right - all.x;
		all.h = below - all.y;
	}
	return all;
}

/* One line of the machine's: kept, or exchanged for the corrections that stand in its place. */
static void
put_line(struct layer *l, const char *line, size_t size, size_t from, size_t to)
{
	const struct box place = box_of_line(l, from, to);
	bool exchanged = false;

	for (size_t i = 0; i < l->n; i++) {
		if (!same_place(l->list[i].box, place))
			continue;
		exchanged = true;
		if (!l->list[i].used)
			put_correction(l, &l->list[i]);
	}
	if (exchanged)
		return;
	fprintf(l->out, "%.*s\n", (int)size, line);
	for (size_t i = from; i < to; i++)
		put_box(l->numbers, l->boxes[i]);
	put_box(l->numbers, (struct box){0});
}

static int
merge(struct layer *l)
{
	const char *line = l->text;
	size_t at = 0;

	while (*line != '\0') {
		const size_t size = strcspn(line, "\n");
		char *copy = strndup(line, size);
		size_t n;

		if (copy == NULL)
			return -ENOMEM;
		n = utf8_length(copy);
		put_line(l, line, size, at, at + n);
		free(copy);
		at += n + (line[size] == '\n');
		line += size + (line[size] == '\n');
	}
	for (size_t i = 0; i < l->n; i++)
		if (!l->list[i].used)
			put_correction(l, &l->list[i]);
	return 0;
}

static int
put_reading(
    struct layer *l, int64_t id, const char *name, const char *text, const void *boxes, size_t size)
{
	_cleanup_(query_end) struct query reading =
	    query_new(l->cat, "INSERT OR REPLACE INTO reading (id, page, name, confidence, text)"
			      " VALUES (:id, :page, :name, :confidence, :text)");
	_cleanup_(query_end) struct query box =
	    query_new(l->cat, "INSERT OR REPLACE INTO reading_box (id, data) VALUES (:id, :data)");
	int r;

	query_int(&reading, ":id", id);
	query_int(&reading, ":page", l->page);
	query_text(&reading, ":name", name);
	query_int(&reading, ":confidence", l->confidence);
	query_text(&reading, ":text", text);
	r = query_run(&reading);
	query_int(&box, ":id", id);
	query_blob(&box, ":data", boxes, size);
	if (r >= 0)
		r = query_run(&box);
	return r < 0 ? r : 0;
}

/* The machine's reading into one of its two slots. */
static int
put_machine(struct layer *l, int slot)
{
	_cleanup_(freep) uint8_t *boxes = NULL;
	json_t *numbers = json_array();
	size_t size;
	int r;

	if (numbers == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < l->length; i++)
		put_box(numbers, l->boxes[i]);
	r = box_pack(numbers, l->length, &boxes, &size);
	json_decref(numbers);
	return r < 0 ? r
		     : put_reading(
			   l, l->page * READING_SLOTS + slot, "machine", l->text, boxes, size);
}

/* Nothing is corrected any more: what was read is shown again, and kept only once. */
static int
show_machine(struct layer *l)
{
	_cleanup_(query_end) struct query q =
	    query_new(l->cat, "DELETE FROM reading WHERE id = :id");
	int r = put_machine(l, READING_SHOWN);

	query_int(&q, ":id", l->page * READING_SLOTS + READING_MACHINE);
	if (r >= 0)
		r = query_run(&q);
	return r < 0 ? r : 0;
}

static int
show_layered(struct layer *l)
{
	_cleanup_(freep) uint8_t *boxes = NULL;
	_cleanup_(freep) char *text = NULL;
	size_t size, n;
	int r;

	l->numbers = json_array();
	l->out = l->numbers == NULL ? NULL : open_memstream(&text, &n);
	if (l->out == NULL)
		return -ENOMEM;
	r = merge(l);
	if (fclose(l->out) != 0)
		return -ENOMEM;
	if (r < 0)
		return r;
	r = box_pack(l->numbers, utf8_length(text), &boxes, &size);
	if (r >= 0)
		r = put_machine(l, READING_MACHINE);
	return r < 0 ? r
		     : put_reading(l, l->page * READING_SLOTS + READING_SHOWN, "corrected", text,
			   boxes, size);
}

static void
layer_free(struct layer *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->list[i].text);
	free(l->list);
	free(l->text);
	free(l->boxes);
	json_decref(l->numbers);
}

int
reading_layer(struct catalogue *cat, int64_t page)
{
	_cleanup_(layer_free) struct layer l = {.cat = cat, .page = page};
	int r = read_corrections(&l), kept;

	kept = r < 0 ? r : read_machine(&l, page * READING_SLOTS + READING_MACHINE);
	if (kept == 0 && l.n == 0)
		return 0;
	r = kept != 0 ? kept : read_machine(&l, page * READING_SLOTS + READING_SHOWN);
	if (r <= 0) /* not read yet: its first reading gets the layer */
		return r;
	return l.n == 0 ? show_machine(&l) : show_layered(&l);
}

int
catalogue_is_corrected(struct catalogue *cat, const char *page, const uint32_t box[4])
{
	static const char *const names[] = {":x", ":y", ":w", ":h"};
	_cleanup_(query_end) struct query q = query_new(cat,
	    "SELECT 1 FROM correction WHERE page = :page AND x = :x AND y = :y AND w = :w AND h = "
	    ":h");

	query_int(&q, ":page", id_number('P', page));
	for (int i = 0; i < 4; i++)
		query_int(&q, names[i], box[i]);
	return query_step(&q);
}

/* A text that a person may have seen on paper: one line. */
static bool
is_line(const char *text)
{
	const size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return false;
	return n <= TEXT_MAX && utf8_valid(text, n);
}

int
apply_page_correct(struct apply *a)
{
	const json_t *box = json_object_get(a->event, "box");
	int r;

	for (size_t i = 0; i < 4; i++) {
		const json_t *v = json_array_get(box, i);

		if (!json_is_integer(v) || json_integer_value(v) < 0 ||
		    json_integer_value(v) > BOX_MAX)
			return -EINVAL;
	}
	if (!is_line(apply_text(a, "text")))
		return -EINVAL;
	r = index_page_remove(a->cat, a->page);
	if (r >= 0 && apply_text(a, "text")[0] == '\0')
		r = apply_one(a,
		    "DELETE FROM correction WHERE page = $page AND x = json_extract(:box, '$[0]')"
		    " AND y = json_extract(:box, '$[1]') AND w = json_extract(:box, '$[2]')"
		    " AND h = json_extract(:box, '$[3]')");
	else if (r >= 0)
		r = apply_one(a,
		    "INSERT OR REPLACE INTO correction (page, x, y, w, h, text, by, at) VALUES "
		    "($page,"
		    " json_extract(:box, '$[0]'), json_extract(:box, '$[1]'),"
		    " json_extract(:box, '$[2]'), json_extract(:box, '$[3]'), :text, :actor, :at)");
	if (r >= 0)
		r = reading_layer(a->cat, a->page);
	return r < 0 ? r : index_page(a->cat, a->page);
}
