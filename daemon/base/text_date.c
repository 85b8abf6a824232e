/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * RFC 3339 instants and calendar dates as Japanese offices write them (元号 included). Knows the
 * calendar, nothing about what a date is for.
 */
#include "text.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

struct date {
	int year, month, day;
};

/* First and last day of each era, inclusive; the calendar laws that began them share the day with
 * the era before. */
static const struct era {
	const char *kanji;
	char letter;
	struct date first, last;
} eras[] = {
    {"明治", 'M', {1868, 1, 25}, {1912, 7, 29}},
    {"大正", 'T', {1912, 7, 30}, {1926, 12, 24}},
    {"昭和", 'S', {1926, 12, 25}, {1989, 1, 7}},
    {"平成", 'H', {1989, 1, 8}, {2019, 4, 30}},
    {"令和", 'R', {2019, 5, 1}, {9999, 12, 31}},
};
#define N_ERAS (sizeof(eras) / sizeof(eras[0]))

static bool
leap(int y)
{
	return (y % 4 == 0 && y % 100 != 0) || y % 400 == 0;
}

static bool
date_exists(struct date d)
{
	static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

	if (d.year < 1 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	return d.day <= days[d.month - 1] + (d.month == 2 && leap(d.year));
}

static int
date_order(struct date d)
{
	return (d.year * 100 + d.month) * 100 + d.day;
}

/* Days since 1970-01-01 in the proleptic Gregorian calendar. */
static int64_t
date_days(struct date d)
{
	int64_t y = d.year - (d.month <= 2), cycle = y / 400, in_cycle = y % 400;
	int64_t in_year = (153 * (d.month + (d.month > 2 ? -3 : 9)) + 2) / 5 + d.day - 1;

	return cycle * 146097 + in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + in_year - 719468;
}

uint64_t
time_now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_REALTIME, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

void
time_format(uint64_t ms, char out[TIME_TEXT_SIZE])
{
	const uint64_t last = UINT64_C(253402300799999); /* 9999-12-31T23:59:59.999Z */
	time_t s;
	struct tm tm;
	char text[64];

	if (ms > last)
		ms = last;
	s = (time_t)(ms / 1000);
	gmtime_r(&s, &tm);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
	    tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(ms % 1000));
	memcpy(out, text, TIME_TEXT_SIZE);
}

/* Reads exactly n ASCII digits at *p and moves past them. */
static int
fixed(const char **p, int n, int *ret)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return -EINVAL;
		v = v * 10 + (**p - '0');
	}
	*ret = v;
	return 0;
}

static int
literal(const char **p, const char *one_of)
{
	if (**p == '\0' || strchr(one_of, **p) == NULL)
		return -EINVAL;
	(*p)++;
	return 0;
}

/* Milliseconds of a fraction ".123…"; digits beyond the third are dropped. */
static int
fraction(const char **p, int *ret_ms)
{
	int ms = 0, scale = 100;

	*ret_ms = 0;
	if (**p != '.')
		return 0;
	(*p)++;
	if (**p < '0' || **p > '9')
		return -EINVAL;
	for (; **p >= '0' && **p <= '9'; (*p)++, scale /= 10)
		ms += (**p - '0') * scale;
	*ret_ms = ms;
	return 0;
}

/* "Z" or "+09:00"; seconds east of UTC. */
static int
offset(const char **p, int *ret_s)
{
	int h, m, sign;

	*ret_s = 0;
	if (**p == 'Z' || **p == 'z') {
		(*p)++;
		return 0;
	}
	sign = **p == '-' ? -1 : 1;
	if (literal(p, "+-") < 0 || fixed(p, 2, &h) < 0 || literal(p, ":") < 0 ||
	    fixed(p, 2, &m) < 0 || h > 23 || m > 59)
		return -EINVAL;
	*ret_s = sign * (h * 3600 + m * 60);
	return 0;
}

static int
local_midnight(struct date d, uint64_t *ret_ms)
{
	struct tm tm = {
	    .tm_year = d.year - 1900, .tm_mon = d.month - 1, .tm_mday = d.day, .tm_isdst = -1};
	time_t t = mktime(&tm);

	if (t < 0)
		return -EINVAL;
	*ret_ms = (uint64_t)t * 1000;
	return 0;
}

int
time_parse(const char *text, uint64_t *ret_ms)
{
	const char *p = text;
	int hour, minute, second, ms, east;
	struct date d;
	int64_t t;

	if (fixed(&p, 4, &d.year) < 0 || literal(&p, "-") < 0 || fixed(&p, 2, &d.month) < 0 ||
	    literal(&p, "-") < 0 || fixed(&p, 2, &d.day) < 0 || !date_exists(d))
		return -EINVAL;
	if (*p == '\0')
		return local_midnight(d, ret_ms);
	if (literal(&p, "Tt ") < 0 || fixed(&p, 2, &hour) < 0 || literal(&p, ":") < 0 ||
	    fixed(&p, 2, &minute) < 0 || literal(&p, ":") < 0 || fixed(&p, 2, &second) < 0 ||
	    fraction(&p, &ms) < 0 || offset(&p, &east) < 0 || *p != '\0')
		return -EINVAL;
	if (hour > 23 || minute > 59 || second > 60)
		return -EINVAL;
	t = date_days(d) * 86400 + hour * 3600 + minute * 60 + second - east;
	if (t < 0)
		return -EINVAL;
	*ret_ms = (uint64_t)t * 1000 + (uint64_t)ms;
	return 0;
}

