/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group commit: what was answered is in the log and in the catalogue; what was refused, or could
 * not be flushed, is in neither. */
#include "tests/unit/vault.h"

#include <pthread.h>

#include "store/eventlog.h"
#include "store/writer.h"

struct fixture {
	struct scratch scratch;
	struct keys *keys;
	struct catalogue *cat;
	struct eventlog *log;
	struct writer *writer;
	unsigned changes;
};

static bool fail_flush;    /* the next one */
static volatile bool full; /* nothing can be written */

static int
flush_or_fail(int fd)
{
	if (fail_flush) {
		fail_flush = false;
		errno = ENOSPC;
		return -1;
	}
	return io_real.flush(fd);
}

static ssize_t
write_unless_full(int fd, const void *data, size_t n)
{
	if (!full)
		return io_real.write(fd, data, n);
	errno = ENOSPC;
	return -1;
}

static bool nearly_full; /* so the system says */

static int
say_space(int fd, struct statvfs *ret)
{
	if (io_real.statvfs(fd, ret) < 0)
		return -1;
	ret->f_frsize = 1;
	ret->f_bavail = nearly_full ? WRITER_ROOM - 1 : WRITER_ROOM;
	return 0;
}

static struct io_calls failing;

static void
changed(void *ctx)
{
	struct fixture *f = ctx;

	f->changes++;
}

static int
no_event(void *ctx, const struct event_frame *event)
{
	return 0;
}

static void
begin(struct fixture *f)
{
	struct age_identity recovery;
	char path[128];

	memset(f, 0, sizeof(*f));
	failing = io_real;
	failing.flush = flush_or_fail;
	failing.write = write_unless_full;
	failing.statvfs = say_space;
	fail_flush = full = nearly_full = false;
	io = &failing;
	f->scratch = scratch_new();
	snprintf(path, sizeof(path), "%s/master.key", f->scratch.path);
	assert_int_equal(keys_create(f->scratch.fd, path, &recovery), 0);
	assert_int_equal(keys_open(f->scratch.fd, path, &f->keys), 0);
	assert_int_equal(eventlog_create(f->scratch.fd, f->keys, "test/origin"), 0);
	assert_int_equal(
	    eventlog_open(f->scratch.fd, f->keys, 0, no_event, NULL, NULL, &f->log), 0);
	snprintf(path, sizeof(path), "%s/catalogue.db", f->scratch.path);
	assert_int_equal(catalogue_open(path, 'w', NULL, &f->cat), 0);
	assert_int_equal(writer_new(f->cat, f->log, changed, f, &f->writer), 0);
}

static void
end(struct fixture *f)
{
	writer_free(f->writer);
	catalogue_free(f->cat);
	eventlog_free(f->log);
	keys_free(f->keys);
	scratch_end(&f->scratch);
	io = &io_real;
}

static int
decide_step(struct txn *txn, void *arg)
{
	return txn_event(txn, "time.step", json_pack("{s:i}", "seconds", 1));
}

/* Makes an event, then changes its mind. */
static int
decide_refused(struct txn *txn, void *arg)
{
	int r = decide_step(txn, arg);

	return r < 0 ? r : refuse(txn->refusal, "denied");
}

static int
decide_nonsense(struct txn *txn, void *arg)
{
	return txn_event(txn, "no.such.event", json_object());
}

static void
answered_is_in_log_and_catalogue(void **state)
{
	struct fixture f;

	begin(&f);
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), 0);
	assert_int_equal(eventlog_size(f.log), 1);
	assert_int_equal(catalogue_next_event(f.cat), 1);
	assert_int_equal(f.changes, 1);
	end(&f);
}

static void
refused_leaves_no_trace(void **state)
{
	struct refusal refusal = {.code = ""};
	struct fixture f;

	begin(&f);
	assert_int_equal(
	    writer_commit(f.writer, &actor_system, &refusal, decide_refused, NULL), -ECANCELED);
	assert_string_equal(refusal.code, "denied");
	assert_int_equal(
	    writer_commit(f.writer, &actor_system, NULL, decide_nonsense, NULL), -EINVAL);
	assert_int_equal(eventlog_size(f.log), 0);
	assert_int_equal(catalogue_next_event(f.cat), 0);
	assert_int_equal(f.changes, 0);
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), 0);
	assert_int_equal(catalogue_next_event(f.cat), 1);
	end(&f);
}

