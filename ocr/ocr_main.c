/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The `ocr` room: serves Ocr1 to store. Models are loaded before the room locks itself in; after
 * that it owns no file and no socket but its links. One thread works, so that the loop stays alive
 * for fumikurad's watchdog; requests wait their turn.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "link.h"
#include "log.h"
#include "ocr/letter_model.h"
#include "ocr/ocr_bus.h"
#include "ocr/queue.h"
#include "room.h"

struct ocr {
	struct engine *engine;
	struct queue *queue;
	sd_bus_slot *slot;
	bool all;
	unsigned limit_ms;
};

struct request {
	sd_bus_message *call;
};

static void
request_done(struct work *w, void *userdata)
{
	struct request *q = userdata;
	_cleanup_(sd_bus_message_unrefp) sd_bus_message *reply = NULL;
	const char *code, *ja, *en;
	char name[64];
	int r = w->error;

	if (r >= 0)
		r = sd_bus_message_new_method_return(q->call, &reply);
	for (unsigned i = 0; r >= 0 && i < w->nout; i++)
		r = sd_bus_message_append(reply, "h", w->out[i]);
	if (r >= 0)
		r = sd_bus_send(NULL, reply, NULL);
	if (r < 0) {
		work_explain(r, &code, &ja, &en);
		snprintf(name, sizeof name, LINK_ERROR_PREFIX "%s", code);
		sd_bus_reply_method_errorf(q->call, name, "%s\n%s", ja, en);
		log_errno(r, "request %d failed", (int)w->kind);
	}
	sd_bus_message_unref(q->call);
	work_free(w);
	free(q);
}

/* The engine cannot be interrupted while it looks for columns: say so and let fumikurad start a
 * fresh worker. */
static void
request_stuck(const struct work *w, void *userdata)
{
	struct request *q = userdata;
	const char *code, *ja, *en;
	char name[64];

	work_explain(-ETIME, &code, &ja, &en);
	snprintf(name, sizeof name, LINK_ERROR_PREFIX "%s", code);
	sd_bus_reply_method_errorf(q->call, name, "%s\n%s", ja, en);
	sd_bus_flush(sd_bus_message_get_bus(q->call));
	log_error("request %d is stuck past its limit: ending this worker", (int)w->kind);
	_exit(1);
}

/* Takes w. */
static int
submit(struct ocr *o, sd_bus_message *m, struct work *w, sd_bus_error *error)
{
	struct request *q = calloc(1, sizeof *q);
	int r = q == NULL ? -ENOMEM : 0;

	if (r >= 0) {
		q->call = sd_bus_message_ref(m);
		r = queue_put(o->queue, w, request_done, q);
		if (r < 0)
			sd_bus_message_unref(q->call);
	}
	if (r >= 0)
		return 1;
	free(q);
	work_free(w);
	return link_error(error, "busy", "処理待ちが多すぎます。少し待ってからやり直してください。",
	    "Too many requests are waiting. Try again a little later.");
}

static int
bad_request(sd_bus_error *error, int r)
{
	const char *code, *ja, *en;

	work_explain(r == -ENOMEM ? r : -EINVAL, &code, &ja, &en);
	return link_error(error, code, ja, en);
}

static int
dup_fd(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 3);
}

static int
add_page(struct work *w, int tiff, int alto, int turn)
{
	int t = dup_fd(tiff), a = alto < 0 ? -1 : dup_fd(alto);

	if (turn % 90 != 0 || turn < -360 || turn > 360 || t < 0 || (alto >= 0 && a < 0)) {
		closep(&t);
		closep(&a);
		return -EINVAL;
	}
	return work_add_page(w, t, a, turn);
}

/* Reads a{ss} and calls take for each pair; unknown keys are passed over, so that store may be
 * newer than we are. */
