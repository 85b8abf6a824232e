/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows how numbers are written and what ink strokes leave; everything else is in the table. */
#include <string.h>

#include "ocr/brackets.h"
#include "ocr/circles.h"
#include "ocr/engine.h"
#include "ocr/notation.h"
#include "ocr/notation_rules.h"
#include "ocr/pattern.h"

/* Shapes of ink, beside the height of the digits around it. A box higher than HIGH_MAX tells
 * nothing: it holds a neighbour's ink as well. */
#define HIGH_MAX 0.45
#define WAVE_MIN 0.16  /* a 〜 is so high at least; hyphens measured 0.03 to 0.14 */
#define COMMA_LONG 1.4 /* height by width; a point is round */
#define COMMA_BELOW 0.07

/* Width to height of an l: .04 to .29, of an L .44 to .77. */
#define STROKE_MAX 0.36

#define PLAIN_MAX 4   /* digits of a period's ends */
#define PART_MAX 2    /* letters of a word behind its ー, at most, but for one letter before it */
#define NUMERAL_MAX 4 /* strokes of III and its like */

static bool
is_letter(uint32_t code)
{
	return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
}

struct ink {
	double width, height, below; /* shares of the neighbours' height */
};

/* Ink of glyph at beside its neighbours: false when the boxes do not tell. */
static bool
see_ink(const struct words *w, const struct line *l, size_t at, struct ink *ret)
{
	const struct glyph *g = &w->glyphs[at];
	const struct box *b = &g->box;
	const struct box *a = at > l->first ? &g[-1].box : b;
	const struct box *c = at + 1 < l->first + l->count ? &g[1].box : a;
	int high = a->h > c->h ? a->h : c->h;
	int foot = a->y + a->h > c->y + c->h ? a->y + a->h : c->y + c->h;

	if (l->vertical || high <= 0 || b->h > HIGH_MAX * high)
		return false;
	*ret = (struct ink){
	    (double)b->w / high, (double)b->h / high, (double)(b->y + b->h - foot) / high};
	return true;
}

/* Where the ink does not tell, custom does: Japanese periods have a 〜, others a hyphen. */
static bool
wave(const struct words *w, const struct line *l, size_t at, bool by_custom)
{
	struct ink ink;

	if (!see_ink(w, l, at, &ink))
		return by_custom && l->model != ENGINE_LATIN;
	return ink.height >= WAVE_MIN && ink.width > ink.height;
}

/* Parts of dates, telephone numbers and addresses are joined by these. */
static bool
is_joint(uint32_t code)
{
	return code == '-' || code == U'～' || code == U'ー' || code == U'一';
}

/* The number right (step 1) or left (step -1) of glyph at; 0 when it is no plain one: it begins
 * with a zero, or more of its kind follow. */
static long
plain_number(const struct words *w, const struct line *l, size_t at, int step)
{
	long number = 0;
	int n = 0, first;

	while (n <= PLAIN_MAX && code_is_digit(pattern_code(w, l, at, step * (n + 1))))
		n++;
	first = step > 0 ? 1 : -n;
	if (n > PLAIN_MAX || is_joint(pattern_code(w, l, at, step * (n + 1))) ||
	    pattern_code(w, l, at, first) == '0')
		return 0;
	for (int i = 0; i < n; i++)
		number = number * 10 + (long)(pattern_code(w, l, at, first + i) - '0');
	return number;
}

/* 1～2, 360～489 */
static bool
ascends(const struct words *w, const struct line *l, size_t at)
{
	long a = plain_number(w, l, at, -1), b = plain_number(w, l, at, 1);

	return a > 0 && a < b;
}

static bool
is_lone(const struct words *w, const struct line *l, size_t at)
{
	for (size_t i = l->first; i < at; i++)
		if (glyph_code(&w->glyphs[i]) == '[')
			return false;
	return true;
}

