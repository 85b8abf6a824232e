/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of connected ink. All lengths are half-size pixels. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cell_marks.h"

#define SPECK 2          /* pieces not larger both ways are dust, … */
#define SPECKS_MANY 10   /* … and where so many of them, a third of all there is, … */
#define SPECKS_APART 4   /* … lie so far from each other … */
#define SPECKS_SPREAD 6  /* … in so many columns and rows, … */
#define SPECK_LARGE 4    /* … so are these */
#define SLASH_LEAST 24   /* 4 mm, … */
#define SLASH_SHARE 0.85 /* … and of the cell, both ways: a stroke from corner to corner … */
#define SLASH_THICK 5    /* … no thicker than this on the average */
#define DOT_WIDE 3       /* pieces no wider, … */
#define DOT_HIGH 10      /* … nor higher, … */
#define DOT_EDGE 3       /* … so near the side of a cell, … */
#define DOT_OFF 2        /* … and no further from below each other, … */
#define DOTS_LEAST 4     /* … so many, … */
#define DOTS_SPREAD 0.5  /* … over so much of its height, are left of a dotted rule */
#define DOTS_MOST 300    /* more at both sides are grain */

/* A cell struck out from corner to corner says that nothing stands in it. */
static bool
is_slash(PIX *part, BOX *box)
{
	l_int32 w, h, ink = 0;
	PIX *piece;

	boxGetGeometry(box, NULL, NULL, &w, &h);
	if (w < SLASH_LEAST || h < SLASH_LEAST || w < SLASH_SHARE * pixGetWidth(part) ||
	    h < SLASH_SHARE * pixGetHeight(part))
		return false;
	piece = pixClipRectangle(part, box, NULL);
	if (piece == NULL || pixCountPixels(piece, &ink, NULL) != 0)
		ink = w * h;
	pixDestroy(&piece);
	return ink <= SLASH_THICK * (w > h ? w : h);
}

static bool
is_side_dot(const struct box *b, const struct box *cell)
{
	return b->w <= DOT_WIDE && b->h <= DOT_HIGH &&
	       (b->x - cell->x <= DOT_EDGE || cell->x + cell->w - b->x - b->w <= DOT_EDGE);
}

/* Whether a dot at the side of a cell is one of many below each other. dots: all of these. */
static bool
is_of_rule(const struct cell_marks *dots, const struct box *dot, const struct box *cell)
{
	struct box all = {0};
	int n = 0;

	for (size_t i = 0; i < dots->n; i++) {
		const struct box *b = &dots->box[i];

		if (abs(b->x - dot->x) > DOT_OFF)
			continue;
		all = box_union(all, *b);
		n++;
	}
	return n >= DOTS_LEAST && all.h >= DOTS_SPREAD * cell->h;
}

/* Dots of an upright rule that stand beside its line, as they do on a page not quite straight, are
 * not taken away with it. */
static void
drop_side_dots(struct cell_marks *m, const struct box *cell)
{
	struct box side[DOTS_MOST];
	struct cell_marks dots = {.box = side};
	size_t k = 0;

	for (size_t i = 0; i < m->n; i++) {
		if (!is_side_dot(&m->box[i], cell))
			continue;
		if (dots.n == DOTS_MOST)
			return;
		side[dots.n++] = m->box[i];
	}
	for (size_t i = 0; i < m->n; i++)
		if (!is_side_dot(&m->box[i], cell) || !is_of_rule(&dots, &m->box[i], cell))
			m->box[k++] = m->box[i];
	m->n = k;
}

static bool
is_speck(const struct box *b, int large)
{
	return b->w <= large && b->h <= large;
}

/* Whether the paper is full of specks, all over: those of a dotted rule lie in one line. */
static bool
is_grainy(const struct cell_marks *m)
{
	uint64_t columns = 0, rows = 0;
	size_t specks = 0;

	for (size_t i = 0; i < m->n; i++) {
		const struct box *b = &m->box[i];

		if (!is_speck(b, SPECK))
			continue;
		columns |= UINT64_C(1) << (unsigned)b->x / SPECKS_APART % 64;
		rows |= UINT64_C(1) << (unsigned)b->y / SPECKS_APART % 64;
		specks++;
	}
	return specks >= SPECKS_MANY && 3 * specks >= m->n &&
	       __builtin_popcountll(columns) >= SPECKS_SPREAD &&
	       __builtin_popcountll(rows) >= SPECKS_SPREAD;
}

/* Where there are many specks some touch, and are larger. */
static void
drop_dust(struct cell_marks *m)
{
	const int dust = is_grainy(m) ? SPECK_LARGE : SPECK;
	size_t k = 0;

	for (size_t i = 0; i < m->n; i++)
		if (!is_speck(&m->box[i], dust))
			m->box[k++] = m->box[i];
	m->n = k;
}

static int
take_marks(PIX *part, BOXA *boxes, const struct box *cell, struct cell_marks *ret)
{
	const int n = boxaGetCount(boxes);

	ret->box = calloc((size_t)n + 1, sizeof *ret->box);
	if (ret->box == NULL)
		return -ENOMEM;
	for (int i = 0; i < n; i++) {
		l_int32 x, y, w, h;
		BOX *box = boxaGetBox(boxes, i, L_CLONE);

		boxGetGeometry(box, &x, &y, &w, &h);
		if (!is_slash(part, box))
			ret->box[ret->n++] = (struct box){cell->x + x, cell->y + y, w, h};
		boxDestroy(&box);
	}
	drop_side_dots(ret, cell);
	drop_dust(ret);
	return 0;
}

int
cell_marks(struct Pix *ink, const struct cell *c, size_t max, struct cell_marks *ret)
{
	const struct box cell = sheet_box_half(c->box);
	BOX *frame = boxCreate(cell.x, cell.y, cell.w, cell.h);
	PIX *part = pixClipRectangle(ink, frame, NULL);
	BOXA *boxes = NULL;
	int r;

	*ret = (struct cell_marks){0};
	if (part != NULL && pixAnd(part, part, c->mask) != NULL)
		boxes = pixConnCompBB(part, 8);
	r = boxes == NULL ? -ENOMEM : take_marks(part, boxes, &cell, ret);
	ret->n = ret->n > max ? max : ret->n;
	boxaDestroy(&boxes);
	pixDestroy(&part);
	boxDestroy(&frame);
	return r;
}
