/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The main thread's side: never blocks, never touches SANE. A run lives from Scan to the answer of
 * Finish; when store goes away in between, the run is cancelled and what was not answered is given
 * up (the paper is still there).
 */
#include "scanner_serve.h"

#include <errno.h>
#include <string.h>

#include "link.h"
#include "log.h"
#include "scanner_bus.h"
#include "scanner_message.h"
#include "scanner_text.h"
#include "scanner_worker.h"

#define ANSWER_USEC (UINT64_C(600) * 1000000) /* store may wait for a slow disk, not for ever */
#define TICK_USEC UINT64_C(250000)            /* how often a device under way is looked at */
#define HARD_CANCEL_MS 1000 /* a device that gives no chance to cancel is told after so long */
#define LEAVE_MS 3000       /* for the last answers, when the device hangs or the room must go */

enum run_state {
	RUN_NONE,
	RUN_STARTING, /* the device takes its parameters */
	RUN_PAGES,
	RUN_OVER,     /* the worker is done; answers may be outstanding */
	RUN_FINISHED, /* Finish is sent */
};

struct serve {
	struct room *room;
	struct scan_worker *worker;
	sd_bus *store;
	sd_event_source *tick;
	sd_bus_message *waiting_list[8]; /* Devices calls to answer */
	size_t n_waiting;
	struct device_list *devices; /* as last listed */
	uint64_t read_timeout_ms;
	unsigned sheet_width, sheet_height;
	/* the run */
	enum run_state state;
	char job[SETUP_TEXT];
	sd_bus_message *scan; /* to answer when the device is set */
	const char *code;     /* of Finish */
	bool refused;         /* store did not take a page */
	bool abandoned;       /* the store that asked for it is gone */
	unsigned unanswered;
	uint32_t stored;
	uint64_t cancelled_at; /* ms; 0: not */
	bool hard_cancelled;
	uint64_t hung_at; /* ms; 0: not */
	uint64_t stop_at; /* ms; 0: nobody asked to stop */
};

/* ---- the end of a run ---- */

static void
run_clear(struct serve *s)
{
	s->scan = sd_bus_message_unref(s->scan);
	s->state = RUN_NONE;
	s->job[0] = '\0';
	s->code = NULL;
	s->refused = s->abandoned = s->hard_cancelled = false;
	s->unanswered = s->stored = 0;
	s->cancelled_at = 0;
}

static int
on_finish_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct serve *s = userdata;

	if (s->state == RUN_FINISHED)
		run_clear(s);
	if (s->hung_at != 0)
		room_exit(s->room, -EIO);
	return 0;
}

/* After the last answer: contract of Intake1.Finish. */
static void
finish_if_over(struct serve *s)
{
	const char *code = s->refused ? "store_refused" : s->code;
	struct scan_text text;
	int r;

	if (s->state != RUN_OVER || s->unanswered > 0 || scan_worker_pending(s->worker))
		return;
	if (s->abandoned) {
		run_clear(s);
		return;
	}
	text_finish(code, s->stored, &text);
	s->state = RUN_FINISHED;
	r = sd_bus_call_method_async(s->store, NULL, NULL, INTAKE_PATH, INTAKE_IFACE, "Finish",
	    on_finish_answer, s, "ssss", s->job, code, text.ja, text.en);
	if (r < 0) {
		log_errno(r, "cannot send the end of run %s", s->job);
		run_clear(s);
	}
}

static void
cancel_run(struct serve *s)
{
	if (s->state != RUN_STARTING && s->state != RUN_PAGES)
		return;
	if (s->cancelled_at == 0)
		s->cancelled_at = watch_clock_ms();
	scan_worker_cancel(s->worker);
}

/* ---- pages ---- */

static int
on_page_answer(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct serve *s = userdata;

	if (s->abandoned || s->unanswered == 0)
		return 0;
	s->unanswered--;
	if (sd_bus_message_is_method_error(m, NULL)) {
		if (!s->refused)
			log_warn("run %s: store refused a page: %s", s->job,
			    link_error_code(sd_bus_message_get_error(m)));
		s->refused = true;
		scan_worker_drop(s->worker);
		cancel_run(s);
	} else {
		s->stored++;
	}
	scan_worker_answered(s->worker);
	finish_if_over(s);
	return 0;
}

static int
send_page(struct serve *s, const struct scan_event *event)
{
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *m = NULL;
	int r;

	if (s->abandoned || s->refused)
		return -ENOTCONN;
	r = sd_bus_message_new_method_call(
	    s->store, &m, NULL, INTAKE_PATH, INTAKE_IFACE, "PutPage");
	if (r < 0)
		return r;
	r = sd_bus_message_append(m, "suh", s->job, event->seq, event->fd);
	if (r < 0)
		return r;
	r = page_params_append(&event->params, m);
	if (r < 0)
		return r;
	return sd_bus_call_async(s->store, NULL, m, on_page_answer, s, ANSWER_USEC);
}

