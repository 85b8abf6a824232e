/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Knows where numbers have their zeros, and looks at no ink: both are printed alike. */
#include <stdio.h>

#include "ocr/circles.h"
#include "ocr/pattern.h"

#define GROUP 3    /* digits behind 、 of a number */
#define RUN_MAX 40 /* circles that are counted each way; more draw a line */

/* What is counted or marked with one circle, also by a large O: initials are before others. */
#define ONE_BEFORE U"年月日回週ヶ印"
/* No small letter is before these. */
#define SMALL_BEFORE U"年月日回週ヶ印円人件個枚台本名様殿氏市県町"
#define BETWEEN U"(（[「『【、。・:：)）]」』】" /* what circles may stand beside */

/* Circles side by side, as steps from the one in question. */
struct run {
	int first, last;
};

static bool
is_circle(uint32_t code)
{
	return code == U'〇' || code == U'○';
}

static bool
is_digit(uint32_t code)
{
	return code_is_any(code, U"一二三四五六七八九");
}

static struct run
run_of(const struct words *w, const struct line *l, size_t at)
{
	struct run r = {0, 0};

	while (r.first > -RUN_MAX && is_circle(pattern_code(w, l, at, r.first - 1)))
		r.first--;
	while (r.last < RUN_MAX && is_circle(pattern_code(w, l, at, r.last + 1)))
		r.last++;
	return r;
}

/* 三〇〇; 同一, 唯一 and the like are no numbers, and 問一 ○ is marked as right. */
static bool
follows_digit(const struct words *w, const struct line *l, size_t at, int first)
{
	const uint32_t before = pattern_code(w, l, at, first - 1);

	return is_digit(before) &&
	       !(pattern_code(w, l, at, first - 2) == U'問' &&
		   words_begins_item(w, l, at + first)) &&
	       (before != U'一' || !code_is_any(pattern_code(w, l, at, first - 2), U"同唯統単均"));
}

/* 〇〇〇, 〇〇五, but no more and no fewer digits */
static bool
is_group(const struct words *w, const struct line *l, size_t at, struct run r)
{
	int last = r.last;

	while (last - r.first < GROUP && is_digit(pattern_code(w, l, at, last + 1)))
		last++;
	return last - r.first + 1 == GROUP;
}

/* 一・〇, 一、〇〇〇 */
static bool
is_part(const struct words *w, const struct line *l, size_t at, struct run r)
{
	const uint32_t before = pattern_code(w, l, at, r.first - 1);
	const bool number = is_digit(pattern_code(w, l, at, r.first - 2)) ||
			    is_circle(pattern_code(w, l, at, r.first - 2));

	return number && (before == U'・' || (before == U'、' && is_group(w, l, at, r)));
}

/* 百〇五 */
static bool
is_inner(const struct words *w, const struct line *l, size_t at, struct run r)
{
	return r.first == r.last && code_is_any(pattern_code(w, l, at, -1), U"百千万") &&
	       is_digit(pattern_code(w, l, at, 1));
}

/* 〇歳児, but ○歳 is an age left open */
static bool
is_infant(const struct words *w, const struct line *l, size_t at, struct run r)
{
	return r.first == r.last && code_is_any(pattern_code(w, l, at, 1), U"歳才") &&
	       pattern_code(w, l, at, 2) == U'児';
}

/* 〇・五, and telephone numbers: 〇三-, 〇四五; but ○一部, ○二階 */
static bool
begins_number(const struct words *w, const struct line *l, size_t at, struct run r)
{
	const uint32_t next = pattern_code(w, l, at, r.last + 1),
		       then = pattern_code(w, l, at, r.last + 2);

	if (r.first != r.last)
		return false;
	return code_is_any(next, U"・．.") ? is_digit(then)
					   : is_digit(next) && (is_digit(then) || is_circle(then) ||
								   code_is_any(then, U"-―－‐"));
}

bool
circles_are_zero(const struct words *w, const struct line *l, size_t at)
{
	const struct run r = run_of(w, l, at);

	return follows_digit(w, l, at, r.first) || is_part(w, l, at, r) || is_inner(w, l, at, r) ||
	       begins_number(w, l, at, r) || is_infant(w, l, at, r);
}

void
circles_name(struct words *w)
{
	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *l = &w->lines[n];

		for (size_t i = l->first; i < l->first + l->count; i++) {
			struct glyph *g = &w->glyphs[i];

			if (is_circle(glyph_code(g)))
				snprintf(g->text, sizeof g->text, "%s",
				    circles_are_zero(w, l, i) ? "〇" : "○");
		}
	}
}

static bool
is_o(uint32_t code)
{
	return code == 'O' || code == 'o';
}

static bool
is_japanese(uint32_t code)
{
	return code_is_japanese(code) || code == U'々' || code == U'ー';
}

static bool
may_be_beside(uint32_t code)
{
	return code == 0 || is_japanese(code) || code_is_any(code, BETWEEN);
}

/* ^o月, 計o回, 平成o$ */
static bool
is_one(uint32_t before, uint32_t o, uint32_t next)
{
	if (next == 0)
		return code_is_any(before, U"年月成和");
	return (before == 0 || before == U'、' || is_japanese(before)) &&
	       code_is_any(next, o == 'o' ? SMALL_BEFORE : ONE_BEFORE);
}

/* Whether the Os at steps up to end (not with it) stand for circles. */
static bool
stand_open(const struct words *w, const struct line *l, size_t at, int end)
{
	const uint32_t before = pattern_code(w, l, at, -1), next = pattern_code(w, l, at, end);

	if (end == 1)
		return is_one(before, pattern_code(w, l, at, 0), next);
	if (before == 0 && end == 2) /* OO設計 */
		return code_is_any(next, SMALL_BEFORE);
	return may_be_beside(before) && may_be_beside(next) &&
	       (is_japanese(before) || is_japanese(next));
}

static bool
is_hollow(uint32_t code)
{
	return is_o(code) || is_circle(code);
}

int
circles_correct(struct words *w, struct line *l, const char *rule)
{
	int r = 0, n;

	for (size_t at = l->first; r >= 0 && at < l->first + l->count; at += (size_t)n) {
		bool open;

		for (n = 0; is_hollow(pattern_code(w, l, at, n));)
			n++;
		open = n > 0 && stand_open(w, l, at, n);
		for (int i = 0; r >= 0 && open && i < n; i++)
			if (is_o(pattern_code(w, l, at, i)))
				r = words_correct(w, l, at + (size_t)i, "○", rule);
		n += n == 0;
	}
	return r;
}
