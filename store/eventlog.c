/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The log as a whole: made, opened, signed. */
#include "eventlog.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "eventlog_internal.h"
#include "io.h"
#include "secret.h"

#define LOG_DIR "log"
#define NOTHING UINT64_MAX

int
eventlog_dirs(int data_dir, int *ret_dir, int *ret_events)
{
	_cleanup_(closep) int dir = io_open(data_dir, LOG_DIR, O_RDONLY | O_DIRECTORY, 0);
	int events = dir < 0 ? dir : io_open(dir, EVENTS_DIR, O_RDONLY | O_DIRECTORY, 0);

	if (events < 0)
		return events;
	*ret_dir = TAKE_FD(dir);
	*ret_events = events;
	return 0;
}

int
eventlog_signer(struct keys *keys, struct note_signer **ret)
{
	_cleanup_(secret_freep) uint8_t *text = NULL;
	size_t n;
	int r = keys_read(keys, LOG_KEY, NULL, &text, &n);

	if (r < 0)
		return r == -ENOENT ? -EBADMSG : r;
	r = note_signer_parse((const char *)text, ret);
	return r == -EINVAL ? -EBADMSG : r;
}

/* ---- making ---- */

static int
make_key(struct keys *keys, const char *origin)
{
	_cleanup_(secret_freep) char *text = NULL;
	char digest[KEYS_DIGEST];
	int r = note_signer_create(origin, &text);

	if (r == 0)
		r = keys_unstage(keys, LOG_KEY);
	if (r == 0)
		r = keys_stage(keys, LOG_KEY, text, strlen(text), 1, digest);
	return r < 0 ? r : keys_settle(keys, LOG_KEY);
}

int
eventlog_create(int data_dir, struct keys *keys, const char *origin)
{
	_cleanup_(segment_freep) struct segment *segment = NULL;
	_cleanup_(closep) int dir = -1, events = -1;
	struct listing listing;
	int r;

	dir = io_open_dir(data_dir, LOG_DIR);
	if (dir < 0)
		return dir;
	events = io_open_dir(dir, EVENTS_DIR);
	if (events < 0)
		return events;
	r = listing_read(events, &listing);
	if (r < 0)
		return r;
	if (listing.n > 0)
		r = -EEXIST;
	listing_free(&listing);
	if (r == 0)
		r = make_key(keys, origin);
	return r < 0 ? r : segment_create(events, keys, 0, &segment);
}

/* ---- opening ---- */

int
eventlog_add_closed(struct eventlog *log, uint64_t first)
{
	if (log->n_closed == log->room_closed) {
		size_t room = log->room_closed != 0 ? log->room_closed * 2 : 64;
		uint64_t *grown = reallocarray(log->closed, room, sizeof(*grown));

		if (grown == NULL)
			return -ENOMEM;
		log->closed = grown;
		log->room_closed = room;
	}
	log->closed[log->n_closed++] = first;
	return 0;
}

int
eventlog_kept(int dir, const struct note_verifier *verifier, struct checkpoint *ret)
{
	_cleanup_(freep) uint8_t *note = NULL;
	size_t n;
	int r = io_read_file(dir, LOG_CHECKPOINT, NOTE_MAX, &note, &n);

	memset(ret, 0, sizeof(*ret));
	if (r == -ENOENT)
		return 0;
	if (r == -EFBIG)
		return -EBADMSG;
	return r < 0 ? r : checkpoint_read(verifier, (const char *)note, n, ret);
}

const char *
eventlog_judge(const struct checkpoint *kept, const struct merkle *tree, const char **ret_detail)
{
	uint8_t root[32];

	if (kept->origin[0] == '\0')
		return NULL;
	if (kept->size > merkle_size(tree)) {
		*ret_detail = "the kept checkpoint covers more events than the log holds";
		return "log_truncated";
	}
	merkle_root(tree, kept->size, root);
	if (memcmp(root, kept->root, sizeof(root)) != 0) {
		*ret_detail = "the log's events are not those that the kept checkpoint signs";
		return "log_checkpoint_mismatch";
	}
	return NULL;
}

struct opening {
	struct eventlog *log;
	uint64_t from;
	eventlog_visit visit;
	void *ctx;
};

static int
open_event(void *ctx, const uint8_t salt[LOG_SALT], struct event_frame *event)
{
	struct opening *opening = ctx;
	int r;

	event_hash(salt, event);
	r = merkle_append(opening->log->tree, event->leaf);
	if (r < 0 || opening->visit == NULL || event->index < opening->from)
		return r;
	r = opening->visit(opening->ctx, event);
	return r > 0 ? -ECANCELED : r;
}

/* Cuts the torn tail and removes what closing a segment left, now that all the rest is known good.
 */
