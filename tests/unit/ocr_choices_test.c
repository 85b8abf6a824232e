/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices in two columns, by their numbers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/choices.h"
#include "ocr_lines.h"

static const struct setting two_columns = {24, 20, 20, 600, 3};

/* _ is the white up to the second column. */
static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	set_lines(&w, &two_columns, read);
	assert_int_equal(choices_arrange(&w), 0);
	expect_text(&w, want);
}

static void
columns_are_read_one_after_the_other(void **state)
{
	expect("種別\n1.男_5.男性\n2.女_6.女性\n3.他_7.以外\nその他\n",
	    "種別\n1.男\n2.女\n3.他\n5.男性\n6.女性\n7.以外\nその他\n");
	expect("1日 晴_3日\n2日_4日 雨\n", "1日晴\n2日\n3日\n4日雨\n");
	expect("①往診_③入浴\n②訪問_④通所\n", "①往診\n②訪問\n③入浴\n④通所\n");
	expect("9 以上_11 自立\n10 未満_12 介助\n", "9以上\n10未満\n11自立\n12介助\n");
	/* the point was lost, and a number begins what is chosen */
	expect("1 70歳_3.再雇用\n2.兼務_4.短時間\n", "170歳\n2.兼務\n3.再雇用\n4.短時間\n");
}

static void
other_rows_stay(void **state)
{
	/* numbered along the rows */
	expect("1.男_2.女\n3.他_4.無\n", "1.男2.女\n3.他4.無\n");
	/* one row; a second that has one item; figures of a table; a date */
	expect("1.男_5.女\n", "1.男5.女\n");
	expect("1.男_5.女\n2.他\n", "1.男5.女\n2.他\n");
	expect("1 計画書_1 部\n2 報告書_2 部\n", "1計画書1部\n2報告書2部\n");
	expect("1日_10/1\n2日_11/1\n", "1日10/1\n2日11/1\n");
	/* how many of each */
	expect("1 計画書_3 部\n2 報告書_4 部\n", "1計画書3部\n2報告書4部\n");
	expect("1 朝_10時30分\n2 昼_11時30分\n", "1朝10時30分\n2昼11時30分\n");
	/* nothing but white as between letters */
	expect("1.男5.女\n2.男6.女\n", "1.男5.女\n2.男6.女\n");
}

/* A line that was corrected is not parted: what was read is kept of lines. */
static void
what_was_read_is_kept(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	set_lines(&w, &two_columns, "1.男_3.女\n2.他_4.無\n");
	assert_int_equal(words_correct(&w, &w.lines[0], 2, "甲", "rule"), 0);
	assert_int_equal(choices_arrange(&w), 0);
	assert_int_equal(w.nlines, 2);
	assert_string_equal(w.lines[0].raw, "1.男3.女");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_are_read_one_after_the_other),
	    cmocka_unit_test(other_rows_stay),
	    cmocka_unit_test(what_was_read_is_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
