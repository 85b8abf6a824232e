/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JPEG and PNG through Leptonica. A picture that does not decode to its last row is refused: half a
 * page is no page. */
#include <leptonica/allheaders.h>
#include <string.h>

#include "import_decode.h"

static void
destroy(PIX **pix)
{
	pixDestroy(pix);
}

/* One row of a pix as page_tiff.h wants it. */
static void
pack_row(PIX *pix, uint32_t y, unsigned depth, unsigned samples, uint8_t *out)
{
	l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);
	uint32_t width = (uint32_t)pixGetWidth(pix);

	if (depth == 1) {
		for (uint32_t i = 0; i < (width + 7) / 8; i++)
			out[i] = (uint8_t)GET_DATA_BYTE(row, i);
	} else if (samples == 3) {
		for (uint32_t x = 0; x < width; x++, out += 3) {
			out[0] = (uint8_t)(row[x] >> 24);
			out[1] = (uint8_t)(row[x] >> 16);
			out[2] = (uint8_t)(row[x] >> 8);
		}
	} else if (depth == 16) {
		for (uint32_t x = 0; x < width; x++) {
			uint16_t v = (uint16_t)GET_DATA_TWO_BYTES(row, x);

			memcpy(out + 2 * (size_t)x, &v, 2);
		}
	} else {
		for (uint32_t x = 0; x < width; x++)
			out[x] = (uint8_t)GET_DATA_BYTE(row, x);
	}
}

/* Depths that pages have: 1, 8 and 16 grey, 24 colour; palettes and transparency are resolved, on
 * white. */
static int
plain(PIX **pix)
{
	PIX *next = NULL;
	l_int32 depth;

	if (pixGetColormap(*pix) != NULL)
		next = pixRemoveColormap(*pix, REMOVE_CMAP_BASED_ON_SRC);
	else if (pixGetDepth(*pix) == 32 && pixGetSpp(*pix) == 4)
		next = pixAlphaBlendUniform(*pix, 0xffffff00);
	if (next != NULL) {
		next->xres = pixGetXRes(*pix);
		next->yres = pixGetYRes(*pix);
		pixDestroy(pix);
		*pix = next;
	}
	depth = pixGetDepth(*pix);
	if (depth == 2 || depth == 4) {
		next = pixConvertTo8(*pix, 0);
		if (next == NULL)
			return -ENOMEM;
		pixDestroy(pix);
		*pix = next;
	}
	depth = pixGetDepth(*pix);
	return depth == 1 || depth == 8 || depth == 16 || depth == 32 ? 0 : IMPORT_UNSUPPORTED;
}

static int
put_pix(struct import_sink *sink, PIX *pix, struct import_page *page)
{
	_cleanup_(freep) uint8_t *row = NULL;
	unsigned bits = (unsigned)pixGetDepth(pix);
	int r;

	page->width = (uint32_t)pixGetWidth(pix);
	page->height = (uint32_t)pixGetHeight(pix);
	page->depth = bits == 32 ? 8 : bits;
	page->samples = bits == 32 ? 3 : 1;
	row = malloc((size_t)page->width * 4 + 4);
	if (row == NULL)
		return -ENOMEM;
	r = import_begin(sink, page);
	for (uint32_t y = 0; r >= 0 && y < page->height; y++) {
		pack_row(pix, y, page->depth, page->samples, row);
		r = import_rows(sink, row, 1);
	}
	return r < 0 ? r : import_end(sink);
}

int
import_jpeg(const uint8_t *data, size_t size, struct import_sink *sink)
{
	_cleanup_(destroy) PIX *pix = NULL;
	struct import_page page = {.mode = "rgb", .flags = ""};
	struct jpeg_notes notes;
	l_int32 warnings = 0;
	int r = jpeg_read_notes(data, size, &notes);

	if (r < 0)
		return r;
	sink->format = "JPEG";
	import_count(sink, 1);
	r = import_check_size(sink, notes.width, notes.height);
	if (r < 0)
		return r;
	if ((uint64_t)notes.width * notes.height * (notes.components == 1 ? 1 : 3) > PAGE_MAX_BYTES)
		return IMPORT_TOO_LARGE;
	/* Without Adobe's marker it is not known which way round the inks are. */
	if (notes.bits != 8 || (notes.components != 1 && notes.components != 3 &&
				   (notes.components != 4 || !notes.adobe)))
		return IMPORT_UNSUPPORTED;
	if (!notes.whole)
		return IMPORT_CORRUPT;
	setMsgSeverity(L_SEVERITY_NONE);
	pix = pixReadMemJpeg(data, size, 0, 1, &warnings, 0);
	if (pix == NULL || warnings > 0)
		return IMPORT_CORRUPT;
	if (notes.components == 1)
		page.mode = "grey";
	if (notes.components == 4) {
		page.mode = "cmyk";
		page.flags = "color_converted";
	}
	page.orientation = notes.orientation;
	page.dpi_x = notes.dpi_x;
	page.dpi_y = notes.dpi_y;
	return put_pix(sink, pix, &page);
}

int
import_png(const uint8_t *data, size_t size, struct import_sink *sink)
{
	_cleanup_(destroy) PIX *pix = NULL;
	struct import_page page = {.mode = "rgb", .flags = ""};
	l_int32 w, h, bits, samples, palette;
	bool keep16;
	int r;

	setMsgSeverity(L_SEVERITY_NONE);
	sink->format = "PNG";
	import_count(sink, 1);
	if (readHeaderMemPng(data, size, &w, &h, &bits, &samples, &palette) != 0)
		return IMPORT_CORRUPT;
	r = import_check_size(sink, (uint64_t)w, (uint64_t)h);
	if (r < 0)
		return r;
	if ((uint64_t)w * (uint64_t)h * (samples < 3 && !palette ? 1 : 3) > PAGE_MAX_BYTES)
		return IMPORT_TOO_LARGE;
	keep16 = bits == 16 && samples == 1;
	l_pngSetReadStrip16To8(keep16 ? 0 : 1);
	pix = pixReadMemPng(data, size);
	if (pix == NULL)
		return IMPORT_CORRUPT;
	r = plain(&pix);
	if (r < 0)
		return r;
	page.mode = palette ? "palette" : samples < 3 ? "grey" : "rgb";
	page.flags = bits == 16 && !keep16          ? "depth_reduced"
		     : samples == 2 || samples == 4 ? "alpha_on_white"
						    : "";
	page.dpi_x = pixGetXRes(pix);
	page.dpi_y = pixGetYRes(pix);
	return put_pix(sink, pix, &page);
}
