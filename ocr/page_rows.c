/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows come from one of three sources and go into one sink. Knows no page: page_in.c does. */
#include <errno.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/page_colour.h"
#include "ocr/page_rows.h"
#include "ocr/pixels.h"

#define STRIP_ROWS 256 /* larger strips are read row by row: one bad byte costs a whole strip */
#define RGB_WHITE 0xffffff00u
#define BAND_BYTES (32u << 20) /* of a piece in libtiff's own RGB */

struct sink {
	const struct page_header *header;
	PIX *pix;
	struct page_colour *colour; /* what takes rows in colour; NULL: pix does */
	int k;
	uint32_t w;       /* of pix */
	unsigned samples; /* of a row that is put */
	uint32_t *sums;   /* of k × k squares, a row of them; NULL: nothing is reduced */
	uint8_t *row;     /* their means */
};

static bool
is_white_zero(const struct page_header *h)
{
	return h->samples == 1 && h->photometric == PHOTOMETRIC_MINISWHITE;
}

/* Rows that our own scanners and importers write: 1-bit, 8-bit grey, 8-bit RGB, in strips, samples
 * together. */
static bool
is_plain(TIFF *t, const struct page_header *h)
{
	bool grey = h->samples == 1 && (h->photometric == PHOTOMETRIC_MINISBLACK ||
					   h->photometric == PHOTOMETRIC_MINISWHITE);
	bool colour = h->samples == 3 && h->bits == 8 && h->photometric == PHOTOMETRIC_RGB &&
		      h->planar == PLANARCONFIG_CONTIG;

	return !TIFFIsTiled(t) && ((grey && (h->bits == 1 || h->bits == 8)) || colour);
}

/* ---- the sink ---- */

static void
close_sink(struct sink *s)
{
	pixDestroy(&s->pix);
	page_colour_free(s->colour);
	free(s->sums);
	free(s->row);
}

static int
open_sink(const struct page_header *h, int k, unsigned samples, int colour_k, struct sink *ret)
{
	uint32_t w = h->w / (uint32_t)k;
	bool bits = samples == 1 && h->bits == 1 && k == 1, apart = samples == 3 && colour_k > 0;
	struct sink s = {.header = h, .k = k, .w = w, .samples = samples};

	s.pix = pixCreateNoInit((int)w, (int)(h->h / (uint32_t)k),
	    bits                    ? 1
	    : samples == 1 || apart ? 8
				    : 32);
	if (s.pix != NULL && apart)
		s.colour = page_colour_new(s.pix, colour_k == 2);
	if (k > 1) {
		s.sums = calloc((size_t)w * samples, sizeof *s.sums);
		s.row = malloc((size_t)w * samples);
	}
	if (s.pix == NULL || (apart && s.colour == NULL) ||
	    (k > 1 && (s.sums == NULL || s.row == NULL))) {
		close_sink(&s);
		return -ENOMEM;
	}
	*ret = s;
	return 0;
}

static void
put_bits(const struct sink *s, const uint8_t *row, l_uint32 *line)
{
	uint8_t flip = is_white_zero(s->header) ? 0 : 0xff;

	for (uint32_t i = 0; i < (s->w + 7) / 8; i++)
		SET_DATA_BYTE(line, i, row[i] ^ flip);
}

/* A row of bytes, 0 black but where the page says otherwise. */
static int
put_bytes(struct sink *s, const uint8_t *row, uint8_t flip, l_uint32 *line)
{
	if (s->colour != NULL)
		return page_colour_row(s->colour, row);
	if (s->samples == 1) {
		pixels_swap(row, line, (int)s->w / 4);
		for (uint32_t x = s->w / 4 * 4; x < s->w; x++)
			SET_DATA_BYTE(line, x, row[x]);
		for (int i = 0; flip != 0 && i < pixGetWpl(s->pix); i++)
			line[i] = ~line[i];
	} else
		for (uint32_t x = 0; x < s->w; x++, row += 3)
			line[x] = (l_uint32)row[0] << L_RED_SHIFT |
				  (l_uint32)row[1] << L_GREEN_SHIFT |
				  (l_uint32)row[2] << L_BLUE_SHIFT;
	return 0;
}

static void
sum_bits(const struct sink *s, const uint8_t *row)
{
	uint8_t flip = is_white_zero(s->header) ? 0xff : 0;

	for (uint32_t x = 0, at = 0; x < s->w; x++)
		for (int i = 0; i < s->k; i++, at++)
			s->sums[x] += ((row[at / 8] ^ flip) >> (7 - at % 8) & 1) * 255u;
}