static int
read_pairs(
    sd_bus_message *m, void (*take)(struct work *, const char *, const char *), struct work *w)
{
	const char *key, *value;
	int r = sd_bus_message_enter_container(m, 'a', "{ss}");

	while (r >= 0 && (r = sd_bus_message_read(m, "{ss}", &key, &value)) > 0)
		take(w, key, value);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static void
take_hint(struct work *w, const char *key, const char *value)
{
	if (strcmp(key, "dpi") == 0)
		w->hint_dpi = (int)strtol(value, NULL, 10);
	else if (strcmp(key, "effort") == 0)
		w->all = strcmp(value, "all") == 0;
}

static void
take_property(struct work *w, const char *key, const char *value)
{
	const struct {
		const char *key;
		char **to;
	} table[] = {{"title", &w->title}, {"author", &w->author}, {"subject", &w->subject},
	    {"created", &w->created}};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		if (strcmp(key, table[i].key) == 0) {
			free(*table[i].to);
			*table[i].to = strdup(value);
		}
	if (strcmp(key, "access") == 0)
		w->master = strcmp(value, "master") == 0;
}

static int
on_read(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	struct ocr *o = userdata;
	_cleanup_(work_freep) struct work *w = work_new(WORK_READ);
	const char *job;
	int fd, r = w == NULL ? -ENOMEM : sd_bus_message_read(m, "sh", &job, &fd);

	if (r >= 0) {
		w->all = o->all;
		w->limit_ms = o->limit_ms;
		r = add_page(w, fd, -1, 0);
	}
	if (r >= 0)
		r = read_pairs(m, take_hint, w);
	return r < 0 ? bad_request(error, r) : submit(o, m, TAKE_PTR(w), error);
}

static int
read_redactions(sd_bus_message *m, struct work *w)
{
	uint32_t page, box[4];
	int r = sd_bus_message_enter_container(m, 'a', "(uuuuu)");

	while (r >= 0 && (r = sd_bus_message_read(
			      m, "(uuuuu)", &page, &box[0], &box[1], &box[2], &box[3])) > 0)
		r = work_add_redaction(w, page, box);
	return r < 0 ? r : sd_bus_message_exit_container(m);
}

static int
on_compose(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_(work_freep) struct work *w = work_new(WORK_COMPOSE);
	int tiff, alto, turn;
	int r = w == NULL ? -ENOMEM : sd_bus_message_enter_container(m, 'a', "(hhi)");

	while (r >= 0 && (r = sd_bus_message_read(m, "(hhi)", &tiff, &alto, &turn)) > 0)
		r = add_page(w, tiff, alto, turn);
	if (r >= 0)
		r = sd_bus_message_exit_container(m);
	if (r >= 0)
		r = read_pairs(m, take_property, w);
	if (r >= 0)
		r = read_redactions(m, w);
	return r < 0 ? bad_request(error, r) : submit(userdata, m, TAKE_PTR(w), error);
}

static int
on_correct(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_(work_freep) struct work *w = work_new(WORK_CORRECT);
	uint32_t box[4];
	const char *text;
	int fd, r = w == NULL ? -ENOMEM : sd_bus_message_read(m, "h", &fd);

	if (r >= 0) {
		fd = dup_fd(fd);
		r = fd < 0 ? fd : work_add_page(w, -1, fd, 0);
	}
	if (r >= 0)
		r = sd_bus_message_enter_container(m, 'a', "(uuuus)");
	while (r >= 0 && (r = sd_bus_message_read(
			      m, "(uuuus)", &box[0], &box[1], &box[2], &box[3], &text)) > 0)
		r = work_add_correction(w, box, text);
	return r < 0 ? bad_request(error, r) : submit(userdata, m, TAKE_PTR(w), error);
}

static int
on_turn(sd_bus_message *m, void *userdata, sd_bus_error *error)
{
	_cleanup_(work_freep) struct work *w = work_new(WORK_TURN);
	int fd, degrees, r = w == NULL ? -ENOMEM : sd_bus_message_read(m, "hi", &fd, &degrees);

	if (r >= 0)
		r = add_page(w, fd, -1, degrees);
	return r < 0 ? bad_request(error, r) : submit(userdata, m, TAKE_PTR(w), error);
}

static const sd_bus_vtable vtable[] = {
    SD_BUS_VTABLE_START(0),
    SD_BUS_METHOD_WITH_ARGS("Read", SD_BUS_ARGS("s", job, "h", tiff, "a{ss}", hints),
	SD_BUS_RESULT("h", result, "h", alto, "h", preview, "h", thumb), on_read, 0),
    SD_BUS_METHOD_WITH_ARGS("Compose",
	SD_BUS_ARGS("a(hhi)", pages, "a{ss}", properties, "a(uuuuu)", redact),
	SD_BUS_RESULT("h", pdf), on_compose, 0),
    SD_BUS_METHOD_WITH_ARGS("Correct", SD_BUS_ARGS("h", alto, "a(uuuus)", lines),
	SD_BUS_RESULT("h", alto), on_correct, 0),
    SD_BUS_METHOD_WITH_ARGS("Turn", SD_BUS_ARGS("h", tiff, "i", degrees),
	SD_BUS_RESULT("h", preview, "h", thumb), on_turn, 0),
    SD_BUS_VTABLE_END,
};

static int
on_attach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct ocr *o = userdata;

	o->slot = sd_bus_slot_unref(o->slot);
	return sd_bus_add_object_vtable(bus, &o->slot, OCR_PATH, OCR_IFACE, vtable, o);
}

