/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * When a line is read once more and how often, with an engine of our own behind the door: each
 * reading says another text, and what the networks saw speaks for the texts that a test wants. The
 * print of the line speaks, too: LIKE_INK is what it says.
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
#include "ocr_printed.h"

#define LIKE_INK "かまき"
#define UNLIKE_INK "かんき"
#define UNLIKE_INK_TOO "かーき"
#define ALL_UNLIKE_INK "んーん"
#define LIKELY (-20) /* the likeliest text */
#define SAID 9       /* texts at most */

/* What is likely, and by how much less than the first. */
struct saying {
	const char *texts[SAID];
	double less[SAID];
};

struct engine {
	struct saying by_two, by_more; /* by_more without texts: none is found */
	uint8_t sure;                  /* percent */
	bool late, blind;              /* blind: what networks saw is not known */
	unsigned steps;                /* that each network saw */
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

static void
say(struct words *ret, const char *text, uint8_t confidence)
{
	const size_t first = ret->nglyphs;

	read_at(ret, text, 20, 20, confidence);
	for (size_t i = first; i < ret->nglyphs; i++)
		ret->glyphs[i].confidence = confidence;
	ret->lines[ret->nlines - 1].confidence = confidence;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	const char letter = (char)('a' + e->reads++), text[] = {letter, letter, 0};

	e->of[model]++;
	say(ret, text, e->sure);
	return 0;
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
	const struct saying *said = n == 2 ? &e->by_two : &e->by_more;
	unsigned texts = 0;

	e->weighed++;
	e->opinions = n;
	e->of_second = 0;
	for (unsigned i = 0; i < n; i++)
		e->of_second += opinions[i].network;
	for (; texts < SAID && texts < wish->texts && said->texts[texts] != NULL &&
	       said->less[texts] <= wish->within;
	     texts++) {
		ret_likely[texts] = LIKELY - said->less[texts];
		say(ret, said->texts[texts], 0);
	}
	return texts == 0 ? -ENODATA : 0;
}

bool
engine_knows(const struct engine *e, enum engine_model model, const char *letter)
{
	return false;
}

/* Line `line` of w. */
static void
expect_text(const struct words *w, size_t line, const char *text)
{
	_cleanup_(buf_free) struct buf b = {0};

	assert_true(line < w->nlines);
	words_line_text(w, &w->lines[line], &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, text);
}

/* What e reads the line as, and how often it is asked. */
static void
expect_read(struct engine *e, struct words *others, const char *text, unsigned reads)
{
	_cleanup_(strip_free) struct strip s = {0};
	_cleanup_(words_free) struct words w = {0};
	struct printed p = print_line(LIKE_INK);

	strip_add(&s, line_box(&p), 0);
	assert_int_equal(strip_draw(&s, p.pix), 0);
	pixDestroy(&p.pix);
	assert_int_equal(read_line(e, &s, &w, others), 0);
	assert_int_equal(w.nlines, 1);
	expect_text(&w, 0, text);
	assert_int_equal(e->reads, reads);
}

static void
a_line_beyond_doubt_is_read_once(void **state)
{
	struct engine e = {.sure = 99, .by_two = {{UNLIKE_INK, LIKE_INK}}};

	expect_read(&e, NULL, "aa", 1);
	assert_int_equal(e.weighed, 0);
}

static void
two_networks_are_enough_when_no_other_text_is_close(void **state)
{
	static const struct saying sayings[] = {
	    {{UNLIKE_INK}}, {{UNLIKE_INK, UNLIKE_INK_TOO}, {0, 4.1}}};

	for (size_t i = 0; i < 2; i++) {
		struct engine e = {.sure = 90, .by_two = sayings[i], .by_more = {{LIKE_INK}}};

		expect_read(&e, NULL, UNLIKE_INK, 2);
		assert_int_equal(e.weighed, 1);
		assert_int_equal(e.opinions, 2);
		assert_int_equal(e.of_second, 1);
	}
}

/* However unlikely networks find it, short of impossible. */
static void
a_text_that_the_ink_speaks_for_is_read(void **state)
{
	struct engine e = {.sure = 90, .by_two = {{UNLIKE_INK, LIKE_INK}, {0, 7.9}}};

	expect_read(&e, NULL, LIKE_INK, 2);
	e = (struct engine){.sure = 90, .by_two = {{UNLIKE_INK, LIKE_INK}, {0, 8.1}}};
	expect_read(&e, NULL, UNLIKE_INK, 2);
}

static void
so_many_texts_are_looked_at(void **state)
{
	const unsigned most = 8;

	for (unsigned at = most - 1; at <= most; at++) {
		struct engine e = {.sure = 90};

		for (unsigned i = 0; i <= at; i++) {
			e.by_two.texts[i] = i < at ? UNLIKE_INK : LIKE_INK;
			e.by_two.less[i] = i == 0 ? 0 : 5;
		}
		expect_read(&e, NULL, at < most ? LIKE_INK : UNLIKE_INK, 2);
	}
}

static void
two_networks_are_enough_when_the_ink_confirms_one_text(void **state)
{
	struct engine e = {
	    .sure = 90, .by_two = {{UNLIKE_INK, LIKE_INK}, {0, .1}}, .by_more = {{UNLIKE_INK}}};

	expect_read(&e, NULL, LIKE_INK, 2);
	e = (struct engine){
	    .sure = 90, .by_two = {{LIKE_INK, UNLIKE_INK}, {0, .1}}, .by_more = {{UNLIKE_INK}}};
	expect_read(&e, NULL, LIKE_INK, 2);
}

static void
more_opinions_decide_between_texts_that_are_close(void **state)
{
	struct engine e = {.sure = 90,
	    .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}, {0, 3.9}},
	    .by_more = {{ALL_UNLIKE_INK}}};

	expect_read(&e, NULL, ALL_UNLIKE_INK, 5);
	assert_int_equal(e.weighed, 2);
	assert_int_equal(e.opinions, 5);
	assert_int_equal(e.of_second, 3);
	assert_int_equal(e.of[ENGINE_JAPANESE_2], 3);
}

