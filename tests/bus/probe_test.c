/* links: */
/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The shipped fences, tried from inside. One table says what each room may do of everything in
 * probe_*.c; whatever is not in it must be refused ("must never have", architecture §1). The last
 * tests prove that the probe itself notices a fence that is open.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/config.h"
#include "base/sandbox.h"
#include "probe.h"

/* Every room may: go on running. */
#define ALIVE " make_pair make_thread make_memory_file "

struct expectation {
	const char *room, *setting, *allowed;
};

static const struct expectation expectations[] = {
    {"scanner", "scanner.network=no",
	ALIVE "read_sane read_library read_resolver socket_netlink map_code "},
    {"scanner", "scanner.network=yes",
	ALIVE "read_sane read_library read_resolver socket_netlink map_code "
	      "socket_inet socket_inet6 connect_tcp "},
    {"import", "archive.name=x", ALIVE "read_fonts "},
    {"ocr", "archive.name=x", ALIVE},
    {"store", "archive.name=x", ALIVE "read_data create_data read_key write_key accept_inherited "},
    {"web", "archive.name=x", ALIVE "accept_inherited "},
    {"courier", "archive.name=x",
	ALIVE "read_library read_resolver socket_inet socket_inet6 socket_netlink "
	      "connect_tcp map_code "},
};
#define N_EXPECTATIONS (sizeof(expectations) / sizeof(expectations[0]))

enum fence {
	FENCE_SHIPPED,
	FENCE_NONE,
	FENCE_EVERYTHING_ALLOWED,
	FENCE_NO_FILES_RULE,
	FENCE_NO_CALLS_RULE
};

/* ---- the world ---- */

static void
put(const char *dir, const char *name, char *ret, size_t size)
{
	FILE *f;

	snprintf(ret, size, "%s/%s", dir, name);
	f = fopen(ret, "w");
	assert_non_null(f);
	fputs("content", f);
	fclose(f);
}

static int
listen_unix(const char *path)
{
	struct sockaddr_un sa = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	snprintf(sa.sun_path, sizeof(sa.sun_path), "%s", path);
	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd, 100), 0);
	return fd;
}

