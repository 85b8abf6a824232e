/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shipped fumikurad with stub rooms: how rooms are born, wired, watched, restarted and stopped.
 * Each test polls for what must become true; no test measures time.
 */
#include "supervisor_box.h"

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

	if (!find_build(argv[0]))
		return 1;
	return cmocka_run_group_tests_name("supervisor", tests, NULL, NULL);
}
