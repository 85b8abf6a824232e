/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Page preparation with Leptonica; knows nothing of recognition. */
#include <errno.h>
#include <math.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/enlarge.h"
#include "ocr/ground.h"
#include "ocr/letters.h"
#include "ocr/pixels.h"
#include "ocr/prepare.h"
#include "ocr/reverse.h"
#include "ocr/seals.h"
#include "ocr/shade.h"
#include "ocr/specks.h"
#include "ocr/streaks.h"
#include "ocr/turn.h"

#define PAPER_MIN 128   /* grey; a page darker than this has no paper we know */
#define PAPER_WHITE 245 /* grey; paper as white and as clean as this is left as it is */
#define GRAIN_FROM 0.75 /* of the paper's grey, down to which its grain reaches */
#define GRAIN_MUCH 0.1  /* share of the page that makes it worth cleaning */
#define GRAIN_PIECES 12000
#define TILE 24        /* pixels; paper is measured in squares of 2 mm */
#define TILE_LEAST 150 /* pixels of paper that a square must have to say anything */
#define TILE_HALF 12   /* likewise in the half-size picture */
#define TILE_HALF_LEAST 50
#define INK_SOLID 80  /* grey of what is no shaded field */
#define LOOK_STEP 4   /* pixels; shades are counted at so many each way */
#define INK_PAPER 240 /* grey that paper is brought to */
#define INK_SURE 192  /* darker is ink on any page; how dark it is tells how pale the print is */
#define INK_EDGE 0.30 /* of the way from paper to the usual ink: from there on it is ink */
#define INK_BELOW 185 /* darker is ink on any page: pencil and pale pens are */
#define INK_BELOW_MAX 212 /* what shines through is lighter */
#define INK_FAINT 206     /* rules on shaded bands are as pale as this */
#define BAND_PRINT 150    /* of white; what lies under print of bands is lighter */
#define INK_LEAST 0.002   /* share of ink pixels that a written page has */
#define PAPER_KEPT 0.9    /* of the paper's grey: lighter becomes white at most, … */
#define EDGE_SHARE 0.02   /* … and no more than what is so frequent, next to the paper's grey */
#define SKEW_MIN_DEG 0.15 /* less is left alone: turning costs time and sharpness */
#define SKEW_MAX_DEG 15.0
#define SIDE_LEAST 4          /* pixels that a page is not reduced below */
#define SKEW_CONFIDENCE 2.2   /* Leptonica's peak ratio below which an angle means nothing */
#define SMALL_PAGE (2u << 20) /* pixels of a sheet; larger ones say their resolution rightly */
#define LETTER_LEAST 20       /* pixels of most letters; with smaller ones ... */
#define LETTER_ENOUGH 30      /* ... the sheet is made so large */
#define ENLARGE_MAX 4         /* times the master: what is smaller has no strokes to be seen */

static PIX *
to_grey(PIX *pix)
{
	if (pixGetDepth(pix) == 1)
		return pixConvert1To8(NULL, pix, 255, 0);
	if (pixGetDepth(pix) == 32)
		return pixConvertRGBToLuminance(pix);
	return pixClone(pix);
}

static PIX *
scale_to(PIX *pix, double factor)
{
	if (fabs(factor - 1) < 0.1)
		return pixClone(pix);
	if (pixGetDepth(pix) == 1 && factor < 0.7)
		return pixScaleToGray(pix, (l_float32)factor);
	if (pixGetDepth(pix) == 1)
		return pixScale(pix, (l_float32)factor, (l_float32)factor);
	if (factor < 1)
		return pixScaleAreaMap(pix, (l_float32)factor, (l_float32)factor);
	return enlarge_grey(pix, factor);
}

/* Grey below which there is ink: nearer to paper on a page whose print is pale. */
static int
ink_below(PIX *even)
{
	unsigned count[256], all = 0, half = 0;
	int median = 0, below;

	pixels_count(even, LOOK_STEP, count);
	for (int i = 0; i < INK_SURE; i++)
		all += count[i];
	for (int i = 0; i < INK_SURE && half * 2 <= all; i++) {
		half += count[i];
		median = i;
	}
	below = INK_PAPER - (int)(INK_EDGE * (INK_PAPER - median));
	return below < INK_BELOW ? INK_BELOW : below > INK_BELOW_MAX ? INK_BELOW_MAX : below;
}

