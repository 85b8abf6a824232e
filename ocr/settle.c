/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The longest common sequence of two readings, and what lies between. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/align.h"
#include "ocr/pitch.h"
#include "ocr/settle.h"

/* Of the usual step from glyph to glyph, how far apart the neighbours of a glyph are. */
#define ROOM_MIN 1.5
#define ROOM_MIXED 1.0  /* of a narrow one between a narrow one and a wide one */
#define INVENTED_MAX 95 /* confidence: surer ones were not invented */
#define CONTEXT 3       /* glyphs before and behind that a third reading is searched for */

static bool
is_wave(const struct glyph *g)
{
	return code_is_any(glyph_code(g), U"~～〜");
}

/* What a reading drops first between letters; nobody invents it. */
static bool
is_often_dropped(const struct glyph *g)
{
	return glyph_code(g) == U'・' || glyph_code(g) == '-' || is_wave(g);
}

/* Points, strokes and the like take no room of their own. */
static bool
is_small(const struct glyph *g)
{
	return code_is_any(glyph_code(g), U"・-－―—ー一,，、。:：'’~～〜|_");
}

/* Glyph at has neighbours which stand as near to each other as if nothing were between them:
 * strokes of theirs were read twice. */
static bool
is_invented(const struct words *w, size_t at)
{
	const struct glyph *g = &w->glyphs[at];
	bool narrow, mixed;

	if (at == 0 || at + 1 >= w->nglyphs || g->confidence > INVENTED_MAX || is_small(g))
		return false;
	narrow = pitch_is_narrow(g) && pitch_is_narrow(g - 1);
	mixed = pitch_is_narrow(g) && pitch_is_narrow(g - 1) != pitch_is_narrow(g + 1);
	return pitch_is_tight(g - 1, g + 1, mixed ? ROOM_MIXED : ROOM_MIN,
	    pitch_usual(w->glyphs, w->nglyphs, narrow && !mixed));
}

bool
settle_doubts(const struct words *w)
{
	for (size_t i = 0; i < w->nglyphs && w->nglyphs <= SETTLE_MAX; i++)
		if (is_invented(w, i))
			return true;
	return false;
}

/* A stretch of a reading. */
struct stretch {
	const struct words *of;
	size_t first, n;
};

/* What is between two glyphs that both readings have. */
struct gap {
	struct stretch best, other;
	const struct words *judge;
	int lead;
};

/* What best has behind the gap. */
static struct stretch
behind(const struct gap *gap)
{
	const size_t at = gap->best.first + gap->best.n;

	return (struct stretch){gap->best.of, at, gap->best.of->nglyphs - at};
}

static unsigned
mean(struct stretch s)
{
	unsigned sum = 0;

	for (size_t i = 0; i < s.n; i++)
		sum += s.of->glyphs[s.first + i].confidence;
	return s.n == 0 ? 0 : sum / (unsigned)s.n;
}

static bool
stands_at(const struct words *w, size_t at, struct stretch s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!glyph_is_same(&w->glyphs[at + i], &s.of->glyphs[s.first + i]))
			return false;
	return true;
}

/* Whether w has the three one after another: from its start, to its end, where that is asked. */
static bool
has(const struct words *w, const struct stretch part[3], bool start, bool end)
{
	const size_t n = part[0].n + part[1].n + part[2].n;

	for (size_t at = 0; at + n <= w->nglyphs && (at == 0 || !start); at++)
		if ((!end || at + n == w->nglyphs) && stands_at(w, at, part[0]) &&
		    stands_at(w, at + part[0].n, part[1]) &&
		    stands_at(w, at + part[0].n + part[1].n, part[2]))
			return true;
	return false;
}

/* Whether a third reading has `this` between what stands before and behind, and not `that`. */
static bool
is_confirmed(
    const struct gap *gap, const struct words *before, struct stretch this, struct stretch that)
{
	const struct stretch rest = behind(gap);

	for (size_t k = CONTEXT; gap->judge != NULL && k > 0; k--) {
		const bool start = before->nglyphs < k, end = rest.n < k;
		const size_t n = start ? before->nglyphs : k;
		struct stretch with[3] = {{before, before->nglyphs - n, n}, this,
		    {rest.of, rest.first, end ? rest.n : k}};
		bool found = has(gap->judge, with, start, end);

		with[1] = that;
		if (found != has(gap->judge, with, start, end))
			return found;
	}
	return false;
}

/* Whatever stands afterwards, it was disputed. */
static int
add(struct words *to, struct stretch s)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < s.n; i++) {
		struct glyph g = s.of->glyphs[s.first + i];

		if (g.confidence > SETTLE_DISPUTED)
			g.confidence = SETTLE_DISPUTED;
		r = words_glyph(to, &g);
	}
	return r;
}

static size_t
count_often_dropped(struct stretch s)
{
	size_t n = 0;

	for (size_t i = s.first; i < s.first + s.n; i++)
		n += is_often_dropped(&s.of->glyphs[i]);
	return n;
}

static bool
is_digit(const struct glyph *g)
{
	return code_is_digit(glyph_code(g));
}

/* Whether only dots and dashes are alone in one reading, where no dirt is taken for them: between
 * letters; a dash that was read as a letter between digits; a wave at the end, too. */
