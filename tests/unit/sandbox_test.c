/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fence's own rules with rows of the test's: paths from the configuration, what is created,
 * limits, and failure that is fatal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/config.h"
#include "base/sandbox.h"

#define MIB (UINT64_C(1) << 20)
#define WORK (SANDBOX_BASE | SANDBOX_READ | SANDBOX_WRITE)

struct world {
	char dir[64], data[96], key[96];
	struct config *config;
};

static int
set_up(void **state)
{
	struct world *w = calloc(1, sizeof(*w));
	unsigned line;
	const char *why;
	char text[256];

	snprintf(w->dir, sizeof(w->dir), "/tmp/fumikura-sandbox.XXXXXX");
	if (mkdtemp(w->dir) == NULL)
		return -1;
	snprintf(w->data, sizeof(w->data), "%s/data", w->dir);
	snprintf(w->key, sizeof(w->key), "%s/data.key", w->dir);
	if (config_parse("", 0, &w->config, &line, &why) < 0)
		return -1;
	snprintf(text, sizeof(text), "archive.data=%s", w->data);
	if (config_set(w->config, text) < 0 || config_derive(w->config) < 0)
		return -1;
	*state = w;
	return 0;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static int
tear_down(void **state)
{
	struct world *w = *state;

	config_free(w->config);
	nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	free(w);
	return 0;
}

/* Runs act inside row in a process of its own; its result, or the failure to enter, negative as it
 * was. */
static int
inside(struct world *w, const struct sandbox_row *row, int (*act)(struct world *))
{
	int status, r;
	pid_t pid = fork();

	if (pid == 0) {
		r = sandbox_enter_row(row, w->config);
		if (r >= 0)
			r = act(w);
		_exit(-r);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

static int
nothing(struct world *w)
{
	return 0;
}

/* ---- paths ---- */

static int
use_data_and_key(struct world *w)
{
	char path[128], to[128];
	int fd, key;

	snprintf(path, sizeof(path), "%s/a", w->data);
	snprintf(to, sizeof(to), "%s/b", w->data);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	key = open(w->key, O_RDWR | O_TRUNC);
	if (fd < 0 || key < 0 || write(fd, "x", 1) != 1 || fsync(fd) < 0 || write(key, "k", 1) != 1)
		return -errno;
	if (rename(path, to) < 0 || mkdir(path, 0700) < 0 || rmdir(path) < 0 || unlink(to) < 0)
		return -errno;
	/* The key file's directory is not the key file. */
	return open(w->dir, O_RDONLY) < 0 && errno == EACCES ? 0 : -ENOTRECOVERABLE;
}

static void
configured_paths_are_made_and_usable(void **state)
{
	const struct sandbox_row row = {.name = "t",
	    .calls = WORK,
	    .paths = {{.path = "%archive.data", .write = true, .create = SANDBOX_MAKE_DIRECTORY},
		{.path = "%store.master_key_file", .write = true, .create = SANDBOX_MAKE_FILE}},
	    .max_file = MIB,
	    .max_files = 64};
	struct world *w = *state;
	struct stat st;

	assert_int_equal(inside(w, &row, use_data_and_key), 0);
	assert_int_equal(stat(w->data, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(stat(w->key, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	/* A second start finds both. */
	assert_int_equal(inside(w, &row, use_data_and_key), 0);
}

static void
a_missing_path_is_fatal_unless_optional(void **state)
{
	struct sandbox_row row = {.name = "t",
	    .calls = WORK,
	    .paths = {{.path = "%archive.data"}},
	    .max_file = MIB,
	    .max_files = 64};
	struct world *w = *state;

	assert_int_equal(inside(w, &row, nothing), -ENOENT);
	row.paths[0].optional = true;
	assert_int_equal(inside(w, &row, nothing), 0);
}

static void
an_unset_path_is_passed_over(void **state)
{
	const struct sandbox_row row = {.name = "t",
	    .calls = WORK,
	    .paths = {{.path = "%scanner.extra_read"}},
	    .max_file = MIB,
	    .max_files = 64};

	assert_int_equal(inside(*state, &row, nothing), 0);
}

static int
write_below(struct world *w)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/new", w->dir);
	return open(path, O_WRONLY | O_CREAT, 0600) < 0 ? -errno : 0;
}

static void
a_read_path_cannot_be_written(void **state)
{
	struct world *w = *state;
	struct sandbox_row row = {.name = "t",
	    .calls = WORK,
	    .paths = {{.path = w->dir}},
	    .max_file = MIB,
	    .max_files = 64};

	assert_int_equal(inside(w, &row, write_below), -EACCES);
	row.paths[0].write = true;
	assert_int_equal(inside(w, &row, write_below), 0);
	/* Without the group of calls, the path alone does not help. */
	row.calls = SANDBOX_BASE | SANDBOX_READ;
	assert_int_equal(inside(w, &row, write_below), -EPERM);
}

/* ---- calls by configuration ---- */

static int
try_inet(struct world *w)
{
	return socket(AF_INET, SOCK_STREAM, 0) < 0 ? -errno : 0;
}

static void
calls_may_depend_on_a_setting(void **state)
{
	const struct sandbox_row row = {.name = "t",
	    .calls = SANDBOX_BASE,
	    .if_key = "scanner.network",
	    .if_calls = SANDBOX_INET,
	    .max_file = MIB,
	    .max_files = 64};
	struct world *w = *state;

	assert_int_equal(inside(w, &row, try_inet), -EPERM);
	assert_int_equal(config_set(w->config, "scanner.network=yes"), 0);
	assert_int_equal(inside(w, &row, try_inet), 0);
}

/* ---- limits ---- */

static int
grow_a_file(struct world *w)
{
	int fd = memfd_create("x", 0);

	if (ftruncate(fd, 1 << 20) < 0)
		return -errno;
	/* Past the limit: an error, not a signal. */
	if (ftruncate(fd, (1 << 20) + 1) == 0 || errno != EFBIG)
		return -ENOTRECOVERABLE;
	return 0;
}

static int
exhaust_files(struct world *w)
{
	int n = 0;

	while (dup(2) >= 0)
		n++;
	return errno == EMFILE && n < 64 ? 0 : -ENOTRECOVERABLE;
}

static void
files_are_limited_in_size_and_number(void **state)
{
	const struct sandbox_row row = {
	    .name = "t", .calls = SANDBOX_BASE, .max_file = MIB, .max_files = 64};

	assert_int_equal(inside(*state, &row, grow_a_file), 0);
	assert_int_equal(inside(*state, &row, exhaust_files), 0);
}

static int
take_memory(struct world *w)
{
	void *p = mmap(NULL, 300 * MIB, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	return p == MAP_FAILED ? -errno : 0;
}

static void
memory_is_limited_by_row_or_setting(void **state)
{
	struct sandbox_row row = {
	    .name = "t", .calls = SANDBOX_BASE, .max_file = MIB, .max_files = 64};
	struct world *w = *state;

#ifdef __SANITIZE_ADDRESS__
	print_message("# skip: the sanitizer's own address space is unlimited\n");
	skip();
#endif
	assert_int_equal(inside(w, &row, take_memory), 0);
	row.max_memory = 200 * MIB;
	assert_int_equal(inside(w, &row, take_memory), -ENOMEM);
	row.memory_mb_key = "import.memory_mb";
	assert_int_equal(config_set(w->config, "import.memory_mb=128"), 0);
	assert_int_equal(inside(w, &row, take_memory), -ENOMEM);
	assert_int_equal(config_set(w->config, "import.memory_mb=512"), 0);
	assert_int_equal(inside(w, &row, take_memory), 0);
}

/* ---- what is gone ---- */

static int
nothing_to_gain(struct world *w)
{
	struct rlimit core;

	if (getrlimit(RLIMIT_CORE, &core) < 0 || core.rlim_max != 0)
		return -ENOTRECOVERABLE;
	return 0;
}

static void
core_dumps_are_off(void **state)
{
	const struct sandbox_row row = {
	    .name = "t", .calls = SANDBOX_BASE, .max_file = MIB, .max_files = 64};

	assert_int_equal(inside(*state, &row, nothing_to_gain), 0);
}

static void *
open_in_thread(void *arg)
{
	return (void *)(intptr_t)(open("/etc/passwd", O_RDONLY) < 0 ? errno : 0);
}

static int
thread_is_fenced(struct world *w)
{
	pthread_t thread;
	void *got = NULL;

	if (pthread_create(&thread, NULL, open_in_thread, NULL) != 0)
		return -ENOTRECOVERABLE;
	pthread_join(thread, &got);
	return -(int)(intptr_t)got;
}

static void
threads_are_born_inside(void **state)
{
	const struct sandbox_row row = {
	    .name = "t", .calls = SANDBOX_BASE | SANDBOX_READ, .max_file = MIB, .max_files = 64};

	assert_int_equal(inside(*state, &row, thread_is_fenced), -EACCES);
}

/* Read by the parent from /proc: the child itself has no call for it. */
static void
capabilities_and_privileges_are_dropped(void **state)
{
	const struct sandbox_row row = {
	    .name = "t", .calls = SANDBOX_BASE, .max_file = MIB, .max_files = 64};
	struct world *w = *state;
	char path[64], line[128];
	unsigned seen = 0;
	int ready[2], go[2];
	pid_t pid;
	FILE *f;
	char c;

	assert_int_equal(pipe(ready), 0);
	assert_int_equal(pipe(go), 0);
	pid = fork();
	if (pid == 0) {
		close(go[1]);
		if (sandbox_enter_row(&row, w->config) < 0 || write(ready[1], "r", 1) != 1)
			_exit(1);
		_exit(read(go[0], &c, 1) < 0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	f = fopen(path, "r");
	assert_non_null(f);
	while (fgets(line, sizeof(line), f) != NULL) {
		if (strncmp(line, "CapEff", 6) == 0 || strncmp(line, "CapPrm", 6) == 0 ||
		    strncmp(line, "CapInh", 6) == 0 || strncmp(line, "CapAmb", 6) == 0) {
			assert_non_null(strstr(line, "0000000000000000"));
			seen++;
		}
		if (strncmp(line, "CapBnd", 6) == 0 && geteuid() == 0) {
			assert_non_null(strstr(line, "0000000000000000"));
			seen++;
		}
		if (strncmp(line, "NoNewPrivs", 10) == 0 || strncmp(line, "Seccomp:", 8) == 0) {
			assert_null(strstr(line, "\t0"));
			seen++;
		}
	}
	fclose(f);
	assert_int_equal(seen, geteuid() == 0 ? 7 : 6);
	close(go[1]);
	waitpid(pid, NULL, 0);
	close(go[0]);
	close(ready[0]);
	close(ready[1]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		configured_paths_are_made_and_usable, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		a_missing_path_is_fatal_unless_optional, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(an_unset_path_is_passed_over, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(a_read_path_cannot_be_written, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(calls_may_depend_on_a_setting, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		files_are_limited_in_size_and_number, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(memory_is_limited_by_row_or_setting, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(core_dumps_are_off, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(threads_are_born_inside, set_up, tear_down),
	    cmocka_unit_test_setup_teardown(
		capabilities_and_privileges_are_dropped, set_up, tear_down),
	};

	return cmocka_run_group_tests_name("sandbox", tests, NULL, NULL);
}
