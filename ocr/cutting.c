/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/prepare.h"
#include "ocr/strip.h"

#define INK_DARK 50 /* percent of the way from the darkest pixel to white */

struct Pix *
cutting(struct Pix *pix, struct box b)
{
	BOX *box = boxCreate(b.x < 0 ? 0 : b.x, b.y < 0 ? 0 : b.y, b.w + (b.x < 0 ? b.x : 0),
	    b.h + (b.y < 0 ? b.y : 0));
	PIX *part = box == NULL ? NULL : pixClipRectangle(pix, box, NULL);

	boxDestroy(&box);
	return part;
}

bool
cutting_close(struct Pix *pix, struct box b, struct box *ret)
{
	PIX *part = cutting(pix, b);
	BOX *close = NULL;
	const bool any =
	    part != NULL && pixClipToForeground(part, NULL, &close) == 0 && close != NULL;

	if (any)
		boxGetGeometry(close, &ret->x, &ret->y, &ret->w, &ret->h);
	boxDestroy(&close);
	pixDestroy(&part);
	return any;
}

int
cutting_pixels(struct Pix *pix, struct box b)
{
	PIX *part = cutting(pix, b);
	l_int32 n = -1;

	if (part != NULL)
		pixCountPixels(part, &n, NULL);
	pixDestroy(&part);
	return n;
}

int
cutting_lines(struct Pix *pix, struct box b, bool down)
{
	PIX *part = cutting(pix, b);
	NUMA *counts = part == NULL ? NULL
		       : down       ? pixCountPixelsByRow(part, NULL)
				    : pixCountPixelsByColumn(part);
	int n = counts == NULL ? -1 : 0;

	for (int i = 0; n >= 0 && i < numaGetCount(counts); i++) {
		l_int32 ink = 0;

		numaGetIValue(counts, i, &ink);
		n += ink > 0;
	}
	numaDestroy(&counts);
	pixDestroy(&part);
	return n;
}

struct Pix *
cutting_clean(struct Pix *grey, struct Pix *rules, struct box *b)
{
	struct box half;
	PIX *part, *lines, *mask;

	b->x -= b->x % SHEET_HALF;
	b->y -= b->y % SHEET_HALF;
	half = (struct box){
	    b->x / SHEET_HALF, b->y / SHEET_HALF, b->w / SHEET_HALF + 1, b->h / SHEET_HALF + 1};
	part = cutting(grey, *b);
	lines = rules == NULL ? NULL : cutting(rules, half);
	mask = lines == NULL ? NULL : pixExpandReplicate(lines, SHEET_HALF);
	if (part != NULL && mask != NULL)
		pixPaintThroughMask(part, mask, 0, 0, 255);
	pixDestroy(&mask);
	pixDestroy(&lines);
	return part;
}

struct Pix *
cutting_ink(struct Pix *grey, struct Pix *rules, struct box *b)
{
	PIX *part = b->w > 0 ? cutting_clean(grey, rules, b) : NULL, *ink;

	if (part == NULL)
		return NULL;
	ink = strip_ink(part, INK_DARK);
	pixDestroy(&part);
	return ink;
}

int
cutting_spans(struct Pix *ink, bool down, struct span *ret, int max)
{
	NUMA *counts = down ? pixCountPixelsByRow(ink, NULL) : pixCountPixelsByColumn(ink);
	const int n = counts == NULL ? 0 : numaGetCount(counts);
	int spans = 0, from = -1;

	for (int i = 0; i <= n && spans < max; i++) {
		l_int32 dark = 0;

		if (i < n)
			numaGetIValue(counts, i, &dark);
		if (dark > 0 && from < 0)
			from = i;
		if (dark == 0 && from >= 0) {
			ret[spans++] = (struct span){from, i};
			from = -1;
		}
	}
	numaDestroy(&counts);
	return spans;
}
