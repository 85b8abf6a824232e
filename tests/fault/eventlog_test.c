/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The commit point: every call of append, flush, closing a segment and checkpoint fails once, the
 * power goes after every call; each group of events is there whole or not at all, acknowledged ones
 * always, and the log goes on.
 */
#include "shadow.h"

#include "store/eventlog.h"

#define LARGE ((size_t)1 << 20) /* four of these fill a segment */
#define LARGE_EVENTS 3
#define CLOSING 7 /* the fourth large event: in the second commit */
#define BASE 4
#define GROUP 3

static char large[LARGE + 1];
static bool with_large; /* else all events are small and the segment stays open */

struct log_case {
	struct keys *keys;
	struct eventlog *log;
	char master[128];
	uint64_t acked, asked; /* flushed with success; handed to eventlog_flush() */
};

static void
event(uint64_t i, const char **ret, size_t *ret_size)
{
	static char text[64];

	if (with_large && (i < LARGE_EVENTS || i == CLOSING)) {
		*ret = large;
		*ret_size = LARGE;
		return;
	}
	*ret_size = (size_t)snprintf(text, sizeof(text), "{\"n\":%llu}", (unsigned long long)i);
	*ret = text;
}

static void
append(struct eventlog *log, uint64_t i)
{
	struct event_frame frame;
	const char *text;
	size_t n;

	event(i, &text, &n);
	assert_int_equal(eventlog_append(log, text, n, &frame), 0);
	assert_int_equal(frame.index, i);
}

static int
expect_event(void *ctx, const struct event_frame *got)
{
	const char *text;
	size_t n;

	event(got->index, &text, &n);
	assert_int_equal(got->size, n);
	assert_memory_equal(got->json, text, n);
	return 0;
}

static void
no_fault(void *ctx, const char *code, const char *where, const char *detail)
{
	fail_msg("%s %s", code, where);
}

/* A log with BASE events. */
static struct scratch
begin(struct log_case *c)
{
	struct scratch s = scratch_new();

	memset(c, 0, sizeof(*c));
	c->keys = scratch_keys(&s);
	snprintf(c->master, sizeof(c->master), "%s/master", s.path);
	assert_int_equal(eventlog_create(s.fd, c->keys, "fault.example"), 0);
	assert_int_equal(eventlog_open(s.fd, c->keys, 0, NULL, NULL, NULL, &c->log), 0);
	for (uint64_t i = 0; i < BASE; i++)
		append(c->log, i);
	assert_int_equal(eventlog_flush(c->log), 0);
	c->acked = c->asked = BASE;
	return s;
}

static void
end(struct log_case *c, struct scratch *s)
{
	eventlog_free(c->log);
	keys_free(c->keys);
	scratch_end(s);
}

/* One group; acknowledged or forgotten. */
static int
commit(struct log_case *c)
{
	int r;

	for (uint64_t i = 0; i < GROUP; i++)
		append(c->log, c->acked + i);
	c->asked = c->acked + GROUP;
	r = eventlog_flush(c->log);
	if (r == 0)
		c->acked += GROUP;
	assert_int_equal(eventlog_size(c->log), c->acked);
	return r;
}

/* Reopened, it holds all that was acknowledged, whole groups only, and goes on. */
static void
check_log(const struct scratch *image, void *ctx)
{
	struct log_case *c = ctx;
	struct eventlog *log;
	struct keys *keys;
	uint64_t size;

	assert_int_equal(keys_open(image->fd, c->master, &keys), 0);
	size = (uint64_t)eventlog_check(image->fd, keys, NULL, no_fault, NULL);
	assert_true(size == c->acked || size == c->asked);
	assert_int_equal(
	    eventlog_open(image->fd, keys, c->acked, expect_event, NULL, NULL, &log), 0);
	assert_int_equal(eventlog_size(log), size);
	assert_int_equal(eventlog_read(log, 0, UINT64_MAX, expect_event, NULL), 0);
	append(log, size);
	assert_int_equal(eventlog_flush(log), 0);
	eventlog_free(log);
	assert_int_equal(eventlog_check(image->fd, keys, NULL, no_fault, NULL), (int64_t)size + 1);
	assert_int_equal(
	    scratch_run(image, "test -z \"$(find log -name '*.tmp' -path '*events*')\""), 0);
	keys_free(keys);
}

typedef int (*work_fn)(struct log_case *c);

static int
three_commits(struct log_case *c)
{
	int r = 0;

	for (int i = 0; r == 0 && i < 3; i++)
		r = commit(c);
	return r;
}

/* A checkpoint before and after the commit that closes the segment. */
static int
commits_across_segments(struct log_case *c)
{
	char *note = NULL;
	int r = commit(c);

	for (int i = 0; r == 0 && i < 2; i++) {
		r = eventlog_checkpoint(c->log, &note);
		free(note);
		note = NULL;
		if (r == 0)
			r = commit(c);
	}
	return r;
}

static void
cut_everywhere(work_fn work)
{
	bool reached = true;

	with_large = work == commits_across_segments;

	for (int n = 0; reached; n++) {
		struct log_case c;
		struct scratch s = begin(&c);

		shadow_begin(s.fd, 0, 0, n);
		work(&c);
		reached = shadow_reached();
		shadow_each_image(check_log, &c);
		shadow_end();
		if (!reached) /* the work did close a segment when it was meant to */
			assert_int_equal(faccessat(s.fd, "log/events/0000000000.age", F_OK, 0),
			    with_large ? 0 : -1);
		end(&c, &s);
	}
}

static void
fail_everywhere(work_fn work, int error)
{
	bool reached = true;

	with_large = work == commits_across_segments;

	for (int n = 1; reached; n++) {
		struct log_case c;
		struct scratch s = begin(&c);

		shadow_begin(s.fd, n, error, -1);
		work(&c);
		reached = shadow_reached();
		/* the same log goes on, when it could be cut back */
		if (commit(&c) == 0)
			assert_int_equal(
			    eventlog_read(c.log, 0, UINT64_MAX, expect_event, NULL), 0);
		shadow_end();
		check_log(&s, &c);
		end(&c, &s);
	}
}

static void
acknowledged_groups_survive_every_power_cut(void **state)
{
	cut_everywhere(three_commits);
}

static void
closing_a_segment_survives_every_power_cut(void **state)
{
	cut_everywhere(commits_across_segments);
}

static void
groups_are_whole_or_absent_when_a_call_fails(void **state)
{
	fail_everywhere(three_commits, EIO);
	fail_everywhere(commits_across_segments, ENOSPC);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(acknowledged_groups_survive_every_power_cut),
	    cmocka_unit_test(closing_a_segment_survives_every_power_cut),
	    cmocka_unit_test(groups_are_whole_or_absent_when_a_call_fails),
	};

	memset(large, 'x', LARGE);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
