/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* By which names shapes are compared with what was read, and which of them no shape can tell from
 * each other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ocr/letter_names.h"
#include "ocr_typeface.h"

#define EM 42 /* 300 dpi, 10 points */
#define EDGE 10

static struct glyph
read_as(const char *text)
{
	struct glyph g = {0};

	strcpy(g.text, text);
	return g;
}

/* Where the print of one letter lies. */
static struct letter_point
print_of(uint32_t code)
{
	PIX *pix = blank(EM + 2 * EDGE, EM + 2 * EDGE);
	const struct box ink = draw_letter(pix, code, EM, EDGE, EDGE);
	struct letter_shape s;
	struct letter_point p;

	assert_int_equal(letter_shape(pix, ink, EDGE, EM, &s), 0);
	letter_project(&s, &p);
	pixDestroy(&pix);
	return p;
}

static void
letters_are_those_the_judge_knows(void **state)
{
	static const struct {
		const char *read;
		uint32_t code;
	} codes[] = {{"Ａ", U'A'}, {"！", U'!'}, {"｝", U'}'}, {"～", U'～'}, {"〜", U'～'},
	    {"∼", U'～'}, {"•", U'・'}, {"―", U'ー'}, {"—", U'ー'}, {"–", U'ー'}, {"−", U'ー'},
	    {"‐", U'ー'}, {"☐", U'□'}, {"◯", U'○'}, {"«", U'≪'}, {"»", U'≫'}, {"►", U'▶'},
	    {"◄", U'◀'}, {"ⅰ", U'i'}, {"ⅴ", U'v'}, {"ⅹ", U'x'}, {"水", U'水'}, {"-", U'-'},
	    {"", 0}};

	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		const struct glyph g = read_as(codes[i].read);

		assert_int_equal(letter_code(&g), codes[i].code);
		assert_int_equal(letter_plain(glyph_code(&g)), codes[i].code);
	}
}

/* The judge has letters by one name or by two: what is nearest to the ink counts. */
static void
letter_is_as_far_as_its_nearest_form(void **state)
{
	static const struct {
		uint32_t drawn;   /* and known to the judge by this name */
		const char *read; /* this */
		bool is_other;    /* that is nearer than the name it goes by */
	} forms[] = {{U'水', "水", false}, {U'W', "W", false}, {U'W', "Ｗ", false},
	    {U'～', "〜", false}, {U'～', "~", true}, {U'«', "≪", true}, {U'«', "«", true},
	    {U'％', "%", true}, {U'＋', "＋", true}};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct letter_point p = print_of(forms[i].drawn);
		const struct glyph g = read_as(forms[i].read);
		const float own = letter_own_distance(&p, &g);

		print_message("# U+%04X: %s\n", forms[i].drawn, g.text);
		assert_true(isfinite(own));
		assert_true(own == letter_distance(&p, forms[i].drawn));
		assert_int_equal(own < letter_distance(&p, letter_code(&g)), forms[i].is_other);
	}
}

static void
letter_that_the_judge_lacks_is_infinitely_far(void **state)
{
	const struct letter_point p = print_of(U'水');
	const struct glyph unknown = read_as("德"), none = read_as("");

	assert_true(isinf(letter_own_distance(&p, &unknown)));
	assert_true(isinf(letter_alike_distance(&p, &unknown)));
	assert_true(isinf(letter_own_distance(&p, &none)));
	assert_true(isinf(letter_alike_distance(&p, &none)));
}

static void
letters_of_one_shape_are_alike(void **state)
{
	static const uint32_t alike[][2] = {{U'ー', U'一'}, {U'一', U'—'}, {U'力', U'カ'},
	    {U'カ', U'ヵ'}, {U'l', U'１'}, {U'Ｏ', U'0'}, {U'口', U'ロ'}, {U'っ', U'つ'},
	    {U'・', U'•'}, {U'•', U'.'}, {U'◯', U'〇'}, {U'卜', U'下'}, {U'水', U'水'},
	    {U'Ａ', U'A'}};
	static const uint32_t apart[][2] = {{U'力', U'刀'}, {U'口', U'日'}, {U'ツ', U'シ'},
	    {U'一', U'二'}, {U'ー', U'|'}, {U'あ', U'い'}, {U'ぁ', U'ァ'}, {U'水', U'氷'},
	    {U'水', 0}, {U'力', 0}};

	for (size_t i = 0; i < sizeof alike / sizeof *alike; i++) {
		assert_true(letters_are_alike(alike[i][0], alike[i][1]));
		assert_true(letters_are_alike(alike[i][1], alike[i][0]));
	}
	for (size_t i = 0; i < sizeof apart / sizeof *apart; i++) {
		assert_false(letters_are_alike(apart[i][0], apart[i][1]));
		assert_false(letters_are_alike(apart[i][1], apart[i][0]));
	}
}

/* What looks the same is as far, if the judge knows it, and what does not is farther. */
static void
letter_is_as_far_as_what_looks_like_it(void **state)
{
	static const struct {
		uint32_t drawn;
		const char *read;
		bool is_alike;
	} letters[] = {{U'カ', "力", true}, {U'力', "カ", true}, {U'一', "ー", true},
	    {U'ー', "—", true}, {U'0', "Ｏ", true}, {U'ロ', "口", true}, {U'つ', "っ", true},
	    {U'水', "水", true}, {U'刀', "力", false}, {U'日', "口", false}, {U'氷', "水", false}};

	for (size_t i = 0; i < sizeof letters / sizeof *letters; i++) {
		const struct letter_point p = print_of(letters[i].drawn);
		const struct glyph g = read_as(letters[i].read);
		const float far = letter_alike_distance(&p, &g);

		print_message("# U+%04X: %s\n", letters[i].drawn, g.text);
		assert_true(far <= letter_own_distance(&p, &g));
		assert_int_equal(far <= letter_distance(&p, letter_plain(letters[i].drawn)),
		    letters[i].is_alike);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(letters_are_those_the_judge_knows),
	    cmocka_unit_test(letter_is_as_far_as_its_nearest_form),
	    cmocka_unit_test(letter_that_the_judge_lacks_is_infinitely_far),
	    cmocka_unit_test(letters_of_one_shape_are_alike),
	    cmocka_unit_test(letter_is_as_far_as_what_looks_like_it),
	};

	return cmocka_run_group_tests(tests, open_typeface, close_typeface);
}
