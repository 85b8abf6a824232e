/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shared by the files of the keys module only. */
#ifndef FUMIKURA_STORE_KEYS_INTERNAL_H
#define FUMIKURA_STORE_KEYS_INTERNAL_H

#include <pthread.h>

#include "keys.h"

#define KEYS_NAME_MAX 128   /* bytes of "rings/BATCH.age", with NUL */
#define KEYS_CACHE_RINGS 16 /* rings kept open; with their identities at most KEYS_CACHE_TOTAL */
#define KEYS_CACHE_TOTAL (2 * KEYS_RING_MAX)

struct ring {
	char batch[KEYS_NAME_MAX], digest[KEYS_DIGEST];
	struct age_identity *ids; /* secret memory; public is zero until it is first asked for */
	unsigned count;
	uint64_t used; /* clock of the last use; 0: free slot */
};

struct keys {
	int dir;                     /* keys/ */
	struct age_identity *master; /* secret memory */
	uint8_t recipients[2][32];   /* master, recovery */
	pthread_mutex_t ring_lock;
	struct ring rings[KEYS_CACHE_RINGS];
	uint64_t clock;
};

/* Forgets all cached rings. */
void keys_ring_forget(struct keys *keys);

#endif
