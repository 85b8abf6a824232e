/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text and dates that several rooms need: UTF-8, hexadecimal, base64, RFC 3339 time, and Japanese
 * era dates (和暦). */
#ifndef FUMIKURA_TEXT_H
#define FUMIKURA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True when the n bytes are well-formed UTF-8 (RFC 3629) without NUL. */
bool utf8_valid(const char *s, size_t n);
/* Decodes one code point at *s (n bytes left); returns bytes used (1–4) or -EILSEQ. */
int utf8_decode(const char *s, size_t n, uint32_t *ret_code);
/* Encodes; out needs 4 bytes; returns bytes written, or -EILSEQ for surrogates and > U+10FFFF. */
int utf8_encode(uint32_t code, char *out);
/* Number of code points in valid UTF-8. */
size_t utf8_length(const char *s);

/* out needs 2n+1 bytes; lower case. */
void hex_encode(const void *data, size_t n, char *out);
/* Decodes exactly 2n digits; -EINVAL otherwise. */
int hex_decode(const char *hex, void *out, size_t n);
/* Standard base64 with padding, without line breaks; caller frees; NULL on no memory. */
char *base64_encode(const void *data, size_t n);
/* Strict inverse (rejects bad padding, non-zero trailing bits); caller frees. */
int base64_decode(const char *text, size_t n, uint8_t **ret_data, size_t *ret_size);

#define TIME_TEXT_SIZE 25 /* "2026-11-22T10:00:00.123Z" and NUL */
/* Milliseconds since 1970 UTC now. */
uint64_t time_now_ms(void);
/* RFC 3339 in UTC with milliseconds. */
void time_format(uint64_t ms, char out[TIME_TEXT_SIZE]);
/* Reads RFC 3339 (any offset) or a bare date (midnight local); -EINVAL. */
int time_parse(const char *text, uint64_t *ret_ms);

#define DATE_TEXT_SIZE 11 /* "2026-11-22" and NUL */
/*
 * Reads a calendar date as Japanese offices write it, half or full width: 2026-11-22, 2026/11/22,
 * 2026年11月22日, 令和8年11月22日, R8.11.22, 令和元年5月1日, S56.3.4, H3/1/8 … Eras 明治 大正 昭和
 * 平成 令和 with their first and last days enforced. Writes ISO 8601. -EINVAL when it is no such
 * date (also 2026-02-30 and 平成40年).
 */
int date_parse(const char *text, char out[DATE_TEXT_SIZE]);
/* "令和8年11月22日" for an ISO date; out needs 64 bytes; -EINVAL. */
int date_format_era(const char *iso, char *out);

#endif
