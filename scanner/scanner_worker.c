/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The thread, its orders and its events. Knows no bus, and of SANE only that it must be asked for
 * devices here. */
#include "scanner_worker.h"

#include <pthread.h>
#include <sys/eventfd.h>

#include "scanner_bus.h"

struct scan_worker {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake; /* orders came, or the window opened */
	int fd;
	/* under lock: */
	bool list, scan, running, drop, quit;
	struct scan_request request;
	struct scan_event *first, **last;
	unsigned unanswered, coming;
	/* not under lock: */
	struct scan_watch watch;
	pthread_mutex_t live_lock; /* held while device is told to cancel */
	struct device *live;
};

void
scan_event_free(struct scan_event *event)
{
	if (event == NULL)
		return;
	device_list_free(event->devices);
	if (event->kind == EVENT_PAGE && event->fd >= 0)
		close(event->fd);
	page_params_clear(&event->params);
	free(event);
}

/* ---- on the thread ---- */

static bool
window_closed(const struct scan_worker *w)
{
	return w->unanswered >= INTAKE_WINDOW && !w->quit && !w->drop;
}

static int
ring(struct scan_worker *w)
{
	uint64_t one = 1;

	return write(w->fd, &one, sizeof one) == sizeof one ? 0 : -errno;
}

int
scan_worker_post(struct scan_worker *w, struct scan_event *event)
{
	pthread_mutex_lock(&w->lock);
	if (event->kind == EVENT_PAGE) {
		while (window_closed(w))
			pthread_cond_wait(&w->wake, &w->lock);
		if (w->quit || w->drop) {
			pthread_mutex_unlock(&w->lock);
			scan_event_free(event);
			scan_worker_lost(w);
			return DEVICE_CANCELLED;
		}
		w->unanswered++;
		w->coming--;
	}
	if (event->kind == EVENT_DONE || (event->kind == EVENT_STARTED && event->error < 0))
		w->running = false;
	*w->last = event;
	w->last = &event->next;
	pthread_mutex_unlock(&w->lock);
	return ring(w);
}

void
scan_worker_coming(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->coming++;
	pthread_mutex_unlock(&w->lock);
}

void
scan_worker_lost(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->coming--;
	pthread_mutex_unlock(&w->lock);
	ring(w);
}

void
scan_worker_live(struct scan_worker *w, struct device *device)
{
	pthread_mutex_lock(&w->live_lock);
	w->live = device;
	pthread_mutex_unlock(&w->live_lock);
}

struct scan_watch *
scan_worker_watch(struct scan_worker *w)
{
	return &w->watch;
}

static void
list_devices(struct scan_worker *w)
{
	struct scan_event *event = calloc(1, sizeof *event);

	if (event == NULL)
		return;
	event->kind = EVENT_DEVICES;
	watch_begin(&w->watch);
	event->error = device_list_new(&event->devices);
	watch_end(&w->watch);
	scan_worker_post(w, event);
}

static void *
work(void *argument)
{
	struct scan_worker *w = argument;

	watch_begin(&w->watch);
	int loaded =
	    device_library_open(); /* without SANE, every list is an error and that is told */
	watch_end(&w->watch);
	pthread_mutex_lock(&w->lock);
	while (!w->quit) {
		bool list = w->list, scan = w->scan;
		struct scan_request request = w->request;

		w->list = w->scan = false;
		if (!list && !scan) {
			pthread_cond_wait(&w->wake, &w->lock);
			continue;
		}
		pthread_mutex_unlock(&w->lock);
		if (scan)
			scan_run(w, &request);
		if (list)
			list_devices(w);
		pthread_mutex_lock(&w->lock);
	}
	pthread_mutex_unlock(&w->lock);
	if (loaded == 0)
		device_library_close();
	return NULL;
}

/* ---- on the main thread ---- */

int
scan_worker_new(struct scan_worker **ret)
{
	struct scan_worker *w = calloc(1, sizeof *w);
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->last = &w->first;
	w->list = true; /* loading every backend takes seconds: not when somebody waits */
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (w->fd < 0) {
		r = -errno;
		free(w);
		return r;
	}
	pthread_mutex_init(&w->lock, NULL);
	pthread_mutex_init(&w->live_lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	r = -pthread_create(&w->thread, NULL, work, w);
	if (r < 0) {
		close(w->fd);
		free(w);
		return r;
	}
	*ret = w;
	return 0;
}

int
scan_worker_fd(struct scan_worker *w)
{
	return w->fd;
}

struct scan_event *
scan_worker_next(struct scan_worker *w)
{
	struct scan_event *event;
	uint64_t count;

	pthread_mutex_lock(&w->lock);
	event = w->first;
	if (event != NULL) {
		w->first = event->next;
		if (w->first == NULL)
			w->last = &w->first;
	} else if (read(w->fd, &count, sizeof count) < 0 && errno != EAGAIN) {
		w->quit = true; /* an eventfd that cannot be read would spin the loop */
	}
	pthread_mutex_unlock(&w->lock);
	return event;
}

void
scan_worker_list(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->list = true;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

int
scan_worker_scan(struct scan_worker *w, const struct scan_request *request)
{
	int r = 0;

	pthread_mutex_lock(&w->lock);
	if (w->running) {
		r = -EBUSY;
	} else {
		w->running = w->scan = true;
		w->request = *request;
		w->unanswered = 0;
		w->drop = false;
		atomic_store(&w->watch.cancel, false);
		pthread_cond_broadcast(&w->wake);
	}
	pthread_mutex_unlock(&w->lock);
	return r;
}

bool
scan_worker_pending(struct scan_worker *w)
{
	bool pending;

	pthread_mutex_lock(&w->lock);
	pending = w->first != NULL || w->coming > 0;
	pthread_mutex_unlock(&w->lock);
	return pending;
}

void
scan_worker_answered(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	if (w->unanswered > 0)
		w->unanswered--;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void
scan_worker_cancel(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	if (w->running)
		atomic_store(&w->watch.cancel, true);
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}

void
scan_worker_drop(struct scan_worker *w)
{
	pthread_mutex_lock(&w->lock);
	w->drop = true;
	pthread_mutex_unlock(&w->lock);
	scan_worker_cancel(w); /* wakes */
}

static void *
tell_device(void *argument)
{
	struct scan_worker *w = argument;

	pthread_mutex_lock(&w->live_lock);
	if (w->live != NULL)
		device_cancel(w->live);
	pthread_mutex_unlock(&w->live_lock);
	return NULL;
}

/* A thread of its own, because the device may keep this call waiting as well. */
void
scan_worker_cancel_hard(struct scan_worker *w)
{
	pthread_t thread;

	scan_worker_cancel(w);
	if (pthread_create(&thread, NULL, tell_device, w) == 0)
		pthread_detach(thread);
}

uint64_t
scan_worker_silent_ms(struct scan_worker *w)
{
	uint64_t since = atomic_load(&w->watch.waiting_since), now = watch_clock_ms();

	return since == 0 || now < since ? 0 : now - since;
}

void
scan_worker_free(struct scan_worker *w)
{
	struct scan_event *event;

	if (w == NULL)
		return;
	pthread_mutex_lock(&w->lock);
	w->quit = true;
	atomic_store(&w->watch.cancel, true);
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
	pthread_join(w->thread, NULL);
	while ((event = scan_worker_next(w)) != NULL)
		scan_event_free(event);
	close(w->fd);
	pthread_cond_destroy(&w->wake);
	pthread_mutex_destroy(&w->lock);
	pthread_mutex_destroy(&w->live_lock);
	free(w);
}
