/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Units, strokes and kana that notation knows from what they stand in. */
#include "ocr_notation.h"

static void
litres_are_as_wide_as_printed(void **state)
{
	expect_ink("203mg/dL", 7, STROKE, "203mg/dl");
	expect_ink("203mg/dl", 7, STROKE, "203mg/dl");
	expect_ink("203mg/d1", 7, STROKE, "203mg/dl");
	stays("203mg/dL");
	expect("203mg/dl", "203mg/dL");
	stays("203mg/day");
}

static void
cells_are_counted_in_microlitres(void **state)
{
	expect("478X10(4)/l", "478×10(4)/μl");
	expect("×10(2)/wl", "×10(2)/μl");
	expect("×10(4)/|", "×10(4)/μl");
	expect("×10(2)/ul", "×10(2)/μl");
	expect("5ug", "5μg");
	stays("(別紙)/list");
	stays("単価(円)/l");
	stays("5.2×10(9)/l"); /* in a litre */
	stays("X10(予備)");
}

static void
bodies_are_warm(void **state)
{
	expect("0時37.2C、5時36.9C。", "0時37.2℃、5時36.9℃。");
	stays("第137.2C版");
	stays("版2.1C版");
	stays("37.2C");
}

static void
strokes_between_letters(void **state)
{
	expect("T—Cho", "T-Cho");
	expect("TーG", "T-G");
	expect("(Y—GTP)", "(γ-GTP)");
	expect("HDL一コレステロール", "HDL-コレステロール");
	expect("先03一xxxx一xxxx", "先03-xxxx-xxxx");
	expect("便潜血(一)", "便潜血(-)");
	expect("(ー)", "(-)");
	expect("抗体(一)", "抗体(-)");
	expect("尿蛋白(一)", "尿蛋白(-)");
	stays("第1項(一)");
	stays("各団体(一)");
	stays("苦情への対応(一)");
	stays("Tシャツー枚");
}

static void
codes_keep_their_letters(void **state)
{
	stays("注文番号:EB251231I00002");
	stays("会員番号:MP-42X7-0915");
	expect("病名(1CD-10)", "病名(ICD-10)");
	expect("1CD10カテゴリー", "ICD10カテゴリー");
	stays("1CD-R");
	expect("大分類皿(役務)", "大分類Ⅲ(役務)");
	expect("分類皿度", "分類Ⅲ度");
	stays("器の種類皿と鉢");
	stays("大皿(白)");
	stays("21CD10枚");
	expect("障害がFO～F3", "障害がF0～F3");
	expect("Tel“FAX", "Tel/FAX");
	expect("yyyy“mm", "yyyy/mm");
	expect("#3,650", "¥3,650");
	stays("#3650");
	expect("2名x@¥750", "2名×@¥750");
	stays("hogex@5.jp");
	expect("箱25I0本", "箱2510本");
	expect("板30X40", "板30×40");
}

static void
rings_and_stars_come_in_rows(void **state)
{
	expect("OOOO", "○○○○");
	expect("題名〇〇OO○(内容)", "題名〇〇○○○(内容)");
	expect("ネネネ計算書***", "***計算書***");
	expect("計算書*ネ*", "計算書***");
	expect("OOO株式会社", "○○○株式会社");
	stays("OO7");
	stays("OOPS");
	stays("*ネット");
}

static void
counts_are_multiplied(void **state)
{
	expect("2,200円x3名X4日間", "2,200円×3名×4日間");
	expect("6日間x2名", "6日間×2名");
	expect("880円(税込)x2", "880円(税込)×2");
	expect("1,100円(税別)X3回", "1,100円(税別)×3回");
	expect("収納ケースx12", "収納ケース×12");
	expect("稼働時間X100", "稼働時間×100");
	expect("(単価X回数)", "(単価×回数)");
	expect("(2)x補助率", "(2)×補助率");
	expect("参加人数x2", "参加人数×2");
	expect("100x(収入-支出)", "100×(収入-支出)");
	expect("賃金より十30円", "賃金より+30円");
	stays("二十30円");
	stays("ウィンドウズx64");
	stays("胸部X線");
	stays("時間X軸");
	stays("年間X回");
	stays("(2)X線検査");
	stays("(CT)X線量");
	stays("撮影回数X線量");
	stays("SNS(公式)X(旧称略)");
	stays("会社(本社)X100型");
	stays("(1)X年度");
	stays("202X年度");
	stays("品番AB-X5");
	stays("第2回X線検査");
	stays("上着3X(紺)");
}

