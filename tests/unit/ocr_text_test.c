/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text after reading: spaces, circles, look-alikes, fields. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/alike.h"
#include "ocr/fields.h"
#include "ocr/lexicon.h"
#include "ocr_lines.h"

/* One line of glyphs 20 wide, 2 apart; '_' is a gap of 30 the engine saw, '|' one it imagined. */
static void
add_line(struct words *w, const char *s, int cell, int confidence)
{
	struct line l = {.cell = cell};
	size_t n = strlen(s);
	int x = 100, y = 100 + 50 * (int)w->nlines;
	struct glyph g = {0};
	uint32_t code;

	assert_int_equal(words_line(w, &l), 0);
	for (int used; n > 0 && (used = utf8_decode(s, n, &code)) > 0;
	     s += used, n -= (size_t)used) {
		if (code == '_' || code == '|') {
			g.space = true;
			x += code == '_' ? 30 : 0;
			continue;
		}
		memcpy(g.text, s, (size_t)used);
		g.text[used] = '\0';
		g.box = (struct box){x, y, 20, 24};
		g.confidence = (uint8_t)confidence;
		assert_int_equal(words_glyph(w, &g), 0);
		g.space = false;
		x += 22;
	}
	words_line_done(w);
}

/* Right as they are, however doubtful their letters. */
static void
expect_kept(int (*correct)(struct words *), const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		_cleanup_(words_free) struct words w = {0};

		add_line(&w, texts[i], -1, 10);
		assert_int_equal(correct(&w), 0);
		expect_line(&w, texts[i]);
		assert_null(w.lines[0].raw);
	}
}

static void
spaces_stay_only_between_latin_words(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "被_保|険_者_A_B|C_12_号", -1, 95);
	words_tidy(&w);
	expect_text(&w, "被保険者A BC 12号\n");
}

/* Whether white of so many pixels stays between two letters of a line 24 pixels high, which runs
 * downwards or not. */
static bool
is_white_kept(const char *pair, int gap, bool down)
{
	_cleanup_(words_free) struct words w = {0};
	struct glyph g = {.confidence = 90, .box = {100, 100, 24, 24}};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1, .vertical = down}), 0);
	for (int i = 0; i < 2; i++) {
		g.text[0] = pair[i];
		g.space = i > 0;
		assert_int_equal(words_glyph(&w, &g), 0);
		*(down ? &g.box.y : &g.box.x) += 24 + gap;
	}
	words_line_done(&w);
	words_tidy(&w);
	return w.glyphs[1].space;
}

/* Narrow digits and signs have white on both sides: between words a sixth of the height is enough,
 * beside these a quarter, beside those that are narrow five twelfths. */
static void
white_beside_digits_and_signs_must_be_wider(void **state)
{
	static const char *const beside[] = {"a2", "2a", "-a", "a-", "34", "5/"},
				 *const narrow[] = {"12", "21", "2.", ":3", "a1", "(a"};

	for (int down = 0; down < 2; down++) {
		assert_false(is_white_kept("ab", 3, down));
		assert_true(is_white_kept("ab", 4, down));
		for (size_t i = 0; i < sizeof beside / sizeof *beside; i++) {
			assert_false(is_white_kept(beside[i], 5, down));
			assert_true(is_white_kept(beside[i], 6, down));
		}
		for (size_t i = 0; i < sizeof narrow / sizeof *narrow; i++) {
			assert_false(is_white_kept(narrow[i], 9, down));
			assert_true(is_white_kept(narrow[i], 10, down));
		}
	}
}

static void
look_alikes_are_corrected_and_kept(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "微保険者番号", -1, 99);
	add_line(&w, "訪問者護", -1, 99);
	add_line(&w, "訪問介護と訪問看護", -1, 10);
	assert_int_equal(lexicon_correct(&w), 0);
	expect_text(&w, "被保険者番号\n訪問看護\n訪問介護と訪問看護\n");
	assert_string_equal(w.lines[0].raw, "微保険者番号");
	assert_string_equal(w.lines[0].rule, LEXICON_RULE);
	assert_null(w.lines[2].raw);
}

