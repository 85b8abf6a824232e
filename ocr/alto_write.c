/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ALTO 4 out. Words are runs between kept spaces; every glyph keeps its own box and confidence. */
#include "ocr/alto.h"

#include <stdio.h>

static void
put_box(struct buf *out, struct box b)
{
	buf_printf(out, " HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\" HEIGHT=\"%d\"", b.x, b.y, b.w, b.h);
}

static void
put_word(struct buf *out, const struct words *w, size_t from, size_t to)
{
	struct box box = {0};
	unsigned sum = 0;

	for (size_t i = from; i < to; i++) {
		box = box_union(box, w->glyphs[i].box);
		sum += w->glyphs[i].confidence;
	}
	buf_puts(out, "<String CONTENT=\"");
	for (size_t i = from; i < to; i++)
		buf_xml(out, w->glyphs[i].text);
	buf_puts(out, "\"");
	put_box(out, box);
	buf_printf(out, " WC=\"%.2f\">", sum / (100.0 * (double)(to - from)));
	for (size_t i = from; i < to; i++) {
		buf_puts(out, "<Glyph CONTENT=\"");
		buf_xml(out, w->glyphs[i].text);
		buf_puts(out, "\"");
		put_box(out, w->glyphs[i].box);
		buf_printf(out, " GC=\"%.2f\"/>", w->glyphs[i].confidence / 100.0);
	}
	buf_puts(out, "</String>");
}

void
alto_write_line(
    struct buf *out, const struct words *w, const struct line *l, const char *id, const char *tags)
{
	size_t end = l->first + l->count, from = l->first;

	buf_printf(out, "<TextLine ID=\"%s\"", id);
	put_box(out, l->box);
	if (l->vertical || tags[0] != '\0')
		buf_printf(out, " TAGREFS=\"%s%s%s\"", l->vertical ? "vertical" : "",
		    l->vertical && tags[0] != '\0' ? " " : "", tags);
	buf_puts(out, ">");
	for (size_t i = l->first + 1; i <= end; i++) {
		if (i < end && !w->glyphs[i].space)
			continue;
		put_word(out, w, from, i);
		if (i < end) {
			struct box a = w->glyphs[i - 1].box, b = w->glyphs[i].box;

			buf_printf(out, "<SP HPOS=\"%d\" VPOS=\"%d\" WIDTH=\"%d\"/>", a.x + a.w,
			    l->box.y, b.x > a.x + a.w ? b.x - a.x - a.w : 0);
		}
		from = i;
	}
	buf_puts(out, "</TextLine>\n");
}

static bool
same_block(const struct line *a, const struct line *b)
{
	return a->cell == b->cell && a->block == b->block;
}

static void
put_blocks(struct buf *out, const struct words *w)
{
	for (size_t i = 0, next; i < w->nlines; i = next) {
		struct box box = {0};

		for (next = i; next < w->nlines && same_block(&w->lines[i], &w->lines[next]);
		     next++)
			box = box_union(box, w->lines[next].box);
		buf_printf(out, "<TextBlock ID=\"b%zu\"", i);
		put_box(out, box);
		if (w->lines[i].cell >= 0)
			buf_puts(out, " TAGREFS=\"cell\"");
		buf_puts(out, ">\n");
		for (size_t k = i; k < next; k++) {
			char id[24];

			snprintf(id, sizeof id, "l%zu", k);
			alto_write_line(out, w, &w->lines[k], id, "");
		}
		buf_puts(out, "</TextBlock>\n");
	}
}

void
alto_write(const struct recognition *r, const struct engine *e, struct buf *out)
{
	buf_puts(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<alto xmlns=\"http://www.loc.gov/standards/alto/ns-v4#\" SCHEMAVERSION=\"4.2\">\n"
	    "<Description><MeasurementUnit>pixel</MeasurementUnit>"
	    "<OCRProcessing ID=\"o\"><ocrProcessingStep><processingStepSettings>");
	buf_printf(out, "rotation=%d skew_mdeg=%d", r->rotation, r->skew_mdeg);
	buf_puts(out, "</processingStepSettings><processingSoftware><softwareName>");
	buf_xml(out, engine_name(e));
	buf_puts(out, "</softwareName><softwareVersion>");
	buf_xml(out, engine_version(e));
	buf_puts(out, "</softwareVersion></processingSoftware></ocrProcessingStep></OCRProcessing>"
		      "</Description>\n<Tags><LayoutTag ID=\"cell\" LABEL=\"cell\"/>"
		      "<LayoutTag ID=\"vertical\" LABEL=\"vertical\"/></Tags>\n<Layout>");
	buf_printf(out,
	    "<Page ID=\"p\" PHYSICAL_IMG_NR=\"1\" WIDTH=\"%d\" HEIGHT=\"%d\"><PrintSpace "
	    "HPOS=\"0\" "
	    "VPOS=\"0\" WIDTH=\"%d\" HEIGHT=\"%d\">\n",
	    r->width, r->height, r->width, r->height);
	put_blocks(out, &r->readings[0].words);
	buf_puts(out, "</PrintSpace></Page></Layout></alto>\n");
}
