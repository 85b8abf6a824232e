/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Patterns are constants of this program: one that cannot be parsed fits nothing. */
#include <string.h>

#include "ocr/pattern.h"
#include "text.h"

#define EDGE 0 /* code of what lies beyond a line's ends */

uint32_t
pattern_code(const struct words *w, const struct line *l, size_t at, int step)
{
	size_t i = at + (size_t)step; /* wraps round below zero: then it is no place of the line */

	return i >= l->first && i < l->first + l->count ? glyph_code(&w->glyphs[i]) : EDGE;
}

/* Most are of one byte or of three. */
static uint32_t
next(const char **p)
{
	const uint8_t *b = (const uint8_t *)*p;
	uint32_t code = 0;
	int used;

	if (b[0] < 0x80) {
		*p += b[0] != 0;
		return b[0];
	}
	if ((b[0] & 0xf0) == 0xe0 && (b[1] & 0xc0) == 0x80 && (b[2] & 0xc0) == 0x80) {
		*p += 3;
		return (uint32_t)(b[0] & 15) << 12 | (uint32_t)(b[1] & 63) << 6 | (b[2] & 63);
	}
	used = utf8_decode(*p, strlen(*p), &code);
	if (used > 0)
		*p += used;
	return code;
}

static bool
in_class(uint32_t element, uint32_t code)
{
	switch (element) {
	case '9':
		return code_is_digit(code);
	case U'英':
		return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
	case U'漢':
		return code_is_ideograph(code) || code == U'々';
	case U'カ':
		return code_is_katakana(code) || code == U'ー';
	case U'か':
		return code_is_hiragana(code);
	case '^':
	case '$':
		return code == EDGE;
	default:
		return code == element;
	}
}

/* One element of the pattern against one glyph; moves on behind the element. */
static bool
fits(const char **p, uint32_t code)
{
	uint32_t element = next(p), end;
	bool negated = element == '!', found = false;

	if (negated)
		element = next(p);
	if (element != '[' && element != '(')
		return in_class(element, code) != negated;
	end = element == '[' ? ']' : ')';
	if (element == '(' && **p == '!') {
		next(p);
		negated = true;
		found = !in_class(U'漢', code);
	}
	while (**p != '\0') {
		uint32_t one = next(p);

		if (one == end)
			break;
		found = found || (end == ')' ? one == code : in_class(one, code));
	}
	return found != negated;
}

/* Where the element of the glyph in question begins; NULL: nowhere. */
static const char *
itself(const char *pattern)
{
	while (pattern != NULL && *pattern != '(') {
		if (*pattern == '\0')
			return NULL;
		pattern = *pattern == '[' ? strchr(pattern, ']') : pattern + 1;
	}
	return pattern;
}

bool
pattern_fits(const char *pattern, const struct words *w, const struct line *l, size_t at)
{
	const char *p = itself(pattern), *start = p;
	int before = 0;

	/* Most fail at the glyph itself. */
	if (p == NULL || !fits(&p, pattern_code(w, l, at, 0)))
		return false;
	for (const char *q = pattern; q < start; before++)
		fits(&q, EDGE);
	for (int step = 1; *p != '\0'; step++)
		if (!fits(&p, pattern_code(w, l, at, step)))
			return false;
	for (int step = -before; step < 0; step++)
		if (!fits(&pattern, pattern_code(w, l, at, step)))
			return false;
	return true;
}

static void
add_letter(struct pattern_index *x, size_t k, uint32_t code)
{
	x->sets[code % PATTERN_KINDS][k / 64] |= UINT64_C(1) << k % 64;
}

void
pattern_add(struct pattern_index *x, size_t k, const char *pattern)
{
	const char *p = itself(pattern);
	uint32_t code;

	if (p == NULL)
		return;
	next(&p);
	if (*p == '!') /* hardly a letter that it does not fit */
		for (code = 0; code < PATTERN_KINDS; code++)
			add_letter(x, k, code);
	while (*p != '\0' && (code = next(&p)) != ')')
		add_letter(x, k, code);
}

size_t
pattern_next(const struct pattern_index *x, uint32_t code, size_t k)
{
	const uint64_t *set = x->sets[code % PATTERN_KINDS];

	for (; k < PATTERN_MAX; k += 64 - k % 64) {
		const uint64_t left = set[k / 64] >> k % 64;

		if (left != 0)
			return k + (size_t)__builtin_ctzll(left);
	}
	return PATTERN_MAX;
}
