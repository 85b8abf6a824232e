/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of lines, what ink they leave, and the pictures of all. Measures are usual widths of a
 * line. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/down_columns.h"
#include "ocr/pixels.h"
#include "ocr/runs.h"

#define INK_MAX 200      /* grey */
#define STROKE 3         /* pixels, the one way or the other: less is a speck */
#define LOW 2            /* of its width: a lower line has too few letters to tell their pitch */
#define WIDE 1.6         /* a wider line is more than one */
#define ASIDE 0.15       /* of a line's width: strokes that its box lacks */
#define BEYOND 0.3       /* likewise, above and below */
#define LETTERS_GAP 0.9  /* between letters of a column */
#define STROKES_GAP 0.3  /* between parts of a letter, side by side */
#define PIECE_LEAST 0.35 /* both ways: of what continues a line */
#define PIECE_OFF 1.5    /* so far from it, at most */
#define PIECE_ON 0.6     /* of its width, in the line's */
#define LOST_WIDE 0.55   /* width of a lost line: furigana are less */
#define LOST_HIGH 1.6    /* and its height */
#define LEVEL 0.5        /* of its height that stands beside a line */
#define LOST_MAX 200     /* lost lines: no page has so many */
#define WIDTH_MIN 12     /* pixels: no print is smaller, … */
#define WIDTH_MAX 400    /* … and larger letters need no other reading */

/* A line of the page, or one that it lost. */
struct span {
	struct box box;
	size_t line;
	bool lost;
};

struct spans {
	struct span *span;
	size_t n;
	int wide; /* a line's, usually */
};

static void
spans_free(struct spans *s)
{
	free(s->span);
}

