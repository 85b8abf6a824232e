/* links: store */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* time-limit: 900 */
/*
 * Making an archive: every call fails once, the power goes after every call. Then init can be
 * repeated and the archive opens; what is somebody else's is never touched.
 */
#include "archive.h"

#include <signal.h>
#include <sys/wait.h>

static void
expect_open(const struct scratch *data, const struct place *p)
{
	struct store opened;

	prepare(&opened, data, p);
	assert_int_equal(store_open(&opened), 0);
	assert_int_equal(eventlog_size(opened.log), 2);
	assert_int_equal(catalogue_users_with_role(opened.writer_cat, "admin"), 1);
	release(&opened);
}

static void
expect_closed(const struct scratch *data, const struct place *p)
{
	struct store opened;

	prepare(&opened, data, p);
	assert_true(store_open(&opened) < 0);
	release(&opened);
}

static void
expect_init(const struct scratch *data, const struct place *p)
{
	char code[32];
	int r = init(data, p, code);

	if (r < 0)
		fail_msg("init again: %d %s", r, code);
	expect_open(data, p);
	assert_int_equal(init(data, p, code), -ECANCELED);
	assert_string_equal(code, "exists");
	expect_open(data, p);
}

/* ---- each in a child, because a log that cannot be cut back ends the process ---- */

static struct {
	struct place place;
	int fail_at, error, stop_after; /* as shadow_begin() takes them */
} trial;

/* The process goes on, or another one does on the same disk. */
static void
judge_failure(int r)
{
	const struct scratch *data = &trial.place.data;

	shadow_end();
	if (r == 0) {
		expect_open(data, &trial.place); /* a call whose failure does not matter */
	} else {
		expect_closed(data, &trial.place);
		expect_init(data, &trial.place);
	}
}

/* The power went between the last two calls: nobody was answered, but the mark is gone. */
static bool
whole(const struct scratch *image)
{
	return !birth_unfinished(image->fd) && faccessat(image->fd, "log/events", F_OK, 0) == 0;
}

/* One of the disks that may be left, each kind in its turn. */
static void
judge_cut(int r)
{
	struct scratch image = shadow_image((enum shadow_content)(trial.stop_after % CONTENT_KINDS),
	    (enum shadow_entries)(trial.stop_after % ENTRIES_KINDS));

	shadow_end();
	if (r == 0 || whole(&image)) {
		expect_open(&image, &trial.place);
	} else {
		expect_closed(&image, &trial.place);
		expect_init(&image, &trial.place);
	}
	scratch_end(&image);
}

static void
judge(int r)
{
	if (trial.fail_at > 0)
		judge_failure(r);
	else
		judge_cut(r);
}

/* In the thread that aborts; nobody else runs. 1: the call that fails was reached. */
static void
on_abort(int signal)
{
	close(store.data_dir); /* the lock ends with a process */
	judge(-EIO);
	_exit(1);
}

static int
child(void)
{
	char code[32];
	bool reached;
	int r;

	signal(SIGABRT, on_abort);
	shadow_begin(trial.place.data.fd, trial.fail_at, trial.error, trial.stop_after);
	r = init(&trial.place.data, &trial.place, code);
	reached = shadow_reached();
	if (r < 0 && !reached)
		return 2;
	judge(r);
	return reached;
}

/* False when init needs no more calls than that. */
static bool
try(int fail_at, int error, int stop_after)
{
	int status;
	pid_t pid;

	trial.place = place_new();
	trial.fail_at = fail_at;
	trial.error = error;
	trial.stop_after = stop_after;
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0)
		_exit(child());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 1)
		fail_msg("fail_at %d, stop_after %d: status %d", fail_at, stop_after, status);
	place_end(&trial.place);
	return WEXITSTATUS(status) == 1;
}

static void
init_can_be_repeated_when_a_call_failed(void **state)
{
	static const int errors[] = {EIO, ENOSPC};
	int n = 1;

	while (try(n, errors[n % 2], -1))
		n++;
	assert_true(n > 40);
}

static void
init_can_be_repeated_after_every_power_cut(void **state)
{
	int n = 0;

	while (try(0, 0, n))
		n++;
	assert_true(n > 40);
}

static void
expect_exists(const struct place *p)
{
	char code[32];

	assert_int_equal(init(&p->data, p, code), -ECANCELED);
	assert_string_equal(code, "exists");
	assert_false(birth_unfinished(p->data.fd));
}

static void
what_is_there_is_not_touched(void **state)
{
	static const char *const files[] = {"keys/users/old.json", "keys/rings/B000001.age",
	    "keys/recipients.json", "log/events/0000000000.open", "log/checkpoint", "objects/00"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		struct place p = place_new();

		assert_int_equal(
		    scratch_run(&p.data, "mkdir -p keys/users keys/rings log/events objects"), 0);
		scratch_write(&p.data, files[i], "old", 3);
		expect_exists(&p);
		assert_int_equal(faccessat(p.data.fd, files[i], F_OK, 0), 0);
		place_end(&p);
	}
}

/* Neither a foreign key file, nor objects below a mark that somebody planted. */
static void
a_mark_does_not_open_the_door(void **state)
{
	struct place p = place_new();
	char code[32];
	size_t n;
	uint8_t *text;

	scratch_write(&p.apart, "master.key", "mine", 4);
	expect_exists(&p);
	scratch_write(&p.data, "init.unfinished", "/another.key", 12);
	assert_int_equal(init(&p.data, &p, code), -ECANCELED);
	text = scratch_read(&p.apart, "master.key", &n);
	assert_int_equal(n, 4);
	free(text);
	assert_int_equal(scratch_run(&p.apart, "rm master.key"), 0);
	expect_init(&p.data, &p);
	scratch_write(&p.data, "init.unfinished", p.key, strlen(p.key));
	assert_int_equal(scratch_run(&p.data, "mkdir -p objects/00"), 0);
	assert_int_equal(init(&p.data, &p, code), -ECANCELED);
	assert_int_equal(scratch_run(&p.data, "rm init.unfinished"), 0);
	expect_open(&p.data, &p);
	place_end(&p);
}

/* An init that was left unfinished had named the key file; since then another archive keeps its key
 * there. */
static void
a_mark_spares_the_key_of_another_archive(void **state)
{
	struct place p = place_new(), other = place_new();
	char code[32];

	memcpy(other.key, p.key, sizeof(p.key));
	scratch_write(&p.data, "init.unfinished", p.key, strlen(p.key));
	assert_int_equal(init(&other.data, &other, code), 0);
	assert_int_equal(init(&p.data, &p, code), -ECANCELED);
	assert_string_equal(code, "exists");
	expect_open(&other.data, &other);
	place_end(&other);
	place_end(&p);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_there_is_not_touched),
	    cmocka_unit_test(a_mark_does_not_open_the_door),
	    cmocka_unit_test(a_mark_spares_the_key_of_another_archive),
	    cmocka_unit_test(init_can_be_repeated_when_a_call_failed),
	    cmocka_unit_test(init_can_be_repeated_after_every_power_cut),
	};

	return cmocka_run_group_tests(tests, archive_setup, archive_teardown);
}
