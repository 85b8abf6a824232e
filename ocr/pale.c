/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Found coarsely, print and all, as what stays when everything thin is taken away; turned piece by
 * piece, for a faded field is of another shade at each end. */
#include <errno.h>
#include <stdbool.h>

#include <leptonica/allheaders.h>

#include "ocr/pale.h"
#include "ocr/solid.h"

#define PALE 225      /* grey, on even paper: lighter is paper */
#define STROKE 5      /* coarse pixels, 1.7 mm: light strokes are not wider */
#define SOLID 6       /* coarse pixels, 2 mm: thinner is a rule or a letter */
#define LETTER 13     /* coarse pixels: heavy letters as large leave no hole in their field */
#define WIDE_LEAST 15 /* coarse pixels of a field's sides, 5 mm and 2.3 mm */
#define HIGH_LEAST 7
#define FILL_LEAST 0.6    /* of its bounding box: less is a picture or a frame */
#define PIECE 48          /* pixels of width that have one ground */
#define GROUND 0.4        /* of the pixels of a piece are darker than its ground, or as dark */
#define PLAIN_LEAST 25    /* grey levels from the ground to white: less shows no print */
#define DIFFERENT 0.4     /* of the way from the ground to white, and as much darker */
#define LIGHT_LEAST 0.003 /* a word in a band across the page */
#define LIGHT_MOST 0.45   /* of the field's pixels: more is no print */
#define BLACK_MOST 0.03   /* dark print on it: read as it is */
#define RIM_LIGHT 0.12    /* of the rim's pixels: heavy letters have paper at theirs */

struct field {
	PIX *grey;        /* 8-bit */
	PIX *mask, *core; /* 1-bit: where the field is, and without its rim */
	int x, y;         /* on the page */
	double all, light, black;
	double rim, light_rim;
};

/* The grey that GROUND of a piece's pixels do not exceed; 255: there are none. */
static int
find_ground(const double *count)
{
	double sum = 0;

	for (int i = 0; i < 256 && count[256] > 0; i++) {
		sum += count[i];
		if (sum >= GROUND * count[256])
			return i;
	}
	return 255;
}

/* How many pixels of columns [x, x + w) have each grey, in count[256] how many there are. */
static void
count_greys(PIX *grey, PIX *mask, int x, int w, double count[257])
{
	const int h = pixGetHeight(grey);
	l_uint32 on, v;

	for (int i = 0; i < w * h; i++) {
		pixGetPixel(mask, x + i % w, i / w, &on);
		pixGetPixel(grey, x + i % w, i / w, &v);
		count[v] += on;
		count[256] += on;
	}
}

/* Takes down what a piece with this ground holds of light and of black. */
static void
judge_piece(struct field *f, const double *count, const double *core, int ground)
{
	const double far = DIFFERENT * (255 - ground);

	for (int i = 0; i < 256; i++) {
		f->light += i >= ground + far ? count[i] : 0;
		f->light_rim += i >= ground + far ? count[i] - core[i] : 0;
		f->black += i <= ground - far ? count[i] : 0;
	}
	f->all += count[256];
	f->rim += count[256] - core[256];
}

/* Columns [x, x + w) of the field, with one ground. */
static void
turn_piece(struct field *f, int x, int w)
{
	const int h = pixGetHeight(f->grey);
	double count[257] = {0}, core[257] = {0};
	int ground, plain;

	count_greys(f->grey, f->mask, x, w, count);
	count_greys(f->grey, f->core, x, w, core);
	ground = find_ground(count);
	plain = 255 - ground;
	judge_piece(f, count, core, ground);
	for (int i = 0; i < w * h; i++) {
		l_uint32 on, v;

		pixGetPixel(f->mask, x + i % w, i / w, &on);
		pixGetPixel(f->grey, x + i % w, i / w, &v);
		v = (int)v <= ground || plain < PLAIN_LEAST || !on
			? 255
			: 255 - (v - (l_uint32)ground) * 255 / (l_uint32)plain;
		pixSetPixel(f->grey, x + i % w, i / w, v);
	}
}

