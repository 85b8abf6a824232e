/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by intake*.c: runs, sealing, Intake1, ends. */
#ifndef FUMIKURA_STORE_INTAKE_INTERNAL_H
#define FUMIKURA_STORE_INTAKE_INTERNAL_H

#include "intake.h"
#include "memfd.h"
#include "pause.h"

struct sealed_page {
	struct sealed_page *next;
	json_t *payload; /* page.add without page and seq */
	char object[OBJECT_ID], page[ID_TEXT];
	unsigned seq;
};

struct run {
	struct run *next;
	struct store *store;
	char job[RUN_JOB_TEXT], peer[RUN_JOB_TEXT + 8], batch[ID_TEXT], file[256];
	bool import, finished, committed, broken;
	bool cancelled, watched; /* somebody wants it ended; somebody waits for that */
	struct actor actor;
	unsigned received; /* pages in order, counted on the main thread */
	unsigned joined;   /* the last page that joined the batch, or failed to */
	unsigned busy;     /* pages being stored */
	struct sealed_page *sealed;
	struct refusal end; /* import: how it ended */
};

/* A run whose end could not be recorded, most likely on a full disk. */
struct unended {
	char batch[ID_TEXT];
	struct actor actor;
	struct refusal why;
};

struct runs {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct run *list;
	unsigned count, counter;

	/* intake_retry.c */
	struct unended unended[RUN_MAX];
	unsigned n_unended;
	struct pause pause;           /* the last try to record one failed */
	pthread_mutex_t retry_lock;   /* held by who takes ends away, before lock */
	sd_event_source *retry_timer; /* the main thread's; on while an end waits */
};

/* The unfinished run of that job and link, held (run_release) so that it cannot vanish; NULL. */
struct run *runs_find(struct runs *runs, const char *peer, const char *job);
/* Seals and, for a scan, commits. Blocks. */
int run_put_page(struct run *run, const struct memview *tiff, unsigned seq, json_t *params,
    struct refusal *refusal, char ret_page[ID_TEXT]);
void sealed_page_free(struct sealed_page *page);
/* In a decide function: makes a sealed page part of its batch: number, id, event. */
int run_add_page(struct txn *txn, struct sealed_page *page, const char *batch);
/* The end of a batch's run without a run: its pages become documents all the same. */
int run_record_end(
    struct store *store, const char *batch, const struct actor *actor, const struct refusal *why);
/* It failed with r: tries it again until it is recorded. */
void run_remember_end(struct store *store, const char *batch, const struct actor *actor,
    const struct refusal *why, int r);
void run_set_end(struct run *run, const char *code, const char *ja, const char *en);

#endif
