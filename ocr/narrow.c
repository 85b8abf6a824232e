/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which columns of a line are narrow print, and how they read when they are not. Knows nothing of
 * cells. Shares are of the height of the line's ink. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/letter_choose.h"
#include "ocr/narrow.h"
#include "ocr/read_line.h"

#define UNITS 256        /* of a line that are looked at */
#define TALLEST 10       /* one unit of so many may be taller than letters */
#define RUN_LEAST 3      /* units: fewer are a radical or two */
#define SURE_MEAN 975    /* tenths of a percent, over the glyphs of a line, … */
#define SURE_LEAST 90    /* … percent of each: such a line is not read again */
#define DOUBT 95         /* percent: glyphs of a run below it … */
#define DOUBT_SHARE 0.34 /* … are so much of them, at least */
#define STAYS_LEAST 97   /* percent: a glyph that is as wide as it should be, maybe */
#define READS_MEAN 900   /* as SURE_MEAN, of what a line reads when widened: less is no print … */
#define READS_WELL 975   /* … and so much needs no other try */
#define INK 65           /* percent of the way from the darkest pixel to white */
#define WIDE 0.72        /* a unit as wide as this is no narrow letter */
#define APART 0.6        /* units of two runs */
#define MUCH 0.12        /* of a line's width in runs: less is letters' parts */
#define PITCH 0.75       /* from unit to unit in a run */
#define PITCH_READ 0.85  /* from glyph to glyph, once read */
#define TALL 0.5         /* a run has a unit higher than this; its voicing marks are not */
#define MARK_WIDE 0.42   /* a voicing mark at most */
#define MARK_LEAST 0.1   /* likewise, at least */
#define MARK_APART 0.35  /* from its letter */
#define BY 1.6           /* times the width */
#define NEAR 0.45        /* a unit of a glyph lies so near to its middle, … */
#define NEAR_LATIN 0.3   /* … of a Latin one so near */
#define OVER 0.2         /* so far a voicing mark reaches over its widened letter */

/* Columns of ink with no white between them. */
struct unit {
	int x, end, top, bottom;
	bool voices; /* a voicing mark in a place of its own */
	bool stays;  /* as wide as it is */
};

/* Columns of the line, and where they are in the widened picture. */
struct part {
	int x, w, to;
	double by;
};

struct narrow {
	const struct strip *strip;
	const struct words *was; /* what it was read as */
	struct unit units[UNITS];
	int nunits, top, height;
	struct part parts[2 * UNITS + 1];
	int nparts, width; /* of the widened picture */
};

/* ---- units ---- */

static void
add_column(struct narrow *n, int x, int top, int bottom)
{
	struct unit *u = n->nunits == 0 ? NULL : &n->units[n->nunits - 1];

	if (u == NULL || u->end < x) {
		if (n->nunits < UNITS)
			n->units[n->nunits++] = (struct unit){x, x + 1, top, bottom, false, false};
		return;
	}
	u->end = x + 1;
	u->top = top < u->top ? top : u->top;
	u->bottom = bottom > u->bottom ? bottom : u->bottom;
}

static void
find_units(struct narrow *n)
{
	PIX *ink = strip_ink(n->strip->pix, INK);
	const int w = ink == NULL ? 0 : pixGetWidth(ink), h = ink == NULL ? 0 : pixGetHeight(ink);
	const l_uint32 *data = ink == NULL ? NULL : pixGetData(ink);

	n->top = h;
	for (int x = 0; x < w; x++) {
		int top = 0, end = h;

		while (top < h && !GET_DATA_BIT(data + (size_t)top * pixGetWpl(ink), x))
			top++;
		if (top == h)
			continue;
		while (!GET_DATA_BIT(data + (size_t)(end - 1) * pixGetWpl(ink), x))
			end--;
		add_column(n, x, top, end);
		n->top = top < n->top ? top : n->top;
	}
	pixDestroy(&ink);
}

