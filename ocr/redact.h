/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Redaction of a page that leaves the house: pixels under a box are painted black, and glyphs it
 * touches are taken out of the text, before anything is composed. Rather too much than too little:
 * boxes grow by a margin, and by what the page's skew moves their ends; what stands between two
 * glyphs of a line that go, or next to them, goes too, and so does a glyph of a touched line whose
 * own place cannot be true. Of a line that a person wrote all goes.
 */
#ifndef FUMIKURA_OCR_REDACT_H
#define FUMIKURA_OCR_REDACT_H

#include "ocr/alto.h"
#include "ocr/page_in.h"

#define REDACT_MAX 5000 /* boxes of one document */

/*
 * box: pixels of the upright master (page turned by text->rotation), as ALTO has them. -EINVAL: no
 * part of it lies on the page, so nothing would be hidden; -ENOMEM.
 */
int redact(struct page *page, struct alto_page *text, struct box box);

#endif
