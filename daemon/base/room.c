/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The life of a room between fumikurad's fork and its own end: control link, configuration, Stop.
 * Knows no room in particular; what each one serves is in its room_spec.
 */
#include "room_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>

#include "../supervisor_bus.h"
#include "cleanup.h"
#include "link.h"
#include "log.h"
#include "memfd.h"
#include "sandbox.h"

#define ALIVE_USEC UINT64_C(1000000)
#define STOP_POLL_USEC UINT64_C(50000)

/* ---- what fumikurad asks ---- */

/* A descriptor of our own from a message, which closes its copy; only sockets are handed to a room.
 */
static int
take_socket(sd_bus_message *m, const char **ret_name, int *ret_fd)
{
	int borrowed, fd, type;
	socklen_t n = sizeof(type);

	if (sd_bus_message_read(m, "sh", ret_name, &borrowed) < 0)
		return -EBADMSG;
	if (getsockopt(borrowed, SOL_SOCKET, SO_TYPE, &type, &n) < 0)
		return -ENOTSOCK;
	fd = fcntl(borrowed, F_DUPFD_CLOEXEC, 10);
	if (fd < 0)
		return -errno;
	*ret_fd = fd;
	return 0;
}

static int
on_attach(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct room *room = userdata;
	const char *peer;
	int fd, r;

	r = take_socket(m, &peer, &fd);
	if (r < 0)
		return r;
	r = room_attach(room, peer, fd, m);
	if (r < 0)
		return log_errno(r, "cannot attach %.60s", peer);
	return 1; /* answered when the link is ready */
}

static int
on_listen(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct room *room = userdata;
	const char *name;
	int fd, r;

	r = take_socket(m, &name, &fd);
	if (r < 0)
		return r;
	if (room->spec->listen == NULL) {
		close(fd);
		return -EOPNOTSUPP;
	}
	r = room->spec->listen(room, name, fd, room->userdata);
	if (r < 0)
		return log_errno(r, "cannot listen on %.60s", name);
	return sd_bus_reply_method_return(m, "");
}