static void
on_page(struct serve *s, const struct scan_event *event)
{
	int r = send_page(s, event);

	if (r >= 0) {
		s->unanswered++;
		return;
	}
	if (!s->abandoned && !s->refused) {
		log_errno(r, "run %s: cannot hand over page %u", s->job, event->seq);
		s->refused = true;
	}
	scan_worker_answered(s->worker);
	scan_worker_drop(s->worker);
	cancel_run(s);
}

/* ---- other events ---- */

static void
on_devices(struct serve *s, struct scan_event *event)
{
	static const struct device_list none = {0};

	if (event->error < 0) {
		log_errno(event->error, "cannot list devices");
	} else {
		device_list_free(s->devices);
		s->devices = TAKE_PTR(event->devices);
	}
	for (size_t i = 0; i < s->n_waiting; i++) {
		message_answer_devices(s->waiting_list[i], s->devices ? s->devices : &none);
		sd_bus_message_unref(s->waiting_list[i]);
	}
	s->n_waiting = 0;
}

static void
refuse_scan(struct serve *s, const char *code, const char *detail)
{
	sd_bus_error error = SD_BUS_ERROR_NULL;
	struct scan_text text;

	text_refuse(code, detail, &text);
	link_error(&error, code, text.ja, text.en);
	sd_bus_reply_method_error(s->scan, &error);
	sd_bus_error_free(&error);
}

static void
on_started(struct serve *s, const struct scan_event *event)
{
	if (event->error < 0) {
		if (s->scan != NULL)
			refuse_scan(s, event->code, event->why);
		run_clear(s);
		return;
	}
	if (s->scan != NULL)
		sd_bus_reply_method_return(s->scan, "");
	s->scan = sd_bus_message_unref(s->scan);
	s->state = RUN_PAGES;
}

static int
on_worker(sd_event_source *source, int fd, uint32_t events, void *userdata)
{
	struct serve *s = userdata;
	struct scan_event *event;

	while ((event = scan_worker_next(s->worker)) != NULL) {
		switch (event->kind) {
		case EVENT_DEVICES:
			on_devices(s, event);
			break;
		case EVENT_STARTED:
			on_started(s, event);
			break;
		case EVENT_PAGE:
			on_page(s, event);
			break;
		case EVENT_DONE:
			s->code = event->code;
			s->state = RUN_OVER;
			break;
		}
		scan_event_free(event);
	}
	finish_if_over(s);
	return 0;
}

/* ---- devices that do not answer ---- */

/* The call cannot be ended from here: say so, let the last answers come, and leave; the supervisor
 * starts a fresh room. */
static void
give_up_device(struct serve *s, uint64_t now)
{
	log_error("a device gave no sign for %llu ms; leaving",
	    (unsigned long long)scan_worker_silent_ms(s->worker));
	s->hung_at = now;
	if (s->state == RUN_STARTING && s->scan != NULL)
		refuse_scan(s, "device_hung", NULL);
	if (s->state == RUN_PAGES) {
		s->state = RUN_OVER;
		s->code = "device_hung";
		finish_if_over(s);
	}
	if (s->state != RUN_OVER && s->state != RUN_FINISHED)
		room_exit(s->room, -EIO);
}

static int
on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct serve *s = userdata;
	uint64_t now = watch_clock_ms();

	if (s->hung_at != 0) {
		if (now - s->hung_at > LEAVE_MS)
			room_exit(s->room, -EIO);
	} else if (scan_worker_silent_ms(s->worker) > s->read_timeout_ms) {
		give_up_device(s, now);
	} else if (s->cancelled_at != 0 && !s->hard_cancelled && s->state == RUN_PAGES &&
		   now - s->cancelled_at > HARD_CANCEL_MS) {
		s->hard_cancelled = true;
		scan_worker_cancel_hard(s->worker);
	}
	sd_event_source_set_time_relative(source, TICK_USEC);
	return sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
}

/* ---- Scanner1 ---- */

static int
on_call_devices(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct serve *s = userdata;

	if (s->state != RUN_NONE && s->devices != NULL)
		return message_answer_devices(m, s->devices); /* the worker is at the device */
	if (s->n_waiting == sizeof s->waiting_list / sizeof *s->waiting_list)
		return -ENOBUFS;
	s->waiting_list[s->n_waiting++] = sd_bus_message_ref(m);
	scan_worker_list(s->worker);
	return 1;
}

static int
refuse_call(sd_bus_error *error, const char *code, const char *detail)
{
	struct scan_text text;

	text_refuse(code, detail, &text);
	return link_error(error, code, text.ja, text.en);
}

