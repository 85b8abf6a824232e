/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds are measured (README.md); distances are squared ones of letter_model.h. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include <leptonica/allheaders.h>

#include "cleanup.h"
#include "ocr/letter_correct.h"
#include "ocr/letter_fit.h"
#include "text.h"

#define UNSURE 97   /* percent: a glyph surer than that needs more to be another */
#define SHORT 4     /* glyphs: the height of a shorter line tells too little of a letter's size */
#define NEAR 0.8    /* ems: what was read may stand so far off */
#define ALONE 40.0f /* the next letter is so much further off, but for those that look alike */
#define GUESSES 8   /* looked at */
#define BESIDE 0.3  /* ems: ink so near may be a part of a letter */
#define WELL 450.0f /* a neighbour is some letter if no further from one, … */
#define WELL_OWN 700.0f  /* … or from what was read there, if no other is nearer */
#define SEEN_WELL 350.0f /* a neighbour of what has no ink is what was read there */
#define UNSEEN_SIGN 90   /* percent: surer signs stay, with ink or without */
#define WHITE 200        /* grey: paper */
/* What ruled lines may have taken along. */
#define STROKES U"一ー-_|十工土士王口ロエニ二三丁トH"
#define WINDOWS_MAX 60000 /* of a page: a full A3 sheet has half as many, noise any number */
#define FOREIGN 0.7       /* Latin letters of all glyphs */
#define FITS 0.7          /* of the letters seen are what was read, or none may be where it seems */

/* How clear it must be that a glyph is another letter. */
struct trust {
	float clear; /* from the letter that stands for it: at most … */
	float lead;  /* … and so much nearer than from what was read, anywhere near */
};
static const struct trust unsure = {380, 100}, sure = {300, 200}, for_search = {500, 30};

/* A line, and where in it its glyphs stand. */
struct view {
	struct Pix *grey, *rules;
	struct words *words;
	struct line *line;
	struct letter_windows cut;
	int windows[LETTER_FIT_MAX];                 /* of each glyph, or LETTER_NOWHERE */
	struct letter_guess nearest[LETTER_FIT_MAX]; /* what each that is seen is most like */
	unsigned *left; /* windows that may still be looked at on this page */
	bool *used;     /* [pieces]: it belongs to one */
};

static void
view_free(struct view *v)
{
	letter_windows_free(&v->cut);
	free(v->used);
}

/* What may be written over what was read: no stroke that is a part of letters. */
static bool
is_letter(uint32_t code)
{
	code = letter_plain(code);
	if (code_is_any(code, U"丨丿亅丶匚匸囗卜ヮヵヽヾ"))
		return false;
	return code_is_japanese(code) || code_is_circled(code) || (code >= U'⑴' && code <= U'⑽') ||
	       code_is_any(code, U"●◎☑✓✔※×=*;★☆◆◇■▲△▼▽▶◀▷◁✧✦❏◦→←⇒≪≫〝〟≒℃〒ⅡⅢ㍿㈳㊤㊥㊦㊧㊨½¼¾");
}

static const struct glyph *
glyph_of(const struct view *v, size_t i)
{
	return &v->words->glyphs[v->line->first + i];
}

static bool
is_seen(const struct view *v, size_t i)
{
	return v->windows[i] != LETTER_NOWHERE;
}

static const struct letter_window *
window_of(const struct view *v, size_t i)
{
	return &v->cut.windows[v->windows[i]];
}

/* How far what was read is from the ink where it is seen. */
static float
own_distance(const struct view *v, size_t i)
{
	return letter_own_distance(&window_of(v, i)->point, glyph_of(v, i));
}

/* Whether the ink of a glyph that is seen is most like what was read. */
static bool
looks_as_read(const struct view *v, size_t i)
{
	return letters_are_alike(v->nearest[i].code, letter_code(glyph_of(v, i)));
}

/* ---- letters that look like others ---- */

/* How near what was read comes to any window around its own. */
static float
nearest_own(const struct view *v, size_t i)
{
	const struct letter_windows *cut = &v->cut;
	const struct box at = letter_window_box(cut, (unsigned)v->windows[i]);
	float least = INFINITY;

	for (unsigned k = 0; k < cut->nwindows; k++) {
		const struct box b = letter_window_box(cut, k);

		if (b.x >= at.x - NEAR * cut->em && b.x + b.w <= at.x + at.w + NEAR * cut->em)
			least = fminf(
			    least, letter_own_distance(&cut->windows[k].point, glyph_of(v, i)));
	}
	return least;
}

