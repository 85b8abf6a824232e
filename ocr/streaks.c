/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Streaks by what sets them apart from ruled lines: they begin and end at the picture's edges. */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/streaks.h"

#define SHEET_LEAST 1700 /* pixels of both sides; A5 at 300 dpi */
#define STEP 3           /* every so many rows are looked at */
#define REACH 5          /* pixels from a streak to the paper beside it */
#define DARKER 7         /* grey levels that it is darker than the paper on both sides */
#define SHARE 0.5        /* of the rows where it can be seen: print hides it in others */
#define EDGE 50          /* rows at either end, where print is rare … */
#define EDGE_SHARE 0.8   /* … and where it must be seen as well */
#define STREAKS_MAX 24   /* columns; more than dirt makes */

/* How often each column is darker than its neighbourhood, over rows from … to. */
static void
count(PIX *grey, int from, int to, unsigned *seen)
{
	const int w = pixGetWidth(grey), words = pixGetWpl(grey);

	for (int y = from; y < to; y += STEP) {
		l_uint32 *line = pixGetData(grey) + (size_t)y * words;

		for (int x = REACH; x < w - REACH; x++) {
			int v = GET_DATA_BYTE(line, x), a = GET_DATA_BYTE(line, x - REACH),
			    b = GET_DATA_BYTE(line, x + REACH);

			seen[x] += v + DARKER <= (a < b ? a : b);
		}
	}
}

static bool
all_along(const unsigned *body, const unsigned *top, const unsigned *bottom, int x, int h)
{
	const double edge = (double)EDGE / STEP;

	return body[x] >= SHARE * h / STEP && top[x] >= EDGE_SHARE * edge &&
	       bottom[x] >= EDGE_SHARE * edge;
}

/* Columns from … to become what lies beside them, so that strokes across them stay whole. */
static void
fill(PIX *grey, int from, int to)
{
	const int left = from - 1, right = to + 1, words = pixGetWpl(grey);

	for (int y = 0; y < (int)pixGetHeight(grey); y++) {
		l_uint32 *line = pixGetData(grey) + (size_t)y * words;
		int a = GET_DATA_BYTE(line, left), b = GET_DATA_BYTE(line, right);

		for (int x = from; x <= to; x++)
			SET_DATA_BYTE(line, x, a + (b - a) * (x - left) / (right - left));
	}
}

/* Whether any column may hold a streak: it is cheaper to see that at the ends than to look all
 * along. */
static bool
any_at_ends(const unsigned *top, const unsigned *bottom, int w)
{
	const double edge = EDGE_SHARE * EDGE / STEP;

	for (int x = 0; x < w; x++)
		if (top[x] >= edge && bottom[x] >= edge)
			return true;
	return false;
}

static int
heal_upright(PIX *grey)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);
	_cleanup_(freep) unsigned *seen = calloc(3 * (size_t)w, sizeof *seen);
	unsigned *top = seen + w, *bottom = top + w;
	int n = 0;

	if (seen == NULL)
		return -ENOMEM;
	count(grey, 0, EDGE, top);
	count(grey, h - EDGE, h, bottom);
	if (!any_at_ends(top, bottom, w))
		return 0;
	count(grey, 0, h, seen);
	for (int x = 0; x < w; x++)
		n += all_along(seen, top, bottom, x, h);
	if (n > STREAKS_MAX)
		return 0;
	n = 0;
	for (int x = REACH; x < w - REACH; x++) {
		int to = x;

		if (!all_along(seen, top, bottom, x, h))
			continue;
		while (to + 1 < w - REACH && all_along(seen, top, bottom, to + 1, h))
			to++;
		/* its slopes are half as dark */
		fill(grey, x - 1, to + 1);
		x = to;
		n++;
	}
	return n;
}

/* Seen on the ends of the rows alone, so that only a page with streaks is turned. */
static int
any_lying(PIX *grey, bool *ret)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);
	_cleanup_(freep) unsigned *seen = calloc(2 * (size_t)h, sizeof *seen);
	int r = seen == NULL ? -ENOMEM : 0;

	for (int end = 0; r >= 0 && end < 2; end++) {
		BOX *box = boxCreate(end == 0 ? 0 : w - EDGE, 0, EDGE, h);
		PIX *part = box == NULL ? NULL : pixClipRectangle(grey, box, NULL);
		PIX *turned = part == NULL ? NULL : pixRotate90(part, 1);

		if (turned == NULL)
			r = -ENOMEM;
		else
			count(turned, 0, EDGE, seen + (size_t)end * (size_t)h);
		pixDestroy(&turned);
		pixDestroy(&part);
		boxDestroy(&box);
	}
	*ret = r >= 0 && any_at_ends(seen, seen + h, h);
	return r;
}

int
streaks_heal(struct Pix *grey)
{
	int n, m = 0;
	bool lying;
	PIX *turned;

	if (pixGetWidth(grey) < SHEET_LEAST || pixGetHeight(grey) < SHEET_LEAST)
		return 0;
	n = heal_upright(grey);
	if (n == 0)
		n = any_lying(grey, &lying);
	if (n != 0 || !lying)
		return n;
	turned = pixRotate90(grey, 1);
	if (turned == NULL)
		return -ENOMEM;
	m = heal_upright(turned);
	if (m > 0) {
		PIX *back = pixRotate90(turned, -1);

		if (back == NULL || pixCopy(grey, back) == NULL)
			m = -ENOMEM;
		pixDestroy(&back);
	}
	pixDestroy(&turned);
	return m;
}
