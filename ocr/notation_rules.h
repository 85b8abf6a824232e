/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The rules themselves (pattern.h says how they read). The first that fits a glyph is taken; what
 * stands to its left is mended already. Where nothing is meant, nothing was there: a stroke was
 * read twice. */
#ifndef FUMIKURA_OCR_NOTATION_RULES_H
#define FUMIKURA_OCR_NOTATION_RULES_H

#include "ocr/notation.h"

#define STROKES "(一ー-－―‐)"
/* What ☎ is read as, where a line begins with it, and what it is said to be the number of. */
#define PHONES "(公念合含信る写)"
#define PHONES_AT "[園校館室課係店局]"
/* Without I, a stroke of numerals, and those of Al, Cl and Tl */
#define CAPITAL "[BDEFGHJKLMNPQRSUVWXYZ]"

/* Before 口 of no word: 窓口, 入り口, 注ぎ口, お口 */
#define NO_WORD "![漢カおりみぎきし]"

/* What IT stands before; 1T is a weight, too, and may be of shirts */
#define OF_IT "[導提補関化企機業部担投技戦活推系資支ツベコサリビパソ]"

/* What else must hold; see notation.c. */
enum guard {
	ALWAYS,
	MAY_BE_WAVE, /* the ink is no flat stroke, as far as it can tell */
	IS_WAVE,     /* the ink is higher than a stroke, and the numbers may be a period's ends */
	LONE,        /* no bracket before it is its pair */
	NUMERAL,     /* it belongs to a Roman numeral */
	JAPANESE,    /* kana or ideographs share the line */
	NUMBER,      /* likewise, and the digits before it follow no letter */
	TIMES,       /* the line is Japanese, and this no 0x */
	WARM,        /* the line speaks of temperature */
	UNGRADED,    /* the line holds no grades as J1, A1, B2 are */
	GRADED,      /* it does */
	ASCENDING,   /* as MAY_BE_WAVE, and the numbers may be a period's ends */
	UPRIGHT,     /* the line runs down, where items are numbered so */
	UNBROKEN,    /* no gap parts it from its neighbours */
	UNCOUNTED,   /* no ヶ月, カ所 and the like follow */
	NOUN,        /* no verb in katakana ends before it */
	SOLE,        /* the line has no other of its kind */
	PROLONGED,   /* it stands in a katakana word, and for no range */
	SMALL,       /* the line has other small kana; old law has none */
	BOX,         /* it is no item ロ among イ, ロ, ハ */
	THIN,        /* its box is a stroke's */
	WIDE,        /* its box is a letter's, and no other one's with it */
};

