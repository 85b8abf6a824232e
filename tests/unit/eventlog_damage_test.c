/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Damage to the log: every flipped bit, cut, swap, repetition, fork and rollback is found and named
 * (真正性); a torn tail, and only that, is cut off.
 */
#include "eventlog_support.h"

/* ---- torn tails and damage ---- */

#define OPEN_SEGMENT "log/events/0000000000.open"

/* Three flushes; sizes of the file after each, and its content. */
static uint8_t *
three_groups(size_t ends[3], size_t *ret_n)
{
	struct eventlog *log = open_log(0, 0);
	struct stat st;

	for (int i = 0; i < 3; i++) {
		append_range(log, (uint64_t)i * 4, (uint64_t)i * 4 + 4, 4);
		assert_int_equal(fstatat(s.fd, OPEN_SEGMENT, &st, 0), 0);
		ends[i] = (size_t)st.st_size;
	}
	eventlog_free(log);
	return scratch_read(&s, OPEN_SEGMENT, ret_n);
}

static void
a_torn_tail_is_cut_wherever_it_was_torn(void **state)
{
	size_t ends[3], n;
	uint8_t *file = three_groups(ends, &n);
	struct eventlog *log;
	uint64_t torn, size;

	for (size_t cut = ends[1]; cut < ends[2]; cut++) {
		scratch_write(&s, OPEN_SEGMENT, file, cut);
		expect_clean(8);
		assert_int_equal(open_result(9, &size), -EBADMSG); /* known to have been there */
		assert_int_equal(eventlog_open(s.fd, keys, 0, no_event, NULL, &torn, &log), 0);
		assert_int_equal(torn, cut - ends[1]);
		assert_int_equal(eventlog_size(log), 8);
		if (cut % 16 == 0) {
			append_range(log, 8, 9, 1);
			eventlog_free(log);
			log = open_log(0, 9);
		}
		eventlog_free(log);
	}
	free(file);
}

/* Blocks of one write reach the disk in any order: parts of the last frame read as zeros. */
static void
a_tail_with_holes_is_torn(void **state)
{
	size_t ends[3], n;
	uint8_t *file = three_groups(ends, &n), *holed = malloc(n);
	uint64_t size;

	for (size_t from = ends[1]; from < ends[2]; from += 23)
		for (size_t length = 23; from + length <= ends[2]; length += 61) {
			memcpy(holed, file, n);
			memset(holed + from, 0, length);
			scratch_write(&s, OPEN_SEGMENT, holed, n);
			assert_int_equal(open_result(0, &size), 0);
			assert_int_equal(size, 8);
			scratch_write(&s, OPEN_SEGMENT, holed, n);
			assert_int_equal(open_result(12, &size), -EBADMSG);
		}
	free(holed);
	free(file);
}

static void
every_flipped_bit_is_found(void **state)
{
	size_t ends[3], n;
	uint8_t *file = three_groups(ends, &n);
	struct faults faults;
	uint64_t size;

	for (size_t i = 0; i < n; i++) {
		int64_t events;

		file[i] ^= (uint8_t)(1 << i % 8);
		scratch_write(&s, OPEN_SEGMENT, file, n);
		events = check(&faults);
		if (i < ends[1]) { /* something was written behind it: damage, never cut */
			assert_true(faults.count > 0);
			assert_true(events < 12);
			assert_true(open_result(0, &size) < 0);
		} else
			assert_int_equal(events, 8);
		assert_true(open_result(12, &size) < 0);
		file[i] ^= (uint8_t)(1 << i % 8);
	}
	scratch_write(&s, OPEN_SEGMENT, file, n);
	expect_clean(12);
	free(file);
}

