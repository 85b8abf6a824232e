/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Brackets that people write in: by their ink, with what is beside them, and what was read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "ocr/bracket_shape.h"
#include "ocr/gap_brackets.h"
#include "ocr/open_table.h"
#include "ocr/scraps.h"
#include "ocr/signs.h"
#include "ocr_letters.h"

#define HIGH 40    /* of a bracket */
#define THICK 4    /* its stroke */
#define ROUND 12   /* its width, … */
#define BLACK 16   /* … and that of 【 */
#define LETTERS 40 /* height of a row */

/* Mirrored to draw what closes. */
static void
dot(PIX *pix, int x, int y, int wide, int at, int row, bool opens)
{
	bar(pix, x + (opens ? at : wide - at - THICK), y + row, THICK, 1);
}

/* ( or ): an arc. */
static void
draw_round(PIX *pix, int x, int y, bool opens)
{
	for (int row = 0; row < HIGH; row++) {
		const int off = 2 * row - HIGH + 1;

		dot(pix, x, y, ROUND, (ROUND - THICK) * off * off / HIGH / HIGH, row, opens);
	}
}

/* 〔 or 〕: upright but for its ends. */
static void
draw_tortoise(PIX *pix, int x, int y, bool opens)
{
	for (int row = 0; row < HIGH; row++) {
		const int end = row < HIGH / 2 ? row : HIGH - 1 - row;

		dot(pix, x, y, ROUND, end < 8 ? 8 - end : 0, row, opens);
	}
}

/* 【: black but for an arc on its inner side. */
static void
draw_black(PIX *pix, int x, int y)
{
	for (int row = 0; row < HIGH; row++) {
		const int off = abs(2 * row - HIGH + 1);

		bar(pix, x, y + row, THICK + (BLACK - THICK) * off * off / HIGH / HIGH, 1);
	}
}

static PIX *
ink_of(PIX *pix, int x, int y, int w, int h)
{
	BOX *box = boxCreate(x, y, w, h);
	PIX *part = pixClipRectangle(pix, box, NULL), *ink = pixThresholdToBinary(part, 128),
	    *close = NULL;

	assert_int_equal(pixClipToForeground(ink, &close, NULL), 0);
	boxDestroy(&box);
	pixDestroy(&part);
	pixDestroy(&ink);
	return close;
}

static void
expect_kind(PIX *pix, const char *want)
{
	PIX *ink = ink_of(pix, 0, 0, pixGetWidth(pix), pixGetHeight(pix));
	const char *got = bracket_of(ink, bracket_side(ink));

	if (want == NULL)
		assert_null(got);
	else
		assert_string_equal(got, want);
	pixDestroy(&ink);
	pixDestroy(&pix);
}

static void
brackets_by_ink(void **state)
{
	PIX *pix = blank(60, 60);

	draw_round(pix, 10, 10, true);
	expect_kind(pix, "(");
	draw_round(pix = blank(60, 60), 10, 10, false);
	expect_kind(pix, ")");
	draw_tortoise(pix = blank(60, 60), 10, 10, true);
	expect_kind(pix, "〔");
	draw_tortoise(pix = blank(60, 60), 10, 10, false);
	expect_kind(pix, "〕");
	draw_black(pix = blank(60, 60), 10, 10);
	expect_kind(pix, "【");
	bar(pix = blank(60, 60), 10, 10, THICK, HIGH);
	bar(pix, 10, 10, ROUND, THICK);
	bar(pix, 10, 10 + HIGH - THICK, ROUND, THICK);
	expect_kind(pix, "[");
	pix = blank(60, 60);
	for (int row = 0; row < HIGH; row++)
		bar(pix, 10 + abs(2 * row - HIGH) * 3 / 4, 10 + row, THICK, 1);
	expect_kind(pix, NULL);                        /* く, … */
	bar(pix = blank(60, 60), 10, 10, THICK, HIGH); /* … a stroke, … */
	expect_kind(pix, NULL);
	bar(pix = blank(60, 60), 10, 10, THICK, HIGH); /* … an L */
	bar(pix, 10, 10 + HIGH - THICK, ROUND, THICK);
	expect_kind(pix, NULL);
}

/* 日（   ）: the letters, and behind a wide gap the bracket that closes. */
struct gap {
	PIX *pix;
	struct strip strip;
	struct words words;
};

