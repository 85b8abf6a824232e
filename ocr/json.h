/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Writes JSON (RFC 8259) into a buf, commas and quoting by itself. Each call takes a key, or NULL
 * inside an array. Strings must be valid UTF-8. This room may not link a JSON library
 * (architecture: the link line is the wall) and only ever writes JSON.
 */
#ifndef FUMIKURA_OCR_JSON_H
#define FUMIKURA_OCR_JSON_H

#include <stdbool.h>

#include "ocr/buf.h"

#define JSON_MAX_DEPTH 16

struct json {
	struct buf *out;
	unsigned depth;
	bool some[JSON_MAX_DEPTH]; /* an element was written at this depth */
};

void json_object(struct json *j, const char *key); /* opens { */
void json_array(struct json *j, const char *key);  /* opens [ */
void json_end(struct json *j, char bracket);       /* closes '}' or ']' */
void json_string(struct json *j, const char *key, const char *utf8);
void json_int(struct json *j, const char *key, long long value);
void json_bool(struct json *j, const char *key, bool value);

#endif
