/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One run from opening the device to its last sheet. Knows sheets and sides; nothing of store. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "scanner_options.h"
#include "scanner_worker.h"

struct run {
	struct scan_worker *worker;
	struct scan_watch *watch;
	const struct scan_request *request;
	struct device_list *devices;
	const struct device_entry *entry;
	struct device *device;
	enum source_kind kind;
	struct press *press;
	uint32_t pages; /* whole */
};

static void
post(struct run *run, enum scan_event_kind kind, int error, const char *code, const char *why)
{
	struct scan_event *event = calloc(1, sizeof *event);

	if (event == NULL)
		abort(); /* nobody can be told; the supervisor starts the room again */
	event->kind = kind;
	event->error = error;
	event->code = code;
	event->why = why;
	scan_worker_post(run->worker, event);
}

/* ---- choosing and setting the device ---- */

/* The default is the first with a feeder, else the first. */
static const struct device_entry *
choose_device(const struct device_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct device_entry *e = &list->entries[i];

		if (*name != '\0' ? strcmp(e->name, name) == 0 : setup_has_feeder(e->sources))
			return e;
	}
	return *name == '\0' && list->count > 0 ? &list->entries[0] : NULL;
}

/* Ready to scan, or a reason (constant text). */
static int
prepare(struct run *run, const char **ret_code, const char **ret_why)
{
	struct scan_request request = *run->request;
	int r;

	*ret_code = "no_device";
	r = *request.device == '\0' ? device_list_new(&run->devices)
				    : device_list_new_names(&run->devices);
	if (r < 0)
		return r;
	run->entry = choose_device(run->devices, request.device);
	if (run->entry == NULL)
		return -ENODEV;
	r = device_open(run->entry->name, &run->device);
	if (r < 0) {
		*ret_code = r == DEVICE_BUSY ? "busy" : "no_device";
		return r;
	}
	scan_worker_live(run->worker, run->device);
	*ret_code = "bad_parameter";
	request.sheet_fed = strcasestr(run->entry->type, "sheetfed") != NULL ||
			    strcasestr(run->entry->type, "feeder") != NULL;
	return setup_device(run->device, &request, &run->kind, ret_why);
}

/* ---- a page's parameters ---- */

static const char *
flags_of(struct run *run, const struct scan_page *page)
{
	bool twin = setup_double_feed(run->device);

	if (twin && page->short_page)
		return "double_feed,short_page";
	return twin ? "double_feed" : page->short_page ? "short_page" : "";
}

static int
describe(struct run *run, const struct scan_page *page, const struct scan_measured *measured,
    const char *options, struct page_params *p)
{
	const struct page_format *f = &page->format;
	bool duplex = run->kind == SOURCE_DUPLEX;
	uint32_t index = run->pages; /* of this page, from 0 */
	int bad = 0;

	bad |= page_params_add(p, "raw_sha256", "%s", page->raw_sha256);
	bad |= page_params_add(p, "width", "%u", f->width);
	bad |= page_params_add(p, "height", "%u", page->height);
	bad |= page_params_add(p, "depth", "%u", f->depth);
	bad |= page_params_add(p, "samples", "%u", f->samples);
	bad |= page_params_add(p, "dpi_x", "%u", f->dpi_x);
	bad |= page_params_add(p, "dpi_y", "%u", f->dpi_y);
	bad |= page_params_add(p, "mode", "%s", measured->mode);
	bad |= page_params_add(p, "source", "%s", measured->source);
	bad |= page_params_add(p, "sheet", "%u", duplex ? index / 2 + 1 : index + 1);
	bad |= page_params_add(p, "side", "%s", duplex && index % 2 == 1 ? "back" : "front");
	bad |= page_params_add(p, "device", "%s", run->entry->name);
	bad |= page_params_add(p, "vendor", "%s", run->entry->vendor);
	bad |= page_params_add(p, "model", "%s", run->entry->model);
	bad |= page_params_add(p, "options", "%s", options);
	bad |= page_params_add(p, "flags", "%s", flags_of(run, page));
	return bad < 0 ? -ENOMEM : 0;
}

/* ---- sheets ---- */

/* On a thread of the press: the page is made, or could not be. */
static int
post_page(void *userdata, struct scan_event *event, int fd)
{
	struct run *run = userdata;

	if (fd < 0) {
		scan_event_free(event);
		scan_worker_lost(run->worker);
		return fd;
	}
	event->fd = fd;
	return scan_worker_post(run->worker, event);
}

