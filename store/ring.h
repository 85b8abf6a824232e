/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fresh page keys of a batch: opens its ring file, hands out identities one by one, refills before
 * it is empty (architecture §2.1, §3). */
#ifndef FUMIKURA_STORE_RING_H
#define FUMIKURA_STORE_RING_H

#include "store.h"

struct ring_key {
	unsigned index;
	uint8_t recipient[32];
};

/*
 * Opens a new batch: stages its ring, commits batch.open (and, when run is not NULL, batch.run),
 * settles. payload: members of batch.open without batch and ring; run: members of batch.run without
 * batch. Both are taken. Blocks.
 */
int ring_open_batch(struct store *store, const struct actor *actor, struct refusal *refusal,
    json_t *payload, json_t *run, char ret_batch[ID_TEXT]);
/* The next unused key. An index is never handed out twice while this process lives; one that no
 * event used is free again after a restart. Blocks. */
int ring_next_key(struct store *store, const char *batch, struct ring_key *ret);
/* The public key of a page's or document's identity, for its derived objects. */
int ring_recipient(struct store *store, const char *batch, unsigned index, uint8_t ret_public[32]);

#endif
