/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/prepare.h"

#define CONTRAST_MIN 60 /* grey levels between ink and paper */

struct Pix *
cutting(struct Pix *pix, struct box b)
{
	BOX *box = boxCreate(b.x < 0 ? 0 : b.x, b.y < 0 ? 0 : b.y, b.w + (b.x < 0 ? b.x : 0),
	    b.h + (b.y < 0 ? b.y : 0));
	PIX *part = box == NULL ? NULL : pixClipRectangle(pix, box, NULL);

	boxDestroy(&box);
	return part;
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
	PIX *part = b->w > 0 ? cutting_clean(grey, rules, b) : NULL, *ink = NULL;
	l_int32 darkest = 255;

	if (part == NULL)
		return NULL;
	pixGetExtremeValue(part, 1, L_SELECT_MIN, NULL, NULL, NULL, &darkest);
	if (darkest + CONTRAST_MIN <= 255)
		ink = pixThresholdToBinary(part, (darkest + 255) / 2);
	pixDestroy(&part);
	return ink;
}
