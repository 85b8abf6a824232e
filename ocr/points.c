/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A small round piece of ink at the foot of a digit, with nothing above it. Shares are of the
 * digit's height. */
#include <stdio.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/pattern.h"
#include "ocr/points.h"

#define DIGITS_MOST 2  /* of a number of items */
#define PIECES_MOST 24 /* more is no digit and what is behind it */
#define DIGIT_HIGH 0.4 /* of the line's height: at least */
#define LEAST 0.06     /* a point's shorter side */
#define MOST 0.24      /* its longer side */
#define ROUND 1.5      /* longer to shorter side */
#define FOOT 0.1       /* its foot off the digit's */
#define NEAR 1.2       /* behind the digit at most */
#define CLEAR 0.12     /* before the next letter at least */

struct pieces {
	struct box box[PIECES_MOST];
	int n;
};

/* From the digit to the letter behind it, with half of that. */
static struct box
place_of(const struct line *l, const struct glyph *g)
{
	const int edge = l->box.h / 10 + 1, end = g[1].box.x + g[1].box.w / 2,
		  x = g->box.x > edge ? g->box.x - edge : 0;

	return (struct box){x, l->box.y > edge ? l->box.y - edge : 0, end - x, l->box.h + 2 * edge};
}

/* Boxes within the ink. */
static struct pieces
pieces_of(PIX *ink)
{
	struct pieces p = {0};
	BOXA *boxes = ink == NULL ? NULL : pixConnCompBB(ink, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);

	for (; p.n < n && n <= PIECES_MOST; p.n++) {
		struct box *b = &p.box[p.n];

		boxaGetBoxGeometry(boxes, p.n, &b->x, &b->y, &b->w, &b->h);
	}
	boxaDestroy(&boxes);
	return p;
}

/* The first high piece from the left, the digit: it may have been cut out with the end of another.
 */
static const struct box *
digit_of(const struct pieces *p, struct box glyph, int high)
{
	const struct box *found = NULL;

	for (int i = 0; i < p->n; i++) {
		const struct box *b = &p->box[i];
		const int x = b->x + b->w / 2;

		if (b->h >= DIGIT_HIGH * high && b->w < b->h && x >= glyph.x - glyph.w / 2 &&
		    x <= glyph.x + glyph.w && (found == NULL || b->x > found->x))
			found = b;
	}
	return found;
}

static bool
is_point(struct box b, struct box digit)
{
	const int longer = b.w > b.h ? b.w : b.h, shorter = b.w > b.h ? b.h : b.w,
		  foot = b.y + b.h - digit.y - digit.h, behind = b.x - digit.x - digit.w;

	return shorter > 1 && shorter >= LEAST * digit.h && longer <= MOST * digit.h &&
	       longer <= ROUND * shorter && foot <= FOOT * digit.h + 1 &&
	       foot >= -FOOT * digit.h - 1 && behind > 0 && behind <= NEAR * digit.h;
}

/* Not of the lines above and below. */
static bool
is_level(const struct box *b, const struct box *digit)
{
	return b->y < digit->y + digit->h && b->y + b->h > digit->y;
}

/* No other ink of the line above or beside a point. */
static bool
stands_alone(const struct pieces *p, const struct box *point, const struct box *digit)
{
	const int clear = (int)(CLEAR * digit->h) + 1;

	for (int i = 0; i < p->n; i++) {
		const struct box *b = &p->box[i];

		if (b != point && b != digit && is_level(b, digit) &&
		    b->x + b->w > digit->x + digit->w && b->x < point->x + point->w + clear)
			return false;
	}
	return true;
}

static bool
has_point(PIX *grey, PIX *rules, const struct line *l, const struct glyph *g)
{
	struct box place = place_of(l, g), glyph = g->box;
	PIX *ink = cutting_ink(grey, rules, &place);
	const struct pieces p = pieces_of(ink);
	const struct box *digit;
	bool found = false;

	pixDestroy(&ink);
	glyph.x -= place.x;
	digit = digit_of(&p, glyph, l->box.h);
	for (int i = 0; digit != NULL && i < p.n && !found; i++)
		found = is_point(p.box[i], *digit) && stands_alone(&p, &p.box[i], digit);
	return found;
}

/* Whether glyph at is the last digit of an item's number, with the item behind it. */
static bool
ends_number(const struct words *w, const struct line *l, size_t at)
{
	const uint32_t next = pattern_code(w, l, at, 1);
	size_t first = at;

	if (!code_is_digit(pattern_code(w, l, at, 0)) || code_is_any(next, COUNTERS) ||
	    (code_is_digit(next) && !words_begins_item(w, l, at + 1)) ||
	    !(code_is_digit(next) || code_is_ideograph(next) || code_is_hiragana(next) ||
		code_is_katakana(next)))
		return false;
	while (first > l->first && code_is_digit(pattern_code(w, l, first, -1)) &&
	       !words_begins_item(w, l, first))
		first--;
	return at - first < DIGITS_MOST && words_begins_item(w, l, first);
}

int
points_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		for (size_t i = l->first; r >= 0 && !l->vertical && i < l->first + l->count; i++) {
			char text[] = "0.";

			if (!ends_number(w, l, i) || !has_point(grey, rules, l, &w->glyphs[i]))
				continue;
			text[0] = w->glyphs[i].text[0];
			r = words_correct(w, l, i, text, POINTS_RULE);
		}
	}
	return r;
}
