/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What people corrected, laid over an ALTO: text lines are exchanged, everything else is copied
 * byte by byte.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ocr/alto.h"
#include "text.h"

#define SAME_PLACE 2 /* as the contract says: boxes are of one line from 1/2 of the smaller on */

static const char line_begin[] = "<TextLine ", line_end[] = "</TextLine>\n";
static const char tags_end[] = "</Tags>", page_end[] = "</PrintSpace>";
static const char tag[] = "<OtherTag ID=\"corrected\" LABEL=\"corrected\"/>";

static int64_t
area(struct box b)
{
	return (int64_t)b.w * b.h;
}

static bool
same_place(struct box a, struct box b)
{
	const int x = a.x > b.x ? a.x : b.x, y = a.y > b.y ? a.y : b.y;
	const int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
	const int below = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
	const int64_t smaller = area(a) < area(b) ? area(a) : area(b);

	return right > x && below > y && (int64_t)(right - x) * (below - y) * SAME_PLACE >= smaller;
}

/* Part i of n of a line's box, along its longer side; at least a pixel: what has no place cannot be
 * blacked out. */
static struct box
part(struct box b, size_t i, size_t n, bool down)
{
	const int64_t length = down ? b.h : b.w;
	const int from = (int)(length * (int64_t)i / (int64_t)n);
	const int to = (int)(length * (int64_t)(i + 1) / (int64_t)n);
	const int size = to > from ? to - from : 1;

	return down ? (struct box){b.x, b.y + from, b.w, size}
		    : (struct box){b.x + from, b.y, size, b.h};
}

static bool
is_space(uint32_t code)
{
	return code <= ' ' || code == 0x3000;
}

/* A text without the spaces at its ends: they are no part of what stands in the box. */
static const char *
trimmed(const char *text, size_t *ret_size)
{
	const size_t size = strlen(text);
	size_t from = size, to = 0;
	uint32_t code;
	int used;

	for (size_t at = 0; at < size; at += used > 0 ? (size_t)used : 1) {
		used = utf8_decode(text + at, size - at, &code);
		if (used > 0 && is_space(code))
			continue;
		from = at < from ? at : from;
		to = at + (used > 0 ? (size_t)used : 1);
	}
	*ret_size = to > from ? to - from : 0;
	return text + from;
}

/* A person's line as words: sure of itself, its characters sharing the box evenly. */
static int
words_of(const struct alto_correction *c, struct words *ret)
{
	const struct line line = {.cell = -1, .vertical = c->box.h > 2 * c->box.w};
	size_t size, at = 0, n = 0;
	const char *text = trimmed(c->text, &size);
	bool space = false;
	int r = words_line(ret, &line);

	for (size_t i = 0; i < size; i++)
		n += ((unsigned char)text[i] & 0xc0) != 0x80;
	for (size_t i = 0; r >= 0 && at < size; i++) {
		struct glyph g = {
		    .box = part(c->box, i, n, line.vertical), .confidence = 100, .space = space};
		uint32_t code;
		const int used = utf8_decode(text + at, size - at, &code);

		if (used <= 0)
			return -EINVAL;
		memcpy(g.text, text + at, (size_t)used);
		at += (size_t)used;
		space = is_space(code);
		if (!space)
			r = words_glyph(ret, &g);
	}
	words_line_done(ret);
	return r;
}

static int
put_line(struct buf *out, const struct alto_correction *c, size_t number)
{
	_cleanup_(words_free) struct words words = {0};
	char id[24];
	const int r = words_of(c, &words);

	snprintf(id, sizeof id, "c%zu", number);
	if (r >= 0 && words.nlines > 0)
		alto_write_line(out, &words, &words.lines[0], id, "corrected");
	return r;
}

/* The number behind name=" in a start tag. */
static int
number(const char *start, const char *end, const char *name)
{
	const char *p = memmem(start, (size_t)(end - start), name, strlen(name));
	int n = 0;

	if (p == NULL)
		return 0;
	for (p += strlen(name); p < end && *p >= '0' && *p <= '9' && n < 10000000; p++)
		n = n * 10 + (*p - '0');
	return n;
}

struct laying {
	struct buf *out;
	const struct alto_correction *list;
	size_t n;
	bool placed[ALTO_CORRECTIONS_MAX];
};

/* Puts those that stand at this place, or all that are left. 1; 0 when none does. */
static int
put_at(struct laying *l, const struct box *place)
{
	int r = 0, any = 0;

	for (size_t i = 0; r >= 0 && i < l->n; i++) {
		if (place != NULL && !same_place(l->list[i].box, *place))
			continue;
		any = 1;
		if (!l->placed[i])
			r = put_line(l->out, &l->list[i], i);
		l->placed[i] = true;
	}
	return r < 0 ? r : any;
}

/* One line, from its start tag to *ret. */
static int
take_line(struct laying *l, const char *at, const char *end, const char **ret)
{
	const char *head = memchr(at, '>', (size_t)(end - at));
	const char *tail = memmem(at, (size_t)(end - at), line_end, strlen(line_end));
	struct box box;
	int r;

	if (head == NULL || tail == NULL)
		return -EBADMSG;
	tail += strlen(line_end);
	box = (struct box){number(at, head, " HPOS=\""), number(at, head, " VPOS=\""),
	    number(at, head, " WIDTH=\""), number(at, head, " HEIGHT=\"")};
	r = put_at(l, &box);
	if (r == 0)
		buf_add(l->out, at, (size_t)(tail - at));
	*ret = tail;
	return r;
}

/* What no line stood for: a block of its own at the end of the page. */
static int
put_rest(struct laying *l)
{
	struct box box = {0};
	int r;

	for (size_t i = 0; i < l->n; i++)
		if (!l->placed[i])
			box = box_union(box, l->list[i].box);
	if (box.w == 0)
		return 0;
	buf_printf(l->out,
	    "<TextBlock ID=\"corrected-rest\" HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" "
	    "HEIGHT=\"%d\">\n",
	    box.x, box.y, box.w, box.h);
	r = put_at(l, NULL);
	buf_puts(l->out, "</TextBlock>\n");
	return r;
}

static const char *
next_of(const char *at, const char *end, const char *what)
{
	const char *p = memmem(at, (size_t)(end - at), what, strlen(what));

	return p != NULL ? p : end;
}

int
alto_correct(
    const char *xml, size_t size, const struct alto_correction *list, size_t n, struct buf *out)
{
	struct laying l = {.out = out, .list = list, .n = n};
	const char *at = xml, *const end = xml + size, *stop;
	int r = 0;

	if (n > ALTO_CORRECTIONS_MAX)
		return -E2BIG;
	stop = next_of(at, end, tags_end);
	buf_add(out, at, (size_t)(stop - at));
	buf_puts(out, tag);
	for (at = stop; r >= 0 && (stop = next_of(at, end, line_begin)) < end;) {
		buf_add(out, at, (size_t)(stop - at));
		r = take_line(&l, stop, end, &at);
	}
	stop = next_of(at, end, page_end);
	if (r >= 0 && stop == end)
		r = -EBADMSG;
	if (r < 0)
		return r;
	buf_add(out, at, (size_t)(stop - at));
	r = put_rest(&l);
	buf_add(out, stop, (size_t)(end - stop));
	return r < 0 ? r : buf_error(out);
}