/* Where the paper of `half` was not evened before, it is, so that shaded fields are paper. */
static int
even_half(PIX *half, PIX *grey, bool banded)
{
	PIX *ground = banded ? ground_find(grey) : NULL;
	int r = !banded ? pixels_even(half, TILE_HALF, INK_SOLID, TILE_HALF_LEAST, INK_PAPER)
		: ground == NULL
		    ? -ENOMEM
		    : ground_even(half, ground, GROUND_PART / SHEET_HALF, INK_SOLID, INK_PAPER);

	pixDestroy(&ground);
	return r;
}

/*
 * Ink at half size: each 2 × 2 square is as dark as its darkest pixel, so that hairlines survive.
 * ret_faint, if wanted: with what is paler, too.
 */
static PIX *
ink(PIX *grey, bool banded, PIX **ret_faint)
{
	PIX *half = pixels_darkest_half(grey), *bits = NULL;

	if (half == NULL) /* a page of one pixel */
		half = pixCopy(NULL, grey);
	if (half != NULL && even_half(half, grey, banded) >= 0) {
		const int below = ink_below(half);

		bits = pixels_dark(half, below);
		if (ret_faint != NULL)
			*ret_faint = pixels_dark(half, below < INK_FAINT ? INK_FAINT : below);
	}
	pixDestroy(&half);
	return bits;
}

/* Degrees of the turn that repairs, and how clearly lines across say so. */
static void
skew_across(PIX *half, l_float32 *ret_angle, l_float32 *ret_confidence)
{
	l_float32 angle = 0, confidence = 0;

	*ret_angle = *ret_confidence = 0;
	if (pixFindSkewSweepAndSearch(half, &angle, &confidence, 2, 1, 7.0f, 1.0f, 0.01f) == 0) {
		*ret_angle = angle;
		*ret_confidence = confidence;
	}
}

/* Pages written downwards or fed sideways have their lines in the other direction. */
static double
find_skew(PIX *half)
{
	l_float32 angle, confidence, angle_down, confidence_down;
	PIX *turned;

	if (pixGetWidth(half) < 200 || pixGetHeight(half) < 200)
		return 0;
	skew_across(half, &angle, &confidence);
	if (confidence < SKEW_CONFIDENCE && (turned = pixRotate90(half, 1)) != NULL) {
		skew_across(turned, &angle_down, &confidence_down);
		pixDestroy(&turned);
		if (confidence_down > confidence) {
			angle = angle_down;
			confidence = confidence_down;
		}
	}
	return confidence < SKEW_CONFIDENCE || fabs(angle) > SKEW_MAX_DEG ? 0 : angle;
}

/* Turns one picture of the sheet about its middle; NULL stays. */
static int
turn(PIX **pix, double angle)
{
	if (*pix != NULL)
		pixels_replace(pix, turn_grey(*pix, (float)angle));
	return *pix == NULL ? -ENOMEM : 0;
}

/* What comes in is black: it has no sides as a band has them. */
static int
turn_ground(PIX **ground, double angle)
{
	if (pixInvert(*ground, *ground) == NULL || turn(ground, angle) < 0)
		return -ENOMEM;
	return pixInvert(*ground, *ground) == NULL ? -ENOMEM : 0;
}

/* Makes half, and what belongs to it, of grey. */
static int
see(struct sheet *s)
{
	pixDestroy(&s->faint);
	pixels_replace(
	    &s->half, ink(s->grey, s->bands != NULL, s->bands == NULL ? NULL : &s->faint));
	return s->half == NULL || (s->bands != NULL && s->faint == NULL) ? -ENOMEM : 0;
}

static int
straighten(struct sheet *s)
{
	double angle = find_skew(s->half);

	if (fabs(angle) < SKEW_MIN_DEG)
		return 0;
	s->skew = -angle * M_PI / 180; /* Leptonica names the turn that repairs */
	if (turn(&s->grey, -s->skew) < 0 || (s->seals != NULL && turn(&s->seals, -s->skew) < 0) ||
	    (s->bands != NULL && turn_ground(&s->bands, -s->skew) < 0))
		return -ENOMEM;
	return see(s);
}

/* What a look at a page's shades says. */
struct shades {
	int paper;    /* the commonest bright grey */
	int edge;     /* the darkest that is still grain of the paper */
	double grain; /* share of pixels a little darker than paper */
	double ink;   /* share of pixels much darker */
};

