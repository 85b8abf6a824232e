/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by recognise.c (threads), recognise_page.c (reading), recognise_alto.c (text as corrected)
 * and recognise_make.c (PDF, turned previews). */
#ifndef FUMIKURA_STORE_RECOGNISE_INTERNAL_H
#define FUMIKURA_STORE_RECOGNISE_INTERNAL_H

#include "recognise.h"

/* Urgent work for any worker; embedded in what the job needs. */
struct ocr_job {
	struct ocr_job *next;
	int (*run)(struct store *store, const char *peer,
	    struct ocr_job *job); /* on a worker's thread; may block */
	void (*forget)(
	    struct ocr_job *job); /* frees a job that nobody waits for; NULL when somebody does */
	int result;
	bool done;
};
void ocr_job_submit(struct store *store, struct ocr_job *job);
int ocr_job_wait(struct store *store, struct ocr_job *job);

/* How often the worker's room was attached. */
unsigned recogniser_lives(struct store *store, const char *peer);
/*
 * A worker went away with a page in hand. Returns when a fresh one is there, or when so much time
 * has passed that a box which is being stopped would be gone: that costs no page a try.
 */
void recogniser_await(struct store *store, const char *peer, unsigned lives);

/*
 * Reads one page with one worker and commits what came of it, also when nothing did; 0 when it was
 * read. further: a page that was read before gets further readings for search; what goes wrong then
 * leaves it as it is.
 */
int recognise_page(
    struct store *store, const char *peer, const struct catalogue_page *page, bool further);

/* As recognise_alto(), on the thread of a worker that is at hand. */
int alto_corrected(struct store *store, const char *peer, const struct catalogue_page *page,
    struct refusal *refusal, int *ret_alto);

/* The page's master as a sealed memfd. */
int page_master_memfd(struct store *store, const struct catalogue_page *page, int *ret_fd);
/* Seals one derived object with the page's own key; payload gets {"id","size"} under name. */
int page_put_derived(struct store *store, const struct catalogue_page *page, json_t *payload,
    const char *name, const void *data, size_t n);

#endif