static const struct rule {
	const char *pattern, *meant, *name;
	enum guard guard;
} rules[] = {
    /* periods: 令和8年4月1日～, 8:30～17:30, 12.1～14.5, 3,100～8,400, 1～2回 */
    {"[日月年分時]" STROKES "[令平昭大西9午翌]", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"[日月年分時](へヘ^て)[令平昭大西]", "～", NOTATION_RULE, ALWAYS},
    {"[分時](てこ)[9午]", "～", NOTATION_RULE, ALWAYS},
    {"月9日" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"月99日" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"9[分時]" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {".9" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {".99" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {":99" STROKES "$", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"9(てへヘ^)9", "～", NOTATION_RULE, ALWAYS},
    {"[①②③④⑤⑥⑦⑧⑨](て)[②③④⑤⑥⑦⑧⑨⑩]", "～", NOTATION_RULE, ALWAYS},
    {":99(一ー-－―‐<こ)9:99", "～", NOTATION_RULE, MAY_BE_WAVE},
    {":99(一ー-－―‐<こ)99:99", "～", NOTATION_RULE, MAY_BE_WAVE},
    {".9" STROKES "9.9", "～", NOTATION_RULE, MAY_BE_WAVE},
    {".9" STROKES "99.9", "～", NOTATION_RULE, MAY_BE_WAVE},
    {".99" STROKES "9.9", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"[,.]999" STROKES "9,999", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"[,.]999" STROKES "99,999", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"曜(てへヘ一ー)[月火水木金土日]", "～", NOTATION_RULE, ALWAYS},
    {":99(てへヘ)$", "～", NOTATION_RULE, ALWAYS},
    {":99～(てへヘ一ー-)9", "", NOTATION_RULE, ALWAYS},
    {"9(一ー-)～", "", NOTATION_RULE, ALWAYS},
    {":(てへヘ):", "～", NOTATION_RULE, ALWAYS}, /* hours still to be filled in */
    {":" STROKES ":", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"[(]" STROKES "9日[)]", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"[(]" STROKES "99日[)]", "～", NOTATION_RULE, MAY_BE_WAVE},
    {"9" STROKES "9[回割名錠杯倍週]", "～", NOTATION_RULE, ASCENDING},
    {"9" STROKES "9", "～", NOTATION_RULE, IS_WAVE},
    {"9[月日年](てー)カ", "～", NOTATION_RULE, UNCOUNTED},
    /* other strokes */
    {"9(→)999-9999!9", "-", NOTATION_RULE, ALWAYS},
    {"9(→)9999-9999!9", "-", NOTATION_RULE, ALWAYS},
    {"9(一ー－―‐)9", "-", NOTATION_RULE, ALWAYS},
    {"9(—)[9-]", "-", NOTATION_RULE, ALWAYS},
    {"9-(-一ー－―‐—)9", "", NOTATION_RULE, ALWAYS},
    {"9(一ー－―‐)[①②③④⑤⑥⑦⑧⑨]", "-", NOTATION_RULE, ALWAYS},
    {"9(一ー－―‐)[アイウエオロハニ]!カ", "-", NOTATION_RULE, ALWAYS}, /* 3-イ, an item */
    {"英(一ー－―‐)9", "-", NOTATION_RULE, ALWAYS},
    {"英(一ー－―—)英", "-", NOTATION_RULE, ALWAYS},
    {"γ(一ー－―—)G", "-", NOTATION_RULE, ALWAYS},
    {"9(一ー－―—)[xX][xX]", "-", NOTATION_RULE, ALWAYS}, /* a number left blank */
    {"DL(一ー－―—)カ", "-", NOTATION_RULE, ALWAYS},
    {"[血糖][(](一ー－―—)[)]", "-", NOTATION_RULE, ALWAYS}, /* was not found */
    {"蛋白[(](一ー－―—)[)]", "-", NOTATION_RULE, ALWAYS},
    {"反応[(](一ー－―—)[)]", "-", NOTATION_RULE, ALWAYS},
    {"[(](一ー)は、感", "-", NOTATION_RULE, ALWAYS}, /* of the forms of day nurseries */
    {"目(一ー)[+十]", "-", NOTATION_RULE, ALWAYS}, /* examinations of two days */
    {"目-(十)", "+", NOTATION_RULE, ALWAYS},
    {"抗[原体][(](一ー－―—)[)]", "-", NOTATION_RULE, ALWAYS},
    {"[(](ー—)[)]", "-", NOTATION_RULE, ALWAYS},
    {"^(一ー－―‐)9[一ー－―‐-]$", "-", NOTATION_RULE, ALWAYS}, /* numbers of pages */
    {"^(一ー－―‐)99[一ー－―‐-]$", "-", NOTATION_RULE, ALWAYS},
    {"^-9(一ー－―‐)$", "-", NOTATION_RULE, ALWAYS},
    {"^-99(一ー－―‐)$", "-", NOTATION_RULE, ALWAYS},
    {"[度年](一ー)第9", "-", NOTATION_RULE, ALWAYS},
    {"9(.)999-9999!9", "-", NOTATION_RULE, ALWAYS},
    {"9(.)9999-9999!9", "-", NOTATION_RULE, ALWAYS},
    {"-999(.)9999!9", "-", NOTATION_RULE, ALWAYS},
    /* times */
    {"9(.)99[～~てー一-]9:99", ":", NOTATION_RULE, ALWAYS},
    {"9(.)99[～~てー一-]99:99", ":", NOTATION_RULE, ALWAYS},
    /* money, postcodes */
    {"![英9\\](\\)9", "¥", NOTATION_RULE, ALWAYS},
    {"[×xX](0Oo)[\\¥]9", "@", NOTATION_RULE, ALWAYS}, /* so many at so much */
    {"(\\)[¥]9", "", NOTATION_RULE, ALWAYS},
    {"(\\)\\9,999", "", NOTATION_RULE, ALWAYS},
    {"(\\)\\99,999", "", NOTATION_RULE, ALWAYS},
    {"(\\)\\999,999", "", NOTATION_RULE, ALWAYS},
    {"[(](\\)[)]", "¥", NOTATION_RULE, ALWAYS},
    {"!漢(半羊学)9[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"!漢(半羊学)99[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"!漢(半羊学)999[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"[額計等点引](WY)9", "¥", NOTATION_RULE, ALWAYS},
    {"!9(#)9,999", "¥", NOTATION_RULE, ALWAYS},
    {"!9(#)99,999", "¥", NOTATION_RULE, ALWAYS},
    {"!9(#)999,999", "¥", NOTATION_RULE, ALWAYS},
    {"英(\\)9,999", "¥", NOTATION_RULE, ALWAYS},
    {"英(\\)99,999", "¥", NOTATION_RULE, ALWAYS},
    {"!英(xX)@[¥9]", "×", NOTATION_RULE, ALWAYS},
    {"[^金計額](YV)9[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"[^金計額](YV)99[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"[^金計額](YV)999[,.]999", "¥", NOTATION_RULE, ALWAYS},
    {"[,.]999(一ー－―‐)[$也]", "-", NOTATION_RULE, ALWAYS},
    /* taken off, as ledgers write it */
    {"^(。)[漢カか]", "・", NOTATION_RULE,
	ALWAYS}, /* no line of Japanese begins with a full stop */
    {"^(人)9[,.]999", "▲", NOTATION_RULE, ALWAYS},
    {"^(A人)99[,.]999", "▲", NOTATION_RULE, ALWAYS},
    {"^(A人)999[,.]999", "▲", NOTATION_RULE, ALWAYS},
    {"▲9(.)999!9", ",", NOTATION_RULE, ALWAYS},
    {"▲99(.)999!9", ",", NOTATION_RULE, ALWAYS},
    {"▲999(.)999!9", ",", NOTATION_RULE, ALWAYS},
    {"9,(.)999!9", "", NOTATION_RULE, ALWAYS},
    {"9(.),999!9", "", NOTATION_RULE, ALWAYS},
    {"[12](.)[05]00g[未以]", ",", NOTATION_RULE, ALWAYS}, /* of the newly born */
    /* left blank */
    {"〒(一ー)", "-", NOTATION_RULE, ALWAYS},
    {"話[(][)](一ー)", "-", NOTATION_RULE, ALWAYS},
    {"[(][)](一ー－―‐)$", "-", NOTATION_RULE, ALWAYS}, /* a dialling code still to be filled in */
    {"9(プンノ)FAX", "/", NOTATION_RULE, ALWAYS},
    {"[頁ー-]9(ノン)9", "/", NOTATION_RULE, ALWAYS}, /* of so many pages */
    {"9[回本](ノン)[分日]", "/", NOTATION_RULE, ALWAYS},
    {"ード(ノ)[通免保運旅在]漢", "/", NOTATION_RULE, ALWAYS}, /* cards that say who one is */
    {"-9999(ノンプ)漢", "/", NOTATION_RULE, ALWAYS},
    {"!カ(ェエテ)999-9999!9", "〒", NOTATION_RULE, ALWAYS},
    {"^(干千于下T)999-9999!9", "〒", NOTATION_RULE, ALWAYS},
    /* what stands among digits for a one, a zero, a two */
    {"(])[9月日回年人名割]", "1", NOTATION_RULE, LONE},
    {"要介護(]lI|)", "1", NOTATION_RULE, LONE},
    {"要支援(]lI|)", "1", NOTATION_RULE, LONE},
    {"9-(])$", "1", NOTATION_RULE, LONE},
    {"^※(」])[漢カ]", "1", NOTATION_RULE, ALWAYS},
    {"の(})年間", "1", NOTATION_RULE, ALWAYS},
    {"第($)[号条項章節回]", "5", NOTATION_RULE, ALWAYS},
    {"9.($)漢", "5", NOTATION_RULE, ALWAYS},
    {"9(lI)[9月日年時分回]", "1", NOTATION_RULE, NUMBER},
    {"!H9(Oo)[9Oo-]", "0", NOTATION_RULE, UNBROKEN}, /* but H2O2 */
    {"9-(Oo)9", "0", NOTATION_RULE, ALWAYS},
    {"9(Oo)[代歳円%]", "0", NOTATION_RULE, ALWAYS}, /* 90代 */
    {"9(Oo)[分日月年時回人名個枚件点本]", "0", NOTATION_RULE, NUMBER}, /* but H2O */
    {"9:(Oo)[9Oo]", "0", NOTATION_RULE, ALWAYS},
    {"9:9(Oo)!英", "0", NOTATION_RULE, ALWAYS},
    {"!英(Oo)[・～~][12]歳", "0", NOTATION_RULE, ALWAYS},
    {"^(O)99-9", "0", NOTATION_RULE, ALWAYS},       /* telephones */
    {"^(O)999-99", "0", NOTATION_RULE, ALWAYS},
    {"9(オ)!カ", "才", NOTATION_RULE, ALWAYS}, /* 23才 */
    {"満(オ)!カ", "才", NOTATION_RULE, ALWAYS},
    {"登録番号(1)9999999999999!9", "T", NOTATION_RULE, ALWAYS}, /* of a company, for the tax */
    {"登録番号:(1)9999999999999!9", "T", NOTATION_RULE, ALWAYS},
    {"登録番号T(OoQD)[9OoQD][9OoQD]9", "0", NOTATION_RULE, ALWAYS},
    {"登録番号:T(OoQD)[9OoQD][9OoQD]9", "0", NOTATION_RULE, ALWAYS},
    {"T(Oo)999", "0", NOTATION_RULE, UNBROKEN},
    {"9(Z)[月日年時分円回]", "2", NOTATION_RULE, ALWAYS},
    /* circles that stand for a name */
    {"漢(O)O![英9]", "○", NOTATION_RULE, ALWAYS},
    {"漢(O)[○〇]", "○", NOTATION_RULE, ALWAYS},
    {"漢[○〇](O)![英9]", "○", NOTATION_RULE, ALWAYS},
    {"[○〇][○〇](O)![英9]", "○", NOTATION_RULE, ALWAYS},
    {"^(O)OO[O漢$]", "○", NOTATION_RULE, ALWAYS},
    {"^(O)[○〇]![英9]", "○", NOTATION_RULE, ALWAYS},
    {"[○〇](O)[O○〇($]", "○", NOTATION_RULE, ALWAYS},
    {"[9①②③④⑤⑥][(](O)[)]![型英9か()・、。]", "○", NOTATION_RULE, ALWAYS}, /* a choice */
    {"![英型](O)を[つ付記]", "○", NOTATION_RULE, ALWAYS}, /* to be drawn around something */
    {"を(O)[でか]", "○", NOTATION_RULE, ALWAYS},
    {"に(O)[をか印]", "○", NOTATION_RULE, ALWAYS},
    {"![英9](O)で囲", "○", NOTATION_RULE, ALWAYS},
    {"[】」』](O)OO", "○", NOTATION_RULE, ALWAYS},
    {"[「『【](O)O[」』】]", "○", NOTATION_RULE, ALWAYS},
    {"[「『【]○(O)[」』】]", "○", NOTATION_RULE, ALWAYS},
    /* crosses and triangles that stand for a number: 金××万円, 年△% */
    {"金(x)x[万千円]", "×", NOTATION_RULE, ALWAYS},
    {"金×(x)[万千円]", "×", NOTATION_RULE, ALWAYS},
    {"[年月率利](^)%", "△", NOTATION_RULE, ALWAYS},
    {"チェック(図団回囚国凶)を[入つ付]", "☑", NOTATION_RULE, ALWAYS},
    {"チェック(口ロ)を[入つ付]", "□", NOTATION_RULE, ALWAYS},
    {"チェック[(](図団回囚国凶包習以匠切攻必)[)]を[入つ付]", "☑", NOTATION_RULE, ALWAYS},
    {"チェック[(](口ロ)[)]を[入つ付]", "□", NOTATION_RULE, ALWAYS},
    {"合する場合「(/)」を", "✓", NOTATION_RULE, ALWAYS},
    {"欄に(図)を[つ付]", "☑", NOTATION_RULE, ALWAYS}, /* one is drawn into others */
    {"欄に(団回囚凶包)を[入つ付記]", "☑", NOTATION_RULE, ALWAYS},
    {"欄に(口ロ)を[入つ付記]", "□", NOTATION_RULE, ALWAYS},
    {"に(切也)を[ごつ付記]", "☑", NOTATION_RULE, ALWAYS},
    {"に(也)が無", "☑", NOTATION_RULE, ALWAYS},
    /* boxes to be ticked, where no word has that 口: 窓口, 口腔, 口内炎 are words */
    {NO_WORD "(口ロ)にレ[印点]", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)に[✓✔☑]", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)にチェッ", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)に「[✓✔☑]", "□", NOTATION_RULE, BOX},
    {"[(](口ロ)には[、適該]", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)[有無]にチェッ", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)[内中]にチェッ", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)[内中]にレ[印点]", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)[内中]に[✓✔☑]", "□", NOTATION_RULE, BOX},
    {NO_WORD "(口ロ)欄", "□", NOTATION_RULE, BOX},
    {"[(](口ロ)[一ー]般", "□", NOTATION_RULE, BOX},
    {"!漢(口ロ)身体[口ロ□]知", "□", NOTATION_RULE, BOX},
    {"体(口ロ)知的", "□", NOTATION_RULE, BOX},
    {"的(口ロ)精神", "□", NOTATION_RULE, BOX},
    {"神(口ロ)難病", "□", NOTATION_RULE, BOX},
    {"^(口ロ)新規[$(]", "□", NOTATION_RULE, BOX},
    {"^(口ロ)変更[$(]", "□", NOTATION_RULE, BOX},
    {"^(口ロ)更新[$(]", "□", NOTATION_RULE, BOX},
    {"新規(口ロ)[変更継]", "□", NOTATION_RULE, BOX},
    {"!漢(口ロ)男[口ロ□]女", "□", NOTATION_RULE, BOX},
    {"男(口ロ)女", "□", NOTATION_RULE, BOX},
    {"!漢(口ロ)有[口ロ□]無", "□", NOTATION_RULE, BOX},
    {"有(口ロ)無!心", "□", NOTATION_RULE, BOX},
    {"(口ロ)あり[口ロ□]な", "□", NOTATION_RULE, BOX},
    {"あり(口ロ)なし", "□", NOTATION_RULE, BOX},
    {"(口ロ)はい[口ロ□]いい", "□", NOTATION_RULE, BOX},
    {"はい(口ロ)いいえ", "□", NOTATION_RULE, BOX},
    {"[可適要良](口ロ)不[可適要良]", "□", NOTATION_RULE, BOX},
    {"可(口ロ)否", "□", NOTATION_RULE, BOX},
    {"[正和成](口ロ)[昭平令][和成]", "□", NOTATION_RULE, BOX},
    {"同居(口ロ)別居", "□", NOTATION_RULE, BOX},
    {"(ネ)ネネ", "*", NOTATION_RULE, ALWAYS},
    {"*(ネ)[ネ*※]", "*", NOTATION_RULE, ALWAYS},
    {"**(ネ)", "*", NOTATION_RULE, ALWAYS},
    {"^*(E)は、", "印", NOTATION_RULE, ALWAYS},
    {"^(O)O[大高中小株有市区町村県]", "○", NOTATION_RULE, ALWAYS},
    {"^[○〇](O)[大高中小株有市区町村県]", "○", NOTATION_RULE, ALWAYS},
    /* sizes and counts: 25g×2本 */
    {"(X)[線軸]", "X", NOTATION_RULE, ALWAYS}, /* rays, and a company: these stay */
    {"(X)[(]旧", "X", NOTATION_RULE, ALWAYS},
    {"9[gmL本個コ枚回日円箱人錠包名台件時分組袋缶冊部室食泊割点杯%](xX)[9単]", "×", NOTATION_RULE,
	TIMES},
    {"9[日時分週年]間(xX)[9単]", "×", NOTATION_RULE, TIMES},
    {"9[ヶカか]月(xX)[9単]", "×", NOTATION_RULE, TIMES},
    {"9(xX)9", "×", NOTATION_RULE, TIMES},
    {"9(xX)[WHDL]9", "×", NOTATION_RULE, ALWAYS},
    {"9[mkcd][lLgm](xX)9", "×", NOTATION_RULE, TIMES},
    {"円[)](xX)漢", "×", NOTATION_RULE, ALWAYS},
    {"ー(メ)9[本個枚台箱袋組缶冊]", "×", NOTATION_RULE, ALWAYS}, /* but コメ, マメ, ツメ */
    {"[○〇◎]△(xX)[でがをのは印、。・)$]", "×", NOTATION_RULE, ALWAYS}, /* marks beside each other, */
    {"![△▲]△(xX)で[記表示]", "×", NOTATION_RULE, ALWAYS}, /* but no differences △x */
    {"!英(xX)不[可参要在良合]", "×", NOTATION_RULE, ALWAYS},
    {"!英(xX)困難", "×", NOTATION_RULE, ALWAYS},
    {"!英(xX)欠席", "×", NOTATION_RULE, ALWAYS},
    {"!英(xX)通院困", "×", NOTATION_RULE, ALWAYS},
    {"年(xX)月", "×", NOTATION_RULE, ALWAYS}, /* dates that stand for any: 年×月×日 */
    {"月(xX)日", "×", NOTATION_RULE, ALWAYS},
    {"^(xX)未", "×", NOTATION_RULE, ALWAYS},
    {"[漢カか](xX)未", "×", NOTATION_RULE, ALWAYS},
    {"^(xX)9,999", "×", NOTATION_RULE, ALWAYS},
    {"^(xX)99,999", "×", NOTATION_RULE, ALWAYS},
    {"[漢カ](x)9!9", "×", NOTATION_RULE, ALWAYS},
    {"カ(x)[12345]9!9", "×", NOTATION_RULE, ALWAYS},
    {"^(x)9[個本枚台名人回箱袋]", "×", NOTATION_RULE, ALWAYS},
    {"[円人名日月年回件数額費料率価込税別抜][)](xX)9", "×", NOTATION_RULE, TIMES},
    {"[)](x)9", "×", NOTATION_RULE, TIMES},
    {"9(x)[(]", "×", NOTATION_RULE, TIMES},
    {"[)](xX)[(]", "×", NOTATION_RULE, JAPANESE},
    {"[円カ](x)カ", "×", NOTATION_RULE, ALWAYS},
    {"円(x)漢", "×", NOTATION_RULE, ALWAYS},
    /* formulas: 単価×回数, (1)×補助率; but 年間X回, 胸部X線 */
    {"[価額率費量料間](xX)9", "×", NOTATION_RULE, TIMES},
    {"[人日回件個枚台本月時]数(xX)9", "×", NOTATION_RULE, TIMES},
    {"[価額数率費量料間](xX)[単補税率係消価数]", "×", NOTATION_RULE, ALWAYS},
    {"[価額数率費量料間](xX)漢[価額数率費量料]", "×", NOTATION_RULE, ALWAYS},
    {"[)](xX)[単補税率係消価数]", "×", NOTATION_RULE, ALWAYS},
    {"[)](xX)漢[価額数率費量料]", "×", NOTATION_RULE, ALWAYS},
    {"9(x)[単補税率係消]", "×", NOTATION_RULE, TIMES},
    {"cc(xX)[9回]", "×", NOTATION_RULE, ALWAYS},
    /* telephones: ☎ and ℡ are letters that the models do not know */
    {"^" PHONES "09-9999", "☎", NOTATION_RULE, ALWAYS},
    {"^" PHONES "099-999", "☎", NOTATION_RULE, ALWAYS},
    {"^" PHONES "0999-99", "☎", NOTATION_RULE, ALWAYS},
    {PHONES_AT "(合含念)09-9999", "☎", NOTATION_RULE, ALWAYS},
    {PHONES_AT "(合含念)099-999", "☎", NOTATION_RULE, ALWAYS},
    {PHONES_AT "(合含念)0999-99", "☎", NOTATION_RULE, ALWAYS},
    {"!英(TE)L09-9999", "℡", NOTATION_RULE, JAPANESE},
    {"!英(TE)L099-999", "℡", NOTATION_RULE, JAPANESE},
    {"!英(TE)L0999-99", "℡", NOTATION_RULE, JAPANESE},
    {"[所先名宅](TE)L$", "℡", NOTATION_RULE, ALWAYS},
    {"[所先名宅][(](TE)L[)]", "℡", NOTATION_RULE, ALWAYS},
    {"℡(L)", "", NOTATION_RULE, ALWAYS},
    /* of germs */
    {"![9.,-](0)-157!9", "O", NOTATION_RULE, ALWAYS},
    {"菌[(](0)157!9", "O", NOTATION_RULE, ALWAYS},
    {"菌(0)157!9", "O", NOTATION_RULE, ALWAYS},
    {"菌[(](0)-[12]", "O", NOTATION_RULE, ALWAYS},
    {"菌(0)-[12]", "O", NOTATION_RULE, ALWAYS},
    {"O-157[,.、・](0)-[12]", "O", NOTATION_RULE, ALWAYS},
    {"O-157(.)[O0]-", ",", NOTATION_RULE, ALWAYS},
    /* a system, not so many seconds; names of goods */
    {"[成作応象用](0)S[:：・のを、]", "O", NOTATION_RULE, ALWAYS},
    {"dows(@)!英", "®", NOTATION_RULE, ALWAYS},
    {"soft(@)[ATIVWEOPS]", "®", NOTATION_RULE, ALWAYS},
    {"Studio(@)9", "®", NOTATION_RULE, ALWAYS},
    /* units, names of tests */
    {"熱[(](でて)[)]", "℃", NOTATION_RULE, ALWAYS},
    {"温[(](でて)[)]", "℃", NOTATION_RULE, ALWAYS},
    {"9m(I|])!英", "l", NOTATION_RULE, ALWAYS},
    {"9m(1)![英9位本枚]", "l", NOTATION_RULE, ALWAYS},
    {"9m(\\k)![英9]", "l", NOTATION_RULE, ALWAYS},
    {"[(](1)/min", "l", NOTATION_RULE, ALWAYS},
    {"/(んル)L!英", "μ", NOTATION_RULE, ALWAYS},
    {"m(F)q/L", "E", NOTATION_RULE, ALWAYS},
    {"9m(&)![英9]", "l", NOTATION_RULE, ALWAYS},
    {"9(u)[mgl]!英", "μ", NOTATION_RULE, ALWAYS},
    {"9k(e)al", "c", NOTATION_RULE, ALWAYS},
    {"9(o)nz", "0", NOTATION_RULE, ALWAYS},
    {"0(nN)z!英", "H", NOTATION_RULE, ALWAYS},
    {"[Kk]g/(n)[)]", "m²", NOTATION_RULE, ALWAYS},
    {"9(n)f!英", "m", NOTATION_RULE, JAPANESE},
    {"9m(f?<*YzT)![英9]", "²", NOTATION_RULE, JAPANESE},
    {"/m(?*)![英9]", "²", NOTATION_RULE, ALWAYS},
    {"[9/]m2(?*)![英9]", "", NOTATION_RULE, ALWAYS},
    {"![一二三四五六七八九数9](十)9[9円%]", "+", NOTATION_RULE, ALWAYS}, /* added to it */
    {"名(十)代[表理]", "+", NOTATION_RULE, ALWAYS},
    {"差(土士圭)9", "±", NOTATION_RULE, ALWAYS},
    {"9(土士)9.9", "±", NOTATION_RULE, ALWAYS},
    {"g/d(T1Il|L)!英", "l", NOTATION_RULE, THIN},
    {"g/d(T1I|)!英", "L", NOTATION_RULE, ALWAYS},
    {"g/d(l)!英", "L", NOTATION_RULE, WIDE},
    /* so many tens to the fourth; to the ninth there are in a litre */
    {"[(][23456][)]/(wu)l!英", "μ", NOTATION_RULE, ALWAYS},
    {"0[(][23456][)]/(l|)!英", "μl", NOTATION_RULE, ALWAYS},
    {"(Xx)10[(]9[)]/", "×", NOTATION_RULE, ALWAYS},
    {"Sp(0)[2zZ]", "O", NOTATION_RULE, ALWAYS},
    {"SpO(zZ)", "2", NOTATION_RULE, ALWAYS},
    {"mmH(s9q)", "g", NOTATION_RULE, ALWAYS},
    {"!9(1)CD[-－]1", "I", NOTATION_RULE, ALWAYS}, /* of diseases */
    {"!9(1)CD10", "I", NOTATION_RULE, ALWAYS},
    {"F(O)[～~]F9", "0", NOTATION_RULE, ALWAYS},
    {"英(“)英", "/", NOTATION_RULE, UNBROKEN},
    {"年(_)月[_日$]", "", NOTATION_RULE, ALWAYS},
    {"月(_)日![別次程付報誌計]", "", NOTATION_RULE, ALWAYS},
    {"HbA(lI|)c", "1", NOTATION_RULE, ALWAYS},
    {"ロビンA(lI|)c", "1", NOTATION_RULE, ALWAYS},
    {"!英(Yyrv)[一ー—-]GT", "γ", NOTATION_RULE, ALWAYS},
    {"9.9(Ccて)![英型形]", "℃", NOTATION_RULE, WARM},
    {"99(C)![英型形]", "℃", NOTATION_RULE, WARM},
    {"9(?*)C![英9]", "°", NOTATION_RULE, WARM},
    {"9.9(©)", "℃", NOTATION_RULE, ALWAYS},
    {"!93[456789].9(C)![英型形]", "℃", NOTATION_RULE, JAPANESE}, /* of a body */
    {"9°(c)!英", "C", NOTATION_RULE, ALWAYS},
    {"3[56789].9(て)[脈血呼]", "℃", NOTATION_RULE, ALWAYS},
    /* Roman numerals, codes */
    {"(l|)", "I", NOTATION_RULE, NUMERAL},
    {"^(H)[Il1]経常費", "Ⅱ", NOTATION_RULE, ALWAYS}, /* its strokes have grown together */
    {"^Ⅱ(Il1)経常費", "", NOTATION_RULE, ALWAYS},
    {"(皿)度", "Ⅲ", NOTATION_RULE, ALWAYS},
    {"!器[類度級種](皿)![漢か]", "Ⅲ", NOTATION_RULE, ALWAYS},
    {"[算費][(](皿)[)]", "Ⅲ", NOTATION_RULE, ALWAYS},
    {"訪看(1l|)9$", "I", NOTATION_RULE, ALWAYS},
    {"漢(1l|)・C[よ出下降付]", "I", NOTATION_RULE, ALWAYS}, /* of a motorway */
    {"加算(|)$", "I", NOTATION_RULE, ALWAYS},
    {"療養費(|)[とをのは、・$]", "I", NOTATION_RULE, ALWAYS},
    {"UF(])[銀の]", "J", NOTATION_RULE, ALWAYS},
    {"加算(|)1$", "I", NOTATION_RULE, ALWAYS},
    {"通所介護(1l|)99$", "I", NOTATION_RULE, ALWAYS},
    /* information technology */
    {"![カ9英.量重約-](1l|!エ)T" OF_IT, "I", NOTATION_RULE, ALWAYS},
    {"![カ9英.-](1l|!エT)丁" OF_IT, "I", NOTATION_RULE, ALWAYS},
    {"!英I(丁)" OF_IT, "T", NOTATION_RULE, ALWAYS},
    {"!英A(l)[漢かカ]", "I", NOTATION_RULE, UNGRADED},
    {"!英" CAPITAL "(l)!英", "1", NOTATION_RULE, ALWAYS},
    {"!英[AC](l)!英", "1", NOTATION_RULE, GRADED},
    {"(人)札", "入", TWIN_RULE, ALWAYS},
    /* 一 and ー */
    {"[がもをのに](ー-－―・)つ[以の目を]", "一", TWIN_RULE, ALWAYS},
    {"れか(ー-－―・)[つ方]", "一", TWIN_RULE, ALWAYS},
    {"うち(ー-－―)つ[以のを目選だで]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)[部般括旦体緒丁定昨覧斉]漢", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)ー丁", "", TWIN_RULE, ALWAYS},
    {"^(ー)、", "一", TWIN_RULE, UPRIGHT},
    {"!カ(ー)[部丁人]", "一", TWIN_RULE, ALWAYS},
    {"カ(ー)覧", "一", TWIN_RULE, ALWAYS},
    {"[同唯統均画万](ー)!カ", "一", TWIN_RULE, ALWAYS},
    {"カ(一)カ", "ー", TWIN_RULE, UNCOUNTED},
    {"![漢9](ヶ)[アイウエオー]", "ケ", TWIN_RULE, ALWAYS},
    {"カ(-－―‐)[カかー]", "ー", TWIN_RULE, PROLONGED}, /* チ-ム, キ-など */
    {"万が(-－―‐ー・)", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)時[的金保預停抹滞帰避支使借差中入払免取利]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)秒[量率]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)般[カのに的]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)切[のを]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)律に", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)致[すしせ]", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)連の", "一", TWIN_RULE, ALWAYS},
    {"!カ(ー)度[にだもを]", "一", TWIN_RULE, ALWAYS},
    {"サ(|)[ビバ]", "ー", TWIN_RULE, ALWAYS},
    {"[タダパバワピ](一)![漢つ]", "ー", TWIN_RULE, UNCOUNTED},
    /* ideographs among katakana */
    {"カ(口)[カ一]!ミ", "ロ", TWIN_RULE, ALWAYS},
    {"カ(二)カ", "ニ", TWIN_RULE, UNCOUNTED},
    {"カ(八)カ", "ハ", TWIN_RULE, UNCOUNTED},
    {"カ(夕)![食方刻飯日勤礼焼暮]", "タ", TWIN_RULE, ALWAYS},
    {"!漢(工)カ", "エ", TWIN_RULE, ALWAYS},
    {"カ(卜)", "ト", TWIN_RULE, ALWAYS},
    {"(卜)カ", "ト", TWIN_RULE, ALWAYS},
    /* katakana among ideographs */
    {"[窓入出人間戸一](ロ)!カ", "口", TWIN_RULE, ALWAYS},
    {"[入出](ロ)バス停", "口", TWIN_RULE, ALWAYS},
    {"[入出](ロ)ド[アを]", "口", TWIN_RULE, ALWAYS},
    {"![漢カ][入出](ロ)ゲート", "口", TWIN_RULE, ALWAYS},
    {"![漢カ][入出](ロ)ホール", "口", TWIN_RULE, ALWAYS},
    {"!カ(ロ)[座腔述]", "口", TWIN_RULE, ALWAYS},
    {"[体能筋努協握視聴脚語学助効圧腕魅威](カ)!カ", "力", TWIN_RULE, ALWAYS},
    {"か(カ)か", "力", TWIN_RULE, ALWAYS},
    {"!カ(タ)[食方刻飯]", "夕", TWIN_RULE, ALWAYS},
    {"[朝七](タ)!カ", "夕", TWIN_RULE, ALWAYS},
    {"[漢か](ニ)[十百千月丁階人名回日年度種次級割重番]", "二", TWIN_RULE, ALWAYS},
    {"[漢か](ハ)[十百千月日年人回名時分]", "八", TWIN_RULE, ALWAYS},
    {"^(ニ)次漢", "二", TWIN_RULE, ALWAYS},
    {"[大施加着竣](エ)[事務程場期費]", "工", TWIN_RULE, ALWAYS},
    /* letters and kana */
    {"![か無流押落消差隠](し)[型字]", "L", TWIN_RULE, ALWAYS},
    {"!カ(メ)線", "X", TWIN_RULE, ALWAYS},
    /* a noun in katakana, or of a place, takes で */
    {"カ(て)", "で", TWIN_RULE, NOUN},
    {"トイレ(て)", "で", TWIN_RULE, ALWAYS},
    {"[所室宅院園校店内話](て)漢", "で", TWIN_RULE, ALWAYS},
    /* kana that differ by a stroke, where grammar has but one of them */
    {"[日時月分回年る]ま(て)", "で", TWIN_RULE, ALWAYS},
    {"(て)す[。、]", "で", TWIN_RULE, ALWAYS},
    {"っ(つ)て", "", TWIN_RULE, ALWAYS},
    {"(て)すが![すりる]", "で", TWIN_RULE, ALWAYS},
    {"が(て)き", "で", TWIN_RULE, ALWAYS},
    {"く(た)さい", "だ", TWIN_RULE, ALWAYS},
    {"[すなるむくう]べ(ざさ)!き", "き", TWIN_RULE, ALWAYS},
    {"[開書聞置行働招続着付](さ)まし", "き", TWIN_RULE, ALWAYS},
    {"[るた](ご)と[がをはも]", "こ", TWIN_RULE, ALWAYS},
    {"同じ(ご)と", "こ", TWIN_RULE, ALWAYS},
    {"![漢か](ご)こから", "こ", TWIN_RULE, ALWAYS},
    /* the two kana of one shape */
    {"カ(り)カ", "リ", TWIN_RULE, ALWAYS},
    {"か(リ)か", "り", TWIN_RULE, ALWAYS},
    {"[漢か](ヘ)!カ", "へ", TWIN_RULE, ALWAYS},
    {"[漢か](ベ)か", "べ", TWIN_RULE, ALWAYS},
    {"カ(べ)カ", "ベ", TWIN_RULE, ALWAYS},
    {"カ(ぺ)カ", "ペ", TWIN_RULE, ALWAYS},
    {"[いすたんのがう]でし(よ)う!が", "ょ", TWIN_RULE, ALWAYS},
    {"[いすたんのがう]でし(よ)うが!な", "ょ", TWIN_RULE, ALWAYS}, /* しようがない */
    {"まし(よ)う", "ょ", TWIN_RULE, ALWAYS},
    {"[にくとう]な(つ)[たて]", "っ", TWIN_RULE, SMALL},
    {"であ(つ)[たて]", "っ", TWIN_RULE, SMALL},
    {"によ(つ)て", "っ", TWIN_RULE, SMALL},
    /* the parties to a contract */
    {"甲は(と)[、,]", "乙", TWIN_RULE, ALWAYS},
    {"甲は(と)に[漢、,]", "乙", TWIN_RULE, ALWAYS},
    {"甲又は(選之と)[はがの]", "乙", TWIN_RULE, ALWAYS},
    {"9条(の選)は[、,]甲", "乙", TWIN_RULE, ALWAYS},
    {"^[(]9[)](と)が", "乙", TWIN_RULE, ALWAYS},
    {"に(と)による", "乙", TWIN_RULE, ALWAYS},
    {"[シジチ](ヨ)ン", "ョ", TWIN_RULE, ALWAYS},
    {"[ェロバラベリタ](ツ)[クプド]", "ッ", TWIN_RULE, ALWAYS},
    {"![カ・]デ(ィ)[漢か]", "イ", TWIN_RULE, ALWAYS},
    /* a stroke or a stop that was read twice; ideographs of one shape */
    {"川(|)漢", "", TWIN_RULE, SOLE},
    {"(、)。", "", TWIN_RULE, ALWAYS},
    {"[漢かカ](.)。", "", TWIN_RULE, ALWAYS},
    {"^9.(.)[漢かカ]", "", TWIN_RULE, ALWAYS},
    {"。(、)", "", TWIN_RULE, ALWAYS},
    {"、(、)", "", TWIN_RULE, ALWAYS},
    {"!子(曰)![くわいうえおっ佐]", "日", TWIN_RULE, ALWAYS},
    {"![音交夜](叉)は", "又", TWIN_RULE, ALWAYS},
};

#endif
