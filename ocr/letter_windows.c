/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_windows.h"
#include "ocr/strip.h"

#define INK_DARK 70 /* percent of the way from the darkest pixel to white: hairlines, too */
#define CONTRAST 30 /* grey levels between ink and paper: text was read here, however pale */
#define BESIDE 3    /* pixels that boxes may be cut close */
#define FLAT 0.5    /* of the box: a line's ink is higher */
#define ROWS_MAX 64 /* bands of ink */
#define BAND_MIN 8  /* pixels high */
#define BAND_MAX 200
#define OF_IDEOGRAPHS 0.93 /* of an em: how high a line of these is, … */
#define OF_KANA 0.86       /* … of these, … */
#define OF_LATIN 0.76      /* … and of letters and digits */
#define WIDE 1.2           /* ems: no letter is wider, … */
#define TOUCH 1.05         /* … and ink that is, is of several, … */
#define TOUCH_MIN 0.35     /* … each at least so wide */
#define PIECES_MAX 400
#define WINDOW_PIECES 6 /* of a letter, as the strokes of 川 and 小 */

static PIX *
take_rows(PIX *pix, struct span rows)
{
	return cutting(pix, (struct box){0, rows.from, pixGetWidth(pix), rows.to - rows.from});
}

static double
rows_ink(PIX *ink, struct span rows)
{
	PIX *part = take_rows(ink, rows);
	l_int32 n = 0;

	if (part != NULL)
		pixCountPixels(part, &n, NULL);
	pixDestroy(&part);
	return n;
}

/* The rows of the line itself: of what runs above or below it the box may hold a part. Bands that
 * are too flat for a line take in what is beside them, as both strokes of 二. */
static struct span
own_rows(PIX *ink)
{
	struct span spans[ROWS_MAX], band = {0, 0};
	const int n = cutting_spans(ink, true, spans, ROWS_MAX),
		  flat = (int)(FLAT * pixGetHeight(ink));
	double most = 0;
	int at = 0;

	for (int i = 0; i < n; i++) {
		const double dark = rows_ink(ink, spans[i]);

		if (dark > most) {
			most = dark;
			at = i;
		}
	}
	if (n > 0)
		band = spans[at];
	for (int up = at - 1, down = at + 1; band.to - band.from < flat && (up >= 0 || down < n);) {
		const bool above =
		    down >= n || (up >= 0 && band.from - spans[up].to < spans[down].from - band.to);

		if (above)
			band.from = spans[up--].from;
		else
			band.to = spans[down++].to;
	}
	return band;
}

static double
share_of_em(const struct words *w, const struct line *l)
{
	double share = OF_LATIN;

	for (size_t i = l->first; i < l->first + l->count; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		if (code_is_ideograph(code))
			return OF_IDEOGRAPHS;
		if (code_is_hiragana(code) || code_is_katakana(code))
			share = OF_KANA;
	}
	return share;
}

/* The column with the least ink in [from, to). */
static int
thinnest(NUMA *columns, int from, int to)
{
	l_int32 least = INT32_MAX, dark;
	int at = from;

	for (int x = from; x < to; x++) {
		numaGetIValue(columns, x, &dark);
		if (dark < least) {
			least = dark;
			at = x;
		}
	}
	return at;
}

/* Ink too wide for one letter, in parts. */
static void
part_touching(struct letter_windows *w, NUMA *columns, struct span ink)
{
	while (w->npieces < PIECES_MAX - 1 && ink.to - ink.from > TOUCH * w->em) {
		const int from = ink.from + (int)(TOUCH_MIN * w->em), end = ink.from + (int)w->em;
		const int cut = thinnest(columns, from, end < ink.to ? end : ink.to);

		w->pieces[w->npieces++] = (struct span){ink.from, cut};
		ink.from = cut;
	}
	w->pieces[w->npieces++] = ink;
}

static int
find_pieces(struct letter_windows *w, PIX *ink)
{
	_cleanup_(freep) struct span *spans = calloc(PIECES_MAX, sizeof *spans);
	NUMA *columns = pixCountPixelsByColumn(ink);
	int n;

	w->pieces = calloc(PIECES_MAX, sizeof *w->pieces);
	if (spans == NULL || columns == NULL || w->pieces == NULL) {
		numaDestroy(&columns);
		return -ENOMEM;
	}
	n = cutting_spans(ink, false, spans, PIECES_MAX);
	for (int i = 0; i < n && w->npieces < PIECES_MAX - 1; i++)
		part_touching(w, columns, spans[i]);
	numaDestroy(&columns);
	return w->npieces == 0 || w->npieces >= PIECES_MAX - 1 ? -ENODATA : 0;
}

