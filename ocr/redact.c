/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a redacted page may not show: neither as ink nor as text. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/redact.h"

#define MARGIN_PER_INCH                                                                            \
	75 /* a margin of 1/75 inch: boxes of glyphs end at their ink, or within                   \
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

static bool
on_page(struct box b, struct box page)
{
	return b.w > 0 && b.h > 0 && b.x >= 0 && b.y >= 0 && b.x <= page.w && b.y <= page.h &&
	       b.w <= page.w - b.x && b.h <= page.h - b.y;
}

/* Twice the middle of a box, across the line. */
static int
middle(const struct line *l, struct box b)
{
	return l->vertical ? 2 * b.x + b.w : 2 * b.y + b.h;
}

/*
 * Clears boxes that cannot be true: off the page, or away from where most glyphs of the line are.
 * ret becomes what the others cover together.
 */
static int
check_places(const struct line *l, struct glyph *glyphs, struct box page, struct box *ret)
{
	_cleanup_(freep) int *middles = calloc(l->count + 1, sizeof *middles);
	_cleanup_(freep) int *sizes = calloc(l->count + 1, sizeof *sizes);
	size_t n = 0;

	if (middles == NULL || sizes == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < l->count; i++) {
		struct box *b = &glyphs[i].box;

		if (!on_page(*b, page))
			*b = (struct box){0};
		else {
			middles[n] = middle(l, *b);
			sizes[n++] = l->vertical ? b->w : b->h;
		}
	}
	sort_ints(middles, n);
	sort_ints(sizes, n);
	*ret = (struct box){0};
	for (size_t i = 0; i < l->count; i++) {
		struct box *b = &glyphs[i].box;

		if (b->w > 0 && abs(middle(l, *b) - middles[n / 2]) > 2 * sizes[n / 2])
			*b = (struct box){0};
		*ret = box_union(*ret, *b);
	}
	return 0;
}

/*
 * First and one past the last glyph of a line that must go: those that the box touches, what stands
 * between them, one more on either side, as the engine's boxes slip by one place, and every glyph
 * whose place is not known when its line comes near the box. The ink of a person's line may lie
 * anywhere in it: all of the line goes.
 */
static int
hidden_part(const struct line *l, struct glyph *glyphs, struct box page, struct box b,
    size_t *ret_from, size_t *ret_to)
{
	struct box all;
	int r = check_places(l, glyphs, page, &all);
	bool near = r >= 0 && (all.w == 0 || touches(all, b));

	*ret_from = *ret_to = 0;
	for (size_t i = 0; near && i < l->count; i++) {
		if (!l->corrected && glyphs[i].box.w > 0 && !touches(glyphs[i].box, b))
			continue;
		if (*ret_to == 0)
			*ret_from = i == 0 ? 0 : i - 1;
		*ret_to = i + 1 == l->count ? i + 1 : i + 2;
	}
	return r;
}

static int
take_out(struct words *w, struct box page, struct box b)
{
	_cleanup_(words_free) struct words kept = {0};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++) {
		const struct line *l = &w->lines[i];
		size_t from = 0, to = 0;

		r = hidden_part(l, w->glyphs + l->first, page, b, &from, &to);
		if (r >= 0)
			r = words_line(&kept, l);
		for (size_t k = 0; r >= 0 && k < l->count; k++)
			if (k < from || k >= to)
				r = words_glyph(&kept, &w->glyphs[l->first + k]);
		if (r >= 0)
			words_line_done(&kept);
	}
	if (r >= 0)
		words_swap(w, &kept);
	return r;
}

int
redact(struct page *page, struct alto_page *text, struct box box)
{
	int rotation = (text->rotation % 360 + 360) % 360;
	int width = rotation % 180 == 0 ? page->width : page->height;
	int height = rotation % 180 == 0 ? page->height : page->width, r;
	struct box whole = {0, 0, width, height};

	if (!clip(&box, width, height))
		return -EINVAL;
	box = grow(box, page->dpi, text->skew_mdeg);
	clip(&box, width, height);
	r = paint(page, turn_back(box, rotation, page));
	return r < 0 ? r : take_out(&text->words, whole, box);
}
