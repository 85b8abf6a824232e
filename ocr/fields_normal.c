/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Checks of values by their form. */
#include <string.h>

#include "ocr/fields.h"
#include "text.h"

#define FULL_WIDTH_FIRST 0xff01u /* ！ to ～ are ASCII at an offset */
#define FULL_WIDTH_LAST 0xff5eu
#define FULL_WIDTH_OFFSET 0xfee0u
#define MONEY_DIGITS 12 /* no office bills a thousand million million */

/* What stands for a hyphen on forms and in readings; 一 and ー only between digits, which the
 * lexicon has already made hyphens. */
static bool
is_dash(uint32_t code)
{
	return code == 0x2010 || code == 0x2011 || code == 0x2012 || code == 0x2013 ||
	       code == 0x2015 || code == 0x2212;
}

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
		else if (is_dash(code))
			code = '-';
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

/* How forms address people. */
static bool
normal_name(const char *s, char *out)
{
	static const char *const endings[] = {"様", "殿", "さん", "さま", "氏"};
	size_t n = strlen(s);

	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		size_t m = strlen(endings[i]);

		if (n > m && memcmp(s + n - m, endings[i], m) == 0) {
			n -= m;
			break;
		}
	}
	while (n > 0 && s[n - 1] == ' ')
		n--;
	if (n == 0 || n >= FIELD_NORMAL)
		return false;
	memcpy(out, s, n);
	out[n] = '\0';
	return true;
}

static bool
normal_number(const char *s, char *out)
{
	if (strlen(s) != 10 || strspn(s, "0123456789") != 10)
		return false;
	memcpy(out, s, 11); /* ten digits and NUL */
	return true;
}

/* Eleven digits for mobile, IP and free numbers, else ten; up to three groups. */
static bool
normal_phone(const char *s, char *out)
{
	static const char *const eleven[] = {"020", "050", "060", "070", "080", "090"};
	size_t digits = 0, k = 0, want = 10, groups = 1;

	for (size_t i = 0; i < sizeof eleven / sizeof *eleven; i++)
		if (strncmp(s + (*s == '('), eleven[i], 3) == 0)
			want = 11;
	for (; *s != '\0' && k < 20; s++) {
		/* brackets around a group part it from its neighbour */
		bool gap = *s == '-' || (*s == '(' && k > 0) || (*s == ')' && is_digit(s[1]));

		if (is_digit(*s)) {
			out[k++] = *s;
			digits++;
		} else if (gap && k > 0 && out[k - 1] != '-') {
			out[k++] = '-';
			groups++;
		} else if (*s != '(' && *s != ')')
			return false;
	}
	out[k] = '\0';
	return *s == '\0' && out[0] == '0' && digits == want && groups <= 3 && out[k - 1] != '-';
}

/* Thousands are parted by commas, which are often read as points; anything else parted so is no
 * sum. */
static bool
normal_money(const char *s, char *out)
{
	static const char *const signs[] = {"金", "¥", "￥", "\\"};
	static const char *const ends[] = {"", "-", "円", "円也", "円(税込)", "円(税込み)"};
	size_t k = 0, group = 0;
	bool parted = false;

	for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
		if (strncmp(s, signs[i], strlen(signs[i])) == 0)
			s += strlen(signs[i]);
	for (; is_digit(*s) || ((*s == ',' || *s == '.') && is_digit(s[1])); s++) {
		if (!is_digit(*s)) {
			if (parted ? group != 3 : group < 1 || group > 3)
				return false;
			parted = true;
			group = 0;
			continue;
		}
		if (k >= MONEY_DIGITS)
			return false;
		out[k++] = *s;
		group++;
	}
	out[k] = '\0';
	if (k == 0 || (parted && group != 3))
		return false;
	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
		if (strcmp(s, ends[i]) == 0)
			return true;
	return false;
}

/* The date a value begins with: what follows it (a weekday, an age) is cut off character by
 * character, but never in the middle of a number: 2月30日 is not 2月3. */
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
		if (!(is_digit(s[n - 1]) && is_digit(s[n])) && utf8_valid(copy, n) &&
		    date_parse(copy, out) == 0)
			return true;
	}
	return false;
}

bool
field_normal(enum field_kind kind, const char *value, char *out)
{
	char s[FIELD_TEXT];
	bool ok = false;

	if (kind == FIELD_NAME)
		ok = normal_name(value, out);
	else if (fold(value, s, sizeof s)) {
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
