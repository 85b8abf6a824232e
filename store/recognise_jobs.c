/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Urgent work: what somebody waits for, before any page. Knows no page's reading. */
#include <errno.h>
#include <time.h>

#include "clock.h"
#include "recogniser.h"

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
jobs_look(struct recogniser *rec)
{
	if (!anybody_present(rec))
		fail_waited(rec);
}

void
ocr_job_submit(struct store *store, struct ocr_job *job)
{
	struct recogniser *rec = store->recogniser;

	pthread_mutex_lock(&rec->lock);
	job->next = NULL;
	*rec->tail = job;
	rec->tail = &job->next;
	jobs_look(rec);
	pthread_mutex_unlock(&rec->lock);
	store_announce_change(store);
}

/* Takes it out of the queue; false when a worker has it. Lock held. */
static bool
withdraw(struct recogniser *rec, struct ocr_job *job)
{
	struct ocr_job **at = &rec->head;

	while (*at != NULL && *at != job)
		at = &(*at)->next;
	if (*at == NULL)
		return false;
	*at = job->next;
	if (job->next == NULL)
		rec->tail = at;
	return true;
}

/* What a worker has ends by itself: its calls last for ocr_job_left(). */
int
ocr_job_wait(struct store *store, struct ocr_job *job)
{
	struct recogniser *rec = store->recogniser;
	const struct timespec until = {.tv_sec = (time_t)job->until + 1};
	int r = 0;

	pthread_mutex_lock(&rec->lock);
	while (!job->done) {
		if (r == 0)
			r = pthread_cond_timedwait(&rec->finished, &rec->lock, &until);
		else
			pthread_cond_wait(&rec->finished, &rec->lock);
		if (r != 0 && !job->done && withdraw(rec, job)) {
			job->result = -EBUSY;
			job->done = true;
		}
	}
	pthread_mutex_unlock(&rec->lock);
	return job->result;
}

unsigned
ocr_job_left(const struct ocr_job *job, unsigned most)
{
	const double left = job->until - clock_seconds();

	return left < 1 ? 1 : left < most ? (unsigned)left : most;
}

int
ocr_job_refuse(struct refusal *refusal, int r)
{
	return r == -EBUSY                         ? refuse(refusal, "overloaded")
	       : r == -ENOTCONN || r == -ETIMEDOUT ? refuse(refusal, "ocr_away")
						   : r;
}

bool
jobs_run_one(struct worker *worker)
{
	struct recogniser *rec = worker->recogniser;
	const unsigned lives = recogniser_lives(rec->store, worker->peer);
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
	/* it is gone, or killed: the next job is for a fresh one */
	if (r == -ENOTCONN || r == -ETIMEDOUT)
		recogniser_await(rec->store, worker->peer, lives);
	return true;
}
