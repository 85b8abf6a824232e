/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Work for the ocr rooms: one thread for each worker, which takes what is urgent first (composing a
 * PDF that somebody waits for, turning a preview), then pages to recognise, then, when ocr.effort
 * is idle and no page waits for its first reading, pages to read further for search: whoever comes
 * then waits for one page of each worker at most. A page that kills or hangs a worker is tried once
 * more in a fresh one, then marked unreadable, or keeps what it has; nothing else is affected. So
 * is one that a worker refuses which reads another rightly after it, or, where no other waits, that
 * a fresh worker refuses as well; a worker that refuses one page after the other is itself to
 * blame, until two fresh ones have refused the same pages. One that store itself cannot hand out or keep just now rests (aside.h). The queues
 * themselves are in the catalogue.
 */
#ifndef FUMIKURA_STORE_RECOGNISE_H
#define FUMIKURA_STORE_RECOGNISE_H

#include "refusal.h"
#include "store.h"

#define RECOGNISE_WORKERS_MAX 64 /* as supervisor.ocr_workers allows */
#define RECOGNISE_ATTEMPTS 2

struct recogniser;

int recogniser_new(struct store *store, struct recogniser **ret);
/* Main thread: worker "ocr/N" is there (again): starts its thread the first time. */
int recogniser_attach(struct store *store, const char *peer);
/* Main thread: it is gone. Its thread takes no work until it is back; when it was the last, whoever
 * waits for a PDF is told. */
void recogniser_detach(struct store *store, const char *peer);

/*
 * queue: of status. further becomes 0 when ocr.effort is not idle. Adds recognition_s, the seconds
 * until all first readings are likely done, and further_s, until everything is: from the time that
 * recent pages took and the workers that are there; left out while nothing is known, and while
 * reading rests. Returns whether it rests: the disk was full when last something was to be kept.
 */
bool recogniser_estimate(struct store *store, json_t *queue);

/* A reading, or the end of a scan, could not be kept for want of space: no page is read until
 * pause.h says so. */
void recogniser_disk_full(struct store *store);
/* Something was kept: if reading rests because the disk was full, it goes on. */
void recogniser_disk_takes(struct store *store);

/* Makes the derivatives of a page again after somebody turned it; done in the background. One that
 * ends its worker is tried once more, in a fresh one. */
void recognise_turn(struct store *store, const char *page);
/* At start: those that were to be made when store stopped. */
int recognise_recover(struct store *store);

/* A box to black out: page by index, pixels of the upright page before a person's rotation. */
struct redaction {
	uint32_t page, x, y, w, h;
};

struct composition {
	const char *title, *created;
	double until; /* when whoever asked has gone (clock_seconds) */
	const struct redaction *redactions;
	size_t n_redactions;
};

/* The page's ALTO with people's corrections laid over it; blocks, for STORE_ALTO_S at most.
 * ret_alto: sealed memfd (caller owns), empty for a page that was not read. */
int recognise_alto(
    struct store *store, const struct catalogue_page *page, struct refusal *refusal, int *ret_alto);
/* A searchable PDF of a document's pages; blocks, until wanted->until at most. ret_pdf: sealed
 * memfd (caller owns). */
int recognise_compose(struct store *store, const struct catalogue_page *pages, size_t n,
    const struct composition *wanted, struct refusal *refusal, int *ret_pdf);

#endif