static void
frames_cannot_be_moved(void **state)
{
	size_t ends[3], n;
	uint8_t *file = three_groups(ends, &n), *other = malloc(2 * n);
	uint64_t size;

	/* second frame left out */
	memcpy(other, file, ends[0]);
	memcpy(other + ends[0], file + ends[1], ends[2] - ends[1]);
	scratch_write(&s, OPEN_SEGMENT, other, ends[0] + ends[2] - ends[1]);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_damaged");
	/* second and third exchanged */
	memcpy(other + ends[0] + ends[2] - ends[1], file + ends[0], ends[1] - ends[0]);
	scratch_write(&s, OPEN_SEGMENT, other, n);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	/* last one repeated: never acknowledged, cut off */
	memcpy(other, file, n);
	memcpy(other + n, file + ends[1], ends[2] - ends[1]);
	scratch_write(&s, OPEN_SEGMENT, other, n + ends[2] - ends[1]);
	assert_int_equal(open_result(12, &size), 0);
	assert_int_equal(size, 12);
	free(other);
	free(file);
}

/*
 * Frames of one index exist twice when a flush failed and was repeated. One who kept the first
 * cannot put it in the place of the second: what follows is bound to the second.
 */
static void
an_earlier_try_cannot_replace_a_frame(void **state)
{
	size_t ends[3], n, first, m;
	uint8_t *file = three_groups(ends, &n), *other;
	struct eventlog *log;
	uint64_t size;

	first = ends[0];
	scratch_write(&s, OPEN_SEGMENT, file, first);
	log = open_log(0, 4);
	append_range(log, 4, 12, 4);
	eventlog_free(log);
	other = scratch_read(&s, OPEN_SEGMENT, &m);
	assert_int_equal(m, n);
	assert_memory_not_equal(other + first, file + first, ends[1] - first);
	memcpy(other + first, file + first, ends[1] - first);
	scratch_write(&s, OPEN_SEGMENT, other, m);
	assert_int_equal(open_result(12, &size), -EBADMSG);
	memcpy(other + first, file + first, n - first); /* both frames: a whole, valid history */
	scratch_write(&s, OPEN_SEGMENT, other, m);
	assert_int_equal(open_result(12, &size), 0);
	free(other);
	free(file);
}

