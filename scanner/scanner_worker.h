/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The thread that waits for devices, so that the main thread never does. The main thread asks
 * (devices, scan, cancel) and takes events; a descriptor wakes its loop. Pages wait for durability:
 * at most INTAKE_WINDOW are out unanswered, then the device waits, so a slow disk cannot make this
 * room grow.
 */
#ifndef FUMIKURA_SCANNER_WORKER_H
#define FUMIKURA_SCANNER_WORKER_H

#include "page_params.h"
#include "scanner_page.h"
#include "scanner_setup.h"

enum scan_event_kind {
	EVENT_DEVICES, /* devices, or error */
	EVENT_STARTED, /* the device took the parameters, or error: the run is over */
	EVENT_PAGE,    /* seq, fd, params */
	EVENT_DONE,    /* code: the run is over; always the last event of a started run */
};

struct scan_event {
	enum scan_event_kind kind;
	struct scan_event *next;
	struct device_list *devices;
	int error;        /* EVENT_DEVICES, EVENT_STARTED: 0 or negative errno */
	const char *code; /* EVENT_STARTED: reason when error; EVENT_DONE: "ok" or one of
			     scanner_bus.h; constant */
	const char *why; /* EVENT_STARTED: name of the option that was refused, or NULL; constant */
	uint32_t seq;
	int fd; /* EVENT_PAGE: owned by the event; -1 when taken */
	struct page_params params;
};
void scan_event_free(struct scan_event *event);
DEFINE_CLEANUP(struct scan_event *, scan_event_free)

struct scan_worker;

/* Starts the thread; SANE is loaded by it, so call this after the sandbox is entered. */
int scan_worker_new(struct scan_worker **ret);
/* Readable when scan_worker_next() has something; borrowed. */
int scan_worker_fd(struct scan_worker *worker);
/* Next event or NULL; caller frees. */
struct scan_event *scan_worker_next(struct scan_worker *worker);

/* Asks for EVENT_DEVICES. Asked again before the answer, one answer serves both. */
void scan_worker_list(struct scan_worker *worker);
/* Begins a run: EVENT_STARTED follows. -EBUSY while one is under way. */
int scan_worker_scan(struct scan_worker *worker, const struct scan_request *request);
/* True while events are to come or to be taken, pages that are whole but not yet compressed
 * included. */
bool scan_worker_pending(struct scan_worker *worker);
/* One page was answered (or given up) by store: its place in the window is free. */
void scan_worker_answered(struct scan_worker *worker);
/* Ends the run at the next chance the device gives; pages that are whole still come. A run that is
 * over already is none. */
void scan_worker_cancel(struct scan_worker *worker);
/* As above, and nobody takes its pages any more. */
void scan_worker_drop(struct scan_worker *worker);
/* As above for a device that gives no chance: tells it from a thread of its own, as SANE allows. */
void scan_worker_cancel_hard(struct scan_worker *worker);
/* Milliseconds since a device under way last gave a sign; 0 when none is waited for. */
uint64_t scan_worker_silent_ms(struct scan_worker *worker);

/* Ends the thread and waits for it. Never call it while a device hangs: exit instead. */
void scan_worker_free(struct scan_worker *worker);
DEFINE_CLEANUP(struct scan_worker *, scan_worker_free)

/* ---- between scanner_worker.c and scanner_run.c, which runs on the thread ---- */

/* Hands an event over; takes it also on failure. EVENT_PAGE waits for a place in the window and may
 * come from another thread; DEVICE_CANCELLED when the run was dropped meanwhile. */
int scan_worker_post(struct scan_worker *worker, struct scan_event *event);
/* A page is whole: EVENT_PAGE will follow, or scan_worker_lost(). */
void scan_worker_coming(struct scan_worker *worker);
void scan_worker_lost(struct scan_worker *worker);
/* The device that scan_worker_cancel_hard() may tell; NULL before it is closed. Waits for a cancel
 * under way. */
void scan_worker_live(struct scan_worker *worker, struct device *device);
struct scan_watch *scan_worker_watch(struct scan_worker *worker);

/* One whole run: posts EVENT_STARTED, pages, EVENT_DONE. */
void scan_run(struct scan_worker *worker, const struct scan_request *request);

#endif
