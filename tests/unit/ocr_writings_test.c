/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Other writings of what was read: each once, what was read beside it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/writings.h"
#include "text.h"

static void
add_line(struct words *w, const char *text)
{
	struct line like = {.cell = -1};

	assert_int_equal(words_line(w, &like), 0);
	while (*text != '\0') {
		struct glyph g = {.confidence = 99, .box = {10, 10, 20, 20}};
		size_t n = 1;

		while ((text[n] & 0xc0) == 0x80)
			n++;
		snprintf(g.text, sizeof g.text, "%.*s", (int)n, text);
		assert_int_equal(words_glyph(w, &g), 0);
		text += n;
	}
	words_line_done(w);
}

/* text may be written as other, or (NULL) not otherwise. */
static void
expect(const char *text, const char *other)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf out = {0};

	add_line(&w, text);
	assert_int_equal(writings_add(&w, 1, &w, 0), 0);
	assert_int_equal(w.nlines, other == NULL ? 1 : 2);
	if (other == NULL)
		return;
	words_line_text(&w, &w.lines[1], &out);
	buf_add(&out, "", 1);
	assert_string_equal(out.data, other);
	assert_string_equal(w.lines[1].raw, text);
	assert_string_equal(w.lines[1].rule, "writing");
}

static void
boxes_are_no_letters(void **state)
{
	expect("居室口トイレロ廊下品食堂", "居室トイレ廊下食堂");
	expect("口新規口変更", "新規変更");
	expect("出口の段差", NULL);
	expect("用品と商品", NULL);
}

static void
signs_that_share_a_letter(void **state)
{
	expect("3杯x@580", "3杯×@580");
	expect("X2,500円", "×2,500円");
	expect("(A)x2,500円", "(A)×2,500円");
	expect("PX2 Max3", NULL);
	expect("[内現金]", "〔内現金〕");
	expect("月128.000円", "月128,000円");
	expect("36.5と1.2345", NULL);
	expect("承ります.", "承ります。");
	expect("No.", NULL);
	expect("○受付担当者:", "〇受付担当者:");
	expect("区分を〇で囲む", "区分を○で囲む");
	expect("○", NULL);
	expect("二〇二六年", NULL);
	expect("三〇〇円", NULL);
	expect("○一部介助", "〇一部介助");
	expect("株式会社○○", "株式会社〇〇");
}

static void
what_is_said_already_is_not_said_again(void **state)
{
	_cleanup_(words_free) struct words from = {0}, to = {0};

	add_line(&from, "口新規口変更");
	add_line(&from, "ロ新規ロ変更");
	add_line(&to, "新規変更");
	assert_int_equal(writings_add(&from, 2, &to, 0), 0);
	assert_int_equal(to.nlines, 1);
	assert_int_equal(writings_add(&from, 2, &to, 1), 0);
	assert_int_equal(to.nlines, 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(boxes_are_no_letters),
	    cmocka_unit_test(signs_that_share_a_letter),
	    cmocka_unit_test(what_is_said_already_is_not_said_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
