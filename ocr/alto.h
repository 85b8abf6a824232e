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
/* One TextLine; id: its ID; tags: further tags, or "". */
void alto_write_line(
    struct buf *out, const struct words *w, const struct line *l, const char *id, const char *tags);
int alto_read(const char *xml, size_t size, struct alto_page *ret);

#define ALTO_CORRECTIONS_MAX 1000 /* lines of one page that people corrected */
struct alto_correction {
	struct box box; /* pixels of the upright master */
	const char *text;
};
/*
 * Copies what alto_write() wrote with people's lines in the place of those that stand there, at the
 * end of the page where none does (Correct in ocr_bus.h). -EBADMSG: not such an ALTO; -E2BIG.
 */
int alto_correct(
    const char *xml, size_t size, const struct alto_correction *list, size_t n, struct buf *out);
void alto_page_free(struct alto_page *p); /* usable as cleanup */

#endif
