/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/pixels.h"
#include "ocr/solid.h"

struct Boxa *
solid_fields(struct Pix *grey, int below, int stroke, int thin, struct Pixa **ret_parts)
{
	PIX *dark = pixels_dark(grey, below), *coarse, *closed, *fields;
	BOXA *boxes;

	coarse = dark == NULL ? NULL : pixReduceRankBinaryCascade(dark, 2, 2, 0, 0);
	pixDestroy(&dark);
	closed = coarse == NULL ? NULL
		 : stroke == 0  ? pixClone(coarse)
				: pixCloseSafeBrick(NULL, coarse, stroke, stroke);
	pixDestroy(&coarse);
	fields = closed == NULL ? NULL : pixOpenBrick(NULL, closed, thin, thin);
	pixDestroy(&closed);
	boxes = fields == NULL ? NULL : pixConnComp(fields, ret_parts, 4);
	pixDestroy(&fields);
	return boxes;
}

struct Pix *
solid_dark(struct Pix *grey, struct Pix *mask, int x, int y, int below)
{
	PIX *all = pixCreateTemplate(mask), *dark = NULL;
	PIX *part = cutting(grey, (struct box){x, y, pixGetWidth(mask), pixGetHeight(mask)});

	if (part != NULL)
		dark = pixels_dark(part, below);
	if (dark == NULL || all == NULL ||
	    pixRasterop(all, x < 0 ? -x : 0, y < 0 ? -y : 0, pixGetWidth(dark), pixGetHeight(dark),
		PIX_SRC, dark, 0, 0) != 0 ||
	    pixAnd(all, all, mask) == NULL)
		pixDestroy(&all);
	pixDestroy(&dark);
	pixDestroy(&part);
	return all;
}
