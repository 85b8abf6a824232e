/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where a numeral is called for, and which ink there is one. */
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/pattern.h"
#include "ocr/pitch.h"
#include "ocr/roman.h"
#include "ocr/roman_shape.h"

#define GLYPHS_MOST 3 /* that one numeral was read as */
#define SPANS_MOST 16 /* pieces along the line that are looked at */
#define BESIDE 0.3    /* of the line's height: boxes may be off by so much */
#define HIGH 0.6      /* of the height of the ink around: a numeral at least */
#define OFF 0.8       /* likewise: the numeral from the middle of what was read */
#define NEAR 0.4      /* likewise: from stroke to stroke */

static const char *const numerals[] = {"", "Ⅰ", "Ⅱ", "Ⅲ"};

/* What was read of the numeral: glyphs [first, end), with these around them. */
struct place {
	size_t first, end;
	int least; /* strokes: of fewer it may be a digit */
};

/* Headings of accounts that are numbered so, as their patterns are laid down. */
static const char *const headings[] = {"(経)常収益", "(経)常費用", "(経)常外", "(資)産の部",
    "(負)債の部", "(正)味財産", "(事)業活動収支", "(投)資活動収支", "(財)務活動収支"};

/* What several glyphs are read from one numeral; one alone may be any ideograph. */
static bool
may_stand_for_numeral(uint32_t code)
{
	return code_is_any(code, U"1lI|TLUEHエ工ⅠⅡⅢ!]['");
}

/* Glyphs behind at that may be a numeral, and after them what ends it: 加算(…), 費…, 度…a */
static bool
find_place(const struct words *w, const struct line *l, size_t at, struct place *ret)
{
	const uint32_t before = glyph_code(&w->glyphs[at]);
	const bool round = pattern_code(w, l, at, 1) == '(', grade = before == U'度';
	uint32_t after;

	if (before != U'算' && before != U'費' && !grade && !(round && before == U'・'))
		return false;
	ret->least = 1;
	ret->first = at + (round ? 2 : 1);
	ret->end = ret->first;
	while (ret->end < ret->first + GLYPHS_MOST &&
	       may_stand_for_numeral(pattern_code(w, l, ret->end, 0)))
		ret->end++;
	if (ret->end == ret->first && code_is_ideograph(pattern_code(w, l, ret->end, 0)))
		ret->end++;
	after = pattern_code(w, l, ret->end, 0);
	if (ret->end == ret->first)
		return false;
	if (round)
		return after == ')';
	if (grade)
		return after == 'a' || after == 'b';
	return after == 0 || after == 'i' || after == U'イ' || after == U'ロ';
}

/* Where a line begins with what may be a numeral and a heading behind it. */
static bool
find_heading(const struct words *w, const struct line *l, struct place *ret)
{
	bool digits = true;

	*ret = (struct place){l->first, l->first, 1};
	for (; ret->end < ret->first + GLYPHS_MOST &&
	       may_stand_for_numeral(pattern_code(w, l, ret->end, 0));
	     ret->end++)
		digits = digits && glyph_code(&w->glyphs[ret->end]) == '1';
	if (ret->end == ret->first || ret->end == l->first + l->count)
		return false;
	for (size_t k = 0; k < sizeof headings / sizeof *headings; k++)
		if (pattern_fits(headings[k], w, l, ret->end))
			return true;
	ret->least = 2;
	return !digits && code_is_ideograph(pattern_code(w, l, ret->end, 0));
}

/* With the letters before and behind. */
static struct box
around(const struct words *w, const struct line *l, const struct place *p)
{
	const int beside = (int)(BESIDE * l->box.h);
	const struct box *a = &w->glyphs[p->first > l->first ? p->first - 1 : p->first].box,
			 *z = &w->glyphs[p->end - 1].box;
	int from = a->x - beside, to = z->x + z->w + 2 * beside;

	if (p->end < l->first + l->count)
		to = w->glyphs[p->end].box.x + w->glyphs[p->end].box.w + beside;
	from = from < 0 ? 0 : from;
	return (struct box){from, l->box.y, to - from, l->box.h};
}

