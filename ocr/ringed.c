/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What two networks see alike in a ring, as Unicode writes it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/digits.h"
#include "ocr/read_line.h"
#include "ocr/ringed.h"
#include "ocr/ringed_shape.h"
#include "text.h"

#define NUMBER_MOST 999
#define WORD_TEXT 12 /* bytes; longer ones are not known */
#define INK_PALE 80  /* percent of the way from the darkest pixel to white */
#define INK_LEAST 12 /* pixels: less is no letter */
#define SURE 60      /* percent, of every glyph */
#define WIDER 1.6    /* times: digits close together are told apart so, … */
#define WIDEST 2.2
#define NARROWER 0.8 /* … and strokes of one letter kept together */

/* Width to height that numbers of one, two and three digits have. */
static const double least_wide[] = {0, 0.1, 0.55, 0.9}, most_wide[] = {0, 0.85, 1.8, 3};
#define ONE_WIDE 0.6 /* 1 alone: 11 is hardly wider than other digits */

/* What is in a ring. */
struct ringed {
	struct box box;        /* strip pixels */
	char text[GLYPH_TEXT]; /* ① to ㊿, ㋐ to ㋾, or above 50 the digits alone */
	uint8_t confidence;
};

/* As glyphs: those that have a form of their own in a ring. */
static const char kana[] = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
			   "ヤユヨラリルレロワヰヱヲ";

/* Words that forms have in rings, by what they are read as: their rim is close. */
static const struct {
	const char *read, *ringed;
} words[] = {
    {" 印 即 却 卸 叩 ED En Ep ER ", "㊞"},
    {" 秘 ", "㊙"},
    {" 注 ", "㊟"},
};

static void
write_code(uint32_t code, char out[GLYPH_TEXT])
{
	const int n = utf8_encode(code, out);

	out[n < 0 ? 0 : n] = '\0';
}

static void
write_number(int n, char out[GLYPH_TEXT])
{
	if (n <= 20)
		write_code(U'①' + (uint32_t)n - 1, out);
	else if (n <= 35)
		write_code(U'㉑' + (uint32_t)n - 21, out);
	else if (n <= 50)
		write_code(U'㊱' + (uint32_t)n - 36, out);
	else
		snprintf(out, GLYPH_TEXT, "%d", n);
}

/* What is left of the rim reads so. */
static bool
is_rim(const struct glyph *g)
{
	return code_is_any(glyph_code(g), U"_‘’'`.,-~");
}

/* The number that w says, 0: none. */
static int
number_of(const struct words *w)
{
	int n = 0;

	for (size_t i = 0; i < w->nglyphs; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		if (is_rim(&w->glyphs[i]))
			continue;
		if (!code_is_digit(code) || (n == 0 && code == '0'))
			return 0;
		n = 10 * n + (int)(code - '0');
		if (n > NUMBER_MOST)
			return 0;
	}
	return n;
}

/* Whether w says one of the words that are known in a ring. */
static bool
say_word(const struct words *w, char out[GLYPH_TEXT])
{
	char text[WORD_TEXT] = " ";
	size_t n = 1;

	for (size_t i = 0; i < w->nglyphs; i++) {
		const size_t size = strlen(w->glyphs[i].text);

		if (n + size + 2 > sizeof text)
			return false;
		memcpy(text + n, w->glyphs[i].text, size);
		n += size;
	}
	text[n] = ' ';
	for (size_t i = 0; n > 1 && i < sizeof words / sizeof *words; i++)
		if (strstr(words[i].read, text) != NULL) {
			snprintf(out, GLYPH_TEXT, "%s", words[i].ringed);
			return true;
		}
	return false;
}

