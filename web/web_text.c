/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cookies, origins, entity tags, ranges and file names of HTTP. Knows nothing of connections or of
 * the archive. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "web/web_text.h"

static bool
is_token_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       c == '.' || c == '_' || c == '~' || c == '-';
}

static const char *
skip_space(const char *s)
{
	return s + strspn(s, " \t");
}

int
web_cookie(const char *header, const char *name, char *out, size_t size)
{
	size_t length = strlen(name), n;
	bool found = false;

	for (const char *s = header; s != NULL && *s != '\0';) {
		s = skip_space(s);
		if (strncmp(s, name, length) == 0 && s[length] == '=') {
			s += length + 1;
			for (n = 0; is_token_char(s[n]); n++)
				;
			if (n == 0 || n >= size || (s[n] != '\0' && s[n] != ';'))
				return 0;
			if (found && (strlen(out) != n || memcmp(out, s, n) != 0))
				return 0;
			memcpy(out, s, n);
			out[n] = '\0';
			found = true;
		}
		s = strchr(s, ';');
		if (s != NULL)
			s++;
	}
	return found;
}

bool
web_origin_is_host(const char *origin, const char *host)
{
	static const char scheme[] = "https://";

	if (origin == NULL || host == NULL || *host == '\0')
		return false;
	return strncasecmp(origin, scheme, sizeof scheme - 1) == 0 &&
	       strcasecmp(origin + sizeof scheme - 1, host) == 0;
}

bool
web_etag_matches(const char *header, const char *etag)
{
	size_t length = strlen(etag);

	if (header == NULL)
		return false;
	for (const char *s = header; *s != '\0';) {
		s = skip_space(s);
		if (*s == '*')
			return true;
		if (s[0] == 'W' && s[1] == '/')
			s += 2;
		if (strncmp(s, etag, length) == 0 &&
		    (s[length] == '\0' || strchr(" \t,", s[length])))
			return true;
		s = strchr(s, ',');
		if (s == NULL)
			break;
		s++;
	}
	return false;
}

/* Digits at *s; leaves *s behind them. -EINVAL when there are none, -ERANGE when they do not fit.
 */
static int
take_number(const char **s, uint64_t *ret)
{
	uint64_t v = 0;

	if (**s < '0' || **s > '9')
		return -EINVAL;
	for (; **s >= '0' && **s <= '9'; (*s)++) {
		if (__builtin_mul_overflow(v, 10u, &v) ||
		    __builtin_add_overflow(v, (uint64_t)(**s - '0'), &v))
			return -ERANGE;
	}
	*ret = v;
	return 0;
}

int
web_range(const char *header, uint64_t size, uint64_t *ret_first, uint64_t *ret_last)
{
	uint64_t first = 0, last = UINT64_MAX;
	const char *s = header;
	bool suffix;

	if (s == NULL || strncasecmp(s, "bytes=", 6) != 0)
		return 0;
	s = skip_space(s + 6);
	suffix = *s == '-';
	if (!suffix && take_number(&s, &first) < 0)
		return 0;
	if (*s++ != '-')
		return 0;
	if (*s != '\0' || suffix) {
		if (take_number(&s, &last) < 0)
			return 0;
	}
	if (*skip_space(s) != '\0' || (!suffix && last < first))
		return 0;
	if (suffix) {
		if (last == 0 || size == 0)
			return -ERANGE;
		first = last >= size ? 0 : size - last;
		last = size - 1;
	}
	if (first >= size)
		return -ERANGE;
	*ret_first = first;
	*ret_last = last >= size ? size - 1 : last;
	return 1;
}

static bool
is_attr_char(unsigned char c)
{
	return is_token_char((char)c) || strchr("!#$&+^`|", c) != NULL;
}

/* Copies a constant into room that was made for it; returns its end. */
static char *
add_text(char *out, const char *text)
{
	size_t n = strlen(text);

	memcpy(out, text, n);
	return out + n;
}

char *
web_disposition(bool attachment, const char *name)
{
	static const char digits[] = "0123456789ABCDEF";
	size_t n = strlen(name), at;
	char *out, *p;

	if (n > 255)
		n = 255;
	while (n > 0 && ((unsigned char)name[n] & 0xc0) == 0x80) /* do not cut a character */
		n--;
	out = malloc(64 + n + 3 * n);
	if (out == NULL)
		return NULL;
	p = add_text(out, attachment ? "attachment; filename=\"" : "inline; filename=\"");
	for (at = 0; at < n; at++) {
		unsigned char c = (unsigned char)name[at];

		if ((c & 0xc0) == 0x80)
			continue; /* one '_' for each character, not for each byte */
		*p++ = c < 0x20 || c > 0x7e || strchr("\"\\/%", c) != NULL ? '_' : (char)c;
	}
	p = add_text(p, "\"; filename*=UTF-8''");
	for (at = 0; at < n; at++) {
		unsigned char c = (unsigned char)name[at];

		if (c < 0x20 || c == 0x7f || c == '/' || c == '\\' || c == '"')
			c = '_';
		if (is_attr_char(c)) {
			*p++ = (char)c;
		} else {
			*p++ = '%';
			*p++ = digits[c >> 4];
			*p++ = digits[c & 15];
		}
	}
	*p = '\0';
	return out;
}

bool
web_identifier(const char *s, size_t n)
{
	if (n == 0 || n > 64 || *s == '.')
		return false;
	for (size_t i = 0; i < n; i++) {
		if (!is_token_char(s[i]) || s[i] == '~')
			return false;
	}
	return true;
}

int
web_number(const char *s, uint64_t max, uint64_t *ret)
{
	uint64_t v;
	int r = take_number(&s, &v);

	if (r < 0)
		return r;
	if (*s != '\0')
		return -EINVAL;
	if (v > max)
		return -ERANGE;
	*ret = v;
	return 0;
}
