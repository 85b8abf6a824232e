/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing along the line; what is text among the pieces is not asked here. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cutting.h"
#include "ocr/pieces.h"
#include "ocr/runs.h"
#include "ocr/scraps.h"

#define JOIN 1.0        /* letters: ink of one line is nearer than this */
#define STACK_WIDE 1.8  /* letters: of one in vertical writing, … */
#define STACK_GAP 0.6   /* … from it to the next, … */
#define STACK_HIGH 5    /* … and of all of them */
#define STACK_ROW 7     /* letters: where so near on the right text … */
#define STACK_LEVEL 0.2 /* … stands level with … */
#define STACK_ROWS 0.7  /* … so many of them, they are first letters of rows */
#define PARTS_HIGH 1.3  /* letters each way: of one whose parts stand above each other, … */
#define PARTS_GAP 0.3   /* … and from part to part */
#define PARTS_MOST 3000 /* pieces; more are grain */
#define COLON_DOT 0.3   /* letters each way: a dot of a colon at most, … */
#define COLON_GAP 0.6   /* … and from one to the other, … */
#define COLON_LEAST 0.8 /* … which is so much of its height, … */
#define COLON_OFF 1     /* … both of one size and place, but for half-size pixels */
#define TITLE_LARGE 1.3 /* letters: height of one of a title, … */
#define TITLE_MOST 5    /* … and at most, … */
#define TITLE_APART 1.8 /* … its height to the next, if set wide, … */
#define TITLE_SAME 0.75 /* … which is as high, … */
#define TITLE_LEVEL 0.2 /* … and stands level with it, … */
#define TITLE_SLIM 0.5  /* … each so wide, times its height, … */
#define TITLE_WIDE 1.4  /* … and no wider */
#define TITLE_REACH 4   /* of its height: so near is a whole letter to one in parts, … */
#define TITLE_OUT 0.1   /* … which reach so far above or below it, … */
#define TITLE_FULL 0.88 /* … and leave less white between them than two lines of text */
#define PARTS_OVER 0.6  /* of the narrower part lies above or below the other */
#define GRAIN 2         /* half-size pixels; ink not larger both ways is grain */
#define LETTER_USUAL 18 /* half-size pixels, 9 point */
#define LETTER_OTHER 0.2
#define PIECES_TELL 8   /* the usual height of letters outside cells */
#define LETTER_MOST 150 /* 25 mm; larger is no writing */
#define LETTER_LEAST 8  /* half-size pixels */

/* Whether text stands right of a letter and level with it, as near as in a label set wide. */
static bool
goes_on(struct box b, BOXA *all, int letter)
{
	for (int i = 0; i < boxaGetCount(all); i++) {
		l_int32 x, y, w, h;
		int off;

		boxaGetBoxGeometry(all, i, &x, &y, &w, &h);
		off = 2 * (y - b.y) + h - b.h;
		if (x >= b.x + b.w && x - b.x - b.w <= STACK_ROW * letter &&
		    abs(off) <= 2 * STACK_LEVEL * letter && h <= PARTS_HIGH * letter)
			return true;
	}
	return false;
}

/* Letters below each other may each be the first of a label set wide. */
static bool
are_rows(struct box stack, BOXA *single, BOXA *all, int letter)
{
	int n = 0, rows = 0;

	for (int i = 0; i < boxaGetCount(single); i++) {
		struct box b;

		boxaGetBoxGeometry(single, i, &b.x, &b.y, &b.w, &b.h);
		if (box_inside(b, stack) < 1)
			continue;
		n++;
		rows += goes_on(b, all, letter);
	}
	return rows >= STACK_ROWS * n;
}

/* Takes those stacks away that are rows. */
static int
drop_rows(PIX *stacks, PIX *single, PIX *joined, int letter)
{
	BOXA *box = pixConnCompBB(stacks, 8), *one = pixConnCompBB(single, 8);
	BOXA *all = pixConnCompBB(joined, 8);
	int r = box == NULL || one == NULL || all == NULL ? -ENOMEM : 0;

	for (int i = 0; r == 0 && i < boxaGetCount(box) && boxaGetCount(all) <= PARTS_MOST; i++) {
		struct box b;

		boxaGetBoxGeometry(box, i, &b.x, &b.y, &b.w, &b.h);
		if (are_rows(b, one, all, letter))
			pixRasterop(stacks, b.x, b.y, b.w, b.h, PIX_CLR, NULL, 0, 0);
	}
	boxaDestroy(&box);
	boxaDestroy(&one);
	boxaDestroy(&all);
	return r;
}

