/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What notation mends, and what it must leave as it was read. */
#include "ocr_notation.h"

static void
thousands_are_parted_by_commas(void **state)
{
	expect("1.500円", "1,500円");
	expect("\\28.764", "¥28,764");
	expect("19.705単位", "19,705単位");
	expect("1.234,567", "1,234,567");
	expect_ink("1.161", 1, COMMA, "1,161");
	expect_ink("費1013.980", 5, COMMA, "費1013,980");
	expect_ink("1.188,115", 1, POINT, "1,188,115"); /* no ink outweighs the other groups */
	expect("105,.044", "105,044");
	expect("9O代が", "90代が");
	expect("O90-6016-2654", "090-6016-2654");
	expect("O555-24-8663", "0555-24-8663");
	expect("O9-1", "O9-1");
	expect("O900-1", "O900-1");
	expect("(23オ)", "(23才)");
	expect("満オ", "満才");
	expect("3オクターブ", "3オクターブ");
	expect("5.,072", "5,072");
}

static void
decimals_keep_their_points(void **state)
{
	stays("36.5");
	stays("12.1円");
	stays("0.625円");
	stays("1.015");
	stays("令和8.11.1");
	stays("192.168.100.200");
	expect_ink("1.188,11", 1, POINT, "1.188,11");
	expect_ink("1.015円", 1, POINT, "1.015円");
	expect_ink("0.15", 1, COMMA, "0.15");
}

static void
what_is_left_open_is_no_letter(void **state)
{
	expect("令和oo年oo月o日", "令和○○年○○月○日");
	expect("全o回とし、O日以内", "全○回とし、○日以内");
	expect("o月まで平成o", "○月まで平成○");
	expect("部長OOOO殿", "部長○○○○殿");
	expect("(OO病院)", "(○○病院)");
	expect("本日、金xx万円", "本日、金××万円");
	expect("55年x月x日", "55年×月×日");
	expect("月x日の", "月×日の");
	expect("x月", "x月");
	expect("年^%の利息", "年△%の利息");
	stays("O市のO様");
	stays("O歳児、血液O型");
	stays("菌(O-157、O26)");
	stays("計1,OOO円");
	stays("はOO-12とNOを");
	stays("英語でXOOを");
	stays("金xを");
	stays("20xx年");
}

static void
periods_get_their_sign(void **state)
{
	expect("令和8年4月1日へ令和9年3月31日", "令和8年4月1日～令和9年3月31日");
	expect("8年11月1日^令和9年", "8年11月1日～令和9年");
	expect("令和8年4月1日一", "令和8年4月1日～");
	expect("8.11.1一", "8.11.1～");
	expect("10:00て11:00", "10:00～11:00");
	expect("8:30-17:30", "8:30～17:30");
	expect("午前8時30分て午後5時", "午前8時30分～午後5時");
	expect("12.1-14.5", "12.1～14.5");
	expect("3.100一8,400", "3.100～8,400");
	expect("週1一2回", "週1～2回");
	expect_ink("10-12", 2, WAVE, "10～12");
	expect("平日9.00て17:00", "平日9:00～17:00");
	expect("22時一翌7時", "22時～翌7時");
	expect("8:30～て17:30", "8:30～17:30");
	expect("AM9:00-～PM7:00", "AM9:00～PM7:00");
	expect("時間:て:", "時間:～:"); /* still to be filled in */
	expect("時間:ー:", "時間:～:");
	expect_ink("時間:ー:", 3, FLAT, "時間:ー:");
	expect("①て③", "①～③");
}

static void
money_of_slips_keeps_its_signs(void **state)
{
	expect("¥486,200一", "¥486,200-");
	expect("金¥486,200一也", "金¥486,200-也");
	expect("金Y486,200", "金¥486,200");
	expect("Y1,183,600", "¥1,183,600");
	expect("(対象額W450)", "(対象額¥450)");
	stays("棟W12");
	expect("A45,000", "▲45,000");
	expect("人1,200", "▲1,200");
	expect("人45.000", "▲45,000");
	stays("500,200一円");
	stays("2人45,000円");
	stays("KEY486,200");
	stays("A4,000"); /* a size of paper, or a code */
	expect("羊3,014", "¥3,014");
	expect("学15,014", "¥15,014");
	expect("半102,300", "¥102,300");
	expect("対象\\¥651", "対象¥651");
	expect("円也(\\)", "円也(¥)");
	expect("2箱×0\\970", "2箱×@¥970");
	stays("入学1,500円");
	stays("後半1,500円");
	expect("対象\\\\1,651", "対象¥1,651");
	stays("C:\\Windows");
	stays("\\\\192.168.0.10"); /* a computer's name */
}

