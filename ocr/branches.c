/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Two straight strokes that meet at half the height of the text behind them, where no letter has a
 * foot: that tells └ from L and し. Shares are of that height, unless they are of the piece.
 */
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/branches.h"
#include "ocr/cutting.h"

#define TEXT_MIN 2      /* letters behind it */
#define TEXT_MOST 24    /* of them are looked at */
#define LETTER 1.4      /* the box of what was read, at most */
#define LEAST 0.25      /* its width and height */
#define MOST 1.0        /* its width; └ is as high at most */
#define STEM_MOST 1.9   /* the height of ├, which reaches from line to line */
#define BAR_HIGHEST 0.3 /* the middle of its bar, from the top of the text, at least … */
#define BAR_LOWEST 0.68 /* … and at most */
#define OVER 0.5        /* of its columns that the letter read there covers */
#define BAR_LONG 0.9    /* of its width */
#define THICK 0.2       /* of its width, with SOFT */
#define SOFT 1          /* pixels */
#define ENDS 0.25       /* of its height: ├ reaches so far above and below its bar */

/* Ink of row y, and how far it reaches. */
static int
row_ink(PIX *piece, int y, struct span *ret)
{
	PIX *row = cutting(piece, (struct box){0, y, pixGetWidth(piece), 1});
	l_int32 ink = 0;

	*ret = (struct span){0};
	if (row != NULL && cutting_spans(row, false, ret, 1) > 0)
		pixCountPixels(row, &ink, NULL);
	pixDestroy(&row);
	return ink;
}

/* Row y is one thin stroke at the left. */
static bool
is_stem(PIX *piece, int y, int thick)
{
	struct span s;
	const int ink = row_ink(piece, y, &s);

	return ink > 0 && ink == s.to - s.from && s.from <= SOFT && s.to <= thick + SOFT;
}

/* The rows of the only bar that crosses the only stem; none: it is no such shape. Soft print makes
 * its first and last row as long as it likes. */
static struct span
bar_of(PIX *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece), thick = (int)(THICK * w) + SOFT;
	struct span bar = {0}, s;

	for (int y = 0; y < h; y++)
		if (row_ink(piece, y, &s) >= BAR_LONG * w) {
			bar.from = bar.to == 0 ? y : bar.from;
			bar.to = y + 1;
		}
	for (int y = 0; y < h; y++)
		if ((y < bar.from - SOFT || y >= bar.to + SOFT) && !is_stem(piece, y, thick))
			return (struct span){0};
	return bar.to - bar.from > thick ? (struct span){0} : bar;
}

/* What the piece at b is, before text that stands there; NULL: neither. */
static const char *
branch_of(PIX *piece, struct box b, struct box text)
{
	struct span bar;
	double middle;

	if (b.w < LEAST * text.h || b.h < LEAST * text.h || b.w > MOST * text.h ||
	    b.h > STEM_MOST * text.h)
		return NULL;
	bar = bar_of(piece);
	middle = b.y + (bar.from + bar.to) / 2.0 - text.y;
	if (bar.to == 0 || middle < BAR_HIGHEST * text.h || middle > BAR_LOWEST * text.h)
		return NULL;
	if (bar.to >= b.h - SOFT)
		return b.h <= MOST * text.h ? "└" : NULL;
	return bar.from >= ENDS * b.h && b.h - bar.to >= ENDS * b.h ? "├" : NULL;
}

/* Nothing else is in the columns of b, between the text's top and foot. */
static bool
stands_alone(PIX *ink, PIX *piece, struct box b, struct box text)
{
	const int own = cutting_pixels(piece, (struct box){0, text.y - b.y, b.w, text.h}),
		  all = cutting_pixels(ink, (struct box){b.x, text.y, b.w, text.h});

	return all >= 0 && all <= own;
}

/* What the first letter g was read from, before that text, in *ret_box; NULL: some other ink. */
static const char *
find(PIX *grey, PIX *rules, const struct glyph *g, struct box text, struct box *ret_box)
{
	const int edge = text.h / 4 + 1, x = g->box.x > edge ? g->box.x - edge : 0,
		  above = text.y > text.h / 2 ? text.h / 2 : text.y;
	struct box place = {x, text.y - above, text.x + edge - x, 2 * text.h};
	PIX *ink = cutting_ink(grey, rules, &place);
	PIXA *pieces = NULL;
	BOXA *boxes = ink == NULL ? NULL : pixConnComp(ink, &pieces, 8);
	const char *found = NULL;

	text.x -= place.x;
	text.y -= place.y;
	for (int i = 0; boxes != NULL && found == NULL && i < boxaGetCount(boxes); i++) {
		struct box b, on;
		PIX *piece = pixaGetPix(pieces, i, L_CLONE);

		boxaGetBoxGeometry(boxes, i, &b.x, &b.y, &b.w, &b.h);
		on = (struct box){b.x + place.x, g->box.y, b.w, 1};
		if (b.x > 0 && box_inside(on, g->box) >= OVER && stands_alone(ink, piece, b, text))
			found = branch_of(piece, b, text);
		if (found != NULL)
			*ret_box = (struct box){b.x + place.x, b.y + place.y, b.w, b.h};
		pixDestroy(&piece);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&ink);
	return found;
}

/* It has its foot below the line's: among such, L ends where └ does among others. */
static bool
hangs(const struct glyph *g)
{
	return g->text[1] == '\0' && strchr("gjpqy()[]{}", g->text[0]) != NULL;
}

/* The n letters from g on, from the middle one of their tops to that of their feet: boxes of some
 * reach into the next line. Of no height: nothing is known. */
static struct box
text_of(const struct glyph *g, size_t n)
{
	int tops[TEXT_MOST], feet[TEXT_MOST];
	struct box all = g[0].box;
	size_t stand = 0;

	n = n > TEXT_MOST ? TEXT_MOST : n;
	for (size_t i = 0; i < n; i++) {
		all = box_union(all, g[i].box);
		if (hangs(&g[i]))
			continue;
		tops[stand] = g[i].box.y;
		feet[stand++] = g[i].box.y + g[i].box.h;
	}
	if (stand == 0)
		return (struct box){0};
	sort_ints(tops, stand);
	sort_ints(feet, stand);
	return (struct box){all.x, tops[stand / 2], all.w, feet[stand / 2] - tops[stand / 2]};
}

static int
mend(PIX *grey, PIX *rules, struct words *w, struct line *l)
{
	const struct glyph *g = &w->glyphs[l->first];
	struct box text, at;
	const char *sign;
	int r;

	if (l->vertical || l->count <= TEXT_MIN)
		return 0;
	text = text_of(g + 1, l->count - 1);
	if (text.h <= 0 || g->box.w > LETTER * text.h)
		return 0;
	sign = find(grey, rules, g, text, &at);
	if (sign == NULL)
		return 0;
	r = words_correct(w, l, l->first, sign, BRANCHES_RULE);
	w->glyphs[l->first].box = at;
	return r;
}

int
branches_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	int r = 0;

	for (size_t n = 0; r >= 0 && n < w->nlines; n++)
		r = mend(grey, rules, w, &w->lines[n]);
	return r;
}