static void
on_detach(struct room *room, const char *peer, sd_bus *bus, void *userdata)
{
	struct ocr *o = userdata;

	o->slot = sd_bus_slot_unref(o->slot);
}

static const char *const store_may[] = {
    OCR_IFACE ".Read", OCR_IFACE ".Compose", OCR_IFACE ".Correct", OCR_IFACE ".Turn", NULL};
static const struct room_link links[] = {
    {"store", false, store_may, on_attach, on_detach},
    {NULL},
};
static const struct room_spec spec = {"ocr", links, NULL, NULL};

/*
 * The engine's OpenMP threads spin against each other under load (48 times slower). Their limit is
 * read once, when libgomp is loaded: so it must be in the environment before this program starts.
 */
static void
ensure_one_thread(char **argv)
{
	const char *limit = getenv("OMP_THREAD_LIMIT");

	if (limit != NULL && strcmp(limit, "1") == 0)
		return;
	setenv("OMP_THREAD_LIMIT", "1", 1);
	execv("/proc/self/exe", argv);
}

static int
prepare(struct ocr *o, struct room *room)
{
	const struct config *c = room_config(room);
	int r;

	o->all = strcmp(config_get(c, "ocr", "effort"), "all") == 0;
	o->limit_ms = (unsigned)config_uint(c, "ocr", "page_time_limit_s", 1, 3600) * 1000;
	r = engine_new(config_get(c, "ocr", "tessdata"), &o->engine);
	if (r < 0)
		return log_errno(r, "cannot load the models");
	r = letter_model_check();
	if (r < 0)
		return log_errno(r, "the judge of letters is damaged");
	r = room_lock(room);
	if (r < 0)
		return log_errno(r, "cannot lock down");
	r = queue_new(room_event(room), o->engine, request_stuck, &o->queue);
	return r < 0 ? log_errno(r, "cannot start the worker") : 0;
}

int
main(int argc, char **argv)
{
	_cleanup_(room_freep) struct room *room = NULL;
	struct ocr o = {0};
	int r;

	ensure_one_thread(argv);
	r = room_new(argc, argv, &spec, &o, &room);
	if (r >= 0)
		r = prepare(&o, room);
	if (r >= 0)
		r = room_run(room);
	sd_bus_slot_unref(o.slot);
	queue_free(o.queue);
	engine_free(o.engine);
	return r < 0 ? 1 : 0;
}
