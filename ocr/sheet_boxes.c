/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes of the picture that is read, on the master. */
#include <math.h>

#include <leptonica/allheaders.h>

#include "ocr/prepare.h"

static int
clamp(double v, int max)
{
	return v < 0 ? 0 : v > max ? max : (int)lround(v);
}

struct box
sheet_box_to_master(const struct sheet *s, struct box b)
{
	double cx = pixGetWidth(s->grey) / 2.0, cy = pixGetHeight(s->grey) / 2.0;
	double mx = b.x + b.w / 2.0 - cx, my = b.y + b.h / 2.0 - cy;
	double c = cos(s->skew), n = sin(s->skew);
	double x = (cx + mx * c - my * n) / s->scale, y = (cy + mx * n + my * c) / s->scale;
	double w = b.w / s->scale, h = b.h / s->scale;
	struct box r = {.x = clamp(x - w / 2, s->width), .y = clamp(y - h / 2, s->height)};

	r.w = clamp(x + w / 2, s->width) - r.x;
	r.h = clamp(y + h / 2, s->height) - r.y;
	return r;
}

void
sheet_to_master(const struct sheet *s, struct words *w)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		w->glyphs[i].box = sheet_box_to_master(s, w->glyphs[i].box);
	for (size_t n = 0; n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		l->box = (struct box){0};
		for (size_t i = l->first; i < l->first + l->count; i++)
			l->box = box_union(l->box, w->glyphs[i].box);
	}
}

struct box
sheet_box_half(struct box b)
{
	return (struct box){b.x / SHEET_HALF, b.y / SHEET_HALF, b.w / SHEET_HALF, b.h / SHEET_HALF};
}
