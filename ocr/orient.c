/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Orientation by reading: measured on windows of 39 forms, the right way has nine sure glyphs in
 * ten, every other way at most eight; no geometry separates them so well.
 */
#include <errno.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "ocr/orient.h"
#include "ocr/orient_even.h"
#include "ocr/orient_lines.h"
#include "ocr/orient_windows.h"

#define UNSURE 80        /* confidence below which a glyph is doubtful */
#define SURE 90          /* confidence from which a glyph speaks for a way */
#define GLANCE 512       /* sheet pixels, 4.3 cm: the window of the first look */
#define WINDOW 900       /* 7.6 cm: when ways are compared */
#define GLYPHS_MIN 20    /* fewer say nothing */
#define SHARE_GOOD 0.87  /* of glyphs that are sure: the way is right */
#define LINES_KINDS 14   /* different glyphs in a few lines of a window: fewer say nothing */
#define LINES_GOOD 0.93  /* … of glyphs that are sure: the way is right */
#define LINES_LATIN 0.5  /* … that are Latin or digits at most */
#define LINES_GLYPHS 10  /* of so many, when not … */
#define LINES_BAD 0.6    /* … so many are sure, no more lines are read */
#define SHARE_LATIN 0.7  /* of glyphs that are Latin letters or digits … */
#define LETTERS_MIN 0.25 /* … letters among them: columns of numbers are no language */
#define LATIN_GLYPHS 40  /* so many Latin glyphs, … */
#define LATIN_SURE 0.95  /* … of which so many are sure, lie neither way on their side */
#define SHARE_FAIR 0.8   /* an across way as good as this leaves vertical writing on its side out */
#define GAPS_CLEARER 0.12 /* of a window's rows or columns: by so many more are empty */
#define ECHOES 0.3        /* of glyphs that are those just before: no text */
#define AGAINST 3 / 4     /* of its score: a way that reads across the run of the lines */
#define MARGIN 8          /* by how many glyphs another way must be better */
#define LOOK_CPU_S 5      /* seconds of processor for all of it; a page may take 60 */

/* Who reads, and until when of the processor's time: what is looked at may not eat the page's own.
 */
struct reader {
	struct engine *engine;
	clock_t end;
};

/* One way to read, and what its windows said so far. */
struct way {
	struct orient how;
	size_t glyphs, sure, latin, letters;
	int score;
	bool echo; /* a window is columns of a table, read downwards */
	bool out;
};

