/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Field proposals follow what people corrected. Where a proposal's value stood in a line that was
 * corrected, its new value is that part of the corrected line: both lines are laid beside each
 * other so that the fewest characters differ, and what lies between the places where the value
 * began and ended is taken. What the machine proposed stays beside it as "raw".
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "catalogue_follow.h"
#include "catalogue_layer.h"

#define INSIDE 2       /* a value stood in a line that covers at least 1/2 of its box */
#define LENGTH_MAX 500 /* code points of a line that are compared; longer is no form's line */

/* ---- lines side by side ---- */

struct codes {
	uint32_t at[LENGTH_MAX];
	size_t byte[LENGTH_MAX + 1]; /* where each begins; the end */
	size_t n;
};

/* Without a line end at its end. False: the text is too long. */
static bool
decode(const char *text, struct codes *ret)
{
	size_t size = strlen(text), i = 0;
	int used;

	size -= size > 0 && text[size - 1] == '\n';
	for (ret->n = 0; i < size; i += (size_t)used, ret->n++) {
		if (ret->n == LENGTH_MAX)
			return false;
		used = utf8_decode(text + i, size - i, &ret->at[ret->n]);
		if (used <= 0)
			return false;
		ret->byte[ret->n] = i;
	}
	ret->byte[ret->n] = i;
	return true;
}

static bool
is_gap(uint32_t code)
{
	return code <= ' ' || code == 0x3000;
}

/* Where value stands in line, gaps apart: [*ret_from, *ret_to). */
static bool
find(const struct codes *line, const struct codes *value, size_t *ret_from, size_t *ret_to)
{
	for (size_t from = 0; from < line->n; from++) {
		size_t i = from, k = 0;

		if (is_gap(line->at[from]))
			continue;
		while (k < value->n) {
			if (is_gap(value->at[k]))
				k++;
			else if (i < line->n && is_gap(line->at[i]))
				i++;
			else if (i < line->n && line->at[i] == value->at[k])
				i++, k++;
			else
				break;
		}
		if (k == value->n && i > from) {
			*ret_from = from;
			*ret_to = i;
			return true;
		}
	}
	return false;
}

static unsigned
least(unsigned a, unsigned b, unsigned c)
{
	return a < b ? (a < c ? a : c) : (b < c ? b : c);
}

/*
 * Places from and to of the old line, in the new one. Where the new line has more between two
 * characters, it counts to the part: its beginning is taken early and its end late. -ENOMEM.
 */
static int
map_part(const struct codes *old, const struct codes *new, size_t *from, size_t *to)
{
	const size_t wide = new->n + 1;
	_cleanup_(freep) unsigned *cost = calloc((old->n + 1) * wide, sizeof(*cost));
	size_t i = old->n, k = new->n, first = SIZE_MAX, last = 0;

	if (cost == NULL)
		return -ENOMEM;
	for (size_t a = 0; a <= old->n; a++)
		for (size_t b = 0; b <= new->n; b++)
			cost[a * wide + b] = a == 0   ? (unsigned)b
					     : b == 0 ? (unsigned)a
						      : least(cost[(a - 1) * wide + b] + 1,
							    cost[a * wide + b - 1] + 1,
							    cost[(a - 1) * wide + b - 1] +
								(old->at[a - 1] != new->at[b - 1]));
	for (;;) {
		const unsigned here = cost[i * wide + k];

		if (i == *to && k > last)
			last = k;
		if (i == *from && k < first)
			first = k;
		if (i > 0 && k > 0 &&
		    cost[(i - 1) * wide + k - 1] + (old->at[i - 1] != new->at[k - 1]) == here)
			i--, k--;
		else if (i > 0 && cost[(i - 1) * wide + k] + 1 == here)
			i--;
		else if (k > 0)
			k--;
		else
			break;
	}
	*from = first;
	*to = last;
	return 0;
}

/* The part of the corrected line that stands for value; all of it when the machine had the value
 * from elsewhere. */
static int
part_for(const struct correction *c, const char *value, size_t *ret_from, size_t *ret_size)
{
	struct codes old, new, wanted;
	size_t from, to;
	int r;

	*ret_from = 0;
	*ret_size = strlen(c->text);
	if (!decode(c->raw, &old) || !decode(c->text, &new) || !decode(value, &wanted) ||
	    !find(&old, &wanted, &from, &to))
		return 0;
	r = map_part(&old, &new, &from, &to);
	if (r < 0)
		return r;
	while (from < to && is_gap(new.at[from]))
		from++;
	while (to > from && is_gap(new.at[to - 1]))
		to--;
	*ret_from = new.byte[from];
	*ret_size = new.byte[to] - new.byte[from];
	return 0;
}