/* A letter that is no part of a grade as IIa and IIb are. */
static bool
is_foreign(const struct words *w, const struct line *l, size_t at, int step)
{
	uint32_t code = pattern_code(w, l, at, step), before = pattern_code(w, l, at, step - 1);

	if (code == 'a' || code == 'b')
		return before != 'I' && before != 'l';
	return is_letter(code) && code != 'I';
}

/* II, IIIa: strokes of which one at least was read as I, with no other letters around them. */
static bool
in_numeral(const struct words *w, const struct line *l, size_t at)
{
	int first = 0, last = 0;
	bool certain = false;
	uint32_t code;

	while ((code = pattern_code(w, l, at, first - 1)) == 'I' || code == 'l' || code == '|')
		first--;
	while ((code = pattern_code(w, l, at, last + 1)) == 'I' || code == 'l' || code == '|')
		last++;
	for (int step = first; step <= last; step++)
		certain = certain || pattern_code(w, l, at, step) == 'I';
	if (!certain || last - first >= NUMERAL_MAX || is_foreign(w, l, at, first - 1))
		return false;
	code = pattern_code(w, l, at, last + 1);
	return !is_foreign(w, l, at, last + (code == 'a' || code == 'b' ? 2 : 1));
}

static bool
is_japanese(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (glyph_code(&w->glyphs[i]) >= U'ぁ')
			return true;
	return false;
}

/* How many digits stand right (step 1) or left (step -1) of glyph at. */
static int
digits_beside(const struct words *w, const struct line *l, size_t at, int step)
{
	int n = 0;

	while (code_is_digit(pattern_code(w, l, at, step * (n + 1))))
		n++;
	return n;
}

/* Of a Japanese line; EB2512 is no number. */
static bool
in_number(const struct words *w, const struct line *l, size_t at)
{
	return is_japanese(w, l) &&
	       !is_letter(pattern_code(w, l, at, -1 - digits_beside(w, l, at, -1)));
}

/* Between counts of a Japanese line; 0x20 is a number by itself, MX5X3 and 42X7-09 are names. */
static bool
may_multiply(const struct words *w, const struct line *l, size_t at)
{
	const int n = digits_beside(w, l, at, -1), behind = 1 + digits_beside(w, l, at, 1);

	return is_japanese(w, l) && (n != 1 || pattern_code(w, l, at, -1) != '0') &&
	       (n == 0 || !is_letter(pattern_code(w, l, at, -1 - n))) &&
	       pattern_code(w, l, at, behind) != '-';
}

static bool
speaks_of_warmth(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (strcmp(w->glyphs[i].text, "温") == 0 || strcmp(w->glyphs[i].text, "熱") == 0)
			return true;
	return false;
}

/* Grades of dependence are a letter of these and a digit. */
static bool
is_ungraded(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (pattern_fits("(JB)[9l]", w, l, i) || pattern_fits("(C)9", w, l, i) ||
		    pattern_fits("(度)", w, l, i))
			return false;
	return true;
}

static bool
is_unbroken(const struct words *w, const struct line *l, size_t at)
{
	return !w->glyphs[at].space && (at + 1 == l->first + l->count || !w->glyphs[at + 1].space);
}

/* A numeral stands before these: 一ヶ月, 二カ所 */
static bool
is_counted(const struct words *w, const struct line *l, size_t at)
{
	return at + 1 < l->first + l->count && (pattern_fits("(ヶヵ)", w, l, at + 1) ||
						   pattern_fits("(カケ)[月所年国]", w, l, at + 1));
}

/* Where columns are parted by strokes, there are several. */
static bool
is_sole(const struct words *w, const struct line *l, size_t at)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (i != at && glyph_is_same(&w->glyphs[i], &w->glyphs[at]))
			return false;
	return true;
}

/* ズレて, ムセて, ググって */
static bool
follows_verb(const struct words *w, const struct line *l, size_t at)
{
	return at > l->first && pattern_fits("(エェケゲセゼテデネベメレッ)", w, l, at - 1);
}

static bool
has_small_kana(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (code_is_any(glyph_code(&w->glyphs[i]), U"っゃゅょ"))
			return true;
	return false;
}

