/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows places alone: the ink of a box was not clear, or it would have been lifted off. */
#include <stdlib.h>

#include "ocr/boxes.h"
#include "ocr/pattern.h"

#define ALIGNED                                                                                    \
	0.5 /* of the line's height: boxes of one column are off each other by so much at most */
#define TOGETHER 2 /* boxes: a lone one may be a letter */

/* 口座, 口腔, 口内炎, 口から, ロビー; but 内科, 外科 and からだ */
static bool
is_word(const struct words *w, const struct line *l, size_t at)
{
	const uint32_t next = pattern_code(w, l, at, 1);

	if (code_is_any(next, U"内外") && pattern_code(w, l, at, 2) == U'科')
		return false;
	if (next == U'か')
		return pattern_code(w, l, at, 2) == U'ら' && pattern_code(w, l, at, 3) != U'だ';
	return code_is_katakana(next) || next == U'ー' ||
	       code_is_any(next, U"座腔頭述径数癖実論唇紅内外調上伝火蹄語臭渇角元蓋のをに");
}

/* 口コミ */
static bool
is_review(const struct words *w, const struct line *l, size_t at)
{
	return pattern_code(w, l, at, 1) == U'コ' && pattern_code(w, l, at, 2) == U'ミ';
}

static bool
is_choice(uint32_t code)
{
	return code_is_ideograph(code) || code_is_hiragana(code) || code_is_digit(code) ||
	       code_is_circled(code);
}

static bool
is_box(const struct words *w, size_t at)
{
	return code_is_any(glyph_code(&w->glyphs[at]), U"□☑");
}

/* Read as a letter, and may be a box, as far as its own place tells. */
static bool
may_be_box(const struct words *w, const struct line *l, size_t at)
{
	return code_is_any(glyph_code(&w->glyphs[at]), U"口ロ") &&
	       is_choice(pattern_code(w, l, at, 1)) && !is_word(w, l, at) &&
	       words_begins_item(w, l, at);
}

/* Other words that begin with 口, and 口が; but がん. */
static bool
is_rare_word(const struct words *w, const struct line *l, size_t at)
{
	const uint32_t next = pattern_code(w, l, at, 1);

	return is_word(w, l, at) || (next == U'が' && pattern_code(w, l, at, 2) != U'ん') ||
	       code_is_any(next,
		   U"演授碑承達説車止利答寄移当添裏金幅切入取振減汚惜走舌吻慣約先笛絵髭"
		   U"分軽直真呼輪底周峡狭部側縁封喧");
}

/* (口 beside a box that was lifted off. */
static bool
is_in_bracket(const struct words *w, const struct line *l, size_t at)
{
	return glyph_code(&w->glyphs[at]) == U'口' && pattern_code(w, l, at, -1) == '(' &&
	       is_choice(pattern_code(w, l, at, 1)) && !is_rare_word(w, l, at) &&
	       at == l->first + 1;
}

/* 口 after a sign, or between choices too close for a gap: 軽口中口重, but 窓口, 入口. */
static bool
may_be_close(const struct words *w, const struct line *l, size_t at)
{
	const uint32_t before = pattern_code(w, l, at, -1), next = pattern_code(w, l, at, 1);

	if (glyph_code(&w->glyphs[at]) != U'口')
		return false;
	if (code_is_any(before, U"(（[〔→⇒:：=＝"))
		return (is_choice(next) && !is_word(w, l, at)) ||
		       (code_is_katakana(next) && !is_review(w, l, at));
	return code_is_any(before, U"軽中重左右有無良") && !is_word(w, l, at) &&
	       code_is_any(next, U"軽中重左右有無良不");
}

/* 口 of choices within others, (口特定・口専門: behind a bracket or a dot, and of no word. */
static bool
is_within(const struct words *w, const struct line *l, size_t at)
{
	return glyph_code(&w->glyphs[at]) == U'口' &&
	       code_is_any(pattern_code(w, l, at, -1), U"(（・") &&
	       code_is_ideograph(pattern_code(w, l, at, 1)) && !is_rare_word(w, l, at) &&
	       !code_is_any(pattern_code(w, l, at, 1), U"中咽喉頬鼻目耳開閉気");
}