/* ---- values ---- */

/* As the recogniser does for these keys: an ISO date, ten digits, a name without how it is
 * addressed. */
static json_t *
normal(const char *key, const char *value)
{
	static const char *const addressed[] = {"様", "殿", "さん", "さま", "氏"};
	char date[DATE_TEXT_SIZE];
	const size_t n = strlen(value);

	if (strcmp(key, "date") == 0)
		return json_string(date_parse(value, date) == 0 ? date : "");
	if (strcmp(key, "client_id") == 0)
		return json_string(n == 10 && strspn(value, "0123456789") == 10 ? value : "");
	if (strcmp(key, "client_name") != 0)
		return json_string("");
	for (size_t i = 0; i < sizeof(addressed) / sizeof(addressed[0]); i++) {
		const size_t m = strlen(addressed[i]);

		if (n > m && strcmp(value + n - m, addressed[i]) == 0)
			return json_stringn(value, n - m);
	}
	return json_string(value);
}

static struct box
box_of(const json_t *box)
{
	int32_t v[4];

	for (size_t i = 0; i < 4; i++) {
		const json_int_t n = json_integer_value(json_array_get(box, i));

		v[i] = n < 0 || n > BOX_MAX ? 0 : (int32_t)n;
	}
	return (struct box){v[0], v[1], v[2], v[3]};
}

/* The correction in whose line the box lies; NULL when none does. */
static const struct correction *
correction_at(const struct layer *l, struct box b)
{
	for (size_t i = 0; i < l->n_corrections; i++)
		if (b.w > 0 && b.h > 0 &&
		    box_shared(l->corrections[i].box, b) * INSIDE >= (int64_t)b.w * b.h)
			return &l->corrections[i];
	return NULL;
}

static int
follow_one(const struct layer *l, json_t *proposal)
{
	const struct correction *c = correction_at(l, box_of(json_object_get(proposal, "box")));
	const char *value = json_string_value(json_object_get(proposal, "value"));
	const char *key = json_string_value(json_object_get(proposal, "key"));
	_cleanup_(freep) char *part = NULL;
	size_t from, size;
	int r;

	if (c == NULL || value == NULL)
		return 0;
	r = part_for(c, value, &from, &size);
	if (r < 0)
		return r;
	part = strndup(c->text + from, size);
	if (part == NULL)
		return -ENOMEM;
	if (strcmp(part, value) == 0)
		return 0;
	if (json_object_set(proposal, "raw", json_object_get(proposal, "value")) < 0 ||
	    json_object_set_new(proposal, "value", json_string(part)) < 0 ||
	    json_object_set_new(proposal, "normal", normal(key != NULL ? key : "", part)) < 0 ||
	    json_object_set_new(proposal, "confidence", json_integer(100)) < 0)
		return -ENOMEM;
	return 0;
}

static int
is_corrected(struct catalogue *cat, int64_t page)
{
	_cleanup_(query_end) struct query q =
	    query_new(cat, "SELECT 1 FROM correction WHERE page = :page LIMIT 1");

	query_int(&q, ":page", page);
	return query_step(&q);
}

/* Those from first on that are of one page; ret_next: the first of another. */
static int
follow_page(struct catalogue *cat, json_t *proposals, size_t first, size_t *ret_next)
{
	_cleanup_(layer_free) struct layer l = {0};
	const json_t *page = json_object_get(json_array_get(proposals, first), "page");
	const int64_t no = id_number('P', json_string_value(page));
	size_t next = first + 1;
	int r;

	while (next < json_array_size(proposals) &&
	       json_equal(json_object_get(json_array_get(proposals, next), "page"), page))
		next++;
	*ret_next = next;
	r = page == NULL ? 0 : is_corrected(cat, no);
	if (r > 0)
		r = layer_load(cat, no, &l);
	for (size_t i = first; r > 0 && i < next; i++)
		if (follow_one(&l, json_array_get(proposals, i)) < 0)
			r = -ENOMEM;
	return r;
}

int
proposals_follow(struct catalogue *cat, json_t *proposals)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < json_array_size(proposals);)
		r = follow_page(cat, proposals, i, &i);
	return r < 0 ? r : 0;
}
