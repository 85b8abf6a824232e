/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Draws pages for the tests of `ocr`: ruled lines, and words cut out of the clean samples, whose
 * truths say where each line of text stands. */
#ifndef FUMIKURA_TESTS_OCR_DRAW_H
#define FUMIKURA_TESTS_OCR_DRAW_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/grid.h"
#include "ocr/page_in.h"
#include "ocr/prepare.h"

/* A white page at 300 dpi. */
static inline PIX *
blank(int w, int h)
{
	PIX *pix = pixCreate(w, h, 8);

	pixSetAllArbitrary(pix, 255);
	pixSetResolution(pix, 300, 300);
	return pix;
}

static inline void
patch(PIX *pix, int x, int y, int w, int h, int grey)
{
	BOX *b = boxCreate(x, y, w, h);

	pixSetInRectArbitrary(pix, b, (l_uint32)grey);
	boxDestroy(&b);
}

/* Any value of a pixel: grey, or of 1 bit. */
static inline unsigned
pixel_at(PIX *pix, int x, int y)
{
	l_uint32 v = 0;

	assert_int_equal(pixGetPixel(pix, x, y, &v), 0);
	return v;
}

static inline void
bar(PIX *pix, int x, int y, int w, int h)
{
	patch(pix, x, y, w, h, 0);
}

static inline void
frame(PIX *pix, int x, int y, int w, int h, int thick)
{
	bar(pix, x, y, w, thick);
	bar(pix, x, y + h - thick, w, thick);
	bar(pix, x, y, thick, h);
	bar(pix, x + w - thick, y, thick, h);
}

/* A bracket as high as letters, 10 pixels wide; turn 1 closes, -1 opens. */
static inline void
bracket(PIX *pix, int x, int y, int turn)
{
	for (int i = 0; i < 40; i++) {
		int bulge = (400 - (i - 20) * (i - 20)) / 57;

		bar(pix, turn > 0 ? x + bulge : x + 7 - bulge, y - 2 + i, 3, 1);
	}
}

/* Through TIFF and back, as every page comes. */
static inline struct page
load(PIX *pix)
{
	l_uint8 *data;
	size_t size;
	struct page p = {0};

	assert_int_equal(pixWriteMemTiff(&data, &size, pix, IFF_TIFF_LZW), 0);
	assert_int_equal(page_in(data, size, 0, 0, &p), 0);
	free(data);
	return p;
}

/* The lines on a drawing, and the sheet they were found on. Takes pix. */
static inline struct grid
find_grid(PIX *pix, struct sheet *ret_sheet)
{
	_cleanup_(page_free) struct page p = load(pix);
	struct grid g = {0};

	pixDestroy(&pix);
	assert_int_equal(sheet_new(&p, 0, ret_sheet), 0);
	assert_int_equal(grid_find(ret_sheet, &g), 0);
	return g;
}

/* How many cells a drawing has. Takes pix. */
static inline size_t
count_cells(PIX *pix)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);

	return g.n;
}

/* Pastes the line that says text, from the clean sample of this name, with its corner at (x, y). */
static inline void
paste(PIX *pix, const char *sample, const char *text, int x, int y)
{
	char path[128], key[256];
	l_uint8 *json;
	size_t size;
	int bx, by, bw, bh;
	const char *at;
	PIX *page, *grey, *line;
	BOX *box;

	snprintf(path, sizeof path, "tests/samples/clean/%s.json", sample);
	json = l_binaryRead(path, &size);
	assert_non_null(json);
	snprintf(key, sizeof key, "\"text\":\"%s\"", text);
	at = memmem(json, size, key, strlen(key));
	assert_non_null(at);
	while (*at != '{')
		at--;
	assert_int_equal(
	    sscanf(at, "{\"x\":%d,\"y\":%d,\"w\":%d,\"h\":%d,", &bx, &by, &bw, &bh), 4);
	free(json);
	snprintf(path, sizeof path, "tests/samples/clean/%s.png", sample);
	page = pixRead(path);
	grey = pixConvertTo8(page, 0);
	box = boxCreate(bx, by, bw, bh);
	line = pixClipRectangle(grey, box, NULL);
	pixRasterop(pix, x, y, bw, bh, PIX_SRC, line, 0, 0);
	boxDestroy(&box);
	pixDestroy(&page);
	pixDestroy(&grey);
	pixDestroy(&line);
}

#endif
