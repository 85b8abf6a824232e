/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Pages on their way in. A run is one feed of a scanner or one imported file. For a scan each page
 * is acknowledged by itself: object, event, then the answer (G91-07, architecture §2). For an
 * import the file is the unit: its pages are sealed as they come and become visible together when
 * the whole file was good, so a damaged file leaves nothing half visible.
 */
#ifndef FUMIKURA_STORE_INTAKE_H
#define FUMIKURA_STORE_INTAKE_H

#include <systemd/sd-bus.h>

#include "store.h"

#define RUN_MAX 64         /* runs at once */
#define RUN_JOB_TEXT 40    /* "B000001-1" */
#define RUN_MAX_PAGES 2000 /* of one run */

struct runs;
struct run;

int runs_new(struct store *store, struct runs **ret);

/*
 * A new run in batch, delivered by the link "scanner" or "import/JOB". -EBUSY: a scan is under way.
 * A scan is returned held: its starter lets go with run_release(), or ends it (run_claim,
 * run_release, run_finish_scan). An import belongs to its starter until run_end().
 */
int run_begin(struct store *store, const char *batch, const struct actor *actor, bool import,
    const char *file, struct run **ret);
const char *run_job(const struct run *run);
/*
 * Waits until Finish came (or the peer died, or timeout_s passed: then fallback_code). Fills
 * refusal when its code is not "ok". Imports only. ret_pages: sealed pages, committed by
 * run_commit_import.
 */
int run_wait(struct run *run, unsigned timeout_s, struct refusal *refusal);
/* Commits an import's pages and its document in one step. */
int run_commit_import(
    struct run *run, struct refusal *refusal, char ret_document[ID_TEXT], unsigned *ret_pages);
/* Ends an import run and forgets it; sealed pages that were not committed are removed. */
void run_end(struct run *run);

/*
 * Asks the scanner to end the batch's scan; no error when none is running. A scanner that does not
 * take the call is restarted at once, one that takes it and has not ended the scan after
 * store.cancel_timeout_s then: the run ends with it, its acknowledged pages stay. Blocks.
 * intake_cancel.c
 */
int intake_cancel(struct store *store, const char *batch, struct refusal *refusal);

/* The job of a batch's running scan; batch "" is any. */
bool runs_scanning(struct store *store, const char *batch, char ret_job[RUN_JOB_TEXT]);
void run_release(struct run *run);
/* True for the one who may end the run; the caller holds it. A claimed run takes no more pages. */
bool run_claim(struct run *run);
/*
 * Lets go of a scan that another has claimed, and waits, timeout_s at most, until it lets the next
 * one in: NULL. The run, held and claimed, when its claimer could not end it.
 */
struct run *run_take_over(struct run *run, unsigned timeout_s);
/* The claimer could not end it after all. */
void run_unclaim(struct run *run);
/* A claimed scan that nobody of ours holds: one that was finished, could not start, or whose
 * scanner died: ends it in the log as code. Blocks. */
int run_finish_scan(struct run *run, const char *code, const char *ja, const char *en);

/* Main thread: Intake1 on a link of scanner or import; and the end of such a link. */
int intake_attach(struct store *store, const char *peer, sd_bus *bus, sd_bus_slot **ret);
void intake_lost(struct store *store, const char *peer);
/* Ends a batch's run in the log that never began to deliver: opened, but then there was no place
 * for it. Blocks. */
void intake_end_unbegun(
    struct store *store, const char *batch, const struct actor *actor, const struct refusal *why);
/*
 * Tries at once to record ends that could not be recorded when they came (full disk), for one who
 * is about to need it; by themselves they are tried again as pause.h says. Blocks while there are
 * any, also when another tries them just now. intake_retry.c
 */
void intake_retry_ends(struct store *store);
/* At start: batches whose run never ended are ended as "interrupted". Blocks. */
int intake_recover(struct store *store);

#endif
