/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * A start whose catalogue lacks what the log holds, or cannot be opened, on a disk that has no
 * space for it. The box is there all the same, and refuses every call with the reason: what an
 * older catalogue says of people and pages no longer holds. Once the catalogue could take it, store
 * ends, to be started again by fumikurad with everything in order.
 */
#ifndef FUMIKURA_STORE_FULL_H
#define FUMIKURA_STORE_FULL_H

#include "refusal.h"
#include "store.h"

/* Instead of a start, after store_open() failed with -ENOSPC: sets store->waiting and tries until
 * there is space. Needs store->loop. */
int full_begin(struct store *store);
/* What each call is told meanwhile. */
int full_refuse(struct refusal *refusal);

#endif
