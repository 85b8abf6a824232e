/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends a scan that somebody wants ended, with the scanner's help or without. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "intake_internal.h"
#include "log.h"
#include "peer.h"
#include "pool.h"
#include "scanner/scanner_bus.h"
#include "supervisor_bus.h"

#define ANSWER_S 10 /* Cancel and Kill are answered at once */

struct watch {
	struct store *store;
	char job[RUN_JOB_TEXT];
};

static int
fill_text(sd_bus_message *message, void *arg)
{
	return sd_bus_message_append(message, "s", (const char *)arg);
}

static int
restart_scanner(struct store *store, struct refusal *refusal)
{
	struct peer_call kill = {"", SUPERVISOR_PATH, SUPERVISOR_IFACE, "Kill", fill_text, NULL,
	    (void *)"scanner", ANSWER_S};

	return peer_call(store, &kill, refusal);
}

/* Under lock: the scan of that job while its scanner has not ended it; NULL. */
static struct run *
unended(struct runs *runs, const char *job)
{
	struct run *run = runs->list;

	while (run != NULL && (run->import || run->finished || strcmp(run->job, job) != 0))
		run = run->next;
	return run;
}

/* On a thread of the pool: waits for the end; restarts the scanner when it does not come. */
static void
watch_end(void *arg)
{
	struct watch *w = arg;
	struct runs *runs = w->store->runs;
	struct timespec until;
	struct run *run;
	int r = 0;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += (time_t)config_uint(w->store->config, "store", "cancel_timeout_s", 1, 3600);
	pthread_mutex_lock(&runs->lock);
	while ((run = unended(runs, w->job)) != NULL && r == 0)
		r = pthread_cond_timedwait(&runs->changed, &runs->lock, &until);
	if (run != NULL)
		run->watched = false; /* a further Cancel may try again */
	pthread_mutex_unlock(&runs->lock);
	if (run != NULL) {
		log_warn("intake: %s: cancelled but not ended; restarting the scanner", w->job);
		r = restart_scanner(w->store, NULL);
		if (r < 0)
			log_errno(r, "intake: %s: cannot restart the scanner", w->job);
	}
	free(w);
}

/* Sees to it, once for a run, that its end will come. */
static int
watch(struct store *store, const char *job)
{
	struct runs *runs = store->runs;
	struct watch *w = calloc(1, sizeof(*w));
	struct run *run;
	bool needed;
	int r = 0;

	if (w == NULL)
		return -ENOMEM;
	w->store = store;
	snprintf(w->job, sizeof(w->job), "%s", job);
	pthread_mutex_lock(&runs->lock);
	run = unended(runs, job);
	needed = run != NULL && !run->watched;
	if (run != NULL)
		run->cancelled = true;
	if (needed)
		r = pool_submit(store->urgent, watch_end, NULL, w);
	if (needed && r == 0)
		run->watched = true;
	pthread_mutex_unlock(&runs->lock);
	if (!needed || r < 0)
		free(w);
	return r;
}

int
intake_cancel(struct store *store, const char *batch, struct refusal *refusal)
{
	char job[RUN_JOB_TEXT];
	struct peer_call cancel = {
	    "scanner", SCANNER_PATH, SCANNER_IFACE, "Cancel", fill_text, NULL, job, ANSWER_S};
	int r;

	if (!runs_scanning(store, batch, job))
		return 0;
	r = watch(store, job);
	if (r < 0) /* the next Cancel tries again; this one goes through all the same */
		log_errno(r, "intake: %s: nobody watches its end", job);
	/* Cancel knows no refusal: a scanner that does not take it is stuck or worse. */
	r = peer_call(store, &cancel, refusal);
	return r < 0 ? restart_scanner(store, refusal) : 0;
}