static int
on_call_scan(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct serve *s = userdata;
	struct scan_request request;
	const char *why = NULL;
	int r = message_read_scan(m, &request, &why);

	if (r == -EINVAL)
		return refuse_call(error, "bad_parameter", why);
	if (r < 0)
		return r;
	if (s->state != RUN_NONE || s->hung_at != 0)
		return refuse_call(error, "busy", NULL);
	request.sheet_width = s->sheet_width;
	request.sheet_height = s->sheet_height;
	r = scan_worker_scan(s->worker, &request);
	if (r < 0)
		return refuse_call(error, "busy", NULL);
	memcpy(s->job, request.job, sizeof s->job);
	s->scan = sd_bus_message_ref(m);
	s->state = RUN_STARTING;
	return 1;
}

static int
on_call_cancel(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct serve *s = userdata;
	const char *job;
	int r = sd_bus_message_read(m, "s", &job);

	if (r < 0)
		return r;
	if (s->state != RUN_NONE && strcmp(job, s->job) == 0)
		cancel_run(s);
	return sd_bus_reply_method_return(m, "");
}

static const sd_bus_vtable scanner_vtable[] = {
    SD_BUS_VTABLE_START(0),
    /* the devices there are, feeders first */
    SD_BUS_METHOD_WITH_ARGS("Devices", SD_BUS_NO_ARGS,
	SD_BUS_RESULT("a(sssss)", name_vendor_model_type_sources), on_call_devices, 0),
    /* starts a run; answers when the device has taken the parameters */
    SD_BUS_METHOD_WITH_ARGS("Scan",
	SD_BUS_ARGS("s", job, "s", device, "u", dpi, "s", mode, "s", source, "u", sheets),
	SD_BUS_NO_RESULT, on_call_scan, 0),
    /* ends the run as soon as the device allows */
    SD_BUS_METHOD_WITH_ARGS("Cancel", SD_BUS_ARGS("s", job), SD_BUS_NO_RESULT, on_call_cancel, 0),
    SD_BUS_VTABLE_END,
};

/* ---- the link to store ---- */

static int
on_attach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct serve *s = userdata;

	s->store = bus;
	return sd_bus_add_object_vtable(bus, NULL, SCANNER_PATH, SCANNER_IFACE, scanner_vtable, s);
}

static void
on_detach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct serve *s = userdata;

	if (s->store != bus)
		return;
	s->store = NULL;
	for (size_t i = 0; i < s->n_waiting; i++)
		sd_bus_message_unref(s->waiting_list[i]);
	s->n_waiting = 0;
	s->scan = sd_bus_message_unref(s->scan);
	s->abandoned = s->state != RUN_NONE;
	if (s->abandoned)
		scan_worker_drop(s->worker);
	cancel_run(s);
	for (; s->unanswered > 0; s->unanswered--)
		scan_worker_answered(s->worker);
	if (s->state == RUN_FINISHED)
		run_clear(s);
	finish_if_over(s);
}

static const char *const store_allow[] = {
    SCANNER_IFACE ".Devices", SCANNER_IFACE ".Scan", SCANNER_IFACE ".Cancel", NULL};

const struct room_link serve_links[] = {
    {.peer = "store", .allow = store_allow, .attach = on_attach, .detach = on_detach},
    {0},
};

int
serve_stop(struct room *room, void *userdata)
{
	struct serve *s = userdata;

	uint64_t now = watch_clock_ms();

	cancel_run(s);
	if (s->stop_at == 0)
		s->stop_at = now;
	if (s->state != RUN_NONE && now - s->stop_at > LEAVE_MS && s->hung_at == 0)
		s->hung_at = now;
	return s->state == RUN_NONE || s->hung_at != 0 ? 0 : 1;
}

/* ---- life ---- */

int
serve_new(struct serve **ret)
{
	*ret = calloc(1, sizeof **ret);
	return *ret == NULL ? -ENOMEM : 0;
}

int
serve_start(struct serve *s, struct room *room)
{
	const struct config *config = room_config(room);
	int r;

	s->room = room;
	s->read_timeout_ms = config_uint(config, "scanner", "read_timeout_s", 1, 3600) * 1000;
	s->sheet_width = (unsigned)config_uint(config, "scanner", "sheet_width_mm", 10, 1000);
	s->sheet_height = (unsigned)config_uint(config, "scanner", "sheet_height_mm", 10, 5000);
	r = scan_worker_new(&s->worker);
	if (r < 0)
		return r;
	r = sd_event_add_io(
	    room_event(room), NULL, scan_worker_fd(s->worker), EPOLLIN, on_worker, s);
	if (r < 0)
		return r;
	return sd_event_add_time_relative(
	    room_event(room), &s->tick, CLOCK_MONOTONIC, TICK_USEC, 0, on_tick, s);
}

bool
serve_hung(const struct serve *s)
{
	return s->hung_at != 0;
}

void
serve_free(struct serve *s)
{
	if (s == NULL)
		return;
	sd_event_source_unref(s->tick);
	scan_worker_free(s->worker);
	device_list_free(s->devices);
	sd_bus_message_unref(s->scan);
	for (size_t i = 0; i < s->n_waiting; i++)
		sd_bus_message_unref(s->waiting_list[i]);
	free(s);
}