static void
open_gap(struct gap *g, const char *text)
{
	*g = (struct gap){.pix = blank(1200, 200)};
	other_letter(g->pix, LEFT, TOP);
	draw_round(g->pix, LEFT + STEP, TOP, true);
	draw_round(g->pix, 800, TOP, false);
	strip_add(&g->strip, (struct box){LEFT - 3, TOP - 3, STEP + ROUND + 6, HIGH + 6}, 0);
	strip_add(&g->strip, (struct box){797, TOP - 3, ROUND + 6, HIGH + 6}, 16);
	assert_int_equal(strip_draw(&g->strip, g->pix), 0);
	spell(&g->words, text);
	g->words.glyphs[1].box = (struct box){LEFT + STEP, TOP, ROUND, HIGH};
}

static void
close_gap(struct gap *g, const char *text, const char *want)
{
	assert_int_equal(gap_brackets_mend(&g->strip, &g->words), 0);
	expect_spelled(&g->words, text, want, SIGNS_RULE);
	words_free(&g->words);
	strip_free(&g->strip);
	pixDestroy(&g->pix);
}

/* Boxes of what was read of the bracket behind the gap. */
static void
expect_gap(const char *text, size_t n, const char *want)
{
	struct gap g;

	open_gap(&g, text);
	for (size_t i = 2; i < 2 + n; i++)
		g.words.glyphs[i].box = (struct box){800, TOP, ROUND, HIGH};
	close_gap(&g, text, want);
}

static void
brackets_at_gaps(void **state)
{
	expect_gap("日()", 1, "日()");
	expect_gap("日(", 0, "日()");
	expect_gap("日(\\", 1, "日()");
	expect_gap("日(/\\", 2, "日()");
	expect_gap("日((", 1, "日()");
	expect_gap("日(|", 1, "日()");
	expect_gap("日/」", 1, "日(」");
	expect_gap("日(分", 0, "日(分)"); /* a letter stays, … */
	expect_gap("日(3", 1, "日(3");    /* … also one that was read of the ink, */
	expect_gap("日(.3", 2, "日(.3");  /* and a stroke beside it */
}

/* 日, and behind a gap so much from x = 780 on; read as text. */
static void
open_far(struct gap *g, const char *text, int wide)
{
	other_letter(g->pix, LEFT, TOP);
	strip_add(&g->strip, (struct box){LEFT - 3, TOP - 3, HIGH + 6, HIGH + 6}, 0);
	strip_add(&g->strip, (struct box){780, TOP - 3, wide, HIGH + 6}, 16);
	assert_int_equal(strip_draw(&g->strip, g->pix), 0);
	spell(&g->words, text);
}

static void
marks_at_gaps(void **state)
{
	struct gap g = {.pix = blank(1200, 200)};

	bar(g.pix, 784, TOP + 20, 2, 2); /* dust */
	draw_round(g.pix, 800, TOP, false);
	open_far(&g, "日", 40);
	close_gap(&g, "日", "日)");

	g = (struct gap){.pix = blank(1200, 200)};
	other_letter(g.pix, 784, TOP); /* no gap */
	draw_round(g.pix, 784 + STEP, TOP, false);
	open_far(&g, "日日", 16 + STEP + ROUND);
	close_gap(&g, "日日", "日日");

	g = (struct gap){.pix = blank(1200, 200)};
	for (int row = 0; row < 20; row++) /* low, as a comma */
		dot(g.pix, 800, TOP + 20, 8, 4 * abs(2 * row - 19) * abs(2 * row - 19) / 400, row,
		    false);
	open_far(&g, "日", 40);
	close_gap(&g, "日", "日");
}

/* 〔 among letters. */
static void
kinds_without_gaps(void **state)
{
	struct gap g = {.pix = blank(1200, 200)};

	other_letter(g.pix, LEFT, TOP);
	draw_tortoise(g.pix, LEFT + STEP, TOP, true);
	other_letter(g.pix, LEFT + 2 * STEP, TOP);
	strip_add(&g.strip, (struct box){LEFT - 3, TOP - 3, 3 * STEP, HIGH + 6}, 0);
	assert_int_equal(strip_draw(&g.strip, g.pix), 0);
	spell(&g.words, "日【日");
	g.words.glyphs[1].box = (struct box){LEFT + STEP, TOP, ROUND, HIGH};
	close_gap(&g, "日【日", "日〔日");
}

static struct scrap_piece
piece(enum scrap kind, int x, int w, int h)
{
	return (struct scrap_piece){.kind = kind, .box = {x, 200 - h / 2, w, h}};
}

