/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The way of one page through this room: straighten, find the grid, read, order, understand. What
 * comes out is in pixels of the upright master and owns everything it holds.
 */
#ifndef FUMIKURA_OCR_RECOGNISE_H
#define FUMIKURA_OCR_RECOGNISE_H

#include "ocr/codes.h"
#include "ocr/engine.h"
#include "ocr/fields.h"
#include "ocr/grid.h"
#include "ocr/marks.h"
#include "ocr/page_in.h"
#include "ocr/words.h"

#define READINGS_MAX 6
#define FINDINGS_MAX 12

struct reading {
	const char *id; /* constant: "shown", "opinions", "page", "sparse", "seals", "pale" */
	struct words words;
};

struct finding {
	const char *code;
	int value;
	const char *ja, *en;
};

struct recognition {
	struct reading readings[READINGS_MAX]; /* the first is shown */
	unsigned nreadings;
	struct finding findings[FINDINGS_MAX];
	unsigned nfindings;
	struct grid grid; /* cells in master pixels, without masks */
	struct fields fields;
	struct codes codes;
	struct marks marks;
	const char *form_type; /* constant: a type id or "" */
	bool cut_short;        /* there was no time for every further reading */
	bool mirrored;         /* reads only as a mirror image */
	int rotation;          /* degrees clockwise that make the master upright */
	int skew_mdeg;         /* thousandths of a degree the page lay turned clockwise */
	int width, height;
};

struct recognise_options {
	bool all;          /* every further reading for search as well */
	unsigned limit_ms; /* of the page; 0: none */
};

/* Takes p's picture: what p says of it stays. -ETIME when the page took too long, -ENOMEM, -EIO. */
int recognise(
    struct engine *e, struct page *p, const struct recognise_options *o, struct recognition *ret);
void recognition_free(struct recognition *r); /* usable as cleanup */

#endif
