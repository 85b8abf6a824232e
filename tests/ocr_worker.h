/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One shipped `ocr` executable, run as fumikurad would run it: control link on descriptor 3,
 * configuration on 4; the caller plays store. Shared by read_driver.c and bus/ocr_worker_test.c.
 */
#ifndef FUMIKURA_TESTS_OCR_WORKER_H
#define FUMIKURA_TESTS_OCR_WORKER_H

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "link.h"
#include "memfd.h"
#include "ocr/ocr_bus.h"
#include "room.h"
#include "supervisor_bus.h"

struct worker {
	sd_event *event;
	sd_bus *control, *store;
	pid_t pid;
	bool ready, greeted;
};

static inline int
worker_on_ready(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	((struct worker *)userdata)->ready = true;
	return sd_bus_reply_method_return(m, "");
}

static inline int
worker_on_alive(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable worker_vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD("Ready", "", "", worker_on_ready, 0),
    SD_BUS_METHOD("Alive", "", "", worker_on_alive, 0),
    SD_BUS_VTABLE_END,
};

static inline int
worker_spawn(struct worker *w, const char *ocr, const char *text)
{
	int pair[2], config = memfd_new_sealed("config", text, strlen(text));

	if (config < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	w->pid = fork();
	if (w->pid == 0) {
		/* Moved out of the way first: either may already be 3 or 4. */
		int a = fcntl(pair[1], F_DUPFD, 10), b = fcntl(config, F_DUPFD, 10);

		dup2(a, ROOM_CONTROL_FD);
		dup2(b, ROOM_CONFIG_FD);
		close(a);
		close(b);
		execl(ocr, "ocr", (char *)NULL);
		_exit(127);
	}
	close(pair[1]);
	close(config);
	return w->pid < 0 ? -errno : pair[0];
}

static inline void
worker_on_closed(sd_bus *bus, void *userdata)
{
	struct worker *w = userdata;

	sd_event_exit(w->event, 1);
}

/* Only now may descriptors be sent over the link. */
static inline void
worker_on_greeted(sd_bus *bus, void *userdata)
{
	((struct worker *)userdata)->greeted = true;
}

static inline int
worker_run_until(struct worker *w, const bool *flag)
{
	int r = 0;

	while (r >= 0 && !*flag)
		r = sd_event_get_state(w->event) == SD_EVENT_FINISHED
			? -EPIPE
			: sd_event_run(w->event, UINT64_MAX);
	return r;
}

static inline int
worker_start(struct worker *w, const char *ocr, const char *config)
{
	static const char *const supervisor_allow[] = {
	    SUPERVISOR_IFACE ".Ready", SUPERVISOR_IFACE ".Alive", NULL};
	struct link_options control = {
	    .server = true, .allow = supervisor_allow, .closed = worker_on_closed, .userdata = w};
	struct link_options store = {
	    .server = true, .closed = worker_on_closed, .ready = worker_on_greeted, .userdata = w};
	int pair[2], r = sd_event_new(&w->event), fd;

	if (r < 0)
		return r;
	fd = worker_spawn(w, ocr, config);
	if (fd < 0)
		return fd;
	r = link_new(w->event, fd, &control, &w->control);
	if (r >= 0)
		r = sd_bus_add_object_vtable(
		    w->control, NULL, SUPERVISOR_PATH, SUPERVISOR_IFACE, worker_vtable, w);
	if (r >= 0)
		r = worker_run_until(w, &w->ready);
	if (r < 0)
		return r;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) < 0)
		return -errno;
	r = link_new(w->event, pair[0], &store, &w->store);
	if (r >= 0)
		r = sd_bus_call_method_async(w->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE,
		    "Attach", NULL, NULL, "sh", "store", pair[1]);
	close(pair[1]);
	return r < 0 ? r : worker_run_until(w, &w->greeted);
}

struct worker_answer {
	bool done;
	sd_bus_message *reply;
};

static inline int
worker_on_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct worker_answer *a = userdata;

	a->done = true;
	a->reply = sd_bus_message_ref(m);
	return 0;
}

/* Sends m and runs the loop until it is answered; takes m. -EIO: ret is an error reply; -EPIPE: the
 * worker ended without one. */
static inline int
worker_ask(struct worker *w, sd_bus_message *m, sd_bus_message **ret)
{
	struct worker_answer a = {0};
	int r =
	    sd_bus_call_async(w->store, NULL, m, worker_on_answer, &a, (uint64_t)3600 * 1000000);

	sd_bus_message_unref(m);
	if (r >= 0)
		r = worker_run_until(w, &a.done);
	if (r < 0)
		return r;
	*ret = a.reply;
	return sd_bus_message_is_method_error(a.reply, NULL) ? -EIO : 0;
}

static inline void
worker_stop(struct worker *w)
{
	sd_bus_call_method_async(
	    w->control, NULL, NULL, SUPERVISOR_PATH, ROOM_IFACE, "Stop", NULL, NULL, "");
	sd_bus_flush(w->control);
	waitpid(w->pid, NULL, 0);
	sd_bus_flush_close_unref(w->store);
	sd_bus_flush_close_unref(w->control);
	sd_event_unref(w->event);
}

#endif
