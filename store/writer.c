/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Group commit: log first, catalogue second, answers last. Knows events only as JSON; what they
 * mean is catalogue_apply's business. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "canon.h"
#include "events.h"
#include "log.h"
#include "text.h"
#include "writer.h"

#define OWED_S 2 /* how soon it is seen that what is owed can be kept */

const struct actor actor_system = {.user = "system"};

struct request {
	struct request *next;
	const struct actor *actor;
	struct refusal *refusal;
	decide_fn decide;
	int (*exclusive)(struct catalogue **cat, struct eventlog *log, void *arg);
	void *arg;
	int result;
	bool done;
};

struct writer {
	struct catalogue *cat;
	struct eventlog *log;
	void (*changed)(void *ctx);
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t wake, done;
	struct request *head, **tail;
	bool stopping, started;
	decide_fn owed; /* comes before all else; NULL: it is committed, or there is nothing */
	int (*then)(struct catalogue **cat, struct eventlog *log, void *arg);
	void *owed_arg; /* of both */
	pthread_t thread;
};

int
txn_event(struct txn *txn, const char *type, json_t *payload)
{
	_cleanup_(freep) char *text = NULL;
	struct event_frame frame;
	char at[TIME_TEXT_SIZE];
	size_t size;
	int r;

	if (payload == NULL)
		return -ENOMEM;
	time_format(txn->now_ms, at);
	r = json_object_set_new(payload, "v", json_integer(EVENT_VERSION)) |
	    json_object_set_new(payload, "at", json_string(at)) |
	    json_object_set_new(payload, "type", json_string(type)) |
	    json_object_set_new(payload, "actor", json_string(txn->actor->user));
	if (txn->actor->session[0] != '\0' && json_object_get(payload, "session") == NULL)
		r |= json_object_set_new(payload, "session", json_string(txn->actor->session));
	if (txn->actor->terminal[0] != '\0' && json_object_get(payload, "terminal") == NULL)
		r |= json_object_set_new(payload, "terminal", json_string(txn->actor->terminal));
	r = r != 0 ? -ENOMEM : canon_dump(payload, &text, &size);
	json_decref(payload);
	if (r < 0)
		return r;
	r = eventlog_append(txn->writer->log, text, size, &frame);
	if (r < 0)
		return r;
	return catalogue_apply(txn->cat, &frame);
}

/* One request inside its savepoint; what it did is undone when it fails. */
static int
run_request(struct writer *writer, struct request *request)
{
	const uint64_t mark = eventlog_size(writer->log);
	struct txn txn = {
	    .cat = writer->cat,
	    .actor = request->actor,
	    .refusal = request->refusal,
	    .now_ms = time_now_ms(),
	    .writer = writer,
	};
	int r;

	r = catalogue_savepoint(writer->cat);
	if (r < 0)
		return r;
	r = request->decide(&txn, request->arg);
	if (r < 0) {
		catalogue_rollback_to(writer->cat);
		eventlog_withdraw(writer->log, mark);
	}
	catalogue_release(writer->cat);
	return r;
}

/* The commit point and what follows. Once the log is flushed there is no way back: a catalogue that
 * cannot follow is replayed at the next start. */
static int
finish_group(struct writer *writer, bool any)
{
	int r;

	r = any ? eventlog_flush(writer->log) : 0;
	if (r < 0) {
		catalogue_rollback(writer->cat);
		if (r == -EIO) {
			/* the log does not know what is on its disk: only opening it again finds
			 * out */
			log_errno(
			    r, "log: cannot be flushed nor cut back; restarting to read it again");
			abort();
		}
		return r;
	}
	r = catalogue_commit(writer->cat);
	if (r < 0 && any) {
		log_errno(r, "catalogue: cannot follow the log; restarting to replay");
		abort();
	}
	return r;
}

/* A disk that is full is noticed here: once the log has taken the events, the catalogue must. */
static int
check_room(const struct writer *writer)
{
	uint64_t space;

	return eventlog_space(writer->log, &space) >= 0 && space < WRITER_ROOM ? -ENOSPC : 0;
}

static void
run_requests(struct writer *writer, struct request *group)
{
	const uint64_t before = eventlog_size(writer->log);
	bool any;
	int r;

	r = check_room(writer);
	if (r >= 0)
		r = catalogue_begin(writer->cat);
	for (struct request *q = group; q != NULL; q = q->next)
		q->result = r < 0 ? r : run_request(writer, q);
	if (r < 0)
		return;
	any = eventlog_size(writer->log) > before;
	r = finish_group(writer, any);
	if (r < 0)
		for (struct request *q = group; q != NULL; q = q->next)
			if (q->result >= 0)
				q->result = r;
	if (r >= 0 && any)
		writer->changed(writer->ctx);
}

/* Commits what is owed. */
static int
pay(struct writer *writer)
{
	struct refusal unused;
	struct request owed = {.actor = &actor_system,
	    .refusal = &unused,
	    .decide = writer->owed,
	    .arg = writer->owed_arg};

	if (writer->owed == NULL)
		return 0;
	run_requests(writer, &owed);
	if (owed.result < 0)
		return owed.result;
	pthread_mutex_lock(&writer->lock);
	writer->owed = NULL;
	pthread_mutex_unlock(&writer->lock);
	return writer->then(&writer->cat, writer->log, writer->owed_arg);
}

