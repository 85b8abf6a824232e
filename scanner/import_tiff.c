/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * TIFF, every directory a page. Plain layouts (bilevel, grey, RGB; 1, 8, 16 bit; strips) pass bit
 * for bit; all else (palettes, CMYK, tiles, planes, transparency) through libtiff's own conversion
 * to 8-bit RGB. Broken tags are borne where libtiff bears them; broken pixels are not.
 */
#include <string.h>

#include "import_decode.h"
#include "tiff_memory.h"

struct source {
	struct tiff_memory memory;
	bool damaged; /* the decoder complained about pixels */
};

/* An error while pixels are decoded means that some are missing. */
static int
on_error(TIFF *tiff, void *userdata, const char *module, const char *format, va_list args)
{
	((struct source *)userdata)->damaged = true;
	return 1;
}

/* The fax decoders call a picture that ends too soon a warning, and go on in white; so does JPEG,
 * in grey. */
static int
on_warning(TIFF *tiff, void *userdata, const char *module, const char *format, va_list args)
{
	if (strcasestr(format, "premature") != NULL || strcasestr(format, "corrupt") != NULL ||
	    strcmp(format, "%s") == 0)
		((struct source *)userdata)->damaged = true;
	return 1;
}

static TIFF *
open_source(struct source *s)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFF *tiff;

	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetErrorHandlerExtR(options, on_error, s);
	TIFFOpenOptionsSetWarningHandlerExtR(options, on_warning, s);
	tiff = tiff_memory_open(&s->memory, options);
	TIFFOpenOptionsFree(options);
	return tiff;
}

/* ---- one directory ---- */

struct layout {
	uint32_t width, height;
	uint16_t bits, samples, photometric, planar, format, orientation, unit, compression;
	float dpi_x, dpi_y;
};

static void
read_layout(TIFF *tiff, struct layout *l)
{
	*l = (struct layout){0};
	TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &l->width);
	TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &l->height);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_BITSPERSAMPLE, &l->bits);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLESPERPIXEL, &l->samples);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_PLANARCONFIG, &l->planar);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_SAMPLEFORMAT, &l->format);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &l->orientation);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_RESOLUTIONUNIT, &l->unit);
	TIFFGetFieldDefaulted(tiff, TIFFTAG_COMPRESSION, &l->compression);
	if (!TIFFGetField(tiff, TIFFTAG_PHOTOMETRIC, &l->photometric))
		l->photometric = l->samples >= 3 ? PHOTOMETRIC_RGB
				 : l->bits == 1  ? PHOTOMETRIC_MINISWHITE
						 : PHOTOMETRIC_MINISBLACK;
	TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &l->dpi_x);
	TIFFGetField(tiff, TIFFTAG_YRESOLUTION, &l->dpi_y);
	if (l->unit == RESUNIT_CENTIMETER) {
		l->dpi_x *= 2.54f;
		l->dpi_y *= 2.54f;
	} /* no unit: many writers mean inches; page_dpi.h judges */
}

static bool
is_plain(TIFF *tiff, const struct layout *l)
{
	bool grey = l->samples == 1 && (l->photometric == PHOTOMETRIC_MINISBLACK ||
					   l->photometric == PHOTOMETRIC_MINISWHITE);
	bool rgb = l->samples == 3 && l->photometric == PHOTOMETRIC_RGB;

	return !TIFFIsTiled(tiff) && l->planar == PLANARCONFIG_CONTIG &&
	       l->format == SAMPLEFORMAT_UINT &&
	       ((grey && (l->bits == 1 || l->bits == 8 || l->bits == 16)) ||
		   (rgb && (l->bits == 8 || l->bits == 16)));
}

static struct import_page
page_of(const struct layout *l)
{
	const char *mode = l->photometric == PHOTOMETRIC_PALETTE     ? "palette"
			   : l->photometric == PHOTOMETRIC_SEPARATED ? "cmyk"
			   : l->photometric == PHOTOMETRIC_YCBCR     ? "ycbcr"
			   : l->samples >= 3                         ? "rgb"
			   : l->bits == 1                            ? "lineart"
								     : "grey";

	return (struct import_page){.width = l->width,
	    .height = l->height,
	    .depth = l->bits,
	    .samples = l->samples,
	    .dpi_x = (double)l->dpi_x,
	    .dpi_y = (double)l->dpi_y,
	    .orientation = l->orientation,
	    .mode = mode,
	    .flags = ""};
}

/* Pages have 1 for black in one bit, 0 for black otherwise. */
static bool
must_invert(const struct layout *l)
{
	return l->samples == 1 && (l->photometric == PHOTOMETRIC_MINISWHITE) != (l->bits == 1);
}

