/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Orientation by reading: measured, the share of unsure glyphs separates right from wrong better
 * than any geometry. */
#include <errno.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "ocr/grid_lines.h"
#include "ocr/orient.h"

#define UNSURE 80     /* confidence below which a glyph is doubtful */
#define DOUBT 0.10    /* share of doubtful glyphs that makes us look */
#define SURE 90       /* confidence from which a glyph speaks for a way */
#define MARGIN 8      /* by how many glyphs another way must be better */
#define RACE_CPU_S 8  /* seconds of processor for comparing ways; a page may take 60 */
#define GLYPHS_MIN 12 /* on the page, below which its reading says nothing */
#define LATIN_PAGE 0.6
#define UP_SURE 4.0f /* Leptonica's ascender statistics, in standard deviations */
#define WINDOW 900   /* sheet pixels, 7.6 cm */
#define WINDOWS 3    /* one may hold a stamp, a signature or an empty table */
#define COARSE 16    /* sheet pixels to one of the coarse picture */

struct windows {
	PIX *pix[WINDOWS];
	unsigned n;
};

/* One way to read, in the race of all. */
struct way {
	struct orient how;
	int score; /* over the windows read so far */
	bool out;
};

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

/* Ink of the window at (x, y) of the coarse picture. */
static int
busyness(PIX *coarse, int x, int y, int side)
{
	int sum = 0;

	for (int j = y; j < y + side; j += 2)
		for (int i = x; i < x + side; i += 2) {
			l_uint32 v = 255;

			pixGetPixel(coarse, i, j, &v);
			/* Solid black is a picture or a shadow, not text. */
			sum += v > 60 ? 255 - (int)v : 0;
		}
	return sum;
}

/* The window with the most ink, from sums over a coarse picture, which is whitened there so that
 * the next call finds another. */
static BOX *
busiest(PIX *coarse)
{
	int side = WINDOW / COARSE, step = side / 4, best = -1, bx = 0, by = 0;
	int w = pixGetWidth(coarse), h = pixGetHeight(coarse);
	BOX *box;

	for (int y = 0; y == 0 || y + side <= h; y += step)
		for (int x = 0; x == 0 || x + side <= w; x += step) {
			int sum = busyness(coarse, x, y, side);

			if (sum > best) {
				best = sum;
				bx = x;
				by = y;
			}
		}
	box = boxCreate(bx, by, side, side);
	if (box != NULL)
		pixSetInRectArbitrary(coarse, box, 255);
	boxDestroy(&box);
	return best <= 0 ? NULL : boxCreate(bx * COARSE, by * COARSE, WINDOW, WINDOW);
}

/* The sheet without its ruled lines, which are no text in any direction. */
static PIX *
without_rules(const struct sheet *s, PIX **ret_ink)
{
	PIX *rules = NULL, *lines = grid_lines(s->half, &rules), *mask = NULL;
	PIX *grey = lines == NULL ? NULL : pixCopy(NULL, s->grey);

	*ret_ink = rules == NULL ? NULL : pixSubtract(NULL, s->half, rules);
	if (grey != NULL && rules != NULL)
		mask = pixExpandReplicate(rules, SHEET_HALF);
	if (mask != NULL)
		pixPaintThroughMask(grey, mask, 0, 0, 255);
	else
		pixDestroy(&grey);
	pixDestroy(&mask);
	pixDestroy(&rules);
	pixDestroy(&lines);
	return grey;
}

static int
cut_windows(const struct sheet *s, struct windows *ret)
{
	PIX *ink = NULL, *grey = without_rules(s, &ink);
	PIX *coarse = ink == NULL ? NULL : pixScaleToGray8(ink);
	int r = grey == NULL || coarse == NULL ? -ENOMEM : 0;

	while (r >= 0 && ret->n < WINDOWS) {
		BOX *box = busiest(coarse);

		if (box == NULL)
			break;
		ret->pix[ret->n] = pixClipRectangle(grey, box, NULL);
		boxDestroy(&box);
		if (ret->pix[ret->n] == NULL)
			break;
		ret->n++;
	}
	pixDestroy(&coarse);
	pixDestroy(&ink);
	pixDestroy(&grey);
	return r;
}

static void
windows_free(struct windows *w)
{
	for (unsigned i = 0; i < w->n; i++)
		pixDestroy(&w->pix[i]);
}

int
orient_score(const struct words *w)
{
	int score = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		score += (w->glyphs[i].confidence >= SURE) - (w->glyphs[i].confidence < UNSURE);
	return score;
}

static int
try_way(struct engine *e, PIX *window, struct way *way)
{
	enum engine_model model =
	    way->how.script == SCRIPT_DOWN ? ENGINE_VERTICAL : ENGINE_JAPANESE;
	enum engine_mode mode = way->how.script == SCRIPT_DOWN ? ENGINE_DOWN : ENGINE_BLOCK;
	_cleanup_(words_free) struct words w = {0};
	PIX *turned = pixRotateOrth(window, way->how.rotation / 90);
	int r;

	if (turned == NULL)
		return -ENOMEM;
	r = engine_read(e, turned, NULL, model, mode, &w);
	pixDestroy(&turned);
	way->score += orient_score(&w);
	return r;
}

/* Each window leaves fewer ways in the race; the last one standing needs no further window. */
static int
race(struct engine *e, const struct windows *in, struct way *ways, size_t n)
{
	const clock_t begin = clock();
	unsigned left = 2;
	int r = 0;

	for (unsigned k = 0; r >= 0 && k < in->n && left > 1; k++) {
		int best = 0;

		for (size_t i = 0; r >= 0 && i < n; i++) {
			/* all ways of the first window are tried; after that the race may not eat
			 * the page's own time */
			if (k > 0 && clock() - begin > RACE_CPU_S * CLOCKS_PER_SEC)
				return 0;
			if (!ways[i].out)
				r = try_way(e, in->pix[k], &ways[i]);
			if (!ways[i].out && ways[i].score > best)
				best = ways[i].score;
		}
		left = 0;
		for (size_t i = 0; i < n; i++) {
			if (ways[i].score * 2 < best - MARGIN)
				ways[i].out = true;
			left += !ways[i].out;
		}
	}
	return r;
}

static int
by_reading(struct engine *e, const struct sheet *s, struct orient *ret)
{
	struct way ways[] = {{{0, SCRIPT_ACROSS}}, {{180, SCRIPT_ACROSS}}, {{0, SCRIPT_DOWN}},
	    {{90, SCRIPT_ACROSS}}, {{270, SCRIPT_ACROSS}}, {{180, SCRIPT_DOWN}},
	    {{90, SCRIPT_DOWN}}, {{270, SCRIPT_DOWN}}};
	struct windows windows = {0};
	size_t n = sizeof ways / sizeof *ways, best = 0;
	int r = cut_windows(s, &windows);

	if (r >= 0)
		r = race(e, &windows, ways, n);
	for (size_t i = 1; r >= 0 && i < n; i++)
		if (!ways[i].out &&
		    ways[i].score > (best == 0 ? ways[0].score + MARGIN : ways[best].score))
			best = i;
	windows_free(&windows);
	*ret = ways[best].how;
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
	if (orient_doubt(w) < DOUBT && w->nglyphs >= GLYPHS_MIN)
		return 0;
	return by_reading(e, s, ret);
}
