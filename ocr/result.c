/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Result JSON; every shape is fixed by ocr_bus.h. */
#include <string.h>

#include "ocr/json.h"
#include "ocr/letter_model.h"
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

		if (i > 0 && w->nlines == 0)
			continue; /* nothing to search in */
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
	char judge[SHA256_HEX_SIZE];

	json_object(j, "engine");
	json_string(j, "name", engine_name(e));
	json_string(j, "version", engine_version(e));
	json_object(j, "models");
	for (unsigned i = 0; i < n; i++)
		json_string(j, files[i].name, files[i].sha256);
	letter_model_sha256(judge);
	json_string(j, "letters", judge);
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
put_box(struct json *j, struct box b)
{
	json_array(j, "box");
	json_int(j, NULL, b.x);
	json_int(j, NULL, b.y);
	json_int(j, NULL, b.w);
	json_int(j, NULL, b.h);
	json_end(j, ']');
}

static void
put_cells(struct json *j, const struct recognition *r)
{
	json_array(j, "cells");
	for (size_t i = 0; i < r->grid.n; i++) {
		const struct cell *c = &r->grid.cells[i];

		json_object(j, NULL);
		json_int(j, "table", c->table);
		json_int(j, "row", c->row);
		json_int(j, "column", c->column);
		json_int(j, "row_span", c->row_span);
		json_int(j, "column_span", c->column_span);
		put_box(j, c->box);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void
put_fields(struct json *j, const struct recognition *r)
{
	json_array(j, "fields");
	for (size_t i = 0; i < r->fields.n; i++) {
		const struct field *f = &r->fields.field[i];

		json_object(j, NULL);
		json_string(j, "label", f->label);
		json_string(j, "value", f->value);
		json_string(j, "key", f->key);
		json_string(j, "normal", f->normal);
		json_int(j, "confidence", f->confidence);
		put_box(j, f->box);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void
put_codes(struct json *j, const struct recognition *r)
{
	json_array(j, "codes");
	for (size_t i = 0; i < r->codes.n; i++) {
		json_object(j, NULL);
		json_string(j, "type", r->codes.code[i].type);
		json_string(j, "data", r->codes.code[i].data);
		put_box(j, r->codes.code[i].box);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void
put_marks(struct json *j, const struct recognition *r)
{
	char text[256];

	json_array(j, "marks");
	for (size_t i = 0; i < r->marks.n; i++) {
		const struct mark *m = &r->marks.mark[i];

		json_object(j, NULL);
		json_string(j, "kind", m->kind == MARK_BOX ? "box" : "ring");
		json_bool(j, "set", m->set);
		if (m->kind == MARK_RING) {
			marks_inside(m, &r->readings[0].words, text, sizeof text);
			json_string(j, "text", text);
		}
		put_box(j, m->box);
		json_end(j, '}');
	}
	json_end(j, ']');
}

static void
put_corrected_lines(struct json *j, const struct reading *reading)
{
	for (size_t i = 0; i < reading->words.nlines; i++) {
		const struct line *l = &reading->words.lines[i];

		if (l->raw == NULL)
			continue;
		json_object(j, NULL);
		json_string(j, "reading", reading->id);
		json_int(j, "line", (long long)i);
		json_string(j, "raw", l->raw);
		json_string(j, "rule", l->rule);
		json_end(j, '}');
	}
}

/* Lines that were corrected: what was read, and the last rule that changed it. */
static void
put_corrections(struct json *j, const struct recognition *r)
{
	json_array(j, "corrections");
	for (unsigned i = 0; i < r->nreadings; i++)
		put_corrected_lines(j, &r->readings[i]);
	json_end(j, ']');
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
	put_cells(&j, r);
	put_fields(&j, r);
	put_codes(&j, r);
	put_marks(&j, r);
	put_corrections(&j, r);
	json_string(&j, "form_type", r->form_type != NULL ? r->form_type : "");
	put_findings(&j, r);
	json_int(&j, "cpu_ms", cpu_ms);
	json_end(&j, '}');
	buf_puts(out, "\n");
}
