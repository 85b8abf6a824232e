/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A growing byte buffer with a sticky error: callers append without looking and check buf_error()
 * once at the end. Every result of this room (JSON, ALTO, PDF) is written through one.
 */
#ifndef FUMIKURA_OCR_BUF_H
#define FUMIKURA_OCR_BUF_H

#include <stddef.h>
#include <stdint.h>

#define BUF_MAX ((size_t)256 << 20) /* bytes; what one sealed memory file may hold (MEMFD_MAX) */

struct buf {
	char *data; /* not NUL-terminated */
	size_t size, room;
	int error; /* 0, -ENOMEM or -EFBIG */
};

void buf_add(struct buf *b, const void *data, size_t size);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* XML character data or attribute text: & < > " escaped; control characters that XML 1.0 forbids
 * become spaces. */
void buf_xml(struct buf *b, const char *utf8);
/* The first error of all appends so far. */
int buf_error(const struct buf *b);
void buf_free(struct buf *b); /* also of a zeroed one; usable as cleanup */

#endif
