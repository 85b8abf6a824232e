/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small pictures for people: JPEG of a page turned clockwise by degrees, longer side at most so
 * many pixels. */
#ifndef FUMIKURA_OCR_PREVIEW_H
#define FUMIKURA_OCR_PREVIEW_H

#include <stddef.h>
#include <stdint.h>

#include "ocr/page_in.h"

#define PREVIEW_QUALITY 75 /* JPEG */
#define PREVIEW_ENOUGH 0.8 /* of the side that it may have: a half that large is not made larger   \
			    */

struct Pix;

/* What previews and thumbnails are made of, longer side at most OCR_PREVIEW_SIDE; the page may then
 * go. Caller owns it. NULL: no memory. */
struct Pix *preview_of(const struct page *p);
/* Grey pages give grey JPEGs. Caller frees ret_data. -ENOMEM. */
int preview_jpeg(
    struct Pix *preview, int degrees, int longer_side, uint8_t **ret_data, size_t *ret_size);

#endif
