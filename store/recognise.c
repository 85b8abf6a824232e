/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that feed the ocr workers. What a page says is recognise_page.c's business; here is only
 * who works on what. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "log.h"
#include "recognise_internal.h"

#define IDLE_MS 2000 /* a look at the queue even when nobody announced a change */

struct worker {
	struct recogniser *recogniser;
	char peer[16];
	char page[ID_TEXT]; /* in hand, or "" */
	bool present;       /* its room is attached; else the thread takes no work */
	pthread_t thread;
};

struct recogniser {
	struct store *store;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	struct worker worker[RECOGNISE_WORKERS_MAX];
	unsigned n_workers;
	struct ocr_job *head, **tail; /* urgent work */
};

int
recogniser_new(struct store *store, struct recogniser **ret)
{
	struct recogniser *rec = calloc(1, sizeof(*rec));

	if (rec == NULL)
		return -ENOMEM;
	rec->store = store;
	rec->tail = &rec->head;
	pthread_mutex_init(&rec->lock, NULL);
	pthread_cond_init(&rec->finished, NULL);
	*ret = rec;
	return 0;
}

/* ---- urgent jobs ---- */

/* Lock held. */
static bool
anybody_present(const struct recogniser *rec)
{
	for (unsigned i = 0; i < rec->n_workers; i++)
		if (rec->worker[i].present)
			return true;
	return false;
}

/* Somebody waits for such jobs: nobody is there to do them. Lock held. */
static void
fail_waited(struct recogniser *rec)
{
	struct ocr_job **at = &rec->head, *job;

	while ((job = *at) != NULL) {
		if (job->forget != NULL) {
			at = &job->next;
			continue;
		}
		*at = job->next;
		job->result = -ENOTCONN;
		job->done = true;
	}
	rec->tail = at;
	pthread_cond_broadcast(&rec->finished);
}

void
ocr_job_submit(struct store *store, struct ocr_job *job)
{
	struct recogniser *rec = store->recogniser;

	pthread_mutex_lock(&rec->lock);
	job->next = NULL;
	*rec->tail = job;
	rec->tail = &job->next;
	if (!anybody_present(rec))
		fail_waited(rec);
	pthread_mutex_unlock(&rec->lock);
	store_announce_change(store);
}

int
ocr_job_wait(struct store *store, struct ocr_job *job)
{
	struct recogniser *rec = store->recogniser;

	pthread_mutex_lock(&rec->lock);
	while (!job->done)
		pthread_cond_wait(&rec->finished, &rec->lock);
	pthread_mutex_unlock(&rec->lock);
	return job->result;
}

static bool
run_urgent(struct worker *worker)
{
	struct recogniser *rec = worker->recogniser;
	void (*forget)(struct ocr_job * job);
	struct ocr_job *job;
	int r;

	pthread_mutex_lock(&rec->lock);
	job = rec->head;
	if (job != NULL) {
		rec->head = job->next;
		if (rec->head == NULL)
			rec->tail = &rec->head;
	}
	pthread_mutex_unlock(&rec->lock);
	if (job == NULL)
		return false;
	r = job->run(rec->store, worker->peer, job);
	forget = job->forget; /* a waited job is gone as soon as its waiter knows */
	pthread_mutex_lock(&rec->lock);
	job->result = r;
	job->done = true;
	pthread_cond_broadcast(&rec->finished);
	pthread_mutex_unlock(&rec->lock);
	if (forget != NULL)
		forget(job);
	return true;
}

/* ---- the queue ---- */

static bool
is_present(struct worker *worker)
{
	struct recogniser *rec = worker->recogniser;
	bool present;

	pthread_mutex_lock(&rec->lock);
	present = worker->present;
	pthread_mutex_unlock(&rec->lock);
	return present;
}

/* Takes the next page that no other worker has in hand. */
static bool
take_page(struct worker *worker, struct catalogue_page *ret)
{
	struct recogniser *rec = worker->recogniser;
	const char *busy[RECOGNISE_WORKERS_MAX + 1];
	_cleanup_(loan_end) struct loan loan = loan_start(rec->store);
	unsigned n = 0;
	int r;

	if (loan.cat == NULL)
		return false;
	pthread_mutex_lock(&rec->lock);
	for (unsigned i = 0; i < rec->n_workers; i++)
		if (rec->worker[i].page[0] != '\0')
			busy[n++] = rec->worker[i].page;
	busy[n] = NULL;
	r = catalogue_recognition_next(loan.cat, busy, 1, ret);
	if (r > 0)
		memcpy(worker->page, ret->page, sizeof(worker->page));
	pthread_mutex_unlock(&rec->lock);
	return r > 0;
}

static void *
worker_thread(void *arg)
{
	struct worker *worker = arg;
	struct store *store = worker->recogniser->store;

	for (;;) {
		const uint64_t mark = store_changes(store);
		struct catalogue_page page;

		if (!is_present(worker)) {
			store_wait_change(store, mark, IDLE_MS);
			continue;
		}
		if (run_urgent(worker))
			continue;
		if (!take_page(worker, &page)) {
			store_wait_change(store, mark, IDLE_MS);
			continue;
		}
		recognise_page(store, worker->peer, &page);
		pthread_mutex_lock(&worker->recogniser->lock);
		worker->page[0] = '\0';
		pthread_mutex_unlock(&worker->recogniser->lock);
	}
	return NULL;
}

static void
set_present(struct store *store, struct worker *worker, bool present)
{
	struct recogniser *rec = worker->recogniser;

	pthread_mutex_lock(&rec->lock);
	worker->present = present;
	if (!anybody_present(rec))
		fail_waited(rec);
	pthread_mutex_unlock(&rec->lock);
	store_announce_change(store);
}

void
recogniser_detach(struct store *store, const char *peer)
{
	struct recogniser *rec = store->recogniser;

	for (unsigned i = 0; i < rec->n_workers; i++)
		if (strcmp(rec->worker[i].peer, peer) == 0)
			set_present(store, &rec->worker[i], false);
}

int
recogniser_attach(struct store *store, const char *peer)
{
	struct recogniser *rec = store->recogniser;
	struct worker *worker;
	int r;

	for (unsigned i = 0; i < rec->n_workers; i++)
		if (strcmp(rec->worker[i].peer, peer) == 0) {
			set_present(store, &rec->worker[i], true);
			return 0;
		}
	if (rec->n_workers >= RECOGNISE_WORKERS_MAX)
		return -E2BIG;
	worker = &rec->worker[rec->n_workers];
	worker->recogniser = rec;
	snprintf(worker->peer, sizeof(worker->peer), "%s", peer);
	worker->present = true;
	r = pthread_create(&worker->thread, NULL, worker_thread, worker);
	if (r != 0)
		return -r;
	pthread_mutex_lock(&rec->lock);
	rec->n_workers++;
	pthread_mutex_unlock(&rec->lock);
	return 0;
}