static void
blanks_keep_their_strokes(void **state)
{
	expect("〒一", "〒-");
	expect("電話()一", "電話()-");
	expect("TEL:000-000-6621プFAX", "TEL:000-000-6621/FAX");
	expect("訓練14:00て", "訓練14:00～");
	expect("面談(一26日)", "面談(～26日)");
	expect("板W900xH1800", "板W900×H1800");
	expect("分頁1ノ1", "分頁1/1");
	expect("月曜て金曜", "月曜～金曜");
	expect("※ごこから下", "※ここから下");
	stays("座りごこから");
	expect("37.2て脈拍78", "37.2℃脈拍78");
	stays("体温は37.2で脈拍78");
	expect("37.2©脈拍78", "37.2℃脈拍78");
	expect("36.5°c。", "36.5°C。");
	stays("大字北12ノ3");
	stays("37.2で割る");
	stays("〒ポスト");
}

static void
hyphens_stay_hyphens(void **state)
{
	expect("090ー1234一5678", "090-1234-5678");
	expect("令和8年度一第7号", "令和8年度-第7号");
	expect("000.000-5500", "000-000-5500");
	expect("099-000--5678", "099-000-5678");
	expect("090-ー0000-2222", "090-0000-2222");
	expect("090-0000—-2222", "090-0000-2222");
	expect("東永P一12345", "東永P-12345");
	expect("様式A一2第3版", "様式A-2第3版");
	expect("ー1一", "-1-");
	expect("ー12一", "-12-");
	stays("一1人");
	stays("T一丁目");
	stays("12.345-678");
	stays("三丁目4-5");
	stays("999-0012");
	stays("1---2");
	stays("03------");
	stays("図1.2-3");
	stays("丸の内1-2-3名古屋ビル");
	expect_ink("8:30-17:30", 4, FLAT, "8:30-17:30");
	expect_ink("10-12", 2, FLAT, "10-12");
	stays("1日一回");
	stays("10日へ変更");
	stays("毎日一");
	expect_ink("03-51213881", 2, WAVE, "03-51213881");
	expect_ink("29-12-2017", 2, WAVE, "29-12-2017");
	expect_ink("12-10", 2, WAVE, "12-10");
}

static void
signs_before_digits(void **state)
{
	expect("ェ000-1233架空市", "〒000-1233架空市");
	expect("T000-1233", "〒000-1233");
	stays("TEL000-000-1233");
	stays("A\\9");
	expect("尿]回", "尿1回");
	expect("要介護])", "要介護1)");
	stays("[2]月");
	expect("半1,500", "¥1,500");
	stays("前半3,000");
	stays("通所介護I32");
	expect("登録番号10000000000000", "登録番号T0000000000000");
	expect("登録番号:TOO00000000000", "登録番号:T0000000000000");
	expect("登録番号TQ000000000000", "登録番号T0000000000000");
	stays("登録番号1000000000000"); /* a number of persons has twelve digits, of companies 13 */
	stays("受付番号10000000000000");
	stays("品番:TD1234");
	stays("TOOL");
	expect("入浴介助加算|", "入浴介助加算I");
	expect("機能訓練加算|1", "機能訓練加算I1");
	stays("加算1");
	stays("加算|減算");
	stays("加算|1,500");
	expect("千代田区1-1-]", "千代田区1-1-1");
	expect("第$号", "第5号");
	expect("「6.$質問」", "「6.5質問」");
	expect("訪看13", "訪看I3");
}

