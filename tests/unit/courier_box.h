/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The courier room in a process of its own, inside its shipped sandbox row, and both its links:
 * fumikurad and store are played here. */
#ifndef FUMIKURA_TESTS_COURIER_BOX_H
#define FUMIKURA_TESTS_COURIER_BOX_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/link.h"
#include "base/memfd.h"
#include "supervisor_bus.h"
#include "web/courier.h"
#include "web/courier_bus.h"

struct box {
	sd_event *event;
	sd_bus *control, *store;
	pid_t pid;
	bool ready, attached;
	unsigned waiting;
};

struct result {
	struct box *box;
	char code[32]; /* "ok" or the error's code word */
	unsigned status;
	char type[64], body[256];
	size_t size;
};

static inline int
on_control(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct box *box = userdata;

	box->ready = box->ready || strcmp(sd_bus_message_get_member(m), "Ready") == 0;
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable control_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", on_control, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_METHOD("Alive", "", "", on_control, SD_BUS_VTABLE_UNPRIVILEGED),
    SD_BUS_VTABLE_END,
};

static inline void
on_closed(sd_bus *bus, void *userdata)
{
}

static inline void
on_attached(sd_bus *bus, void *userdata)
{
	struct box *box = userdata;

	box->attached = true;
}

static inline sd_bus *
new_link(struct box *box, int fd)
{
	static const char *const allow[] = {
	    SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive", NULL};
	struct link_options options = {.server = true,
	    .allow = allow,
	    .closed = on_closed,
	    .ready = on_attached,
	    .userdata = box};
	sd_bus *bus;

	assert_int_equal(link_new(box->event, fd, &options, &bus), 0);
	return bus;
}

/* Becomes the room: descriptor 3 the control link, 4 the configuration. */
static inline void
run_room(int control, int config)
{
	char *argv[] = {(char *)"courier", NULL};
	int devnull = open("/dev/null", O_WRONLY | O_CLOEXEC);

	control = fcntl(control, F_DUPFD, 20);
	config = fcntl(config, F_DUPFD, 20);
	dup2(control, 3);
	dup2(config, 4);
	dup2(devnull, 2);
	close_range(5, ~0U, 0);
	setenv("http_proxy", "http://127.0.0.1:1", 1);
	setenv("https_proxy", "http://127.0.0.1:1", 1);
	_exit(courier_run(1, argv));
}

/* As fumikurad wires store to the room; returns when descriptors may be sent. */
static inline void
attach_store(struct box *box)
{
	int link[2];

	box->attached = false;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, link), 0);
	box->store = new_link(box, link[0]);
	assert_true(sd_bus_call_method_async(box->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
			"Attach", NULL, NULL, "sh", "store", link[1]) >= 0);
	close(link[1]);
	while (!box->attached)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
}

/* Starts the room with a [courier] section and attaches store. */
static inline void
start(struct box *box, const char *section)
{
	int control[2], config;
	char text[512];

	snprintf(text, sizeof(text), "[courier]\n%s\n", section);
	config = memfd_new_sealed("config", text, strlen(text));
	assert_true(config >= 0);
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, control), 0);
	*box = (struct box){.pid = fork()};
	assert_true(box->pid >= 0);
	if (box->pid == 0)
		run_room(control[1], config);
	close(control[1]);
	close(config);
	assert_int_equal(sd_event_new(&box->event), 0);
	box->control = new_link(box, control[0]);
	assert_true(sd_bus_add_object_vtable(box->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE,
			control_vtable, box) >= 0);
	while (!box->ready)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
	attach_store(box);
}

static inline void
stop(struct box *box)
{
	int status;

	sd_bus_flush_close_unref(box->store);
	sd_bus_flush_close_unref(box->control); /* a room without supervisor ends */
	sd_event_unref(box->event);
	assert_int_equal(waitpid(box->pid, &status, 0), box->pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static inline int
on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct result *result = userdata;
	_cleanup_(memview_free) struct memview view = {0};
	const char *type;
	int fd;

	result->box->waiting--;
	if (sd_bus_message_is_method_error(m, NULL)) {
		snprintf(result->code, sizeof(result->code), "%s",
		    link_error_code(sd_bus_message_get_error(m)));
		return 0;
	}
	assert_true(sd_bus_message_read(m, "ush", &result->status, &type, &fd) >= 0);
	assert_int_equal(memfd_view(fd, COURIER_MAX_BODY, &view), 0);
	snprintf(result->type, sizeof(result->type), "%s", type);
	result->size = view.size;
	memcpy(result->body, view.data, view.size < 255 ? view.size : 255);
	strcpy(result->code, "ok");
	return 0;
}

static inline void
ask(struct box *box, const char *endpoint, const char *type, int body, struct result *result)
{
	*result = (struct result){.box = box};
	box->waiting++;
	assert_true(sd_bus_call_method_async(box->store, NULL, NULL, COURIER_PATH, COURIER_IFACE,
			"Post", on_answer, result, "ssh", endpoint, type, body) >= 0);
}

static inline void
settle(struct box *box)
{
	while (box->waiting > 0)
		assert_true(sd_event_run(box->event, UINT64_MAX) >= 0);
}

/* One room, one post of "hello". */
static inline struct result
post_with(const char *section, const char *endpoint, const char *type)
{
	struct result result;
	struct box box;
	int body = memfd_new_sealed("body", "hello", 5);

	start(&box, section);
	ask(&box, endpoint, type, body, &result);
	settle(&box);
	close(body);
	stop(&box);
	return result;
}

#endif
