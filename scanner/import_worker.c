/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Thread and hand-over. The process serves one file, so the thread is never joined: it ends with
 * the process. */
#include "import_worker.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>

#include "import_decode.h"
#include "scanner_bus.h"

#define NAME_SIZE 512

struct import_worker {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	int fd;
	struct memview file;
	char name[NAME_SIZE], sha256[SHA256_HEX_SIZE];
	struct import_sink sink;
	/* under lock: */
	struct import_out *ready[INTAKE_WINDOW];
	size_t n_ready;
	unsigned unanswered;
	bool refused, ended;
	int result;
};

static void
tell(struct import_worker *w)
{
	uint64_t one = 1;

	if (write(w->fd, &one, sizeof one) != sizeof one)
		abort(); /* nobody could be told; store sees the process die */
}

/* On the thread: waits for a place. */
static int
put(void *userdata, struct import_out *out)
{
	struct import_worker *w = userdata;
	bool refused;

	pthread_mutex_lock(&w->lock);
	while (w->unanswered >= INTAKE_WINDOW && !w->refused)
		pthread_cond_wait(&w->wake, &w->lock);
	refused = w->refused;
	if (!refused) {
		w->ready[w->n_ready++] = out;
		w->unanswered++;
	}
	pthread_mutex_unlock(&w->lock);
	if (refused) {
		import_out_free(out);
		return IMPORT_STOPPED;
	}
	tell(w);
	return 0;
}

static void *
work(void *argument)
{
	struct import_worker *w = argument;
	int r;

	sha256_hex(w->file.data, w->file.size, w->sha256);
	r = import_decode(w->file.data, w->file.size, &w->sink);
	pthread_mutex_lock(&w->lock);
	w->ended = true;
	w->result = r;
	pthread_mutex_unlock(&w->lock);
	tell(w);
	return NULL;
}

int
import_worker_new(struct memview file, const char *name, uint32_t max_pages, uint64_t max_pixels,
    struct import_worker **ret)
{
	struct import_worker *w = calloc(1, sizeof *w);
	pthread_t thread;
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->file = file;
	snprintf(w->name, sizeof w->name, "%s", name);
	w->sink = (struct import_sink){.max_pages = max_pages,
	    .max_pixels = max_pixels,
	    .name = w->name,
	    .file_sha256 = w->sha256,
	    .put = put,
	    .userdata = w};
	pthread_mutex_init(&w->lock, NULL);
	pthread_cond_init(&w->wake, NULL);
	w->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	r = w->fd < 0 ? -errno : -pthread_create(&thread, NULL, work, w);
	if (r < 0) {
		if (w->fd >= 0)
			close(w->fd);
		free(w);
		return r;
	}
	pthread_detach(thread);
	*ret = w;
	return 0;
}

int
import_worker_fd(struct import_worker *w)
{
	return w->fd;
}

int
import_worker_next(struct import_worker *w, struct import_out **ret, int *ret_result)
{
	uint64_t count;
	int r = 0;

	pthread_mutex_lock(&w->lock);
	if (w->n_ready > 0) {
		*ret = w->ready[0];
		memmove(w->ready, w->ready + 1, --w->n_ready * sizeof *w->ready);
		r = 1;
	} else if (w->ended) {
		*ret_result = w->result;
		r = 2;
	}
	/* an event descriptor counts, so nothing is missed when it is drained here */
	if (r != 1 && read(w->fd, &count, sizeof count) < 0 && errno != EAGAIN)
		abort();
	pthread_mutex_unlock(&w->lock);
	return r;
}

void
import_worker_answered(struct import_worker *w, bool refused)
{
	pthread_mutex_lock(&w->lock);
	if (w->unanswered > 0)
		w->unanswered--;
	w->refused |= refused;
	pthread_cond_broadcast(&w->wake);
	pthread_mutex_unlock(&w->lock);
}
