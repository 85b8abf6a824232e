/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thresholds are measured (MEASURED.md); distances are squared ones of letter_model.h. */
#include <errno.h>

#include "ocr/letter_add.h"

#define CLEAR 250.0f      /* from a letter's mean: it is one, … */
#define CLEAR_SIGN 120.0f /* … or a sign, of which dirt looks like some */
#define WIDE 0.06         /* ems: dirt is narrower */
#define ROOM 0.45         /* ems that a point has between letters */

/* Ink that belongs to no glyph: pieces [from, to), before glyph `at`. */
struct unread {
	unsigned from, to;
	size_t at;
};

/* The window of all of that ink; -1: no letter is so wide. */
static int
window_of(const struct letter_view *v, const struct unread *u)
{
	for (unsigned i = 0; i < v->cut.nwindows; i++)
		if (v->cut.windows[i].from == u->from && v->cut.windows[i].to == u->to)
			return (int)i;
	return -1;
}

static double
width(const struct letter_view *v, const struct unread *u)
{
	return (v->cut.pieces[u->to - 1].to - v->cut.pieces[u->from].from) / v->cut.em;
}

/* Between two glyphs that have ink, in ems. */
static double
room(const struct letter_view *v, size_t at)
{
	return (v->cut.pieces[letter_view_window(v, at)->from].from -
		   v->cut.pieces[letter_view_window(v, at - 1)->to - 1].to) /
	       v->cut.em;
}

/* Of brackets that one was read alone its other half must be. */
static bool
has_open_end(const struct letter_view *v, size_t at, bool opens)
{
	const uint32_t same = opens ? U'(' : U')', other = opens ? U')' : U'(';
	const size_t n = opens ? v->line->count - at : at;
	int depth = 0;

	for (size_t k = 0; k < n && depth >= 0; k++) {
		const size_t i = opens ? at + k : at - 1 - k;
		const uint32_t code = letter_code(letter_view_glyph(v, i));

		depth += (code == same) - (code == other);
	}
	return depth < 0;
}

/* Signs that letter_view_clear() does not know, for read ones are not mended to them. */
static bool
is_sign(const struct letter_view *v, size_t at, uint32_t code)
{
	if (code == U'(' || code == U')')
		return has_open_end(v, at, code == U'(');
	if (code_is_any(code, U"/・、。"))
		return at > 0 && at < v->line->count && room(v, at) >= ROOM;
	return code == U':';
}

/* What the ink is; 0: nothing clear. */
static uint32_t
letter_of(const struct letter_view *v, size_t at, const struct letter_window *w)
{
	struct letter_guess nearest;
	uint32_t code;

	if (letter_view_clear(w, CLEAR, &nearest) && !code_is_any(nearest.code, LETTER_STROKES) &&
	    (code_is_japanese(nearest.code) || nearest.distance <= CLEAR_SIGN))
		return letter_plain(nearest.code);
	letter_ink_judge(w->ink, &nearest, 1);
	code = letter_plain(nearest.code);
	if (nearest.distance <= CLEAR_SIGN && is_sign(v, at, code))
		return code;
	return at > 0 && letter_view_small(v, w, CLEAR, &nearest) ? letter_plain(nearest.code) : 0;
}

/* Whether glyphs beside it are what was read there, so that the ink is none of theirs. */
static bool
is_between_sure(const struct letter_view *v, size_t at)
{
	return (at == 0 || letter_view_is_sure(v, at - 1)) &&
	       (at == v->line->count || letter_view_is_sure(v, at));
}

/* The glyph beside that ink which it is the own ink of, though the glyph was laid over other ink;
 * SIZE_MAX: none. */
static size_t
owner(const struct letter_view *v, const struct unread *u, int window)
{
	struct letter_guess own;

	if (!letter_view_clear(&v->cut.windows[window], CLEAR, &own))
		return SIZE_MAX;
	for (size_t i = u->at - (u->at > 0); i <= u->at && i < v->line->count; i++)
		if (letter_view_is_misplaced(v, i, own.code))
			return i;
	return SIZE_MAX;
}

/* Then that other ink is what was not read; several glyphs may have been laid one off. */
static void
move_to_own(struct letter_view *v, struct unread *u, int *window)
{
	for (size_t i; (i = owner(v, u, *window)) != SIZE_MAX;) {
		const struct letter_window *was = letter_view_window(v, i);

		*u = (struct unread){was->from, was->to, i + (i == u->at)};
		*window = letter_view_move(v, i, (unsigned)*window);
	}
}

static int
add(struct letter_view *v, struct unread u)
{
	int window = window_of(v, &u);
	uint32_t code;
	int r;

	if (window < 0)
		return 0;
	move_to_own(v, &u, &window);
	if (width(v, &u) < WIDE || !is_between_sure(v, u.at))
		return 0;
	code = letter_of(v, u.at, &v->cut.windows[window]);
	r = code == 0 ? 0 : letter_view_insert(v, u.at, code, (unsigned)window);
	return r == -E2BIG ? 0 : r;
}

/* How many glyphs there are up to the last that has ink before piece `end`. */
static size_t
glyphs_before(const struct letter_view *v, unsigned end)
{
	size_t n = v->line->count;

	while (n > 0 && !(letter_view_sees(v, n - 1) && letter_view_window(v, n - 1)->to <= end))
		n--;
	return n;
}

int
letter_add(struct letter_view *v)
{
	int r = 0;

	for (unsigned to = v->cut.npieces; r >= 0 && to > 0;) {
		struct unread u = {to, to, 0};

		while (u.from > 0 && !v->used[u.from - 1])
			u.from--;
		if (u.from < to) {
			u.at = glyphs_before(v, u.from);
			r = add(v, u);
		}
		to = u.from < to ? u.from : to - 1;
	}
	return r;
}
