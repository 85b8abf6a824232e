/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What `fumikura verify` proves about records: every page's bytes, every signature, every
 * timestamp, and that the record shown is the record signed (G71-01, G71-06). */
#ifndef FUMIKURA_STORE_VERIFY_H
#define FUMIKURA_STORE_VERIFY_H

#include "fault.h"
#include "store.h"

struct verified {
	unsigned documents, pages, signatures, timestamps, objects;
	uint64_t events;
};

/* One document in any state; damage is added to faults. Negative only when nothing could be checked
 * (-ENOENT). Blocks. */
int verify_document(
    struct store *store, const char *document, struct verified *count, struct faults *faults);
/* The log itself: frames, tree, kept checkpoint. Writers wait while it runs. */
int verify_log(struct store *store, struct verified *count, struct faults *faults);

#endif
