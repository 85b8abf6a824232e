/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A box of the shipped fumikurad and stub rooms: running it, and asking it what became of them. */
#ifndef SUPERVISOR_BOX_H
#define SUPERVISOR_BOX_H

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

/* From $(O)/tests/bus/supervisor_test. */
static inline bool
find_build(const char *program)
{
	char *slash;

	if (realpath(program, build) == NULL)
		return false;
	for (int i = 0; i < 3 && (slash = strrchr(build, '/')) != NULL; i++)
		*slash = '\0';
	return true;
}

struct box {
	char dir[64], config[128], socket[128], log[128];
	char ready[512];
	pid_t pid;
	FILE *out;
};

/* ---- running one ---- */

static inline void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static inline pid_t
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

static inline void
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

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	return remove(path);
}

static inline void
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

static inline sd_bus *
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
static inline char *
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

static inline void
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
static inline bool
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

static inline struct seen
looked(const struct box *box, const char *name)
{
	struct seen seen;

	assert_true(look(box, name, &seen));
	return seen;
}

/* Waits until the room is ready with another pid than old, and store reaches it. */
static inline struct seen
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

static inline void
await_absent(const struct box *box, const char *name)
{
	struct seen seen;

	for (int i = 0; i < POLLS; i++, usleep(50000))
		if (!look(box, name, &seen) && seen.count > 0)
			return;
	fail_msg("%s is still there", name);
}

#endif
