/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where doubtful lines begin and end, and which reading of them stays. */
#include <errno.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/further.h"
#include "ocr/read_line.h"
#include "ocr/reread.h"
#include "ocr/settle.h"
#include "ocr/untaught.h"

#define HEIGHT_MIN 14  /* pixels */
#define HEIGHT_MAX 150 /* likewise */
#define ASIDE 1.2      /* of the line's height: a glyph lost at an end lies within */
#define INK_MAX 160    /* grey */
#define PALE_MAX 215   /* likewise: what is cut away must be paper, not a pale full stop */
#define INK_MIN 0.03   /* of the line's height, squared */
#define RULE_HIGH 0.93 /* of the height looked at */
#define GAP_WIDE 0.8   /* of the line's height */
#define ROWS 4         /* taken for one line, … */
#define SPANS 12       /* … of so many pieces one above the other; … */
#define ROW_LIKE 0.6   /* … of the highest: lower ones are parts of rows, … */
#define ROW_PART 1.6   /* … and such is the white between */
#define ROW_TAKEN 0.6  /* of a line that was read lies in a row: that was read with it */
#define KEPT 0.8       /* of the glyphs: a reading of fewer is surer only of them */

/* A line that a strip can show: its own ink and nothing of its neighbours. */
static bool
is_plain(const struct line *l)
{
	return !l->vertical && l->box.h >= HEIGHT_MIN && l->box.h <= HEIGHT_MAX &&
	       l->box.w > l->box.h;
}

/* The box of line n, its ends moved outwards as far as no other line stands in the way. */
static struct box
reach(const struct words *w, size_t n, int width, int height)
{
	const struct box *b = &w->lines[n].box;
	int aside = (int)(ASIDE * b->h);
	int x0 = b->x - aside, x1 = b->x + b->w + aside;
	int y0 = b->y - STRIP_MARGIN, y1 = b->y + b->h + STRIP_MARGIN;

	for (size_t i = 0; i < w->nlines; i++)
		if (i != n)
			box_give_way(*b, w->lines[i].box, STRIP_MARGIN, &x0, &x1);
	x0 = x0 < 0 ? 0 : x0 > b->x ? b->x : x0;
	y0 = y0 < 0 ? 0 : y0;
	x1 = x1 > width ? width : x1 < b->x + b->w ? b->x + b->w : x1;
	y1 = y1 > height ? height : y1;
	return (struct box){x0, y0, x1 - x0, y1 - y0};
}

/* A stroke that goes on above and below a line is none of its glyphs. */
static bool
has_rule(PIX *ink)
{
	NUMA *columns = pixCountPixelsByColumn(ink);
	l_float32 most = 0;

	if (columns != NULL)
		numaGetMax(columns, &most, NULL);
	numaDestroy(&columns);
	return most > RULE_HIGH * (l_float32)pixGetHeight(ink);
}

/* Whether columns [x, x + w) hold ink of the line: in its middle, where no underline is. */
static bool
has_ink(PIX *pix, const struct box *line, int x, int w)
{
	int above = line->h / 4, edge = line->h / 8;
	BOX *zone = boxCreate(x, line->y - above, w, line->h + 2 * above);
	BOX *middle = boxCreate(0, above + edge, w, line->h - 2 * edge);
	PIX *part = w > 0 ? pixClipRectangle(pix, zone, NULL) : NULL;
	PIX *ink = part == NULL ? NULL : pixThresholdToBinary(part, INK_MAX);
	l_int32 n = 0;

	if (ink != NULL && !has_rule(ink))
		pixCountPixelsInRect(ink, middle, &n, NULL);
	boxDestroy(&zone);
	boxDestroy(&middle);
	pixDestroy(&part);
	pixDestroy(&ink);
	return n > INK_MIN * line->h * line->h;
}