static int
usual_width(const struct spans *s)
{
	_cleanup_(freep) int *list = calloc(s->n + 1, sizeof *list);

	if (list == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		list[i] = s->span[i].box.w;
	sort_ints(list, s->n);
	return list[s->n / 2];
}

static int
take_lines(const struct words *w, struct spans *ret)
{
	ret->span = calloc(w->nlines + LOST_MAX, sizeof *ret->span);
	if (ret->span == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < w->nlines; i++)
		if (w->lines[i].vertical)
			ret->span[ret->n++] = (struct span){w->lines[i].box, i, false};
	ret->wide = usual_width(ret);
	return ret->wide < 0 ? ret->wide : 0;
}

/* Boxes of what no line of w holds, a column's letters together. NULL: no memory. */
static BOXA *
lost_pieces(PIX *ink, const struct words *w, int wide)
{
	PIX *rest = pixCopy(NULL, ink), *across, *down;
	BOXA *ret;

	for (size_t i = 0; rest != NULL && i < w->nlines; i++) {
		const struct box *b = &w->lines[i].box;
		const int aside = (int)(ASIDE * wide);

		pixRasterop(rest, b->x - aside, b->y - aside, b->w + 2 * aside, b->h + 2 * aside,
		    PIX_CLR, NULL, 0, 0);
	}
	across = rest == NULL ? NULL : runs_close(rest, ACROSS, (int)(STROKES_GAP * wide));
	down = across == NULL ? NULL : runs_close(across, DOWN, (int)(LETTERS_GAP * wide));
	ret = down == NULL ? NULL : pixConnCompBB(down, 8);
	pixDestroy(&rest);
	pixDestroy(&across);
	pixDestroy(&down);
	return ret;
}

/* Whether piece b goes on where line a ends, or ends where a begins. */
static bool
continues(struct box a, struct box b, int wide)
{
	const int above = a.y - b.y - b.h, below = b.y - a.y - a.h;
	const int off = above > below ? above : below;
	const struct box beside = {b.x, a.y, b.w, a.h};

	return off <= PIECE_OFF * wide && off >= -PIECE_LEAST * wide &&
	       box_common(a, beside).w >= PIECE_ON * b.w;
}

/* The line before which a lost one belongs: the next on its left. */
static size_t
place_of(struct box b, const struct words *w, const struct spans *s, size_t nlines)
{
	for (size_t i = 0; i < nlines; i++) {
		const struct box *l = &s->span[i].box;
		const struct box level = {l->x, b.y, l->w, b.h};

		if (box_middle(*l) < b.x && box_common(*l, level).h >= LEVEL * b.h)
			return s->span[i].line;
	}
	return w->nlines;
}

/* Whether piece b is the rest of a line, which it makes longer. */
static bool
take_rest(struct box b, struct spans *s, size_t nlines)
{
	for (size_t i = 0; i < nlines; i++)
		if (continues(s->span[i].box, b, s->wide)) {
			s->span[i].box = box_union(s->span[i].box, b);
			return true;
		}
	return false;
}

/* Pieces that go on where a line ends, then those that are lines. */
static void
take_pieces(BOXA *pieces, const struct words *w, struct spans *ret)
{
	const size_t nlines = ret->n;
	struct box lost[LOST_MAX];
	size_t nlost = 0;

	for (int i = 0; i < boxaGetCount(pieces) && nlost < LOST_MAX; i++) {
		struct box b;

		boxaGetBoxGeometry(pieces, i, &b.x, &b.y, &b.w, &b.h);
		if (b.w >= PIECE_LEAST * ret->wide && b.h >= PIECE_LEAST * ret->wide &&
		    !take_rest(b, ret, nlines) && b.w >= LOST_WIDE * ret->wide &&
		    b.h >= LOST_HIGH * ret->wide)
			lost[nlost++] = b;
	}
	for (size_t i = 0; i < nlost; i++)
		ret->span[ret->n++] =
		    (struct span){lost[i], place_of(lost[i], w, ret, nlines), true};
}

/* What stands on the right comes first. */
static int
by_place(const void *a, const void *b)
{
	const struct span *l = a, *r = b;

	if (l->line != r->line)
		return l->line < r->line ? -1 : 1;
	if (l->lost != r->lost)
		return l->lost ? -1 : 1;
	return r->box.x - l->box.x;
}

static int
find_spans(PIX *ink, const struct words *w, struct spans *ret)
{
	const int r = take_lines(w, ret);
	BOXA *pieces = r < 0 || ret->n == 0 ? NULL : lost_pieces(ink, w, ret->wide);

	if (r < 0 || ret->n == 0)
		return r;
	if (pieces == NULL)
		return -ENOMEM;
	take_pieces(pieces, w, ret);
	boxaDestroy(&pieces);
	qsort(ret->span, ret->n, sizeof *ret->span, by_place);
	return 0;
}

/* The box of span n with all of its strokes, as far as no other is in the way. */
static struct box
reach(const struct spans *s, size_t n)
{
	const struct box *b = &s->span[n].box;
	const int aside = (int)(ASIDE * b->w), beyond = (int)(BEYOND * b->w);
	int x0 = b->x - aside, x1 = b->x + b->w + aside;

	for (size_t i = 0; i < s->n; i++)
		if (i != n)
			box_give_way(*b, s->span[i].box, 0, &x0, &x1);
	return (struct box){x0, b->y - beyond, x1 - x0, b->h + 2 * beyond};
}

/* Unless others leave no room for it. */
static int
cut_out(PIX *ink, const struct spans *s, size_t n, struct down_columns *ret)
{
	struct down_column *c = &ret->column[ret->n];
	const struct box b = reach(s, n);

	if (b.w < WIDTH_MIN)
		return 0;
	*c = (struct down_column){{b.x, b.y - s->wide, b.w, b.h + 2 * s->wide}, s->span[n].line,
	    s->span[n].lost, pixCreate(b.w, b.h + 2 * s->wide, 1)};
	if (c->ink == NULL)
		return -ENOMEM;
	pixRasterop(c->ink, 0, s->wide, b.w, b.h, PIX_SRC, ink, b.x, b.y);
	return down_line_of(c->ink, &ret->cost[ret->n++]);
}

/* Ink but for specks, which would make letters look wider. NULL: no memory. */
static PIX *
find_ink(PIX *pix)
{
	PIX *dark = pixels_dark(pix, INK_MAX);
	PIX *ink = dark == NULL ? NULL : runs_open(dark, ACROSS, STROKE);
	PIX *down = ink == NULL ? NULL : runs_open(dark, DOWN, STROKE);

	if (down == NULL)
		pixDestroy(&ink);
	else
		pixOr(ink, ink, down);
	pixDestroy(&dark);
	pixDestroy(&down);
	return ink;
}

int
down_columns_find(struct Pix *pix, const struct words *w, struct down_columns *ret)
{
	_cleanup_(spans_free) struct spans s = {0};
	PIX *ink = find_ink(pix);
	int r = ink == NULL ? -ENOMEM : find_spans(ink, w, &s);

	ret->column = calloc(s.n + 1, sizeof *ret->column);
	ret->cost = calloc(s.n + 1, sizeof *ret->cost);
	if (ret->column == NULL || ret->cost == NULL)
		r = -ENOMEM;
	for (size_t i = 0; r >= 0 && i < s.n; i++) {
		const struct box *b = &s.span[i].box;

		if (b->h >= LOW * b->w && b->w <= WIDE * s.wide && b->w >= WIDTH_MIN &&
		    b->w <= WIDTH_MAX)
			r = cut_out(ink, &s, i, ret);
	}
	pixDestroy(&ink);
	return r < 0 ? r : down_pitch(ret->cost, ret->n, &ret->pitch);
}

void
down_columns_free(struct down_columns *c)
{
	for (unsigned i = 0; i < c->n; i++) {
		pixDestroy(&c->column[i].ink);
		down_line_free(&c->cost[i]);
	}
	free(c->column);
	free(c->cost);
}
