/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order of the steps that read a page; each step is a module of its own. */
#include <errno.h>
#include <math.h>

#include "ocr/findings.h"
#include "ocr/grid.h"
#include "ocr/marks.h"
#include "ocr/prepare.h"
#include "ocr/read_form.h"
#include "ocr/recognise.h"

static struct words *
add_reading(struct recognition *r, const char *id)
{
	struct reading *reading = &r->readings[r->nreadings++];

	reading->id = id;
	return &reading->words;
}

static int
read_shown(struct engine *e, const struct sheet *s, const struct grid *g, const struct marks *m,
    struct words *ret)
{
	int ok = g->n > 0 ? read_form(e, s, g, ret)
			  : engine_read(e, s->grey, NULL, ENGINE_JAPANESE, ENGINE_PAGE, ret);

	return ok < 0 ? ok : marks_insert(m, ret);
}

static int
read_sheet(
    struct engine *e, struct sheet *s, const struct recognise_options *o, struct recognition *r)
{
	_cleanup_(grid_free) struct grid g = {0};
	_cleanup_(marks_free) struct marks m = {0};
	int ok = grid_find(s, &g);

	if (ok >= 0)
		ok = marks_lift(s, g.rules, &m);
	if (ok >= 0)
		ok = read_shown(e, s, &g, &m, add_reading(r, "shown"));
	if (ok >= 0 && o->all && g.n > 0)
		ok = engine_read(
		    e, s->grey, NULL, ENGINE_JAPANESE, ENGINE_PAGE, add_reading(r, "page"));
	if (ok >= 0 && o->all)
		ok = engine_read(
		    e, s->grey, NULL, ENGINE_JAPANESE, ENGINE_SPARSE, add_reading(r, "sparse"));
	return ok;
}

int
recognise(struct engine *e, const struct page *p, const struct recognise_options *o,
    struct recognition *ret)
{
	_cleanup_(recognition_free) struct recognition r = {0};
	_cleanup_(sheet_free) struct sheet s = {0};
	int ok;

	engine_deadline(e, o->limit_ms);
	ok = sheet_new(p, 0, &s);
	if (ok < 0)
		return ok;
	r.width = s.width;
	r.height = s.height;
	r.skew_mdeg = (int)lround(s.skew * 180000 / M_PI);
	if (findings_blank(&s))
		add_reading(&r, "shown");
	else
		ok = read_sheet(e, &s, o, &r);
	if (ok < 0)
		return ok;
	for (unsigned i = 0; i < r.nreadings; i++) {
		words_tidy(&r.readings[i].words);
		sheet_to_master(&s, &r.readings[i].words);
	}
	findings_collect(p, &s, &r);
	*ret = r;
	r = (struct recognition){0};
	return 0;
}

void
recognition_free(struct recognition *r)
{
	for (unsigned i = 0; i < r->nreadings; i++)
		words_free(&r->readings[i].words);
	*r = (struct recognition){0};
}