/* What two networks leave out may be likely to five. */
static void
the_ink_speaks_among_what_more_opinions_find_likely(void **state)
{
	struct engine e = {.sure = 90,
	    .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}},
	    .by_more = {{UNLIKE_INK, LIKE_INK}, {0, 3}}};

	expect_read(&e, NULL, LIKE_INK, 5);
}

static void
expect_others_begin(const struct words *others, const char *const *texts, size_t n)
{
	for (size_t i = 0; i < n; i++)
		expect_text(others, i, texts[i]);
}

/* They may have been right. The line is unsure: another reading follows those that were weighed. */
static void
search_keeps_the_likeliest_texts(void **state)
{
	static const char *const of_five[] = {UNLIKE_INK, UNLIKE_INK_TOO, "aa", "bb", "cc", "dd"};
	static const char *const of_two[] = {UNLIKE_INK, UNLIKE_INK_TOO, "aa", "bb"};
	static const char *const but_read[] = {UNLIKE_INK, "aa", "bb"};
	_cleanup_(words_free) struct words five = {0}, two = {0}, one = {0};
	struct engine e = {.sure = 90,
	    .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO, "んんん"}},
	    .by_more = {{ALL_UNLIKE_INK}}};

	expect_read(&e, &five, ALL_UNLIKE_INK, 6);
	expect_others_begin(&five, of_five, 6);
	e = (struct engine){
	    .sure = 90, .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO, LIKE_INK}, {0, 1, 2}}};
	expect_read(&e, &two, LIKE_INK, 3);
	expect_others_begin(&two, of_two, 4);
	e = (struct engine){.sure = 90, .by_two = {{UNLIKE_INK, LIKE_INK}, {0, 5}}};
	expect_read(&e, &one, LIKE_INK, 3);
	expect_others_begin(&one, but_read, 3);
}

/* Or there would be no time left for other lines. */
static void
a_late_page_gets_no_more_opinions(void **state)
{
	struct engine e = {.sure = 90,
	    .late = true,
	    .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}},
	    .by_more = {{LIKE_INK}}};
	_cleanup_(words_free) struct words others = {0};

	expect_read(&e, NULL, UNLIKE_INK, 2);
	e.reads = 0;
	e.by_two.texts[1] = LIKE_INK;
	expect_read(&e, &others, LIKE_INK, 2);
	expect_text(&others, 0, UNLIKE_INK);
}

static void
a_late_page_gets_no_reading_for_search_alone(void **state)
{
	/* each glyph is sure; not the line, to search */
	struct engine e = {.sure = 98, .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}}};
	_cleanup_(words_free) struct words others = {0};

	expect_read(&e, &others, "aa", 6);
	assert_true(others.nlines > 0);
	e = (struct engine){.sure = 98, .late = true, .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}}};
	expect_read(&e, &others, "aa", 1);
}

/* What the two and the ink say is no worse than to compare readings. */
static void
two_decide_where_of_five_no_text_is_found(void **state)
{
	struct engine e = {.sure = 90, .by_two = {{ALL_UNLIKE_INK, "んまん"}}};
	_cleanup_(words_free) struct words others = {0};

	expect_read(&e, NULL, "んまん", 5);
	assert_int_equal(e.opinions, 5);
	e.reads = 0;
	expect_read(&e, &others, "んまん", 6);
	expect_text(&others, 0, ALL_UNLIKE_INK);
}

/* The more steps, the longer they are to weigh. */
static void
a_very_long_line_gets_no_more_opinions(void **state)
{
	struct engine e = {.sure = 90,
	    .steps = 800,
	    .by_two = {{UNLIKE_INK, UNLIKE_INK_TOO}},
	    .by_more = {{LIKE_INK}}};

	expect_read(&e, NULL, LIKE_INK, 5);
	e.steps = 801;
	e.reads = 0;
	expect_read(&e, NULL, UNLIKE_INK, 2);
}

static void
readings_are_compared_where_nobody_knows_what_was_seen(void **state)
{
	struct engine e = {.sure = 90, .blind = true, .by_two = {{UNLIKE_INK, LIKE_INK}}};

	expect_read(&e, NULL, "bb", 2);
	assert_int_equal(e.weighed, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_line_beyond_doubt_is_read_once),
	    cmocka_unit_test(two_networks_are_enough_when_no_other_text_is_close),
	    cmocka_unit_test(a_text_that_the_ink_speaks_for_is_read),
	    cmocka_unit_test(so_many_texts_are_looked_at),
	    cmocka_unit_test(two_networks_are_enough_when_the_ink_confirms_one_text),
	    cmocka_unit_test(more_opinions_decide_between_texts_that_are_close),
	    cmocka_unit_test(the_ink_speaks_among_what_more_opinions_find_likely),
	    cmocka_unit_test(search_keeps_the_likeliest_texts),
	    cmocka_unit_test(a_late_page_gets_no_more_opinions),
	    cmocka_unit_test(a_late_page_gets_no_reading_for_search_alone),
	    cmocka_unit_test(two_decide_where_of_five_no_text_is_found),
	    cmocka_unit_test(a_very_long_line_gets_no_more_opinions),
	    cmocka_unit_test(readings_are_compared_where_nobody_knows_what_was_seen),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
