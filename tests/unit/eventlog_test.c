/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log: what was flushed comes back, what was withdrawn or failed never does; readers run beside
 * the writer; closed segments open with stock tools. */
#include "eventlog_support.h"

#include <gcrypt.h>
#include <pthread.h>

/* ---- the ordinary course ---- */

static void
what_was_flushed_comes_back(void **state)
{
	struct eventlog *log = open_log(0, 0);
	uint8_t root[32], again[32];

	append_range(log, 0, 10, 4);
	append(log, 10);
	append(log, 11);
	assert_int_equal(eventlog_size(log), 12);
	assert_int_equal(eventlog_root(log, 10, root), 0);
	eventlog_free(log); /* 10 and 11 were never flushed */

	log = open_log(0, 10);
	assert_int_equal(eventlog_root(log, 10, again), 0);
	assert_memory_equal(root, again, 32);
	append_range(log, 10, 20, 1);
	eventlog_free(log);
	eventlog_free(open_log(15, 20));
	eventlog_free(open_log(20, 20));
	expect_clean(20);
	assert_int_equal(eventlog_create(s.fd, keys, ORIGIN), -EEXIST);
}

static int
check_hashes(void *ctx, const struct event_frame *event)
{
	uint8_t leaf[33] = {0}, digest[32];

	memcpy(leaf + 1, event->entry, 32);
	gcry_md_hash_buffer(GCRY_MD_SHA256, digest, leaf, 33);
	assert_memory_equal(digest, event->leaf, 32);
	memcpy((uint8_t *)ctx + 32 * event->index, event->entry, 32);
	return 0;
}

static void
entries_are_salted_and_stable(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct event_frame one, two;
	uint8_t entries[2][32];

	assert_int_equal(eventlog_append(log, "{}", 2, &one), 0);
	assert_int_equal(eventlog_append(log, "{}", 2, &two), 0);
	assert_memory_not_equal(one.entry, two.entry, 32);
	assert_int_equal(eventlog_flush(log), 0);
	assert_int_equal(eventlog_read(log, 0, 2, check_hashes, entries), 0);
	assert_memory_equal(entries[0], one.entry, 32);
	assert_memory_equal(entries[1], two.entry, 32);
	eventlog_free(log);
}

static void
withdrawn_events_leave_no_trace(void **state)
{
	struct eventlog *log = open_log(0, 0);
	uint8_t root[32], again[32];

	append_range(log, 0, 3, 3);
	append(log, 3);
	append(log, 4);
	assert_int_equal(eventlog_root(log, 5, root), 0);
	append(log, 5);
	append(log, 6);
	eventlog_withdraw(log, 5);
	assert_int_equal(eventlog_size(log), 5);
	assert_int_equal(eventlog_root(log, 5, again), 0);
	assert_memory_equal(root, again, 32);
	append(log, 5);
	eventlog_withdraw(log, 9); /* beyond: nothing */
	assert_int_equal(eventlog_size(log), 6);
	assert_int_equal(eventlog_flush(log), 0);
	eventlog_withdraw(log, 0); /* never durable ones */
	assert_int_equal(eventlog_size(log), 6);
	append(log, 6);
	eventlog_withdraw(log, 0);
	assert_int_equal(eventlog_size(log), 6);
	assert_int_equal(eventlog_flush(log), 0);
	eventlog_free(log);
	eventlog_free(open_log(0, 6));
}

static void
events_that_are_refused(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct event_frame frame;
	char *large = malloc(EVENT_MAX + 1);
	uint64_t n = 0;
	int r;

	memset(large, 'x', EVENT_MAX + 1);
	assert_int_equal(eventlog_append(log, large, EVENT_MAX + 1, &frame), -EMSGSIZE);
	assert_int_equal(eventlog_append(log, "a\nb", 3, &frame), -EINVAL);
	assert_int_equal(eventlog_append(log, "", 0, &frame), -EINVAL);
	assert_int_equal(eventlog_size(log), 0);
	while ((r = eventlog_append(log, large, EVENT_MAX, &frame)) == 0)
		n++;
	assert_int_equal(r, -ENOBUFS);
	assert_true(n >= 64); /* a full group of largest events */
	assert_int_equal(eventlog_flush(log), 0);
	assert_int_equal(eventlog_read(log, n - 1, 1, no_event, NULL), 0);
	eventlog_free(log);
	free(large);
	expect_clean((int64_t)n);
}

/* ---- segments ---- */

