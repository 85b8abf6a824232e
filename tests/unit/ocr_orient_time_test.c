/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page dense with what says nothing any way round, read by an engine of our own that is slow: the
 * way up is looked for so long and no longer, by a processor's clock that is ours as well.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <time.h>

#include "ocr/engine.h"
#include "ocr/orient.h"
#include "ocr_draw.h"

#define GLYPHS 30

struct engine {
	double read_s; /* what one reading takes */
};

static double now_s;
static unsigned reads;

clock_t
clock(void)
{
	return (clock_t)(now_s * CLOCKS_PER_SEC);
}

int
engine_new(const char *folder, struct engine **ret)
{
	return -ENOSYS;
}

void
engine_free(struct engine *e)
{
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	now_s += e->read_s;
	reads++;
	assert_int_equal(words_line(ret, &(struct line){.cell = -1}), 0);
	for (unsigned i = 0; i < GLYPHS; i++) {
		struct glyph g = {.box = {20 * (int)i, 0, 18, 18}, .confidence = 85};

		snprintf(g.text, sizeof g.text, "%c", 'a' + i % 26);
		assert_int_equal(words_glyph(ret, &g), 0);
	}
	words_line_done(ret);
	return 0;
}

/* Lines, some of which a window shows whole. */
static PIX *
draw_lines(void)
{
	PIX *page = blank(1600, 2000);

	for (int y = 100; y < 1900; y += 64)
		for (int x = 150; x < 1400; x += 44)
			bar(page, x, y, 36, 36);
	return page;
}

static struct orient
find(double read_s)
{
	_cleanup_(sheet_free) struct sheet s = {0};
	_cleanup_(grid_free) struct grid g = find_grid(draw_lines(), &s);
	struct engine e = {read_s};
	struct orient way;

	now_s = 0;
	reads = 0;
	assert_int_equal(orient_find(&e, &s, g.rules, &way), 0);
	return way;
}

static void
a_look_ends_in_time(void **state)
{
	unsigned all;

	assert_int_equal(find(0).rotation, 0);
	all = reads;
	assert_true(all > 20);
	assert_int_equal(find(1).rotation, 0);
	assert_in_range(reads, 5, 5 + 4); /* those of one window's lines */
	assert_true(reads < all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_look_ends_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
