/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces of ink that end or begin what stands between gaps, and the letters read there. */
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/bracket_shape.h"
#include "ocr/gap_brackets.h"
#include "ocr/signs.h"

#define PERCENT 55       /* of the way from the darkest pixel to white: ink */
#define HIGH 0.6         /* of the line's ink: a bracket is so high at least */
#define OFF 0.4          /* of a bracket's height: boxes may be off by so much, … */
#define OFF_SAME 1.2     /* … and those of brackets */
#define DUST 0.06        /* likewise: ink not larger both ways is none */
#define PIECES_MOST 4000 /* more is no line */
#define SURE 90          /* confidence of a bracket that was not read */
#define READ 0.5         /* of its box in a letter's: it was */

static const uint32_t opening[] = U"(（[［【〔「『<〈《{｛≪",
		      closing[] = U")）]］】〕」』>〉》}｝≫";

/* What brackets were read as. */
static const uint32_t strokes[] = U"/\\|｜ノ丿ーl1I!'’‘`´,.、一-_\"^~";

struct find {
	const char *sign;
	bool opens;
	struct box box; /* on the sheet */
};

/* Whether ink of its piece of the strip stands in the gap that bracket b opens or closes, or above
 * or below it. */
static bool
is_beside_ink(BOXA *boxes, int at, const struct strip_piece *p, const struct find *f, struct box b)
{
	for (int i = 0; i < boxaGetCount(boxes); i++) {
		struct box o;

		boxaGetBoxGeometry(boxes, i, &o.x, &o.y, &o.w, &o.h);
		if (i == at || (o.w < DUST * b.h && o.h < DUST * b.h) || o.x < p->x ||
		    o.x >= p->x + p->from.w)
			continue;
		if (f->opens ? o.x + o.w > b.x + 1 : o.x < b.x + b.w - 1)
			return true;
	}
	return false;
}

static const struct strip_piece *
piece_of(const struct strip *s, struct box b)
{
	const struct strip_piece *ret = &s->pieces[0];

	for (unsigned i = 1; i < s->n && s->pieces[i].x <= box_middle(b); i++)
		ret = &s->pieces[i];
	return ret;
}

static bool
is_any(const struct glyph *g, const uint32_t *list)
{
	return code_is_any(glyph_code(g), list);
}

static int
distance(const struct glyph *g, struct box b)
{
	return abs(box_middle(g->box) - box_middle(b));
}

/* The glyph of l that was read from the bracket: one that is such, or else the nearest stroke.
 * SIZE_MAX: none. */
static size_t
glyph_of(const struct words *w, const struct line *l, const struct find *f)
{
	size_t best = SIZE_MAX;

	for (size_t i = l->first; i < l->first + l->count; i++)
		if (is_any(&w->glyphs[i], f->opens ? opening : closing) &&
		    distance(&w->glyphs[i], f->box) <= OFF_SAME * f->box.h)
			return i;
	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct glyph *g = &w->glyphs[i];

		if ((is_any(g, strokes) || is_any(g, f->opens ? closing : opening)) &&
		    distance(g, f->box) <= OFF * f->box.h + f->box.w / 2.0 &&
		    (best == SIZE_MAX || distance(g, f->box) < distance(&w->glyphs[best], f->box)))
			best = i;
	}
	return best;
}

/* Where in the last line the bracket belongs. */
static size_t
place_of(const struct words *w, const struct line *l, const struct find *f)
{
	size_t at = l->first;

	while (at < l->first + l->count && box_middle(w->glyphs[at].box) < box_middle(f->box))
		at++;
	return at;
}

/* Whether a sure letter was read of this ink: 3 and く bend as brackets do. */
static bool
is_letter(const struct words *w, const struct line *l, struct box b)
{
	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct glyph *g = &w->glyphs[i];

		if (g->confidence >= SURE && box_inside(b, g->box) >= READ && !is_any(g, strokes) &&
		    !is_any(g, opening) && !is_any(g, closing))
			return true;
	}
	return false;
}

