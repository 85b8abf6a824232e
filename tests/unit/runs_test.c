/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who ends a scan that two want to end: its starter, whom the scanner refused, and the thread that
 * saw the scanner go. */
#include "tests/unit/vault.h"

#include <pthread.h>

#include "store/intake_internal.h"

static struct store store;
static const struct actor hanako = {.user = "hanako"};

/* A scan that its starter holds and another has claimed. */
static struct run *
claimed(void)
{
	struct run *run, *other;

	assert_int_equal(run_begin(&store, "B000001", &hanako, false, NULL, &run), 0);
	assert_true(run_claim(run));
	assert_false(run_claim(run));
	assert_int_equal(run_begin(&store, "B000001", &hanako, false, NULL, &other), -EBUSY);
	return run;
}

static void *
end(void *arg)
{
	run_end(arg); /* waits for the starter to let go */
	return NULL;
}

static void *
give_back(void *arg)
{
	run_unclaim(arg);
	return NULL;
}

static void
the_starter_waits_until_it_is_gone(void **state)
{
	struct run *run = claimed();
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, end, run), 0);
	assert_null(run_take_over(run, 60));
	assert_int_equal(run_begin(&store, "B000001", &hanako, false, NULL, &run), 0);
	pthread_join(other, NULL);
	run_release(run);
	run_end(run);
}

static void
the_starter_ends_what_was_given_back(void **state)
{
	struct run *run = claimed();
	pthread_t other;

	assert_int_equal(pthread_create(&other, NULL, give_back, run), 0);
	assert_ptr_equal(run_take_over(run, 60), run);
	pthread_join(other, NULL);
	assert_false(run_claim(run));
	run_release(run);
	run_end(run);
}

static void
the_starter_does_not_wait_for_ever(void **state)
{
	struct run *run = claimed();

	assert_null(run_take_over(run, 0));
	run_end(run);
}

static int
setup(void **state)
{
	return runs_new(&store, &store.runs);
}

static int
teardown(void **state)
{
	assert_int_equal(store.runs->count, 0);
	free(store.runs);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_starter_waits_until_it_is_gone),
	    cmocka_unit_test(the_starter_ends_what_was_given_back),
	    cmocka_unit_test(the_starter_does_not_wait_for_ever),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
