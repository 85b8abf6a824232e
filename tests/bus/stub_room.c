/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A room that does nothing but live: the real start-up, the real fence of the name it runs under,
 * and a few calls by which supervisor_test.c sees how it was born and makes it die. As "store" it
 * forwards calls from the local socket to its peers.
 */
#include <dirent.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/link.h"
#include "base/log.h"
#include "base/room.h"
#include "stub_room.h"
#include "supervisor_bus.h"

struct stub {
	struct room *room;
	const char *name;
	char birth[1024]; /* descriptors and environment at birth */
	int local;
};

extern char **environ;

/* ---- every stub ---- */

static int
on_pid(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return sd_bus_reply_method_return(m, "s", "alive");
}

static int
on_birth(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct stub *stub = userdata;

	return sd_bus_reply_method_return(m, "s", stub->birth);
}

static int
on_die(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	abort();
}

static int
on_hang(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	while (usleep(100000) == 0)
		;
	return 0;
}

static int
on_leave(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct stub *stub = userdata;

	room_exit(stub->room, 0);
	return sd_bus_reply_method_return(m, "s", "");
}

/* The answer, or the name of the error, of a call that was forwarded. */
static int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message *asked = userdata;
	const sd_bus_error *e = sd_bus_message_get_error(m);
	const char *text = "";

	if (e != NULL)
		text = e->name;
	else if (sd_bus_message_has_signature(m, "s"))
		sd_bus_message_read(m, "s", &text);
	sd_bus_reply_method_return(asked, "s", text);
	sd_bus_message_unref(asked);
	return 1;
}

/* Calls member of the supervisor with the text argument (none when it is empty). */
static int
on_supervisor(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct stub *stub = userdata;
	const char *member, *argument;
	int r;

	r = sd_bus_message_read(m, "ss", &member, &argument);
	if (r < 0)
		return r;
	return sd_bus_call_method_async(room_control(stub->room), NULL, NULL, SUPERVISOR_PATH,
	    SUPERVISOR_IFACE, member, on_answer, sd_bus_message_ref(m),
	    argument[0] == '\0' ? "" : "s", argument);
}

static const sd_bus_vtable stub_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Pid", "", "s", on_pid, 0),
    SD_BUS_METHOD("Birth", "", "s", on_birth, 0),
    SD_BUS_METHOD("Die", "", "s", on_die, 0),
    SD_BUS_METHOD("Hang", "", "s", on_hang, 0),
    SD_BUS_METHOD("Leave", "", "s", on_leave, 0),
    SD_BUS_METHOD("Supervisor", "ss", "s", on_supervisor, 0),
    SD_BUS_VTABLE_END,
};

static int
on_attach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	return sd_bus_add_object_vtable(bus, NULL, STUB_PATH, STUB_IFACE, stub_vtable, userdata);
}

static const char *const allow_stub[] = {STUB_IFACE ".Pid", STUB_IFACE ".Birth", STUB_IFACE ".Die",
    STUB_IFACE ".Hang", STUB_IFACE ".Leave", STUB_IFACE ".Supervisor", NULL};

/* ---- the stub that is called store ---- */

/* Forward(peer, member): one of the calls above on a peer. */
static int
on_forward(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct stub *stub = userdata;
	const char *peer, *member;
	sd_bus *bus;
	int r;

	r = sd_bus_message_read(m, "ss", &peer, &member);
	if (r < 0)
		return r;
	bus = room_peer(stub->room, peer);
	if (bus == NULL)
		return sd_bus_reply_method_return(m, "s", "no peer");
	return sd_bus_call_method_async(bus, NULL, NULL, STUB_PATH, STUB_IFACE, member, on_answer,
	    sd_bus_message_ref(m), strcmp(member, "Supervisor") == 0 ? "ss" : "", "Rooms", "");
}

