/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A ring of requests, one thread, one event descriptor. */
#include <errno.h>
#include <pthread.h>
#include <time.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "ocr/ocr_bus.h"
#include "ocr/queue.h"

struct item {
	struct work *work;
	queue_done_fn done;
	void *userdata;
};

/* Items [tail, done) are finished, [done, head) wait or run; indices only grow. */
struct queue {
	pthread_t thread;
	bool started, stop;
	pthread_mutex_t lock;
	pthread_cond_t more;
	struct item items[QUEUE_MAX];
	unsigned head, done, tail;
	int wake;
	sd_event_source *source, *timer;
	queue_stuck_fn stuck;
	struct engine *engine;
};

static void *
work_thread(void *userdata)
{
	struct queue *q = userdata;

	pthread_mutex_lock(&q->lock);
	for (;;) {
		uint64_t one = 1;
		struct work *w;

		while (!q->stop && q->done == q->head)
			pthread_cond_wait(&q->more, &q->lock);
		if (q->stop)
			break;
		w = q->items[q->done % QUEUE_MAX].work;
		pthread_mutex_unlock(&q->lock);
		work_run(w, q->engine);
		pthread_mutex_lock(&q->lock);
		q->done++;
		if (write(q->wake, &one, sizeof one) < 0)
			break; /* cannot happen on an eventfd below its maximum */
	}
	pthread_mutex_unlock(&q->lock);
	return NULL;
}

static int
on_timer(sd_event_source *s, uint64_t usec, void *userdata)
{
	struct queue *q = userdata;
	struct item item = {0};

	pthread_mutex_lock(&q->lock);
	if (q->done != q->head)
		item = q->items[q->done % QUEUE_MAX];
	pthread_mutex_unlock(&q->lock);
	if (item.work != NULL)
		q->stuck(item.work, item.userdata);
	return 0;
}

/* Sets the clock for the request that runs now; called with the lock held. */
static void
arm(struct queue *q)
{
	const struct work *w = q->items[q->done % QUEUE_MAX].work;
	uint64_t ms = w != NULL && w->limit_ms > 0 ? (uint64_t)w->limit_ms * OCR_PATIENCE
						    : QUEUE_LIMIT_MS;

	if (q->done == q->head) {
		sd_event_source_set_enabled(q->timer, SD_EVENT_OFF);
		return;
	}
	sd_event_source_set_time_relative(q->timer, (ms + QUEUE_GRACE_MS) * 1000);
	sd_event_source_set_enabled(q->timer, SD_EVENT_ONESHOT);
}

static int
on_wake(sd_event_source *s, int fd, uint32_t revents, void *userdata)
{
	struct queue *q = userdata;
	uint64_t n;

	if (read(fd, &n, sizeof n) < 0)
		return 0;
	for (;;) {
		struct item item;

		pthread_mutex_lock(&q->lock);
		if (q->tail == q->done) {
			arm(q);
			pthread_mutex_unlock(&q->lock);
			return 0;
		}
		item = q->items[q->tail++ % QUEUE_MAX];
		pthread_mutex_unlock(&q->lock);
		item.done(item.work, item.userdata);
	}
}

int
queue_new(sd_event *event, struct engine *engine, queue_stuck_fn stuck, struct queue **ret)
{
	struct queue *q = calloc(1, sizeof *q);
	int r;

	if (q == NULL)
		return -ENOMEM;
	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->more, NULL);
	q->engine = engine;
	q->stuck = stuck;
	q->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = q->wake < 0 ? -errno : sd_event_add_io(event, &q->source, q->wake, EPOLLIN, on_wake, q);
	if (r >= 0)
		r = sd_event_add_time(event, &q->timer, CLOCK_MONOTONIC, 0, 0, on_timer, q);
	if (r >= 0)
		r = sd_event_source_set_enabled(q->timer, SD_EVENT_OFF);
	if (r >= 0)
		r = -pthread_create(&q->thread, NULL, work_thread, q);
	q->started = r >= 0;
	if (r < 0) {
		queue_free(q);
		return r;
	}
	*ret = q;
	return 0;
}

int
queue_put(struct queue *q, struct work *w, queue_done_fn done, void *userdata)
{
	int r = 0;

	pthread_mutex_lock(&q->lock);
	if (q->head - q->tail >= QUEUE_MAX)
		r = -EBUSY;
	else
		q->items[q->head++ % QUEUE_MAX] = (struct item){w, done, userdata};
	if (r >= 0 && q->head - q->done == 1)
		arm(q);
	pthread_cond_signal(&q->more);
	pthread_mutex_unlock(&q->lock);
	return r;
}

void
queue_free(struct queue *q)
{
	if (q == NULL)
		return;
	if (q->started) {
		pthread_mutex_lock(&q->lock);
		q->stop = true;
		pthread_cond_signal(&q->more);
		pthread_mutex_unlock(&q->lock);
		pthread_join(q->thread, NULL);
	}
	sd_event_source_disable_unref(q->source);
	sd_event_source_disable_unref(q->timer);
	if (q->wake >= 0)
		close(q->wake);
	pthread_cond_destroy(&q->more);
	pthread_mutex_destroy(&q->lock);
	free(q);
}
