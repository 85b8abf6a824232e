/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that look like others than were read are mended, and those without ink are dropped, but
 * only where that is clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_correct.h"
#include "ocr_printed.h"

#define NEAR_ENOUGH 3 /* pixels that a box may be off */
#define SMALL_EM 29   /* of smaller print, */
#define SMALL_X 6     /* which stands so far into a letter's room */
#define SMALL_Y 10

/* What was drawn, and read (a ? before the letters that were not sure), and what comes of it. */
struct look {
	const char *drawn, *read, *want;
};

/* Takes p's sheet. */
static void
expect_mended(struct printed *p, const char *read, unsigned confidence, const char *want)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf was = {0};

	read_print(&w, read, confidence);
	words_line_text(&w, &w.lines[0], &was);
	buf_add(&was, "", 1);
	w.lines[0].box = line_box(p);
	assert_int_equal(letter_correct(p->pix, NULL, NULL, &w), 0);
	pixDestroy(&p->pix);
	expect_reads(&w, 0, want);
	if (strcmp(was.data, want) == 0) {
		assert_null(w.lines[0].raw);
		assert_null(w.lines[0].rule);
		return;
	}
	assert_string_equal(w.lines[0].raw, was.data);
	assert_string_equal(w.lines[0].rule, LETTER_RULE);
}

static void
expect_looks(const struct look *looks, size_t n, unsigned confidence)
{
	for (size_t i = 0; i < n; i++) {
		struct printed p = print_line(looks[i].drawn);

		print_message("# %s: %s\n", looks[i].drawn, looks[i].read);
		expect_mended(&p, looks[i].read, confidence, looks[i].want);
	}
}

#define EXPECT_LOOKS(looks, confidence)                                                            \
	expect_looks((looks), sizeof(looks) / sizeof *(looks), (confidence))

/* ---- where letters stand ---- */

static int
off(int a, int b)
{
	return abs(a - b);
}

/* Letters of the first line stand where they were drawn, and are as high as the line. */
static void
expect_in_place(const struct words *w, const struct printed *p)
{
	const struct box all = line_box(p);

	assert_int_equal(w->nglyphs, p->n);
	for (size_t i = 0; i < p->n; i++) {
		const struct box *b = &w->glyphs[i].box, *ink = &p->ink[i];

		if (off(b->x, ink->x) > NEAR_ENOUGH || off(b->w, ink->w) > NEAR_ENOUGH ||
		    off(b->y, all.y) > NEAR_ENOUGH || off(b->h, all.h) > NEAR_ENOUGH)
			fail_msg("letter %zu: %d+%d %d+%d, drawn %d+%d %d+%d", i, b->x, b->w, b->y,
			    b->h, ink->x, ink->w, all.y, all.h);
	}
}

/* Read where the line stands, its letters `by` pixels off. */
static void
expect_read_placed(const char *drawn, const char *read, int by)
{
	struct printed p = print_line(drawn);
	_cleanup_(words_free) struct words w = {0};

	read_at(&w, read, PRINT_LEFT + by, PRINT_TOP, READ_SURE);
	w.lines[0].box = line_box(&p);
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, read);
	assert_null(w.lines[0].raw);
	expect_in_place(&w, &p);
	pixDestroy(&p.pix);
}

static void
expect_placed(const char *text, int by)
{
	expect_read_placed(text, text, by);
}

/* ---- letters that look like others ---- */

