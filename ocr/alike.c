/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every letter of the words known here is an ideograph, three bytes of UTF-8. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/alike.h"
#include "ocr/alike_words.h"
#include "text.h"

#define LETTER 3    /* bytes */
#define WORD_MAX 8  /* letters */
#define DOUBTFUL 97 /* confidence below which a letter may be another */
#define OTHER_MAX 2 /* letters of a word that are read as others */
#define LONG_MIN 4  /* letters of a word that short words in it do not forbid */
#define READ_MIN 3  /* letters of a word read, where another looks like none of it */

#define IDEOGRAPH 0x4e00 /* the first one */
#define IDEOGRAPHS 0x5200

/* A word of the table, or a letter with those that look alike. */
struct entry {
	const char *text;
	size_t n; /* letters */
};

/* A letter of a word: the word, where in it, and whether something may be mended to be that word.
 */
struct spot {
	struct entry word;
	size_t place;
	bool meant;
};

/* All letters of all words, those of one ideograph side by side: a word is looked for only where a
 * letter of it was read. */
struct index {
	struct spot spots[(sizeof alike_words + sizeof alike_right) / LETTER];
	size_t first[IDEOGRAPHS + 2]; /* of its spots, by the ideograph's number */
	struct entry likes[IDEOGRAPHS + 1];
};

/* The entry that begins at *p; false at the table's end. */
static bool
next_entry(const char **p, struct entry *ret)
{
	size_t size = strcspn(*p, " ");

	*ret = (struct entry){*p, size / LETTER};
	*p += size + ((*p)[size] == ' ');
	return size > 0;
}

/* Number of an ideograph of three bytes; IDEOGRAPHS when it is none. */
static size_t
number_of(const char *letter)
{
	uint32_t code;

	return utf8_decode(letter, LETTER, &code) == LETTER && code >= IDEOGRAPH &&
		       code < IDEOGRAPH + IDEOGRAPHS
		   ? code - IDEOGRAPH
		   : IDEOGRAPHS;
}

static void
count_spots(struct index *x, const char *words)
{
	struct entry e;

	while (next_entry(&words, &e))
		for (size_t i = 0; i < e.n; i++)
			x->first[number_of(e.text + i * LETTER)]++;
}

/* From the end of each ideograph's spots to their beginning. */
static void
set_spots(struct index *x, const char *words, bool meant)
{
	struct entry e;

	while (next_entry(&words, &e))
		for (size_t i = 0; i < e.n; i++)
			x->spots[--x->first[number_of(e.text + i * LETTER)]] =
			    (struct spot){e, i, meant};
}

/* NULL: no memory. */
static struct index *
index_words(void)
{
	struct index *x = calloc(1, sizeof *x);
	const char *p = alike_letters;
	struct entry e;

	if (x == NULL)
		return NULL;
	count_spots(x, alike_words);
	count_spots(x, alike_right);
	for (size_t i = 1; i <= IDEOGRAPHS + 1; i++)
		x->first[i] += x->first[i - 1];
	set_spots(x, alike_words, true);
	set_spots(x, alike_right, false);
	while (next_entry(&p, &e))
		x->likes[number_of(e.text)] = e;
	return x;
}

static bool
is_letter(const struct glyph *g, const char *letter)
{
	return strlen(g->text) == LETTER && memcmp(g->text, letter, LETTER) == 0;
}

static bool
looks_alike(const struct index *x, const struct glyph *read, const char *meant)
{
	const struct entry *e = &x->likes[number_of(meant)];

	for (size_t i = 1; i < e->n; i++)
		if (is_letter(read, e->text + i * LETTER))
			return true;
	return false;
}

/* Whether the word stands at glyph first of the line, which has all of its letters. */
static bool
stands_at(const struct words *w, const struct line *l, size_t first, const struct entry *e)
{
	if (first < l->first || first + e->n > l->first + l->count)
		return false;
	for (size_t i = 0; i < e->n; i++)
		if (!is_letter(&w->glyphs[first + i], e->text + i * LETTER))
			return false;
	return true;
}

static bool
is_untaught(const char *letter)
{
	for (const char *p = alike_untaught; *p != '\0'; p += LETTER)
		if (memcmp(p, letter, LETTER) == 0)
			return true;
	return false;
}

/* Whether the word stands there but for letters that may well be misread, number place among them:
 * such as look alike, and in words of which enough is read, any doubtful ideograph for a letter
 * that the networks do not know. */
