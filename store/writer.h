/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The one thread that changes anything. A request is a function that reads the catalogue, decides,
 * and makes events; it runs inside its own SAVEPOINT. Requests are committed in groups: all events
 * of a group are flushed to the log together (the commit point), then the catalogue commits, then
 * each requester is told. A request whose event cannot be flushed did not happen.
 */
#ifndef FUMIKURA_STORE_WRITER_H
#define FUMIKURA_STORE_WRITER_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "catalogue.h"
#include "eventlog.h"
#include "refusal.h"

#define WRITER_GROUP 64 /* requests that share one flush */

/* Bytes free, without which nothing is begun: what the log and the catalogue may take for a group.
 */
#define WRITER_ROOM ((uint64_t)8 << 20)

/* Who acts, as events record it. */
struct actor {
	char user[33];     /* account, "console" or "system" */
	char session[17];  /* "" when none */
	char terminal[64]; /* "" when unknown */
};
extern const struct actor actor_system;

struct txn {
	struct catalogue *cat; /* the writer's connection: sees what this group did so far */
	const struct actor *actor;
	struct refusal *refusal;
	uint64_t now_ms;
	/* private to writer.c */
	struct writer *writer;
};

/* Decides; runs on the writer thread; must not block on anything but the catalogue. Negative:
 * nothing of this request happens. */
typedef int (*decide_fn)(struct txn *txn, void *arg);

struct writer;
/* Borrows cat and log until freed. changed is called on the writer thread after each group that
 * made events. */
int writer_new(struct catalogue *cat, struct eventlog *log, void (*changed)(void *ctx), void *ctx,
    struct writer **ret);
void writer_free(struct writer *writer);
DEFINE_CLEANUP(struct writer *, writer_free)

/*
 * Blocks the caller (never the main thread) until the events are durable and applied. Returns what
 * decide returned, or -ENOSPC/-EIO when there is no room for it or the log could not be flushed.
 * refusal may be filled by decide.
 */
int writer_commit(struct writer *writer, const struct actor *actor, struct refusal *refusal,
    decide_fn decide, void *arg);

/*
 * The first act of all, once: decide with arg, which lives as long as the writer; when its events
 * are durable and applied, then, as writer_exclusive() runs it. Returns what either returned. After
 * a failure of decide, or of the log, it is owed: it comes before whatever is committed next, which
 * fails as long as it does, and is tried again by itself.
 */
int writer_begin(struct writer *writer, decide_fn decide,
    int (*then)(struct catalogue **cat, struct eventlog *log, void *arg), void *arg);
bool writer_owes(struct writer *writer);

/* For decide functions: makes one event and applies it. payload is taken, also on failure. */
int txn_event(struct txn *txn, const char *type, json_t *payload);

/* Runs fn on the writer thread between groups, with nothing under way: for rebuild, doctor and
 * the end. fn may replace *cat. */
int writer_exclusive(struct writer *writer,
    int (*fn)(struct catalogue **cat, struct eventlog *log, void *arg), void *arg);

#endif
