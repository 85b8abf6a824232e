/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes page masters with libtiff from memory; trusts no tag. Knows nothing of text. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/page_in.h"
#include "tiff_memory.h"

#define PAGE_FIT_DPI 300 /* assumed when nothing is known */
#define A4_SHORT_IN 8.27
#define A4_LONG_IN 11.69
#define SHEET_LONG_IN 79.0 /* 2 m of receipt or chart */
#define SHEET_WIDE_IN 17.5 /* A2 and a little */
#define A_SMALLEST_IN 5.5  /* the longer side of A6 is 5.8 */
#define SAMPLES_MAX 8      /* colours, alpha and a little: more are a lie that costs gigabytes */
#define ALLOCATION_MAX                                                                             \
	(300u << 20) /* bytes libtiff may take at once: one strip of A4, 600 dpi, 16-bit RGB */
#define REDUCED_LEAST 1600 /* pixels of either side that stay when less would be enough to read */
#define FORM_PIXELS 1000   /* shorter side from which a page is no mere card */

struct header {
	uint32_t w, h;
	uint16_t bits, samples, photometric, planar, orientation, format;
};

static int
read_header(TIFF *t, struct header *ret)
{
	*ret = (struct header){0};
	if (!TIFFGetField(t, TIFFTAG_IMAGEWIDTH, &ret->w) ||
	    !TIFFGetField(t, TIFFTAG_IMAGELENGTH, &ret->h))
		return -EBADMSG;
	TIFFGetFieldDefaulted(t, TIFFTAG_BITSPERSAMPLE, &ret->bits);
	TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLESPERPIXEL, &ret->samples);
	TIFFGetFieldDefaulted(t, TIFFTAG_PLANARCONFIG, &ret->planar);
	TIFFGetFieldDefaulted(t, TIFFTAG_ORIENTATION, &ret->orientation);
	TIFFGetFieldDefaulted(t, TIFFTAG_SAMPLEFORMAT, &ret->format);
	if (!TIFFGetField(t, TIFFTAG_PHOTOMETRIC, &ret->photometric))
		ret->photometric = PHOTOMETRIC_MINISBLACK;
	if (ret->w == 0 || ret->h == 0 || ret->samples > SAMPLES_MAX)
		return -EBADMSG;
	if (ret->w > PAGE_MAX_SIDE || ret->h > PAGE_MAX_SIDE)
		return -EFBIG;
	return 0;
}

static bool
is_enough(const struct header *h, int k, int dpi, int enough_dpi)
{
	return enough_dpi > 0 && dpi / k >= enough_dpi && h->w / (uint32_t)k >= REDUCED_LEAST &&
	       h->h / (uint32_t)k >= REDUCED_LEAST;
}

/* Smallest whole divisor that brings the page under the limit, or a larger one that is enough. */
static int
reduction(const struct header *h, int dpi, int enough_dpi)
{
	int k = 1;

	while ((uint64_t)(h->w / k) * (h->h / k) > PAGE_MAX_PIXELS)
		k++;
	while (is_enough(h, k + 1, dpi, enough_dpi))
		k++;
	return k;
}

/* Rows that our own scanners and importers write: 1-bit, 8-bit grey, 8-bit RGB, in strips, samples
 * together. */
static bool
is_plain(TIFF *t, const struct header *h)
{
	bool grey = h->samples == 1 && (h->photometric == PHOTOMETRIC_MINISBLACK ||
					   h->photometric == PHOTOMETRIC_MINISWHITE);
	bool colour = h->samples == 3 && h->bits == 8 && h->photometric == PHOTOMETRIC_RGB &&
		      h->planar == PLANARCONFIG_CONTIG;

	return !TIFFIsTiled(t) && ((grey && (h->bits == 1 || h->bits == 8)) || colour);
}

/* Adds one decoded row into sums of k × k squares; 1-bit rows give 255 per white pixel. */
static void
sum_row(const struct header *h, const uint8_t *row, int k, uint32_t wr, uint32_t *sums)
{
	bool invert = h->samples == 1 && h->photometric == PHOTOMETRIC_MINISWHITE;

	for (uint32_t x = 0; x < wr * (uint32_t)k; x++)
		for (unsigned s = 0; s < h->samples; s++) {
			unsigned v = h->bits == 8 ? row[x * h->samples + s]
						  : (row[x / 8] >> (7 - x % 8) & 1) * 255u;

			sums[x / (uint32_t)k * h->samples + s] += invert ? 255 - v : v;
		}
}

