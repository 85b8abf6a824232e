/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the recogniser's threads share: recognise.c (who reads what), recognise_jobs.c (urgent
 * work), recognise_doubt.c (whether page or worker is to blame). */
#ifndef FUMIKURA_STORE_RECOGNISER_H
#define FUMIKURA_STORE_RECOGNISER_H

#include "aside.h"
#include "recognise_internal.h"

#define RECENT 8 /* readings that an estimate rests on */

#define DOUBT_MAX 3 /* pages that one process may refuse in a row, until it is to blame */
#define FORGIVEN_MAX 12

/* Pages that a worker refused since it last read one. */
struct doubt {
	struct {
		char page[ID_TEXT], why[REASON_TEXT];
		bool further;
	} at[DOUBT_MAX];
	unsigned n;
};

/* Pages that were refused by a worker which was to blame, once: those of a fresh one count, or bad
 * pages would wait for ever where nothing else is there to judge it by. */
struct forgiven {
	char page[FORGIVEN_MAX][ID_TEXT]; /* "": free */
	bool last; /* they come after all others, until some worker has read one */
};

struct worker {
	struct recogniser *recogniser;
	char peer[16];
	char page[ID_TEXT]; /* in hand, or "" */
	bool present;       /* its room is attached; else the thread takes no work */
	unsigned lives;     /* how often it was */
	struct doubt doubt;
	struct pause sick; /* it refused one page after the other */
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
	struct forgiven forgiven;
};

/* It refused a page. Refusing too many in a row it is to blame: it is started afresh and rests,
 * longer each time. The pages are forgiven, once each. */
void doubt_refusal(
    struct worker *worker, const struct catalogue_page *page, bool further, const char *why);
/* It has read something else rightly: those it refused before are to blame. */
void doubt_vouch(struct worker *worker);
/* Nothing else is there to judge it by: the pages are tried once more, by a fresh one. False: it
 * refused none. */
bool doubt_alone(struct worker *worker);

/* It was read, or given up. Lock held. */
void doubt_forget(struct recogniser *rec, const char *page);
/* Those that come last just now, at most FORGIVEN_MAX; valid while the lock is held. Returns how
 * many. */
unsigned doubt_list(const struct recogniser *rec, const char **ret);

/* Does one urgent job with this worker; false: there is none. */
bool jobs_run_one(struct worker *worker);
/* Where no worker is there any more, whoever waits for one is told. Lock held. */
void jobs_look(struct recogniser *rec);

#endif
