/* links: ocr */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The scale of grades as the engine reads it; _ is a gap. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ocr/grades.h"
#include "ocr_lines.h"

#define HIGH 30

static const struct setting narrow = {HIGH / 2, HIGH / 2 - 2, HIGH, 0, -1};

static void
expect(const char *read, const char *want)
{
	_cleanup_(words_free) struct words w = {0};

	set_line(&w, &narrow, 100, read, strlen(read));
	assert_int_equal(grades_correct(&w), 0);
	expect_line(&w, want);
	if (w.lines[0].raw != NULL)
		assert_string_equal(w.lines[0].rule, GRADES_RULE);
}

static void
scales(void **state)
{
	expect("I_Ta_Ib_Ia_Ib_IV_M", "IⅡaⅡbⅢaⅢbIVM");
	expect("自立_I_IIa_IIb_IIIa_皿b_IV_M", "自立IⅡaⅡbⅢaⅢbIVM");
	expect("□自立□I□IIa□IIb□ma□mb□IV□M", "□自立□I□Ⅱa□Ⅱb□Ⅲa□Ⅲb□IV□M");
	expect("□IIa□Ib□Ia□Ib□IV□M", "□Ⅱa□Ⅱb□Ⅲa□Ⅲb□IV□M");
	expect("IIa_Ib_Ia_Ib_IV_M", "ⅡaⅡbⅢaⅢbIVM");
	expect("Ⅰ_Ⅱa_Ⅱb_Ⅲa_Ⅲb_Ⅳ_M", "ⅠⅡaⅡbⅢaⅢbⅣM");
}

static void
other_letters_stay(void **state)
{
	expect("I_Ta_Ib_Ia_Ib", "ITaIbIaIb"); /* no M */
	expect("I_Ta_Ib_IV_M", "ITaIbIVM");
	expect("1a2b3a4bIVM", "1a2b3a4bIVM");
	expect("M_Ta_Ib", "MTaIb");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(scales),
	    cmocka_unit_test(other_letters_stay),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
