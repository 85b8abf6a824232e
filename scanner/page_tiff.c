/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writes page masters with libtiff into memory files. Knows neither devices nor file formats that
 * come in. */
#include "page_tiff.h"

#include <errno.h>
#include <string.h>
#include <tiffio.h>

#include "memfd.h"

#define STRIP_BYTES                                                                                \
	((size_t)512 << 10) /* raw bytes a strip: large for the compressor, small for a reader */

struct page_tiff {
	struct page_format format;
	size_t row_bytes;
	uint32_t rows_per_strip;
	uint32_t height;  /* rows taken */
	uint32_t pending; /* of them in strip, not yet written */
	uint8_t *strip;
	TIFF *tiff;
	int fd;
	uint64_t offset; /* of the next read or write */
	uint64_t size;
};

size_t
page_row_bytes(const struct page_format *format)
{
	size_t depth = format->depth, samples = format->samples;

	if (format->width == 0 || format->width > PAGE_MAX_SIDE)
		return 0;
	if (samples != 1 && samples != 3)
		return 0;
	if (depth == 1 && samples == 1)
		return (format->width + 7) / 8;
	return depth == 8 || depth == 16 ? format->width * samples * (depth / 8) : 0;
}

/* ---- libtiff's view of the memory file ---- */

static tmsize_t
io_read(thandle_t handle, void *data, tmsize_t size)
{
	struct page_tiff *t = handle;
	ssize_t n = pread(t->fd, data, (size_t)size, (off_t)t->offset);

	if (n > 0)
		t->offset += (uint64_t)n;
	return n;
}

