/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The PDF file: objects, page tree, properties. Text is placed by pdf_text.c, pictures by
 * pdf_image.c. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ocr/pdf.h"
#include "ocr/pdf_font.h"
#include "ocr/pdf_image.h"
#include "ocr/pdf_text.h"
#include "text.h"

/* Fixed object numbers; pages follow from OBJ_PAGES on, PAGE_OBJECTS each. */
enum {
	OBJ_CATALOG = 1,
	OBJ_PAGE_TREE,
	OBJ_INFO,
	OBJ_FONT,
	OBJ_CID_FONT,
	OBJ_DESCRIPTOR,
	OBJ_FONT_FILE,
	OBJ_TO_UNICODE,
	OBJ_TO_GLYPH,
	OBJ_METADATA,
	OBJ_INTENT,
	OBJ_PROFILE,
	OBJ_OUTLINES,
	OBJ_FIRST_PAGE
};
enum { PAGE_DICTIONARY, PAGE_CONTENT, PAGE_IMAGE, PAGE_OUTLINE, PAGE_OBJECTS };

struct pdf {
	struct buf out;
	struct pdf_font font;
	size_t offsets[OBJ_FIRST_PAGE + PDF_MAX_PAGES * PAGE_OBJECTS];
	unsigned pages;
	char *title, *author, *subject, *created;
	bool master;
};

static unsigned
page_object(unsigned page, unsigned part)
{
	return OBJ_FIRST_PAGE + page * PAGE_OBJECTS + part;
}

static void
begin(struct pdf *pdf, unsigned number)
{
	pdf->offsets[number] = pdf->out.size;
	buf_printf(&pdf->out, "%u 0 obj\n", number);
}

static void
end(struct pdf *pdf)
{
	buf_puts(&pdf->out, "endobj\n");
}

static char *
copy(const char *s)
{
	return strdup(s != NULL ? s : "");
}

