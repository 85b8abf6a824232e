/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Plays fumikurad and store for one shipped room (ocr, import) that is started by itself: control
 * link on descriptor 3, configuration on 4, one link named "store".
 */
#ifndef READ_ROOM_H
#define READ_ROOM_H

#include <stdbool.h>
#include <sys/types.h>
#include <systemd/sd-bus.h>
#include <systemd/sd-event.h>

struct read_room {
	sd_event *event; /* borrowed; several rooms may share one and are all served by any wait */
	sd_bus *control, *store;
	pid_t pid;
	bool ready, greeted, gone;
};

/* What the room may call on its link to store; all may be NULL. */
struct read_room_store {
	const char *const *allow;
	const char *path, *interface;
	const sd_bus_vtable *vtable;
	void *userdata;
};

/* Starts program; returns when it is ready and attached. -EPIPE when it ends before. r must be
 * stopped, also after a failure. */
int read_room_start(struct read_room *r, sd_event *event, const char *program, const char *config,
    const struct read_room_store *store);

/* Sends m to the room over the store link and waits for the answer, an error reply included; the
 * caller unrefs it. Takes m. -EPIPE when the room ends. */
int read_room_call(struct read_room *r, sd_bus_message *m, sd_bus_message **ret);

/* Serves the room until *flag or the room is gone (-EPIPE) or seconds have passed (-ETIME). */
int read_room_wait(struct read_room *r, const bool *flag, unsigned seconds);

/* CPU seconds of all its threads, and its largest resident size in kilobytes, so far; 0 unknown. */
double read_room_cpu(const struct read_room *r);
long read_room_peak_kb(const struct read_room *r);

/* Asks it to stop when it still runs, waits, frees. Harmless on a zeroed one. */
void read_room_stop(struct read_room *r);

#endif
