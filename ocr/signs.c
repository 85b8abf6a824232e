/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the piece of ink that a letter was read from; what it looks like is signs_shape.c's. */
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/signs.h"
#include "ocr/signs_shape.h"

#define BESIDE 0.75     /* of the line's height: boxes may be off by so much */
#define EDGE 3          /* pixels */
#define ABOVE 0.15      /* likewise: boxes may be cut close */
#define OFF 0.8         /* likewise: between the middles of the letter's box and the sign … */
#define OFF_NARROW 0.45 /* … if that is a digit or Latin, or the sign was found already … */
#define OFF_NEXT 1.4    /* … or it follows one that was found */
#define LEAST 0.4       /* likewise: a sign's width */
#define MOST 1.7        /* likewise */
#define DIRT_MOST 0.1   /* of the piece: other ink in its columns */

/* What stands for a sign was seen in nine typefaces. */
static const struct {
	const char *letters;
	const char *(*look)(struct Pix *piece);
} kinds[] = {
    {"っつづ一ー-->〉…て~～", signs_arrow},
    {"人入ハへヘムA4△▲", signs_triangle},
    {"銘多令るの◆◇", signs_diamond},
    {"文次大太六交玉廊双丸押式巡★☆", signs_star},
};

#define KINDS (sizeof kinds / sizeof *kinds)

static bool
is_hiragana(const struct glyph *g)
{
	return code_is_hiragana(glyph_code(g));
}

static bool
is_katakana(const struct glyph *g)
{
	return code_is_katakana(glyph_code(g));
}

/* In the middle of a word, where no sign stands. */
static bool
is_in_word(const struct words *w, const struct line *l, size_t at)
{
	const struct glyph *g = &w->glyphs[at];
	const bool first = at == l->first, last = at + 1 == l->first + l->count;

	if (is_hiragana(g))
		return !first && !last && is_hiragana(g - 1) && is_hiragana(g + 1);
	return (!first && is_katakana(g - 1) && (glyph_code(g) == U'ー' || is_katakana(g))) ||
	       (!last && is_katakana(g) && is_katakana(g + 1));
}

/* The kind of sign that the letter may stand for; KINDS: none. */
static size_t
kind_of(const struct words *w, const struct line *l, size_t at)
{
	size_t k = 0;

	while (k < KINDS && strstr(kinds[k].letters, w->glyphs[at].text) == NULL)
		k++;
	return k < KINDS && is_in_word(w, l, at) ? KINDS : k;
}

static int
middle(struct box b)
{
	return b.x + b.w / 2;
}

/* With its neighbours, for boxes slip: what they hold of the next ones is cut and is no sign. */
static struct box
place_of(const struct words *w, const struct line *l, size_t at)
{
	const struct glyph *g = &w->glyphs[at];
	const int beside = (int)(BESIDE * l->box.h), above = (int)(ABOVE * l->box.h) + 1;
	int from = g->box.x - beside, to = g->box.x + g->box.w + beside;

	if (at > l->first && g[-1].box.x - EDGE < from)
		from = g[-1].box.x - EDGE;
	if (at + 1 < l->first + l->count && g[1].box.x + g[1].box.w + EDGE > to)
		to = g[1].box.x + g[1].box.w + EDGE;
	from = from < 0 ? 0 : from;
	return (struct box){
	    from, l->box.y > above ? l->box.y - above : 0, to - from, l->box.h + 2 * above};
}

/* Whether a piece of ink may be a sign: whole, of a sign's size, and neither below nor above
 * another piece, as strokes of letters are. */
static bool
may_be(PIX *piece, PIX *ink, struct box b, int high)
{
	BOX *column;
	l_int32 own = 0, all = 0;

	if (b.x <= 0 || b.x + b.w >= pixGetWidth(ink) || b.w < SIGNS_MIN / 2 ||
	    b.w < LEAST * high || b.w > MOST * high)
		return false;
	column = boxCreate(b.x + 1, 0, b.w - 2, pixGetHeight(ink));
	pixCountPixels(piece, &own, NULL);
	pixCountPixelsInRect(ink, column, &all, NULL);
	boxDestroy(&column);
	return all <= own + DIRT_MOST * own;
}

struct find {
	const char *sign; /* NULL: none */
	struct box box;   /* on the sheet */
	bool again;       /* it was found for the letter before already */
};

static bool
is_next_to(struct box at, struct box taken, int high)
{
	const int step = middle(at) - middle(taken);

	return taken.w > 0 && step > 0 && step <= OFF_NEXT * high;
}

/* Looks at one piece of ink that may have been read as g. */
static struct find
look(PIX *piece, struct box at, const struct glyph *g, size_t kind, int high, struct box taken)
{
	struct find f = {
	    .box = at,
	    .again = box_inside(at, taken) > 0,
	};
	const int off = abs(middle(at) - middle(g->box));

	if (off <= (f.again || glyph_is_latin(g)     ? OFF_NARROW
		       : is_next_to(at, taken, high) ? OFF_NEXT
						     : OFF) *
		       high)
		f.sign = kinds[kind].look(piece);
	return f;
}

static bool
is_better(const struct find *a, const struct find *b)
{
	if (a->sign == NULL || b->sign == NULL || a->again == b->again)
		return a->sign != NULL && (b->sign == NULL || a->box.x < b->box.x);
	return b->again;
}

/* The sign that letter at of l was read from: the first one near that is not taken. */
static struct find
find_sign(PIX *grey, PIX *rules, const struct words *w, const struct line *l, size_t at,
    size_t kind, struct box taken)
{
	struct box place = place_of(w, l, at);
	PIX *ink = cutting_ink(grey, rules, &place);
	PIXA *pieces = NULL;
	BOXA *boxes = ink == NULL ? NULL : pixConnComp(ink, &pieces, 8);
	struct find best = {0};

	for (int i = 0; boxes != NULL && i < boxaGetCount(boxes); i++) {
		struct box b;
		struct find one;
		PIX *piece;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		piece = pixaGetPix(pieces, i, L_CLONE);
		if (may_be(piece, ink, b, l->box.h)) {
			b.x += place.x;
			b.y += place.y;
			one = look(piece, b, &w->glyphs[at], kind, l->box.h, taken);
			if (is_better(&one, &best))
				best = one;
		}
		pixDestroy(&piece);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&ink);
	return best;
}

static int
mend_line(PIX *grey, PIX *rules, struct words *w, struct line *l)
{
	struct box taken = {0};
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count;) {
		const size_t kind = kind_of(w, l, i);
		struct find found = {0};

		if (kind < KINDS)
			found = find_sign(grey, rules, w, l, i, kind, taken);
		if (found.sign != NULL && found.again) {
			r = words_drop(w, l, i, SIGNS_RULE);
			continue;
		}
		if (found.sign != NULL) {
			r = words_correct(w, l, i, found.sign, SIGNS_RULE);
			w->glyphs[i].box = found.box;
			taken = found.box;
		}
		i++;
	}
	return r;
}

int
signs_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++)
		if (!w->lines[n].vertical)
			r = mend_line(grey, rules, w, &w->lines[n]);
	return r;
}
