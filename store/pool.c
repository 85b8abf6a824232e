/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread pool and the queue back to the main thread. Knows nothing of what the tasks do. */
#include <errno.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "pool.h"

#define POOL_MAX_THREADS 64

struct post {
	struct post *next;
	void (*fn)(void *arg);
	void *arg;
};

struct mainloop {
	pthread_mutex_t lock;
	struct post *head, **tail;
	int wake;
	sd_event_source *source;
};

/* What comes after is there before the task runs: an answer that is ready is always given. */
struct task {
	struct post done; /* first: it is what the main thread frees */
	void (*run)(void *arg);
	struct task *next;
};

struct pool {
	struct mainloop *loop;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct task *head, **tail;
	unsigned waiting, max_waiting, threads;
	bool stopping;
	pthread_t thread[POOL_MAX_THREADS];
};

static int
mainloop_dispatch(sd_event_source *source, int fd, uint32_t revents, void *userdata)
{
	struct mainloop *loop = userdata;
	struct post *at, *next;
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		return -errno;
	pthread_mutex_lock(&loop->lock);
	at = loop->head;
	loop->head = NULL;
	loop->tail = &loop->head;
	pthread_mutex_unlock(&loop->lock);
	for (; at != NULL; at = next) {
		next = at->next;
		at->fn(at->arg);
		free(at);
	}
	return 0;
}

int
mainloop_new(sd_event *event, struct mainloop **ret)
{
	_cleanup_(mainloop_freep) struct mainloop *loop = calloc(1, sizeof(*loop));
	int r;

	if (loop == NULL)
		return -ENOMEM;
	pthread_mutex_init(&loop->lock, NULL);
	loop->tail = &loop->head;
	loop->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (loop->wake < 0)
		return -errno;
	r = sd_event_add_io(
	    event, &loop->source, loop->wake, 1 /* EPOLLIN */, mainloop_dispatch, loop);
	if (r < 0)
		return r;
	*ret = TAKE_PTR(loop);
	return 0;
}

void
mainloop_free(struct mainloop *loop)
{
	struct post *next;

	if (loop == NULL)
		return;
	sd_event_source_unref(loop->source);
	closep(&loop->wake);
	for (; loop->head != NULL; loop->head = next) {
		next = loop->head->next;
		free(loop->head);
	}
	pthread_mutex_destroy(&loop->lock);
	free(loop);
}

static void
post(struct mainloop *loop, struct post *post)
{
	const uint64_t one = 1;

	pthread_mutex_lock(&loop->lock);
	*loop->tail = post;
	loop->tail = &post->next;
	pthread_mutex_unlock(&loop->lock);
	if (write(loop->wake, &one, sizeof(one)) < 0) /* EAGAIN: it is awake already */
		return;
}

int
mainloop_post(struct mainloop *loop, void (*fn)(void *arg), void *arg)
{
	struct post *p = malloc(sizeof(*p));

	if (p == NULL)
		return -ENOMEM;
	*p = (struct post){.fn = fn, .arg = arg};
	post(loop, p);
	return 0;
}

static void *
pool_thread(void *arg)
{
	struct pool *pool = arg;

	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct task *task;

		while (pool->head == NULL && !pool->stopping)
			pthread_cond_wait(&pool->wake, &pool->lock);
		if (pool->stopping)
			break;
		task = pool->head;
		pool->head = task->next;
		if (pool->head == NULL)
			pool->tail = &pool->head;
		pool->waiting--;
		pthread_mutex_unlock(&pool->lock);
		task->run(task->done.arg);
		if (task->done.fn != NULL)
			post(pool->loop, &task->done);
		else
			free(task);
		pthread_mutex_lock(&pool->lock);
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

int
pool_new(struct mainloop *loop, unsigned threads, unsigned max_waiting, struct pool **ret)
{
	_cleanup_(pool_freep) struct pool *pool = calloc(1, sizeof(*pool));

	if (pool == NULL)
		return -ENOMEM;
	pool->loop = loop;
	pool->max_waiting = max_waiting;
	pool->tail = &pool->head;
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->wake, NULL);
	for (; pool->threads < threads && pool->threads < POOL_MAX_THREADS; pool->threads++) {
		int r = pthread_create(&pool->thread[pool->threads], NULL, pool_thread, pool);
		if (r != 0)
			return -r;
	}
	*ret = TAKE_PTR(pool);
	return 0;
}

void
pool_free(struct pool *pool)
{
	struct task *next;

	if (pool == NULL)
		return;
	pthread_mutex_lock(&pool->lock);
	pool->stopping = true;
	pthread_cond_broadcast(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 0; i < pool->threads; i++)
		pthread_join(pool->thread[i], NULL);
	for (; pool->head != NULL; pool->head = next) {
		next = pool->head->next;
		if (pool->head->done.fn != NULL)
			pool->head->done.fn(pool->head->done.arg);
		free(pool->head);
	}
	pthread_cond_destroy(&pool->wake);
	pthread_mutex_destroy(&pool->lock);
	free(pool);
}

int
pool_submit(struct pool *pool, void (*run)(void *arg), void (*done)(void *arg), void *arg)
{
	struct task *task = malloc(sizeof(*task));

	if (task == NULL)
		return -ENOMEM;
	*task = (struct task){.done = {.fn = done, .arg = arg}, .run = run};
	pthread_mutex_lock(&pool->lock);
	if (pool->waiting >= pool->max_waiting || pool->stopping) {
		pthread_mutex_unlock(&pool->lock);
		free(task);
		return -EBUSY;
	}
	*pool->tail = task;
	pool->tail = &task->next;
	pool->waiting++;
	pthread_cond_signal(&pool->wake);
	pthread_mutex_unlock(&pool->lock);
	return 0;
}