static void
look_alikes_are_mended(void **state)
{
	static const struct look looks[] = {
	    {"水疱がみられる", "水?癒がみられる", "水疱がみられる"},
	    {"甲が乙に対して", "甲が?選に対して", "甲が乙に対して"},
	    {"乙に対して", "?選に対して", "乙に対して"},
	    {"甲に対する乙", "甲に対する?選", "甲に対する乙"},
	    {"將来について", "?将来について", "將来について"},
	    {"大きい声で", "?犬きい声で", "大きい声で"},
	    {"①職員の氏名", "?の職員の氏名", "①職員の氏名"},
	    {"※印をつける", "?米印をつける", "※印をつける"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
	EXPECT_LOOKS(looks, 10);
}

/* Where all letters are as unsure, too. */
static void
all_of_a_line_is_looked_at(void **state)
{
	static const struct look looks[] = {
	    {"水疱と発疹がある", "?水?癒?と?発?診?が?あ?る", "水疱と発疹がある"},
	};

	EXPECT_LOOKS(looks, 50);
}

static void
what_was_read_rightly_stays(void **state)
{
	static const char *const texts[] = {"水疱がみられる", "症状がある", "前提として同意する",
	    "そこに行く", "自宅で食事をする", "訪問介護事業所", "サービス利用票", "令和6年3月12日",
	    "いっしょに歩く", "①職員（２名）", "心身の状態、川の水", "特別養護老人ホーム"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char unsure[256] = "";
		uint32_t code;

		for (const char *t = texts[i]; *t != '\0';) {
			const int used = utf8_decode(t, strlen(t), &code);

			strcat(unsure, "?");
			strncat(unsure, t, (size_t)used);
			t += used;
		}
		expect_looks(&(struct look){texts[i], unsure, texts[i]}, 1, 1);
	}
}

/* Sure letters are mended only by what is nearer to its mean, and leads by more; and what was read
 * surely as Japanese is no sign. */
static void
sure_letters_need_more(void **state)
{
	static const struct look unsure[] = {
	    {"自宅で食事をする", "?白宅で食事をする", "自宅で食事をする"},
	    {"貝を食べる", "?員を食べる", "貝を食べる"},
	    {"その≡を食べる", "その?々を食べる", "その三を食べる"},
	    {"その⇨に置く", "その?々に置く", "その々に置く"},
	    {"訪問介護事業所", "訪?間介護事業所", "訪間介護事業所"},
	};
	static const struct look sure[] = {
	    {"水疱がみられる", "水?癒がみられる", "水疱がみられる"},
	    {"米を食べる", "?※を食べる", "米を食べる"},
	    {"自宅で食事をする", "?目宅で食事をする", "自宅で食事をする"},
	    {"人が多いこと", "人?か多いこと", "人が多いこと"},
	    {"訪問介護事業所", "訪?聞介護事業所", "訪問介護事業所"},
	    {"自宅で食事をする", "?白宅で食事をする", "白宅で食事をする"},
	    {"大きい声で", "?犬きい声で", "犬きい声で"},
	    {"その≡を食べる", "その?々を食べる", "その々を食べる"},
	    {"その‾に置く", "その?々に置く", "その々に置く"},
	    {"※印をつける", "?米印をつける", "米印をつける"},
	    {"①職員の氏名", "?の職員の氏名", "の職員の氏名"},
	};

	EXPECT_LOOKS(unsure, 96);
	EXPECT_LOOKS(sure, 97);
	EXPECT_LOOKS(sure, 100);
}

/* Nothing that the judge knows: the nearest is too far, or not alone; or black, as soft print is.
 */
static void
unknown_shapes_are_left(void **state)
{
	static const struct look looks[] = {
	    {"その⇨に置く", "その?々に置く", "その々に置く"},
	    {"その臬に置く", "その?員に置く", "その員に置く"},
	    {"その■に置く", "その?離に置く", "その離に置く"},
	};
	static const struct look alone[] = {{"殻をむくこと", "?穀をむくこと", "殻をむくこと"}};

	EXPECT_LOOKS(looks, READ_UNSURE);
	EXPECT_LOOKS(alone, READ_UNSURE);
}

/* Nor does it know what was read: names keep their forms. */
static void
unknown_ideographs_are_left(void **state)
{
	static const struct look looks[] = {
	    {"その德と鬱の水", "その?德と鬱の水", "その德と鬱の水"},
	    {"その黑と鬱の水", "その?黑と鬱の水", "その黑と鬱の水"},
	    {"その橫と鬱の水", "その?橫と鬱の水", "その橫と鬱の水"},
	    {"その郞と鬱の水", "その?郞と鬱の水", "その郞と鬱の水"},
	};

	EXPECT_LOOKS(looks, 50);
	EXPECT_LOOKS(looks, READ_SURE);
}

/* In a line of letters beyond doubt, one that is read as what looks the same. */
static void
letters_of_one_shape_are_left(void **state)
{
	static const char *const pairs[] = {"ー一", "ーー", "一ー", "○0", "〇O", "口□", "ロ囗",
	    "カ力", "力カ", "力ヵ", "ニ二", "二ニ", "ト卜", "卜ト", "ト下", "卜下", "エ工", "工ェ",
	    "工エ", "ハ八", "八ハ", "タ夕", "夕タ", "へヘ", "ヘへ", "べベ", "ぺペ", "ペぺ", "りリ",
	    "リり", "ノ丿", "ノ/", "●・", "×x", "×X", "日曰", "曰日", "丁T", "丁〒", "つっ", "っつ",
	    "ッツ", "よょ", "えぇ", "うぅ", "ー―"};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		char drawn[64], read[64], want[64];

		snprintf(drawn, sizeof drawn, "その%.3sと鬱の水", pairs[i]);
		snprintf(read, sizeof read, "その?%sと鬱の水", pairs[i] + 3);
		snprintf(want, sizeof want, "その%sと鬱の水", pairs[i] + 3);
		expect_looks(&(struct look){drawn, read, want}, 1, READ_UNSURE);
	}
}

/* Half of the letters were read as what looks the same: the text fits. */
static void
letters_of_one_shape_fit(void **state)
{
	static const char *const pairs[] = {"ー一", "ー～", "1l", "1I", "1|", "0O", "0Q", "〇0",
	    "口ロ", "カ力", "ニ二", "卜ト", "エ工", "八ハ", "夕タ", "へヘ", "べベ", "ぺペ", "りリ",
	    "ノ/", "、,", "、'", "・.", "●・", "×x", "×X", "日曰", "丁T", "っつ", "ッツ", "ゃや",
	    "ャヤ", "ゅゆ", "ュユ", "ょよ", "ョヨ", "ぁあ", "ァア", "ぃい", "ィイ", "ぅう", "ゥウ",
	    "ぇえ", "ぉお", "ォオ", "ゎわ", "ヮワ", "ヶケ"};

	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		const char *pair = pairs[i];
		uint32_t code;
		const int used = utf8_decode(pair, strlen(pair), &code);
		char drawn[64], read[64];

		snprintf(drawn, sizeof drawn, "水%.*s疱%.*s発%.*s疹%.*s", used, pair, used, pair,
		    used, pair, used, pair);
		snprintf(read, sizeof read, "水%s疱%s発%s疹%s", pair + used, pair + used,
		    pair + used, pair + used);
		print_message("# %s: %s\n", drawn, read);
		expect_read_placed(drawn, read, 2 * EM);
	}
}

