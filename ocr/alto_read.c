/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ALTO in: a small XML reader of exactly what alto_write.c writes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/alto.h"
#include "text.h"

#define NAME_MAX_BYTES 64
#define SKEW_MAX_MDEG 45000 /* more is another rotation */

struct reader {
	const char *at, *end;
	struct alto_page page;
	bool in_line, space, in_settings;
};

static bool
name_is(const char *name, size_t n, const char *want)
{
	return strlen(want) == n && memcmp(name, want, n) == 0;
}

/* Copies s with the five entities undone; false when it does not fit or is not what we write. */
static bool
unescape(const char *s, size_t n, char *out, size_t room)
{
	static const struct {
		const char *entity;
		char c;
	} table[] = {
	    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}};
	size_t k = 0;

	for (size_t i = 0; i < n; k++) {
		size_t t = 0, used = 1;

		if (k + 1 >= room)
			return false;
		out[k] = s[i];
		if (s[i] == '&') {
			while (t < 5 &&
			       (n - i < strlen(table[t].entity) ||
				   memcmp(s + i, table[t].entity, strlen(table[t].entity)) != 0))
				t++;
			if (t == 5)
				return false;
			out[k] = table[t].c;
			used = strlen(table[t].entity);
		}
		i += used;
	}
	out[k] = '\0';
	return true;
}

struct attribute {
	const char *name, *value;
	size_t name_size, value_size;
};

/* Next name="value" before end; false when there is none or it is malformed (*bad then). */
static bool
next_attribute(const char **at, const char *end, struct attribute *ret, bool *bad)
{
	const char *p = *at, *q;

	while (p < end &&
	       (*p == ' ' || *p == '\n' || *p == '\t' || *p == '\r' || *p == '/' || *p == '?'))
		p++;
	if (p >= end)
		return false;
	*bad = true;
	q = memchr(p, '=', (size_t)(end - p));
	if (q == NULL || q + 1 >= end || q[1] != '"')
		return false;
	ret->name = p;
	ret->name_size = (size_t)(q - p);
	ret->value = q + 2;
	q = memchr(ret->value, '"', (size_t)(end - ret->value));
	if (q == NULL)
		return false;
	ret->value_size = (size_t)(q - ret->value);
	*at = q + 1;
	*bad = false;
	return true;
}

static int
number(const struct attribute *a)
{
	long v = 0;
	size_t i = a->value_size > 0 && a->value[0] == '-';

	for (; i < a->value_size && a->value[i] >= '0' && a->value[i] <= '9' && v < 10000000; i++)
		v = v * 10 + (a->value[i] - '0');
	return (int)(a->value[0] == '-' ? -v : v);
}

static int
confidence(const struct attribute *a)
{
	unsigned whole = 0, part = 0;
	char text[8];

	if (!unescape(a->value, a->value_size, text, sizeof text) ||
	    sscanf(text, "%1u.%2u", &whole, &part) < 1)
		return 0;
	return whole >= 1 ? 100 : (int)part;
}

/* Whether one of the words of the attribute's value is tag. */
static bool
has_tag(const struct attribute *a, const char *tag)
{
	for (size_t i = 0, n; i < a->value_size; i += n + 1) {
		const char *space = memchr(a->value + i, ' ', a->value_size - i);

		n = space == NULL ? a->value_size - i : (size_t)(space - a->value) - i;
		if (name_is(a->value + i, n, tag))
			return true;
	}
	return false;
}

static void
take_attribute(const struct attribute *a, struct glyph *g, struct line *l)
{
	const struct {
		const char *name;
		int *to;
	} numbers[] = {
	    {"HPOS", &g->box.x}, {"VPOS", &g->box.y}, {"WIDTH", &g->box.w}, {"HEIGHT", &g->box.h}};

	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (name_is(a->name, a->name_size, numbers[i].name))
			*numbers[i].to = number(a);
	if (name_is(a->name, a->name_size, "GC"))
		g->confidence = (uint8_t)confidence(a);
	if (name_is(a->name, a->name_size, "TAGREFS")) {
		l->vertical = has_tag(a, "vertical");
		l->corrected = has_tag(a, "corrected");
	}
	if (name_is(a->name, a->name_size, "CONTENT") &&
	    !unescape(a->value, a->value_size, g->text, sizeof g->text))
		g->text[0] = '\0'; /* a String's content; its Glyphs follow */
}