/* What was read, and what it must have been. */
static const char *const short_words[][2] = {
    {"日程の口に/を記入", "日程の□に/を記入"},
    {"排港の見守り", "排泄の見守り"},
    {"個庄138/80", "血圧138/80"},
    {"信和8年4月1日", "令和8年4月1日"},
    {"日座", "口座"},
    {"リハピリ", "リハビリ"},
    {"チェツクリスト", "チェックリスト"},
    {"以ず電話", "必ず電話"},
    {"兵名", "氏名"},
    {"南任者", "責任者"},
    {"児童兵養手当", "児童扶養手当"},
    {"今和2年", "令和2年"},
    {"以下「申」という", "以下「甲」という"},
    {"、申がその", "、甲がその"},
    {"第12条ごは", "第12条乙は"},
    {"基約書", "契約書"},
    {"養護考人ホーム", "養護老人ホーム"},
    {"□座名義人", "口座名義人"},
    {"微収する", "徴収する"},
    {"ポールペン", "ボールペン"},
    {"住所恋更", "住所変更"},
    {"アビールポイント", "アピールポイント"},
    {"巻録番号", "登録番号"},
    {"本奪約書", "本誓約書"},
    {"秘第情報", "秘密情報"},
    {"部著名", "部署名"},
    {"(峰名)", "(署名)"},
    {"相談文援", "相談支援"},
    {"支隊なし", "支障なし"},
    {"支隊あり", "支障あり"},
    {"様査費用", "検査費用"},
    {"請考", "備考"},
    {"幕らし", "暮らし"},
    {"該当析に", "該当欄に"},
    {"大岩災", "大震災"},
    {"会和7年", "令和7年"},
    {"人知症", "認知症"},
    {"医療機関と向じ", "医療機関と同じ"},
    {"拘約書", "誓約書"},
    {"社内課議依頼", "社内稟議依頼"},
    {"ロタゥイルス", "ロタウイルス"},
    {"おたふくかせ", "おたふくかぜ"},
    {"筋カテスト", "筋力テスト"},
    {"深連菌感染症", "溶連菌感染症"},
    {"腫反射の低下", "腱反射の低下"},
    {"治癒証困書", "治癒証明書"},
    {"求めないで<ださい", "求めないでください"},
    {"記人する", "記入する"},
    {"副文店長", "副支店長"},
    {"科税公課", "租税公課"},
    {"受取簡息", "受取利息"},
    {"(訂E)", "(訂正)"},
    {"包須書類", "必須書類"},
    {"員須の持ち物", "必須の持ち物"},
    {"ご負抱となります", "ご負担となります"},
    {"ご丁承ください", "ご了承ください"},
    {"乂は途中", "又は途中"},
    {"料を項くこと", "料を頂くこと"},
    {"入金きれます", "入金されます"},
    {"に真置きせず", "に直置きせず"},
    {"総合制定", "総合判定"},
    {"退動時刻", "退勤時刻"},
    {"雲名後", "署名後"},
    {"誤薬事履防止", "誤薬事故防止"},
    {"同用者同意", "利用者同意"},
    {"県常が", "異常が"},
    {"表合む)", "表含む)"},
    {"窪席ベルト", "座席ベルト"},
    {"圭媒反応", "触媒反応"},
    {"註車ブレーキ", "駐車ブレーキ"},
    {"監音器", "警音器"},
    {"部のがス漏れ", "部のガス漏れ"},
    {"真腸診", "直腸診"},
    {"中征炎", "中耳炎"},
    {"2向復期", "2回復期"},
    {"熱竹けいれん", "熱性けいれん"},
    {"(搬世教える", "(排泄教える"},
    {"16膜高疹", "16膿痂疹"},
    {"溶軒董感染", "溶連菌感染"},
    {"令向7年", "令和7年"},
    {"アルプミン", "アルブミン"},
    {"ブレーキバルプ", "ブレーキバルブ"},
    {"トキソブラズマ", "トキソプラズマ"},
    {"(ブール熱)", "(プール熱)"},
    {"ヘルバンギーナ", "ヘルパンギーナ"},
    {"アウトフット", "アウトプット"},
    {"エピデンス", "エビデンス"},
    {"リボジトリ", "リポジトリ"},
    {"(フラシック", "(クラシック"},
    {"区ツフトボール", "区ソフトボール"},
    {"アレレギー", "アレルギー"},
    {"へマトクリット", "ヘマトクリット"},
    {"へモグロビン", "ヘモグロビン"},
    {"へルパー", "ヘルパー"},
    {"へルペス", "ヘルペス"},
    {"へルニア", "ヘルニア"},
    {"助ぐルト", "助ベルト"},
    {"赤ちゃんせんへい", "赤ちゃんせんべい"},
    {"その他プラウザ", "その他ブラウザ"},
    {"位置:グルーブ、", "位置:グループ、"},
    {"作業グルーブ", "作業グループ"},
    {"シュシッダーダスト", "シュレッダーダスト"},
    {"任意諾費用", "任意諸費用"},
    {"諾会費", "諸会費"},
    {"割放元金", "割賦元金"},
    {"割請手数料", "割賦手数料"},
    {"自暗責保険", "自賠責保険"},
    {"管理科(税込)", "管理料(税込)"},
    {"手数科の", "手数料の"},
    {"検査登録冥用", "検査登録費用"},
    {"受取利思", "受取利息"},
    {"税込8%丈象額", "税込8%対象額"},
    {"利用者上賃", "利用者工賃"},
    {"(税抜・税送)", "(税抜・税込)"},
    {"事美者名", "事業者名"},
    {"*客様", "お客様"},
    {"パンチ廊式", "パンチ方式"},
    {"周価", "単価"},
    {"B録番号", "登録番号"},
    {"文子数が多い", "文字数が多い"},
    {"多い考合は", "多い場合は"},
    {"の思恵を受ける", "の恩恵を受ける"},
    {"菓の内弁当", "幕の内弁当"},
    {"□ありま2", "□あり※2"},
    {"しないでぐださい", "しないでください"},
    {"切って<る", "切ってくる"},
    {"宜し<、", "宜しく、"},
    {"ことがでまない。", "ことができない。"},
    {"ことがでまます。", "ことができます。"},
    {"利用でまるのが", "利用できるのが"},
    {"対応でまていません", "対応できていません"},
    {"バス停ょり徒歩", "バス停より徒歩"},
    {"ご連絡にょる", "ご連絡による"},
    {"そごで、", "そこで、"},
    {"欄にど記入ください", "欄にご記入ください"},
};

