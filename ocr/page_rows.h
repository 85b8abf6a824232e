/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The pixels of a TIFF, from the top, into a picture that is reduced by a whole factor on the way:
 * neither the whole page nor more than a piece of it is ever held at full size. A piece that cannot
 * be decoded is white.
 */
#ifndef FUMIKURA_OCR_PAGE_ROWS_H
#define FUMIKURA_OCR_PAGE_ROWS_H

#include <stdbool.h>
#include <tiffio.h>

struct Pix;

/* What the tags say, before a pixel is decoded. */
struct page_header {
	uint32_t w, h;
	uint16_t bits, samples, photometric, planar, orientation, format;
};

/* Whether pixels come in colour, whatever they show. */
bool page_rows_colour(TIFF *t, const struct page_header *h);
/* Bytes that decoding takes beside the picture itself, whatever its reduction. */
uint64_t page_rows_memory(TIFF *t, const struct page_header *h);

/*
 * ret is 1 bit (1 is black; only unreduced), 8-bit grey or 32-bit RGB (not if grey is asked for),
 * as large as the page divided by k; the caller owns it. ret_damaged: some of it is missing.
 * -EBADMSG: all of it is; -ENOMEM.
 */
int page_rows_read(
    TIFF *t, const struct page_header *h, int k, bool grey, struct Pix **ret, bool *ret_damaged);

#endif