/* ---- dates as people write them ---- */

/* Next code point with full-width forms narrowed; spaces between parts carry no meaning and are
 * passed over. 0 at the end. */
static int
next_char(const char **p, uint32_t *ret)
{
	for (;;) {
		int n = utf8_decode(*p, strnlen(*p, 4), ret);

		if (**p == '\0') {
			*ret = 0;
			return 0;
		}
		if (n < 0)
			return -EINVAL;
		*p += n;
		if (*ret >= 0xff01 && *ret <= 0xff5e)
			*ret -= 0xfee0;
		if (*ret != ' ' && *ret != 0x3000)
			return 0;
	}
}

#define DATE_CHARS 32 /* more code points than any date has */

/* Narrowed code points of text, zero-terminated. */
static int
narrow(const char *text, uint32_t out[DATE_CHARS])
{
	for (size_t i = 0; i < DATE_CHARS; i++) {
		if (next_char(&text, &out[i]) < 0)
			return -EINVAL;
		if (out[i] == 0)
			return 0;
	}
	return -EINVAL;
}

static const struct era *
era_at(const uint32_t **p)
{
	for (size_t i = 0; i < N_ERAS; i++) {
		uint32_t a = 0, b = 0;
		int n = utf8_decode(eras[i].kanji, strlen(eras[i].kanji), &a);

		utf8_decode(eras[i].kanji + n, strlen(eras[i].kanji + n), &b);
		if ((*p)[0] == a && (*p)[1] == b) {
			*p += 2;
			return &eras[i];
		}
		if (((*p)[0] & ~0x20u) == (uint32_t)eras[i].letter) {
			*p += 1;
			return &eras[i];
		}
	}
	return NULL;
}

/* One to max digits; 元 counts as year 1 where first_ok. */
static int
number(const uint32_t **p, int max, bool first_ok, int *ret)
{
	int v = 0, n = 0;

	if (first_ok && **p == 0x5143) {
		(*p)++;
		*ret = 1;
		return 0;
	}
	for (; **p >= '0' && **p <= '9'; (*p)++, n++) {
		if (n == max)
			return -EINVAL;
		v = v * 10 + (int)(**p - '0');
	}
	*ret = v;
	return n == 0 ? -EINVAL : n;
}

static bool
separator(uint32_t c)
{
	return c == '-' || c == '/' || c == '.' || c == 0x30fb || c == 0x2010 || c == 0x2212;
}

/* 年/月/日 throughout, or one ASCII-like separator used twice and nothing at the end. */
static int
parts(const uint32_t *p, bool era, struct date *ret)
{
	uint32_t mark;
	bool kanji;
	int n;

	n = number(&p, era ? 2 : 4, era, &ret->year);
	if (n < 0 || (!era && n != 4) || ret->year == 0)
		return -EINVAL;
	mark = *p++;
	kanji = mark == 0x5e74; /* 年 */
	if (!kanji && !separator(mark))
		return -EINVAL;
	if (number(&p, 2, false, &ret->month) < 0)
		return -EINVAL;
	if (*p++ != (kanji ? 0x6708 : mark)) /* 月 */
		return -EINVAL;
	if (number(&p, 2, false, &ret->day) < 0)
		return -EINVAL;
	if (kanji && *p++ != 0x65e5) /* 日 */
		return -EINVAL;
	return *p == 0 ? 0 : -EINVAL;
}

int
date_parse(const char *text, char out[DATE_TEXT_SIZE])
{
	uint32_t code[DATE_CHARS];
	const uint32_t *p = code;
	const struct era *era;
	struct date d = {0};
	char iso[48];

	if (narrow(text, code) < 0)
		return -EINVAL;
	era = era_at(&p);
	if (parts(p, era != NULL, &d) < 0)
		return -EINVAL;
	if (era != NULL)
		d.year += era->first.year - 1;
	if (!date_exists(d))
		return -EINVAL;
	if (era != NULL &&
	    (date_order(d) < date_order(era->first) || date_order(d) > date_order(era->last)))
		return -EINVAL;
	snprintf(iso, sizeof(iso), "%04d-%02d-%02d", d.year, d.month, d.day);
	memcpy(out, iso, DATE_TEXT_SIZE);
	return 0;
}

int
date_format_era(const char *iso, char *out)
{
	const char *p = iso;
	struct date d;

	if (fixed(&p, 4, &d.year) < 0 || literal(&p, "-") < 0 || fixed(&p, 2, &d.month) < 0 ||
	    literal(&p, "-") < 0 || fixed(&p, 2, &d.day) < 0 || *p != '\0' || !date_exists(d))
		return -EINVAL;
	for (size_t i = N_ERAS; i-- > 0;) {
		int year = d.year - eras[i].first.year + 1;

		if (date_order(d) < date_order(eras[i].first))
			continue;
		if (year == 1)
			snprintf(out, 64, "%s元年%d月%d日", eras[i].kanji, d.month, d.day);
		else
			snprintf(out, 64, "%s%d年%d月%d日", eras[i].kanji, year, d.month, d.day);
		return 0;
	}
	return -EINVAL;
}