/* Whether w says something that is known in a ring, and as wide as what stands there. */
static bool
say(const struct words *w, double shape, char out[GLYPH_TEXT])
{
	const int n = w->nlines == 1 ? number_of(w) : 0, digits = 1 + (n > 9) + (n > 99);
	const char *at;

	if (n > 0) {
		write_number(n, out);
		return shape >= least_wide[digits] &&
		       shape <= (n == 1 ? ONE_WIDE : most_wide[digits]);
	}
	if (w->nlines == 1 && say_word(w, out))
		return true;
	if (w->nglyphs != 1 || strlen(w->glyphs[0].text) != 3)
		return false;
	at = strstr(kana, w->glyphs[0].text);
	if (at == NULL)
		return false;
	write_code(U'㋐' + (uint32_t)(at - kana) / 3, out);
	return true;
}

static uint8_t
least(const struct words *w)
{
	uint8_t c = 100;

	for (size_t i = 0; i < w->nglyphs; i++)
		c = w->glyphs[i].confidence < c ? w->glyphs[i].confidence : c;
	return c;
}

/* One opinion on what is in the ring of ret. 1: it says something, 0. */
static int
look(struct engine *e, PIX *line, enum engine_model model, double wide, struct ringed *ret)
{
	_cleanup_(words_free) struct words w = {0};
	double shape;
	PIX *pix = ringed_inside(line, ret->box, wide, &shape);
	int r = pix == NULL ? -ENOMEM : engine_read(e, pix, NULL, model, ENGINE_RAW_LINE, &w);

	if (r >= 0)
		digits_mend(pix, &w);
	pixDestroy(&pix);
	if (r < 0)
		return r;
	ret->confidence = least(&w);
	r = say(&w, shape, ret->text) && ret->confidence >= SURE;
	return r;
}

/* 1: two opinions on what is in the ring are the same; 0. */
static int
read_ring(struct engine *e, const struct strip *s, struct ringed *ret)
{
	static const struct {
		enum engine_model model;
		double wide;
	} ways[] = {
	    {ENGINE_JAPANESE, 1},
	    {ENGINE_JAPANESE_2, 1},
	    {ENGINE_JAPANESE, WIDER},
	    {ENGINE_JAPANESE_2, WIDER},
	    {ENGINE_JAPANESE, NARROWER},
	    {ENGINE_JAPANESE_2, NARROWER},
	    {ENGINE_JAPANESE, WIDEST},
	    {ENGINE_JAPANESE_2, WIDEST},
	};
	struct ringed said[sizeof ways / sizeof *ways];
	size_t n = 0;

	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		int r;

		said[n] = *ret;
		r = look(e, s->pix, ways[i].model, ways[i].wide, &said[n]);
		if (r < 0)
			return r;
		for (size_t k = 0; r > 0 && k < n; k++)
			if (strcmp(said[k].text, said[n].text) == 0) {
				*ret = said[n];
				return 1;
			}
		n += r > 0;
	}
	return 0;
}

/* Those rings of s in which something is read, from left to right. Their count. */
static int
read_rings(struct engine *e, const struct strip *s, struct ringed ret[RINGED_MOST])
{
	struct box box[RINGED_MOST];
	int all = ringed_find(s->pix, box), n = 0, r = all;

	for (int i = 0; r >= 0 && i < all; i++) {
		ret[n] = (struct ringed){.box = box[i]};
		r = read_ring(e, s, &ret[n]);
		n += r > 0;
	}
	return r < 0 ? r : n;
}

/* Whether the line was read with just these rings. */
static bool
are_read(const struct words *w, const struct ringed *ring, int n)
{
	int k = 0;

	for (size_t i = 0; i < w->nglyphs; i++) {
		const uint32_t code = glyph_code(&w->glyphs[i]);

		if (code_is_circled(code) &&
		    (k == n || strcmp(ring[k++].text, w->glyphs[i].text) != 0))
			return false;
	}
	return k == n;
}

static int
add_glyphs(const struct words *from, struct words *ret)
{
	int r = 0;

	for (size_t i = 0; r >= 0 && i < from->nglyphs; i++)
		r = words_glyph(ret, &from->glyphs[i]);
	return r;
}

