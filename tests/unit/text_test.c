/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* UTF-8, hexadecimal, base64, instants and Japanese dates: what is read, and above all what is
 * refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"

static void
utf8_accepts_and_refuses(void **state)
{
	static const char *const good[] = {
	    "", "abc", "令和", "\xf0\xa0\xae\xb7", "\xc2\x80", "\xef\xbf\xbf"};
	static const char *const bad[] = {"\x80", "\xc0\xaf", "\xc1\xbf", "\xe0\x80\xaf",
	    "\xe3\x81", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe3z"};

	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		assert_true(utf8_valid(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(utf8_valid(bad[i], strlen(bad[i])));
	assert_false(utf8_valid("a\0b", 3));
	assert_int_equal(utf8_length("令和8年"), 4);
}

static void
utf8_round_trip_is_exact_for_every_code_point(void **state)
{
	for (uint32_t code = 0; code <= 0x110000; code++) {
		char out[4];
		uint32_t back;
		int n = utf8_encode(code, out);

		if ((code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) {
			assert_int_equal(n, -EILSEQ);
			continue;
		}
		assert_int_equal(utf8_decode(out, (size_t)n, &back), n);
		assert_int_equal(back, code);
		for (int i = 0; i < n; i++)
			assert_int_equal(utf8_decode(out, (size_t)i, &back), -EILSEQ);
	}
}

static void
hex_is_strict(void **state)
{
	uint8_t b[3];
	char text[7];

	assert_int_equal(hex_decode("00fFa5", b, 3), 0);
	assert_memory_equal(b, "\x00\xff\xa5", 3);
	hex_encode(b, 3, text);
	assert_string_equal(text, "00ffa5");
	assert_int_equal(hex_decode("00ff", b, 3), -EINVAL);
	assert_int_equal(hex_decode("00ffa5a", b, 3), -EINVAL);
	assert_int_equal(hex_decode("00fg00", b, 3), -EINVAL);
}

static void
base64_round_trips(void **state)
{
	uint8_t data[300];

	for (size_t i = 0; i < sizeof(data); i++)
		data[i] = (uint8_t)(i * 37 + 11);
	for (size_t n = 0; n <= sizeof(data); n++) {
		char *text = base64_encode(data, n);
		uint8_t *back;
		size_t size;

		assert_non_null(text);
		assert_int_equal(strlen(text), (n + 2) / 3 * 4);
		assert_int_equal(base64_decode(text, strlen(text), &back, &size), 0);
		assert_int_equal(size, n);
		assert_memory_equal(back, data, n);
		free(back);
		free(text);
	}
}

/* RFC 4648 section 10, and the ways to write the same bytes twice that section 3 warns of. */
static void
base64_is_strict(void **state)
{
	static const char *const bad[] = {"Zg",
	    "Zg=", "Zh==", "Zm9=", "Zm9v=", "====", "Z===", "Zg==Zg==", "Zm9v\n", "Zm-v", "Z=g="};
	uint8_t *data;
	size_t size;

	assert_int_equal(base64_decode("Zm9vYg==", 8, &data, &size), 0);
	assert_int_equal(size, 4);
	assert_memory_equal(data, "foob", 4);
	free(data);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(base64_decode(bad[i], strlen(bad[i]), &data, &size), -EINVAL);
}

static void
instants_round_trip(void **state)
{
	static const uint64_t some[] = {
	    0, 1, 951782400000, 951868799999, 1709164800123, 4102444800000, 253402300799999};

	for (size_t i = 0; i < sizeof(some) / sizeof(some[0]); i++) {
		char text[TIME_TEXT_SIZE];
		uint64_t back;

		time_format(some[i], text);
		assert_int_equal(time_parse(text, &back), 0);
		assert_true(back == some[i]);
	}
	for (uint64_t day = 0; day < 60000; day++) {
		char text[TIME_TEXT_SIZE];
		uint64_t back;

		time_format(day * 86400000 + 43200000, text);
		assert_int_equal(time_parse(text, &back), 0);
		assert_true(back == day * 86400000 + 43200000);
	}
}

static void
instants_know_offsets_and_refuse_nonsense(void **state)
{
	static const char *const bad[] = {"", "2026", "2026-02-29", "2026-13-01T00:00:00Z",
	    "2026-11-22T24:00:00Z", "2026-11-22T10:60:00Z", "2026-11-22T10:00:00",
	    "2026-11-22T10:00:00.Z", "2026-11-22T10:00:00Zx", "2026-11-22T10:00:00+9",
	    "1969-12-31T23:59:59Z"};
	uint64_t a, b;

	assert_int_equal(time_parse("2026-11-22T19:00:00.5+09:00", &a), 0);
	assert_int_equal(time_parse("2026-11-22t10:00:00.500z", &b), 0);
	assert_true(a == b);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(time_parse(bad[i], &a), -EINVAL);
}

static void
bare_date_is_local_midnight(void **state)
{
	uint64_t local, utc;

	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	assert_int_equal(time_parse("2026-11-22", &local), 0);
	assert_int_equal(time_parse("2026-11-21T15:00:00Z", &utc), 0);
	assert_true(local == utc);
}

static void
dates_as_offices_write_them(void **state)
{
	static const char *const rows[][2] = {{"2026-11-22", "2026-11-22"},
	    {"2026/11/22", "2026-11-22"}, {"2026年11月22日", "2026-11-22"},
	    {"2026年1月2日", "2026-01-02"}, {"令和8年11月22日", "2026-11-22"},
	    {"令和 ８ 年 １１ 月 ２２ 日", "2026-11-22"}, {"R8.11.22", "2026-11-22"},
	    {"r8/11/22", "2026-11-22"}, {"Ｒ８．１１．２２", "2026-11-22"},
	    {"令和元年5月1日", "2019-05-01"}, {"令和1年5月1日", "2019-05-01"},
	    {"平成31年4月30日", "2019-04-30"}, {"S56.3.4", "1981-03-04"}, {"H3/1/8", "1991-01-08"},
	    {"昭和64年1月7日", "1989-01-07"}, {"平成元年1月8日", "1989-01-08"},
	    {"大正15年12月24日", "1926-12-24"}, {"昭和元年12月25日", "1926-12-25"},
	    {"明治45年7月29日", "1912-07-29"}, {"M33-2-28", "1900-02-28"},
	    {"令和6年2月29日", "2024-02-29"}, {"２０２６／１１／２２", "2026-11-22"},
	    {"2026.11.22", "2026-11-22"}};
	char iso[DATE_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(date_parse(rows[i][0], iso), 0);
		assert_string_equal(iso, rows[i][1]);
	}
}

static void
dates_that_never_were(void **state)
{
	static const char *const bad[] = {"", "2026-02-30", "2025-02-29", "平成40年1月1日",
	    "昭和64年1月8日", "平成31年5月1日", "令和元年4月30日", "令和0年5月1日", "R8.13.1",
	    "R8.11", "8.11.22", "26-11-22", "2026-11/22", "2026年11月22", "2026-11-22x",
	    "令和8年11月22日頃", "1900-02-29", "元年1月1日", "\xff", "2026-11-", "R100.1.1",
	    "0000-01-01", "12345678901234567890123456789012345678901234567890"};
	char iso[DATE_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(date_parse(bad[i], iso), -EINVAL);
}

static void
eras_are_written(void **state)
{
	char out[64];

	assert_int_equal(date_format_era("2026-11-22", out), 0);
	assert_string_equal(out, "令和8年11月22日");
	assert_int_equal(date_format_era("2019-05-01", out), 0);
	assert_string_equal(out, "令和元年5月1日");
	assert_int_equal(date_format_era("2019-04-30", out), 0);
	assert_string_equal(out, "平成31年4月30日");
	assert_int_equal(date_format_era("1800-01-01", out), -EINVAL);
	assert_int_equal(date_format_era("2026-11-31", out), -EINVAL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(utf8_accepts_and_refuses),
	    cmocka_unit_test(utf8_round_trip_is_exact_for_every_code_point),
	    cmocka_unit_test(hex_is_strict),
	    cmocka_unit_test(base64_round_trips),
	    cmocka_unit_test(base64_is_strict),
	    cmocka_unit_test(instants_round_trip),
	    cmocka_unit_test(instants_know_offsets_and_refuse_nonsense),
	    cmocka_unit_test(bare_date_is_local_midnight),
	    cmocka_unit_test(dates_as_offices_write_them),
	    cmocka_unit_test(dates_that_never_were),
	    cmocka_unit_test(eras_are_written),
	};

	return cmocka_run_group_tests_name("text", tests, NULL, NULL);
}
