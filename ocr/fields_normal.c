/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of values by their form. */
#include <string.h>

#include "ocr/fields.h"
#include "text.h"

#define FULL_WIDTH_FIRST 0xff01u /* ！ to ～ are ASCII at an offset */
#define FULL_WIDTH_LAST 0xff5eu
#define FULL_WIDTH_OFFSET 0xfee0u

/* Half width, without spaces; false when it does not fit. */
static bool
fold(const char *s, char *out, size_t room)
{
	size_t n = strlen(s), k = 0;
	uint32_t code;

	for (int used; n > 0 && (used = utf8_decode(s, n, &code)) > 0;
	     s += used, n -= (size_t)used) {
		if (code == ' ' || code == 0x3000)
			continue;
		if (code >= FULL_WIDTH_FIRST && code <= FULL_WIDTH_LAST)
			code -= FULL_WIDTH_OFFSET;
		if (k + 5 > room)
			return false;
		k += (size_t)utf8_encode(code, out + k);
	}
	out[k] = '\0';
	return n == 0;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool
normal_number(const char *s, char *out)
{
	if (strlen(s) != 10 || strspn(s, "0123456789") != 10)
		return false;
	memcpy(out, s, 11); /* ten digits and NUL */
	return true;
}

/* Ten or eleven digits that begin with 0, in two or three groups. */
static bool
normal_phone(const char *s, char *out)
{
	size_t digits = 0, k = 0;

	for (; *s != '\0' && k < 20; s++) {
		if (is_digit(*s))
			digits++;
		else if (*s == '(' || *s == ')')
			continue;
		else if (*s != '-')
			return false;
		out[k++] = *s;
	}
	out[k] = '\0';
	return *s == '\0' && out[0] == '0' && (digits == 10 || digits == 11);
}

static bool
normal_money(const char *s, char *out)
{
	size_t k = 0;

	if (strncmp(s, "¥", strlen("¥")) == 0)
		s += strlen("¥");
	for (; is_digit(*s) || *s == ',' || *s == '.'; s++)
		if (is_digit(*s) && k < 15)
			out[k++] = *s;
	out[k] = '\0';
	return k > 0 && (*s == '\0' || strcmp(s, "円") == 0);
}

/* The date a value begins with: what follows it (a weekday, an age) is cut off character by
 * character. */
static bool
normal_date(const char *s, char *out)
{
	char copy[64];
	size_t n = strlen(s);

	if (n >= sizeof copy)
		n = sizeof copy - 1;
	memcpy(copy, s, n);
	for (; n >= 6; n--) {
		copy[n] = '\0';
		if (utf8_valid(copy, n) && date_parse(copy, out) == 0)
			return true;
	}
	return false;
}

bool
field_normal(enum field_kind kind, const char *value, char *out)
{
	char s[FIELD_TEXT];
	bool ok = false;

	if (fold(value, s, sizeof s)) {
		if (kind == FIELD_DATE)
			ok = normal_date(s, out);
		else if (kind == FIELD_NUMBER)
			ok = normal_number(s, out);
		else if (kind == FIELD_PHONE)
			ok = normal_phone(s, out);
		else if (kind == FIELD_MONEY)
			ok = normal_money(s, out);
	}
	if (!ok)
		out[0] = '\0';
	return ok;
}
