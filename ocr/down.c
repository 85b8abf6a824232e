/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From a column to its letters, from those to a level picture, and from what it reads back. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/cutting.h"
#include "ocr/down.h"
#include "ocr/down_columns.h"
#include "ocr/down_letters.h"
#include "ocr/down_place.h"
#include "ocr/read_line.h"
#include "ocr/strip.h"

#define EM_LEAST 24 /* pixels: smaller letters read no better one by one */
#define NEAR_SIGN 2 /* pitches: so near a sign was read, for a letter to be taken for one */
#define ROOM 1.1    /* ems: from letter to letter on the level line */
#define LOST 0.7    /* of the letters: fewer glyphs read are no reading of them */
#define SPLIT 1.4   /* likewise more */
#define SURE 85     /* percent: of what may stand where nothing was read, or little */
#define LEAD 5      /* so much less sure may a level reading be, which is right more often */

/* Whether line l reads a bracket or a dash around y. */
static bool
is_sign_near(const struct words *w, const struct line *l, int y, double reach)
{
	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct box *b = &w->glyphs[i].box;

		if (abs(b->y + b->h / 2 - y) <= reach &&
		    code_is_any(glyph_code(&w->glyphs[i]),
			U"()（）〔〕[]「」『』【】〈〉《》<>ー〜～…‥―—-：:；;=＝|｜"))
			return true;
	}
	return false;
}

/* Cuts column n; its letters come out on the sheet, none when they cannot be told. */
static int
find_letters(const struct down_columns *all, unsigned n, const struct line *line,
    const struct words *w, struct down_letters *ret)
{
	const struct down_column *c = &all->column[n];
	const struct down_line *cost = &all->cost[n];
	double pitch;
	int r = down_line_pitch(cost, all->pitch, &pitch);

	if (r >= 0 && pitch > 0)
		r = down_letters_find(c->ink, cost, pitch, ret);
	for (int i = 0; r >= 0 && i < ret->n; i++) {
		struct down_letter *l = &ret->letter[i];

		l->x += c->box.x;
		l->y += c->box.y;
		l->box.x += c->box.x;
		l->box.y += c->box.y;
		l->sign = line != NULL && is_sign_near(w, line, l->y, NEAR_SIGN * pitch);
	}
	return r;
}

static int
room_of(const struct down_letters *l)
{
	return (int)(ROOM * l->em);
}

/* The letters of c side by side. NULL: no memory. */
static PIX *
draw_level(PIX *pix, const struct down_column *c, const struct down_letters *l)
{
	const int room = room_of(l);
	PIX *level = pixCreate((l->n + 1) * room, 2 * room, 8);
	int r = level == NULL ? -ENOMEM : 0;

	if (level != NULL)
		pixSetAllArbitrary(level, 255);
	for (int i = 0; r >= 0 && i < l->n; i++) {
		const struct box *b = &l->letter[i].box;
		PIX *ink =
		    cutting(c->ink, (struct box){b->x - c->box.x, b->y - c->box.y, b->w, b->h});

		r = ink == NULL ? -ENOMEM
				: down_letter_draw(&l->letter[i], pix,
				      down_letter_way(&l->letter[i], ink, l->em), l->em, level,
				      (i + 1) * room);
		pixDestroy(&ink);
	}
	if (r < 0)
		pixDestroy(&level);
	return level;
}

/* Reads letters laid level; boxes come back on the sheet. */
static int
read_level(struct engine *e, PIX *pix, const struct down_column *c, const struct down_letters *l,
    struct words *ret, struct words *others)
{
	_cleanup_(strip_free) struct strip s = {0};
	PIX *level = draw_level(pix, c, l);
	int r = level == NULL ? -ENOMEM : 0;

