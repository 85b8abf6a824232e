/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Beginnings of texts that are not followed up: there are many, and what is read is the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/engine_search.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

/* The same lines, hopeless beginnings followed up or not. Returns how many were not. */
static unsigned long
read_page(struct engine *e, PIX *page, bool spare, struct words *ret, unsigned long *ret_asked)
{
	unsigned long asked, spared = engine_search_spared(&asked), asked_after;

	engine_search_spare(spare);
	assert_int_equal(engine_read(e, page, NULL, ENGINE_JAPANESE, ENGINE_PAGE, ret), 0);
	engine_search_spare(true);
	spared = engine_search_spared(&asked_after) - spared;
	*ret_asked = asked_after - asked;
	return spared;
}

static void
hopeless_beginnings_change_nothing(void **state)
{
	_cleanup_(words_free) struct words all = {0}, few = {0};
	unsigned long asked, asked_few, spared;
	PIX *page = blank(1200, 600);

	paste(page, "04-juuyou-jikou", "ことができるよう、訪問介護を提供します。", 100, 200);
	assert_int_equal(read_page(*state, page, false, &all, &asked), 0);
	spared = read_page(*state, page, true, &few, &asked_few);
	assert_in_range(spared, asked_few / 20, asked_few);
	assert_true(asked_few < asked); /* what is not followed up leaves none to be asked for */
	assert_in_range(all.nglyphs, 15, 30);
	assert_int_equal(all.nglyphs, few.nglyphs);
	for (size_t i = 0; i < all.nglyphs; i++) {
		assert_string_equal(all.glyphs[i].text, few.glyphs[i].text);
		assert_int_equal(all.glyphs[i].confidence, few.glyphs[i].confidence);
		assert_memory_equal(&all.glyphs[i].box, &few.glyphs[i].box, sizeof(struct box));
	}
	pixDestroy(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hopeless_beginnings_change_nothing),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