static int
take_glyph(struct reader *r, struct glyph *g)
{
	if (!r->in_line || g->text[0] == '\0' || !utf8_valid(g->text, strlen(g->text)))
		return -EBADMSG;
	g->space = r->space;
	r->space = false;
	return words_glyph(&r->page.words, g);
}

static void
end_line(struct reader *r)
{
	if (r->in_line)
		words_line_done(&r->page.words);
	r->in_line = r->space = false;
}

/* One start tag, from behind '<' to before '>'. */
static int
take_tag(struct reader *r, const char *tag, const char *end)
{
	size_t n = strcspn(tag, " \n\t\r/>");
	const char *at = tag + n;
	struct attribute a;
	struct glyph g = {0};
	struct line l = {.cell = -1};
	bool bad = false;
	int ok = 0;

	if (n > NAME_MAX_BYTES || n == 0)
		return -EBADMSG;
	while (at < end && next_attribute(&at, end, &a, &bad))
		take_attribute(&a, &g, &l);
	if (bad)
		return -EBADMSG;
	r->in_settings = name_is(tag, n, "processingStepSettings");
	if (name_is(tag, n, "Page")) {
		r->page.width = g.box.w;
		r->page.height = g.box.h;
	} else if (name_is(tag, n, "TextLine")) {
		end_line(r);
		ok = words_line(&r->page.words, &l);
		r->in_line = ok >= 0;
	} else if (name_is(tag, n, "SP"))
		r->space = true;
	else if (name_is(tag, n, "Glyph"))
		ok = take_glyph(r, &g);
	return ok;
}

static void
take_settings(struct reader *r, const char *text, size_t n)
{
	char copy[128];

	if (n < sizeof copy && unescape(text, n, copy, sizeof copy))
		sscanf(copy, "rotation=%9d skew_mdeg=%9d", &r->page.rotation, &r->page.skew_mdeg);
	if (r->page.rotation % 90 != 0 || r->page.rotation < 0 || r->page.rotation > 270)
		r->page.rotation = 0;
	if (abs(r->page.skew_mdeg) > SKEW_MAX_MDEG)
		r->page.skew_mdeg = 0;
}

static int
take_all(struct reader *r)
{
	while (r->at < r->end) {
		const char *open = memchr(r->at, '<', (size_t)(r->end - r->at)), *close;
		int ok = 0;

		if (open == NULL)
			break;
		if (r->in_settings)
			take_settings(r, r->at, (size_t)(open - r->at));
		r->in_settings = false;
		close = memchr(open, '>', (size_t)(r->end - open));
		if (close == NULL)
			return -EBADMSG;
		if (open[1] == '/') {
			if (name_is(open + 2, (size_t)(close - open - 2), "TextLine"))
				end_line(r);
		} else if (open[1] != '?' && open[1] != '!')
			ok = take_tag(r, open + 1, close);
		if (ok < 0)
			return ok;
		r->at = close + 1;
	}
	end_line(r);
	return 0;
}

int
alto_read(const char *xml, size_t size, struct alto_page *ret)
{
	struct reader r = {.at = xml, .end = xml + size};
	int ok;

	if (size > ALTO_MAX)
		return -EFBIG;
	ok = size == 0 ? 0 : take_all(&r);
	if (ok < 0) {
		alto_page_free(&r.page);
		return ok;
	}
	*ret = r.page;
	return 0;
}

void
alto_page_free(struct alto_page *p)
{
	words_free(&p->words);
}
