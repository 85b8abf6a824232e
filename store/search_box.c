/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Boxes of a text, small: for each code point one number says "no box" (1), or twice the zigzag of
 * the step in x from the box before, followed by the zigzag steps of y, w and h. Numbers are
 * little-endian base 128. Neighbours on a line differ little, so a box takes about five bytes
 * instead of sixteen. First byte: version 1.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

#define BOX_VERSION 1
#define NUMBER_MAX 5 /* bytes of one number; 2 * zigzag(2 * BOX_MAX) < 2^35 */

static uint8_t *
put(uint8_t *p, uint64_t v)
{
	for (; v >= 0x80; v >>= 7)
		*p++ = (uint8_t)(v | 0x80);
	*p++ = (uint8_t)v;
	return p;
}

static uint64_t
zigzag(int64_t v)
{
	return v < 0 ? (uint64_t)(-v) * 2 - 1 : (uint64_t)v * 2;
}

static int64_t
unzigzag(uint64_t v)
{
	return (v & 1) != 0 ? -(int64_t)(v / 2) - 1 : (int64_t)(v / 2);
}

static int
read_box(const json_t *numbers, size_t i, struct box *ret)
{
	int32_t v[4];

	for (size_t k = 0; k < 4; k++) {
		const json_t *number = json_array_get(numbers, i * 4 + k);
		const json_int_t value = json_integer_value(number);

		if (!json_is_integer(number) || value < 0 || value > BOX_MAX)
			return -EINVAL;
		v[k] = (int32_t)value;
	}
	*ret = (struct box){v[0], v[1], v[2], v[3]};
	return 0;
}

static uint8_t *
put_box(uint8_t *p, const struct box *b, struct box *last)
{
	if (b->w == 0 || b->h == 0)
		return put(p, 1);
	p = put(p, zigzag((int64_t)b->x - last->x) * 2);
	p = put(p, zigzag((int64_t)b->y - last->y));
	p = put(p, zigzag((int64_t)b->w - last->w));
	p = put(p, zigzag((int64_t)b->h - last->h));
	*last = *b;
	return p;
}

int
box_pack(const json_t *numbers, size_t n, uint8_t **ret, size_t *ret_size)
{
	_cleanup_(freep) uint8_t *data = NULL;
	struct box box, last = {0};
	uint8_t *p;
	int r;

	if (!json_is_array(numbers) || json_array_size(numbers) != n * 4)
		return -EINVAL;
	data = malloc(1 + n * 4 * NUMBER_MAX);
	if (data == NULL)
		return -ENOMEM;
	p = data;
	*p++ = BOX_VERSION;
	for (size_t i = 0; i < n; i++) {
		r = read_box(numbers, i, &box);
		if (r < 0)
			return r;
		p = put_box(p, &box, &last);
	}
	*ret_size = (size_t)(p - data);
	*ret = TAKE_PTR(data);
	return 0;
}

static const uint8_t *
get(const uint8_t *p, const uint8_t *end, uint64_t *ret)
{
	uint64_t v = 0;

	for (unsigned i = 0; p != NULL && p < end && i < NUMBER_MAX; i++) {
		v |= (uint64_t)(*p & 0x7f) << (7 * i);
		if ((*p++ & 0x80) == 0) {
			*ret = v;
			return p;
		}
	}
	return NULL;
}

static bool
step(int32_t *value, uint64_t number)
{
	const int64_t v = *value + unzigzag(number);

	*value = (int32_t)v;
	return v >= 0 && v <= BOX_MAX;
}

/* NULL when the data is damaged. */
static const uint8_t *
get_box(const uint8_t *p, const uint8_t *end, struct box *last, struct box *ret)
{
	uint64_t x, y = 0, w = 0, h = 0;

	p = get(p, end, &x);
	if (p != NULL && (x & 1) != 0) {
		*ret = (struct box){0};
		return p;
	}
	p = get(p, end, &y);
	p = get(p, end, &w);
	p = get(p, end, &h);
	if (p == NULL || !step(&last->x, x / 2) || !step(&last->y, y) || !step(&last->w, w) ||
	    !step(&last->h, h))
		return NULL;
	*ret = *last;
	return p;
}

int
box_unpack(const uint8_t *data, size_t size, size_t n, struct box **ret)
{
	_cleanup_(freep) struct box *boxes = NULL;
	const uint8_t *p = data, *end = data + size;
	struct box last = {0};

	if (size == 0 || *p++ != BOX_VERSION || n > size)
		return -EBADMSG;
	boxes = calloc(n + 1, sizeof(*boxes));
	if (boxes == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n && p != NULL; i++)
		p = get_box(p, end, &last, &boxes[i]);
	if (p != end)
		return -EBADMSG;
	*ret = TAKE_PTR(boxes);
	return 0;
}
