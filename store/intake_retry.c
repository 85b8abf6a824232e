/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of runs that could not be recorded when they came: until they are, their batches look as if
 * they were being scanned. Tries them again by itself; knows nothing of what an end does. */
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "intake_internal.h"
#include "io.h"
#include "log.h"
#include "recognise.h"

#define TICK_US UINT64_C(1000000) /* how soon it is seen that there is space again */

static uint64_t
free_bytes(struct store *store)
{
	uint64_t n = 0;

	io_free_space(store->data_dir, &n);
	return n;
}

/* ---- by itself ---- */

static void arm(void *arg);

static void
try_again(void *arg)
{
	intake_retry_ends(arg);
}

static int
on_tick(sd_event_source *source, uint64_t usec, void *userdata)
{
	struct store *store = userdata;
	struct runs *runs = store->runs;
	const uint64_t space = free_bytes(store);
	bool waits, holds;

	pthread_mutex_lock(&runs->lock);
	waits = runs->n_unended > 0;
	holds = pause_holds(&runs->pause, clock_seconds(), space);
	pthread_mutex_unlock(&runs->lock);
	if (waits && (holds || pool_submit(store->intake, try_again, arm, store) < 0))
		arm(store);
	return 0;
}

/* Main thread. */
static void
arm(void *arg)
{
	struct store *store = arg;
	struct runs *runs = store->runs;
	int r;

	if (runs->retry_timer == NULL)
		r = sd_event_add_time_relative(room_event(store->room), &runs->retry_timer,
		    CLOCK_MONOTONIC, TICK_US, 0, on_tick, store);
	else {
		r = sd_event_source_set_time_relative(runs->retry_timer, TICK_US);
		if (r >= 0)
			r = sd_event_source_set_enabled(runs->retry_timer, SD_EVENT_ONESHOT);
	}
	if (r < 0)
		log_errno(r, "intake: ends of runs are not tried again by themselves");
}

/* ---- what waits ---- */

static void
remember(struct runs *runs, const struct unended *u)
{
	if (runs->n_unended < RUN_MAX)
		runs->unended[runs->n_unended++] = *u;
	else
		log_error("intake: %s: its run ends at the next start only", u->batch);
}

void
run_remember_end(struct store *store, const char *batch, const struct actor *actor,
    const struct refusal *why, int r)
{
	struct runs *runs = store->runs;
	const uint64_t space = free_bytes(store);
	struct unended u = {.actor = *actor, .why = *why};

	snprintf(u.batch, sizeof(u.batch), "%s", batch);
	pthread_mutex_lock(&runs->lock);
	remember(runs, &u);
	pause_begin(&runs->pause, clock_seconds(), space);
	pthread_mutex_unlock(&runs->lock);
	if (r == -ENOSPC && store->recogniser != NULL)
		recogniser_disk_full(store);
	if (mainloop_post(store->loop, arm, store) < 0)
		log_error("intake: %s: its run ends when somebody asks for it", batch);
}

void
intake_end_unbegun(
    struct store *store, const char *batch, const struct actor *actor, const struct refusal *why)
{
	const int r = run_record_end(store, batch, actor, why);

	if (r < 0) {
		log_errno(r, "intake: %s: cannot record that the run did not begin", batch);
		run_remember_end(store, batch, actor, why, r);
	}
}

/* The one that waits longest. */
static bool
take(struct runs *runs, struct unended *ret)
{
	bool found;

	pthread_mutex_lock(&runs->lock);
	found = runs->n_unended > 0;
	if (found) {
		*ret = runs->unended[0];
		runs->n_unended--;
		memmove(&runs->unended[0], &runs->unended[1],
		    runs->n_unended * sizeof(runs->unended[0]));
	}
	pthread_mutex_unlock(&runs->lock);
	return found;
}

static void
give_back(struct store *store, const struct unended *u, int r)
{
	struct runs *runs = store->runs;
	const uint64_t space = free_bytes(store);

	pthread_mutex_lock(&runs->lock);
	remember(runs, u);
	pause_begin(&runs->pause, clock_seconds(), space);
	pthread_mutex_unlock(&runs->lock);
	if (r == -ENOSPC && store->recogniser != NULL)
		recogniser_disk_full(store);
	else
		log_errno(r, "intake: %s: cannot record the end of its run yet", u->batch);
}

static void
forget_pause(struct store *store)
{
	struct runs *runs = store->runs;

	pthread_mutex_lock(&runs->lock);
	if (runs->n_unended == 0)
		runs->pause = (struct pause){0};
	pthread_mutex_unlock(&runs->lock);
	if (store->recogniser != NULL)
		recogniser_disk_takes(store);
}

/* Each once: one that cannot be recorded stops none behind it. */
void
intake_retry_ends(struct store *store)
{
	struct runs *runs = store->runs;
	struct unended u;
	unsigned n;

	pthread_mutex_lock(&runs->retry_lock);
	pthread_mutex_lock(&runs->lock);
	n = runs->n_unended;
	pthread_mutex_unlock(&runs->lock);
	for (; n > 0 && take(runs, &u); n--) {
		const int r = run_record_end(store, u.batch, &u.actor, &u.why);

		if (r >= 0) {
			log_info("intake: %s: the end of its run is recorded", u.batch);
			forget_pause(store);
		} else {
			give_back(store, &u, r);
		}
	}
	pthread_mutex_unlock(&runs->retry_lock);
}
