/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 8785. Two things differ from what jansson would print: members are ordered by UTF-16 code
 * units, and only the characters that must be escaped are.
 */
#include "canon.h"

#include <errno.h>
#include <gcrypt.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "text.h"

#define CANON_DEPTH 32
#define CANON_INTEGER_MAX ((INT64_C(1) << 53) - 1) /* what every JSON reader holds exactly */

struct out {
	char *text;
	size_t size, room;
};

static int
put(struct out *out, const char *data, size_t n)
{
	size_t need;

	if (__builtin_add_overflow(out->size, n + 1, &need))
		return -ENOMEM;
	if (need > out->room) {
		size_t room = need > out->room * 2 ? need + 256 : out->room * 2;
		char *text = realloc(out->text, room);

		if (text == NULL)
			return -ENOMEM;
		out->text = text;
		out->room = room;
	}
	memcpy(out->text + out->size, data, n);
	out->size += n;
	out->text[out->size] = '\0';
	return 0;
}

/* Escape sequence of c, or NULL when it stands for itself. */
static const char *
escape_of(unsigned char c, char buffer[8])
{
	static const char *const named[] = {['\b'] = "\\b",
	    ['\t'] = "\\t",
	    ['\n'] = "\\n",
	    ['\f'] = "\\f",
	    ['\r'] = "\\r",
	    ['"'] = "\\\"",
	    ['\\'] = "\\\\"};

	if (c < sizeof(named) / sizeof(named[0]) && named[c] != NULL)
		return named[c];
	if (c >= 0x20)
		return NULL;
	snprintf(buffer, 8, "\\u%04x", c);
	return buffer;
}

static int
put_string(struct out *out, const char *s, size_t n)
{
	size_t start = 0;
	char buffer[8];
	int r = put(out, "\"", 1);

	for (size_t i = 0; r == 0 && i < n; i++) {
		const char *escape = escape_of((unsigned char)s[i], buffer);

		if (escape == NULL)
			continue;
		r = put(out, s + start, i - start);
		if (r == 0)
			r = put(out, escape, strlen(escape));
		start = i + 1;
	}
	if (r == 0)
		r = put(out, s + start, n - start);
	return r < 0 ? r : put(out, "\"", 1);
}

static int
put_integer(struct out *out, json_int_t value)
{
	char text[24];

	if (value > CANON_INTEGER_MAX || value < -CANON_INTEGER_MAX)
		return -ERANGE;
	return put(out, text, (size_t)snprintf(text, sizeof(text), "%" JSON_INTEGER_FORMAT, value));
}

struct member {
	const char *key;
	size_t size;
	const json_t *value;
};

/*
 * UTF-8 bytes sort as code points do; UTF-16 sorts U+E000–U+FFFF (lead bytes EE, EF) after the
 * surrogates of all higher code points (lead bytes F0–F4). Nothing else differs.
 */
static int
utf16_rank(unsigned char byte)
{
	return byte == 0xEE || byte == 0xEF ? byte + 0x10 : byte;
}

static int
compare_members(const void *a, const void *b)
{
	const struct member *x = a, *y = b;
	size_t n = x->size < y->size ? x->size : y->size;

	for (size_t i = 0; i < n; i++) {
		int difference =
		    utf16_rank((unsigned char)x->key[i]) - utf16_rank((unsigned char)y->key[i]);

		if (difference != 0)
			return difference;
	}
	return x->size < y->size ? -1 : x->size > y->size;
}

static int put_value(struct out *out, const json_t *json, unsigned depth);

static int
put_object(struct out *out, const json_t *json, unsigned depth)
{
	size_t n = json_object_size(json), i = 0;
	_cleanup_(freep) struct member *members = calloc(n + 1, sizeof(*members));
	void *iter = json_object_iter((json_t *)(uintptr_t)json);
	int r;

	if (members == NULL)
		return -ENOMEM;
	for (; iter != NULL && i < n; i++) {
		members[i] = (struct member){json_object_iter_key(iter),
		    json_object_iter_key_len(iter), json_object_iter_value(iter)};
		iter = json_object_iter_next((json_t *)(uintptr_t)json, iter);
	}
	qsort(members, n, sizeof(*members), compare_members);
	r = put(out, "{", 1);
	for (i = 0; r == 0 && i < n; i++) {
		if (i > 0)
			r = put(out, ",", 1);
		if (r == 0)
			r = put_string(out, members[i].key, members[i].size);
		if (r == 0)
			r = put(out, ":", 1);
		if (r == 0)
			r = put_value(out, members[i].value, depth + 1);
	}
	return r < 0 ? r : put(out, "}", 1);
}

static int
put_array(struct out *out, const json_t *json, unsigned depth)
{
	int r = put(out, "[", 1);

	for (size_t i = 0; r == 0 && i < json_array_size(json); i++) {
		if (i > 0)
			r = put(out, ",", 1);
		if (r == 0)
			r = put_value(out, json_array_get(json, i), depth + 1);
	}
	return r < 0 ? r : put(out, "]", 1);
}

/* Recursion is bounded by CANON_DEPTH. */
static int
put_value(struct out *out, const json_t *json, unsigned depth)
{
	if (json == NULL)
		return -EINVAL;
	if (depth > CANON_DEPTH)
		return -ELOOP;
	switch (json_typeof(json)) {
	case JSON_OBJECT:
		return put_object(out, json, depth);
	case JSON_ARRAY:
		return put_array(out, json, depth);
	case JSON_STRING:
		return put_string(out, json_string_value(json), json_string_length(json));
	case JSON_INTEGER:
		return put_integer(out, json_integer_value(json));
	case JSON_TRUE:
		return put(out, "true", 4);
	case JSON_FALSE:
		return put(out, "false", 5);
	case JSON_NULL:
		return put(out, "null", 4);
	default:
		return -EINVAL;
	}
}

int
canon_dump(const json_t *json, char **ret_text, size_t *ret_size)
{
	struct out out = {0};
	int r = put_value(&out, json, 1);

	if (r < 0) {
		free(out.text);
		return r;
	}
	*ret_text = out.text;
	*ret_size = out.size;
	return 0;
}

void
canon_sha256(const void *data, size_t n, char out[65])
{
	uint8_t digest[32];

	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, data, n);
	hex_encode(digest, sizeof(digest), out);
}
