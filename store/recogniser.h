/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the recogniser's threads share: recognise.c (who reads what), recognise_jobs.c (urgent
 * work). */
#ifndef FUMIKURA_STORE_RECOGNISER_H
#define FUMIKURA_STORE_RECOGNISER_H

#include "aside.h"
#include "recognise_internal.h"

#define RECENT 8 /* readings that an estimate rests on */

struct worker {
	struct recogniser *recogniser;
	char peer[16];
	char page[ID_TEXT]; /* in hand, or "" */
	bool present;       /* its room is attached; else the thread takes no work */
	unsigned lives;     /* how often it was */
	pthread_t thread;
};

/* What one kind of reading takes, of late. */
struct pace {
	double mean_s;
	unsigned n; /* readings, at most RECENT */
};

struct recogniser {
	struct store *store;
	pthread_mutex_t lock;
	pthread_cond_t finished;
	struct worker worker[RECOGNISE_WORKERS_MAX];
	unsigned n_workers;
	struct ocr_job *head, **tail; /* urgent work */
	struct pace pace[2];          /* first readings, further ones */
	struct pause pause;           /* the disk is full */
	struct aside aside;           /* pages that rest */
};

/* Does one urgent job with this worker; false: there is none. */
bool jobs_run_one(struct worker *worker);
/* Where no worker is there any more, whoever waits for one is told. Lock held. */
void jobs_look(struct recogniser *rec);

#endif
