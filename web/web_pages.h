/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The static pages: read whole into memory before the room is locked, so that a running web room
 * needs no file at all. */
#ifndef FUMIKURA_WEB_PAGES_H
#define FUMIKURA_WEB_PAGES_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define WEB_PAGES_MAX 128                 /* files */
#define WEB_PAGES_BYTES ((size_t)8 << 20) /* all together: they stay in memory */
#define WEB_ETAG_SIZE 68                  /* quoted SHA-256 and NUL */

struct web_page {
	char *path;       /* "/app.js"; index.html also as "/" */
	const char *type; /* media type */
	uint8_t *data;
	size_t size;
	char etag[WEB_ETAG_SIZE];
};

struct web_pages;

/* Reads the directory (three levels). Hidden files are passed over; a file of unknown kind is
 * -EINVAL: nothing is served by accident. -E2BIG over the limits. */
int web_pages_load(const char *directory, struct web_pages **ret);
/* Borrowed; NULL when there is none. */
const struct web_page *web_pages_find(const struct web_pages *pages, const char *path);
size_t web_pages_count(const struct web_pages *pages);

void web_pages_free(struct web_pages *pages);
DEFINE_CLEANUP(struct web_pages *, web_pages_free)

/* Quoted lower-case SHA-256 of data: a strong entity tag (RFC 9110 §8.8.3). */
int web_etag(const void *data, size_t n, char out[WEB_ETAG_SIZE]);

#endif
