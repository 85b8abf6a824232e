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
#include "catalogue_layer.h"
#include "catalogue_reading.h"

#define TEXT_MAX 4096

/* The text that is shown, as it grows, and its boxes. */
struct shown {
	const struct layer *layer;
	FILE *out;
	json_t *numbers;
};

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
put_correction(struct shown *shown, const struct correction *c)
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
		put_box(shown->numbers, b);
	}
	fprintf(shown->out, "%s\n", c->text);
}

static int
put_line(void *ctx, const struct layer_line *line, const struct correction *correction)
{
	struct shown *shown = ctx;

	if (correction != NULL) {
		put_correction(shown, correction);
	} else {
		fprintf(shown->out, "%.*s\n", (int)line->size, line->text);
		for (size_t i = line->from; i < line->from + line->n; i++)
			put_box(shown->numbers, shown->layer->boxes[i]);
	}
	put_box(shown->numbers, (struct box){0});
	return 0;
}

static int
put_reading(struct catalogue *cat, int64_t page, int slot, const char *name, int64_t confidence,
    const char *text, const json_t *numbers)
{
	_cleanup_(query_end) struct query reading =
	    query_new(cat, "INSERT OR REPLACE INTO reading (id, page, name, confidence, text)"
			   " VALUES (:id, :page, :name, :confidence, :text)");
	_cleanup_(query_end) struct query box =
	    query_new(cat, "INSERT OR REPLACE INTO reading_box (id, data) VALUES (:id, :data)");
	const int64_t id = page * READING_SLOTS + slot;
	_cleanup_(freep) uint8_t *data = NULL;
	size_t size;
	int r = box_pack(numbers, utf8_length(text), &data, &size);

	if (r < 0)
		return r;
	query_int(&reading, ":id", id);
	query_int(&reading, ":page", page);
	query_text(&reading, ":name", name);
	query_int(&reading, ":confidence", confidence);
	query_text(&reading, ":text", text);
	r = query_run(&reading);
	query_int(&box, ":id", id);
	query_blob(&box, ":data", data, size);
	if (r >= 0)
		r = query_run(&box);
	query_end(&box); /* it borrows data */
	return r < 0 ? r : 0;
}

/* The machine's reading into one of its two slots. */
static int
put_machine(struct catalogue *cat, int64_t page, int slot, const struct layer *l)
{
	_cleanup_(json_decrefp) json_t *numbers = json_array();

	if (numbers == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < l->length; i++)
		put_box(numbers, l->boxes[i]);
	return put_reading(cat, page, slot, "machine", l->confidence, l->text, numbers);
}

/* Nothing is corrected any more: what was read is shown again, and kept only once. */
static int
show_machine(struct catalogue *cat, int64_t page, const struct layer *l)
{
	_cleanup_(query_end) struct query q = query_new(cat, "DELETE FROM reading WHERE id = :id");
	int r = put_machine(cat, page, READING_SHOWN, l);

	query_int(&q, ":id", page * READING_SLOTS + READING_MACHINE);
	if (r >= 0)
		r = query_run(&q);
	return r < 0 ? r : 0;
}

static int
show_layered(struct catalogue *cat, int64_t page, struct layer *l)
{
	_cleanup_(json_decrefp) json_t *numbers = json_array();
	_cleanup_(freep) char *text = NULL;
	struct shown shown = {l, NULL, numbers};
	size_t n;
	int r;

	shown.out = numbers == NULL ? NULL : open_memstream(&text, &n);
	if (shown.out == NULL)
		return -ENOMEM;
	r = layer_each(l, put_line, &shown);
	if (fclose(shown.out) != 0)
		return -ENOMEM;
	if (r >= 0)
		r = put_machine(cat, page, READING_MACHINE, l);
	return r < 0 ? r
		     : put_reading(
			   cat, page, READING_SHOWN, "corrected", l->confidence, text, numbers);
}

int
reading_layer(struct catalogue *cat, int64_t page)
{
	_cleanup_(layer_free) struct layer l = {0};
	const int r = layer_load(cat, page, &l);

	if (r <= 0) /* not read yet: its first reading gets the layer */
		return r;
	if (l.n_corrections > 0)
		return show_layered(cat, page, &l);
	return l.exchanged ? show_machine(cat, page, &l) : 0;
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
