/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered items, one of which was read as something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/series.h"
#include "ocr_lines.h"

static const struct setting items = {24, 20, 20, 0, -1};

static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	set_lines(&w, &items, read);
	assert_int_equal(series_correct(&w), 0);
	expect_text(&w, want);
}

static void
the_missing_number_is_known(void **state)
{
	expect("①氏名\n@住所\n③電話\n", "①氏名\n②住所\n③電話\n");
	expect("⑦休日\n計算\n@深夜\n労働\n⑨手当\n", "⑦休日\n計算\n⑧深夜\n労働\n⑨手当\n");
	expect("⑲甲\n@乙\n", "⑲甲\n@乙\n");
}

static void
other_signs_stay(void **state)
{
	expect("①氏名\n@住所\n②電話\n", "①氏名\n@住所\n②電話\n");
	expect("①氏名\n●住所\n●番地\n③電話\n", "①氏名\n●住所\n●番地\n③電話\n");
	expect("@住所\n②電話\n", "@住所\n②電話\n");
	expect("①氏名\n名住所\n③電話\n", "①氏名\n名住所\n③電話\n");
	expect("①氏名\n@\n③電話\n", "①氏名\n@\n③電話\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_missing_number_is_known),
	    cmocka_unit_test(other_signs_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
