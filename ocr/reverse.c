/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dark fields are found coarsely, as what stays when everything thin is taken away. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/cutting.h"
#include "ocr/pixels.h"
#include "ocr/reverse.h"
#include "ocr/reverse_rims.h"
#include "ocr/runs.h"
#include "ocr/solid.h"

#define DARK 150 /* grey, on even paper; lighter fields are shaded paper with dark print on it */
#define STROKE_FINE 2   /* coarse pixels: light strokes up to 0.6 mm do not divide a field, … */
#define STROKE_COARSE 5 /* … nor up to 1.7 mm, but then print beside it is joined with it */
#define SOLID 6         /* coarse pixels, 2 mm: thinner is a rule or a letter */
#define HIGH_LEAST 9    /* coarse pixels of a field's sides, 3 mm */
#define WIDE_LEAST 15
#define FILL_LEAST 0.8 /* of its bounding box; less is a picture, a frame, a shadow */
#define CORE_LEAST 0.6 /* of a side: less is print close to a field and joined with it */
#define CORE_MOST 4    /* times that a box is drawn in to the core of what it holds */
#define LIGHTER 60     /* grey levels from the field to its print */
#define LIGHT_LEAST 0.02
#define LIGHT_MOST 0.45 /* of the field's pixels: more is no print */
#define RIM_DARK 0.9    /* share of the rim that is dark */
#define FIT_MOST 3      /* times that a box is drawn in by its rim */
#define OUTSIDE_DARK 0.5
#define ON_DARK 0.5     /* of what a field goes on by; less lies between two rules */
#define ONE_SHADE 0.65  /* of a field without its print and rules: less is dense print */
#define BLACK_MOST 0.03 /* darker than the field by as much: dark print on a shaded field */
#define RULE_LEAST 40   /* pixels, 3.4 mm: longer strokes darker than a field are rules in it */
#define RULE_THICK 15   /* pixels; thicker is no rule */
#define WORD_LONG 10    /* times its lesser side: longer fields may hold a single word */

/* The rules in a field that are darker than it, as between the headings of a table. */
static PIX *
find_rules(PIX *field, int ground)
{
	PIX *black = pixels_dark(field, ground < LIGHTER ? 0 : ground - LIGHTER + 1);
	PIX *across = black == NULL ? NULL : runs_open(black, ACROSS, RULE_LEAST);
	PIX *down = black == NULL ? NULL : runs_open(black, DOWN, RULE_LEAST);
	PIX *bars = black == NULL ? NULL : pixOpenBrick(NULL, black, RULE_THICK, RULE_THICK);

	if (across == NULL || down == NULL || bars == NULL || pixOr(across, across, down) == NULL ||
	    pixSubtract(across, across, bars) == NULL)
		pixDestroy(&across);
	pixDestroy(&bars);
	pixDestroy(&down);
	pixDestroy(&black);
	return across;
}

/* Share of light print in a field of which `all` pixels tell; in a long one a word is little. */
static bool
has_print(PIX *field, double light, double all)
{
	const int w = pixGetWidth(field), h = pixGetHeight(field);
	const int less = w < h ? w : h, more = w < h ? h : w;
	double told = more > WORD_LONG * less ? all * WORD_LONG * less / more : all;

	return light >= LIGHT_LEAST * told && light <= LIGHT_MOST * all;
}

/* The commonest grey. */
static int
ground_of(NUMA *histogram)
{
	l_float32 v, most = 0;
	int ground = 0;

	for (int i = 0; histogram != NULL && i < 256; i++) {
		numaGetFValue(histogram, i, &v);
		if (v > most) {
			most = v;
			ground = i;
		}
	}
	return ground;
}

/* The ground of a field, and whether the rest looks like light print on it. Rules in it are no
 * print. */
static bool
is_reversed(PIX *field, int *ret_ground)
{
	NUMA *histogram = pixGetGrayHistogram(field, 1);
	l_float32 v, all = 0, light = 0, black = 0, even = 0;
	const int ground = ground_of(histogram);
	PIX *rules;
	l_int32 ruled = 0;

	for (int i = 0; histogram != NULL && i < 256; i++) {
		numaGetFValue(histogram, i, &v);
		all += v;
		light += i >= ground + LIGHTER ? v : 0;
		black += i <= ground - LIGHTER ? v : 0;
		even += i >= ground - LIGHTER / 3 && i <= ground + LIGHTER / 3 ? v : 0;
	}
	numaDestroy(&histogram);
	*ret_ground = ground;
	if (all == 0 || ground >= DARK || even < ONE_SHADE * (all - light - black) ||
	    !has_print(field, light, all))
		return false;
	rules = find_rules(field, ground);
	if (rules != NULL)
		pixCountPixels(rules, &ruled, NULL);
	pixDestroy(&rules);
	return black - (l_float32)ruled <= BLACK_MOST * all;
}

