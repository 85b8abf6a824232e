/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Which reading of a line stays, and what it keeps of the one before. With an engine of our own
 * behind the door, which reads of each level line what the test wants.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/agree.h"
#include "ocr/down.h"
#include "ocr_draw.h"

#define LINES 3
#define LONG 10 /* letters of a line */
#define SIDE 40 /* of a letter, which is a square */
#define STEP 50
#define APART 90
#define TOP 200

struct engine {
	const char *letter; /* reads this, … */
	unsigned letters;   /* … so many times, … */
	unsigned sure;      /* … so surely */
	bool late;
	int error;
	unsigned calls;
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

bool
engine_knows(const struct engine *e, enum engine_model model, const char *letter)
{
	return true;
}

struct chances *
engine_take_chances(struct engine *e)
{
	return NULL;
}

int
engine_agree(struct engine *e, const struct opinion *opinions, unsigned n,
    const struct agree_wish *wish, struct words *ret, double *ret_likely)
{
	return -ENODATA;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	const int wide = pixGetWidth(image) / (int)e->letters;

	e->calls++;
	if (e->error < 0)
		return e->error;
	assert_int_equal(words_line(ret, &(struct line){.cell = -1, .model = (uint8_t)model}), 0);
	for (unsigned i = 0; i < e->letters; i++) {
		struct glyph g = {.confidence = (uint8_t)e->sure,
		    .box = {(int)i * wide, 0, wide, pixGetHeight(image)}};

		snprintf(g.text, sizeof g.text, "%s", e->letter);
		assert_int_equal(words_glyph(ret, &g), 0);
	}
	words_line_done(ret);
	return 0;
}

/* The left side of line n, the first of which is on the right. */
static int
left_of(int n)
{
	return 100 + APART * (LINES - 1 - n);
}

static PIX *
draw_page(void)
{
	PIX *pix = blank(200 + APART * LINES, 2 * TOP + LONG * STEP);

	for (int n = 0; n < LINES; n++)
		for (int i = 0; i < LONG; i++)
			frame(pix, left_of(n), TOP + i * STEP, SIDE, SIDE, 5);
	return pix;
}

/* Line n as the engine found it, in block 10 + n and cell 20 + n. */
static void
found(struct words *w, int n, const char *letter, unsigned sure)
{
	assert_int_equal(
	    words_line(w, &(struct line){.cell = 20 + n, .block = 10 + n, .vertical = true}), 0);
	for (int i = 0; i < LONG; i++) {
		struct glyph g = {
		    .confidence = (uint8_t)sure, .box = {left_of(n), TOP + i * STEP, SIDE, STEP}};

		snprintf(g.text, sizeof g.text, "%s", letter);
		assert_int_equal(words_glyph(w, &g), 0);
	}
	words_line_done(w);
}

/* Reads a page of which one line is lost (LINES: none). Returns what down_read does. */
static int
read_page(struct engine *e, int lost, unsigned sure, struct words *w, struct words *others)
{
	PIX *pix = draw_page();
	int r;

	for (int n = 0; n < LINES; n++)
		if (n != lost)
			found(w, n, "口", sure);
	r = down_read(e, pix, w, others);
	pixDestroy(&pix);
	return r;
}

static void
expect_line(const struct words *w, size_t n, const char *letter, int block, int cell)
{
	const struct line *l = &w->lines[n];

	assert_int_equal(l->count, LONG);
	assert_true(l->vertical);
	assert_int_equal(l->block, block);
	assert_int_equal(l->cell, cell);
	for (size_t i = 0; i < LONG; i++)
		assert_string_equal(w->glyphs[l->first + i].text, letter);
}

static void
a_surer_reading_stands_where_the_line_did(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .sure = 99};
	_cleanup_(words_free) struct words w = {0}, others = {0};

	assert_int_equal(read_page(&e, LINES, 60, &w, &others), 0);
	assert_int_equal(w.nlines, LINES);
	for (int n = 0; n < LINES; n++) {
		const struct line *l = &w.lines[n];

		expect_line(&w, (size_t)n, "田", 10 + n, 20 + n);
		for (int i = 0; i < LONG; i++) {
			const struct box *b = &w.glyphs[l->first + (size_t)i].box;

			assert_in_range(b->x, left_of(n) - 1, left_of(n) + 1);
			assert_in_range(b->y, TOP + i * STEP - 1, TOP + i * STEP + 1);
			assert_in_range(b->w, SIDE - 2, SIDE + 2);
			assert_in_range(b->h, SIDE - 2, SIDE + 2);
		}
		assert_in_range(l->box.y + l->box.h, TOP + LONG * STEP - 12, TOP + LONG * STEP);
	}
	assert_true(others.nlines >= LINES); /* what was read before */
	assert_string_equal(others.glyphs[0].text, "口");
}