/* How many letters of katakana stand right (step 1) or left (step -1) of glyph at. */
static int
katakana_beside(const struct words *w, const struct line *l, size_t at, int step)
{
	int n = 0;

	for (uint32_t code;
	     code_is_katakana(code = pattern_code(w, l, at, step * (n + 1))) || code == U'ー';)
		n++;
	return n;
}

/* チ-ム, リュ-マチ, キ-など: a long word behind a stroke is one of its own (チャレンジ-レスポンス),
 * as is ケア, and items are counted ア-オ. No ン is prolonged. */
static bool
is_prolonged(const struct words *w, const struct line *l, size_t at)
{
	const int before = katakana_beside(w, l, at, -1), behind = katakana_beside(w, l, at, 1);
	const uint32_t code = pattern_code(w, l, at, -1), next = pattern_code(w, l, at, 1);

	if (code_is_any(code, U"ンッー") || code_is_any(next, U"ー") || !is_unbroken(w, l, at) ||
	    (next == U'ケ' && pattern_code(w, l, at, 2) == U'ア') ||
	    (before == 1 && code_is_any(code, U"アイウエオカ") && behind < 2))
		return false;
	return behind > 0 ? behind <= PART_MAX || before == 1
			  : code_is_any(next, U"がをにはのもでとやな");
}

/* Where イ begins this line or another, or stands alone in this one, ロ is the item behind it. */
static bool
is_item(const struct words *w, const struct line *l, size_t at)
{
	if (glyph_code(&w->glyphs[at]) != U'ロ')
		return false;
	for (size_t i = 0; i < w->nlines; i++)
		if (w->lines[i].count > 0 &&
		    pattern_fits("^(イ)!カ", w, &w->lines[i], w->lines[i].first))
			return true;
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (pattern_fits("!カ(イ)!カ", w, l, i))
			return true;
	return false;
}

static double
breadth(const struct glyph *g)
{
	return g->box.h > 0 ? (double)g->box.w / g->box.h : 1;
}

static bool
holds(enum guard guard, const struct words *w, const struct line *l, size_t at)
{
	switch (guard) {
	case ALWAYS:
		return true;
	case MAY_BE_WAVE:
		return wave(w, l, at, true);
	case IS_WAVE:
		return wave(w, l, at, false) && ascends(w, l, at);
	case LONE:
		return is_lone(w, l, at);
	case NUMERAL:
		return in_numeral(w, l, at);
	case JAPANESE:
		return is_japanese(w, l);
	case NUMBER:
		return in_number(w, l, at);
	case TIMES:
		return may_multiply(w, l, at);
	case WARM:
		return speaks_of_warmth(w, l);
	case UNGRADED:
		return is_ungraded(w, l);
	case GRADED:
		return !is_ungraded(w, l);
	case ASCENDING:
		return wave(w, l, at, true) && ascends(w, l, at);
	case UPRIGHT:
		return l->vertical;
	case UNBROKEN:
		return is_unbroken(w, l, at);
	case UNCOUNTED:
		return !is_counted(w, l, at);
	case NOUN:
		return !follows_verb(w, l, at);
	case SOLE:
		return is_sole(w, l, at);
	case PROLONGED:
		return is_prolonged(w, l, at);
	case SMALL:
		return has_small_kana(w, l);
	case BOX:
		return !is_item(w, l, at);
	case THIN:
		return breadth(&w->glyphs[at]) <= STROKE_MAX;
	case WIDE:
		return breadth(&w->glyphs[at]) > STROKE_MAX && breadth(&w->glyphs[at]) <= 1;
	}
	return false;
}

static int
mend_glyph(struct words *w, struct line *l, size_t at, const struct pattern_index *x)
{
	const uint32_t code = glyph_code(&w->glyphs[at]);

	for (size_t k = 0; (k = pattern_next(x, code, k)) < PATTERN_MAX; k++)
		if (pattern_fits(rules[k].pattern, w, l, at) && holds(rules[k].guard, w, l, at))
			return rules[k].meant[0] == '\0'
				   ? words_drop(w, l, at, rules[k].name)
				   : words_correct(w, l, at, rules[k].meant, rules[k].name);
	return 0;
}