static bool
is_left_out(const struct words *before, struct stretch alone, struct stretch behind)
{
	const struct glyph *first = &alone.of->glyphs[alone.first], *last;

	if (before->nglyphs == 0)
		return false;
	last = &before->glyphs[before->nglyphs - 1];
	if (behind.n == 0)
		return alone.n == 1 && is_wave(first);
	if (alone.n == 1 && (glyph_code(first) == U'一' || glyph_code(first) == U'ー'))
		return is_digit(last) && is_digit(&behind.of->glyphs[behind.first]);
	return count_often_dropped(alone) == alone.n;
}

/* The one that gap's lead makes the surer. */
static struct stretch
surer(const struct gap *gap, struct stretch best, struct stretch other)
{
	return (int)mean(other) + gap->lead > (int)mean(best) ? other : best;
}

/* As many glyphs in both. */
static int
add_surer_glyphs(struct words *to, const struct gap *gap)
{
	int r = 0;

	if (is_confirmed(gap, to, gap->other, gap->best))
		return add(to, gap->other);
	for (size_t i = 0; r >= 0 && i < gap->best.n; i++)
		r = add(to, surer(gap, (struct stretch){gap->best.of, gap->best.first + i, 1},
				(struct stretch){gap->other.of, gap->other.first + i, 1}));
	return r;
}

static int
add_dots(struct words *to, struct stretch s)
{
	int r = 0;

	for (size_t i = s.first; r >= 0 && i < s.first + s.n; i++)
		if (is_often_dropped(&s.of->glyphs[i]))
			r = add(to, (struct stretch){s.of, i, 1});
	return r;
}

/* What one reading alone has: SETTLE_OPEN when only a third could tell. */
static int
add_alone(struct words *to, const struct gap *gap)
{
	const bool of_best = gap->best.n > 0;
	const struct stretch alone = of_best ? gap->best : gap->other;
	const struct stretch rest = behind(gap);
	const bool between = to->nglyphs > 0 && rest.n > 0;
	int r;

	if (is_left_out(to, alone, rest))
		return add(to, alone);
	if (alone.n == 1 && is_invented(alone.of, alone.first))
		return 0;
	if ((of_best && (gap->judge == NULL || !between)) ||
	    is_confirmed(gap, to, alone, (struct stretch){alone.of, alone.first, 0}))
		r = add(to, alone);
	else
		r = between ? add_dots(to, alone) : 0;
	return r < 0 || gap->judge != NULL ? r : SETTLE_OPEN;
}

static bool
ends_in_digit(struct stretch s)
{
	return s.n > 0 && is_digit(&s.of->glyphs[s.first + s.n - 1]);
}

/* Nothing but a digit stands before the comma of thousands. */
static bool
is_before_thousands(const struct gap *gap)
{
	const struct stretch rest = behind(gap);
	const struct glyph *g = &rest.of->glyphs[rest.first];

	return rest.n >= 2 && glyph_code(g) == ',' && is_digit(g + 1);
}

static int
add_gap(struct words *to, const struct gap *gap)
{
	const size_t n = gap->best.n, m = gap->other.n;
	int r;

	if (n == 0 && m == 0)
		return 0;
	if (n == 0 || m == 0)
		return add_alone(to, gap);
	if (is_before_thousands(gap) && ends_in_digit(gap->best) != ends_in_digit(gap->other))
		return add(to, ends_in_digit(gap->best) ? gap->best : gap->other);
	r = n == m ? add_surer_glyphs(to, gap) : add(to, surer(gap, gap->best, gap->other));
	if (r < 0 || gap->judge != NULL ||
	    count_often_dropped(gap->best) == count_often_dropped(gap->other))
		return r;
	return SETTLE_OPEN; /* they are not even of one kind */
}

int
settle(struct words *best, const struct words *other, int lead, const struct words *judge)
{
	const size_t n = best->nglyphs, m = other->nglyphs, wide = m + 1;
	_cleanup_(freep) uint16_t *common = NULL;
	_cleanup_(words_free) struct words both = {0};
	struct gap gap = {{best, 0, 0}, {other, 0, 0}, judge, lead};
	size_t i = 0, j = 0;
	int r, open = 0;

	if (best->nlines != 1 || other->nlines != 1 || n > SETTLE_MAX || m > SETTLE_MAX)
		return 0;
	common = align_count(best, other);
	if (common == NULL)
		return -ENOMEM;
	r = words_line(&both, &best->lines[0]);
	while (r >= 0 && (i < n || j < m)) {
		if (i < n && j < m && glyph_is_same(&best->glyphs[i], &other->glyphs[j])) {
			r = add_gap(&both, &gap);
			open |= r;
			if (r >= 0)
				r = words_glyph(&both, &best->glyphs[i]);
			gap.best = (struct stretch){best, ++i, 0};
			gap.other = (struct stretch){other, ++j, 0};
		} else if (j == m ||
			   (i < n && common[(i + 1) * wide + j] >= common[i * wide + j + 1])) {
			i++;
			gap.best.n++;
		} else {
			j++;
			gap.other.n++;
		}
	}
	if (r >= 0)
		r = add_gap(&both, &gap);
	if (r < 0)
		return r;
	open |= r;
	both.lines[0].raw = TAKE_PTR(best->lines[0].raw);
	words_line_done(&both);
	words_swap(best, &both);
	return open != 0 ? SETTLE_OPEN : 0;
}