/* ・口東京: an item of a list, with a box of its own. */
static bool
is_listed(const struct words *w, const struct line *l)
{
	return l->count > 2 && glyph_code(&w->glyphs[l->first]) == U'・' &&
	       is_within(w, l, l->first + 1);
}

/* One of イ, ロ, ハ. */
static bool
is_enumerated(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (code_is_any(glyph_code(&w->glyphs[i]), U"イハ") && words_begins_item(w, l, i) &&
		    !code_is_katakana(pattern_code(w, l, i, 1)))
			return true;
	return false;
}

static size_t
boxes_of_row(const struct words *w, const struct line *l)
{
	size_t n = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		n += is_box(w, i) || may_be_box(w, l, i);
	return n;
}

/* Those that were lifted off. */
static size_t
sure_boxes(const struct words *w, const struct line *l)
{
	size_t n = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		n += is_box(w, i);
	return n;
}

/* What a ticked one is read as, before a number. */
static bool
may_be_ticked(const struct words *w, const struct line *l)
{
	return code_is_any(glyph_code(&w->glyphs[l->first]), U"図品囚国") &&
	       code_is_circled(pattern_code(w, l, l->first, 1));
}

/* Whether m begins where l does. */
static bool
begins_with(const struct words *w, const struct line *m, const struct line *l)
{
	return !m->vertical && m->count > 0 &&
	       abs(w->glyphs[m->first].box.x - w->glyphs[l->first].box.x) <= ALIGNED * l->box.h;
}

/* How many lines begin with a box where l begins; 0 where items are イ, ロ, ハ. */
static size_t
boxes_of_column(const struct words *w, const struct line *l)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nlines; i++) {
		const struct line *m = &w->lines[i];

		if (!begins_with(w, m, l))
			continue;
		if (is_enumerated(w, m))
			return 0;
		n += is_box(w, m->first) || may_be_box(w, m, m->first) || may_be_ticked(w, m);
	}
	return n;
}

/* How many such items begin where l begins. */
static size_t
listed_of_column(const struct words *w, const struct line *l)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nlines; i++) {
		const struct line *m = &w->lines[i];

		if (m->count > 2 && begins_with(w, m, l))
			n += is_listed(w, m) ||
			     (glyph_code(&w->glyphs[m->first]) == U'・' && is_box(w, m->first + 1));
	}
	return n;
}

/* Whether boxes within others are beside a sure one, with another of either. */
static bool
has_within(const struct words *w, const struct line *l)
{
	size_t n = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		n += is_within(w, l, i);
	return sure_boxes(w, l) > 0 && n + sure_boxes(w, l) > TOGETHER;
}

static int
mend_line(struct words *w, struct line *l)
{
	const bool row = !is_enumerated(w, l) && boxes_of_row(w, l) >= TOGETHER,
		   sure = sure_boxes(w, l) >= TOGETHER, within = has_within(w, l);
	int r = 0;

	if (may_be_ticked(w, l) && boxes_of_column(w, l) >= TOGETHER)
		r = words_correct(w, l, l->first, "☑", BOXES_RULE);
	if (r >= 0 && is_listed(w, l) && listed_of_column(w, l) >= TOGETHER)
		r = words_correct(w, l, l->first + 1, "□", BOXES_RULE);
	for (size_t i = l->first; r >= 0 && i < l->first + l->count; i++)
		if ((sure && may_be_close(w, l, i)) || (within && is_within(w, l, i)) ||
		    (sure_boxes(w, l) > 0 && is_in_bracket(w, l, i)) ||
		    (may_be_box(w, l, i) &&
			(row || (i == l->first && boxes_of_column(w, l) >= TOGETHER))))
			r = words_correct(w, l, i, "□", BOXES_RULE);
	return r;
}

int
boxes_correct(struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++)
		if (!w->lines[n].vertical && w->lines[n].count > 0)
			r = mend_line(w, &w->lines[n]);
	return r;
}