static struct shades
look(PIX *grey)
{
	struct shades r = {.paper = 255};
	unsigned count[256], most = 0, all = 0;

	pixels_count(grey, LOOK_STEP, count);
	for (int i = 0; i < 256; i++) {
		all += count[i];
		if (i >= PAPER_MIN && count[i] >= most) {
			most = count[i];
			r.paper = i;
		}
	}
	/* by two: evening leaves some greys out */
	for (r.edge = r.paper; r.edge > PAPER_KEPT * r.paper &&
			       count[r.edge] + count[r.edge - 1] >= 2 * EDGE_SHARE * most;)
		r.edge--;
	for (int i = 0; i < (int)(PAPER_KEPT * r.paper); i++) {
		if (i < GRAIN_FROM * r.paper)
			r.ink += (double)count[i] / all;
		else
			r.grain += (double)count[i] / all;
	}
	return r;
}

/* Likewise, on a page with shaded bands, whose ground this is. */
static int
even_bands(PIX *grey, PIX *bands, int paper)
{
	PIX *ground = ground_without_print(bands);
	int r = ground == NULL
		    ? -ENOMEM
		    : ground_even(grey, ground, GROUND_PART, BAND_PRINT * paper / 255, INK_PAPER);

	pixDestroy(&ground);
	return r;
}

/* Shadows, tints and shaded fields become even paper; ink keeps its shades. */
static int
even_paper(PIX *grey, PIX *bands)
{
	struct shades is = look(grey);

	if (is.paper >= PAPER_WHITE && is.grain <= GRAIN_MUCH)
		return 0;
	if (bands != NULL)
		return even_bands(grey, bands, is.paper);
	return pixels_even(grey, TILE, (int)(GRAIN_FROM * is.paper), TILE_LEAST, INK_PAPER);
}

/*
 * Paper that is not white, its grain and what shines through it are made white, but not the soft
 * rims of letters, which are most of a small one's ink at a low resolution. On a page without
 * real ink nothing is done: what is faint must stay. Besides reading better, this spares the
 * engine's layout from thousands of specks, which can take it minutes.
 */
static void
bleach(PIX *grey, bool always)
{
	struct shades is = look(grey);

	if (always || (is.ink > INK_LEAST && (is.paper < PAPER_WHITE || is.grain > GRAIN_MUCH)))
		pixGammaTRC(grey, grey, 1.0f, 0, always ? (int)(PAPER_KEPT * is.paper) : is.edge);
}

/* More pieces of ink than any text has. */
static bool
is_grainy(PIX *half)
{
	l_int32 n = 0;

	return pixCountConnComp(half, 8, &n) == 0 && n > GRAIN_PIECES;
}

static int
shorter_side(PIX *pix)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);

	return w < h ? w : h;
}

/*
 * Pictures of screens, drawn receipts and the like name no resolution or a wrong one, and come out
 * with print the size of dust: factor, or what makes their letters large enough to be read.
 */
static double
readable(PIX *pix, double factor)
{
	const int size = letters_size(pix);
	double to = size == 0 ? factor : (double)LETTER_ENOUGH / size;

	if (size * factor >= LETTER_LEAST || to < factor)
		return factor;
	return to < ENLARGE_MAX ? to : ENLARGE_MAX;
}

/* The page as 8-bit grey of the sheet's resolution, as it was fed; perhaps its own picture. */
static PIX *
grey_page(const struct page *p)
{
	double factor = (double)SHEET_DPI * p->reduce / p->dpi;
	double area = (double)pixGetWidth(p->pix) * pixGetHeight(p->pix);
	PIX *pix = pixGetDepth(p->pix) == 1 ? pixClone(p->pix) : to_grey(p->pix);

	if (pix != NULL && area * factor * factor < SMALL_PAGE)
		factor = readable(pix, factor);
	if (area * factor * factor > SHEET_MAX_PIXELS)
		factor = sqrt(SHEET_MAX_PIXELS / area);
	if (factor < 1 && shorter_side(p->pix) * factor < SIDE_LEAST)
		factor = 1; /* a thread of pixels: nothing would be left */
	if (pix != NULL)
		pixels_replace(&pix, scale_to(pix, factor));
	if (pix != NULL)
		pixels_replace(&pix, to_grey(pix));
	return pix;
}

