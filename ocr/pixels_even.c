/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paper brought to one grey: sums of a row of squares at a time. Leptonica makes the map of paper
 * whole and smooth; that is little work. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/pixels.h"
#include "ocr/wide.h"

#define NEAR_INK 7 /* pixels wide: so much around ink is no paper */
#define SMOOTH 2   /* squares on each side */
#define WORDS 8    /* words of pixels to a word of bits */

/* Sums of the paper in a row of squares, by words of four pixels. */
struct sums {
	uint32_t *odd, *even; /* two sums of 16 bits in each */
	uint32_t *ink;        /* pixels that are not counted */
	int words;
};

/* Eight words under no ink. */
WIDE static void
add_paper(const uint32_t *restrict line, uint32_t *restrict odd, uint32_t *restrict even)
{
	for (int i = 0; i < WORDS; i++) {
		even[i] += line[i] & 0x00ff00ff;
		odd[i] += line[i] >> 8 & 0x00ff00ff;
	}
}

/* Up to eight words, of which some pixels are ink. */
static void
add_between_ink(const uint32_t *line, uint32_t ink, struct sums *s, int at, int n)
{
	static const uint8_t ones[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};

	for (int i = 0; i < n; i++) {
		uint32_t four = ink >> (28 - 4 * i) & 15;
		/* each bit to the lowest of its byte, and that byte full */
		uint32_t mask =
		    ((four & 1) | (four & 2) << 7 | (four & 4) << 14 | (four & 8) << 21) * 255;
		uint32_t paper = line[i] & ~mask;

		s->even[at + i] += paper & 0x00ff00ff;
		s->odd[at + i] += paper >> 8 & 0x00ff00ff;
		s->ink[at + i] += ones[four];
	}
}

static void
add_row(const uint32_t *line, const uint32_t *ink, struct sums *s)
{
	for (int i = 0; i < s->words; i += WORDS) {
		const int n = s->words - i < WORDS ? s->words - i : WORDS;

		if (n == WORDS && ink[i / WORDS] == 0)
			add_paper(line + i, s->odd + i, s->even + i);
		else
			add_between_ink(line + i, ink[i / WORDS], s, i, n);
	}
}

/* The mean of each square that has enough paper; 0: unknown. */
static void
find_means(const struct sums *s, int tile, int least, l_uint32 *map, int n)
{
	for (int t = 0; t < n; t++) {
		uint32_t sum = 0, count = (uint32_t)(tile * tile);

		for (int i = t * tile / 4; i < (t + 1) * tile / 4; i++) {
			sum += (s->odd[i] & 0xffff) + (s->odd[i] >> 16) + (s->even[i] & 0xffff) +
			       (s->even[i] >> 16);
			count -= s->ink[i];
		}
		if (count >= (uint32_t)least)
			SET_DATA_BYTE(map, t, sum / count);
	}
}

static int
measure(PIX *grey, PIX *ink, int tile, int least, PIX *map)
{
	const size_t words = (size_t)pixGetWpl(grey);
	_cleanup_(freep) uint32_t *block = malloc(words * 3 * sizeof *block);
	struct sums s = {block, block + words, block + 2 * words, (int)words};

	if (block == NULL)
		return -ENOMEM;
	for (int t = 0; t < (int)pixGetHeight(grey) / tile; t++) {
		memset(block, 0, words * 3 * sizeof *block);
		for (int y = t * tile; y < (t + 1) * tile; y++)
			add_row(pixGetData(grey) + words * (size_t)y,
			    pixGetData(ink) + (size_t)pixGetWpl(ink) * (size_t)y, &s);
		find_means(&s, tile, least, pixGetData(map) + (size_t)pixGetWpl(map) * (size_t)t,
		    (int)pixGetWidth(grey) / tile);
	}
	return 0;
}

/* What each pixel is to be multiplied by, in 256ths, 16 bits each; NULL: no paper was found. */
static int
find_factors(PIX *grey, int tile, int ink_below, int least, int white, PIX **ret)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);
	PIX *map = pixCreate((w + tile - 1) / tile, (h + tile - 1) / tile, 8);
	PIX *ink = pixels_dark(grey, ink_below);
	int r = map == NULL || ink == NULL || pixDilateBrick(ink, ink, NEAR_INK, NEAR_INK) == NULL
		    ? -ENOMEM
		    : measure(grey, ink, tile, least, map);

	*ret = NULL;
	if (r >= 0 && pixFillMapHoles(map, w / tile, h / tile, L_FILL_BLACK) == 0)
		*ret = pixGetInvBackgroundMap(map, white, SMOOTH, SMOOTH);
	pixDestroy(&map);
	pixDestroy(&ink);
	return r;
}

WIDE static void
multiply(uint8_t *restrict line, const uint16_t *restrict by, int n)
{
	for (int i = 0; i < n; i++) {
		uint16_t v = (uint16_t)((uint32_t)(uint16_t)(line[i] << 8) * by[i] >> 16);

		line[i] = (uint8_t)(v > 255 ? 255 : v);
	}
}

int
pixels_even(PIX *grey, int tile, int ink_below, int least, int white)
{
	const int words = pixGetWpl(grey);
	_cleanup_(freep) uint16_t *by = calloc((size_t)words * 4, sizeof *by);
	PIX *factors = NULL;
	int r = by == NULL ? -ENOMEM : find_factors(grey, tile, ink_below, least, white, &factors);

	for (int y = 0; factors != NULL && y < (int)pixGetHeight(grey); y++) {
		const l_uint32 *row =
		    pixGetData(factors) + (size_t)pixGetWpl(factors) * (size_t)(y / tile);

		for (int x = 0; y % tile == 0 && x < words * 4; x++)
			by[x] = (uint16_t)GET_DATA_TWO_BYTES(row, x / tile);
		multiply((uint8_t *)(pixGetData(grey) + (size_t)words * (size_t)y), by, words * 4);
	}
	pixDestroy(&factors);
	return r;
}
