/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is redacted is neither seen nor read, whatever the boxes of the text say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/redact.h"

#define W 600
#define H 400
#define SIDE 20 /* of a glyph */

/* One line of letters from (x, y), to the right or downwards. */
static void
add_line(struct alto_page *a, const char *letters, int x, int y, bool vertical)
{
	struct line line = {.cell = -1, .vertical = vertical};

	assert_int_equal(words_line(&a->words, &line), 0);
	for (int i = 0; letters[i] != '\0'; i++) {
		struct glyph g = {.confidence = 99,
		    .text = {letters[i]},
		    .box = {
			x + (vertical ? 0 : i * SIDE), y + (vertical ? i * SIDE : 0), SIDE, SIDE}};

		assert_int_equal(words_glyph(&a->words, &g), 0);
	}
	words_line_done(&a->words);
}

static struct page
white(int w, int h)
{
	struct page p = {
	    .width = w, .height = h, .reduce = 1, .dpi = 75, .pix = pixCreate(w, h, 8)};

	pixSetAllArbitrary(p.pix, 255);
	return p;
}

static l_uint32
at(const struct page *p, int x, int y)
{
	l_uint32 v = 0;

	pixGetPixel(p->pix, x, y, &v);
	return v;
}

static void
expect_text(const struct alto_page *a, const char *text)
{
	struct buf b = {0};

	words_text(&a->words, &b);
	buf_printf(&b, "%c", 0);
	assert_string_equal((const char *)b.data, text);
	buf_free(&b);
}

/* One more on either side goes with them: the engine's boxes slip by a place. */
static void
touched_glyphs_go_and_their_place_is_black(void **state)
{
	struct page p = white(W, H);
	struct alto_page a = {.width = W, .height = H};

	add_line(&a, "ABCDEFGH", 100, 100, false);
	add_line(&a, "abcdefgh", 300, 200, true);
	assert_int_equal(redact(&p, &a, (struct box){142, 105, 34, 10}), 0); /* C and D */
	expect_text(&a, "AFGH\nabcdefgh\n");
	assert_int_equal(at(&p, 142, 105), 0);
	assert_int_equal(at(&p, 175, 114), 0);
	assert_int_equal(at(&p, 100, 105), 255);
	assert_int_equal(redact(&p, &a, (struct box){305, 245, 5, 5}), 0); /* c */
	expect_text(&a, "AFGH\naefgh\n");
	alto_page_free(&a);
	page_free(&p);
}

/* Places that no glyph of this line can have: it goes with its line, and only with it. */
static void
glyphs_out_of_place_go_with_their_line(void **state)
{
	static const struct box wrong[] = {{0, 0, 0, 0}, {-50, 100, SIDE, SIDE},
	    {5000, 100, SIDE, SIDE}, {160, 350, SIDE, SIDE}, {160, 100, SIDE, 100000}};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		struct page p = white(W, H);
		struct alto_page a = {.width = W, .height = H};

		add_line(&a, "ABCDEFGH", 100, 100, false);
		add_line(&a, "abcdefgh", 100, 200, false);
		a.words.glyphs[6].box = wrong[i]; /* G */
		a.words.glyphs[14].box = wrong[i];
		assert_int_equal(redact(&p, &a, (struct box){202, 105, 5, 5}), 0); /* F */
		expect_text(&a, "ABCD\nabcdefgh\n");
		alto_page_free(&a);
		page_free(&p);
	}
}

static void
what_stands_between_goes(void **state)
{
	struct page p = white(W, H);
	struct alto_page a = {.width = W, .height = H};

	add_line(&a, "ABCDEFGH", 100, 100, false);
	a.words.glyphs[2].box = (struct box){400, 100, SIDE, SIDE}; /* C, on the line but far off */
	assert_int_equal(redact(&p, &a, (struct box){122, 105, 50, 5}), 0); /* B to D */
	expect_text(&a, "FGH\n");
	alto_page_free(&a);
	page_free(&p);
}

/* Its letters share its place evenly, wherever they stand on the paper. */
static void
a_persons_line_goes_as_a_whole(void **state)
{
	struct page p = white(W, H);
	struct alto_page a = {.width = W, .height = H};

	add_line(&a, "ABCDEFGH", 100, 100, false);
	add_line(&a, "abcdefgh", 100, 200, false);
	a.words.lines[0].corrected = a.words.lines[1].corrected = true;
	assert_int_equal(redact(&p, &a, (struct box){202, 105, 5, 5}), 0); /* F */
	expect_text(&a, "abcdefgh\n");
	alto_page_free(&a);
	page_free(&p);
}

/* Boxes are of the upright page; the picture lies as it was fed. */
static void
a_turned_page_is_black_in_the_right_place(void **state)
{
	struct page p = white(H, W);
	struct alto_page a = {.width = W, .height = H, .rotation = 90};

	add_line(&a, "ABCD", 100, 100, false);
	assert_int_equal(redact(&p, &a, (struct box){102, 102, 10, 10}), 0);
	expect_text(&a, "CD\n");
	assert_int_equal(at(&p, 105, W - 105), 0);
	assert_int_equal(at(&p, 105, 105), 255);
	assert_int_equal(redact(&p, &a, (struct box){W, 10, 10, 10}), -EINVAL);
	assert_int_equal(redact(&p, &a, (struct box){10, H + 10, 10, 10}), -EINVAL);
	alto_page_free(&a);
	page_free(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(touched_glyphs_go_and_their_place_is_black),
	    cmocka_unit_test(glyphs_out_of_place_go_with_their_line),
	    cmocka_unit_test(what_stands_between_goes),
	    cmocka_unit_test(a_persons_line_goes_as_a_whole),
	    cmocka_unit_test(a_turned_page_is_black_in_the_right_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
