/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <leptonica/allheaders.h>

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