static int
on_rooms_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	sd_bus_message *asked = userdata, *reply = NULL;

	if (sd_bus_message_new_method_return(asked, &reply) >= 0 &&
	    sd_bus_message_copy(reply, m, 1) >= 0)
		sd_bus_send(NULL, reply, NULL);
	sd_bus_message_unref(reply);
	sd_bus_message_unref(asked);
	return 1;
}

static int
on_rooms(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct stub *stub = userdata;

	return sd_bus_call_method_async(room_control(stub->room), NULL, NULL, SUPERVISOR_PATH,
	    SUPERVISOR_IFACE, "Rooms", on_rooms_answer, sd_bus_message_ref(m), "");
}

static const sd_bus_vtable store_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Forward", "ss", "s", on_forward, 0),
    SD_BUS_METHOD("Supervisor", "ss", "s", on_supervisor, 0),
    SD_BUS_METHOD("Rooms", "", "a(suutb)", on_rooms, 0),
    SD_BUS_VTABLE_END,
};

static const char *const allow_local[] = {
    STUB_IFACE ".Forward", STUB_IFACE ".Supervisor", STUB_IFACE ".Rooms", NULL};

static void
on_local_closed(sd_bus *bus, void *userdata)
{
	sd_bus_flush_close_unref(bus);
}

static int
on_accept(sd_event_source *s, int fd, uint32_t events, void *userdata)
{
	struct stub *stub = userdata;
	struct link_options options = {
	    .server = true, .allow = allow_local, .closed = on_local_closed, .userdata = stub};
	sd_bus *bus;
	int client;

	client = accept4(fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (client < 0)
		return 0;
	if (link_new(room_event(stub->room), client, &options, &bus) < 0)
		return 0;
	return sd_bus_add_object_vtable(bus, NULL, STUB_PATH, STUB_IFACE, store_vtable, stub);
}

static int
on_listen(struct room *room, const char *name, int fd, void *userdata)
{
	struct stub *stub = userdata;

	if (strcmp(name, "local") != 0) {
		close(fd);
		return 0;
	}
	stub->local = fd;
	return sd_event_add_io(room_event(room), NULL, fd, 1 /* EPOLLIN */, on_accept, stub);
}

/* ---- birth ---- */

/* "fds=0,1,2,3,4 env=PATH,LANG,TZ": looked up before the fence closes. */
static void
describe_birth(struct stub *stub)
{
	FILE *f = fmemopen(stub->birth, sizeof(stub->birth), "w");
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *d;
	bool open_fd[64] = {0};

	while ((d = readdir(dir)) != NULL) {
		long fd = strtol(d->d_name, NULL, 10);

		if (d->d_name[0] != '.' && fd != dirfd(dir) && fd < 64)
			open_fd[fd] = true;
	}
	closedir(dir);
	fprintf(f, "fds=");
	for (int i = 0; i < 64; i++)
		if (open_fd[i])
			fprintf(f, "%d,", i);
	fprintf(f, " env=");
	for (char **e = environ; *e != NULL; e++)
		fprintf(f, "%.*s,", (int)strcspn(*e, "="), *e);
	fclose(f);
}

static int
on_stop(struct room *room, void *userdata)
{
	struct stub *stub = userdata;

	log_info("stopping");
	(void)stub;
	return 0;
}

int
main(int argc, char **argv)
{
	static struct stub stub;
	char *name = strndup(argv[0], strcspn(argv[0], "/"));
	bool store = strcmp(name, "store") == 0;
	const struct room_link links[] = {
	    {.peer = store ? "*" : "store",
		.server = store,
		.allow = store ? NULL : allow_stub,
		.attach = store ? NULL : on_attach},
	    {0},
	};
	const struct room_spec spec = {
	    .name = name, .links = links, .listen = on_listen, .stop = on_stop};
	int r;

	describe_birth(&stub);
	stub.name = name;
	if (room_new(argc, argv, &spec, &stub, &stub.room) < 0 || room_lock(stub.room) < 0)
		return 1;
	r = room_run(stub.room);
	room_free(stub.room);
	free(name);
	return r < 0 ? 1 : 0;
}
