/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by recognise.c and recognise_jobs.c (threads), recognise_page.c (reading),
 * recognise_alto.c (text as corrected) and recognise_make.c (PDF, turned previews). */
#ifndef FUMIKURA_STORE_RECOGNISE_INTERNAL_H
#define FUMIKURA_STORE_RECOGNISE_INTERNAL_H

#include "peer.h"
#include "recognise.h"

/* Urgent work for any worker; embedded in what the job needs. Whoever waits for it gives it a time
 * (clock_seconds): nobody waits longer, whatever the workers do. */
struct ocr_job {
	double until;
	struct ocr_job *next;
	int (*run)(struct store *store, const char *peer,
	    struct ocr_job *job); /* on a worker's thread; may block for ocr_job_left() */
	void (*forget)(
	    struct ocr_job *job); /* frees a job that nobody waits for; NULL when somebody does */
	int result;
	bool done;
};
void ocr_job_submit(struct store *store, struct ocr_job *job);
/* What run returned, or -EBUSY: the time was over before a worker was free. -ENOTCONN, -ETIMEDOUT:
 * the worker died, or was killed because it was not ready in time. */
int ocr_job_wait(struct store *store, struct ocr_job *job);
/* Seconds that are left, at most `most`, at least 1. */
unsigned ocr_job_left(const struct ocr_job *job, unsigned most);
/* Why somebody gets no file: a refusal for what ocr_job_wait() says of the workers. */
int ocr_job_refuse(struct refusal *refusal, int r);
/* As peer_call(), to a worker; one that is not ready in time is killed, so that it keeps nobody
 * else waiting. */
int ocr_call(struct store *store, const struct peer_call *call, struct refusal *refusal);
/* fumikurad starts a fresh one. */
void ocr_kill(struct store *store, const char *peer);

/* How often the worker's room was attached. */
unsigned recogniser_lives(struct store *store, const char *peer);
/*
 * A worker went away with a page in hand. Returns when a fresh one is there, or when so much time
 * has passed that a box which is being stopped would be gone: that costs no page a try.
 */
void recogniser_await(struct store *store, const char *peer, unsigned lives);

#define REASON_TEXT 32

/*
 * Reads one page with one worker and commits what came of it, also when nothing did; 0 when it was
 * read. further: a page that was read before gets further readings for search; what goes wrong then
 * leaves it as it is. ret_why: "", or why a worker that goes on refused the page or answered
 * nonsense: nothing is committed then, as either may be to blame.
 */
int recognise_page(struct store *store, const char *peer, const struct catalogue_page *page,
    bool further, char ret_why[REASON_TEXT]);
/* The page is to blame: records that, and gives it up when that was often enough. 0: so it is; 1:
 * it is tried again. */
int recognise_blame(
    struct store *store, const char *peer, const char *page, bool further, const char *why);
/* The worker is: records that, without a page. */
void recognise_blame_worker(struct store *store, const char *peer);
/* Whether it failed with r for what store itself lacks just now, or its disk: that costs the page
 * no try. */
bool recognise_lacks(int r);

/* As recognise_alto(), on the thread of a worker that is at hand, for a job that may take until
 * then.
 */
int alto_corrected(struct store *store, const char *peer, const struct catalogue_page *page,
    double until, struct refusal *refusal, int *ret_alto);

/* The page's master as a sealed memfd. */
int page_master_memfd(struct store *store, const struct catalogue_page *page, int *ret_fd);
/* Seals one derived object with the page's own key; payload gets {"id","size"} under name. */
int page_put_derived(struct store *store, const struct catalogue_page *page, json_t *payload,
    const char *name, const void *data, size_t n);

#endif