static void
put_row(const struct header *h, PIX *pix, uint32_t y, uint32_t wr, unsigned area, uint32_t *sums)
{
	l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * y;

	for (uint32_t x = 0; x < wr; x++) {
		if (h->samples == 1)
			SET_DATA_BYTE(line, x, sums[x] / area);
		else
			composeRGBPixel((int)(sums[3 * x] / area), (int)(sums[3 * x + 1] / area),
			    (int)(sums[3 * x + 2] / area), line + x);
	}
	memset(sums, 0, (size_t)wr * h->samples * sizeof *sums);
}

/* 1-bit pages that need no reduction stay 1-bit. */
static void
put_bits(const struct header *h, PIX *pix, uint32_t y, const uint8_t *row)
{
	l_uint32 *line = pixGetData(pix) + (size_t)pixGetWpl(pix) * y;
	uint8_t flip = h->photometric == PHOTOMETRIC_MINISWHITE ? 0 : 0xff;

	for (uint32_t i = 0; i < (h->w + 7) / 8; i++)
		SET_DATA_BYTE(line, i, row[i] ^ flip);
}

static int
read_rows(TIFF *t, const struct header *h, int k, struct page *ret)
{
	uint32_t wr = h->w / (uint32_t)k, hr = h->h / (uint32_t)k;
	bool bits = h->bits == 1 && k == 1;
	tmsize_t row_size = TIFFScanlineSize(t);
	_cleanup_(freep) uint8_t *row = NULL;
	_cleanup_(freep) uint32_t *sums = NULL;
	uint32_t good = 0;

	if (row_size < (tmsize_t)((uint64_t)h->w * h->samples * h->bits + 7) / 8)
		return -EBADMSG;
	row = malloc((size_t)row_size);
	sums = calloc((size_t)wr * h->samples + 1, sizeof *sums);
	ret->pix = pixCreate((int)wr, (int)hr, bits ? 1 : h->samples == 1 ? 8 : 32);
	if (row == NULL || sums == NULL || ret->pix == NULL)
		return -ENOMEM;
	pixSetAllArbitrary(ret->pix, bits ? 0 : h->samples == 1 ? 255 : 0xffffff00u);
	for (uint32_t y = 0; y < hr * (uint32_t)k; y++) {
		if (TIFFReadScanline(t, row, y, 0) != 1) {
			ret->damaged = true;
			break;
		}
		good++;
		if (bits)
			put_bits(h, ret->pix, y, row);
		else
			sum_row(h, row, k, wr, sums);
		if (!bits && (y + 1) % (uint32_t)k == 0)
			put_row(h, ret->pix, y / (uint32_t)k, wr, (unsigned)(k * k), sums);
	}
	if (bits)
		pixSetPadBits(ret->pix, 0);
	return good == 0 ? -EBADMSG : 0;
}

/* Everything else (palettes, CMYK, 16 bit, tiles, JPEG, alpha) through libtiff's own conversion to
 * RGB. */
static int
read_any(TIFF *t, const struct header *h, struct page *ret)
{
	_cleanup_(freep) uint32_t *raster = NULL;
	char why[1024];

	if ((uint64_t)h->w * h->h > PAGE_MAX_PIXELS)
		return -EFBIG;
	if (!TIFFRGBAImageOK(t, why))
		return -EBADMSG;
	raster = calloc((size_t)h->w * h->h, sizeof *raster);
	ret->pix = pixCreate((int)h->w, (int)h->h, 32);
	if (raster == NULL || ret->pix == NULL)
		return -ENOMEM;
	if (!TIFFReadRGBAImageOriented(t, h->w, h->h, raster, (int)h->orientation, 0))
		ret->damaged = true;
	for (uint32_t y = 0; y < h->h; y++) {
		l_uint32 *line = pixGetData(ret->pix) + (size_t)pixGetWpl(ret->pix) * y;

		for (uint32_t x = 0; x < h->w; x++) {
			uint32_t p = raster[(size_t)y * h->w + x];
			int a = (int)TIFFGetA(p),
			    w = 255 - a; /* alpha is premultiplied: over white */
			int rgb[3] = {
			    (int)TIFFGetR(p) + w, (int)TIFFGetG(p) + w, (int)TIFFGetB(p) + w};

			for (int i = 0; i < 3; i++)
				rgb[i] = rgb[i] > 255 ? 255 : rgb[i];
			composeRGBPixel(rgb[0], rgb[1], rgb[2], line + x);
		}
	}
	return 0;
}

