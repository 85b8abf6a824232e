/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The picture of a PDF page as an image XObject: G4 for black and white, JPEG for an access copy,
 * Flate for lossless. */
#ifndef FUMIKURA_OCR_PDF_IMAGE_H
#define FUMIKURA_OCR_PDF_IMAGE_H

#include <stdbool.h>

#include "ocr/buf.h"
#include "ocr/page_in.h"

/* Appends "<< … >>\nstream …endstream" for the page turned clockwise by degrees. -ENOMEM, -EIO. */
int pdf_image(const struct page *p, int degrees, bool lossless, struct buf *out);
/* Appends a stream object's dictionary (extra: further entries) and Flate-compressed data. */
int pdf_stream(struct buf *out, const char *extra, const void *data, size_t size);

#endif