static void
lost_swapped_and_strange_segments_are_named(void **state)
{
	struct eventlog *log = open_log(0, 0);
	uint64_t size;

	append_range(log, 0, 2 * LOG_SEGMENT_EVENTS + 5, 5000);
	eventlog_free(log);
	assert_int_equal(scratch_run(&s, "mkdir keep && cp log/events/* keep/"), 0);
#define RESET "rm -f log/events/*; cp keep/* log/events/; "
	assert_int_equal(scratch_run(&s, "rm log/events/0000000000.age"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_missing");
	assert_int_equal(scratch_run(&s, RESET "rm log/events/0000020000.age"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_missing");
	assert_int_equal(scratch_run(&s, RESET "rm log/events/0000040000.open"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_missing");
	assert_int_equal(
	    scratch_run(&s, RESET "cp keep/0000000000.age log/events/0000020000.age"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_damaged");
	assert_int_equal(
	    scratch_run(&s, RESET "printf x | dd of=log/events/0000020000.age bs=1 seek=100000"
				  " conv=notrunc 2>/dev/null"),
	    0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_segment_damaged");
	assert_int_equal(scratch_run(&s, RESET "echo x >log/events/notes"), 0);
	expect_fault("log_file_stray");
	assert_int_equal(scratch_run(&s, RESET), 0);
	expect_clean(2 * LOG_SEGMENT_EVENTS + 5);
}

static int
bad_sector(int dir, const char *name, int flags, mode_t mode)
{
	if (strcmp(name, "0000020000.age") != 0)
		return io_real.open(dir, name, flags, mode);
	errno = EIO;
	return -1;
}

static int
count_event(void *ctx, const struct event_frame *event)
{
	struct faults *faults = ctx;

	faults->events++;
	return 0;
}

/* What the disk does not give is named, too, and the rest is looked at. */
static void
a_segment_that_cannot_be_read_is_named(void **state)
{
	struct eventlog *log = open_log(0, 0);
	struct io_calls calls = io_real;
	struct faults faults = {0};
	uint64_t size;

	append_range(log, 0, 2 * LOG_SEGMENT_EVENTS + 5, 5000);
	eventlog_free(log);
	calls.open = bad_sector;
	io = &calls;
	assert_int_equal(open_result(0, &size), -EIO);
	assert_int_equal(
	    eventlog_check(s.fd, keys, count_event, count_fault, &faults), LOG_SEGMENT_EVENTS);
	io = &io_real;
	assert_int_equal(faults.events, LOG_SEGMENT_EVENTS + 5);
	assert_int_equal(faults.count, 1);
	assert_string_equal(faults.last, "log_segment_unreadable");
	assert_int_equal(open_result(0, &size), 0);
}

/* ---- checkpoints ---- */

static void
checkpoints_hold_the_log_to_its_word(void **state)
{
	struct eventlog *log = open_log(0, 0);
	char *note, *older;
	uint64_t size;

	append_range(log, 0, 5, 1);
	assert_int_equal(eventlog_checkpoint(log, &older), 0);
	assert_int_equal(scratch_run(&s, "cp -r log old && cp log/checkpoint old-checkpoint"), 0);
	append_range(log, 5, 9, 1);
	append(log, 9); /* buffered: not signed */
	assert_int_equal(eventlog_checkpoint(log, &note), 0);
	assert_int_equal(strncmp(note, ORIGIN "\n9\n", strlen(ORIGIN) + 3), 0);
	assert_string_equal(eventlog_origin(log), ORIGIN);
	assert_int_equal(strncmp(eventlog_verifier(log), ORIGIN "+", strlen(ORIGIN) + 1), 0);
	eventlog_free(log);
	expect_clean(9);

	/* the whole log rolled back, its checkpoint kept */
	assert_int_equal(scratch_run(&s, "cp -r log new && cp old/events/* log/events/"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_truncated");
	/* an older checkpoint beside a longer log is fine: they are written one after the other */
	assert_int_equal(
	    scratch_run(&s, "cp new/events/* log/events/; cp old-checkpoint log/checkpoint"), 0);
	expect_clean(9);
	assert_int_equal(scratch_run(&s, "sed -i 's/^5$/4/' log/checkpoint"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_checkpoint_damaged");
	free(note);
	free(older);
}

/* A second history under the same keys: the events are readable, but not the ones signed. */
static void
another_history_is_not_taken_for_ours(void **state)
{
	struct eventlog *log;
	char *note;
	uint64_t size;

	assert_int_equal(scratch_run(&s, "cp -r log fork"), 0);
	log = open_log(0, 0);
	append_range(log, 0, 5, 1);
	assert_int_equal(eventlog_checkpoint(log, &note), 0);
	free(note);
	eventlog_free(log);
	assert_int_equal(
	    scratch_run(&s, "cp log/checkpoint signed && rm -r log && mv fork log"), 0);
	log = open_log(0, 0);
	append_range(log, 0, 5, 1); /* same texts, other salts */
	eventlog_free(log);
	assert_int_equal(scratch_run(&s, "cp signed log/checkpoint"), 0);
	assert_int_equal(open_result(0, &size), -EBADMSG);
	expect_fault("log_checkpoint_mismatch");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_torn_tail_is_cut_wherever_it_was_torn),
	    TEST(a_tail_with_holes_is_torn),
	    TEST(every_flipped_bit_is_found),
	    TEST(frames_cannot_be_moved),
	    TEST(an_earlier_try_cannot_replace_a_frame),
	    TEST(lost_swapped_and_strange_segments_are_named),
	    TEST(a_segment_that_cannot_be_read_is_named),
	    TEST(checkpoints_hold_the_log_to_its_word),
	    TEST(another_history_is_not_taken_for_ours),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