/* One glyph, or one for each digit, in sheet pixels. */
static int
add_ring(const struct strip *s, const struct ringed *ring, struct words *ret)
{
	_cleanup_(words_free) struct words w = {0};
	const int n = ring->text[0] >= '0' && ring->text[0] <= '9' ? (int)strlen(ring->text) : 1;
	int r = words_line(&w, &(struct line){.cell = -1});

	for (int i = 0; r >= 0 && i < n; i++) {
		struct glyph g = {.box = ring->box, .confidence = ring->confidence};

		g.box.w /= n;
		g.box.x += i * g.box.w;
		if (n == 1)
			memcpy(g.text, ring->text, sizeof g.text);
		else
			g.text[0] = ring->text[i];
		r = words_glyph(&w, &g);
	}
	if (r < 0)
		return r;
	words_line_done(&w);
	strip_to_sheet(s, &w, 0);
	return add_glyphs(&w, ret);
}

/* The columns [from, to) of s as a line of their own, drawn; 0: there is no ink. */
static int
cut(const struct strip *s, int from, int to, PIX *sheet, struct strip *ret)
{
	PIX *ink = strip_ink(s->pix, INK_PALE);
	BOX *box = boxCreate(from, 0, to - from, pixGetHeight(s->pix));
	l_int32 n = 0;

	if (ink != NULL && to > from)
		pixCountPixelsInRect(ink, box, &n, NULL);
	boxDestroy(&box);
	pixDestroy(&ink);
	if (n < INK_LEAST)
		return 0;
	for (unsigned i = 0; i < s->n; i++) {
		struct strip_piece p = s->pieces[i];
		const int left = p.x > from ? p.x : from;
		const int right = p.x + p.from.w < to ? p.x + p.from.w : to;

		if (right <= left)
			continue;
		p.from.x += left - p.x;
		p.from.w = right - left;
		strip_add(
		    ret, p.from, i == 0 ? 0 : left - s->pieces[i - 1].x - s->pieces[i - 1].from.w);
	}
	return ret->n == 0 ? 0 : strip_draw(ret, sheet) < 0 ? -ENOMEM : 1;
}

/* What stands between two rings. */
static int
add_part(struct engine *e, const struct strip *s, int from, int to, PIX *sheet, struct words *ret,
    struct words *others)
{
	_cleanup_(strip_free) struct strip part = {0};
	_cleanup_(words_free) struct words w = {0};
	int r = cut(s, from, to, sheet, &part);

	if (r > 0)
		r = read_line(e, &part, &w, others);
	return r < 0 ? r : add_glyphs(&w, ret);
}

static int
read_parts(struct engine *e, const struct strip *s, const struct ringed *ring, int n, PIX *sheet,
    struct words *ret, struct words *others)
{
	int r = words_line(ret, &(struct line){.cell = -1}), x = 0;

	for (int i = 0; r >= 0 && i <= n; i++) {
		const int to = i == n ? pixGetWidth(s->pix) : ring[i].box.x - 1;

		r = add_part(e, s, x, to, sheet, ret, others);
		if (r >= 0 && i < n) {
			r = add_ring(s, &ring[i], ret);
			x = ring[i].box.x + ring[i].box.w + 1;
		}
	}
	if (r >= 0)
		words_line_done(ret);
	return r;
}

int
ringed_read(struct engine *e, const struct strip *s, struct Pix *sheet, struct words *ret,
    struct words *others)
{
	struct ringed ring[RINGED_MOST];
	_cleanup_(words_free) struct words whole = {0}, parts = {0};
	int n = read_rings(e, s, ring), r;

	if (n <= 0)
		return n;
	r = read_line(e, s, &whole, others);
	if (r < 0)
		return r;
	if (whole.nlines == 1 && are_read(&whole, ring, n))
		return words_append(ret, &whole, 0, whole.nlines, -1);
	r = read_parts(e, s, ring, n, sheet, &parts, others);
	if (r >= 0)
		r = words_append_other(others, &whole, &parts);
	if (r >= 0)
		r = words_append(ret, &parts, 0, parts.nlines, -1);
	return r < 0 ? r : 1;
}
