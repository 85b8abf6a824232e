/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Name variants by their strokes: 髙 of 高, 﨑 of 崎. Knows a picture of one character and nothing
 * of text. A verdict needs every stroke in its place, so that another character is neither of the
 * two.
 */
#ifndef FUMIKURA_OCR_VARIANT_SHAPE_H
#define FUMIKURA_OCR_VARIANT_SHAPE_H

#include <stdint.h>

#define SHAPE_MIN 22  /* pixels a character is at least high: in smaller ones strokes run together \
		       */
#define SHAPE_MAX 160 /* 13 mm; larger letters are signs, not names in a text */

/* Its ink, cut close; width and height from SHAPE_MIN / 2 to SHAPE_MAX. */
struct shape {
	int w, h;
	uint8_t dark[SHAPE_MAX][SHAPE_MAX]; /* [y][x], 0 paper … 255 the darkest ink around */
};

enum shape_verdict {
	SHAPE_OTHER,  /* neither, or not clearly one of them */
	SHAPE_COMMON, /* 高, 崎 */
	SHAPE_VARIANT /* 髙, 﨑 */
};

enum shape_verdict shape_taka(const struct shape *s);
enum shape_verdict shape_saki(const struct shape *s);

#endif
