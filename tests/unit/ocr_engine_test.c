/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the engine's library does with our pictures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <cmocka.h>
#include <errno.h>
#include <string.h>
#include <time.h>

#include <leptonica/allheaders.h>

#include "ocr/agree.h"
#include "ocr/engine.h"
#include "ocr_engine.h"
#include "ocr_network.h"

/* The one that Tesseract finds. */
static l_ok
write_mem(l_uint8 **data, size_t *size, PIX *pix, l_int32 format)
{
	l_ok (*found)(l_uint8 **, size_t *, PIX *, l_int32);

	assert_non_null(engine_version(NULL)); /* an engine is linked */
	*(void **)&found = dlsym(RTLD_DEFAULT, "pixWriteMem");
	assert_non_null(found);
	return found(data, size, pix, format);
}

/* A line that Tesseract passes on as PNG comes out as it was, without having been packed. */
static void
lines_are_passed_on_unpacked(void **state)
{
	PIX *pix = pixCreate(333, 48, 8), *back;
	l_uint8 *data = NULL;
	size_t size = 0;
	l_int32 same = 0;

	for (int i = 0; i < 333 * 48; i++)
		pixSetPixel(pix, i % 333, i / 333, (l_uint32)i * 7919 % 256);
	assert_int_equal(write_mem(&data, &size, pix, IFF_PNG), 0);
	assert_memory_not_equal(data, "\x89PNG", 4);
	assert_true(size >= 333 * 48);
	back = pixReadMem(data, size);
	assert_non_null(back);
	pixEqual(pix, back, &same);
	assert_true(same);
	pixDestroy(&back);
	free(data);
	/* what nobody meant to change */
	assert_int_equal(write_mem(&data, &size, pix, IFF_TIFF_LZW), 0);
	assert_memory_equal(data, "II", 2);
	free(data);
	pixDestroy(&pix);
}

typedef void sections_of(void (*)(void *), void *, unsigned, unsigned, unsigned);
typedef unsigned next_section(void);

static struct {
	sections_of *parallel;
	next_section *next;
	unsigned inner, outer; /* a digit for each section, in turn */
} openmp;

static void
inner(void *depth)
{
	for (unsigned i; (i = openmp.next()) != 0;)
		openmp.inner = openmp.inner * 10 + i;
}

static void
outer(void *depth)
{
	for (unsigned i; (i = openmp.next()) != 0;) {
		openmp.outer = openmp.outer * 10 + i;
		openmp.parallel(inner, NULL, 1, 2, 0);
	}
}

/* Each section runs once, also where one has sections of its own. */
static void
regions_run_all_their_sections(void **state)
{
	assert_non_null(engine_version(NULL));
	*(void **)&openmp.parallel = dlsym(RTLD_DEFAULT, "GOMP_parallel_sections");
	*(void **)&openmp.next = dlsym(RTLD_DEFAULT, "GOMP_sections_next");
	assert_non_null(openmp.parallel);
	assert_non_null(openmp.next);
	openmp.parallel(outer, NULL, 1, 3, 0);
	assert_int_equal(openmp.outer, 123);
	assert_int_equal(openmp.inner, 121212);
	assert_int_equal(openmp.next(), 0);
}

/* Until all of the time is used that it has. */
static void
be_late(struct engine *e)
{
	engine_deadline(e, 1);
	for (clock_t until = clock() + CLOCKS_PER_SEC / 100; clock() < until;)
		;
}

/* What a network saw is known of one line, once: also of none that was read before. */
static void
what_was_seen_of_a_line_is_kept(void **state)
{
	_cleanup_(engine_freep) struct engine *e = NULL;
	_cleanup_(words_free) struct words w = {0};
	PIX *page = print_lines();
	BOX *box = boxCreate(0, 40, 1200, 70);
	PIX *line = pixClipRectangle(page, box, NULL);

	setenv("OMP_THREAD_LIMIT", "1", 1);
	assert_int_equal(engine_new(NULL, &e), 0);
	assert_int_equal(engine_read(e, line, NULL, ENGINE_JAPANESE, ENGINE_LINE, &w), 0);
	if (engine_network_count().refused == 0) {
		struct chances *saw = engine_take_chances(e);

		assert_non_null(saw);
		assert_true(saw->steps > 100 && saw->codes > 400);
		free(saw);
	}
	assert_null(engine_take_chances(e));
	assert_int_equal(engine_read(e, page, NULL, ENGINE_JAPANESE, ENGINE_BLOCK, &w), 0);
	assert_null(engine_take_chances(e));
	assert_int_equal(engine_read(e, line, NULL, ENGINE_JAPANESE, ENGINE_LINE, &w), 0);
	be_late(e);
	assert_int_equal(engine_read(e, line, NULL, ENGINE_JAPANESE, ENGINE_LINE, &w), -ETIME);
	assert_null(engine_take_chances(e));
	boxDestroy(&box);
	pixDestroy(&line);
	pixDestroy(&page);
}

/* Strokes that are no letters, n by n. */
static PIX *
draw_strokes(int n)
{
	PIX *pix = pixCreate(60 + 24 * n, 60 + 36 * n, 8);

	assert_non_null(pix);
	pixSetAllArbitrary(pix, 255);
	for (int i = 0; i < n * n; i++) {
		int column = i % n, row = i / n, kind = (column * 7 + row * 3) % 3;
		int x = 30 + 24 * column, y = 30 + 24 * row;

		if (kind == 0)
			pixRasterop(pix, x, y + 7, 15, 2, PIX_CLR, NULL, 0, 0);
		else
			pixRasterop(pix, x + 5, y, 2, 15, PIX_CLR, NULL, 0, 0);
		if (kind == 1)
			pixRasterop(
			    pix, x, y + (column * 5 + row) % 14, 13, 2, PIX_CLR, NULL, 0, 0);
	}
	return pix;
}

/* Tesseract may have read a page in time, but take far longer to hand over what it read. */
static void
a_deadline_holds_while_words_are_taken(void **state)
{
	enum { LIMIT_S = 3 };
	struct engine *e = NULL;
	struct words w = {0};
	PIX *pix = draw_strokes(65);
	clock_t begin;
	int r;

	assert_int_equal(open_engine((void **)&e), 0);
	begin = clock();
	engine_deadline(e, LIMIT_S * 1000);
	r = engine_read(e, pix, NULL, ENGINE_JAPANESE, ENGINE_SPARSE, &w);
	assert_true(r == 0 || r == -ETIME);
	assert_in_range(clock() - begin, 0, LIMIT_S * CLOCKS_PER_SEC * 3 / 2);
	for (size_t i = 0; i < w.nlines; i++) /* what was taken till then is whole */
		assert_in_range(w.lines[i].count, 1, w.nglyphs - w.lines[i].first);
	words_free(&w);
	pixDestroy(&pix);
	close_engine((void **)&e);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_was_seen_of_a_line_is_kept),
	    cmocka_unit_test(lines_are_passed_on_unpacked),
	    cmocka_unit_test(a_deadline_holds_while_words_are_taken),
	    cmocka_unit_test(regions_run_all_their_sections),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
