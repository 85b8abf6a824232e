/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays fumikurad and every peer of the shipped store: makes an archive, starts the store in its
 * fence with its two descriptors, attaches links, signs people in. Calls are in store_call.h,
 * honest peers in store_rooms.h.
 */
#ifndef STORE_PEER_H
#define STORE_PEER_H

#include "store_call.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>

#include "base/memfd.h"
#include "supervisor_bus.h"

#define RSS_MAX_KB (450 << 10) /* two password hashes of 64 MiB and pages in flight included */
#ifdef __SANITIZE_ADDRESS__
#define RSS_FACTOR 6
#else
#define RSS_FACTOR 1
#endif
#define PASSWORD_FIRST "asagao-no-tsuru-0"
#define PASSWORD "himawari-to-suika-7"

/* ---- links ---- */

static void
link_ended(sd_bus *bus, void *userdata)
{
	sd_bus **slot = userdata;

	*slot = sd_bus_unref(*slot);
}

/* As the client that every peer of store is. *slot becomes NULL when the link ends. */
static void
client(struct play *p, int fd, const char *const *allow, sd_bus **slot)
{
	struct link_options options = {.allow = allow, .closed = link_ended, .userdata = slot};

	assert_true(link_new(p->event, fd, &options, slot) >= 0);
}

static int
on_attached(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	*(int *)userdata = sd_bus_message_is_method_error(m, NULL) ? -1 : 1;
	return 0;
}

static int met; /* outlives a test that fails */

/* Adds a vtable (may be NULL); both ends have met when met is 1. */
static void
attach_soon(struct play *p, const char *peer, const char *const *allow, const char *path,
    const char *interface, const sd_bus_vtable *vtable, sd_bus **slot)
{
	int pair[2];

	met = 0;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair), 0);
	assert_true(sd_bus_call_method_async(p->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
			"Attach", on_attached, &met, "sh", peer, pair[1]) >= 0);
	close(pair[1]);
	client(p, pair[0], allow, slot);
	if (vtable != NULL)
		assert_true(sd_bus_add_object_vtable(*slot, NULL, path, interface, vtable, p) >= 0);
}

/* As attach_soon(), and waits for it. */
static void
attach(struct play *p, const char *peer, const char *const *allow, const char *path,
    const char *interface, const sd_bus_vtable *vtable, sd_bus **slot)
{
	attach_soon(p, peer, allow, path, interface, vtable, slot);
	WAIT(p, met != 0);
	assert_int_equal(met, 1);
}

static void
hang_up(sd_bus **slot)
{
	sd_bus *bus = *slot;

	*slot = NULL;
	sd_bus_flush_close_unref(bus);
}

/* A command line: a raw connection to the local socket. */
static int
dial(struct play *p)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	const struct timeval patience = {PATIENCE_S / 2};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(address.sun_path, sizeof(address.sun_path), "%.60s/local.sock", p->dir);
	assert_true(fd >= 0);
	assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience));
	return fd;
}

static void
command_line(struct play *p, sd_bus **slot)
{
	client(p, dial(p), NULL, slot);
}

/* ---- processes ---- */

static int
on_child(sd_event_source *source, const siginfo_t *info, void *userdata)
{
	struct play *p = userdata;

	p->exited = true;
	p->status = info->si_code == CLD_EXITED ? info->si_status : 256 + info->si_status;
	return 0;
}

/* Below the build folder; a test of faults may name a store with a disk that fails. */
static const char *store_program = "bin/store";

static void
exec_store(struct play *p, int link, int config, char *const argv[])
{
	char path[4096];
	int log;

	snprintf(path, sizeof(path), "%.60s/log", p->dir);
	log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);
	dup2(log, 2);
	link = fcntl(link, F_DUPFD, 20);
	config = config < 0 ? -1 : fcntl(config, F_DUPFD, 20);
	dup2(link, 3);
	if (config >= 0)
		dup2(config, 4);
	close_range(config >= 0 ? 5 : 4, ~0U, 0);
	/* leaks would need ptrace, which the fence refuses */
	setenv("ASAN_OPTIONS", "detect_leaks=0", 1);
	snprintf(path, sizeof(path), "%s/%s", getenv("O") ? getenv("O") : "build", store_program);
	execv(path, argv);
	_exit(127);
}

