/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers' side, beside the writer: closed segments whole (one is kept), the open one by
 * frames. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_internal.h"
#include "secret.h"

/* Calls visit for events of [from, to); what visit returns is kept apart from what reading returns.
 */
struct reading {
	uint64_t from, to;
	eventlog_visit visit;
	void *ctx;
	int result;
};

static int
read_event(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	struct reading *reading = ctx;

	if (event->index < reading->from || event->index >= reading->to)
		return 0;
	event_hash(salt, event);
	reading->result = reading->visit(reading->ctx, event);
	reading->from = event->index + 1;
	return reading->result != 0 ? -ECANCELED : 0;
}

/* ---- closed segments ---- */

static void
release(struct eventlog *log, struct shared_closed *shared)
{
	bool last;

	if (shared == NULL)
		return;
	pthread_mutex_lock(&log->lock);
	last = --shared->users == 0;
	pthread_mutex_unlock(&log->lock);
	if (last) {
		closed_free(shared->closed);
		free(shared);
	}
}

/* The kept segment when it begins at first; the caller releases it. */
static struct shared_closed *
borrow(struct eventlog *log, uint64_t first)
{
	struct shared_closed *shared;

	pthread_mutex_lock(&log->lock);
	shared = log->cache;
	if (shared != NULL && shared->closed->first == first)
		shared->users++;
	else
		shared = NULL;
	pthread_mutex_unlock(&log->lock);
	return shared;
}

static int
load(struct eventlog *log, uint64_t first, struct shared_closed **ret)
{
	struct shared_closed *shared = borrow(log, first), *old;
	int r;

	if (shared == NULL) {
		shared = calloc(1, sizeof(*shared));
		if (shared == NULL)
			return -ENOMEM;
		r = closed_load(log->events_dir, log->keys, first, &shared->closed);
		if (r < 0) {
			free(shared);
			return r == -ENOENT ? -EBADMSG : r;
		}
		shared->users = 2;
		pthread_mutex_lock(&log->lock);
		old = log->cache;
		log->cache = shared;
		pthread_mutex_unlock(&log->lock);
		release(log, old);
	}
	*ret = shared;
	return 0;
}

static int
read_closed(struct eventlog *log, uint64_t first, struct reading *reading)
{
	struct shared_closed *shared;
	uint64_t end, count;
	int r = load(log, first, &shared);

	if (r < 0)
		return r;
	end = first + shared->closed->count;
	count = (reading->to < end ? reading->to : end) - reading->from;
	r = reading->from < end
		? closed_read(shared->closed, reading->from, count, read_event, reading)
		: -EBADMSG;
	release(log, shared);
	return r;
}

/* ---- the open segment ---- */

/* What a reader needs of the open segment, copied so that the writer may go on. */
struct view {
	int fd;
	uint8_t *key; /* secret memory */
	struct frame_place *frames;
	size_t n;
};

static void
view_free(struct view *view)
{
	closep(&view->fd);
	secret_free(view->key);
	free(view->frames);
}

/* The first frame that ends behind index. */
static size_t
frame_of(const struct segment *segment, uint64_t index)
{
	size_t low = 0, high = segment->n_frames;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct frame_place *place = &segment->frames[middle];

		if (place->index + place->count <= index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Under the lock. */
static int
view_make(const struct segment *segment, const struct reading *reading, struct view *ret)
{
	const size_t first = frame_of(segment, reading->from);
	size_t end = first;

	while (end < segment->n_frames && segment->frames[end].index < reading->to)
		end++;
	ret->n = end - first;
	ret->fd = fcntl(segment->fd, F_DUPFD_CLOEXEC, 3);
	ret->key = secret_new(64);
	ret->frames = calloc(ret->n + 1, sizeof(*ret->frames));
	if (ret->fd < 0 || ret->key == NULL || ret->frames == NULL)
		return -ENOMEM;
	memcpy(ret->key, segment->key, 64);
	memcpy(ret->frames, segment->frames + first, ret->n * sizeof(*ret->frames));
	return 0;
}

static int
read_view(const struct view *view, struct reading *reading)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < view->n; i++)
		r = frame_read(view->fd, view->key, &view->frames[i], read_event, reading);
	return r;
}

/* ---- both ---- */

/* First index of the closed segment that holds index; false when the open one does. Under the lock.
 */
static bool
find_closed(const struct eventlog *log, uint64_t index, uint64_t *ret_first)
{
	size_t low = 0, high = log->n_closed;

	if (index >= log->open->first)
		return false;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (log->closed[middle] <= index)
			low = middle;
		else
			high = middle;
	}
	*ret_first = log->closed[low];
	return true;
}

/* Reads from one segment; reading->from moves on. */
static int
read_piece(struct eventlog *log, struct reading *reading)
{
	struct view view = {.fd = -1};
	uint64_t first;
	bool closed;
	int r = 0;

	pthread_mutex_lock(&log->lock);
	closed = find_closed(log, reading->from, &first);
	if (!closed)
		r = view_make(log->open, reading, &view);
	pthread_mutex_unlock(&log->lock);
	if (closed)
		return read_closed(log, first, reading);
	if (r == 0)
		r = read_view(&view, reading);
	view_free(&view);
	return r;
}

int
eventlog_read(struct eventlog *log, uint64_t from, uint64_t count, eventlog_visit visit, void *ctx)
{
	struct reading reading = {.from = from, .visit = visit, .ctx = ctx};
	int r = 0;

	pthread_mutex_lock(&log->lock);
	reading.to = log->durable;
	pthread_mutex_unlock(&log->lock);
	if (from < reading.to && count < reading.to - from)
		reading.to = from + count;
	while (r == 0 && reading.from < reading.to)
		r = read_piece(log, &reading);
	return reading.result != 0 ? reading.result : r;
}