static bool
is_meant_at(const struct index *x, const struct words *w, const struct line *l, size_t first,
    const struct entry *e, size_t place)
{
	const struct glyph *g = &w->glyphs[first];
	size_t other = 0, unlike = 0;

	if (first < l->first || first + e->n > l->first + l->count ||
	    is_letter(&g[place], e->text + place * LETTER))
		return false;
	/* Most words end here: no list of look-alikes is asked for them. */
	for (size_t i = 0; i < e->n; i++)
		if (!is_letter(&g[i], e->text + i * LETTER) &&
		    (g[i].confidence >= DOUBTFUL || ++other == e->n || other > OTHER_MAX))
			return false;
	for (size_t i = 0; i < e->n; i++) {
		const char *letter = e->text + i * LETTER;

		if (is_letter(&g[i], letter) || looks_alike(x, &g[i], letter))
			continue;
		if (!code_is_ideograph(glyph_code(&g[i])) || !is_untaught(letter))
			return false;
		unlike++;
	}
	/* 宇治橋 is no 主治医. */
	return e->n - other >= (unlike > 0 ? READ_MIN : other);
}

/* The spots of what was read as glyph g: n of them. */
static const struct spot *
spots_of(const struct index *x, const struct glyph *g, size_t *ret_n)
{
	const size_t i = strlen(g->text) == LETTER ? number_of(g->text) : IDEOGRAPHS;

	*ret_n = i < IDEOGRAPHS ? x->first[i + 1] - x->first[i] : 0;
	return &x->spots[x->first[i]];
}

/* Whether e, which begins at glyph first, has the word of s, which begins at glyph from, in it. */
static bool
has_within(const struct entry *e, size_t first, const struct entry *s, size_t from)
{
	return e->n >= LONG_MIN && s->n < e->n && from >= first && from + s->n <= first + e->n &&
	       memcmp(e->text + (from - first) * LETTER, s->text, s->n * LETTER) == 0;
}

/* Glyph at is read as a letter of some word, other than of such as a long one that may be meant
 * from glyph first on has in it. */
static bool
is_in_word(const struct index *x, const struct words *w, const struct line *l, size_t at,
    size_t first, const struct entry *e)
{
	size_t n;
	const struct spot *s = spots_of(x, &w->glyphs[at], &n);

	for (size_t i = 0; i < n; i++)
		if (s[i].place <= at && stands_at(w, l, at - s[i].place, &s[i].word) &&
		    !has_within(e, first, &s[i].word, at - s[i].place))
			return true;
	return false;
}

/* The word that stands at glyph first explains glyph at, and nothing near it is explained
 * otherwise. */
static bool
explains(const struct index *x, const struct words *w, const struct line *l, size_t at,
    size_t first, const struct entry *e)
{
	if (first > at || at >= first + e->n || !is_meant_at(x, w, l, first, e, at - first))
		return false;
	for (size_t i = 0; i < e->n; i++)
		if (is_in_word(x, w, l, first + i, first, e))
			return false;
	return true;
}

/* What is meant by a glyph: the longest word decides; two that ask for different letters decide
 * nothing. */
struct meaning {
	const char *letter;
	size_t longest;
};

static void
weigh(struct meaning *m, const struct entry *e, size_t place)
{
	const char *letter = e->text + place * LETTER;

	if (e->n > m->longest)
		m->letter = letter;
	else if (m->letter != NULL && memcmp(m->letter, letter, LETTER) != 0)
		m->letter = NULL;
	m->longest = e->n;
}

/* Words are found by any letter of theirs that was read beside glyph at. */
static int
correct_letter(const struct index *x, struct words *w, struct line *l, size_t at)
{
	const size_t end = l->first + l->count;
	char text[LETTER + 1] = "";
	struct meaning m = {0};

	for (size_t by = at - l->first < WORD_MAX ? l->first : at - WORD_MAX + 1;
	     by < end && by < at + WORD_MAX; by++) {
		size_t n;
		const struct spot *s = spots_of(x, &w->glyphs[by], &n);

		for (size_t i = 0; by != at && i < n; i++)
			if (s[i].meant && s[i].word.n >= m.longest && s[i].place <= by &&
			    explains(x, w, l, at, by - s[i].place, &s[i].word))
				weigh(&m, &s[i].word, at + s[i].place - by);
	}
	if (m.letter == NULL)
		return 0;
	memcpy(text, m.letter, LETTER);
	return words_correct(w, l, at, text, ALIKE_RULE);
}

int
alike_correct(struct words *w)
{
	_cleanup_(freep) struct index *x = index_words();
	int r = x == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		struct line *l = &w->lines[i];

		for (size_t at = l->first; r >= 0 && at < l->first + l->count; at++)
			if (w->glyphs[at].confidence < DOUBTFUL &&
			    strlen(w->glyphs[at].text) == LETTER)
				r = correct_letter(x, w, l, at);
	}
	return r;
}
