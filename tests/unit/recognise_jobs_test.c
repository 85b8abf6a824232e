/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that people wait for, made by workers that have other work: nobody waits longer than the
 * time that was given. */
#include "tests/unit/vault.h"

#include <pthread.h>

#include "store/clock.h"
#include "store/recognise_internal.h"

static struct store store;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t moved = PTHREAD_COND_INITIALIZER;
static unsigned begun, may_end;

/* Lasts until the test lets it end. */
static int
last_long(struct store *s, const char *peer, struct ocr_job *job)
{
	pthread_mutex_lock(&lock);
	begun++;
	pthread_cond_broadcast(&moved);
	while (may_end == 0)
		pthread_cond_wait(&moved, &lock);
	may_end--;
	pthread_mutex_unlock(&lock);
	return 7;
}

static int
never_run(struct store *s, const char *peer, struct ocr_job *job)
{
	fail_msg("nobody waits for it any more");
	return 0;
}

static void
wait_begun(unsigned n)
{
	pthread_mutex_lock(&lock);
	while (begun < n)
		pthread_cond_wait(&moved, &lock);
	pthread_mutex_unlock(&lock);
}

static void
let_end(void)
{
	pthread_mutex_lock(&lock);
	may_end++;
	pthread_cond_broadcast(&moved);
	pthread_mutex_unlock(&lock);
}

static void *
end_later(void *arg)
{
	usleep(1500000);
	let_end();
	return NULL;
}

/* The only worker has something in hand all the time. */
static void
nobody_waits_longer_than_said(void **state)
{
	struct ocr_job busy = {.run = last_long, .until = clock_seconds() + 3600};
	struct ocr_job first = {.run = never_run, .until = clock_seconds()};
	struct ocr_job second = {.run = last_long, .until = clock_seconds() + 3600};
	struct ocr_job third = {.run = never_run, .until = clock_seconds()};
	struct ocr_job last = {.run = last_long, .until = clock_seconds() + 3600};
	struct refusal refusal = {.code = ""};

	ocr_job_submit(&store, &busy);
	wait_begun(1);
	ocr_job_submit(&store, &first);
	ocr_job_submit(&store, &second);
	ocr_job_submit(&store, &third);
	assert_int_equal(ocr_job_wait(&store, &first), -EBUSY);
	assert_int_equal(ocr_job_wait(&store, &third), -EBUSY);
	ocr_job_submit(&store, &last); /* the end of the queue is where it was */
	let_end();
	assert_int_equal(ocr_job_wait(&store, &busy), 7);
	wait_begun(2);
	let_end();
	assert_int_equal(ocr_job_wait(&store, &second), 7);
	wait_begun(3);
	assert_int_equal(ocr_job_refuse(&refusal, -EBUSY), -ECANCELED);
	assert_string_equal(refusal.code, "overloaded");
	let_end();
	assert_int_equal(ocr_job_wait(&store, &last), 7);
}

/* A worker that has it in hand is not left alone with memory of one who went. */
static void
what_is_in_hand_is_waited_for(void **state)
{
	struct ocr_job job = {.run = last_long, .until = clock_seconds()};
	struct ocr_job endless = {.run = last_long, .until = clock_seconds() + 3600};
	pthread_t other;

	begun = 0;
	ocr_job_submit(&store, &job);
	wait_begun(1);
	ocr_job_submit(&store, &endless); /* keeps the worker from looking for pages */
	assert_int_equal(pthread_create(&other, NULL, end_later, NULL), 0);
	assert_int_equal(ocr_job_wait(&store, &job), 7);
	pthread_join(other, NULL);
	wait_begun(2);
}

static void
what_is_left_is_for_the_work(void **state)
{
	struct ocr_job job = {.until = clock_seconds() + 100.5};

	assert_int_equal(ocr_job_left(&job, 50), 50);
	assert_in_range(ocr_job_left(&job, 200), 99, 100);
	job.until = clock_seconds() - 5;
	assert_int_equal(ocr_job_left(&job, 50), 1); /* 0 would be no limit at all */
}

static struct scratch s;

static int
set_up(void **state)
{
	s = scratch_new();
	assert_int_equal(store_prepare(&store, s.path, NULL), 0);
	return recogniser_new(&store, &store.recogniser) < 0 ||
		       recogniser_attach(&store, "ocr/0") < 0
		   ? -1
		   : 0;
}

static int
tear_down(void **state)
{
	scratch_end(&s);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nobody_waits_longer_than_said),
	    cmocka_unit_test(what_is_left_is_for_the_work),
	    cmocka_unit_test(what_is_in_hand_is_waited_for), /* last: its worker never ends */
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
