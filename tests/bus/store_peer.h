/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays fumikurad and every peer of the shipped store: makes an archive, starts the store in its
 * fence with its two descriptors, attaches links, signs people in. Each peer answers honestly
 * unless a test gives it a script (on_*). Everything waits for what must come; nothing measures
 * time. Honest peers are in store_rooms.h.
 */
#ifndef STORE_PEER_H
#define STORE_PEER_H

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <jansson.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include "base/link.h"
#include "base/memfd.h"
#include "store/store_bus.h"
#include "supervisor_bus.h"

#define PATIENCE_S 60 /* far longer than anything here takes */
#define PEOPLE_MAX 12
#define RSS_MAX_KB (450 << 10) /* two password hashes of 64 MiB and pages in flight included */
#ifdef __SANITIZE_ADDRESS__
#define RSS_FACTOR 6
#else
#define RSS_FACTOR 1
#endif
#define PASSWORD_FIRST "asagao-no-tsuru-0"
#define PASSWORD "himawari-to-suika-7"

struct person {
	const char *name, *role;
	char token[80];
};

struct play {
	sd_event *event;
	char dir[64];
	pid_t pid;
	bool ready, exited;
	int status;
	sd_bus *control, *web, *local, *scanner, *courier, *ocr[2], *import;
	struct person people[PEOPLE_MAX];
	unsigned n_people;
	bool import_stays_away; /* its process exists, but never comes to its link */
	bool revives;           /* who is killed is there again at once: ocr/0 */
	/* what peers do; NULL: honest */
	int (*on_scan)(sd_bus_message *m, struct play *p);
	int (*on_cancel)(sd_bus_message *m, struct play *p);
	int (*on_devices)(sd_bus_message *m, struct play *p);
	int (*on_read)(sd_bus_message *m, struct play *p);
	int (*on_compose)(sd_bus_message *m, struct play *p);
	int (*on_correct)(sd_bus_message *m, struct play *p);
	int (*on_turn)(sd_bus_message *m, struct play *p);
	int (*on_post)(sd_bus_message *m, struct play *p);
	int (*on_convert)(sd_bus_message *m, struct play *p);
	void (*on_fresh)(struct play *p); /* before it comes back; may change what it does */
	/* what they saw */
	char job[64], import_job[64], killed[64];
	unsigned scans, reads, posts, kills, corrects, turns;
};

/* Runs the loop until the condition holds, or fails the test. */
#define WAIT(p, condition)                                                                         \
	do {                                                                                       \
		const time_t until_ = time(NULL) + PATIENCE_S;                                     \
		while (!(condition)) {                                                             \
			assert_true(sd_event_run((p)->event, UINT64_C(1000000)) >= 0);             \
			assert_true(time(NULL) < until_);                                          \
		}                                                                                  \
	} while (0)

/* ---- calls ---- */

/* Where an answer goes that is still to come. A test that fails leaves its frame, with the
 * variable: then the answer goes nowhere, and the next test is judged by itself. */
struct pending {
	struct pending *next;
	sd_bus_message **ret; /* NULL: nobody waits any more */
};
static struct pending *pendings;

static void *
pending(sd_bus_message **ret)
{
	struct pending *p = calloc(1, sizeof(*p));

	assert_non_null(p);
	*ret = NULL;
	*p = (struct pending){pendings, ret};
	pendings = p;
	return p;
}

static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct pending *p = userdata, **at = &pendings;

	while (*at != p)
		at = &(*at)->next;
	*at = p->next;
	if (p->ret != NULL)
		*p->ret = sd_bus_message_ref(m);
	free(p);
	return 0;
}

static inline int
forget_pending(void **state)
{
	for (struct pending *p = pendings; p != NULL; p = p->next)
		p->ret = NULL;
	return 0;
}

/* A test of a play, as cmocka_unit_test(). */
#define PLAY_TEST(f) cmocka_unit_test_setup(f, forget_pending)

