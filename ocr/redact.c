/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a redacted page may not show: neither as ink nor as text. */
#include <errno.h>
#include <math.h>

#include <leptonica/allheaders.h>

#include "ocr/redact.h"

#define MARGIN_PER_INCH 75 /* a margin of 1/75 inch: boxes of glyphs end at their ink, or within   \
			    */

/* Kept inside width × height; false when nothing of it is. */
static bool
clip(struct box *b, int width, int height)
{
	int right = b->x + b->w, bottom = b->y + b->h;

	b->x = b->x < 0 ? 0 : b->x;
	b->y = b->y < 0 ? 0 : b->y;
	b->w = (right > width ? width : right) - b->x;
	b->h = (bottom > height ? height : bottom) - b->y;
	return b->w > 0 && b->h > 0;
}

static struct box
grow(struct box b, int dpi, int skew_mdeg)
{
	double slope = tan(fabs(skew_mdeg / 1000.0) * M_PI / 180);
	int margin = dpi / MARGIN_PER_INCH + 1;
	int dx = margin + (int)ceil(b.h / 2.0 * slope), dy = margin + (int)ceil(b.w / 2.0 * slope);

	return (struct box){b.x - dx, b.y - dy, b.w + 2 * dx, b.h + 2 * dy};
}

/* From the upright page to the page as its master lies. */
static struct box
turn_back(struct box b, int rotation, const struct page *p)
{
	switch (rotation) {
	case 90:
		return (struct box){b.y, p->height - b.x - b.w, b.h, b.w};
	case 180:
		return (struct box){p->width - b.x - b.w, p->height - b.y - b.h, b.w, b.h};
	case 270:
		return (struct box){p->width - b.y - b.h, b.x, b.h, b.w};
	default:
		return b;
	}
}

static int
paint(struct page *p, struct box b)
{
	int k = p->reduce, right = (b.x + b.w + k - 1) / k, bottom = (b.y + b.h + k - 1) / k;
	BOX *box = boxCreate(b.x / k, b.y / k, right - b.x / k, bottom - b.y / k);

	if (box == NULL)
		return -ENOMEM;
	pixSetInRectArbitrary(p->pix, box, pixGetDepth(p->pix) == 1 ? 1 : 0);
	boxDestroy(&box);
	return 0;
}

static bool
touches(struct box a, struct box b)
{
	return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/* A glyph without a place of its own goes with its line. */
static bool
is_hidden(const struct glyph *g, const struct line *l, struct box b)
{
	return touches(g->box.w > 0 && g->box.h > 0 ? g->box : l->box, b);
}

static int
take_out(struct words *w, struct box b)
{
	_cleanup_(words_free) struct words kept = {0};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		const struct line *l = &w->lines[i];

		r = words_line(&kept, l);
		for (size_t k = l->first; r >= 0 && k < l->first + l->count; k++)
			if (!is_hidden(&w->glyphs[k], l, b))
				r = words_glyph(&kept, &w->glyphs[k]);
		if (r >= 0)
			words_line_done(&kept);
	}
	if (r >= 0) {
		struct words t = *w;

		*w = kept;
		kept = t;
	}
	return r;
}

int
redact(struct page *page, struct alto_page *text, struct box box)
{
	int rotation = (text->rotation % 360 + 360) % 360;
	int width = rotation % 180 == 0 ? page->width : page->height;
	int height = rotation % 180 == 0 ? page->height : page->width, r;

	if (!clip(&box, width, height))
		return -EINVAL;
	box = grow(box, page->dpi, text->skew_mdeg);
	clip(&box, width, height);
	r = paint(page, turn_back(box, rotation, page));
	return r < 0 ? r : take_out(&text->words, box);
}
