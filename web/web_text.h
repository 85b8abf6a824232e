/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The small languages of HTTP that we read or write ourselves. Pure functions over text from
 * strangers: no state, no allocation unless said, nothing assumed about length or well-formedness.
 */
#ifndef FUMIKURA_WEB_TEXT_H
#define FUMIKURA_WEB_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define WEB_COOKIE                                                                                 \
	"__Host-fumikura" /* __Host-: Secure, no Domain, Path=/ (RFC 6265bis §4.1.3.2)            \
			   */
#define WEB_TOKEN_MAX 128 /* bytes of a session token */

/*
 * Copies the value of cookie `name` out of a Cookie header (RFC 6265 §5.4). Returns 1 when found, 0
 * when absent or when the value is empty, longer than size - 1, or holds anything but
 * [A-Za-z0-9._~-]. A name that occurs twice with different values counts as absent.
 */
int web_cookie(const char *header, const char *name, char *out, size_t size);

/* True when Origin names the same host and port as the Host header, by https (RFC 6454). NULL for
 * either: false. */
bool web_origin_is_host(const char *origin, const char *host);

/* True when an If-None-Match header names etag (quotes included) or is "*"; weak marks are ignored
 * (RFC 9110 §13.1.2). */
bool web_etag_matches(const char *header, const char *etag);

/*
 * Reads one byte range of a representation of size bytes (RFC 9110 §14.2). Returns 1 and first and
 * last (inclusive) when it can be satisfied, 0 when the header must be ignored (another unit,
 * several ranges, nonsense), -ERANGE when nothing of it lies within.
 */
int web_range(const char *header, uint64_t size, uint64_t *ret_first, uint64_t *ret_last);

/*
 * Content-Disposition with an ASCII name and the true one as filename* (RFC 6266, RFC 8187).
 * Controls, quotes and path separators become '_'. name must be valid UTF-8. Caller frees; NULL on
 * no memory.
 */
char *web_disposition(bool attachment, const char *name);

/* True for text that may stand in an identifier of a path: 1–64 of [A-Za-z0-9._-], not starting
 * with '.'. */
bool web_identifier(const char *s, size_t n);

/* Decimal digits only, no sign, at most max; -EINVAL, -ERANGE. */
int web_number(const char *s, uint64_t max, uint64_t *ret);

#endif