/* Share of the pixels of a rectangle that are darker than `below`. */
static double
dark_share(PIX *grey, int x0, int y0, int w, int h, int below)
{
	int dark = 0;

	for (int y = y0; y < y0 + h; y++)
		for (int x = x0; x < x0 + w; x++) {
			l_uint32 v = 255;

			pixGetPixel(grey, x, y, &v);
			dark += (int)v < below;
		}
	return (double)dark / (w * h);
}

/* A field is dark all around its print; heavy letters are not. The box, which is coarse and may
 * hold a rule or a slant beside the field, is drawn in a little where it is not. */
static bool
fit_rim(PIX *grey, BOX *box, int ground)
{
	const int below = ground + LIGHTER;
	l_int32 x, y, w, h;

	boxGetGeometry(box, &x, &y, &w, &h);
	for (int i = 0;
	     i <= FIT_MOST && w >= WIDE_LEAST * SOLID_COARSE && h >= HIGH_LEAST * SOLID_COARSE / 2;
	     i++) {
		double top = dark_share(grey, x, y + REVERSE_RIM, w, REVERSE_RIM, below);
		double foot = dark_share(grey, x, y + h - 2 * REVERSE_RIM, w, REVERSE_RIM, below);
		double left = dark_share(grey, x + REVERSE_RIM, y, REVERSE_RIM, h, below);
		double right = dark_share(grey, x + w - 2 * REVERSE_RIM, y, REVERSE_RIM, h, below);

		if ((top + foot) * w + (left + right) * h >= RIM_DARK * 2 * (w + h)) {
			boxSetGeometry(box, x, y, w, h);
			return true;
		}
		x += (left < RIM_DARK) * REVERSE_RIM;
		y += (top < RIM_DARK) * REVERSE_RIM;
		w -= ((left < RIM_DARK) + (right < RIM_DARK)) * REVERSE_RIM;
		h -= ((top < RIM_DARK) + (foot < RIM_DARK)) * REVERSE_RIM;
	}
	return false;
}

/* Whether all sides of a field have paper beside them: a part of a larger field does not. */
static bool
is_whole(PIX *grey, BOX *box, int ground)
{
	const int below = ground + LIGHTER / 2, out = 2 * REVERSE_RIM;
	l_int32 x, y, w, h;

	boxGetGeometry(box, &x, &y, &w, &h);
	return dark_share(grey, x, y - out, w, REVERSE_RIM, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x, y + h + REVERSE_RIM, w, REVERSE_RIM, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x - out, y, REVERSE_RIM, h, below) <= OUTSIDE_DARK &&
	       dark_share(grey, x + w + REVERSE_RIM, y, REVERSE_RIM, h, below) <= OUTSIDE_DARK;
}

/* The field in the box becomes dark print on paper, with the rules that were in it. */
static int
invert(PIX *grey, BOX *box, int ground)
{
	PIX *field = pixClipRectangle(grey, box, NULL);
	_cleanup_(reverse_rims_free) struct reverse_rims rims = {0};
	PIX *rules = field == NULL ? NULL : find_rules(field, ground);
	l_int32 x, y;
	int r = rules == NULL ? -ENOMEM : reverse_rims_look(grey, box, ground + LIGHTER, &rims);

	boxGetGeometry(box, &x, &y, NULL, NULL);
	if (r >= 0) {
		pixInvert(field, field);
		pixGammaTRC(field, field, 1.0f, 0, 255 - ground - LIGHTER / 4);
		pixSetMasked(field, rules, 0);
		pixRasterop(
		    grey, x, y, pixGetWidth(field), pixGetHeight(field), PIX_SRC, field, 0, 0);
		reverse_rims_finish(grey, &rims);
		r = 1;
	}
	pixDestroy(&rules);
	pixDestroy(&field);
	return r;
}

/* How far a field goes on from a corner: heavy print on it cuts it in two, but not its rims, one
 * of which is (away_x, away_y) from the other. */
static int
goes_on(PIX *grey, int x, int y, int step_x, int step_y, int away_x, int away_y, int below)
{
	int n = 0;

	while (reverse_is_dark(grey, x + (n + 1) * step_x, y + (n + 1) * step_y, below) &&
	       reverse_is_dark(
		   grey, x + away_x + (n + 1) * step_x, y + away_y + (n + 1) * step_y, below))
		n++;
	return n;
}

static void
stretch(PIX *grey, BOX *box, int ground)
{
	const int below = ground + LIGHTER / 2; /* no paler field beside it */
	l_int32 x, y, w, h, left, right, up, down;

	boxGetGeometry(box, &x, &y, &w, &h);
	left = goes_on(grey, x, y + REVERSE_RIM, -1, 0, 0, h - 2 * REVERSE_RIM, below);
	right = goes_on(grey, x + w - 1, y + REVERSE_RIM, 1, 0, 0, h - 2 * REVERSE_RIM, below);
	if (left > 0 && dark_share(grey, x - left, y, left, h, below) < ON_DARK)
		left = 0;
	if (right > 0 && dark_share(grey, x + w, y, right, h, below) < ON_DARK)
		right = 0;
	x -= left;
	w += left + right;
	up = goes_on(grey, x + REVERSE_RIM, y, 0, -1, w - 2 * REVERSE_RIM, 0, below);
	down = goes_on(grey, x + REVERSE_RIM, y + h - 1, 0, 1, w - 2 * REVERSE_RIM, 0, below);
	if (up > 0 && dark_share(grey, x, y - up, w, up, below) < ON_DARK)
		up = 0;
	if (down > 0 && dark_share(grey, x, y + h, w, down, below) < ON_DARK)
		down = 0;
	boxSetGeometry(box, x, y - up, w, h + up + down);
}

