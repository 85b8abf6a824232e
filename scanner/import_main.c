/* SPDX-License-Identifier: GPL-3.0-or-later */
/* import: one foreign file in, pages out, then the process ends. This side speaks with store;
 * decoding is the worker's. */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "import_text.h"
#include "import_worker.h"
#include "link.h"
#include "log.h"
#include "room.h"
#include "scanner_bus.h"
#include "text.h"

#define ANSWER_USEC (UINT64_C(600) * 1000000) /* store may wait for a slow disk, not for ever */
#define JOB_SIZE 128
#define NAME_BYTES 255 /* of the file's name, which is only shown */

struct import {
	struct room *room;
	sd_bus *store;
	struct import_worker *worker;
	char job[JOB_SIZE];
	unsigned unanswered;
	uint32_t stored, max_pages;
	uint64_t max_pixels_m;
	bool refused, over, finished;
	int result;
};

static int
on_finish_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct import *s = userdata;

	room_exit(s->room, 0);
	return 0;
}

static void
finish_if_over(struct import *s)
{
	struct import_text text;
	int r;

	if (!s->over || s->unanswered > 0 || s->finished || s->store == NULL)
		return;
	s->finished = true;
	import_text(s->refused ? IMPORT_STOPPED : s->result, s->stored, s->max_pages,
	    s->max_pixels_m, &text);
	r = sd_bus_call_method_async(s->store, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
	    on_finish_answer, s, "ssss", s->job, s->refused ? "store_refused" : text.code, text.ja,
	    text.en);
	if (r < 0)
		room_exit(s->room, log_errno(r, "cannot send the end of import %s", s->job));
}

static int
on_page_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct import *s = userdata;
	bool refused = sd_bus_message_is_method_error(m, NULL);

	if (refused && !s->refused)
		log_warn("import %s: store refused a page: %s", s->job,
		    link_error_code(sd_bus_message_get_error(m)));
	s->refused |= refused;
	s->stored += !refused;
	s->unanswered--;
	import_worker_answered(s->worker, refused);
	finish_if_over(s);
	return 0;
}

static int
send_page(struct import *s, const struct import_out *out)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_call(
	    s->store, &m, NULL, INTAKE_PATH, INTAKE_IFACE, "PutPage");

	if (r >= 0)
		r = sd_bus_message_append(m, "suh", s->job, out->seq, out->fd);
	if (r >= 0)
		r = page_params_append(&out->params, m);
	return r < 0 ? r : sd_bus_call_async(s->store, NULL, m, on_page_answer, s, ANSWER_USEC);
}

static int
on_worker(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct import *s = userdata;
	int r;

	for (;;) {
		struct import_out *out = NULL;

		r = import_worker_next(s->worker, &out, &s->result);
		if (r != 1)
			break;
		r = s->store == NULL || s->refused ? -ENOTCONN : send_page(s, out);
		import_out_free(out);
		if (r >= 0) {
			s->unanswered++;
		} else {
			s->refused = true;
			import_worker_answered(s->worker, true);
		}
	}
	if (r == 2) {
		s->over = true;
		finish_if_over(s);
	}
	return 0;
}

static int
begin(struct import *s, const char *job, const char *name, int fd)
{
	const struct config *config = room_config(s->room);
	struct memview file = {0};
	char shown[NAME_BYTES + 1];
	int r;

	if (s->worker != NULL || *job == '\0' || strlen(job) >= sizeof s->job)
		return -EINVAL;
	r = memfd_view(fd, MEMFD_MAX, &file);
	if (r < 0)
		return r;
	snprintf(shown, sizeof shown, "%s", name);
	while (!utf8_valid(shown, strlen(shown))) /* a cut inside a character */
		shown[strlen(shown) - 1] = '\0';
	memcpy(s->job, job, strlen(job) + 1);
	s->max_pages = (uint32_t)config_uint(config, "import", "max_pages", 1, 100000);
	s->max_pixels_m = config_uint(config, "import", "max_pixels_m", 1, 10000);
	r = import_worker_new(file, shown, s->max_pages, s->max_pixels_m * 1000000, &s->worker);
	if (r < 0)
		return r;
	return sd_event_add_io(
	    room_event(s->room), NULL, import_worker_fd(s->worker), EPOLLIN, on_worker, s);
}

static int
on_call_convert(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	const char *job, *name;
	int fd, r;

	r = sd_bus_message_read(m, "ssh", &job, &name, &fd);
	if (r < 0)
		return r;
	r = begin(userdata, job, name, fd);
	if (r < 0)
		return log_errno(r, "cannot begin import %.60s", job);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable import_vtable[] = {
    SD_BUS_VTABLE_START(0),
    /* one foreign file; answers at once, then pages and one Finish */
    SD_BUS_METHOD_WITH_ARGS("Convert", SD_BUS_ARGS("s", job, "s", name, "h", file),
	SD_BUS_NO_RESULT, on_call_convert, 0),
    SD_BUS_VTABLE_END,
};

static int
on_attach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct import *s = userdata;

	s->store = bus;
	return sd_bus_add_object_vtable(bus, NULL, IMPORT_PATH, IMPORT_IFACE, import_vtable, s);
}

/* Without the store that asked there is nothing to do here. */
static void
on_detach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct import *s = userdata;

	if (s->store != bus)
		return;
	s->store = NULL;
	if (!s->finished)
		log_warn("store is gone before the end of import %s", s->job);
	room_exit(room, s->finished ? 0 : -ECONNRESET);
}

static const char *const store_allow[] = {IMPORT_IFACE ".Convert", NULL};

static const struct room_link links[] = {
    {.peer = "store", .allow = store_allow, .attach = on_attach, .detach = on_detach},
    {0},
};

int
main(int argc, char **argv)
{
	static const struct room_spec spec = {.name = "import", .links = links};
	struct import import = {0};
	int r;

	/* every thread's own heap would reserve much of the address space that the fence leaves */
	mallopt(M_ARENA_MAX, 1);
	r = room_new(argc, argv, &spec, &import, &import.room);
	if (r >= 0)
		r = room_lock(import.room);
	if (r >= 0)
		r = room_run(import.room);
	/* The worker may still be decoding what nobody wants any more: no clean-up under its feet.
	 */
	fflush(NULL);
	_exit(r < 0 ? EXIT_FAILURE : EXIT_SUCCESS);
}
