/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Calls from store to the other rooms, made from threads that may block. The message itself is
 * built, sent and read on the main thread; the caller sleeps until there is an answer, the peer
 * dies, or the time is over. A peer that does not answer costs only the job.
 */
#ifndef FUMIKURA_STORE_PEER_H
#define FUMIKURA_STORE_PEER_H

#include <systemd/sd-bus.h>

#include "refusal.h"
#include "store.h"

struct peer_call {
	const char *peer, *path, *interface, *member;    /* peer "" is fumikurad */
	int (*fill)(sd_bus_message *message, void *arg); /* main thread; NULL: no arguments */
	int (*take)(
	    sd_bus_message *reply, void *arg); /* main thread; NULL: the answer has no content */
	void *arg;
	unsigned timeout_s;
	bool *ret_sent; /* may be NULL: set once the peer may have seen the call */
};

int peers_new(struct store *store, struct peers **ret);
void peers_free(struct peers *peers);

/*
 * Blocks. -ENOTCONN: the peer is away or died before answering; -ETIMEDOUT; -ECANCELED: the peer
 * refused, refusal (may be NULL) has its code and text; -EPROTO: it answered with an error that is
 * none of ours; or what take returned.
 */
int peer_call(struct store *store, const struct peer_call *call, struct refusal *refusal);

/* For take(): the handle lives as long as its message; the copy is the caller's. */
int peer_keep_fd(int fd, int *ret_fd);

/* Main thread: the link of bus is gone; ends its outstanding calls with -ENOTCONN. */
void peers_lost(struct peers *peers, sd_bus *bus);

#endif
