/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * From the bytes of a page master (TIFF) to an upright-by-its-own-tag picture. The header is judged
 * before a pixel is decoded. Pages that would take too much memory, and those finer than the caller
 * needs, are reduced by a whole factor while they are read, piece by piece; one whose pieces are
 * too large themselves is refused. Pieces that cannot be decoded are white; the page then says so.
 */
#ifndef FUMIKURA_OCR_PAGE_IN_H
#define FUMIKURA_OCR_PAGE_IN_H

#include <stdbool.h>
#include <stddef.h>

struct Pix;

#define PAGE_MAX_SIDE 60000         /* pixels; 2.5 m at 600 dpi: no feeder makes more */
#define PAGE_MAX_PIXELS (36u << 20) /* decoded: A4 at 600 dpi in colour is 35 million */
#define PAGE_MIN_DPI 50             /* below and above these a stated resolution is a lie */
#define PAGE_MAX_DPI 2400

struct page {
	struct Pix *pix;    /* 1 bit (1 is black), 8-bit grey or 32-bit RGB; owned */
	struct Pix *colour; /* of a page to be read: 32-bit, pix or half its size; owned, NULL: the
			     * page shows no colour */
	struct Pix *red;    /* with colour: 1-bit, as large as pix, where ink is red; owned */
	struct Pix *black;  /* likewise, where it is black, by seals.h */
	int width, height;  /* of the master as displayed, before any reduction */
	int reduce;         /* pix is the master divided by this (1 mostly) */
	int dpi;            /* of the master */
	bool dpi_assumed;   /* neither TIFF nor hint gave a believable one */
	bool damaged;       /* some rows could not be decoded */
};

/*
 * Pages that only need to be read (enough_dpi > 0) come in grey, with what else of their colour is
 * needed beside it. hint_dpi is used when the TIFF names none (0: none). enough_dpi: the caller has
 * no use for more (0: for all there is). -EBADMSG: not a TIFF that can be read; -EFBIG: too large;
 * -ENOMEM.
 */
int page_in(const void *tiff, size_t size, int hint_dpi, int enough_dpi, struct page *ret);
void page_free(struct page *p); /* usable as cleanup; harmless on a zeroed one */

#endif