static void
sum_bytes(const struct sink *s, const uint8_t *row)
{
	uint8_t flip = is_white_zero(s->header) ? 0xff : 0;
	uint32_t *sum = s->sums;

	for (uint32_t x = 0; x < s->w; x++, sum += s->samples)
		for (int i = 0; i < s->k; i++)
			for (unsigned c = 0; c < s->samples; c++)
				sum[c] += *row++ ^ flip;
}

static int
put_sums(struct sink *s, l_uint32 *line)
{
	const unsigned area = (unsigned)(s->k * s->k);
	const size_t n = (size_t)s->w * s->samples;

	for (size_t i = 0; i < n; i++)
		s->row[i] = (uint8_t)(s->sums[i] / area);
	memset(s->sums, 0, n * sizeof *s->sums);
	return put_bytes(s, s->row, 0, line);
}

static int
put_row(struct sink *s, uint32_t y, const uint8_t *row, unsigned bits)
{
	uint32_t k = (uint32_t)s->k;
	l_uint32 *line = pixGetData(s->pix) + (size_t)pixGetWpl(s->pix) * (y / k);

	if (k == 1 && bits == 1)
		put_bits(s, row, line);
	else if (k == 1)
		return put_bytes(s, row, is_white_zero(s->header) ? 0xff : 0, line);
	else if (bits == 1)
		sum_bits(s, row);
	else
		sum_bytes(s, row);
	return k > 1 && (y + 1) % k == 0 ? put_sums(s, line) : 0;
}

static int
put_white(struct sink *s, uint32_t y)
{
	uint32_t k = (uint32_t)s->k;
	l_uint32 *line = pixGetData(s->pix) + (size_t)pixGetWpl(s->pix) * (y / k);

	const l_uint32 white = pixGetDepth(s->pix) == 1   ? 0
			       : pixGetDepth(s->pix) == 8 ? ~0u
							  : RGB_WHITE;

	if (k == 1 && s->colour != NULL)
		return page_colour_row(s->colour, NULL);
	if (k == 1) {
		for (int i = 0; i < pixGetWpl(s->pix); i++)
			line[i] = white;
		return 0;
	}
	for (size_t i = 0; i < (size_t)s->w * s->samples; i++)
		s->sums[i] += 255 * k;
	return (y + 1) % k == 0 ? put_sums(s, line) : 0;
}

/* Takes row y of the page, NULL: it cannot be decoded. bits are those of its samples. */
static int
take(struct sink *s, uint32_t y, const uint8_t *row, unsigned bits, uint32_t *good)
{
	*good += row != NULL;
	return row == NULL ? put_white(s, y) : put_row(s, y, row, bits);
}

/* ---- the sources: each tells how many rows were good ---- */

static uint32_t
strip_rows(TIFF *t, const struct page_header *h)
{
	uint32_t rows = h->h;

	TIFFGetFieldDefaulted(t, TIFFTAG_ROWSPERSTRIP, &rows);
	return rows == 0 || rows > h->h ? h->h : rows;
}

/* Whole strips: libtiff decodes them several times as fast as row by row. */
static int
read_strips(TIFF *t, const struct page_header *h, uint32_t end, tmsize_t row_size, struct sink *s,
    uint32_t *ret_good)
{
	uint32_t rows = strip_rows(t, h);
	_cleanup_(freep) uint8_t *strip = malloc((size_t)row_size * rows);
	int r = 0;

	if (strip == NULL)
		return -ENOMEM;
	for (uint32_t y = 0; r >= 0 && y < end;) {
		uint32_t n = h->h - y < rows ? h->h - y : rows;
		bool good = TIFFReadEncodedStrip(t, y / rows, strip, row_size * n) == row_size * n;

		for (uint32_t i = 0; r >= 0 && i < n && y < end; i++, y++)
			r = take(
			    s, y, good ? strip + (size_t)row_size * i : NULL, h->bits, ret_good);
	}
	return r;
}

static int
read_lines(TIFF *t, const struct page_header *h, uint32_t end, tmsize_t row_size, struct sink *s,
    uint32_t *ret_good)
{
	_cleanup_(freep) uint8_t *row = malloc((size_t)row_size);
	bool good = true;
	int r = 0;

	if (row == NULL)
		return -ENOMEM;
	for (uint32_t y = 0; r >= 0 && y < end; y++) {
		good = good && TIFFReadScanline(t, row, y, 0) == 1;
		r = take(s, y, good ? row : NULL, h->bits, ret_good);
	}
	return r;
}