static void
brackets_of_rows(void **state)
{
	struct scrap_piece list[] = {
	    piece(SCRAP_TEXT, 100, 200, LETTERS),
	    piece(SCRAP_OPENING, 600, ROUND, HIGH),
	    piece(SCRAP_CLOSING, 900, ROUND, HIGH),
	    piece(SCRAP_SIGN, 1050, 16, 4),
	};

	scraps_keep(list, 4, LETTERS);
	assert_true(list[1].kept && list[2].kept && list[3].kept);
	list[3].box.x += 9 * LETTERS; /* no dash of theirs */
	scraps_keep(list, 4, LETTERS);
	assert_true(list[1].kept && list[2].kept && !list[3].kept);
	list[3].box.x -= 9 * LETTERS;
	list[1].kept = list[2].kept = false;
	list[1].box.y += HIGH; /* neither a pair nor in the row */
	scraps_keep(list, 4, LETTERS);
	assert_false(list[1].kept);
	list[2].box.x += 40 * LETTERS;
	list[3].box.x += 40 * LETTERS;
	scraps_keep(list, 4, LETTERS);
	assert_false(list[2].kept || list[3].kept);
}

/* Where print stands between them they are none that people write in; dust there says nothing. */
static void
no_pair_around_print(void **state)
{
	struct scrap_piece list[] = {
	    piece(SCRAP_OPENING, 600, ROUND, HIGH),
	    piece(SCRAP_NONE, 700, 100, LETTERS),
	    piece(SCRAP_CLOSING, 900, ROUND, HIGH),
	};

	scraps_keep(list, 3, LETTERS);
	assert_false(list[0].kept || list[2].kept);
	list[1].box.h = LETTERS / 4;
	scraps_keep(list, 3, LETTERS);
	assert_true(list[0].kept && list[2].kept);
	list[1].box = (struct box){700, 200 + HIGH, 100, LETTERS}; /* the next row */
	scraps_keep(list, 3, LETTERS);
	assert_true(list[0].kept && list[2].kept);
	list[2].box.y += HIGH / 3; /* not level */
	scraps_keep(list, 3, LETTERS);
	assert_false(list[0].kept || list[2].kept);
	list[2].box = (struct box){900, 200 - HIGH / 4, ROUND, HIGH / 2}; /* not as high */
	scraps_keep(list, 3, LETTERS);
	assert_false(list[0].kept || list[2].kept);
	list[2].box = (struct box){900 + 32 * LETTERS, 200 - HIGH / 2, ROUND, HIGH}; /* far */
	scraps_keep(list, 3, LETTERS);
	assert_false(list[0].kept || list[2].kept);
}

/* One that opens, and what stands behind the white to be written in. */
static void
openings_of_rows(void **state)
{
	struct scrap_piece list[] = {
	    piece(SCRAP_OPENING, 600, ROUND, HIGH),
	    piece(SCRAP_TEXT, 600 + 15 * LETTERS, 200, LETTERS),
	    piece(SCRAP_TEXT, 100, 200, LETTERS),
	};

	scraps_keep(list, 3, LETTERS);
	assert_true(list[0].kept);
	scraps_keep(list, 2, LETTERS); /* no text before it */
	assert_false(list[0].kept);
	list[1].box.x += 2 * LETTERS;
	scraps_keep(list, 3, LETTERS);
	assert_false(list[0].kept);
}

/* I. in thin strokes, at half its size, what joins it to its stop so far up. */
static enum scrap
kind_of_number(int up)
{
	PIX *pix = pixCreate(LETTERS / 2 - 1, LETTERS / 2, 1);
	enum scrap kind;

	pixRasterop(pix, 2, 0, 2, LETTERS / 2, PIX_SET, NULL, 0, 0);
	pixRasterop(pix, 2, LETTERS / 2 - 3 - up, LETTERS / 2 - 3, 3, PIX_SET, NULL, 0, 0);
	kind = scrap_kind(pix, (struct box){100, 200, LETTERS - 2, LETTERS}, LETTERS);
	pixDestroy(&pix);
	return kind;
}