/* A number as it stands in a line: digits, parted by points and commas. */
struct number {
	size_t first, end; /* glyphs */
	bool grouped;      /* one to three digits, then threes; no leading zero */
	bool has_comma;
};

static bool
is_separator(uint32_t code)
{
	return code == ',' || code == '.';
}

static struct number
take_number(const struct words *w, const struct line *l, size_t at)
{
	struct number n = {.first = at, .end = at, .grouped = glyph_code(&w->glyphs[at]) != '0'};
	size_t group = 0, groups = 0;

	for (; n.end < l->first + l->count; n.end++) {
		uint32_t code = glyph_code(&w->glyphs[n.end]);
		bool parts = is_separator(code) && code_is_digit(pattern_code(w, l, n.end, 1));

		if (!parts && !code_is_digit(code))
			break;
		if (!parts) {
			group++;
			continue;
		}
		n.has_comma = n.has_comma || code == ',';
		n.grouped = n.grouped && (groups == 0 ? group <= 3 : group == 3);
		groups++;
		group = 0;
	}
	n.grouped = n.grouped && groups > 0 && group == 3;
	return n;
}

/* The ink of a comma: longer than wide, and reaching below the line. */
static bool
is_comma(const struct ink *ink)
{
	return ink->height >= COMMA_LONG * ink->width && ink->below >= COMMA_BELOW;
}

/* Whether the words around a number count money or what is counted in thousands. */
static bool
counts(const struct words *w, const struct line *l, const struct number *n)
{
	uint32_t before = pattern_code(w, l, n->first, -1), after = pattern_code(w, l, n->end, 0);

	return before == U'¥' || before == U'￥' || before == '\\' || after == U'円' ||
	       (after == U'単' && pattern_code(w, l, n->end, 1) == U'位');
}

/*
 * A point that parts thousands is a comma: three digits follow and the number is grouped by another
 * comma, or its ink says so, or it does not tell and the number is money.
 */
static int
mend_number(struct words *w, struct line *l, const struct number *n)
{
	int r = 0;

	for (size_t i = n->first; r >= 0 && i < n->end; i++) {
		struct ink ink;
		bool three = code_is_digit(pattern_code(w, l, i, 1)) &&
			     code_is_digit(pattern_code(w, l, i, 2)) &&
			     code_is_digit(pattern_code(w, l, i, 3));

		if (glyph_code(&w->glyphs[i]) != '.' || !three)
			continue;
		if ((n->grouped && n->has_comma) ||
		    (see_ink(w, l, i, &ink) ? is_comma(&ink) : n->grouped && counts(w, l, n)))
			r = words_correct(w, l, i, ",", NOTATION_RULE);
	}
	return r;
}

static int
mend_numbers(struct words *w, struct line *l)
{
	size_t end = l->first + l->count;
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < end; i++) {
		struct number n;

		if (!code_is_digit(glyph_code(&w->glyphs[i])))
			continue;
		n = take_number(w, l, i);
		r = mend_number(w, l, &n);
		i = n.end;
	}
	return r;
}

int
notation_correct(struct words *w)
{
	struct pattern_index index = {0};
	int r = 0;

	_Static_assert(sizeof rules / sizeof *rules <= PATTERN_MAX, "index");
	for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
		pattern_add(&index, k, rules[k].pattern);
	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		struct line *l = &w->lines[i];

		r = mend_numbers(w, l);
		if (r >= 0)
			r = brackets_correct(w, l, NOTATION_RULE);
		if (r >= 0)
			r = brackets_quote(w, l, NOTATION_RULE);
		if (r >= 0)
			r = circles_correct(w, l, NOTATION_RULE);
		for (size_t at = l->first; r >= 0 && at < l->first + l->count;) {
			const size_t count = l->count;

			r = mend_glyph(w, l, at, &index);
			at += l->count == count; /* else the next one stands there now */
		}
	}
	return r;
}
