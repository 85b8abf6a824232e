/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Requests waiting for the one working thread; outcomes are handed back on the event loop's thread,
 * in order. */
#ifndef FUMIKURA_OCR_QUEUE_H
#define FUMIKURA_OCR_QUEUE_H

#include <systemd/sd-event.h>

#include "ocr/work.h"

#define QUEUE_MAX                                                                                  \
	64 /* requests; store sends one Read at a time, a person may ask for a PDF meanwhile */

struct queue;

/* Runs on the loop's thread; owns w from then on. */
typedef void (*queue_done_fn)(struct work *w, void *userdata);

/*
 * Runs on the loop's thread when a request has passed OCR_PATIENCE times its limit: the engine is
 * somewhere it cannot be interrupted. w is still in use by the other thread and only to be looked
 * at; the process must end.
 */
typedef void (*queue_stuck_fn)(const struct work *w, void *userdata);
#define QUEUE_GRACE_MS 3000
#define QUEUE_LIMIT_MS 600000 /* of requests that carry no limit */

/* Starts the thread: call after the room is locked, so that it inherits the lock. engine is used by
 * that thread only. */
int queue_new(sd_event *event, struct engine *engine, queue_stuck_fn stuck, struct queue **ret);
/* Borrows w until done is called. -EBUSY when QUEUE_MAX wait. */
int queue_put(struct queue *q, struct work *w, queue_done_fn done, void *userdata);
/* Waits for the request under way; calls done for none. */
void queue_free(struct queue *q);

#endif
