/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of the steps that read a page; each step is a module of its own. */
#include <errno.h>
#include <math.h>

#include <leptonica/allheaders.h>

#include "ocr/alike.h"
#include "ocr/boxes.h"
#include "ocr/branches.h"
#include "ocr/bullets.h"
#include "ocr/choices.h"
#include "ocr/circles.h"
#include "ocr/comb_text.h"
#include "ocr/dots.h"
#include "ocr/doubled.h"
#include "ocr/down.h"
#include "ocr/findings.h"
#include "ocr/form_type.h"
#include "ocr/grades.h"
#include "ocr/grid.h"
#include "ocr/items.h"
#include "ocr/letter_correct.h"
#include "ocr/lexicon.h"
#include "ocr/marks.h"
#include "ocr/mirror.h"
#include "ocr/mixed.h"
#include "ocr/notation.h"
#include "ocr/orient.h"
#include "ocr/pale.h"
#include "ocr/pixels.h"
#include "ocr/points.h"
#include "ocr/prepare.h"
#include "ocr/read_form.h"
#include "ocr/recognise.h"
#include "ocr/reference.h"
#include "ocr/reread.h"
#include "ocr/roman.h"
#include "ocr/series.h"
#include "ocr/signs.h"
#include "ocr/signs_small.h"
#include "ocr/telephone.h"
#include "ocr/variant.h"
#include "ocr/writings.h"

#define CERTAIN 96       /* confidence of every glyph of a line that need not be read again */
#define CERTAIN_GLYPHS 3 /* shorter lines are not certain */
/* percent of glyphs that may be unsure in print, also where readings differ */
#define NO_PRINT 25

/* Everything one page needs while it is read. */
struct reader {
	struct engine *engine;
	struct page *page;
	const struct recognise_options *options;
	struct recognition *out;
	struct sheet sheet;
	struct grid grid;
	struct marks marks;
	enum engine_model model; /* of running text */
	struct words *others;    /* second opinions on lines, NULL: not wanted */
	bool plain;              /* the page was read as a whole, by the engine's own layout */
};

static struct words *
add_reading(struct recognition *r, const char *id)
{
	struct reading *reading = &r->readings[r->nreadings++];

	reading->id = id;
	return &reading->words;
}

static void
forget_finds(struct reader *r)
{
	grid_free(&r->grid);
	marks_free(&r->marks);
	r->grid = (struct grid){0};
}

/* lift: marks. In vertical writing a ロ would pass for one: nothing stands beside it there. */
static int
set_sheet(struct reader *r, int rotation, bool lift)
{
	int ok;

	forget_finds(r);
	ok = sheet_set(&r->sheet, rotation);
	if (ok >= 0)
		ok = grid_find(&r->sheet, &r->grid);
	return ok < 0 || !lift ? ok : marks_lift(&r->sheet, r->grid.rules, &r->marks);
}

static int
make_sheet(struct reader *r)
{
	int ok = sheet_feed(r->page, r->options->all, &r->sheet);

	return ok < 0 ? ok : set_sheet(r, 0, true);
}

static int
read_page(struct reader *r, struct words *ret)
{
	return engine_read(r->engine, r->sheet.grey, NULL, r->model, ENGINE_PAGE, ret);
}

/* The shown reading of a page without a form. */
static int
read_plain(struct reader *r, struct words *ret)
{
	r->plain = true;
	return read_page(r, ret);
}

/* A copy of the sheet without ruled lines, beside which the engine overlooks letters. NULL: no
 * memory. */
static PIX *
without_rules(const struct reader *r)
{
	PIX *page = pixCopy(NULL, r->sheet.grey);

	if (page != NULL && r->grid.rules != NULL)
		pixels_whiten(page, r->grid.rules);
	return page;
}

/* Its lines once more, level, without the lines that paper is ruled with. Of letters set evenly
 * both ways a layout makes lines across: all of these is one block that runs down. */
static int
read_down(struct reader *r, bool even, struct words *ret)
{
	PIX *page = without_rules(r);
	int ok = -ENOMEM;

	r->plain = true;
	if (page != NULL)
		ok = even ? engine_read(r->engine, page, NULL, r->model, ENGINE_DOWN, ret)
			  : read_page(r, ret);
	if (ok >= 0)
		ok = down_read(r->engine, page, ret, r->others);
	pixDestroy(&page);
	return ok;
}

