/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The picture that is read: upright, straight, 300 dpi, grey; and beside it a half-size black and
 * white one for lines, boxes and ink. Both are thrown away after reading; the master is never
 * touched. Each step here is one that measurably gained (MEASURED.md).
 */
#ifndef FUMIKURA_OCR_PREPARE_H
#define FUMIKURA_OCR_PREPARE_H

#include "ocr/page_in.h"
#include "ocr/words.h"

#define SHEET_DPI 300                /* what the models were trained on */
#define SHEET_HALF 2                 /* sheet pixels per pixel of the half-size picture */
#define SHEET_MAX_PIXELS (18u << 20) /* A2 at 220 dpi; larger pages are read smaller */

struct sheet {
	struct Pix *fed;       /* 8-bit, as the page was fed: what sheet_set() starts from */
	struct Pix *fed_seals; /* NULL: none, or not wanted */
	struct Pix *grey;      /* 8-bit */
	struct Pix *half;      /* 1-bit, 1 is ink */
	struct Pix *bands; /* the page's ground (ground.h), where it has shaded bands; NULL: none */
	struct Pix *faint; /* with bands: half, and rules as pale as they are on these */
	struct Pix *edges; /* with bands: where they end, 1-bit, as large as half */
	struct Pix *seals; /* 8-bit, red seals that were lifted off grey; NULL: none */
	double scale;      /* sheet pixels per master pixel */
	double skew;       /* radians that the page was turned clockwise; undone in grey */
	int rotation;      /* degrees clockwise that were needed to make the master upright */
	int width, height; /* of the upright master */
};

/* Takes all that a sheet needs from p, whose pictures are gone then. Nothing is set yet. seals:
 * what is lifted off is wanted. -ENOMEM. */
int sheet_feed(struct page *p, bool seals, struct sheet *ret);
/* Makes grey, half and seals anew, with what was fed turned by rotation (0, 90, 180, 270). -ENOMEM.
 */
int sheet_set(struct sheet *s, int rotation);
/* Both, with seals; p stays as it is. -ENOMEM. */
int sheet_new(const struct page *p, int rotation, struct sheet *ret);
/* The sheet will not be set again: what was fed may go. */
void sheet_settle(struct sheet *s);
/* sheet_boxes.c: boxes of sheet pixels become boxes of upright master pixels, kept inside the page.
 */
void sheet_to_master(const struct sheet *s, struct words *w);
struct box sheet_box_to_master(const struct sheet *s, struct box b);
/* What it is in half-size pixels, as far as they are wholly in it. */
struct box sheet_box_half(struct box b);
void sheet_free(struct sheet *s); /* usable as cleanup */

#endif
