/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whole pages of letters set evenly both ways, with and without the squares of manuscript paper:
 * the engine's own layout would read them across. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/recognise.h"
#include "ocr_typed.h"

#define EM 56
#define STEP 100
#define LONG 13 /* letters of a line */
#define LINES (sizeof text / sizeof *text)

static const uint32_t *const text[] = {U"この規程は利用者の生活を守", U"るために必要な事項を定める",
    U"ものである職員は家族からも", U"相談を受けた場合には記録を", U"残してください電話で聞いた",
    U"ことも書いておきます毎月の", U"会議では前の月に起きた事故", U"について話し合いをしてから",
    U"次の予定を決めていますので", U"全員が出席するようにします"};

/* Down from the right, or across. */
static PIX *
draw_page(bool down, bool squares)
{
	PIX *pix = blank(1800, 1800);

	for (int i = 0; i < (int)LINES; i++)
		for (int k = 0; k < LONG; k++) {
			const int x = 200 + STEP * (down ? (int)LINES - 1 - i : k),
				  y = 200 + STEP * (down ? k : i);

			draw_letter(pix, text[i][k], EM, x, y);
			if (squares)
				frame(pix, x - 22, y - 22, STEP, STEP, 3);
		}
	return pix;
}

/* How many lines were read without a fault. */
static unsigned
count_read(struct engine *e, PIX *pix)
{
	static const struct recognise_options o = {.limit_ms = 60000};
	_cleanup_(recognition_free) struct recognition r = {0};
	_cleanup_(page_free) struct page p = load(pix);
	const struct words *w;
	unsigned right = 0;

	pixDestroy(&pix);
	assert_int_equal(recognise(e, &p, &o, &r), 0);
	w = &r.readings[0].words;
	for (size_t n = 0; n < w->nlines; n++) {
		const struct line *l = &w->lines[n];

		for (size_t i = 0; i < LINES; i++) {
			size_t k = 0;

			while (k < l->count && k < LONG &&
			       glyph_code(&w->glyphs[l->first + k]) == text[i][k])
				k++;
			right += k == LONG;
		}
	}
	return right;
}

static void
even_letters_are_read_downwards(void **state)
{
	assert_true(count_read(*state, draw_page(true, false)) >= LINES - 2);
	assert_true(count_read(*state, draw_page(true, true)) >= LINES - 2);
}

static void
even_letters_are_read_across(void **state)
{
	assert_true(count_read(*state, draw_page(false, false)) >= LINES - 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(even_letters_are_read_downwards),
	    cmocka_unit_test(even_letters_are_read_across),
	};

	return cmocka_run_group_tests(tests, open_typed, close_typed);
}
