/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading connections and the change count: what threads wait on. */
#include <errno.h>
#include <time.h>

#include "log.h"
#include "store.h"

struct catalogue *
store_reader_take(struct store *store)
{
	struct catalogue *cat = NULL;
	int slot = -1, r;

	pthread_mutex_lock(&store->reader_lock);
	while (slot < 0) {
		for (int i = 0; i < STORE_READERS && slot < 0 && !store->reader_closed; i++)
			if (!store->reader_lent[i])
				slot = i;
		if (slot < 0)
			pthread_cond_wait(&store->reader_free, &store->reader_lock);
	}
	store->reader_lent[slot] = true;
	if (store->reader[slot] == NULL) {
		r = catalogue_open(store->catalogue_path, 'r', NULL, &store->reader[slot]);
		if (r < 0) {
			log_errno(r, "catalogue: cannot open for reading");
			store->reader_lent[slot] = false;
			pthread_cond_broadcast(&store->reader_free);
		}
	}
	cat = store->reader[slot];
	pthread_mutex_unlock(&store->reader_lock);
	return cat;
}

void
store_reader_give(struct store *store, struct catalogue *cat)
{
	pthread_mutex_lock(&store->reader_lock);
	for (int i = 0; i < STORE_READERS; i++)
		if (store->reader[i] == cat)
			store->reader_lent[i] = false;
	pthread_cond_broadcast(&store->reader_free);
	pthread_mutex_unlock(&store->reader_lock);
}

void
store_reader_close(struct store *store)
{
	pthread_mutex_lock(&store->reader_lock);
	store->reader_closed = true;
	for (int i = 0; i < STORE_READERS; i++) {
		while (store->reader_lent[i])
			pthread_cond_wait(&store->reader_free, &store->reader_lock);
		catalogue_free(store->reader[i]);
		store->reader[i] = NULL;
	}
	pthread_mutex_unlock(&store->reader_lock);
}

void
store_reader_open(struct store *store)
{
	pthread_mutex_lock(&store->reader_lock);
	store->reader_closed = false;
	pthread_cond_broadcast(&store->reader_free);
	pthread_mutex_unlock(&store->reader_lock);
}

struct loan
loan_start(struct store *store)
{
	return (struct loan){store, store_reader_take(store)};
}

void
loan_end(struct loan *loan)
{
	if (loan->cat != NULL)
		store_reader_give(loan->store, loan->cat);
	loan->cat = NULL;
}

uint64_t
store_changes(struct store *store)
{
	uint64_t n;

	pthread_mutex_lock(&store->change_lock);
	n = store->changes;
	pthread_mutex_unlock(&store->change_lock);
	return n;
}

uint64_t
store_wait_change(struct store *store, uint64_t seen, unsigned timeout_ms)
{
	struct timespec until;
	uint64_t n;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_sec += timeout_ms / 1000;
	until.tv_nsec += (long)(timeout_ms % 1000) * 1000000;
	if (until.tv_nsec >= 1000000000) {
		until.tv_sec++;
		until.tv_nsec -= 1000000000;
	}
	pthread_mutex_lock(&store->change_lock);
	while (store->changes == seen)
		if (pthread_cond_timedwait(&store->changed, &store->change_lock, &until) ==
		    ETIMEDOUT)
			break;
	n = store->changes;
	pthread_mutex_unlock(&store->change_lock);
	return n;
}

void
store_announce_change(void *arg)
{
	struct store *store = arg;

	pthread_mutex_lock(&store->change_lock);
	store->changes++;
	pthread_cond_broadcast(&store->changed);
	pthread_mutex_unlock(&store->change_lock);
}
