/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The page master: one-page TIFF 6, lossless (G91-06, G91-07), written row by row into a memory
 * file while the rows still come, so that a page is held once and compressed. Grey and colour:
 * Deflate level 1 with horizontal predictor (measured here against LZW: half the time at the same
 * size). One bit: CCITT G4. Nothing but the pixels and their resolution is in the file.
 */
#ifndef FUMIKURA_PAGE_TIFF_H
#define FUMIKURA_PAGE_TIFF_H

#include <stddef.h>
#include <stdint.h>

#include "cleanup.h"

#define PAGE_MAX_SIDE 65535u /* pixels; more is no sheet of paper */
#define PAGE_MAX_BYTES                                                                             \
	((size_t)224 << 20) /* raw pixels of one side: A3 at 600 dpi in 24 bit is 209 MB */

/*
 * Rows are packed, left to right, without padding between them. depth 1: most significant bit
 * first, 1 is black, samples is 1, the last byte filled up. depth 8 and 16: 0 is black; 16 bit in
 * the CPU's byte order; samples 1 or 3 (R, G, B interleaved).
 */
struct page_format {
	uint32_t width;
	unsigned depth, samples;
	unsigned dpi_x, dpi_y;
};

/* Bytes of one row; 0 when the format is none that a page can have. */
size_t page_row_bytes(const struct page_format *format);

struct page_tiff;

/* -EINVAL for an impossible format, -ENOMEM, other -errno of the memory file. */
int page_tiff_new(const struct page_format *format, struct page_tiff **ret);
/* Appends count rows of page_row_bytes() each. -EFBIG over PAGE_MAX_BYTES or PAGE_MAX_SIDE, -EIO
 * when libtiff cannot write. */
int page_tiff_rows(struct page_tiff *tiff, const void *rows, size_t count);
uint32_t page_tiff_height(const struct page_tiff *tiff); /* rows so far */
/* Completes and seals the file; the caller owns ret_fd; tiff can only be freed after. -ENODATA
 * without a row. */
int page_tiff_finish(struct page_tiff *tiff, int *ret_fd);

void page_tiff_free(struct page_tiff *tiff);
DEFINE_CLEANUP(struct page_tiff *, page_tiff_free)

#endif
