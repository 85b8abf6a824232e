/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "ocr/letter_names.h"

#define TO_WIDE 0xfee0 /* from a letter of ASCII to its full-width form */

/* Letters of one shape, or of one but for its size, and by which name they go. */
static const uint32_t twins[][2] = {{U'•', U'・'}, {U'〜', U'～'}, {U'∼', U'～'}, {U'☐', U'□'},
    {U'◯', U'○'}, {U'«', U'≪'}, {U'»', U'≫'}, {U'►', U'▶'}, {U'◄', U'◀'}, {U'ⅰ', U'i'},
    {U'ⅴ', U'v'}, {U'ⅹ', U'x'}};
#define TWINS (sizeof twins / sizeof *twins)

uint32_t
letter_plain(uint32_t code)
{
	if (code >= 0xff01 && code < 0xff5e)
		return code - TO_WIDE;
	if (code_is_any(code, U"―—–−‐"))
		return U'ー';
	for (size_t i = 0; i < TWINS; i++)
		if (code == twins[i][0])
			return twins[i][1];
	return code;
}

uint32_t
letter_code(const struct glyph *g)
{
	return letter_plain(glyph_code(g));
}

float
letter_own_distance(const struct letter_point *p, const struct glyph *g)
{
	const uint32_t code = letter_code(g);
	float own = letter_distance(p, code);

	if (code < 0x7f)
		own = fminf(own, letter_distance(p, code + TO_WIDE));
	for (size_t i = 0; i < TWINS; i++)
		if (code == twins[i][1])
			own = fminf(own, letter_distance(p, twins[i][0]));
	return own;
}

/* Letters whose shape alone tells nothing, of 下 where its hairline is lost. */
static const uint32_t *const alike[] = {U"ー一-_―‐－~～", U"|lI1Ⅰi!丨J亅」", U"OoQ0○〇◦°。",
    U"口ロ□囗❏", U"カ力ヵ", U"く<〈", U"エ工ェ", U"ニ二", U"ト卜下", U"ハ八", U"タ夕", U"へヘ",
    U"べベ", U"ぺペ", U"りリ", U"ノ丿/", U"、丶ヽ,`'", U"・.●◦", U"×xX", U"vVⅤ", U"✓✔", U"≪《",
    U"≫》", U"〝〟″\"“”", U"✦✧◆◇", U"‖∥", U"日曰", U"〒丁T", U"つっ", U"ツッ", U"やゃ", U"ヤャ",
    U"ゆゅ", U"ユュ", U"よょ", U"ヨョ", U"あぁ", U"アァ", U"いぃ", U"イィ", U"うぅ", U"ウゥ",
    U"えぇ", U"おぉ", U"オォ", U"わゎ", U"ワヮ", U"ケヶ", U"高髙", U"崎﨑"};
#define ALIKE (sizeof alike / sizeof *alike)

bool
letters_are_alike(uint32_t a, uint32_t b)
{
	a = letter_plain(a);
	b = letter_plain(b);
	if (a == b)
		return true;
	for (size_t i = 0; i < ALIKE; i++)
		if (code_is_any(a, alike[i]) && code_is_any(b, alike[i]))
			return true;
	return false;
}

float
letter_alike_distance(const struct letter_point *p, const struct glyph *g)
{
	const uint32_t code = letter_code(g);
	float least = letter_own_distance(p, g);

	for (size_t i = 0; i < ALIKE; i++)
		if (code_is_any(code, alike[i]))
			for (const uint32_t *other = alike[i]; *other != 0; other++)
				least = fminf(least, letter_distance(p, *other));
	return least;
}
