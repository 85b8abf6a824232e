/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Outlines by rows and columns. Shares are of the piece's width or height. */
#include <stdbool.h>
#include <stddef.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/signs_shape.h"

#define SHAFT_LONG 0.85    /* of an arrow */
#define SHAFT_MIDDLE 0.13  /* it lies so near to the middle of the height */
#define SHAFT_THIN 0.4     /* what the columns without the head reach over */
#define SHAFT_PART 0.4     /* of the width: that much at least is without the head */
#define SHAFTS_LEAST 0.25  /* of the height: two shafts are so far apart at least … */
#define SHAFTS_MOST 0.75   /* … and at most … */
#define SHAFTS_INK 0.7     /* … and so much of that is ink */
#define TIP_LOW 0.55       /* reach of the head's last columns */
#define ARROW_FLAT 1.05    /* width to height at least … */
#define ARROW_FLATTEST 3.5 /* … and at most */
#define LEAN 0.12          /* of the width: rows may be off the middle by so much */
#define SOLID 0.9          /* of a row from its first to its last pixel */
#define TRIANGLE_OFF 0.16  /* of the width: how far a row may be from a triangle's */
#define DIAMOND_OFF 0.16   /* likewise from a diamond's */
#define DISC_OFF 0.1       /* likewise from a disc's */
#define SOFT 2             /* pixels: rows at the tips of soft print are so much longer */
#define HOLE_MIN 0.2       /* of the filled outline: it is hollow; … */
#define HOLE_MAX 0.03      /* … or black */
#define SQUARE_MIN 0.72    /* shorter to longer side */
#define WAVE_FLAT 1.9      /* width to height at least … */
#define WAVE_FLATTEST 7    /* … and at most */
#define WAVE_SWING 0.15    /* of the height: crest and trough lie so far from the ends' height */
#define WAVE_THICK 0.75    /* of the height: a column reaches over no more */
#define SLASH_UPRIGHT 0.5  /* width to height at least … */
#define SLASH_FLAT 1.25    /* … and at most */
#define SLASH_BOW 0.045    /* of the width: its middle may be off the straight line by so much */
#define SLASH_THICK 0.3    /* of the width */
#define TWO_LEAST 4        /* pixels wide */
#define TWO_NARROW 0.45    /* width to height */
#define TWO_FOOT 0.7       /* of the width */
#define JOINED_RIGHT 0.42  /* of the width: the 2 that an m has grown to begins behind it, … */
#define JOINED_LOWEST 0.5  /* … the m's arches at this height at the latest, … */
#define JOINED_DEEP 0.2    /* … and the 2's foot so far below their tops */
#define DOT_SMALLEST 6     /* pixels: fewer show no shape */
#define DOT_ROUND 1.3      /* longer to shorter side */
#define DOT_FILL_LEAST 0.7 /* of its box: a disc fills .79 */
#define DOT_FILL_MOST 0.9
#define DOT_CORNER 0.85  /* of the width: its first and last row */
#define TEL_FLAT 1.02    /* width to height of ℡ at least … */
#define TEL_FLATTEST 1.7 /* … and at most */
#define TEL_LOW 0.2      /* of the height: above it is nothing of E and L */
#define TEL_NECK 0.44    /* of the width: ink below the bar of its T at most, with the bar's ends */
#define TEL_BAR 0.66     /* of the width: the T's bar ends there */
#define TEL_RIGHT 0.55   /* of the height: L has nothing above this at its right end … */
#define TEL_HEEL 0.08    /* … and so much ink below */
#define ARMS_FIRST 0.3   /* height at which a star's arms are, from … */
#define ARMS_LAST 0.5    /* … to */
#define ARMS_LONG 0.88   /* their reach */

/* From the first to the last pixel of a row or a column, and how many there are. */
struct run {
	int from, to, n;
};

static struct run
run_of(PIX *pix, int at, bool column)
{
	const int end = column ? pixGetHeight(pix) : pixGetWidth(pix);
	struct run r = {.from = end};

	for (int i = 0; i < end; i++) {
		l_uint32 on = 0;

		pixGetPixel(pix, column ? at : i, column ? i : at, &on);
		if (on == 0)
			continue;
		r.from = r.n == 0 ? i : r.from;
		r.to = i + 1;
		r.n++;
	}
	return r;
}

static int
length(struct run r)
{
	return r.n == 0 ? 0 : r.to - r.from;
}

/* Row at this share of the height. */
static struct run
row(PIX *pix, double share)
{
	return run_of(pix, (int)(share * (pixGetHeight(pix) - 1) + 0.5), false);
}