/* Sends without waiting; *ret is set when the answer (or the link's end) comes. */
static void
vsend(sd_bus *bus, sd_bus_message **ret, const char *path, const char *interface,
    const char *member, const char *types, va_list args)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;

	assert_true(sd_bus_message_new_method_call(bus, &m, NULL, path, interface, member) >= 0);
	assert_true(*types == '\0' || sd_bus_message_appendv(m, types, args) >= 0);
	assert_true(sd_bus_call_async(bus, NULL, m, on_answer, pending(ret), UINT64_MAX) >= 0);
}

static void
ask_store(sd_bus *bus, sd_bus_message **ret, const char *member, const char *types, ...)
{
	va_list args;

	va_start(args, types);
	vsend(bus, ret, STORE_PATH, STORE_IFACE, member, types, args);
	va_end(args);
}

/* Any call, answered. Caller unrefs. */
static inline sd_bus_message *
call_peer(struct play *p, sd_bus *bus, const char *path, const char *interface, const char *member,
    const char *types, ...)
{
	sd_bus_message *reply;
	va_list args;

	va_start(args, types);
	vsend(bus, &reply, path, interface, member, types, args);
	va_end(args);
	WAIT(p, reply != NULL);
	return reply;
}

static inline sd_bus_message *
call_store(struct play *p, sd_bus *bus, const char *member, const char *types, ...)
{
	sd_bus_message *reply;
	va_list args;

	va_start(args, types);
	vsend(bus, &reply, STORE_PATH, STORE_IFACE, member, types, args);
	va_end(args);
	WAIT(p, reply != NULL);
	return reply;
}

/* "ok", our code word, or the D-Bus error's last word ("AccessDenied"). */
static const char *
code_of(sd_bus_message *reply)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	if (error == NULL)
		return "ok";
	return strncmp(error->name, LINK_ERROR_PREFIX, strlen(LINK_ERROR_PREFIX)) == 0
		   ? link_error_code(error)
		   : strrchr(error->name, '.') + 1;
}

/* As code_of(), for longer than the reply: until the next call. Takes the reply. */
static inline const char *
said_by(sd_bus_message *reply)
{
	static char said[64];

	snprintf(said, sizeof(said), "%s", code_of(reply));
	sd_bus_message_unref(reply);
	return said;
}

/* Takes the reply. */
static void
expect(sd_bus_message *reply, const char *code)
{
	const sd_bus_error *error = sd_bus_message_get_error(reply);

	if (strcmp(code_of(reply), code) != 0)
		fail_msg("want %s, got %s: %s", code, code_of(reply),
		    error != NULL && error->message != NULL ? error->message : "");
	sd_bus_message_unref(reply);
}

/* The JSON of a good answer whose last member is the text. Takes the reply; caller decrefs. */
static json_t *
json_of(sd_bus_message *reply)
{
	const char *text = NULL, *signature = sd_bus_message_get_signature(reply, 1);
	json_t *json;

	if (strcmp(code_of(reply), "ok") != 0)
		fail_msg("got %s: %s", code_of(reply), sd_bus_message_get_error(reply)->message);
	if (strcmp(signature, "hs") == 0)
		assert_true(sd_bus_message_skip(reply, "h") >= 0);
	else if (strcmp(signature, "a(sh)s") == 0)
		assert_true(sd_bus_message_skip(reply, "a(sh)") >= 0);
	assert_true(sd_bus_message_read(reply, "s", &text) > 0);
	json = json_loads(text, 0, NULL);
	assert_non_null(json);
	sd_bus_message_unref(reply);
	return json;
}

/* One text or number of a good answer; out is as large as it must be. Takes the reply. */
static inline void
text_of(sd_bus_message *reply, const char *key, char *out, size_t size)
{
	json_t *json = json_of(reply);
	const char *text = json_string_value(json_object_get(json, key));

	if (text == NULL)
		fail_msg("no %s in the answer", key);
	assert_true(strlen(text) < size);
	strcpy(out, text);
	json_decref(json);
}

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
