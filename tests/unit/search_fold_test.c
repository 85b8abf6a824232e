/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Folding, query parsing, phrases, boxes, snippets and marks, without a database. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "store/catalogue.h"
#include "store/search.h"
#include "text.h"

static void
expect_fold(const char *text, const char *expected)
{
	_cleanup_(folded_free) struct folded folded = {0};
	char out[512], *p = out;

	assert_int_equal(search_fold(text, strlen(text), &folded), 0);
	for (size_t i = 0; i < folded.n; i++)
		p += utf8_encode(folded.chars[i].code, p);
	*p = '\0';
	assert_string_equal(out, expected);
}

static void
test_fold(void **state)
{
	expect_fold("", "");
	expect_fold("ＡｂＣ　1２", "abc12");
	expect_fold("ｶﾞｷﾞ ﾊﾟ", "ガギパ");
	expect_fold("か\xe3\x82\x99", "が");
	expect_fold("髙﨑邊邉澤齋濱", "高崎辺辺沢斉浜");
	expect_fold("サービス", "サ-ビス");
	expect_fold("ー－‐‑−―–—─", "---------");
	expect_fold("ひらがな カタカナ", "ひらがなカタカナ");
	expect_fold("㈱ ①Ⅲ ㎏ ㍻", "(株)1iiikg平成");
	expect_fold("改\n行\r\n\tあり", "改行あり");
	expect_fold("葛\xf3\xa0\x84\x80城", "葛城"); /* variation selector */
	expect_fold("a\xe2\x80\x8b"
		    "b\xc2\xad"
		    "c\x01",
	    "abc");
	expect_fold("⻑⽉", "長月");
	expect_fold("一ー", "一-"); /* the numeral is no dash */
}

static void
test_places(void **state)
{
	_cleanup_(folded_free) struct folded folded = {0};
	const char *text = "あ ㈱ｶﾞ";
	static const struct fold_char expected[] = {
	    {0x3042, 0, 1}, {'(', 2, 3}, {0x682a, 2, 3}, {')', 2, 3}, {0x30ac, 3, 5}};

	assert_int_equal(search_fold(text, strlen(text), &folded), 0);
	assert_int_equal(folded.n, 5);
	assert_memory_equal(folded.chars, expected, sizeof(expected));
	assert_int_equal(search_fold("\xff", 1, &folded), -EILSEQ);
}

static void
test_variants_are_stable(void **state)
{
	for (uint32_t code = 0; code < 0x30000; code++) {
		const uint32_t means = search_variant(code);

		assert_int_equal(search_variant(means), means);
	}
}

/* A name is found however it is written on the paper, and however it is typed: each row folds to
 * its first form. Those that NFKC takes for another character's form are among them. */
static void
test_names_in_all_their_forms(void **state)
{
	static const char *const forms[][2] = {{"高", "髙"}, {"崎", "﨑嵜"}, {"辺", "邊邉"},
	    {"沢", "澤"}, {"浜", "濱濵"}, {"斉", "斎齋齊"}, {"広", "廣"}, {"国", "國圀囯"},
	    {"吉", "𠮷"}, {"徳", "德"}, {"桜", "櫻"}, {"塚", "塚"}, {"隆", "隆"}, {"神", "神"},
	    {"恵", "惠"}, {"真", "眞"}, {"万", "萬"}, {"島", "嶋嶌"}, {"橋", "槗𣘺"},
	    {"鶴", "靍靏靎"}, {"郎", "郞郎"}, {"慎", "愼"}, {"秋", "穐龝"}, {"姫", "姬"},
	    {"晋", "晉"}, {"喜", "㐂"}, {"土", "圡𡈽"}, {"野", "埜"}, {"富", "冨"}, {"館", "舘"},
	    {"滝", "瀧"}, {"竜", "龍"}, {"柳", "栁桺"}, {"峰", "峯"}, {"桑", "桒"}, {"曽", "曾"},
	    {"鉄", "鐵銕鉃"}, {"剣", "劍劔劒釼剱"}, {"隣", "鄰"}, {"渉", "涉"}, {"凛", "凜"},
	    {"栃", "杤"}, {"籠", "篭"}, {"頚", "頸"}, {"亘", "亙"}, {"晃", "晄"}, {"萌", "萠"},
	    {"頬", "頰"}, {"嚢", "囊"}, {"仮", "假"}, {"呑", "吞"}};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		uint32_t code;

		for (const char *p = forms[i][1]; *p != '\0';) {
			char one[8] = "";
			const int n = utf8_decode(p, strlen(p), &code);

			memcpy(one, p, (size_t)n);
			expect_fold(one, forms[i][0]);
			p += n;
		}
	}
}

static void
expect_phrase(const char *term, const char *expected)
{
	_cleanup_(folded_free) struct folded folded = {0};
	char *phrase;

	assert_int_equal(search_fold(term, strlen(term), &folded), 0);
	phrase = search_phrase(&folded);
	assert_string_equal(phrase, expected);
	free(phrase);
}

