/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threads that feed the ocr workers. What a page says is recognise_page.c's business; here is only
 * who reads what. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "log.h"
#include "recogniser.h"

#define IDLE_MS 2000 /* a look at the queue even when nobody announced a change */
#define STOP_S 8     /* fumikurad ends the workers first, which takes up to 5 s, then store */

int
recogniser_new(struct store *store, struct recogniser **ret)
{
	struct recogniser *rec = calloc(1, sizeof(*rec));
	pthread_condattr_t monotonic;

	if (rec == NULL)
		return -ENOMEM;
	rec->store = store;
	rec->tail = &rec->head;
	pthread_mutex_init(&rec->lock, NULL);
	pthread_condattr_init(&monotonic);
	pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
	pthread_cond_init(&rec->finished, &monotonic);
	pthread_condattr_destroy(&monotonic);
	*ret = rec;
	return 0;
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

void
recogniser_disk_full(struct store *store)
{
	struct recogniser *rec = store->recogniser;
	const uint64_t space = store_free_space(store);
	double rest;

	pthread_mutex_lock(&rec->lock);
	rest = pause_begin(&rec->pause, clock_seconds(), space);
	pthread_mutex_unlock(&rec->lock);
	log_warn(
	    "recognise: the disk is full: trying again in %.0f s, or when there is space", rest);
}

void
recogniser_disk_takes(struct store *store)
{
	struct recogniser *rec = store->recogniser;

	pthread_mutex_lock(&rec->lock);
	rec->pause = (struct pause){0};
	pthread_mutex_unlock(&rec->lock);
}

/* Whether no page is to be taken just now. */
static bool
must_rest(struct recogniser *rec)
{
	uint64_t space;
	bool holds;

	pthread_mutex_lock(&rec->lock);
	holds = rec->pause.fails > 0;
	pthread_mutex_unlock(&rec->lock);
	if (!holds)
		return false;
	space = store_free_space(rec->store);
	pthread_mutex_lock(&rec->lock);
	holds = pause_holds(&rec->pause, clock_seconds(), space);
	pthread_mutex_unlock(&rec->lock);
	return holds;
}

/* Nobody can be told that the page is unreadable: nobody has looked at it. */
static void
put_aside(struct recogniser *rec, const char *page)
{
	double rest;

	pthread_mutex_lock(&rec->lock);
	rest = aside_put(&rec->aside, page, clock_seconds());
	pthread_mutex_unlock(&rec->lock);
	log_warn("recognise: %s: is tried again in %.0f s", page, rest);
}

#define BUSY_MAX (RECOGNISE_WORKERS_MAX * (1 + DOUBT_MAX) + ASIDE_MAX)

struct busy {
	const char *page[BUSY_MAX + FORGIVEN_MAX + 1];
	unsigned n, in_hand;
};

/* Pages that are not to be taken: what workers have in hand or have refused, and what rests.
 * Lock held. */
static void
list_busy(const struct recogniser *rec, struct busy *ret)
{
	unsigned n = 0;

	for (unsigned i = 0; i < rec->n_workers; i++) {
		const struct worker *worker = &rec->worker[i];

		if (worker->page[0] != '\0')
			ret->page[n++] = worker->page;
		for (unsigned d = 0; d < worker->doubt.n; d++)
			ret->page[n++] = worker->doubt.at[d].page;
	}
	ret->in_hand = n;
	ret->n = n + aside_list(&rec->aside, clock_seconds(), ret->page + n);
}

/* Those that a worker to blame refused come after all others, which tell about the next one. Lock
 * held. */
static int
next_of(struct recogniser *rec, struct catalogue *cat,
    int (*next)(struct catalogue *cat, const char *const *busy, struct catalogue_page *ret),
    struct busy *busy, struct catalogue_page *ret)
{
	const unsigned last = doubt_list(rec, busy->page + busy->n);
	int r;

	busy->page[busy->n + last] = NULL;
	r = next(cat, busy->page, ret);
	busy->page[busy->n] = NULL;
	return r == 0 && last > 0 ? next(cat, busy->page, ret) : r;
}

static bool
reads_further(struct store *store)
{
	return strcmp(config_get(store->config, "ocr", "effort"), "shown") != 0;
}

/* Takes the next page that no worker has in hand: a first reading before any further one, and those
 * only while there is room to keep them. 0: none waits; -EAGAIN: none is to be taken just now. */
static int
take_page(struct worker *worker, struct catalogue_page *ret, bool *ret_further)
{
	struct recogniser *rec = worker->recogniser;
	_cleanup_(loan_end) struct loan loan = loan_start(rec->store);
	struct busy busy;
	bool has_room = true;
	int r;

	if (loan.cat == NULL || must_rest(rec) || pause_holds(&worker->sick, clock_seconds(), 0))
		return -EAGAIN;
	pthread_mutex_lock(&rec->lock);
	list_busy(rec, &busy);
	r = next_of(rec, loan.cat, catalogue_recognition_next, &busy, ret);
	*ret_further = r == 0;
	if (r == 0 && reads_further(rec->store)) {
		has_room = store_check_space(rec->store) >= 0;
		if (has_room)
			r = next_of(rec, loan.cat, catalogue_further_next, &busy, ret);
	}
	if (r > 0) {
		memcpy(worker->page, ret->page, sizeof(worker->page));
	} else if (r == 0 && busy.in_hand == 0 && has_room) { /* nothing waits any more */
		rec->pause = (struct pause){0};
		rec->forgiven = (struct forgiven){.last = false};
	}
	pthread_mutex_unlock(&rec->lock);
	return r < 0 ? -EAGAIN : r;
}

/* The worker is free again. Only what was read tells how long reading takes. */
static void
put_back(struct worker *worker, bool further, bool was_read, double took_s)
{
	struct recogniser *rec = worker->recogniser;
	struct pace *pace = &rec->pace[further];

	pthread_mutex_lock(&rec->lock);
	if (was_read) {
		aside_forget(&rec->aside, worker->page);
		doubt_forget(rec, worker->page);
		pace->n += pace->n < RECENT;
		pace->mean_s += (took_s - pace->mean_s) / pace->n;
	}
	worker->page[0] = '\0';
	pthread_mutex_unlock(&rec->lock);
}

static void *
worker_thread(void *arg)
{
	struct worker *worker = arg;
	struct store *store = worker->recogniser->store;

	for (;;) {
		const uint64_t mark = store_changes(store);
		struct catalogue_page page;
		char why[REASON_TEXT];
		bool further;
		double begun;
		int r;

		if (!is_present(worker) || store->waiting) {
			store_wait_change(store, mark, IDLE_MS);
			continue;
		}
		if (jobs_run_one(worker))
			continue;
		r = take_page(worker, &page, &further);
		if (r <= 0) {
			if (r < 0 || !doubt_alone(worker))
				store_wait_change(store, mark, IDLE_MS);
			continue;
		}
		begun = clock_seconds();
		r = recognise_page(store, worker->peer, &page, further, why);
		put_back(worker, further, r >= 0, clock_seconds() - begun);
		if (why[0] != '\0')
			doubt_refusal(worker, &page, further, why);
		if (r >= 0)
			doubt_vouch(worker);
		if (recognise_lacks(r)) {
			put_aside(worker->recogniser, page.page);
			store_wait_change(store, mark, IDLE_MS);
		}
	}
	return NULL;
}

/* Adds n readings of this pace to *seconds: as many rounds as the workers need. False when nothing
 * is known of it. */
static bool
add_time(const struct pace *pace, json_int_t n, unsigned workers, double *seconds)
{
	if (n > 0 && (pace->n == 0 || workers == 0))
		return false;
	if (n > 0)
		*seconds += pace->mean_s * (double)((n + workers - 1) / workers);
	return true;
}

bool
recogniser_estimate(struct store *store, json_t *queue)
{
	struct recogniser *rec = store->recogniser;
	const json_int_t first = json_integer_value(json_object_get(queue, "recognition"));
	const json_int_t further =
	    reads_further(store) ? json_integer_value(json_object_get(queue, "further")) : 0;
	unsigned workers = 0;
	double seconds = 0;
	bool rests;

	json_object_set_new(queue, "further", json_integer(further));
	pthread_mutex_lock(&rec->lock);
	for (unsigned i = 0; i < rec->n_workers; i++)
		workers += rec->worker[i].present;
	rests = rec->pause.fails > 0;
	if (!rests && add_time(&rec->pace[0], first, workers, &seconds)) {
		json_object_set_new(
		    queue, "recognition_s", json_integer((json_int_t)ceil(seconds)));
		if (add_time(&rec->pace[1], further, workers, &seconds))
			json_object_set_new(
			    queue, "further_s", json_integer((json_int_t)ceil(seconds)));
	}
	pthread_mutex_unlock(&rec->lock);
	return rests;
}

unsigned
recogniser_lives(struct store *store, const char *peer)
{
	struct recogniser *rec = store->recogniser;
	unsigned lives = 0;

	pthread_mutex_lock(&rec->lock);
	for (unsigned i = 0; i < rec->n_workers; i++)
		if (strcmp(rec->worker[i].peer, peer) == 0)
			lives = rec->worker[i].lives;
	pthread_mutex_unlock(&rec->lock);
	return lives;
}

void
recogniser_await(struct store *store, const char *peer, unsigned lives)
{
	const double end = clock_seconds() + STOP_S;

	while (clock_seconds() < end) {
		const uint64_t mark = store_changes(store);

		if (recogniser_lives(store, peer) != lives)
			return;
		store_wait_change(store, mark, IDLE_MS);
	}
}

static void
set_present(struct store *store, struct worker *worker, bool present)
{
	struct recogniser *rec = worker->recogniser;

	pthread_mutex_lock(&rec->lock);
	worker->present = present;
	worker->lives += present;
	worker->doubt.n = 0; /* a fresh one judges anew */
	jobs_look(rec);
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
	worker->lives = 1;
	pthread_mutex_lock(&rec->lock);
	rec->n_workers++;
	pthread_mutex_unlock(&rec->lock);
	r = pthread_create(&worker->thread, NULL, worker_thread, worker);
	if (r == 0)
		return 0;
	pthread_mutex_lock(&rec->lock);
	rec->n_workers--;
	pthread_mutex_unlock(&rec->lock);
	return -r;
}
