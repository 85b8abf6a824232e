/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A pixel and its neighbours up to n away are combined by combining what was combined of half as
 * many: each step doubles the reach. All of it happens in place, row by row.
 */
#include <leptonica/allheaders.h>

#include "ocr/runs.h"

/* What comes to mean: all of a run is ink, or some of it is. */
enum combine { ALL, ANY };

struct bits {
	l_uint32 *data;
	int w, h, words;
};

static struct bits
bits_of(PIX *pix)
{
	return (struct bits){pixGetData(pix), pixGetWidth(pix), pixGetHeight(pix), pixGetWpl(pix)};
}

static l_uint32
join(enum combine c, l_uint32 a, l_uint32 b)
{
	return c == ALL ? a & b : a | b;
}

/* Word i of a row that is moved to the left by n pixels; paper comes in. */
static l_uint32
from_right(const l_uint32 *row, int words, int i, int n)
{
	int at = i + n / 32, shift = n % 32;
	l_uint32 a = at < words ? row[at] : 0, b = at + 1 < words ? row[at + 1] : 0;

	return shift == 0 ? a : a << shift | b >> (32 - shift);
}

static l_uint32
from_left(const l_uint32 *row, int i, int n)
{
	int at = i - n / 32, shift = n % 32;
	l_uint32 a = at >= 0 ? row[at] : 0, b = at >= 1 ? row[at - 1] : 0;

	return shift == 0 ? a : a >> shift | b << (32 - shift);
}

/* Each pixel with the one n further on (to the right, or down). */
static void
with_next(struct bits b, enum direction d, enum combine c, int n)
{
	for (int y = 0; y < b.h; y++) {
		l_uint32 *row = b.data + (size_t)y * b.words;

		if (d == ACROSS)
			for (int i = 0; i < b.words; i++)
				row[i] = join(c, row[i], from_right(row, b.words, i, n));
		else
			for (int i = 0; i < b.words; i++)
				row[i] =
				    join(c, row[i], y + n < b.h ? row[i + (size_t)n * b.words] : 0);
	}
}

/* Each pixel with the one n before (to the left, or up). */
static void
with_last(struct bits b, enum direction d, enum combine c, int n)
{
	for (int y = b.h - 1; y >= 0; y--) {
		l_uint32 *row = b.data + (size_t)y * b.words;

		if (d == ACROSS)
			for (int i = b.words - 1; i >= 0; i--)
				row[i] = join(c, row[i], from_left(row, i, n));
		else
			for (int i = 0; i < b.words; i++)
				row[i] = join(c, row[i], y >= n ? row[i - (size_t)n * b.words] : 0);
	}
}

static void
reach(struct bits b, enum direction d, enum combine c, int length,
    void (*with)(struct bits, enum direction, enum combine, int))
{
	int done = 1;

	while (done < length) {
		int n = 2 * done <= length ? done : length - done;

		with(b, d, c, n);
		done += n;
	}
}

PIX *
runs_open(PIX *pix, enum direction d, int length)
{
	PIX *out = pixCopy(NULL, pix);

	if (out == NULL)
		return NULL;
	pixSetPadBits(out, 0);
	reach(bits_of(out), d, ALL, length, with_next);
	reach(bits_of(out), d, ANY, length, with_last);
	return out;
}

PIX *
runs_close(PIX *pix, enum direction d, int length)
{
	/* Room for ink that grows over the edge, and comes back. */
	int level = d == ACROSS ? length : 0, upright = d == ACROSS ? 0 : length;
	PIX *wide = pixAddBorderGeneral(pix, level, level, upright, upright, 0), *out;

	if (wide == NULL)
		return NULL;
	pixSetPadBits(wide, 0);
	reach(bits_of(wide), d, ANY, length, with_last);
	reach(bits_of(wide), d, ALL, length, with_next);
	out = pixRemoveBorderGeneral(wide, level, level, upright, upright);
	pixDestroy(&wide);
	return out;
}
