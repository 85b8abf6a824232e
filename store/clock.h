/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock is suspect (architecture §4 rule 7, G6-32): what it is worth now, and when it was
 * stepped. */
#ifndef FUMIKURA_STORE_CLOCK_H
#define FUMIKURA_STORE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

#define CLOCK_STEP_MS 1000 /* smaller jumps are no steps until they add up to this */

struct store;

/* What the wall clock is ahead of the time since boot. A slewed clock changes neither against the
 * other; a stepped one does. */
struct clock_watch {
	int64_t ahead_ms;
	bool begun;
};

/* Steps that wait to be recorded, in their order. */
#define CLOCK_STEPS_MAX 64 /* what comes then is added to one of the same direction */
struct clock_steps {
	int64_t seconds[CLOCK_STEPS_MAX]; /* none is 0 */
	unsigned n;
};
/* One more; 0 is none. Steps of opposite directions never become less. Pure. */
void clock_keep(struct clock_steps *steps, int64_t seconds);

/* Whole seconds by which the clock was stepped since the last call that said so, away from 0; 0 for
 * none. Pure. */
int64_t clock_step(struct clock_watch *watch, uint64_t real_ms, uint64_t boot_ms);
/* adjtimex's status and maxerror (µs) against time.max_error_ms (0: never good). Pure. */
bool clock_is_good(int status, int64_t max_error_us, uint64_t limit_ms);

/* Seconds that only go forward, for how long something takes or may take. */
double clock_seconds(void);
/* What 確定 says of the clock (G6-32): 0 it is good; 1 it is not, but a manager answers for it, or
 * time.require_sync is off; -EPERM. */
int clock_allows(struct store *store);
/* The kernel's view of its clock; ret_error_ms (may be NULL): the largest error it reckons with. */
bool clock_synchronised(struct store *store, uint64_t *ret_error_ms);
/* A thread that makes a time.step event of each step, at once, for the life of the process. */
int clock_watcher_new(struct store *store);

#endif
