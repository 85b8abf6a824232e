/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Previews and thumbnails. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/ocr_bus.h"
#include "ocr/pixels.h"
#include "ocr/preview.h"

static int
longer_side(PIX *pix)
{
	return pixGetWidth(pix) > pixGetHeight(pix) ? pixGetWidth(pix) : pixGetHeight(pix);
}

/* Halves are cheap, and A4 at 300 dpi is twice what a preview may be. */
static PIX *
shrink(PIX *pix, int side)
{
	PIX *now = pixClone(pix), *out;

	while (now != NULL && pixGetDepth(now) > 1 && longer_side(now) > side &&
	       longer_side(now) / 2 >= PREVIEW_ENOUGH * side) {
		PIX *half = pixels_mean_half(now);

		pixDestroy(&now);
		now = half;
	}
	if (now == NULL || longer_side(now) <= side)
		out = now == NULL ? NULL : pixConvertTo8Or32(now, L_CLONE, 0);
	else if (pixGetDepth(now) == 1)
		out = pixScaleToGray(now, (l_float32)side / (l_float32)longer_side(now));
	else
		out = pixScaleAreaMap(now, (l_float32)side / (l_float32)longer_side(now),
		    (l_float32)side / (l_float32)longer_side(now));
	pixDestroy(&now);
	/* A one pixel wide strip may round to nothing: show at least its own pixels. */
	return out != NULL ? out : pixConvertTo8Or32(pix, L_CLONE, 0);
}

PIX *
preview_of(const struct page *p)
{
	return shrink(p->colour != NULL ? p->colour : p->pix, OCR_PREVIEW_SIDE);
}

int
preview_jpeg(PIX *preview, int degrees, int side, uint8_t **ret_data, size_t *ret_size)
{
	PIX *small = shrink(preview, side), *turned;
	l_uint8 *data = NULL;
	size_t size = 0;
	int r;

	if (small == NULL)
		return -ENOMEM;
	turned = degrees % 360 == 0 ? pixClone(small)
				    : pixRotateOrth(small, (degrees % 360 + 360) % 360 / 90);
	pixDestroy(&small);
	if (turned == NULL)
		return -ENOMEM;
	r = pixWriteMemJpeg(&data, &size, turned, PREVIEW_QUALITY, 0);
	pixDestroy(&turned);
	if (r != 0) {
		free(data);
		return -ENOMEM;
	}
	*ret_data = data;
	*ret_size = size;
	return 0;
}
