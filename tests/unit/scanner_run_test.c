/* links: scanner */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A run that cannot begin for want of memory or threads says so: nobody looks for a cable. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "scanner/scanner_text.h"
#include "scanner/scanner_worker.h"

#define PATIENCE_MS 60000

static atomic_bool exhausted;

/* In the place of the C library's, which it calls while threads can be had. */
int
pthread_create(pthread_t *thread, const pthread_attr_t *attr, void *(*run)(void *), void *argument)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

	if (atomic_load(&exhausted))
		return EAGAIN;
	*(void **)&real = dlsym(RTLD_NEXT, "pthread_create");
	return real(thread, attr, run, argument);
}

/* What is told of the scan; the list of devices may come before it. */
static struct scan_event *
wait_started(struct scan_worker *worker)
{
	struct pollfd fd = {.fd = scan_worker_fd(worker), .events = POLLIN};

	for (;;) {
		struct scan_event *event = scan_worker_next(worker);

		if (event == NULL)
			assert_int_equal(poll(&fd, 1, PATIENCE_MS), 1);
		else if (event->kind == EVENT_STARTED)
			return event;
		scan_event_free(event);
	}
}

static void
want_of_threads_is_no_missing_device(void **state)
{
	_cleanup_(scan_worker_freep) struct scan_worker *worker = NULL;
	_cleanup_(scan_event_freep) struct scan_event *event = NULL;
	struct scan_request request = {.device = ""};
	struct scan_text said, other;

	assert_int_equal(scan_worker_new(&worker), 0);
	atomic_store(&exhausted, true);
	assert_int_equal(scan_worker_scan(worker, &request), 0);
	event = wait_started(worker);
	atomic_store(&exhausted, false);
	assert_int_equal(event->error, -EAGAIN);
	assert_string_equal(event->code, "no_memory");
	text_refuse(event->code, event->why, &said);
	text_refuse("no_device", NULL, &other);
	assert_string_not_equal(said.ja, other.ja);
	assert_string_not_equal(said.en, other.en);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(want_of_threads_is_no_missing_device),
	};

	setenv("SANE_CONFIG_DIR", "/nonexistent", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