/* The lengths that columns [from, to) reach over, at most. */
static int
most(PIX *pix, int from, int to)
{
	int best = 0;

	for (int x = from; x < to; x++) {
		const int n = length(run_of(pix, x, true));

		best = n > best ? n : best;
	}
	return best;
}

/* The row of a stroke that runs nearly through, in the middle. */
static bool
has_shaft(PIX *pix)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);

	for (int y = (int)((0.5 - SHAFT_MIDDLE) * h); y <= (int)((0.5 + SHAFT_MIDDLE) * h); y++)
		if (y < h && run_of(pix, y, false).n >= SHAFT_LONG * w)
			return true;
	return false;
}

const char *
signs_arrow(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece), part = (int)(SHAFT_PART * w),
		  tip = w / 18 + 1;
	bool right, left;

	if (w < SIGNS_MIN || h < SIGNS_MIN / 2 || w < ARROW_FLAT * h || w > ARROW_FLATTEST * h ||
	    !has_shaft(piece))
		return NULL;
	right = most(piece, 0, part) <= SHAFT_THIN * h && most(piece, w - tip, w) <= TIP_LOW * h;
	left = most(piece, w - part, w) <= SHAFT_THIN * h && most(piece, 0, tip) <= TIP_LOW * h;
	if (right == left)
		return NULL;
	return right ? "→" : "←";
}

/* Column x is of two shafts: two strokes as far from the middle, neither at an end. */
static bool
has_shafts(PIX *pix, int x)
{
	const int h = pixGetHeight(pix);
	const struct run r = run_of(pix, x, true);
	const int off = r.from + r.to - h;

	return length(r) <= SHAFTS_MOST * h && length(r) >= SHAFTS_LEAST * h &&
	       r.n <= SHAFTS_INK * length(r) && off <= 2 * LEAN * h && -off <= 2 * LEAN * h;
}

/* Two shafts, and a head at the one end. */
static bool
points(PIX *pix, bool left)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix), part = (int)(SHAFT_PART * w),
		  tip = w / 12 + 1;

	for (int x = tip; x < part; x++)
		if (!has_shafts(pix, left ? w - 1 - x : x))
			return false;
	return most(pix, left ? 0 : w / 2, left ? w - w / 2 : w) == h &&
	       most(pix, left ? 0 : w - tip, left ? tip : w) <= TIP_LOW * h;
}

const char *
signs_double_arrow(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);

	if (w < SIGNS_MIN || h < SIGNS_MIN / 2 || w < ARROW_FLAT * h || w > ARROW_FLATTEST * h)
		return NULL;
	if (points(piece, false))
		return "⇒";
	return points(piece, true) ? "⇐" : NULL;
}

/* The middle of what a column reaches over, as a share of the height. */
static double
level(PIX *pix, double share)
{
	const struct run r = run_of(pix, (int)(share * (pixGetWidth(pix) - 1) + 0.5), true);

	return (r.from + r.to) / 2.0 / pixGetHeight(pix);
}

/* Up to a crest, down through the middle to a trough, and up again. */
const char *
signs_wave(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	const double crest = level(piece, 0.25), trough = level(piece, 0.75);

	if (w < SIGNS_MIN || h < SIGNS_LOW || w < WAVE_FLAT * h || w > WAVE_FLATTEST * h)
		return NULL;
	for (int x = 0; x < w; x++) {
		const struct run r = run_of(piece, x, true);

		if (r.n < length(r) || length(r) > WAVE_THICK * h)
			return NULL;
	}
	return crest <= 0.5 - WAVE_SWING && trough >= 0.5 + WAVE_SWING &&
		       level(piece, 0.03) >= crest + WAVE_SWING &&
		       level(piece, 0.97) <= trough - WAVE_SWING
		   ? "～"
		   : NULL;
}

/* ノ is bent. */
const char *
signs_slash(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	const struct run head = row(piece, 0.05), foot = row(piece, 0.95);

	if (w < SIGNS_MIN || h < SIGNS_MIN || w < SLASH_UPRIGHT * h || w > SLASH_FLAT * h ||
	    head.from <= foot.to)
		return NULL;
	for (int i = 1; i <= 19; i++) {
		const struct run r = row(piece, i * 0.05);
		const double off = r.from + r.to - (head.from + head.to) * (1 - (i - 1) / 18.0) -
				   (foot.from + foot.to) * (i - 1) / 18.0;

		if (r.n < length(r) || length(r) > SLASH_THICK * w || off > 2 * SLASH_BOW * w ||
		    -off > 2 * SLASH_BOW * w)
			return NULL;
	}
	return "/";
}

