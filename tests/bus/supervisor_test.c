/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shipped fumikurad with stub rooms: how rooms are born, wired, watched, restarted and stopped.
 * Each test polls for what must become true; no test measures time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <systemd/sd-bus.h>

#include "base/cleanup.h"
#include "stub_room.h"

#define POLLS 600 /* of 50 ms: far longer than anything here takes */

#ifdef __SANITIZE_ADDRESS__
#define SANITIZED "ASAN_OPTIONS,"
#else
#define SANITIZED
#endif

static char build[4096]; /* $(O), absolute */

struct box {
	char dir[64], config[128], socket[128], log[128];
	char ready[512];
	pid_t pid;
	FILE *out;
};

/* ---- running one ---- */

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static pid_t
launch(const struct box *box, int out, const char *setting)
{
	char program[4200];
	pid_t pid;

	snprintf(program, sizeof(program), "%s/bin/fumikurad", build);
	pid = fork();
	if (pid == 0) {
		int log = open(box->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		dup2(out, 1);
		dup2(log, 2);
		setenv("SECRET_OF_THE_SHELL", "1", 1);
		/* A stray descriptor that no room may inherit. */
		dup2(log, 20);
		execl(program, "fumikurad", "--config", box->config, "--set", setting, NULL);
		_exit(127);
	}
	return pid;
}

static void
box_start(struct box *box, const char *setting)
{
	char text[8192];
	int pair[2];

	*box = (struct box){.dir = "/tmp/fumikura-supervisor.XXXXXX"};
	assert_non_null(mkdtemp(box->dir));
	snprintf(box->config, sizeof(box->config), "%s/conf", box->dir);
	snprintf(box->socket, sizeof(box->socket), "%s/data.sock", box->dir);
	snprintf(box->log, sizeof(box->log), "%s/log", box->dir);
	snprintf(text, sizeof(text),
	    "[archive]\ndata = %s/data\n[web]\nlisten = 127.0.0.1:0\n[supervisor]\n"
	    "ocr_workers = 2\nbin_dir = %s/tests/bus/rooms\n",
	    box->dir, build);
	write_file(box->config, text);
	assert_int_equal(pipe(pair), 0);
	box->pid = launch(box, pair[1], setting);
	close(pair[1]);
	box->out = fdopen(pair[0], "r");
	assert_non_null(fgets(box->ready, sizeof(box->ready), box->out));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void
box_stop(struct box *box)
{
	int status = -1;

	kill(box->pid, SIGTERM);
	assert_int_equal(waitpid(box->pid, &status, 0), box->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_int_equal(access(box->socket, F_OK), -1);
	fclose(box->out);
	nftw(box->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* ---- asking ---- */

static sd_bus *
dial(const struct box *box)
{
	char address[160];
	sd_bus *bus = NULL;

	snprintf(address, sizeof(address), "unix:path=%s", box->socket);
	assert_true(sd_bus_new(&bus) >= 0);
	assert_true(sd_bus_set_address(bus, address) >= 0);
	assert_true(sd_bus_start(bus) >= 0);
	return bus;
}

/* The answer's text, "error: NAME" or "gone". Caller frees. */
static char *
ask(const struct box *box, const char *member, const char *one, const char *two)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	sd_bus *bus = dial(box);
	const char *text;
	char *copy = NULL;

	if (sd_bus_call_method(
		bus, NULL, STUB_PATH, STUB_IFACE, member, &error, &reply, "ss", one, two) < 0) {
		if (asprintf(&copy, "error: %s", error.name) < 0)
			copy = NULL;
	} else if (sd_bus_message_read(reply, "s", &text) >= 0) {
		copy = strdup(text);
	}
	sd_bus_error_free(&error);
	sd_bus_message_unref(reply);
	sd_bus_close_unref(bus);
	assert_non_null(copy);
	return copy;
}

static void
assert_asked(const struct box *box, const char *member, const char *one, const char *two,
    const char *expected)
{
	_cleanup_(freep) char *text = ask(box, member, one, two);

	assert_string_equal(text, expected);
}

struct seen {
	uint32_t pid, restarts;
	int ready;
	unsigned count; /* of all rooms */
};

/* What Rooms says of one room. False when there is none of that name. */
static bool
look(const struct box *box, const char *name, struct seen *ret)
{
	sd_bus_message *reply = NULL;
	sd_bus *bus = dial(box);
	struct seen found = {0};
	bool there = false;

	if (sd_bus_call_method(bus, NULL, STUB_PATH, STUB_IFACE, "Rooms", NULL, &reply, "") >= 0 &&
	    sd_bus_message_enter_container(reply, 'a', "(suutb)") >= 0) {
		struct seen row;
		const char *n;
		uint64_t rss;

		while (sd_bus_message_read(
			   reply, "(suutb)", &n, &row.pid, &row.restarts, &rss, &row.ready) > 0) {
			ret->count = ++found.count;
			if (strcmp(n, name) != 0)
				continue;
			found.pid = row.pid;
			found.restarts = row.restarts;
			found.ready = row.ready;
			there = true;
		}
	}
	*ret = found;
	sd_bus_message_unref(reply);
	sd_bus_close_unref(bus);
	return there;
}

static struct seen
looked(const struct box *box, const char *name)
{
	struct seen seen;

	assert_true(look(box, name, &seen));
	return seen;
}

/* Waits until the room is ready with another pid than old, and store reaches it. */
static struct seen
await_new(const struct box *box, const char *name, uint32_t old)
{
	struct seen seen;

	for (int i = 0; i < POLLS; i++, usleep(50000)) {
		_cleanup_(freep) char *text = NULL;

		if (!look(box, name, &seen) || seen.pid == old || !seen.ready)
			continue;
		if (strcmp(name, "store") == 0)
			return seen;
		text = ask(box, "Forward", name, "Pid");
		if (strcmp(text, "alive") == 0)
			return seen;
	}
	fail_msg("%s did not come back", name);
	return seen;
}

static void
await_absent(const struct box *box, const char *name)
{
	struct seen seen;

	for (int i = 0; i < POLLS; i++, usleep(50000))
		if (!look(box, name, &seen) && seen.count > 0)
			return;
	fail_msg("%s is still there", name);
}

/* ---- tests ---- */

static const char *const rooms[] = {"web", "scanner", "courier", "ocr/0", "ocr/1"};
#define N_ROOMS (sizeof(rooms) / sizeof(rooms[0]))

static void
says_ready_once_with_address_and_socket(void **state)
{
	struct box box;
	char expected[256];

	box_start(&box, "archive.name=x");
	assert_memory_equal(box.ready, "{\"ready\":true,\"url\":\"https://127.0.0.1:", 38);
	snprintf(expected, sizeof(expected), "/\",\"socket\":\"%s\"}\n", box.socket);
	assert_non_null(strstr(box.ready, expected));
	assert_int_equal(looked(&box, "fumikurad").pid, box.pid);
	assert_int_equal(looked(&box, "store").count, N_ROOMS + 2);
	for (size_t i = 0; i < N_ROOMS; i++)
		assert_asked(&box, "Forward", rooms[i], "Pid", "alive");
	box_stop(&box);
}

static void
rooms_inherit_nothing(void **state)
{
	struct box box;

	box_start(&box, "archive.name=x");
	assert_asked(
	    &box, "Forward", "scanner", "Birth", "fds=0,1,2,3,4, env=PATH,LANG,TZ," SANITIZED);
	assert_asked(&box, "Forward", "ocr/1", "Birth",
	    "fds=0,1,2,3,4, env=PATH,LANG,TZ,OMP_THREAD_LIMIT," SANITIZED);
	box_stop(&box);
}

static void
a_killed_room_comes_back_alone(void **state)
{
	struct seen before[N_ROOMS], store;
	struct box box;

	box_start(&box, "archive.name=x");
	store = looked(&box, "store");
	for (size_t victim = 0; victim < N_ROOMS; victim++) {
		for (size_t i = 0; i < N_ROOMS; i++)
			before[i] = looked(&box, rooms[i]);
		kill((pid_t)before[victim].pid, SIGKILL);
		assert_int_equal(await_new(&box, rooms[victim], before[victim].pid).restarts, 1);
		for (size_t i = 0; i < N_ROOMS; i++)
			assert_true(i == victim || looked(&box, rooms[i]).pid == before[i].pid);
		assert_int_equal(looked(&box, "store").pid, store.pid);
	}
	box_stop(&box);
}

static void
a_killed_store_is_rewired_to_all(void **state)
{
	struct seen before[N_ROOMS], store;
	struct box box;

	box_start(&box, "archive.name=x");
	for (int round = 0; round < 3; round++) {
		store = looked(&box, "store");
		for (size_t i = 0; i < N_ROOMS; i++)
			before[i] = looked(&box, rooms[i]);
		kill((pid_t)store.pid, SIGKILL);
		await_new(&box, "store", store.pid);
		for (size_t i = 0; i < N_ROOMS; i++)
			assert_int_equal(await_new(&box, rooms[i], 0).pid, before[i].pid);
	}
	box_stop(&box);
}

static void
a_silent_room_is_killed(void **state)
{
	struct seen before;
	struct box box;

	box_start(&box, "supervisor.watchdog_s=2");
	before = looked(&box, "ocr/0");
	assert_asked(&box, "Forward", "ocr/0", "Hang", "org.freedesktop.DBus.Error.NoReply");
	await_new(&box, "ocr/0", before.pid);
	before = looked(&box, "courier");
	kill((pid_t)before.pid, SIGSTOP);
	await_new(&box, "courier", before.pid);
	box_stop(&box);
}

static void
only_store_may_ask_for_more(void **state)
{
	struct box box;

	box_start(&box, "archive.name=x");
	for (size_t i = 0; i < N_ROOMS; i++)
		assert_asked(&box, "Forward", rooms[i], "Supervisor",
		    "org.freedesktop.DBus.Error.AccessDenied");
	assert_asked(&box, "Supervisor", "Kill", "store", "jp.fumikura.Error.not_found");
	assert_asked(&box, "Supervisor", "Kill", "nobody", "jp.fumikura.Error.not_found");
	assert_asked(&box, "Supervisor", "SpawnImport", "../x", "jp.fumikura.Error.bad_parameter");
	assert_asked(&box, "Supervisor", "Ready", "x", "org.freedesktop.DBus.Error.InvalidArgs");
	box_stop(&box);
}

static void
store_may_kill_a_stuck_room(void **state)
{
	struct seen before;
	struct box box;

	box_start(&box, "archive.name=x");
	before = looked(&box, "ocr/1");
	assert_asked(&box, "Supervisor", "Kill", "ocr/1", "");
	await_new(&box, "ocr/1", before.pid);
	box_stop(&box);
}

static void
imports_come_and_go(void **state)
{
	struct box box;

	box_start(&box, "archive.name=x");
	assert_asked(&box, "Supervisor", "SpawnImport", "a", "");
	await_new(&box, "import/a", 0);
	assert_asked(&box, "Supervisor", "SpawnImport", "a", "jp.fumikura.Error.exists");
	assert_asked(&box, "Supervisor", "SpawnImport", "b", "");
	assert_asked(&box, "Supervisor", "SpawnImport", "c", "");
	assert_asked(&box, "Supervisor", "SpawnImport", "d", "");
	assert_asked(&box, "Supervisor", "SpawnImport", "e", "jp.fumikura.Error.busy");
	assert_asked(&box, "Forward", "import/a", "Leave", "");
	await_absent(&box, "import/a");
	await_new(&box, "import/b", 0);
	assert_asked(&box, "Forward", "import/b", "Die", "org.freedesktop.DBus.Error.NoReply");
	await_absent(&box, "import/b");
	assert_asked(&box, "Supervisor", "Kill", "import/c", "");
	await_absent(&box, "import/c");
	assert_asked(&box, "Supervisor", "SpawnImport", "e", "");
	await_new(&box, "import/e", 0);
	assert_asked(&box, "Forward", "import/c", "Pid", "no peer");
	box_stop(&box);
}

static void
an_import_that_takes_too_long_is_killed(void **state)
{
	struct box box;

	box_start(&box, "import.time_limit_s=1");
	assert_asked(&box, "Supervisor", "SpawnImport", "slow", "");
	await_absent(&box, "import/slow");
	box_stop(&box);
}

static void
a_room_that_cannot_start_does_not_stop_the_others(void **state)
{
	char missing[4300], there[4300];
	struct seen store;
	struct box box;

	snprintf(missing, sizeof(missing), "%s/tests/bus/rooms/courier", build);
	snprintf(there, sizeof(there), "%s/tests/bus/rooms/courier.away", build);
	box_start(&box, "archive.name=x");
	assert_int_equal(rename(missing, there), 0);
	kill((pid_t)looked(&box, "courier").pid, SIGKILL);
	for (int i = 0; i < POLLS && looked(&box, "courier").restarts < 4; i++)
		usleep(50000);
	store = looked(&box, "store");
	assert_int_equal(rename(there, missing), 0);
	await_new(&box, "courier", 0);
	assert_true(looked(&box, "courier").restarts >= 4);
	assert_int_equal(looked(&box, "store").pid, store.pid);
	box_stop(&box);
}

static void
store_stops_last(void **state)
{
	char line[256];
	bool store_seen = false;
	struct box box;
	unsigned stopped = 0;
	int status;
	FILE *log;

	box_start(&box, "archive.name=x");
	kill(box.pid, SIGTERM);
	assert_int_equal(waitpid(box.pid, &status, 0), box.pid);
	log = fopen(box.log, "r");
	assert_non_null(log);
	while (fgets(line, sizeof(line), log) != NULL) {
		if (strstr(line, ": stopping") == NULL || strstr(line, "fumikurad") != NULL)
			continue;
		assert_false(store_seen);
		store_seen = strncmp(line, "<6>store", 8) == 0;
		stopped++;
	}
	assert_true(store_seen);
	assert_int_equal(stopped, N_ROOMS + 1);
	fclose(log);
	fclose(box.out);
	nftw(box.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static void
a_second_box_on_the_same_socket_is_refused(void **state)
{
	struct box box;
	int status;
	pid_t pid;

	box_start(&box, "archive.name=x");
	pid = launch(&box, 1, "archive.name=y");
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(WEXITSTATUS(status), 1);
	assert_asked(&box, "Forward", "web", "Pid", "alive");
	box_stop(&box);
}

static void
bad_configuration_is_refused(void **state)
{
	static const char *const bad[] = {"archive.nme=x", "web.listen=nowhere",
	    "archive.data=relative", "supervisor.user=nobody-here"};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct box box = {.dir = "/tmp/fumikura-supervisor.XXXXXX"};
		int status;
		pid_t pid;

		assert_non_null(mkdtemp(box.dir));
		snprintf(box.config, sizeof(box.config), "%s/conf", box.dir);
		snprintf(box.log, sizeof(box.log), "%s/log", box.dir);
		write_file(box.config, "[archive]\ndata = /nonexistent/data\n");
		pid = launch(&box, 1, bad[i]);
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_int_equal(WEXITSTATUS(status), 1);
		nftw(box.dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	}
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(says_ready_once_with_address_and_socket),
	    cmocka_unit_test(rooms_inherit_nothing),
	    cmocka_unit_test(a_killed_room_comes_back_alone),
	    cmocka_unit_test(a_killed_store_is_rewired_to_all),
	    cmocka_unit_test(a_silent_room_is_killed),
	    cmocka_unit_test(only_store_may_ask_for_more),
	    cmocka_unit_test(store_may_kill_a_stuck_room),
	    cmocka_unit_test(imports_come_and_go),
	    cmocka_unit_test(an_import_that_takes_too_long_is_killed),
	    cmocka_unit_test(a_room_that_cannot_start_does_not_stop_the_others),
	    cmocka_unit_test(store_stops_last),
	    cmocka_unit_test(a_second_box_on_the_same_socket_is_refused),
	    cmocka_unit_test(bad_configuration_is_refused),
	};
	char *slash;

	/* $(O)/tests/bus/supervisor_test */
	if (realpath(argv[0], build) == NULL)
		return 1;
	for (int i = 0; i < 3 && (slash = strrchr(build, '/')) != NULL; i++)
		*slash = '\0';
	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