/* Of the line's letters: that of all but its tallest units, for a speck may stand anywhere. */
static int
usual_height(const struct narrow *n)
{
	int heights[UNITS];

	for (int i = 0; i < n->nunits; i++)
		heights[i] = n->units[i].bottom - n->units[i].top;
	sort_ints(heights, (size_t)n->nunits);
	return n->nunits == 0 ? 0 : heights[n->nunits - 1 - n->nunits / TALLEST];
}

/* Small, high up, and close behind what is no such thing itself. */
static bool
is_mark(const struct narrow *n, int at)
{
	const struct unit *u = &n->units[at];
	const int w = u->end - u->x, low = n->top + (int)(TALL * n->height);

	return at > 0 && u->bottom < low && u[-1].bottom > low && w < MARK_WIDE * n->height &&
	       w > MARK_LEAST * n->height && u->x - u[-1].end < MARK_APART * n->height;
}

static void
judge_units(struct narrow *n)
{
	n->height = usual_height(n);
	for (int i = 0; i < n->nunits; i++) {
		struct unit *u = &n->units[i];

		u->voices = is_mark(n, i);
		u->stays = u->end - u->x > WIDE * n->height;
	}
}

static int
sheet_x(const struct narrow *n, int x)
{
	const struct strip *s = n->strip;
	unsigned i = 0;

	while (i + 1 < s->n && s->pieces[i + 1].x <= x)
		i++;
	return x + s->pieces[i].from.x - s->pieces[i].x;
}

/* ---- runs ---- */

/* Whether g's middle is in units [i, end). */
static bool
is_in(const struct narrow *n, const struct glyph *g, int i, int end)
{
	const int middle = g->box.x + g->box.w / 2;

	return middle >= sheet_x(n, n->units[i].x) && middle < sheet_x(n, n->units[end - 1].end);
}

/* Whether enough of what was read in units [i, end) is doubted. */
static bool
is_doubted(const struct narrow *n, int i, int end)
{
	int all = 0, doubted = 0;

	for (size_t k = 0; k < n->was->nglyphs; k++)
		if (is_in(n, &n->was->glyphs[k], i, end)) {
			all++;
			doubted += n->was->glyphs[k].confidence < DOUBT;
		}
	return doubted >= DOUBT_SHARE * all;
}

/* Whether units [i, end) are close, and were not read surely. */
static bool
is_narrow(const struct narrow *n, int i, int end)
{
	bool tall = false;

	for (int k = i; k < end; k++)
		tall |= n->units[k].bottom - n->units[k].top > TALL * n->height;
	return tall && end - i >= RUN_LEAST &&
	       n->units[end - 1].end - n->units[i].x < PITCH * n->height * (end - i) &&
	       is_doubted(n, i, end);
}

/* The first unit behind the run that begins with unit i. */
static int
run_end(const struct narrow *n, int i)
{
	const int first = i;

	while (i < n->nunits && !n->units[i].stays &&
	       (i == first || n->units[i].x - n->units[i - 1].end < APART * n->height))
		i++;
	return i;
}

/* All but runs of narrow print stay as wide as they are. Returns whether those are much of the
 * line. */
static bool
keep_others(struct narrow *n)
{
	const int all = n->nunits == 0 ? 0 : n->units[n->nunits - 1].end - n->units[0].x;
	int width = 0;

	for (int i = 0, next; i != n->nunits; i = next) {
		const int end = run_end(n, i);

		next = end == i ? i + 1 : end;
		if (end > i && is_narrow(n, i, end)) {
			width += n->units[end - 1].end - n->units[i].x;
			continue;
		}
		for (int k = i; k < end; k++) {
			n->units[k].stays = true;
			n->units[k].voices = false;
		}
	}
	return width > 0 && width >= MUCH * all;
}

static bool
may_stay(const struct glyph *g)
{
	const uint32_t code = glyph_code(g);

	return g->confidence >= STAYS_LEAST &&
	       (glyph_is_latin(g) || code_is_ideograph(code) || code_is_hiragana(code));
}