static int
listen_tcp(int *ret_port)
{
	struct sockaddr_in sa = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(sa);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_int_equal(bind(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	assert_int_equal(listen(fd, 100), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sa, &n), 0);
	*ret_port = ntohs(sa.sin_port);
	return fd;
}

/* A caller for accept_inherited. The connection stays in the queue until it is accepted. */
static int
call(const struct probe_world *w)
{
	struct sockaddr_in sa = {.sin_family = AF_INET,
	    .sin_port = htons((uint16_t)w->tcp_port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(connect(fd, (struct sockaddr *)&sa, sizeof(sa)), 0);
	return fd;
}

static void
world_make(struct probe_world *w)
{
	char inside[256];

	*w = (struct probe_world){.dir = "/tmp/fumikura-probe.XXXXXX"};
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->absent, sizeof(w->absent), "%s/absent", w->dir);
	snprintf(w->data, sizeof(w->data), "%s/data", w->dir);
	snprintf(w->sane, sizeof(w->sane), "%s/sane", w->dir);
	snprintf(w->socket, sizeof(w->socket), "%s/socket", w->dir);
	assert_int_equal(mkdir(w->data, 0700), 0);
	assert_int_equal(mkdir(w->sane, 0700), 0);
	put(w->dir, "outside", w->outside, sizeof(w->outside));
	put(w->dir, "key", w->key, sizeof(w->key));
	put(w->data, "inside", inside, sizeof(inside));
	put(w->sane, "inside", inside, sizeof(inside));
	listen_unix(w->socket);
	w->listener = listen_tcp(&w->tcp_port);
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static void
world_free(struct probe_world *w)
{
	close(w->listener);
	nftw(w->dir, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static struct config *
configure(const struct probe_world *w, const char *setting)
{
	struct config *config;
	unsigned line;
	const char *why;
	char text[256];

	assert_int_equal(config_parse("", 0, &config, &line, &why), 0);
	snprintf(text, sizeof(text), "archive.data=%s", w->data);
	assert_int_equal(config_set(config, text), 0);
	snprintf(text, sizeof(text), "store.master_key_file=%s", w->key);
	assert_int_equal(config_set(config, text), 0);
	snprintf(text, sizeof(text), "scanner.sane_config_dir=%s", w->sane);
	assert_int_equal(config_set(config, text), 0);
	assert_int_equal(config_set(config, setting), 0);
	return config;
}

/* ---- trying ---- */

static const struct sandbox_row *
shipped(const char *room)
{
	const struct sandbox_row *row = sandbox_rows;

	while (strcmp(row->name, room) != 0)
		row++;
	return row;
}

static int
enter(enum fence fence, const char *room, const struct config *config)
{
	struct sandbox_row row = *shipped(room);

	if (fence == FENCE_NONE)
		return 0;
	if (fence == FENCE_SHIPPED)
		return sandbox_enter(room, config);
	if (fence != FENCE_NO_FILES_RULE)
		row.calls = ~0u;
	if (fence != FENCE_NO_CALLS_RULE) {
		memset(row.paths, 0, sizeof(row.paths));
		row.paths[0] = (struct sandbox_path){.path = "/", .write = true};
	}
	return sandbox_enter_row(&row, config);
}

#define ENTER_FAILED 255

/* Outcome of one attempt inside the fence: 0 or -errno. */
static int
try(const struct probe *probe, enum fence fence, const char *room, const struct config *config,
    const struct probe_world *w)
{
	int caller = call(w), status, r;
	pid_t pid = fork();

	if (pid == 0) {
		if (enter(fence, room, config) < 0)
			_exit(ENTER_FAILED);
		r = probe->attempt(w);
		_exit(r < 0 ? -r : 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	close(caller);
	assert_true(WIFEXITED(status));
	assert_int_not_equal(WEXITSTATUS(status), ENTER_FAILED);
	return -WEXITSTATUS(status);
}

/* Attempts that change the world are undone, so that order does not matter. */
static void
repair(const struct probe_world *w)
{
	char path[256];

	remove(w->absent);
	put(w->dir, "outside", path, sizeof(path));
	put(w->data, "inside", path, sizeof(path));
	for (const char *const *n = (const char *const[]){"new", "link", "device", NULL}; *n; n++) {
		snprintf(path, sizeof(path), "%s/%s", w->data, *n);
		remove(path);
	}
}

static bool
listed(const char *list, const char *name)
{
	char padded[64];

	snprintf(padded, sizeof(padded), " %s ", name);
	return strstr(list, padded) != NULL;
}

/* Whether the outcome of an attempt is not what the table says. Not quiet, it prints that, and what
 * was refused. */
static bool
is_wrong(const struct expectation *e, const struct probe *p, int outcome, bool quiet)
{
	bool refused = probe_refused(outcome), wrong = refused == listed(e->allowed, p->name);

	if (!quiet && wrong)
		printf("# %s: %s should be %s: %s\n", e->room, p->name,
		    refused ? "possible" : "refused", strerror(-outcome));
	else if (!quiet && refused)
		printf("# %s: refused %s\n", e->room, p->name);
	return wrong;
}

/* Number of attempts whose outcome is wrong. Quiet: the first is enough. */
static unsigned
probe_room(const struct expectation *e, enum fence fence, bool quiet)
{
	static const struct probe *const tables[] = {probe_files, probe_calls};
	struct probe_world w;
	struct config *config;
	unsigned wrong = 0;

	world_make(&w);
	config = configure(&w, e->setting);
	for (size_t t = 0; t < sizeof(tables) / sizeof(tables[0]); t++)
		for (const struct probe *p = tables[t]; p->name != NULL && (!quiet || wrong == 0);
		     p++) {
			wrong += is_wrong(e, p, try(p, fence, e->room, config, &w), quiet);
			repair(&w);
		}
	config_free(config);
	world_free(&w);
	return wrong;
}

/* ---- tests ---- */

static void
room_is_fenced(void **state)
{
	const struct expectation *e = *state;

	assert_int_equal(probe_room(e, FENCE_SHIPPED, false), 0);
}

static void
probe_notices(enum fence fence)
{
	for (size_t i = 0; i < N_EXPECTATIONS; i++)
		assert_true(probe_room(&expectations[i], fence, true) > 0);
}

static void
probe_notices_a_missing_fence(void **state)
{
	probe_notices(FENCE_NONE);
}

static void
probe_notices_an_emptied_row(void **state)
{
	probe_notices(FENCE_EVERYTHING_ALLOWED);
}

static void
probe_notices_open_calls(void **state)
{
	probe_notices(FENCE_NO_CALLS_RULE);
}

/* Rooms whose calls allow no opening at all need no rule for files; for the others the probe must
 * see it missing. */
static void
probe_notices_open_files(void **state)
{
	for (size_t i = 0; i < N_EXPECTATIONS; i++)
		if ((shipped(expectations[i].room)->calls & SANDBOX_READ) != 0)
			assert_true(probe_room(&expectations[i], FENCE_NO_FILES_RULE, true) > 0);
}

static void
every_row_is_probed(void **state)
{
	for (const struct sandbox_row *row = sandbox_rows; row->name != NULL; row++) {
		unsigned found = 0;

		for (size_t i = 0; i < N_EXPECTATIONS; i++)
			found += strcmp(expectations[i].room, row->name) == 0;
		assert_true(found > 0);
	}
}

static void
unknown_room_is_no_row(void **state)
{
	assert_int_equal(sandbox_enter("nobody", NULL), -ENOENT);
}

int
main(void)
{
	struct CMUnitTest tests[N_EXPECTATIONS + 6];
	char names[N_EXPECTATIONS][64];
	size_t n = 0;

	for (; n < N_EXPECTATIONS; n++) {
		snprintf(names[n], sizeof(names[n]), "%s is fenced (%s)", expectations[n].room,
		    expectations[n].setting);
		tests[n] = (struct CMUnitTest){.name = names[n],
		    .test_func = room_is_fenced,
		    .initial_state = (void *)(uintptr_t)&expectations[n]};
	}
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(probe_notices_a_missing_fence);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(probe_notices_an_emptied_row);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(probe_notices_open_calls);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(probe_notices_open_files);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(every_row_is_probed);
	tests[n++] = (struct CMUnitTest)cmocka_unit_test(unknown_room_is_no_row);
	return cmocka_run_group_tests_name("probe", tests, NULL, NULL);
}
