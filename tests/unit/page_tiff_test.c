/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What goes into a page master comes out of it, for every kind of page. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <tiffio.h>

#include "base/memfd.h"
#include "scanner/page_tiff.h"

#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

static void
fill(uint8_t *row, size_t n, uint32_t y)
{
	for (size_t i = 0; i < n; i++)
		row[i] = (uint8_t)((i * (y % 97) + y) >> 3);
}

static void
check_file(int fd, const struct page_format *format, uint32_t height)
{
	size_t n = page_row_bytes(format);
	_cleanup_(freep) uint8_t *row = calloc(1, n), *wanted = calloc(1, n);
	uint32_t width = 0, length = 0;
	float dpi = 0;
	char path[64];
	TIFF *tiff;

	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	tiff = TIFFOpen(path, "r");
	assert_non_null(tiff);
	TIFFGetField(tiff, TIFFTAG_IMAGEWIDTH, &width);
	TIFFGetField(tiff, TIFFTAG_IMAGELENGTH, &length);
	TIFFGetField(tiff, TIFFTAG_XRESOLUTION, &dpi);
	assert_int_equal(width, format->width);
	assert_int_equal(length, height);
	assert_true(dpi == (float)format->dpi_x);
	assert_int_equal(TIFFScanlineSize(tiff), n);
	for (uint32_t y = 0; y < height; y++) {
		fill(wanted, n, y);
		if (format->depth == 1 && format->width % 8 != 0)
			wanted[n - 1] &= (uint8_t)(0xff << (8 - format->width % 8));
		assert_int_equal(TIFFReadScanline(tiff, row, y, 0), 1);
		assert_memory_equal(row, wanted, n);
	}
	TIFFClose(tiff);
}

static void
round_trip(const struct page_format *format, uint32_t height, size_t at_once)
{
	_cleanup_(page_tiff_freep) struct page_tiff *tiff = NULL;
	_cleanup_(closep) int fd = -1;
	size_t n = page_row_bytes(format);
	_cleanup_(freep) uint8_t *rows = malloc(n * at_once);

	assert_int_equal(page_tiff_new(format, &tiff), 0);
	for (uint32_t y = 0; y < height; y += (uint32_t)at_once) {
		size_t count = height - y < at_once ? height - y : at_once;

		for (size_t i = 0; i < count; i++)
			fill(rows + i * n, n, y + (uint32_t)i);
		assert_int_equal(page_tiff_rows(tiff, rows, count), 0);
	}
	assert_int_equal(page_tiff_height(tiff), height);
	assert_int_equal(page_tiff_finish(tiff, &fd), 0);
	assert_int_equal(fcntl(fd, F_GET_SEALS) & SEALS, SEALS);
	check_file(fd, format, height);
}

/* G91-06, G91-07: lossless, and readable by stock libtiff. */
static void
test_round_trips(void **state)
{
	static const struct page_format formats[] = {
	    {1000, 1, 1, 300, 300},
	    {1003, 1, 1, 200, 200},
	    {1000, 8, 1, 300, 300},
	    {1000, 8, 3, 300, 600},
	    {999, 16, 1, 75, 75},
	    {501, 16, 3, 600, 600},
	    {1, 8, 3, 300, 300},
	};

	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		round_trip(&formats[i], 1, 1);
		round_trip(&formats[i], 700, 1);
		round_trip(&formats[i], 1501, 333);
	}
}

static void
test_refusals(void **state)
{
	static const struct page_format impossible[] = {
	    {0, 8, 1, 300, 300},
	    {PAGE_MAX_SIDE + 1, 8, 1, 300, 300},
	    {100, 4, 1, 300, 300},
	    {100, 1, 3, 300, 300},
	    {100, 8, 4, 300, 300},
	};
	struct page_format wide = {60000, 8, 3, 300, 300};
	struct page_tiff *tiff = NULL;
	uint8_t row[1] = {0};
	int fd = -1;

	for (size_t i = 0; i < sizeof impossible / sizeof *impossible; i++)
		assert_int_equal(page_tiff_new(&impossible[i], &tiff), -EINVAL);
	assert_int_equal(page_tiff_new(&wide, &tiff), 0);
	assert_int_equal(page_tiff_rows(tiff, row, PAGE_MAX_SIDE), -EFBIG); /* before it reads */
	assert_int_equal(page_tiff_finish(tiff, &fd), -ENODATA);
	assert_int_equal(fd, -1);
	page_tiff_free(tiff);
	page_tiff_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_round_trips),
	    cmocka_unit_test(test_refusals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