static void
short_words_are_mended_where_nothing_else_is_meant(void **state)
{
	for (size_t i = 0; i < sizeof short_words / sizeof *short_words; i++) {
		_cleanup_(words_free) struct words w = {0};

		add_line(&w, short_words[i][0], -1, 99);
		assert_int_equal(lexicon_correct(&w), 0);
		assert_string_equal(w.lines[0].raw, short_words[i][0]);
		assert_string_equal(w.lines[0].rule, LEXICON_RULE);
		expect_line(&w, short_words[i][1]);
	}
}

static void
what_may_be_meant_stays(void **state)
{
	static const char *const kept[] = {"月日", "選んで", "最高血中濃度", "手首中央", "今日的",
	    "昭和8年", "明和9年", "記名", "負担領収書", "排水", "三年目9月", "約東京", "家電店",
	    "就職戦線", "英語求人", "行政修士", "財政修正", "総務大臣決定", "短期日程", "長期日数",
	    "検索急増", "原因認定", "20才給与", "呉服業", "音楽局", "保温剤", "白石護", "非常動員",
	    "今和泉", "作文援助", "通話費用", "財布望む", "峰名", "内証請", "三人知症", "地区約定",
	    "一部著名人", "支隊の", "仕様査定", "消火栓査察", "開幕らしい", "黒幕らしく",
	    "製品名筐体", "資料配布望む", "神秘系の", "同意録音", "全録した", "保証請書", "著名",
	    "第一審", "契約書", "記録番号", "庚申の日", "、申し込み", "参考人保護", "□座席", "微熱",
	    "基本契約", "日記人気", "登記人の", "参加人の", "注文店名", "徴収人", "一人院",
	    "老人力", "全員須らく", "事項くん", "使いきれます", "写真置きせず", "自動退出",
	    "雲名の里", "学科税", "共同用者", "県常任", "込み合むら", "論文店長", "バルプロ酸",
	    "ブール代数", "病院へルール", "ヨーぐルト", "漢方疹", "輸血公課", "他県常が",
	    "中遠征炎", "方向復期", "エピデンドラム", "市場へマグロを", "海へモグリ",
	    "支持者へルペン氏", "新宿へルパン三世", "店へマトンを", "運搬世帯数", "承諾費用",
	    "役割請負", "役割請手数", "管理科", "医科金額", "以上賃金", "同上賃料", "グルーブ感",
	    "グルーブ加工", "グルーブ", "は<こちら>", "びっしょり", "処理しょり", "にょりにょり",
	    "これでまるく", "ここでまるをつける", "それでまるで", "それでまないた",
	    "二度ほど記入する", "思恵さん", "入件数", "そごうで", "もし<はい>なら",
	    "幼児の口に入る"};

	expect_kept(lexicon_correct, kept, sizeof kept / sizeof *kept);
}

