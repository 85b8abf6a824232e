/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Types of forms by titles as offices word them: pages of words set here, no pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/form_type.h"
#include "text.h"

#define HEIGHT 3508
#define BODY 40 /* pixels from character to character */

static void
set_line(struct words *w, const char *text, int y, int pitch)
{
	struct line l = {.cell = -1};
	size_t left = strlen(text);
	uint32_t code;
	int x = 300;

	assert_int_equal(words_line(w, &l), 0);
	for (int used; left > 0 && (used = utf8_decode(text, left, &code)) > 0;
	     text += used, left -= (size_t)used, x += pitch) {
		struct glyph g = {.box = {x, y, pitch * 9 / 10, pitch}, .confidence = 90};

		if (*text == ' ')
			continue;
		memcpy(g.text, text, (size_t)used);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

static void
set_body(struct words *w)
{
	set_line(w, "私は下記の事項について説明を受け了承いたしました", 1800, BODY);
	set_line(w, "利用者住所見本県架空市ひだまり町一丁目二番三号", 1900, BODY);
	set_line(w, "添付書類契約書の写し重要事項説明書同意書", 2000, BODY);
}

static void
expect(const char *title, const char *type)
{
	struct words w = {0};

	set_line(&w, title, 300, BODY * 3 / 2);
	set_body(&w);
	if (strcmp(form_type_find(&w, HEIGHT), type) != 0)
		fail_msg("%s: %s", title, form_type_find(&w, HEIGHT));
	words_free(&w);
}

static void
titles_of_many_offices(void **state)
{
	static const char *const table[][2] = {
	    {"訪問介護計画書", "home_care_plan"},
	    {"訪問介護（生活援助）計画書", "home_care_plan"},
	    {"訪問介護サービス提供記録", "service_record"},
	    {"サービス実施記録票", "service_record"},
	    {"サービス提供実績記録票", "service_record"},
	    {"訪問介護記録書", "service_record"},
	    {"アセスメントシート（基本情報）", "assessment"},
	    {"課題分析（アセスメント）概要", "assessment"},
	    {"課題分析票 課題分析表", "assessment"},
	    {"訪問介護利用契約書", "contract"},
	    {"指定居宅介護支援 契 約 書", "contract"},
	    {"重要事項説明書", "explanation"},
	    {"通所介護重要事項の説明", "explanation"},
	    {"重要事項説明書兼契約書", "contract"},
	    {"個人情報の使用に係る同意書", "consent"},
	    {"個人情報取扱同意書（控）", "consent"},
	    {"介護保険被保険者証", "insurance_card"},
	    {"後期高齢者医療被保険者証", "insurance_card"},
	    {"訪問看護指示書", "nursing_order"},
	    {"特別訪問看護指示書・在宅患者訪問点滴注射指示書", "nursing_order"},
	    {"訪問看護計画書", "nursing_plan"},
	    {"訪問看護・療養上の計画書", "nursing_plan"},
	    {"訪問看護報告書", "nursing_report"},
	    {"モニタリング記録票", "monitoring"},
	    {"モニタリングシート", "monitoring"},
	    {"事故報告書（事業者→市町村）", "accident_report"},
	    {"介護サービス事故発生状況報告書", "accident_report"},
	    {"ヒヤリハット・事故報告", "accident_report"},
	    {"苦情・相談受付票", "complaint"},
	    {"苦情処理記録簿", "complaint"},
	    {"居宅サービス計画書（１）", "care_plan_1"},
	    {"第２表 居宅サービス計画書", "care_plan_2"},
	    {"週間サービス計画表", "care_plan_3"},
	    {"サービス利用票（兼居宅サービス計画）", "usage_slip"},
	    {"施設サービス計画書（１）", "facility_plan"},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		expect(table[i][0], table[i][1]);
}

/* As engines misread them: one character in five or so. */
static void
misread_titles(void **state)
{
	static const char *const table[][2] = {
	    {"肪問介護計画書", "home_care_plan"},
	    {"モ二タリング記録", "monitoring"},
	    {"アセスメソトシ一ト", "assessment"},
	    {"事敵報告書", "accident_report"},
	    {"介護保険微保険者証", "insurance_card"},
	    {"週間サーピス計画表", "care_plan_3"},
	    {"居宅サ－ビス計画書(1)", "care_plan_1"},
	    {"重要事頂説明書", "explanation"},
	    /* 介 or 看? Nobody can tell. */
	    {"訪問君護計画書", ""},
	    /* Two characters of two words: too little is left. */
	    {"事敵報古書", ""},
	    {"同億書", ""},
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		expect(table[i][0], table[i][1]);
}

static void
what_only_resembles_a_title(void **state)
{
	static const char *const titles[] = {
	    "訪問看護記録書",
	    "訪問介護報告書",
	    "通所介護計画書",
	    "介護予防サービス・支援計画書",
	    "サービス担当者会議の要点（記録）",
	    "サービス提供票",
	    "被保険者証等再交付申請書",
	    "契約書の変更について",
	    "事故報告書の提出を求める通知",
	    "居宅サービス計画作成依頼届出書",
	    /* a care plan without its number could be either */
	    "居宅サービス計画書",
	    "請求書",
	    "ご案内",
	    /* part of a sentence, however large it is set */
	    "居宅サービス計画及び訪問介護計画の作成並びにサービス担当者会議での情報提供",
	    /* labels set wide */
	    "被保険者番号",
	    "被保険音番号",
	    "被保険者氏名",
	};

	for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
		expect(titles[i], "");
}

static void
place_and_size_make_a_title(void **state)
{
	struct words small = {0}, low = {0}, alone = {0}, two = {0}, none = {0};

	/* In a sentence as large as the rest. */
	set_line(&small, "本日付けで事業者と契約書一通を取り交わしました", 300, BODY);
	set_body(&small);
	assert_string_equal(form_type_find(&small, HEIGHT), "");
	/* Large, but far down: a stamp, a heading of an appendix. */
	set_line(&low, "契約書", 2400, BODY * 2);
	set_body(&low);
	assert_string_equal(form_type_find(&low, HEIGHT), "");
	/* Not large, but alone at the top. */
	set_line(&alone, "重要事項説明書", 300, BODY);
	set_body(&alone);
	assert_string_equal(form_type_find(&alone, HEIGHT), "explanation");
	/* Two titles of one size. */
	set_line(&two, "契約書", 300, BODY * 2);
	set_line(&two, "同意書", 800, BODY * 2);
	set_body(&two);
	assert_string_equal(form_type_find(&two, HEIGHT), "");
	assert_string_equal(form_type_find(&none, HEIGHT), "");
	words_free(&small);
	words_free(&low);
	words_free(&alone);
	words_free(&two);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(titles_of_many_offices),
	    cmocka_unit_test(misread_titles),
	    cmocka_unit_test(what_only_resembles_a_title),
	    cmocka_unit_test(place_and_size_make_a_title),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
