/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Goes by the letters alone, which are a, b, a, b and, in the end, M. */
#include "ocr/grades.h"
#include "ocr/pattern.h"

#define LETTERS 4      /* a, b, a, b */
#define NUMERAL_MOST 5 /* glyphs that one numeral is read as */
#define GAP 0.3        /* of the line's height, between two numerals: at least */
#define LAST_MOST 6    /* from the last of the letters to M: Ⅳ and boxes */

/* What numerals are read as; boxes lie between them. */
static bool
may_be_numeral(uint32_t code)
{
	return code_is_any(code, U"1lI|TLUEHエ工ⅠⅡⅢmnM皿II!]['");
}

static bool
is_box(uint32_t code)
{
	return code_is_any(code, U"□☑■");
}

/* Whether from glyph at on nothing but numerals and boxes lead to letter; *ret is its place. */
static bool
leads_to(const struct words *w, const struct line *l, size_t at, uint32_t letter, size_t *ret)
{
	size_t numerals = 0;

	for (size_t i = at; i < l->first + l->count && i < at + NUMERAL_MOST + 2; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		*ret = i;
		if (code == letter)
			return numerals > 0;
		if (!may_be_numeral(code) && !is_box(code))
			return false;
		numerals += may_be_numeral(code);
	}
	return false;
}

/* From the last of the letters: Ⅳ M, with boxes. */
static bool
ends_scale(const struct words *w, const struct line *l, size_t at)
{
	for (size_t i = at + 1; i < l->first + l->count && i <= at + LAST_MOST; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		if (code == 'M')
			return i > at + 1;
		if (!is_box(code) && !may_be_numeral(code) && !code_is_any(code, U"ⅣVNWvYN"))
			return false;
	}
	return false;
}

/* Places of the four letters, if the scale's second grade begins at glyph at. */
static bool
is_scale(const struct words *w, const struct line *l, size_t at, size_t *letters)
{
	for (int k = 0; k < LETTERS; k++) {
		if (!leads_to(w, l, at, k % 2 == 0 ? 'a' : 'b', &letters[k]))
			return false;
		at = letters[k] + 1;
	}
	return ends_scale(w, l, letters[LETTERS - 1]);
}

/* Where Ⅱ begins before the first letter: behind a box, or behind the widest gap, for Ⅰ is before
 * it. */
static size_t
second_from(const struct words *w, const struct line *l, size_t letter)
{
	size_t first = letter, best;
	int widest = (int)(GAP * l->box.h);

	while (first > l->first && may_be_numeral(pattern_code(w, l, first, -1)) &&
	       letter - first < NUMERAL_MOST)
		first--;
	if (is_box(pattern_code(w, l, first, -1)) && may_be_numeral(pattern_code(w, l, first, -2)))
		return first;
	best = first;
	for (size_t i = first + 1; i < letter; i++) {
		const int gap = glyph_gap(&w->glyphs[i]);

		if (gap > widest) {
			widest = gap;
			best = i;
		}
	}
	return best;
}

/* One numeral in glyphs [from, letter), of which boxes stay. */
static int
write_numeral(struct words *w, struct line *l, size_t from, size_t letter, const char *text)
{
	size_t last = letter;
	int r = 0;

	for (size_t i = letter; r >= 0 && i-- > from;) {
		if (is_box(glyph_code(&w->glyphs[i])))
			continue;
		if (last == letter)
			r = words_correct(w, l, i, text, GRADES_RULE);
		else
			r = words_drop(w, l, i, GRADES_RULE);
		last = i;
	}
	return r;
}

/* From the last to the first, for glyphs go. */
static int
mend(struct words *w, struct line *l, size_t from, const size_t *letters)
{
	static const char *const numerals[LETTERS] = {"Ⅱ", "Ⅱ", "Ⅲ", "Ⅲ"};
	int r = 0;

	for (int k = LETTERS - 1; r >= 0 && k >= 0; k--)
		r = write_numeral(
		    w, l, k == 0 ? from : letters[k - 1] + 1, letters[k], numerals[k]);
	return r;
}

int
grades_correct(struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];
		size_t letters[LETTERS];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			if (!is_scale(w, l, i, letters))
				continue;
			r = mend(w, l, second_from(w, l, letters[0]), letters);
			break;
		}
	}
	return r;
}
