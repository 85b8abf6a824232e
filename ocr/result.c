/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result JSON; every shape is fixed by ocr_bus.h. */
#include <string.h>

#include "ocr/json.h"
#include "ocr/prepare.h"
#include "ocr/result.h"
#include "text.h"

/* Four integers per code point, written without the writer's bookkeeping: there are tens of
 * thousands. */
static void
put_boxes(struct json *j, const struct words *w)
{
	const char *comma = "";

	json_array(j, "boxes");
	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *l = &w->lines[n];

		for (size_t i = l->first; i < l->first + l->count; i++) {
			const struct glyph *g = &w->glyphs[i];
			size_t codes = utf8_length(g->text) + (g->space ? 1 : 0);

			for (size_t k = 0; k < codes; k++) {
				buf_printf(j->out, "%s%d,%d,%d,%d", comma, g->box.x, g->box.y,
				    g->box.w, g->box.h);
				comma = ",";
			}
		}
		buf_printf(j->out, "%s0,0,0,0", comma);
		comma = ",";
	}
	json_end(j, ']');
}

static void
put_readings(struct json *j, const struct recognition *r)
{
	json_array(j, "readings");
	for (unsigned i = 0; i < r->nreadings; i++) {
		const struct words *w = &r->readings[i].words;
		struct buf text = {0};

		words_text(w, &text);
		buf_add(&text, "", 1);
		json_object(j, NULL);
		json_string(j, "id", r->readings[i].id);
		json_bool(j, "shown", i == 0);
		json_int(j, "confidence", words_confidence(w));
		json_string(j, "text", text.error == 0 ? text.data : "");
		if (text.error != 0)
			j->out->error = text.error;
		put_boxes(j, w);
		json_end(j, '}');
		buf_free(&text);
	}
	json_end(j, ']');
}

static void
put_engine(struct json *j, const struct engine *e, const struct recognise_options *o)
{
	unsigned n;
	const struct engine_file *files = engine_files(e, &n);

	json_object(j, "engine");
	json_string(j, "name", engine_name(e));
	json_string(j, "version", engine_version(e));
	json_object(j, "models");
	for (unsigned i = 0; i < n; i++)
		json_string(j, files[i].name, files[i].sha256);
	json_end(j, '}');
	json_object(j, "parameters");
	json_int(j, "dpi", SHEET_DPI);
	json_string(j, "effort", o->all ? "all" : "shown");
	json_int(j, "limit_ms", o->limit_ms);
	json_end(j, '}');
	json_string(j, "build", "fumikura " FUMIKURA_VERSION);
	json_end(j, '}');
}

static void
put_findings(struct json *j, const struct recognition *r)
{
	json_array(j, "findings");
	for (unsigned i = 0; i < r->nfindings; i++) {
		json_object(j, NULL);
		json_string(j, "code", r->findings[i].code);
		json_int(j, "value", r->findings[i].value);
		json_string(j, "ja", r->findings[i].ja);
		json_string(j, "en", r->findings[i].en);
		json_end(j, '}');
	}
	json_end(j, ']');
}

void
result_write(const struct recognition *r, const struct page *p, const struct engine *e,
    const struct recognise_options *o, long long cpu_ms, struct buf *out)
{
	struct json j = {.out = out};

	json_object(&j, NULL);
	put_engine(&j, e, o);
	json_int(&j, "width", r->width);
	json_int(&j, "height", r->height);
	json_int(&j, "dpi", p->dpi);
	json_int(&j, "rotation", r->rotation);
	json_int(&j, "skew_mdeg", r->skew_mdeg);
	put_readings(&j, r);
	json_array(&j, "cells");
	json_end(&j, ']');
	json_array(&j, "fields");
	json_end(&j, ']');
	json_array(&j, "codes");
	json_end(&j, ']');
	json_string(&j, "form_type", "");
	put_findings(&j, r);
	json_int(&j, "cpu_ms", cpu_ms);
	json_end(&j, '}');
	buf_puts(out, "\n");
}
