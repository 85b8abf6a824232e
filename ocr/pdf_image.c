/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Image XObjects; knows nothing of text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>
#include <tiffio.h>

#include "cleanup.h"
#include "ocr/pdf.h"
#include "ocr/pdf_image.h"

static void
pixp(PIX **p)
{
	pixDestroy(p);
}

static int
put_stream(struct buf *out, const char *extra, const void *data, size_t size)
{
	buf_printf(out, "<< %s /Length %zu >>\nstream\n", extra, size);
	buf_add(out, data, size);
	buf_puts(out, "\nendstream\n");
	return buf_error(out);
}

int
pdf_stream(struct buf *out, const char *extra, const void *data, size_t size)
{
	char dictionary[512];
	size_t packed_size = 0;
	_cleanup_(freep) l_uint8 *packed =
	    zlibCompress((l_uint8 *)(uintptr_t)data, size, &packed_size);

	if (packed == NULL)
		return -ENOMEM;
	snprintf(dictionary, sizeof dictionary, "%s /Filter /FlateDecode", extra);
	return put_stream(out, dictionary, packed, packed_size);
}

static void
entries(char *out, size_t room, PIX *pix, const char *space, int bits, const char *filter)
{
	snprintf(out, room,
	    "/Type /XObject /Subtype /Image /Width %d /Height %d /ColorSpace /%s "
	    "/BitsPerComponent %d %s",
	    pixGetWidth(pix), pixGetHeight(pix), space, bits, filter);
}

static int
put_jpeg(PIX *pix, struct buf *out)
{
	_cleanup_(freep) l_uint8 *data = NULL;
	size_t size = 0;
	char dictionary[256];

	if (pixWriteMemJpeg(&data, &size, pix, PDF_COPY_QUALITY, 0) != 0)
		return -EIO;
	entries(dictionary, sizeof dictionary, pix,
	    pixGetDepth(pix) == 32 ? "DeviceRGB" : "DeviceGray", 8, "/Filter /DCTDecode");
	return put_stream(out, dictionary, data, size);
}

/* Samples in rows without padding, black 0. */
static uint8_t *
raw_samples(PIX *pix, size_t *ret_size)
{
	int w = pixGetWidth(pix), h = pixGetHeight(pix), n = pixGetDepth(pix) == 32 ? 3 : 1;
	uint8_t *data = malloc((size_t)w * (size_t)h * (size_t)n), *to = data;

	if (data == NULL)
		return NULL;
	for (int y = 0; y < h; y++) {
		const l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y;

		for (int x = 0; x < w; x++) {
			if (n == 1) {
				*to++ = (uint8_t)GET_DATA_BYTE(line, x);
				continue;
			}
			*to++ = (uint8_t)(line[x] >> L_RED_SHIFT);
			*to++ = (uint8_t)(line[x] >> L_GREEN_SHIFT);
			*to++ = (uint8_t)(line[x] >> L_BLUE_SHIFT);
		}
	}
	*ret_size = (size_t)(to - data);
	return data;
}

static int
put_samples(PIX *pix, struct buf *out)
{
	size_t size = 0;
	_cleanup_(freep) uint8_t *data = raw_samples(pix, &size);
	char dictionary[256];

	if (data == NULL)
		return -ENOMEM;
	entries(dictionary, sizeof dictionary, pix,
	    pixGetDepth(pix) == 32 ? "DeviceRGB" : "DeviceGray", 8, "");
	return pdf_stream(out, dictionary, data, size);
}

/* One-strip G4 file made by Leptonica; only its strip is kept. */
static int
put_g4(PIX *pix, struct buf *out)
{
	_cleanup_(freep) l_uint8 *file = NULL;
	size_t size = 0;
	uint32_t at, n, entry;
	uint64_t offset = 0, count = 0;
	char dictionary[320], filter[160];

	if (pixWriteMemTiff(&file, &size, pix, IFF_TIFF_G4) != 0 || size < 16 ||
	    memcmp(file, "II", 2) != 0)
		return -EIO;
	memcpy(&at, file + 4, 4);
	if (at > size - 2)
		return -EIO;
	n = file[at] | (uint32_t)file[at + 1] << 8;
	for (uint32_t i = 0; i < n && at + 2 + (i + 1) * 12 <= size; i++) {
		const uint8_t *e = file + at + 2 + i * 12;
		uint32_t tag = e[0] | (uint32_t)e[1] << 8;

		entry = e[8] | (uint32_t)e[9] << 8;
		if ((e[2] | e[3] << 8) == 4) /* LONG; else SHORT */
			entry |= (uint32_t)e[10] << 16 | (uint32_t)e[11] << 24;
		if (tag == TIFFTAG_STRIPOFFSETS)
			offset = entry;
		else if (tag == TIFFTAG_STRIPBYTECOUNTS)
			count = entry;
	}
	if (count == 0 || offset + count > size)
		return -EIO;
	snprintf(filter, sizeof filter,
	    "/Filter /CCITTFaxDecode /DecodeParms << /K -1 /Columns %d /Rows %d >>",
	    pixGetWidth(pix), pixGetHeight(pix));
	entries(dictionary, sizeof dictionary, pix, "DeviceGray", 1, filter);
	return put_stream(out, dictionary, file + offset, count);
}

int
pdf_image(const struct page *p, int degrees, bool lossless, struct buf *out)
{
	_cleanup_(pixp) PIX *pix = pixRotateOrth(p->pix, (degrees % 360 + 360) % 360 / 90);
	double shrink = (double)PDF_COPY_DPI * p->reduce / p->dpi;

	if (pix == NULL)
		return -ENOMEM;
	if (pixGetDepth(pix) == 1)
		return put_g4(pix, out);
	if (lossless)
		return put_samples(pix, out);
	if (shrink < 0.95) {
		PIX *small = pixScaleAreaMap(pix, (l_float32)shrink, (l_float32)shrink);

		if (small != NULL) {
			pixDestroy(&pix);
			pix = small;
		}
	}
	return put_jpeg(pix, out);
}
