/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scanner1 towards store, and the one run at a time: orders to the worker, its events to Intake1,
 * answers back into the window. */
#ifndef FUMIKURA_SCANNER_SERVE_H
#define FUMIKURA_SCANNER_SERVE_H

#include "room.h"

struct serve;

/* Nothing runs yet: a room's spec needs its userdata before the room exists. */
int serve_new(struct serve **ret);
/* Starts the worker; after room_lock(). room is borrowed until serve_free(). */
int serve_start(struct serve *serve, struct room *room);
/* True when the device hangs in a call that cannot be ended: leave by _exit(), not by serve_free().
 */
bool serve_hung(const struct serve *serve);
void serve_free(struct serve *serve);
DEFINE_CLEANUP(struct serve *, serve_free)

/* The links and the stop call of the room's spec; userdata is the serve. */
extern const struct room_link serve_links[];
int serve_stop(struct room *room, void *userdata);

#endif
