/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mirrored text still gives glyphs, but doubtful ones; flipped back it reads surely. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/mirror.h"
#include "ocr/orient.h"
#include "ocr/prepare.h"

#define UNSURE 80 /* confidence below which a glyph is doubtful */
#define DOUBT                                                                                      \
	0.08       /* share of doubtful glyphs from which we look: mirrored forms have .09 to .24  \
		    */
#define CLEAR 0.04 /* and at most this many when flipped: handwriting never gets there */
#define GLYPHS_MIN 20 /* in the window, flipped */
#define BETTER 1.25   /* times the score of the window as it was read */
#define WINDOW 1200   /* sheet pixels, 10 cm */

static double
doubt(const struct words *w)
{
	size_t n = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		n += w->glyphs[i].confidence < UNSURE;
	return w->nglyphs == 0 ? 1 : (double)n / (double)w->nglyphs;
}

static bool
inside(struct box window, struct box b)
{
	return box_inside(b, window) > 0.5;
}

static int
score_inside(const struct words *w, struct box window)
{
	struct words in = {0};
	int score = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		if (inside(window, w->glyphs[i].box)) {
			in.glyphs = &w->glyphs[i];
			in.nglyphs = 1;
			score += orient_score(&in);
		}
	return score;
}

/* The square around a line that holds the most glyphs. */
static struct box
busiest(const struct words *w, int width, int height)
{
	struct box best = {(width - WINDOW) / 2, (height - WINDOW) / 2, WINDOW, WINDOW};
	size_t most = 0;

	for (size_t i = 0; i < w->nlines; i += 1 + w->nlines / 100) {
		struct box at = {w->lines[i].box.x, w->lines[i].box.y - WINDOW / 2, WINDOW, WINDOW};
		size_t n = 0;

		for (size_t k = 0; k < w->nglyphs; k++)
			n += inside(at, w->glyphs[k].box);
		if (n > most) {
			most = n;
			best = at;
		}
	}
	return best;
}

static PIX *
cut(PIX *grey, PIX *rules, struct box at)
{
	BOX *box = boxCreate(at.x, at.y, at.w, at.h);
	BOX *half =
	    boxCreate(at.x / SHEET_HALF, at.y / SHEET_HALF, at.w / SHEET_HALF, at.h / SHEET_HALF);
	PIX *clip = box == NULL ? NULL : pixClipRectangle(grey, box, NULL);
	PIX *lines = rules == NULL || half == NULL ? NULL : pixClipRectangle(rules, half, NULL);
	PIX *mask = lines == NULL ? NULL : pixExpandReplicate(lines, SHEET_HALF);

	if (clip != NULL && mask != NULL)
		pixPaintThroughMask(clip, mask, 0, 0, 255);
	pixDestroy(&mask);
	pixDestroy(&lines);
	boxDestroy(&half);
	boxDestroy(&box);
	return clip;
}

static int
read_flipped(struct engine *e, PIX *window, int turns, int score, bool *ret)
{
	_cleanup_(words_free) struct words w = {0};
	PIX *turned = pixRotateOrth(window, turns);
	int r;

	if (turned == NULL || pixFlipLR(turned, turned) == NULL) {
		pixDestroy(&turned);
		return -ENOMEM;
	}
	r = engine_read(e, turned, NULL, ENGINE_JAPANESE, ENGINE_BLOCK, &w);
	pixDestroy(&turned);
	/* A page that takes its time elsewhere is not lost for this question. */
	if (r == -ETIME)
		r = 0;
	*ret = w.nglyphs >= GLYPHS_MIN && doubt(&w) <= CLEAR && orient_score(&w) > BETTER * score;
	return r;
}

int
mirror_find(struct engine *e, PIX *grey, PIX *rules, const struct words *shown, bool *ret)
{
	PIX *window;
	struct box at;
	bool mirrored = false;
	int r = 0, score;

	*ret = false;
	if (shown->nglyphs > 0 && doubt(shown) < DOUBT)
		return 0;
	at = busiest(shown, pixGetWidth(grey), pixGetHeight(grey));
	score = score_inside(shown, at);
	window = cut(grey, rules, at);
	/* Turned and then flipped, 0 undoes a flip left to right, 2 one upside down. */
	for (int turns = 0; window != NULL && r >= 0 && !mirrored && turns < 4; turns++)
		r = read_flipped(e, window, turns, score > 0 ? score : 0, &mirrored);
	pixDestroy(&window);
	if (r >= 0)
		*ret = mirrored;
	return r;
}
