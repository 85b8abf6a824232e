/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A stroke meets a line in few pixels; what lies along it is its fringe, or the foot of a letter
 * that ends there anyway. All lengths are half-size pixels. */
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/pixels.h"
#include "ocr/runs.h"
#include "ocr/strokes.h"

#define STROKE_WIDE 6  /* 1 mm; wider is no stroke's end */
#define LETTER_LEAST 6 /* ink not so high or wide is a line's fringe, or dust */
#define LINE_THICK 16

/* Ink of the lines that print stands on or hangs from, but for long runs. */
static PIX *
find_ends(PIX *lines, PIX *print)
{
	PIX *ends = pixDilateBrick(NULL, print, 1, 3), *wide = NULL;

	if (ends != NULL)
		pixAnd(ends, ends, lines);
	if (ends != NULL)
		wide = runs_open(ends, ACROSS, STROKE_WIDE + 1);
	if (wide == NULL || pixSubtract(ends, ends, wide) == NULL)
		pixDestroy(&ends);
	pixDestroy(&wide);
	return ends;
}

/* From an end on into the line, down or up (dy -1), to its middle. An upright line is too long. */
static void
follow(PIX *lines, int x, int y, int dy, PIX *ret)
{
	int t = 0;

	while (t <= LINE_THICK && pixels_is_set(lines, x, y + t * dy))
		t++;
	for (int i = 0; t <= LINE_THICK && i < (t + 1) / 2; i++)
		pixSetPixel(ret, x, y + i * dy, 1);
}

static void
follow_all(PIX *lines, PIX *print, PIX *ends, PIX *ret)
{
	l_int32 x = 0, y = 0;

	while (y < pixGetHeight(ends) && nextOnPixelInRaster(ends, x, y, &x, &y) == 1) {
		if (pixels_is_set(print, x, y - 1))
			follow(lines, x, y, 1, ret);
		if (pixels_is_set(print, x, y + 1))
			follow(lines, x, y, -1, ret);
		if (++x == pixGetWidth(ends)) {
			x = 0;
			y++;
		}
	}
}

struct Pix *
strokes_in_rules(struct Pix *ink, struct Pix *rules)
{
	PIX *lines = pixAnd(NULL, ink, rules), *rest = pixSubtract(NULL, ink, rules), *print = NULL,
	    *ends, *ret = NULL;

	if (rest != NULL)
		print = pixSelectBySize(
		    rest, LETTER_LEAST, LETTER_LEAST, 8, L_SELECT_IF_BOTH, L_SELECT_IF_GTE, NULL);
	ends = lines == NULL || print == NULL ? NULL : find_ends(lines, print);
	if (ends != NULL)
		ret = pixCreateTemplate(ink);
	if (ret != NULL)
		follow_all(lines, print, ends, ret);
	pixDestroy(&ends);
	pixDestroy(&lines);
	pixDestroy(&rest);
	pixDestroy(&print);
	return ret;
}

int
strokes_reach(struct Pix *strokes, int x, int y, int w, int dy)
{
	for (int n = 0; n < LINE_THICK; n++) {
		bool any = false;

		for (int i = x; !any && i < x + w; i++)
			any = pixels_is_set(strokes, i, y + (n + 1) * dy);
		if (!any)
			return n;
	}
	return 0;
}
