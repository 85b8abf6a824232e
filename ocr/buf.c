/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Growing byte buffer; knows nothing of what is written into it. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/buf.h"

static int
buf_reserve(struct buf *b, size_t more)
{
	size_t need, room;
	char *data;

	if (b->error != 0)
		return b->error;
	if (__builtin_add_overflow(b->size, more, &need) || need > BUF_MAX)
		return b->error = -EFBIG;
	if (need <= b->room)
		return 0;
	room = b->room < 4096 ? 4096 : b->room * 2;
	if (room < need)
		room = need;
	data = realloc(b->data, room);
	if (data == NULL)
		return b->error = -ENOMEM;
	b->data = data;
	b->room = room;
	return 0;
}

void
buf_add(struct buf *b, const void *data, size_t size)
{
	if (size == 0 || buf_reserve(b, size) < 0)
		return;
	memcpy(b->data + b->size, data, size);
	b->size += size;
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *format, ...)
{
	char small[512];
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(small, sizeof small, format, args);
	va_end(args);
	if (n < 0)
		b->error = b->error != 0 ? b->error : -EINVAL;
	else if ((size_t)n < sizeof small)
		buf_add(b, small, (size_t)n);
	else if (buf_reserve(b, (size_t)n + 1) == 0) {
		va_start(args, format);
		vsnprintf(b->data + b->size, (size_t)n + 1, format, args);
		va_end(args);
		b->size += (size_t)n;
	}
}

void
buf_xml(struct buf *b, const char *utf8)
{
	for (; *utf8 != '\0'; utf8++) {
		unsigned char c = (unsigned char)*utf8;

		if (c == '&')
			buf_puts(b, "&amp;");
		else if (c == '<')
			buf_puts(b, "&lt;");
		else if (c == '>')
			buf_puts(b, "&gt;");
		else if (c == '"')
			buf_puts(b, "&quot;");
		else if (c < 0x20 || c == 0x7f)
			buf_add(b, " ", 1);
		else
			buf_add(b, utf8, 1);
	}
}

int
buf_error(const struct buf *b)
{
	return b->error;
}

void
buf_free(struct buf *b)
{
	free(b->data);
	*b = (struct buf){0};
}
