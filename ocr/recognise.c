/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of the steps that read a page; each step is a module of its own. */
#include <errno.h>
#include <math.h>

#include "ocr/findings.h"
#include "ocr/grid.h"
#include "ocr/lexicon.h"
#include "ocr/marks.h"
#include "ocr/orient.h"
#include "ocr/prepare.h"
#include "ocr/read_form.h"
#include "ocr/recognise.h"

/* Everything one page needs while it is read. */
struct reader {
	struct engine *engine;
	const struct page *page;
	const struct recognise_options *options;
	struct recognition *out;
	struct sheet sheet;
	struct grid grid;
	struct marks marks;
	enum engine_model model; /* of running text */
	struct words *others;    /* second opinions on cells, NULL: not wanted */
};

static struct words *
add_reading(struct recognition *r, const char *id)
{
	struct reading *reading = &r->readings[r->nreadings++];

	reading->id = id;
	return &reading->words;
}

static void
forget_sheet(struct reader *r)
{
	sheet_free(&r->sheet);
	grid_free(&r->grid);
	marks_free(&r->marks);
	r->grid = (struct grid){0};
	r->sheet = (struct sheet){0};
}

static int
make_sheet(struct reader *r, int rotation)
{
	int ok;

	forget_sheet(r);
	ok = sheet_new(r->page, rotation, &r->sheet);
	if (ok >= 0)
		ok = grid_find(&r->sheet, &r->grid);
	return ok < 0 ? ok : marks_lift(&r->sheet, r->grid.rules, &r->marks);
}

static int
read_page(struct reader *r, struct words *ret)
{
	return engine_read(r->engine, r->sheet.grey, NULL, r->model, ENGINE_PAGE, ret);
}

static int
read_once(struct reader *r, struct words *ret)
{
	if (r->grid.n > 0)
		return read_form(r->engine, &r->sheet, &r->grid, ret, r->others);
	return read_page(r, ret);
}

/* Reads again in the way that orient found, and keeps what is surer. */
static int
read_otherwise(struct reader *r, const struct orient *way, struct words *best)
{
	static const enum engine_model models[] = {[SCRIPT_ACROSS] = ENGINE_JAPANESE,
	    [SCRIPT_DOWN] = ENGINE_VERTICAL,
	    [SCRIPT_LATIN] = ENGINE_LATIN};
	_cleanup_(words_free) struct words again = {0};
	int before = r->sheet.rotation, ok = 0;

	r->model = models[way->script];
	if (way->rotation != 0)
		ok = make_sheet(r, way->rotation);
	if (ok >= 0)
		ok = way->script == SCRIPT_ACROSS ? read_once(r, &again) : read_page(r, &again);
	if (ok < 0)
		return ok;
	if (way->script == SCRIPT_LATIN ? again.nglyphs * 10 > best->nglyphs * 7
					: orient_score(&again) > orient_score(best)) {
		struct words t = *best;

		*best = again;
		again = t;
		return 0;
	}
	r->model = ENGINE_JAPANESE;
	return way->rotation != 0 ? make_sheet(r, before) : 0;
}

static int
read_shown(struct reader *r, struct words *ret)
{
	struct orient way;
	int ok = read_once(r, ret);

	if (ok >= 0)
		ok = orient_find(r->engine, &r->sheet, ret, &way);
	if (ok >= 0 && (way.rotation != 0 || way.script != SCRIPT_ACROSS))
		ok = read_otherwise(r, &way, ret);
	return ok < 0 ? ok : marks_insert(&r->marks, ret);
}

/* Different readings fail in different places: search looks in all of them. */
static int
read_further(struct reader *r)
{
	int ok = 0;

	if (r->grid.n > 0)
		ok = read_page(r, add_reading(r->out, "page"));
	if (ok >= 0)
		ok = engine_read(r->engine, r->sheet.grey, NULL, r->model, ENGINE_SPARSE,
		    add_reading(r->out, "sparse"));
	return ok;
}

/* What the text means, while everything is still in pixels of the sheet. */
static int
understand(struct reader *r)
{
	int ok = fields_find(&r->grid, &r->out->readings[0].words, &r->out->fields);

	return ok < 0 ? ok : codes_find(r->sheet.grey, &r->out->codes);
}

static void
to_master(struct reader *r)
{
	struct recognition *out = r->out;

	for (unsigned i = 0; i < out->nreadings; i++)
		sheet_to_master(&r->sheet, &out->readings[i].words);
	out->grid = r->grid;
	r->grid = (struct grid){0};
	out->marks = r->marks;
	r->marks = (struct marks){0};
	for (size_t i = 0; i < out->grid.n; i++)
		out->grid.cells[i].box = sheet_box_to_master(&r->sheet, out->grid.cells[i].box);
	for (size_t i = 0; i < out->marks.n; i++)
		out->marks.mark[i].box = sheet_box_to_master(&r->sheet, out->marks.mark[i].box);
	for (size_t i = 0; i < out->fields.n; i++)
		out->fields.field[i].box = sheet_box_to_master(&r->sheet, out->fields.field[i].box);
	for (size_t i = 0; i < out->codes.n; i++)
		out->codes.code[i].box = sheet_box_to_master(&r->sheet, out->codes.code[i].box);
}

static int
read_all(struct reader *r)
{
	struct recognition *out = r->out;
	struct words *shown = add_reading(out, "shown");
	bool blank;
	int ok = make_sheet(r, 0);

	if (ok < 0)
		return ok;
	blank = findings_blank(&r->sheet);
	if (!blank && r->options->all && r->grid.n > 0)
		r->others = add_reading(out, "opinions");
	if (!blank)
		ok = read_shown(r, shown);
	if (ok >= 0 && !blank && r->options->all)
		ok = read_further(r);
	if (ok >= 0)
		ok = lexicon_correct(shown);
	if (ok < 0)
		return ok;
	for (unsigned i = 0; i < out->nreadings; i++)
		words_tidy(&out->readings[i].words);
	ok = understand(r);
	if (ok < 0)
		return ok;
	to_master(r);
	out->width = r->sheet.width;
	out->height = r->sheet.height;
	out->rotation = r->sheet.rotation;
	out->skew_mdeg = (int)lround(r->sheet.skew * 180000 / M_PI);
	findings_collect(r->page, &r->sheet, out);
	return 0;
}

int
recognise(struct engine *e, const struct page *p, const struct recognise_options *o,
    struct recognition *ret)
{
	_cleanup_(recognition_free) struct recognition out = {0};
	struct reader r = {
	    .engine = e, .page = p, .options = o, .out = &out, .model = ENGINE_JAPANESE};
	int ok;

	engine_deadline(e, o->limit_ms);
	ok = read_all(&r);
	forget_sheet(&r);
	if (ok < 0)
		return ok;
	*ret = out;
	out = (struct recognition){0};
	return 0;
}

void
recognition_free(struct recognition *r)
{
	for (unsigned i = 0; i < r->nreadings; i++)
		words_free(&r->readings[i].words);
	grid_free(&r->grid);
	fields_free(&r->fields);
	codes_free(&r->codes);
	marks_free(&r->marks);
	*r = (struct recognition){0};
}
