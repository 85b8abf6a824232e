/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whether a line is of wide letters, and how it reads when they are not. Knows nothing of cells.
 * Shares are of the height of the line's ink. */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/read_line.h"
#include "ocr/stretched.h"

#define UNITS 256        /* of a line that are looked at */
#define SURE_MEAN 920    /* tenths of a percent, over a line's glyphs: it is not read … */
#define SURE_SHORT 975   /* … again, nor a short one of this, … */
#define SHORT 3          /* glyphs, … */
#define SURE_LEAST 90    /* … percent of each */
#define READS_MEAN 930   /* as SURE_MEAN, of what a line reads then, … */
#define READS_LEAST 850  /* … or this, and surer by … */
#define SURER 30         /* … of read_line_surer(): less is no print */
#define USUAL_LEAST 0.75 /* from glyph to glyph as it was read, of usual letters: then … */
#define USUAL_MOST 1.25
#define USUAL_MEAN 800 /* … a line as sure as this is not read again */
#define INK 65         /* percent of the way from the darkest pixel to white */
#define HIGH_LEAST 16  /* pixels: lower is a rule */
#define WIDE 1.3       /* columns of ink without white between them, of a wide letter, … */
#define WIDE_MOST 2.3  /* … of one that touches no other */
#define SHARE 0.55     /* of the line's ink is in such columns */
#define PITCH 0.75     /* from glyph to glyph, once read: of a letter's width, … */
#define PITCH_MOST 1.0 /* … and so much more than its whole width */
#define BY_LEAST 1.4   /* times the height */
#define BY 2.0         /* likewise, at most and where no letter stands alone */

struct stretched {
	struct box ink; /* of the strip */
	double by;      /* times the height */
};

/* What makes letters that stand alone as high as wide. */
static double
factor(const int *wide, int n, int high)
{
	const double by = n == 0 ? BY : (double)wide[n / 2] / high;

	return by < BY_LEAST ? BY_LEAST : by > BY ? BY : by;
}

/* Whether most of the ink is too wide for letters of its height. */
static bool
is_stretched(PIX *ink, struct stretched *ret)
{
	struct span spans[UNITS];
	const int n = cutting_spans(ink, false, spans, UNITS), high = ret->ink.h;
	int widths[UNITS], alone = 0, all = 0, wide = 0;

	for (int i = 0; i < n; i++) {
		const int w = spans[i].to - spans[i].from;

		all += w;
		if (w <= WIDE * high)
			continue;
		wide += w;
		if (w <= WIDE_MOST * high)
			widths[alone++] = w;
	}
	sort_ints(widths, (size_t)alone);
	ret->by = factor(widths, alone, high);
	return wide > 0 && wide >= SHARE * all;
}

static bool
find_ink(const struct strip *s, struct stretched *ret)
{
	PIX *ink = strip_ink(s->pix, INK);
	const bool found =
	    ink != NULL &&
	    cutting_close(
		ink, (struct box){0, 0, pixGetWidth(ink), pixGetHeight(ink)}, &ret->ink) &&
	    ret->ink.h >= HIGH_LEAST && is_stretched(ink, ret);

	pixDestroy(&ink);
	return found;
}

static int
read_high(struct engine *e, const struct strip *s, double by, struct words *ret)
{
	_cleanup_(strip_free) struct strip high = {.n = 1};
	int r;

	high.pix = pixScale(s->pix, 1, (float)by);
	if (high.pix == NULL)
		return -ENOMEM;
	high.pieces[0].from = (struct box){0, 0, pixGetWidth(high.pix), pixGetHeight(high.pix)};
	r = read_line(e, &high, ret, NULL);
	for (size_t i = 0; i < ret->nglyphs; i++) {
		struct box *b = &ret->glyphs[i].box;

		b->y = (int)(b->y / by);
		b->h = (int)(b->h / by) + 1;
	}
	strip_to_sheet(s, ret, 0);
	return r;
}

/* From glyph to glyph. 0: not one line. */
static double
pitch(const struct stretched *t, const struct words *w)
{
	return w->nlines != 1 || w->nglyphs == 0 ? 0
						 : (double)t->ink.w / t->ink.h / (double)w->nglyphs;
}

/* Whether the line may have been read well as it is. */
static bool
is_sure(const struct words *was)
{
	return was->nglyphs > SHORT ? words_are_sure(was, 0, SURE_MEAN, 0)
				    : words_are_sure(was, 0, SURE_SHORT, SURE_LEAST);
}

/* Likewise, for its glyphs are as wide as high. */
static bool
is_usual(const struct stretched *t, const struct words *was)
{
	const double p = pitch(t, was);

	return p >= USUAL_LEAST && p <= USUAL_MOST && words_are_sure(was, 0, USUAL_MEAN, 0);
}

/* Whether what the line reads, higher, is surer than what it was read as, and of as many glyphs as
 * wide letters are. */
static bool
is_better(const struct stretched *t, const struct words *high, const struct words *was)
{
	const double p = pitch(t, high);
	const int by = read_line_surer(high, was);

	return p >= PITCH * t->by && p <= t->by + PITCH_MOST && by > 0 &&
	       words_are_sure(high, 0, by < SURER ? READS_MEAN : READS_LEAST, 0);
}

int
stretched_read(
    struct engine *e, const struct strip *s, struct words *ret, size_t first, struct words *others)
{
	_cleanup_(words_free) struct words was = {0}, high = {0};
	struct stretched t;
	int r = words_append(&was, ret, first, ret->nlines - first, -1);

	if (r < 0 || is_sure(&was) || !find_ink(s, &t) || is_usual(&t, &was))
		return r;
	r = read_high(e, s, t.by, &high);
	if (r < 0)
		return r;
	if (!is_better(&t, &high, &was))
		return words_append_other(others, &high, &was);
	r = words_append_other(others, &was, &high);
	return r < 0 ? r : words_replace(ret, first, &high);
}
