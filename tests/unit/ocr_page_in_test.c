/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Decoding page masters: what is kept of very large and of damaged ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <leptonica/allheaders.h>
#include <tiffio.h>

#include "cleanup.h"
#include "ocr/page_colour.h"
#include "ocr/page_in.h"
#include "ocr_draw.h"

#define RED 0xc8503c00 /* 200, 80, 60 */
#define RED_GREY 112

/* White, and red from the middle to the right. */
static PIX *
half_red(int w, int h)
{
	PIX *pix = pixCreate(w, h, 32);
	BOX *box = boxCreate(w / 2, 0, w / 2, h);

	pixSetAllArbitrary(pix, 0xffffff00);
	pixSetInRectArbitrary(pix, box, RED);
	boxDestroy(&box);
	pixSetResolution(pix, 300, 300);
	return pix;
}

static void
read_back(PIX *pix, int enough_dpi, struct page *ret)
{
	l_uint8 *data;
	size_t size;

	assert_int_equal(pixWriteMemTiff(&data, &size, pix, IFF_TIFF_ZIP), 0);
	assert_int_equal(page_in(data, size, 0, enough_dpi, ret), 0);
	free(data);
}

/* What is read comes in grey; its colour stays for previews at half the size, and where it is red.
 * A2 at 300 dpi would take 140 MB in colour. */
static void
pages_to_read_are_grey(void **state)
{
	static const int sizes[][2] = {{2480, 3508}, {4960, 7016}};

	for (int i = 0; i < 2; i++) {
		const int w = sizes[i][0], h = sizes[i][1];
		PIX *pix = half_red(w, h);
		struct page p = {0};

		read_back(pix, 300, &p);
		assert_int_equal(pixGetDepth(p.pix), 8);
		assert_int_equal(pixGetWidth(p.pix), w);
		assert_int_equal(pixel_at(p.pix, 100, h - 16), 255);
		assert_int_equal(pixel_at(p.pix, w - 60, h - 16), RED_GREY);
		assert_int_equal(pixGetHeight(p.colour), h / 2);
		assert_int_equal(pixel_at(p.colour, w / 2 - 30, h / 2 - 8), RED);
		assert_int_equal(pixGetWidth(p.red), w);
		assert_int_equal(pixel_at(p.red, w - 60, h - 16), 1);
		assert_int_equal(pixel_at(p.red, 100, h - 16), 0);
		assert_int_equal(pixel_at(p.black, w - 60, h - 16), 0);
		page_free(&p);

		read_back(pix, 0, &p); /* for a PDF: every pixel */
		assert_null(p.colour);
		assert_null(p.red);
		assert_int_equal(pixGetDepth(p.pix), 32);
		assert_int_equal(pixGetWidth(p.pix), w);
		assert_int_equal(pixel_at(p.pix, w - 60, h - 16), RED);
		page_free(&p);
		pixDestroy(&pix);
	}
}

/* A preview needs the colour of a small page whole. */
static void
small_pages_keep_all_their_colour(void **state)
{
	PIX *pix = half_red(1653, 2339);
	struct page p = {0};

	read_back(pix, 300, &p);
	assert_int_equal(pixGetHeight(p.colour), 2339);
	assert_int_equal(pixel_at(p.colour, 1600, 2300), RED);
	page_free(&p);
	pixDestroy(&pix);
}

/* Long enough to be halved, too thin to have a half. */
static void
threads_of_colour_are_pages(void **state)
{
	for (int quarters = 0; quarters < 2; quarters++) {
		PIX *pix = half_red(1, 5000), *turned = pixRotateOrth(pix, quarters);
		struct page p = {0};

		pixSetAllArbitrary(turned, RED);
		read_back(turned, 300, &p);
		assert_int_equal(pixGetWidth(p.pix), quarters == 0 ? 1 : 5000);
		assert_int_equal(pixGetWidth(p.colour), quarters == 0 ? 1 : 5000);
		page_free(&p);
		pixDestroy(&turned);
		pixDestroy(&pix);
	}
}

static void
expect_same(PIX *ours, PIX *theirs)
{
	l_int32 same = 0;

	assert_non_null(ours);
	pixEqual(ours, theirs, &same);
	assert_true(same);
	pixDestroy(&ours);
	pixDestroy(&theirs);
}