/* Vertical writing beside the text, as in a margin: single letters close below each other become
 * one piece of joined. */
static int
join_stacks(PIX *joined, int letter)
{
	const int wide = (int)(STACK_WIDE * letter);
	PIX *single =
	    pixSelectBySize(joined, wide, wide, 8, L_SELECT_IF_BOTH, L_SELECT_IF_LTE, NULL);
	PIX *closed =
	    single == NULL ? NULL : runs_close(single, DOWN, (int)(STACK_GAP * letter) | 1);
	PIX *stacks = closed == NULL ? NULL
				     : pixSelectBySize(closed, 0, (int)(STACK_HIGH * letter), 8,
					   L_SELECT_HEIGHT, L_SELECT_IF_GTE, NULL);
	int r = stacks == NULL ? -ENOMEM : drop_rows(stacks, single, joined, letter);

	if (r == 0 && pixOr(joined, joined, stacks) == NULL)
		r = -ENOMEM;
	pixDestroy(&stacks);
	pixDestroy(&closed);
	pixDestroy(&single);
	return r;
}

/* Whether two boxes stand above each other: one covers most of the other's columns. */
static bool
are_stacked(struct box a, struct box b)
{
	const int left = a.x > b.x ? a.x : b.x, narrow = a.w < b.w ? a.w : b.w;
	const int right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;

	return right - left >= PARTS_OVER * narrow;
}

static bool
are_parts(struct box a, struct box b, double letter)
{
	const int wide = a.w > b.w ? a.w : b.w;

	return b.y >= a.y + a.h && b.y - a.y - a.h <= PARTS_GAP * letter &&
	       b.y + b.h - a.y <= PARTS_HIGH * letter && wide <= PARTS_HIGH * letter &&
	       are_stacked(a, b);
}

/* The two dots of a colon, which are as wide, and as high but for what a join left of them. */
static bool
are_colon(struct box a, struct box b, double letter)
{
	const int gap = b.y - a.y - a.h, most = (int)(COLON_DOT * letter);

	return a.w <= most && a.h <= most && b.w <= most && b.h <= most && a.w > GRAIN &&
	       a.h > GRAIN && abs(a.w - b.w) <= COLON_OFF && abs(a.h - b.h) <= COLON_OFF &&
	       abs(a.x - b.x) <= COLON_OFF && gap >= COLON_LEAST * a.h && gap <= COLON_GAP * letter;
}

/* Fills joined where two boxes stand above each other, down to the foot of the lower one. */
static void
join_part(PIX *joined, struct box a, struct box b)
{
	if (b.x > a.x) {
		a.w -= b.x - a.x;
		a.x = b.x;
	}
	pixRasterop(joined, a.x, a.y, a.w < b.w ? a.w : b.w, b.y + b.h - a.y, PIX_SET, NULL, 0, 0);
}

/* A letter that stands alone may be of parts that nothing joins along the line, as 品. */
static int
join_parts(PIX *joined, int letter)
{
	BOXA *boxes = pixConnCompBB(joined, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);
	_cleanup_(freep) struct box *box = calloc((size_t)n + 1, sizeof *box);

	for (int i = 0; box != NULL && i < n; i++)
		boxaGetBoxGeometry(boxes, i, &box[i].x, &box[i].y, &box[i].w, &box[i].h);
	for (int i = 0; box != NULL && n <= PARTS_MOST && i < n; i++)
		for (int k = 0; k < n; k++)
			if (are_parts(box[i], box[k], letter) || are_colon(box[i], box[k], letter))
				join_part(joined, box[i], box[k]);
	if (boxes == NULL || box == NULL) {
		boxaDestroy(&boxes);
		return -ENOMEM;
	}
	boxaDestroy(&boxes);
	return 0;
}

/* What stands in the boxes of a row is one piece, however far apart. */
static int
join_combs(PIX *joined, const struct combs *combs)
{
	for (size_t i = 0; i < combs->n; i++) {
		const struct box *row = &combs->row[i];
		BOX *box = boxCreate(row->x, row->y, row->w, row->h), *in = NULL;
		PIX *part = pixClipRectangle(joined, box, NULL);
		l_int32 x, y, w, h;

		boxDestroy(&box);
		if (part == NULL)
			return -ENOMEM;
		if (pixClipToForeground(part, NULL, &in) == 0 && in != NULL) {
			boxGetGeometry(in, &x, &y, &w, &h);
			pixRasterop(joined, row->x + x, row->y + y, w, h, PIX_SET, NULL, 0, 0);
		}
		boxDestroy(&in);
		pixDestroy(&part);
	}
	return 0;
}

