/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Codes, read at half size: 150 dpi is enough for those that office printers make, and four times
 * as fast. Most pages hold none, which is seen sooner still. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>
#include <zbar.h>

#include "cleanup.h"
#include "ocr/codes.h"
#include "ocr/codes_hint.h"
#include "ocr/pixels.h"
#include "text.h"

#define CODES_SMALL 1300 /* pixels wide */

static void
scannerp(zbar_image_scanner_t **s)
{
	if (*s != NULL)
		zbar_image_scanner_destroy(*s);
}

static int
take(const zbar_symbol_t *symbol, int scale, struct codes *ret)
{
	const char *data = zbar_symbol_get_data(symbol);
	unsigned n = zbar_symbol_get_data_length(symbol), points = zbar_symbol_get_loc_size(symbol);
	struct code *c;

	if (ret->n >= CODES_MAX || n == 0 || n > CODE_DATA || !utf8_valid(data, n))
		return 0;
	c = &ret->code[ret->n];
	*c = (struct code){
	    .type = zbar_get_symbol_name(zbar_symbol_get_type(symbol)), .data = strndup(data, n)};
	if (c->data == NULL)
		return -ENOMEM;
	for (unsigned i = 0; i < points; i++) {
		struct box p = {zbar_symbol_get_loc_x(symbol, i) * scale,
		    zbar_symbol_get_loc_y(symbol, i) * scale, 1, 1};

		c->box = box_union(c->box, p);
	}
	ret->n++;
	return 0;
}

static int
scan(uint8_t *rows, unsigned w, unsigned h, int scale, struct codes *ret)
{
	_cleanup_(scannerp) zbar_image_scanner_t *scanner = zbar_image_scanner_create();
	zbar_image_t *image = zbar_image_create();
	int r = scanner == NULL || image == NULL ? -ENOMEM : 0;

	if (r >= 0) {
		zbar_image_scanner_set_config(scanner, ZBAR_NONE, ZBAR_CFG_ENABLE, 0);
		/* Codes with a check of their own, and Code 39 from five characters on: shorter
		 * ones are found in any table. */
		zbar_image_scanner_set_config(scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);
		zbar_image_scanner_set_config(scanner, ZBAR_CODE128, ZBAR_CFG_ENABLE, 1);
		zbar_image_scanner_set_config(scanner, ZBAR_EAN13, ZBAR_CFG_ENABLE, 1);
		zbar_image_scanner_set_config(scanner, ZBAR_CODE39, ZBAR_CFG_ENABLE, 1);
		zbar_image_scanner_set_config(scanner, ZBAR_CODE39, ZBAR_CFG_MIN_LEN, 5);
		zbar_image_set_format(image, zbar_fourcc('Y', '8', '0', '0'));
		zbar_image_set_size(image, w, h);
		zbar_image_set_data(image, rows, (unsigned long)w * h, NULL);
		if (zbar_scan_image(scanner, image) > 0)
			for (const zbar_symbol_t *s = zbar_image_first_symbol(image);
			     r >= 0 && s != NULL; s = zbar_symbol_next(s))
				r = take(s, scale, ret);
	}
	if (image != NULL)
		zbar_image_destroy(image);
	return r;
}

int
codes_find(struct Pix *grey, struct codes *ret)
{
	_cleanup_(freep) uint8_t *rows = NULL;
	/* Small pictures are looked at as they are. */
	bool large = pixGetWidth(grey) > CODES_SMALL;
	PIX *half = large ? pixels_mean_half(grey) : pixClone(grey);
	int w, h, words, r = 0;

	if (half == NULL) /* too small to hold a code */
		return 0;
	w = pixGetWidth(half);
	h = pixGetHeight(half);
	words = pixGetWpl(half);
	/* each row's end is written over by the next */
	rows = malloc((size_t)w * (size_t)h + 4);
	for (int y = 0; rows != NULL && y < h; y++)
		pixels_swap(pixGetData(half) + (size_t)words * (size_t)y,
		    rows + (size_t)w * (size_t)y, words);
	pixDestroy(&half);
	if (rows == NULL)
		r = -ENOMEM;
	else if (codes_hint(rows, w, h))
		r = scan(rows, (unsigned)w, (unsigned)h, large ? 2 : 1, ret);
	return r;
}

void
codes_free(struct codes *c)
{
	for (size_t i = 0; i < c->n; i++)
		free(c->code[i].data);
	*c = (struct codes){0};
}
