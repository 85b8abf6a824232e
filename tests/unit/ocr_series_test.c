/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Numbered items, one of which was read as something else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cleanup.h"
#include "ocr/series.h"
#include "text.h"

static void
add_line(struct words *w, const char *text, size_t size)
{
	uint32_t code;

	assert_int_equal(words_line(w, &(struct line){.cell = -1}), 0);
	for (size_t i = 0; i < size;) {
		struct glyph g = {.confidence = 90, .box = {100, 50 * (int)w->nlines, 20, 20}};
		const int used = utf8_decode(text + i, size - i, &code);

		assert_true(used > 0);
		memcpy(g.text, text + i, (size_t)used);
		assert_int_equal(words_glyph(w, &g), 0);
		i += (size_t)used;
	}
	words_line_done(w);
}

/* Lines, each ended by \n. */
static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};
	_cleanup_(buf_free) struct buf b = {0};

	for (const char *end; (end = strchr(read, '\n')) != NULL; read = end + 1)
		add_line(&w, read, (size_t)(end - read));
	assert_int_equal(series_correct(&w), 0);
	words_text(&w, &b);
	buf_add(&b, "", 1);
	assert_string_equal(b.data, want);
}

static void
the_missing_number_is_known(void **state)
{
	expect("①氏名\n@住所\n③電話\n", "①氏名\n②住所\n③電話\n");
	expect("⑦休日\n計算\n@深夜\n労働\n⑨手当\n", "⑦休日\n計算\n⑧深夜\n労働\n⑨手当\n");
	expect("⑲甲\n@乙\n", "⑲甲\n@乙\n");
}

static void
other_signs_stay(void **state)
{
	expect("①氏名\n@住所\n②電話\n", "①氏名\n@住所\n②電話\n");
	expect("①氏名\n●住所\n●番地\n③電話\n", "①氏名\n●住所\n●番地\n③電話\n");
	expect("@住所\n②電話\n", "@住所\n②電話\n");
	expect("①氏名\n名住所\n③電話\n", "①氏名\n名住所\n③電話\n");
	expect("①氏名\n@\n③電話\n", "①氏名\n@\n③電話\n");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_missing_number_is_known),
	    cmocka_unit_test(other_signs_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
