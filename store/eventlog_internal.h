/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log as it lives in memory; for the eventlog module only. */
#ifndef FUMIKURA_STORE_EVENTLOG_INTERNAL_H
#define FUMIKURA_STORE_EVENTLOG_INTERNAL_H

#include <pthread.h>

#include "eventlog_frame.h"
#include "merkle.h"
#include "note.h"

#define LOG_KEY "log.age"
#define EVENTS_DIR "events"
#define LOG_CHECKPOINT "checkpoint"

/* A closed segment that several readers may hold. */
struct shared_closed {
	struct closed *closed;
	unsigned users; /* under eventlog.lock; the cache itself counts as one */
};

struct eventlog {
	int dir, events_dir; /* log/, log/events/ */
	struct keys *keys;   /* borrowed */
	struct note_signer *signer;

	pthread_mutex_t lock; /* guards all down to the next blank line; writers change under it */
	struct merkle *tree;  /* durable and buffered leaves */
	uint64_t durable;
	struct segment *open;
	uint64_t *closed; /* first indexes of closed segments, rising */
	size_t n_closed, room_closed;
	struct shared_closed *cache; /* the one read last */

	/* the writer's own */
	uint8_t *group; /* secret memory: GROUP_HEAD and buffered records */
	size_t group_size, group_room;
	size_t *ends; /* group_size before each buffered event */
	size_t n_ends, room_ends;
	uint64_t roll_at; /* not before the segment holds so many events */
	bool broken;
};

/* log/ or log/events/ of an archive. */
int eventlog_dirs(int data_dir, int *ret_dir, int *ret_events);
int eventlog_signer(struct keys *keys, struct note_signer **ret);
/* Adds a closed segment to the table, under the lock. */
int eventlog_add_closed(struct eventlog *log, uint64_t first);
/* The newest signed checkpoint; size 0 when there is none. -EBADMSG: not signed by verifier. */
int eventlog_kept(int dir, const struct note_verifier *verifier, struct checkpoint *ret);
/* NULL when the tree holds what kept signs; else a fault code and its detail (constant text). */
const char *eventlog_judge(
    const struct checkpoint *kept, const struct merkle *tree, const char **ret_detail);
/* Closes the open segment when it is large enough. Never an error: the old one stays in use then.
 */
void eventlog_roll(struct eventlog *log);

#endif