/* Takes ends that hold no ink of the line off *wide; whether one of them holds some. */
static bool
is_cut_short(PIX *pix, const struct box *line, struct box *wide)
{
	int x0 = line->x - STRIP_MARGIN, x1 = line->x + line->w + STRIP_MARGIN;
	bool left = has_ink(pix, line, wide->x, x0 - wide->x);
	bool right = has_ink(pix, line, x1, wide->x + wide->w - x1);

	if (!left && x0 > wide->x) {
		wide->w -= x0 - wide->x;
		wide->x = x0;
	}
	if (!right && x1 < wide->x + wide->w)
		wide->w = x1 - wide->x;
	return left || right;
}

/* Adds the ink of box to s, column by column, wide gaps squeezed as in cells. */
static int
cut(struct strip *s, PIX *pix, const struct box *box, int height)
{
	BOX *frame = boxCreate(box->x, box->y, box->w, box->h);
	PIX *part = pixClipRectangle(pix, frame, NULL);
	PIX *ink = part == NULL ? NULL : pixThresholdToBinary(part, PALE_MAX);
	NUMA *columns = ink == NULL ? NULL : pixCountPixelsByColumn(ink);
	int from = -1, to = 0;

	boxDestroy(&frame);
	pixDestroy(&part);
	pixDestroy(&ink);
	if (columns == NULL)
		return -ENOMEM;
	for (int x = 0; x <= box->w; x++) {
		l_int32 n = 0;

		if (x < box->w)
			numaGetIValue(columns, x, &n);
		if (from >= 0 && (x == box->w || (n > 0 && x - to > GAP_WIDE * height))) {
			strip_add(s, (struct box){box->x + from, box->y, to - from, box->h},
			    (int)(STRIP_GAP * height));
			from = -1;
		}
		if (n > 0) {
			from = from < 0 ? x : from;
			to = x + 1;
		}
	}
	numaDestroy(&columns);
	return 0;
}

/* What search has beyond the last line of ret, which had no doubt about it. */
static int
read_for_search(
    struct engine *e, PIX *pix, const struct box *wide, struct words *ret, struct words *others)
{
	_cleanup_(strip_free) struct strip s = {0};
	int r = cut(&s, pix, wide, ret->lines[ret->nlines - 1].box.h);

	if (r < 0 || s.n == 0)
		return r;
	r = strip_draw(&s, pix);
	if (r >= 0)
		r = strip_tighten(&s);
	return r <= 0 ? r : further_read(e, &s, ret, ret->nlines - 1, others, others->nlines);
}

/* Rows of print in a box that was taken for one line, parted by white, of nearly one height. Their
 * count; 0: it is one row. */
static int
rows_of(PIX *pix, const struct box *box, struct box ret[ROWS])
{
	PIX *part = cutting(pix, *box);
	PIX *ink = part == NULL ? NULL : pixThresholdToBinary(part, PALE_MAX);
	struct span span[SPANS];
	const int spans = ink == NULL ? 0 : cutting_spans(ink, true, span, SPANS);
	int n = 0, most = 0;

	for (int i = 0; i < spans; i++)
		most = span[i].to - span[i].from > most ? span[i].to - span[i].from : most;
	for (int i = 0; i < spans && n <= ROWS; i++) {
		const int h = span[i].to - span[i].from;

		if (h >= ROW_LIKE * most && n < ROWS)
			ret[n] = (struct box){box->x, box->y + span[i].from, box->w, h};
		n += h >= ROW_LIKE * most;
	}
	pixDestroy(&ink);
	pixDestroy(&part);
	return n > 1 && n <= ROWS && ROW_PART * most * n >= box->h ? n : 0;
}

/* Whether a line of w stands in this row: what was taken for one line goes into another. */
static bool
is_taken(const struct words *w, struct box row)
{
	for (size_t i = 0; i < w->nlines; i++)
		if (box_inside(w->lines[i].box, row) > ROW_TAKEN)
			return true;
	return false;
}

/* Appends to ret what the rows of the line read as, each alone, where that is surer; 1, or 0: it is
 * one row, or they are not. */
