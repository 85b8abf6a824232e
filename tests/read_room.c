/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One room without a box. Knows no room's contract but the supervisor's. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "link.h"
#include "memfd.h"
#include "read_room.h"
#include "room.h"
#include "supervisor_bus.h"

#define GOODBYE_SECONDS 5
#define FOREVER_SECONDS 3600

static int
on_ready(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	((struct read_room *)userdata)->ready = true;
	return sd_bus_reply_method_return(m, "");
}

static int
on_alive(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable supervisor_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", on_ready, 0),
    SD_BUS_METHOD("Alive", "", "", on_alive, 0),
    SD_BUS_VTABLE_END,
};

static int
spawn(struct read_room *r, const char *program, const char *config)
{
	_cleanup_(closep) int text = memfd_new_sealed("config", config, strlen(config));
	int pair[2];

	if (text < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	r->pid = fork();
	if (r->pid == 0) {
		/* Moved out of the way first: either may already be 3 or 4. */
		int a = fcntl(pair[1], F_DUPFD_CLOEXEC, 10), b = fcntl(text, F_DUPFD_CLOEXEC, 10);

		dup2(a, ROOM_CONTROL_FD);
		dup2(b, ROOM_CONFIG_FD);
		execl(program, strrchr(program, '/') ? strrchr(program, '/') + 1 : program,
		    (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	if (r->pid > 0)
		return pair[0];
	close(pair[0]);
	return -errno;
}

static void
on_closed(sd_bus *bus, void *userdata)
{
	struct read_room *r = userdata;

	r->gone = true;
	if (bus == r->store)
		r->store = sd_bus_unref(bus);
	else if (bus == r->control)
		r->control = sd_bus_unref(bus);
}

/* Only now may descriptors be sent over the link. */
static void
on_greeted(sd_bus *bus, void *userdata)
{
	((struct read_room *)userdata)->greeted = true;
}

static uint64_t
now_usec(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

int
read_room_wait(struct read_room *r, const bool *flag, unsigned seconds)
{
	uint64_t end = now_usec() + (uint64_t)seconds * 1000000;

	while (!*flag) {
		uint64_t now = now_usec();
		int k;

		if (r->gone)
			return -EPIPE;
		if (now >= end)
			return -ETIME;
		k = sd_event_run(r->event, end - now);
		if (k < 0)
			return k;
	}
	return 0;
}

static int
attach(struct read_room *r, const struct read_room_store *store)
{
	struct link_options options = {.server = true,
	    .allow = store->allow,
	    .closed = on_closed,
	    .ready = on_greeted,
	    .userdata = r};
	int pair[2], k;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	k = link_new(r->event, pair[0], &options, &r->store);
	if (k >= 0 && store->vtable != NULL)
		k = sd_bus_add_object_vtable(
		    r->store, NULL, store->path, store->interface, store->vtable, store->userdata);
	if (k >= 0)
		k = sd_bus_call_method_async(r->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
		    "Attach", NULL, NULL, "sh", "store", pair[1]);
	close(pair[1]);
	return k < 0 ? k : read_room_wait(r, &r->greeted, FOREVER_SECONDS);
}

int
read_room_start(struct read_room *r, sd_event *event, const char *program, const char *config,
    const struct read_room_store *store)
{
	static const char *const allow[] = {
	    SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive", NULL};
	struct link_options control = {
	    .server = true, .allow = allow, .closed = on_closed, .userdata = r};
	int k, fd;

	*r = (struct read_room){.event = event};
	fd = spawn(r, program, config);
	if (fd < 0)
		return fd;
	k = link_new(r->event, fd, &control, &r->control);
	if (k >= 0)
		k = sd_bus_add_object_vtable(
		    r->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE, supervisor_vtable, r);
	if (k >= 0)
		k = read_room_wait(r, &r->ready, FOREVER_SECONDS);
	return k < 0 ? k : attach(r, store);
}

struct answer {
	bool done;
	sd_bus_message *reply;
};

static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct answer *a = userdata;

	a->done = true;
	a->reply = sd_bus_message_ref(m);
	return 0;
}

int
read_room_call(struct read_room *r, sd_bus_message *m, sd_bus_message **ret)
{
	_cleanup_(sd_bus_slot_unrefp) sd_bus_slot *slot = NULL;
	struct answer a = {0};
	int k = r->store == NULL ? -EPIPE
				 : sd_bus_call_async(r->store, &slot, m, on_answer, &a,
				       (uint64_t)FOREVER_SECONDS * 1000000);

	sd_bus_message_unref(m);
	if (k >= 0)
		k = read_room_wait(r, &a.done, FOREVER_SECONDS);
	if (k < 0) {
		sd_bus_message_unref(a.reply);
		return k;
	}
	*ret = a.reply;
	return 0;
}

double
read_room_cpu(const struct read_room *r)
{
	struct timespec t;
	clockid_t clock;

	if (r->pid <= 0 || clock_getcpuclockid(r->pid, &clock) != 0 || clock_gettime(clock, &t) < 0)
		return 0;
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

long
read_room_peak_kb(const struct read_room *r)
{
	char path[64], line[256];
	long kb = 0;
	FILE *f;

	snprintf(path, sizeof path, "/proc/%d/status", (int)r->pid);
	f = r->pid > 0 ? fopen(path, "re") : NULL;
	if (f == NULL)
		return 0;
	while (fgets(line, sizeof line, f) != NULL)
		if (sscanf(line, "VmHWM: %ld", &kb) == 1)
			break;
	fclose(f);
	return kb;
}

void
read_room_stop(struct read_room *r)
{
	bool never = false;

	if (r->control != NULL) {
		sd_bus_call_method_async(
		    r->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE, "Stop", NULL, NULL, "");
		read_room_wait(r, &never, GOODBYE_SECONDS);
	}
	if (r->pid > 0) {
		/* One that has gone already is not troubled; one that hangs has had its time. */
		kill(r->pid, SIGKILL);
		waitpid(r->pid, NULL, 0);
	}
	sd_bus_close_unref(r->store);
	sd_bus_close_unref(r->control);
	*r = (struct read_room){0};
}
