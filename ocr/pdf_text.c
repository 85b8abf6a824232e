/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Places glyphs. Readers of PDF guess words from gaps, so each glyph is stretched to where the next
 * begins unless a space is meant; then no reader sees a space between kanji, however wide a label
 * is set.
 */
#include <math.h>
#include <string.h>

#include "ocr/pdf_text.h"
#include "text.h"

struct pen {
	const struct pdf_sheet *sheet;
	struct pdf_font *font;
	struct buf *out;
	double size;   /* font size, pixels */
	double ux, uy; /* unit vector along the line, pixels, y downwards */
	double x0, y0; /* the line's foot at along = 0 */
};

/* Pixels of the page as read to points of the page as shown. */
static void
to_points(const struct pdf_sheet *s, double x, double y, double *px, double *py)
{
	double k = s->points_per_pixel;

	switch (s->turn) {
	case 90:
		*px = s->width - y * k;
		*py = s->height - x * k;
		break;
	case 180:
		*px = s->width - x * k;
		*py = y * k;
		break;
	case 270:
		*px = y * k;
		*py = x * k;
		break;
	default:
		*px = x * k;
		*py = s->height - y * k;
	}
}

static void
put_glyph(struct pen *p, uint32_t code, double along, double advance)
{
	double x, y, x1, y1, c, n, len;
	unsigned cid = pdf_font_cid(p->font, code);

	to_points(p->sheet, p->x0 + p->ux * along, p->y0 + p->uy * along, &x, &y);
	to_points(p->sheet, p->x0 + p->ux * (along + 1), p->y0 + p->uy * (along + 1), &x1, &y1);
	len = hypot(x1 - x, y1 - y);
	c = (x1 - x) / len;
	n = (y1 - y) / len;
	buf_printf(p->out, "%.4f %.4f %.4f %.4f %.2f %.2f Tm %.1f Tz <%04X> Tj\n", c, n, -n, c, x,
	    y, 100 * advance / p->size, cid);
}

/* Middle of a glyph across the line, on a line without slope. */
static double
across(const struct pen *p, struct box b)
{
	double x = b.x + b.w / 2.0, y = b.y + b.h / 2.0;

	return -x * p->uy + y * p->ux;
}

static double
along(const struct pen *p, struct box b, bool far)
{
	if (fabs(p->ux) >= fabs(p->uy))
		return (b.x + (far ? b.w : 0)) * p->ux + (b.y + b.h / 2.0) * p->uy;
	return (b.x + b.w / 2.0) * p->ux + (b.y + (far ? b.h : 0)) * p->uy;
}

/* Direction, size and foot of a line; false when it has no extent. */
static bool
aim(struct pen *p, const struct alto_page *t, const struct line *l)
{
	double slope = t->skew_mdeg / 1000.0 * M_PI / 180, middle = 0, size = 0;

	p->ux = l->vertical ? -sin(slope) : cos(slope);
	p->uy = l->vertical ? cos(slope) : sin(slope);
	for (size_t i = l->first; i < l->first + l->count; i++) {
		struct box b = t->words.glyphs[i].box;

		middle += across(p, b);
		size = fmax(size, l->vertical ? b.w : b.h);
	}
	if (l->count == 0 || size < 1)
		return false;
	middle = middle / (double)l->count + size / 2;
	p->size = size;
	p->x0 = -middle * p->uy;
	p->y0 = middle * p->ux;
	return true;
}

static void
put_codes(struct pen *p, const struct glyph *g, double from, double to)
{
	size_t n = strlen(g->text), codes = utf8_length(g->text), k = 0, at = 0;
	uint32_t code;

	for (int used; at < n && (used = utf8_decode(g->text + at, n - at, &code)) > 0;
	     at += (size_t)used, k++)
		put_glyph(p, code, from + (to - from) * (double)k / (double)codes,
		    (to - from) / (double)codes);
}

static void
put_line(struct pen *p, const struct alto_page *t, const struct line *l)
{
	size_t end = l->first + l->count;
	double pen, smallest;

	if (!aim(p, t, l))
		return;
	smallest = p->size * 0.15;
	buf_printf(p->out, "/F %.2f Tf\n", p->size * p->sheet->points_per_pixel);
	pen = along(p, t->words.glyphs[l->first].box, false);
	for (size_t i = l->first; i < end; i++) {
		const struct glyph *g = &t->words.glyphs[i], *next = i + 1 < end ? g + 1 : NULL;
		double own = along(p, g->box, true), to = own;

		if (next != NULL)
			to = next->space ? fmin(own, along(p, next->box, false))
					 : along(p, next->box, false);
		to = fmax(to, pen + smallest);
		put_codes(p, g, pen, to);
		pen = to;
		if (next != NULL && next->space) {
			to = fmax(along(p, next->box, false), pen + smallest);
			put_glyph(p, ' ', pen, to - pen);
			pen = to;
		}
	}
}

void
pdf_text(
    const struct pdf_sheet *s, const struct alto_page *text, struct pdf_font *font, struct buf *out)
{
	struct pen p = {.sheet = s, .font = font, .out = out};

	if (text->words.nlines == 0)
		return;
	buf_puts(out, "BT 3 Tr\n");
	for (size_t i = 0; i < text->words.nlines; i++)
		put_line(&p, text, &text->words.lines[i]);
	buf_puts(out, "ET\n");
}

static void
put_property(struct buf *out, const char *open, const char *value, const char *close)
{
	if (value[0] == '\0')
		return;
	buf_puts(out, open);
	buf_xml(out, value);
	buf_puts(out, close);
}

void
pdf_xmp(const char *title, const char *author, const char *subject, const char *created,
    struct buf *out)
{
	char date[TIME_TEXT_SIZE] = "";
	uint64_t ms;

	if (time_parse(created, &ms) >= 0)
		time_format(ms, date);
	buf_puts(out, "<?xpacket begin=\"\xef\xbb\xbf\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n"
		      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
		      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description "
		      "rdf:about=\"\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
		      "xmlns:xmp=\"http://ns.adobe.com/xap/1.0/\" "
		      "xmlns:pdf=\"http://ns.adobe.com/pdf/1.3/\">"
		      "<dc:format>application/pdf</dc:format>"
		      "<pdf:Producer>Fumikura " FUMIKURA_VERSION "</pdf:Producer>");
	put_property(out, "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">", title,
	    "</rdf:li></rdf:Alt></dc:title>");
	put_property(
	    out, "<dc:creator><rdf:Seq><rdf:li>", author, "</rdf:li></rdf:Seq></dc:creator>");
	put_property(out, "<dc:description><rdf:Alt><rdf:li xml:lang=\"x-default\">", subject,
	    "</rdf:li></rdf:Alt></dc:description>");
	put_property(out, "<xmp:CreateDate>", date, "</xmp:CreateDate>");
	put_property(out, "<xmp:ModifyDate>", date, "</xmp:ModifyDate>");
	buf_puts(out, "</rdf:Description></rdf:RDF></x:xmpmeta>\n<?xpacket end=\"w\"?>");
}