/* Whether ink beside a glyph belongs to no other: it may be a part of this one. */
static bool
has_ink_beside(const struct view *v, size_t i)
{
	const struct letter_window *at = window_of(v, i);
	const struct span *p = v->cut.pieces;
	const int beside = (int)(BESIDE * v->cut.em);

	return (at->from > 0 && !v->used[at->from - 1] &&
		   p[at->from].from - p[at->from - 1].to < beside) ||
	       (at->to < v->cut.npieces && !v->used[at->to] &&
		   p[at->to].from - p[at->to - 1].to < beside);
}

/* Whether a neighbour is what was read, or some letter at least. Marks were lifted off the sheet.
 */
static bool
is_well(const struct view *v, size_t i)
{
	if (!is_seen(v, i))
		return code_is_any(letter_code(glyph_of(v, i)), LETTER_MARKS);
	return v->nearest[i].distance <= WELL ||
	       (looks_as_read(v, i) && v->nearest[i].distance <= WELL_OWN);
}

/* The letter that a glyph clearly is, though another was read; 0: there is none. */
static uint32_t
look(const struct view *v, size_t i, const struct trust *t)
{
	struct letter_guess guess[GUESSES];
	const unsigned n = letter_judge(&window_of(v, i)->point, guess, GUESSES);
	unsigned k = 0, next;

	while (
	    k < n && !is_letter(guess[k].code) && letters_are_alike(guess[k].code, guess[0].code))
		k++;
	for (next = k + 1; next < n && letters_are_alike(guess[next].code, guess[k].code);)
		next++;
	if (next >= n || !is_letter(guess[k].code) || guess[k].distance > t->clear ||
	    guess[next].distance < guess[k].distance + ALONE ||
	    letters_are_alike(guess[k].code, letter_code(glyph_of(v, i))) ||
	    nearest_own(v, i) < guess[k].distance + t->lead)
		return 0;
	return letter_plain(guess[k].code);
}

static bool
can_be_judged(const struct view *v, size_t i)
{
	return is_seen(v, i) && !has_ink_beside(v, i) && (i == 0 || is_well(v, i - 1)) &&
	       (i + 1 == v->line->count || is_well(v, i + 1));
}

/* Ideographs that the judge does not know it takes for what they are most like, 德 for 徳. */
static bool
is_known(const struct view *v, size_t i)
{
	return !code_is_ideograph(letter_code(glyph_of(v, i))) || isfinite(own_distance(v, i));
}

static int
write_letter(struct view *v, size_t i, uint32_t code)
{
	char text[GLYPH_TEXT] = "";

	if (code == U'一' && i > 0 && code_is_katakana(letter_code(glyph_of(v, i - 1))))
		code = U'ー';
	utf8_encode(code, text);
	return words_correct(v->words, v->line, v->line->first + i, text, LETTER_RULE);
}

static int
correct(struct view *v, size_t i)
{
	const struct glyph *g = glyph_of(v, i);
	const bool is_sure = g->confidence >= UNSURE;
	uint32_t code;

	if (!can_be_judged(v, i) || !is_known(v, i) || (is_sure && v->line->count < SHORT))
		return 0;
	code = look(v, i, is_sure ? &sure : &unsure);
	/* signs look like anything */
	if (code == 0 || (is_sure && code_is_japanese(letter_code(g)) && !code_is_japanese(code)))
		return 0;
	return write_letter(v, i, code);
}

/* ---- letters that are not there ---- */

/* Whether a neighbour is what was read there, beyond doubt. */
static bool
is_there(const struct view *v, size_t i)
{
	float own;

	if (!is_seen(v, i))
		return false;
	own = own_distance(v, i);
	return own <= SEEN_WELL || (own <= WELL_OWN && looks_as_read(v, i));
}

/* Whether a neighbour has the same shape, as ニ and 二: one of them was read for the other. */
static bool
stands_beside_twin(const struct view *v, size_t i)
{
	const uint32_t code = letter_code(glyph_of(v, i));

	return (i > 0 && letters_are_alike(letter_code(glyph_of(v, i - 1)), code)) ||
	       (i + 1 < v->line->count && letters_are_alike(letter_code(glyph_of(v, i + 1)), code));
}

/* Whether paper is white for a letter's width beyond an end of the line, where ink may stand that
 * its box lacks. */
