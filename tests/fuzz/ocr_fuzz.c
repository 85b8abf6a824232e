/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What this room parses itself, by the first byte: ALTO (0), then redacted and set as a PDF; page
 * masters (1); values of fields (2); ALTO with a line corrected (3); text as an engine may give it
 * (4), through the lexicon, the search for fields and for a title, and out as JSON and XML; a
 * network out of a model (5), which then runs.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/alto.h"
#include "ocr/fields.h"
#include "ocr/form_type.h"
#include "ocr/json.h"
#include "ocr/alike.h"
#include "ocr/lexicon.h"
#include "ocr/network.h"
#include "ocr/notation.h"
#include "ocr/page_in.h"
#include "ocr/pdf.h"
#include "ocr/redact.h"
#include "text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The PDF of a small page with whatever text was read; its last four bytes say what to hide. */
static void
fuzz_alto(const uint8_t *data, size_t size)
{
	static const struct pdf_properties properties = {.title = "fuzz"};
	_cleanup_(alto_page_free) struct alto_page alto = {0};
	_cleanup_(pdf_freep) struct pdf *pdf = NULL;
	_cleanup_(buf_free) struct buf out = {0};
	struct page page = {.width = 64, .height = 48, .reduce = 1, .dpi = 300};
	struct box box = {0};

	if (alto_read((const char *)data, size, &alto) < 0)
		return;
	page.pix = pixCreate(64, 48, 8);
	if (size >= 4)
		box = (struct box){data[size - 4], data[size - 3], data[size - 2], data[size - 1]};
	pdf = pdf_new(&properties);
	if (pdf != NULL && page.pix != NULL) {
		redact(&page, &alto, box);
		if (pdf_add(pdf, &page, &alto, 90) == 0)
			pdf_finish(pdf, &out);
	}
	page_free(&page);
}

/* What was corrected can be read, where the ALTO could. */
static void
fuzz_correct(const uint8_t *data, size_t size)
{
	const struct alto_correction list[] = {{{0, 0, 20, 10}, "直 した"}, {{1, 1, 3, 90}, "行"}};
	_cleanup_(alto_page_free) struct alto_page before = {0}, after = {0};
	_cleanup_(buf_free) struct buf out = {0};

	if (alto_correct((const char *)data, size, list, 2, &out) < 0 ||
	    alto_read((const char *)data, size, &before) < 0)
		return;
	alto_read(out.data, out.size, &after);
}

static void
fuzz_value(const uint8_t *data, size_t size)
{
	char text[200], out[FIELD_NORMAL];
	size_t n = size < sizeof text - 1 ? size : sizeof text - 1;

	memcpy(text, data, n);
	text[n] = '\0';
	for (int kind = FIELD_TEXTUAL; kind <= FIELD_MONEY; kind++)
		field_normal((enum field_kind)kind, text, out);
}

/* Lines of glyphs: valid UTF-8 as it comes, places from its bytes. */
static int
take_text(const uint8_t *data, size_t size, struct words *w)
{
	struct line line = {.cell = -1};
	int r = words_line(w, &line);

	for (size_t i = 0, used; r >= 0 && i < size; i += used) {
		struct glyph g = {
		    .confidence = (uint8_t)(data[i] % 101), .space = data[i] % 7 == 0};
		uint32_t code;
		int n = utf8_decode((const char *)data + i, size - i, &code);

		used = n > 0 ? (size_t)n : 1;
		if (n > 0 && code == '\n') {
			words_line_done(w);
			line.vertical = data[i > 0 ? i - 1 : 0] % 5 == 0;
			r = words_line(w, &line);
		} else if (n > 0 && code >= ' ') {
			memcpy(g.text, data + i, used);
			g.box = (struct box){(int)(i * 40 % 4000), (int)(i / 100) * 50, 36, 40};
			r = words_glyph(w, &g);
		}
	}
	words_line_done(w);
	return r;
}

static void
fuzz_text(const uint8_t *data, size_t size)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(fields_free) struct fields fields = {0};
	_cleanup_(buf_free) struct buf text = {0}, out = {0};
	struct json j = {.out = &out};
	struct grid grid = {0};

	if (take_text(data, size, &w) < 0 || lexicon_correct(&w) < 0 || alike_correct(&w) < 0 ||
	    notation_correct(&w) < 0)
		return;
	words_tidy(&w);
	fields_find(&grid, &w, &fields);
	form_type_find(&w, 3508);
	words_text(&w, &text);
	buf_add(&text, "", 1);
	if (buf_error(&text) < 0)
		return;
	json_object(&j, NULL);
	json_string(&j, "text", text.data);
	json_end(&j, '}');
	buf_xml(&out, text.data);
}

#define PIXELS 10 /* along the line */

static void
fuzz_network(const uint8_t *data, size_t size)
{
	_cleanup_(network_freep) struct network *n = NULL;
	_cleanup_(freep) int8_t *pixels = NULL;
	_cleanup_(freep) float *chances = NULL;

	if (network_new(data, size, &n) < 0)
		return;
	pixels = calloc(PIXELS, network_height(n));
	chances = calloc(PIXELS / NETWORK_SHRINK * network_outputs(n), sizeof *chances);
	if (pixels != NULL && chances != NULL)
		network_run(n, pixels, PIXELS, 1, chances);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_cleanup_(page_free) struct page page = {0};

	if (size == 0)
		return 0;
	if (data[0] == 0)
		fuzz_alto(data + 1, size - 1);
	else if (data[0] == 1)
		page_in(data + 1, size - 1, 0, 0, &page);
	else if (data[0] == 2)
		fuzz_value(data + 1, size - 1);
	else if (data[0] == 3)
		fuzz_correct(data + 1, size - 1);
	else if (data[0] == 5)
		fuzz_network(data + 1, size - 1);
	else
		fuzz_text(data + 1, size - 1);
	return 0;
}
