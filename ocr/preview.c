/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Previews and thumbnails. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/preview.h"

static PIX *
shrink(PIX *pix, int longer_side)
{
	int w = pixGetWidth(pix), h = pixGetHeight(pix), longer = w > h ? w : h;
	l_float32 f = (l_float32)longer_side / (l_float32)longer;
	PIX *out;

	if (f > 1)
		f = 1;
	if (pixGetDepth(pix) == 1)
		out = f < 1 ? pixScaleToGray(pix, f) : pixConvert1To8(NULL, pix, 255, 0);
	else
		out = f < 1 ? pixScaleAreaMap(pix, f, f) : pixClone(pix);
	/* A one pixel wide strip may round to nothing: show at least its own pixels. */
	if (out == NULL)
		out = pixConvertTo8Or32(pix, L_CLONE, 0);
	return out;
}

int
preview_jpeg(
    const struct page *p, int degrees, int longer_side, uint8_t **ret_data, size_t *ret_size)
{
	PIX *small = shrink(p->pix, longer_side), *turned;
	l_uint8 *data = NULL;
	size_t size = 0;
	int r;

	if (small == NULL)
		return -ENOMEM;
	turned = pixRotateOrth(small, (degrees % 360 + 360) % 360 / 90);
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