static tmsize_t
io_write(thandle_t handle, void *data, tmsize_t size)
{
	struct page_tiff *t = handle;
	tmsize_t done = 0;

	while (done < size) {
		ssize_t n =
		    pwrite(t->fd, (uint8_t *)data + done, (size_t)(size - done), (off_t)t->offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return -1;
		t->offset += (uint64_t)n;
		done += n;
	}
	if (t->offset > t->size)
		t->size = t->offset;
	return done;
}

static toff_t
io_seek(thandle_t handle, toff_t offset, int whence)
{
	struct page_tiff *t = handle;

	if (whence == SEEK_CUR)
		offset += t->offset;
	else if (whence == SEEK_END)
		offset += t->size;
	t->offset = offset;
	return offset;
}

static int
io_close(thandle_t handle)
{
	return 0;
}

static toff_t
io_size(thandle_t handle)
{
	return ((struct page_tiff *)handle)->size;
}

/* libtiff would print; what went wrong is told by our return values. */
static int
io_silent(TIFF *tiff, void *userdata, const char *module, const char *format, va_list args)
{
	return 1;
}

static TIFF *
open_writer(struct page_tiff *t)
{
	TIFFOpenOptions *options = TIFFOpenOptionsAlloc();
	TIFF *tiff;

	if (options == NULL)
		return NULL;
	TIFFOpenOptionsSetErrorHandlerExtR(options, io_silent, NULL);
	TIFFOpenOptionsSetWarningHandlerExtR(options, io_silent, NULL);
	tiff = TIFFClientOpenExt(
	    "page", "wl", t, io_read, io_write, io_seek, io_close, io_size, NULL, NULL, options);
	TIFFOpenOptionsFree(options);
	return tiff;
}

static int
set_tags(struct page_tiff *t)
{
	const struct page_format *f = &t->format;
	TIFF *tiff = t->tiff;
	int bit = f->depth == 1, ok = 1;

	ok &= TIFFSetField(tiff, TIFFTAG_IMAGEWIDTH, f->width);
	ok &= TIFFSetField(tiff, TIFFTAG_BITSPERSAMPLE, f->depth);
	ok &= TIFFSetField(tiff, TIFFTAG_SAMPLESPERPIXEL, f->samples);
	ok &= TIFFSetField(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG);
	ok &= TIFFSetField(tiff, TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
	ok &= TIFFSetField(tiff, TIFFTAG_ROWSPERSTRIP, t->rows_per_strip);
	ok &= TIFFSetField(tiff, TIFFTAG_PHOTOMETRIC,
	    bit               ? PHOTOMETRIC_MINISWHITE
	    : f->samples == 3 ? PHOTOMETRIC_RGB
			      : PHOTOMETRIC_MINISBLACK);
	ok &= TIFFSetField(
	    tiff, TIFFTAG_COMPRESSION, bit ? COMPRESSION_CCITTFAX4 : COMPRESSION_ADOBE_DEFLATE);
	if (!bit) {
		ok &= TIFFSetField(tiff, TIFFTAG_PREDICTOR, PREDICTOR_HORIZONTAL);
		ok &= TIFFSetField(tiff, TIFFTAG_ZIPQUALITY, 1);
	}
	if (f->dpi_x > 0 && f->dpi_y > 0) {
		ok &= TIFFSetField(tiff, TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
		ok &= TIFFSetField(tiff, TIFFTAG_XRESOLUTION, (double)f->dpi_x);
		ok &= TIFFSetField(tiff, TIFFTAG_YRESOLUTION, (double)f->dpi_y);
	}
	return ok ? 0 : -EIO;
}

int
page_tiff_new(const struct page_format *format, struct page_tiff **ret)
{
	_cleanup_(page_tiff_freep) struct page_tiff *t = NULL;
	size_t row_bytes = page_row_bytes(format);
	int r;

	if (row_bytes == 0)
		return -EINVAL;
	t = calloc(1, sizeof *t);
	if (t == NULL)
		return -ENOMEM;
	t->fd = memfd_new("page");
	if (t->fd < 0)
		return t->fd;
	t->format = *format;
	t->row_bytes = row_bytes;
	t->rows_per_strip = (uint32_t)(STRIP_BYTES / row_bytes);
	if (t->rows_per_strip == 0)
		t->rows_per_strip = 1;
	t->strip = malloc(row_bytes * t->rows_per_strip);
	if (t->strip == NULL)
		return -ENOMEM;
	t->tiff = open_writer(t);
	if (t->tiff == NULL)
		return -ENOMEM;
	r = set_tags(t);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(t);
	return 0;
}

static int
flush_strip(struct page_tiff *t)
{
	uint32_t strip = (t->height - 1) / t->rows_per_strip;
	tmsize_t size = (tmsize_t)(t->row_bytes * t->pending);

	/* The height is not known beforehand: libtiff is told what there is so far. */
	if (!TIFFSetField(t->tiff, TIFFTAG_IMAGELENGTH, t->height))
		return -EIO;
	if (TIFFWriteEncodedStrip(t->tiff, strip, t->strip, size) != size)
		return -EIO;
	t->pending = 0;
	return 0;
}

int
page_tiff_rows(struct page_tiff *t, const void *rows, size_t count)
{
	const uint8_t *p = rows;
	int r;

	if (count > PAGE_MAX_SIDE - t->height ||
	    (t->height + count) * t->row_bytes > PAGE_MAX_BYTES)
		return -EFBIG;
	while (count > 0) {
		size_t n = t->rows_per_strip - t->pending;

		if (n > count)
			n = count;
		memcpy(t->strip + t->pending * t->row_bytes, p, n * t->row_bytes);
		p += n * t->row_bytes;
		t->pending += (uint32_t)n;
		t->height += (uint32_t)n;
		count -= n;
		if (t->pending == t->rows_per_strip) {
			r = flush_strip(t);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

uint32_t
page_tiff_height(const struct page_tiff *t)
{
	return t->height;
}

int
page_tiff_finish(struct page_tiff *t, int *ret_fd)
{
	int r, ok;

	if (t->height == 0 || t->tiff == NULL)
		return -ENODATA;
	if (t->pending > 0) {
		r = flush_strip(t);
		if (r < 0)
			return r;
	}
	ok = TIFFWriteDirectory(t->tiff);
	TIFFClose(t->tiff);
	t->tiff = NULL;
	if (!ok)
		return -EIO;
	r = memfd_seal(t->fd);
	if (r < 0)
		return r;
	*ret_fd = TAKE_FD(t->fd);
	return 0;
}

void
page_tiff_free(struct page_tiff *t)
{
	if (t == NULL)
		return;
	if (t->tiff != NULL)
		TIFFCleanup(t->tiff); /* not TIFFClose: a page given up is not completed */
	if (t->fd >= 0)
		close(t->fd);
	free(t->strip);
	free(t);
}