static void
circles_stand_for_names(void **state)
{
	expect("都立OO高等学校", "都立○○高等学校");
	expect("株式会社O○入社", "株式会社○○入社");
	expect("株式会社OO", "株式会社○○");
	expect("OO大学", "○○大学");
	expect("O〇大学", "○〇大学");
	expect("架空県〇〇O市", "架空県〇〇○市");
	expect("架空町〇〇O--", "架空町〇〇○--");
	expect("3(O)小売業その他", "3(○)小売業その他");
	expect("番号をOで囲む", "番号を○で囲む");
	expect("項目にOをつけてください", "項目に○をつけてください");
	expect("(該当にO印)", "(該当に○印)");
	expect("Oを付けた", "○を付けた");
	expect("件名:【質問】OOOについて", "件名:【質問】○○○について");
	stays("血液型がOの方");
	stays("末尾に0をつける");
	stays("CO2をOKとする");
	stays("1(O)型");
	stays("酸素(O)濃度");
	stays("〇〇OA機器");
	stays("OO設計");
	stays("株式会社OOP");
	stays("血液型O");
	stays("NPOを記入");
	stays("血液型Oを記入");
}

static void
letters_among_digits(void **state)
{
	expect("〒999-0OO1", "〒999-0001");
	expect("11月1Z日", "11月12日");
	expect("2l日", "21日");
	stays("O型");
	stays("ABO式");
	expect("(25gx2本)", "(25g×2本)");
	stays("0x20の値");
	stays("品番MX5X3");
	expect("300x200の板", "300×200の板");
	stays("2x4");
	expect("650mI", "650ml");
	expect("650m\\", "650ml");
	expect("450mk", "450ml");
	stays("5mkm");
	expect("(万/んL)", "(万/μL)");
	expect("4.2mFq/L", "4.2mEq/L");
	expect("(1/min)", "(l/min)");
	expect("容量500m&", "容量500ml");
	expect("約10um", "約10μm");
	expect("200keal", "200kcal");
	expect("面積12.5nf", "面積12.5m²");
	expect("床面積25.3m?", "床面積25.3m²");
	expect("120mT以上", "120m²以上");
	stays("100m走");
	stays("How far is 5m?");
	expect("105g/m?).", "105g/m²).");
	expect("52g/m2?,", "52g/m2,");
	expect("誤差土0.5", "誤差±0.5");
	stays("土8:30");
	stays("9月5日土9時");
	expect("36.5士0.5", "36.5±0.5");
	stays("栄養士1.5人");
	stays("面積は何m2?");
	stays("日本ノ分");
	expect("室温22C", "室温22℃");
	expect("室温22?C", "室温22°C");
	stays("22C教室");
	expect("72回ノ分", "72回/分");
	expect("099-000-5678ノ長男", "099-000-5678/長男");
	stays("(11/min)");
	expect("x2,500円", "×2,500円");
	expect("特別料金x2", "特別料金×2");
	stays("特別x線");
	stays("対応x86版");
	stays("新型X2号");
	expect("△一部x未実施", "△一部×未実施");
	stays("x2");
	stays("300ml午後");
	stays("3m15cm");
	stays("100m1位");
	expect("0.98mg/dT", "0.98mg/dL");
	expect("SpOz96%", "SpO296%");
	expect("HbAlc", "HbA1c");
	expect("(y-GTP)", "(γ-GTP)");
	expect("体温36.5c。", "体温36.5℃。");
	stays("長さ36.5c");
	stays("部品35.2C型");
}

/* What a gap parts belongs to different words. */
static void
words_are_not_numbers(void **state)
{
	_cleanup_(words_free) struct words w = {0};
	static const char *const glyphs[] = {"T", "o", "1", "5", "0", "O", "-"};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; i < sizeof glyphs / sizeof *glyphs; i++)
		add_glyph(&w, glyphs[i], 1, ANY);
	words_line_done(&w);
	w.glyphs[2].space = w.glyphs[5].space = true;
	assert_int_equal(notation_correct(&w), 0);
	assert_null(w.lines[0].raw);
	w.glyphs[2].space = w.glyphs[5].space = false;
	assert_int_equal(notation_correct(&w), 0);
	assert_string_equal(w.glyphs[1].text, "0");
	assert_string_equal(w.glyphs[5].text, "0");
}

static void
numerals_and_codes(void **state)
{
	expect("自立IlaIlb", "自立IIaIIb");
	expect("Jl", "J1");
	stays("Illness");
	stays("All");
	stays("Bill");
	stays("ml");
	stays("Na・K・Cl");
	stays("Al");
	expect("生成Alの課題", "生成AIの課題");
	expect("自立度Alの", "自立度A1の");
	expect("J2AlとB1", "J2A1とB1");
	expect("自立度Cl", "自立度C1");
}

