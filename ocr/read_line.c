/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Second opinions. Thresholds are measured (README.md); every further reading costs what the first
 * did. */
#include "ocr/circled.h"
#include "ocr/digits.h"
#include "ocr/read_line.h"
#include "ocr/settle.h"

/* Means of the glyphs of a line, in tenths of a percent. */
#define SURE 980         /* no second opinion … */
#define SURE_SEARCH 985  /* … not even where search would look at it, too */
#define UNSURE_STILL 960 /* after a second opinion: search gets a third */
#define DROPPED 1        /* dots and dashes by one of two readings */
#define DOUBT_MIN 92     /* running text, of which there is much, is doubted only below these */
#define DOUBT_MEAN 97
#define LATIN_SHARE 0.8
#define LATIN_MIN 3 /* glyphs */

static void
judge(const struct words *w, unsigned *ret_mean, unsigned *ret_min)
{
	*ret_mean = words_confidence(w);
	*ret_min = 100;
	for (size_t i = 0; i < w->nglyphs; i++)
		if (w->glyphs[i].confidence < *ret_min)
			*ret_min = w->glyphs[i].confidence;
	if (w->nglyphs == 0)
		*ret_min = 0;
}

/* In the mean of its glyphs; nothing read is not sure. */
static bool
is_surer_than(const struct words *w, unsigned tenths)
{
	unsigned long sum = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		sum += w->glyphs[i].confidence;
	return w->nglyphs > 0 && 10 * sum >= tenths * w->nglyphs;
}

int
read_line_surer(const struct words *a, const struct words *b)
{
	unsigned mean_a, mean_b, min_a, min_b;

	judge(a, &mean_a, &min_a);
	judge(b, &mean_b, &min_b);
	return (int)(2 * mean_a + min_a) - (int)(2 * mean_b + min_b);
}

static bool
is_latin(const struct words *w)
{
	size_t latin = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		latin += glyph_is_latin(&w->glyphs[i]);
	return w->nglyphs >= LATIN_MIN && (double)latin >= LATIN_SHARE * (double)w->nglyphs;
}

int
read_line_once(struct engine *e, const struct strip *s, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	int r = engine_read(e, s->pix, NULL, model, mode, ret);

	if (r >= 0) {
		digits_mend(s->pix, ret);
		strip_to_sheet(s, ret, 0);
	}
	return r;
}

/* Reads again in another way; best becomes the surer of both, glyph by glyph where they differ.
 * DROPPED when one of them has more dots or dashes. */
static int
challenge(struct engine *e, const struct strip *s, enum engine_model model, enum engine_mode mode,
    struct words *best, struct words *others)
{
	_cleanup_(words_free) struct words other = {0};
	int r = read_line_once(e, s, model, mode, &other);
	bool dropped;

	if (r < 0)
		return r;
	dropped = settle_dots(&other) != settle_dots(best);
	if (read_line_surer(&other, best) > 0)
		words_swap(&other, best);
	r = settle(best, &other);
	if (r >= 0 && others != NULL)
		r = words_append(others, &other, 0, other.nlines, -1);
	return r < 0 ? r : dropped ? DROPPED : 0;
}

bool
read_line_doubts(const struct words *w)
{
	unsigned mean, min;

	judge(w, &mean, &min);
	return mean < DOUBT_MEAN || min < DOUBT_MIN;
}

bool
read_line_is_rule(const struct words *w, size_t first)
{
	static const uint32_t strokes[] = U"ー一-－―‐_|｜~～.,'`・";

	for (size_t i = first; i < w->nglyphs; i++) {
		uint32_t code = glyph_code(&w->glyphs[i]);
		bool found = false;

		for (size_t k = 0; strokes[k] != 0 && !found; k++)
			found = strokes[k] == code;
		if (!found)
			return false;
	}
	return true;
}

/* What search has beyond the shown reading of a line: opinions where it was sure enough, and a third
 * where it stays unsure. best stays. */
static int
ask_for_search(struct engine *e, const struct strip *s, const struct words *best, unsigned asked,
    struct words *others)
{
	_cleanup_(words_free) struct words found = {0};
	const unsigned before = asked;
	int r = words_append(&found, best, 0, best->nlines, -1);

	if (r >= 0 && asked == 0 && !is_surer_than(&found, SURE_SEARCH)) {
		r = challenge(e, s, ENGINE_JAPANESE_2, ENGINE_RAW_LINE, &found, others);
		asked++;
	}
	if (r >= 0 && asked == 1 && !is_surer_than(&found, UNSURE_STILL)) {
		r = challenge(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, &found, others);
		asked++;
	}
	return r < 0 || asked == before ? r : words_append(others, &found, 0, found.nlines, -1);
}

int
read_line(struct engine *e, const struct strip *s, struct words *ret, struct words *others)
{
	_cleanup_(words_free) struct words best = {0};
	unsigned asked = 0; /* for second opinions in Japanese */
	int r = read_line_once(e, s, ENGINE_JAPANESE, ENGINE_LINE, &best);

	if (r >= 0 && !is_surer_than(&best, SURE)) {
		r = challenge(e, s, ENGINE_JAPANESE_2, ENGINE_RAW_LINE, &best, others);
		asked++;
	}
	if (asked == 1 && r == DROPPED) {
		r = challenge(e, s, ENGINE_JAPANESE, ENGINE_RAW_LINE, &best, others);
		asked++;
	}
	if (r >= 0 && is_latin(&best))
		r = challenge(e, s, ENGINE_LATIN, ENGINE_LINE, &best, others);
	if (r >= 0)
		r = circled_mend(e, s, &best);
	if (r >= 0 && others != NULL)
		r = ask_for_search(e, s, &best, asked, others);
	if (r >= 0)
		r = words_append(ret, &best, 0, best.nlines, -1);
	return r;
}
