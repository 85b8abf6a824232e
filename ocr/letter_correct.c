/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds are measured (MEASURED.md); distances are squared ones of letter_model.h. */
#include <errno.h>
#include <math.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_add.h"
#include "ocr/letter_correct.h"
#include "ocr/letter_view.h"
#include "text.h"

#define SHORT 4     /* glyphs: the height of a shorter line tells too little of a letter's size */
#define NEAR 0.8    /* ems: what was read may stand so far off */
#define BESIDE 0.3  /* ems: ink so near may be a part of a letter */
#define WELL 450.0f /* a neighbour is some letter if no further from one, … */
#define WELL_OWN 700.0f /* … or from what was read there, if no other is nearer */
#define NOWHERE 700.0f  /* so much further off than another letter is what cannot be there; … */
#define CLEAR_NOWHERE 520.0f /* … that other is no further than this from its ink */
#define UNSEEN_SIGN 90       /* percent: surer signs stay, with ink or without */
#define WHITE 200            /* grey: paper */
#define RIM 3                /* pixels: grey around ink */

/* How clear it must be that a glyph is another letter. */
struct trust {
	float clear; /* from the letter that stands for it: at most … */
	float lead;  /* … and so much nearer than from what was read, anywhere near */
};
static const struct trust unsure = {380, 100}, sure = {300, 200}, for_search = {500, 30};

/* ---- letters that look like others ---- */

/* How near what was read comes to any window around its own. */
static float
nearest_own(const struct letter_view *v, size_t i)
{
	const struct letter_windows *cut = &v->cut;
	const struct box at = letter_window_box(cut, (unsigned)v->windows[i]);
	float least = INFINITY;

	for (unsigned k = 0; k < cut->nwindows; k++) {
		const struct box b = letter_window_box(cut, k);

		if (b.x >= at.x - NEAR * cut->em && b.x + b.w <= at.x + at.w + NEAR * cut->em)
			least = fminf(least, letter_own_distance(&cut->windows[k].ink->point,
						 letter_view_glyph(v, i)));
	}
	return least;
}

/* Whether a piece of ink of the line's own belongs to no glyph. */
static bool
is_free(const struct letter_view *v, unsigned piece)
{
	return !v->used[piece] && letter_windows_own(&v->cut, piece);
}

/* Whether ink beside a glyph belongs to no other: it may be a part of this one. */
static bool
has_ink_beside(const struct letter_view *v, size_t i)
{
	const struct letter_window *at = letter_view_window(v, i);
	const struct span *p = v->cut.pieces;
	const int beside = (int)(BESIDE * v->cut.em);

	return (at->from > 0 && is_free(v, at->from - 1) &&
		   p[at->from].from - p[at->from - 1].to < beside) ||
	       (at->to < v->cut.npieces && is_free(v, at->to) &&
		   p[at->to].from - p[at->to - 1].to < beside);
}

/* Whether a neighbour is what was read, or some letter at least. Marks were lifted off the sheet.
 */
static bool
is_well(const struct letter_view *v, size_t i)
{
	if (!letter_view_sees(v, i))
		return code_is_any(letter_code(letter_view_glyph(v, i)), LETTER_MARKS);
	return v->nearest[i].distance <= WELL ||
	       (letter_view_confirms(v, i) && v->nearest[i].distance <= WELL_OWN);
}

/* The letter that a glyph clearly is, though another was read; 0: there is none. */
static uint32_t
look(const struct letter_view *v, size_t i, const struct trust *t)
{
	struct letter_guess clear;

	if (!letter_view_clear(letter_view_window(v, i), t->clear, &clear) ||
	    letters_are_alike(clear.code, letter_code(letter_view_glyph(v, i))) ||
	    nearest_own(v, i) < clear.distance + t->lead)
		return 0;
	return letter_plain(clear.code);
}

/* Whether what was read is so far from all ink around that it cannot be there. */
static bool
is_nowhere(const struct letter_view *v, size_t i, float clear)
{
	return nearest_own(v, i) >= clear + NOWHERE;
}

