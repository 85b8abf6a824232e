/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Invisible text of a PDF page, and the two small documents about a PDF: its XMP metadata and its
 * colour profile. */
#ifndef FUMIKURA_OCR_PDF_TEXT_H
#define FUMIKURA_OCR_PDF_TEXT_H

#include "ocr/alto.h"
#include "ocr/pdf_font.h"

struct pdf_sheet {
	double width, height; /* points, as displayed */
	double points_per_pixel;
	int turn; /* degrees clockwise the page was turned after it was read */
};

/* Appends the text operators for all lines. */
void pdf_text(const struct pdf_sheet *s, const struct alto_page *text, struct pdf_font *font,
    struct buf *out);
/* XMP packet (ISO 16684-1) saying the same as the document information. */
void pdf_xmp(const char *title, const char *author, const char *subject, const char *created,
    struct buf *out);
/* A small ICC version 2 display profile with sRGB's primaries and curve. */
void pdf_srgb_profile(struct buf *out);

#endif
