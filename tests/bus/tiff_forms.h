/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes pictures as TIFF in any form: pixel formats, resolutions that are not true, huge sheets.
 */
#ifndef TIFF_FORMS_H
#define TIFF_FORMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <tiffio.h>
#include <unistd.h>

struct bytes {
	uint8_t *data;
	size_t size;
};

/* How a picture is written: tags as they will stand in the file, whether true or not. */
struct form {
	uint16_t bits, samples, photometric;
	float dpi; /* < 0: no tag */
	uint16_t compression;
	bool alpha;
};

/* One sample of a grey value; the forms that need another rule are named by photometric. */
static inline unsigned
sample_of(const struct form *f, unsigned grey, unsigned s)
{
	if (f->photometric == PHOTOMETRIC_SEPARATED)
		return s == 3 ? 255 - grey : 0;
	if (f->photometric == PHOTOMETRIC_MINISWHITE || f->photometric == PHOTOMETRIC_PALETTE)
		return 255 - grey;
	/* Ink is black and opaque, paper black and transparent. */
	return f->alpha ? (s == 3 ? 255 - grey : 0) : grey;
}

static inline void
put_row(const struct form *f, PIX *pix, int y, uint8_t *row)
{
	for (int x = 0; x < pixGetWidth(pix); x++) {
		l_uint32 grey;

		pixGetPixel(pix, x, y, &grey);
		for (unsigned s = 0; s < f->samples; s++) {
			unsigned v = sample_of(f, grey, s);
			size_t at = (size_t)x * f->samples + s;

			if (f->bits == 16)
				((uint16_t *)(void *)row)[at] = (uint16_t)(v * 257);
			else
				row[at] = (uint8_t)v;
		}
	}
}

static inline void
set_tags(TIFF *t, const struct form *f, uint32_t w, uint32_t h)
{
	static uint16_t
	    map[256]; /* entry i is 255 - i: the inverse of what a program would guess */

	TIFFSetField(t, TIFFTAG_IMAGEWIDTH, w);
	TIFFSetField(t, TIFFTAG_IMAGELENGTH, h);
	TIFFSetField(t, TIFFTAG_BITSPERSAMPLE, f->bits);
	TIFFSetField(t, TIFFTAG_SAMPLESPERPIXEL, f->samples);
	TIFFSetField(t, TIFFTAG_PHOTOMETRIC, f->photometric);
	TIFFSetField(t, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	TIFFSetField(t, TIFFTAG_ROWSPERSTRIP, 64);
	TIFFSetField(
	    t, TIFFTAG_COMPRESSION, f->compression != 0 ? f->compression : COMPRESSION_LZW);
	if (f->dpi >= 0) {
		TIFFSetField(t, TIFFTAG_XRESOLUTION, f->dpi);
		TIFFSetField(t, TIFFTAG_YRESOLUTION, f->dpi);
		TIFFSetField(t, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
	}
	if (f->alpha)
		TIFFSetField(t, TIFFTAG_EXTRASAMPLES, 1, (uint16_t[]){EXTRASAMPLE_UNASSALPHA});
	for (int i = 0; i < 256; i++)
		map[i] = (uint16_t)((255 - i) * 257);
	if (f->photometric == PHOTOMETRIC_PALETTE)
		TIFFSetField(t, TIFFTAG_COLORMAP, map, map, map);
}

static inline TIFF *
open_memory(int *ret_fd)
{
	*ret_fd = memfd_create("tiff", MFD_CLOEXEC);
	assert_true(*ret_fd >= 0);
	return TIFFFdOpen(dup(*ret_fd), "page", "wl");
}

static inline struct bytes
take_memory(int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	struct bytes b = {malloc((size_t)size), (size_t)size};

	assert_int_equal(pread(fd, b.data, b.size, 0), size);
	close(fd);
	return b;
}

static inline struct bytes
write_tiff(const struct form *f, PIX *pix)
{
	uint32_t w = (uint32_t)pixGetWidth(pix), h = (uint32_t)pixGetHeight(pix);
	uint8_t *row = calloc(w, (size_t)f->samples * f->bits / 8);
	int fd;
	TIFF *t = open_memory(&fd);

	set_tags(t, f, w, h);
	for (uint32_t y = 0; y < h; y++) {
		put_row(f, pix, (int)y, row);
		assert_int_equal(TIFFWriteScanline(t, row, y, 0), 1);
	}
	TIFFClose(t);
	free(row);
	return take_memory(fd);
}

/* White, and small as a file: rows are not drawn. */
static inline struct bytes
write_huge(const struct form *f, uint32_t w, uint32_t h)
{
	uint8_t *row = malloc((size_t)w * f->samples);
	int fd;
	TIFF *t = open_memory(&fd);

	set_tags(t, f, w, h);
	memset(row, f->photometric == PHOTOMETRIC_MINISWHITE ? 0 : 255, (size_t)w * f->samples);
	for (uint32_t y = 0; y < h; y++)
		assert_int_equal(TIFFWriteScanline(t, row, y, 0), 1);
	TIFFClose(t);
	free(row);
	return take_memory(fd);
}

static const struct form grey = {8, 1, PHOTOMETRIC_MINISBLACK, 300, 0, false};

/* Sets the value of a tag of the first directory (a SHORT or LONG of a little-endian file). */
static inline void
patch(struct bytes b, unsigned tag, uint32_t value)
{
	uint32_t at;
	uint16_t n, t, type;

	memcpy(&at, b.data + 4, 4);
	memcpy(&n, b.data + at, 2);
	for (unsigned i = 0; i < n; i++) {
		uint8_t *entry = b.data + at + 2 + 12 * i;

		memcpy(&t, entry, 2);
		memcpy(&type, entry + 2, 2);
		if (t == tag) {
			memcpy(entry + 8, &value, type == 3 ? 2 : 4);
			return;
		}
	}
	fail_msg("no tag %u", tag);
}

#endif
