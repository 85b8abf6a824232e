/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Threads that may block, beside the main thread that must not. A task runs on one of the pool's
 * threads; its done function runs on the main thread afterwards. The same door lets any thread have
 * a function run on the main thread (mainloop_post), which alone may touch the bus.
 */
#ifndef FUMIKURA_STORE_POOL_H
#define FUMIKURA_STORE_POOL_H

#include <systemd/sd-event.h>

#include "cleanup.h"

struct mainloop;
/* Functions posted from other threads, run on the thread of event in order. */
int mainloop_new(sd_event *event, struct mainloop **ret);
void mainloop_free(struct mainloop *loop);
DEFINE_CLEANUP(struct mainloop *, mainloop_free)
/* Never blocks. -ENOMEM. */
int mainloop_post(struct mainloop *loop, void (*fn)(void *arg), void *arg);

struct pool;
/* max_waiting: tasks that may wait for a thread; further ones are refused with -EBUSY. */
int pool_new(struct mainloop *loop, unsigned threads, unsigned max_waiting, struct pool **ret);
/* Waits for running tasks, drops waiting ones (their done still runs). */
void pool_free(struct pool *pool);
DEFINE_CLEANUP(struct pool *, pool_free)
/* run may block; done may be NULL. */
int pool_submit(struct pool *pool, void (*run)(void *arg), void (*done)(void *arg), void *arg);

#endif