static void
unflushed_did_not_happen(void **state)
{
	struct fixture f;

	begin(&f);
	fail_flush = true;
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), -ENOSPC);
	assert_int_equal(eventlog_size(f.log), 0);
	assert_int_equal(catalogue_next_event(f.cat), 0);
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), 0);
	assert_int_equal(eventlog_size(f.log), 1);
	assert_int_equal(catalogue_next_event(f.cat), 1);
	end(&f);
}

static void *
many(void *arg)
{
	struct fixture *f = arg;

	for (int i = 0; i < 50; i++) {
		if (writer_commit(f->writer, &actor_system, NULL, decide_step, NULL) != 0)
			return (void *)1;
		if (i % 5 == 0 && writer_commit(f->writer, &actor_system, NULL, decide_refused,
				      NULL) != -ECANCELED)
			return (void *)1;
	}
	return NULL;
}

/* The log might take what the catalogue then cannot. */
static void
nothing_is_begun_without_room(void **state)
{
	struct fixture f;

	begin(&f);
	nearly_full = true;
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), -ENOSPC);
	assert_int_equal(eventlog_size(f.log), 0);
	nearly_full = false;
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), 0);
	assert_int_equal(eventlog_size(f.log), 1);
	end(&f);
}

static unsigned thens;

static int
then(struct catalogue **cat, struct eventlog *log, void *arg)
{
	thens++;
	return 0;
}

static void
the_first_act_comes_first(void **state)
{
	struct fixture f;

	begin(&f);
	thens = 0;
	assert_int_equal(writer_begin(f.writer, decide_step, then, NULL), 0);
	assert_false(writer_owes(f.writer));
	assert_int_equal(thens, 1);
	assert_int_equal(eventlog_size(f.log), 1);
	end(&f);
}

/* Nothing else is recorded before it; and it needs nobody to be tried again. */
static void
a_first_act_that_is_owed_holds_back_all_else(void **state)
{
	struct fixture f;

	begin(&f);
	thens = 0;
	full = true;
	assert_int_equal(writer_begin(f.writer, decide_step, then, NULL), -ENOSPC);
	assert_true(writer_owes(f.writer));
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), -ENOSPC);
	assert_int_equal(eventlog_size(f.log), 0);
	assert_int_equal(thens, 0);
	full = false;
	assert_int_equal(writer_commit(f.writer, &actor_system, NULL, decide_step, NULL), 0);
	assert_false(writer_owes(f.writer));
	assert_int_equal(eventlog_size(f.log), 2);
	assert_int_equal(catalogue_next_event(f.cat), 2);
	assert_int_equal(thens, 1);
	end(&f);
}

static void
what_is_owed_is_paid_by_itself(void **state)
{
	struct fixture f;

	begin(&f);
	full = true;
	assert_int_equal(writer_begin(f.writer, decide_step, then, NULL), -ENOSPC);
	full = false;
	while (writer_owes(f.writer)) /* or the suite's time is over */
		usleep(10000);
	assert_int_equal(eventlog_size(f.log), 1);
	end(&f);
}

static void
threads_share_groups_without_mixing(void **state)
{
	struct fixture f;
	pthread_t thread[8];
	void *result;

	begin(&f);
	for (int i = 0; i < 8; i++)
		assert_int_equal(pthread_create(&thread[i], NULL, many, &f), 0);
	for (int i = 0; i < 8; i++) {
		pthread_join(thread[i], &result);
		assert_null(result);
	}
	assert_int_equal(eventlog_size(f.log), 400);
	assert_int_equal(catalogue_next_event(f.cat), 400);
	end(&f);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answered_is_in_log_and_catalogue),
	    cmocka_unit_test(refused_leaves_no_trace),
	    cmocka_unit_test(unflushed_did_not_happen),
	    cmocka_unit_test(nothing_is_begun_without_room),
	    cmocka_unit_test(the_first_act_comes_first),
	    cmocka_unit_test(a_first_act_that_is_owed_holds_back_all_else),
	    cmocka_unit_test(what_is_owed_is_paid_by_itself),
	    cmocka_unit_test(threads_share_groups_without_mixing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