/* Fills joined from a to b, right of it, unless something stands between. */
static void
join_beside(PIX *joined, struct box a, struct box b)
{
	struct box between = {a.x + a.w, a.y, b.x - a.x - a.w, a.h};
	PIX *part = cutting(joined, between);
	l_int32 none = 0;

	if (part != NULL && pixZero(part, &none) == 0 && none)
		pixRasterop(joined, between.x, a.y, between.w, between.h, PIX_SET, NULL, 0, 0);
	pixDestroy(&part);
}

static bool
is_of_title(PIX *piece, struct box b, int letter)
{
	struct box sheet = {b.x * SHEET_HALF, b.y * SHEET_HALF, b.w * SHEET_HALF, b.h * SHEET_HALF};

	return b.h >= TITLE_LARGE * letter && b.h <= TITLE_MOST * letter &&
	       b.w >= TITLE_SLIM * b.h && b.w <= TITLE_WIDE * b.h &&
	       scrap_kind(piece, sheet, letter * SHEET_HALF) == SCRAP_TEXT;
}

static bool
are_of_title(struct box a, struct box b)
{
	int high = a.h > b.h ? a.h : b.h, low = a.h < b.h ? a.h : b.h;
	int gap = b.x - a.x - a.w, off = 2 * (a.y - b.y) + a.h - b.h;

	return gap > 0 && gap <= TITLE_APART * high && low >= TITLE_SAME * high &&
	       abs(off) <= 2 * TITLE_LEVEL * high;
}

/* What stands above and below box[at], between top and end; nothing (w 0) where it is not close. */
static struct box
all_parts(const struct box *box, int n, int at, int top, int end)
{
	struct box all = box[at];
	int high = 0;

	for (int i = 0; i < n; i++)
		if (box[i].y >= top && box[i].y + box[i].h <= end && are_stacked(box[at], box[i])) {
			all = box_union(all, box[i]);
			high += box[i].h;
		}
	return high >= TITLE_FULL * all.h ? all : (struct box){0};
}

/* Whether parts that stand above each other are a letter of a title as `whole` is, near which they
 * stand. */
static bool
are_letter(struct box parts, struct box whole)
{
	const int left = parts.x < whole.x ? parts.x + parts.w : whole.x + whole.w;
	const int gap = (parts.x < whole.x ? whole.x : parts.x) - left;
	const int high = parts.h > whole.h ? parts.h : whole.h;

	return gap > 0 && gap <= TITLE_REACH * high && parts.w <= TITLE_WIDE * parts.h &&
	       parts.w >= TITLE_SAME * parts.h && parts.h >= TITLE_SAME * high &&
	       whole.h >= TITLE_SAME * high &&
	       abs(2 * (parts.y - whole.y) + parts.h - whole.h) <= 2 * TITLE_LEVEL * high;
}

/* A large letter may be of parts as well, as 書 is: what is as high with them as a whole one near
 * it. */
static void
join_large_parts(PIX *joined, const struct box *box, int n, const struct box *whole, int wholes)
{
	for (int i = 0; i < wholes; i++) {
		const int out = (int)(TITLE_OUT * whole[i].h);
		const int top = whole[i].y - out, end = whole[i].y + whole[i].h + out;

		for (int k = 0; k < n; k++) {
			struct box all;

			if (box[k].y < top || box[k].y + box[k].h > end)
				continue;
			all = all_parts(box, n, k, top, end);
			if (all.h > box[k].h && are_letter(all, whole[i]))
				pixRasterop(
				    joined, box[k].x, all.y, box[k].w, all.h, PIX_SET, NULL, 0, 0);
		}
	}
}