/* Letters of 1.7 mm. */
static void
tiny_letters_stay_as_they_were(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .sure = 99};
	_cleanup_(words_free) struct words w = {0};
	PIX *pix = draw_page(), *half = pixScaleAreaMap(pix, 0.5f, 0.5f);

	found(&w, 0, "口", 90);
	words_move(&w, 0.5, 0, 0);
	assert_int_equal(down_read(&e, half, &w, NULL), 0);
	expect_line(&w, 0, "口", 10, 20);
	assert_int_equal(e.calls, 0);
	pixDestroy(&pix);
	pixDestroy(&half);
}

static void
what_was_read_small_is(void **state)
{
	static const char *const read[][3] = {
	    {"つ", "っ", "っ"}, {"ヨ", "ョ", "ョ"}, {"つ", "と", "つ"}, {"田", "申", "田"}};

	for (size_t i = 0; i < sizeof read / sizeof *read; i++) {
		struct engine e = {.letter = read[i][0], .letters = LONG, .sure = 99};
		_cleanup_(words_free) struct words w = {0};
		PIX *pix = draw_page();

		found(&w, 0, read[i][1], 90);
		assert_int_equal(down_read(&e, pix, &w, NULL), 0);
		pixDestroy(&pix);
		expect_line(&w, 0, read[i][2], 10, 20);
	}
}

/* Its letters are known all the same. */
static void
a_reading_that_is_less_sure_does_not(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .sure = 70};
	_cleanup_(words_free) struct words w = {0}, others = {0};

	assert_int_equal(read_page(&e, LINES, 99, &w, &others), 0);
	assert_int_equal(w.nlines, LINES);
	for (int n = 0; n < LINES; n++)
		expect_line(&w, (size_t)n, "口", 10 + n, 20 + n);
	assert_in_range(w.glyphs[1].box.h, SIDE - 2, SIDE + 2);
	assert_true(others.nlines >= LINES);
	assert_string_equal(others.glyphs[0].text, "田");
}

static void
a_reading_of_fewer_or_more_letters_does_not(void **state)
{
	for (unsigned letters = LONG / 2; letters <= LONG * 2; letters += LONG * 3 / 2) {
		struct engine e = {.letter = "田", .letters = letters, .sure = 99};
		_cleanup_(words_free) struct words w = {0};

		assert_int_equal(read_page(&e, LINES, 60, &w, NULL), 0);
		for (int n = 0; n < LINES; n++)
			expect_line(&w, (size_t)n, "口", 10 + n, 20 + n);
	}
}

/* In the block of the line before which it comes, or of the last, and in no cell. */
static void
a_lost_line_is_read_where_it_belongs(void **state)
{
	static const int blocks[LINES] = {11, 12, 11};

	for (int lost = 0; lost < LINES; lost++) {
		struct engine e = {.letter = "田", .letters = LONG, .sure = 95};
		_cleanup_(words_free) struct words w = {0};

		assert_int_equal(read_page(&e, lost, 99, &w, NULL), 0);
		assert_int_equal(w.nlines, LINES);
		expect_line(&w, (size_t)lost, "田", blocks[lost], -1);
		assert_int_equal(w.lines[lost].box.x, left_of(lost));
	}
}

static void
a_lost_line_that_is_not_sure_is_none(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .sure = 70};
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(read_page(&e, 1, 99, &w, NULL), 0);
	assert_int_equal(w.nlines, LINES - 1);
}

static void
a_late_page_is_not_read_again(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .sure = 99, .late = true};
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(read_page(&e, 1, 60, &w, NULL), 0);
	assert_int_equal(e.calls, 0);
	assert_int_equal(w.nlines, LINES - 1);
	expect_line(&w, 0, "口", 10, 20);
	expect_line(&w, 1, "口", 12, 22);
}

static void
what_was_read_is_whole_when_the_engine_fails(void **state)
{
	struct engine e = {.letter = "田", .letters = LONG, .error = -ETIME};
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(read_page(&e, LINES, 60, &w, NULL), -ETIME);
	assert_int_equal(w.nlines, LINES);
	for (int n = 0; n < LINES; n++)
		expect_line(&w, (size_t)n, "口", 10 + n, 20 + n);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_surer_reading_stands_where_the_line_did),
	    cmocka_unit_test(tiny_letters_stay_as_they_were),
	    cmocka_unit_test(what_was_read_small_is),
	    cmocka_unit_test(a_reading_that_is_less_sure_does_not),
	    cmocka_unit_test(a_reading_of_fewer_or_more_letters_does_not),
	    cmocka_unit_test(a_lost_line_is_read_where_it_belongs),
	    cmocka_unit_test(a_lost_line_that_is_not_sure_is_none),
	    cmocka_unit_test(a_late_page_is_not_read_again),
	    cmocka_unit_test(what_was_read_is_whole_when_the_engine_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
