/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Steps of the clock, and whether it is to be trusted. G6-32. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <sys/timex.h>

#include "store/clock.h"

static void
g6_32_a_step_is_told_once(void **state)
{
	struct clock_watch w = {0};
	uint64_t real = 1795342500000u, boot = 5000;

	assert_int_equal(clock_step(&w, real, boot), 0); /* nothing to compare with */
	assert_int_equal(clock_step(&w, real + 60000, boot + 60000), 0);
	assert_int_equal(clock_step(&w, real + 60999, boot + 60000), 0);
	assert_int_equal(clock_step(&w, real + 61000, boot + 60000), 1);
	assert_int_equal(clock_step(&w, real + 61000, boot + 60000), 0);
	/* ten minutes ahead, an hour back */
	assert_int_equal(clock_step(&w, real + 661000, boot + 60000), 600);
	assert_int_equal(clock_step(&w, real - 2939000, boot + 60000), -3600);
	assert_int_equal(clock_step(&w, real - 2939000, boot + 60000), 0);
	/* parts of a second are rounded away from nothing */
	assert_int_equal(clock_step(&w, real - 2939000 + 1001, boot + 60000), 2);
}

/* Small jumps are no steps, until they add up to one. */
static void
small_jumps_add_up(void **state)
{
	struct clock_watch w = {0};
	int64_t told = 0;

	clock_step(&w, 1000000, 1000);
	for (uint64_t i = 1; i <= 10; i++)
		told += clock_step(&w, 1000000 + i * 60000 + i * 300, 1000 + i * 60000);
	assert_in_range(told, 3, 4);
	/* time in which the box slept is time since boot as well */
	assert_int_equal(clock_step(&w, 1000000 + 990603000, 1000 + 990600000), 0);
}

static void
a_clock_behind_its_boot_time_is_a_step(void **state)
{
	struct clock_watch w = {0};

	clock_step(&w, 5000, 900000); /* 1970 */
	assert_int_equal(clock_step(&w, 1795342500000, 900000), 1795342495);
}

static void
g6_32_error_beyond_the_limit_is_unsynchronised(void **state)
{
	assert_true(clock_is_good(0, 0, 1));
	assert_true(clock_is_good(STA_PLL, 5000000, 5000));
	assert_false(clock_is_good(STA_PLL, 5000001, 5000));
	assert_false(clock_is_good(STA_UNSYNC, 0, 5000));
	assert_false(clock_is_good(STA_UNSYNC | STA_PLL, 10, 5000));
	assert_false(clock_is_good(0, -1, 5000));
	assert_false(clock_is_good(0, 0, 0));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(g6_32_a_step_is_told_once),
	    cmocka_unit_test(small_jumps_add_up),
	    cmocka_unit_test(a_clock_behind_its_boot_time_is_a_step),
	    cmocka_unit_test(g6_32_error_beyond_the_limit_is_unsynchronised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