static void
twins_follow_their_neighbours(void **state)
{
	expect("一般競争人札", "一般競争入札");
	expect("事例が・つ以上", "事例が一つ以上");
	expect("少なくとも-つ以上", "少なくとも一つ以上");
	expect("欄のチェック図を入れる", "欄のチェック☑を入れる");
	expect("欄のチェック口を入れる", "欄のチェック□を入れる");
	stays("チェック図を見る");
	expect("コント口一ル", "コントロール");
	expect("ー丁目", "一丁目");
	expect("センタ一の", "センターの");
	expect("サービスー覧", "サービス一覧");
	expect("窓ロへ", "窓口へ");
	expect("岳温泉入ロバス停", "岳温泉入口バス停");
	expect("出ロゲート", "出口ゲート");
	stays("導入ロードマップ");
	stays("搬入ロボット");
	stays("導入ロバスト性");
	expect("ロ座番号", "口座番号");
	expect("筋カ低下", "筋力低下");
	expect("朝タ、", "朝夕、");
	expect("が二十、第ニ十", "が二十、第二十");
	expect("昭和ハ年", "昭和八年");
	expect("デー夕", "データ");
	expect("自宅ヘ行く", "自宅へ行く");
	expect("ステーシヨン", "ステーション");
	expect("15日まてに", "15日までに");
	expect("本人てす。", "本人です。");
	expect("入浴がてきるよう", "入浴ができるよう");
	expect("ご連絡くたさい", "ご連絡ください");
	expect("するごとを約束", "することを約束");
	expect("便所し型", "便所L型");
	expect("デイサービスて昼食", "デイサービスで昼食");
	expect("トイレて転倒", "トイレで転倒");
	expect("ディひだまり", "デイひだまり");
	expect("サ|ビス", "サービス");
	expect("こだちーー丁目", "こだち一丁目");
	expect("小川|清", "小川清");
	expect("その曰のうち", "その日のうち");
	expect("甲叉は乙", "甲又は乙");
}

static void
twins_that_may_be_either_stay(void **state)
{
	stays("加算ロ");
	stays("3カ月");
	stays("数カ所");
	stays("ヤマモトキヨ");
	stays("オガワキヨシ");
	stays("ミヨシ");
	stays("大工センター");
	stays("スポーツクラブ");
	stays("センタ一覧");
	stays("サービス一式");
	stays("サービス夕食");
	stays("月ー金");
	stays("コミュニケーション力アップ");
	stays("センターー丁目");
	stays("夜叉は");
	stays("曰く");
	stays("子曰、");
	stays("曰佐");
	stays("ホーム|ヘルプ");
	stays("埼玉|神奈川|東京");
	stays("員|氏名");
	stays("トイレへセンター");
	stays("イロハニホヘト");
	stays("コメディ");
	stays("符号無し型");
	stays("見て下さい");
	stays("てすり");
	stays("するごとに");
	stays("すべて");
	stays("ちょっとまて");
	stays("初めて会う");
	stays("サービス一ヶ月");
	stays("コース二カ所");
	stays("データ一つで");
	stays("ネット口コミ");
	stays("シフト夕勤");
	stays("流し型");
	stays("位置がズレて");
	stays("ムセている");
	stays("してすがる");
}

/* Japanese sets none there; what is read so is the dot of a list. */
static void
no_line_begins_with_a_full_stop(void **state)
{
	expect("。参加人数を決める。", "・参加人数を決める。");
	expect("する。", "する。");
}

static void
stops_are_not_doubled(void **state)
{
	expect("週1回。、下肢", "週1回。下肢");
	expect("ください、。", "ください。");
	expect("して、、年度", "して、年度");
	stays("です。」、");
	stays("。。。");
}

/* Lines are whole again when a glyph goes: so are those behind it. */
static void
what_was_read_twice_goes(void **state)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf b = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_glyph(&w, "い", 3, ANY);
	add_glyph(&w, "、", 3, ANY);
	add_glyph(&w, "。", 3, ANY);
	words_line_done(&w);
	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_glyph(&w, "う", 3, ANY);
	words_line_done(&w);
	assert_int_equal(notation_correct(&w), 0);
	words_text(&w, &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, "い。\nう\n");
	assert_string_equal(w.lines[0].raw, "い、。");
	assert_null(w.lines[1].raw);
	assert_int_equal(w.nglyphs, 3);
}