static int
on_stop_poll(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct room *room = userdata;
	int r;

	r = room->spec->stop == NULL ? 0 : room->spec->stop(room, room->userdata);
	if (r <= 0) {
		sd_event_exit(room->event, r);
		return 0;
	}
	sd_event_source_set_time_relative(s, STOP_POLL_USEC);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int
begin_stop(struct room *room)
{
	if (room->stopping)
		return 0;
	room->stopping = true;
	return sd_event_add_time_relative(
	    room->event, &room->stop_poll, CLOCK_MONOTONIC, 0, 0, on_stop_poll, room);
}

static int
on_stop(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	int r = begin_stop(userdata);

	return r < 0 ? r : sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable room_vtable[] = {
    SD_BUS_VTABLE_START(0),
    /* a new link to a peer; replaces an older one of the same name */
    SD_BUS_METHOD_WITH_ARGS("Attach", SD_BUS_ARGS("s", peer, "h", socket), "", on_attach, 0),
    /* a listening socket */
    SD_BUS_METHOD_WITH_ARGS("Listen", SD_BUS_ARGS("s", name, "h", socket), "", on_listen, 0),
    /* finish and exit 0 */
    SD_BUS_METHOD("Stop", "", "", on_stop, 0),
    SD_BUS_VTABLE_END,
};

static const char *const control_allow[] = {
    ROOM_IFACE ".Attach", ROOM_IFACE ".Listen", ROOM_IFACE ".Stop", NULL};

/* Without its supervisor a room has no purpose and nobody who would restart it. */
static void
on_control_closed(sd_bus *bus, void *userdata)
{
	struct room *room = userdata;

	if (!room->stopping)
		log_warn("the supervisor is gone");
	room->control = sd_bus_unref(room->control);
	begin_stop(room);
}

/* ---- life ---- */

static int
on_alive(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct room *room = userdata;

	if (room->control != NULL)
		sd_bus_call_method_async(room->control, NULL, NULL, SUPERVISOR_PATH,
		    SUPERVISOR_IFACE, "Alive", NULL, NULL, "");
	sd_event_source_set_time_relative(s, ALIVE_USEC);
	return sd_event_source_set_enabled(s, SD_EVENT_ONESHOT);
}

static int
on_signal(sd_event_source *s, const struct signalfd_siginfo *si, void *userdata)
{
	return begin_stop(userdata);
}

static int
read_config(struct room *room)
{
	_cleanup_(memview_free) struct memview text = {0};
	const char *why = "";
	unsigned line = 0;
	int r;

	r = memfd_view(ROOM_CONFIG_FD, CONFIG_MAX_BYTES, &text);
	if (r < 0)
		return r;
	close(ROOM_CONFIG_FD);
	r = config_parse((const char *)text.data, text.size, &room->config, &line, &why);
	if (r < 0)
		log_error("configuration line %u: %s", line, why);
	return r;
}

static int
catch_signals(struct room *room)
{
	sigset_t set;
	int r;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	r = sd_event_add_signal(room->event, NULL, SIGTERM, on_signal, room);
	if (r < 0)
		return r;
	return sd_event_add_signal(room->event, NULL, SIGINT, on_signal, room);
}

static int
open_control(struct room *room)
{
	struct link_options options = {
	    .allow = control_allow, .closed = on_control_closed, .userdata = room};
	int fd, r;

	fd = fcntl(ROOM_CONTROL_FD, F_DUPFD_CLOEXEC, 10);
	if (fd < 0)
		return -errno;
	close(ROOM_CONTROL_FD);
	r = link_new(room->event, fd, &options, &room->control);
	if (r < 0)
		return r;
	return sd_bus_add_object_vtable(
	    room->control, NULL, SUPERVISOR_PATH, ROOM_IFACE, room_vtable, room);
}

static bool
started_by_supervisor(void)
{
	int type;
	socklen_t n = sizeof(type);

	return getsockopt(ROOM_CONTROL_FD, SOL_SOCKET, SO_TYPE, &type, &n) == 0 &&
	       fcntl(ROOM_CONFIG_FD, F_GET_SEALS) >= 0;
}

int
room_new(int argc, char **argv, const struct room_spec *spec, void *userdata, struct room **ret)
{
	_cleanup_(room_freep) struct room *room = NULL;
	int r;

	log_open(spec->name);
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		printf("%s %s\n", spec->name, FUMIKURA_VERSION);
		exit(0);
	}
	if (!started_by_supervisor()) {
		fprintf(stderr,
		    "%s: これは fumikurad が起動する部品です。fumikurad --config FILE "
		    "を実行してください。\n"
		    "%s: this is a part that fumikurad starts. Run fumikurad --config FILE.\n",
		    spec->name, spec->name);
		return -ENOTCONN;
	}
	prctl(PR_SET_DUMPABLE, 0);
	tzset();
	room = calloc(1, sizeof(*room));
	if (room == NULL)
		return -ENOMEM;
	room->spec = spec;
	room->userdata = userdata;
	if ((r = read_config(room)) < 0 || (r = sd_event_new(&room->event)) < 0 ||
	    (r = catch_signals(room)) < 0 || (r = open_control(room)) < 0)
		return log_errno(r, "cannot start");
	*ret = TAKE_PTR(room);
	return 0;
}

int
room_lock(struct room *room)
{
	int r;

	r = sandbox_enter(room->spec->name, room->config);
	if (r < 0)
		return log_errno(r, "cannot lock down; refusing to run");
	return 0;
}

int
room_run(struct room *room)
{
	int r;

	if (room->control == NULL)
		return -ENOTCONN;
	r = sd_bus_call_method_async(
	    room->control, NULL, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE, "Ready", NULL, NULL, "");
	if (r < 0)
		return r;
	r = sd_event_add_time_relative(
	    room->event, &room->alive, CLOCK_MONOTONIC, 0, 0, on_alive, room);
	if (r < 0)
		return r;
	r = sd_event_loop(room->event);
	room_drop_peers(room); /* while what detach needs is still there */
	return r;
}

void
room_exit(struct room *room, int r)
{
	sd_event_exit(room->event, r);
}

sd_event *
room_event(struct room *room)
{
	return room->event;
}

const struct config *
room_config(struct room *room)
{
	return room->config;
}

sd_bus *
room_control(struct room *room)
{
	return room->control;
}

void
room_free(struct room *room)
{
	if (room == NULL)
		return;
	room_drop_peers(room);
	sd_event_source_disable_unref(room->alive);
	sd_event_source_disable_unref(room->stop_poll);
	if (room->control != NULL)
		sd_bus_flush_close_unref(room->control);
	sd_event_unref(room->event);
	config_free(room->config);
	free(room);
}
