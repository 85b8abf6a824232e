/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Line pictures; knows nothing of cells. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/pixels.h"
#include "ocr/strip.h"

#define INK_MAX 215     /* grey, on whitened paper: so pale may a full stop be */
#define CONTRAST_MIN 60 /* grey levels between ink and paper */
#define LETTER_WIDE 0.5 /* of its height, margins and all: a narrower piece may be a sign */
#define PAPER_MIN 120   /* grey; darker paper is no paper: the picture stays as it is */

void
strip_add(struct strip *s, struct box from, int gap)
{
	struct strip_piece *p;

	if (s->n == STRIP_PIECES) {
		p = &s->pieces[s->n - 1];
		p->from = box_union(p->from, from);
		s->width = p->x + p->from.w;
	} else {
		p = &s->pieces[s->n++];
		p->from = from;
		p->x = s->n == 1 ? 0 : s->width + gap;
		s->width = p->x + from.w;
	}
	if (p->from.h > s->height)
		s->height = p->from.h;
}

/* The commonest bright value: the paper of this very line, shaded or not. */
static int
paper(PIX *pix)
{
	unsigned count[256], most = 0;
	int at = 255;

	pixels_count(pix, 1, count);
	for (int i = 255; i >= PAPER_MIN; i--)
		if (count[i] > most) {
			most = count[i];
			at = i;
		}
	return at;
}

static void
whiten(PIX *pix)
{
	int white = paper(pix) - 6;

	if (white < 250)
		pixGammaTRC(pix, pix, 1.0f, 0, white);
}

int
strip_draw(struct strip *s, struct Pix *sheet)
{
	s->pix = pixCreate(s->width + 2 * STRIP_BORDER, s->height + 2 * STRIP_BORDER, 8);
	if (s->pix == NULL)
		return -ENOMEM;
	pixSetAllArbitrary(s->pix, 255);
	for (unsigned i = 0; i < s->n; i++) {
		struct strip_piece *p = &s->pieces[i];
		BOX *box = boxCreate(p->from.x, p->from.y, p->from.w, p->from.h);
		PIX *part = pixClipRectangle(sheet, box, NULL);

		boxDestroy(&box);
		if (part == NULL)
			return -ENOMEM;
		whiten(part);
		p->x += STRIP_BORDER;
		p->y = STRIP_BORDER + (s->height - p->from.h) / 2;
		pixRasterop(s->pix, p->x, p->y, p->from.w, p->from.h, PIX_SRC, part, 0, 0);
		pixDestroy(&part);
	}
	return 0;
}

int
strip_tighten(struct strip *s)
{
	PIX *ink = pixThresholdToBinary(s->pix, INK_MAX), *pix;
	BOX *box = NULL;
	l_int32 x, y, w, h, border;

	if (ink == NULL)
		return -ENOMEM;
	pixClipToForeground(ink, NULL, &box);
	pixDestroy(&ink);
	if (box == NULL)
		return 0;
	boxGetGeometry(box, &x, &y, &w, &h);
	boxDestroy(&box);
	border = (int)(STRIP_CLOSE * h);
	pix = pixCreate(w + 2 * border, h + 2 * border, 8);
	if (pix == NULL)
		return -ENOMEM;
	pixSetAllArbitrary(pix, 255);
	pixRasterop(pix, border, border, w, h, PIX_SRC, s->pix, x, y);
	pixDestroy(&s->pix);
	s->pix = pix;
	for (unsigned i = 0; i < s->n; i++) {
		s->pieces[i].x += border - x;
		s->pieces[i].y += border - y;
	}
	return 1;
}

static const struct strip_piece *
piece_at(const struct strip *s, int x)
{
	unsigned i = 0;

	while (i + 1 < s->n && s->pieces[i + 1].x <= x)
		i++;
	return &s->pieces[i];
}

struct Pix *
strip_pale_ink(struct Pix *pix, int percent, int contrast)
{
	l_int32 darkest = 255;

	pixGetExtremeValue(pix, 1, L_SELECT_MIN, NULL, NULL, NULL, &darkest);
	if (darkest + contrast > 255)
		return NULL;
	return pixThresholdToBinary(pix, darkest + (255 - darkest) * percent / 100);
}

struct Pix *
strip_ink(struct Pix *pix, int percent)
{
	return strip_pale_ink(pix, percent, CONTRAST_MIN);
}

/* Networks say where a letter of a level line begins, and not always where it ends: no box reaches
 * so far over the next one that its middle is there. */
static void
trim(struct glyph *g, const struct glyph *next)
{
	if (next->box.x > g->box.x && g->box.x + g->box.w / 2 >= next->box.x)
		g->box.w = next->box.x - g->box.x;
}

void
strip_to_sheet(const struct strip *s, struct words *w, size_t first)
{
	for (size_t n = first; n < w->nlines; n++) {
		struct line *l = &w->lines[n];

		l->box = (struct box){0};
		for (size_t i = l->first; !l->vertical && i + 1 < l->first + l->count; i++)
			trim(&w->glyphs[i], &w->glyphs[i + 1]);
		for (size_t i = l->first; i < l->first + l->count; i++) {
			struct box *b = &w->glyphs[i].box;
			const struct strip_piece *p = piece_at(s, b->x + b->w / 2);

			b->x += p->from.x - p->x;
			b->y += p->from.y - p->y;
			l->box = box_union(l->box, *b);
		}
	}
}

static bool
is_read(const struct strip_piece *p, const struct words *w, size_t first)
{
	for (size_t i = first; i < w->nglyphs; i++) {
		const struct box *b = &w->glyphs[i].box;
		const int x = b->x + b->w / 2, y = b->y + b->h / 2;

		if (x >= p->from.x && x < p->from.x + p->from.w && y >= p->from.y &&
		    y < p->from.y + p->from.h)
			return true;
	}
	return false;
}

bool
strip_is_read(const struct strip *s, const struct words *w, size_t first)
{
	const size_t glyph = first < w->nlines ? w->lines[first].first : w->nglyphs;

	for (unsigned i = 0; i < s->n; i++)
		if (s->pieces[i].from.w >= LETTER_WIDE * s->pieces[i].from.h &&
		    !is_read(&s->pieces[i], w, glyph))
			return false;
	return true;
}

void
strip_reach(const struct strip *s, struct line *l)
{
	for (unsigned i = 0; i < s->n; i++) {
		const struct box *b = &s->pieces[i].from;
		const struct box level = {b->x, l->box.y, b->w, l->box.h};

		if (2 * box_common(*b, level).h > b->h)
			l->box = box_union(l->box, (struct box){b->x + STRIP_MARGIN, l->box.y,
						       b->w - 2 * STRIP_MARGIN, l->box.h});
	}
}

void
strip_free(struct strip *s)
{
	pixDestroy(&s->pix);
}
