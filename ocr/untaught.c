/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The two readings beside each other, put together anew. Thresholds are measured (MEASURED.md). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "ocr/align.h"
#include "ocr/read_line.h"
#include "ocr/settle.h"
#include "ocr/untaught.h"
#include "ocr/untaught_letters.h"

#define DOUBT 90   /* percent: the Japanese networks are less sure of an ideograph, … */
#define SURE 80    /* … the Chinese one so sure of another, … */
#define OF_WORD 88 /* … and so of a letter beside one that is better */

/* Whom to believe then. */
struct trust {
	int lead;    /* percent: the Chinese network is surer by so much than the Japanese ones */
	bool taught; /* what it read may be a letter which all of them know, too */
};

static const struct trust for_show = {.lead = 7, .taught = false};
static const struct trust for_search = {.lead = -15, .taught = true};

/* Between two letters, or ends of the line, that both readings have. */
struct gap {
	const struct words *read, *han;
	size_t from, to;         /* glyphs of read */
	size_t han_from, han_to; /* and of han */
};

static bool
is_ideograph(const struct glyph *g)
{
	return code_is_ideograph(glyph_code(g));
}

static bool
is_untaught(const struct glyph *g)
{
	return code_is_any(glyph_code(g), untaught_letters);
}

static bool
is_doubted(const struct glyph *g)
{
	return is_ideograph(g) && g->confidence < DOUBT;
}

static bool
has_doubt(const struct words *w)
{
	for (size_t i = 0; i < w->nglyphs; i++)
		if (is_doubted(&w->glyphs[i]))
			return true;
	return false;
}

/* Whether han stands for what was read at its place. What the Chinese network reads where it does
 * not know the right letter (隣, 訳) is nothing; search may have it. */
static bool
is_better(
    struct engine *e, const struct glyph *read, const struct glyph *han, const struct trust *t)
{
	if (!is_doubted(read) || !is_ideograph(han) || han->confidence < SURE ||
	    han->confidence < read->confidence + t->lead)
		return false;
	if (t->taught)
		return is_untaught(han) || engine_knows(e, ENGINE_JAPANESE, han->text);
	return is_untaught(han) && engine_knows(e, ENGINE_CHINESE, read->text);
}

/* ---- which letter stands for which ---- */

static bool
are_ideographs(const struct words *w, size_t from, size_t to)
{
	for (size_t i = from; i < to; i++)
		if (!is_ideograph(&w->glyphs[i]))
			return false;
	return true;
}

/* The glyph of han that lies where glyph i of the gap does, NULL: that cannot be told. Kana are
 * read as any number of letters, or none: where there are not as many of both, only ideographs are
 * counted off, from either end of the gap. */
static const struct glyph *
opposite(const struct gap *g, size_t i)
{
	const struct glyph *han = g->han->glyphs;
	const size_t n = g->to - g->from, m = g->han_to - g->han_from;
	const size_t before = i - g->from, behind = g->to - i;

	if (n == m)
		return &han[g->han_from + before];
	if (behind <= m && are_ideographs(g->read, i, g->to) &&
	    are_ideographs(g->han, g->han_to - behind, g->han_to))
		return &han[g->han_to - behind];
	if (before < m && are_ideographs(g->read, g->from, i + 1) &&
	    are_ideographs(g->han, g->han_from, g->han_from + before + 1))
		return &han[g->han_from + before];
	return NULL;
}

/* Glyph i is beside one for which han stands, and han has such a letter there, too: 徘徊 and 膀胱
 * are words of two. However sure the Japanese networks are, they read none of them. */
static bool
is_of_word(
    struct engine *e, const struct gap *g, size_t i, const struct glyph *han, const struct trust *t)
{
	if (!is_ideograph(&g->read->glyphs[i]) || !is_untaught(han) || han->confidence < OF_WORD)
		return false;
	for (size_t k = i == g->from ? i + 1 : i - 1; k < g->to && k <= i + 1; k += 2) {
		const struct glyph *beside = opposite(g, k);

		if (beside != NULL && is_untaught(beside) &&
		    is_better(e, &g->read->glyphs[k], beside, t))
			return true;
	}
	return false;
}

static int
add_letter(struct words *to, struct glyph like, const struct glyph *han)
{
	memcpy(like.text, han->text, sizeof like.text);
	like.confidence = SETTLE_DISPUTED;
	return words_glyph(to, &like);
}

static int
add_gap(struct engine *e, const struct gap *g, const struct trust *t, struct words *to)
{
	int r = 0;

	for (size_t i = g->from; r >= 0 && i < g->to; i++) {
		const struct glyph *read = &g->read->glyphs[i];
		const struct glyph *han = opposite(g, i);

		if (han != NULL && (is_better(e, read, han, t) || is_of_word(e, g, i, han, t)))
			r = add_letter(to, *read, han);
		else
			r = words_glyph(to, read);
	}
	return r;
}

/* Appends w's line to ret, with han's letters where they are trusted. */
static int
put_together(struct engine *e, const struct words *w, const struct words *han,
    const struct trust *t, struct words *ret)
{
	_cleanup_(freep) struct aligned *a = align(w, han);
	struct gap g = {.read = w, .han = han};
	int r = a == NULL ? -ENOMEM : words_line(ret, &w->lines[0]);

	for (size_t i = 0; r >= 0 && i <= w->nglyphs; i++) {
		const bool end = i == w->nglyphs;

		if (!end && a[i].same < 0)
			continue;
		g.to = i;
		g.han_to = end ? han->nglyphs : (size_t)a[i].same;
		r = add_gap(e, &g, t, ret);
		if (r >= 0 && !end)
			r = words_glyph(ret, &w->glyphs[i]);
		g.from = g.to + 1;
		g.han_from = g.han_to + 1;
	}
	if (r >= 0)
		words_line_done(ret);
	return r;
}

/* ---- what becomes of it ---- */

/* The line with what was read before in raw. */
static int
show(struct words *w, struct words *made)
{
	struct line *l = &made->lines[0];
	int r = words_say_same(made, w, 0, 1) ? 0 : words_keep_raw(w, &w->lines[0], UNTAUGHT_RULE);

	if (r < 0)
		return r;
	l->raw = TAKE_PTR(w->lines[0].raw);
	l->rule = w->lines[0].rule;
	words_swap(w, made);
	return 0;
}

int
untaught_mend(struct engine *e, const struct strip *s, struct words *w, struct words *others)
{
	_cleanup_(words_free) struct words han = {0}, shown = {0}, other = {0};
	int r;

	if (w->nlines != 1 || w->nglyphs > SETTLE_MAX || !has_doubt(w))
		return 0;
	r = read_line_once(e, s, ENGINE_CHINESE, ENGINE_RAW_LINE, &han);
	if (r < 0 || han.nlines != 1 || han.nglyphs > SETTLE_MAX)
		return r;
	if (others != NULL)
		r = put_together(e, w, &han, &for_search, &other);
	if (r >= 0)
		r = put_together(e, w, &han, &for_show, &shown);
	if (r >= 0)
		r = show(w, &shown);
	return r < 0 ? r : words_append_other(others, &other, w);
}