static bool
is_white_beyond(const struct view *v, bool right)
{
	const struct box *l = &v->cut.at;
	const int em = (int)v->cut.em, x = right ? l->x + l->w : l->x - em;
	struct box b = {x < 0 ? 0 : x, l->y, x < 0 ? em + x : em, l->h};
	PIX *part = b.w > 0 ? cutting_clean(v->grey, v->rules, &b) : NULL;
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
is_unseen(const struct view *v, size_t i)
{
	const struct glyph *g = glyph_of(v, i);
	const uint32_t code = letter_code(g);
	const size_t last = v->line->count - 1;

	if (is_seen(v, i) || code_is_any(code, LETTER_MARKS) ||
	    (code_is_any(code, STROKES) && !stands_beside_twin(v, i)) ||
	    (!code_is_japanese(code) && g->confidence >= UNSEEN_SIGN) || v->line->count < SHORT ||
	    (i > 0 && !is_there(v, i - 1)) || (i < last && !is_there(v, i + 1)) ||
	    (i == 0 && !is_white_beyond(v, false)) || (i == last && !is_white_beyond(v, true)))
		return false;
	return (i == 0 ? 0 : window_of(v, i - 1)->to) ==
	       (i == last ? v->cut.npieces : window_of(v, i + 1)->from);
}

static int
drop_unseen(struct view *v)
{
	int r = 0;

	for (size_t i = v->line->count; r >= 0 && i-- > 0;)
		if (is_unseen(v, i))
			r = words_drop(v->words, v->line, v->line->first + i, LETTER_RULE);
	return r;
}

/* ---- */

/* Whether most letters are seen where they look like what was read. */
static bool
fits(const struct view *v)
{
	size_t letters = 0, same = 0;

	for (size_t i = 0; i < v->line->count; i++) {
		letters += is_seen(v, i);
		same += is_seen(v, i) && looks_as_read(v, i);
	}
	return (double)(same + 1) >= FITS * (double)letters; /* one may be mended */
}

/* Which ink belongs to a glyph, and what that is most like. */
static int
judge(struct view *v)
{
	v->used = calloc(v->cut.npieces, sizeof *v->used);
	if (v->used == NULL)
		return -ENOMEM;
	for (size_t i = 0; i < v->line->count; i++) {
		const struct letter_window *at;

		if (!is_seen(v, i))
			continue;
		at = window_of(v, i);
		letter_judge(&at->point, &v->nearest[i], 1);
		for (unsigned k = at->from; k < at->to; k++)
			v->used[k] = true;
	}
	return 0;
}

static void
place(struct view *v)
{
	for (size_t i = 0; i < v->line->count; i++)
		if (is_seen(v, i))
			v->words->glyphs[v->line->first + i].box =
			    letter_window_box(&v->cut, (unsigned)v->windows[i]);
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

/* -ENODATA: nothing can be told of that line. */
static int
view_open(struct view *v)
{
	const struct line *l = v->line;
	int r;

	if (l->vertical || l->count > LETTER_FIT_MAX || is_foreign(v->words, l) || *v->left == 0)
		return -ENODATA;
	r = letter_windows(v->grey, v->rules, v->words, l, &v->cut);
	*v->left -= v->cut.nwindows < *v->left ? v->cut.nwindows : *v->left;
	if (r >= 0)
		r = letter_fit(&v->cut, v->words, l, UNSURE, v->windows);
	if (r >= 0)
		r = judge(v);
	return r >= 0 && !fits(v) ? -ENODATA : r;
}

static int
correct_line(struct Pix *grey, struct Pix *rules, struct words *w, struct line *l, unsigned *left)
{
	_cleanup_(view_free) struct view v = {
	    .grey = grey, .rules = rules, .words = w, .line = l, .left = left};
	int r = view_open(&v);

	if (r < 0)
		return r == -ENODATA ? 0 : r;
	place(&v);
	for (size_t i = 0; r >= 0 && i < l->count; i++)
		r = correct(&v, i);
	return r < 0 ? r : drop_unseen(&v);
}

int
letter_correct(struct Pix *grey, struct Pix *rules, struct words *w)
{
	unsigned left = WINDOWS_MAX;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = correct_line(grey, rules, w, &w->lines[i], &left);
	return r;
}

static int
write_otherwise(struct view *v)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < v->line->count; i++) {
		const uint32_t code = is_seen(v, i) ? look(v, i, &for_search) : 0;

		if (code != 0)
			r = write_letter(v, i, code);
	}
	return r;
}

static int
add_otherwise(struct Pix *grey, struct Pix *rules, const struct words *w, size_t line,
    unsigned *left, struct words *others)
{
	_cleanup_(words_free) struct words one = {0};
	_cleanup_(view_free) struct view v = {
	    .grey = grey, .rules = rules, .words = &one, .left = left};
	int r = words_append(&one, w, line, 1, w->lines[line].cell);

	if (r < 0)
		return r;
	v.line = one.lines;
	r = view_open(&v);
	if (r >= 0)
		r = write_otherwise(&v);
	if (r == -ENODATA || (r >= 0 && words_say_same(&one, w, line, line + 1)))
		return 0;
	return r < 0 ? r : words_append(others, &one, 0, 1, one.lines[0].cell);
}

int
letter_otherwise(struct Pix *grey, struct Pix *rules, const struct words *w, struct words *others)
{
	unsigned left = WINDOWS_MAX;
	int r = 0;

	for (size_t i = 0; r >= 0 && i < w->nlines; i++)
		r = add_otherwise(grey, rules, w, i, &left, others);
	return r;
}
