/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 口 and ロ by where they stand: tick boxes have a gap before them, and others beside them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/boxes.h"
#include "ocr_lines.h"

#define HIGH 30

static const struct setting wide = {HIGH, HIGH - 2, HIGH, 0, -1};

/* A line of letters at x, side by side; _ is a gap. */
static void
add_line(struct words *w, int x, const char *text)
{
	set_line(w, &wide, x, text, strlen(text));
}

static void
expect_boxes(struct words *w, const char *want)
{
	assert_int_equal(boxes_correct(w), 0);
	expect_text(w, want);
}

static void
expect_row(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, 100, read);
	expect_boxes(&w, want);
}

static void
boxes_of_a_row(void **state)
{
	expect_row("移動_口_自立_口_一部_ロ_全部", "移動□自立□一部□全部\n");
	expect_row("口あり_□なし", "□あり□なし\n");
	expect_row("口あり", "口あり\n");
	expect_row("出口の段差_入口の段差", "出口の段差入口の段差\n");
	expect_row("氏名_口座_口数", "氏名口座口数\n");
	expect_row("ロビー_ロッカー", "ロビーロッカー\n");
	expect_row("口臭_口渇_口角の傷", "口臭口渇口角の傷\n");
	expect_row("口から食べる_口に含む", "口から食べる口に含む\n");
	expect_row("口からだ_口かゆみ_口はい", "□からだ□かゆみ□はい\n");
	expect_row("イ自立_ロ一部_ロ全部_ハ別", "イ自立ロ一部ロ全部ハ別\n");
}

static void
boxes_within_choices(void **state)
{
	expect_row("□入院(口特定に限る)・口専門", "□入院(□特定に限る)・□専門\n");
	expect_row("□入院(□一・口二・□三)", "□入院(□一・□二・□三)\n");
	expect_row("□入院(口特定に限る)", "□入院(口特定に限る)\n");
	expect_row("□入院・口腔_□栄養・口腔", "□入院・口腔□栄養・口腔\n");
	expect_row("□症状(口渇・口臭)", "□症状(口渇・口臭)\n");
	expect_row("□清拭(口中)・口開け", "□清拭(口中)・口開け\n");
	expect_row("入院(口特定)・口専門", "入院(口特定)・口専門\n");
}

static void
boxes_of_a_list(void **state)
{
	_cleanup_(words_free) struct words w = {0}, alone = {0};

	add_line(&w, 100, "・口東京");
	add_line(&w, 104, "・口広島");
	add_line(&w, 100, "・口腔の傷");
	add_line(&w, 400, "・口大阪");
	expect_boxes(&w, "・□東京\n・□広島\n・口腔の傷\n・口大阪\n");
	add_line(&alone, 100, "・口東京");
	add_line(&alone, 100, "・口腔の傷");
	expect_boxes(&alone, "・口東京\n・口腔の傷\n");
}

/* Beside sure ones, after a sign or between choices of a grade. */
static void
boxes_without_a_gap(void **state)
{
	expect_row("有→口内科_□外科_□眼科", "有→□内科□外科□眼科\n");
	expect_row("(口本人_□家族_□別の人)", "(□本人□家族□別の人)\n");
	expect_row("(口ウェブ_□本_□紙)", "(□ウェブ□本□紙)\n");
	expect_row("程度:□軽□中口重", "程度:□軽□中□重\n");
	expect_row("有→口腔外科_□外科_□眼科", "有→口腔外科□外科□眼科\n");
	expect_row("□入口_□窓口有_□軽中", "□入口□窓口有□軽中\n");
	expect_row("(ロビー_□本_□紙)", "(ロビー□本□紙)\n");
	expect_row("(口内炎_□本)", "(口内炎□本)\n");
	expect_row("(口コミ_□本_□紙)", "(口コミ□本□紙)\n");
	expect_row("(口矯正サイト)_□近い", "(□矯正サイト)□近い\n");
	expect_row("(口その他)_□近い", "(□その他)□近い\n");
	expect_row("(口演)_□近い", "(口演)□近い\n");
	expect_row("(口呼吸)_□あり", "(口呼吸)□あり\n");
	expect_row("(口が開く)_□あり", "(口が開く)□あり\n");
	expect_row("(口がん)_□他", "(□がん)□他\n");
	expect_row("(口矯正サイト)", "(口矯正サイト)\n");
	expect_row("外(口矯正)_□近い", "外(口矯正)□近い\n");
	expect_row("(口コール_□本_□紙)", "(□コール□本□紙)\n");
}

static void
boxes_of_a_column(void **state)
{
	_cleanup_(words_free) struct words w = {0}, alone = {0};

	add_line(&w, 100, "ロ①本人");
	add_line(&w, 112, "図②家族");
	add_line(&w, 102, "ロ③別の人");
	add_line(&w, 100, "図面");
	add_line(&w, 300, "口数人");
	add_line(&w, 500, "口月");
	expect_boxes(&w, "□①本人\n☑②家族\n□③別の人\n図面\n口数人\n口月\n");
	assert_string_equal(w.lines[0].raw, "ロ①本人");
	assert_string_equal(w.lines[0].rule, BOXES_RULE);
	add_line(&alone, 100, "図②家族");
	expect_text(&alone, "図②家族\n");
}

/* As laws number: イ, ロ, ハ. */
static void
items_are_no_boxes(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, 100, "イ次の者");
	add_line(&w, 100, "ロ前の者");
	add_line(&w, 100, "ハ別の者");
	add_line(&w, 100, "ロ後の者");
	expect_boxes(&w, "イ次の者\nロ前の者\nハ別の者\nロ後の者\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(boxes_of_a_row),
	    cmocka_unit_test(boxes_within_choices),
	    cmocka_unit_test(boxes_of_a_list),
	    cmocka_unit_test(boxes_without_a_gap),
	    cmocka_unit_test(boxes_of_a_column),
	    cmocka_unit_test(items_are_no_boxes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