static void
spawn(struct play *p, int link, int config, char *const argv[])
{
	p->exited = false;
	p->pid = fork();
	assert_true(p->pid >= 0);
	if (p->pid == 0)
		exec_store(p, link, config, argv);
	close(link);
	closep(&config);
	assert_true(sd_event_add_child(p->event, NULL, p->pid, WEXITED, on_child, p) >= 0);
}

static inline unsigned long
rss_kb(const struct play *p)
{
	char path[64], line[256];
	unsigned long kb = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)p->pid);
	file = fopen(path, "r");
	assert_non_null(file);
	while (fgets(line, sizeof(line), file) != NULL)
		if (sscanf(line, "VmRSS: %lu", &kb) == 1)
			break;
	fclose(file);
	return kb;
}

/* The whole of what store wrote to standard error contains text. */
static inline bool
logged(const struct play *p, const char *text)
{
	char path[128], line[4096];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/log", p->dir);
	file = fopen(path, "r");
	assert_non_null(file);
	while (!found && fgets(line, sizeof(line), file) != NULL)
		found = strstr(line, text) != NULL;
	fclose(file);
	return found;
}

/* ---- people ---- */

static const char *
token(struct play *p, const char *name)
{
	for (unsigned i = 0; i < p->n_people; i++)
		if (strcmp(p->people[i].name, name) == 0)
			return p->people[i].token;
	fail_msg("%s is not signed in", name);
	return NULL;
}

static inline void
sign_in(struct play *p, const char *name, const char *password, char out[80])
{
	text_of(
	    call_store(p, p->local, "Login", "ssss", name, password, "", "test"), "token", out, 80);
}

/* Makes the account, signs in, changes the first password; all people named at once, so that
 * their passwords are hashed side by side. */
static inline void
people(struct play *p, const struct person *who, unsigned n)
{
	sd_bus_message *reply[PEOPLE_MAX];

	for (unsigned i = 0; i < n; i++)
		ask_store(p->local, &reply[i], "UserAdd", "sssss", token(p, "admin"), who[i].name,
		    who[i].name, who[i].role, PASSWORD_FIRST);
	for (unsigned i = 0; i < n; i++) {
		WAIT(p, reply[i] != NULL);
		expect(reply[i], "ok");
		ask_store(
		    p->local, &reply[i], "Login", "ssss", who[i].name, PASSWORD_FIRST, "", "test");
	}
	for (unsigned i = 0; i < n; i++) {
		struct person *person = &p->people[p->n_people++];

		*person = who[i];
		WAIT(p, reply[i] != NULL);
		text_of(reply[i], "token", person->token, sizeof(person->token));
		ask_store(
		    p->local, &reply[i], "Passwd", "sss", person->token, PASSWORD_FIRST, PASSWORD);
	}
	for (unsigned i = 0; i < n; i++) {
		WAIT(p, reply[i] != NULL);
		expect(reply[i], "ok");
	}
}

/* ---- what must always hold ---- */

/* Events of a type that a manager or inspector sees; caller decrefs. Asking is an event itself. */
static inline json_t *
events(struct play *p, const char *reader, const char *type)
{
	json_t *answer = json_of(call_store(
	    p, p->local, "Log", "sssssu", token(p, reader), "", "", "", type, (uint32_t)5000));
	json_t *entries = json_incref(json_object_get(answer, "entries"));

	json_decref(answer);
	return entries;
}

static inline size_t
count_events(struct play *p, const char *reader, const char *type)
{
	json_t *entries = events(p, reader, type);
	size_t n = json_array_size(entries);

	json_decref(entries);
	return n;
}

/* After a hostile act: alive, answering, small. */
static inline void
still_well(struct play *p)
{
	expect(call_store(p, p->local, "Status", "s", ""), "ok");
	assert_false(p->exited);
	assert_in_range(rss_kb(p), 1, RSS_MAX_KB * RSS_FACTOR);
}

static inline void
doctor_is_well(struct play *p)
{
	json_t *answer = json_of(call_store(p, p->local, "Doctor", "s", ""));

	if (!json_is_true(json_object_get(answer, "ok")))
		fail_msg("doctor: %s", json_dumps(answer, 0));
	json_decref(answer);
}

#endif