/* Everything that is easier before the page is turned: streaks are upright, seals have colour. */
int
sheet_feed(struct page *p, bool seals, struct sheet *ret)
{
	_cleanup_(sheet_free) struct sheet s = {.width = p->width, .height = p->height};
	int r = -ENOMEM;

	s.fed = grey_page(p);
	if (s.fed != NULL)
		r = streaks_heal(s.fed);
	if (r >= 0 && p->red != NULL)
		r = seals_lift(
		    p->red, p->black, p->dpi / p->reduce, s.fed, seals ? &s.fed_seals : NULL);
	if (r >= 0)
		r = reverse_turn(
		    s.fed); /* while what is not so dark is darker than on even paper */
	page_free(p);
	if (r < 0)
		return r;
	s.scale = (double)pixGetWidth(s.fed) / p->width;
	*ret = s;
	s = (struct sheet){0};
	return 0;
}

/* Fresh copies of what was fed, turned. */
static int
turn_upright(struct sheet *s, int rotation)
{
	if ((rotation - s->rotation) % 180 != 0) {
		int w = s->width;

		s->width = s->height;
		s->height = w;
	}
	s->rotation = rotation;
	pixels_replace(&s->grey, pixRotateOrth(s->fed, rotation / 90));
	pixDestroy(&s->seals);
	if (s->fed_seals != NULL)
		s->seals = pixRotateOrth(s->fed_seals, rotation / 90);
	return s->grey == NULL || (s->fed_seals != NULL && s->seals == NULL) ? -ENOMEM : 0;
}

/* The ground of a page that has shaded bands is kept. */
static int
find_bands(struct sheet *s)
{
	int r = 0;

	pixDestroy(&s->bands);
	pixDestroy(&s->edges);
	if (shorter_side(s->grey) < GROUND_LEAST)
		return 0;
	s->bands = ground_find(s->grey);
	r = s->bands == NULL ? -ENOMEM : ground_is_banded(s->bands);
	if (r <= 0)
		pixDestroy(&s->bands);
	return r;
}

static int
find_edges(struct sheet *s)
{
	if (s->bands != NULL)
		s->edges = ground_edges(s->bands);
	return s->bands != NULL && s->edges == NULL ? -ENOMEM : 0;
}

int
sheet_set(struct sheet *s, int rotation)
{
	int turned;

	s->skew = 0;
	if (turn_upright(s, rotation) < 0)
		return -ENOMEM;
	if (s->grey == s->fed)
		pixels_replace(&s->grey, pixCopy(NULL, s->fed));
	if (s->grey == NULL || find_bands(s) < 0 || even_paper(s->grey, s->bands) < 0 ||
	    shade_lift(s->grey) < 0 || see(s) < 0)
		return -ENOMEM;
	if (is_grainy(s->half)) {
		bleach(s->grey, true);
		if (see(s) < 0)
			return -ENOMEM;
	}
	if (specks_clear(s->grey, s->half) < 0 || straighten(s) < 0 || find_edges(s) < 0)
		return -ENOMEM;
	bleach(s->grey, false);         /* after lines were found: hairlines are as pale as grain */
	turned = reverse_turn(s->grey); /* others are only found once they are level */
	if (turned > 0)
		turned = see(s);
	return turned < 0 ? turned : 0;
}

int
sheet_new(const struct page *p, int rotation, struct sheet *ret)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	struct page own = *p;
	int r;

	own.pix = pixCopy(NULL, p->pix);
	own.colour = NULL;
	own.red = p->red == NULL ? NULL : pixClone(p->red);
	own.black = p->black == NULL ? NULL : pixClone(p->black);
	r = own.pix == NULL ? -ENOMEM : sheet_feed(&own, true, &s);

	if (r >= 0)
		r = sheet_set(&s, rotation);
	if (r < 0)
		return r;
	*ret = s;
	s = (struct sheet){0};
	return 0;
}

void
sheet_settle(struct sheet *s)
{
	pixDestroy(&s->fed);
	pixDestroy(&s->fed_seals);
}

void
sheet_free(struct sheet *s)
{
	sheet_settle(s);
	pixDestroy(&s->grey);
	pixDestroy(&s->half);
	pixDestroy(&s->bands);
	pixDestroy(&s->faint);
	pixDestroy(&s->edges);
	pixDestroy(&s->seals);
}
