/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Items イ ロ ハ ニ of which some were read as ideographs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/items.h"
#include "ocr_lines.h"

static const struct setting items = {24, 20, 20, 0, -1};

static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	set_lines(&w, &items, read);
	assert_int_equal(items_correct(&w), 0);
	expect_text(&w, want);
}

static void
items_in_brackets_are_known_by_each_other(void **state)
{
	expect("(イ)賃借\n(口)譲渡\n(ハ)貸与\n", "(イ)賃借\n(ロ)譲渡\n(ハ)貸与\n");
	expect("(イ)から(二)まで\n(ハ)貸与\n", "(イ)から(ニ)まで\n(ハ)貸与\n");
	expect("(イ)甲\n(口)乙\n(八)丙\n(二)丁\n", "(イ)甲\n(ロ)乙\n(ハ)丙\n(ニ)丁\n");
	expect("(一)総則\n(イ)甲\n(口)乙\n(ハ)丙\n(二)細則\n",
	    "(一)総則\n(イ)甲\n(ロ)乙\n(ハ)丙\n(二)細則\n");
}

static void
brackets_of_other_things_stay(void **state)
{
	expect("(イ)甲\n(口)\n", "(イ)甲\n(口)\n");
	expect("(一)甲\n(二)乙\n(三)丙\n", "(一)甲\n(二)乙\n(三)丙\n");
	expect("(ア)甲\n(イ)乙\n(ウ)丙\n(二)\n", "(ア)甲\n(イ)乙\n(ウ)丙\n(二)\n");
	expect("(イ)甲\n(ロ)乙\n(ハ)丙\n口数(口)\n", "(イ)甲\n(ロ)乙\n(ハ)丙\n口数(口)\n");
	expect("(イ)甲\n(ロ)乙\n(ハ)入口(口腔)\n", "(イ)甲\n(ロ)乙\n(ハ)入口(口腔)\n");
}

static void
items_below_each_other_are_known(void **state)
{
	expect("イ氏名\n口住所\nハ電話\n", "イ氏名\nロ住所\nハ電話\n");
	expect("ロ氏名\nの欄\n八住所\nニ電話\n", "ロ氏名\nの欄\nハ住所\nニ電話\n");
	expect("ハ氏名\n二住所\nホ電話\n", "ハ氏名\nニ住所\nホ電話\n");
}

static void
lines_of_words_stay(void **state)
{
	expect("イ氏名\nロ振込\n口座番号\nハ電話\n", "イ氏名\nロ振込\n口座番号\nハ電話\n");
	expect("イベント\n口座番号\nハガキ\n", "イベント\n口座番号\nハガキ\n");
	expect("イ氏名\n_口住所\nハ電話\n", "イ氏名\n口住所\nハ電話\n");
	expect("一氏名\n二住所\n三電話\n", "一氏名\n二住所\n三電話\n");
	expect("イ氏名\n口住所\n", "イ氏名\n口住所\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_in_brackets_are_known_by_each_other),
	    cmocka_unit_test(brackets_of_other_things_stay),
	    cmocka_unit_test(items_below_each_other_are_known),
	    cmocka_unit_test(lines_of_words_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