/* libtiff's premultiplied RGBA over white, in its place as RGB. */
static void
over_white(uint32_t *row, uint32_t w)
{
	uint8_t *to = (uint8_t *)row;

	for (uint32_t x = 0; x < w; x++, to += 3) {
		uint32_t p = row[x], white = 255 - TIFFGetA(p);
		uint32_t rgb[3] = {TIFFGetR(p) + white, TIFFGetG(p) + white, TIFFGetB(p) + white};

		for (int i = 0; i < 3; i++)
			to[i] = (uint8_t)(rgb[i] > 255 ? 255 : rgb[i]);
	}
}

/* Rows of one piece: of a strip, as far as that is not too much, or of a whole row of tiles: each
 * piece of one would decode all of it again. */
static uint32_t
band_rows(TIFF *t, const struct page_header *h)
{
	uint32_t rows = strip_rows(t, h),
		 most = (BAND_BYTES / 4 / h->w + 16) / 16 * 16; /* whole blocks of JPEG */

	if (TIFFIsTiled(t))
		return TIFFGetField(t, TIFFTAG_TILELENGTH, &rows) && rows > 0 && rows < h->h
			   ? rows
			   : h->h;
	return rows == 0 || rows > most ? most : rows;
}

/* Everything else (palettes, CMYK, 16 bit, tiles, JPEG, alpha) through libtiff's own conversion to
 * RGB. */
static int
read_bands(TIFF *t, const struct page_header *h, uint32_t end, struct sink *s, uint32_t *ret_good)
{
	uint32_t rows = band_rows(t, h);
	_cleanup_(freep) uint32_t *raster = calloc((size_t)h->w * rows, sizeof *raster);
	TIFFRGBAImage image;
	char why[1024];
	int r = 0;

	if (raster == NULL)
		return -ENOMEM;
	if (!TIFFRGBAImageOK(t, why) || !TIFFRGBAImageBegin(&image, t, 1, why))
		return -EBADMSG;
	image.req_orientation = image.orientation; /* page_in turns the whole */
	for (uint32_t y = 0; r >= 0 && y < end;) {
		uint32_t n = h->h - y < rows ? h->h - y : rows;
		bool good;

		image.row_offset = (int)y;
		good = TIFFRGBAImageGet(&image, raster, h->w, n) == 1;
		for (uint32_t i = 0; r >= 0 && i < n && y < end; i++, y++) {
			uint32_t *row = raster + (size_t)h->w * i;

			over_white(row, h->w);
			r = take(s, y, good ? (const uint8_t *)row : NULL, 8, ret_good);
		}
	}
	TIFFRGBAImageEnd(&image);
	return r;
}

bool
page_rows_colour(TIFF *t, const struct page_header *h)
{
	return !is_plain(t, h) || h->samples == 3;
}

uint64_t
page_rows_memory(TIFF *t, const struct page_header *h)
{
	uint64_t piece = TIFFIsTiled(t) ? TIFFTileSize64(t) : TIFFStripSize64(t);

	if (is_plain(t, h))
		return 0;
	if (h->planar == PLANARCONFIG_SEPARATE)
		piece *= h->samples;
	return piece + (uint64_t)band_rows(t, h) * h->w * 4;
}

int
page_rows_read(TIFF *t, const struct page_header *h, int k, int colour_k, struct page_rows *ret)
{
	const bool plain = is_plain(t, h);
	const uint32_t end = h->h / (uint32_t)k * (uint32_t)k;
	tmsize_t row_size = TIFFScanlineSize(t);
	uint32_t good = 0;
	_cleanup_(close_sink) struct sink s = {0};
	int r;

	if (plain && row_size < (tmsize_t)(((uint64_t)h->w * h->samples * h->bits + 7) / 8))
		return -EBADMSG;
	r = open_sink(h, k, plain ? h->samples : 3, colour_k, &s);
	if (r < 0)
		return r;
	if (!plain)
		r = read_bands(t, h, end, &s, &good);
	else if (strip_rows(t, h) <= STRIP_ROWS)
		r = read_strips(t, h, end, row_size, &s, &good);
	else
		r = read_lines(t, h, end, row_size, &s, &good);
	if (r >= 0 && good == 0)
		r = -EBADMSG;
	if (r < 0)
		return r;
	pixSetPadBits(s.pix, 0);
	*ret = (struct page_rows){.damaged = good < end};
	if (s.colour != NULL)
		page_colour_take(s.colour, &ret->colour, &ret->red, &ret->black);
	ret->pix = TAKE_PTR(s.pix);
	return 0;
}
