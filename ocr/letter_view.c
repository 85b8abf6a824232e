/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds are measured (MEASURED.md); distances are squared ones of letter_model.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_view.h"
#include "ocr/prepare.h"
#include "text.h"

#define FOREIGN 0.7      /* Latin letters of all glyphs */
#define FITS 0.7         /* of the letters seen are what was read, or none may be where it seems */
#define SURE 350.0f      /* from what was read, … */
#define SURE_LIKE 700.0f /* … or that, if no other is nearer */
#define ALONE 40.0f      /* the next letter is so much further off, but for those that look alike */
#define FURTHER 2.0      /* of the line's height, to either side */
#define LEVEL 0.2        /* of it: a line that stands beside it */
#define RULE 0.6         /* of it, dark in one column: a ruled line */
#define SMALL 0.7        /* of the line's height: small print is no higher, … */
#define SMALL_LEAST 20   /* … nor lower than so many pixels, … */
#define SMALL_WIDE 0.6   /* … nor narrower, times its height; … */
#define OUT 0.4          /* … may stand so much of the line's height above or below it, … */
#define ROWS_MAX 64      /* bands of ink */
#define IDEOGRAPH 0.93   /* … it fills so much of its own em */
#define ADDED 90         /* percent of confidence in a letter that no network read */

const struct glyph *
letter_view_glyph(const struct letter_view *v, size_t i)
{
	return &v->page->words->glyphs[v->line->first + i];
}

bool
letter_view_sees(const struct letter_view *v, size_t i)
{
	return v->windows[i] != LETTER_NOWHERE;
}

const struct letter_window *
letter_view_window(const struct letter_view *v, size_t i)
{
	return &v->cut.windows[v->windows[i]];
}

float
letter_view_distance(const struct letter_view *v, size_t i)
{
	return letter_own_distance(&letter_view_window(v, i)->ink->point, letter_view_glyph(v, i));
}

bool
letter_view_confirms(const struct letter_view *v, size_t i)
{
	return letters_are_alike(v->nearest[i].code, letter_code(letter_view_glyph(v, i)));
}

bool
letter_view_is_sure(const struct letter_view *v, size_t i)
{
	float own;

	if (!letter_view_sees(v, i))
		return false;
	own = letter_view_distance(v, i);
	return own <= SURE || (own <= SURE_LIKE && letter_view_confirms(v, i));
}

bool
letter_view_is_misplaced(const struct letter_view *v, size_t i, uint32_t code)
{
	return letter_view_sees(v, i) && !letter_view_confirms(v, i) &&
	       letters_are_alike(letter_code(letter_view_glyph(v, i)), code);
}

/* What may be written where it was not read: no stroke that is a part of letters. */
static bool
is_letter(uint32_t code)
{
	code = letter_plain(code);
	if (code_is_any(code, U"丨丿亅丶匚匸囗卜ヮヵヽヾ"))
		return false;
	return code_is_japanese(code) || code_is_circled(code) || (code >= U'⑴' && code <= U'⑽') ||
	       code_is_any(code, U"●◎☑✓✔※×=*;★☆◆◇■▲△▼▽▶◀▷◁✧✦❏◦→←⇒≪≫〝〟≒℃〒ⅡⅢ㍿㈳㊤㊥㊦㊧㊨½¼¾");
}

bool
letter_view_clear(const struct letter_window *w, float most, struct letter_guess *ret)
{
	struct letter_guess guess[LETTER_INK_NEAREST];
	const unsigned n = letter_ink_judge(w->ink, guess, LETTER_INK_NEAREST);
	unsigned k = 0, next;

	while (
	    k < n && !is_letter(guess[k].code) && letters_are_alike(guess[k].code, guess[0].code))
		k++;
	for (next = k + 1; next < n && letters_are_alike(guess[next].code, guess[k].code);)
		next++;
	if (next >= n || !is_letter(guess[k].code) || guess[k].distance > most ||
	    guess[next].distance < guess[k].distance + ALONE)
		return false;
	*ret = guess[k];
	return true;
}

/* What of part, a window and OUT of a line above and below it, is that window's own ink; none: no
 * height. */