/* Large letters beside each other are a title set wide, whatever the page's letters are. */
static int
join_titles(PIX *joined, int letter)
{
	PIXA *pieces = NULL;
	BOXA *boxes = pixConnComp(joined, &pieces, 8);
	const int n = boxes == NULL ? 0 : boxaGetCount(boxes);
	_cleanup_(freep) struct box *box = calloc((size_t)n + 1, sizeof *box);
	_cleanup_(freep) struct box *whole = calloc((size_t)n + 1, sizeof *whole);
	int k = 0, r = boxes == NULL || box == NULL || whole == NULL ? -ENOMEM : 0;

	for (int i = 0; r == 0 && i < n && n <= PARTS_MOST; i++) {
		PIX *piece = pixaGetPix(pieces, i, L_CLONE);
		struct box *b = &box[i];

		pixaGetBoxGeometry(pieces, i, &b->x, &b->y, &b->w, &b->h);
		if (is_of_title(piece, *b, letter))
			whole[k++] = *b;
		pixDestroy(&piece);
	}
	if (k > 0)
		join_large_parts(joined, box, n, whole, k);
	for (int i = 0; i < k; i++)
		for (int j = 0; j < k; j++)
			if (are_of_title(whole[i], whole[j]))
				join_beside(joined, whole[i], whole[j]);
	boxaDestroy(&boxes);
	pixaDestroy(&pieces);
	return r;
}

/* The ink outside cells, joined along its lines. */
static PIXA *
find_pieces(const struct grid *g, PIX *ink, int letter)
{
	PIX *outside =
		pixSelectBySize(ink, GRAIN, GRAIN, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GT, NULL),
	    *joined;
	PIXA *pieces = NULL;
	BOXA *boxes;

	for (size_t i = 0; outside != NULL && i < g->n; i++) {
		const struct box *b = &g->cells[i].box;

		pixRasterop(outside, b->x / SHEET_HALF, b->y / SHEET_HALF, b->w / SHEET_HALF,
		    b->h / SHEET_HALF, PIX_CLR, NULL, 0, 0);
	}
	joined = outside == NULL ? NULL : runs_close(outside, ACROSS, letter);
	boxes = joined == NULL || join_combs(joined, &g->combs) < 0 ||
			join_parts(joined, letter) < 0 || join_titles(joined, letter) < 0 ||
			join_stacks(joined, letter) < 0
		    ? NULL
		    : pixConnComp(joined, &pieces, 8);
	boxaDestroy(&boxes);
	pixDestroy(&joined);
	pixDestroy(&outside);
	return pieces;
}

struct height {
	l_int32 h, w;
};

static int
by_height(const void *a, const void *b)
{
	return ((const struct height *)a)->h - ((const struct height *)b)->h;
}

/* The height that half of all text, by its width, does not exceed. like: where pieces are few,
 * unless they are alone on the page. */
static int
usual_height(PIXA *pieces, int like, bool alone)
{
	size_t n = (size_t)pixaGetCount(pieces), tell = 0;
	_cleanup_(freep) struct height *heights = calloc(n + 1, sizeof *heights);
	long all = 0, sum = 0;
	size_t i;

	if (heights == NULL)
		return -ENOMEM;
	for (i = 0; i < n; i++) {
		struct height *at = &heights[tell];

		pixaGetBoxGeometry(pieces, (int)i, NULL, NULL, &at->w, &at->h);
		if (at->h < LETTER_LEAST || at->h > LETTER_MOST)
			continue;
		all += at->w;
		tell++;
	}
	if (tell == 0 || (tell < PIECES_TELL && !alone))
		return like;
	qsort(heights, tell, sizeof *heights, by_height);
	for (i = 0; i < tell && 2 * (sum + heights[i].w) < all; i++)
		sum += heights[i].w;
	return heights[i].h;
}

int
pieces_find(const struct grid *g, struct Pix *ink, int letter, struct Pixa **ret, int *ret_letter)
{
	int like = letter > 0 ? letter / SHEET_HALF : LETTER_USUAL, half;
	PIXA *pieces;

	if (like < LETTER_LEAST)
		like = LETTER_LEAST;
	pieces = find_pieces(g, ink, (int)(JOIN * like));
	if (pieces == NULL)
		return -ENOMEM;
	half = usual_height(pieces, like, letter == 0);
	if (half >= 0 && abs(half - like) > LETTER_OTHER * like) {
		pixaDestroy(&pieces);
		pieces = find_pieces(g, ink, (int)(JOIN * half));
	}
	if (half < 0 || pieces == NULL) {
		pixaDestroy(&pieces);
		return -ENOMEM;
	}
	*ret = pieces;
	*ret_letter = half * SHEET_HALF;
	return 0;
}