/* The same of what cannot be what was read; signs look like anything. */
static uint32_t
look_again(const struct letter_view *v, size_t i)
{
	const struct letter_window *w = letter_view_window(v, i);
	struct letter_guess clear;

	if ((letter_view_small(v, w, unsure.clear, &clear) ||
		letter_view_clear(w, CLEAR_NOWHERE, &clear)) &&
	    !letters_are_alike(clear.code, letter_code(letter_view_glyph(v, i))) &&
	    code_is_japanese(letter_plain(clear.code)) && is_nowhere(v, i, clear.distance))
		return letter_plain(clear.code);
	return 0;
}

static bool
can_be_judged(const struct letter_view *v, size_t i)
{
	return letter_view_sees(v, i) && !has_ink_beside(v, i) && (i == 0 || is_well(v, i - 1)) &&
	       (i + 1 == v->line->count || is_well(v, i + 1));
}

/* Ideographs that the judge does not know it takes for what they are most like, 德 for 徳. */
static bool
is_known(const struct letter_view *v, size_t i)
{
	return !code_is_ideograph(letter_code(letter_view_glyph(v, i))) ||
	       isfinite(letter_view_distance(v, i));
}

/* Whether a neighbour has the same shape, as ニ and 二: one of them was read for the other. */
static bool
stands_beside_twin(const struct letter_view *v, size_t i)
{
	const uint32_t code = letter_code(letter_view_glyph(v, i));

	return (i > 0 && letters_are_alike(letter_code(letter_view_glyph(v, i - 1)), code)) ||
	       (i + 1 < v->line->count &&
		   letters_are_alike(letter_code(letter_view_glyph(v, i + 1)), code));
}

/* A run of one digit, 3000 before an 円 that was not read, lies over the ink one further: the last
 * is 円 then, and to write that would lose a digit. */
static bool
is_in_run(const struct letter_view *v, size_t i)
{
	return code_is_digit(letter_code(letter_view_glyph(v, i))) && stands_beside_twin(v, i);
}

static int
write_letter(struct letter_view *v, size_t i, uint32_t code)
{
	char text[GLYPH_TEXT] = "";

	if (code == U'一' && i > 0 && code_is_katakana(letter_code(letter_view_glyph(v, i - 1))))
		code = U'ー';
	utf8_encode(code, text);
	return words_correct(v->page->words, v->line, v->line->first + i, text, LETTER_RULE);
}

/* Whether that letter was read beside glyph i, for other ink: the text lies one letter off. */
static bool
is_beside(const struct letter_view *v, size_t i, uint32_t code)
{
	for (size_t k = i - (i > 0); k <= i + 1 && k < v->line->count; k++)
		if (k != i && letter_view_is_misplaced(v, k, code))
			return true;
	return false;
}

/* Whether a filled sign would stand in a word for an ideograph, which is as black where print is
 * soft. */
static bool
is_blot(const struct letter_view *v, size_t i, uint32_t code)
{
	return code_is_any(code, U"■●◆▲▼▶◀★") &&
	       code_is_ideograph(letter_code(letter_view_glyph(v, i))) && i > 0 &&
	       code_is_japanese(letter_code(letter_view_glyph(v, i - 1)));
}

static int
correct(struct letter_view *v, size_t i)
{
	const struct glyph *g = letter_view_glyph(v, i);
	const bool is_sure = g->confidence >= LETTER_VIEW_UNSURE;
	uint32_t code;

	if (!can_be_judged(v, i) || !is_known(v, i) || is_in_run(v, i) ||
	    (is_sure && v->line->count < SHORT))
		return 0;
	code = look(v, i, is_sure ? &sure : &unsure);
	if (code == 0 && !is_sure)
		code = look_again(v, i);
	/* signs look like anything */
	if (code == 0 || is_beside(v, i, code) || is_blot(v, i, code) ||
	    (is_sure && code_is_japanese(letter_code(g)) && !code_is_japanese(code)))
		return 0;
	return write_letter(v, i, code);
}

/* ---- letters that are not there ---- */

/* Whether paper is white for a letter's width beyond an end of the line, where ink may stand that
 * its box lacks. */