static struct box
own_ink(PIX *part, int out)
{
	PIX *ink = part == NULL ? NULL : letter_windows_ink(part);
	struct span spans[ROWS_MAX];
	const int n = ink == NULL ? 0 : cutting_spans(ink, true, spans, ROWS_MAX);
	const int h = ink == NULL ? 0 : pixGetHeight(ink);
	struct box ret = {0};

	for (int i = 0; i < n; i++)
		if (spans[i].from < h - out && spans[i].to > out)
			ret = box_union(ret, (struct box){0, spans[i].from, pixGetWidth(ink),
						 spans[i].to - spans[i].from});
	pixDestroy(&ink);
	return ret.y > 0 && ret.y + ret.h < h ? ret : (struct box){0};
}

static PIX *
around(const struct letter_view *v, struct box at, int out)
{
	at.y -= out;
	at.h += 2 * out;
	return at.y < 0 ? NULL : cutting_clean(v->page->grey, v->page->rules, &at);
}

bool
letter_view_small(const struct letter_view *v, const struct letter_window *w, float most,
    struct letter_guess *ret)
{
	const int out = (int)(OUT * v->cut.high);
	struct box at = letter_window_box(&v->cut, (unsigned)(w - v->cut.windows));
	PIX *part = around(v, at, out);
	const struct box rows = own_ink(part, out);
	const double em = rows.h / IDEOGRAPH, middle = rows.y + rows.h / 2.0;
	struct letter_shape shape;
	struct letter_ink ink = {0};
	const struct letter_window own = {0, 1, &ink};
	bool found = rows.h >= SMALL_LEAST && rows.h <= SMALL * v->cut.high &&
		     rows.w >= SMALL_WIDE * rows.h &&
		     letter_shape(part, rows, middle - em / 2, em, &shape) >= 0;

	pixDestroy(&part);
	if (!found)
		return false;
	letter_project(&shape, &ink.point);
	return letter_view_clear(&own, most, ret) && code_is_ideograph(letter_plain(ret->code)) &&
	       !code_is_any(letter_plain(ret->code), LETTER_STROKES);
}

/* ---- opening ---- */

/* Whether most letters are seen where they look like what was read. */
static bool
fits(const struct letter_view *v)
{
	size_t letters = 0, same = 0;

	for (size_t i = 0; i < v->line->count; i++) {
		letters += letter_view_sees(v, i);
		same += letter_view_sees(v, i) && letter_view_confirms(v, i);
	}
	return (double)(same + 1) >= FITS * (double)letters; /* one may be mended */
}

static void
mark(struct letter_view *v, const struct letter_window *w, bool used)
{
	for (unsigned k = w->from; k < w->to; k++)
		v->used[k] = used;
}

/* Lays glyph i over a window. */
static void
lay(struct letter_view *v, size_t i, unsigned window)
{
	v->windows[i] = (int)window;
	letter_ink_judge(v->cut.windows[window].ink, &v->nearest[i], 1);
	mark(v, &v->cut.windows[window], true);
}

/* Which ink belongs to a glyph, and what that is most like. */
static int
judge(struct letter_view *v)
{
	v->used = calloc(v->cut.npieces, sizeof *v->used);
	if (v->used == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < v->line->count; i++)
		if (letter_view_sees(v, i))
			lay(v, i, (unsigned)v->windows[i]);
	return 0;
}

/* Words in Latin letters are read by a network of their own, and letters in them touch. */
static bool
is_foreign(const struct words *w, const struct line *l)
{
	size_t letters = 0;

	for (size_t i = l->first; i < l->first + l->count; i++)
		letters += glyph_is_latin_letter(&w->glyphs[i]);
	return (double)letters >= FOREIGN * (double)l->count;
}

/* Of b, from its left on, how much is no ruled line yet. Looks from the other end when `back`. */
static int
until_rule(PIX *rules, struct box b, bool back)
{
	const struct box half = {
	    b.x / SHEET_HALF, b.y / SHEET_HALF, b.w / SHEET_HALF + 1, b.h / SHEET_HALF + 1};
	PIX *part = rules == NULL || b.w <= 0 ? NULL : cutting(rules, half);
	NUMA *columns = part == NULL ? NULL : pixCountPixelsByColumn(part);
	const int n = columns == NULL ? 0 : numaGetCount(columns);
	int room = rules == NULL || b.w <= 0 || n > 0 ? b.w : 0;

	for (int i = 0; i < n; i++) {
		l_int32 dark = 0;

		numaGetIValue(columns, back ? n - 1 - i : i, &dark);
		if (dark * SHEET_HALF > RULE * b.h) {
			room = i * SHEET_HALF < b.w ? i * SHEET_HALF : b.w;
			break;
		}
	}
	numaDestroy(&columns);
	pixDestroy(&part);
	return room;
}

