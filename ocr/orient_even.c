/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Across or downwards by what is said. Measured on windows of 50 to 130 letters: read the right way
 * they hold 3 to 17 different ones of these pairs, another way 0 to 4.
 */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/orient_even.h"

#define EMPTY 0.3       /* of rows and of columns: more than any lines leave one way */
#define PAIRS_FIRST 2   /* in the first window: fewer are no text, or none that runs down */
#define PAIRS_MIN 4     /* in all */
#define PAIRS_CLEARER 2 /* times as many as across */

/* Endings, particles and small words, in any kind of text. */
static const uint32_t pairs[][3] = {U"ます", U"する", U"して", U"した", U"いて", U"しま", U"こと",
    U"てい", U"ない", U"さい", U"につ", U"その", U"くだ", U"から", U"つい", U"いた", U"りま",
    U"いる", U"いま", U"って", U"によ", U"あり", U"ある", U"でき", U"され", U"てく", U"また",
    U"まで", U"ては", U"もの", U"ので", U"った", U"れる", U"まし", U"られ", U"とし", U"なり",
    U"せん", U"ませ", U"ため", U"です", U"よう", U"この", U"れて", U"める", U"よる", U"とい",
    U"たい", U"そう", U"など", U"とき", U"には", U"では", U"ても", U"えて", U"んで", U"だっ",
    U"かっ", U"のは", U"うに", U"いう", U"たち"};

bool
orient_even_is(double rows, double columns)
{
	return rows >= EMPTY && columns >= EMPTY;
}

_Static_assert(sizeof pairs / sizeof *pairs <= 64, "one bit each");

/* Which of the pairs two letters are; -1: none. */
static int
find_pair(uint32_t a, uint32_t b)
{
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
		if (pairs[i][0] == a && pairs[i][1] == b)
			return (int)i;
	return -1;
}

unsigned
orient_even_pairs(const struct words *w)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < w->nlines; i++) {
		const struct line *l = &w->lines[i];

		for (size_t k = l->first + 1; k < l->first + l->count; k++) {
			const int at =
			    find_pair(glyph_code(&w->glyphs[k - 1]), glyph_code(&w->glyphs[k]));

			if (at >= 0)
				seen |= UINT64_C(1) << at;
		}
	}
	return (unsigned)__builtin_popcountll(seen);
}

int
orient_even_down(struct engine *e, const struct orient_windows *windows, int rotation)
{
	_cleanup_(words_free) struct words down = {0}, across = {0};

	for (unsigned k = 0; k < windows->n; k++) {
		unsigned good, other;
		int r = orient_windows_read(e, windows->pix[k], rotation, true, &down);

		good = orient_even_pairs(&down);
		if (r < 0 || good < PAIRS_FIRST)
			return r < 0 ? r : 0;
		r = orient_windows_read(e, windows->pix[k], rotation, false, &across);
		other = orient_even_pairs(&across);
		if (r < 0 || other >= good)
			return r < 0 ? r : 0;
		if (good >= PAIRS_MIN && good >= PAIRS_CLEARER * other)
			return 1;
	}
	return 0;
}
