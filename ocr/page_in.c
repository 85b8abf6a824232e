/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decodes page masters with libtiff from memory; trusts no tag. Knows nothing of text. */
#include <errno.h>
#include <math.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/ocr_bus.h"
#include "ocr/page_in.h"
#include "ocr/page_rows.h"
#include "ocr/preview.h"
#include "tiff_memory.h"

#define PAGE_FIT_DPI 300 /* assumed when nothing is known */
#define A4_SHORT_IN 8.27
#define A4_LONG_IN 11.69
#define SHEET_LONG_IN 79.0 /* 2 m of receipt or chart */
#define SHEET_WIDE_IN 17.5 /* A2 and a little */
#define A_SMALLEST_IN 5.5  /* the longer side of A6 is 5.8 */
#define REDUCED_ENOUGH (20u << 20) /* pixels: no sheet is made of more (SHEET_MAX_PIXELS) */
#define SAMPLES_MAX 8      /* colours, alpha and a little: more are a lie that costs gigabytes */
#define DECODE_MAX                                                                                 \
	(4u * PAGE_MAX_PIXELS) /* bytes of a picture in colour and what decoding takes             \
				*/
#define MASTER_MAX_PIXELS (900u << 20) /* 30,000 each way; all of them are decoded */
#define REDUCED_LEAST 1600 /* pixels of either side that stay when less would be enough to read */
#define FORM_PIXELS 1000   /* shorter side from which a page is no mere card */

static int
read_header(TIFF *t, struct page_header *ret)
{
	*ret = (struct page_header){0};
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
	if (ret->w > PAGE_MAX_SIDE || ret->h > PAGE_MAX_SIDE ||
	    (uint64_t)ret->w * ret->h > MASTER_MAX_PIXELS)
		return -EFBIG;
	return 0;
}

static bool
is_enough(const struct page_header *h, int k, int dpi, int enough_dpi)
{
	uint32_t w = h->w / (uint32_t)k, high = h->h / (uint32_t)k;

	return enough_dpi > 0 && w >= REDUCED_LEAST && high >= REDUCED_LEAST &&
	       (dpi / k >= enough_dpi || (uint64_t)w * high >= REDUCED_ENOUGH);
}

/* Smallest whole divisor that brings the page under the limits, or a larger one that is enough. */
static int
reduction(const struct page_header *h, uint64_t beside, int dpi, int enough_dpi)
{
	int k = 1;

	while ((uint64_t)(h->w / (uint32_t)k) * (h->h / (uint32_t)k) > (DECODE_MAX - beside) / 4)
		k++;
	while (is_enough(h, k + 1, dpi, enough_dpi))
		k++;
	return k;
}

/* NULL stays. */
static int
turn(PIX **pix, int turns, bool mirror)
{
	PIX *turned;

	if (*pix == NULL)
		return 0;
	turned = pixRotateOrth(*pix, turns);
	if (turned == NULL)
		return -ENOMEM;
	pixDestroy(pix);
	*pix = turned;
	return !mirror || pixFlipLR(turned, turned) != NULL ? 0 : -ENOMEM;
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
	PIX **const all[] = {&p->pix, &p->colour, &p->red, &p->black};
	int w = p->width;

	if (orientation < 2 || orientation > 8)
		return 0;
	if (table[orientation].turns & 1) {
		p->width = p->height;
		p->height = w;
	}
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (turn(all[i], table[orientation].turns, table[orientation].mirror) < 0)
			return -ENOMEM;
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
		TIFFOpenOptionsSetMaxSingleMemAlloc(options, DECODE_MAX);
		t = tiff_memory_open(m, options);
		TIFFOpenOptionsFree(options);
	}
	return t;
}

/* What colour pages need for previews is halved where that is large enough for them; a thread of
 * one pixel has no half. */
static int
colour_part(const struct page *p)
{
	return longer(p) / p->reduce / 2 >= PREVIEW_ENOUGH * OCR_PREVIEW_SIDE &&
		       shorter(p) / p->reduce >= 2
		   ? 2
		   : 1;
}

static int
decode(TIFF *t, const struct page_header *h, bool to_read, struct page *p)
{
	struct page_rows rows;
	int r = page_rows_read(t, h, p->reduce, to_read ? colour_part(p) : 0, &rows);

	if (r < 0)
		return r;
	p->pix = rows.pix;
	p->colour = rows.colour;
	p->red = rows.red;
	p->black = rows.black;
	p->damaged = rows.damaged;
	return 0;
}

int
page_in(const void *tiff, size_t size, int hint_dpi, int enough_dpi, struct page *ret)
{
	struct tiff_memory m = {.data = tiff, .size = size};
	_cleanup_(tiff_closep) TIFF *t = NULL;
	_cleanup_(page_free) struct page p = {.reduce = 1};
	struct page_header h;
	uint64_t beside;
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
	beside = page_rows_memory(t, &h);
	if (beside > DECODE_MAX / 2)
		return -EFBIG;
	p.reduce = reduction(&h, beside, p.dpi, enough_dpi);
	if (h.w / (uint32_t)p.reduce == 0 || h.h / (uint32_t)p.reduce == 0)
		return -EFBIG;
	r = decode(t, &h, enough_dpi > 0, &p);
	if (r < 0)
		return r;
	r = apply_orientation(h.orientation, &p);
	if (r < 0)
		return r;
	*ret = p;
	p.pix = p.colour = p.red = p.black = NULL;
	return 0;
}

void
page_free(struct page *p)
{
	pixDestroy(&p->pix);
	pixDestroy(&p->colour);
	pixDestroy(&p->red);
	pixDestroy(&p->black);
}
