/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A word of Leptonica's holds four pixels, the first in its highest bits; in memory they lie the
 * other way round, word by word. Where all pixels of a word meet the same fate that does not
 * matter.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/pixels.h"
#include "ocr/wide.h"

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "pixels lie otherwise in memory");

#define BITS_OF_EIGHT 0x0804020180402010ull /* of pixels 4 to 7 and 0 to 3, as they lie */
#define SUM_OF_BYTES 0x0101010101010101ull  /* times eight bytes has their sum on top */

WIDE void
pixels_swap(const void *from, void *to, int words)
{
	const uint8_t *in = from;
	uint8_t *out = to;

	for (int i = 0; i < words; i++) {
		uint32_t word;

		memcpy(&word, in + (size_t)i * 4, 4);
		word = __builtin_bswap32(word);
		memcpy(out + (size_t)i * 4, &word, 4);
	}
}

static uint32_t *
line_of(PIX *pix, int y)
{
	return pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y;
}

WIDE static void
compare(const uint8_t *restrict from, uint8_t below, uint8_t *restrict mask, int n)
{
	for (int i = 0; i < n; i++)
		mask[i] = from[i] < below ? 0xff : 0;
}

/* Masks of eight pixels become a byte of bits. */
static void
pack(const uint8_t *mask, uint8_t *bits, int n)
{
	for (int i = 0; i < n; i++) {
		uint64_t eight;

		memcpy(&eight, mask + (size_t)i * 8, 8);
		bits[i ^ 3] = (uint8_t)((eight & BITS_OF_EIGHT) * SUM_OF_BYTES >> 56);
	}
}

void
pixels_replace(PIX **to, PIX *from)
{
	pixDestroy(to);
	*to = from;
}

bool
pixels_is_set(PIX *bits, int x, int y)
{
	l_uint32 v = 0;

	pixGetPixel(bits, x, y, &v);
	return v != 0;
}

PIX *
pixels_dark(PIX *grey, int below)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey), words = pixGetWpl(grey);
	PIX *out = pixGetDepth(grey) == 8 ? pixCreate(w, h, 1) : NULL;
	const size_t room = out == NULL ? 0 : (size_t)pixGetWpl(out) * 32;
	_cleanup_(freep) uint8_t *mask = calloc(room + 1, 1);

	if (out == NULL || mask == NULL) {
		pixDestroy(&out);
		return NULL;
	}
	pixCopyResolution(out, grey);
	for (int y = 0; y < h; y++) {
		if (below > 255)
			memset(mask, 0xff, (size_t)words * 4);
		else
			compare((const uint8_t *)line_of(grey, y), (uint8_t)below, mask, words * 4);
		pack(mask, (uint8_t *)line_of(out, y), pixGetWpl(out) * 4);
	}
	pixSetPadBits(out, 0);
	return out;
}

WIDE static void
darker(const uint8_t *restrict a, const uint8_t *restrict b, uint8_t *restrict to, int n)
{
	for (int i = 0; i < n; i++)
		to[i] = a[i] < b[i] ? a[i] : b[i];
}

/* Four pixels of a word become two. */
WIDE static void
darkest_pairs(const uint32_t *restrict from, uint16_t *restrict to, int words)
{
	for (int i = 0; i < words; i++) {
		uint32_t v = from[i], a = v >> 24, b = v >> 16 & 255, c = v >> 8 & 255, d = v & 255;

		to[i] = (uint16_t)((a < b ? a : b) << 8 | (c < d ? c : d));
	}
}

WIDE static void
mean_pairs(
    const uint32_t *restrict up, const uint32_t *restrict low, uint16_t *restrict to, int words)
{
	for (int i = 0; i < words; i++) {
		uint32_t a = up[i], b = low[i];
		uint32_t left = (a >> 24) + (a >> 16 & 255) + (b >> 24) + (b >> 16 & 255);
		uint32_t right = (a >> 8 & 255) + (a & 255) + (b >> 8 & 255) + (b & 255);

		to[i] = (uint16_t)(left >> 2 << 8 | right >> 2);
	}
}

