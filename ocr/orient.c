/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orientation by reading: measured, the share of unsure glyphs separates right from wrong better
 * than any geometry. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/orient.h"

#define UNSURE 80     /* confidence below which a glyph is doubtful */
#define DOUBT 0.10    /* share of doubtful glyphs that makes us look */
#define BETTER 0.6    /* another way must have less than this share of the doubt */
#define GLYPHS_MIN 12 /* in the window, for a reading to mean anything */
#define LATIN_PAGE 0.6
#define UP_SURE 4.0f /* Leptonica's ascender statistics, in standard deviations */
#define WINDOW 900   /* sheet pixels, 7.6 cm */

double
orient_doubt(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		n += w->glyphs[i].confidence < UNSURE;
	return w->nglyphs == 0 ? 1 : (double)n / (double)w->nglyphs;
}

double
orient_latin(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		n += glyph_is_latin(&w->glyphs[i]);
	return w->nglyphs == 0 ? 0 : (double)n / (double)w->nglyphs;
}

/* The window with the most ink, from sums over a coarse picture. */
static BOX *
busiest(const struct sheet *s)
{
	PIX *coarse = pixScaleToGray8(s->half); /* 1 pixel is 16 sheet pixels; 255 is white */
	int side = WINDOW / 16, step = side / 4, best = -1, bx = 0, by = 0, w, h;

	if (coarse == NULL)
		return NULL;
	w = pixGetWidth(coarse);
	h = pixGetHeight(coarse);
	for (int y = 0; y == 0 || y + side <= h; y += step)
		for (int x = 0; x == 0 || x + side <= w; x += step) {
			int sum = 0;

			for (int j = y; j < y + side && j < h; j += 2)
				for (int i = x; i < x + side && i < w; i += 2) {
					l_uint32 v = 255;

					pixGetPixel(coarse, i, j, &v);
					/* Solid black is a picture or a shadow, not text. */
					sum += v > 60 ? 255 - (int)v : 0;
				}
			if (sum > best) {
				best = sum;
				bx = x;
				by = y;
			}
		}
	pixDestroy(&coarse);
	return boxCreate(bx * 16, by * 16, WINDOW, WINDOW);
}

static int
try_way(struct engine *e, PIX *window, int rotation, enum script script, double *least,
    struct orient *best)
{
	_cleanup_(words_free) struct words w = {0};
	PIX *turned = pixRotateOrth(window, rotation / 90);
	double doubt;
	int r;

	if (turned == NULL)
		return -ENOMEM;
	r = script == SCRIPT_DOWN ? engine_read(e, turned, NULL, ENGINE_VERTICAL, ENGINE_DOWN, &w)
				  : engine_read(e, turned, NULL, ENGINE_JAPANESE, ENGINE_BLOCK, &w);
	pixDestroy(&turned);
	doubt = orient_doubt(&w);
	if (r >= 0 && w.nglyphs >= GLYPHS_MIN && doubt < *least) {
		*least = doubt;
		*best = (struct orient){rotation, script};
	}
	return r;
}

static int
by_reading(struct engine *e, const struct sheet *s, double doubt, struct orient *ret)
{
	static const struct orient ways[] = {{180, SCRIPT_ACROSS}, {0, SCRIPT_DOWN},
	    {90, SCRIPT_ACROSS}, {270, SCRIPT_ACROSS}, {180, SCRIPT_DOWN}, {90, SCRIPT_DOWN},
	    {270, SCRIPT_DOWN}};
	BOX *box = busiest(s);
	PIX *window = box == NULL ? NULL : pixClipRectangle(s->grey, box, NULL);
	struct orient best = {0};
	double least = doubt * BETTER;
	int r = window == NULL ? -ENOMEM : 0;

	for (size_t i = 0; r >= 0 && i < sizeof ways / sizeof *ways; i++) {
		r = try_way(e, window, ways[i].rotation, ways[i].script, &least, &best);
		if (least < doubt / 5)
			break; /* as sure as it gets */
	}
	boxDestroy(&box);
	pixDestroy(&window);
	if (r >= 0)
		*ret = best;
	return r;
}

int
orient_find(struct engine *e, const struct sheet *s, const struct words *w, struct orient *ret)
{
	l_float32 up = 0, left = 0;

	*ret = (struct orient){0, SCRIPT_ACROSS};
	if (orient_latin(w) >= LATIN_PAGE) {
		ret->script = SCRIPT_LATIN;
		if (pixOrientDetect(s->half, &up, &left, 0, 0) != 0)
			return 0;
		if (up < -UP_SURE && left > -UP_SURE && left < UP_SURE)
			ret->rotation = 180;
		return 0;
	}
	if (orient_doubt(w) < DOUBT || w->nglyphs < GLYPHS_MIN)
		return 0;
	return by_reading(e, s, orient_doubt(w), ret);
}
