/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The watcher of the clock, awake as the kernel wakes it when somebody sets the clock: each step is
 * an event at once, and nothing else is. The machine's own clock is left alone: this program has
 * its own clock_gettime() and answers in the place of the timer. G6-32. */
#include "tests/unit/vault.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>

#include "store/begin.h"
#include "store/clock.h"
#include "store/eventlog.h"
#include "store/store.h"

#define PATIENCE_S 60
#define STEPS_MAX 8

static atomic_long shift_s; /* by which the wall clock was set */
static atomic_int timer = -1, timer_flags;
static sem_t asleep, clock_set; /* the watcher waits for its timer; the timer tells of a step */

static void
wait_for(sem_t *what)
{
	struct timespec until;

	syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &until);
	until.tv_sec += PATIENCE_S;
	assert_int_equal(sem_clockwait(what, CLOCK_MONOTONIC, &until), 0);
}

/* ---- in the place of the C library's ---- */

int
clock_gettime(clockid_t clock, struct timespec *ret)
{
	if (syscall(SYS_clock_gettime, clock, ret) < 0)
		return -1;
	if (clock == CLOCK_REALTIME)
		ret->tv_sec += atomic_load(&shift_s);
	return 0;
}

int
timerfd_settime(int fd, int flags, const struct itimerspec *when, struct itimerspec *ret_old)
{
	atomic_store(&timer_flags, flags);
	atomic_store(&timer, fd);
	return (int)syscall(SYS_timerfd_settime, fd, flags, when, ret_old);
}

ssize_t
read(int fd, void *to, size_t n)
{
	if (fd != atomic_load(&timer))
		return syscall(SYS_read, fd, to, n);
	sem_post(&asleep);
	sem_wait(&clock_set);
	errno = ECANCELED;
	return -1;
}

/* ---- */

struct steps {
	int64_t seconds[STEPS_MAX];
	unsigned n, starts;
};

static int
take_step(void *ctx, const struct event_frame *event)
{
	struct steps *steps = ctx;
	json_t *json = json_loadb(event->json, event->size, 0, NULL);
	const char *type = json_string_value(json_object_get(json, "type"));

	if (strcmp(type, "time.step") == 0) {
		assert_true(steps->n < STEPS_MAX);
		steps->seconds[steps->n++] = json_integer_value(json_object_get(json, "seconds"));
	} else {
		assert_string_equal(type, "archive.start");
		steps->starts++;
	}
	json_decref(json);
	return 0;
}

static int
no_event(void *ctx, const struct event_frame *event)
{
	return 0;
}

/* The clock is set by so much; the watcher has looked when it sleeps again. */
static void
set_clock(int64_t seconds)
{
	atomic_fetch_add(&shift_s, seconds);
	sem_post(&clock_set);
	wait_for(&asleep);
}

static void
no_change(void *ctx)
{
}

static ssize_t
no_space(int fd, const void *data, size_t n)
{
	errno = ENOSPC;
	return -1;
}

/* One log whose clock is watched, for all tests: the watcher lives as long as the process. */
static struct {
	struct scratch scratch;
	struct keys *keys;
	struct store store;
	struct io_calls full_disk;
	uint64_t seen; /* events */
} w;

static int
set_up(void **state)
{
	char path[128];

	w.scratch = scratch_new();
	w.keys = scratch_keys(&w.scratch);
	w.full_disk = io_real;
	w.full_disk.write = no_space;
	assert_int_equal(eventlog_create(w.scratch.fd, w.keys, "test/clock"), 0);
	assert_int_equal(
	    eventlog_open(w.scratch.fd, w.keys, 0, no_event, NULL, NULL, &w.store.log), 0);
	snprintf(path, sizeof(path), "%s/catalogue.db", w.scratch.path);
	assert_int_equal(catalogue_open(path, 'w', NULL, &w.store.writer_cat), 0);
	assert_int_equal(
	    writer_new(w.store.writer_cat, w.store.log, no_change, NULL, &w.store.writer), 0);
	return 0;
}

static int
tear_down(void **state)
{
	writer_free(w.store.writer);
	catalogue_free(w.store.writer_cat);
	eventlog_free(w.store.log);
	keys_free(w.keys);
	scratch_end(&w.scratch);
	return 0;
}

/* Those that nobody has been told of. */
static struct steps
new_steps(void)
{
	const uint64_t size = eventlog_size(w.store.log);
	struct steps steps = {.n = 0};

	assert_int_equal(eventlog_read(w.store.log, w.seen, size - w.seen, take_step, &steps), 0);
	w.seen = size;
	return steps;
}

/* A start that is owed tells of what was before it: what the watcher saw since then is its own. */
static void
g6_32_a_step_is_told_once_while_the_start_is_owed(void **state)
{
	struct steps steps;

	assert_int_equal(begin_record(&w.store), 0);
	assert_int_equal(new_steps().n, 0);
	atomic_fetch_sub(&shift_s, 600); /* while the box was off */
	io = &w.full_disk;
	assert_int_equal(begin_record(&w.store), 0);
	assert_true(writer_owes(w.store.writer));
	assert_int_equal(clock_watcher_new(&w.store), 0);
	wait_for(&asleep);
	assert_int_equal(timer_flags, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET);
	set_clock(-7200);
	io = &io_real;
	set_clock(0);
	assert_false(writer_owes(w.store.writer));
	steps = new_steps();
	assert_int_equal(steps.starts, 1);
	assert_int_equal(steps.n, 2);
	assert_in_range(-steps.seconds[0], 590, 600);
	assert_in_range(-steps.seconds[1], 7200, 7201);
}

static void
g6_32_a_step_is_an_event_at_once(void **state)
{
	struct steps steps;

	set_clock(3600);
	set_clock(0);
	io = &w.full_disk;
	set_clock(-7200); /* cannot be recorded, and is at the next look */
	set_clock(7200);  /* nor can this, which would make nothing of both */
	io = &io_real;
	set_clock(0);
	steps = new_steps();
	assert_int_equal(steps.n, 3);
	assert_in_range(steps.seconds[0], 3600, 3601); /* away from 0 */
	assert_in_range(-steps.seconds[1], 7200, 7201);
	assert_in_range(steps.seconds[2], 7200, 7201);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(g6_32_a_step_is_told_once_while_the_start_is_owed),
	    cmocka_unit_test(g6_32_a_step_is_an_event_at_once),
	};

	sem_init(&asleep, 0, 0);
	sem_init(&clock_set, 0, 0);
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
