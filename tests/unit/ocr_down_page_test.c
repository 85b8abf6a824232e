/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole pages written downwards, as they are set: read without a fault, each glyph where its letter
 * stands. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/recognise.h"
#include "ocr_down.h"
#include "ocr_typed.h"

#define ROOMS 24   /* letters of a line */
#define MARGIN 240 /* around the text */
#define ON 0.6     /* of a letter's ink that its glyph's box covers, at least */
#define RULE 3     /* pixels */

static const uint32_t *const text[] = {U"介護サービス計画を作成する者は、利用者の家族",
    U"から「デイケア」の希望を聞いてください。また",
    U"ロビーでコーヒーを飲んだあと、エレベーターで",
    U"三階へ行って、きょうの予定をチェックしました",
    U"サービスの担当者は、ショートステイの利用者に",
    U"「ちょっと待って」と言って、廊下へ出ました。"};

#define LINES ((int)(sizeof text / sizeof *text))

struct setting {
	int em, step, apart; /* pixels; from letter to letter, from line to line */
	int title;           /* percent: size of the first line, where it is another */
	bool square;         /* is a ロ */
	bool ruled;          /* with lines between lines */
};

struct drawing {
	struct box ink[LINES][ROOMS];
	PIX *pix;
};

static int
length(int line)
{
	int n = 0;

	while (text[line][n] != 0)
		n++;
	assert_true(n < ROOMS);
	return n;
}

/* Some typefaces have a square for it. */
static void
square(PIX *pix, const struct box *b)
{
	patch(pix, b->x, b->y, b->w, b->h, 255);
	frame(pix, b->x, b->y, b->w, b->h, 4);
}

static void
draw_page(const struct setting *s, struct drawing *ret)
{
	const int high = ROOMS * s->step * (s->title > 0 ? s->title : 100) / 100;

	ret->pix = blank(2 * MARGIN + LINES * s->apart, 2 * MARGIN + high);
	for (int i = 0; i < LINES; i++) {
		const int x = MARGIN + (LINES - 1 - i) * s->apart;
		const int percent = i == 0 && s->title > 0 ? s->title : 100;

		draw_line(ret->pix, text[i], s->em * percent / 100, s->step * percent / 100, x,
		    MARGIN, ret->ink[i]);
		if (s->square && text[i][0] == U'ロ')
			square(ret->pix, &ret->ink[i][0]);
		if (s->ruled)
			bar(ret->pix, x + (s->em + s->apart) / 2, MARGIN - 40, RULE, high + 80);
	}
	if (s->ruled)
		bar(ret->pix, MARGIN + (s->em - s->apart) / 2, MARGIN - 40, RULE, high + 80);
}

static void
expect_line(const struct words *w, int n, const struct box *ink)
{
	const struct line *l = &w->lines[n];
	_cleanup_(buf_free) struct buf said = {0};

	words_line_text(w, l, &said);
	buf_add(&said, "", 1);
	assert_int_equal(buf_error(&said), 0);
	assert_true(l->vertical);
	for (int i = 0; i < length(n); i++) {
		const struct glyph *g = &w->glyphs[l->first + (size_t)i];

		if ((size_t)i >= l->count || glyph_code(g) != text[n][i])
			fail_msg("line %d, letter %d: %s", n, i, (const char *)said.data);
		if (box_inside(ink[i], g->box) < ON || box_inside(g->box, ink[i]) < ON)
			fail_msg("line %d, letter %d at %d %d %d %d, not %d %d %d %d", n, i,
			    g->box.x, g->box.y, g->box.w, g->box.h, ink[i].x, ink[i].y, ink[i].w,
			    ink[i].h);
	}
	assert_int_equal(l->count, length(n));
}

static void
expect_read(struct engine *e, const struct setting *s, bool all)
{
	const struct recognise_options o = {.limit_ms = 120000, .all = all};
	_cleanup_(recognition_free) struct recognition r = {0};
	struct drawing d;
	struct page p;

	draw_page(s, &d);
	p = load(d.pix);
	pixDestroy(&d.pix);
	assert_int_equal(recognise(e, &p, &o, &r), 0);
	page_free(&p);
	assert_int_equal(r.marks.n, 0);
	assert_int_equal(r.readings[0].words.nlines, LINES);
	for (int n = 0; n < LINES; n++)
		expect_line(&r.readings[0].words, n, d.ink[n]);
}

static void
a_page_set_solid_is_read(void **state)
{
	expect_read(*state, &(struct setting){.em = 44, .step = 44, .apart = 76}, false);
}

static void
a_page_set_apart_is_read(void **state)
{
	expect_read(*state, &(struct setting){.em = 54, .step = 60, .apart = 100}, false);
}

static void
a_page_with_a_title_is_read(void **state)
{
	expect_read(
	    *state, &(struct setting){.em = 44, .step = 44, .apart = 76, .title = 150}, false);
}

static void
a_square_is_a_letter_and_no_tick_box(void **state)
{
	expect_read(
	    *state, &(struct setting){.em = 54, .step = 54, .apart = 90, .square = true}, false);
}

static void
a_ruled_page_is_read(void **state)
{
	expect_read(
	    *state, &(struct setting){.em = 44, .step = 46, .apart = 90, .ruled = true}, false);
}

static void
a_page_is_read_the_same_for_search(void **state)
{
	expect_read(*state, &(struct setting){.em = 44, .step = 44, .apart = 76}, true);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_page_set_solid_is_read),
	    cmocka_unit_test(a_page_set_apart_is_read),
	    cmocka_unit_test(a_page_with_a_title_is_read),
	    cmocka_unit_test(a_square_is_a_letter_and_no_tick_box),
	    cmocka_unit_test(a_ruled_page_is_read),
	    cmocka_unit_test(a_page_is_read_the_same_for_search),
	};

	return cmocka_run_group_tests(tests, open_typed, close_typed);
}