/* A bow on the right, a foot that its stroke comes down to on the left. */
const char *
signs_two(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	const struct run bow = row(piece, 0.3), neck = row(piece, 0.78), foot = row(piece, 1),
			 heel = row(piece, 1 - 1.0 / h);
	const int longest = foot.n > heel.n ? foot.n : heel.n;

	if (w < TWO_LEAST || h < SIGNS_LOW || w < TWO_NARROW * h || w > h)
		return NULL;
	return bow.to >= 0.8 * w && neck.n == length(neck) && neck.from + neck.to <= w + 1 &&
		       length(neck) <= 0.6 * w && longest >= TWO_FOOT * w &&
		       row(piece, 0).n >= 0.3 * w
		   ? "2"
		   : NULL;
}

/* Upper rows of pix from column x on. */
static bool
is_two_above(PIX *pix, int x, int rows)
{
	PIX *part = cutting(pix, (struct box){x, 0, pixGetWidth(pix) - x, rows}), *close = NULL;
	bool two = false;

	if (part != NULL && pixClipToForeground(part, &close, NULL) == 0)
		two = signs_two(close) != NULL;
	pixDestroy(&part);
	pixDestroy(&close);
	return two;
}

bool
signs_joined_two(struct Pix *piece)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	int rows = 0, left = w;
	struct run r;

	while (rows < h && (r = run_of(piece, rows, false)).from >= JOINED_RIGHT * w) {
		left = r.from < left ? r.from : left;
		rows++;
	}
	if (rows < SIGNS_LOW - 1 || rows > JOINED_LOWEST * h)
		return false;
	for (int foot = rows; foot <= rows + JOINED_DEEP * h; foot++)
		if (is_two_above(piece, left, foot))
			return true;
	return false;
}

/* In one piece and in the middle. */
static bool
is_plain(PIX *pix, struct run r)
{
	const int w = pixGetWidth(pix), off = r.from + r.to - w;

	return r.n >= SOLID * length(r) && off <= 2 * LEAN * w && -off <= 2 * LEAN * w;
}

static bool
is_triangle(PIX *filled)
{
	static const double at[] = {0.2, 0.35, 0.5, 0.65, 0.8};
	const int w = pixGetWidth(filled);

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		const struct run r = row(filled, at[i]);
		const double off = length(r) - at[i] * w;

		if (!is_plain(filled, r) || off > TRIANGLE_OFF * w || -off > TRIANGLE_OFF * w)
			return false;
	}
	return length(row(filled, 0.05)) <= 0.35 * w && row(filled, 0.95).n >= 0.85 * w;
}

static bool
is_diamond(PIX *filled)
{
	static const double at[] = {0.15, 0.3, 0.5, 0.7, 0.85};
	const int w = pixGetWidth(filled);

	for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
		const struct run r = row(filled, at[i]);
		const double off = length(r) - 2 * (at[i] <= 0.5 ? at[i] : 1 - at[i]) * w;

		if (!is_plain(filled, r) || off > DIAMOND_OFF * w + SOFT / 2 ||
		    -off > DIAMOND_OFF * w)
			return false;
	}
	return length(row(filled, 0.03)) <= 0.3 * w + SOFT &&
	       length(row(filled, 0.97)) <= 0.3 * w + SOFT;
}

static bool
is_disc(PIX *filled)
{
	static const struct {
		double at, reach;
	} rows[] = {{0.07, 0.51}, {0.15, 0.71}, {0.5, 1}, {0.85, 0.71}, {0.93, 0.51}};
	const int w = pixGetWidth(filled);

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const struct run r = row(filled, rows[i].at);
		const double off = length(r) - rows[i].reach * w;

		if (!is_plain(filled, r) || off > DISC_OFF * w + SOFT || -off > DISC_OFF * w + SOFT)
			return false;
	}
	return true;
}

/* The arms lie at one height, the rest narrows to two feet. */
static bool
is_star(PIX *filled)
{
	const int w = pixGetWidth(filled), h = pixGetHeight(filled);
	const struct run head = row(filled, 0.15), belt = row(filled, 0.48),
			 waist = row(filled, 0.62), feet = row(filled, 0.93);
	bool arms = false;

	for (int y = (int)(ARMS_FIRST * h); y < (int)(ARMS_LAST * h); y++)
		arms = arms || run_of(filled, y, false).n >= ARMS_LONG * w;
	return arms && is_plain(filled, head) && length(head) <= 0.3 * w &&
	       is_plain(filled, belt) && length(belt) >= 0.5 * w && is_plain(filled, waist) &&
	       length(waist) >= 0.4 * w && length(waist) <= 0.75 * w && length(feet) >= 0.4 * w &&
	       feet.n <= 0.75 * length(feet) && length(row(filled, 0.25)) <= 0.4 * w;
}

