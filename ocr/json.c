/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON writer; knows nothing of what the values mean. */
#include <errno.h>

#include "ocr/json.h"

static void
json_quoted(struct buf *out, const char *s)
{
	buf_puts(out, "\"");
	for (; *s != '\0'; s++) {
		unsigned char c = (unsigned char)*s;

		if (c == '"' || c == '\\')
			buf_printf(out, "\\%c", c);
		else if (c == '\n')
			buf_puts(out, "\\n");
		else if (c < 0x20)
			buf_printf(out, "\\u%04x", c);
		else
			buf_add(out, s, 1);
	}
	buf_puts(out, "\"");
}

static void
json_lead(struct json *j, const char *key)
{
	if (j->some[j->depth])
		buf_puts(j->out, ",");
	j->some[j->depth] = true;
	if (key != NULL) {
		json_quoted(j->out, key);
		buf_puts(j->out, ":");
	}
}

static void
json_open(struct json *j, const char *key, const char *bracket)
{
	json_lead(j, key);
	buf_puts(j->out, bracket);
	if (j->depth + 1 >= JSON_MAX_DEPTH) {
		j->out->error = -EOVERFLOW;
		return;
	}
	j->some[++j->depth] = false;
}

void
json_object(struct json *j, const char *key)
{
	json_open(j, key, "{");
}

void
json_array(struct json *j, const char *key)
{
	json_open(j, key, "[");
}

void
json_end(struct json *j, char bracket)
{
	if (j->depth > 0)
		j->depth--;
	buf_add(j->out, &bracket, 1);
}

void
json_string(struct json *j, const char *key, const char *utf8)
{
	json_lead(j, key);
	json_quoted(j->out, utf8);
}

void
json_int(struct json *j, const char *key, long long value)
{
	json_lead(j, key);
	buf_printf(j->out, "%lld", value);
}

void
json_bool(struct json *j, const char *key, bool value)
{
	json_lead(j, key);
	buf_puts(j->out, value ? "true" : "false");
}
