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

/* What rows become; the pictures are the caller's. */
struct page_rows {
	struct Pix *pix; /* 1 bit (1 is black; only unreduced), 8-bit grey or RGB */
	struct Pix *colour, *red, *black; /* see page_colour.h; NULL where pix has all there is */
	bool damaged;                     /* some of it is missing */
};

/*
 * Reads the page divided by k. colour_k: 1 or 2, colour is only wanted as page_colour.h makes it,
 * divided further by this; 0: as RGB. -EBADMSG: all of it is damaged; -ENOMEM.
 */
int page_rows_read(
    TIFF *t, const struct page_header *h, int k, int colour_k, struct page_rows *ret);

#endif