/* Line by line; writing that is no print gains nothing by that, and is read as it always was. */
static int
read_once(struct reader *r, struct words *ret)
{
	int ok = read_form(r->engine, &r->sheet, &r->grid, ret, r->others);

	if (ok < 0 || r->grid.n > 0 || words_unsure(ret) < NO_PRINT)
		return ok;
	words_free(ret);
	return read_plain(r, ret);
}

/* A page taken for Latin that hardly is any: its other letters came out as rubbish. */
static bool
is_rubbish(const struct words *w)
{
	return orient_score(w) * 2 < (int)w->nglyphs;
}

static int
read_latin(struct reader *r, struct words *ret)
{
	bool japanese = false;
	int ok;

	r->model = ENGINE_LATIN;
	ok = read_plain(r, ret);
	if (ok >= 0 && !is_rubbish(ret))
		ok = mixed_find(r->engine, r->sheet.grey, ret, &japanese);
	if (ok < 0 || !(japanese || is_rubbish(ret)))
		return ok;
	words_free(ret);
	r->model = ENGINE_JAPANESE;
	r->plain = false;
	return read_once(r, ret);
}

static int
read_shown(struct reader *r, struct words *ret)
{
	struct orient way;
	int ok = orient_find(r->engine, &r->sheet, r->grid.rules, &way);
	const bool down = ok >= 0 && way.script == SCRIPT_DOWN;

	if (ok >= 0 && (way.rotation != 0 || (down && r->marks.n > 0)))
		ok = set_sheet(r, way.rotation, !down);
	sheet_settle(&r->sheet);
	if (ok < 0)
		return ok;
	if (down)
		r->model = ENGINE_VERTICAL;
	if (way.script == SCRIPT_LATIN)
		ok = read_latin(r, ret);
	else if (down)
		ok = read_down(r, way.even, ret);
	else
		ok = read_once(r, ret);
	return ok < 0 ? ok : marks_insert(&r->marks, ret);
}

static bool
is_certain(const struct words *w, const struct line *l)
{
	for (size_t i = l->first; i < l->first + l->count; i++)
		if (w->glyphs[i].confidence < CERTAIN)
			return false;
	return l->count >= CERTAIN_GLYPHS;
}

/* The sheet without the lines that were read beyond doubt: reading them again finds nothing new;
 * and without ruled lines, beside which the engine overlooks letters. */
static PIX *
doubtful_part(const struct reader *r)
{
	const struct words *shown = &r->out->readings[0].words;
	PIX *part = without_rules(r);

	for (size_t i = 0; part != NULL && i < shown->nlines; i++) {
		const struct box *b = &shown->lines[i].box;
		BOX *box =
		    is_certain(shown, &shown->lines[i]) ? boxCreate(b->x, b->y, b->w, b->h) : NULL;

		if (box != NULL)
			pixSetInRectArbitrary(part, box, 255);
		boxDestroy(&box);
	}
	return part;
}

static int
read_sparse(struct reader *r)
{
	PIX *part = doubtful_part(r);
	int ok = part == NULL ? -ENOMEM
			      : engine_read(r->engine, part, NULL, r->model, ENGINE_SPARSE,
				    add_reading(r->out, "sparse"));

	pixDestroy(&part);
	return ok;
}

/* Light print on pale fields, which no other reading sees. */
static int
read_pale(struct reader *r)
{
	PIX *fields;
	int ok = pale_fields(r->sheet.grey, &fields);
	struct words *w = ok > 0 ? add_reading(r->out, "pale") : NULL;

	if (ok > 0)
		ok = engine_read(r->engine, fields, NULL, r->model, ENGINE_SPARSE, w);
	if (ok >= 0 && w != NULL)
		ok = reread_lines(r->engine, fields, r->model, w, r->others);
	pixDestroy(&fields);
	return ok;
}

/* Different readings fail in different places: search looks in all of them. */
static int
read_further(struct reader *r)
{
	struct words *page = r->plain ? NULL : add_reading(r->out, "page");
	int ok = page == NULL ? 0 : read_page(r, page);

	if (ok >= 0 && page != NULL && r->model == ENGINE_JAPANESE)
		ok = reread_lines(r->engine, r->sheet.grey, ENGINE_JAPANESE_2, page, r->others);
	if (ok >= 0)
		ok = read_sparse(r);
	if (ok >= 0 && r->sheet.seals != NULL)
		ok = engine_read(r->engine, r->sheet.seals, NULL, ENGINE_JAPANESE, ENGINE_SPARSE,
		    add_reading(r->out, "seals"));
	return ok < 0 ? ok : read_pale(r);
}