static void
segments_are_closed_and_read_across(void **state)
{
	const uint64_t total = 2 * LOG_SEGMENT_EVENTS + 500;
	struct eventlog *log = open_log(0, 0);
	struct seen seen = {.next = 0};
	uint8_t root[32], again[32];

	append_range(log, 0, total, 500);
	assert_int_equal(scratch_run(&s, "test \"$(ls log/events)\" = \"0000000000.age\n"
					 "0000020000.age\n0000040000.open\""),
	    0);
	assert_int_equal(eventlog_read(log, 0, UINT64_MAX, expect_event, &seen), 0);
	assert_int_equal(seen.next, total);
	seen = (struct seen){.next = 19990};
	assert_int_equal(eventlog_read(log, 19990, 20, expect_event, &seen), 0);
	assert_int_equal(seen.next, 20010);
	seen = (struct seen){.next = 39999, .stop_at = 40003};
	assert_int_equal(eventlog_read(log, 39999, 100, expect_event, &seen), 77);
	assert_int_equal(seen.count, 4);
	assert_int_equal(eventlog_read(log, total, 1, expect_event, &seen), 0);
	assert_int_equal(eventlog_root(log, total, root), 0);
	eventlog_free(log);
	log = open_log(20500, total);
	assert_int_equal(eventlog_root(log, total, again), 0);
	assert_memory_equal(root, again, 32);
	eventlog_free(log);
	expect_clean((int64_t)total);
}

/* An heir with stock tools reads the history: a line an event. */
static void
stock_age_reads_a_closed_segment(void **state)
{
	struct eventlog *log = open_log(0, 0);

	append_range(log, 0, LOG_SEGMENT_EVENTS + 1, 1000);
	eventlog_free(log);
	assert_int_equal(
	    scratch_run(&s, "age -d -i master log/events/0000000000.age >text &&"
			    " test \"$(head -n 1 text)\" = 'fumikura-events/v1 0 20000' &&"
			    " test \"$(wc -l <text)\" = 20001 &&"
			    " tail -n +2 text | cut -d' ' -f1 >a && seq 0 19999 >b && cmp a b &&"
			    " tail -n 1 text | cut -d' ' -f3- | grep -q '^{\"n\":19999,'"),
	    0);
}

/* The states that a power cut can leave of closing a segment, made by hand. */
static void
half_closed_segments_are_resolved(void **state)
{
	struct eventlog *log = open_log(0, 0);

	append_range(log, 0, 15000, 1000);
	assert_int_equal(scratch_run(&s, "cp log/events/0000000000.open half"), 0);
	append_range(log, 15000, LOG_SEGMENT_EVENTS - 1, 5000);
	assert_int_equal(scratch_run(&s, "cp log/events/0000000000.open almost"), 0);
	append_range(log, LOG_SEGMENT_EVENTS - 1, LOG_SEGMENT_EVENTS, 1);
	eventlog_free(log);
	assert_int_equal(scratch_run(&s, "mkdir keep && cp log/events/* keep/"), 0);

	/* .age written; no next segment: the .open counts, and it may be older or newer */
	assert_int_equal(
	    scratch_run(&s, "rm log/events/*.open && cp almost log/events/0000000000.open &&"
			    " echo half >log/events/0000020000.open.tmp"),
	    0);
	expect_clean(LOG_SEGMENT_EVENTS - 1);
	log = open_log(0, LOG_SEGMENT_EVENTS - 1);
	assert_int_equal(scratch_run(&s, "test \"$(ls log/events)\" = 0000000000.open"), 0);
	append_range(log, LOG_SEGMENT_EVENTS - 1, LOG_SEGMENT_EVENTS + 7, 1);
	eventlog_free(log);
	eventlog_free(open_log(0, LOG_SEGMENT_EVENTS + 7));

	/* next segment there, old .open not removed yet */
	assert_int_equal(scratch_run(&s, "rm log/events/* && cp keep/* log/events/ &&"
					 " cp half log/events/0000000000.open"),
	    0);
	expect_clean(LOG_SEGMENT_EVENTS);
	eventlog_free(open_log(0, LOG_SEGMENT_EVENTS));
	assert_int_equal(scratch_run(&s, "test ! -e log/events/0000000000.open"), 0);
	expect_clean(LOG_SEGMENT_EVENTS);
}

/* ---- failures ---- */

static struct {
	int write_after, flush_fails, truncate_fails;
} faulty;

static ssize_t
faulty_write(int fd, const void *data, size_t n)
{
	if (faulty.write_after < 0)
		return io_real.write(fd, data, n);
	if (faulty.write_after == 0) {
		errno = ENOSPC;
		return -1;
	}
	n = n < (size_t)faulty.write_after ? n : (size_t)faulty.write_after;
	faulty.write_after -= (int)n;
	return io_real.write(fd, data, n);
}

static int
faulty_flush(int fd)
{
	if (faulty.flush_fails > 0) {
		faulty.flush_fails--;
		errno = EIO;
		return -1;
	}
	return io_real.flush(fd);
}

static int
faulty_truncate(int fd, off_t size)
{
	if (faulty.truncate_fails) {
		errno = EIO;
		return -1;
	}
	return io_real.truncate(fd, size);
}