static void
test_phrases(void **state)
{
	expect_phrase("あ", "\"あ\"");
	expect_phrase("あい", "\"あい\"");
	expect_phrase("あいう", "\"あい\" + \"いう\"");
	expect_phrase("\"*", "\"\"\"*\"");
	expect_phrase("\"", "\"\"\"\"");
}

static void
test_parse(void **state)
{
	struct search_query query;

	assert_int_equal(search_parse("訪問　 ＰＬＡＮ plan\n高橋", &query), 0);
	assert_int_equal(query.count, 3);
	assert_int_equal(query.terms[1].n, 4);
	search_query_free(&query);
	assert_int_equal(search_parse("", &query), -EINVAL);
	assert_int_equal(search_parse(" 　\t", &query), -EINVAL);
	assert_int_equal(search_parse("あ\xff", &query), -EILSEQ);
}

static void
test_boxes(void **state)
{
	json_t *numbers = json_pack("[i,i,i,i,i,i,i,i,i,i,i,i,i,i,i,i]", 10, 20, 30, 40, 0, 0, 0, 0,
	    1000000, 0, 1000000, 1, 0, 1000000, 1, 1000000);
	static const struct box expected[] = {
	    {10, 20, 30, 40}, {0, 0, 0, 0}, {1000000, 0, 1000000, 1}, {0, 1000000, 1, 1000000}};
	struct box *boxes;
	uint8_t *data;
	size_t size;

	assert_int_equal(box_pack(numbers, 4, &data, &size), 0);
	assert_int_equal(box_unpack(data, size, 4, &boxes), 0);
	assert_memory_equal(boxes, expected, sizeof(expected));
	free(boxes);
	assert_int_equal(box_unpack(data, size, 3, &boxes), -EBADMSG);
	assert_int_equal(box_unpack(data, size, 5, &boxes), -EBADMSG);
	assert_int_equal(box_unpack(data, size - 1, 4, &boxes), -EBADMSG);
	assert_int_equal(box_unpack(data, 0, 0, &boxes), -EBADMSG);
	data[0] = 2;
	assert_int_equal(box_unpack(data, size, 4, &boxes), -EBADMSG);
	free(data);
	assert_int_equal(box_pack(numbers, 3, &data, &size), -EINVAL);
	json_array_set_new(numbers, 0, json_integer(1000001));
	assert_int_equal(box_pack(numbers, 4, &data, &size), -EINVAL);
	json_array_set_new(numbers, 0, json_string("1"));
	assert_int_equal(box_pack(numbers, 4, &data, &size), -EINVAL);
	json_decref(numbers);
}

static void
test_snippet_is_plain_and_short(void **state)
{
	char text[1000] = "";
	const struct span hit = {100, 102}, late = {100, 160};
	json_t *snippet, *highlight;

	for (int i = 0; i < 200; i++)
		strcat(text, i % 20 == 19 ? "\n" : "字");
	assert_int_equal(search_snippet(text, &hit, 1, &snippet, &highlight), 0);
	assert_int_equal(utf8_length(json_string_value(snippet)), SNIPPET_LENGTH);
	assert_null(strchr(json_string_value(snippet), '\n'));
	assert_int_equal(
	    json_integer_value(json_array_get(json_array_get(highlight, 0), 0)), SNIPPET_BEFORE);
	json_decref(snippet);
	json_decref(highlight);
	assert_int_equal(search_snippet(text, &late, 1, &snippet, &highlight), 0);
	assert_int_equal(utf8_length(json_string_value(snippet)), SNIPPET_BEFORE + 60);
	json_decref(snippet);
	json_decref(highlight);
}

static void
test_turns(void **state)
{
	static const unsigned turns[] = {0, 90, 180, 270};
	static const int expected[4][4] = {
	    {10, 20, 30, 40}, {140, 10, 40, 30}, {60, 140, 30, 40}, {20, 60, 40, 30}};
	const struct box box = {10, 20, 30, 40};
	const struct span span = {0, 1};

	for (unsigned i = 0; i < 4; i++) {
		json_t *marks = json_array(), *mark;

		assert_int_equal(
		    search_marks("字", &box, 1, &span, 1, 100, 200, turns[i], marks), 0);
		mark = json_array_get(marks, 0);
		for (unsigned k = 0; k < 4; k++)
			assert_int_equal(
			    json_integer_value(json_array_get(mark, k)), expected[i][k]);
		json_decref(marks);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_fold),
	    cmocka_unit_test(test_places),
	    cmocka_unit_test(test_variants_are_stable),
	    cmocka_unit_test(test_names_in_all_their_forms),
	    cmocka_unit_test(test_phrases),
	    cmocka_unit_test(test_parse),
	    cmocka_unit_test(test_boxes),
	    cmocka_unit_test(test_snippet_is_plain_and_short),
	    cmocka_unit_test(test_turns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