/* A page that is grey down to row `from` and has any colour below. */
static PIX *
coloured_from(int w, int h, int from)
{
	PIX *pix = pixCreate(w, h, 32);

	for (int y = 0; y < h; y++)
		for (int x = 0; x < w; x++) {
			unsigned v = (unsigned)(x * 7 + y * 13) * 2654435761u;
			unsigned grey = v >> 24;

			pixSetPixel(pix, x, y,
			    y < from ? grey << 24 | grey << 16 | grey << 8 : v & 0xffffff00);
		}
	return pix;
}

/* Row by row the same as Leptonica makes of the whole, wherever colour begins. */
static void
rows_become_what_the_whole_does(void **state)
{
	static const int widths[] = {1, 5, 31, 32, 33, 300}, froms[] = {0, 1, 2, 39, 40, 41};

	for (int i = 0; i < 6 * 6 * 2; i++) {
		const int w = widths[i % 6], h = 41, from = froms[i / 6 % 6];
		const bool halve = i >= 36 && w > 1;
		PIX *pix = coloured_from(w, h, from), *grey = pixCreate(w, h, 8), *colour, *red,
		    *black;
		struct page_colour *c = page_colour_new(grey, halve);
		uint8_t row[3 * 300];

		for (int y = 0; y < h; y++) {
			for (int x = 0; x < w; x++)
				for (int k = 0; k < 3; k++)
					row[3 * x + k] =
					    (uint8_t)(pixel_at(pix, x, y) >> (24 - 8 * k));
			assert_int_equal(page_colour_row(c, row), 0);
		}
		page_colour_take(c, &colour, &red, &black);
		page_colour_free(c);
		expect_same(grey, pixConvertRGBToLuminance(pix));
		assert_true((colour == NULL) == (from == h));
		for (int y = 0; y < h && colour != NULL; y++)
			for (int x = 0; x < w; x++) {
				int r = (int)(pixel_at(pix, x, y) >> 24),
				    g = pixel_at(pix, x, y) >> 16 & 255,
				    b = pixel_at(pix, x, y) >> 8 & 255;

				assert_int_equal(
				    pixel_at(red, x, y), r >= 96 && r - 32 >= (g > b ? g : b));
				assert_int_equal(pixel_at(black, x, y), r < 110);
			}
		if (colour != NULL)
			expect_same(colour, halve ? pixScaleAreaMap2(pix) : pixClone(pix));
		pixDestroy(&red);
		pixDestroy(&black);
		pixDestroy(&pix);
	}
}

/* What was written to fd, which is closed. */
static uint8_t *
bytes_of(int fd, size_t *ret_size)
{
	off_t size = lseek(fd, 0, SEEK_END);
	uint8_t *data = malloc((size_t)size);

	assert_int_equal(pread(fd, data, (size_t)size, 0), size);
	close(fd);
	*ret_size = (size_t)size;
	return data;
}

/* Packed in pieces of 64 rows. */
static uint8_t *
in_pieces(PIX *pix, size_t *ret_size)
{
	int w = pixGetWidth(pix), h = pixGetHeight(pix), fd = memfd_create("page", MFD_CLOEXEC);
	TIFF *t = TIFFFdOpen(dup(fd), "page", "w");
	uint8_t *row = malloc((size_t)w);

	TIFFSetField(t, TIFFTAG_IMAGEWIDTH, w);
	TIFFSetField(t, TIFFTAG_IMAGELENGTH, h);
	TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8);
	TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
	TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
	TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 64);
	TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
	for (int y = 0; y < h; y++) {
		for (int x = 0; x < w; x++)
			row[x] = (uint8_t)pixel_at(pix, x, y);
		assert_int_equal(TIFFWriteScanline(t, row, (uint32_t)y, 0), 1);
	}
	TIFFClose(t);
	free(row);
	return bytes_of(fd, ret_size);
}