static bool
is_letter(const struct glyph *g)
{
	uint32_t c = glyph_code(g);

	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

int
orient_score(const struct words *w)
{
	int score = 0;

	for (size_t i = 0; i < w->nglyphs; i++)
		score += (w->glyphs[i].confidence >= SURE) - (w->glyphs[i].confidence < UNSURE);
	return score;
}

/* Which way the lines of a window run: the gaps between lines are wider than between letters. */
enum run { RUN_ACROSS = 1, RUN_DOWN = 2, RUN_UNCLEAR = RUN_ACROSS | RUN_DOWN };

static enum run
lines_run(PIX *window)
{
	double rows, columns;

	if (orient_lines_gaps(window, &rows, &columns) < 0)
		return RUN_UNCLEAR;
	return rows > columns + GAPS_CLEARER   ? RUN_ACROSS
	       : columns > rows + GAPS_CLEARER ? RUN_DOWN
					       : RUN_UNCLEAR;
}

/* A way in which the window's lines would not run as that way reads them. */
static bool
runs_against(const struct way *way, enum run run)
{
	bool upright = way->how.rotation % 180 == 0, across = way->how.script == SCRIPT_ACROSS;

	return (run & (upright == across ? RUN_ACROSS : RUN_DOWN)) == 0;
}

/* What is said again at once, or after one glyph: columns of a table say so when read downwards. */
static bool
echoes(const struct words *w)
{
	size_t again = 0;

	for (size_t i = 2; i < w->nglyphs; i++)
		again += glyph_is_same(&w->glyphs[i], &w->glyphs[i - 1]) ||
			 glyph_is_same(&w->glyphs[i], &w->glyphs[i - 2]);
	return (double)again > ECHOES * (double)w->nglyphs;
}

static void
count(struct way *way, const struct words *w, bool against)
{
	const bool echo = way->how.script == SCRIPT_DOWN && echoes(w);
	const int score = orient_score(w);

	way->score += echo ? score / 2 : against ? score * AGAINST : score;
	way->echo |= echo;
	way->glyphs += w->nglyphs;
	for (size_t i = 0; i < w->nglyphs; i++) {
		way->sure += w->glyphs[i].confidence >= SURE;
		way->latin += glyph_is_latin(&w->glyphs[i]);
		way->letters += is_letter(&w->glyphs[i]);
	}
}

static bool
is_over(const struct reader *r)
{
	return clock() > r->end;
}

static int
try_way(const struct reader *reader, PIX *window, enum run run, struct way *way)
{
	bool down = way->how.script == SCRIPT_DOWN;
	_cleanup_(words_free) struct words w = {0};
	int r = orient_windows_read(reader->engine, window, way->how.rotation, down, &w);

	count(way, &w, runs_against(way, run));
	return r;
}

static double
share(size_t part, const struct way *way)
{
	return way->glyphs == 0 ? 0 : (double)part / (double)way->glyphs;
}

static bool
is_latin(const struct way *way)
{
	return share(way->latin, way) >= SHARE_LATIN && share(way->letters, way) >= LETTERS_MIN;
}

/* Latin letters read nearly as well upside down: they are never taken for good by themselves. */
static bool
is_good(const struct way *way)
{
	return way->glyphs >= GLYPHS_MIN && share(way->sure, way) >= SHARE_GOOD && !is_latin(way) &&
	       !way->echo;
}

/* Digits do, too, but columns of them may stand any way in the other windows. */
static bool
is_figures(const struct way *way)
{
	return share(way->latin, way) >= SHARE_LATIN && !is_latin(way);
}

/* How many different glyphs. */
static size_t
count_kinds(const struct words *w)
{
	size_t kinds = 0;

	for (size_t i = 0; i < w->nglyphs; i++) {
		size_t before = 0;

		while (before < i && !glyph_is_same(&w->glyphs[before], &w->glyphs[i]))
			before++;
		kinds += before == i;
	}
	return kinds;
}

/* Beyond what a few lines read another way could be: rows of digits read well in any. */
static bool
is_clear(const struct way *way, const struct words *w)
{
	return share(way->sure, way) >= LINES_GOOD && share(way->latin, way) <= LINES_LATIN &&
	       count_kinds(w) >= LINES_KINDS;
}

/* 1: a few of the window's lines, read one by one, already say that this way across is right. */
static int
try_lines(const struct reader *reader, PIX *window, int rotation)
{
	_cleanup_(orient_lines_free) struct orient_lines lines = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *turned = pixRotateOrth(window, rotation / 90);
	int r = turned == NULL ? -ENOMEM : orient_lines_cut(turned, &lines);

	pixDestroy(&turned);
	for (unsigned i = 0; r >= 0 && i < lines.n; i++) {
		struct way way = {0};

		r = engine_read(
		    reader->engine, lines.pix[i], NULL, ENGINE_JAPANESE, ENGINE_LINE, &w);
		count(&way, &w, false);
		if (r >= 0 && is_clear(&way, &w))
			return 1;
		if (way.glyphs >= LINES_GLYPHS && share(way.sure, &way) < LINES_BAD)
			break;
	}
	return r;
}

/* All windows, upright and upside down; up has read the first. */
static int
glance_both(const struct reader *reader, const struct orient_windows *in, struct way *up,
    struct orient *ret)
{
	struct way down = {.how = {180, SCRIPT_ACROSS}};
	int r = 0;

	for (unsigned k = 0; r >= 0 && k < in->n && !is_over(reader); k++) {
		r = try_way(reader, in->pix[k], RUN_UNCLEAR, &down);
		if (r >= 0 && k > 0)
			r = try_way(reader, in->pix[k], RUN_UNCLEAR, up);
	}
	ret->rotation = down.score > up->score + MARGIN ? 180 : 0;
	if (is_latin(ret->rotation == 180 ? &down : up))
		ret->script = SCRIPT_LATIN;
	return r;
}

/* What reads well, but might upside down as well. Digits on their side and dots read as letters,
 * too. */
static bool
needs_both(const struct way *up, enum run run)
{
	if (up->glyphs < GLYPHS_MIN)
		return false;
	return is_latin(up) ? run == RUN_ACROSS && share(up->sure, up) >= SHARE_FAIR
			    : is_good(up) && is_figures(up);
}

/* 1: ret is the answer; 0: other ways must be compared. */
static int
glance(const struct reader *reader, const struct orient_windows *in, struct orient *ret)
{
	struct way up = {0};

	for (unsigned k = 0; k < in->n && k < 2 && !is_over(reader); k++) {
		const enum run run = lines_run(in->pix[k]);
		int r;

		if (run == RUN_DOWN)
			return 0;
		r = try_lines(reader, in->pix[k], 0);
		if (r == 0)
			r = try_way(reader, in->pix[k], RUN_ACROSS, &up);
		if (r != 0)
			return r;
		if (is_good(&up) && (k > 0 || !is_figures(&up)))
			return 1;
		if (k == 0 && needs_both(&up, run)) {
			r = glance_both(reader, in, &up, ret);
			return r < 0 ? r : 1;
		}
	}
	return 0;
}

static bool
is_sideways_script(const struct way *way)
{
	return way->how.script == SCRIPT_DOWN && way->how.rotation != 0;
}

/* Drops ways that are far behind; count of those that are left. */
static unsigned
drop_behind(struct way *ways, size_t n, int best)
{
	unsigned left = 0;

	for (size_t i = 0; i < n; i++) {
		if (ways[i].score * 2 < best - MARGIN)
			ways[i].out = true;
		left += !ways[i].out;
	}
	return left;
}

/* Latin words and numbers that read so well stand upright or upside down, however their columns
 * part them: on its side, such print is read as rubbish that is sure of itself. */
static void
drop_sideways(struct way *ways, size_t n, const struct way *by)
{
	if (by->how.script != SCRIPT_ACROSS || by->glyphs < LATIN_GLYPHS || !is_latin(by) ||
	    share(by->sure, by) < LATIN_SURE)
		return;
	for (size_t i = 0; i < n; i++)
		ways[i].out |= ways[i].how.script == SCRIPT_DOWN ||
			       ways[i].how.rotation % 180 != by->how.rotation % 180;
}

/* One way is so good that nothing else needs a look. */
static int
settle(struct way *ways, size_t n, size_t winner)
{
	for (size_t i = 0; i < n; i++)
		ways[i].out = i != winner;
	return 0;
}

/* Each window leaves fewer ways in the race; the last one standing needs no further window. */
static int
race(const struct reader *reader, const struct orient_windows *in, struct way *ways, size_t n)
{
	unsigned left = 2;

	for (unsigned k = 0; k < in->n && left > 1; k++) {
		const enum run run = lines_run(in->pix[k]);
		int best = 0;
		bool fair = false;

		for (size_t i = 0; i < n; i++) {
			struct way *way = &ways[i];
			int r;

			if (way->out || (fair && is_sideways_script(way)))
				continue;
			if (is_over(reader))
				return 0;
			r = try_way(reader, in->pix[k], run, way);
			if (r < 0)
				return r;
			if (way->score > best)
				best = way->score;
			fair |= way->glyphs >= GLYPHS_MIN && share(way->sure, way) >= SHARE_FAIR;
			if (is_good(way) && !runs_against(way, run))
				return settle(ways, n, i);
			drop_sideways(ways, n, way);
		}
		left = drop_behind(ways, n, best);
	}
	return 0;
}

/* 1: lines of the first window say which way is right. */
static int
race_lines(const struct reader *reader, const struct orient_windows *in, struct orient *ret)
{
	static const int rotations[] = {0, 90, 270, 180};
	const enum run run = in->n == 0 ? RUN_UNCLEAR : lines_run(in->pix[0]);
	int r = 0;

	for (size_t i = 0; r == 0 && in->n > 0 && i < sizeof rotations / sizeof *rotations; i++) {
		const struct way way = {.how = {rotations[i], SCRIPT_ACROSS}};

		if (!runs_against(&way, run) && !is_over(reader))
			r = try_lines(reader, in->pix[0], rotations[i]);
		if (r > 0)
			*ret = way.how;
	}
	return r;
}

static int
compare(const struct reader *reader, const struct orient_windows *in, struct orient *ret)
{
	struct way ways[] = {{{0, SCRIPT_ACROSS}}, {{90, SCRIPT_ACROSS}}, {{270, SCRIPT_ACROSS}},
	    {{180, SCRIPT_ACROSS}}, {{0, SCRIPT_DOWN}}, {{180, SCRIPT_DOWN}}, {{90, SCRIPT_DOWN}},
	    {{270, SCRIPT_DOWN}}};
	size_t n = sizeof ways / sizeof *ways, best = 0;
	int r = race_lines(reader, in, ret);

	if (r != 0)
		return r;
	r = race(reader, in, ways, n);
	for (size_t i = 1; r >= 0 && i < n; i++)
		if (!ways[i].out &&
		    (ways[best].out || ways[i].score > ways[best].score + (best == 0 ? MARGIN : 0)))
			best = i;
	*ret = ways[best].how;
	if (ret->script == SCRIPT_ACROSS && ways[best].glyphs >= GLYPHS_MIN &&
	    is_latin(&ways[best]))
		ret->script = SCRIPT_LATIN;
	return r;
}

static bool
stands_evenly(PIX *window)
{
	double rows, columns;

	return orient_lines_gaps(window, &rows, &columns) >= 0 && orient_even_is(rows, columns);
}

/* A page said to run across whose letters stand evenly both ways may run down all the same. */
static int
look_down(const struct reader *reader, PIX *grey, PIX *rules, PIX *ink, struct orient *ret)
{
	_cleanup_(orient_windows_free) struct orient_windows windows = {0};
	int r = orient_windows_cut(grey, rules, ink, WINDOW, &windows);

	if (r >= 0)
		r = orient_even_down(reader->engine, &windows, ret->rotation);
	if (r > 0)
		ret->script = SCRIPT_DOWN;
	return r;
}

static int
look(const struct reader *reader, PIX *grey, PIX *rules, PIX *ink, struct orient *ret)
{
	static const int sizes[] = {GLANCE, WINDOW};
	bool even = false;
	int r = 0;

	for (unsigned i = 0; r == 0 && i < 2; i++) {
		_cleanup_(orient_windows_free) struct orient_windows windows = {0};

		r = orient_windows_cut(grey, rules, ink, sizes[i], &windows);
		if (r >= 0 && i == 0 && windows.n > 0)
			even = stands_evenly(windows.pix[0]);
		if (r >= 0)
			r = i == 0 ? glance(reader, &windows, ret) : compare(reader, &windows, ret);
	}
	if (r >= 0 && even && ret->script == SCRIPT_ACROSS && !is_over(reader))
		r = look_down(reader, grey, rules, ink, ret);
	ret->even = even && ret->script == SCRIPT_DOWN;
	return r < 0 ? r : 0;
}

int
orient_find(struct engine *e, const struct sheet *s, struct Pix *rules, struct orient *ret)
{
	const struct reader reader = {e, clock() + LOOK_CPU_S * CLOCKS_PER_SEC};
	PIX *ink = pixSubtract(NULL, s->half, rules);
	int r = ink == NULL ? -ENOMEM : 0;

	*ret = (struct orient){.script = SCRIPT_ACROSS};
	if (r >= 0)
		r = look(&reader, s->grey, rules, ink, ret);
	pixDestroy(&ink);
	return r;
}
