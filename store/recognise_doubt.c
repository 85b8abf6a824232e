/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker goes on after it refused a page. Is the page to blame, or has this process come to
 * refuse whatever it is given? What it does with other pages tells: until then nobody else is given
 * the page, and nothing is recorded of it. Where a fresh process refuses all as well, so that none
 * tells, it is the page that is given up in the end: somebody waits for it.
 */
#include <string.h>

#include "clock.h"
#include "log.h"
#include "recogniser.h"

/* Nothing is in doubt any more; what was. */
static struct doubt
end_doubt(struct worker *worker)
{
	struct recogniser *rec = worker->recogniser;
	struct doubt doubt;

	pthread_mutex_lock(&rec->lock);
	doubt = worker->doubt;
	worker->doubt.n = 0;
	pthread_mutex_unlock(&rec->lock);
	return doubt;
}

/* Lock held. */
static char *
find(struct recogniser *rec, const char *page)
{
	for (unsigned i = 0; i < FORGIVEN_MAX; i++)
		if (strcmp(rec->forgiven.page[i], page) == 0)
			return rec->forgiven.page[i];
	return NULL;
}

void
doubt_forget(struct recogniser *rec, const char *page)
{
	char *at = find(rec, page);

	if (at != NULL)
		at[0] = '\0';
}

unsigned
doubt_list(const struct recogniser *rec, const char **ret)
{
	unsigned n = 0;

	for (unsigned i = 0; rec->forgiven.last && i < FORGIVEN_MAX; i++)
		if (rec->forgiven.page[i][0] != '\0')
			ret[n++] = rec->forgiven.page[i];
	return n;
}

/* False: it was already, or so many were that a worker is hardly to blame. */
static bool
forgive(struct recogniser *rec, const char *page)
{
	bool forgiven = false;
	char *free;

	pthread_mutex_lock(&rec->lock);
	rec->forgiven.last = true;
	free = find(rec, page) == NULL ? find(rec, "") : NULL;
	if (free != NULL) {
		memcpy(free, page, ID_TEXT);
		forgiven = true;
	}
	pthread_mutex_unlock(&rec->lock);
	return forgiven;
}

/* Returns whether a page is to be tried again. */
static bool
blame_pages(struct worker *worker, const struct doubt *doubt, bool may_forgive)
{
	struct recogniser *rec = worker->recogniser;
	bool again = false;

	for (unsigned i = 0; i < doubt->n; i++) {
		const char *page = doubt->at[i].page;
		int r = 1;

		if (!may_forgive || !forgive(rec, page))
			r = recognise_blame(
			    rec->store, worker->peer, page, doubt->at[i].further, doubt->at[i].why);
		again |= r > 0;
		if (r != 0)
			continue;
		pthread_mutex_lock(&rec->lock);
		doubt_forget(rec, page);
		pthread_mutex_unlock(&rec->lock);
	}
	return again;
}

static void
start_afresh(struct worker *worker)
{
	struct store *store = worker->recogniser->store;
	const unsigned lives = recogniser_lives(store, worker->peer);

	ocr_kill(store, worker->peer);
	recogniser_await(store, worker->peer, lives);
}

void
doubt_refusal(
    struct worker *worker, const struct catalogue_page *page, bool further, const char *why)
{
	struct recogniser *rec = worker->recogniser;
	struct doubt doubt;
	double rest;

	pthread_mutex_lock(&rec->lock);
	memcpy(worker->doubt.at[worker->doubt.n].page, page->page, ID_TEXT);
	snprintf(worker->doubt.at[worker->doubt.n].why, REASON_TEXT, "%s", why);
	worker->doubt.at[worker->doubt.n++].further = further;
	doubt = worker->doubt;
	pthread_mutex_unlock(&rec->lock);
	if (doubt.n < DOUBT_MAX)
		return;
	rest = pause_begin(&worker->sick, clock_seconds(), 0);
	log_error("recognise: %s refused %u pages in a row: it is started afresh and rests for "
		  "%.0f s",
	    worker->peer, DOUBT_MAX, rest);
	recognise_blame_worker(rec->store, worker->peer);
	blame_pages(worker, &doubt, true);
	start_afresh(worker);
	end_doubt(worker);
	store_announce_change(rec->store);
}

void
doubt_vouch(struct worker *worker)
{
	struct recogniser *rec = worker->recogniser;
	const struct doubt doubt = end_doubt(worker);

	worker->sick = (struct pause){0};
	pthread_mutex_lock(&rec->lock);
	rec->forgiven.last = false;
	pthread_mutex_unlock(&rec->lock);
	blame_pages(worker, &doubt, false);
}

bool
doubt_alone(struct worker *worker)
{
	const struct doubt doubt = end_doubt(worker);

	if (doubt.n > 0 && blame_pages(worker, &doubt, false))
		start_afresh(worker);
	return doubt.n > 0;
}