/* A place of its own, unless one was read anywhere in the line: that may be it. */
static int
insert(struct words *w, const struct find *f)
{
	struct line *l = &w->lines[w->nlines - 1];
	struct glyph g = {.box = f->box, .confidence = SURE};
	const uint32_t *own = f->opens ? opening : closing;

	for (size_t i = l->first; i < l->first + l->count; i++)
		if (is_any(&w->glyphs[i], own))
			return 0;
	memcpy(g.text, f->sign, strlen(f->sign) + 1);
	return words_insert(w, l, place_of(w, l, f), &g, SIGNS_RULE);
}

/* One bracket was read as several strokes. */
static int
drop_others(struct words *w, struct line *l, size_t at, struct box b)
{
	int r = 0;

	for (size_t i = l->first; r >= 0 && i < l->first + l->count;) {
		const int x = box_middle(w->glyphs[i].box);

		if (i != at && is_any(&w->glyphs[i], strokes) && x >= b.x && x <= b.x + b.w) {
			r = words_drop(w, l, i, SIGNS_RULE);
			at -= i < at;
		} else
			i++;
	}
	return r;
}

/* 〔 is read as 【 mostly; others are told apart well. */
static bool
is_other_kind(const struct glyph *g, const char *sign)
{
	return (is_any(g, U"【〔") && (strcmp(sign, "〔") == 0 || strcmp(sign, "【") == 0)) ||
	       (is_any(g, U"】〕") && (strcmp(sign, "〕") == 0 || strcmp(sign, "】") == 0));
}

/* Kinds of brackets that have no gap beside them. */
static int
put_kind(struct words *w, const struct find *f)
{
	struct line *l = &w->lines[w->nlines - 1];
	const size_t at = glyph_of(w, l, f);

	return at == SIZE_MAX || !is_other_kind(&w->glyphs[at], f->sign)
		   ? 0
		   : words_correct(w, l, at, f->sign, SIGNS_RULE);
}

static int
put(struct words *w, const struct find *f)
{
	struct line *l = &w->lines[w->nlines - 1];
	const size_t at = glyph_of(w, l, f);
	const bool read = at != SIZE_MAX && is_any(&w->glyphs[at], f->opens ? opening : closing);
	int r = 0;

	if (!read && is_letter(w, l, f->box))
		return 0;
	if (at == SIZE_MAX)
		return insert(w, f);
	if (!read || is_other_kind(&w->glyphs[at], f->sign))
		r = words_correct(w, l, at, f->sign, SIGNS_RULE);
	return r < 0 ? r : drop_others(w, l, at, f->box);
}

/* Looks at one piece of the strip's ink, in box b. */
static int
look(const struct strip *s, PIX *piece, BOXA *boxes, int at, struct box b, struct words *w)
{
	const struct strip_piece *p = piece_of(s, b);
	const enum bracket_side side = b.h < HIGH * s->height ? BRACKET_NONE : bracket_side(piece);
	const struct find f = {
	    .sign = bracket_of(piece, side),
	    .opens = side == BRACKET_OPENS,
	    .box = {b.x + p->from.x - p->x, b.y + p->from.y - p->y, b.w, b.h},
	};

	if (f.sign == NULL)
		return 0;
	return (p == (f.opens ? &s->pieces[s->n - 1] : &s->pieces[0])) ||
		       is_beside_ink(boxes, at, p, &f, b)
		   ? put_kind(w, &f)
		   : put(w, &f);
}

int
gap_brackets_mend(const struct strip *s, struct words *w)
{
	PIX *ink = strip_ink(s->pix, PERCENT);
	PIXA *pieces = NULL;
	BOXA *boxes = ink == NULL ? NULL : pixConnComp(ink, &pieces, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);
	int r = 0;

	for (int i = 0; r >= 0 && i < n && n <= PIECES_MOST; i++) {
		PIX *piece = pixaGetPix(pieces, i, L_CLONE);
		struct box b;

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		r = look(s, piece, boxes, i, b, w);
		pixDestroy(&piece);
	}
	if (r >= 0)
		words_line_done(w);
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&ink);
	return r;
}
