/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Japanese lines between English ones, as the Latin model reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/mixed.h"
#include "ocr_draw.h"
#include "ocr_engine.h"

#define PAPER "07-houmon-kango-shiji"
#define APART 80

static void
english(PIX *pix, int y, const char *text)
{
	L_BMF *font = bmfCreate(NULL, 20);
	l_int32 width, overflow;

	assert_non_null(font);
	assert_int_equal(pixSetTextline(pix, font, text, 0, 40, y + 40, &width, &overflow), 0);
	bmfDestroy(&font);
}

/* Reads a page as the Latin model does; of lines doubted it was not sure. */
static bool
finds(void **state, PIX *pix, bool doubted)
{
	_cleanup_(words_free) struct words w = {0};
	bool found;

	assert_int_equal(engine_read(*state, pix, NULL, ENGINE_LATIN, ENGINE_BLOCK, &w), 0);
	assert_true(w.nlines > 3);
	for (size_t i = 0; doubted && i < w.nlines; i++)
		w.lines[i].confidence = 80;
	assert_int_equal(mixed_find(*state, pix, &w, &found), 0);
	pixDestroy(&pix);
	return found;
}

static void
japanese_between_english_is_found(void **state)
{
	PIX *pix = blank(1200, 8 * APART);

	english(pix, 0, "Certificate of the state of health");
	paste(pix, PAPER, "訪問看護指示書", 40, APART);
	english(pix, 2 * APART, "The person named below was examined");
	paste(pix, PAPER, "患者住所", 40, 3 * APART);
	paste(pix, PAPER, "要介護認定", 40, 4 * APART);
	english(pix, 5 * APART, "and found to be in good condition");
	paste(pix, PAPER, "主たる傷病名", 40, 6 * APART);
	assert_true(finds(state, pix, false));
}

static PIX *
english_page(void)
{
	PIX *pix = blank(1200, 6 * APART);

	english(pix, 0, "Certificate of the state of health");
	english(pix, APART, "The person named below was examined");
	english(pix, 2 * APART, "by us on the third of November");
	english(pix, 3 * APART, "and found to be in good condition");
	return pix;
}

static void
english_is_english_however_badly_it_reads(void **state)
{
	assert_false(finds(state, english_page(), true));
}

static void
one_japanese_name_makes_no_japanese_page(void **state)
{
	PIX *pix = english_page();

	paste(pix, PAPER, "患者住所", 40, 4 * APART);
	assert_false(finds(state, pix, true));
}

static void
a_page_of_nothing_is_none(void **state)
{
	const struct words none = {0};
	PIX *pix = blank(100, 100);
	bool found = true;

	assert_int_equal(mixed_find(*state, pix, &none, &found), 0);
	assert_false(found);
	pixDestroy(&pix);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(japanese_between_english_is_found),
	    cmocka_unit_test(english_is_english_however_badly_it_reads),
	    cmocka_unit_test(one_japanese_name_makes_no_japanese_page),
	    cmocka_unit_test(a_page_of_nothing_is_none),
	};

	return cmocka_run_group_tests(tests, open_engine, close_engine);
}