/* The windows that end with piece `to` - 1. */
static int
add_windows(struct letter_windows *w, PIX *grey, struct letter_inks *inks, unsigned to)
{
	const int end = w->pieces[to - 1].to;

	for (unsigned k = to < WINDOW_PIECES ? to : WINDOW_PIECES; k > 0; k--) {
		const struct span *first = &w->pieces[to - k];
		struct letter_window *window = &w->windows[w->nwindows];
		const struct box box = {first->from, (int)w->top, end - first->from, (int)w->high};
		int r;

		if (box.w > WIDE * w->em)
			continue;
		r = letter_inks_look(inks, grey, w->at, box, w->em, &window->ink);
		if (r == -ENODATA)
			continue;
		if (r < 0)
			return r;
		window->from = to - k;
		window->to = to;
		w->nwindows++;
	}
	return 0;
}

static int
find_windows(struct letter_windows *w, PIX *grey, struct letter_inks *inks)
{
	int r = 0;

	if (inks == NULL)
		inks = w->inks = letter_inks_new();
	w->windows = calloc((size_t)w->npieces * WINDOW_PIECES, sizeof *w->windows);
	if (w->windows == NULL || inks == NULL)
		return -ENOMEM;
	for (unsigned to = 1; r >= 0 && to <= w->npieces; to++)
		r = add_windows(w, grey, inks, to);
	return r < 0 ? r : w->nwindows == 0 ? -ENODATA : 0;
}

struct Pix *
letter_windows_ink(struct Pix *grey)
{
	return strip_pale_ink(grey, INK_DARK, CONTRAST);
}

static int
cut(struct letter_windows *w, PIX *grey, struct letter_inks *inks, double share)
{
	PIX *all = letter_windows_ink(grey), *ink = NULL;
	struct span rows = {0, 0};
	int r = -ENODATA;

	if (all != NULL)
		rows = own_rows(all);
	w->top = rows.from;
	w->high = rows.to - rows.from;
	w->em = w->high / share;
	w->own = (struct span){0, pixGetWidth(grey)};
	if (w->high >= BAND_MIN && w->high <= BAND_MAX)
		ink = take_rows(all, rows);
	if (ink != NULL)
		r = find_pieces(w, ink);
	if (r >= 0)
		r = find_windows(w, grey, inks);
	pixDestroy(&ink);
	pixDestroy(&all);
	return r;
}

int
letter_windows(struct Pix *grey, struct Pix *rules, struct letter_inks *inks, const struct words *w,
    const struct line *l, struct letter_windows *ret)
{
	PIX *part;
	int r;

	*ret = (struct letter_windows){.at = {l->box.x - BESIDE, l->box.y - BESIDE,
					   l->box.w + 2 * BESIDE, l->box.h + 2 * BESIDE}};
	ret->at.x = ret->at.x < 0 ? 0 : ret->at.x;
	ret->at.y = ret->at.y < 0 ? 0 : ret->at.y;
	if (pixGetHeight(grey) - ret->at.y > 2 * BAND_MAX && ret->at.h > 2 * BAND_MAX)
		return -ENODATA;
	part = cutting_clean(grey, rules, &ret->at);
	if (part == NULL)
		return -ENODATA;
	r = cut(ret, part, inks, share_of_em(w, l));
	pixDestroy(&part);
	if (r < 0)
		letter_windows_free(ret);
	return r;
}

bool
letter_windows_own(const struct letter_windows *w, unsigned piece)
{
	const struct span *ink = &w->pieces[piece];

	return ink->to > w->own.from && ink->from < w->own.to;
}

struct box
letter_window_box(const struct letter_windows *w, unsigned window)
{
	const struct letter_window *at = &w->windows[window];
	const int x = w->pieces[at->from].from;

	return (struct box){
	    w->at.x + x, w->at.y + (int)w->top, w->pieces[at->to - 1].to - x, (int)w->high};
}

void
letter_windows_free(struct letter_windows *w)
{
	free(w->pieces);
	free(w->windows);
	letter_inks_free(w->inks);
	*w = (struct letter_windows){0};
}
