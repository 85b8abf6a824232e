/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Windows by how much ink they show. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/orient_windows.h"
#include "ocr/pixels.h"
#include "ocr/prepare.h"

#define COARSE 16 /* sheet pixels to one of the coarse picture */

/* Ink of the window at (x, y) of the coarse picture. */
static int
busyness(PIX *coarse, int x, int y, int side)
{
	const int right = x + side < pixGetWidth(coarse) ? x + side : pixGetWidth(coarse);
	const int bottom = y + side < pixGetHeight(coarse) ? y + side : pixGetHeight(coarse);
	int sum = 0;

	for (int j = y; j < bottom; j += 2)
		for (int i = x; i < right; i += 2) {
			int v = GET_DATA_BYTE(
			    pixGetData(coarse) + (size_t)pixGetWpl(coarse) * (size_t)j, i);

			/* Solid black is a picture or a shadow, not text. */
			sum += v > 60 ? 255 - v : 0;
		}
	return sum;
}

/* The window with the most ink, from sums over a coarse picture, which is whitened there so that
 * the next call finds another. */
static BOX *
busiest(PIX *coarse, int size)
{
	int side = size / COARSE, step = side / 4, best = -1, bx = 0, by = 0;
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
	return best <= 0 ? NULL : boxCreate(bx * COARSE, by * COARSE, size, size);
}

/* What a box of the sheet shows without its ruled lines, which are no text in any direction. */
static PIX *
cut_window(PIX *grey, PIX *rules, BOX *box)
{
	PIX *window = pixClipRectangle(grey, box, NULL), *lines;
	BOX *half = boxTransform(box, 0, 0, 1.0f / SHEET_HALF, 1.0f / SHEET_HALF);

	lines = window == NULL || half == NULL ? NULL : pixClipRectangle(rules, half, NULL);
	if (lines != NULL)
		pixels_whiten(window, lines);
	else
		pixDestroy(&window);
	pixDestroy(&lines);
	boxDestroy(&half);
	return window;
}

int
orient_windows_cut(PIX *grey, PIX *rules, PIX *ink, int size, struct orient_windows *ret)
{
	PIX *coarse = pixScaleToGray8(ink);
	int r = coarse == NULL ? -ENOMEM : 0;

	*ret = (struct orient_windows){0};
	while (r >= 0 && ret->n < ORIENT_WINDOWS) {
		BOX *box = busiest(coarse, size);

		if (box == NULL)
			break;
		ret->pix[ret->n] = cut_window(grey, rules, box);
		boxDestroy(&box);
		if (ret->pix[ret->n] == NULL)
			r = -ENOMEM;
		else
			ret->n++;
	}
	pixDestroy(&coarse);
	return r;
}

int
orient_windows_read(
    struct engine *e, struct Pix *window, int rotation, bool down, struct words *ret)
{
	PIX *turned = pixRotateOrth(window, rotation / 90);
	int r = turned == NULL
		    ? -ENOMEM
		    : engine_read(e, turned, NULL, down ? ENGINE_VERTICAL : ENGINE_JAPANESE,
			  down ? ENGINE_DOWN : ENGINE_BLOCK, ret);

	pixDestroy(&turned);
	return r;
}

void
orient_windows_free(struct orient_windows *w)
{
	for (unsigned i = 0; i < w->n; i++)
		pixDestroy(&w->pix[i]);
	w->n = 0;
}
