/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What reading needs of a page in colour, made row by row while it is decoded, so that the whole of
 * it never stands in memory: its grey, where its ink is red and where it is black (seals.h), and a
 * picture for previews. A page that shows nothing but greys has only these.
 */
#ifndef FUMIKURA_OCR_PAGE_COLOUR_H
#define FUMIKURA_OCR_PAGE_COLOUR_H

#include <stdbool.h>
#include <stdint.h>

#include "cleanup.h"

struct Pix;
struct page_colour;

/* grey: 8-bit, borrowed until the end; what it holds does not matter. halve: the picture for
 * previews is half as large, each pixel a mean of four. NULL: no memory. */
struct page_colour *page_colour_new(struct Pix *grey, bool halve);
/* The next row, red, green and blue of each pixel; NULL: white. -ENOMEM. */
int page_colour_row(struct page_colour *c, const uint8_t *rgb);
/* 32-bit, 1-bit and 1-bit, the last two as large as grey; all NULL when no pixel was coloured. The
 * caller owns them from now on. */
void page_colour_take(
    struct page_colour *c, struct Pix **ret_picture, struct Pix **ret_red, struct Pix **ret_black);
void page_colour_free(struct page_colour *c);
DEFINE_CLEANUP(struct page_colour *, page_colour_free)

#endif