static int
end_page(struct run *run, const struct scan_page *page, const struct scan_measured *measured,
    const char *options)
{
	_cleanup_(scan_event_freep) struct scan_event *event = calloc(1, sizeof *event);
	int r;

	if (event == NULL)
		return -ENOMEM;
	event->kind = EVENT_PAGE;
	event->fd = -1;
	event->seq = run->pages + 1;
	r = describe(run, page, measured, options, &event->params);
	if (r < 0)
		return r;
	scan_worker_coming(run->worker);
	press_end(run->press, TAKE_PTR(event));
	run->pages++;
	return 0;
}

static int
one_page(struct run *run)
{
	_cleanup_(freep) char *options = NULL;
	struct scan_measured measured;
	struct scan_page page;
	int r = press_ready(run->press);

	if (r < 0)
		return r;
	watch_begin(run->watch);
	r = device_start(run->device);
	if (r < 0)
		return r;
	watch_begin(run->watch);
	setup_measure(run->device, &measured);
	r = options_json(run->device, &options);
	if (r < 0)
		return r;
	r = scan_page_read(
	    run->device, run->watch, run->press, measured.dpi_x, measured.dpi_y, &page);
	watch_end(run->watch);
	return r < 0 ? r : end_page(run, &page, &measured, options);
}

static bool
enough(const struct run *run)
{
	uint64_t sheets = run->request->sheets;

	if (run->kind == SOURCE_FLATBED)
		return run->pages >= 1;
	return sheets > 0 && run->pages >= sheets * (run->kind == SOURCE_DUPLEX ? 2 : 1);
}

static int
all_pages(struct run *run)
{
	while (!enough(run)) {
		int r;

		if (atomic_load(&run->watch->cancel))
			return DEVICE_CANCELLED;
		r = one_page(run);
		watch_end(run->watch);
		if (r < 0) {
			press_drop(run->press);
			return r;
		}
	}
	return 0;
}

/* ---- the end ---- */

/* An unplugged device reports the same errors as a failing one: what tells them apart is that it is
 * no longer listed. */
static const char *
gone_or_error(struct run *run)
{
	_cleanup_(device_list_freep) struct device_list *now = NULL;

	if (device_list_new_names(&now) == 0 && !device_list_has(now, run->entry->name))
		return "device_gone";
	return "device_error";
}

static const char *
code_of(struct run *run, int r)
{
	if (r != 0 && atomic_load(&run->watch->cancel))
		return "cancelled";
	switch (r) {
	case 0:
		return "ok";
	case DEVICE_FEEDER_EMPTY:
		return run->pages > 0 ? "ok" : "feeder_empty";
	case DEVICE_JAMMED:
		return setup_double_feed(run->device) ? "double_feed" : "feeder_jammed";
	case DEVICE_COVER_OPEN:
		return "cover_open";
	case DEVICE_CANCELLED:
		return "cancelled";
	case -EFBIG:
		return "page_too_large";
	default:
		return "device_error";
	}
}

static void
close_device(struct run *run)
{
	scan_worker_live(run->worker, NULL);
	watch_begin(run->watch);
	device_close(run->device);
	run->device = NULL;
	watch_end(run->watch);
}

void
scan_run(struct scan_worker *worker, const struct scan_request *request)
{
	struct run run = {.worker = worker, .watch = scan_worker_watch(worker), .request = request};
	const char *code = "no_memory", *why = NULL; /* or no thread to be had */
	int r, late;

	r = press_new(post_page, &run, &run.press);
	watch_begin(run.watch);
	if (r == 0)
		r = prepare(&run, &code, &why);
	watch_end(run.watch);
	if (r < 0) {
		close_device(&run);
		post(&run, EVENT_STARTED, r, code, why);
	} else {
		post(&run, EVENT_STARTED, 0, NULL, NULL);
		r = all_pages(&run);
		late = press_wait(run.press);
		code = code_of(&run, late < 0 ? late : r);
		close_device(&run);
		if (strcmp(code, "device_error") == 0) {
			watch_begin(run.watch);
			code = gone_or_error(&run);
			watch_end(run.watch);
		}
		post(&run, EVENT_DONE, 0, code, NULL);
	}
	press_free(run.press);
	device_list_free(run.devices);
}
