/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shapes of single pieces of ink; knows nothing of cells. All lengths are half-size pixels unless
 * said otherwise. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/marks.h"
#include "ocr/marks_box.h"
#include "ocr/marks_ink.h"
#include "ocr/marks_ring.h"

#define SIDE_MIN 11 /* 1.9 mm */
#define SOFT 1      /* farther than a quarter of its side */
#define SIDE_DEPTH 2
#define SIDE_INK 0.7
#define ALONE 3    /* half-size pixels free above and below a box, … */
#define BEHIND 2   /* … and to its right */
#define BEFORE 0.6 /* of a box's side, free to its left; letters have .5 at most */

struct finder {
	struct sheet *sheet;
	PIX *ink; /* that of parts: without ruled lines, one of which may stand close to a box */
	PIXA *parts;
	BOXA *boxes;
	struct marks *marks;
	struct box empty[MARKS_MAX]; /* the empty boxes of this page */
	size_t nempty;
	struct ticked {
		int part;
		struct box square;
	} ticked[MARKS_MAX]; /* what may be a ticked one, by part */
	size_t nticked;
	int side; /* their usual side, 0: none */
};

static int
add(struct marks *m, enum mark_kind kind, bool set, struct box half)
{
	struct mark *mark;

	if (m->n % 32 == 0) {
		mark = realloc(m->mark, (m->n + 32) * sizeof *mark);
		if (mark == NULL)
			return -ENOMEM;
		m->mark = mark;
	}
	m->mark[m->n++] = (struct mark){kind, set,
	    {half.x * SHEET_HALF, half.y * SHEET_HALF, half.w * SHEET_HALF, half.h * SHEET_HALF}};
	return 0;
}

static bool
is_square(struct box b)
{
	return b.w >= SIDE_MIN && b.h >= SIDE_MIN && b.w <= MARKS_BOX_MAX && b.h <= MARKS_BOX_MAX &&
	       abs(b.w - b.h) <= 2 + b.w / 12;
}

/*
 * Nothing else near: what looks like a box inside 員 or 営 has its neighbours close by, and ロ
 * stands in a word.
 */
static bool
is_alone(const struct finder *f, struct box b)
{
	PIX *ink = f->sheet->half;
	int g = ALONE, left = (int)(BEFORE * b.w);

	return marks_ink_share(f->ink, b.x - left, b.y, left, b.h) +
		   marks_ink_share(ink, b.x + b.w, b.y, BEHIND, b.h) +
		   marks_ink_share(ink, b.x, b.y - g, b.w, g) +
		   marks_ink_share(ink, b.x, b.y + b.h, b.w, g) <
	       0.03;
}

/* Ink all along the four sides of b, as a box has and II and 工, whose ends alone reach them, have
 * not. */
static bool
has_sides(const struct finder *f, struct box b)
{
	PIX *ink = f->sheet->half;

	return marks_ink_share(ink, b.x, b.y, SIDE_DEPTH, b.h) >= SIDE_INK &&
	       marks_ink_share(ink, b.x + b.w - SIDE_DEPTH, b.y, SIDE_DEPTH, b.h) >= SIDE_INK &&
	       marks_ink_share(ink, b.x, b.y, b.w, SIDE_DEPTH) >= SIDE_INK &&
	       marks_ink_share(ink, b.x, b.y + b.h - SIDE_DEPTH, b.w, SIDE_DEPTH) >= SIDE_INK;
}

/* The outlines of small, soft ones reach in farther than those of others. */
static bool
is_empty(const struct finder *f, struct box b)
{
	const int inset = has_sides(f, b) ? b.w / 4 + SOFT : b.w / 4;

	return marks_ink_share(f->sheet->half, b.x + inset, b.y + inset, b.w - 2 * inset,
		   b.h - 2 * inset) < 0.02;
}

static bool
is_empty_box(const struct finder *f, struct box b)
{
	return is_square(b) && is_alone(f, b) && is_empty(f, b) &&
	       marks_box_is_printed(f->sheet->grey, b);
}

