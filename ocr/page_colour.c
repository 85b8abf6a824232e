/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows are taken apart into red, green and blue; what is made of them is made many pixels at a
 * time. As long as rows are grey, nothing but grey is made: the rest can be made of it afterwards.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/page_colour.h"
#include "ocr/pixels.h"
#include "ocr/seals.h"
#include "ocr/wide.h"

#define BITS_OF_EIGHT 0x0102040810204080ull /* of pixels 7 to 0, the first in the lowest byte */
#define SUM_OF_BYTES 0x0101010101010101ull  /* times eight bytes has their sum on top */

struct planes {
	uint8_t *r, *g, *b;
};

struct page_colour {
	PIX *grey, *picture, *red, *black;
	bool halve;
	int w, y;                /* y: the next row */
	struct planes now, last; /* the current row and the one before */
	struct planes half;      /* the picture's row */
	uint8_t *shade, *mask;   /* of the current row */
	uint8_t *block;          /* all of these */
};

static uint32_t *
line_of(PIX *pix, int y)
{
	return pixGetData(pix) + (size_t)pixGetWpl(pix) * (size_t)y;
}

struct page_colour *
page_colour_new(PIX *grey, bool halve)
{
	struct page_colour *c = calloc(1, sizeof *c);
	const size_t n =
	    (size_t)pixGetWpl(grey) * 4 + 32; /* whole words, and bits of whole words */

	if (c == NULL)
		return NULL;
	c->block = calloc(11, n);
	if (c->block == NULL) {
		free(c);
		return NULL;
	}
	c->grey = grey;
	c->halve = halve;
	c->w = pixGetWidth(grey);
	c->now = (struct planes){c->block, c->block + n, c->block + 2 * n};
	c->last = (struct planes){c->block + 3 * n, c->block + 4 * n, c->block + 5 * n};
	c->half = (struct planes){c->block + 6 * n, c->block + 7 * n, c->block + 8 * n};
	c->shade = c->block + 9 * n;
	c->mask = c->block + 10 * n;
	return c;
}

WIDE static void
take_apart(const uint8_t *restrict rgb, uint8_t *restrict r, uint8_t *restrict g,
    uint8_t *restrict b, int n)
{
	for (int i = 0; i < n; i++) {
		r[i] = rgb[3 * i];
		g[i] = rgb[3 * i + 1];
		b[i] = rgb[3 * i + 2];
	}
}

/* As pixConvertRGBToLuminance() has it; × 6554 / 65536 is a tenth. Whether any pixel has colour. */
WIDE static bool
find_grey(const uint8_t *restrict r, const uint8_t *restrict g, const uint8_t *restrict b,
    uint8_t *restrict grey, int n)
{
	uint8_t differ = 0;

	for (int i = 0; i < n; i++) {
		uint16_t tens = (uint16_t)(3 * r[i] + 5 * g[i] + 2 * b[i] + 5);

		grey[i] = (uint8_t)((uint32_t)tens * 6554 >> 16);
		differ |= (uint8_t)((r[i] ^ g[i]) | (g[i] ^ b[i]));
	}
	return differ != 0;
}

/* Whether there is any. */
WIDE static bool
find_red(const uint8_t *restrict r, const uint8_t *restrict g, const uint8_t *restrict b,
    uint8_t *restrict mask, int n)
{
	uint8_t any = 0;

	for (int i = 0; i < n; i++) {
		uint8_t other = g[i] > b[i] ? g[i] : b[i], less = (uint8_t)(r[i] - SEALS_RED);

		mask[i] = r[i] >= SEALS_RED_LEAST && less >= other ? 0xff : 0;
		any |= mask[i];
	}
	return any != 0;
}

WIDE static void
find_black(const uint8_t *restrict r, uint8_t *restrict mask, int n)
{
	for (int i = 0; i < n; i++)
		mask[i] = r[i] < SEALS_BLACK ? 0xff : 0;
}

/* Masks become bits; those behind the row's end are paper. */
static void
pack(uint8_t *mask, uint32_t *line, int n)
{
	memset(mask + n, 0, 32);
	for (int i = 0; i < n; i += 32) {
		uint32_t word = 0;

		for (int k = 0; k < 4; k++) {
			uint64_t eight;

			memcpy(&eight, mask + i + 8 * k, 8);
			word = word << 8 | (uint32_t)((eight & BITS_OF_EIGHT) * SUM_OF_BYTES >> 56);
		}
		line[i / 32] = word;
	}
}

