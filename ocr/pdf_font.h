/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The font of invisible text: a TrueType file with one glyph, a square of one em, made here; and
 * the numbering (CID) of the code points a document uses, with the map back to Unicode that makes
 * copy and search work.
 */
#ifndef FUMIKURA_OCR_PDF_FONT_H
#define FUMIKURA_OCR_PDF_FONT_H

#include <stdint.h>

#include "ocr/buf.h"

struct pdf_font {
	uint16_t *cid;  /* by code point; 0: not used yet */
	uint32_t *code; /* by CID */
	unsigned n;     /* CIDs 1 … n are used */
};

int pdf_font_init(struct pdf_font *f);
/* CID of a code point; 0 when the 65,535 are used up. */
unsigned pdf_font_cid(struct pdf_font *f, uint32_t code);
void pdf_font_file(struct buf *out);                                 /* the TrueType file */
void pdf_font_to_unicode(const struct pdf_font *f, struct buf *out); /* a ToUnicode CMap */
void pdf_font_to_glyph(
    const struct pdf_font *f, struct buf *out); /* CIDToGIDMap: every CID is the square */
void pdf_font_free(struct pdf_font *f);

#endif
