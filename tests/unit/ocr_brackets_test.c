/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brackets that were read as others, or as no bracket. */
#include "ocr_notation.h"

static void
angles_are_pairs(void **state)
{
	expect("補助金くコロナ対応型>交付", "補助金<コロナ対応型>交付");
	expect("ぐ介護保険給付>", "<介護保険給付>");
	expect("<早く行く者>の", "<早く行く者>の");
	expect("くその他>", "<その他>");
	expect("くお知らせ>", "<お知らせ>");
	expect("くらし>税金", "くらし>税金");
	expect("くその他", "くその他");
	expect("型>用く", "型>用く"); /* it opens nothing before itself */
	expect("<一>く二>", "<一><二>");
}

static void
brackets_are_pairs(void **state)
{
	expect("様式[単独企業用」", "様式[単独企業用]");
	expect("「金額]は", "「金額」は");
	expect("「(注)契約書〕とする", "「(注)契約書」とする");
	stays("[「甲」]");
	stays("「1)甲」");
	stays("(注」");
	stays("とする」(注)");
	stays("[甲「乙]");
	stays("〔注1)参照〕");
	expect("「甲]と「乙」", "「甲」と「乙」");
}

static void
quotation_marks_are_pairs(void **state)
{
	expect("“発足\"では", "“発足”では");
	expect("\"発足”では、“成立\"が", "“発足”では、“成立”が");
	stays("\"発足\"では");
	stays("\"発足\"“成立”が");
	stays("“発足”12\"");
}

/* Rare ones are read as common ones, and hardly the other way round. */
static void
rare_brackets_are_right(void **state)
{
	expect("(所得控除〉", "〈所得控除〉");
	expect("〈所得控除)", "〈所得控除〉");
	expect("(第1期》《第2期》", "《第1期》《第2期》");
	expect("{受取助成金等】", "【受取助成金等】");
	expect("【費用}", "【費用】");
	stays("(注〉)");
	stays("1)甲〉");
	stays("〈1)甲〉");
	stays("{注)");
	stays("{甲]");
	stays("〈甲〉(乙)");
}

/* Of a pair that is none; the first letter is so sure, the others are less. */
static void
expect_pair(unsigned first, const char *want)
{
	static const char *const read[] = {"(", "様", "》"};
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf b = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; i < sizeof read / sizeof *read; i++)
		add_glyph(&w, read[i], strlen(read[i]), ANY);
	words_line_done(&w);
	w.glyphs[0].confidence = (uint8_t)first;
	assert_int_equal(notation_correct(&w), 0);
	words_line_text(&w, &w.lines[0], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
}

static void
unsure_brackets_are_wrong(void **state)
{
	expect_pair(98, "《様》");
	expect_pair(99, "(様)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(angles_are_pairs),
	    cmocka_unit_test(brackets_are_pairs),
	    cmocka_unit_test(quotation_marks_are_pairs),
	    cmocka_unit_test(rare_brackets_are_right),
	    cmocka_unit_test(unsure_brackets_are_wrong),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