WIDE static void
join_planes(const uint8_t *restrict r, const uint8_t *restrict g, const uint8_t *restrict b,
    uint32_t *restrict to, int n)
{
	for (int i = 0; i < n; i++)
		to[i] = (uint32_t)r[i] << L_RED_SHIFT | (uint32_t)g[i] << L_GREEN_SHIFT |
			(uint32_t)b[i] << L_BLUE_SHIFT;
}

WIDE static void
halve_plane(const uint8_t *restrict a, const uint8_t *restrict b, uint8_t *restrict to, int n)
{
	for (int i = 0; i < n; i++)
		to[i] = (uint8_t)((a[2 * i] + a[2 * i + 1] + b[2 * i] + b[2 * i + 1]) >> 2);
}

/* Rows y - 1 and y make a row of the picture. */
static void
put_half(struct page_colour *c, const struct planes *now, int y)
{
	const struct planes *last = &c->last, *half = &c->half;
	const int n = c->w / 2;

	if (y % 2 == 0)
		return;
	halve_plane(last->r, now->r, half->r, n);
	halve_plane(last->g, now->g, half->g, n);
	halve_plane(last->b, now->b, half->b, n);
	join_planes(half->r, half->g, half->b, line_of(c->picture, y / 2), n);
}

static void
put_colour(struct page_colour *c, const struct planes *now, int y)
{
	if (find_red(now->r, now->g, now->b, c->mask, c->w))
		pack(c->mask, line_of(c->red, y), c->w);
	else
		memset(line_of(c->red, y), 0, (size_t)pixGetWpl(c->red) * 4);
	find_black(now->r, c->mask, c->w);
	pack(c->mask, line_of(c->black, y), c->w);
	if (c->halve)
		put_half(c, now, y);
	else
		join_planes(now->r, now->g, now->b, line_of(c->picture, y), c->w);
}

/* The first coloured pixel was seen: the rows above it were grey. */
static int
begin(struct page_colour *c)
{
	const int h = pixGetHeight(c->grey), part = c->halve ? 2 : 1;
	const struct planes grey = {c->shade, c->shade, c->shade};

	c->picture = pixCreateNoInit(c->w / part, h / part, 32);
	c->red = pixCreateNoInit(c->w, h, 1);
	c->black = pixCreateNoInit(c->w, h, 1);
	if (c->picture == NULL || c->red == NULL || c->black == NULL)
		return -ENOMEM;
	for (int y = 0; y < c->y; y++) {
		pixels_swap(line_of(c->grey, y), c->shade, pixGetWpl(c->grey));
		put_colour(c, &grey, y);
		memcpy(c->last.r, c->shade, (size_t)c->w);
		memcpy(c->last.g, c->shade, (size_t)c->w);
		memcpy(c->last.b, c->shade, (size_t)c->w);
	}
	return 0;
}

int
page_colour_row(struct page_colour *c, const uint8_t *rgb)
{
	const struct planes now = c->now;
	bool coloured;
	int r = 0;

	if (rgb != NULL)
		take_apart(rgb, now.r, now.g, now.b, c->w);
	else
		for (int i = 0; i < 3; i++)
			memset(i == 0 ? now.r : i == 1 ? now.g : now.b, 0xff, (size_t)c->w);
	coloured = find_grey(now.r, now.g, now.b, c->shade, c->w);
	pixels_swap(c->shade, line_of(c->grey, c->y), pixGetWpl(c->grey));
	if (coloured && c->picture == NULL)
		r = begin(c);
	if (r < 0)
		return r;
	if (c->picture != NULL) {
		put_colour(c, &now, c->y);
		c->now = c->last;
		c->last = now;
	}
	c->y++;
	return 0;
}

void
page_colour_take(struct page_colour *c, PIX **ret_picture, PIX **ret_red, PIX **ret_black)
{
	*ret_picture = TAKE_PTR(c->picture);
	*ret_red = TAKE_PTR(c->red);
	*ret_black = TAKE_PTR(c->black);
}

void
page_colour_free(struct page_colour *c)
{
	if (c == NULL)
		return;
	pixDestroy(&c->picture);
	pixDestroy(&c->red);
	pixDestroy(&c->black);
	free(c->block);
	free(c);
}
