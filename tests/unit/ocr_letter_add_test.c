/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters that were not read become glyphs, but only where the ink clearly is one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_correct.h"
#include "ocr_printed.h"

#define NEAR_ENOUGH 3 /* pixels that a box may be off */
#define ADDED 90      /* percent, of a letter that no network read */
#define LOST_LINES 3
#define HALF (EM / 2)

/* What was drawn, and read, and what comes of it. */
struct lost {
	const char *drawn, *read, *want;
};

/* Around letters [from, to). */
static struct box
box_of(const struct printed *p, size_t from, size_t to)
{
	struct box all = {0};

	for (size_t i = from; i < to; i++)
		all = box_union(all, p->ink[i]);
	return all;
}

static bool
is_near(int a, int b)
{
	return abs(a - b) <= NEAR_ENOUGH;
}

/* Added glyphs alone are less sure, and the line reaches over them. */
static void
expect_marked(const struct words *w, size_t line, const char *read)
{
	const struct line *l = &w->lines[line];

	for (size_t i = l->first; i < l->first + l->count; i++) {
		const struct glyph *g = &w->glyphs[i];
		const size_t size = strlen(g->text);

		assert_false(g->space);
		if (strncmp(read, g->text, size) == 0) {
			assert_int_equal(g->confidence, READ_SURE);
			read += size;
			continue;
		}
		assert_int_equal(g->confidence, ADDED);
		assert_true(box_inside(g->box, l->box) >= 1);
	}
	assert_string_equal(read, "");
}

/* Each letter that was drawn is a glyph where it stands. */
static void
expect_in_place(const struct words *w, const struct printed *p)
{
	size_t k = 0;

	for (size_t i = 0; i < p->n; i++) {
		if (p->ink[i].w == 0)
			continue;
		assert_true(k < w->lines[0].count);
		assert_true(is_near(w->glyphs[k].box.x, p->ink[i].x));
		assert_true(is_near(w->glyphs[k].box.w, p->ink[i].w));
		k++;
	}
	assert_int_equal(k, w->lines[0].count);
}

static void
expect_kept(const struct words *w, size_t line, const char *read, const char *want)
{
	const struct line *l = &w->lines[line];

	expect_reads(w, line, want);
	expect_marked(w, line, read);
	if (strcmp(read, want) == 0) {
		assert_null(l->raw);
		assert_null(l->rule);
		return;
	}
	assert_string_equal(l->raw, read);
	assert_string_equal(l->rule, LETTER_RULE);
}

/* Takes p's sheet. rules: of it, or NULL; box: the line's. */
static void
expect_added(
    struct printed *p, PIX *rules, struct box box, const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	read_print(&w, read, READ_SURE);
	w.lines[0].box = box;
	assert_int_equal(letter_correct(p->pix, rules, &w), 0);
	pixDestroy(&p->pix);
	expect_kept(&w, 0, read, want);
}

/* Boxed with all of its ink. */
static void
expect_lost(const struct lost *l, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct printed p = print_line(l[i].drawn);

		print_message("# %s: %s\n", l[i].drawn, l[i].read);
		expect_added(&p, NULL, line_box(&p), l[i].read, l[i].want);
	}
}

#define EXPECT_LOST(lost) expect_lost((lost), sizeof(lost) / sizeof *(lost))

/* ---- letters at the ends ---- */

/* Boxed with all of its ink, and with the ink of letters [from, to) alone. */
static void
expect_lost_end(const struct lost *l, size_t from, size_t to)
{
	for (int all = 0; all < 2; all++) {
		struct printed p = print_line(l->drawn);
		_cleanup_(words_free) struct words w = {0};

		print_message("# %s: %s\n", l->drawn, l->read);
		read_print(&w, l->read, READ_SURE);
		w.lines[0].box = all ? line_box(&p) : box_of(&p, from, to);
		assert_int_equal(letter_correct(p.pix, NULL, &w), 0);
		expect_kept(&w, 0, l->read, l->want);
		if (strcmp(l->drawn, l->want) == 0)
			expect_in_place(&w, &p);
		pixDestroy(&p.pix);
	}
}

static void
last_letter_is_added(void **state)
{
	expect_lost_end(&(struct lost){"備考", "備", "備考"}, 0, 1);
	expect_lost_end(&(struct lost){"電話番号", "電話番", "電話番号"}, 0, 3);
	expect_lost_end(&(struct lost){"氏名：", "氏名", "氏名:"}, 0, 2);
	expect_lost_end(&(struct lost){"同意する☆", "同意する", "同意する☆"}, 0, 4);
}

static void
first_letter_is_added(void **state)
{
	expect_lost_end(&(struct lost){"備考", "考", "備考"}, 1, 2);
	expect_lost_end(&(struct lost){"☆その他", "その他", "☆その他"}, 1, 4);
	expect_lost_end(&(struct lost){"◆精神科", "精神科", "◆精神科"}, 1, 4);
	expect_lost_end(&(struct lost){"△月曜日", "月曜日", "△月曜日"}, 1, 4);
	expect_lost_end(&(struct lost){"①職員", "職員", "①職員"}, 1, 3);
}

/* Narrow digits stand half a letter from each other. */
static void
unit_behind_an_amount_is_added(void **state)
{
	struct printed p = {.pix = blank(500, 2 * PRINT_TOP + EM)};

	print_at(&p, "60000", EM, HALF, PRINT_LEFT, PRINT_TOP);
	print_at(&p, "円", EM, EM, PRINT_LEFT + 5 * HALF, PRINT_TOP);
	expect_added(&p, NULL, box_of(&p, 0, 5), "60000", "60000");
	p = print_line("月額6万円");
	expect_added(&p, NULL, box_of(&p, 0, 4), "月額6万", "月額6万円");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(last_letter_is_added),
	    cmocka_unit_test(first_letter_is_added),
	    cmocka_unit_test(unit_behind_an_amount_is_added),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