/* Whether what was turned looks like print. */
static bool
turn(struct field *f)
{
	const int width = pixGetWidth(f->grey);

	for (int x = 0; x < width; x += PIECE)
		turn_piece(f, x, width - x < PIECE ? width - x : PIECE);
	return f->light >= LIGHT_LEAST * f->all && f->light <= LIGHT_MOST * f->all &&
	       f->black <= BLACK_MOST * f->all && f->light_rim <= RIM_LIGHT * f->rim;
}

static int
add(PIX **page, PIX *grey, const struct field *f)
{
	if (*page == NULL) {
		*page = pixCreateTemplate(grey);
		if (*page == NULL)
			return -ENOMEM;
		pixSetAllArbitrary(*page, 255);
	}
	pixRasterop(
	    *page, f->x, f->y, pixGetWidth(f->grey), pixGetHeight(f->grey), PIX_SRC, f->grey, 0, 0);
	return 1;
}

/* part: a coarse piece at (x, y). 1 when it is a field with print, which *page shows then. */
static int
take(PIX *grey, PIX *part, int x, int y, PIX **page)
{
	struct field f = {.x = x * SOLID_COARSE, .y = y * SOLID_COARSE};
	BOX *box = boxCreate(
	    f.x, f.y, pixGetWidth(part) * SOLID_COARSE, pixGetHeight(part) * SOLID_COARSE);
	PIX *whole = pixCloseSafeBrick(NULL, part, LETTER, LETTER);
	PIX *inner = whole == NULL ? NULL : pixErodeBrick(NULL, whole, 3, 3); /* without its edge */
	PIX *core = inner == NULL ? NULL : pixErodeBrick(NULL, inner, 3, 3);
	int r = -ENOMEM;

	f.grey = pixClipRectangle(grey, box, NULL);
	f.mask = inner == NULL ? NULL : pixExpandReplicate(inner, SOLID_COARSE);
	f.core = core == NULL ? NULL : pixExpandReplicate(core, SOLID_COARSE);
	if (f.grey != NULL && f.mask != NULL && f.core != NULL)
		r = turn(&f) ? add(page, grey, &f) : 0;
	boxDestroy(&box);
	pixDestroy(&whole);
	pixDestroy(&inner);
	pixDestroy(&core);
	pixDestroy(&f.core);
	pixDestroy(&f.grey);
	pixDestroy(&f.mask);
	return r;
}

int
pale_fields(struct Pix *grey, struct Pix **ret)
{
	PIXA *parts = NULL;
	BOXA *boxes;
	int n = 0, r;

	*ret = NULL;
	/* nor can Leptonica make a coarse picture of a few pixels */
	if (pixGetWidth(grey) < WIDE_LEAST * SOLID_COARSE ||
	    pixGetHeight(grey) < HIGH_LEAST * SOLID_COARSE)
		return 0;
	boxes = solid_fields(grey, PALE, STROKE, SOLID, &parts);
	r = boxes == NULL ? -ENOMEM : 0;
	for (int i = 0; r >= 0 && i < boxaGetCount(boxes); i++) {
		PIX *part = pixaGetPix(parts, i, L_CLONE);
		l_int32 x, y, w, h, area = 0;

		boxaGetBoxGeometry(boxes, i, &x, &y, &w, &h);
		pixCountPixels(part, &area, NULL);
		if (w >= WIDE_LEAST && h >= HIGH_LEAST && area >= FILL_LEAST * w * h)
			r = take(grey, part, x, y, ret);
		n += r > 0;
		pixDestroy(&part);
	}
	boxaDestroy(&boxes);
	pixaDestroy(&parts);
	if (r < 0)
		pixDestroy(ret);
	return r < 0 ? r : n;
}
