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

static int64_t
sum_of(const struct clock_steps *steps, int sign)
{
	int64_t sum = 0;

	for (unsigned i = 0; i < steps->n; i++)
		sum += steps->seconds[i] * sign > 0 ? steps->seconds[i] : 0;
	return sum;
}

/* However many come before one can be recorded. */
static void
steps_make_each_other_no_smaller(void **state)
{
	struct clock_steps steps = {.n = 0};

	clock_keep(&steps, 0);
	assert_int_equal(steps.n, 0);
	clock_keep(&steps, 60);
	clock_keep(&steps, -60);
	assert_int_equal(steps.n, 2);
	assert_int_equal(steps.seconds[0], 60);
	assert_int_equal(steps.seconds[1], -60);
	for (int i = 0; i < 100; i++)
		clock_keep(&steps, i % 2 == 0 ? 3600 : -3600);
	assert_int_equal(steps.n, CLOCK_STEPS_MAX);
	assert_int_equal(sum_of(&steps, 1), 60 + 50 * 3600);
	assert_int_equal(sum_of(&steps, -1), -60 - 50 * 3600);
	steps.n = 0;
	for (int i = 0; i < 70; i++)
		clock_keep(&steps, 10);
	clock_keep(&steps, -5);
	assert_int_equal(steps.n, CLOCK_STEPS_MAX);
	assert_int_equal(sum_of(&steps, 1), 700);
	assert_int_equal(steps.seconds[steps.n - 1], -5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(g6_32_a_step_is_told_once),
	    cmocka_unit_test(small_jumps_add_up),
	    cmocka_unit_test(a_clock_behind_its_boot_time_is_a_step),
	    cmocka_unit_test(steps_make_each_other_no_smaller),
	    cmocka_unit_test(g6_32_error_beyond_the_limit_is_unsynchronised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