/* l's box, of which some is on the sheet, and what is beside it, up to another line or a ruled
 * line. */
static struct box
with_room(const struct letter_page *page, const struct line *l)
{
	const struct box b = l->box;
	const int end = b.x + b.w, far = (int)(FURTHER * b.h);
	int left = b.x - far < 0 ? 0 : b.x - far, right = end + far;

	for (size_t i = 0; i < page->words->nlines; i++) {
		const struct box *o = &page->words->lines[i].box;

		if (&page->words->lines[i] == l ||
		    box_common(*o, (struct box){o->x, b.y, o->w, b.h}).h < LEVEL * b.h)
			continue;
		if (o->x < right && (o->x > b.x || o->x + o->w > end))
			right = o->x > end ? o->x : end;
		if (o->x <= b.x && o->x + o->w > left)
			left = o->x + o->w < b.x ? o->x + o->w : b.x;
	}
	right = end + until_rule(page->rules, (struct box){end, b.y, right - end, b.h}, false);
	left = b.x - until_rule(page->rules, (struct box){left, b.y, b.x - left, b.h}, true);
	return (struct box){left, b.y, right - left, b.h};
}

/* To look for ink takes its time even where there is none. */
static void
spend(struct letter_page *page, unsigned windows)
{
	const unsigned least = windows > 0 ? windows : 1;

	page->left -= least < page->left ? least : page->left;
}

int
letter_view_open(struct letter_page *page, struct line *l, bool further, struct letter_view *ret)
{
	const struct box sheet = {0, 0, pixGetWidth(page->grey), pixGetHeight(page->grey)};
	struct line at = *l;
	int r;

	*ret = (struct letter_view){.page = page, .line = l};
	if (l->vertical || l->count > LETTER_FIT_MAX || is_foreign(page->words, l) ||
	    page->left == 0)
		return -ENODATA;
	if (further && box_common(l->box, sheet).w > 0)
		at.box = with_room(page, l);
	if (page->inks != NULL)
		letter_inks_tidy(page->inks);
	r = letter_windows(page->grey, page->rules, page->inks, page->words, &at, &ret->cut);
	spend(page, ret->cut.nwindows);
	ret->cut.own = (struct span){l->box.x - ret->cut.at.x, l->box.x + l->box.w - ret->cut.at.x};
	if (r >= 0)
		r = letter_fit(&ret->cut, page->words, l, LETTER_VIEW_UNSURE, ret->windows);
	if (r >= 0)
		r = judge(ret);
	return r >= 0 && !fits(ret) ? -ENODATA : r;
}

void
letter_view_free(struct letter_view *v)
{
	letter_windows_free(&v->cut);
	free(v->used);
}

/* ---- changes ---- */

int
letter_view_move(struct letter_view *v, size_t i, unsigned window)
{
	const int was = v->windows[i];

	mark(v, letter_view_window(v, i), false);
	lay(v, i, window);
	v->page->words->glyphs[v->line->first + i].box = letter_window_box(&v->cut, window);
	return was;
}

int
letter_view_drop(struct letter_view *v, size_t i)
{
	const size_t behind = v->line->count - i - 1;
	int r = words_drop(v->page->words, v->line, v->line->first + i, LETTER_RULE);

	if (r < 0)
		return r;
	memmove(&v->windows[i], &v->windows[i + 1], behind * sizeof *v->windows);
	memmove(&v->nearest[i], &v->nearest[i + 1], behind * sizeof *v->nearest);
	return 0;
}

int
letter_view_insert(struct letter_view *v, size_t i, uint32_t code, unsigned window)
{
	const size_t behind = v->line->count - i;
	struct glyph g = {.box = letter_window_box(&v->cut, window), .confidence = ADDED};
	int r;

	if (v->line->count >= LETTER_FIT_MAX)
		return -E2BIG;
	utf8_encode(code, g.text);
	r = words_insert(v->page->words, v->line, v->line->first + i, &g, LETTER_RULE);
	if (r < 0)
		return r;
	v->line->box = box_union(v->line->box, g.box);
	memmove(&v->windows[i + 1], &v->windows[i], behind * sizeof *v->windows);
	memmove(&v->nearest[i + 1], &v->nearest[i], behind * sizeof *v->nearest);
	lay(v, i, window);
	return 0;
}