static int
read_rows(struct engine *e, PIX *pix, const struct words *line, const struct box *wide,
    struct words *ret, struct words *others)
{
	_cleanup_(words_free) struct words all = {0};
	const struct line *l = &line->lines[0];
	struct box row[ROWS];
	const int n = rows_of(pix, wide, row);
	int r = 0;

	for (int i = 0; r >= 0 && i < n; i++) {
		_cleanup_(strip_free) struct strip s = {0};

		if (is_taken(ret, row[i]))
			continue;
		row[i].y -= STRIP_MARGIN;
		row[i].h += 2 * STRIP_MARGIN;
		r = cut(&s, pix, &row[i], row[i].h);
		if (r >= 0 && s.n > 0)
			r = strip_draw(&s, pix);
		if (r >= 0 && s.n > 0)
			r = read_line(e, &s, &all, others);
	}
	if (r < 0 || all.nglyphs == 0 || read_line_surer(&all, line) <= 0)
		return r < 0 ? r : 0;
	for (size_t i = 0; i < all.nlines; i++)
		all.lines[i].block = l->block;
	r = words_append(ret, &all, 0, all.nlines, l->cell);
	if (r >= 0 && others != NULL)
		r = words_append(others, line, 0, 1, -1);
	return r < 0 ? r : 1;
}

/* Appends line n of w to ret, as it is or as it reads alone. */
static int
reread(struct engine *e, PIX *pix, enum engine_model model, const struct words *w, size_t n,
    struct words *ret, struct words *others)
{
	const struct line *l = &w->lines[n];
	struct box wide = reach(w, n, pixGetWidth(pix), pixGetHeight(pix));
	bool cut_short = is_plain(l) && is_cut_short(pix, &l->box, &wide);
	_cleanup_(words_free) struct words line = {0}, other = {0};
	_cleanup_(strip_free) struct strip s = {0};
	struct words *best, *rest;
	const size_t since = others == NULL ? 0 : others->nlines;
	bool better;
	int r = words_append(&line, w, n, 1, -1);

	if (r < 0 || !is_plain(l) || !(cut_short || read_line_doubts(&line))) {
		if (r >= 0)
			r = words_append(ret, &line, 0, 1, l->cell);
		if (r >= 0 && is_plain(l) && others != NULL && model == ENGINE_JAPANESE)
			r = read_for_search(e, pix, &wide, ret, others);
		return r;
	}
	r = model == ENGINE_JAPANESE ? read_rows(e, pix, &line, &wide, ret, others) : 0;
	if (r != 0)
		return r < 0 ? r : 0;
	r = cut(&s, pix, &wide, l->box.h);
	if (r < 0 || s.n == 0)
		return r < 0 ? r : words_append(ret, &line, 0, 1, l->cell);
	r = strip_draw(&s, pix);
	if (r >= 0)
		r = strip_tighten(&s);
	if (r > 0)
		r = read_line_once(e, &s, model, ENGINE_RAW_LINE, &other);
	if (r < 0)
		return r;
	better = other.nlines == 1 && other.nglyphs >= KEPT * line.nglyphs &&
		 read_line_surer(&other, &line) > 0;
	best = better ? &other : &line;
	rest = better ? &line : &other;
	r = settle(best, rest, 0, NULL);
	if (r >= 0 && model != ENGINE_JAPANESE_2) /* for search alone, of what is shown elsewhere */
		r = untaught_mend(e, &s, best, others);
	best->lines[0].block = l->block;
	if (r >= 0)
		r = words_append(ret, best, 0, 1, l->cell);
	if (r >= 0 && others != NULL)
		r = words_append(others, rest, 0, rest->nlines, -1);
	if (r >= 0 && others != NULL && model == ENGINE_JAPANESE)
		r = further_read(e, &s, ret, ret->nlines - 1, others, since);
	return r;
}

int
reread_lines(struct engine *e, struct Pix *pix, enum engine_model model, struct words *w,
    struct words *others)
{
	_cleanup_(words_free) struct words all = {0};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = reread(e, pix, model, w, i, &all, others);
	if (r < 0)
		return r;
	words_swap(w, &all);
	return 0;
}