static void
untaught_letters_are_named_by_their_words(void **state)
{
	static const char *const pairs[][2] = {
	    {"排梅の記録", "排泄の記録"},
	    {"誤楼・窒息", "誤嚥・窒息"},
	    {"戸籍膳本", "戸籍謄本"},
	};
	static const char *const kept[] = {"排水", "誤解の", "戸籍抄本", "署名押印", "軟化",
	    "低下機能", "排せつ", "正誤表を", "地下機械室", "傘下機関", "部下訓練", "階下障害物",
	    "悪心吐気", "脳挫傷", "下肢浮腫", "体毛剃り", "戸籍副本", "排油口", "排泄の"};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		_cleanup_(words_free) struct words w = {0};

		add_line(&w, pairs[i][0], -1, 90);
		add_line(&w, pairs[i][0], -1, 99);
		assert_int_equal(lexicon_correct(&w), 0);
		assert_string_equal(w.lines[0].raw, pairs[i][0]);
		assert_null(w.lines[1].raw);
		expect_line(&w, pairs[i][1]);
	}
	expect_kept(lexicon_correct, kept, sizeof kept / sizeof *kept);
}

/* One letter in doubt, in words that are none otherwise. */
static void
doubtful_letters_give_way_to_their_likes(void **state)
{
	static const char *const pairs[][2] = {
	    {"請報提供", "情報提供"}, {"期旧", "期間"}, {"有効期眼", "有効期限"},
	    {"命園届", "登園届"}, {"痴皮化", "痂皮化"},
	    {"伝染性臓痴疹", "伝染性膿痂疹"}, /* two of one word */
	    {"支際あり", "支障あり"}, {"再調杳を", "再調査を"}, {"猫予証明", "猶予証明"},
	    {"徴収夏予", "徴収猶予"},         /* a short word in a long one */
	    {"伝染性夏痂疹", "伝染性膿痂疹"}, /* like none of what no network knows */
	};
	static const char *const kept[] = {"本人氏名負木義男", /* 氏名 has its 名 already */
	    "川下医院", "山口組合", "現時点", "大野", "三好節子", "未分類", "英語求人",
	    "皮膚感染症", "浸出液", "恭賀新年", "腹部位置", "被災証明書", "宇治橋", "処理中",
	    "交際費", "間隔", "信念", "検証時", "東京都品川区", "上島様", "起床時間", "脳性麻痺"};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		_cleanup_(words_free) struct words w = {0};

		add_line(&w, pairs[i][0], -1, 90);
		add_line(&w, pairs[i][0], -1, 99);
		assert_int_equal(alike_correct(&w), 0);
		assert_string_equal(w.lines[0].raw, pairs[i][0]);
		assert_string_equal(w.lines[0].rule, ALIKE_RULE);
		assert_null(w.lines[1].raw);
		expect_line(&w, pairs[i][1]);
	}
	expect_kept(alike_correct, kept, sizeof kept / sizeof *kept);
}

