/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A TrueType font of one square and its maps (ISO 32000-1 §9.7, OpenType
 * head/hhea/hmtx/maxp/loca/glyf/cmap/post). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ocr/pdf_font.h"

#define CODES 0x110000u
#define CIDS 65535u
#define EM 1000
#define GLYPH_WORDS 12 /* 16-bit words of the one glyph that is not empty */

int
pdf_font_init(struct pdf_font *f)
{
	f->cid = calloc(CODES, sizeof *f->cid);
	f->code = calloc(CIDS + 1, sizeof *f->code);
	f->n = 0;
	if (f->cid != NULL && f->code != NULL)
		return 0;
	pdf_font_free(f);
	return -ENOMEM;
}

unsigned
pdf_font_cid(struct pdf_font *f, uint32_t code)
{
	if (code == 0 || code >= CODES)
		return 0;
	if (f->cid[code] == 0 && f->n < CIDS) {
		f->cid[code] = (uint16_t)++f->n;
		f->code[f->n] = code;
	}
	return f->cid[code];
}

static void
put16(struct buf *b, unsigned v)
{
	uint8_t bytes[2] = {(uint8_t)(v >> 8), (uint8_t)v};

	buf_add(b, bytes, 2);
}

static void
put32(struct buf *b, uint32_t v)
{
	put16(b, v >> 16);
	put16(b, v & 0xffff);
}

static void
put_words(struct buf *b, const uint16_t *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		put16(b, v[i]);
}

#define WORDS(b, ...)                                                                              \
	put_words(b, (const uint16_t[]){__VA_ARGS__}, sizeof(uint16_t[]){__VA_ARGS__} / 2)

static void
make_table(unsigned n, struct buf *b)
{
	switch (n) {
	case 0: /* cmap: one format 6 subtable for Windows, U+0020 is the square */
		WORDS(b, 0, 1, 3, 1, 0, 12, 6, 12, 0, 0x20, 1, 1);
		break;
	case 1: /* glyf: the second glyph is a square of one em, the first is empty. Chromium passes
		   over text whose glyphs have no extent. */
		WORDS(b, 1, 0, 0, EM, EM, 3, 0, 0x3111, 0x2111, EM, EM, (uint16_t)-EM);
		break;
	case 2: /* head: checksum adjustment is filled in later; revision 1, 1000 units per em,
		   dates 0 */
		WORDS(b, 1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 0x000b, EM, 0, 0, 0, 0, 0, 0, 0, 0);
		WORDS(b, 0, 0, EM, EM, 0, 8, 2, 0, 0);
		break;
	case 3: /* hhea: ascent 1 em, no descent, both advances in hmtx */
		WORDS(b, 1, 0, EM, 0, 0, EM, 0, 0, EM, 1, 0, 0, 0, 0, 0, 0, 0, 2);
		break;
	case 4: /* hmtx */
		WORDS(b, EM, 0, EM, 0);
		break;
	case 5: /* loca, short form */
		WORDS(b, 0, 0, GLYPH_WORDS);
		break;
	case 6: /* maxp 1.0: two glyphs, of at most four points in one contour */
		WORDS(b, 1, 0, 2, 4, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
		break;
	default: /* post 3.0: no names */
		WORDS(b, 3, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0);
		break;
	}
}

static uint32_t
checksum(const struct buf *b, size_t from, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i++)
		sum += (uint32_t)(uint8_t)b->data[from + i] << (24 - 8 * (i % 4));
	return sum;
}

void
pdf_font_file(struct buf *out)
{
	static const char names[8][5] = {
	    "cmap", "glyf", "head", "hhea", "hmtx", "loca", "maxp", "post"};
	struct buf body = {0};
	size_t start = 12 + 16 * 8, head = 0, base = out->size;
	uint32_t sum;

	WORDS(out, 1, 0, 8, 128, 3, 0);
	for (unsigned i = 0; i < 8; i++) {
		size_t at = body.size, size;

		make_table(i, &body);
		size = body.size - at;
		while (body.size % 4 != 0 && buf_error(&body) == 0)
			buf_add(&body, "", 1);
		if (buf_error(&body) != 0)
			break;
		if (i == 2)
			head = start + at;
		buf_add(out, names[i], 4);
		put32(out, checksum(&body, at, size));
		put32(out, (uint32_t)(start + at));
		put32(out, (uint32_t)size);
	}
	buf_add(out, body.data, body.size);
	if (buf_error(&body) != 0)
		out->error = body.error;
	buf_free(&body);
	if (buf_error(out) != 0)
		return;
	sum = 0xb1b0afbau - checksum(out, base, out->size - base);
	for (int i = 0; i < 4; i++)
		out->data[base + head + 8 + (size_t)i] = (char)(sum >> (24 - 8 * i));
}

static void
put_utf16(struct buf *out, uint32_t code)
{
	if (code >= 0x10000)
		buf_printf(
		    out, "%04X%04X", 0xd800 + ((code - 0x10000) >> 10), 0xdc00 + (code & 0x3ff));
	else
		buf_printf(out, "%04X", code);
}

void
pdf_font_to_unicode(const struct pdf_font *f, struct buf *out)
{
	buf_puts(out, "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
		      "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
		      "/CMapName /Fumikura-UCS def\n/CMapType 2 def\n"
		      "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n");
	for (unsigned i = 1; i <= f->n; i++) {
		if (i % 100 == 1)
			buf_printf(
			    out, "%u beginbfchar\n", f->n - i + 1 < 100 ? f->n - i + 1 : 100);
		buf_printf(out, "<%04X> <", i);
		put_utf16(out, f->code[i]);
		buf_puts(out, ">\n");
		if (i % 100 == 0 || i == f->n)
			buf_puts(out, "endbfchar\n");
	}
	buf_puts(out, "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n");
}

void
pdf_font_to_glyph(const struct pdf_font *f, struct buf *out)
{
	put16(out, 0);
	for (unsigned i = 1; i <= f->n; i++)
		put16(out, 1);
}

void
pdf_font_free(struct pdf_font *f)
{
	free(f->cid);
	free(f->code);
	*f = (struct pdf_font){0};
}
