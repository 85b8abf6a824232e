/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every letter of the words known here is an ideograph, three bytes of UTF-8. */
#include <string.h>

#include "ocr/alike.h"
#include "ocr/alike_words.h"

#define LETTER 3    /* bytes */
#define DOUBTFUL 97 /* confidence below which a letter may be another */
#define OTHER_MAX 2 /* letters of a word that are read as others */
#define READ_MIN 3  /* letters of a word read, where another looks like none of it */

/* A word of the table, or a letter with those that look alike. */
struct entry {
	const char *text;
	size_t n; /* letters */
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

static bool
is_letter(const struct glyph *g, const char *letter)
{
	return strlen(g->text) == LETTER && memcmp(g->text, letter, LETTER) == 0;
}

static bool
looks_alike(const struct glyph *read, const char *meant)
{
	const char *p = alike_letters;
	struct entry e;

	while (next_entry(&p, &e)) {
		if (memcmp(e.text, meant, LETTER) != 0)
			continue;
		for (size_t i = 1; i < e.n; i++)
			if (is_letter(read, e.text + i * LETTER))
				return true;
		return false;
	}
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
is_meant_at(
    const struct words *w, const struct line *l, size_t first, const struct entry *e, size_t place)
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

		if (is_letter(&g[i], letter) || looks_alike(&g[i], letter))
			continue;
		if (!code_is_ideograph(glyph_code(&g[i])) || !is_untaught(letter))
			return false;
		unlike++;
	}
	/* 宇治橋 is no 主治医. */
	return e->n - other >= (unlike > 0 ? READ_MIN : other);
}

static bool
is_in_word(const struct words *w, const struct line *l, size_t at)
{
	const char *p = alike_words;
	struct entry e;

	while (next_entry(&p, &e))
		for (size_t place = 0; place < e.n && place <= at; place++)
			if (stands_at(w, l, at - place, &e))
				return true;
	return false;
}

/* The word explains glyph at as its letter number place, and nothing near it is explained
 * otherwise. */
static bool
explains(
    const struct words *w, const struct line *l, size_t at, const struct entry *e, size_t place)
{
	if (place > at || !is_meant_at(w, l, at - place, e, place))
		return false;
	for (size_t i = 0; i < e->n; i++)
		if (is_in_word(w, l, at - place + i))
			return false;
	return true;
}

/* The longest word decides; two that ask for different letters decide nothing. */
static int
correct_letter(struct words *w, struct line *l, size_t at)
{
	const char *p = alike_words, *meant = NULL;
	char text[LETTER + 1] = "";
	size_t longest = 0;
	struct entry e;

	while (next_entry(&p, &e))
		for (size_t place = 0; place < e.n; place++) {
			const char *letter = e.text + place * LETTER;

			if (e.n < longest || !explains(w, l, at, &e, place))
				continue;
			if (e.n > longest)
				meant = letter;
			else if (meant != NULL && memcmp(meant, letter, LETTER) != 0)
				meant = NULL;
			longest = e.n;
		}
	if (meant == NULL)
		return 0;
	memcpy(text, meant, LETTER);
	return words_correct(w, l, at, text, ALIKE_RULE);
}

int
alike_correct(struct words *w)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		struct line *l = &w->lines[i];

		for (size_t at = l->first; r >= 0 && at < l->first + l->count; at++)
			if (w->glyphs[at].confidence < DOUBTFUL &&
			    strlen(w->glyphs[at].text) == LETTER)
				r = correct_letter(w, l, at);
	}
	return r;
}
