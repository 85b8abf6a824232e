/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Searchable PDF 1.7 of a document: one image per page and, over it, invisible text (rendering mode
 * 3) placed glyph by glyph from the boxes, in reading order, with no space but those of our text.
 * The text uses one embedded font without outlines (pdf_font.h). Built towards PDF/A-2 (embedded
 * font, XMP, output intent); no conformance is claimed.
 */
#ifndef FUMIKURA_OCR_PDF_H
#define FUMIKURA_OCR_PDF_H

#include <stdbool.h>

#include "ocr/alto.h"
#include "ocr/page_in.h"

#define PDF_MAX_PAGES 2000
#define PDF_COPY_DPI 200    /* access copy: sharp on screen, readable in print */
#define PDF_COPY_QUALITY 60 /* JPEG */

struct pdf_properties {
	const char *title, *author, *subject, *created; /* UTF-8 or NULL; created in RFC 3339 */
	bool master; /* lossless pixels of the master instead of an access copy */
};

struct pdf;

/* NULL on no memory. properties are copied. */
struct pdf *pdf_new(const struct pdf_properties *properties);
/* Adds one page: turned by text->rotation and then by turn, clockwise; text is that of the page
 * before turn. */
int pdf_add(struct pdf *pdf, const struct page *page, const struct alto_page *text, int turn);
/* Completes the file into out. The pdf takes no further pages. */
int pdf_finish(struct pdf *pdf, struct buf *out);
void pdf_free(struct pdf *pdf);
DEFINE_CLEANUP(struct pdf *, pdf_free)

#endif
