/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The writer's side: buffered events become one frame, one write, one flush. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_internal.h"
#include "io.h"
#include "little.h"
#include "secret.h"

/* Events more before closing a segment is tried again after it failed. */
#define ROLL_RETRY 256

uint64_t
eventlog_size(const struct eventlog *log)
{
	struct eventlog *locked = (struct eventlog *)(uintptr_t)log;
	uint64_t size;

	pthread_mutex_lock(&locked->lock);
	size = merkle_size(log->tree);
	pthread_mutex_unlock(&locked->lock);
	return size;
}

/* ---- buffering ---- */

static int
reserve_group(struct eventlog *log, size_t n)
{
	size_t need = log->group_size + n, room;
	uint8_t *grown;

	if (need <= log->group_room)
		return 0;
	room = need > log->group_room * 2 ? need + 4096 : log->group_room * 2;
	grown = secret_new(room);
	if (grown == NULL)
		return -ENOMEM;
	if (log->group != NULL)
		memcpy(grown, log->group, log->group_size);
	secret_free(log->group);
	log->group = grown;
	log->group_room = room;
	return 0;
}

static int
reserve_end(struct eventlog *log)
{
	size_t room = log->room_ends != 0 ? log->room_ends * 2 : 64;
	size_t *grown;

	if (log->n_ends < log->room_ends)
		return 0;
	grown = reallocarray(log->ends, room, sizeof(*grown));
	if (grown == NULL)
		return -ENOMEM;
	log->ends = grown;
	log->room_ends = room;
	return 0;
}

/* A line of a closed segment is one event: nothing in it may end a line or a string. */
static bool
text_valid(const char *json, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)json[i] < 0x20)
			return false;
	return size > 0;
}

static int
append_leaf(struct eventlog *log, const uint8_t leaf[32])
{
	int r;

	pthread_mutex_lock(&log->lock);
	r = merkle_append(log->tree, leaf);
	pthread_mutex_unlock(&log->lock);
	return r;
}

int
eventlog_append(struct eventlog *log, const char *json, size_t size, struct event_frame *ret)
{
	struct event_frame event = {
	    .index = log->durable + log->n_ends, .json = json, .size = size};
	uint8_t *record;
	int r;

	if (size > EVENT_MAX)
		return -EMSGSIZE;
	if (!text_valid(json, size))
		return -EINVAL;
	if (log->n_ends == 0)
		log->group_size = GROUP_HEAD;
	if (log->group_size + RECORD_EXTRA + size > LOG_GROUP_BYTES)
		return -ENOBUFS;
	r = reserve_group(log, RECORD_EXTRA + size);
	if (r == 0)
		r = reserve_end(log);
	if (r < 0)
		return r;
	record = log->group + log->group_size;
	random_bytes(record, LOG_SALT);
	event_hash(record, &event);
	r = append_leaf(log, event.leaf);
	if (r < 0)
		return r;
	put_u32(record + LOG_SALT, (uint32_t)size);
	memcpy(record + RECORD_HEAD, json, size);
	record[RECORD_HEAD + size] = '\0';
	log->ends[log->n_ends++] = log->group_size;
	log->group_size += RECORD_EXTRA + size;
	*ret = event;
	return 0;
}

void
eventlog_withdraw(struct eventlog *log, uint64_t index)
{
	size_t keep = index > log->durable ? (size_t)(index - log->durable) : 0;

	if (keep >= log->n_ends)
		return;
	explicit_bzero(log->group + log->ends[keep], log->group_size - log->ends[keep]);
	log->group_size = log->ends[keep];
	log->n_ends = keep;
	pthread_mutex_lock(&log->lock);
	merkle_truncate(log->tree, log->durable + keep);
	pthread_mutex_unlock(&log->lock);
}

/* ---- the commit point ---- */

static int
write_frame(struct eventlog *log, const uint8_t *frame, size_t n)
{
	int r = io_write_all(log->open->fd, frame, n);

	if (r == 0)
		r = io_flush(log->open->fd);
	if (r == 0)
		return 0;
	/* The cut must be durable too, or the frame could come back after a power cut. */
	if (io_truncate(log->open->fd, log->open->end) < 0 || io_flush(log->open->fd) < 0)
		log->broken = true;
	return r;
}

static int
flush_group(struct eventlog *log)
{
	_cleanup_(freep) uint8_t *frame = NULL;
	size_t n;
	int r;

	if (log->broken)
		return -EIO;
	put_u32(log->group, (uint32_t)log->n_ends);
	pthread_mutex_lock(&log->lock);
	r = segment_reserve(log->open);
	pthread_mutex_unlock(&log->lock);
	if (r == 0)
		r = segment_seal(log->open, log->group, log->group_size, &frame, &n);
	if (r == 0)
		r = write_frame(log, frame, n);
	if (r < 0)
		return r;
	pthread_mutex_lock(&log->lock);
	segment_commit(log->open, frame + n - FRAME_TAG, n, (uint32_t)log->n_ends);
	log->durable += log->n_ends;
	pthread_mutex_unlock(&log->lock);
	return 0;
}

int
eventlog_flush(struct eventlog *log)
{
	int r;

	if (log->n_ends == 0)
		return 0;
	r = flush_group(log);
	if (r < 0) {
		eventlog_withdraw(log, log->durable);
		return r;
	}
	explicit_bzero(log->group, log->group_size);
	log->n_ends = 0;
	eventlog_roll(log);
	return 0;
}

/* ---- closing a segment ---- */

/* Puts next in the place of the open segment. The old one's file may be gone or not: no matter. */
static void
swap_segments(struct eventlog *log, struct segment *next)
{
	struct segment *old = log->open;
	char name[SEGMENT_NAME];

	pthread_mutex_lock(&log->lock);
	log->open = next;
	log->closed[log->n_closed++] = old->first;
	pthread_mutex_unlock(&log->lock);
	segment_name(old->first, false, name);
	if (io_unlink(log->events_dir, name) == 0)
		io_flush(log->events_dir);
	segment_free(old);
}

/* Undoes a new segment that may not be durable. If it stays, nothing more may go into the old one.
 */
static void
undo_next(struct eventlog *log, uint64_t first)
{
	char name[SEGMENT_NAME];
	int r;

	segment_name(first, false, name);
	r = io_unlink(log->events_dir, name);
	if (r == 0)
		r = io_flush(log->events_dir);
	if (r < 0 && r != -ENOENT)
		log->broken = true;
}

static int
reserve_closed(struct eventlog *log)
{
	int r;

	pthread_mutex_lock(&log->lock);
	r = eventlog_add_closed(log, 0);
	if (r == 0)
		log->n_closed--;
	pthread_mutex_unlock(&log->lock);
	return r;
}

static int
roll(struct eventlog *log)
{
	struct segment *next = NULL;
	int r = reserve_closed(log);

	if (r == 0)
		r = closed_write(log->events_dir, log->keys, log->open);
	if (r < 0)
		return r;
	r = segment_create(log->events_dir, log->keys, log->open->next, &next);
	if (r < 0) {
		undo_next(log, log->open->next);
		return r;
	}
	swap_segments(log, next);
	return 0;
}

void
eventlog_roll(struct eventlog *log)
{
	const uint64_t events = log->open->next - log->open->first;

	if ((events < LOG_SEGMENT_EVENTS && (size_t)log->open->end < LOG_SEGMENT_BYTES) ||
	    events < log->roll_at)
		return;
	log->roll_at = roll(log) < 0 ? events + ROLL_RETRY : 0;
}
