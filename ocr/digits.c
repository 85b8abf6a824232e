/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Holes of digits. Shares are of the digit's height unless said otherwise. */
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/digits.h"
#include "ocr/pixels.h"
#include "ocr/strip.h"

#define HEIGHT_MIN 12    /* pixels; smaller print has no clear holes */
#define WIDTH_MIN 0.3    /* of a digit */
#define WIDTH_MAX 0.95   /* likewise */
#define HOLE_MIN 0.15    /* lower ones are dirt */
#define HOLE_TALL 0.68   /* a zero's at least */
#define HOLE_BESIDE 0.15 /* overlap of the halves of a zero that has a stroke through it */
#define FILLED_MIN 0.7   /* of a glyph's box by its ink, and of the ink by the box */
#define PLACE_HEIGHT 0.7 /* of its neighbour: a digit's box is higher, a dash's lower */
#define SIX_TOP 0.35     /* from its top, at least, a six's hole begins, … */
#define SIX_HOLE 0.25    /* … which is so tall, … */
#define SIX_WALL 0.75    /* … its left side so thick, of its right one */
#define INK_DARK 50      /* percent of the way from the darkest pixel to white */

static bool
is_holed(const struct glyph *g)
{
	return g->text[1] == '\0' && strchr("05689", g->text[0]) != NULL;
}

/* The digit that holes of these boxes make in ink so high, or 0. */
static char
judge(const struct box *hole, int n, int height)
{
	struct box both;

	if (n < 1 || n > 2)
		return 0;
	both = box_union(hole[0], hole[n - 1]);
	if (n == 2) { /* a stroke through a zero runs aslant: its halves lie side by side too */
		int apart = both.h - hole[0].h - hole[1].h;

		if (apart >= 0)
			return '8';
		return both.h > HOLE_TALL * height && -apart > HOLE_BESIDE * height ? '0' : 0;
	}
	return both.h > HOLE_TALL * height ? '0' : 0;
}

/* Pixels of ink from x on in row y, by steps. */
static int
thickness(PIX *piece, int x, int y, int step)
{
	int n = 0;

	while (pixels_is_set(piece, x + n * step, y))
		n++;
	return n;
}

/* Whether the hole of what was read as 5 has ink on its left nearly as wide as on its right, all
 * along its middle: a 5 whose foot touches its stem has not. */
static bool
is_six(PIX *piece, const struct box *hole, int n)
{
	const int from = hole->y + hole->h / 4, to = hole->y + hole->h - hole->h / 4;

	if (n != 1 || hole->y < SIX_TOP * pixGetHeight(piece) ||
	    hole->h < SIX_HOLE * pixGetHeight(piece))
		return false;
	for (int y = from; y <= to; y++) {
		int left = hole->x, right = hole->x + hole->w - 1;

		while (left < right && pixels_is_set(piece, left, y))
			left++;
		while (right > left && pixels_is_set(piece, right, y))
			right--;
		if (thickness(piece, left - 1, y, -1) <
		    SIX_WALL * thickness(piece, right + 1, y, 1))
			return false;
	}
	return true;
}

/* What the piece, read as `read`, is; 0: that. */
static char
digit_of(PIX *piece, char read)
{
	int n = 0, w = pixGetWidth(piece), h = pixGetHeight(piece);
	struct box hole[3];
	PIX *filled;
	BOXA *holes;

	if (h < HEIGHT_MIN || w < WIDTH_MIN * h || w > WIDTH_MAX * h)
		return 0;
	filled = pixHolesByFilling(piece, 4);
	holes = filled == NULL ? NULL : pixConnCompBB(filled, 4);
	for (int i = 0; holes != NULL && i < boxaGetCount(holes) && n < 3; i++) {
		struct box *b = &hole[n];

		boxaGetBoxGeometry(holes, i, &b->x, &b->y, &b->w, &b->h);
		n += b->h >= HOLE_MIN * h;
	}
	boxaDestroy(&holes);
	pixDestroy(&filled);
	if (read == '5')
		return is_six(piece, hole, n) ? '6' : 0;
	return judge(hole, n, h);
}

/* The piece of ink that fills box best, or -1. */
static int
piece_in(BOXA *pieces, struct box box)
{
	double most = FILLED_MIN;
	int at = -1;

	for (int i = 0; i < boxaGetCount(pieces); i++) {
		struct box b;
		double share;

		boxaGetBoxGeometry(pieces, i, &b.x, &b.y, &b.w, &b.h);
		b.y = box.y; /* boxes of glyphs may be as high as the line */
		b.h = box.h;
		share = box_inside(b, box) < box_inside(box, b) ? box_inside(b, box)
								: box_inside(box, b);
		if (share > most) {
			most = share;
			at = i;
		}
	}
	return at;
}

/* Whether a glyph has the box that belongs to it: among narrow signs boxes slip by one place. */
static bool
has_its_place(const struct glyph *g, int height)
{
	if (g->text[0] >= '0' && g->text[0] <= '9')
		return g->box.h > PLACE_HEIGHT * height;
	return g->text[0] != '-' || g->box.h < PLACE_HEIGHT * height;
}

static bool
is_in_place(const struct words *w, size_t i, int height)
{
	size_t first = i > 0 ? i - 1 : 0, last = i + 1 < w->nglyphs ? i + 1 : i;

	for (size_t k = first; k <= last; k++)
		if (!has_its_place(&w->glyphs[k], height))
			return false;
	return true;
}

static bool
any_holed(const struct words *w)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		if (is_holed(&w->glyphs[i]))
			return true;
	return false;
}

void
digits_mend(struct Pix *pix, struct words *w)
{
	PIX *ink = any_holed(w) ? strip_ink(pix, INK_DARK) : NULL;
	PIXA *pieces = NULL;
	BOXA *boxes = ink == NULL ? NULL : pixConnComp(ink, &pieces, 8);

	for (size_t i = 0; boxes != NULL && i < w->nglyphs; i++) {
		struct glyph *g = &w->glyphs[i];
		int at = is_holed(g) ? piece_in(boxes, g->box) : -1;
		PIX *piece = at < 0 ? NULL : pixaGetPix(pieces, at, L_CLONE);
		char c = 0;

		if (piece != NULL && is_in_place(w, i, pixGetHeight(piece)))
			c = digit_of(piece, g->text[0]);
		if (c != 0)
			g->text[0] = c;
		pixDestroy(&piece);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	pixDestroy(&ink);
}
