/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ways were chosen one after the other by what each found that those before had not
 * (MEASURED.md). */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/digits.h"
#include "ocr/further.h"

#define SURE_LEAST 97  /* percent of each glyph: such a line is not read further, … */
#define QUITE_MEAN 980 /* … and one as sure as this, tenths of a percent over its glyphs, … */
#define QUITE_LEAST 93 /* … and of each, till a way says nothing new */
#define SMOOTH 1       /* pixels each way that a soft picture is the mean of */
#define BOLD 0.5f      /* gamma */
#define THIN 2.0f
#define LEAST 12 /* pixels of a picture's sides: none is cut smaller */
#define ENOUGH 2 /* ways one after the other that say nothing new, of another */

struct way {
	enum engine_model model;
	int white;   /* pixels more around the line; a network sees less of it larger */
	bool soft;   /* smoothed: scaling and wear leave edges that are none */
	float gamma; /* 0: as it is */
};

static const struct way ways[FURTHER_WAYS] = {
    [FURTHER_SOFT] = {ENGINE_JAPANESE_2, .white = -7, .soft = true},
    {ENGINE_JAPANESE, .white = -7, .soft = true},
    {ENGINE_JAPANESE_2, .white = 9},
    {ENGINE_JAPANESE_2, .gamma = THIN},
    {ENGINE_JAPANESE, .white = -7, .gamma = BOLD},
};

/* So much white, unless that leaves hardly anything of pix. */
static int
fitting(PIX *pix, int white)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);

	return (w < h ? w : h) + 2 * white < LEAST ? 0 : white;
}

/* A new picture of pix with so many pixels more around it, or fewer. NULL: no memory. */
static PIX *
frame(PIX *pix, int white)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	PIX *ret = pixCreate(w + 2 * white, h + 2 * white, 8);

	if (ret == NULL)
		return NULL;
	pixSetAllArbitrary(ret, 255);
	pixRasterop(ret, white, white, w, h, PIX_SRC, pix, 0, 0);
	return ret;
}

/* Takes pix. NULL: no memory. */
static PIX *
change(PIX *pix, const struct way *way)
{
	PIX *ret = pix;

	if (pix == NULL)
		return NULL;
	if (way->soft)
		ret = pixBlockconv(pix, SMOOTH, SMOOTH);
	else if (way->gamma > 0)
		ret = pixGammaTRC(NULL, pix, way->gamma, 0, 255);
	if (ret != pix)
		pixDestroy(&pix);
	return ret;
}

/* Boxes of a picture with so much white around it become boxes of the strip. */
static void
bring_back(int white, struct words *w, size_t first)
{
	for (size_t i = first; i < w->nglyphs; i++) {
		w->glyphs[i].box.x -= white;
		w->glyphs[i].box.y -= white;
	}
}

int
further_read_that_way(struct engine *e, const struct strip *s, unsigned n, struct words *ret)
{
	const struct way *way = &ways[n];
	const size_t glyphs = ret->nglyphs, lines = ret->nlines;
	const int white = fitting(s->pix, way->white);
	PIX *pix = change(frame(s->pix, white), way);
	int r = pix == NULL ? -ENOMEM : engine_read(e, pix, NULL, way->model, ENGINE_RAW_LINE, ret);

	if (r >= 0) {
		digits_mend(pix, ret);
		bring_back(white, ret, glyphs);
		strip_to_sheet(s, ret, lines);
	}
	pixDestroy(&pix);
	return r;
}

int
further_read(struct engine *e, const struct strip *s, const struct words *shown, size_t first,
    struct words *others, size_t since)
{
	const int enough = words_are_sure(shown, first, QUITE_MEAN, QUITE_LEAST) ? 1 : ENOUGH;
	int r = 0, idle = 0;

	if (words_are_sure(shown, first, 0, SURE_LEAST) || engine_is_late(e))
		return 0;
	for (unsigned i = 0; r >= 0 && i < FURTHER_WAYS && idle < enough; i++) {
		_cleanup_(words_free) struct words w = {0};

		r = further_read_that_way(e, s, i, &w);
		if (r < 0 || w.nglyphs == 0)
			continue;
		if (words_say_same(&w, shown, first, shown->nlines) ||
		    words_are_said(&w, others, since)) {
			idle++;
			continue;
		}
		idle = 0;
		r = words_append(others, &w, 0, w.nlines, -1);
	}
	return r;
}