static void
numbers_of_headings(void **state)
{
	struct scrap_piece list[] = {
	    piece(SCRAP_NUMBER, 100, LETTERS, LETTERS),
	    piece(SCRAP_TEXT, 100 + 2 * LETTERS, 4 * LETTERS, LETTERS),
	};

	assert_int_equal(kind_of_number(0), SCRAP_NUMBER);
	assert_int_not_equal(kind_of_number(8), SCRAP_NUMBER); /* of a frame */
	scraps_keep(list, 2, LETTERS);
	assert_true(list[0].kept);
	list[1].box.y += LETTERS / 2; /* another row */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[0].kept);
	list[1].box.y -= LETTERS / 2;
	list[1].box.x += 3 * LETTERS; /* far */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[0].kept);
	list[1].box = (struct box){100 - 5 * LETTERS, 200 - LETTERS / 2, 4 * LETTERS, LETTERS};
	scraps_keep(list, 2, LETTERS);
	assert_false(list[0].kept); /* before it */
}

/* 。 behind a letter, in print set wide. */
static void
stops_of_rows(void **state)
{
	struct scrap_piece list[] = {
	    piece(SCRAP_TEXT, 100, LETTERS, LETTERS),
	    piece(SCRAP_SIGN, 100 + 2 * LETTERS, 12, 12),
	};

	list[1].box.y = 200 + LETTERS / 2 - 12;
	scraps_keep(list, 2, LETTERS);
	assert_true(list[1].kept);
	list[1].box.y -= LETTERS / 2; /* not at the foot of the row */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[1].kept);
	list[1].box = (struct box){100 + 2 * LETTERS, 200 + LETTERS / 2 - 4, 4, 4}; /* dust */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[1].kept);
	list[1].box = (struct box){100 + 2 * LETTERS, 200 + LETTERS / 2 - 12, 30, 12}; /* wide */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[1].kept);
	list[1].box = (struct box){100 + 3 * LETTERS, 200 + LETTERS / 2 - 12, 12, 12}; /* far */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[1].kept);
}

static void
colons_of_rows(void **state)
{
	PIX *dots = pixCreate(4, 9, 1);
	struct scrap_piece list[] = {
	    piece(SCRAP_TEXT, 100, 200, LETTERS),
	    piece(scrap_kind(dots, (struct box){0, 0, 8, 18}, LETTERS), 400, 8, 18),
	};

	assert_int_not_equal(scrap_kind(dots, (struct box){0, 0, 8, 28}, LETTERS), SCRAP_COLON);
	pixDestroy(&dots);
	assert_int_equal(list[1].kind, SCRAP_COLON);
	scraps_keep(list, 2, LETTERS);
	assert_true(list[1].kept);
	list[1].box.x += 4 * LETTERS; /* far from what it would stand behind */
	scraps_keep(list, 2, LETTERS);
	assert_false(list[1].kept);
}

/* Rows between level rules, all white in the same two places; brackets go over these or not. */
static bool
has_columns(bool brackets)
{
	PIX *grey = blank(1000, 700), *rules = blank(1000, 700), *ink, *lines;
	l_int32 none = 0;

	for (int row = 0; row < 6; row++) {
		bar(grey, 100, 100 + 80 * row, 800, 3);
		bar(rules, 100, 100 + 80 * row, 800, 3);
		for (int column = 0; row < 5 && column < 3; column++)
			bar(grey, 150 + 250 * column, 125 + 80 * row, 60, 24);
		if (brackets && row < 5 && row % 2 == 0) {
			draw_round(grey, 214, 120 + 80 * row, true);
			draw_round(grey, 382, 120 + 80 * row, false);
			draw_round(grey, 464, 120 + 80 * row, true);
			draw_round(grey, 632, 120 + 80 * row, false);
		}
	}
	ink = pixThresholdToBinary(grey, 128);
	lines = pixCreate(1000, 700, 1);
	pixDestroy(&grey);
	grey = pixThresholdToBinary(rules, 128);
	assert_int_equal(open_table_close(ink, grey, lines), 0);
	pixZero(lines, &none);
	pixDestroy(&grey);
	pixDestroy(&rules);
	pixDestroy(&ink);
	pixDestroy(&lines);
	return none == 0;
}

static void
brackets_over_columns(void **state)
{
	assert_true(has_columns(false));
	assert_false(has_columns(true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(brackets_by_ink),
	    cmocka_unit_test(brackets_at_gaps),
	    cmocka_unit_test(marks_at_gaps),
	    cmocka_unit_test(kinds_without_gaps),
	    cmocka_unit_test(brackets_of_rows),
	    cmocka_unit_test(no_pair_around_print),
	    cmocka_unit_test(openings_of_rows),
	    cmocka_unit_test(numbers_of_headings),
	    cmocka_unit_test(stops_of_rows),
	    cmocka_unit_test(colons_of_rows),
	    cmocka_unit_test(brackets_over_columns),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
