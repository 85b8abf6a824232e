/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Finds the piece of ink that a letter was read from; what it looks like is signs_shape.c's. */
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/signs.h"
#include "ocr/signs_shape.h"
#include "ocr/strip.h"

#define BESIDE 0.75     /* of the line's height: boxes may be off by so much */
#define EDGE 3          /* pixels */
#define ABOVE 0.15      /* likewise: boxes may be cut close */
#define OFF 0.8         /* likewise: between the middles of the letter's box and the sign … */
#define OFF_NARROW 0.45 /* … if that is a digit or Latin, or the sign was found already … */
#define OFF_NEXT 1.4    /* … or it follows one that was found */
#define OVER 0.6        /* of a letter's columns: it was read from the sign that they are of */
#define LEAST 0.4       /* likewise: a sign's width */
#define MOST 1.7        /* likewise */
#define NEAR 0.6        /* of the piece's longer side: other strokes of a letter are as close */
#define DIRT_MOST 0.1   /* of the piece: other ink in its columns */
#define UNSURE 97       /* confidence at most of a letter that may be anything */
#define INK_DARK 50     /* percent of the way from the darkest pixel to white; … */
#define INK_PALE 75     /* … of thin outlines */

/* What stands for a sign was seen in nine typefaces. */
static const struct {
	const char *letters;
	const char *(*look)(struct Pix *piece);
	bool in_words; /* also among katakana, whose letters are no such sign */
	bool thin;     /* pale print leaves gaps in it */
	bool first;    /* a line begins with it: whatever unsure letter was read there */
} kinds[] = {
    {"っつづ一ー-->〉<…て~～=", signs_arrow, false, false, false},
    {"っつ一", signs_arrow, false, true, false},
    {"き全を⇒⇐", signs_double_arrow, false, true, true},
    {"つ一ー―—-－てンへヘ<", signs_wave, false, false, false},
    {"ノンプ", signs_slash, true, false, false},
    {"人入ハへヘムA4△▲", signs_triangle, false, true, false},
    {"銘多令るのをぐび共◆◇", signs_diamond, false, true, true},
    {"@の●", signs_disc, false, false, true},
    {"文次大太六交玉廊双丸押式巡★☆", signs_star, false, true, true},
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

/* A wave that was read as one (not just found at `taken`) is next to it, and none of its own. */
static bool
is_beside_wave(const struct words *w, const struct line *l, size_t at, struct box taken)
{
	const struct glyph *g = &w->glyphs[at];

	return (at > l->first && g[-1].box.x != taken.x &&
		   code_is_any(glyph_code(g - 1), U"~～〜")) ||
	       (at + 1 < l->first + l->count && code_is_any(glyph_code(g + 1), U"~～〜"));
}

static bool
is_listed(const struct glyph *g, size_t kind)
{
	return strstr(kinds[kind].letters, g->text) != NULL;
}

/* One that bullets are read as. */
static bool
may_be_bullet(const struct words *w, const struct line *l, size_t at)
{
	return at == l->first && w->glyphs[at].confidence <= UNSURE &&
	       !code_is_any(glyph_code(&w->glyphs[at]), U"・○〇□☑");
}

/* The kinds of sign that the letter may stand for, one bit each. */
static unsigned
kinds_of(const struct words *w, const struct line *l, size_t at, struct box taken)
{
	const bool in_word = is_in_word(w, l, at), by_wave = is_beside_wave(w, l, at, taken);
	unsigned ret = 0;

	for (size_t k = 0; k < KINDS; k++)
		if ((is_listed(&w->glyphs[at], k) && (!in_word || kinds[k].in_words) &&
			!(by_wave && kinds[k].look == signs_wave)) ||
		    (kinds[k].first && may_be_bullet(w, l, at)))
			ret |= 1u << k;
	return ret;
}

static const char *
sign_of(PIX *piece, unsigned of)
{
	const char *sign = NULL;

	for (size_t k = 0; sign == NULL && k < KINDS; k++)
		if ((of & 1u << k) != 0)
			sign = kinds[k].look(piece);
	return sign;
}

static unsigned
thin_ones(unsigned of)
{
	for (size_t k = 0; k < KINDS; k++)
		of &= kinds[k].thin ? ~0u : ~(1u << k);
	return of;
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

/* Whether a piece of ink may be a sign: whole, of a sign's size, and neither close below nor close
 * above another piece, as strokes of letters are; ruled lines and the next lines are farther off.
 */
static bool
may_be(PIX *piece, PIX *ink, struct box b, int high)
{
	const int near = (int)(NEAR * (b.w > b.h ? b.w : b.h));
	BOX *column;
	l_int32 own = 0, all = 0;

	if (b.x <= 0 || b.x + b.w >= pixGetWidth(ink) || b.w < SIGNS_MIN / 2 ||
	    b.w < LEAST * high || b.w > MOST * high)
		return false;
	column = boxCreate(b.x + 1, b.y - near, b.w - 2, b.h + 2 * near);
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
	const int step = box_middle(at) - box_middle(taken);

	return taken.w > 0 && step > 0 && step <= OFF_NEXT * high;
}

/* Most of the columns of b are the sign's. */
static bool
is_over(struct box sign, struct box b)
{
	b.y = sign.y;
	b.h = sign.h;
	return box_inside(b, sign) >= OVER;
}

/* Digits and Latin letters, and what is read for no sign, stand where their boxes are. */
static bool
stands_firm(const struct glyph *g, unsigned of)
{
	bool listed = false;

	for (size_t k = 0; k < KINDS; k++)
		listed = listed || ((of & 1u << k) != 0 && is_listed(g, k));
	return !listed || glyph_is_latin(g);
}

/* Looks at one piece of ink that may have been read as g. */
static struct find
look(PIX *piece, struct box at, const struct glyph *g, unsigned of, int high, struct box taken)
{
	struct find f = {
	    .box = at,
	    .again = box_inside(at, taken) > 0,
	};
	const int off = abs(box_middle(at) - box_middle(g->box));

	const double far = f.again || stands_firm(g, of) ? OFF_NARROW
			   : is_next_to(at, taken, high) ? OFF_NEXT
							 : OFF;

	if ((f.again && is_over(at, g->box)) || off <= far * high)
		f.sign = sign_of(piece, of);
	return f;
}

static bool
is_better(const struct find *a, const struct find *b)
{
	if (a->sign == NULL || b->sign == NULL || a->again == b->again)
		return a->sign != NULL && (b->sign == NULL || a->box.x < b->box.x);
	return b->again;
}

/* The first sign in ink, cut out at place, that letter at of l may have been read from and that is
 * not taken. */
static struct find
look_through(PIX *ink, struct box place, const struct glyph *g, const struct line *l, unsigned of,
    struct box taken)
{
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
			one = look(piece, b, g, of, l->box.h, taken);
			if (is_better(&one, &best))
				best = one;
		}
		pixDestroy(&piece);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	return best;
}

static struct find
find_sign(PIX *grey, PIX *rules, const struct words *w, const struct line *l, size_t at,
    unsigned of, struct box taken)
{
	struct box place = place_of(w, l, at);
	PIX *part = place.w > 0 ? cutting_clean(grey, rules, &place) : NULL, *ink;
	struct find found = {0};

	for (int percent = INK_DARK; part != NULL && of != 0 && found.sign == NULL;
	     percent = INK_PALE) {
		ink = strip_ink(part, percent);
		found = look_through(ink, place, &w->glyphs[at], l, of, taken);
		pixDestroy(&ink);
		of = percent == INK_DARK ? thin_ones(of) : 0;
	}
	pixDestroy(&part);
	return found;
}

static int
mend_line(PIX *grey, PIX *rules, struct words *w, struct line *l)
{
	struct box taken = {0};
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count;) {
		const unsigned of = kinds_of(w, l, i, taken);
		struct find found = {0};

		if (of != 0)
			found = find_sign(grey, rules, w, l, i, of, taken);
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