static void
run_group(struct writer *writer, struct request *group)
{
	const int r = pay(writer);

	if (r >= 0)
		run_requests(writer, group);
	for (struct request *q = group; r < 0 && q != NULL; q = q->next)
		q->result = r;
}

/* Takes up to WRITER_GROUP requests; an exclusive one stands alone. Called with the lock held. */
static struct request *
take_group(struct writer *writer)
{
	struct request *group = writer->head, *last = group;
	unsigned n = 1;

	if (group->exclusive == NULL)
		for (; n < WRITER_GROUP && last->next != NULL && last->next->exclusive == NULL; n++)
			last = last->next;
	writer->head = last->next;
	last->next = NULL;
	if (writer->head == NULL)
		writer->tail = &writer->head;
	return group;
}

/* Until somebody asks for something, or it is time to try what is owed again. Lock held. */
static void
await_work(struct writer *writer)
{
	struct timespec until;

	if (writer->owed == NULL) {
		pthread_cond_wait(&writer->wake, &writer->lock);
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += OWED_S;
	if (pthread_cond_timedwait(&writer->wake, &writer->lock, &until) != ETIMEDOUT)
		return;
	pthread_mutex_unlock(&writer->lock);
	pay(writer);
	pthread_mutex_lock(&writer->lock);
}

static void *
writer_thread(void *arg)
{
	struct writer *writer = arg;

	pthread_mutex_lock(&writer->lock);
	for (;;) {
		struct request *group, *next;

		while (writer->head == NULL && !writer->stopping)
			await_work(writer);
		if (writer->head == NULL)
			break;
		group = take_group(writer);
		pthread_mutex_unlock(&writer->lock);
		if (group->exclusive != NULL)
			group->result = group->exclusive(&writer->cat, writer->log, group->arg);
		else
			run_group(writer, group);
		pthread_mutex_lock(&writer->lock);
		for (; group != NULL; group = next) {
			next = group->next;
			group->done = true;
		}
		pthread_cond_broadcast(&writer->done);
	}
	pthread_mutex_unlock(&writer->lock);
	return NULL;
}

int
writer_new(struct catalogue *cat, struct eventlog *log, void (*changed)(void *ctx), void *ctx,
    struct writer **ret)
{
	_cleanup_(writer_freep) struct writer *writer = calloc(1, sizeof(*writer));
	pthread_condattr_t monotonic;
	int r;

	if (writer == NULL)
		return -ENOMEM;
	writer->cat = cat;
	writer->log = log;
	writer->changed = changed;
	writer->ctx = ctx;
	writer->tail = &writer->head;
	pthread_mutex_init(&writer->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&writer->wake, &monotonic);
	pthread_condattr_destroy(&monotonic);
	pthread_cond_init(&writer->done, NULL);
	r = pthread_create(&writer->thread, NULL, writer_thread, writer);
	if (r != 0)
		return -r;
	writer->started = true;
	*ret = TAKE_PTR(writer);
	return 0;
}

void
writer_free(struct writer *writer)
{
	if (writer == NULL)
		return;
	pthread_mutex_lock(&writer->lock);
	writer->stopping = true;
	pthread_cond_broadcast(&writer->wake);
	pthread_mutex_unlock(&writer->lock);
	if (writer->started)
		pthread_join(writer->thread, NULL);
	pthread_cond_destroy(&writer->done);
	pthread_cond_destroy(&writer->wake);
	pthread_mutex_destroy(&writer->lock);
	free(writer);
}

static int
submit(struct writer *writer, struct request *request)
{
	pthread_mutex_lock(&writer->lock);
	if (writer->stopping) {
		pthread_mutex_unlock(&writer->lock);
		return -ESHUTDOWN;
	}
	*writer->tail = request;
	writer->tail = &request->next;
	pthread_cond_signal(&writer->wake);
	while (!request->done)
		pthread_cond_wait(&writer->done, &writer->lock);
	pthread_mutex_unlock(&writer->lock);
	return request->result;
}

int
writer_commit(struct writer *writer, const struct actor *actor, struct refusal *refusal,
    decide_fn decide, void *arg)
{
	struct refusal unused;
	struct request request = {
	    .actor = actor,
	    .refusal = refusal != NULL ? refusal : &unused,
	    .decide = decide,
	    .arg = arg,
	};

	return submit(writer, &request);
}

static int
decide_nothing(struct txn *txn, void *arg)
{
	return 0;
}

int
writer_begin(struct writer *writer, decide_fn decide,
    int (*then)(struct catalogue **cat, struct eventlog *log, void *arg), void *arg)
{
	pthread_mutex_lock(&writer->lock);
	writer->owed = decide;
	writer->then = then;
	writer->owed_arg = arg;
	pthread_mutex_unlock(&writer->lock);
	return writer_commit(writer, &actor_system, NULL, decide_nothing, NULL);
}

bool
writer_owes(struct writer *writer)
{
	bool owes;

	pthread_mutex_lock(&writer->lock);
	owes = writer->owed != NULL;
	pthread_mutex_unlock(&writer->lock);
	return owes;
}

int
writer_exclusive(struct writer *writer,
    int (*fn)(struct catalogue **cat, struct eventlog *log, void *arg), void *arg)
{
	struct request request = {.exclusive = fn, .arg = arg};

	return submit(writer, &request);
}
