/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines by the empty rows between them. Knows no engine. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/orient_lines.h"
#include "ocr/strip.h"

#define INK 170      /* grey below which a window has ink */
#define PALE 65      /* likewise, for lines: percent of the way from the darkest pixel to white */
#define GAP_INK 0.01 /* share of a row that may be ink and it is still empty */
#define HIGH_MIN 18  /* pixels: smaller print is read badly either way */
#define HIGH_MAX 110 /* likewise: more are several lines, or no text */
#define SPLIT 3      /* empty rows within a line: between the strokes of 二 */
#define WIDE_MIN 2   /* of its height: shorter lines say little */
#define INK_MIN 0.5  /* of the window's ink that must be in lines */
#define MARGIN 4     /* pixels around a line that stay with it */
#define BORDER 8     /* pixels of white around all that */

/* Rows or columns of a picture: how much ink each has, and how much may be in an empty one. */
struct profile {
	l_int32 *ink;
	int n, most;
};

static int
profile_open(PIX *bits, bool rows, struct profile *ret)
{
	NUMA *counts = rows ? pixCountPixelsByRow(bits, NULL) : pixCountPixelsByColumn(bits);

	*ret = (struct profile){0};
	if (counts == NULL)
		return -ENOMEM;
	ret->ink = numaGetIArray(counts);
	ret->n = numaGetCount(counts);
	ret->most = (int)(GAP_INK * (rows ? pixGetWidth(bits) : pixGetHeight(bits)));
	numaDestroy(&counts);
	return ret->ink == NULL ? -ENOMEM : 0;
}

static bool
is_empty(const struct profile *p, int at)
{
	return p->ink[at] <= p->most;
}

static double
empty_share(const struct profile *p)
{
	int empty = 0;

	for (int i = 0; i < p->n; i++)
		empty += is_empty(p, i);
	return p->n == 0 ? 0 : (double)empty / p->n;
}

int
orient_lines_gaps(struct Pix *window, double *ret_rows, double *ret_columns)
{
	PIX *bits = pixThresholdToBinary(window, INK);
	struct profile rows = {0}, columns = {0};
	int r = bits == NULL ? -ENOMEM : profile_open(bits, true, &rows);

	if (r >= 0)
		r = profile_open(bits, false, &columns);
	if (r >= 0) {
		*ret_rows = empty_share(&rows);
		*ret_columns = empty_share(&columns);
	}
	lept_free(rows.ink);
	lept_free(columns.ink);
	pixDestroy(&bits);
	return r;
}

/* Moves *at by step, out of what the window's edge cuts in two: to the first empty column. */
static void
leave_edge(const struct profile *columns, int *at, int step, int high)
{
	const int from = *at;

	while (*at >= 0 && *at < columns->n && columns->ink[*at] > 0 && (*at - from) * step < high)
		*at += step;
}

/* Rows [top, end) of window, without what its sides cut. NULL: too little is left, or no memory. */
static PIX *
cut_line(PIX *window, PIX *bits, int top, int end)
{
	BOX *box = boxCreate(0, top, pixGetWidth(bits), end - top);
	PIX *band = pixClipRectangle(bits, box, NULL), *part, *line = NULL;
	struct profile columns = {0};
	int x0 = 0, x1 = pixGetWidth(bits) - 1;

	boxDestroy(&box);
	if (band != NULL && profile_open(band, false, &columns) >= 0) {
		leave_edge(&columns, &x0, 1, end - top);
		leave_edge(&columns, &x1, -1, end - top);
	}
	lept_free(columns.ink);
	pixDestroy(&band);
	if (x1 - x0 < WIDE_MIN * (end - top))
		return NULL;
	box = boxCreate(x0, top - MARGIN, x1 - x0 + 1, end - top + 2 * MARGIN);
	part = pixClipRectangle(window, box, NULL);
	boxDestroy(&box);
	if (part != NULL)
		line = pixAddBorder(part, BORDER, 255);
	pixDestroy(&part);
	return line;
}

/* A line has ended: rows [top, end) hold ink. */
static void
add_line(PIX *window, PIX *bits, int top, int end, struct orient_lines *to)
{
	PIX *line = to->n < ORIENT_LINES ? cut_line(window, bits, top, end) : NULL;

	if (line != NULL)
		to->pix[to->n++] = line;
}

int
orient_lines_cut(struct Pix *window, struct orient_lines *ret)
{
	PIX *bits = strip_ink(window, PALE);
	struct profile rows = {0};
	long all = 0, in_lines = 0, own = 0;
	int r = bits == NULL ? 0 : profile_open(bits, true, &rows), top = -1, gap = 0;

	*ret = (struct orient_lines){0};
	for (int y = 0; y < rows.n; y++) {
		gap = is_empty(&rows, y) ? gap + 1 : 0;
		own += rows.ink[y];
		if (gap == 0 && top < 0)
			top = y;
		if (top < 0 || gap <= SPLIT)
			continue;
		/* the window's edge may have cut what stands at its top */
		if (top > 0) {
			const int end = y - gap + 1;
			const bool high = end - top >= HIGH_MIN && end - top <= HIGH_MAX;

			all += own;
			in_lines += high ? own : 0;
			if (high)
				add_line(window, bits, top, end, ret);
		}
		own = 0;
		top = -1;
	}
	if ((double)in_lines < INK_MIN * (double)all)
		orient_lines_free(ret);
	lept_free(rows.ink);
	pixDestroy(&bits);
	return r;
}

void
orient_lines_free(struct orient_lines *l)
{
	for (unsigned i = 0; i < l->n; i++)
		pixDestroy(&l->pix[i]);
	l->n = 0;
}
