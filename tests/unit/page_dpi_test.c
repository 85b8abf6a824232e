/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Resolutions that files do not tell, or tell wrongly. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "scanner/page_dpi.h"

static void
test_guess(void **state)
{
	static const struct {
		uint32_t width, height;
		unsigned dpi;
	} sizes[] = {
	    {2480, 3508, 300},
	    {3508, 2480, 300},
	    {1654, 2339, 200},
	    {1241, 1754, 150},
	    {827, 1170, 100},
	    {4961, 7016, 600},
	    {2550, 3300, 300}, /* letter at 300, not A4 at 308 */
	    {681, 432, 300},   /* a card */
	    {500, 1953, 300},  /* a receipt */
	    {9921, 14031, 1200},
	};

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
		assert_int_equal(page_dpi_guess(sizes[i].width, sizes[i].height), sizes[i].dpi);
}

static void
test_believable(void **state)
{
	assert_true(page_dpi_believable(2480, 3508, 300, 300));
	assert_true(page_dpi_believable(1728, 1143, 204, 98)); /* fax */
	assert_true(page_dpi_believable(640, 480, 96, 96));    /* could be */
	assert_false(page_dpi_believable(2480, 3508, 72, 72)); /* nearly a metre of paper */
	assert_false(page_dpi_believable(2480, 3508, 96, 96));
	assert_false(page_dpi_believable(2480, 3508, 0, 0));
	assert_false(page_dpi_believable(2480, 3508, 1, 1));
	assert_false(page_dpi_believable(2480, 3508, 300, 1));
	assert_false(page_dpi_believable(2480, 3508, 0.0 / 0.0, 300));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_guess),
	    cmocka_unit_test(test_believable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