/* In smaller print, large kana are as large as small ones. */
static void
kana_of_smaller_print_are_left(void **state)
{
	static const uint32_t large[] = U"カエつツやヤゆユよヨあアいイうウえおオわワケ";

	for (size_t i = 0; large[i] != 0; i++) {
		struct printed p = print_line("その　と鬱の水");
		char letter[GLYPH_TEXT] = "", read[64], want[64];

		utf8_encode(large[i], letter);
		p.ink[2] = draw_letter(
		    p.pix, large[i], SMALL_EM, PRINT_LEFT + 2 * EM + SMALL_X, PRINT_TOP + SMALL_Y);
		snprintf(read, sizeof read, "その?%sと鬱の水", letter);
		snprintf(want, sizeof want, "その%sと鬱の水", letter);
		expect_mended(&p, read, READ_UNSURE, want);
	}
}

/* That another looks the same does not make a letter doubtful. */
static void
one_of_a_shape_is_written_over_others(void **state)
{
	static const struct look looks[] = {
	    {"その口と鬱の水", "その?彫と鬱の水", "その口と鬱の水"},
	    {"そのカと鬱の水", "その?彫と鬱の水", "そのカと鬱の水"},
	    {"その一と鬱の水", "その?彫と鬱の水", "その一と鬱の水"},
	    {"その卜と鬱の水", "その?彫と鬱の水", "そのトと鬱の水"},
	    {"そのへと鬱の水", "その?彫と鬱の水", "そのへと鬱の水"},
	    {"そのべと鬱の水", "その?彫と鬱の水", "そのべと鬱の水"},
	    {"そのいと鬱の水", "その?彫と鬱の水", "そのいと鬱の水"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
}

/* Strokes that are letters to few but parts of many. */
static void
strokes_are_not_written(void **state)
{
	static const struct look looks[] = {
	    {"その丿と鬱の水", "その?彫と鬱の水", "その彫と鬱の水"},
	    {"その匚と鬱の水", "その?彫と鬱の水", "その彫と鬱の水"},
	    {"その亅と鬱の水", "その?彫と鬱の水", "その彫と鬱の水"},
	    {"その丶と鬱の水", "その?彫と鬱の水", "その彫と鬱の水"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
}

static void
part_of_a_letter_is_no_letter(void **state)
{
	static const struct look looks[] = {
	    {"症状がある", "症?伏がある", "症状がある"},
	    {"症状がある", "症?犬がある", "症状がある"},
	    {"前提として", "前?題として", "前提として"},
	    {"前提として", "前?是として", "前提として"},
	    {"これに行く", "これ?仁行く", "これに行く"},
	    {"川の水を", "?州の水を", "川の水を"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
	EXPECT_LOOKS(looks, READ_SURE);
}

/* A stroke so far left of a letter, in ems. */
static void
expect_beside(double ems, const char *want)
{
	struct printed p = print_line("その　疱のこと");
	const struct box *ink = &p.ink[3];

	bar(p.pix, ink->x - (int)(ems * EM), ink->y, 3, ink->h);
	expect_mended(&p, "その?癒のこと", READ_UNSURE, want);
}

/* It may be a part of the letter. */
static void
ink_beside_that_is_no_letter_vetoes(void **state)
{
	expect_beside(0.2, "その癒のこと");
	expect_beside(0.33, "その癒のこと");
	expect_beside(0.45, "その疱のこと");
}

/* く so many pixels nearer to 乙, which was read as く too. */
static void
expect_beside_itself(int nearer, const char *want)
{
	struct printed p = print_line("その乙　ること");

	p.ink[3] = draw_letter(p.pix, U'く', EM, PRINT_LEFT + 3 * EM - nearer, PRINT_TOP);
	expect_mended(&p, "その?くくること", READ_UNSURE, want);
}

/* Engines place letters roughly: what was read may be what stands close by. */
static void
letter_that_stands_beside_stays(void **state)
{
	static const struct look looks[] = {
	    {"その乙がくること", "その?ががくること", "その乙がくること"}};

	expect_beside_itself(4, "そのくくること");
	expect_beside_itself(0, "その乙くること");
	EXPECT_LOOKS(looks, READ_UNSURE);
}

/* A stain of so many pixels in a corner of this letter. */
static void
stain(struct printed *p, size_t letter, int size)
{
	const struct box *ink = &p->ink[letter];

	bar(p->pix, ink->x, ink->y + ink->h - size, size, size);
}

static void
expect_beside_stained(const char *drawn, int size, const char *read, const char *want)
{
	struct printed p = print_line(drawn);

	stain(&p, 2, size);
	expect_mended(&p, read, READ_UNSURE, want);
}

/* 円 behind an amount was not read; its last 0 lies over that. */
static void
no_digit_of_an_amount_is_lost(void **state)
{
	static const char *const amounts[] = {
	    "3000", "60000", "12,000", "８０００", "６００００", "料金５０００"};

	for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
		const bool wide = (amounts[i][0] & 0x80) != 0;
		struct printed p = {.pix = blank(500, 2 * PRINT_TOP + EM)};
		_cleanup_(words_free) struct words w = {0};
		const int step = wide ? EM : EM / 2;

		print_at(&p, amounts[i], EM, step, PRINT_LEFT, PRINT_TOP);
		print_at(&p, "円", EM, EM, PRINT_LEFT + (int)p.n * step, PRINT_TOP);
		read_print(&w, amounts[i], READ_SURE);
		w.lines[0].box = line_box(&p);
		assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
		expect_reads(&w, 0, amounts[i]);
		pixDestroy(&p.pix);
	}
}

static void
neighbours_must_be_letters(void **state)
{
	static const struct look looks[] = {
	    {"その≡疱の水が", "その々?癒の水が", "その々疱の水が"},
	    {"その疱≡の水が", "その?癒々の水が", "その疱々の水が"},
	    {"その⇨疱の水が", "その々?癒の水が", "その々癒の水が"},
	    {"その疱⇨の水が", "その?癒々の水が", "その癒々の水が"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
	expect_beside_stained("その名疱の水", 22, "その名?癒の水", "その名疱の水");
	expect_beside_stained("その名疱の水", 26, "その名?癒の水", "その名癒の水");
}

/* Marks are lifted off the sheet: they are good neighbours. */
static void
marks_have_no_ink(void **state)
{
	static const struct look looks[] = {
	    {"　疱のこと　と水", "□?癒のこと☑と水", "□疱のこと☑と水"},
	    {"　水疱　発疹が", "□水疱■発疹が", "□水疱■発疹が"},
	    {"　水疱　発疹が", "?☑水疱?○発疹が", "☑水疱○発疹が"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
}

static void
height_of_a_short_line_tells_little(void **state)
{
	static const struct look looks[] = {
	    {"水疱が", "水?癒が", "水癒が"}, {"水疱がも", "水?癒がも", "水疱がも"}};

	EXPECT_LOOKS(looks, READ_SURE);
}

/* ---- letters that are not there ---- */

static void
letter_without_ink_is_dropped(void **state)
{
	static const struct look looks[] = {
	    {"準じています", "準じ?しています", "準じています"},
	    {"みずほ職員", "みずほ?の職員", "みずほ職員"},
	    {"ひまわり職員", "ひまわり?の職員", "ひまわり職員"},
	    {"みずほの職員", "みずほのの職員", "みずほの職員"},
	    {"みずほの職員", "みずほの職員?が", "みずほの職員"},
	    {"みずほの職員", "?もみずほの職員", "みずほの職員"},
	    {"職員の氏名", "職員の?2氏名", "職員の氏名"},
	    {"のはい", "のはいい", "のはい"},
	};

	EXPECT_LOOKS(looks, 89);
}

static void
sign_without_ink_stays_if_it_is_sure(void **state)
{
	static const struct look looks[] = {
	    {"職員の氏名", "職員の?2氏名", "職員の2氏名"},
	    {"職員の氏名", "職員の氏名?。", "職員の氏名。"},
	    {"のは", "のは?い", "のはい"},
	};

	EXPECT_LOOKS(looks, 90);
}

/* The neighbours are not what was read, or ink stands between them. */
static void
letter_that_may_have_ink_stays(void **state)
{
	static const struct look looks[] = {
	    {"みずほ⇧職員", "みずほ々?の職員", "みずほ々の職員"},
	};

	EXPECT_LOOKS(looks, READ_UNSURE);
	expect_beside_stained("みず名職員が", 18, "みず名?の職員が", "みず名職員が");
	expect_beside_stained("みず名職員が", 26, "みず名?の職員が", "みず名の職員が");
}

/* Boxes of lines may lack a letter at either end: what was read there stays. */
static void
letters_beyond_the_box_stay(void **state)
{
	for (int end = 0; end < 2; end++) {
		struct printed p = print_line("曜日の時間");
		_cleanup_(words_free) struct words w = {0};
		const struct box *cut = &p.ink[end ? 4 : 0];
		struct box box = line_box(&p);

		box.w -= cut->w + 4;
		box.x += end ? 0 : cut->w + 4;
		read_print(&w, "曜日の時間", READ_UNSURE);
		w.lines[0].box = box;
		assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
		expect_reads(&w, 0, "曜日の時間");
		pixDestroy(&p.pix);
	}
}

/* Ruled lines of a line of print: what they cover, half size. */
static void
letters_that_ruled_lines_took_along_stay(void **state)
{
	static const struct look looks[] = {
	    {"第一回の水", "第一回の水", "第一回の水"},
	    {"第一回の水", "第ー回の水", "第ー回の水"},
	    {"第一回の水", "第?|回の水", "第|回の水"},
	    {"第一回の水", "第の回の水", "第回の水"},
	};

	for (size_t i = 0; i < sizeof looks / sizeof *looks; i++) {
		struct printed p = print_line(looks[i].drawn);
		_cleanup_(words_free) struct words w = {0};
		PIX *rules = pixCreate(pixGetWidth(p.pix) / 2, pixGetHeight(p.pix) / 2, 1);
		const struct box *ink = &p.ink[1];

		for (int y = ink->y / 2; y <= (ink->y + ink->h) / 2; y++)
			for (int x = ink->x / 2; x <= (ink->x + ink->w) / 2; x++)
				pixSetPixel(rules, x, y, 1);
		read_print(&w, looks[i].read, 50);
		assert_int_equal(letter_correct(p.pix, rules, NULL, &w), 0);
		expect_reads(&w, 0, looks[i].want);
		pixDestroy(&rules);
		pixDestroy(&p.pix);
	}
}

/* ---- where lines stand ---- */

static void
boxes_are_placed_over_letters(void **state)
{
	static const char *const texts[] = {"水疱がみられる。", "川の小さい順に、心の中で",
	    "特別養護老人ホーム", "いっしょにいる", "三二三二", "令和6年12月31日"};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		expect_placed(texts[i], 0);
		expect_placed(texts[i], 2 * EM);
		expect_placed(texts[i], -3 * EM);
	}
}

/* Of what stands above and below, the box holds a part. */
static void
rows_of_a_line_beside_do_not_matter(void **state)
{
	struct printed p = print_line("水疱がみられる"), other = {.pix = p.pix};
	_cleanup_(words_free) struct words w = {0};
	const struct box line = line_box(&p);

	print_at(&other, "訪問介護計画書", EM, EM, PRINT_LEFT, PRINT_TOP - EM - 6);
	print_at(&other, "同意書の写しを", EM, EM, PRINT_LEFT, PRINT_TOP + EM + 6);
	read_print(&w, "水?癒がみられる", READ_UNSURE);
	w.lines[0].box = (struct box){line.x, line.y - 12, line.w, line.h + 24};
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, "水疱がみられる");
	expect_in_place(&w, &p);
	pixDestroy(&p.pix);
}

/* A box cut close lacks the outermost pixels; what stands further off belongs to others. */
static void
box_may_be_cut_close(void **state)
{
	struct printed p = print_line("水疱がみられる");
	_cleanup_(words_free) struct words w = {0};
	struct box line = line_box(&p);

	bar(p.pix, line.x - 8, line.y, 3, line.h);
	bar(p.pix, line.x + line.w + 5, line.y, 3, line.h);
	read_print(&w, "?永疱がみられる", READ_UNSURE);
	w.lines[0].box = (struct box){line.x + 2, line.y + 3, line.w - 4, line.h - 6};
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, "水疱がみられる");
	expect_in_place(&w, &p);
	pixDestroy(&p.pix);
}

/* Two letters with a stroke from one into the next, as high as these pixels. */
static void
expect_parted(const char *text, size_t at, int thick)
{
	struct printed p = print_line(text);
	_cleanup_(words_free) struct words w = {0};
	const int from = p.ink[at].x + p.ink[at].w - 1;

	bar(p.pix, from, PRINT_TOP + EM / 2, p.ink[at + 1].x + 1 - from, thick);
	read_print(&w, text, READ_SURE);
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	expect_reads(&w, 0, text);
	for (size_t i = 0; i < p.n; i++) {
		assert_in_range(off(w.glyphs[i].box.x, p.ink[i].x), 0, 6);
		assert_in_range(off(w.glyphs[i].box.w, p.ink[i].w), 0, 10);
	}
	pixDestroy(&p.pix);
}

static void
letters_that_touch_are_parted(void **state)
{
	expect_parted("水疱がみられる", 0, 1);
	expect_parted("訪問介護事業所", 1, 2);
	expect_parted("訪問介護事業所", 5, 3);
	expect_parted("食べくる職員", 2, 2);
}

/* ---- lines of which nothing is said ---- */

/* Neither letters nor boxes change. */
static void
expect_untouched(PIX *pix, struct words *w)
{
	struct box boxes[PRINT_MAX];

	for (size_t i = 0; i < w->nglyphs; i++)
		boxes[i] = w->glyphs[i].box;
	assert_int_equal(letter_correct(pix, NULL, NULL, w), 0);
	for (size_t i = 0; i < w->nglyphs; i++)
		assert_memory_equal(&boxes[i], &w->glyphs[i].box, sizeof boxes[i]);
	for (size_t i = 0; i < w->nlines; i++)
		assert_null(w->lines[i].raw);
}

static void
expect_line_untouched(const char *drawn, const char *read)
{
	struct printed p = print_line(drawn);
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, read, READ_UNSURE);
	expect_untouched(p.pix, &w);
	pixDestroy(&p.pix);
}

static void
latin_lines_stay(void **state)
{
	static const struct look looks[] = {{"水疱のABCDEF", "水?癒のABCDEF", "水疱のABCDEF"},
	    {"水疱の123456789", "水?癒の123456789", "水疱の123456789"}};

	expect_line_untouched("水疱のABCDEFG", "水?癒のABCDEFG");
	expect_line_untouched("水疱がABCDEFGHIJKLMNOPQRST", "水?癒がABCDEFGHIJKLMNOPQRST");
	EXPECT_LOOKS(looks, READ_UNSURE);
}

/* Most letters look like others: the text is that of another line. */
static void
text_that_does_not_fit_stays(void **state)
{
	static const struct look looks[] = {
	    {"水疱が甲乙丙みられる", "水?癒が?家?選?柄み?わ?ねる", "水癒が家選柄みわねる"},
	    {"水疱が甲乙みられる者", "水?癒が?家?選み?われる者", "水疱が甲乙みられる者"},
	    {"水疱", "水?癒", "水疱"}};

	expect_line_untouched("水疱がみられる", "訪問介護計画書");
	EXPECT_LOOKS(looks, READ_UNSURE);
}

static void
line_without_ink_stays(void **state)
{
	_cleanup_(words_free) struct words none = {0};
	PIX *pix = blank(500, 200);

	expect_untouched(pix, &none);
	pixDestroy(&pix);
	expect_line_untouched("　　　　", "水疱がある");
}

/* A line of so many letters, one of them not what it looks like. */
static void
expect_long(int letters, bool mended)
{
	char text[3 * PRINT_MAX + 2] = "";
	struct printed p;
	_cleanup_(words_free) struct words w = {0};

	for (int i = 0; i < letters; i++)
		strcat(text, i % 2 == 0 ? "水" : "疱");
	p = print_line(text);
	read_print(&w, text, READ_SURE);
	strcpy(w.glyphs[99].text, "癒");
	w.glyphs[99].confidence = READ_UNSURE;
	assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
	assert_string_equal(w.glyphs[99].text, mended ? "疱" : "癒");
	pixDestroy(&p.pix);
}

static void
longer_lines_stay(void **state)
{
	expect_long(150, true);
	expect_long(151, false);
}

static void
vertical_lines_stay(void **state)
{
	struct printed p = print_line("水疱がみられる");
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, "水?癒がみられる", READ_UNSURE);
	w.lines[0].vertical = true;
	expect_untouched(p.pix, &w);
	pixDestroy(&p.pix);
}

/* All of them, or a part. */
static void
boxes_may_lie_off_the_sheet(void **state)
{
	static const struct box off_sheet[] = {{-900, 0, 300, 50}, {0, -900, 300, 50},
	    {5000, 60, 300, 50}, {60, 5000, 300, 50}, {0, 0, 0, 0}, {60, 60, -5, 40},
	    {60, 60, 300, -40}, {-50, 60, 40, 40}, {60, 60, 0, 40}, {420, 60, 300, 50}};
	struct printed p = print_line("水疱がみられる");

	for (size_t i = 0; i < sizeof off_sheet / sizeof *off_sheet; i++) {
		_cleanup_(words_free) struct words w = {0};

		read_print(&w, "水?癒がみられる", READ_UNSURE);
		w.lines[0].box = off_sheet[i];
		expect_untouched(p.pix, &w);
	}
	for (int by = 0; by < 2; by++) {
		_cleanup_(words_free) struct words w = {0};

		read_print(&w, "水?癒がみられる", READ_UNSURE);
		w.lines[0].box = by == 0 ? (struct box){0, PRINT_TOP - 10, 5000, EM + 20}
					 : (struct box){-40, -40, 5000, 5000};
		assert_int_equal(letter_correct(p.pix, NULL, NULL, &w), 0);
		expect_reads(&w, 0, "水疱がみられる");
		expect_in_place(&w, &p);
	}
	pixDestroy(&p.pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(look_alikes_are_mended),
	    cmocka_unit_test(all_of_a_line_is_looked_at),
	    cmocka_unit_test(what_was_read_rightly_stays),
	    cmocka_unit_test(sure_letters_need_more),
	    cmocka_unit_test(unknown_shapes_are_left),
	    cmocka_unit_test(unknown_ideographs_are_left),
	    cmocka_unit_test(letters_of_one_shape_are_left),
	    cmocka_unit_test(letters_of_one_shape_fit),
	    cmocka_unit_test(kana_of_smaller_print_are_left),
	    cmocka_unit_test(one_of_a_shape_is_written_over_others),
	    cmocka_unit_test(strokes_are_not_written),
	    cmocka_unit_test(part_of_a_letter_is_no_letter),
	    cmocka_unit_test(ink_beside_that_is_no_letter_vetoes),
	    cmocka_unit_test(letter_that_stands_beside_stays),
	    cmocka_unit_test(no_digit_of_an_amount_is_lost),
	    cmocka_unit_test(neighbours_must_be_letters),
	    cmocka_unit_test(marks_have_no_ink),
	    cmocka_unit_test(height_of_a_short_line_tells_little),
	    cmocka_unit_test(letter_without_ink_is_dropped),
	    cmocka_unit_test(sign_without_ink_stays_if_it_is_sure),
	    cmocka_unit_test(letter_that_may_have_ink_stays),
	    cmocka_unit_test(letters_beyond_the_box_stay),
	    cmocka_unit_test(letters_that_ruled_lines_took_along_stay),
	    cmocka_unit_test(boxes_are_placed_over_letters),
	    cmocka_unit_test(rows_of_a_line_beside_do_not_matter),
	    cmocka_unit_test(box_may_be_cut_close),
	    cmocka_unit_test(letters_that_touch_are_parted),
	    cmocka_unit_test(latin_lines_stay),
	    cmocka_unit_test(text_that_does_not_fit_stays),
	    cmocka_unit_test(line_without_ink_stays),
	    cmocka_unit_test(longer_lines_stay),
	    cmocka_unit_test(vertical_lines_stay),
	    cmocka_unit_test(boxes_may_lie_off_the_sheet),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
