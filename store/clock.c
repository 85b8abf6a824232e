/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Watches the wall clock against the time since boot. Knows no time zone and corrects nothing. */
#include "clock.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <sys/timex.h>
#include <time.h>
#include <unistd.h>

#include "log.h"
#include "store.h"
#include "text.h"

#define LOOK_S 60 /* also when the kernel does not tell of a step */
#define LOOKS 10  /* at both clocks, until nothing came between */

int64_t
clock_step(struct clock_watch *watch, uint64_t real_ms, uint64_t boot_ms)
{
	const int64_t ahead = (int64_t)(real_ms - boot_ms), step = ahead - watch->ahead_ms;

	if (watch->begun && step < CLOCK_STEP_MS && step > -CLOCK_STEP_MS)
		return 0;
	watch->ahead_ms = ahead;
	if (!watch->begun) {
		watch->begun = true;
		return 0;
	}
	return (step + (step > 0 ? 999 : -999)) / 1000;
}

/* The first of this direction; n when there is none. */
static unsigned
alike(const struct clock_steps *steps, int64_t seconds)
{
	unsigned i = 0;

	while (i < steps->n && (steps->seconds[i] > 0) != (seconds > 0))
		i++;
	return i;
}

void
clock_keep(struct clock_steps *steps, int64_t seconds)
{
	unsigned at;

	if (seconds == 0)
		return;
	if (steps->n < CLOCK_STEPS_MAX) {
		steps->seconds[steps->n++] = seconds;
		return;
	}
	at = alike(steps, seconds);
	if (at < steps->n) {
		steps->seconds[at] += seconds;
		return;
	}
	steps->seconds[1] += steps->seconds[0]; /* all go the other way: two become one */
	memmove(&steps->seconds[0], &steps->seconds[1],
	    (CLOCK_STEPS_MAX - 1) * sizeof(steps->seconds[0]));
	steps->seconds[CLOCK_STEPS_MAX - 1] = seconds;
}

bool
clock_is_good(int status, int64_t max_error_us, uint64_t limit_ms)
{
	return limit_ms > 0 && (status & STA_UNSYNC) == 0 && max_error_us >= 0 &&
	       (uint64_t)max_error_us <= limit_ms * 1000;
}

bool
clock_synchronised(struct store *store, uint64_t *ret_error_ms)
{
	struct timex t = {.modes = 0};

	if (adjtimex(&t) < 0)
		return false;
	if (ret_error_ms != NULL)
		*ret_error_ms = t.maxerror > 0 ? (uint64_t)t.maxerror / 1000 : 0;
	return clock_is_good(
	    t.status, t.maxerror, config_uint(store->config, "time", "max_error_ms", 0, 600000));
}

int
clock_allows(struct store *store)
{
	_cleanup_(loan_end) struct loan loan = {0};

	if (!config_bool(store->config, "time", "require_sync"))
		return 1;
	if (clock_synchronised(store, NULL))
		return 0;
	loan = loan_start(store);
	return loan.cat != NULL && catalogue_time_override_ms(loan.cat) > time_now_ms() ? 1
											: -EPERM;
}

/* ---- the watcher ---- */

struct watcher {
	struct store *store;
	int timer;
	struct clock_watch watch;
	struct clock_steps unrecorded; /* they could not be yet */
};

static uint64_t
now_ms(clockid_t clock)
{
	struct timespec ts;

	clock_gettime(clock, &ts);
	return (uint64_t)ts.tv_sec * 1000 + (uint64_t)ts.tv_nsec / 1000000;
}

double
clock_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* On the wall clock, so that the kernel wakes us when it is set. */
static int
arm(int timer)
{
	struct itimerspec when = {0};

	clock_gettime(CLOCK_REALTIME, &when.it_value);
	when.it_value.tv_sec += LOOK_S;
	return timerfd_settime(timer, TFD_TIMER_ABSTIME | TFD_TIMER_CANCEL_ON_SET, &when, NULL) < 0
		   ? -errno
		   : 0;
}

static int
decide_steps(struct txn *txn, void *arg)
{
	const struct clock_steps *steps = arg;
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < steps->n; i++)
		r = txn_event(
		    txn, "time.step", json_pack("{s:I}", "seconds", (json_int_t)steps->seconds[i]));
	return r;
}

/* Both clocks at one moment: a thread that is held up between the two looks would see a step. */
static void
now_both(uint64_t *ret_real, uint64_t *ret_boot)
{
	for (int i = 0; i < LOOKS; i++) {
		*ret_boot = now_ms(CLOCK_BOOTTIME);
		*ret_real = now_ms(CLOCK_REALTIME);
		if (now_ms(CLOCK_BOOTTIME) - *ret_boot < CLOCK_STEP_MS / 10)
			break;
	}
}

static void
look(struct watcher *w)
{
	uint64_t real, boot;
	int64_t seconds;
	int r;

	now_both(&real, &boot);
	seconds = clock_step(&w->watch, real, boot);
	if (seconds != 0)
		log_warn("time: the clock was stepped by %lld seconds", (long long)seconds);
	clock_keep(&w->unrecorded, seconds);
	if (w->unrecorded.n == 0)
		return;
	r = writer_commit(w->store->writer, &actor_system, NULL, decide_steps, &w->unrecorded);
	if (r < 0)
		log_errno(r, "time: the step could not be recorded yet");
	else
		w->unrecorded.n = 0;
}

static void *
watcher_thread(void *arg)
{
	struct watcher *w = arg;
	uint64_t fired;

	for (;;) {
		int r = arm(w->timer);

		look(w); /* after arming: no step falls between */
		/* ECANCELED tells of a step; both ways it is time to look */
		if (r < 0 || (read(w->timer, &fired, sizeof(fired)) < 0 && errno != ECANCELED &&
				 errno != EINTR))
			sleep(LOOK_S);
	}
	return NULL;
}

int
clock_watcher_new(struct store *store)
{
	struct watcher *w = calloc(1, sizeof(*w));
	pthread_t thread;
	int r;

	if (w == NULL)
		return -ENOMEM;
	w->store = store;
	w->timer = timerfd_create(CLOCK_REALTIME, TFD_CLOEXEC);
	r = w->timer < 0 ? errno : pthread_create(&thread, NULL, watcher_thread, w);
	if (r == 0)
		return 0;
	closep(&w->timer);
	free(w);
	return -r;
}
