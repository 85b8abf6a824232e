/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ends of runs that could not be recorded when they came: until they are, their batches look as if
 * they were being scanned. Tries them again by itself; knows nothing of what an end does. */
#include <errno.h>
#include <string.h>

#include "clock.h"
#include "intake_internal.h"
#include "log.h"
#include "recognise.h"

#define TICK_US UINT64_C(1000000) /* how soon it is seen that there is space again */

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
	const uint64_t space = store_free_space(store);
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

/* It failed with r. */
static void
rest(struct store *store, int r)
{
	struct runs *runs = store->runs;
	const uint64_t space = store_free_space(store);

	pthread_mutex_lock(&runs->lock);
	pause_begin(&runs->pause, clock_seconds(), space);
	pthread_mutex_unlock(&runs->lock);
	if (r == -ENOSPC && store->recogniser != NULL)
		recogniser_disk_full(store);
}

void
run_remember_end(struct store *store, const char *batch, const struct actor *actor,
    const struct refusal *why, int r)
{
	struct runs *runs = store->runs;
	struct unended u = {.actor = *actor, .why = *why};
	bool has_room;

	snprintf(u.batch, sizeof(u.batch), "%s", batch);
	pthread_mutex_lock(&runs->lock);
	has_room = runs->n_unended < RUN_MAX;
	if (has_room)
		runs->unended[runs->n_unended++] = u;
	pthread_mutex_unlock(&runs->lock);
	rest(store, r);
	if (!has_room)
		log_error("intake: %s: its run ends at the next start only", batch);
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

static bool
look_at(struct runs *runs, unsigned i, struct unended *ret)
{
	bool found;

	pthread_mutex_lock(&runs->lock);
	found = i < runs->n_unended;
	if (found)
		*ret = runs->unended[i];
	pthread_mutex_unlock(&runs->lock);
	return found;
}

static void
recorded(struct store *store, unsigned i)
{
	struct runs *runs = store->runs;

	pthread_mutex_lock(&runs->lock);
	runs->n_unended--;
	memmove(&runs->unended[i], &runs->unended[i + 1],
	    (runs->n_unended - i) * sizeof(runs->unended[0]));
	if (runs->n_unended == 0)
		runs->pause = (struct pause){0};
	pthread_mutex_unlock(&runs->lock);
	if (store->recogniser != NULL)
		recogniser_disk_takes(store);
}

/* Each once: one that cannot be recorded stops none behind it. It stays in the list while it is
 * tried: whoever else looks there, or adds to it behind, sees that it waits. */
void
intake_retry_ends(struct store *store)
{
	struct runs *runs = store->runs;
	struct unended u;

	pthread_mutex_lock(&runs->retry_lock);
	for (unsigned i = 0; look_at(runs, i, &u);) {
		const int r = run_record_end(store, u.batch, &u.actor, &u.why);

		if (r >= 0) {
			log_info("intake: %s: the end of its run is recorded", u.batch);
			recorded(store, i);
			continue;
		}
		if (r != -ENOSPC) /* that says the recogniser */
			log_errno(r, "intake: %s: cannot record the end of its run yet", u.batch);
		rest(store, r);
		i++;
	}
	pthread_mutex_unlock(&runs->retry_lock);
}
