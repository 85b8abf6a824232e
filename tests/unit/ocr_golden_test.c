/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Golden pages: tables drawn here against the cells they must give, frozen as text, and words cut
 * from the clean samples against the order, the boxes and the pairs they must be read as.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/alto.h"
#include "ocr/recognise.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define TURN 0.0175f /* one degree */
#define NEAR                                                                                       \
	10 /* master pixels that a cell's side may be off: half a line, and the half-size grid */

/* A cell as drawn: its place in the table, and where the lines around it run. */
struct golden {
	int table, row, column, row_span, column_span;
	int left, top, right, bottom;
};

static void
expect_side(const char *what, size_t i, int is, int should)
{
	if (abs(is - should) > NEAR)
		fail_msg("cell %zu: %s at %d, not %d", i, what, is, should);
}

static void
expect_cells(const struct grid *g, const struct sheet *s, const struct golden *golden, size_t n)
{
	for (size_t i = 0; i < g->n && i < n; i++) {
		const struct cell *c = &g->cells[i];
		const struct golden *w = &golden[i];
		struct box b = sheet_box_to_master(s, c->box);

		if (c->table != w->table || c->row != w->row || c->column != w->column ||
		    c->row_span != w->row_span || c->column_span != w->column_span)
			fail_msg("cell %zu: table %d row %d column %d spans %d %d", i, c->table,
			    c->row, c->column, c->row_span, c->column_span);
		expect_side("left", i, b.x, w->left);
		expect_side("top", i, b.y, w->top);
		expect_side("right", i, b.x + b.w, w->right);
		expect_side("bottom", i, b.y + b.h, w->bottom);
	}
	assert_int_equal(g->n, n);
}

/* Takes pix. */
static void
check_grid(PIX *pix, const struct golden *golden, size_t n)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(pix, &s);

	expect_cells(&g, &s, golden, n);
}

/*
 *	+---+-------+
 *	|   |   |   |	the first cell spans two rows,
 *	|   +---+---+	the last one three columns
 *	|   |   |   |
 *	+---+---+---+
 *	|           |
 *	+-----------+
 */
static PIX *
spans(void)
{
	PIX *pix = blank(1600, 1000);

	frame(pix, 200, 200, 904, 364, 4);
	bar(pix, 500, 200, 4, 240);
	bar(pix, 800, 200, 4, 240);
	bar(pix, 500, 320, 604, 4);
	bar(pix, 200, 440, 904, 4);
	return pix;
}

static const struct golden golden_spans[] = {
    {0, 0, 0, 2, 1, 204, 204, 500, 440},
    {0, 0, 1, 1, 1, 504, 204, 800, 320},
    {0, 0, 2, 1, 1, 804, 204, 1100, 320},
    {0, 1, 1, 1, 1, 504, 324, 800, 440},
    {0, 1, 2, 1, 1, 804, 324, 1100, 440},
    {0, 2, 0, 1, 3, 204, 444, 1100, 560},
};

static void
spans_of_rows_and_columns(void **state)
{
	check_grid(spans(), golden_spans, 6);
}

