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

/* Starts the thread: call after the room is locked, so that it inherits the lock. engine is used by
 * that thread only. */
int queue_new(sd_event *event, struct engine *engine, struct queue **ret);
/* Borrows w until done is called. -EBUSY when QUEUE_MAX wait. */
int queue_put(struct queue *q, struct work *w, queue_done_fn done, void *userdata);
/* Waits for the request under way; calls done for none. */
void queue_free(struct queue *q);

#endif