static int
tidy(struct eventlog *log, const struct scan *scan)
{
	char name[SEGMENT_NAME];
	int r = 0;

	if (scan->torn > 0) {
		r = io_truncate(log->open->fd, log->open->end);
		if (r == 0)
			r = io_flush(log->open->fd);
	}
	for (unsigned closed = 0; r == 0 && closed < 2; closed++)
		if (scan->stale[closed] != NOTHING) {
			segment_name(scan->stale[closed], closed != 0, name);
			r = io_unlink(log->events_dir, name);
		}
	if (r == 0 && scan->listing.temps)
		r = listing_clean(log->events_dir);
	if (r == 0)
		r = io_flush(log->events_dir);
	return r;
}

/* Takes over what the scan found, unless it contradicts what is known from elsewhere. */
static int
take_scan(struct eventlog *log, struct scan *scan, uint64_t from)
{
	struct checkpoint kept;
	const char *detail;
	int r = eventlog_kept(log->dir, note_signer_verifier(log->signer), &kept);

	if (r < 0)
		return r;
	if (eventlog_judge(&kept, log->tree, &detail) != NULL)
		return -EBADMSG;
	if (scan->next < from)
		return -EBADMSG;
	log->durable = scan->next;
	log->open = TAKE_PTR(scan->open);
	for (size_t i = 0; r == 0 && i + 1 < scan->listing.n; i++)
		r = eventlog_add_closed(log, scan->listing.items[i].first);
	return r < 0 ? r : tidy(log, scan);
}

static int
new_log(struct keys *keys, struct eventlog **ret)
{
	_cleanup_(eventlog_freep) struct eventlog *log = calloc(1, sizeof(*log));
	int r;

	if (log == NULL)
		return -ENOMEM;
	log->dir = log->events_dir = -1;
	log->keys = keys;
	pthread_mutex_init(&log->lock, NULL);
	r = merkle_new(&log->tree);
	if (r == 0)
		r = eventlog_signer(keys, &log->signer);
	if (r == 0)
		*ret = TAKE_PTR(log);
	return r;
}

int
eventlog_open(int data_dir, struct keys *keys, uint64_t from, eventlog_visit visit, void *ctx,
    uint64_t *ret_torn, struct eventlog **ret)
{
	_cleanup_(eventlog_freep) struct eventlog *log = NULL;
	struct opening opening = {.from = from, .visit = visit, .ctx = ctx};
	struct scan scan = {.keys = keys, .writable = true, .fn = open_event, .ctx = &opening};
	int r = new_log(keys, &log);

	if (r == 0)
		r = eventlog_dirs(data_dir, &log->dir, &log->events_dir);
	if (r < 0)
		return r;
	opening.log = log;
	scan.dir = log->events_dir;
	r = scan_run(&scan);
	if (r == 0)
		r = take_scan(log, &scan, from);
	if (r == 0) {
		if (ret_torn != NULL)
			*ret_torn = scan.torn;
		*ret = TAKE_PTR(log);
	}
	scan_free(&scan);
	return r;
}

static void
free_cache(struct shared_closed *cache)
{
	if (cache == NULL)
		return;
	closed_free(cache->closed);
	free(cache);
}

void
eventlog_free(struct eventlog *log)
{
	if (log == NULL)
		return;
	free_cache(log->cache);
	segment_free(log->open);
	merkle_free(log->tree);
	note_signer_free(log->signer);
	secret_free(log->group);
	free(log->ends);
	free(log->closed);
	closep(&log->events_dir);
	closep(&log->dir);
	pthread_mutex_destroy(&log->lock);
	free(log);
}

/* ---- the head ---- */

int
eventlog_root(struct eventlog *log, uint64_t size, uint8_t ret_root[32])
{
	int r;

	pthread_mutex_lock(&log->lock);
	r = merkle_root(log->tree, size, ret_root);
	pthread_mutex_unlock(&log->lock);
	return r;
}

int
eventlog_checkpoint(struct eventlog *log, char **ret_note)
{
	_cleanup_(freep) char *note = NULL;
	uint8_t root[32];
	uint64_t size;
	int r;

	pthread_mutex_lock(&log->lock);
	size = log->durable;
	r = merkle_root(log->tree, size, root);
	pthread_mutex_unlock(&log->lock);
	if (r == 0)
		r = checkpoint_sign(log->signer, size, root, &note);
	if (r == 0)
		r = io_replace_file(log->dir, LOG_CHECKPOINT, note, strlen(note));
	if (r == 0)
		*ret_note = TAKE_PTR(note);
	return r;
}

int
eventlog_space(const struct eventlog *log, uint64_t *ret_bytes)
{
	return io_free_space(log->dir, ret_bytes);
}

const char *
eventlog_origin(const struct eventlog *log)
{
	return note_signer_verifier(log->signer)->name;
}

const char *
eventlog_verifier(const struct eventlog *log)
{
	return note_signer_verifier_text(log->signer);
}