/* 口 that is no part of a word, where something is to be ticked. */
static void
boxes_to_be_ticked(void **state)
{
	expect("(該当する口にレ印を", "(該当する□にレ印を");
	expect("場合は、口にレ点を", "場合は、□にレ点を");
	expect("正確に口にチェック", "正確に□にチェック");
	expect("口内にチェックを", "□内にチェックを");
	expect("対応後、口欄に", "対応後、□欄に");
	expect("あれば、口有にチェック", "あれば、□有にチェック");
	expect("(ロー般サイト)", "(□一般サイト)");
	expect("口身体口知的口精神口難病等", "□身体□知的□精神□難病等");
	expect("口男口女", "□男□女");
	expect("口有口無", "□有□無");
	expect("口はい口いいえ", "□はい□いいえ");
	expect("生年月日昭和口平成", "生年月日昭和□平成");
	expect("要口不要", "要□不要");
	expect("口新規", "□新規");
	expect("方法に切をご記入", "方法に☑をご記入");
	expect("該当する項目の口に「☑」を", "該当する項目の□に「☑」を");
	expect("基準(口には、適合する", "基準(□には、適合する");
	expect("適合する場合「/」を", "適合する場合「✓」を");
	stays("しない場合「/」を");
	stays("(口に入れる)");
	stays("入口に「☑」を");
	stays("入口にチェック柄の");
	stays("窓口にレシートを");
	stays("窓口内にレ印を");
	stays("入口にレ印を");
	stays("人口欄に");
	stays("口内にチューブを");
	stays("口にレモンを");
	stays("有口無心");
	stays("窓口変更");
	stays("口内炎、口座、口腔");
	stays("身体的に締切をご記入");
	expect("手すりあり口なし", "手すりあり□なし");
	stays("入り口にチェックリストを掲示");
	stays("取り出し口にチェックバルブ");
	stays("お口にチェック");
	stays("出入り口なし");
	stays("イ男ロ女");
	stays("イ新規ロ変更ハ更新");
	stays("ロ欄とイ欄");
	stays("イ又はロにチェックを");
}

/* イ on one line, ロ on the next. */
static void
items_are_no_boxes(void **state)
{
	static const char *const lines[] = {"イ新規", "ロ更新"};
	_cleanup_(words_free) struct words w = {0};

	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
		for (size_t at = 0; at < strlen(lines[i]); at += 3)
			add_glyph(&w, lines[i] + at, 3, ANY);
		words_line_done(&w);
	}
	assert_int_equal(notation_correct(&w), 0);
	assert_null(w.lines[1].raw);
	memcpy(w.glyphs[0].text, "ア", sizeof "ア");
	assert_int_equal(notation_correct(&w), 0);
	assert_string_equal(w.glyphs[3].text, "□");
}

/* A stroke in a katakana word, and 一 where ー is no letter of one. */
static void
strokes_of_words(void **state)
{
	expect("/チ-ム", "/チーム");
	expect("グルメxライブ", "グルメ×ライブ");
	expect("参加費600円x名合計", "参加費600円×名合計");
	stays("第x回");
	expect("ヶアハウス", "ケアハウス");
	stays("八ヶアール");
	stays("3ヶエリア");
	stays("ー、看護師"); /* a word goes on */
	expect_on_line(
	    &(struct line){.cell = -1, .vertical = true}, "ー、日時", -1, ANY, "一、日時");
	stays("ミスターXデビュー");
	expect("ー斉学習", "一斉学習");
	stays("スー、と");
	expect("(リュ-マチ等)", "(リューマチ等)");
	expect("アレルキ-など", "アレルキーなど");
	expect("ア-カイブ", "アーカイブ");
	expect("ー時的に、(ー時抹消)", "一時的に、(一時抹消)");
	expect("ー秒量", "一秒量");
	expect("書類ー切を", "書類一切を");
	expect("万が-、失", "万が一、失");
	expect("期間(一は、感染", "期間(-は、感染");
	expect("1日目一+2日目一十", "1日目-+2日目-+");
	expect("下記のいずれかーつを", "下記のいずれか一つを");
	expect("次のうち-つを選ぶ", "次のうち一つを選ぶ");
	expect("基本料3ーイ", "基本料3-イ");
	expect("基本料3一ハ", "基本料3-ハ");
	expect("1一②.入院", "1-②.入院");
	stays("3ーハウス");
	stays("かーっと");
	stays("チャレンジ-レスポンス");
	stays("マン-マシン");
	stays("T-シャツ");
	stays("項目ア-オの");
	stays("項目ア-オ");
	stays("カ-コ");
	stays("ア-を");
	stays("コード-9");
	stays("ー時ー分");
	stays("セルフ-ケア");
	stays("パーティー時の");
	stays("カバー切を");
}