struct pdf *
pdf_new(const struct pdf_properties *p)
{
	struct pdf *pdf = calloc(1, sizeof *pdf);

	if (pdf == NULL)
		return NULL;
	pdf->title = copy(p->title);
	pdf->author = copy(p->author);
	pdf->subject = copy(p->subject);
	pdf->created = copy(p->created);
	pdf->master = p->master;
	if (pdf_font_init(&pdf->font) < 0 || pdf->title == NULL || pdf->author == NULL ||
	    pdf->subject == NULL || pdf->created == NULL) {
		pdf_free(pdf);
		return NULL;
	}
	/* Four bytes over 127 tell transfer programs that the file is binary (ISO 32000-1 §7.5.2).
	 */
	buf_puts(&pdf->out, "%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
	return pdf;
}

int
pdf_add(struct pdf *pdf, const struct page *page, const struct alto_page *text, int turn)
{
	int degrees = ((text->rotation + turn) % 360 + 360) % 360, r;
	bool lying = degrees % 180 != 0;
	double dpi = page->dpi;
	struct pdf_sheet sheet = {
	    .width = (lying ? page->height : page->width) * 72.0 / dpi,
	    .height = (lying ? page->width : page->height) * 72.0 / dpi,
	    .points_per_pixel = 72.0 / dpi,
	    .turn = (turn % 360 + 360) % 360,
	};
	struct buf content = {0};
	unsigned n = pdf->pages;

	if (n >= PDF_MAX_PAGES)
		return -E2BIG;
	begin(pdf, page_object(n, PAGE_IMAGE));
	r = pdf_image(page, degrees, pdf->master, &pdf->out);
	end(pdf);
	if (r < 0)
		return r;
	buf_printf(&content, "q %.3f 0 0 %.3f 0 0 cm /Im Do Q\n", sheet.width, sheet.height);
	pdf_text(&sheet, text, &pdf->font, &content);
	begin(pdf, page_object(n, PAGE_CONTENT));
	r = content.error != 0 ? content.error
			       : pdf_stream(&pdf->out, "", content.data, content.size);
	end(pdf);
	buf_free(&content);
	begin(pdf, page_object(n, PAGE_DICTIONARY));
	buf_printf(&pdf->out,
	    "<< /Type /Page /Parent %d 0 R /MediaBox [0 0 %.3f %.3f] /Contents %u 0 R /Resources "
	    "<< "
	    "/XObject << /Im %u 0 R >> /Font << /F %d 0 R >> >> >>\n",
	    OBJ_PAGE_TREE, sheet.width, sheet.height, page_object(n, PAGE_CONTENT),
	    page_object(n, PAGE_IMAGE), OBJ_FONT);
	end(pdf);
	pdf->pages++;
	return r < 0 ? r : buf_error(&pdf->out);
}

/* A text string as UTF-16 with byte order mark, in hexadecimal (ISO 32000-1 §7.9.2.2). */
static void
put_text(struct buf *out, const char *utf8)
{
	size_t n = strlen(utf8);
	uint32_t code;

	buf_puts(out, "<FEFF");
	for (int used; n > 0 && (used = utf8_decode(utf8, n, &code)) > 0;
	     utf8 += used, n -= (size_t)used) {
		if (code >= 0x10000)
			buf_printf(out, "%04X%04X", 0xd800 + ((code - 0x10000) >> 10),
			    0xdc00 + (code & 0x3ff));
		else
			buf_printf(out, "%04X", code);
	}
	buf_puts(out, ">");
}

/* RFC 3339 to D:YYYYMMDDHHMMSSZ, always in UTC; nothing when it is no date. */
static bool
pdf_date(const char *rfc3339, char out[32])
{
	char t[TIME_TEXT_SIZE];
	uint64_t ms;

	if (time_parse(rfc3339, &ms) < 0)
		return false;
	time_format(ms, t);
	snprintf(out, 32, "D:%.4s%.2s%.2s%.2s%.2s%.2sZ", t, t + 5, t + 8, t + 11, t + 14, t + 17);
	return true;
}

static void
put_info(struct pdf *pdf)
{
	struct buf *o = &pdf->out;
	char date[32];

	begin(pdf, OBJ_INFO);
	buf_puts(o, "<< /Producer (Fumikura " FUMIKURA_VERSION ") /Title ");
	put_text(o, pdf->title);
	buf_puts(o, " /Author ");
	put_text(o, pdf->author);
	buf_puts(o, " /Subject ");
	put_text(o, pdf->subject);
	if (pdf_date(pdf->created, date))
		buf_printf(o, " /CreationDate (%s) /ModDate (%s)", date, date);
	buf_puts(o, " >>\n");
	end(pdf);
}

static int
put_font(struct pdf *pdf)
{
	struct buf *o = &pdf->out, font = {0}, unicode = {0}, glyphs = {0};
	char length[48];
	int r;

	begin(pdf, OBJ_FONT);
	buf_printf(o,
	    "<< /Type /Font /Subtype /Type0 /BaseFont /FumikuraBlank /Encoding /Identity-H "
	    "/DescendantFonts [%d 0 R] /ToUnicode %d 0 R >>\n",
	    OBJ_CID_FONT, OBJ_TO_UNICODE);
	end(pdf);
	begin(pdf, OBJ_CID_FONT);
	buf_printf(o,
	    "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /FumikuraBlank /CIDSystemInfo << "
	    "/Registry "
	    "(Adobe) /Ordering (Identity) /Supplement 0 >> /FontDescriptor %d 0 R /DW 1000 "
	    "/CIDToGIDMap %d 0 R >>\n",
	    OBJ_DESCRIPTOR, OBJ_TO_GLYPH);
	end(pdf);
	begin(pdf, OBJ_DESCRIPTOR);
	buf_printf(o,
	    "<< /Type /FontDescriptor /FontName /FumikuraBlank /Flags 4 /FontBBox [0 0 1000 1000] "
	    "/ItalicAngle 0 /Ascent 1000 /Descent 0 /CapHeight 1000 /StemV 80 /FontFile2 %d 0 R "
	    ">>\n",
	    OBJ_FONT_FILE);
	end(pdf);
	pdf_font_file(&font);
	pdf_font_to_unicode(&pdf->font, &unicode);
	pdf_font_to_glyph(&pdf->font, &glyphs);
	snprintf(length, sizeof length, "/Length1 %zu", font.size);
	r = font.error != 0 ? font.error : unicode.error != 0 ? unicode.error : glyphs.error;
	if (r == 0) {
		begin(pdf, OBJ_FONT_FILE);
		r = pdf_stream(o, length, font.data, font.size);
		end(pdf);
		begin(pdf, OBJ_TO_UNICODE);
		r = r < 0 ? r : pdf_stream(o, "", unicode.data, unicode.size);
		end(pdf);
		begin(pdf, OBJ_TO_GLYPH);
		r = r < 0 ? r : pdf_stream(o, "", glyphs.data, glyphs.size);
		end(pdf);
	}
	buf_free(&font);
	buf_free(&unicode);
	buf_free(&glyphs);
	return r;
}

static void
put_outlines(struct pdf *pdf)
{
	struct buf *o = &pdf->out;

	begin(pdf, OBJ_OUTLINES);
	buf_printf(o, "<< /Type /Outlines /First %u 0 R /Last %u 0 R /Count %u >>\n",
	    page_object(0, PAGE_OUTLINE), page_object(pdf->pages - 1, PAGE_OUTLINE), pdf->pages);
	end(pdf);
	for (unsigned i = 0; i < pdf->pages; i++) {
		char title[32];

		snprintf(title, sizeof title, "%u ページ", i + 1);
		begin(pdf, page_object(i, PAGE_OUTLINE));
		buf_puts(o, "<< /Title ");
		put_text(o, title);
		buf_printf(o, " /Parent %d 0 R /Dest [%u 0 R /Fit]", OBJ_OUTLINES,
		    page_object(i, PAGE_DICTIONARY));
		if (i > 0)
			buf_printf(o, " /Prev %u 0 R", page_object(i - 1, PAGE_OUTLINE));
		if (i + 1 < pdf->pages)
			buf_printf(o, " /Next %u 0 R", page_object(i + 1, PAGE_OUTLINE));
		buf_puts(o, " >>\n");
		end(pdf);
	}
}

static void
put_catalog(struct pdf *pdf)
{
	struct buf *o = &pdf->out;

	begin(pdf, OBJ_CATALOG);
	buf_printf(o,
	    "<< /Type /Catalog /Pages %d 0 R /Metadata %d 0 R /OutputIntents [%d 0 R] /Outlines %d "
	    "0 R "
	    "/Lang (ja) /ViewerPreferences << /DisplayDocTitle true >> >>\n",
	    OBJ_PAGE_TREE, OBJ_METADATA, OBJ_INTENT, OBJ_OUTLINES);
	end(pdf);
	begin(pdf, OBJ_PAGE_TREE);
	buf_printf(o, "<< /Type /Pages /Count %u /Kids [", pdf->pages);
	for (unsigned i = 0; i < pdf->pages; i++)
		buf_printf(o, " %u 0 R", page_object(i, PAGE_DICTIONARY));
	buf_puts(o, " ] >>\n");
	end(pdf);
}

static void
put_trailer(struct pdf *pdf)
{
	struct buf *o = &pdf->out;
	unsigned n = page_object(pdf->pages, 0);
	size_t at = o->size;

	buf_printf(o, "xref\n0 %u\n0000000000 65535 f \n", n);
	for (unsigned i = 1; i < n; i++)
		buf_printf(o, "%010zu 00000 n \n", pdf->offsets[i]);
	/* The file identifier has only to differ between files: title, time and size make it. */
	buf_printf(o, "trailer\n<< /Size %u /Root %d 0 R /Info %d 0 R /ID [<%016zx> <%016zx>] >>\n",
	    n, OBJ_CATALOG, OBJ_INFO, at, at);
	buf_printf(o, "startxref\n%zu\n%%%%EOF\n", at);
}

int
pdf_finish(struct pdf *pdf, struct buf *out)
{
	struct buf part = {0};
	int r;

	if (pdf->pages == 0)
		return -EINVAL;
	put_info(pdf);
	r = put_font(pdf);
	begin(pdf, OBJ_METADATA);
	pdf_xmp(pdf->title, pdf->author, pdf->subject, pdf->created, &part);
	buf_printf(
	    &pdf->out, "<< /Type /Metadata /Subtype /XML /Length %zu >>\nstream\n", part.size);
	buf_add(&pdf->out, part.data, part.size);
	buf_puts(&pdf->out, "\nendstream\n");
	end(pdf);
	buf_free(&part);
	begin(pdf, OBJ_INTENT);
	buf_printf(&pdf->out,
	    "<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier (sRGB IEC61966-2.1) "
	    "/Info (sRGB IEC61966-2.1) /DestOutputProfile %d 0 R >>\n",
	    OBJ_PROFILE);
	end(pdf);
	begin(pdf, OBJ_PROFILE);
	pdf_srgb_profile(&part);
	r = r < 0 ? r : pdf_stream(&pdf->out, "/N 3", part.data, part.size);
	end(pdf);
	buf_free(&part);
	put_outlines(pdf);
	put_catalog(pdf);
	put_trailer(pdf);
	if (r < 0 || buf_error(&pdf->out) < 0)
		return r < 0 ? r : buf_error(&pdf->out);
	*out = pdf->out;
	pdf->out = (struct buf){0};
	return 0;
}

void
pdf_free(struct pdf *pdf)
{
	if (pdf == NULL)
		return;
	buf_free(&pdf->out);
	pdf_font_free(&pdf->font);
	free(pdf->title);
	free(pdf->author);
	free(pdf->subject);
	free(pdf->created);
	free(pdf);
}