/* A ticked box stands after a gap; what the tick itself puts there does not count. */
static bool
stands_off(const struct finder *f, PIX *part, struct box b, struct box square)
{
	int gap = f->side * 2 / 5;

	return marks_ink_share(f->sheet->half, square.x - gap, square.y, gap - 1, square.h) -
		   marks_ink_share(part, square.x - gap - b.x, square.y - b.y, gap - 1, square.h) <
	       0.03;
}

static bool
is_aligned(struct box a, struct box b)
{
	return abs(a.x - b.x) <= 3 || abs(a.y - b.y) <= 3;
}

/* Ticked boxes stand in a row or a column with others; characters that happen to hold a square do
 * not. */
static bool
is_placed(const struct finder *f, const struct ticked *t)
{
	bool aligned = false;

	for (size_t i = 0; !aligned && i < f->nempty; i++)
		aligned = is_aligned(f->empty[i], t->square);
	for (size_t i = 0; !aligned && i < f->nticked; i++)
		aligned = &f->ticked[i] != t && is_aligned(f->ticked[i].square, t->square);
	return aligned;
}

/* White over the piece itself, a pixel further, inside limit but for what is kept (or NULL). */
static void
lift(struct finder *f, PIX *part, struct box b, struct box limit, PIX *keep)
{
	PIX *grown = pixAddBorder(part, 2, 0), *full;
	BOX *clip = boxCreate(limit.x - b.x + 2, limit.y - b.y + 2, limit.w, limit.h);
	PIX *mask = pixCreateTemplate(grown);

	pixDilateBrick(grown, grown, 3, 3);
	if (mask != NULL) {
		l_int32 x, y, w, h;

		boxGetGeometry(clip, &x, &y, &w, &h);
		pixRasterop(mask, x, y, w, h, PIX_SRC, grown, x, y);
		if (keep != NULL)
			pixRasterop(mask, 2, 2, b.w, b.h, PIX_DST & PIX_NOT(PIX_SRC), keep, 0, 0);
		full = pixExpandReplicate(mask, SHEET_HALF);
		pixPaintThroughMask(
		    f->sheet->grey, full, (b.x - 2) * SHEET_HALF, (b.y - 2) * SHEET_HALF, 255);
		pixRasterop(f->sheet->half, b.x - 2, b.y - 2, pixGetWidth(mask), pixGetHeight(mask),
		    PIX_DST & PIX_NOT(PIX_SRC), mask, 0, 0);
		pixDestroy(&full);
	}
	boxDestroy(&clip);
	pixDestroy(&mask);
	pixDestroy(&grown);
}

static struct box
grow(struct box b, int by)
{
	return (struct box){b.x - by, b.y - by, b.w + 2 * by, b.h + 2 * by};
}

/* The ticked box that part i holds, if it does. */
static const struct ticked *
ticked_of(const struct finder *f, int i)
{
	for (size_t k = 0; k < f->nticked; k++)
		if (f->ticked[k].part == i)
			return is_placed(f, &f->ticked[k]) ? &f->ticked[k] : NULL;
	return NULL;
}

static int
take_box(struct finder *f, int i, PIX *part, struct box b)
{
	const struct ticked *ticked = ticked_of(f, i);
	struct box square = b;
	int r = 0;

	if (is_square(b) && marks_ink_share(part, 0, 0, b.w, b.h) > 0.9 && is_alone(f, b) &&
	    marks_box_is_printed(f->sheet->grey, b))
		r = add(f->marks, MARK_BOX, true, b);
	else if (is_empty_box(f, b))
		r = add(f->marks, MARK_BOX, false, b);
	else if (ticked != NULL)
		r = add(f->marks, MARK_BOX, true, square = ticked->square);
	else
		return 0;
	lift(f, part, b, grow(square, f->side / 2 + 2), NULL);
	return r < 0 ? r : 1;
}

/* Black on both pictures. b: half-size pixels. */
static void
draw(struct finder *f, struct box b)
{
	BOX *full =
	    boxCreate(b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF);

	pixSetInRectArbitrary(f->sheet->grey, full, 0);
	pixRasterop(f->sheet->half, b.x, b.y, b.w, b.h, PIX_SET, NULL, 0, 0);
	boxDestroy(&full);
}

