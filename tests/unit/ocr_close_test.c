/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a line is read once more and how often, with an engine of our own behind the door: each
 * reading says another text, and what the networks saw speaks for as many texts as a test wants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include "ocr/agree.h"
#include "ocr/read_line.h"
#include "ocr_draw.h"

struct engine {
	unsigned close;   /* texts nearly as likely as the best, by two opinions */
	uint8_t sure;     /* percent */
	bool late, blind; /* blind: what networks saw is not known */
	unsigned most;    /* opinions of which a text is found; 0: of any number */
	unsigned steps;   /* that each network saw */
	unsigned reads, of[ENGINE_MODELS];
	unsigned weighed, opinions, of_second; /* how often; in the last */
};

int
engine_new(const char *folder, struct engine **ret)
{
	return -ENOSYS;
}

void
engine_free(struct engine *e)
{
}

bool
engine_is_late(const struct engine *e)
{
	return e->late;
}

static int
say(struct words *ret, char letter, uint8_t confidence)
{
	struct line line = {.cell = -1};
	struct glyph g = {.text = {letter}, .box = {20, 20, 20, 30}, .confidence = confidence};
	int r = words_line(ret, &line);

	if (r >= 0)
		r = words_glyph(ret, &g);
	g.box.x += 30;
	if (r >= 0)
		r = words_glyph(ret, &g);
	words_line_done(ret);
	return r;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	e->of[model]++;
	return say(ret, (char)('a' + e->reads++), e->sure);
}

struct chances *
engine_take_chances(struct engine *e)
{
	struct chances *saw = e->blind ? NULL : calloc(1, sizeof *saw);

	if (saw != NULL)
		saw->steps = e->steps;
	return saw;
}

int
engine_agree(struct engine *e, const struct opinion *opinions, unsigned n,
    const struct agree_wish *wish, struct words *ret, double *ret_likely)
{
	int r = 0;

	e->weighed++;
	e->opinions = n;
	e->of_second = 0;
	for (unsigned i = 0; i < n; i++)
		e->of_second += opinions[i].network;
	if (e->most > 0 && n > e->most)
		return -ENODATA;
	for (unsigned i = 0; r >= 0 && i < wish->texts && i <= e->close; i++)
		r = say(ret, (char)('A' + e->weighed * 4 - 4 + i), 0);
	return r;
}

bool
engine_knows(const struct engine *e, enum engine_model model, const char *letter)
{
	return false;
}

/* The letter that e reads a line as, twice. */
static char
read_with(struct engine *e, struct words *others)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = blank(300, 200);

	bar(pix, 100, 80, 60, 40);
	strip_add(&s, (struct box){80, 60, 100, 80}, 0);
	assert_int_equal(strip_draw(&s, pix), 0);
	assert_int_equal(read_line(e, &s, &w, others), 0);
	pixDestroy(&pix);
	assert_int_equal(w.nlines, 1);
	assert_int_equal(w.nglyphs, 2);
	assert_int_equal(w.glyphs[0].text[0], w.glyphs[1].text[0]);
	return w.glyphs[0].text[0];
}

static void
a_line_beyond_doubt_is_read_once(void **state)
{
	struct engine e = {.sure = 99, .close = 1};

	assert_int_equal(read_with(&e, NULL), 'a');
	assert_int_equal(e.reads, 1);
}

static void
two_networks_are_enough_when_no_other_text_is_close(void **state)
{
	struct engine e = {.sure = 90};

	assert_int_equal(read_with(&e, NULL), 'A');
	assert_int_equal(e.reads, 2);
	assert_int_equal(e.opinions, 2);
	assert_int_equal(e.of_second, 1);
}

static void
more_opinions_decide_between_texts_that_are_close(void **state)
{
	struct engine e = {.sure = 90, .close = 1};

	assert_int_equal(read_with(&e, NULL), 'E');
	assert_int_equal(e.reads, 5);
	assert_int_equal(e.weighed, 2);
	assert_int_equal(e.opinions, 5);
	assert_int_equal(e.of_second, 3);
	assert_int_equal(e.of[ENGINE_JAPANESE_2], 3);
}

/* They may have been right. */
static void
search_keeps_the_texts_that_were_close(void **state)
{
	struct engine e = {.sure = 90, .close = 1};
	_cleanup_(words_free) struct words others = {0};
	char first[32] = "";

	assert_int_equal(read_with(&e, &others), 'E');
	assert_true(others.nlines < sizeof first);
	for (size_t i = 0; i < others.nlines; i++)
		first[i] = others.glyphs[others.lines[i].first].text[0];
	assert_memory_equal(first, "ABabcd", 6); /* the line is unsure: another reading follows */
	assert_int_equal(e.reads, 6);
}

/* Or there would be no time left for other lines. */
static void
a_late_page_gets_no_more_opinions(void **state)
{
	struct engine e = {.sure = 90, .close = 1, .late = true};

	assert_int_equal(read_with(&e, NULL), 'A');
	assert_int_equal(e.reads, 2);
}

static void
a_late_page_gets_no_reading_for_search_alone(void **state)
{
	struct engine e = {.sure = 98, .close = 1}; /* each glyph is; not the line, to search */
	_cleanup_(words_free) struct words others = {0};

	assert_int_equal(read_with(&e, &others), 'a');
	assert_in_range(e.reads, 2, 6);
	assert_true(others.nlines > 0);
	e = (struct engine){.sure = 98, .close = 1, .late = true};
	assert_int_equal(read_with(&e, &others), 'a');
	assert_int_equal(e.reads, 1);
}

/* What the two say is no worse than to compare readings. */
static void
two_decide_where_of_five_no_text_is_found(void **state)
{
	struct engine e = {.sure = 90, .close = 1, .most = 2};
	_cleanup_(words_free) struct words others = {0};

	assert_int_equal(read_with(&e, NULL), 'A');
	assert_int_equal(e.reads, 5);
	assert_int_equal(e.opinions, 5);
	e = (struct engine){.sure = 90, .close = 1, .most = 2};
	assert_int_equal(read_with(&e, &others), 'A');
	assert_int_equal(others.glyphs[0].text[0], 'B');
}

/* The more steps, the longer they are to weigh. */
static void
a_very_long_line_gets_no_more_opinions(void **state)
{
	struct engine e = {.sure = 90, .close = 1, .steps = AGREE_STEPS};

	assert_int_equal(read_with(&e, NULL), 'A');
	assert_int_equal(e.reads, 2);
}

static void
readings_are_compared_where_nobody_knows_what_was_seen(void **state)
{
	struct engine e = {.sure = 90, .close = 1, .blind = true};

	assert_int_equal(read_with(&e, NULL), 'b');
	assert_int_equal(e.weighed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_beyond_doubt_is_read_once),
	    cmocka_unit_test(two_networks_are_enough_when_no_other_text_is_close),
	    cmocka_unit_test(more_opinions_decide_between_texts_that_are_close),
	    cmocka_unit_test(search_keeps_the_texts_that_were_close),
	    cmocka_unit_test(a_late_page_gets_no_more_opinions),
	    cmocka_unit_test(a_late_page_gets_no_reading_for_search_alone),
	    cmocka_unit_test(two_decide_where_of_five_no_text_is_found),
	    cmocka_unit_test(a_very_long_line_gets_no_more_opinions),
	    cmocka_unit_test(readings_are_compared_where_nobody_knows_what_was_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
