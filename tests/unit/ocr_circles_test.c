/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which circle of a line is a zero, and which is a name left open, a tick or a bullet. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/circles.h"
#include "ocr_lines.h"

static const struct setting together = {20, 20, 20, 0, -1};

static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	set_line(&w, &together, 10, read, strlen(read));
	circles_name(&w);
	expect_line(&w, want);
	assert_null(w.lines[0].raw);
}

static void
names_are_left_open_by_circles(void **state)
{
	expect("株式会社〇〇", "株式会社○○");
	expect("架空県〇〇市〇〇1-2-3", "架空県○○市○○1-2-3");
	expect("〇年〇月〇日", "○年○月○日");
	expect("〇〇三丁目", "○○三丁目");
	expect("同一〇〇内", "同一○○内");
	expect("一、〇〇の場合", "一、○○の場合");
	expect("一、〇〇三五", "一、○○三五");
}

static void
ticks_and_bullets_are_circles(void **state)
{
	expect("〇", "○");
	expect("〇を付け二〇二六", "○を付け二〇二六");
	expect("〇一部介助", "○一部介助");
	expect("〇二階", "○二階");
	expect("数百〇の例", "数百○の例");
	expect("〇・×で答える", "○・×で答える");
	expect("問一__〇", "問一○");
	expect("〇歳以上", "○歳以上");
}

static void
numbers_have_zeros(void **state)
{
	expect("二○二六年一○月三○日", "二〇二六年一〇月三〇日");
	expect("三〇〇円", "三〇〇円");
	expect("一、〇〇〇円", "一、〇〇〇円");
	expect("一、〇〇五円", "一、〇〇五円");
	expect("第百〇五条", "第百〇五条");
	expect("〇．五ミリ", "〇．五ミリ");
	expect("三・〇又は〇・五", "三・〇又は〇・五");
	expect("〇三-一二三四", "〇三-一二三四");
	expect("〇四五", "〇四五");
	expect("問一〇", "問一〇");
	expect("〇歳児クラス", "〇歳児クラス");
}

static void
lines_of_circles_end(void **state)
{
	char read[3 * 200 + 1] = "", want[3 * 200 + 1] = "";

	for (int i = 0; i < 200; i++) {
		strcat(read, "〇");
		strcat(want, "○");
	}
	expect(read, want);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_left_open_by_circles),
	    cmocka_unit_test(ticks_and_bullets_are_circles),
	    cmocka_unit_test(numbers_have_zeros),
	    cmocka_unit_test(lines_of_circles_end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