/* Whether g is in the middle of u: boxes of glyphs may reach over their neighbours. */
static bool
is_at(const struct narrow *n, const struct unit *u, const struct glyph *g)
{
	const int x = sheet_x(n, (u->x + u->end) / 2);
	const double near = (glyph_is_latin(g) ? NEAR_LATIN : NEAR) * n->height;

	return x >= g->box.x && x < g->box.x + g->box.w && abs(x - g->box.x - g->box.w / 2) < near;
}

/* What was read surely stays as wide as it is. Returns whether that is anything more. */
static bool
keep_sure(struct narrow *n)
{
	bool more = false;

	for (int i = 0; i < n->nunits; i++) {
		struct unit *u = &n->units[i];

		for (size_t k = 0; !u->stays && k < n->was->nglyphs; k++)
			if (may_stay(&n->was->glyphs[k]) && is_at(n, u, &n->was->glyphs[k])) {
				u->stays = more = true;
				u->voices = false;
			}
	}
	return more;
}

/* ---- the widened picture ---- */

static void
add_part(struct narrow *n, int x, int end, double by)
{
	if (end <= x)
		return;
	n->parts[n->nparts++] = (struct part){x, end - x, n->width, by};
	n->width += (int)((end - x) * by + .5);
}

/* Marks go over the end of their letters, as in a letter that is as wide as high. */
static void
plan(struct narrow *n)
{
	const int over = (int)(OVER * n->height);
	int x = 0;

	n->nparts = n->width = 0;
	for (int i = 0; i < n->nunits; i++) {
		const struct unit *u = &n->units[i];
		const bool last = i + 1 == n->nunits, voiced = !last && u[1].voices;
		const int end = last     ? pixGetWidth(n->strip->pix)
				: voiced ? u->end + 1
					 : (u->end + u[1].x) / 2;

		if (u->voices) {
			n->width -= n->width > over ? over : 0;
			add_part(n, u->x, u->end + 1 < end ? u->end + 1 : end, 1);
			x = u->end + 1;
		}
		add_part(n, x, end, u->stays ? 1 : BY);
		x = voiced ? u[1].x : end;
	}
}

/* NULL: no memory. */
static PIX *
draw(const struct narrow *n)
{
	PIX *from = n->strip->pix;
	const int h = pixGetHeight(from);
	PIX *ret = pixCreate(n->width, h, 8);

	if (ret == NULL)
		return NULL;
	pixSetAllArbitrary(ret, 255);
	for (int i = 0; i < n->nparts; i++) {
		const struct part *p = &n->parts[i];
		PIX *piece = cutting(from, (struct box){p->x, 0, p->w, h});
		PIX *wide = piece == NULL ? NULL : pixScale(piece, (float)p->by, 1);

		pixDestroy(&piece);
		if (wide == NULL) {
			pixDestroy(&ret);
			return NULL;
		}
		pixRasterop(ret, p->to, 0, pixGetWidth(wide), h, PIX_MASK, wide, 0, 0);
		pixDestroy(&wide);
	}
	return ret;
}

static int
x_before(const struct narrow *n, int x)
{
	int i = 0;

	while (i + 1 < n->nparts && n->parts[i + 1].to <= x)
		i++;
	return n->parts[i].x + (int)((x - n->parts[i].to) / n->parts[i].by);
}

/* Boxes of the widened picture become boxes of the sheet. */
static void
bring_back(const struct narrow *n, struct words *w)
{
	for (size_t i = 0; i < w->nglyphs; i++) {
		struct box *b = &w->glyphs[i].box;
		const int x = x_before(n, b->x), end = x_before(n, b->x + b->w);

		b->x = x;
		b->w = end > x ? end - x : 1;
	}
	strip_to_sheet(n->strip, w, 0);
}

