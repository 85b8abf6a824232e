/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How patterns read, and that the index of a table leaves none of its rows out. */
#include "ocr_notation.h"

#include "ocr/lexicon_words.h"
#include "ocr/notation_rules.h"
#include "ocr/pattern.h"

static void
patterns_see_the_edges(void **state)
{
	_cleanup_(words_free) struct words w = {0};

	assert_int_equal(words_line(&w, &(struct line){.cell = -1}), 0);
	add_glyph(&w, "1", 1, ANY);
	add_glyph(&w, "一", 3, ANY);
	words_line_done(&w);
	assert_true(pattern_fits("9(一)$", &w, &w.lines[0], 1));
	assert_true(pattern_fits("^9(ー一)!9", &w, &w.lines[0], 1));
	assert_true(pattern_fits("[漢9](一)[カ$]", &w, &w.lines[0], 1));
	assert_true(pattern_fits("!か(1)漢", &w, &w.lines[0], 0));
	assert_false(pattern_fits("9(一)9", &w, &w.lines[0], 1));
	assert_false(pattern_fits("9(1)漢", &w, &w.lines[0], 0));
	assert_true(pattern_fits("9(!二三)", &w, &w.lines[0], 1));
	assert_false(pattern_fits("9(!一)", &w, &w.lines[0], 1));
	assert_false(pattern_fits("(!二)", &w, &w.lines[0], 0));
	assert_false(pattern_fits("9一", &w, &w.lines[0], 1));
}

/* Whether pattern number k comes when all are asked for that may fit this letter, in their order.
 */
static bool
is_found(const struct pattern_index *x, uint32_t code, size_t k)
{
	bool found = false;

	for (size_t i = 0, last = 0; (i = pattern_next(x, code, i)) < PATTERN_MAX; last = i++) {
		assert_true(i == 0 || i > last);
		found = found || i == k;
	}
	return found;
}

/* Rule number k is found at each of the letters that it says it may fit. */
static void
expect_found(const struct pattern_index *x, size_t k, const char *pattern)
{
	const char *p = pattern;
	uint32_t code;

	for (; *p != '('; p++)
		if (*p == '[')
			p = strchr(p, ']');
	p++;
	assert_int_not_equal(*p, ')');
	while (*p != ')') {
		p += utf8_decode(p, strlen(p), &code);
		assert_true(is_found(x, code, k));
	}
}

static void
the_index_finds_every_rule(void **state)
{
	const size_t nrules = sizeof rules / sizeof *rules;
	const size_t nwords = sizeof lexicon_words / sizeof *lexicon_words;
	struct pattern_index of_rules = {0}, of_words = {0};

	for (size_t k = 0; k < nrules; k++)
		pattern_add(&of_rules, k, rules[k].pattern);
	for (size_t k = 0; k < nwords; k++)
		pattern_add(&of_words, k, lexicon_words[k][0]);
	for (size_t k = 0; k < nrules; k++)
		expect_found(&of_rules, k, rules[k].pattern);
	for (size_t k = 0; k < nwords; k++)
		expect_found(&of_words, k, lexicon_words[k][0]);
}

static void
the_index_leaves_out_what_cannot_fit(void **state)
{
	struct pattern_index x = {0};

	assert_int_equal(pattern_next(&x, U'一', 0), PATTERN_MAX);
	pattern_add(&x, 0, "[(](一二)三");
	pattern_add(&x, 63, "一(三)");
	pattern_add(&x, 64, "[)]四(一)");
	pattern_add(&x, 65, "一二三");
	pattern_add(&x, PATTERN_MAX - 1, "^(!一)"); /* any other ideograph */
	assert_int_equal(pattern_next(&x, U'一', 0), 0);
	assert_int_equal(pattern_next(&x, U'一', 1), 64);
	assert_int_equal(pattern_next(&x, U'二', 1), PATTERN_MAX - 1);
	assert_int_equal(pattern_next(&x, U'三', 0), 63);
	assert_int_equal(pattern_next(&x, U'三', 64), PATTERN_MAX - 1);
	assert_int_equal(pattern_next(&x, U'四', 0), PATTERN_MAX - 1);
	assert_int_equal(pattern_next(&x, U'四', PATTERN_MAX), PATTERN_MAX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(patterns_see_the_edges),
	    cmocka_unit_test(the_index_finds_every_rule),
	    cmocka_unit_test(the_index_leaves_out_what_cannot_fit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