static void
information_technology_is_no_weight(void **state)
{
	expect("1Tツールの導入", "ITツールの導入");
	expect("【!T提供者】", "【IT提供者】");
	expect("エT提供者の1T化", "IT提供者のIT化");
	expect("T丁導入", "IT導入");
	expect("I丁企業", "IT企業");
	stays("1Tシャツ");
	stays("綿1T車");
	stays("No.1Tツール");
	stays("重量1T資材");
	stays("ポエT企画");
	stays("1丁目");
}

static void
small_kana_of_grammar(void **state)
{
	expect("よいでしようか?", "よいでしょうか?");
	expect("しましよう。", "しましょう。");
	expect("お知りになつたきっかけ", "お知りになったきっかけ");
	expect("必要となつて取った", "必要となって取った");
	expect("法令によつてちょうど", "法令によってちょうど");
	expect("有効であつてもっと", "有効であってもっと");
	stays("有効であつて必要となつた"); /* as old law is printed */
	expect("雨でしたのでしようが、", "雨でしたのでしょうが、");
	stays("自分でしようと");
	stays("遅いのでしようがない");
	stays("かつて");
	stays("あつた市");
}

static void
parties_to_a_contract(void **state)
{
	expect("甲はとに対し", "甲は乙に対し");
	expect("仮にとによる", "仮に乙による");
	expect("3.甲又は選は、法令", "3.甲又は乙は、法令");
	expect("第4条のは、甲から", "第4条乙は、甲から");
	expect("(3)とが第三者から", "(3)乙が第三者から");
	stays("甲又は国は");
	stays("第4条の甲は");
	stays("第4条のはじめに");
	stays("第9条とは何か");
	stays("(1)と(2)とが異なる");
	stays("ことによる");
	stays("彼はとにかく");
	stays("甲はとにかく");
}

/* ☎ and ℡ are letters that the models do not know. */
static void
telephones(void **state)
{
	expect("公042-000-5678", "☎042-000-5678");
	expect("青葉保育園合03-0000-5678", "青葉保育園☎03-0000-5678");
	stays("場合03-0000-5678");
	stays("公12-000-5678");
	stays("公03-12");
	stays("市民館合03-1");
	expect("電話TL03-0000-5678", "電話℡03-0000-5678");
	expect("勤務先EL", "勤務先℡");
	expect("連絡先(TL)", "連絡先(℡)");
	stays("HDL03-0000");
	stays("型番TL0840を使用");
	expect("電話053→000-1511", "電話053-000-1511");
	stays("30→55");
}

static void
germs(void **state)
{
	expect("大腸菌(0-157.0-26など)", "大腸菌(O-157,O-26など)");
	expect("大腸菌0157", "大腸菌O157");
	stays("電話0157-00-1234");
	stays("10-157");
	stays("室番2-0-157");
}

static void
ticks_and_periods(void **state)
{
	expect("チェック(以)を付けて", "チェック(☑)を付けて");
	expect("該当する欄に口を記入", "該当する欄に□を記入");
	expect("該当する欄に包を入れて", "該当する欄に☑を入れて");
	stays("チェック(必要)を付けて");
	stays("右の欄に図を記入");
	expect("欄に図を付けて", "欄に☑を付けて");
	expect("12月ーアンケート", "12月～アンケート");
	stays("1年ーカ月");
	expect("1回ccX回", "1回cc×回");
	expect("発熱(で)", "発熱(℃)");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(litres_are_as_wide_as_printed),
	    cmocka_unit_test(cells_are_counted_in_microlitres),
	    cmocka_unit_test(bodies_are_warm),
	    cmocka_unit_test(strokes_between_letters),
	    cmocka_unit_test(codes_keep_their_letters),
	    cmocka_unit_test(rings_and_stars_come_in_rows),
	    cmocka_unit_test(counts_are_multiplied),
	    cmocka_unit_test(information_technology_is_no_weight),
	    cmocka_unit_test(small_kana_of_grammar),
	    cmocka_unit_test(parties_to_a_contract),
	    cmocka_unit_test(telephones),
	    cmocka_unit_test(germs),
	    cmocka_unit_test(ticks_and_periods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