/* Words of one pixel. */
WIDE static void
mean_words(
    const uint32_t *restrict up, const uint32_t *restrict low, uint32_t *restrict to, int words)
{
	for (int i = 0; i < words; i++) {
		uint32_t a = up[2 * i], b = up[2 * i + 1], c = low[2 * i], d = low[2 * i + 1];
		uint32_t rb = (a >> 8 & 0xff00ff) + (b >> 8 & 0xff00ff) + (c >> 8 & 0xff00ff) +
			      (d >> 8 & 0xff00ff);
		uint32_t g = (a & 0xff0000) + (b & 0xff0000) + (c & 0xff0000) + (d & 0xff0000);

		to[i] = (rb >> 2 & 0xff00ff) << 8 | (g >> 2 & 0xff0000);
	}
}

WIDE static void
join_pairs(const uint16_t *restrict from, uint32_t *restrict to, int words)
{
	for (int i = 0; i < words; i++)
		to[i] = (uint32_t)from[2 * i] << 16 | from[2 * i + 1];
}

static PIX *
half(PIX *grey, bool darkest)
{
	const int w = pixGetWidth(grey) / 2, h = pixGetHeight(grey) / 2, words = pixGetWpl(grey);
	PIX *out = pixGetDepth(grey) == 8 && w > 0 && h > 0 ? pixCreateNoInit(w, h, 8) : NULL;
	/* one word more than the source may have */
	_cleanup_(freep) uint16_t *pairs = calloc((size_t)words + 1, sizeof *pairs);
	_cleanup_(freep) uint32_t *row = calloc((size_t)words + 1, sizeof *row);

	if (out == NULL || pairs == NULL || row == NULL) {
		pixDestroy(&out);
		return NULL;
	}
	for (int y = 0; y < h; y++) {
		const uint32_t *up = line_of(grey, 2 * y), *low = line_of(grey, 2 * y + 1);

		if (darkest) {
			darker(
			    (const uint8_t *)up, (const uint8_t *)low, (uint8_t *)row, words * 4);
			darkest_pairs(row, pairs, words);
		} else
			mean_pairs(up, low, pairs, words);
		join_pairs(pairs, line_of(out, y), pixGetWpl(out));
	}
	return out;
}

PIX *
pixels_darkest_half(PIX *grey)
{
	return half(grey, true);
}

PIX *
pixels_mean_half(PIX *pix)
{
	const int w = pixGetWidth(pix) / 2, h = pixGetHeight(pix) / 2;
	PIX *out;

	if (pixGetDepth(pix) != 32)
		return half(pix, false);
	out = w > 0 && h > 0 ? pixCreateNoInit(w, h, 32) : NULL;
	for (int y = 0; out != NULL && y < h; y++)
		mean_words(line_of(pix, 2 * y), line_of(pix, 2 * y + 1), line_of(out, y), w);
	return out;
}

/* Sixteen words of pixels under one of mask bits. */
static void
whiten(uint32_t *line, uint32_t bits, int words)
{
	static const uint32_t white[4] = {0, 0x0000ffff, 0xffff0000, 0xffffffff};

	for (int i = 0; i < 16 && i < words; i++)
		line[i] |= white[bits >> (30 - 2 * i) & 3];
}

void
pixels_whiten(PIX *grey, PIX *mask)
{
	const int w = pixGetWidth(mask), h = pixGetHeight(mask), words = pixGetWpl(grey);

	for (int y = 0; y < h && 2 * y < pixGetHeight(grey); y++) {
		const uint32_t *bits = line_of(mask, y);

		for (int i = 0; i * 32 < w && i * 16 < words; i++) {
			uint32_t b = bits[i];

			if (w - i * 32 < 32)
				b &= ~0u << (32 - (w - i * 32));
			for (int k = 0; b != 0 && k < 2 && 2 * y + k < pixGetHeight(grey); k++)
				whiten(line_of(grey, 2 * y + k) + i * 16, b, words - i * 16);
		}
	}
}

void
pixels_count(PIX *grey, int step, unsigned ret[256])
{
	unsigned counts[4][256] = {0}; /* equal neighbours need not wait for each other */
	const int w = pixGetWidth(grey);

	for (int y = 0; y < pixGetHeight(grey); y += step) {
		const l_uint32 *line = line_of(grey, y);

		for (int x = 0, k = 0; x < w; x += step, k++)
			counts[k & 3][GET_DATA_BYTE(line, x)]++;
	}
	for (int i = 0; i < 256; i++)
		ret[i] = counts[0][i] + counts[1][i] + counts[2][i] + counts[3][i];
}