	if (r >= 0) {
		strip_add(&s, (struct box){0, 0, pixGetWidth(level), pixGetHeight(level)}, 0);
		r = strip_draw(&s, level);
	}
	if (r >= 0)
		r = strip_tighten(&s);
	if (r > 0)
		r = read_line(e, &s, ret, others);
	pixDestroy(&level);
	if (r < 0)
		return r;
	r = down_place(l, room_of(l), ret);
	return r < 0 || others == NULL ? r : down_place(l, room_of(l), others);
}

/* Whether level may stand for line, which is all of its words, or none: it has about as many glyphs
 * as letters, and is hardly less sure, or is sure where line lacks letters. */
static bool
is_better(const struct words *level, const struct down_letters *l, const struct words *line)
{
	if (level->nlines != 1 || (double)level->nglyphs < LOST * l->n ||
	    (double)level->nglyphs > SPLIT * l->n)
		return false;
	return (double)line->nglyphs < LOST * l->n ? words_confidence(level) >= SURE
						   : read_line_surer(level, line) > -LEAD;
}

/* The network for vertical writing sees where in its room a letter stands: kana that it reads
 * small, in a line of as many glyphs, are. */
static void
take_small(struct words *level, const struct words *line)
{
	for (size_t i = 0; i < level->nglyphs && level->nglyphs == line->nglyphs; i++) {
		const uint32_t code = glyph_code(&level->glyphs[i]);

		if (code_is_any(code, U"つやゆよツヤユヨ") &&
		    glyph_code(&line->glyphs[i]) == code - 1) /* as Unicode has them */
			memcpy(level->glyphs[i].text, line->glyphs[i].text, GLYPH_TEXT);
	}
}

/* The block that column c, or a lost one the line before which it belongs, is of. */
static int
block_of(const struct down_column *c, const struct words *w)
{
	return w->lines[c->line < w->nlines ? c->line : w->nlines - 1].block;
}

/* Appends what column n reads to ret, level, or as it was. */
static int
read_column(struct engine *e, PIX *pix, const struct down_columns *all, unsigned n,
    const struct words *w, struct words *ret, struct words *others)
{
	const struct down_column *c = &all->column[n];
	const struct line *own = c->lost ? NULL : &w->lines[c->line];
	_cleanup_(freep) struct down_letters *l = calloc(1, sizeof *l);
	_cleanup_(words_free) struct words level = {0}, lost = {0}, line = {0};
	int r = l == NULL ? -ENOMEM : 0;

	if (r >= 0 && !engine_is_late(e))
		r = find_letters(all, n, own, w, l);
	if (r >= 0 && l->n > 0 && l->em >= EM_LEAST)
		r = read_level(e, pix, c, l, &level, others == NULL ? NULL : &lost);
	if (r >= 0 && own != NULL)
		r = words_append(&line, w, c->line, 1, own->cell);
	if (r >= 0 && is_better(&level, l, &line)) {
		take_small(&level, &line);
		words_swap(&level, &line);
		line.lines[0].block = block_of(c, w);
	} else if (r >= 0) {
		down_place_each(l, &line);
	}
	if (r >= 0)
		r = words_append_other(others, &level, &line);
	if (r >= 0)
		r = words_append(ret, &line, 0, line.nlines, own == NULL ? -1 : own->cell);
	return r < 0 || others == NULL ? r : words_append(others, &lost, 0, lost.nlines, -1);
}

int
down_read(struct engine *e, struct Pix *pix, struct words *w, struct words *others)
{
	_cleanup_(down_columns_free) struct down_columns all = {0};
	_cleanup_(words_free) struct words ret = {0};
	int r = down_columns_find(pix, w, &all);
	unsigned next = 0;

	for (size_t i = 0; r >= 0 && i <= w->nlines; i++) {
		bool read = false;

		for (; r >= 0 && next < all.n && all.column[next].line == i; next++) {
			r = read_column(e, pix, &all, next, w, &ret, others);
			read = read || !all.column[next].lost;
		}
		if (r >= 0 && !read && i < w->nlines)
			r = words_append(&ret, w, i, 1, w->lines[i].cell);
	}
	if (r < 0)
		return r;
	words_swap(w, &ret);
	return 0;
}