/* Turned by one degree: the same cells, where they lie on the master. */
static void
a_skewed_table(void **state)
{
	PIX *level = spans();
	PIX *pix = pixRotate(level, TURN, L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
	struct golden turned[6];

	pixDestroy(&level);
	pixSetResolution(pix, 300, 300);
	for (size_t i = 0; i < 6; i++) {
		struct golden *g = &turned[i];
		int dx, dy;

		/* A cell's box keeps its size; its middle turns about the page's. */
		*g = golden_spans[i];
		dx = (int)(-TURN * ((g->top + g->bottom) / 2.0 - 500));
		dy = (int)(TURN * ((g->left + g->right) / 2.0 - 800));
		g->left += dx;
		g->right += dx;
		g->top += dy;
		g->bottom += dy;
	}
	check_grid(pix, turned, 6);
}

/* Inner lines of dots, as forms rule the rows within a field. */
static void
dotted_lines(void **state)
{
	static const struct golden golden[] = {
	    {0, 0, 0, 1, 1, 204, 204, 600, 320},
	    {0, 0, 1, 1, 1, 604, 204, 1000, 320},
	    {0, 1, 0, 1, 1, 204, 324, 600, 440},
	    {0, 1, 1, 1, 1, 604, 324, 1000, 440},
	};
	PIX *pix = blank(1600, 1000);

	frame(pix, 200, 200, 804, 244, 4);
	bar(pix, 600, 200, 4, 244);
	for (int x = 204; x < 1000; x += 10)
		bar(pix, x, 320, 5, 4);
	check_grid(pix, golden, 4);
}

/* Feet of letters stand in one line as dots do, with print in a frame below: they are no rule, and
 * stay what is read. Dots stay a rule where print stands close above them. */
static void
feet_of_letters_are_no_dots(void **state)
{
	PIX *pix = blank(1600, 1000);
	struct sheet s = {0};
	struct grid g;
	l_int32 none = 0;
	BOX *text, *dots;
	PIX *part;

	frame(pix, 200, 400, 804, 244, 4);
	for (int x = 204; x < 1000; x += 24) {
		bar(pix, x, 220, 14, 4);
		bar(pix, x + 5, 196, 4, 24);
		bar(pix, x + 1, 506, 4, 20);
	}
	for (int x = 204; x < 1000; x += 10)
		bar(pix, x, 540, 5, 4);
	g = find_grid(pix, &s);
	text = boxCreate(90, 80, 420, 60);
	part = pixClipRectangle(g.rules, text, NULL);
	assert_int_equal(pixZero(part, &none), 0);
	assert_int_equal(none, 1);
	pixDestroy(&part);
	dots = boxCreate(120, 269, 360, 4);
	part = pixClipRectangle(g.rules, dots, NULL);
	assert_int_equal(pixZero(part, &none), 0);
	assert_int_equal(none, 0);
	pixDestroy(&part);
	boxDestroy(&text);
	boxDestroy(&dots);
	grid_free(&g);
	sheet_free(&s);
}

/* A table drawn inside a cell of another, without touching it: that cell is none then, and what
 * else it holds is running text. */
static void
a_table_within_a_cell(void **state)
{
	static const struct golden golden[] = {
	    {0, 0, 0, 1, 1, 204, 204, 400, 320},
	    {0, 0, 1, 1, 1, 404, 204, 1400, 320},
	    {0, 1, 0, 1, 1, 204, 324, 400, 800},
	    {1, 0, 0, 1, 1, 504, 424, 900, 540},
	    {1, 0, 1, 1, 1, 904, 424, 1300, 540},
	    {1, 1, 0, 1, 1, 504, 544, 900, 660},
	    {1, 1, 1, 1, 1, 904, 544, 1300, 660},
	};
	PIX *pix = blank(1600, 1000);

	frame(pix, 200, 200, 1204, 604, 4);
	bar(pix, 400, 200, 4, 600);
	bar(pix, 200, 320, 1200, 4);
	frame(pix, 500, 420, 804, 244, 4);
	bar(pix, 900, 420, 4, 244);
	bar(pix, 500, 540, 804, 4);
	check_grid(pix, golden, 7);
}

/* Rows of one table are no rows of the other, though they meet the same heights. */
static void
two_tables_side_by_side(void **state)
{
	static const struct golden golden[] = {
	    {0, 0, 0, 1, 1, 204, 204, 400, 320},
	    {0, 0, 1, 1, 1, 404, 204, 600, 320},
	    {0, 1, 0, 1, 1, 204, 324, 400, 440},
	    {0, 1, 1, 1, 1, 404, 324, 600, 440},
	    {1, 0, 0, 1, 1, 904, 204, 1100, 320},
	    {1, 0, 1, 1, 1, 1104, 204, 1300, 320},
	    {1, 1, 0, 1, 1, 904, 324, 1100, 440},
	    {1, 1, 1, 1, 1, 1104, 324, 1300, 440},
	};
	PIX *pix = blank(1600, 1000);

	for (int x = 200; x <= 900; x += 700) {
		frame(pix, x, 200, 404, 244, 4);
		bar(pix, x + 200, 200, 4, 244);
		bar(pix, x, 320, 404, 4);
	}
	check_grid(pix, golden, 8);
}

/* ---- read by the engine ---- */

/* Takes pix. */
static struct recognition
read_pix(struct engine *e, PIX *pix)
{
	static const struct recognise_options o = {.limit_ms = 60000};
	_cleanup_(page_free) struct page p = load(pix);
	struct recognition r = {0};

	pixDestroy(&pix);
	assert_int_equal(recognise(e, &p, &o, &r), 0);
	return r;
}

static void
expect_text(const struct recognition *r, const char *text)
{
	_cleanup_(buf_free) struct buf b = {0};

	words_text(&r->readings[0].words, &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, text);
}

/* Two rows: labels left of their values, then a row of labels above theirs. */
static PIX *
client_table(void)
{
	static const char form[] = "02-service-kiroku", plan[] = "01-houmon-kaigo-keikaku";
	PIX *pix = blank(2000, 1000);

	frame(pix, 200, 200, 1604, 364, 4);
	bar(pix, 200, 320, 1604, 4);
	bar(pix, 200, 440, 1604, 4);
	bar(pix, 600, 200, 4, 364);
	bar(pix, 1000, 200, 4, 364);
	bar(pix, 1400, 200, 4, 364);
	paste(pix, form, "提供時間", 240, 240);
	paste(pix, form, "被保険者番号", 1020, 240);
	paste(pix, form, "0000123456", 1450, 230);
	paste(pix, plan, "住所", 240, 360);
	paste(pix, plan, "電話番号", 640, 360);
	paste(pix, plan, "生年月日", 1040, 360);
	paste(pix, plan, "要介護度", 1440, 360);
	paste(pix, form, "生活援助", 240, 480);
	paste(pix, form, "身体整容", 640, 480);
	paste(pix, form, "買物精算", 1040, 480);
	paste(pix, form, "服薬", 1440, 480);
	return pix;
}

static void
cells_are_read_in_order_with_their_boxes(void **state)
{
	_cleanup_(recognition_free) struct recognition r = read_pix(*state, client_table());
	const struct words *w = &r.readings[0].words;

	expect_text(&r, "提供時間\n被保険者番号\n0000123456\n住所\n電話番号\n生年月日\n要介護度\n"
			"生活援助\n身体整容\n買物精算\n服薬\n");
	for (size_t i = 0; i < w->nlines; i++) {
		const struct line *l = &w->lines[i];

		assert_in_range(l->cell, 0, r.grid.n - 1);
		assert_true(box_inside(l->box, r.grid.cells[l->cell].box) > 0.95);
		for (size_t k = l->first; k < l->first + l->count; k++)
			assert_true(box_inside(w->glyphs[k].box, l->box) > 0.99);
	}
	/* The paste at (1450, 230) is 298 wide. */
	assert_in_range(w->lines[2].box.x, 1450, 1480);
	assert_in_range(w->lines[2].box.w, 240, 300);
}

static void
pairs_come_out_of_cells(void **state)
{
	static const char *const pairs[][2] = {{"被保険者番号", "0000123456"}, {"住所", "生活援助"},
	    {"電話番号", "身体整容"}, {"生年月日", "買物精算"}, {"要介護度", "服薬"}};
	_cleanup_(recognition_free) struct recognition r = read_pix(*state, client_table());

	assert_int_equal(r.fields.n, 5);
	for (size_t i = 0; i < 5; i++) {
		assert_string_equal(r.fields.field[i].label, pairs[i][0]);
		assert_string_equal(r.fields.field[i].value, pairs[i][1]);
	}
	assert_string_equal(r.fields.field[0].normal, "0000123456");
	assert_string_equal(r.fields.field[3].normal, ""); /* no date */
}

/* Digits that lie on their side read as letters, and surely; their lines run the other way. */
static void
a_page_of_digits_on_its_side_is_turned(void **state)
{
	static const struct recognise_options o = {.limit_ms = 60000};
	_cleanup_(recognition_free) struct recognition r = {0};
	_cleanup_(page_free) struct page p = {0};
	PIX *pix = blank(1900, 1400), *side;

	for (int y = 150; y < 1200; y += 70) {
		for (int x = 150 + y % 47; x < 1500; x += 400)
			paste(pix, "02-service-kiroku", "0000123456", x, y);
		for (int x = 100 + y % 31; x < 1700; x += 34)
			bar(pix, x, y + 48, 6, 6);
	}
	side = pixRotateOrth(pix, 3);
	pixDestroy(&pix);
	pixSetResolution(side, 300, 300);
	p = load(side);
	pixDestroy(&side);
	assert_int_equal(recognise(*state, &p, &o, &r), 0);
	assert_int_equal(r.rotation, 90);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(spans_of_rows_and_columns),
	    cmocka_unit_test(a_skewed_table),
	    cmocka_unit_test(dotted_lines),
	    cmocka_unit_test(feet_of_letters_are_no_dots),
	    cmocka_unit_test(a_table_within_a_cell),
	    cmocka_unit_test(two_tables_side_by_side),
	    cmocka_unit_test(cells_are_read_in_order_with_their_boxes),
	    cmocka_unit_test(pairs_come_out_of_cells),
	    cmocka_unit_test(a_page_of_digits_on_its_side_is_turned),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
