/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the tests of the log share: one archive per test, numbered events, opening and checking. */
#ifndef FUMIKURA_TESTS_EVENTLOG_SUPPORT_H
#define FUMIKURA_TESTS_EVENTLOG_SUPPORT_H

#include "vault.h"

#include "store/eventlog.h"

#define ORIGIN "test.example/log"

static struct scratch s;
static struct keys *keys;

static inline int
setup(void **state)
{
	s = scratch_new();
	keys = scratch_keys(&s);
	return eventlog_create(s.fd, keys, ORIGIN);
}

static inline int
teardown(void **state)
{
	io = &io_real;
	keys_free(keys);
	scratch_end(&s);
	return 0;
}

/* ---- helpers ---- */

/* Event number i, of a size that depends on i. */
static inline size_t
event_text(uint64_t i, char out[256])
{
	int n = snprintf(out, 256, "{\"n\":%llu,\"text\":\"", (unsigned long long)i);

	memset(out + n, 'x', i % 97);
	return (size_t)n + i % 97 + (size_t)sprintf(out + n + i % 97, "\"}");
}

static inline void
append(struct eventlog *log, uint64_t i)
{
	struct event_frame frame;
	char text[256];
	size_t n = event_text(i, text);

	assert_int_equal(eventlog_append(log, text, n, &frame), 0);
	assert_int_equal(frame.index, i);
}

static inline void
append_range(struct eventlog *log, uint64_t from, uint64_t to, uint64_t group)
{
	for (uint64_t i = from; i < to; i++) {
		append(log, i);
		if ((i + 1 - from) % group == 0 || i + 1 == to)
			assert_int_equal(eventlog_flush(log), 0);
	}
}

struct seen {
	uint64_t next, count;
	uint64_t stop_at;
};

static inline int
expect_event(void *ctx, const struct event_frame *event)
{
	struct seen *seen = ctx;
	char text[256];
	size_t n = event_text(event->index, text);

	assert_int_equal(event->index, seen->next);
	assert_int_equal(event->size, n);
	assert_string_equal(event->json, text);
	seen->next++;
	seen->count++;
	return seen->stop_at != 0 && seen->next == seen->stop_at ? 77 : 0;
}

/* Opens, expecting events [from, total) to be visited. */
static inline struct eventlog *
open_log(uint64_t from, uint64_t total)
{
	struct seen seen = {.next = from};
	struct eventlog *log = NULL;

	assert_int_equal(eventlog_open(s.fd, keys, from, expect_event, &seen, NULL, &log), 0);
	assert_int_equal(seen.next, total);
	assert_int_equal(eventlog_size(log), total);
	return log;
}

static inline int
open_result(uint64_t from, uint64_t *ret_size)
{
	struct eventlog *log = NULL;
	int r = eventlog_open(s.fd, keys, from, NULL, NULL, NULL, &log);

	if (r == 0) {
		*ret_size = eventlog_size(log);
		eventlog_free(log);
	}
	return r;
}

struct faults {
	int count;
	unsigned events; /* visited */
	char last[64];
};

static inline void
count_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	struct faults *faults = ctx;

	faults->count++;
	snprintf(faults->last, sizeof(faults->last), "%s", code);
}

static inline int64_t
check(struct faults *ret)
{
	memset(ret, 0, sizeof(*ret));
	return eventlog_check(s.fd, keys, NULL, count_fault, ret);
}

static inline void
expect_clean(int64_t events)
{
	struct faults faults;

	assert_int_equal(check(&faults), events);
	if (faults.count != 0)
		fail_msg("%s", faults.last);
}

static inline void
expect_fault(const char *code)
{
	struct faults faults;

	check(&faults);
	assert_true(faults.count > 0);
	assert_string_equal(faults.last, code);
}

static inline int
no_event(void *ctx, const struct event_frame *event)
{
	return 0;
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

#endif
