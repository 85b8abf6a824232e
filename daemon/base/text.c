/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8, hexadecimal, base64. Strict on input: what is not exactly well-formed is refused, never
 * repaired. */
#include "text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int
utf8_decode(const char *s, size_t n, uint32_t *ret_code)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *p = (const unsigned char *)s;
	uint32_t code;
	size_t len;

	if (n == 0)
		return -EILSEQ;
	if (p[0] < 0x80) {
		*ret_code = p[0];
		return 1;
	}
	if (p[0] >= 0xc2 && p[0] <= 0xdf)
		len = 2, code = p[0] & 0x1f;
	else if ((p[0] & 0xf0) == 0xe0)
		len = 3, code = p[0] & 0x0f;
	else if (p[0] >= 0xf0 && p[0] <= 0xf4)
		len = 4, code = p[0] & 0x07;
	else
		return -EILSEQ;
	if (n < len)
		return -EILSEQ;
	for (size_t i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return -EILSEQ;
		code = code << 6 | (p[i] & 0x3f);
	}
	if (code < least[len] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return -EILSEQ;
	*ret_code = code;
	return (int)len;
}

bool
utf8_valid(const char *s, size_t n)
{
	while (n > 0) {
		uint32_t code;
		int used = utf8_decode(s, n, &code);

		if (used < 0 || code == 0)
			return false;
		s += used;
		n -= (size_t)used;
	}
	return true;
}

int
utf8_encode(uint32_t code, char *out)
{
	if (code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
		return -EILSEQ;
	if (code < 0x80) {
		out[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		out[0] = (char)(0xc0 | code >> 6);
		out[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		out[0] = (char)(0xe0 | code >> 12);
		out[1] = (char)(0x80 | (code >> 6 & 0x3f));
		out[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | code >> 18);
	out[1] = (char)(0x80 | (code >> 12 & 0x3f));
	out[2] = (char)(0x80 | (code >> 6 & 0x3f));
	out[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

size_t
utf8_length(const char *s)
{
	size_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

void
hex_encode(const void *data, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const uint8_t *p = data;

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = digits[p[i] >> 4];
		out[2 * i + 1] = digits[p[i] & 15];
	}
	out[2 * n] = '\0';
}

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

int
hex_decode(const char *hex, void *out, size_t n)
{
	uint8_t *p = out;

	if (strnlen(hex, 2 * n + 1) != 2 * n)
		return -EINVAL;
	for (size_t i = 0; i < n; i++) {
		int hi = hex_digit(hex[2 * i]), lo = hex_digit(hex[2 * i + 1]);

		if (hi < 0 || lo < 0)
			return -EINVAL;
		p[i] = (uint8_t)(hi << 4 | lo);
	}
	return 0;
}

static const char base64_digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

char *
base64_encode(const void *data, size_t n)
{
	const uint8_t *p = data;
	size_t size, k = 0;
	char *out;

	if (__builtin_mul_overflow((n / 3) + 1, (size_t)4, &size))
		return NULL;
	out = malloc(size + 1);
	if (out == NULL)
		return NULL;
	for (size_t i = 0; i < n; i += 3) {
		size_t left = n - i;
		uint32_t v = (uint32_t)p[i] << 16;

		if (left > 1)
			v |= (uint32_t)p[i + 1] << 8;
		if (left > 2)
			v |= p[i + 2];
		out[k++] = base64_digits[v >> 18];
		out[k++] = base64_digits[v >> 12 & 63];
		out[k++] = left > 1 ? base64_digits[v >> 6 & 63] : '=';
		out[k++] = left > 2 ? base64_digits[v & 63] : '=';
	}
	out[k] = '\0';
	return out;
}

/* Value of one digit; 64 for anything else. */
static uint32_t
base64_value(char c)
{
	const char *at = c == '\0' ? NULL : strchr(base64_digits, c);

	return at == NULL ? 64 : (uint32_t)(at - base64_digits);
}

int
base64_decode(const char *text, size_t n, uint8_t **ret_data, size_t *ret_size)
{
	size_t pad = 0, k = 0;
	uint8_t *out;

	if (n % 4 != 0)
		return -EINVAL;
	while (pad < 2 && pad < n && text[n - 1 - pad] == '=')
		pad++;
	out = malloc(n / 4 * 3 + 1);
	if (out == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < n; i += 4) {
		size_t use = i + 4 == n ? 4 - pad : 4;
		uint32_t v = 0;

		for (size_t j = 0; j < 4; j++) {
			uint32_t d = j < use ? base64_value(text[i + j]) : 0;

			if (d > 63)
				goto bad;
			v = v << 6 | d;
		}
		if ((use == 2 && (v & 0xffff) != 0) || (use == 3 && (v & 0xff) != 0))
			goto bad;
		for (size_t j = 0; j + 1 < use; j++)
			out[k++] = (uint8_t)(v >> (16 - 8 * j));
	}
	*ret_data = out;
	*ret_size = k;
	return 0;
bad:
	free(out);
	return -EINVAL;
}