/* The piece's kind when its outline is as wanted: hollow, black, or NULL. */
static const char *
filled_kind(PIX *piece, bool (*wanted)(PIX *), const char *hollow, const char *black)
{
	const int w = pixGetWidth(piece), h = pixGetHeight(piece);
	PIX *holes, *all;
	l_int32 hole = 0, whole = 0;
	const char *kind = NULL;

	if (w < SIGNS_MIN || h < SIGNS_MIN || w < SQUARE_MIN * h || h < SQUARE_MIN * w)
		return NULL;
	holes = pixHolesByFilling(piece, 4);
	all = holes == NULL ? NULL : pixOr(NULL, holes, piece);
	if (all != NULL && pixCountPixels(holes, &hole, NULL) == 0 &&
	    pixCountPixels(all, &whole, NULL) == 0 && wanted(all))
		kind = hole >= HOLE_MIN * whole ? hollow : hole <= HOLE_MAX * whole ? black : NULL;
	pixDestroy(&holes);
	pixDestroy(&all);
	return kind;
}

const char *
signs_triangle(struct Pix *piece)
{
	return filled_kind(piece, is_triangle, "△", "▲");
}

const char *
signs_star(struct Pix *piece)
{
	return filled_kind(piece, is_star, "☆", "★");
}

const char *
signs_diamond(struct Pix *piece)
{
	return filled_kind(piece, is_diamond, "◇", "◆");
}

const char *
signs_disc(struct Pix *piece)
{
	return filled_kind(piece, is_disc, NULL, "●");
}

bool
signs_dot(struct Pix *ink)
{
	const int w = pixGetWidth(ink), h = pixGetHeight(ink);
	int all = 0;

	if (w < DOT_SMALLEST || h < DOT_SMALLEST || w > DOT_ROUND * h || h > DOT_ROUND * w)
		return false;
	for (int y = 0; y < h; y++) {
		const struct run r = run_of(ink, y, false);

		if (r.n == 0 || r.n != length(r) ||
		    ((y == 0 || y == h - 1) && r.n > DOT_CORNER * w))
			return false;
		all += r.n;
	}
	return all >= DOT_FILL_LEAST * w * h && all <= DOT_FILL_MOST * w * h;
}

/* How much of what lies at these shares of width and height is ink. */
static double
ink_in(PIX *pix, double left, double top, double right, double foot)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	const struct box b = {(int)(left * w), (int)(top * h), (int)((right - left) * w) + 1,
	    (int)((foot - top) * h) + 1};
	PIX *part = cutting(pix, b);
	l_int32 n = 0;

	if (part != NULL)
		pixCountPixels(part, &n, NULL);
	pixDestroy(&part);
	return (double)n / b.w / b.h;
}

/* The first row, as a share of the height, that has ink in columns between these shares. */
static double
top_of(PIX *pix, double left, double right)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);
	int first = h;

	for (int x = (int)(left * w); x < (int)(right * w); x++) {
		const struct run r = run_of(pix, x, true);

		first = r.n > 0 && r.from < first ? r.from : first;
	}
	return (double)first / h;
}

/* The columns between these shares that are ink nearly from top to foot (of the height). */
static bool
has_stem(PIX *pix, double left, double right, double top)
{
	const int w = pixGetWidth(pix), h = pixGetHeight(pix);

	for (int x = (int)(left * w); x <= (int)(right * w); x++)
		if (run_of(pix, x, true).n >= 0.8 * (1 - top) * h)
			return true;
	return false;
}

/* A T with its bar at the left and E and L, both lower, on its foot. */
bool
signs_telephone(struct Pix *ink)
{
	const int w = pixGetWidth(ink), h = pixGetHeight(ink);
	const struct run neck = row(ink, 0.2);
	double top;

	if (h < SIGNS_MIN || w < TEL_FLAT * h || w > TEL_FLATTEST * h)
		return false;
	top = top_of(ink, 0.62, 0.8);
	return length(row(ink, 0.05)) >= 0.3 * w && row(ink, 0.05).to <= TEL_BAR * w &&
	       top_of(ink, 0.6, 1) >= TEL_LOW && top >= TEL_LOW && top <= 0.5 &&
	       has_stem(ink, 0.1, 0.38, 0) && has_stem(ink, 0.6, 0.85, top) &&
	       has_stem(ink, 0.36, 0.6, top) && neck.to <= TEL_BAR * w && neck.n <= TEL_NECK * w &&
	       top_of(ink, 0.9, 1) >= TEL_RIGHT && ink_in(ink, 0.86, 0.85, 1, 1) >= TEL_HEEL;
}
