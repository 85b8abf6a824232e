/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A worker goes on after it refused a page. Is the page to blame, or has this process come to
 * refuse whatever it is given? What it does with other pages tells: until then nobody else is given
 * the page, and nothing is recorded of it.
 */
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

/* Returns whether a page is to be tried again. */
static bool
blame_pages(struct worker *worker, const struct doubt *doubt)
{
	bool again = false;

	for (unsigned i = 0; i < doubt->n; i++)
		again |= recognise_blame(worker->recogniser->store, worker->peer, doubt->at[i].page,
			     doubt->at[i].further, doubt->at[i].why) > 0;
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
	double rest;
	bool sick;

	pthread_mutex_lock(&rec->lock);
	memcpy(worker->doubt.at[worker->doubt.n].page, page->page, ID_TEXT);
	snprintf(worker->doubt.at[worker->doubt.n].why, REASON_TEXT, "%s", why);
	worker->doubt.at[worker->doubt.n++].further = further;
	sick = worker->doubt.n == DOUBT_MAX;
	pthread_mutex_unlock(&rec->lock);
	if (!sick)
		return;
	rest = pause_begin(&worker->sick, clock_seconds(), 0);
	log_error("recognise: %s refused %u pages in a row, so it is to blame and not they: it "
		  "is started afresh and rests for %.0f s",
	    worker->peer, DOUBT_MAX, rest);
	recognise_blame_worker(rec->store, worker->peer);
	start_afresh(worker);
	end_doubt(worker);
	store_announce_change(rec->store);
}

void
doubt_vouch(struct worker *worker)
{
	const struct doubt doubt = end_doubt(worker);

	worker->sick = (struct pause){0};
	blame_pages(worker, &doubt);
}

bool
doubt_alone(struct worker *worker)
{
	const struct doubt doubt = end_doubt(worker);

	if (doubt.n > 0 && blame_pages(worker, &doubt))
		start_afresh(worker);
	return doubt.n > 0;
}