/* A piece that is spoilt is white; what comes after it is there. */
static void
damage_costs_only_its_piece(void **state)
{
	PIX *pix = pixCreate(1200, 2000, 8);
	uint8_t *data;
	size_t size;
	struct page p = {0};
	int white = 0;

	for (int y = 0; y < 2000; y++) /* nothing that packs well: each piece has its bytes */
		for (int x = 0; x < 1200; x++)
			pixSetPixel(pix, x, y, (l_uint32)(x * 31 + y * 57 + x * y % 41) % 200);
	data = in_pieces(pix, &size);
	memset(data + size / 2, 0xff, 64);
	assert_int_equal(page_in(data, size, 300, 0, &p), 0);
	free(data);
	assert_true(p.damaged);
	for (int y = 0; y < 2000; y++)
		white += pixel_at(p.pix, 600, y) == 255;
	assert_in_range(white, 1, 2 * 64);
	assert_int_equal(pixel_at(p.pix, 3, 1999), pixel_at(pix, 3, 1999));
	assert_int_equal(pixel_at(p.pix, 3, 3), pixel_at(pix, 3, 3));
	page_free(&p);
	pixDestroy(&pix);
}

/* Tiles 16 wide and as long as asked, all alike. */
static uint8_t *
in_tiles(uint32_t w, uint32_t h, uint32_t length, size_t *ret_size)
{
	const tmsize_t bytes = (tmsize_t)16 * length * 3;
	int fd = memfd_create("page", MFD_CLOEXEC);
	TIFF *t = TIFFFdOpen(dup(fd), "page", "w");
	uint8_t *tile = malloc((size_t)bytes);

	memset(tile, 200, (size_t)bytes);
	TIFFSetField(t, TIFFTAG_IMAGEWIDTH, w);
	TIFFSetField(t, TIFFTAG_IMAGELENGTH, h);
	TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 8);
	TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 3);
	TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_RGB);
	TIFFSetField(t, TIFFTAG_TILEWIDTH, 16);
	TIFFSetField(t, TIFFTAG_TILELENGTH, length);
	TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE);
	for (uint32_t i = 0; i < TIFFNumberOfTiles(t); i++)
		assert_true(TIFFWriteEncodedTile(t, i, tile, bytes) == bytes);
	TIFFClose(t);
	free(tile);
	return bytes_of(fd, ret_size);
}

static int
read_tiles(uint32_t w, uint32_t h, uint32_t length, struct page *ret)
{
	size_t size;
	_cleanup_(freep) uint8_t *data = in_tiles(w, h, length, &size);

	return page_in(data, size, 300, 300, ret);
}

/*
 * A row of tiles is decoded in one go or not at all: read piece by piece, each piece decodes it
 * anew, 3 times here and 400 times on the largest page that a header may promise.
 */
static void
rows_of_tiles_are_decoded_once(void **state)
{
	struct page p = {0};

	assert_int_equal(read_tiles(4000, 4992, 256, &p), 0);
	assert_int_equal(pixel_at(p.pix, 2000, 1000), 0xc8);
	page_free(&p);
	assert_int_equal(
	    read_tiles(2480, 3508, 3520, &p), 0); /* A4: one row of tiles is all of it */
	page_free(&p);
	assert_int_equal(read_tiles(4800, 4992, 4992, &p), -EFBIG);
}

/* What a header promises is decoded, though it were nothing: more than a sheet can hold is not. */
static void
more_than_a_sheet_is_not_decoded(void **state)
{
	int fd = memfd_create("page", MFD_CLOEXEC);
	TIFF *t = TIFFFdOpen(dup(fd), "page", "w");
	uint8_t strip[5000] = {0}, *data;
	struct page p = {0};
	size_t size;

	TIFFSetField(t, TIFFTAG_IMAGEWIDTH, 40000);
	TIFFSetField(t, TIFFTAG_IMAGELENGTH, 30000);
	TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, 1);
	TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, 1);
	TIFFSetField(t, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
	TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 1);
	TIFFSetField(t, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
	assert_true(TIFFWriteEncodedStrip(t, 0, strip, sizeof strip) == sizeof strip);
	TIFFClose(t);
	data = bytes_of(fd, &size);
	assert_int_equal(page_in(data, size, 300, 300, &p), -EFBIG);
	free(data);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(pages_to_read_are_grey),
	    cmocka_unit_test(rows_become_what_the_whole_does),
	    cmocka_unit_test(small_pages_keep_all_their_colour),
	    cmocka_unit_test(threads_of_colour_are_pages),
	    cmocka_unit_test(damage_costs_only_its_piece),
	    cmocka_unit_test(rows_of_tiles_are_decoded_once),
	    cmocka_unit_test(more_than_a_sheet_is_not_decoded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