static int
put_plain(TIFF *tiff, const struct layout *l, struct source *s, struct import_sink *sink)
{
	struct import_page page = page_of(l);
	struct page_format f = {l->width, l->bits, l->samples, 0, 0};
	size_t row_bytes = page_row_bytes(&f), size = (size_t)TIFFScanlineSize(tiff);
	_cleanup_(freep) uint8_t *row = NULL;
	int r = import_begin(sink, &page);

	if (r < 0)
		return r;
	if (size < row_bytes)
		return IMPORT_CORRUPT;
	row = calloc(1, size);
	if (row == NULL)
		return -ENOMEM;
	for (uint32_t y = 0; y < l->height; y++) {
		if (TIFFReadScanline(tiff, row, y, 0) != 1 || s->damaged)
			return IMPORT_CORRUPT;
		for (size_t i = 0; must_invert(l) && i < row_bytes; i++)
			row[i] = (uint8_t)~row[i];
		r = import_rows(sink, row, 1);
		if (r < 0)
			return r;
	}
	return import_end(sink);
}

/* Rows come bottom-up from libtiff as ABGR words, premultiplied where there is alpha: laid on
 * white. */
static void
pack_rgba(const uint32_t *from, uint32_t width, bool grey, uint8_t *out)
{
	for (uint32_t x = 0; x < width; x++) {
		unsigned white = 255 - TIFFGetA(from[x]);

		*out++ = (uint8_t)(TIFFGetR(from[x]) + white);
		if (grey)
			continue;
		*out++ = (uint8_t)(TIFFGetG(from[x]) + white);
		*out++ = (uint8_t)(TIFFGetB(from[x]) + white);
	}
}

static bool
all_grey(const uint32_t *pixels, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (TIFFGetR(pixels[i]) != TIFFGetG(pixels[i]) ||
		    TIFFGetG(pixels[i]) != TIFFGetB(pixels[i]))
			return false;
	return true;
}

static int
put_converted(TIFF *tiff, const struct layout *l, struct source *s, struct import_sink *sink)
{
	struct import_page page = page_of(l);
	size_t n = (size_t)l->width * l->height;
	_cleanup_(freep) uint32_t *pixels = NULL;
	_cleanup_(freep) uint8_t *row = malloc((size_t)l->width * 3);
	char why[1024];
	int r = 0;

	if (!TIFFRGBAImageOK(tiff, why))
		return IMPORT_UNSUPPORTED;
	if (n * 3 > PAGE_MAX_BYTES)
		return IMPORT_TOO_LARGE;
	pixels = malloc(n * sizeof *pixels);
	if (pixels == NULL || row == NULL)
		return -ENOMEM;
	/* as stored, upper row first: turning is done once, for all decoders */
	if (!TIFFReadRGBAImageOriented(tiff, l->width, l->height, pixels, l->orientation, 1) ||
	    s->damaged)
		return IMPORT_CORRUPT;
	page.depth = 8;
	page.samples = all_grey(pixels, n) ? 1 : 3;
	page.flags = l->bits > 8                               ? "depth_reduced"
		     : l->photometric == PHOTOMETRIC_SEPARATED ? "color_converted"
							       : "";
	r = import_begin(sink, &page);
	for (uint32_t y = 0; r >= 0 && y < l->height; y++) {
		pack_rgba(pixels + (size_t)y * l->width, l->width, page.samples == 1, row);
		r = import_rows(sink, row, 1);
	}
	return r < 0 ? r : import_end(sink);
}

static int
put_directory(TIFF *tiff, struct source *s, struct import_sink *sink)
{
	struct layout l;
	int r;

	read_layout(tiff, &l);
	r = import_check_size(sink, l.width, l.height);
	if (r < 0)
		return r;
	if (!TIFFIsCODECConfigured(l.compression))
		return IMPORT_UNSUPPORTED;
	if (l.photometric == PHOTOMETRIC_YCBCR && l.compression == COMPRESSION_JPEG &&
	    l.planar == PLANARCONFIG_CONTIG) {
		TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
		l.photometric = PHOTOMETRIC_RGB;
	}
	s->damaged = false; /* complaints about tags until here were borne */
	return is_plain(tiff, &l) ? put_plain(tiff, &l, s, sink) : put_converted(tiff, &l, s, sink);
}

int
import_tiff(const uint8_t *data, size_t size, struct import_sink *sink)
{
	struct source s = {.memory = {.data = data, .size = size}};
	TIFF *tiff = open_source(&s);
	uint32_t pages;
	int r;

	if (tiff == NULL)
		return IMPORT_CORRUPT;
	sink->format = "TIFF";
	pages = TIFFNumberOfDirectories(tiff);
	r = import_count(sink, pages);
	for (uint32_t i = 0; r == 0 && i < pages; i++)
		r = TIFFSetDirectory(tiff, (uint16_t)i) ? put_directory(tiff, &s, sink)
							: IMPORT_CORRUPT;
	if (r == 0 && sink->seq == 0)
		r = IMPORT_CORRUPT;
	TIFFClose(tiff);
	return r;
}