/* Strokes of print that the ring touches stay as wide as they are; specks of the ring do not. */
static int
take_ring(struct finder *f, PIX *part, struct box b)
{
	struct ring_found ring;
	PIX *print;
	int r = marks_ring_find(f->sheet->half, part, b, &ring);

	if (r <= 0)
		return r;
	print = pixSubtract(NULL, part, ring.ink);
	if (print != NULL) {
		pixOpenBrick(print, print, 2, 2);
		lift(f, ring.ink, b, grow(b, 2), print);
		for (int i = 0; i < ring.dots; i++)
			draw(f, ring.dot[i]);
	}
	r = print == NULL ? -ENOMEM : add(f->marks, MARK_RING, true, ring.box);
	pixDestroy(&print);
	pixDestroy(&ring.ink);
	return r;
}

static struct box
part_box(const struct finder *f, int i)
{
	struct box b;

	boxaGetBoxGeometry(f->boxes, i, &b.x, &b.y, &b.w, &b.h);
	return b;
}

/* Empty boxes first: they tell the size and the places where ticked ones may be. */
static void
find_empty(struct finder *f)
{
	int sides[MARKS_MAX];

	for (int i = 0; i < boxaGetCount(f->boxes) && f->nempty < MARKS_MAX; i++) {
		struct box b = part_box(f, i);

		if (is_square(b) && is_empty_box(f, b)) {
			sides[f->nempty] = b.w > b.h ? b.w : b.h;
			f->empty[f->nempty++] = b;
		}
	}
	sort_ints(sides, f->nempty);
	f->side = f->nempty == 0 ? 0 : sides[f->nempty / 2];
}

static void
find_ticked(struct finder *f)
{
	for (int i = 0; f->side > 0 && i < boxaGetCount(f->boxes) && f->nticked < MARKS_MAX; i++) {
		const struct box b = part_box(f, i);
		struct box square;
		PIX *part;

		if (b.w < f->side || b.h < f->side || b.w > 3 * f->side || b.h > 3 * f->side ||
		    (b.w <= f->side + 3 && b.h <= f->side + 3))
			continue;
		part = pixaGetPix(f->parts, i, L_CLONE);
		if (marks_box_ticked(part, b, f->side, &square) && stands_off(f, part, b, square))
			f->ticked[f->nticked++] = (struct ticked){i, square};
		pixDestroy(&part);
	}
}

/* Takes every piece of ink that is a mark; boxes: tick boxes, too. */
static int
take_pieces(struct finder *f, PIX *ink, bool boxes)
{
	int r = 0;

	f->ink = ink;
	f->boxes = ink == NULL ? NULL : pixConnComp(ink, &f->parts, 8);
	if (f->boxes == NULL)
		return -ENOMEM;
	if (boxes) {
		find_empty(f);
		find_ticked(f);
	}
	for (int i = 0; r >= 0 && f->marks->n < MARKS_MAX && i < boxaGetCount(f->boxes); i++) {
		struct box b = part_box(f, i);
		PIX *part;

		if (b.w < SIDE_MIN || b.h < SIDE_MIN)
			continue;
		part = pixaGetPix(f->parts, i, L_CLONE);
		r = boxes ? take_box(f, i, part, b) : 0;
		if (r == 0)
			r = take_ring(f, part, b);
		pixDestroy(&part);
	}
	boxaDestroy(&f->boxes);
	pixaDestroy(&f->parts);
	return r;
}

int
marks_lift(struct sheet *s, struct Pix *rules, struct marks *ret)
{
	struct finder f = {.sheet = s, .marks = ret};
	PIX *ink = NULL;
	int r = marks_ink_by_rules(s->half, rules, &ink);

	if (r >= 0)
		r = take_pieces(&f, ink, false);
	pixDestroy(&ink);
	if (r >= 0) {
		ink = pixSubtract(NULL, s->half, rules);
		r = take_pieces(&f, ink, true);
	}
	pixDestroy(&ink);
	return r < 0 ? r : 0;
}

void
marks_free(struct marks *m)
{
	free(m->mark);
	*m = (struct marks){0};
}