static void
small_signs_of_forms(void **state)
{
	expect("食事をする3o分", "食事をする30分");
	expect("7:30～9:O0", "7:30～9:00");
	expect("9:3O", "9:30");
	expect("O・1歳児", "0・1歳児");
	expect("「OO」画面", "「○○」画面");
	expect("500mlx24本", "500ml×24本");
	expect("(1,000円)x計画", "(1,000円)×計画");
	expect("トナーメ2本", "トナー×2本");
	expect("△Xで記入", "△×で記入");
	expect("○△xを付ける", "○△×を付ける");
	expect("X通院困難", "×通院困難");
	expect("4000nz", "4000Hz");
	expect("100onz", "1000Hz");
	expect("(Kg/n)", "(Kg/m²)");
	expect("ヘモグロビンAlc", "ヘモグロビンA1c");
	expect("基本療養費|と", "基本療養費Iと");
	expect("三菱UF]銀行", "三菱UFJ銀行");
	expect("番号カードノ通知カード", "番号カード/通知カード");
	stays("カードノイズ");
	stays("カードノート");
	expect("二本松1・Cより", "二本松I・Cより");
	stays("第1・C会議室");
	expect("HI経常費用", "Ⅱ経常費用");
	expect("作成0S:", "作成OS:");
	expect("例)Windows@10", "例)Windows®10");
	expect("Microsoft@Visual", "Microsoft®Visual");
	stays("windows@example.jp");
	stays("info@microsoft.com");
	stays("作成10S:");
	expect("※」備考欄", "※1備考欄");
	expect("までの}年間", "までの1年間");
	expect("体重児(2.500g以下)", "体重児(2,500g以下)");
	expect("G6st\\3,060", "G6st¥3,060");
	expect("法人名十代表者名", "法人名+代表者名");
	expect("年_月_日", "年月日");
	expect("ニ次空気", "二次空気");
	expect("向かっつている", "向かっている");
	expect("4..予約日", "4.予約日");
	expect("ます.。ご", "ます。ご");
	expect("*Eは、40歳", "*印は、40歳");
	expect("写042-564-3549", "☎042-564-3549");
	stays("コメ2袋");
	stays("アニメ2本");
	stays("△X社");
	stays("△xが小さい");
	stays("H2O分子");
	stays("H2O2");
	stays("単価(円)X軸");
	stays("ワインAlc.13%");
	stays("2024年_月次報告");
	stays("7月_日別");
	stays("X線通院困難");
	stays("2.500g");
	stays("1.234g以上");
	stays("5on5");
	stays("言った...後");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(thousands_are_parted_by_commas),
	    cmocka_unit_test(decimals_keep_their_points),
	    cmocka_unit_test(what_is_left_open_is_no_letter),
	    cmocka_unit_test(periods_get_their_sign),
	    cmocka_unit_test(money_of_slips_keeps_its_signs),
	    cmocka_unit_test(blanks_keep_their_strokes),
	    cmocka_unit_test(hyphens_stay_hyphens),
	    cmocka_unit_test(signs_before_digits),
	    cmocka_unit_test(circles_stand_for_names),
	    cmocka_unit_test(letters_among_digits),
	    cmocka_unit_test(words_are_not_numbers),
	    cmocka_unit_test(numerals_and_codes),
	    cmocka_unit_test(twins_follow_their_neighbours),
	    cmocka_unit_test(twins_that_may_be_either_stay),
	    cmocka_unit_test(no_line_begins_with_a_full_stop),
	    cmocka_unit_test(stops_are_not_doubled),
	    cmocka_unit_test(what_was_read_twice_goes),
	    cmocka_unit_test(boxes_to_be_ticked),
	    cmocka_unit_test(items_are_no_boxes),
	    cmocka_unit_test(strokes_of_words),
	    cmocka_unit_test(small_signs_of_forms),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