/* The shown reading is done by now: it is not lost because a further one takes too long. */
static int
read_as_far_as_time_goes(struct reader *r)
{
	int ok = read_further(r);

	r->out->cut_short = ok == -ETIME;
	return ok == -ETIME ? 0 : ok;
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

/* Corrections that look at the ink again, then those that know words and places alone. */
static int (*const by_ink[])(PIX *grey, PIX *rules, struct words *) = {variant_correct,
    signs_correct, bullets_correct, branches_correct, telephone_correct, reference_correct,
    signs_small_correct, points_correct, dots_correct, roman_correct};
static int (*const by_words[])(struct words *) = {boxes_correct, grades_correct, series_correct,
    items_correct, doubled_correct, lexicon_correct, alike_correct, notation_correct};

static int
correct(struct reader *r, struct letter_inks *inks, struct words *w)
{
	int ok = comb_correct(&r->grid.combs, w);

	if (ok >= 0)
		ok = choices_arrange(w);
	for (size_t i = 0; ok >= 0 && i < sizeof by_ink / sizeof *by_ink; i++)
		ok = by_ink[i](r->sheet.grey, r->grid.rules, w);
	if (ok >= 0)
		ok = letter_correct(r->sheet.grey, r->grid.rules, inks, w);
	for (size_t i = 0; ok >= 0 && i < sizeof by_words / sizeof *by_words; i++)
		ok = by_words[i](w);
	if (ok >= 0)
		circles_name(w);
	return ok;
}

/* All readings; for search also what letters of the shown one are likely rather than clearly. */
static int
correct_all(struct reader *r)
{
	_cleanup_(letter_inks_freep) struct letter_inks *inks = letter_inks_new();
	struct recognition *out = r->out;
	int ok = inks == NULL ? -ENOMEM : 0;

	if (ok >= 0 && r->others != NULL && !engine_is_late(r->engine))
		ok = letter_otherwise(
		    r->sheet.grey, r->grid.rules, inks, &out->readings[0].words, r->others);
	for (unsigned i = 0; ok >= 0 && i < out->nreadings; i++)
		ok = correct(r, inks, &out->readings[i].words);
	for (unsigned i = 0; ok >= 0 && i < out->nreadings; i++)
		words_tidy(&out->readings[i].words);
	return ok;
}

/* What the readings, tidied, may mean as well. */
static int
write_otherwise(struct reader *r)
{
	const size_t since = r->others->nlines;
	int ok = 0;

	for (unsigned i = 0; ok >= 0 && i < r->out->nreadings; i++) {
		const struct words *w = &r->out->readings[i].words;

		ok = writings_add(w, w == r->others ? since : w->nlines, r->others, since);
	}
	return ok;
}

static int
read_all(struct reader *r)
{
	struct recognition *out = r->out;
	struct words *shown = add_reading(out, "shown");
	bool blank, noise, text;
	int ok = make_sheet(r);

	if (ok < 0)
		return ok;
	blank = findings_blank(&r->sheet);
	noise = findings_noise(&r->sheet);
	text = !blank && !noise;
	if (text && r->options->all)
		r->others = add_reading(out, "opinions");
	if (text)
		ok = read_shown(r, shown);
	if (ok >= 0 && text)
		ok = mirror_find(r->engine, r->sheet.grey, r->grid.rules, shown, &out->mirrored);
	if (ok >= 0 && text && r->options->all)
		ok = read_as_far_as_time_goes(r);
	if (ok >= 0)
		ok = correct_all(r);
	if (ok >= 0 && r->others != NULL)
		ok = write_otherwise(r);
	if (ok >= 0)
		ok = understand(r);
	if (ok < 0)
		return ok;
	to_master(r);
	out->width = r->sheet.width;
	out->height = r->sheet.height;
	out->rotation = r->sheet.rotation;
	out->skew_mdeg = (int)lround(r->sheet.skew * 180000 / M_PI);
	out->form_type = form_type_find(shown, out->height);
	findings_collect(r->page, &r->sheet, blank, noise, out);
	return 0;
}

int
recognise(
    struct engine *e, struct page *p, const struct recognise_options *o, struct recognition *ret)
{
	_cleanup_(recognition_free) struct recognition out = {0};
	struct reader r = {
	    .engine = e, .page = p, .options = o, .out = &out, .model = ENGINE_JAPANESE};
	int ok;

	engine_deadline(e, o->limit_ms);
	ok = read_all(&r);
	forget_finds(&r);
	sheet_free(&r.sheet);
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