static bool
is_white_beyond(const struct letter_view *v, bool right)
{
	const struct letter_windows *cut = &v->cut;
	const int em = (int)cut->em;
	const int first = cut->pieces[0].from, last = cut->pieces[cut->npieces - 1].to;
	const int end = right ? (last > cut->own.to ? last : cut->own.to) + RIM
			      : (first < cut->own.from ? first : cut->own.from) - RIM - em;
	const int x = cut->at.x + end;
	struct box b = {x < 0 ? 0 : x, cut->at.y, x < 0 ? em + x : em, cut->at.h};
	PIX *part = b.w > 0 ? cutting_clean(v->page->grey, v->page->rules, &b) : NULL;
	l_int32 darkest = 255;

	if (part != NULL)
		pixGetExtremeValue(part, 1, L_SELECT_MIN, NULL, NULL, NULL, &darkest);
	pixDestroy(&part);
	return darkest > WHITE;
}

/* A letter for which there is no room, between two that stand beside each other or behind the last:
 * networks say some twice, or what words end with mostly. What a ruled line may have taken along
 * stays. */
static bool
is_unseen(const struct letter_view *v, size_t i)
{
	const struct glyph *g = letter_view_glyph(v, i);
	const uint32_t code = letter_code(g);
	const size_t last = v->line->count - 1;

	if (letter_view_sees(v, i) || code_is_any(code, LETTER_MARKS) ||
	    (code_is_any(code, LETTER_STROKES) && !stands_beside_twin(v, i)) ||
	    (!code_is_japanese(code) && g->confidence >= UNSEEN_SIGN) || v->line->count < SHORT ||
	    (i > 0 && !letter_view_is_sure(v, i - 1)) ||
	    (i < last && !letter_view_is_sure(v, i + 1)) ||
	    (i == 0 && !is_white_beyond(v, false)) || (i == last && !is_white_beyond(v, true)))
		return false;
	return (i == 0 ? 0 : letter_view_window(v, i - 1)->to) ==
	       (i == last ? v->cut.npieces : letter_view_window(v, i + 1)->from);
}

static int
drop_unseen(struct letter_view *v)
{
	int r = 0;

	for (size_t i = v->line->count; r >= 0 && i-- > 0;)
		if (is_unseen(v, i))
			r = letter_view_drop(v, i);
	return r;
}

/* ---- */

static void
place(struct letter_view *v)
{
	for (size_t i = 0; i < v->line->count; i++)
		if (letter_view_sees(v, i))
			v->page->words->glyphs[v->line->first + i].box =
			    letter_window_box(&v->cut, (unsigned)v->windows[i]);
}

static int
correct_line(struct letter_page *page, struct line *l)
{
	_cleanup_(letter_view_free) struct letter_view v = {0};
	int r = letter_view_open(page, l, true, &v);

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	place(&v);
	for (size_t i = 0; r >= 0 && i < l->count; i++)
		r = correct(&v, i);
	if (r >= 0)
		r = drop_unseen(&v);
	return r < 0 ? r : letter_add(&v);
}

int
letter_correct(struct Pix *grey, struct Pix *rules, struct letter_inks *inks, struct words *w)
{
	struct letter_page page = {grey, rules, inks, w, LETTER_VIEW_MOST};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = correct_line(&page, &w->lines[i]);
	return r;
}

static int
write_otherwise(struct letter_view *v)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < v->line->count; i++) {
		const uint32_t code = letter_view_sees(v, i) ? look(v, i, &for_search) : 0;

		if (code != 0)
			r = write_letter(v, i, code);
	}
	return r;
}

static int
add_otherwise(struct letter_page *page, const struct words *w, size_t line, struct words *others)
{
	_cleanup_(words_free) struct words one = {0};
	_cleanup_(letter_view_free) struct letter_view v = {0};
	int r = words_append(&one, w, line, 1, w->lines[line].cell);

	if (r < 0)
		return r;
	page->words = &one;
	r = letter_view_open(page, one.lines, false, &v);
	if (r >= 0)
		r = write_otherwise(&v);
	if (r == -ENODATA || (r >= 0 && words_say_same(&one, w, line, line + 1)))
		return 0;
	return r < 0 ? r : words_append(others, &one, 0, 1, one.lines[0].cell);
}

int
letter_otherwise(struct Pix *grey, struct Pix *rules, struct letter_inks *inks,
    const struct words *w, struct words *others)
{
	struct letter_page page = {grey, rules, inks, NULL, LETTER_VIEW_MOST};
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = add_otherwise(&page, w, i, others);
	return r;
}