static int
read_wide(struct engine *e, struct narrow *n, struct words *ret)
{
	_cleanup_(strip_free) struct strip wide = {.n = 1};
	int r;

	plan(n);
	wide.pix = draw(n);
	if (wide.pix == NULL)
		return -ENOMEM;
	wide.pieces[0].from = (struct box){0, 0, n->width, pixGetHeight(wide.pix)};
	r = read_line(e, &wide, ret, NULL);
	if (r >= 0)
		bring_back(n, ret);
	return r;
}

/* ---- which reading ---- */

/* Whether the ink is what was read throughout: ル is no narrow ノレ. */
static int
is_seen(const struct strip *s, const struct words *was)
{
	const double likely = 0;
	size_t chosen;
	int r = was->nlines == 1 ? letter_choose(s->pix, was, &likely, &chosen) : 0;

	return r == -ENODATA ? 0 : r;
}

/* What a reading has where the picture was widened. */
struct found {
	int width, glyphs, katakana, latin;
	bool mixed; /* the line has wide letters elsewhere */
};

static void
count_run(const struct narrow *n, const struct words *w, int i, int end, struct found *f)
{
	f->width += n->units[end - 1].end - n->units[i].x;
	for (size_t k = 0; k < w->nglyphs; k++) {
		const struct glyph *g = &w->glyphs[k];

		if (!is_in(n, g, i, end))
			continue;
		f->glyphs++;
		f->katakana += code_is_katakana(glyph_code(g)) || glyph_code(g) == U'ー';
		f->latin += glyph_code(g) < 0x80;
	}
}

/* Whether w's glyphs are narrow where the picture was widened, and katakana where others are not:
 * beside letters of usual width only those are half as wide. */
static bool
is_confirmed(const struct narrow *n, const struct words *w)
{
	struct found f = {0};
	int marks = 0;

	for (int i = 0, next; i != n->nunits; i = next) {
		const int end = run_end(n, i);

		next = end == i ? i + 1 : end;
		if (end > i)
			count_run(n, w, i, end, &f);
		else
			f.mixed |= n->units[i].end - n->units[i].x > WIDE * n->height;
		for (int k = i; k < end; k++)
			marks += n->units[k].voices;
	}
	return f.width < PITCH_READ * n->height * (f.glyphs + marks) && 2 * f.latin <= f.glyphs &&
	       (!f.mixed || 2 * f.katakana >= f.glyphs) && words_are_sure(w, 0, READS_MEAN, 0);
}

/* Whether wide, what the line reads widened, is believed, and surer than best. */
static bool
is_better(const struct narrow *n, const struct words *wide, const struct words *best)
{
	return wide->nglyphs > 0 && is_confirmed(n, wide) && read_line_surer(wide, best) > 0;
}

int
narrow_read(
    struct engine *e, const struct strip *s, struct words *ret, size_t first, struct words *others)
{
	_cleanup_(words_free) struct words was = {0}, all = {0}, rest = {0};
	struct narrow n = {.strip = s, .was = &was};
	const struct words *best = &was;
	int r = words_append(&was, ret, first, ret->nlines - first, -1);

	if (r < 0 || words_are_sure(&was, 0, SURE_MEAN, SURE_LEAST))
		return r;
	find_units(&n);
	judge_units(&n);
	if (!keep_others(&n))
		return 0;
	r = read_wide(e, &n, &all);
	if (r >= 0 && all.nglyphs > was.nglyphs)
		r = is_seen(s, &was);
	if (r > 0)
		return words_append_other(others, &all, &was);
	if (r >= 0 && is_better(&n, &all, best))
		best = &all;
	if (r >= 0 && is_confirmed(&n, &all) && !words_are_sure(best, 0, READS_WELL, SURE_LEAST) &&
	    keep_sure(&n))
		r = read_wide(e, &n, &rest);
	if (r >= 0 && is_better(&n, &rest, best))
		best = &rest;
	for (unsigned i = 0; r >= 0 && i < 3; i++)
		r = words_append_other(others, (struct words *[]){&was, &all, &rest}[i], best);
	return r < 0 || best == &was ? r : words_replace(ret, first, best);
}