/* TIFF orientation 1 to 8 as flips and turns of what the rows show. */
static int
apply_orientation(unsigned orientation, struct page *p)
{
	static const struct {
		int turns;
		bool mirror; /* after the turn, left to right */
	} table[9] = {
	    {0, false},
	    {0, false},
	    {0, true},
	    {2, false},
	    {2, true},
	    {1, true},
	    {1, false},
	    {3, true},
	    {3, false},
	};
	PIX *turned;

	if (orientation < 2 || orientation > 8)
		return 0;
	turned = pixRotateOrth(p->pix, table[orientation].turns);
	if (turned == NULL)
		return -ENOMEM;
	pixDestroy(&p->pix);
	p->pix = turned;
	if (table[orientation].mirror)
		pixFlipLR(p->pix, p->pix);
	if (table[orientation].turns & 1) {
		int w = p->width;

		p->width = p->height;
		p->height = w;
	}
	return 0;
}

static int
resolution(TIFF *t)
{
	float x = 0, y = 0;
	uint16_t unit = RESUNIT_INCH;
	double dpi;

	TIFFGetFieldDefaulted(t, TIFFTAG_RESOLUTIONUNIT, &unit);
	if (!TIFFGetField(t, TIFFTAG_XRESOLUTION, &x) || !TIFFGetField(t, TIFFTAG_YRESOLUTION, &y))
		return 0;
	dpi = y > x ? y : x;
	if (unit == RESUNIT_CENTIMETER)
		dpi *= 2.54;
	else if (unit != RESUNIT_INCH)
		return 0;
	return isfinite(dpi) && dpi >= PAGE_MIN_DPI && dpi <= PAGE_MAX_DPI ? (int)lround(dpi) : 0;
}

static double
shorter(const struct page *p)
{
	return p->width < p->height ? p->width : p->height;
}

static double
longer(const struct page *p)
{
	return p->width < p->height ? p->height : p->width;
}

/* Sheets of A4's proportions (and those of A3, A5 …). */
static bool
is_a_series(const struct page *p)
{
	return fabs(shorter(p) / longer(p) - A4_SHORT_IN / A4_LONG_IN) < 0.03;
}

/*
 * A stated resolution is believed when the sheet it makes could have passed a feeder. Programs that
 * know none often write 72 (A4 would be 87 cm long), and a whole form the size of a stamp is none.
 */
static bool
believable(int dpi, const struct page *p)
{
	return dpi >= PAGE_MIN_DPI && dpi <= PAGE_MAX_DPI && longer(p) / dpi < SHEET_LONG_IN &&
	       shorter(p) / dpi < SHEET_WIDE_IN &&
	       !(is_a_series(p) && longer(p) / dpi < A_SMALLEST_IN && shorter(p) > FORM_PIXELS);
}

static void
decide_dpi(int stated, int hint, struct page *p)
{
	double fit = longer(p) / A4_LONG_IN;

	if (believable(stated, p))
		p->dpi = stated;
	else if (believable(hint, p))
		p->dpi = hint;
	else {
		p->dpi_assumed = true;
		p->dpi = PAGE_FIT_DPI;
		/* A sheet in A4's proportions is taken for A4. */
		if (is_a_series(p) && fit >= PAGE_MIN_DPI)
			p->dpi = (int)lround(fit > PAGE_MAX_DPI ? PAGE_MAX_DPI : fit);
	}
}

static TIFF *
open_tiff(struct tiff_memory *m)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFF *t = NULL;

	if (options != NULL) {
		TIFFOpenOptionsSetMaxSingleMemAlloc(options, ALLOCATION_MAX);
		t = tiff_memory_open(m, options);
		TIFFOpenOptionsFree(options);
	}
	return t;
}

int
page_in(const void *tiff, size_t size, int hint_dpi, int enough_dpi, struct page *ret)
{
	struct tiff_memory m = {.data = tiff, .size = size};
	_cleanup_(tiff_closep) TIFF *t = NULL;
	_cleanup_(page_free) struct page p = {.reduce = 1};
	struct header h;
	int r;

	setMsgSeverity(L_SEVERITY_NONE); /* both libraries would write to our log */
	TIFFSetErrorHandler(NULL);
	TIFFSetWarningHandler(NULL);
	t = open_tiff(&m);
	if (t == NULL)
		return -EBADMSG;
	r = read_header(t, &h);
	if (r < 0)
		return r;
	p.width = (int)h.w;
	p.height = (int)h.h;
	decide_dpi(resolution(t), hint_dpi, &p);
	if (is_plain(t, &h)) {
		p.reduce = reduction(&h, p.dpi, enough_dpi);
		if (h.w / (uint32_t)p.reduce == 0 || h.h / (uint32_t)p.reduce == 0)
			return -EFBIG;
		r = read_rows(t, &h, p.reduce, &p);
	} else
		r = read_any(t, &h, &p);
	if (r < 0)
		return r;
	r = apply_orientation(h.orientation, &p);
	if (r < 0)
		return r;
	*ret = p;
	p.pix = NULL;
	return 0;
}

void
page_free(struct page *p)
{
	pixDestroy(&p->pix);
}
