/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Letters set evenly both ways, as on manuscript paper, each beyond doubt whichever way they are
 * read: which of the two makes sense. With an engine of our own behind the door, which says what
 * the test wants.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>

#include "ocr/engine.h"
#include "ocr/orient.h"
#include "ocr/orient_even.h"
#include "ocr_draw.h"

#define LETTER 36 /* of pages drawn here */
#define STEP 72

#define TEXT "名前を書いてから提出します。雨の日は窓口まで持参してください。"
#define RUBBISH "名雨前の書日窓を口持参提で出かまてらいさだしくす。"

struct engine {
	const char *across, *down;
	unsigned reads_down;
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

/* One line of letters, three bytes each, all beyond doubt. */
static void
say(const char *text, struct words *to)
{
	assert_int_equal(words_line(to, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; text[i] != '\0'; i += 3) {
		struct glyph g = {.box = {20 * (int)i, 0, 18, 18}, .confidence = 99};

		memcpy(g.text, text + i, 3);
		assert_int_equal(words_glyph(to, &g), 0);
	}
	words_line_done(to);
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	const bool down = model == ENGINE_VERTICAL;

	e->reads_down += down;
	say(down ? e->down : e->across, ret);
	return 0;
}

/* Letters so far apart. */
static PIX *
draw_letters(int step_x, int step_y)
{
	PIX *page = blank(1600, 2000);

	for (int x = 150; x + LETTER < 1450; x += step_x)
		for (int y = 150; y + LETTER < 1850; y += step_y)
			bar(page, x, y, LETTER, LETTER);
	return page;
}

static struct orient
find(PIX *page, struct engine *e)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(page, &s);
	struct orient way;

	assert_int_equal(orient_find(e, &s, g.rules, &way), 0);
	assert_int_equal(way.rotation, 0);
	return way;
}

static void
what_makes_sense_downwards_runs_down(void **state)
{
	struct engine e = {RUBBISH, TEXT, 0};

	const struct orient way = find(draw_letters(STEP, STEP), &e);

	assert_int_equal(way.script, SCRIPT_DOWN);
	assert_true(way.even);
}

static void
what_makes_sense_across_runs_across(void **state)
{
	struct engine e = {TEXT, RUBBISH, 0}, both = {TEXT, TEXT, 0};

	assert_int_equal(find(draw_letters(STEP, STEP), &e).script, SCRIPT_ACROSS);
	assert_false(find(draw_letters(STEP, STEP), &e).even);
	assert_int_equal(find(draw_letters(STEP, STEP), &both).script, SCRIPT_ACROSS);
}

/* It costs no second reading where gaps part lines. */
static void
lines_that_gaps_part_are_not_asked(void **state)
{
	struct engine e = {RUBBISH, TEXT, 0};

	assert_int_equal(find(draw_letters(LETTER + 6, STEP), &e).script, SCRIPT_ACROSS);
	assert_int_equal(e.reads_down, 0);
}

static unsigned
count_pairs(const char *first, const char *second)
{
	_cleanup_(words_free) struct words w = {0};

	say(first, &w);
	say(second, &w);
	return orient_even_pairs(&w);
}

static void
different_pairs_of_a_line_count(void **state)
{
	assert_int_equal(count_pairs("書きます", "来ました"), 3); /* ます, まし, した */
	assert_int_equal(count_pairs("書きます", "読みます"), 1);
	assert_int_equal(count_pairs("書きま", "す"), 0); /* not from line to line */
	assert_int_equal(count_pairs("氏名", "すま"), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_makes_sense_downwards_runs_down),
	    cmocka_unit_test(what_makes_sense_across_runs_across),
	    cmocka_unit_test(lines_that_gaps_part_are_not_asked),
	    cmocka_unit_test(different_pairs_of_a_line_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