static void
longer_words_are_no_misread_terms(void **state)
{
	static const char *const kept[] = {"医療機関へ", "同意しました", "サービス提供体制",
	    "被保険者氏名", "オーバーロード", "調査内容、介護認定", "普通2当座", "管理者1名"};

	expect_kept(lexicon_correct, kept, sizeof kept / sizeof *kept);
}

static void
a_doubled_stroke_is_no_letter_of_a_term(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "介護支援専門上員", -1, 80);
	assert_int_equal(lexicon_correct(&w), 0);
	expect_line(&w, "介護支援専門上員");
}

static void
sure_glyphs_are_left_alone(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	add_line(&w, "被保険物番号", -1, 99);
	assert_int_equal(lexicon_correct(&w), 0);
	expect_text(&w, "被保険物番号\n");
}

static void
values_have_their_form(void **state)
{
	char out[64];

	assert_true(field_normal(FIELD_DATE, "令和８年11月 5日(木)", out));
	assert_string_equal(out, "2026-11-05");
	assert_false(field_normal(FIELD_DATE, "平成40年1月1日", out));
	assert_string_equal(out, "");
	assert_true(field_normal(FIELD_NUMBER, "０000123456", out));
	assert_string_equal(out, "0000123456");
	assert_false(field_normal(FIELD_NUMBER, "123456789", out));
	assert_true(field_normal(FIELD_PHONE, "03(1234)5678", out));
	assert_false(field_normal(FIELD_PHONE, "12-34", out));
	assert_true(field_normal(FIELD_MONEY, "34,830円", out));
	assert_string_equal(out, "34830");
	assert_false(field_normal(FIELD_MONEY, "円", out));
}

static void
labels_find_their_values(void **state)
{
	struct cell cells[] = {
	    {.row = 0, .column = 0, .row_span = 1, .column_span = 1},
	    {.row = 0, .column = 1, .row_span = 1, .column_span = 1},
	    {.row = 1, .column = 0, .row_span = 1, .column_span = 2},
	};
	struct grid g = {.cells = cells, .n = 3, .tables = 1};
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(fields_free) struct fields f = {0};

	add_line(&w, "被保険者番号", 0, 95);
	add_line(&w, "0000123456", 1, 90);
	add_line(&w, "作成年月日令和8年10月26日", -1, 80);
	assert_int_equal(fields_find(&g, &w, &f), 0);
	assert_int_equal(f.n, 2);
	assert_string_equal(f.field[0].key, "client_id");
	assert_string_equal(f.field[0].normal, "0000123456");
	assert_int_equal(f.field[0].confidence, 90);
	assert_string_equal(f.field[1].key, "date");
	assert_string_equal(f.field[1].normal, "2026-10-26");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spaces_stay_only_between_latin_words),
	    cmocka_unit_test(white_beside_digits_and_signs_must_be_wider),
	    cmocka_unit_test(look_alikes_are_corrected_and_kept),
	    cmocka_unit_test(short_words_are_mended_where_nothing_else_is_meant),
	    cmocka_unit_test(what_may_be_meant_stays),
	    cmocka_unit_test(untaught_letters_are_named_by_their_words),
	    cmocka_unit_test(doubtful_letters_give_way_to_their_likes),
	    cmocka_unit_test(longer_words_are_no_misread_terms),
	    cmocka_unit_test(a_doubled_stroke_is_no_letter_of_a_term),
	    cmocka_unit_test(sure_glyphs_are_left_alone),
	    cmocka_unit_test(values_have_their_form),
	    cmocka_unit_test(labels_find_their_values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
