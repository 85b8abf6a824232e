/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A page whose time runs out, with an engine of our own behind the door: it reads every picture as
 * the same line, and has no time for one mode.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>

#include <leptonica/allheaders.h>

#include "ocr/recognise.h"

#define GLYPHS 30

struct engine {
	enum engine_mode too_slow;
	uint8_t unsure; /* by so many percent of every glyph */
	bool late;
	unsigned reads;
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

void
engine_deadline(struct engine *e, unsigned ms)
{
}

bool
engine_is_late(const struct engine *e)
{
	return e->late;
}

int
engine_read(struct engine *e, struct Pix *image, const struct box *box, enum engine_model model,
    enum engine_mode mode, struct words *ret)
{
	struct line line = {.cell = -1};

	e->reads++;
	if (mode == e->too_slow)
		return -ETIME;
	assert_int_equal(words_line(ret, &line), 0);
	for (int i = 0; i < GLYPHS; i++) {
		struct glyph g = {.text = "字", .box = {100 + 30 * i, 100, 28, 28}};

		g.confidence = (uint8_t)(99 - e->unsure);
		assert_int_equal(words_glyph(ret, &g), 0);
	}
	words_line_done(ret);
	return 0;
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

bool
engine_knows(const struct engine *e, enum engine_model model, const char *letter)
{
	return false;
}

/* A page without cells, with what looks like lines of print. */
static struct page
page(void)
{
	struct page p = {.width = 1240, .height = 1754, .reduce = 1, .dpi = 300};

	p.pix = pixCreate(p.width, p.height, 8);
	pixSetAllArbitrary(p.pix, 255);
	for (int y = 200; y < 1500; y += 70)
		for (int x = 100; x < 1100; x += 45)
			pixRasterop(p.pix, x, y, 12, 36, PIX_CLR, NULL, 0, 0);
	return p;
}

static bool
found(const struct recognition *r, const char *code)
{
	bool yes = false;

	for (unsigned i = 0; i < r->nfindings; i++)
		yes |= strcmp(r->findings[i].code, code) == 0;
	return yes;
}

static void
the_shown_reading_outlives_a_slow_further_one(void **state)
{
	static const struct recognise_options all = {.all = true, .limit_ms = 1};
	static const struct {
		enum engine_mode too_slow;
		bool cut_short;
	} kinds[] = {{ENGINE_SPARSE, true}, {ENGINE_MODES, false}};

	for (size_t i = 0; i < 2; i++) {
		struct engine e = {.too_slow = kinds[i].too_slow};
		struct page p = page();
		struct recognition r = {0};

		assert_int_equal(recognise(&e, &p, &all, &r), 0);
		assert_true(r.readings[0].words.nglyphs >= GLYPHS); /* every line of the page */
		assert_int_equal(found(&r, "cut_short"), kinds[i].cut_short);
		recognition_free(&r);
		page_free(&p);
	}
}

static void
a_slow_shown_reading_is_an_error(void **state)
{
	static const struct recognise_options shown = {.limit_ms = 1};
	struct engine e = {.too_slow = ENGINE_LINE};
	struct page p = page();
	struct recognition r = {0};

	assert_int_equal(recognise(&e, &p, &shown, &r), -ETIME);
	assert_int_equal(r.nreadings, 0);
	page_free(&p);
}

static unsigned
count_reads(uint8_t unsure, bool late)
{
	static const struct recognise_options all = {.all = true, .limit_ms = 1};
	struct engine e = {.too_slow = ENGINE_MODES, .unsure = unsure, .late = late};
	struct page p = page();
	struct recognition r = {0};

	assert_int_equal(recognise(&e, &p, &all, &r), 0);
	recognition_free(&r);
	page_free(&p);
	return e.reads;
}

/* Or the shown reading would have no time left at a page's end. */
static void
a_late_page_is_not_read_in_further_ways(void **state)
{
	const unsigned lines = 19;

	assert_true(count_reads(20, false) >= count_reads(20, true) + lines);
	assert_int_equal(count_reads(0, false), count_reads(0, true));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_shown_reading_outlives_a_slow_further_one),
	    cmocka_unit_test(a_slow_shown_reading_is_an_error),
	    cmocka_unit_test(a_late_page_is_not_read_in_further_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
