/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How long reading rests on a full disk, and a page that store could not fetch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "store/aside.h"
#include "store/pause.h"

/* A disk that is full all day costs some 290 tries, not one every two seconds. */
static void
rests_grow(void **state)
{
	static const int expected[] = {2, 4, 8, 16, 32, 64, 128, 256, 300, 300};
	struct pause p = {0};
	double now = 1000;
	int tries = 0;

	assert_false(pause_holds(&p, now, 0));
	for (int i = 0; i < 10; i++) {
		assert_int_equal(pause_begin(&p, now, 0), expected[i]);
		assert_true(pause_holds(&p, now + expected[i] - 1, 0));
		now += expected[i];
		assert_false(pause_holds(&p, now, 0));
	}
	for (p = (struct pause){0}, now = 0; now < 86400; tries++)
		now += pause_begin(&p, now, 0);
	assert_in_range(tries, 280, 300);
}

static void
space_ends_a_rest(void **state)
{
	struct pause p = {0};

	for (int i = 0; i < 12; i++)
		pause_begin(&p, i * 1000, 5000);
	assert_true(pause_holds(&p, 11001, 5000 + PAUSE_ROOM - 1));
	assert_false(pause_holds(&p, 11001, 5000 + PAUSE_ROOM));
	/* it was not enough: the next must be more again */
	assert_int_equal(pause_begin(&p, 11400, 5000 + PAUSE_ROOM), PAUSE_LONGEST_S);
	assert_true(pause_holds(&p, 11401, 5000 + PAUSE_ROOM));
}

/* Four workers that fail on the same full disk are one failure. */
static void
workers_fail_together(void **state)
{
	struct pause p = {0};

	for (int i = 0; i < 4; i++)
		pause_begin(&p, 100 + i * 0.1, 0);
	assert_int_equal(p.fails, 1);
	assert_false(pause_holds(&p, 102, 0));
}

static unsigned
resting(const struct aside *aside, double now)
{
	const char *list[ASIDE_MAX];

	return aside_list(aside, now, list);
}

/* Each page by itself, longer each time, until it fails no more. */
static void
pages_rest_one_by_one(void **state)
{
	struct aside aside = {0};
	const char *list[ASIDE_MAX];

	assert_int_equal(resting(&aside, 0), 0);
	assert_int_equal(aside_put(&aside, "P00000001", 100), 2);
	assert_int_equal(aside_put(&aside, "P00000002", 101), 2);
	assert_int_equal(resting(&aside, 101.5), 2);
	assert_int_equal(aside_list(&aside, 102.5, list), 1);
	assert_string_equal(list[0], "P00000002");
	assert_int_equal(aside_put(&aside, "P00000001", 103), 4);
	aside_forget(&aside, "P00000001");
	aside_forget(&aside, "P00000003");
	assert_int_equal(resting(&aside, 102.5), 1);
	assert_int_equal(aside_put(&aside, "P00000001", 104), 2);
}

/* More than have a place: the one that would be tried first anyhow is forgotten. */
static void
the_shortest_rest_makes_way(void **state)
{
	struct aside aside = {0};
	const char *list[ASIDE_MAX];
	char page[ID_TEXT];

	for (int i = 0; i < ASIDE_MAX + 1; i++) {
		snprintf(page, sizeof(page), "P%08d", i);
		aside_put(&aside, page, 100 + i * 0.01);
	}
	assert_int_equal(aside_list(&aside, 101, list), ASIDE_MAX);
	for (int i = 0; i < ASIDE_MAX; i++)
		assert_string_not_equal(list[i], "P00000000");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(rests_grow),
	    cmocka_unit_test(space_ends_a_rest),
	    cmocka_unit_test(workers_fail_together),
	    cmocka_unit_test(pages_rest_one_by_one),
	    cmocka_unit_test(the_shortest_rest_makes_way),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