static int
turn(PIX *grey, BOX *box, bool whole)
{
	PIX *field = pixClipRectangle(grey, box, NULL);
	NUMA *histogram = field == NULL ? NULL : pixGetGrayHistogram(field, 1);
	int ground = ground_of(histogram), r = 0;

	numaDestroy(&histogram);
	pixDestroy(&field);
	if (ground >= DARK)
		return 0;
	stretch(grey, box, ground);
	field = pixClipRectangle(grey, box, NULL);
	if (field == NULL)
		return -ENOMEM;
	if (is_reversed(field, &ground) && fit_rim(grey, box, ground) &&
	    (!whole || is_whole(grey, box, ground)))
		r = invert(grey, box, ground);
	pixDestroy(&field);
	return r;
}

/* Draws from and to in past the ends that hold too little. */
static void
trim(NUMA *count, int across, int *from, int *to)
{
	l_int32 n = 0;

	for (; *from < *to; ++*from)
		if (numaGetIValue(count, *from, &n) != 0 || n >= CORE_LEAST * across)
			break;
	for (; *from < *to; --*to)
		if (numaGetIValue(count, *to - 1, &n) != 0 || n >= CORE_LEAST * across)
			break;
}

/* The box of the field itself within the part, and how much of it the part fills. NULL: it is too
 * small. */
static BOX *
core(PIX *part, double *ret_fill)
{
	int x0 = 0, y0 = 0, x1 = pixGetWidth(part), y1 = pixGetHeight(part), w, h;
	l_int32 area = 0;

	for (int i = 0; i < CORE_MOST; i++) {
		PIX *in = cutting(part, (struct box){x0, y0, x1 - x0, y1 - y0});
		NUMA *rows = in == NULL ? NULL : pixCountPixelsByRow(in, NULL);
		NUMA *columns = in == NULL ? NULL : pixCountPixelsByColumn(in);
		int left = 0, right = x1 - x0, top = 0, foot = y1 - y0;

		w = right;
		h = foot;
		if (rows != NULL && columns != NULL) {
			trim(rows, w, &top, &foot);
			trim(columns, h, &left, &right);
			pixCountPixels(in, &area, NULL);
		}
		numaDestroy(&rows);
		numaDestroy(&columns);
		pixDestroy(&in);
		*ret_fill = (double)area / ((double)w * h);
		if (top == 0 && left == 0 && right == w && foot == h)
			break;
		x1 = x0 + right;
		y1 = y0 + foot;
		x0 += left;
		y0 += top;
		if (x1 - x0 < WIDE_LEAST || y1 - y0 < HIGH_LEAST)
			return NULL;
	}
	return boxCreate(x0, y0, x1 - x0, y1 - y0);
}

static int
turn_all(PIX *grey, int stroke)
{
	PIXA *parts = NULL;
	BOXA *boxes;
	int turned = 0, r;

	boxes = solid_fields(grey, DARK, stroke, SOLID, &parts);
	r = boxes == NULL ? -ENOMEM : 0;

	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		PIX *part = pixaGetPix(parts, i, L_CLONE);
		double fill = 0;
		l_int32 x, y, left, top, w, h;
		BOX *box;

		boxaGetBoxGeometry(boxes, i, &left, &top, &w, &h);
		box = w < WIDE_LEAST || h < HIGH_LEAST ? NULL : core(part, &fill);
		pixDestroy(&part);
		if (box == NULL || fill < FILL_LEAST) {
			boxDestroy(&box);
			continue;
		}
		boxGetGeometry(box, &x, &y, &w, &h);
		boxSetGeometry(box, (left + x) * SOLID_COARSE, (top + y) * SOLID_COARSE,
		    w * SOLID_COARSE, h * SOLID_COARSE);
		r = turn(grey, box, stroke == STROKE_FINE);
		turned += r > 0;
		boxDestroy(&box);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	return r < 0 ? r : turned;
}

int
reverse_turn(struct Pix *grey)
{
	const int w = pixGetWidth(grey), h = pixGetHeight(grey);
	int fine, rest;

	/* smaller than a field; nor can Leptonica make a coarse picture of a few pixels */
	if (w < WIDE_LEAST * SOLID_COARSE || h < HIGH_LEAST * SOLID_COARSE)
		return 0;
	fine = turn_all(grey, STROKE_FINE);
	rest = fine < 0 ? fine : turn_all(grey, STROKE_COARSE);
	return rest < 0 ? rest : fine + rest;
}
