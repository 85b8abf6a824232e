/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * ALTO 4 XML of one reading: written for the archive, and read back by Compose. Only what
 * alto_write() writes is understood by alto_read(); anything else in well-formed XML is passed
 * over, anything malformed is -EBADMSG. No entity but the five of XML.
 */
#ifndef FUMIKURA_OCR_ALTO_H
#define FUMIKURA_OCR_ALTO_H

#include <stddef.h>

#include "ocr/recognise.h"

#define ALTO_MAX ((size_t)64 << 20)

struct alto_page {
	struct words words; /* pixels of the upright master */
	int width, height;
	int rotation; /* degrees clockwise that make the master upright */
	int skew_mdeg;
};

/* Writes the shown reading of r. dpi is the master's; the engine names itself in the processing
 * step. */
void alto_write(const struct recognition *r, const struct engine *e, struct buf *out);
int alto_read(const char *xml, size_t size, struct alto_page *ret);
void alto_page_free(struct alto_page *p); /* usable as cleanup */

#endif
