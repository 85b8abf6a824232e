/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of runs: who may deliver what, and for how long. Sealing is intake_seal.c, the end of a
 * run intake_end.c and intake_retry.c, the bus side intake_bus.c. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake_internal.h"

int
runs_new(struct store *store, struct runs **ret)
{
	struct runs *runs = calloc(1, sizeof(*runs));
	pthread_condattr_t monotonic;

	if (runs == NULL)
		return -ENOMEM;
	pthread_mutex_init(&runs->lock, NULL);
	pthread_mutex_init(&runs->retry_lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&runs->changed, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret = runs;
	return 0;
}

int
run_begin(struct store *store, const char *batch, const struct actor *actor, bool import,
    const char *file, struct run **ret)
{
	struct runs *runs = store->runs;
	struct run *run = calloc(1, sizeof(*run));
	int r = 0;

	if (run == NULL)
		return -ENOMEM;
	run->store = store;
	run->import = import;
	run->actor = *actor;
	snprintf(run->batch, sizeof(run->batch), "%s", batch);
	snprintf(run->file, sizeof(run->file), "%s", file != NULL ? file : "");
	pthread_mutex_lock(&runs->lock);
	for (struct run *other = runs->list; other != NULL; other = other->next)
		if (!import && !other->import)
			r = -EBUSY;
	if (runs->count >= RUN_MAX)
		r = -EBUSY;
	if (r == 0) {
		snprintf(run->job, sizeof(run->job), "%s-%u", batch, ++runs->counter);
		snprintf(run->peer, sizeof(run->peer), import ? "import/%s" : "scanner", run->job);
		run->busy = import ? 0 : 1;
		run->next = runs->list;
		runs->list = run;
		runs->count++;
	}
	pthread_mutex_unlock(&runs->lock);
	if (r < 0)
		free(run);
	else
		*ret = run;
	return r;
}

const char *
run_job(const struct run *run)
{
	return run->job;
}

struct run *
runs_find(struct runs *runs, const char *peer, const char *job)
{
	struct run *run;

	pthread_mutex_lock(&runs->lock);
	for (run = runs->list; run != NULL; run = run->next)
		if (strcmp(run->job, job) == 0 && strcmp(run->peer, peer) == 0 && !run->finished)
			break;
	if (run != NULL)
		run->busy++;
	pthread_mutex_unlock(&runs->lock);
	return run;
}

void
run_release(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	run->busy--;
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
}

bool
run_claim(struct run *run)
{
	struct runs *runs = run->store->runs;
	bool mine;

	pthread_mutex_lock(&runs->lock);
	mine = !run->finished;
	run->finished = true;
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
	return mine;
}

void
run_unclaim(struct run *run)
{
	struct runs *runs = run->store->runs;

	pthread_mutex_lock(&runs->lock);
	run->finished = false;
	pthread_cond_broadcast(&runs->changed);
	pthread_mutex_unlock(&runs->lock);
}

bool
runs_scanning(struct store *store, const char *batch, char ret_job[RUN_JOB_TEXT])
{
	struct runs *runs = store->runs;
	bool found = false;

	pthread_mutex_lock(&runs->lock);
	for (struct run *run = runs->list; run != NULL; run = run->next)
		if (!run->import && (batch[0] == '\0' || strcmp(run->batch, batch) == 0)) {
			snprintf(ret_job, RUN_JOB_TEXT, "%s", run->job);
			found = true;
		}
	pthread_mutex_unlock(&runs->lock);
	return found;
}

/* Under lock; NULL. */
static struct run *
listed(const struct runs *runs, const char *job)
{
	struct run *run = runs->list;

	while (run != NULL && strcmp(run->job, job) != 0)
		run = run->next;
	return run;
}

struct run *
run_take_over(struct run *run, unsigned timeout_s)
{
	struct runs *runs = run->store->runs;
	char job[RUN_JOB_TEXT];
	struct timespec until;
	int r = 0;

	memcpy(job, run->job, sizeof(job)); /* the run may go as soon as it is let go */
	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_s;
	pthread_mutex_lock(&runs->lock);
	run->busy--;
	pthread_cond_broadcast(&runs->changed);
	while ((run = listed(runs, job)) != NULL && run->finished && r == 0)
		r = pthread_cond_timedwait(&runs->changed, &runs->lock, &until);
	if (run != NULL && run->finished)
		run = NULL;
	if (run != NULL) {
		run->finished = true;
		run->busy++;
	}
	pthread_mutex_unlock(&runs->lock);
	return run;
}