/* Of all ink: a line's box may be far higher. */
static int
high(PIX *ink)
{
	BOX *box = NULL;
	l_int32 h = 0;

	if (pixClipToForeground(ink, NULL, &box) == 0 && box != NULL)
		boxGetGeometry(box, NULL, NULL, NULL, &h);
	boxDestroy(&box);
	return h;
}

/* Whole pieces of ink along the line: what a side of the picture cuts is none. */
static int
find_spans(PIX *ink, struct span *ret)
{
	struct span all[SPANS_MOST + 2];
	const int found = cutting_spans(ink, false, all, SPANS_MOST + 2);
	int n = 0;

	for (int i = 0; i < found && n < SPANS_MOST; i++)
		if (all[i].from > 0 && all[i].to < pixGetWidth(ink))
			ret[n++] = all[i];
	return n;
}

static int
count_strokes(PIX *ink, struct span s, int whole, struct box *ret)
{
	PIX *part = cutting(ink, (struct box){s.from, 0, s.to - s.from, pixGetHeight(ink)}),
	    *close = NULL;
	BOX *box = NULL;
	int n = 0;

	if (part != NULL && pixClipToForeground(part, &close, &box) == 0 && close != NULL)
		boxGetGeometry(box, &ret->x, &ret->y, &ret->w, &ret->h);
	if (close != NULL && pixGetHeight(close) >= HIGH * whole)
		n = roman_strokes(close);
	ret->x += s.from;
	boxDestroy(&box);
	pixDestroy(&close);
	pixDestroy(&part);
	return n;
}

/* Whether span a stands so near to b that it is one more stroke of it. */
static bool
is_more(PIX *ink, struct span a, struct span b, int whole)
{
	struct box box = {0};

	return a.from - b.to < NEAR * whole && b.from - a.to < NEAR * whole &&
	       count_strokes(ink, a, whole, &box) > 0;
}

/* The most strokes that are one numeral near x; 0: none, or there are more of them. */
static int
find_numeral(PIX *ink, int x, int whole, struct box *ret)
{
	struct span spans[SPANS_MOST];
	const int n = find_spans(ink, spans);
	int most = 0;
	bool more = false;

	for (int i = 0; i < n; i++)
		for (int k = i; k < n && k < i + ROMAN_MOST; k++) {
			const struct span s = {spans[i].from, spans[k].to};
			struct box b = {0};
			const int strokes = abs((s.from + s.to) / 2 - x) > OFF * whole
						? 0
						: count_strokes(ink, s, whole, &b);

			if (strokes <= most)
				continue;
			most = strokes;
			*ret = b;
			more = (i > 0 && is_more(ink, spans[i - 1], s, whole)) ||
			       (k + 1 < n && is_more(ink, spans[k + 1], s, whole));
		}
	return more ? 0 : most;
}

static int
mend(PIX *grey, PIX *rules, struct words *w, struct line *l, const struct place *p)
{
	struct box b = around(w, l, p), found = {0};
	const struct box *a = &w->glyphs[p->first].box, *z = &w->glyphs[p->end - 1].box;
	const bool whole = pattern_code(w, l, p->end, 0) == ')'; /* nothing else between brackets */
	PIX *ink = cutting_ink(grey, rules, &b);
	int n = 0, r;

	if (ink != NULL)
		n = find_numeral(ink, (a->x + z->x + z->w) / 2 - b.x, high(ink), &found);
	pixDestroy(&ink);
	if (n < p->least)
		return 0;
	found.x += b.x;
	found.y += b.y;
	r = words_correct(w, l, p->first, numerals[n], ROMAN_RULE);
	for (size_t i = p->end - 1; r >= 0 && i > p->first; i--)
		if (whole || pitch_middle(&w->glyphs[i]) < found.x + found.w + found.h / 5)
			r = words_drop(w, l, i, ROMAN_RULE);
	w->glyphs[p->first].box = found;
	return r;
}

int
roman_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];
		struct place p;

		if (!l->vertical && find_heading(w, l, &p))
			r = mend(grey, rules, w, l, &p);
		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++)
			if (find_place(w, l, i, &p))
				r = mend(grey, rules, w, l, &p);
	}
	return r;
}
