/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pixel and its neighbours up to n away are combined by combining what was combined of half as
 * many: each step doubles the reach. All of it happens in place, row by row.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/runs.h"
#include "ocr/wide.h"

/* What comes to mean: all of a run is ink, or some of it is. */
enum combine { ALL, ANY };

/* Where the neighbours are that a pixel is combined with: further on, or before. */
enum side { NEXT, LAST };

struct bits {
	l_uint32 *data;
	int w, h, words;
	l_uint32 *row; /* a copy of one, with paper on both sides */
	int paper;     /* words of it on each */
};

static bool
bits_of(PIX *pix, int length, struct bits *ret)
{
	*ret = (struct bits){pixGetData(pix), pixGetWidth(pix), pixGetHeight(pix), pixGetWpl(pix)};
	ret->paper = length / 32 + 2;
	ret->row = calloc((size_t)ret->words + 2 * (size_t)ret->paper, sizeof *ret->row);
	return ret->row != NULL;
}

WIDE static void
join_rows(l_uint32 *restrict to, const l_uint32 *restrict from, enum combine c, int words)
{
	if (c == ALL)
		for (int i = 0; i < words; i++)
			to[i] &= from[i];
	else
		for (int i = 0; i < words; i++)
			to[i] |= from[i];
}

/* The words of from moved to the left by up to 31 pixels. */
WIDE static void
join_left(
    l_uint32 *restrict to, const l_uint32 *restrict from, enum combine c, int pixels, int words)
{
	const int rest = 31 - pixels;

	if (c == ALL)
		for (int i = 0; i < words; i++)
			to[i] &= from[i] << pixels | from[i + 1] >> 1 >> rest;
	else
		for (int i = 0; i < words; i++)
			to[i] |= from[i] << pixels | from[i + 1] >> 1 >> rest;
}

/* Likewise to the right, from the word before on. */
WIDE static void
join_right(
    l_uint32 *restrict to, const l_uint32 *restrict from, enum combine c, int pixels, int words)
{
	const int rest = 31 - pixels;

	if (c == ALL)
		for (int i = 0; i < words; i++)
			to[i] &= from[i + 1] >> pixels | from[i] << 1 << rest;
	else
		for (int i = 0; i < words; i++)
			to[i] |= from[i + 1] >> pixels | from[i] << 1 << rest;
}

static void
combine_across(struct bits b, int y, enum side side, enum combine c, int n)
{
	l_uint32 *to = b.data + (size_t)y * b.words, *from = b.row + b.paper;

	memcpy(from, to, (size_t)b.words * sizeof *to);
	if (side == NEXT)
		join_left(to, from + n / 32, c, n % 32, b.words);
	else
		join_right(to, from - n / 32 - 1, c, n % 32, b.words);
}

/* Upwards or downwards so that each row meets another that is as it was. */
static void
combine_down(struct bits b, enum side side, enum combine c, int n)
{
	for (int k = 0; k < b.h; k++) {
		int y = side == NEXT ? k : b.h - 1 - k, other = side == NEXT ? y + n : y - n;
		l_uint32 *row = b.data + (size_t)y * b.words;

		if (other >= 0 && other < b.h)
			join_rows(row, b.data + (size_t)other * b.words, c, b.words);
		else if (c == ALL)
			memset(row, 0, (size_t)b.words * sizeof *row);
	}
}

/* How far to go next to have come length in the end. */
static int
step(int done, int length)
{
	return 2 * done <= length ? done : length - done;
}

static void
reach(struct bits b, enum direction d, enum side side, enum combine c, int length)
{
	if (d == DOWN)
		for (int done = 1, n; done < length; done += n) {
			n = step(done, length);
			combine_down(b, side, c, n);
		}
	else
		for (int y = 0; y < b.h; y++)
			for (int done = 1, n; done < length; done += n) {
				n = step(done, length);
				combine_across(b, y, side, c, n);
			}
}

PIX *
runs_open(PIX *pix, enum direction d, int length)
{
	PIX *out = pixCopy(NULL, pix);
	struct bits b;

	if (out == NULL || !bits_of(out, length, &b)) {
		pixDestroy(&out);
		return NULL;
	}
	pixSetPadBits(out, 0);
	reach(b, d, NEXT, ALL, length);
	reach(b, d, LAST, ANY, length);
	free(b.row);
	return out;
}

PIX *
runs_close(PIX *pix, enum direction d, int length)
{
	/* Room for ink that grows over the edge, and comes back. */
	int level = d == ACROSS ? length : 0, upright = d == ACROSS ? 0 : length;
	PIX *wide = pixAddBorderGeneral(pix, level, level, upright, upright, 0), *out;
	struct bits b;

	if (wide == NULL || !bits_of(wide, length, &b)) {
		pixDestroy(&wide);
		return NULL;
	}
	pixSetPadBits(wide, 0);
	reach(b, d, LAST, ANY, length);
	reach(b, d, NEXT, ALL, length);
	free(b.row);
	out = pixRemoveBorderGeneral(wide, level, level, upright, upright);
	pixDestroy(&wide);
	return out;
}