static void
a_failed_flush_is_undone(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct io_calls calls = io_real;
	uint8_t root[32], again[32];

	calls.write = faulty_write;
	calls.flush = faulty_flush;
	append_range(log, 0, 5, 5);
	assert_int_equal(eventlog_root(log, 5, root), 0);
	io = &calls;
	for (int i = 0; i < 3; i++) {
		faulty.write_after = i == 0 ? 0 : i == 1 ? 20 : -1;
		faulty.flush_fails = i == 2;
		append(log, 5);
		append(log, 6);
		assert_int_equal(eventlog_flush(log), i == 2 ? -EIO : -ENOSPC);
		assert_int_equal(eventlog_size(log), 5);
		assert_int_equal(eventlog_root(log, 5, again), 0);
		assert_memory_equal(root, again, 32);
		expect_clean(5);
	}
	io = &io_real;
	append_range(log, 5, 9, 2);
	eventlog_free(log);
	eventlog_free(open_log(0, 9));
	expect_clean(9);
}

/* When the file cannot be cut back, nothing may be written behind what failed. */
static void
a_log_that_cannot_be_cut_back_stops(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct io_calls calls = io_real;

	calls.write = faulty_write;
	calls.truncate = faulty_truncate;
	append_range(log, 0, 5, 5);
	io = &calls;
	faulty.write_after = 20;
	faulty.truncate_fails = 1;
	append(log, 5);
	assert_int_equal(eventlog_flush(log), -ENOSPC);
	faulty.write_after = -1;
	faulty.truncate_fails = 0;
	append(log, 5);
	assert_int_equal(eventlog_flush(log), -EIO);
	assert_int_equal(eventlog_size(log), 5);
	io = &io_real;
	eventlog_free(log);
	log = open_log(0, 5);
	append_range(log, 5, 6, 1);
	eventlog_free(log);
}

static void
a_segment_that_cannot_be_closed_goes_on(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct io_calls calls = io_real;

	append_range(log, 0, LOG_SEGMENT_EVENTS - 1, 5000);
	calls.write = faulty_write;
	io = &calls;
	faulty.write_after = 1000; /* the frame fits, the closed segment does not */
	append_range(log, LOG_SEGMENT_EVENTS - 1, LOG_SEGMENT_EVENTS, 1);
	assert_int_equal(scratch_run(&s, "test \"$(ls log/events)\" = 0000000000.open"), 0);
	faulty.write_after = -1;
	io = &io_real;
	append_range(log, LOG_SEGMENT_EVENTS, LOG_SEGMENT_EVENTS + 300, 1);
	assert_int_equal(scratch_run(&s, "test -e log/events/0000000000.age"), 0);
	eventlog_free(log);
	eventlog_free(open_log(0, LOG_SEGMENT_EVENTS + 300));
	expect_clean(LOG_SEGMENT_EVENTS + 300);
}

/* ---- readers beside the writer ---- */

static struct eventlog *shared;
static uint64_t written;

static void *
read_on(void *arg)
{
	unsigned seed = (unsigned)(uintptr_t)arg;
	struct seen seen;

	for (;;) {
		uint64_t end = __atomic_load_n(&written, __ATOMIC_ACQUIRE), from;

		if (end == 0)
			continue;
		from = (uint64_t)rand_r(&seed) % end;
		seen = (struct seen){.next = from};
		if (eventlog_read(shared, from, 300, expect_event, &seen) != 0 ||
		    seen.next < (from + 300 < end ? from + 300 : end))
			return "failed";
		if (end == 3 * LOG_SEGMENT_EVENTS)
			return NULL;
	}
}

static void *
check_on(void *arg)
{
	struct faults faults = {0};

	for (;;) {
		uint64_t known = __atomic_load_n(&written, __ATOMIC_ACQUIRE);
		int64_t events = eventlog_check(s.fd, keys, NULL, count_fault, &faults);

		if (faults.count > 0 || events < (int64_t)known)
			return "failed";
		if (known == 3 * LOG_SEGMENT_EVENTS)
			return NULL;
	}
}

static void
readers_and_doctor_beside_the_writer(void **state)
{
	pthread_t threads[3];
	char *note;
	void *result;

	shared = open_log(0, 0);
	written = 0;
	for (uintptr_t i = 0; i < 3; i++)
		assert_int_equal(
		    pthread_create(&threads[i], NULL, i < 2 ? read_on : check_on, (void *)(i + 1)),
		    0);
	for (uint64_t i = 0; i < 3 * LOG_SEGMENT_EVENTS; i += 50) {
		append_range(shared, i, i + 50, 50);
		__atomic_store_n(&written, i + 50, __ATOMIC_RELEASE);
		if (i % 5000 == 0) {
			assert_int_equal(eventlog_checkpoint(shared, &note), 0);
			free(note);
		}
	}
	for (int i = 0; i < 3; i++) {
		pthread_join(threads[i], &result);
		assert_null(result);
	}
	eventlog_free(shared);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_was_flushed_comes_back),
	    TEST(entries_are_salted_and_stable),
	    TEST(withdrawn_events_leave_no_trace),
	    TEST(events_that_are_refused),
	    TEST(segments_are_closed_and_read_across),
	    TEST(stock_age_reads_a_closed_segment),
	    TEST(half_closed_segments_are_resolved),
	    TEST(a_failed_flush_is_undone),
	    TEST(a_log_that_cannot_be_cut_back_stops),
	    TEST(a_segment_that_cannot_be_closed_goes_on),
	    TEST(readers_and_doctor_beside_the_writer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
